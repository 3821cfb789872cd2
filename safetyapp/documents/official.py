"""The page of an official paper 公文 by GB/T 9704-2012: its text area, the grid of lines, page breaks and page numbers.

Measures are the standard's, in millimetres from the top left corner; what it leaves open is said beside each value.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from safetyapp.documents.flow import baseline
from safetyapp.documents.fonts import FontRole, ink_height
from safetyapp.documents.official_title import break_title
from safetyapp.documents.sheet import MM, Page, Sheets
from safetyapp.documents.typeset import Align, Line, Run, break_lines, set_line, text_width
from safetyapp.documents.wording import say

LEFT, TOP = 28 * MM, 37 * MM
"""订口 and 天头."""

WIDTH, HEIGHT = 156 * MM, 225 * MM
"""版心."""

RIGHT, BOTTOM = LEFT + WIDTH, TOP + HEIGHT

LINES, CHARACTERS = 22, 28
LEADING = HEIGHT / LINES
SIZE, SMALL, LARGE = 16.0, 14.0, 22.0
"""3号, 4号 and 2号, in points."""

PITCH = (WIDTH - SIZE) / (CHARACTERS - 1)
"""From one character to the next, in points: 28 fill a line from edge to edge."""

TRACKING = PITCH - SIZE
INDENT = 2 * PITCH

RED = "0.82 0.06 0.09"
"""Of masthead and line, as the colour's three numbers in a content stream."""

_NUMBER_BELOW = 7 * MM
"""The 一字线 beside the page's number below the text area."""


@dataclass(frozen=True, slots=True)
class Row:
    """One of the 22 lines of a page; blank without a `line`, which stands `x` points from the left edge."""

    line: Line | None = None
    x: float = 0.0
    keep: bool = False
    """It stays on one page with the next."""

    mark: str = ""
    """What the outline calls this place."""


def set_rows(*runs: Run, indent: float = INDENT, hang: float = 0.0, keep: bool = False, mark: str = "") -> list[Row]:
    """A paragraph of 3号 text on the grid of characters."""
    lines = break_lines(runs, WIDTH, SIZE, indent=indent, hang=hang, tracking=TRACKING)
    return [Row(line, keep=keep, mark=mark if first else "") for first, line in zip(_first(), lines, strict=False)]


def _first() -> Iterable[bool]:
    yield True
    while True:
        yield False


def heading(text: str) -> list[Row]:
    """一、 in 黑体, with its entry in the outline."""
    return set_rows(Run(text, FontRole.HEI), keep=True, mark=text)


def paragraph(text: str, lead: str = "") -> list[Row]:
    """仿宋, after a `lead` in 楷体; nothing when both are blank."""
    runs = [Run(part, role) for part, role in ((lead, FontRole.KAI), (text.strip(), FontRole.FANG)) if part]
    return set_rows(*runs) if runs else []


def fitted(text: str, width: float, size: float, role: FontRole) -> Line:
    """One line, set smaller where it is too wide."""
    natural = text_width(text, size, role)
    return set_line(text, size if natural <= width else size * width / natural, role)


class Grid:
    """The pages of a paper; `row` is the next free line of the last page, from 0."""

    def __init__(self) -> None:
        self.sheets = Sheets()
        self.row = LINES
        self.unnumbered: set[int] = set()
        """Pages without a number, from 0."""

    @property
    def y(self) -> float:
        """The top of the next line."""
        return TOP + self.row * LEADING

    @property
    def count(self) -> int:
        return len(self.sheets.pages)

    def turn(self) -> None:
        """Goes to a new page."""
        self.sheets.new_page()
        self.row = 0

    def put(self, row: Row) -> None:
        """A line at the next place of this page."""
        if row.mark:
            self.sheets.bookmark(row.mark, self.y, 1)
        if row.line is not None:
            self.sheets.line(LEFT + row.x, self.y + baseline(LEADING, row.line.size), row.line)
        self.row += 1

    def centre(self, line: Line) -> None:
        """A line of any size in the middle of the next place."""
        self.put(Row(line, (WIDTH - line.right) / 2))

    def flow(self, rows: Sequence[Row]) -> None:
        """Lines over as many pages as they need. What is kept together goes to the next page whole where it can; of a
        page that was begun with something else at least one line is filled."""
        at = 0
        while at < len(rows):
            if self.row >= LINES:
                self.turn()
                while at < len(rows) - 1 and rows[at].line is None and not rows[at].keep:
                    at += 1
            begun = self.row > 0
            most = min(LINES - self.row, len(rows) - at)
            take = most
            while 0 < take < len(rows) - at and rows[at + take - 1].keep:
                take -= 1
            take = take or (1 if begun else most)
            for row in rows[at : at + take]:
                self.put(row)
            at += take
            if at < len(rows):
                self.row = LINES


def closing(rows: Sequence[Row], tail: Sequence[Row]) -> list[Row]:
    """The text with what closes it. Both stay together: a page of nothing but name and date could be put under any
    text, so at least the last two lines go along."""
    text = list(rows)
    for place in range(max(0, len(text) - 2), len(text)):
        text[place] = replace(text[place], keep=True)
    return [*text, *(replace(row, keep=row is not tail[-1]) for row in tail)]


def sign_rows(issuer: str, date: str, notes: Sequence[Row]) -> list[Row]:
    """署名 and 成文日期 for a seal: the date ends four characters from the right, the name stands centred above it.

    Two lines above them stay blank, so that a seal of 42 mm whose top is within one line of the text covers both and
    ends above the note below.
    """
    day = break_lines([Run(date, FontRole.FANG)], WIDTH, SIZE, align=Align.LEFT, tracking=TRACKING)[0]
    day_x = WIDTH - 4 * PITCH - day.right
    parts = break_title(issuer, WIDTH, SIZE, say("official.words").split(), spare=0)
    names = [
        break_lines([Run(part, FontRole.FANG)], WIDTH, SIZE, align=Align.LEFT, tracking=TRACKING)[0] for part in parts
    ]
    middle = day_x + day.right / 2
    blanks = [Row()] * max(0, 3 - len(names))
    return [
        *blanks,
        *(Row(line, min(middle - line.right / 2, WIDTH - line.right)) for line in names),
        Row(day, day_x),
        *notes,
    ]


def draw_numbers(grid: Grid) -> None:
    """— 1 — in 4号 宋, one character from the outer edge, the 一字线 7 mm below the text area."""
    down = BOTTOM + _NUMBER_BELOW + ink_height("—", FontRole.SONG)[1] * SMALL
    for place, page in enumerate(grid.sheets.pages):
        if place in grid.unnumbered:
            continue
        line = set_line(f"— {place + 1} —", SMALL)
        x = LEFT + SMALL if place % 2 else RIGHT - SMALL - line.right
        grid.sheets.line(x, down, line, on=page)


def red_line(page: Page, y: float, weight: float) -> None:
    """A red line as wide as the text area."""
    low = page.height - y - weight / 2
    page.marks.append(f"{RED} rg {LEFT:.2f} {low:.2f} {WIDTH:.2f} {weight:.2f} re f 0 g")
