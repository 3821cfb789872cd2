"""A document 文书: a signed file that never changes, and what a list shows of it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, NewType

if TYPE_CHECKING:  # Today opens with this module: what only types need is not loaded with it
    from datetime import date, datetime

    from safetyapp.domain.school import SchoolId

DocumentId = NewType("DocumentId", str)


class DocumentKind(StrEnum):
    """文书种类."""

    INSPECTION_REPORT = "inspection-report"
    REVIEW = "review"
    RECTIFICATION_NOTICE = "rectification-notice"
    SERVICE_RECEIPT = "service-receipt"
    RESPONSE = "response"
    EXTENSION = "extension"
    REINSPECTION = "reinspection"
    SUPERVISION = "supervision"
    VOID = "void"


class DocumentState(StrEnum):
    """Where a document stands: in the outbox 待发箱, delivered (a receipt is kept), or here because it was imported;
    what was decided on it; whether another took its place. Whose turn it is then, domain.sending says. NEEDS_ACTION:
    two decide differently."""

    WAITING = "waiting"
    DELIVERED = "delivered"
    IMPORTED = "imported"
    RETURNED = "returned"
    ACCEPTED = "accepted"
    NEEDS_ACTION = "needs-action"
    REPLACED = "replaced"
    VOID = "void"


@dataclass(frozen=True, slots=True)
class DocumentRow:
    """What a list shows. `sha256` is the address of the file's bytes, `size` their count, `author_id` the person's id
    (whoever corrects a document must be the same) and `author_role` the role they signed in (domain.school.Role),
    `form` the form's id, `hand_overs` how often its draft was handed to a colleague."""

    id: DocumentId
    sha256: str
    kind: DocumentKind
    number: str
    school_id: str
    school: str
    title: str
    made_at: datetime
    inspected_on: date
    author: str
    state: DocumentState
    size: int
    findings: int
    majors: int
    supersedes: str | None = None
    author_id: str = ""
    form: str = ""
    author_role: str = ""
    hand_overs: int = 0


@dataclass(frozen=True, slots=True)
class DayDone:
    """That a form was done at a school on a day, by somebody in a role."""

    school_id: str
    form: str
    author_role: str
    day: date


@dataclass(frozen=True, slots=True)
class DocumentQuery:
    """Which documents a list wants; `text` is searched in school, title, author, number and findings. `since` and
    `until` (which is no longer part of it) are about when it was signed, `author` is the whole name."""

    kind: DocumentKind | None = None
    school: SchoolId | None = None
    text: str = ""
    since: datetime | None = None
    limit: int = 200
    offset: int = 0
    until: datetime | None = None
    author: str = ""
    state: DocumentState | None = None
