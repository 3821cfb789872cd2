"""The first page's head of an official paper: red masthead, number, red line, title and addressee."""

from __future__ import annotations

from collections.abc import Sequence

from safetyapp.documents.flow import baseline
from safetyapp.documents.fonts import FontRole, ink_height
from safetyapp.documents.official import (
    LARGE,
    LEADING,
    LEFT,
    LINES,
    RED,
    SIZE,
    TOP,
    WIDTH,
    Grid,
    Row,
    fitted,
    red_line,
    set_rows,
)
from safetyapp.documents.official_title import break_title
from safetyapp.documents.sheet import MM
from safetyapp.documents.typeset import Run, set_line, text_width
from safetyapp.documents.wording import say

MASTHEAD = TOP + 35 * MM
"""The masthead's upper edge."""

RED_GAP = 4 * MM
"""From the foot of the number's characters to the red line."""

_RED_WEIGHT = 2.0
"""Points, 0.7 mm: the standard leaves it open."""

_NUMBER = 2 * LEADING + (LEADING + SIZE) / 2
"""From the masthead to the foot of the number, two blank lines between."""

_ONE_LINE = 8 * LEADING - 35 * MM - _NUMBER - RED_GAP
"""The height of a masthead that lets the red line fall on the grid, so that all text below stands on it: 14.4 mm."""

_TWO_LINES = _ONE_LINE + LEADING
_BETWEEN = 0.16
"""Between two lines of a masthead, as a part of its height."""

_WIDEST = WIDTH - 6 * MM
_NARROW, _NARROWEST = 0.8, 0.56
"""How much narrower than wide the characters are: the usual, and where a second line is the better way."""

_LEAST_WIDTH, _MOST_SPACE = 118 * MM, 0.5
"""A short name is spread to this width, by at most so many ems between two characters."""


def draw_head(grid: Grid, issuer: str, number: str, title: str, school: str, rows: Sequence[Row]) -> bool:
    """The first page down to the addressee. The first page has to carry text of `rows`: False where the addressee found
    no place there and belongs into the foot, as the standard says for this case."""
    grid.turn()
    grid.sheets.bookmark(title, MASTHEAD)
    high = _draw_masthead(grid, " ".join(issuer.split()))
    red = TOP + (8 if high == _ONE_LINE else 9) * LEADING
    line = fitted(number, WIDTH, SIZE, FontRole.FANG)
    grid.sheets.line(
        LEFT + (WIDTH - line.right) / 2, red - RED_GAP - (LEADING + SIZE) / 2 + baseline(LEADING, line.size), line
    )
    red_line(grid.sheets.page, red, _RED_WEIGHT)
    grid.row = round((red - TOP) / LEADING) + 2
    to = set_rows(Run(say("official.to", school=" ".join(school.split())), FontRole.FANG), indent=0.0)
    least = min(len(rows), 2)
    names = (*say("official.words").split(), " ".join(school.split()), " ".join(issuer.split()))
    size = LARGE
    with_to = True
    while True:
        lines = break_title(title, WIDTH, size, names, spare=2 if size == LARGE else 0)
        with_to = LINES - grid.row - len(lines) - 1 - len(to) >= least
        if with_to or LINES - grid.row - len(lines) - 1 >= least or size <= 9:
            break
        size -= 1
    for text in lines:
        grid.centre(fitted(text, WIDTH, size, FontRole.TITLE))
    grid.put(Row())
    for row in to if with_to else ():
        grid.put(row)
    return with_to


def _draw_masthead(grid: Grid, issuer: str) -> float:
    """The issuer in red, its ink as high as the place for it, one line or two; the height of that place."""
    low, high = ink_height(issuer, FontRole.TITLE)
    size = _ONE_LINE / (high - low)
    natural = _natural(issuer, size)
    if natural * _NARROWEST <= _WIDEST:
        _draw_red(grid, issuer, size, min(_NARROW, _WIDEST / natural), MASTHEAD + high * size)
        return _ONE_LINE
    size = _TWO_LINES / (2 + _BETWEEN) / (high - low)
    narrow, words = _NARROW, say("official.words").split()
    while len(parts := break_title(issuer, _WIDEST / narrow, size, words)) > 2:
        narrow, size = (narrow - 0.04, size) if narrow > _NARROWEST else (narrow, size * 0.94)
    narrow = min(narrow, *(_WIDEST / _natural(part, size) for part in parts))
    for place, part in enumerate(parts):
        down = MASTHEAD + high * size + place * (1 + _BETWEEN) * (high - low) * size
        _draw_red(grid, part, size, narrow, down)
    return _TWO_LINES


def _natural(text: str, size: float) -> float:
    return sum(text_width(character, size, FontRole.TITLE) for character in text)


def _draw_red(grid: Grid, text: str, size: float, narrow: float, down: float) -> None:
    """A line in the middle, its characters `narrow` times as wide as usual; a short name is spread."""
    natural, gaps = _natural(text, size) * narrow, len(text) - 1
    space = min(max(0.0, _LEAST_WIDTH - natural) / max(1, gaps), _MOST_SPACE * size * narrow)
    x = LEFT + (WIDTH - natural - space * gaps) / 2
    page = grid.sheets.page
    # drawn character by character, it says beside the glyphs what it reads
    said = text.encode("utf-16-be", "surrogatepass").hex().upper()
    page.marks.append(f"/Span <</ActualText <FEFF{said}>>> BDC q {RED} rg")
    for character in text:
        page.marks.append(f"q {narrow:.4f} 0 0 1 {x:.2f} 0 cm")
        grid.sheets.line(0, down, set_line(character, size, FontRole.TITLE))
        page.marks.append("Q")
        x += _natural(character, size) * narrow + space
    page.marks.append("Q EMC")
