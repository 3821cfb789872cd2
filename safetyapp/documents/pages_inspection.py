"""The pages of an inspection report 检查记录: what both sides sign on the first page, what supports it from the next.

Drawn from the record and the form alone. Nothing is left out for lack of room: pages are added instead.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from safetyapp.documents import answers, wording
from safetyapp.documents.entries import Filled, is_checklist
from safetyapp.documents.flow import LEFT, RIGHT, Column, Flow, TableLook, baseline, set_cell
from safetyapp.documents.fonts import FontRole, fonts_of
from safetyapp.documents.pages_annex import draw_details, draw_missing, draw_other_photos
from safetyapp.documents.pages_items import draw_items, draw_wide_tables
from safetyapp.documents.pages_photos import number_photos
from safetyapp.documents.pages_signatures import draw_signatures
from safetyapp.documents.pages_summary import draw_mosaic, draw_score, draw_totals
from safetyapp.documents.pages_written import draw_written
from safetyapp.documents.sheet import A4, MM, Sheets
from safetyapp.documents.signs import signs_of
from safetyapp.documents.typeset import Align, Line, Run, break_lines, elided, set_line, text_width
from safetyapp.documents.wording import say
from safetyapp.domain.form import Form, Severity
from safetyapp.domain.inspection import Sha256
from safetyapp.domain.record import Record

TEXT, LEADING = 10.5, 17.0
_HEAD_LOOK = TableLook(size=10.5, leading=15.0, pad_x=6.5, pad_y=4.6, head=FontRole.HEI)
_SMALL_HEAD_LOOK = TableLook(size=9.5, leading=12.0, pad_x=6.5, pad_y=2.6, head=FontRole.HEI)
_FINDINGS_LOOK = TableLook(size=10.0, leading=14.5, pad_x=5.0, pad_y=3.4)
_SIGNED = 14.0
"""How much wider the level's column is where it holds 重大候选."""

_NARROWEST_PLACE, _WIDEST_PLACE = 70.0, 116.0
"""The width of the column 部位: what the longest place takes."""

_TALLEST_CELL = 40
"""Lines; a longer cell of the head table goes on in another row."""


@dataclass(frozen=True, slots=True)
class Material:
    """What the pages are drawn from. `photos` gives the copy for print by the original's hash, `inks` PNG bytes,
    `files` the kept files that answers name and `sizes` their bytes."""

    record: Record
    form: Form
    photos: Mapping[Sha256, Path]
    inks: Mapping[Sha256, bytes]
    record_hash: str
    files: Mapping[Sha256, Path] = field(default_factory=dict)
    sizes: Mapping[str, int] = field(default_factory=dict)
    allow_system_fonts: bool = False
    """Whether licensed faces of this computer may be embedded: the person says so in the settings."""


def lay_out(material: Material) -> Sheets:
    """All pages of the report, laid out and ready to be written. A form that records more than it judges shows what
    was written down first, and no list of what is right. `warnings` of the sheets are for whoever calls."""
    with fonts_of(material.allow_system_fonts):
        return _lay_out(material)


def _lay_out(material: Material) -> Sheets:
    record = material.record
    filled = Filled(record, material.form, material.files, material.sizes, number_photos(record))
    sheets = Sheets()
    title = document_title(record, material.form)
    flow = Flow(sheets, lambda: _running_head(flow, record, title))
    flow.turn()
    flow.y = 17 * MM
    _draw_title(flow, material, title)
    judges = is_checklist(material.form)
    _draw_head(flow, filled, _HEAD_LOOK if judges else _SMALL_HEAD_LOOK)
    if judges:
        _draw_checklist(flow, material, filled)
    else:
        _draw_written(flow, material, filled)
    draw_missing(flow)
    _draw_feet(sheets, material.record_hash)
    return sheets


def document_title(record: Record, form: Form) -> str:
    """学校安全检查记录; where a form is no checklist, the form's own title."""
    if is_checklist(form):
        return say("title")
    return " ".join(form_title(record, form).split()) or say("title")


def form_title(record: Record, form: Form) -> str:
    return record.form_title.strip() or answers.words(form.title)


def _draw_checklist(flow: Flow, material: Material, filled: Filled) -> None:
    record = material.record
    signs = signs_of(filled)
    draw_totals(flow, record, [sign for _, found in signs for sign in found])
    draw_score(flow, filled)
    _draw_findings(flow, record)
    draw_mosaic(flow, signs)
    _draw_opinion(flow, say("part.opinion"), record.opinion)
    _draw_opinion(flow, say("part.school_opinion"), record.school_opinion)
    draw_signatures(flow, record.inks, material.inks)
    if record.findings:
        draw_details(flow, filled, material.photos)
    draw_other_photos(flow, filled, material.photos)
    draw_items(flow, filled)


def _draw_written(flow: Flow, material: Material, filled: Filled) -> None:
    record = material.record
    draw_score(flow, filled)
    flow.y += 4
    wide = draw_written(flow, filled)
    if record.findings:
        _draw_findings(flow, record, say("findings.title"))
    for title, opinion in (("opinion.title", record.opinion), ("opinion.school_title", record.school_opinion)):
        if opinion.strip():
            _draw_opinion(flow, say(title), opinion)
    draw_signatures(flow, record.inks, material.inks)
    if record.findings:
        draw_details(flow, filled, material.photos, fresh=False)
    draw_wide_tables(flow, filled, wide)
    draw_other_photos(flow, filled, material.photos)


