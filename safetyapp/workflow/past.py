"""What was found at a school before: of each item the answers in the last reports, and the findings that stand open."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from safetyapp.domain.answer_kinds import Outcome
from safetyapp.domain.document import DocumentKind, DocumentQuery, DocumentRow
from safetyapp.domain.form import ItemId, Severity
from safetyapp.domain.inspection import Inspection, PhotoLink
from safetyapp.domain.ledger import FindingState, LedgerRow, Version, counting
from safetyapp.domain.record import Record
from safetyapp.workflow.ports import Signer, Store

REPORTS = 3
"""How many reports are looked into: each is a file to read and to verify."""
_LOOKED_THROUGH = 200
_YEAR = timedelta(days=365)
_LEVELS = (Severity.GENERAL, Severity.CANDIDATE, Severity.MAJOR)


@dataclass(frozen=True, slots=True)
class PastAnswer:
    """An answer in a report: when, by whom, what it came to; of a fail the worst level, and whether all that was found
    is closed."""

    on: date
    who: str
    value: str
    outcome: Outcome
    level: Severity | None = None
    closed: bool = False


@dataclass(frozen=True, slots=True)
class ItemPast:
    """Of one item at one school: the answers, latest first, the findings that stand open, how many days of the last
    year something was found on, and the photos of the latest report that are on this computer."""

    answers: tuple[PastAnswer, ...] = ()
    open: tuple[LedgerRow, ...] = ()
    found_in_a_year: int = 0
    photos: tuple[PhotoLink, ...] = ()
    photos_on: date | None = None


NO_PAST = ItemPast()


@dataclass(slots=True)
class _Gathered:
    answers: list[PastAnswer] = field(default_factory=list)
    open: list[LedgerRow] = field(default_factory=list)
    days: set[date] = field(default_factory=set)
    photos: tuple[PhotoLink, ...] = ()
    photos_on: date | None = None


def read_past(store: Store, signer: Signer, inspection: Inspection) -> Mapping[ItemId, ItemPast]:
    """What is known of each item before this inspection. Reads up to three files: not for a window's own thread. A file
    that cannot be read is left out."""
    gathered: dict[ItemId, _Gathered] = {}
    own: tuple[str | None, ...] = (inspection.id, inspection.supersedes)
    findings = [
        row
        for row in store.ledger(inspection.school.id)
        if row.form == inspection.form.id and row.document not in own and row.found_on <= inspection.inspected_on
    ]
    for row in findings:
        here = gathered.setdefault(ItemId(row.item), _Gathered())
        if row.state is FindingState.OPEN:
            here.open.append(row)
        if inspection.inspected_on - row.found_on <= _YEAR:
            here.days.add(row.found_on)
    for record in _last_records(store, signer, inspection):
        _gather(gathered, record, findings, store)
    return {
        item: ItemPast(tuple(p.answers), tuple(p.open), len(p.days), p.photos, p.photos_on)
        for item, p in gathered.items()
    }


def _last_records(store: Store, signer: Signer, inspection: Inspection) -> Iterable[Record]:
    """The reports of this form at this school that count, the latest inspection first."""
    query = DocumentQuery(DocumentKind.INSPECTION_REPORT, inspection.school.id, limit=_LOOKED_THROUGH)
    own: tuple[str | None, ...] = (inspection.id, inspection.supersedes)
    rows = [row for _, row in counting((_version(row), row) for row in store.documents(query))]
    rows = [
        row
        for row in rows
        if row.form == inspection.form.id and row.id not in own and row.inspected_on <= inspection.inspected_on
    ]
    rows.sort(key=lambda row: (row.inspected_on, row.made_at, row.sha256), reverse=True)
    for row in rows[:REPORTS]:
        try:
            data = store.document_path(row.sha256).read_bytes()
        except OSError:
            continue
        record = signer.verify(data).record
        if isinstance(record, Record):
            yield record


def _version(row: DocumentRow) -> Version:
    return Version(row.id, row.author_id, row.supersedes, (row.made_at, row.sha256.encode()))


def _gather(gathered: dict[ItemId, _Gathered], record: Record, findings: list[LedgerRow], store: Store) -> None:
    told: dict[ItemId, list[LedgerRow]] = {}
    for row in findings:
        if row.document == record.id:
            told.setdefault(ItemId(row.item), []).append(row)
    for answer in record.answers:
        rows = told.get(answer.item, [])
        here = gathered.setdefault(answer.item, _Gathered())
        level = max((row.severity for row in rows), key=_LEVELS.index, default=None)
        closed = bool(rows) and all(row.state is FindingState.CLOSED for row in rows)
        here.answers.append(
            PastAnswer(record.inspected_on, record.author.name, answer.value, answer.outcome, level, closed)
        )
        if here.photos_on is None:
            links = tuple(link for link in record.photos if link.item == answer.item)
            here.photos = tuple(link for link in links if store.thumb_path(link.photo).exists())
            here.photos_on = record.inspected_on if here.photos else None
