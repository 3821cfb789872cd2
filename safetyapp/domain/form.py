"""A form 检查表: sections 类别 of items 检查项.

Each item has its method, limits, legal basis and what follows from failing it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from typing import NewType

from safetyapp.domain.answer_kinds import AnswerKind, AnswerSpec, ChoiceList
from safetyapp.domain.basis import Basis, LegalDocument
from safetyapp.domain.canonical import canonical_json
from safetyapp.domain.schedule import DueRule
from safetyapp.domain.school import Applies, School
from safetyapp.domain.scoring import Scoring
from safetyapp.domain.words import NO_WORDS, Words

FormId = NewType("FormId", str)
ItemId = NewType("ItemId", str)

ALWAYS = "true()"
"""The expression that always holds: an item whose `required` it is must be answered wherever it is asked."""


class Severity(StrEnum):
    """隐患等级: 一般, 重大候选 (somebody has to decide), 重大 (by a named criterion)."""

    GENERAL = "general"
    CANDIDATE = "candidate"
    MAJOR = "major"


class PhotoRule(StrEnum):
    """Whether a photo is expected: never, when the answer is a fail, or always."""

    NONE = "none"
    ON_FAIL = "on_fail"
    ALWAYS = "always"


@dataclass(frozen=True, slots=True)
class Media:
    """A picture, sound or film beside a question: `kind` is image, audio or video, `file` its name."""

    kind: str
    file: str
    caption: Words = NO_WORDS


class RowSource(StrEnum):
    """Where the rows of a table come from: the person adds them, or one per class of the school's roster."""

    NONE = "none"
    ROSTER = "roster"


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of a TABLE. `fixed` names rows that are always there; `count` is an expression for their number.

    The names of fixed rows and of classes go into the first column.
    """

    source: RowSource = RowSource.NONE
    fixed: tuple[Words, ...] = ()
    count: str = ""
    minimum: int = 0
    maximum: int | None = None
    title: Words = NO_WORDS


NO_ROWS = Rows()


CONFORMITY = AnswerSpec(AnswerKind.CONFORMITY)


@dataclass(frozen=True, slots=True)
class Item:
    """检查项. `severity`, `action`, `days` and `basis` are what a finding starts from.

    `when`, `required`, `constraint`, `calculate`, `choice_filter`, and a `default` that is none of its kind's texts,
    are expressions in XLSForm's language (https://xlsform.org, "Formulas"); empty means there is none. So are `least`
    and `most`, the limits of a number that hang on other answers, in place of those of `answer`. An item with `trigger`
    is calculated anew only when that item is answered. `candidate` 重大候选 says in which case a fail may be
    MAJOR. `weight` is what a pass earns or a fail costs in the form's scoring; failing an item with a `veto` caps the
    grade at the one named. A TABLE's `items` are its columns, a GROUP's its members; `roster` says which part of a
    class fills a column (name, place, enrolled, teacher, route).
    """

    id: ItemId
    question: Words
    method: Words = NO_WORDS
    answer: AnswerSpec = CONFORMITY
    basis: tuple[Basis, ...] = ()
    severity: Severity = Severity.GENERAL
    reason: Words = NO_WORDS
    action: Words = NO_WORDS
    days: int = 0
    criterion: Basis | None = None
    candidate: Words = NO_WORDS
    photo: PhotoRule = PhotoRule.NONE
    photo_note: Words = NO_WORDS
    applies: tuple[Applies, ...] = ()
    applies_text: Words = NO_WORDS
    when: str = ""
    confidence: str = ""
    config_note: Words = NO_WORDS
    hint: Words = NO_WORDS
    default: str = ""
    required: str = ALWAYS
    required_message: Words = NO_WORDS
    read_only: bool = False
    least: str = ""
    most: str = ""
    constraint: str = ""
    constraint_message: Words = NO_WORDS
    calculate: str = ""
    trigger: str = ""
    choice_filter: str = ""
    appearance: str = ""
    media: tuple[Media, ...] = ()
    weight: Decimal | None = None
    veto: str = ""
    items: tuple[Item, ...] = ()
    rows: Rows = NO_ROWS
    roster: str = ""

    def applies_to(self, school: School) -> bool:
        """Whether the item is asked at this school; what depends on an unknown fact is asked."""
        return not self.applies or any(clause.matches(school) is not False for clause in self.applies)

    @property
    def has_expressions(self) -> bool:
        """Whether anything about this item follows from other answers."""
        return bool(
            self.when
            or self.least
            or self.most
            or self.constraint
            or self.calculate
            or self.choice_filter
            or self.default  # literal ones too: all defaults come out of the reckoning
            or self.rows.count
            or self.required not in ("", ALWAYS)
            or "${" in self.question.zh + self.question.en + self.hint.zh + self.hint.en
            or any(item.has_expressions for item in self.items)
        )


@dataclass(frozen=True, slots=True)
class Section:
    """类别. `when` closes the whole section."""

    id: str
    title: Words
    items: tuple[Item, ...]
    when: str = ""


@dataclass(frozen=True, slots=True)
class Form:
    """检查表. `sha256` is the address of its content: `with_address` computes it."""

    id: FormId
    version: str
    title: Words
    category: str
    documents: tuple[LegalDocument, ...]
    sections: tuple[Section, ...]
    description: Words = NO_WORDS
    choices: tuple[ChoiceList, ...] = ()
    due: tuple[DueRule, ...] = ()
    scoring: Scoring | None = None
    format: int = 1
    sha256: str = ""

    def items(self) -> Iterator[Item]:
        """Every item in order, those of groups too; a table is one item, a group is none."""
        for section in self.sections:
            yield from ungrouped(section.items)

    def asked(self) -> Iterator[Item]:
        """The items that a person answers: notes and calculations are not among them."""
        return (item for item in self.items() if item.answer.kind.is_asked)

    def every_item(self) -> Iterator[Item]:
        """Every item at every depth: groups, tables and their columns."""
        for section in self.sections:
            yield from _deep(section.items)

    def item(self, item_id: str) -> Item | None:
        """The item of this id at any depth."""
        return next((item for item in self.every_item() if item.id == item_id), None)

    def choice_list(self, list_id: str) -> ChoiceList | None:
        return next((c for c in self.choices if c.id == list_id), None)

    def document(self, document_id: str) -> LegalDocument | None:
        return next((d for d in self.documents if d.id == document_id), None)

    def has_expressions(self) -> bool:
        return any(s.when or any(item.has_expressions for item in s.items) for s in self.sections)

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
    return replace(form, sha256=hashlib.sha256(canonical_json(bare, sparse=True)).hexdigest())


def ungrouped(items: tuple[Item, ...]) -> Iterator[Item]:
    """The items of a section, or the columns of a table: members of groups in the place of their group."""
    for item in items:
        if item.answer.kind is AnswerKind.GROUP:
            yield from ungrouped(item.items)
        else:
            yield item


def _deep(items: tuple[Item, ...]) -> Iterator[Item]:
    for item in items:
        yield item
        yield from _deep(item.items)
