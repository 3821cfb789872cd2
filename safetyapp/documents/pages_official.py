"""The pages of the three official papers: notice 通知, supervision 督办通知, extension 批复, in the record's words.

An empty sentence of the record is left out; where a paper cannot do without one, it says the record's facts.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

from safetyapp.documents import wording
from safetyapp.documents.fonts import FontRole
from safetyapp.documents.material import Material
from safetyapp.documents.official import (
    PITCH,
    Grid,
    Row,
    closing,
    draw_numbers,
    heading,
    paragraph,
    set_rows,
    sign_rows,
)
from safetyapp.documents.official_annex import draw_annex, number_photos
from safetyapp.documents.official_foot import draw_code, draw_foot
from safetyapp.documents.official_head import draw_head
from safetyapp.documents.pages_photos import Named
from safetyapp.documents.sheet import Sheets
from safetyapp.documents.typeset import Run
from safetyapp.documents.wording import say
from safetyapp.domain.any_record import number_of
from safetyapp.domain.form import Severity
from safetyapp.domain.notice import (
    Duties,
    ExtendedFinding,
    Extension,
    Notice,
    NoticedFinding,
    SupervisedFinding,
    SupervisedFor,
    Supervision,
)
from safetyapp.domain.paper import FindingRef

OfficialPaper: TypeAlias = Notice | Supervision | Extension


def lay_out_official(paper: OfficialPaper, material: Material) -> Sheets:
    """All pages of the paper. Raises Problem photo-missing."""
    grid = Grid()
    numbers = number_photos(paper)
    text = _text(paper, numbers)
    count = len(numbers)
    annex = say("official.annex_title", n=count) if count else ""
    with_to = draw_head(grid, paper.issuer, number_of(paper), " ".join(paper.title.split()), paper.school.name, text)
    grid.flow(closing(text, _tail(paper, annex)))
    used = draw_annex(grid, paper, annex, numbers, material.photos) if annex else grid.y
    parts: list[tuple[str, Sequence[str]]] = [] if with_to else [(say("official.sent_to"), (paper.school.name,))]
    if paper.copies_to:
        parts.append((say("official.copied_to"), paper.copies_to))
    printed = say("official.printed", date=wording.day(paper.dated_on))
    draw_foot(grid, parts, " ".join((paper.printed_by.strip() or paper.issuer).split()), printed, used)
    draw_code(grid, paper.id, material.record_hash)
    draw_numbers(grid)
    return grid.sheets


def _text(paper: OfficialPaper, numbers: dict[str, int]) -> list[Row]:
    match paper:
        case Notice():
            return _notice(paper, numbers)
        case Supervision():
            return _supervision(paper)
        case Extension():
            return _extension(paper)


def _tail(paper: OfficialPaper, annex: str) -> list[Row]:
    """附件说明, 署名, 成文日期 and 附注."""
    rows: list[Row] = []
    if annex:
        rows += [Row(), *set_rows(Run(say("official.annex_line", title=annex), FontRole.FANG), hang=5 * PITCH)]
    parts = []
    if paper.contact.strip():
        parts.append(say("official.contact", name=paper.contact.strip()))
    if paper.phone.strip():
        parts.append(say("official.phone", phone=paper.phone.strip()))
    notes = paragraph(say("official.note", parts=say("official.space").join(parts))) if parts else []
    return [*rows, *sign_rows(" ".join(paper.issuer.split()), wording.day(paper.dated_on), notes)]


class _Sections:
    """一、 二、 三、 as they come; a section without text is left out and takes no number."""

    def __init__(self) -> None:
        self.rows: list[Row] = []
        self._count = 0

    def add(self, title: str, *paragraphs: Sequence[Row]) -> None:
        filled = [row for rows in paragraphs for row in rows]
        if not filled:
            return
        self._count += 1
        self.rows += heading(say("official.heading", n=chinese_number(self._count), title=title))
        self.rows += filled

    def plain(self, rows: Sequence[Row]) -> None:
        self.rows += rows


def _notice(paper: Notice, numbers: dict[str, int]) -> list[Row]:
    sections = _Sections()
    opening = paper.opening.strip() or say(
        "official.notice_opening",
        date=wording.day(paper.inspected_on),
        inspectors=say("names").join(paper.inspectors),
        type=say(f"type.{paper.inspection_type.value}"),
        n=len(paper.findings),
    )
    sections.plain(paragraph(opening))
    sections.add(say("official.findings"), *(_noticed(paper, finding, numbers) for finding in paper.findings))
    sections.add(say("official.demands"), paragraph(paper.demand), paragraph(paper.interim))
    reply = paper.reply.strip() or say("official.reply_by", date=wording.day(paper.reply_by))
    sections.add(say("official.replies"), paragraph(reply), paragraph(paper.consequence))
    return sections.rows


def _noticed(paper: Notice, noticed: NoticedFinding, numbers: dict[str, int]) -> list[Row]:
    finding = noticed.finding
    fact = _clause(finding.text)
    criterion = noticed.criterion.strip() if finding.severity is Severity.MAJOR else ""
    bases = [basis.strip() for basis in noticed.basis if basis.strip() not in ("", criterion)]
    if bases:
        fact = say("official.against", text=fact, basis=say("names").join(bases))
    named = Named(paper.photos)
    keys = [named.key(finding.finding, original) for original in noticed.photos]
    shown = [numbers[key] for key in keys if key in numbers]
    if shown:
        fact = say("official.see", text=fact, photos=wording.photo_names(shown))
    deadline = "at_once" if finding.deadline <= paper.dated_on else "deadline"
    sentences = [
        say("official.stop", text=fact),
        _level(finding, noticed.criterion),
        say("official.action", action=_clause(noticed.action)) if noticed.action.strip() else "",
        say(f"official.{deadline}", date=wording.day(finding.deadline)),
    ]
    return paragraph("".join(sentences), _place(finding))


def _level(finding: FindingRef, criterion: str = "") -> str:
    match finding.severity:
        case Severity.MAJOR if criterion.strip():
            return say("official.major_by", criterion=_clause(criterion))
        case Severity.MAJOR:
            return say("official.major")
        case Severity.CANDIDATE:
            return say("official.candidate")
        case _:
            return ""


def _supervision(paper: Supervision) -> list[Row]:
    sections = _Sections()
    sections.plain(paragraph(paper.opening.strip() or say("official.supervision_opening", n=len(paper.findings))))
    sections.add(
        say("official.supervised"),
        *(_supervised(paper, finding, place) for place, finding in enumerate(paper.findings, start=1)),
    )
    sections.add(
        say("official.supervision_demands"),
        paragraph(paper.demand),
        paragraph(say("official.progress_by", date=wording.day(paper.reply_by))),
        paragraph(say("official.leader", name=_clause(paper.leader))) if paper.leader.strip() else [],
        paragraph(paper.consequence),
    )
    return sections.rows


def _supervised(paper: Supervision, supervised: SupervisedFinding, place: int) -> list[Row]:
    finding = supervised.finding
    day = wording.day(finding.deadline)
    sentences = [
        say("official.stop", text=_clause(finding.text)),
        say("official.from_notice", notice=supervised.notice.strip(), n=finding.number, date=day)
        if supervised.notice.strip()
        else say("official.without_notice", n=finding.number, date=day),
        say("official.overdue", date=wording.day(paper.dated_on), n=supervised.overdue_days)
        if supervised.overdue_days > 0
        else "",
    ]
    if supervised.why is SupervisedFor.MAJOR:
        sentences.append(say("official.supervised_major"))
    else:
        sentences += [_level(finding), "" if supervised.overdue_days > 0 else say("official.supervised_overdue")]
    rows = paragraph("".join(sentences), _place(finding, place))
    return [*rows, *_duties(supervised.duties)]


def _duties(duties: Duties) -> list[Row]:
    """五落实 as numbered lines; what the record leaves empty takes no number."""
    said = (
        say(f"official.{name}", text=_clause(text))
        for name, text in (
            ("responsible", duties.responsible),
            ("measures", duties.measures),
            ("money", duties.money),
            ("time", duties.time),
            ("plan", duties.plan),
        )
        if text.strip()
    )
    return [row for n, text in enumerate(said, start=1) for row in paragraph(say("official.duty", n=n, text=text))]


def _extension(paper: Extension) -> list[Row]:
    sections = _Sections()
    if paper.response is not None:
        opening = say("official.extension_opening", response=paper.response.number, notice=paper.notice.number)
    else:
        opening = say("official.extension_opening_bare", notice=paper.notice.number)
    sections.plain(paragraph(opening))
    sections.add(
        say("official.decisions"),
        paragraph(paper.decision),
        *(_extended(finding, place) for place, finding in enumerate(paper.findings, start=1)),
    )
    sections.add(say("official.reasons"), paragraph(_sentence(paper.reason)))
    sections.add(say("official.interims"), paragraph(_sentence(paper.interim)))
    return sections.rows


def _extended(extended: ExtendedFinding, place: int) -> list[Row]:
    finding = extended.finding
    day = wording.day(finding.deadline)
    sentences = [
        say("official.stop", text=_clause(finding.text)),
        say("official.former", n=finding.number, date=day),
        say("official.asked", date=wording.day(extended.asked)) if extended.asked else "",
        say("official.granted", date=wording.day(extended.granted))
        if extended.granted
        else say("official.refused", date=day),
    ]
    return paragraph("".join(sentences), _place(finding, place))


def _place(finding: FindingRef, number: int = 0) -> str:
    """（一）行政楼三层办公室。"""
    place = _clause(finding.place) or say("official.nowhere")
    return say("official.item", n=chinese_number(number or finding.number), text=place)


def _clause(text: str) -> str:
    """Text as a part of a sentence: on one line, without the mark at its end."""
    return " ".join(text.split()).rstrip("。；;，,、 ")


def _sentence(text: str) -> str:
    """A clause as a sentence of its own; nothing stays nothing."""
    return say("official.stop", text=_clause(text)) if _clause(text) else ""


def chinese_number(number: int) -> str:
    """一, 十二, 一百零五: up to 9999."""
    digits, tens = say("official.digits"), say("official.tens")
    said, empty = "", False
    for power, figure in zip(range(len(str(number)) - 1, -1, -1), str(number), strict=True):
        if figure == "0":
            empty = bool(said)
            continue
        said += (digits[0] if empty else "") + digits[int(figure)] + (tens[power - 1] if power else "")
        empty = False
    return said.removeprefix(digits[1]) if said.startswith(digits[1] + tens[0]) else said
