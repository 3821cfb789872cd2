"""The record 检查数据: what a signed document says to machines.

`canonical_json(record)` is what is attached and signed.

Readers for every released format number stay for ever.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from safetyapp.domain.address import item_of
from safetyapp.domain.answer_kinds import Outcome
from safetyapp.domain.canonical import OPTIONAL
from safetyapp.domain.document import DocumentKind
from safetyapp.domain.form import Form, ItemId, Severity
from safetyapp.domain.handover import HandOver
from safetyapp.domain.inspection import FormRef, Ink, Inspection, InspectionId, InspectionType, PhotoLink, Sha256
from safetyapp.domain.judging import answer_at, outcome_at, score_of
from safetyapp.domain.places import Place, Skip, places
from safetyapp.domain.reckoned import Reckoned
from safetyapp.domain.school import PersonId, Role, School

RECORD_FORMAT = 1


@dataclass(frozen=True, slots=True)
class Author:
    """Who signs: the person, and the fingerprint (SHA-256, hex) of the certificate the signature is made with."""

    person: PersonId
    name: str
    role: Role
    certificate: str


@dataclass(frozen=True, slots=True)
class RecordedAnswer:
    """An answer and what it came to. `item` is its address (domain.address), `value` the text of its kind's one
    spelling (domain.values): pass, 1.15, 2026-11-05; a table's is its rows."""

    item: ItemId
    value: str
    outcome: Outcome
    answered_at: datetime
    case: str = ""
    readings: tuple[tuple[str, str], ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Calculated:
    """What a calculation came to, at an address."""

    item: ItemId
    value: str


@dataclass(frozen=True, slots=True)
class SkippedItem:
    item: ItemId
    why: Skip


@dataclass(frozen=True, slots=True)
class RecordedFile:
    """A kept file that an answer names; it travels in the document beside the record."""

    sha256: Sha256
    name: str


@dataclass(frozen=True, slots=True)
class RecordedScore:
    """The score as it stands in the document: points of so many, the grade by id and by name, and what vetoed."""

    points: Decimal
    possible: Decimal
    grade: str
    grade_label: str
    vetoes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RecordedFinding:
    """A finding with its number in this document; its id for ever is `{document id}/{number}`."""

    number: int
    item: ItemId
    question: str
    place: str
    text: str
    severity: Severity
    severity_reason: str
    criterion: str
    basis: tuple[str, ...]
    action: str
    deadline: date
    fixed_on_spot: bool
    repeats: str
    photos: tuple[str, ...]
    after_photos: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Record:
    """An inspection report's data. Field names are the JSON keys. `handed_over` is there only where the draft went from
    one inspector to another."""

    id: InspectionId
    made_at: datetime
    author: Author
    school: School
    site: str
    form: FormRef
    form_title: str
    inspected_on: date
    started_at: datetime
    type: InspectionType
    companions: tuple[str, ...]
    escort: str
    answers: tuple[RecordedAnswer, ...]
    calculated: tuple[Calculated, ...]
    score: RecordedScore | None
    skipped: tuple[SkippedItem, ...]
    findings: tuple[RecordedFinding, ...]
    photos: tuple[PhotoLink, ...]
    files: tuple[RecordedFile, ...]
    opinion: str
    school_opinion: str
    inks: tuple[Ink, ...]
    app_version: str
    supersedes: InspectionId | None = None
    kind: DocumentKind = DocumentKind.INSPECTION_REPORT
    format: int = RECORD_FORMAT
    handed_over: tuple[HandOver, ...] = field(default=(), metadata=OPTIONAL)

    def count(self, outcome: Outcome) -> int:
        return sum(1 for a in self.answers if a.outcome is outcome)

    def count_findings(self, severity: Severity) -> int:
        return sum(1 for f in self.findings if f.severity is severity)


def make_record(
    inspection: Inspection,
    form: Form,
    reckoned: Reckoned,
    author: Author,
    inks: tuple[Ink, ...],
    made_at: datetime,
    app_version: str,
) -> Record:
    """The record of a complete inspection. Findings are numbered from 1 in the order of the form; those of an item
    that no longer fails are left out, and so are answers and photos where a condition is closed or a row is gone."""
    every = tuple(places(form, inspection, reckoned))
    asked = tuple(p for p in every if p.skip is None)
    results = {p.address: o for p in asked if (o := outcome_at(form, inspection, p, reckoned)) is not None}
    answers = tuple(a for p in asked if (a := _recorded(inspection, p, reckoned, results)) is not None)
    return Record(
        id=inspection.id,
        made_at=made_at,
        author=author,
        school=inspection.school,
        site=inspection.site,
        form=inspection.form,
        form_title=form.title.zh,
        inspected_on=inspection.inspected_on,
        started_at=inspection.started_at,
        type=inspection.type,
        companions=inspection.companions,
        escort=inspection.escort,
        answers=answers,
        calculated=tuple(
            Calculated(p.address, reckoned.calculated[p.address])
            for p in asked
            if p.address in reckoned.calculated and not p.item.answer.kind.is_asked
        ),
        score=_score(form, inspection, reckoned),
        skipped=tuple(SkippedItem(p.address, p.skip) for p in every if p.skip and p.item.answer.kind.is_asked),
        findings=_numbered(inspection, asked, results, reckoned),
        photos=_in_order(inspection, every),
        files=_files(answers, form),
        opinion=inspection.opinion,
        school_opinion=inspection.school_opinion,
        inks=inks,
        app_version=app_version,
        supersedes=inspection.supersedes,
        handed_over=inspection.hand_overs,
    )


def _files(answers: tuple[RecordedAnswer, ...], form: Form) -> tuple[RecordedFile, ...]:
    """The kept files that the answers name, each once."""
    kinds = {item.id: item.answer.kind for item in form.every_item()}
    named: dict[Sha256, str] = {}
    for answer in answers:
        kind = kinds.get(item_of(answer.item))
        if kind is not None and kind.is_file and answer.outcome is not Outcome.NA:
            sha256, _, name = answer.value.partition("/")
            named.setdefault(Sha256(sha256), name)
    return tuple(RecordedFile(sha256, name) for sha256, name in named.items())


def _in_order(inspection: Inspection, every: tuple[Place, ...]) -> tuple[PhotoLink, ...]:
    order = {place.address: n for n, place in enumerate(every) if place.skip is not Skip.CONDITION}
    seen = [link for link in inspection.photos if link.item in order]
    return tuple(sorted(seen, key=lambda link: (order[link.item], link.position)))


def _recorded(
    inspection: Inspection, place: Place, reckoned: Reckoned, results: Mapping[ItemId, Outcome]
) -> RecordedAnswer | None:
    """What stands at a place; None where nothing does, and for photos, which are listed by themselves."""
    answer = answer_at(inspection, place, reckoned)
    if answer is None:
        return None
    return RecordedAnswer(
        item=place.address,
        value=answer.value,
        outcome=results[place.address],
        answered_at=answer.answered_at,
        case=answer.case,
        readings=tuple((r.id, r.value) for r in answer.readings),
        note=answer.note,
    )


def _score(form: Form, inspection: Inspection, reckoned: Reckoned) -> RecordedScore | None:
    score = score_of(form, inspection, reckoned)
    if score is None or form.scoring is None:
        return None
    grade = form.scoring.grade(score.grade)
    return RecordedScore(score.points, score.possible, score.grade, grade.label.zh if grade else "", score.vetoes)


def _numbered(
    inspection: Inspection, asked: tuple[Place, ...], results: Mapping[ItemId, Outcome], reckoned: Reckoned
) -> tuple[RecordedFinding, ...]:
    live = [
        (place.address, place.item, finding)
        for place in asked
        if results.get(place.address) is Outcome.FAIL
        for finding in inspection.findings_of(place.address)
    ]
    return tuple(
        RecordedFinding(
            number=number,
            item=address,
            question=reckoned.wordings.get(address, item.question).zh,
            place=finding.place,
            text=finding.text,
            severity=finding.severity,
            severity_reason=finding.severity_reason,
            criterion=finding.criterion,
            basis=finding.basis,
            action=finding.action,
            deadline=finding.deadline,
            fixed_on_spot=finding.fixed_on_spot,
            repeats=finding.repeats,
            photos=tuple(p.photo.original for p in inspection.photos_of(address, after=False)),
            after_photos=tuple(p.photo.original for p in inspection.photos_of(address, after=True)),
        )
        for number, (address, item, finding) in enumerate(live, start=1)
    )
