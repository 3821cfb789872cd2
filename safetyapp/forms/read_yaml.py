"""A form's YAML file as a `Form`, or every mistake in it with its line. A wrong form never opens half."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import TypeVar

from safetyapp.domain.condition import ConditionError, parse_condition
from safetyapp.domain.form import (
    AnswerKind,
    AnswerSpec,
    Applies,
    Basis,
    DocumentStatus,
    Form,
    FormId,
    Item,
    ItemId,
    LegalDocument,
    LimitCase,
    Limits,
    PhotoRule,
    Reading,
    Section,
    Severity,
    with_address,
)
from safetyapp.domain.school import SchoolFact, SchoolKind
from safetyapp.domain.words import Words
from safetyapp.forms.fields import Fields, is_id, pick
from safetyapp.forms.mistakes import LARGEST_FILE, FormRefused, Notes, shown
from safetyapp.forms.yaml_tree import Node, Scalar, read_tree

FORMAT = 1

E = TypeVar("E", bound=Enum)

_FORM_KEYS = ("format", "id", "version", "title", "category", "documents", "sections")
_DOCUMENT_KEYS = ("title", "short", "number", "in_force", "edition", "status", "superseded", "note")
_SECTION_KEYS = ("id", "title", "items")
_ITEM_KEYS = (
    *("id", "question", "method", "answer", "basis", "severity", "reason", "criterion", "action", "days", "photo"),
    *("applies", "applies_text", "when", "confidence", "config_note"),
)
_LIMIT_KEYS = ("min", "max", "max_age_days")
_ANSWER_KEYS = ("kind", "unit", *_LIMIT_KEYS, "cases", "readings", "signed")
_CASE_KEYS = ("id", "label", *_LIMIT_KEYS, "applies")
_READING_KEYS = ("id", "label", "kind", "unit", *_LIMIT_KEYS, "required", "signed")
_BASIS_KEYS = ("document", "clause", "verified")


def read_form(source: Path | bytes, name: str = "") -> Form:
    """The form in a file (or in its bytes), with its address `sha256`. Raises FormRefused with all mistakes found."""
    form, notes = read_with_notes(source, name)
    if form is None:
        raise FormRefused(notes.name, notes.mistakes)
    return form


def read_with_notes(source: Path | bytes, name: str = "") -> tuple[Form | None, Notes]:
    """The form (None when it is refused) and everything noted on the way."""
    notes = Notes(name or ("form" if isinstance(source, bytes) else source.name))
    data = source if isinstance(source, bytes) else read_bytes(source, notes)
    tree = read_tree(data, notes) if data is not None else None
    form = _Reader(notes).form(tree) if tree is not None else None
    if form is None or notes.mistakes:
        return None, notes
    return with_address(form), notes


def read_bytes(path: Path, notes: Notes) -> bytes | None:
    """The file's bytes, one more than allowed at most; None after noting why it cannot be read."""
    try:
        with path.open("rb") as file:
            return file.read(LARGEST_FILE + 1)
    except OSError as error:
        reason = shown(error.strerror or type(error).__name__)
        notes.mistake(0, "unreadable", f"文件打不开（{reason}）", f"The file cannot be opened ({reason})")
        return None


@dataclass(frozen=True, slots=True)
class _When:
    """The items that an item's condition looks at."""

    item: str
    names: frozenset[str]
    line: int


