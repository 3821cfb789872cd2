"""What a form rests on: the legal documents it cites, and the clauses 检查依据 of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class DocumentStatus(StrEnum):
    """How far a cited legal document has been checked against its official text."""

    VERIFIED = "verified"
    UNVERIFIED = "unverified"


@dataclass(frozen=True, slots=True)
class LegalDocument:
    """A law, rule or standard that items cite. `superseded` ones are kept for tracing and never printed."""

    id: str
    title: str
    short: str
    number: str = ""
    in_force: date | None = None
    edition: str = ""
    status: DocumentStatus = DocumentStatus.UNVERIFIED
    superseded: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class Basis:
    """检查依据: a clause of a document. A clause that nobody has read in the official text prints with 待核."""

    document: str
    clause: str = ""
    verified: bool = False
