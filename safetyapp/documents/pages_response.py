"""The pages of the school's answer 整改回复: what was done about each finding, what it asks more time for, the
signature of its head with a place for the school's seal, and the photos before and after."""

from __future__ import annotations

from decimal import Decimal

from safetyapp.documents import wording
from safetyapp.documents.flow import Cell, Column, Flow, set_cell
from safetyapp.documents.fonts import FontRole
from safetyapp.documents.material import Material
from safetyapp.documents.pages_annex import draw_missing
from safetyapp.documents.pages_frame import HEAD_LOOK, begin, draw_feet, head_row
from safetyapp.documents.pages_pairs import Told, draw_pairs
from safetyapp.documents.pages_parts import (
    TABLE_LOOK,
    Parts,
    cell,
    draw_head,
    draw_summary,
    figures,
    finding_cell,
    number_cell,
    number_width,
)
from safetyapp.documents.pages_signatures import Sealed
from safetyapp.documents.sheet import Sheets
from safetyapp.documents.typeset import Align, Run, text_width
from safetyapp.documents.wording import say
from safetyapp.domain.inspection import Ink
from safetyapp.domain.response import ExtensionRequest, FindingResponse, Response

_REQUEST_LABEL = 72.0


def lay_out_response(record: Response, material: Material) -> Sheets:
    """All pages of the answer. Raises Problem photo-missing, ink-broken."""
    flow = begin(record, material.record_hash, record.title)
    _draw_head(flow, record)
    draw_summary(flow, figures(_count(record)))
    label = say("response.sign")
    cells: list[tuple[str, Ink | None]] = [(label, ink) for ink in record.inks] or [(label, None)]
    closing = (record.school.name, wording.day(record.dated_on))
    signing = Sealed(flow, cells, material.inks, say("response.seal"), closing)
    parts = Parts(flow, signing.height)
    _draw_results(flow, parts, record)
    if record.request is not None:
        _draw_request(flow, parts, record, record.request)
    if record.note.strip():
        parts.text(say("response.note"), record.note, last=True)
    signing.draw()
    draw_pairs(flow, record, [_told(one, record) for one in record.findings], material.photos)
    draw_missing(flow)
    draw_feet(flow.sheets, material.record_hash)
    return flow.sheets


def _draw_head(flow: Flow, record: Response) -> None:
    rows = [
        [(say("response.school"), record.school.name)],
        [(say("response.to"), record.addressed_to)],
        [
            (say("response.notice"), record.notice.number),
            (say("response.date"), wording.day(record.dated_on)),
        ],
        [(say("response.principal"), record.principal), (say("response.author"), record.author.name)],
    ]
    if record.supersedes:
        rows.append([(say("pairs.superseded"), record.supersedes)])
    draw_head(flow, rows)


def _count(record: Response) -> str:
    """共N项，已完成M项，未完成K项, and what it cost where somebody says so."""
    done = sum(one.completed_on is not None for one in record.findings)
    total = len(record.findings)
    said = say("response.count", n=total, done=done, open=total - done)
    costs = [one.cost for one in record.findings if one.cost is not None]
    return said + say("response.cost", yuan=_yuan(sum(costs, Decimal(0)))) if costs else said


def _yuan(cost: Decimal) -> str:
    return format(cost, "f")


def _draw_results(flow: Flow, parts: Parts, record: Response) -> None:
    number = number_width(say("response.number"), record.findings)
    days = [wording.short_day(one.planned_on or one.finding.deadline, record.dated_on) for one in record.findings]
    day = max((text_width(text, TABLE_LOOK.size, FontRole.HEI) for text in days), default=0.0)
    fixed = (number, 57.0, max(67.0, day + 2 * TABLE_LOOK.pad_x + 1), 67.0)
    half = (flow.width - sum(fixed)) / 2
    widths = (number, half, half, *fixed[1:])
    aligns = (Align.CENTER, *[Align.LEFT] * 5)
    keys = ("number", "finding", "measure", "responsible", "completed", "money")
    columns = [
        Column(say(f"response.{key}"), width, align) for key, width, align in zip(keys, widths, aligns, strict=True)
    ]
    parts.table(say("response.results"), columns, [_row(columns, one, record) for one in record.findings])


def _row(columns: list[Column], one: FindingResponse, record: Response) -> list[Cell]:
    number, finding, measure, responsible, completed, money = columns
    return [
        number_cell(number, one.finding),
        finding_cell(finding, one.finding),
        cell(measure, *_measure(one)),
        cell(responsible, Run(one.responsible.strip() or say("empty"))),
        cell(completed, *_completed(one, record)),
        cell(money, Run(_money(one))),
    ]


def _measure(one: FindingResponse) -> list[Run]:
    """What was done; where it is not finished also why, and what guards it meanwhile."""
    runs = [Run(one.measure.strip() or say("empty"))]
    if one.completed_on is None:
        for key, text in (("why", one.unfinished), ("interim", one.interim)):
            runs += [Run("\n" + say(f"response.{key}"), FontRole.HEI), Run(text.strip() or say("empty"))]
    return runs


def _completed(one: FindingResponse, record: Response) -> list[Run]:
    if one.completed_on is not None:
        return [Run(wording.short_day(one.completed_on, record.dated_on))]
    runs = [Run(say("response.open"), FontRole.HEI)]
    if one.planned_on is not None:
        planned = wording.short_day(one.planned_on, record.dated_on)
        runs.append(Run("\n" + say("response.planned", date=planned), FontRole.HEI))
    due = wording.short_day(one.finding.deadline, record.dated_on)
    return [*runs, Run("\n" + say("response.due", date=due))]


def _money(one: FindingResponse) -> str:
    parts = [say("response.yuan", yuan=_yuan(one.cost))] if one.cost is not None else []
    if one.cost_source.strip():
        parts.append(one.cost_source.strip())
    return "\n".join(parts) or say("pairs.dash")


def _draw_request(flow: Flow, parts: Parts, record: Response, request: ExtensionRequest) -> None:
    """延期申请 in a table of its own."""
    known = {one.finding.finding: one.finding for one in record.findings}
    names = [
        say("response.request_finding", number=known[key].number, date=wording.day(known[key].deadline))
        if key in known
        else key
        for key in request.findings
    ]
    rows = (
        ("response.request_findings", say("names").join(names)),
        ("response.request_until", wording.day(request.until)),
        ("response.request_reason", request.reason),
        ("response.request_interim", request.interim),
    )
    width = flow.width - _REQUEST_LABEL
    texts = [len(set_cell(text, Column("", width, Align.LEFT), HEAD_LOOK)) for _, text in rows]
    tall = sum(max(1, lines) * HEAD_LOOK.leading + 2 * HEAD_LOOK.pad_y for lines in texts)
    last = not record.note.strip()
    parts.heading(say("response.request"), keep=parts.keep(tall) if last else min(tall, 200.0))
    for key, text in rows:
        head_row(flow, [(say(key), text)], _REQUEST_LABEL, width, HEAD_LOOK)


def _told(one: FindingResponse, record: Response) -> Told:
    joint = say("list")
    left = [one.unfinished, one.interim] if one.completed_on is None else []
    return Told(
        one,
        [
            (say("pairs.text"), Run(one.finding.text)),
            (say("response.detail_measure"), Run(one.measure)),
            (say("response.detail_open"), Run(joint.join(text for text in left if text.strip()))),
        ],
    )
