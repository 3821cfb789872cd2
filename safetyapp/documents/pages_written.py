"""What was written down, for forms that record more than they judge: surveys, the record of a drill.

A frame with the sections at the left and their questions in eight tracks beside them; an answer takes as many tracks as
it needs, a long one as many lines and pages. Tables with few columns stand between the frames.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from safetyapp.documents import answers
from safetyapp.documents.entries import Entry, Filled
from safetyapp.documents.flow import LINE, Cell, Flow, TableLook, inlay
from safetyapp.documents.fonts import FontRole
from safetyapp.documents.pages_tables import draw_table, is_wide, signature
from safetyapp.documents.sheet import picture_size
from safetyapp.documents.typeset import Align, Line, Run, balanced, break_lines
from safetyapp.documents.wording import say
from safetyapp.domain.answer_kinds import AnswerKind, Outcome
from safetyapp.domain.places import Skip

_LOOK = TableLook(size=8.4, leading=10.8, pad_x=3.6, pad_y=1.5)
_TITLE_WIDTH = 56.0
_TRACKS = 8
_TALLEST_TITLE = 5
"""Lines; a section's longer title stands above its frame."""


@dataclass(frozen=True, slots=True)
class _Field:
    """A question with its answer, as long as they are; `tracks` of the width."""

    runs: tuple[Run, ...]
    tracks: int
    picture: bytes | None = None


def draw_written(flow: Flow, filled: Filled) -> list[Entry]:
    """All sections. Returns the tables that need a page laid across, in order; they are named here as 附表."""
    wide: list[Entry] = []
    closed: dict[Skip, list[str]] = {}
    for section in filled.form.sections:
        entries = filled.section(section)
        title = answers.words(section.title) or section.id
        asked = [e for e in entries if e.kind.is_asked]
        skips = {e.skip for e in asked}
        if asked and None not in skips:
            why = Skip.CONDITION if Skip.CONDITION in skips else Skip.SCHOOL
            closed.setdefault(why, []).append(say("written.closed", title=title, n=len(asked)))
        elif entries:
            _Section(flow, filled, title, wide).draw(entries)
    for skip, titles in closed.items():
        label = say("written.sections", why=say(f"items.{skip.value}")) + say("colon")
        flow.y += 2
        text = [Run(label, FontRole.SANS), Run(say("list").join(titles))]
        flow.lines(break_lines(text, flow.width, _LOOK.size, align=Align.LEFT), _LOOK.leading)
    return wide


