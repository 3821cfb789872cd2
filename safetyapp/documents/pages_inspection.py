"""The pages of an inspection report 检查记录: what both sides sign on the first page, what supports it from the next.

Drawn from the record and the form alone. Nothing is left out for lack of room: pages are added instead.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from safetyapp.documents import wording
from safetyapp.documents.flow import Column, Flow, TableLook, baseline, set_cell
from safetyapp.documents.fonts import FontRole
from safetyapp.documents.pages_annex import draw_details, draw_items, draw_missing, draw_other_photos, number_photos
from safetyapp.documents.sheet import MM, Sheets, open_ink
from safetyapp.documents.signs import Sign, draw_sign, signs_of
from safetyapp.documents.typeset import Align, Line, Run, break_lines, elided, one_line, set_line, text_width
from safetyapp.documents.wording import say
from safetyapp.domain.form import Form, Severity
from safetyapp.domain.inspection import Ink, Outcome, Sha256
from safetyapp.domain.record import Record

TEXT, LEADING = 10.5, 17.0
_HEAD_LOOK = TableLook(size=10.5, leading=15.0, pad_x=6.5, pad_y=4.6, head=FontRole.HEI)
_FINDINGS_LOOK = TableLook(size=10.0, leading=14.5, pad_x=5.0, pad_y=3.4)
_SIDE = 10.3
"""The side of a sign in the mosaic."""

_TALLEST_CELL = 40
"""Lines; a longer cell of the head table goes on in another row."""

_INSPECTORS = frozenset({"inspector", "companion", "office"})


@dataclass(frozen=True, slots=True)
class Material:
    """What the pages are drawn from. `photos` gives the copy for print by the original's hash, `inks` PNG bytes."""

    record: Record
    form: Form
    photos: Mapping[Sha256, Path]
    inks: Mapping[Sha256, bytes]
    record_hash: str


def lay_out(material: Material) -> Sheets:
    """All pages of the report, laid out and ready to be written."""
    record = material.record
    sheets = Sheets()
    flow = Flow(sheets, lambda: _running_head(flow, record))
    flow.turn()
    flow.y = 17 * MM
    _draw_title(flow, material)
    _draw_head(flow, record)
    _draw_totals(flow, record, material.form)
    _draw_findings(flow, record)
    _draw_mosaic(flow, record, material.form)
    _draw_opinion(flow, say("part.opinion"), record.opinion)
    _draw_opinion(flow, say("part.school_opinion"), record.school_opinion)
    _draw_signatures(flow, material)
    numbers = number_photos(record)
    if record.findings:
        draw_details(flow, record, material.photos, numbers)
    draw_other_photos(flow, record, material.photos, numbers)
    draw_items(flow, record, material.form)
    draw_missing(flow)
    _draw_feet(sheets, material.record_hash)
    return sheets


def _running_head(flow: Flow, record: Record) -> None:
    sheets = flow.sheets
    number = set_line(say("number", number=wording.number(record)), 9.5)
    sheets.line(flow.right - number.right, 21.5 * MM, number)
    room = flow.width - number.right - 18

    def whole(school: str) -> Line:
        return set_line(say("running", school=school, title=say("title")), 9.5)

    one = " ".join(record.school.name.split())
    school = elided(one, lambda name: whole(name).right <= room)
    sheets.line(flow.left, 21.5 * MM, whole(school))
    sheets.rule(flow.left, 24.3 * MM, flow.right, 24.3 * MM, 0.7)


def _draw_feet(sheets: Sheets, record_hash: str) -> None:
    left, right = Flow(sheets, lambda: None).left, Flow(sheets, lambda: None).right
    foot = set_line(say("footer", fingerprint=wording.fingerprint(record_hash)), 8.0)
    total = len(sheets.pages)
    for count, page in enumerate(sheets.pages, start=1):
        shown = set_line(say("page", page=count, pages=total), 8.0)
        sheets.line(left, 283.2 * MM, foot, 0.25, on=page)
        sheets.line(right - shown.right, 283.2 * MM, shown, 0.25, on=page)
        sheets.rule(left, 279.3 * MM, right, 279.3 * MM, 0.4, 0.55, on=page)


def _draw_title(flow: Flow, material: Material) -> None:
    sheets, record = flow.sheets, material.record
    sheets.bookmark(say("title"), flow.y)
    side = _draw_code(flow, material)
    sheets.line(flow.left, flow.y + 10, set_line(say("number", number=wording.number(record)), 10.0))
    title = set_line(say("title"), 23.0, FontRole.TITLE)
    sheets.line(flow.left + (flow.width - title.right) / 2, flow.y + 37, title)
    flow.y += side + 7


def _draw_code(flow: Flow, material: Material) -> float:
    """The matrix code with document id and record hash; its side in points."""
    import segno

    content = f"SAFETYAPP:1:{material.record.id}:{material.record_hash[:16]}".upper()
    # capitals make a smaller code; one fixed mask saves trying all eight
    rows = [list(row) for row in segno.make(content, error="m", micro=False, mask=3).matrix]
    side = 47.0
    flow.sheets.cells(flow.right - side, flow.y, side / len(rows), rows)
    return side


