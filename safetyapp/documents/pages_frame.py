"""The frame of a document's pages: title with number and code, running head, feet, and the table at the head."""

from __future__ import annotations

from collections.abc import Sequence

from safetyapp.documents import wording
from safetyapp.documents.flow import LEFT, RIGHT, Column, Flow, TableLook, baseline, set_cell
from safetyapp.documents.fonts import FontRole
from safetyapp.documents.sheet import A4, MM, Sheets
from safetyapp.documents.typeset import Align, Line, Run, break_lines, elided, set_line
from safetyapp.documents.wording import say
from safetyapp.domain.any_record import AnyRecord, number_of

HEAD_LOOK = TableLook(size=10.5, leading=15.0, pad_x=6.5, pad_y=4.6, head=FontRole.HEI)
SMALL_HEAD_LOOK = TableLook(size=9.5, leading=12.0, pad_x=6.5, pad_y=2.6, head=FontRole.HEI)
LABEL = 72.0
"""The width of a label in the head table, in points."""

_TALLEST_CELL = 40
"""Lines; a longer cell of the head table goes on in another row."""


def begin(record: AnyRecord, record_hash: str, title: str) -> Flow:
    """The first page with its title; the others will have the running head."""
    sheets = Sheets()
    flow = Flow(sheets, lambda: running_head(flow, record, title))
    flow.turn()
    flow.y = 17 * MM
    draw_title(flow, record, record_hash, title)
    return flow


def running_head(flow: Flow, record: AnyRecord, title: str) -> None:
    """School and title at the left, the number at the right."""
    sheets = flow.sheets
    given = elided(number_of(record), lambda text: set_line(text, 9.5).right <= flow.width / 3)
    number = set_line(say("number", number=given), 9.5)
    sheets.line(flow.right - number.right, 21.5 * MM, number)
    room = flow.width - number.right - 18

    short = elided(title, lambda text: set_line(text, 9.5).right <= room / 2)

    def whole(school: str) -> Line:
        return set_line(say("running", school=school, title=short), 9.5)

    one = " ".join(record.school.name.split())
    school = elided(one, lambda name: whole(name).right <= room)
    sheets.line(flow.left, 21.5 * MM, whole(school))
    sheets.rule(flow.left, 24.3 * MM, flow.right, 24.3 * MM, 0.7)


def draw_feet(sheets: Sheets, record_hash: str, words: str = "") -> None:
    """The record's fingerprint, or `words` that tell it among others, and the page's number at the foot of every
    page."""
    foot = set_line(words or say("footer", fingerprint=wording.fingerprint(record_hash)), 8.0)
    total = len(sheets.pages)
    for count, page in enumerate(sheets.pages, start=1):
        shown = set_line(say("page", page=count, pages=total), 8.0)
        left, right, down = LEFT, page.width - RIGHT, page.height - A4[1]
        sheets.line(left, down + 283.2 * MM, foot, 0.25, on=page)
        sheets.line(right - shown.right, down + 283.2 * MM, shown, 0.25, on=page)
        sheets.rule(left, down + 279.3 * MM, right, down + 279.3 * MM, 0.4, 0.55, on=page)


def draw_title(flow: Flow, record: AnyRecord, record_hash: str, title: str) -> None:
    """The first page's head: number, title in the middle, code."""
    sheets = flow.sheets
    sheets.bookmark(title, flow.y)
    side = draw_code(flow, record, record_hash)
    sheets.line(flow.left, flow.y + 10, set_line(say("number", number=number_of(record)), 10.0))
    size = 23.0
    room = flow.width - 2 * side - 24
    while (shown := set_line(title, size, FontRole.TITLE)).right > room and size > 14:
        size -= 1
    if shown.right <= room:
        sheets.line(flow.left + (flow.width - shown.right) / 2, flow.y + 37, shown)
        flow.y += side + 7
        return
    flow.y += side + 7
    flow.lines(break_lines([Run(title, FontRole.TITLE)], flow.width, 14.0, align=Align.CENTER), 20.0)
    flow.y += 5


def draw_code(flow: Flow, record: AnyRecord, record_hash: str) -> float:
    """The matrix code with document id and record hash, at the right margin; its side in points."""
    import segno

    content = f"SAFETYAPP:1:{record.id}:{record_hash[:16]}".upper()
    # capitals make a smaller code; one fixed mask saves trying all eight
    rows = [list(row) for row in segno.make(content, error="m", micro=False, mask=3).matrix]
    side = 47.0
    flow.sheets.cells(flow.right - side, flow.y, side / len(rows), rows)
    return side


def head_row(flow: Flow, cells: Sequence[tuple[str, str]], label: float, width: float, look: TableLook) -> None:
    """A row of the head table: labels and what stands beside them; `width` is that of one value."""
    columns = [Column("", width, Align.LEFT) for _ in cells]
    values = [
        set_cell(text.strip() or say("empty"), column, look) for (_, text), column in zip(cells, columns, strict=True)
    ]
    names = [set_line(name, look.size, FontRole.HEI) for name, _ in cells]
    for first in range(0, max(len(v) for v in values), _TALLEST_CELL):
        _head_lines(flow, names, [v[first : first + _TALLEST_CELL] for v in values], label, width, look)


def _head_lines(
    flow: Flow, names: list[Line], values: list[list[Line]], label: float, width: float, look: TableLook
) -> None:
    sheets = flow.sheets
    height = max(len(v) for v in values) * look.leading + 2 * look.pad_y
    flow.need(height)
    x = flow.left
    for name, lines in zip(names, values, strict=True):
        sheets.line(x + look.pad_x, flow.y + baseline(height, look.size), name)
        y = flow.y + (height - len(lines) * look.leading) / 2
        for line in lines:
            sheets.line(x + label + look.pad_x, y + baseline(look.leading, look.size), line)
            y += look.leading
        sheets.rule(x + label, flow.y, x + label, flow.y + height)
        if x > flow.left:
            sheets.rule(x, flow.y, x, flow.y + height)
        x += label + width
    sheets.box(flow.left, flow.y, flow.width, height)
    flow.y += height