class _Section:
    """One section's frame, drawn row by row."""

    def __init__(self, flow: Flow, filled: Filled, title: str, wide: list[Entry]) -> None:
        self.flow = flow
        self.filled = filled
        self.wide = wide
        self.above: list[Line] = []
        run = [Run(title, FontRole.HEI)]
        self.title = balanced(title, _TITLE_WIDTH - 2 * _LOOK.pad_x, _LOOK.size, FontRole.HEI)
        if len(self.title) > _TALLEST_TITLE:
            self.above, self.title = break_lines(run, flow.width, _LOOK.size + 0.8, align=Align.LEFT), []
        self.track = (flow.width - _TITLE_WIDTH) / _TRACKS
        self.top: float | None = None

    def draw(self, entries: Sequence[Entry]) -> None:
        if self.above:
            self.flow.need(min(len(self.above), 10) * 13.0 + 40)
            self.flow.y += 4
            self.flow.lines(self.above, 13.0)
            self.flow.y += 2
        waiting: list[_Field] = []
        for entry in entries:
            if entry.kind is AnswerKind.GROUP:
                self._rows(waiting)
                waiting = []
                self._row([_Field((Run(answers.question(self.filled, entry.item), FontRole.HEI),), _TRACKS)])
            elif entry.kind is AnswerKind.TABLE and entry.row_ids and entry.skip is None:
                if is_wide(entry.item):
                    self.wide.append(entry)
                    note = say("list").join([answers.value(self.filled, entry), say("table.see", n=len(self.wide))])
                    waiting.append(self._field(entry, note))
                else:
                    self._rows(waiting)
                    waiting = []
                    self._close()
                    draw_table(self.flow, self.filled, entry)
                    self.flow.y += 2
            elif entry.skip is None and not entry.is_empty:
                waiting.append(self._field(entry))
        waiting += self._left_out(entries)
        self._rows(waiting)
        self._close()

    def _field(self, entry: Entry, told: str = "") -> _Field:
        filled = self.filled
        question = answers.question(filled, entry.item)
        label = Run(question + (" " if question[-1:] in "：:？?" else say("colon")), FontRole.SANS)
        if entry.kind is AnswerKind.NOTE:
            return self._sized((Run(question),))
        if entry.kind is AnswerKind.SIGNATURE and (picture := signature(filled, entry)):
            return _Field((label,), _TRACKS // 2, picture)
        came_to = answers.outcome(entry)
        parts = [came_to, told or answers.told(filled, entry)]
        text = say("list").join(part for part in parts if part)
        return self._sized((label, Run(text, FontRole.HEI if entry.outcome is Outcome.FAIL else FontRole.SONG)))

    def _sized(self, runs: tuple[Run, ...]) -> _Field:
        widest = break_lines(runs, 1e6, _LOOK.size, align=Align.LEFT)
        if len(widest) > 1:
            return _Field(runs, _TRACKS)
        return _Field(runs, min(_TRACKS, int((widest[0].right + 2 * _LOOK.pad_x) // self.track) + 1))

    def _left_out(self, entries: Sequence[Entry]) -> list[_Field]:
        """Which questions of the section stand there without an answer, and why."""
        asked = [e for e in entries if e.kind.is_asked]
        reasons = [(say("items.empty"), [e for e in asked if e.is_empty])]
        reasons += [(say(f"items.{why.value}"), [e for e in asked if e.skip is why]) for why in Skip]
        fields = []
        for why, missing in reasons:
            if missing:
                names = say("names").join(answers.question(self.filled, e.item).rstrip("？?：:") for e in missing)
                fields.append(self._sized((Run(why + say("colon"), FontRole.SANS), Run(names))))
        return fields

    def _rows(self, fields: Sequence[_Field]) -> None:
        """The fields, as many in a row as there is room for; the last of a row takes what is left."""
        row: list[_Field] = []
        for field in fields:
            if row and sum(f.tracks for f in row) + field.tracks > _TRACKS:
                self._row(row)
                row = []
            row.append(field)
        if row:
            self._row(row)

    def _row(self, fields: Sequence[_Field]) -> None:
        spare = _TRACKS - sum(f.tracks for f in fields)
        widths = [f.tracks * self.track for f in fields]
        widths[-1] += spare * self.track
        cells = [self._cell(f, width) for f, width in zip(fields, widths, strict=True)]
        while any(cells):
            most = max(1, int((self.flow.room - 2 * _LOOK.pad_y) // _LOOK.leading))
            tall = max(len(cell) for cell in cells)
            least = max(min(tall, 3), len(self.title) if self.top is None else 0) * _LOOK.leading + 2 * _LOOK.pad_y
            if self.flow.room < least or most < tall < 12:
                self._close()
                self.flow.turn()
                most = int((self.flow.room - 2 * _LOOK.pad_y) // _LOOK.leading)
            self._draw([cell[:most] for cell in cells], widths)
            cells = [cell[most:] for cell in cells]

    def _cell(self, field: _Field, width: float) -> Cell:
        lines: list[Line] = break_lines(field.runs, width - 2 * _LOOK.pad_x, _LOOK.size, align=Align.LEFT)
        if field.picture is None:
            return lines
        picture = inlay(field.picture, picture_size(field.picture), width - 2 * _LOOK.pad_x, 3, _LOOK)
        return [*lines, *picture] if len(lines) < 8 else [*picture, *lines]

    def _draw(self, cells: Sequence[Cell], widths: Sequence[float]) -> None:
        flow = self.flow
        height = max(1, *(len(cell) for cell in cells)) * _LOOK.leading + 2 * _LOOK.pad_y
        if self.top is None:
            self.top = flow.y
            flow.sheets.rule(flow.left, flow.y, flow.right, flow.y, LINE)
        else:
            flow.sheets.rule(flow.left + _TITLE_WIDTH, flow.y, flow.right, flow.y, 0.3, 0.55)
        x = flow.left + _TITLE_WIDTH
        for cell, width in zip(cells, widths, strict=True):
            flow.cell(cell, x + _LOOK.pad_x, flow.y, len(cell) * _LOOK.leading + 2 * _LOOK.pad_y, _LOOK)
            x += width
            if x < flow.right - 1:
                flow.sheets.rule(x, flow.y, x, flow.y + height, 0.3, 0.55)
        flow.y += height

    def _close(self) -> None:
        """The frame so far, with the title in the middle of its height."""
        if self.top is None:
            return
        flow, top = self.flow, self.top
        flow.y = max(flow.y, top + len(self.title) * _LOOK.leading + 2 * _LOOK.pad_y)
        for x in (flow.left, flow.left + _TITLE_WIDTH, flow.right):
            flow.sheets.rule(x, top, x, flow.y, LINE)
        flow.sheets.rule(flow.left, flow.y, flow.right, flow.y, LINE)
        flow.cell(self.title, flow.left + _LOOK.pad_x, top, flow.y - top, _LOOK)
        self.top = None
