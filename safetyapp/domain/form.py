"""A form 检查表: sections 类别 of items 检查项.

Each item has its method, limits, legal basis and what follows from failing it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import NewType

from safetyapp.domain.canonical import canonical_json
from safetyapp.domain.school import School, SchoolFact, SchoolKind
from safetyapp.domain.words import NO_WORDS, Words

FormId = NewType("FormId", str)
ItemId = NewType("ItemId", str)


class Severity(StrEnum):
    """隐患等级."""

    GENERAL = "general"
    MAJOR = "major"


class AnswerKind(StrEnum):
    """What an item wants as its answer."""

    CONFORMITY = "conformity"
    INTEGER = "integer"
    DECIMAL = "decimal"
    DATE = "date"

    @property
    def is_number(self) -> bool:
        return self in (AnswerKind.INTEGER, AnswerKind.DECIMAL)


class PhotoRule(StrEnum):
    """Whether a photo is expected: never, or when the answer is a fail."""

    NONE = "none"
    ON_FAIL = "on_fail"


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


@dataclass(frozen=True, slots=True)
class Applies:
    """A clause of applicability: the school is of one of `kinds` (empty: any) and has every fact of `has`."""

    kinds: tuple[SchoolKind, ...] = ()
    has: tuple[SchoolFact, ...] = ()

    def matches(self, school: School) -> bool | None:
        """True, False, or None when the school's kind or a fact it needs is unknown."""
        known = [school.fact(fact) for fact in self.has]
        if self.kinds:
            known.append(None if school.kind is SchoolKind.OTHER else school.kind in self.kinds)
        if False in known:
            return False
        return None if None in known else True


@dataclass(frozen=True, slots=True)
class Limits:
    """What still passes: numbers between minimum and maximum, dates not older than `max_age_days`."""

    minimum: Decimal | None = None
    maximum: Decimal | None = None
    max_age_days: int | None = None


@dataclass(frozen=True, slots=True)
class LimitCase:
    """Other limits for a case: found from the school (`applies`), or chosen by the inspector (no `applies`)."""

    id: str
    label: Words
    limits: Limits
    applies: tuple[Applies, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """A further value written down beside the answer, with limits of its own. `signed`: it may be below zero."""

    id: str
    label: Words
    kind: AnswerKind
    unit: Words = NO_WORDS
    limits: Limits = Limits()
    required: bool = False
    signed: bool = False


@dataclass(frozen=True, slots=True)
class AnswerSpec:
    """The kind of answer, its unit and limits. `signed`: a number may be below zero, as temperatures are."""

    kind: AnswerKind
    unit: Words = NO_WORDS
    limits: Limits = Limits()
    cases: tuple[LimitCase, ...] = ()
    readings: tuple[Reading, ...] = ()
    signed: bool = False

    def limits_for(self, school: School, case: str = "") -> Limits:
        """The limits that count: the chosen case, else the first case that the school's facts call for, else the
        first case of those to choose from when the item itself has no limits, else the item's own."""
        chosen = next((c for c in self.cases if c.id == case), None)
        if chosen is None:
            chosen = next((c for c in self.cases if c.applies and _any_true(c.applies, school)), None)
        if chosen is None and self.limits == Limits():
            chosen = next((c for c in self.cases if not c.applies), None)
        return chosen.limits if chosen else self.limits

    def choices(self) -> tuple[LimitCase, ...]:
        """The cases that the inspector chooses between."""
        return tuple(c for c in self.cases if not c.applies)


@dataclass(frozen=True, slots=True)
class Item:
    """检查项. `severity`, `action`, `days` and `basis` are what a finding starts from."""

    id: ItemId
    question: Words
    method: Words
    answer: AnswerSpec
    basis: tuple[Basis, ...]
    severity: Severity
    reason: Words
    action: Words
    days: int
    criterion: Basis | None = None
    photo: PhotoRule = PhotoRule.NONE
    applies: tuple[Applies, ...] = ()
    applies_text: Words = NO_WORDS
    when: str = ""
    confidence: str = ""
    config_note: Words = NO_WORDS

    def applies_to(self, school: School) -> bool:
        """Whether the item is asked at this school; what depends on an unknown fact is asked."""
        return not self.applies or any(clause.matches(school) is not False for clause in self.applies)


@dataclass(frozen=True, slots=True)
class Section:
    """类别."""

    id: str
    title: Words
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Form:
    """检查表. `sha256` is the address of its content: `with_address` computes it."""

    id: FormId
    version: str
    title: Words
    category: str
    documents: tuple[LegalDocument, ...]
    sections: tuple[Section, ...]
    format: int = 1
    sha256: str = ""

    def items(self) -> Iterator[Item]:
        """Every item in order."""
        for section in self.sections:
            yield from section.items

    def item(self, item_id: str) -> Item | None:
        return next((item for item in self.items() if item.id == item_id), None)

    def document(self, document_id: str) -> LegalDocument | None:
        return next((d for d in self.documents if d.id == document_id), None)

    def cite(self, basis: Basis) -> str:
        """The basis as it is printed: short title and clause; an unread clause is marked 待核. Empty if superseded."""
        document = self.document(basis.document)
        if document is None or document.superseded:
            return ""
        clause = basis.clause if basis.verified or not basis.clause else f"{basis.clause}（待核）"
        joint = " " if clause and clause[0].isascii() else ""
        return f"{document.short or document.title}{joint}{clause}"

    def citations(self, bases: tuple[Basis, ...]) -> tuple[str, ...]:
        """The printable citations, in order."""
        return tuple(text for text in (self.cite(b) for b in bases) if text)


def with_address(form: Form) -> Form:
    """The form with `sha256` of its canonical JSON (computed while the field is empty)."""
    bare = replace(form, sha256="")
    return replace(form, sha256=hashlib.sha256(canonical_json(bare)).hexdigest())


def _any_true(clauses: tuple[Applies, ...], school: School) -> bool:
    return any(clause.matches(school) is True for clause in clauses)
