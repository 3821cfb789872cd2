"""The pages of an inspection report 检查记录: what both sides sign on the first page, what supports it from the next.

Drawn from the record and the form alone. Nothing is left out for lack of room: pages are added instead.
"""

from __future__ import annotations

from safetyapp.documents import answers, wording
from safetyapp.documents.entries import Filled, is_checklist
from safetyapp.documents.flow import Column, Flow, TableLook, set_cell
from safetyapp.documents.fonts import FontRole
from safetyapp.documents.material import Material
from safetyapp.documents.pages_annex import draw_details, draw_missing, draw_other_photos
from safetyapp.documents.pages_frame import HEAD_LOOK, LABEL, SMALL_HEAD_LOOK, begin, draw_feet, head_row
from safetyapp.documents.pages_items import draw_items, draw_wide_tables
from safetyapp.documents.pages_photos import number_photos
from safetyapp.documents.pages_signatures import draw_signatures
from safetyapp.documents.pages_summary import draw_mosaic, draw_score, draw_totals
from safetyapp.documents.pages_written import draw_written
from safetyapp.documents.sheet import Sheets
from safetyapp.documents.signs import signs_of
from safetyapp.documents.typeset import Align, Run, break_lines, set_line, text_width
from safetyapp.documents.wording import say
from safetyapp.domain.form import Form, Severity
from safetyapp.domain.record import Record

TEXT, LEADING = 10.5, 17.0
_FINDINGS_LOOK = TableLook(size=10.0, leading=14.5, pad_x=5.0, pad_y=3.4)
_SIGNED = 14.0
"""How much wider the level's column is where it holds 重大候选."""

_NARROWEST_PLACE, _WIDEST_PLACE = 70.0, 116.0
"""The width of the column 部位: what the longest place takes."""


def lay_out_inspection(record: Record, form: Form, material: Material) -> Sheets:
    """All pages of the report. A form that records more than it judges shows what was written down first, and no list
    of what is right."""
    filled = Filled(record, form, material.files, material.sizes, number_photos(record))
    flow = begin(record, material.record_hash, document_title(record, form))
    judges = is_checklist(form)
    _draw_head(flow, filled, HEAD_LOOK if judges else SMALL_HEAD_LOOK)
    if judges:
        _draw_checklist(flow, material, filled)
    else:
        _draw_written(flow, material, filled)
    draw_missing(flow)
    draw_feet(flow.sheets, material.record_hash)
    return flow.sheets


def document_title(record: Record, form: Form) -> str:
    """学校安全检查记录; where a form is no checklist, the form's own title."""
    if is_checklist(form):
        return say("title")
    return " ".join(form_title(record, form).split()) or say("title")


def form_title(record: Record, form: Form) -> str:
    return record.form_title.strip() or answers.words(form.title)


def _draw_checklist(flow: Flow, material: Material, filled: Filled) -> None:
    record = filled.record
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
    record = filled.record
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


def _draw_head(flow: Flow, filled: Filled, look: TableLook) -> None:
    """The head table: one wide row for the school, then pairs."""
    record = filled.record
    inspectors = say("names").join([record.author.name, *record.companions])
    wide = [(say("head.school"), record.school.name), (say("head.site"), record.site)]
    if record.supersedes:
        wide.append((say("head.supersedes"), record.supersedes))
    pairs = [
        ((say("head.date"), wording.day(record.inspected_on)), (say("head.type"), say(f"type.{record.type.value}"))),
        ((say("head.inspectors"), inspectors), (say("head.escort"), record.escort)),
    ]
    form = say("version", title=form_title(record, filled.form), version=record.form.version)
    label, half = LABEL, (flow.width - 2 * LABEL) / 2
    head_row(flow, [wide[0]], label, flow.width - label, look)
    for pair in pairs:
        head_row(flow, list(pair), label, half, look)
    head_row(flow, [wide[1], (say("head.form"), form)], label, half, look)
    for extra in wide[2:]:
        head_row(flow, [extra], label, flow.width - label, look)
    flow.y += 10 if look is HEAD_LOOK else 4


def _draw_findings(flow: Flow, record: Record, title: str = "") -> None:
    title = title or say("part.findings")
    if not record.findings:
        flow.heading(title, keep=LEADING, level=1)
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
    flow.heading(title, keep=flow.beginning(rows, _FINDINGS_LOOK) + 1, level=1)
    flow.table(columns, rows, _FINDINGS_LOOK)


def _draw_opinion(flow: Flow, title: str, text: str) -> None:
    flow.heading(title, keep=LEADING, level=1)
    lines = break_lines([Run(text.strip() or say("none"))], flow.width, TEXT, indent=2 * TEXT)
    flow.lines(lines, LEADING)
