"""The record 检查数据: what a signed document says to machines.

`canonical_json(record)` is what is attached and signed.

Readers for every released format number stay for ever.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from safetyapp.domain.document import DocumentKind
from safetyapp.domain.form import Form, ItemId, Severity
from safetyapp.domain.inspection import (
    FormRef,
    Ink,
    Inspection,
    InspectionId,
    InspectionType,
    Outcome,
    PhotoLink,
    ReadingValue,
    Skip,
    outcomes,
    skipped,
)
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
    """An answer and what it came to. `value` is text: pass, 1.15, 2026-11-05."""

    item: ItemId
    value: str
    outcome: Outcome
    answered_at: datetime
    case: str = ""
    readings: tuple[tuple[str, str], ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class SkippedItem:
    item: ItemId
    why: Skip


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
    photos: tuple[str, ...]
    after_photos: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Record:
    """An inspection report's data. Field names are the JSON keys."""

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
    skipped: tuple[SkippedItem, ...]
    findings: tuple[RecordedFinding, ...]
    photos: tuple[PhotoLink, ...]
    opinion: str
    school_opinion: str
    inks: tuple[Ink, ...]
    app_version: str
    supersedes: InspectionId | None = None
    kind: DocumentKind = DocumentKind.INSPECTION_REPORT
    format: int = RECORD_FORMAT

    def count(self, outcome: Outcome) -> int:
        return sum(1 for a in self.answers if a.outcome is outcome)

    def count_findings(self, severity: Severity) -> int:
        return sum(1 for f in self.findings if f.severity is severity)


def make_record(
    inspection: Inspection, form: Form, author: Author, inks: tuple[Ink, ...], made_at: datetime, app_version: str
) -> Record:
    """The record of a complete inspection. Findings are numbered from 1 in the order of the form; those of an item
    that no longer fails are left out."""
    results = outcomes(form, inspection)
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
        answers=tuple(_recorded(inspection, item, outcome) for item, outcome in results.items()),
        skipped=tuple(SkippedItem(item, why) for item, why in skipped(form, inspection).items()),
        findings=_numbered(inspection, form, results),
        photos=_in_order(inspection, form),
        opinion=inspection.opinion,
        school_opinion=inspection.school_opinion,
        inks=inks,
        app_version=app_version,
        supersedes=inspection.supersedes,
    )


def _in_order(inspection: Inspection, form: Form) -> tuple[PhotoLink, ...]:
    order = {item.id: place for place, item in enumerate(form.items())}
    return tuple(sorted(inspection.photos, key=lambda link: (order.get(link.item, len(order)), link.position)))


def _recorded(inspection: Inspection, item: ItemId, outcome: Outcome) -> RecordedAnswer:
    answer = inspection.answers[item]
    return RecordedAnswer(
        item=item,
        value=answer.text(),
        outcome=outcome,
        answered_at=answer.answered_at,
        case=answer.case,
        readings=tuple((r.id, _reading_text(r)) for r in answer.readings),
        note=answer.note,
    )


def _reading_text(reading: ReadingValue) -> str:
    return reading.value.isoformat() if isinstance(reading.value, date) else format(reading.value, "f")


def _numbered(inspection: Inspection, form: Form, results: dict[ItemId, Outcome]) -> tuple[RecordedFinding, ...]:
    live = [
        (item, finding)
        for item in form.items()
        if results.get(item.id) is Outcome.FAIL
        for finding in inspection.findings_of(item.id)
    ]
    return tuple(
        RecordedFinding(
            number=number,
            item=item.id,
            question=item.question.zh,
            place=finding.place,
            text=finding.text,
            severity=finding.severity,
            severity_reason=finding.severity_reason,
            criterion=finding.criterion,
            basis=finding.basis,
            action=finding.action,
            deadline=finding.deadline,
            fixed_on_spot=finding.fixed_on_spot,
            photos=tuple(p.photo.original for p in inspection.photos_of(item.id, after=False)),
            after_photos=tuple(p.photo.original for p in inspection.photos_of(item.id, after=True)),
        )
        for number, (item, finding) in enumerate(live, start=1)
    )
