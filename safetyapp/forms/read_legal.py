"""The legal documents of a form and what rests on them: bases, criteria, and to which schools something applies."""

from __future__ import annotations

from enum import Enum
from typing import TypeVar

from safetyapp.domain.basis import Basis, DocumentStatus, LegalDocument
from safetyapp.domain.school import Applies, SchoolFact, SchoolKind
from safetyapp.forms.fields import Fields, is_id, pick
from safetyapp.forms.mistakes import Notes, shown
from safetyapp.forms.so_far import SoFar
from safetyapp.forms.yaml_tree import Node, Scalar

_DOCUMENT_KEYS = ("title", "short", "number", "in_force", "edition", "status", "superseded", "note")
_BASIS_KEYS = ("document", "clause", "verified")

E = TypeVar("E", bound=Enum)


def read_document(name: Scalar, node: Node, so_far: SoFar) -> None:
    """Reads one entry of `documents` into what is known of the form."""
    if not is_id(name.text):
        text = shown(name.text)
        so_far.notes.mistake(name.line, "bad-id", f"文件代号“{text}”不合规", f"'{text}' cannot be the id of a document")
        return
    fields = Fields(node, so_far.notes, _DOCUMENT_KEYS, f"documents.{name.text}")
    so_far.documents[name.text] = LegalDocument(
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


def read_bases(fields: Fields, so_far: SoFar, expected: bool) -> tuple[Basis, ...]:
    """What stands under `basis`; nothing there is worth a warning where a basis is `expected`."""
    bases = fields.each("basis", lambda n: _read_basis(n, fields.what, so_far), most=50)
    if not bases and expected:
        so_far.notes.warning(
            fields.line, "no-basis", f"{fields.what} 没有检查依据", f"{fields.what} names no legal basis"
        )
    return bases


def _read_basis(node: Node, what: str, so_far: SoFar) -> Basis | None:
    fields = Fields(node, so_far.notes, _BASIS_KEYS, f"{what}.basis")
    if not fields.is_mapping:
        return None
    document = fields.text("document", required=True, empty_allowed=False)
    basis = Basis(document, fields.text("clause"), fields.truth("verified"))
    so_far.cited.add(document)
    known = so_far.documents.get(document)
    if document and known is None:
        fields.wrong(
            "document", "unknown-document", f"“{shown(document)}”不在 documents 里", "is not among the documents"
        )
    elif known is not None and known.superseded and basis.verified:
        fields.wrong("verified", "superseded", "文件已被替代，不能标为已核", "cannot be true for a superseded document")
    elif basis.clause and not basis.verified and not (known and known.superseded):
        zh, en = f"条号“{shown(basis.clause)}”待核", f"The clause '{shown(basis.clause)}' has not been checked"
        so_far.notes.warning(fields.line, "unread-clause", f"{what} 的{zh}", f"{en} ({what})")
    return basis


def read_criterion(fields: Fields, so_far: SoFar, is_major: bool) -> Basis | None:
    """The clause by which a fail is 重大; where the item `is_major` it must be there."""
    node = fields.node("criterion")
    if node is None:
        if is_major:
            zh, en = "为重大，但没有写明判定条款（criterion）", "is major but names no criterion"
            fields.wrong("severity", "major-without-criterion", zh, en)
        return None
    basis = _read_basis(node, fields.what, so_far)
    if basis is None:
        return None
    known = so_far.documents.get(basis.document)
    if not basis.clause or (known is not None and known.superseded):
        zh, en = "要写明现行文件的条款", "must name a clause of a document in force"
        fields.wrong("criterion", "bad-criterion", zh, en)
    return basis


def read_applies(fields: Fields) -> tuple[Applies, ...]:
    """The clauses under `applies`: one of them must hold."""
    clauses = fields.each("applies", lambda n: _read_clause(n, fields.what, fields.notes), most=50)
    if fields.has("applies") and not fields.nodes("applies", most=50):
        fields.wrong("applies", "missing", "是空的；适用于全部学校时不要写", "is empty; leave it out for all schools")
    return clauses


def _read_clause(node: Node, what: str, notes: Notes) -> Applies | None:
    fields = Fields(node, notes, ("kinds", "has"), f"{what}.applies")
    if not fields.is_mapping:
        return None
    kinds = fields.each("kinds", lambda n: _member(n, SchoolKind, "unknown-kind", notes))
    facts = fields.each("has", lambda n: _member(n, SchoolFact, "unknown-fact", notes))
    if not fields.nodes("kinds") and not fields.nodes("has"):
        notes.mistake(fields.line, "missing", f"{what}.applies 是空的", f"{what}.applies is empty")
    return Applies(kinds, facts)


def _member(node: Node, options: type[E], code: str, notes: Notes) -> E | None:
    text = node.text if isinstance(node, Scalar) else ""
    member = pick(options, text)
    if member is None:
        name, known = shown(text), ", ".join(str(option.value) for option in options)
        notes.mistake(node.line, code, f"“{name}”不认识，可用 {known}", f"'{name}' is unknown; known are {known}")
    return member
