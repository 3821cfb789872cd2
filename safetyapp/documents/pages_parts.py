"""What the school's answer and the re-inspection share above their photos: the head, the counts, numbered parts, and
the cells of their tables."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol

from safetyapp.documents.flow import TOP, Cell, Column, Flow, TableLook
from safetyapp.documents.fonts import FontRole
from safetyapp.documents.pages_frame import HEAD_LOOK, head_row
from safetyapp.documents.signs import SIGN_CHARACTERS, sign_of
from safetyapp.documents.typeset import Align, Run, break_lines, set_line
from safetyapp.documents.wording import say
from safetyapp.domain.form import Severity
from safetyapp.domain.paper import FindingRef

TABLE_LOOK = TableLook(size=9.5, leading=13.8, pad_x=4.5, pad_y=3.4)
_TEXT, _LEADING = 10.5, 17.0
_LABEL = 80.0


class Answered(Protocol):
    """A finding as either paper carries it on."""

    @property
    def finding(self) -> FindingRef: ...
    @property
    def photos(self) -> tuple[str, ...]: ...
    @property
    def after_photos(self) -> tuple[str, ...]: ...


def draw_head(flow: Flow, rows: Iterable[Sequence[tuple[str, str]]]) -> None:
    """The head table: rows of one wide value or of a pair."""
    for row in rows:
        width = flow.width / len(row) - _LABEL
        head_row(flow, row, _LABEL, width, HEAD_LOOK)


def draw_summary(flow: Flow, runs: Sequence[Run]) -> None:
    """The counts in a row of their own below the head table."""
    lines = break_lines(runs, flow.width - 2 * HEAD_LOOK.pad_x, 10.5, align=Align.CENTER)
    height = len(lines) * _LEADING + 9
    flow.need(height)
    flow.sheets.box(flow.left, flow.y, flow.width, height)
    flow.y += 4.5
    flow.lines(lines, _LEADING, flow.left + HEAD_LOOK.pad_x)
    flow.y += 4.5


def figures(text: str) -> list[Run]:
    """The text with its figures in 黑体."""
    runs: list[Run] = []
    for character in text:
        role = FontRole.HEI if character.isdigit() or character == "." else FontRole.SONG
        if runs and runs[-1].role is role:
            runs[-1] = Run(runs[-1].text + character, role)
        else:
            runs.append(Run(character, role))
    return runs


class Parts:
    """Headings 一、二、三 … in the order in which they come. `tail` is what the signatures take: the last part goes to
    the next page with them rather than leave them there alone."""

    def __init__(self, flow: Flow, tail: float) -> None:
        self._flow = flow
        self._tail = tail
        self._count = 0

    def heading(self, title: str, keep: float) -> None:
        numeral = say("pairs.numerals")[self._count]
        self._count += 1
        self._flow.heading(say("pairs.part", n=numeral, title=title), keep=keep, level=1)

    def text(self, title: str, text: str, *, last: bool = False) -> None:
        """A part that is one text; it stays with its first two lines."""
        lines = break_lines([Run(text.strip() or say("none"))], self._flow.width, _TEXT, indent=2 * _TEXT)
        tall = len(lines) * _LEADING
        self.heading(title, keep=self.keep(tall) if last else min(tall, 2 * _LEADING))
        self._flow.lines(lines, _LEADING)

    def keep(self, height: float) -> float:
        """What the last part needs below its heading: all of it and the signatures, where one page holds them."""
        whole = height + self._tail + 1
        return whole if whole <= self._flow.bottom - TOP - 40 else min(height, 2 * _LEADING)

    def table(self, title: str, columns: Sequence[Column], rows: Sequence[Sequence[Cell]]) -> None:
        """A part that is a table; it stays with the table's first row."""
        look = TABLE_LOOK
        self.heading(title, keep=self._flow.beginning(rows, look) + 1)
        self._flow.table(columns, rows, look)


def cell(column: Column, *runs: Run) -> Cell:
    return break_lines(runs, column.width - 2 * TABLE_LOOK.pad_x, TABLE_LOOK.size, align=column.align)


def number_cell(column: Column, ref: FindingRef, role: FontRole = FontRole.SONG) -> Cell:
    """序 with the level below it."""
    level = SIGN_CHARACTERS[sign_of(ref.severity)] + say(f"severity.{ref.severity.value}")
    marked = FontRole.SONG if ref.severity is Severity.GENERAL else FontRole.HEI
    return cell(column, Run(f"{ref.number}\n", role), Run(level, marked))


def finding_cell(column: Column, ref: FindingRef) -> Cell:
    """部位及隐患: the place in 黑体, the finding below."""
    place = " ".join(ref.place.split()) or say("detail.no_place")
    return cell(column, Run(place + "\n", FontRole.HEI), Run(ref.text.strip()))


def number_width(title: str, findings: Sequence[Answered]) -> float:
    """The width of the column 序 that keeps every number on one line, and ◆重大."""
    level = SIGN_CHARACTERS[sign_of(Severity.MAJOR)] + say("severity.major")
    texts = (title, level, *(str(one.finding.number) for one in findings))
    return max(set_line(text, TABLE_LOOK.size).right for text in texts) + 2 * TABLE_LOOK.pad_x + 1
