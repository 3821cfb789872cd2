"""Tables that were filled row by row: as wide as the paper allows, folded where it does not, nothing left out.

Up to eight columns stand on an upright page, more on one laid across. Where even that is too narrow, every row takes
two lines of cells or more. What is too long for a cell, and a table inside the table, stands below its row.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeVar

from safetyapp.documents import answers
from safetyapp.documents.breaking import pieces
from safetyapp.documents.entries import Entry, Filled
from safetyapp.documents.flow import LINE, Cell, Column, Flow, TableLook, inlay, set_cell
from safetyapp.documents.fonts import FontRole, glyphs, printable
from safetyapp.documents.sheet import picture_size
from safetyapp.documents.signs import draw_sign, sign_for
from safetyapp.documents.typeset import Align, Line, Run, break_lines, set_line
from safetyapp.documents.wording import say
from safetyapp.domain.answer_kinds import AnswerKind, Outcome
from safetyapp.domain.form import Item, ItemId
from safetyapp.domain.inspection import Sha256
from safetyapp.domain.problem import Problem

T = TypeVar("T")

MOST_UPRIGHT = 8
"""Columns of a table that stands on an upright page."""

_LOOK = TableLook(size=8.4, leading=10.8, pad_x=3.4, pad_y=1.6, head=FontRole.HEI)
_WIDE_LOOK = TableLook(size=7.6, leading=10.0, pad_x=2.8, pad_y=1.8, head=FontRole.HEI)
_NUMBER, _MARKED = 20.0, 31.0
"""The width of the first column, and where a sign stands in it."""

_TALLEST_CELL, _TALLEST_HEAD = 7, 5
"""Lines; what is longer stands below the row, or before the table."""

_MOST_FOLDS = 10
"""Lines of cells of a row; a table that would need more (hundreds of columns) is written out in words."""

_WIDEST_WORD, _WIDEST_WISH = 54.0, 190.0


@dataclass(frozen=True, slots=True)
class _Head:
    """A column: its item, the words of its head, its width in points."""

    item: Item
    title: str
    width: float = 0.0


@dataclass(frozen=True, slots=True)
class _Row:
    """A row as it is set: a line of cells for every fold, what stands below, how bad it is."""

    name: str
    folds: tuple[tuple[Cell, ...], ...]
    below: tuple[Line, ...]
    entries: tuple[Entry, ...]


def is_wide(table: Item) -> bool:
    """Whether a table needs a page laid across."""
    return sum(1 for _ in _shown_columns(table.items)) > MOST_UPRIGHT


def draw_table(flow: Flow, filled: Filled, entry: Entry, *, title: str = "") -> None:
    """The table with its title; what comes after it stands on an upright page again."""
    flow.wide = is_wide(entry.item)
    look = _WIDE_LOOK if flow.wide else _LOOK
    _draw_title(flow, title or answers.question(filled, entry.item, entry.rows), look)
    rows = [filled.row(entry.item, (*entry.rows, row)) for row in entry.row_ids]
    if not any(_shown_columns(entry.item.items)) or not rows:
        said = say("table.no_rows") if not rows else answers.value(filled, entry)
        flow.lines([set_line(said, look.size)], look.leading, flow.left + 2 * look.size)
    else:
        _Table(flow, filled, entry, rows, look).draw()
    flow.y += 3
    flow.wide = False


def _draw_title(flow: Flow, title: str, look: TableLook) -> None:
    lines = break_lines([Run(title, FontRole.HEI)], flow.width, look.size + 1.2, align=Align.LEFT)
    flow.need(min(len(lines), 20) * (look.leading + 2) + 5 * look.leading + 24)
    flow.y += 6
    flow.lines(lines, look.leading + 2)
    flow.y += 2


def _shown_columns(items: Sequence[Item]) -> Iterator[Item]:
    """The columns that are printed: members of groups for themselves, tables below the rows, notes not at all."""
    for item in items:
        if item.answer.kind is AnswerKind.GROUP:
            yield from _shown_columns(item.items)
        elif item.answer.kind not in (AnswerKind.TABLE, AnswerKind.NOTE):
            yield item


class _Table:
    def __init__(
        self, flow: Flow, filled: Filled, entry: Entry, rows: Sequence[tuple[Entry, ...]], look: TableLook
    ) -> None:
        self.flow = flow
        self.filled = filled
        self.look = look
        self.entry = entry
        self.rows = rows
        self.texts = [{e.item.id: answers.in_cell(filled, e) for e in row} for row in rows]
        marked = any(e.outcome is Outcome.FAIL or e.kind is AnswerKind.TABLE for row in rows for e in row)
        self.first = _MARKED if marked else _NUMBER
        self.room = flow.width - self.first
        heads = [_Head(item, self._title(item)) for item in _shown_columns(entry.item.items)]
        self.folds = self._fold(heads)

    def _title(self, item: Item) -> str:
        unit = answers.words(item.answer.unit)
        title = answers.question(self.filled, item, (*self.entry.rows, ""))
        return say("table.with_unit", title=title, unit=unit) if unit else title

    # the widths of columns

    def _fold(self, heads: list[_Head]) -> list[list[_Head]]:
        """The columns in as few lines as give each of them the width it needs."""
        least = [self._least(head) for head in heads]
        count = 1
        while count < len(heads) and any(sum(part) > self.room for part in _parts(least, count)):
            count += 1
        wishes = [max(low, self._wish(head)) for head, low in zip(heads, least, strict=True)]
        folds = zip(_parts(heads, count), _parts(least, count), _parts(wishes, count), strict=True)
        return [_widened(part, low, wish, self.room) for part, low, wish in folds if part]

    def _least(self, head: _Head) -> float:
        """The longest word of the column, as far as it may not be broken, and no less than two characters."""
        texts = {row.get(head.item.id, "") for row in self.texts}
        longest = max((_word_width(text) for text in (head.title, *texts)), default=0.0)
        return max(2.1, min(longest, _WIDEST_WORD / self.look.size)) * self.look.size + 2 * self.look.pad_x + 0.5

    def _wish(self, head: _Head) -> float:
        texts = {row.get(head.item.id, "") for row in self.texts}
        widest = max((_width(text) for text in texts), default=0.0)
        if head.item.answer.kind is AnswerKind.SIGNATURE:
            widest = 5.0
        wish = max(widest, min(_width(head.title), 3.2)) + 0.2
        return min(wish * self.look.size + 2 * self.look.pad_x + 1, _WIDEST_WISH)

    # rows

    def draw(self) -> None:
        flow, look = self.flow, self.look
        if len(self.folds) > _MOST_FOLDS:
            flow.lines(self._nested(self.entry, 1), look.leading)
            return
        heads, notes = self._heads()
        if notes:
            flow.lines(notes, look.leading)
            flow.y += 2
        tall = sum(_height(fold, look) for fold in heads)
        top = self._draw_head(heads, tall)
        for number, (entries, texts) in enumerate(zip(self.rows, self.texts, strict=True), 1):
            row = self._set(str(number), entries, texts)
            height = sum(_height(fold, look) for fold in row.folds)
            whole = height + (len(row.below) * look.leading + 2 * look.pad_y if row.below else 0.0)
            page = flow.bottom - 86.0 - tall
            if min(whole, page, height + 3 * look.leading) > flow.room or (whole > flow.room and whole < page / 3):
                self._close(top)
                flow.turn()
                top = self._draw_head(heads, tall)
            self._draw_row(row, height)
            top = self._draw_below(row, heads, tall, top)
        self._close(top)

    def _heads(self) -> tuple[list[tuple[Cell, ...]], list[Line]]:
        """The head's cells, fold by fold, and the full words of those too long to stand there."""
        look, notes, heads = self.look, [], []
        for fold in self.folds:
            cells: list[Cell] = []
            for head in fold:
                column = Column("", head.width, Align.LEFT)
                cell = set_cell(head.title, column, look, look.head)
                if len(cell) > max(1, min(_TALLEST_HEAD, 12 // len(self.folds))):
                    name = say("table.column", n=1 + [h.item.id for f in self.folds for h in f].index(head.item.id))
                    cell = set_cell(name, column, look, look.head)
                    notes += break_lines([Run(name + say("colon"), look.head), Run(head.title)], self.flow.width,
                                         look.size, hang=2 * look.size)  # fmt: skip
                cells.append(cell)
            heads.append(tuple(cells))
        return heads, notes

    def _set(self, name: str, entries: tuple[Entry, ...], texts: Mapping[ItemId, str]) -> _Row:
        look = self.look
        found = {e.item.id: e for e in entries}
        below: list[Line] = []
        folds = []
        for fold in self.folds:
            cells: list[Cell] = []
            for head in fold:
                entry = found[head.item.id]
                cell = self._cell(entry, texts[head.item.id], head)
                if len(cell) > max(2, min(_TALLEST_CELL, 16 // len(self.folds))):
                    below += self._told(head.title, texts[head.item.id])
                    cell = set_cell(say("table.below"), Column("", head.width, Align.LEFT), look)
                cells.append(cell)
            folds.append(tuple(cells))
        for entry in entries:
            if entry.kind is AnswerKind.TABLE and entry.skip is None and entry.row_ids:
                below += self._nested(entry, 1)
        return _Row(name, tuple(folds), tuple(below), entries)

    def _cell(self, entry: Entry, text: str, head: _Head) -> Cell:
        role = FontRole.HEI if entry.outcome is Outcome.FAIL else FontRole.SONG
        if entry.kind is AnswerKind.SIGNATURE and entry.answer and entry.outcome is not Outcome.NA:
            data = signature(self.filled, entry)
            if data is not None:
                return inlay(data, picture_size(data), head.width - 2 * self.look.pad_x, 2, self.look)
        return set_cell(text, Column("", head.width, Align.LEFT), self.look, role) if text else []

    def _told(self, title: str, text: str, indent: float = 0.0, role: FontRole = FontRole.SONG) -> list[Line]:
        look = self.look
        return break_lines(
            [Run(title + say("colon"), FontRole.SANS), Run(text, role)],
            self.flow.width - 2 * look.pad_x - 8,
            look.size,
            indent=indent,
            hang=indent + 1.5 * look.size,
            align=Align.LEFT,
        )

    def _nested(self, entry: Entry, depth: int) -> list[Line]:
        """A table inside the table: a line of words for every row."""
        filled, indent = self.filled, depth * 1.2 * self.look.size
        title = answers.question(filled, entry.item, entry.rows)
        lines = self._told(title, answers.value(filled, entry), indent - self.look.size * 1.2)
        for number, row in enumerate(entry.row_ids, 1):
            inside = filled.row(entry.item, (*entry.rows, row))
            parts = []
            for one in inside:
                text = answers.in_cell(filled, one) if one.kind is not AnswerKind.TABLE else ""
                if text:
                    parts.append(say("table.pair", title=self._title(one.item), value=text))
            failed = any(one.outcome is Outcome.FAIL for one in inside)
            lines += self._told(say("table.row", n=number), say("list").join(parts) or say("empty"), indent,
                                FontRole.HEI if failed else FontRole.SONG)  # fmt: skip
            for one in inside:
                if one.kind is AnswerKind.TABLE and one.skip is None and one.row_ids:
                    lines += self._nested(one, depth + 1)
        return lines

    # drawing

    def _draw_head(self, heads: Sequence[tuple[Cell, ...]], tall: float) -> float:
        flow, look = self.flow, self.look
        flow.need(tall + 2 * look.leading + 2 * look.pad_y)
        top = flow.y
        flow.sheets.filled(flow.left, top, flow.width, tall, 0.93)
        flow.sheets.rule(flow.left, top, flow.right, top, LINE)
        flow.cell([set_line(say("table.number"), look.size, look.head)], flow.left + look.pad_x, top, tall, look)
        self._draw_folds(heads, tall)
        return top

    def _draw_folds(self, folds: Sequence[tuple[Cell, ...]], tall: float) -> None:
        """The lines of cells of one row; a thin rule between them, a full one below."""
        flow, look = self.flow, self.look
        top = flow.y
        for number, (fold, cells) in enumerate(zip(self.folds, folds, strict=True)):
            height = _height(cells, look)
            x = flow.left + self.first
            for head, cell in zip(fold, cells, strict=True):
                flow.sheets.rule(x, flow.y, x, flow.y + height, 0.4)
                flow.cell(cell, x + look.pad_x, flow.y, height, look)
                x += head.width
            flow.y += height
            if number < len(folds) - 1:
                flow.sheets.rule(flow.left + self.first, flow.y, flow.right, flow.y, 0.3, 0.6)
        if not folds:
            flow.y = top + tall
        flow.sheets.rule(flow.left, flow.y, flow.right, flow.y, 0.4)

    def _draw_row(self, row: _Row, height: float) -> None:
        flow, look = self.flow, self.look
        worst, level = self.filled.worst_of(row.entries)
        height = height or look.leading + 2 * look.pad_y
        flow.cell([set_line(row.name, look.size)], flow.left + look.pad_x, flow.y, height, look)
        if worst is Outcome.FAIL:
            sign = sign_for(worst, level)
            side = look.size * 0.95
            at = flow.left + self.first - side - 2.5
            draw_sign(flow.sheets, sign, at, flow.y + (height - side) / 2, side)
        self._draw_folds(row.folds, height)

    def _draw_below(self, row: _Row, heads: Sequence[tuple[Cell, ...]], tall: float, top: float) -> float:
        """What stands below the row, over as many pages as it takes; where the frame of the last page begins."""
        flow, look = self.flow, self.look
        if not row.below:
            return top
        flow.y += look.pad_y
        for line in row.below:
            if look.leading + look.pad_y > flow.room:
                self._close(top)
                flow.turn()
                top = self._draw_head(heads, tall)
                flow.y += look.pad_y
            flow.cell([line], flow.left + look.pad_x + 8, flow.y, look.leading, look)
            flow.y += look.leading
        flow.y += look.pad_y
        flow.sheets.rule(flow.left, flow.y, flow.right, flow.y, 0.4)
        return top

    def _close(self, top: float) -> None:
        flow = self.flow
        for x in (flow.left, flow.right):
            flow.sheets.rule(x, top, x, flow.y, LINE)
        flow.sheets.rule(flow.left, flow.y, flow.right, flow.y, LINE)


def _parts(values: Sequence[T], count: int) -> list[list[T]]:
    """In `count` lists of nearly the same length."""
    edges = [round(len(values) * n / count) for n in range(count + 1)]
    return [list(values[a:b]) for a, b in pairwise(edges)]


def _widened(heads: list[_Head], least: list[float], wishes: list[float], room: float) -> list[_Head]:
    """Widths that fill the room: the least of each, then what it wishes, then evenly more."""
    if sum(least) > room:  # a single column that wants more than the paper has
        least = [low * room / sum(least) for low in least]
        wishes = least
    spare = room - sum(least)
    wanted = sum(w - low for w, low in zip(wishes, least, strict=True))
    share = min(1.0, spare / wanted) if wanted > 0 else 1.0
    widths = [low + (wish - low) * share for low, wish in zip(least, wishes, strict=True)]
    more = (room - sum(widths)) / sum(widths)
    return [_Head(h.item, h.title, w * (1 + more)) for h, w in zip(heads, widths, strict=True)]


def _height(cells: Sequence[Cell], look: TableLook) -> float:
    return max(1, *(len(cell) for cell in cells), 1) * look.leading + 2 * look.pad_y


def _width(text: str) -> float:
    """The width of the longest line, in ems."""
    known = glyphs(FontRole.SONG)
    return max(sum(known[c].width for c in line) for line in printable(text[:400]).split("\n"))


def _word_width(text: str) -> float:
    """The longest run that a line is not broken in, in ems."""
    known = glyphs(FontRole.SONG)
    return max((sum(known[c].width for c in piece) for piece in pieces(printable(text[:2000]))), default=0.0)


def signature(filled: Filled, entry: Entry) -> bytes | None:
    """The picture of a signature that answers an item; None when there is none that opens."""
    if entry.answer is None:
        return None
    path = filled.files.get(Sha256(entry.answer.value.partition("/")[0]))
    try:
        data = path.read_bytes() if path else None
        if data is not None:
            picture_size(data)
    except (OSError, Problem):
        return None
    return data