def _draw_head(flow: Flow, record: Record) -> None:
    """The head table: one wide row for the school, then pairs."""
    inspectors = say("names").join([record.author.name, *record.companions])
    wide = [("head.school", record.school.name), ("head.site", record.site)]
    if record.supersedes:
        wide.append(("head.supersedes", record.supersedes))
    pairs = [
        (("head.date", wording.day(record.inspected_on)), ("head.type", say(f"type.{record.type.value}"))),
        (("head.inspectors", inspectors), ("head.escort", record.escort)),
    ]
    form = say("version", title=record.form_title, version=record.form.version)
    label, half = 72.0, (flow.width - 2 * 72.0) / 2
    _head_row(flow, [wide[0]], label, flow.width - label)
    for pair in pairs:
        _head_row(flow, list(pair), label, half)
    _head_row(flow, [wide[1], ("head.form", form)], label, half)
    for extra in wide[2:]:
        _head_row(flow, [extra], label, flow.width - label)
    flow.y += 10


def _head_row(flow: Flow, cells: list[tuple[str, str]], label: float, width: float) -> None:
    look = _HEAD_LOOK
    columns = [Column("", width, Align.LEFT) for _ in cells]
    values = [
        set_cell(text.strip() or say("empty"), column, look) for (_, text), column in zip(cells, columns, strict=True)
    ]
    names = [set_line(say(key), look.size, FontRole.HEI) for key, _ in cells]
    for first in range(0, max(len(v) for v in values), _TALLEST_CELL):
        _head_lines(flow, names, [v[first : first + _TALLEST_CELL] for v in values], label, width)


def _head_lines(flow: Flow, names: list[Line], values: list[list[Line]], label: float, width: float) -> None:
    look, sheets = _HEAD_LOOK, flow.sheets
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


def _draw_totals(flow: Flow, record: Record, form: Form) -> None:
    """Five counts in a row."""
    counts = [
        ("totals.items", sum(1 for _ in form.items())),
        ("totals.pass", record.count(Outcome.PASS)),
        ("totals.major", record.count_findings(Severity.MAJOR)),
        ("totals.general", record.count_findings(Severity.GENERAL)),
        ("totals.na", record.count(Outcome.NA) + len(record.skipped)),
    ]
    height, width = 25.0, flow.width / len(counts)
    flow.need(height)
    flow.sheets.box(flow.left, flow.y, flow.width, height)
    for place, (key, count) in enumerate(counts):
        x = flow.left + place * width
        if place:
            flow.sheets.rule(x, flow.y, x, flow.y + height)
        name, value = set_line(say(key), 10.5), set_line(str(count), 12.0, FontRole.HEI)
        start = x + (width - name.right - 5 - value.right) / 2
        flow.sheets.line(start, flow.y + baseline(height, 10.5), name)
        flow.sheets.line(start + name.right + 5, flow.y + baseline(height, 11.0), value)
    flow.y += height


def _draw_findings(flow: Flow, record: Record) -> None:
    flow.heading(say("part.findings"), keep=50)
    if not record.findings:
        flow.lines([set_line(say("findings.nothing"), TEXT)], LEADING, flow.left + 2 * TEXT)
        return
    last = text_width(str(max(finding.number for finding in record.findings)), _FINDINGS_LOOK.size)
    widths = (max(26.0, last + 2 * _FINDINGS_LOOK.pad_x + 1), 80.0, 0.0, 38.0, 64.0)
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
            (finding.text, FontRole.SONG),
            (
                say(f"severity.{finding.severity.value}"),
                FontRole.HEI if finding.severity is Severity.MAJOR else FontRole.SONG,
            ),
            (wording.deadline(finding, record), FontRole.SONG),
        )
        rows.append([set_cell(t, c, _FINDINGS_LOOK, role) for (t, role), c in zip(texts, columns, strict=True)])
    flow.table(columns, rows, _FINDINGS_LOOK)


