"""A form's YAML file as a `Form`, or every mistake in it with its line. A wrong form never opens half."""

from __future__ import annotations

from pathlib import Path

from safetyapp.domain.form import Form, FormId, Section, with_address
from safetyapp.forms.fields import Fields
from safetyapp.forms.mistakes import FormRefused, Notes, read_bytes
from safetyapp.forms.read_choices import no_list_unused, read_list
from safetyapp.forms.read_due import read_due
from safetyapp.forms.read_items import read_items
from safetyapp.forms.read_legal import read_document
from safetyapp.forms.read_scoring import check_scored, read_scoring
from safetyapp.forms.so_far import SoFar
from safetyapp.forms.yaml_tree import Node, read_tree

FORMAT = 1

_FORM_KEYS = (
    *("format", "id", "version", "title", "description", "category", "documents", "choices", "due", "scoring"),
    "sections",
)
_SECTION_KEYS = ("id", "title", "when", "items")


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
    form = form_of(tree, SoFar(notes)) if tree is not None else None
    if form is None or notes.mistakes:
        return None, notes
    return with_address(form), notes


def form_of(tree: Node, so_far: SoFar) -> Form | None:
    """The form; only to be used when nothing was noted as a mistake."""
    fields = Fields(tree, so_far.notes, _FORM_KEYS, "form")
    if not fields.is_mapping:
        return None
    number = fields.whole("format", 1, 1_000_000, required=True)
    if number is not None and number != FORMAT:
        fields.wrong(
            "format", "unknown-format", f"只认识 {FORMAT}", f"must be {FORMAT}, later ones need a newer version"
        )
        return None
    for name, node in fields.pairs("documents"):
        read_document(name, node, so_far)
    for name, node in fields.pairs("choices", most=2000):
        read_list(name, node, so_far)
    read_scoring(fields, so_far)
    form = Form(
        id=FormId(fields.name("id")),
        version=fields.text("version", required=True, empty_allowed=False, longest=100),
        title=fields.words("title"),
        category=fields.id("category"),
        documents=tuple(so_far.documents.values()),
        sections=fields.each("sections", lambda n: _read_section(n, so_far), required=True, most=1000),
        description=fields.words("description", required=False),
        choices=tuple(so_far.lists.values()),
        due=read_due(fields, so_far),
        scoring=so_far.scoring,
        format=FORMAT,
    )
    _check_expressions(form, so_far)
    _check_cited(fields, so_far)
    no_list_unused(so_far)
    check_scored(fields, so_far)
    return form


def _read_section(node: Node, so_far: SoFar) -> Section | None:
    fields = Fields(node, so_far.notes, _SECTION_KEYS, "section")
    if not fields.is_mapping:
        return None
    section_id = fields.name("id")
    so_far.take_item(section_id, fields)
    return Section(section_id, fields.words("title"), read_items(fields, so_far), fields.expression("when"))


def _check_expressions(form: Form, so_far: SoFar) -> None:
    """What is wrong in expressions, at the lines of their keys; silent while names are missing or double."""
    # names that are missing or double have been noted already, and nothing can be bound to them
    names = [item.id for item in form.every_item()]
    if not all(names) or len(set(names)) < len(names):
        return
    from safetyapp.forms.check_expressions import check_expressions  # the whole engine: only where a form is read

    mistakes, warnings = check_expressions(form)
    for found in mistakes:
        so_far.notes.mistake(so_far.line_of(found.item, found.field), found.code, found.zh, found.en)
    for found in warnings:
        so_far.notes.warning(so_far.line_of(found.item, found.field), found.code, found.zh, found.en)


def _check_cited(fields: Fields, so_far: SoFar) -> None:
    for document_id in so_far.documents.keys() - so_far.cited:
        zh, en = f"文件“{document_id}”没有被引用", f"The document '{document_id}' is cited nowhere"
        so_far.notes.warning(fields.line_of("documents"), "unused-document", zh, en)
