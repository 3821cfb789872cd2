"""The foot of an official paper 版记 on its last even page: copies, who printed it and when; below it the code."""

from __future__ import annotations

from collections.abc import Sequence

from safetyapp.documents import wording
from safetyapp.documents.flow import baseline
from safetyapp.documents.fonts import FontRole
from safetyapp.documents.official import BOTTOM, HEIGHT, LEFT, RIGHT, SMALL, WIDTH, Grid
from safetyapp.documents.official_title import break_title
from safetyapp.documents.sheet import MM
from safetyapp.documents.typeset import Align, Line, Run, break_lines, set_line
from safetyapp.documents.wording import say

THICK, THIN = 0.35 * MM, 0.25 * MM
_ROW, _NEXT = 9.2 * MM, 7.2 * MM
"""The height of a part's first line and of those that follow, in points."""

_CLEAR = 4 * MM
"""What stays free between the text and the foot."""

_CODE, _CODE_TOP = 13.5 * MM, 275 * MM
_TINY, _GREY = 6.5, 0.35


def draw_foot(grid: Grid, parts: Sequence[tuple[str, Sequence[str]]], printer: str, date: str, used: float) -> None:
    """The rules and what stands between them. `parts` are 主送 and 抄送 with the names that each lists, `used` is where
    the last page's content ends. Pages are added until the foot stands on an even one; where that leaves a blank page
    before it, neither has a number."""
    size = SMALL
    lists, tail, height = _set(parts, printer, date, size)
    while height > HEIGHT and size > 5:
        size -= 1
        lists, tail, height = _set(parts, printer, date, size)
    if grid.count % 2 or used + _CLEAR > BOTTOM - height:
        grid.turn()
        if grid.count % 2:
            grid.unnumbered.update((grid.count - 1, grid.count))
            grid.turn()
    sheets, y = grid.sheets, BOTTOM - height
    scale = size / SMALL
    sheets.rule(LEFT, y, RIGHT, y, THICK)
    if lists:
        for place, line in enumerate(lists):
            step = (_NEXT if place else _ROW) * scale
            at = y + (step - _ROW * scale if place else 0) + baseline(_ROW * scale, size)
            sheets.line(LEFT + size, at, line)
            y += step
        sheets.rule(LEFT, y, RIGHT, y, THIN)
    for place, lines in enumerate(tail):
        for number, line in enumerate(lines):
            at = y + number * _NEXT * scale + baseline(_ROW * scale, size)
            sheets.line(RIGHT - size - line.right if place else LEFT + size, at, line)
    sheets.rule(LEFT, BOTTOM, RIGHT, BOTTOM, THICK)


def _set(
    parts: Sequence[tuple[str, Sequence[str]]], printer: str, date: str, size: float
) -> tuple[list[Line], tuple[list[Line], list[Line]], float]:
    """The lists' lines, printer and day, and the foot's height."""
    lists = []
    for key, names in parts:
        text = say("official.listed", what=key, names=say("comma").join(names))
        lists += break_lines(
            [Run(text, FontRole.FANG)], WIDTH - 2 * size, size, hang=(len(key) + 1) * size, align=Align.LEFT
        )
    day = [set_line(date, size, FontRole.FANG)]
    left = WIDTH - 3 * size - day[0].right
    parts_of_name = break_title(printer, left, size, say("official.words").split(), spare=0)
    printers = [set_line(part, size, FontRole.FANG) for part in parts_of_name]
    height = (_ROW + (len(printers) - 1) * _NEXT) * size / SMALL
    if lists:
        height += (_ROW + (len(lists) - 1) * _NEXT) * size / SMALL
    return lists, (printers, day), height


def draw_code(grid: Grid, document_id: str, record_hash: str) -> None:
    """The matrix code at the outer margin of the last page's foot, away from its number, with the fingerprint."""
    import segno

    content = f"SAFETYAPP:1:{document_id}:{record_hash[:16]}".upper()
    rows = [list(row) for row in segno.make(content, error="m", micro=False, mask=3).matrix]
    sheets = grid.sheets
    sheets.cells(RIGHT - _CODE, _CODE_TOP, _CODE / len(rows), rows)
    notes = [say("footer", fingerprint=wording.fingerprint(record_hash))]
    if sheets.replaced:
        notes.append(say("missing", n=len(sheets.replaced), codes=wording.code_points(sheets.replaced)))
    y = _CODE_TOP + _CODE - 1
    room = WIDTH - _CODE - 4 * MM
    for line in reversed([line for note in notes for line in break_lines([Run(note)], room, _TINY)]):
        sheets.line(RIGHT - _CODE - 3 * MM - line.right, y, line, _GREY)
        y -= 9.0
