"""A document 文书: a signed file that never changes, what a list shows of it, and what verifying it says."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, NewType

from safetyapp.domain.school import SchoolId

if TYPE_CHECKING:
    from safetyapp.domain.record import Record

DocumentId = NewType("DocumentId", str)


class DocumentKind(StrEnum):
    """文书种类. Kinds come with the features that make them."""

    INSPECTION_REPORT = "inspection-report"


class DocumentState(StrEnum):
    """Where a document stands on its way: in the outbox 待发箱, or here because it was imported."""

    WAITING = "waiting"
    IMPORTED = "imported"


@dataclass(frozen=True, slots=True)
class DocumentRow:
    """What a list shows. `sha256` is the address of the file's bytes, `size` their count."""

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


@dataclass(frozen=True, slots=True)
class DocumentQuery:
    """Which documents a list wants; `text` is searched in school, title, author, number and findings."""

    kind: DocumentKind | None = None
    school: SchoolId | None = None
    text: str = ""
    since: datetime | None = None
    limit: int = 200
    offset: int = 0


class VerdictKind(StrEnum):
    """The one word that verifying comes to."""

    VALID = "valid"
    ALTERED = "altered"
    UNKNOWN_SIGNER = "unknown-signer"
    REVOKED = "revoked"
    UNSIGNED = "unsigned"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What verifying a file says. `why` is the code of a sentence in resources/texts (verdict.toml), filled by `facts`.

    `record` is read from the signed revision, and only where that revision is intact.
    """

    kind: VerdictKind
    why: str
    sha256: str
    facts: tuple[tuple[str, str], ...] = ()
    record: Record | None = None
    record_json: bytes | None = None
    signer: str = ""
    certificate: str = ""
    signed_at: datetime | None = None

    @property
    def is_valid(self) -> bool:
        return self.kind is VerdictKind.VALID