def _draw_mosaic(flow: Flow, record: Record, form: Form) -> None:
    """逐项结果: two columns of sections, each with one sign per item."""
    flow.heading(say("part.mosaic"), keep=40)
    signs = signs_of(record, form)
    half = (flow.width - 14) / 2
    label, step, row = 76.0, _SIDE + 1.6, 15.6
    across = int((half - label + 1.6) // step)
    sections = [
        (
            break_lines([Run(section.title.zh)], label - 8, 10.0, align=Align.LEFT),
            [signs[item.id] for item in section.items],
        )
        for section in form.sections
    ]
    for first in range(0, len(sections), 2):
        pair = sections[first : first + 2]
        height = row * max(max(len(lines), -(-len(found) // across)) for lines, found in pair)
        flow.need(height)
        for place, (lines, found) in enumerate(pair):
            x = flow.left + place * (half + 14)
            for count, line in enumerate(lines):
                flow.sheets.line(x, flow.y + count * row + baseline(row, 10.0), line)
            for count, sign in enumerate(found):
                sign_x = x + label + count % across * step
                draw_sign(flow.sheets, sign, sign_x, flow.y + count // across * row + (row - _SIDE) / 2, _SIDE)
        flow.y += height
    _draw_legend(flow)


def _draw_legend(flow: Flow) -> None:
    flow.need(16)
    x, side = flow.left, 7.6
    for sign in (Sign.PASS, Sign.GENERAL, Sign.MAJOR, Sign.NA):
        draw_sign(flow.sheets, sign, x, flow.y + 4.2, side)
        name = set_line(say(f"legend.{sign.value}"), 8.5)
        flow.sheets.line(x + side + 3, flow.y + baseline(16, 8.5), name, 0.2)
        x += side + name.right + 15
    flow.y += 16


def _draw_opinion(flow: Flow, title: str, text: str) -> None:
    flow.heading(title, keep=LEADING)
    lines = break_lines([Run(text.strip() or say("none"))], flow.width, TEXT, indent=2 * TEXT)
    flow.lines(lines, LEADING)


def _draw_signatures(flow: Flow, material: Material) -> None:
    """Handwriting in two or three columns; a side that has not signed gets an empty line to sign on paper."""
    inks = list(material.record.inks)
    inspectors = [ink for ink in inks if ink.role in _INSPECTORS]
    others = [ink for ink in inks if ink.role not in _INSPECTORS]
    cells: list[tuple[str, Ink | None]] = [*((say("sign.inspectors"), ink) for ink in inspectors)] or [
        (say("sign.inspectors"), None)
    ]
    cells += [*((_role(ink.role), ink) for ink in others)] or [(say("sign.escort"), None)]
    across = 2 if len(cells) <= 2 else 3
    width, height = flow.width / across, 56.0
    flow.y += 6
    for first in range(0, len(cells), across):
        row = cells[first : first + across]
        refusals = [_refusal(ink, width - 12) if ink else [] for _, ink in row]
        tall = max(height, *(40 + 13 * len(lines) for lines in refusals))
        flow.need(tall)
        for place, ((label, ink), refusal) in enumerate(zip(row, refusals, strict=True)):
            _draw_signature(flow, flow.left + place * width, width - 12, label, ink, refusal, material)
        flow.y += tall


def _role(role: str) -> str:
    try:
        return say(f"role.{role}")
    except KeyError:
        return role


def _refusal(ink: Ink, width: float) -> list[Line]:
    if not ink.refused.strip() and not ink.witness.strip():
        return []
    refused = ink.refused.strip()
    parts = [say("sign.refused", reason=refused) if refused else say("sign.refused_bare")]
    if ink.witness.strip():
        parts.append(say("sign.witness", name=ink.witness.strip()))
    return break_lines([Run(say("list").join(parts))], width, 9.5, align=Align.LEFT)


def _draw_signature(
    flow: Flow, x: float, width: float, label: str, ink: Ink | None, refusal: list[Line], material: Material
) -> None:
    sheets = flow.sheets
    name = set_line(label + say("colon"), 10.5)
    sheets.line(x, flow.y + 30, name)
    start, room = x + name.right + 4, width - name.right - 4
    if refusal:
        for count, line in enumerate(refusal):
            sheets.line(x, flow.y + 44 + 13 * count, line)
    picture = material.inks.get(ink.image) if ink and ink.image else None
    if picture is not None:
        box_width, box_height = _fit(picture, min(room, 170.0), 36.0)
        sheets.picture(picture, start, flow.y + 34 - box_height, box_width, box_height)
    elif not refusal:
        sheets.rule(start, flow.y + 33, start + min(room, 140.0), flow.y + 33, 0.5)
    if ink is not None and not refusal:
        when = f"{wording.day(ink.signed_at.date())} {wording.clock_time(ink.signed_at)}"
        signed = one_line([Run(f"{ink.name}　{when}")], 9.0)
        sheets.line(x, flow.y + 48, signed if signed.right <= width else _smaller(ink.name, when, width), 0.2)
    elif ink is None:
        blank = set_line(say("sign.date_blank"), 9.5)
        sheets.line(start + max(0.0, min(room, 140.0) - blank.right), flow.y + 48, blank)


def _smaller(name: str, when: str, width: float) -> Line:
    """A name too long for its line is set smaller rather than cut."""
    size = 9.0 * width / one_line([Run(f"{name}　{when}")], 9.0).right
    return one_line([Run(f"{name}　{when}")], max(size, 4.0))


def _fit(picture: bytes, width: float, height: float) -> tuple[float, float]:
    """The size of a signature's image inside a box."""
    pixels_x, pixels_y = open_ink(picture).size
    scale = min(width / pixels_x, height / pixels_y)
    return pixels_x * scale, pixels_y * scale
