"""Filling pages from top to bottom: a cursor, page changes with a running head, and tables whose rows may continue."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from safetyapp.documents.fonts import FontRole
from safetyapp.documents.sheet import A4, MM, Sheets
from safetyapp.documents.typeset import Align, Line, Run, break_lines, set_line

LEFT, RIGHT = 22 * MM, 18 * MM
TOP, BOTTOM = 30 * MM, 277 * MM
"""Where text begins on a page with a running head, and where it ends on one that stands upright."""

LINE = 0.6
"""The weight of table rules, in points."""


@dataclass(frozen=True, slots=True)
class Inlay:
    """A picture in a cell, at its top; it is as high as `lines` of the cell, of which the others are None."""

    source: Path | bytes
    width: float
    height: float
    lines: int


Cell: TypeAlias = Sequence[Line | Inlay | None]


@dataclass(frozen=True, slots=True)
class Column:
    """A table's column: its width in points and how its cells stand."""

    title: str
    width: float
    align: Align = Align.JUSTIFY


@dataclass(frozen=True, slots=True)
class TableLook:
    """Sizes of a table, in points. Without `grid` it has fine level rules only."""

    size: float
    leading: float
    pad_x: float
    pad_y: float
    head: FontRole = FontRole.SANS
    grid: bool = True


