"""The ledger 台账 as a fold over records: what was found, what is open, overdue or closed.

It can be thrown away and rebuilt any time.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from safetyapp.domain.canonical import canonical_json
from safetyapp.domain.form import Severity
from safetyapp.domain.record import Record, RecordedFinding


class FindingState(StrEnum):
    """隐患状态. More come with notices, responses and re-inspections."""

    OPEN = "open"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """One finding for ever: id `{document id}/{number}`."""

    id: str
    document: str
    school_id: str
    school: str
    item: str
    place: str
    text: str
    severity: Severity
    state: FindingState
    found_on: date
    deadline: date
    closed_on: date | None
    notice: str | None = None

    def overdue_days(self, on: date) -> int:
        """Days past the deadline on day `on`; 0 while there is time or when closed."""
        if self.state is FindingState.CLOSED:
            return 0
        return max(0, (on - self.deadline).days)


def rows_of(record: Record) -> tuple[LedgerRow, ...]:
    """The ledger rows that one report brings into being; what was fixed on the spot is found and closed that day."""
    return tuple(_row(record, finding) for finding in record.findings)


def fold(records: Iterable[Record]) -> tuple[LedgerRow, ...]:
    """The ledger of a set of reports, whatever their order or repetition; superseded reports bring nothing.

    Two different records of one id are both kept as documents; here the later one counts, of equals the one whose
    canonical bytes are greater.
    """
    by_id: dict[str, Record] = {}
    for record in records:
        other = by_id.get(record.id)
        if other is None or _rank(other) < _rank(record):
            by_id[record.id] = record
    replaced = {record.supersedes for record in by_id.values()}
    live = sorted((r for r in by_id.values() if r.id not in replaced), key=lambda r: (r.inspected_on, r.id))
    return tuple(row for record in live for row in rows_of(record))


def _rank(record: Record) -> tuple[datetime, bytes]:
    return record.made_at, canonical_json(record)


def _row(record: Record, finding: RecordedFinding) -> LedgerRow:
    return LedgerRow(
        id=f"{record.id}/{finding.number}",
        document=record.id,
        school_id=record.school.id,
        school=record.school.name,
        item=finding.item,
        place=finding.place,
        text=finding.text,
        severity=finding.severity,
        state=FindingState.CLOSED if finding.fixed_on_spot else FindingState.OPEN,
        found_on=record.inspected_on,
        deadline=finding.deadline,
        closed_on=record.inspected_on if finding.fixed_on_spot else None,
    )
