"""The pages of a re-inspection 复查意见书: what became of each finding of a notice, the opinions and signatures of both
sides with a place for the office's seal, and the photos before and after."""

from __future__ import annotations

from collections import Counter

from safetyapp.documents import wording
from safetyapp.documents.flow import Cell, Column, Flow
from safetyapp.documents.fonts import FontRole
from safetyapp.documents.material import Material
from safetyapp.documents.pages_annex import draw_missing
from safetyapp.documents.pages_frame import begin, draw_feet
from safetyapp.documents.pages_pairs import Told, draw_pairs
from safetyapp.documents.pages_parts import (
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
from safetyapp.documents.typeset import Align, Run
from safetyapp.documents.wording import say
from safetyapp.domain.inspection import Ink
from safetyapp.domain.reinspection import CheckedFinding, Conclusion, Reinspection

_OPEN = frozenset({Conclusion.PARTLY, Conclusion.NOT_FIXED})
_INSPECTORS = frozenset({"inspector", "companion", "office"})
_LOOKING = 2
"""People look at it again; each has a place to sign."""


def lay_out_reinspection(record: Reinspection, material: Material) -> Sheets:
    """All pages of the re-inspection. Raises Problem photo-missing, ink-broken."""
    flow = begin(record, material.record_hash, record.title)
    _draw_head(flow, record)
    draw_summary(flow, figures(_count(record)))
    closing = (record.issuer, wording.day(record.dated_on))
    signing = Sealed(flow, _signing(record), material.inks, say("reinspection.seal"), closing)
    parts = Parts(flow, signing.height)
    _draw_results(flow, parts, record)
    parts.text(say("reinspection.opinion"), record.opinion)
    parts.text(say("reinspection.school_opinion"), record.school_opinion, last=True)
    signing.draw()
    draw_pairs(flow, record, [_told(one) for one in record.findings], material.photos)
    draw_missing(flow)
    draw_feet(flow.sheets, material.record_hash)
    return flow.sheets


def _draw_head(flow: Flow, record: Reinspection) -> None:
    names = say("names")
    responses = names.join(ref.number for ref in record.responses) or say("reinspection.no_response")
    rows = [
        [(say("reinspection.school"), record.school.name)],
        [
            (say("reinspection.notice"), record.notice.number),
            (say("reinspection.date"), wording.day(record.dated_on)),
        ],
        [
            (say("reinspection.inspectors"), names.join((record.author.name, *record.inspectors))),
            (say("reinspection.escort"), record.escort),
        ],
        [(say("reinspection.issuer"), record.issuer), (say("reinspection.responses"), responses)],
    ]
    if record.supersedes:
        rows.append([(say("pairs.superseded"), record.supersedes)])
    draw_head(flow, rows)


def _count(record: Reinspection) -> str:
    counted = Counter(one.conclusion for one in record.findings)
    parts = [say("reinspection.counts", conclusion=_word(kind), n=counted[kind]) for kind in Conclusion]
    return say("reinspection.count", n=len(record.findings)) + say("colon") + say("comma").join(parts)


def _word(conclusion: Conclusion) -> str:
    return say(f"reinspection.word.{conclusion.value}")


def _marked(conclusion: Conclusion) -> str:
    return say(f"reinspection.mark.{conclusion.value}") + _word(conclusion)


def _draw_results(flow: Flow, parts: Parts, record: Reinspection) -> None:
    number = number_width(say("reinspection.number"), record.findings)
    fixed = (number, 64.0, 82.0)
    half = (flow.width - sum(fixed)) / 2
    widths = (number, half, half, *fixed[1:])
    aligns = (Align.CENTER, *[Align.LEFT] * 4)
    keys = ("number", "finding", "fact", "conclusion", "deadline")
    columns = [
        Column(say(f"reinspection.{key}"), width, align) for key, width, align in zip(keys, widths, aligns, strict=True)
    ]
    parts.table(say("reinspection.results"), columns, [_row(columns, one, record) for one in record.findings])


def _row(columns: list[Column], one: CheckedFinding, record: Reinspection) -> list[Cell]:
    """What is not fixed stands out by 黑体 and its mark."""
    number, finding, fact, conclusion, deadline = columns
    role = _role(one)
    return [
        number_cell(number, one.finding, role),
        finding_cell(finding, one.finding),
        cell(fact, Run(one.fact.strip() or say("empty"))),
        cell(conclusion, Run(_marked(one.conclusion), role)),
        cell(deadline, *_deadline(one, record)),
    ]


def _role(one: CheckedFinding) -> FontRole:
    return FontRole.HEI if one.conclusion in _OPEN else FontRole.SONG


def _deadline(one: CheckedFinding, record: Reinspection) -> list[Run]:
    """The new day and, so that no date changes silently, the one before; a dash where nothing is left to do."""
    new = one.new_deadline
    runs = [Run(wording.short_day(new, record.dated_on), FontRole.HEI)] if new else [Run(say("pairs.dash"))]
    if one.conclusion in _OPEN or new:
        former = wording.short_day(one.finding.deadline, record.dated_on)
        runs.append(Run("\n" + say("reinspection.former", date=former)))
    return runs


def _signing(record: Reinspection) -> list[tuple[str, Ink | None]]:
    """Two who looked, and the school; where one has not signed by hand there is a line to sign on paper."""
    inspectors: list[Ink | None] = [ink for ink in record.inks if ink.role in _INSPECTORS]
    school: list[Ink | None] = [ink for ink in record.inks if ink.role not in _INSPECTORS]
    inspectors += [None] * (_LOOKING - len(inspectors))
    return [
        *((say("reinspection.sign_inspectors"), ink) for ink in inspectors),
        *((say("reinspection.sign_school"), ink) for ink in school or [None]),
    ]


def _told(one: CheckedFinding) -> Told:
    return Told(
        one,
        [
            (say("pairs.text"), Run(one.finding.text)),
            (say("reinspection.detail_fact"), Run(one.fact)),
            (say("reinspection.detail_conclusion"), Run(_marked(one.conclusion), _role(one))),
        ],
    )
