"""The ledger 台账 as a fold over records: what was found, what is open, overdue or closed.

It can be thrown away and rebuilt any time.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, TypeVar

from safetyapp.domain.address import item_of
from safetyapp.domain.canonical import canonical_json
from safetyapp.domain.form import Severity
from safetyapp.domain.record import Record, RecordedFinding
from safetyapp.domain.school import SchoolId

if TYPE_CHECKING:
    from safetyapp.domain.any_record import AnyRecord


class FindingState(StrEnum):
    """隐患状态. More come with notices, responses and re-inspections."""

    OPEN = "open"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """One finding for ever: id `{document id}/{number}`. `item` is the form's item, whichever row it was found in;
    `repeats` 复发 is the id of the finding of the same item that came before it."""

    id: str
    document: str
    school_id: str
    school: str
    form: str
    item: str
    place: str
    text: str
    severity: Severity
    state: FindingState
    found_on: date
    deadline: date
    closed_on: date | None
    notice: str | None = None
    repeats: str = ""

    def overdue_days(self, on: date) -> int:
        """Days past the deadline on day `on`; 0 while there is time or when closed."""
        if self.state is FindingState.CLOSED:
            return 0
        return max(0, (on - self.deadline).days)


@dataclass(frozen=True, slots=True)
class FindingQuery:
    """Which findings a search wants: every word of `text` in school, place or text."""

    text: str
    school: SchoolId | None = None
    limit: int = 200
    offset: int = 0


def rows_of(record: AnyRecord) -> tuple[LedgerRow, ...]:
    """The ledger rows that one report brings into being; what was fixed on the spot is found and closed that day. Other
    kinds bring none."""
    if not isinstance(record, Record):
        return ()
    return tuple(_row(record, finding) for finding in record.findings)


@dataclass(frozen=True, slots=True)
class Version:
    """What decides whether a document counts: its id, the id of the person who signed it, what it supersedes, its
    place among the versions of that person (time first), and how often its draft was handed over."""

    id: str
    author: str
    supersedes: str | None
    rank: tuple[datetime, bytes]
    hand_overs: int = 0


T = TypeVar("T")


def counting(versions: Iterable[tuple[Version, T]]) -> tuple[tuple[Version, T], ...]:
    """Those that count, whatever their order or repetition.

    Only its own author replaces a document: of the versions of one id by one person the last counts, and what that
    person's last versions supersede does not. Where two people signed under one id, which happens when a draft was
    handed over and finalised by both, one of them counts: whose draft was handed over more often, of equals whoever
    signed first. The other's stays, and is shown beside it (`rivals`). Somebody else's record that claims to supersede
    one takes nothing away.
    """
    last: dict[tuple[str, str], tuple[Version, T]] = {}
    holders: dict[str, tuple[int, datetime, str]] = {}
    for version, thing in versions:
        key = (version.id, version.author)
        if key not in last or last[key][0].rank < version.rank:
            last[key] = version, thing
        claim = (-version.hand_overs, version.rank[0], version.author)
        holders[version.id] = min(holders.get(version.id, claim), claim)
    replaced = {(version.supersedes, version.author) for version, _ in last.values()}
    return tuple(last[key] for key in sorted(last) if key not in replaced and holders[key[0]][2] == key[1])


def fold(records: Iterable[Record]) -> tuple[LedgerRow, ...]:
    """The ledger of a set of reports, whatever their order or repetition; which of them count, `counting` says."""
    versions = ((version_of(record), record) for record in records)
    live = sorted((record for _, record in counting(versions)), key=lambda r: (r.inspected_on, r.id, r.author.person))
    return tuple(row for record in live for row in rows_of(record))


def version_of(record: Record) -> Version:
    """What decides whether a report counts."""
    rank = (record.made_at, canonical_json(record))
    return Version(record.id, record.author.person, record.supersedes, rank, len(record.handed_over))


def _row(record: Record, finding: RecordedFinding) -> LedgerRow:
    return LedgerRow(
        id=f"{record.id}/{finding.number}",
        document=record.id,
        school_id=record.school.id,
        school=record.school.name,
        form=record.form.id,
        item=item_of(finding.item),
        place=finding.place,
        text=finding.text,
        severity=finding.severity,
        state=FindingState.CLOSED if finding.fixed_on_spot else FindingState.OPEN,
        found_on=record.inspected_on,
        deadline=finding.deadline,
        closed_on=record.inspected_on if finding.fixed_on_spot else None,
        repeats=finding.repeats,
    )