def _running_head(flow: Flow, record: Record, title: str) -> None:
    sheets = flow.sheets
    number = set_line(say("number", number=wording.number(record)), 9.5)
    sheets.line(flow.right - number.right, 21.5 * MM, number)
    room = flow.width - number.right - 18

    short = elided(title, lambda text: set_line(text, 9.5).right <= room / 2)

    def whole(school: str) -> Line:
        return set_line(say("running", school=school, title=short), 9.5)

    one = " ".join(record.school.name.split())
    school = elided(one, lambda name: whole(name).right <= room)
    sheets.line(flow.left, 21.5 * MM, whole(school))
    sheets.rule(flow.left, 24.3 * MM, flow.right, 24.3 * MM, 0.7)


def _draw_feet(sheets: Sheets, record_hash: str) -> None:
    foot = set_line(say("footer", fingerprint=wording.fingerprint(record_hash)), 8.0)
    total = len(sheets.pages)
    for count, page in enumerate(sheets.pages, start=1):
        shown = set_line(say("page", page=count, pages=total), 8.0)
        left, right, down = LEFT, page.width - RIGHT, page.height - A4[1]
        sheets.line(left, down + 283.2 * MM, foot, 0.25, on=page)
        sheets.line(right - shown.right, down + 283.2 * MM, shown, 0.25, on=page)
        sheets.rule(left, down + 279.3 * MM, right, down + 279.3 * MM, 0.4, 0.55, on=page)


def _draw_title(flow: Flow, material: Material, title: str) -> None:
    sheets, record = flow.sheets, material.record
    sheets.bookmark(title, flow.y)
    side = _draw_code(flow, material)
    sheets.line(flow.left, flow.y + 10, set_line(say("number", number=wording.number(record)), 10.0))
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


def _draw_code(flow: Flow, material: Material) -> float:
    """The matrix code with document id and record hash; its side in points."""
    import segno

    content = f"SAFETYAPP:1:{material.record.id}:{material.record_hash[:16]}".upper()
    # capitals make a smaller code; one fixed mask saves trying all eight
    rows = [list(row) for row in segno.make(content, error="m", micro=False, mask=3).matrix]
    side = 47.0
    flow.sheets.cells(flow.right - side, flow.y, side / len(rows), rows)
    return side


def _draw_head(flow: Flow, filled: Filled, look: TableLook) -> None:
    """The head table: one wide row for the school, then pairs."""
    record = filled.record
    inspectors = say("names").join([record.author.name, *record.companions])
    wide = [("head.school", record.school.name), ("head.site", record.site)]
    if record.supersedes:
        wide.append(("head.supersedes", record.supersedes))
    pairs = [
        (("head.date", wording.day(record.inspected_on)), ("head.type", say(f"type.{record.type.value}"))),
        (("head.inspectors", inspectors), ("head.escort", record.escort)),
    ]
    form = say("version", title=form_title(record, filled.form), version=record.form.version)
    label, half = 72.0, (flow.width - 2 * 72.0) / 2
    _head_row(flow, [wide[0]], label, flow.width - label, look)
    for pair in pairs:
        _head_row(flow, list(pair), label, half, look)
    _head_row(flow, [wide[1], ("head.form", form)], label, half, look)
    for extra in wide[2:]:
        _head_row(flow, [extra], label, flow.width - label, look)
    flow.y += 10 if look is _HEAD_LOOK else 4


def _head_row(flow: Flow, cells: list[tuple[str, str]], label: float, width: float, look: TableLook) -> None:
    columns = [Column("", width, Align.LEFT) for _ in cells]
    values = [
        set_cell(text.strip() or say("empty"), column, look) for (_, text), column in zip(cells, columns, strict=True)
    ]
    names = [set_line(say(key), look.size, FontRole.HEI) for key, _ in cells]
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


def _draw_findings(flow: Flow, record: Record, title: str = "") -> None:
    flow.heading(title or say("part.findings"), keep=50, level=1)
    if not record.findings:
        flow.lines([set_line(say("findings.nothing"), TEXT)], LEADING, flow.left + 2 * TEXT)
        return
    last = text_width(str(max(finding.number for finding in record.findings)), _FINDINGS_LOOK.size)
    level = 38.0 + (_SIGNED if record.count_findings(Severity.CANDIDATE) else 0.0)
    longest = max(text_width(finding.place.strip(), _FINDINGS_LOOK.size) for finding in record.findings)
    place = max(_NARROWEST_PLACE, min(longest + 2 * _FINDINGS_LOOK.pad_x + 1, _WIDEST_PLACE))
    widths = (max(26.0, last + 2 * _FINDINGS_LOOK.pad_x + 1), place, 0.0, level, 64.0)
    columns = [
        Column(say(f"findings.{key}"), width or flow.width - sum(widths), align)
        for key, width, align in zip(
            ("number", "place", "text", "severity", "deadline"),
            widths,
            (Align.CENTER, Align.LEFT, Align.JUSTIFY, Align.CENTER, Align.LEFT),
            strict=True,
        )
    ]
    rows = []
    for finding in record.findings:
        texts = (
            (str(finding.number), FontRole.SONG),
            (finding.place.strip() or say("empty"), FontRole.SONG),
            (say("findings.again", text=finding.text) if finding.repeats else finding.text, FontRole.SONG),
            (
                say(f"severity.{finding.severity.value}"),
                FontRole.SONG if finding.severity is Severity.GENERAL else FontRole.HEI,
            ),
            (wording.deadline(finding, record), FontRole.SONG),
        )
        rows.append([set_cell(t, c, _FINDINGS_LOOK, role) for (t, role), c in zip(texts, columns, strict=True)])
    flow.table(columns, rows, _FINDINGS_LOOK)


def _draw_opinion(flow: Flow, title: str, text: str) -> None:
    flow.heading(title, keep=LEADING, level=1)
    lines = break_lines([Run(text.strip() or say("none"))], flow.width, TEXT, indent=2 * TEXT)
    flow.lines(lines, LEADING)