class Flow:
    """The place where the next thing goes. `head` draws the running head of every page but the first.

    What comes next stands on a page laid across while `wide` is set; a page of the other kind is left for it.
    """

    def __init__(self, sheets: Sheets, head: Callable[[], None]) -> None:
        self.sheets = sheets
        self.left = LEFT
        self.wide = False
        self.y = TOP
        self._head = head

    @property
    def right(self) -> float:
        return A4[1 if self.wide else 0] - RIGHT

    @property
    def width(self) -> float:
        return self.right - self.left

    @property
    def bottom(self) -> float:
        """Where text ends."""
        return A4[0] - A4[1] + BOTTOM if self.wide else BOTTOM

    @property
    def room(self) -> float:
        """What is left of this page; nothing where it lies the other way."""
        return self.bottom - self.y if self._lies_right else 0.0

    @property
    def _lies_right(self) -> bool:
        return (self.sheets.width > self.sheets.height) is self.wide

    def turn(self) -> None:
        """Goes to a new page."""
        first = not self.sheets.pages
        self.sheets.new_page(self.wide)
        self.y = TOP
        if not first:
            self._head()

    def need(self, height: float) -> None:
        """A new page unless `height` fits here, or this page is new already."""
        if height > self.room and (self.y > TOP + 1 or not self._lies_right):
            self.turn()

    def heading(self, text: str, *, keep: float, size: float = 11.5, before: float = 15.0, level: int = 0) -> None:
        """A heading that stays with at least `keep` points of what follows, and its entry in the outline."""
        fresh = self.y <= TOP + 1 and self._lies_right
        self.need(before + size + 6 + keep)
        if self.y > TOP + 1 and not fresh:
            self.y += before
        self.sheets.bookmark(text, self.y - 4, level)
        self.sheets.line(self.left, self.y + size, set_line(text, size, FontRole.HEI))
        self.y += size + 6.5

    def lines(self, lines: Sequence[Line], leading: float, x: float | None = None) -> None:
        """Lines of text, over as many pages as they need."""
        for line in lines:
            self.need(leading)
            self.sheets.line(self.left if x is None else x, self.y + baseline(leading, line.size), line)
            self.y += leading

    def table(
        self,
        columns: Sequence[Column],
        rows: Sequence[Sequence[Cell]],
        look: TableLook,
        marks: Mapping[int, str] | None = None,
    ) -> None:
        """A ruled table; its head comes again on every page. A row moves to the next page whole where that is enough,
        and continues there where it is not. A row of a single cell is a heading over all columns. `marks` gives rows
        (from 0) an entry in the outline."""
        edges = [self.left]
        for column in columns:
            edges.append(edges[-1] + column.width)
        head = [break_lines([Run(c.title, look.head)], 1e6, look.size) for c in columns]
        head_height = look.leading + 2 * look.pad_y
        self.need(self.beginning(rows, look))
        top = self._table_head(columns, head, edges, head_height, look)
        for place, row in enumerate(rows):
            waiting = [list(cell) for cell in row]
            mark = marks.get(place, "") if marks else ""
            while True:
                count = max(1, max(len(cell) for cell in waiting))
                fitting = int((self.room - 2 * look.pad_y) // look.leading)
                if len(row) == 1:
                    fitting -= 2  # a heading stays with the first line below it
                if count > fitting and self._worth_turning(count, fitting, look):
                    self._uprights(edges, top, look)
                    self.turn()
                    top = self._table_head(columns, head, edges, head_height, look)
                    continue
                if mark:
                    self.sheets.bookmark(mark, self.y, 1)
                    mark = ""
                now = [cell[:fitting] for cell in waiting]
                waiting = [cell[fitting:] for cell in waiting]
                self._row(columns, now, edges, look)
                if not any(waiting):
                    break
        self._uprights(edges, top, look)

    def beginning(self, rows: Sequence[Sequence[Cell]], look: TableLook) -> float:
        """What a table's head takes with its first row, or with as much of that as may begin here and go on overleaf;
        a heading above the table keeps as much."""
        first = max(1, max(len(cell) for cell in rows[0])) if rows else 0
        lines = first if first <= self._page_lines(look) else 3
        return (1 + lines) * look.leading + 4 * look.pad_y

    def _page_lines(self, look: TableLook) -> int:
        """The lines of a row that fills a page below the table's head."""
        return int((self.bottom - TOP - 4 * look.pad_y - look.leading) // look.leading)

    def _worth_turning(self, count: int, fitting: int, look: TableLook) -> bool:
        return fitting < 3 or count <= self._page_lines(look)

    def _table_head(
        self, columns: Sequence[Column], head: Sequence[list[Line]], edges: list[float], height: float, look: TableLook
    ) -> float:
        self.need(height + look.leading + 2 * look.pad_y)
        top = self.y
        self.sheets.rule(edges[0], top, edges[-1], top, LINE)
        for number, lines in enumerate(head):
            line = lines[0]
            x = edges[number] + ((columns[number].width - line.right) / 2 if look.grid else look.pad_x)
            self.sheets.line(x, top + look.pad_y + baseline(look.leading, look.size), line)
        self.y += height
        self.sheets.rule(edges[0], self.y, edges[-1], self.y, LINE)
        return top

    def _row(self, columns: Sequence[Column], cells: Sequence[Cell], edges: list[float], look: TableLook) -> None:
        count = max(1, max(len(cell) for cell in cells))
        height = count * look.leading + 2 * look.pad_y
        for number, lines in enumerate(cells):
            self.cell(lines, edges[number] + look.pad_x, self.y, height, look)
        self.y += height
        if look.grid:
            self.sheets.rule(edges[0], self.y, edges[-1], self.y, LINE)
        else:
            self.sheets.rule(edges[0], self.y, edges[-1], self.y, 0.3, 0.6)

    def cell(self, cell: Cell, x: float, top: float, height: float, look: TableLook) -> None:
        """What stands in a cell, in the middle of its height."""
        y = top + (height - len(cell) * look.leading) / 2
        for part in cell:
            if isinstance(part, Line):
                self.sheets.line(x, y + baseline(look.leading, part.size), part)
            elif part is not None:
                self.sheets.picture(part.source, x, y + 1, part.width, part.height)
            y += look.leading

    def _uprights(self, edges: Sequence[float], top: float, look: TableLook) -> None:
        if not look.grid:
            return
        for edge in edges:
            self.sheets.rule(edge, top, edge, self.y, LINE)


def set_cell(text: str, column: Column, look: TableLook, role: FontRole = FontRole.SONG) -> list[Line]:
    """A cell's text in its column."""
    return break_lines([Run(text, role)], column.width - 2 * look.pad_x, look.size, align=column.align)


def inlay(source: Path | bytes, pixels: tuple[int, int], width: float, lines: int, look: TableLook) -> Cell:
    """A picture as the beginning of a cell, at most `width` points wide and `lines` lines high."""
    scale = min(width / pixels[0], (lines * look.leading - 2) / pixels[1])
    return [Inlay(source, pixels[0] * scale, pixels[1] * scale, lines), *[None] * (lines - 1)]


def baseline(leading: float, size: float) -> float:
    """How far below a line's top its baseline lies, the characters standing in the middle."""
    return leading / 2 + size * 0.37
