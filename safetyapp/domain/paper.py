"""What every document but the inspection report has in common: the head of its record, and how it names what came
before it. Field names are the JSON keys."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from safetyapp.domain.document import DocumentId, DocumentKind
from safetyapp.domain.form import Severity
from safetyapp.domain.inspection import Ink, PhotoLink
from safetyapp.domain.record import Author, RecordedFile
from safetyapp.domain.school import School


@dataclass(frozen=True, slots=True)
class DocumentRef:
    """An earlier document: its id, the SHA-256 of the file that was looked at, and the number people call it by."""

    document: DocumentId
    sha256: str
    kind: DocumentKind
    number: str


@dataclass(frozen=True, slots=True)
class FindingRef:
    """A finding as a later document carries it on. `finding` is its id for ever (`{report id}/{number}`), `number` its
    place 序号 in the notice; the rest is as it stood there, the deadline as it stands today."""

    finding: str
    number: int
    place: str
    text: str
    severity: Severity
    deadline: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """The head of a record. `title` is the name that is printed, `dated_on` the day the paper carries, `number` the
    文书编号 it was given (empty: a temporary one is shown). `photos` are all that are printed, `files` all that travel
    beside the record."""

    id: DocumentId
    made_at: datetime
    author: Author
    school: School
    title: str
    dated_on: date
    number: str = ""
    photos: tuple[PhotoLink, ...] = ()
    inks: tuple[Ink, ...] = ()
    files: tuple[RecordedFile, ...] = ()
    supersedes: DocumentId | None = None
    app_version: str
    format: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Issued(Paper):
    """What an office issues under its own name: `issuer` 发出单位, `signatory` 签发人, whom to ask, and who gets a copy
    抄送. `printed_by` 印发机关 stands in the foot of an official paper; empty, the issuer does."""

    issuer: str
    signatory: str = ""
    contact: str = ""
    phone: str = ""
    copies_to: tuple[str, ...] = ()
    printed_by: str = ""