class _Reader:
    """Reads one form; holds what later parts must agree with."""

    def __init__(self, notes: Notes) -> None:
        self.notes = notes
        self.documents: dict[str, LegalDocument] = {}
        self.cited: set[str] = set()
        self.item_lines: dict[str, int] = {}
        self.section_ids: set[str] = set()
        self.whens: list[_When] = []

    def form(self, tree: Node) -> Form | None:
        """The form; only to be used when nothing was noted as a mistake."""
        fields = Fields(tree, self.notes, _FORM_KEYS, "form")
        if not fields.is_mapping:
            return None
        number = fields.whole("format", 1, 1_000_000, required=True)
        if number is not None and number != FORMAT:
            fields.wrong(
                "format", "unknown-format", f"只认识 {FORMAT}", f"must be {FORMAT}, later ones need a newer version"
            )
            return None
        form_id, version = fields.id("id"), fields.text("version", required=True, empty_allowed=False)
        title, category = fields.words("title"), fields.id("category")
        for name, node in fields.pairs("documents"):
            self._document(name, node)
        sections = fields.each("sections", self._section, required=True, most=200)
        self._check_whens()
        self._check_cited(fields)
        return Form(FormId(form_id), version, title, category, tuple(self.documents.values()), sections, format=FORMAT)

    def _document(self, name: Scalar, node: Node) -> None:
        if not is_id(name.text):
            text = shown(name.text)
            self.notes.mistake(
                name.line, "bad-id", f"文件代号“{text}”不合规", f"'{text}' cannot be the id of a document"
            )
            return
        fields = Fields(node, self.notes, _DOCUMENT_KEYS, f"documents.{name.text}")
        self.documents[name.text] = LegalDocument(
            id=name.text,
            title=fields.text("title", required=True, empty_allowed=False),
            short=fields.text("short"),
            number=fields.text("number"),
            in_force=fields.day("in_force"),
            edition=fields.text("edition"),
            status=fields.choice("status", DocumentStatus, "unknown-status", DocumentStatus.UNVERIFIED),
            superseded=fields.truth("superseded"),
            note=fields.text("note"),
        )

    def _section(self, node: Node) -> Section | None:
        fields = Fields(node, self.notes, _SECTION_KEYS, "section")
        if not fields.is_mapping:
            return None
        section_id = fields.id("id")
        self._once(section_id, self.section_ids, fields)
        return Section(section_id, fields.words("title"), fields.each("items", self._item, required=True))

    def _item(self, node: Node) -> Item | None:
        fields = Fields(node, self.notes, _ITEM_KEYS, "item")
        if not fields.is_mapping:
            return None
        item_id = fields.id("id")
        fields.what = item_id or fields.what
        if item_id in self.item_lines:
            first = self.item_lines[item_id]
            zh, en = f"在第 {first} 行已经用过", f"was already used in line {first}"
            fields.wrong("id", "duplicate-id", zh, en)
        elif item_id:
            self.item_lines[item_id] = fields.line_of("id")
        severity = fields.choice("severity", Severity, "unknown-severity", Severity.GENERAL)
        fields.node("severity", required=True)
        answer = fields.node("answer", required=True)
        return Item(
            id=ItemId(item_id),
            question=fields.words("question"),
            method=fields.words("method"),
            answer=self._answer(answer, fields.what) if answer else AnswerSpec(AnswerKind.CONFORMITY),
            basis=self._bases(fields),
            severity=severity,
            reason=fields.words("reason"),
            action=fields.words("action"),
            days=fields.whole("days", 0, 3650, required=True) or 0,
            criterion=self._criterion(fields, severity),
            photo=fields.choice("photo", PhotoRule, "unknown-photo", PhotoRule.NONE),
            applies=self._applies(fields),
            applies_text=fields.words("applies_text", required=False),
            when=self._when(fields, item_id),
            confidence=fields.text("confidence"),
            config_note=fields.words("config_note", required=False),
        )

    def _answer(self, node: Node, what: str) -> AnswerSpec:
        fields = Fields(node, self.notes, _ANSWER_KEYS, f"{what}.answer")
        kind = self._kind(fields)
        limits = self._limits(fields, kind)
        case_ids: set[str] = set()
        reading_ids: set[str] = set()
        cases = fields.each("cases", lambda n: self._case(n, kind, what, case_ids), most=50)
        readings = fields.each("readings", lambda n: self._reading(n, what, reading_ids), most=20)
        if kind is AnswerKind.CONFORMITY and cases:
            fields.wrong("cases", "bad-limit", "只能用于数和日期", "are for numbers and dates only")
        if kind is not AnswerKind.CONFORMITY and limits == Limits() and not cases:
            self.notes.warning(fields.line, "no-limit", f"{what} 没有限值", f"{what} has no limit")
        return AnswerSpec(kind, self._unit(fields, kind), limits, cases, readings, fields.truth("signed"))

    def _case(self, node: Node, kind: AnswerKind, what: str, seen: set[str]) -> LimitCase | None:
        fields = Fields(node, self.notes, _CASE_KEYS, f"{what}.case")
        if not fields.is_mapping:
            return None
        case_id = fields.id("id")
        self._once(case_id, seen, fields)
        return LimitCase(case_id, fields.words("label"), self._limits(fields, kind), self._applies(fields))

    def _reading(self, node: Node, what: str, seen: set[str]) -> Reading | None:
        fields = Fields(node, self.notes, _READING_KEYS, f"{what}.reading")
        if not fields.is_mapping:
            return None
        reading_id = fields.id("id")
        self._once(reading_id, seen, fields)
        kind = self._kind(fields)
        if kind is AnswerKind.CONFORMITY and fields.has("kind"):
            fields.wrong("kind", "unknown-kind", "只能是数或日期", "must be a number or a date")
        label, limits = fields.words("label"), self._limits(fields, kind)
        unit, required, signed = self._unit(fields, kind), fields.truth("required"), fields.truth("signed")
        return Reading(reading_id, label, kind, unit, limits, required, signed)

    def _kind(self, fields: Fields) -> AnswerKind:
        fields.node("kind", required=True)
        return fields.choice("kind", AnswerKind, "unknown-kind", AnswerKind.CONFORMITY)

    def _unit(self, fields: Fields, kind: AnswerKind) -> Words:
        words = fields.words("unit", required=False)
        if kind.is_number and not words.zh:
            self.notes.warning(fields.line, "no-unit", f"{fields.what} 没有单位", f"{fields.what} has no unit")
        return words

    def _limits(self, fields: Fields, kind: AnswerKind) -> Limits:
        low, high = fields.decimal("min"), fields.decimal("max")
        age = fields.whole("max_age_days", 1, 36_500)
        for key in _LIMIT_KEYS:
            fits = kind is AnswerKind.DATE if key == "max_age_days" else kind.is_number
            if fields.has(key) and not fits:
                fields.wrong(key, "bad-limit", f"不能用于 {kind.value}", f"does not fit an answer of kind {kind.value}")
        if low is not None and high is not None and low > high:
            fields.wrong("min", "bad-limit", "大于 max", "is larger than max")
        for key, value in (("min", low), ("max", high)):
            if kind is AnswerKind.INTEGER and value is not None and value != value.to_integral_value():
                fields.wrong(key, "bad-limit", "应当是整数", "should be a whole number")
        return Limits(low, high, age)

    def _bases(self, fields: Fields) -> tuple[Basis, ...]:
        bases = fields.each("basis", lambda n: self._basis(n, fields.what), most=50)
        if not bases:
            self.notes.warning(
                fields.line, "no-basis", f"{fields.what} 没有检查依据", f"{fields.what} names no legal basis"
            )
        return bases

    def _basis(self, node: Node, what: str) -> Basis | None:
        fields = Fields(node, self.notes, _BASIS_KEYS, f"{what}.basis")
        if not fields.is_mapping:
            return None
        document = fields.text("document", required=True, empty_allowed=False)
        basis = Basis(document, fields.text("clause"), fields.truth("verified"))
        self.cited.add(document)
        known = self.documents.get(document)
        if document and known is None:
            fields.wrong(
                "document", "unknown-document", f"“{shown(document)}”不在 documents 里", "is not among the documents"
            )
        elif known is not None and known.superseded and basis.verified:
            fields.wrong(
                "verified", "superseded", "文件已被替代，不能标为已核", "cannot be true for a superseded document"
            )
        elif basis.clause and not basis.verified and not (known and known.superseded):
            zh, en = f"条号“{shown(basis.clause)}”待核", f"The clause '{shown(basis.clause)}' has not been checked"
            self.notes.warning(fields.line, "unread-clause", f"{what} 的{zh}", f"{en} ({what})")
        return basis

    def _criterion(self, fields: Fields, severity: Severity) -> Basis | None:
        node = fields.node("criterion")
        if node is None:
            if severity is Severity.MAJOR:
                zh, en = "为重大，但没有写明判定条款（criterion）", "is major but names no criterion"
                fields.wrong("severity", "major-without-criterion", zh, en)
            return None
        basis = self._basis(node, fields.what)
        if basis is None:
            return None
        known = self.documents.get(basis.document)
        if not basis.clause or (known is not None and known.superseded):
            zh, en = "要写明现行文件的条款", "must name a clause of a document in force"
            fields.wrong("criterion", "bad-criterion", zh, en)
        return basis

    def _applies(self, fields: Fields) -> tuple[Applies, ...]:
        clauses = fields.each("applies", lambda n: self._clause(n, fields.what), most=50)
        if fields.has("applies") and not fields.nodes("applies", most=50):
            fields.wrong(
                "applies", "missing", "是空的；适用于全部学校时不要写", "is empty; leave it out for all schools"
            )
        return clauses

    def _clause(self, node: Node, what: str) -> Applies | None:
        fields = Fields(node, self.notes, ("kinds", "has"), f"{what}.applies")
        if not fields.is_mapping:
            return None
        kinds = fields.each("kinds", lambda n: self._member(n, SchoolKind, "unknown-kind"))
        facts = fields.each("has", lambda n: self._member(n, SchoolFact, "unknown-fact"))
        if not fields.has("kinds") and not fields.has("has"):
            self.notes.mistake(fields.line, "missing", f"{what}.applies 是空的", f"{what}.applies is empty")
        return Applies(kinds, facts)

    def _member(self, node: Node, options: type[E], code: str) -> E | None:
        text = node.text if isinstance(node, Scalar) else ""
        member = pick(options, text)
        if member is None:
            name, known = shown(text), ", ".join(str(option.value) for option in options)
            self.notes.mistake(
                node.line, code, f"“{name}”不认识，可用 {known}", f"'{name}' is unknown; known are {known}"
            )
        return member

    def _when(self, fields: Fields, item_id: str) -> str:
        text = fields.text("when")
        if not text:
            return ""
        try:
            names = parse_condition(text).names()
        except ConditionError as error:
            fields.wrong(
                "when", "bad-condition", f"写法有误：{shown(str(error))}", f"is no condition: {shown(str(error))}"
            )
            return ""
        self.whens.append(_When(item_id, names, fields.line_of("when")))
        return text

    def _once(self, entry_id: str, seen: set[str], fields: Fields) -> None:
        if entry_id and entry_id in seen:
            fields.wrong("id", "duplicate-id", f"“{entry_id}”重复", f"'{entry_id}' is used twice")
        seen.add(entry_id)

    def _check_whens(self) -> None:
        for when in self.whens:
            for name in sorted(when.names - self.item_lines.keys()):
                text = shown(name)
                self.notes.mistake(when.line, "unknown-item", f"没有检查项“{text}”", f"There is no item '{text}'")
        looks_at = {when.item: when.names for when in self.whens}
        for when in self.whens:
            if when.item in _reachable(when.item, looks_at):
                zh, en = f"{when.item} 的条件绕回了自己", f"The condition of {when.item} leads back to itself"
                self.notes.mistake(when.line, "condition-cycle", zh, en)

    def _check_cited(self, fields: Fields) -> None:
        for document_id in self.documents.keys() - self.cited:
            zh, en = f"文件“{document_id}”没有被引用", f"The document '{document_id}' is cited nowhere"
            self.notes.warning(fields.line_of("documents"), "unused-document", zh, en)


def _reachable(start: str, looks_at: dict[str, frozenset[str]]) -> set[str]:
    """Every item that the condition of `start` depends on, directly or not."""
    found: set[str] = set()
    waiting: list[str] = [start]
    while waiting:
        for name in looks_at.get(waiting.pop(), frozenset()) - found:
            found.add(name)
            waiting.append(name)
    return found
