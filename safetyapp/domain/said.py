"""What a paper says of an earlier one, as far as lists ask: a review of its report, a response of the findings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from safetyapp.domain.response import Response
from safetyapp.domain.review import Decision, Remark, Review

if TYPE_CHECKING:
    from datetime import date

    from safetyapp.domain.any_record import AnyRecord
    from safetyapp.domain.document import DocumentRow
    from safetyapp.domain.ledger import LedgerRow


@dataclass(frozen=True, slots=True)
class ReviewSaid:
    """What a review says of a report: its id, and the SHA-256 of the file that was looked at."""

    report: str
    report_sha256: str
    decision: Decision
    issuer: str
    reason: str
    remarks: tuple[Remark, ...]


@dataclass(frozen=True, slots=True)
class FindingAnswered:
    """What a school says of a finding (by its id): whether it is done, and how many photos show it."""

    finding: str
    is_done: bool
    photos: int


@dataclass(frozen=True, slots=True)
class ResponseSaid:
    findings: tuple[FindingAnswered, ...]


Said: TypeAlias = ReviewSaid | ResponseSaid


@dataclass(frozen=True, slots=True)
class Returned:
    """A report that the office has sent back 退回 and that nothing has replaced yet: `by` signed the review, on a
    day."""

    report: DocumentRow
    said: ReviewSaid
    by: str
    on: date


@dataclass(frozen=True, slots=True)
class Recheck:
    """A finding to look at again 复查: its day has come, or the school says it is done. `document` is the address of
    its report's file; `answered` is None while the school has not answered."""

    finding: LedgerRow
    document: str
    answered: FindingAnswered | None = None


@dataclass(frozen=True, slots=True)
class Rechecks:
    """What is to be looked at again at one school, counted: now (`majors` among them, the earliest deadline, and the
    file of one report), and in the days that were asked about."""

    now: int = 0
    majors: int = 0
    deadline: date | None = None
    document: str = ""
    later: int = 0
    later_majors: int = 0


def said_of(record: AnyRecord) -> Said | None:
    """None for kinds that say nothing of this sort."""
    if isinstance(record, Review):
        return ReviewSaid(
            record.report.document,
            record.report.sha256,
            record.decision,
            record.issuer,
            record.reason,
            record.remarks,
        )
    if isinstance(record, Response):
        return ResponseSaid(
            tuple(
                FindingAnswered(f.finding.finding, f.completed_on is not None, len(f.after_photos))
                for f in record.findings
            )
        )
    return None
