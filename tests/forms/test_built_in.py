"""All built-in forms against the tables that were drawn from the domain notes by another way than the forms were."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from decimal import Decimal
from pathlib import Path

import pytest

from safetyapp.domain.answer_kinds import AnswerKind
from safetyapp.domain.form import Form, Item, Severity
from safetyapp.domain.school import School, SchoolFact, SchoolId, SchoolKind
from safetyapp.domain.words import Words
from safetyapp.forms.check import check_form
from safetyapp.forms.read_yaml import read_form

ROOT = Path(__file__).parents[2]
FORMS = {path.stem: read_form(path) for path in sorted((ROOT / "forms").glob("*.yaml"))}
TABLES: dict[str, list[dict[str, str]]] = {}
for _path in sorted((ROOT / "tests/data/forms").glob("*_items.csv")):
    with _path.open(encoding="utf-8", newline="") as _file:
        TABLES[_path.name.removesuffix("_items.csv")] = list(csv.DictReader(_file))

ROWS = [(name, row) for name, table in TABLES.items() for row in table if "question" in row]
CLAUSES = [(name, row) for name, row in ROWS if "verified" in row]
PLAIN = School(SchoolId("s"), "某校", SchoolKind.PRIMARY, lacks=frozenset(SchoolFact))

each_form = pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
each_row = pytest.mark.parametrize(("name", "row"), ROWS, ids=[row["id"] for _, row in ROWS])


def item(name: str, item_id: str) -> Item:
    found = FORMS[name].item(item_id)
    assert found is not None
    return found


def texts(value: object, path: str = "") -> Iterator[tuple[str, Words]]:
    """Every text of a form in two languages, with the way to it."""
    if isinstance(value, Words):
        if value != Words(""):
            yield path, value
    elif isinstance(value, tuple):
        for part in value:
            yield from texts(part, f"{path}/{getattr(part, 'id', '')}")
    elif is_dataclass(value):
        for field in fields(value):
            yield from texts(getattr(value, field.name), f"{path}.{field.name}")


def test_every_form_has_a_table_and_every_table_a_form() -> None:
    assert FORMS.keys() == TABLES.keys()
    assert [form.id for form in FORMS.values()] == list(FORMS)


@pytest.mark.parametrize(
    ("name", "count"),
    [("lightning", 25), ("hazchem", 43), ("food", 71), ("drills", 28), ("security", 35), ("fire", 60)],
)
def test_forms_have_as_many_checks_as_the_notes_name(name: str, count: int) -> None:
    numbered = [i.id for i in FORMS[name].items() if re.fullmatch(r"[A-Z]+-[A-Z]?[0-9]{2}", i.id)]
    assert len(numbered) == len(set(numbered)) == count


@pytest.mark.parametrize("name", TABLES)
def test_items_stand_in_the_order_of_the_table(name: str) -> None:
    form, table = FORMS[name], TABLES[name]
    whole = "parent" in table[0]
    assert [str(i.id) for i in (form.every_item() if whole else form.items())] == [row["id"] for row in table]
    assert [i.answer.kind for i in (form.every_item() if whole else form.items())] == [row["kind"] for row in table]


def test_parts_of_a_record_stand_where_the_table_puts_them() -> None:
    def parents(items: tuple[Item, ...], parent: str) -> Iterator[tuple[str, str]]:
        for i in items:
            yield i.id, parent
            yield from parents(i.items, i.id)

    for name, table in TABLES.items():
        if "parent" in table[0]:
            found = [pair for section in FORMS[name].sections for pair in parents(section.items, section.id)]
            assert found == [(row["id"], row["parent"]) for row in table]


@each_row
def test_item_is_as_in_the_table(name: str, row: dict[str, str]) -> None:
    found = item(name, row["id"])
    limits = found.answer.limits_for(PLAIN)
    assert found.question.zh == row["question"]
    assert found.days == int(row["days"])
    assert found.severity == row["severity"]
    assert found.photo == row["photo"]
    assert found.applies_text.zh == row["applies"]
    assert (limits.minimum, limits.maximum) == tuple(Decimal(row[key]) if row[key] else None for key in ("min", "max"))
    assert limits.not_expired is bool(row.get("not_expired"))
    if row["max_age"] or found.answer.kind is not AnswerKind.DATE or not found.answer.choices():
        assert limits.max_age_days == (int(row["max_age"]) if row["max_age"] else None)


@pytest.mark.parametrize(("name", "row"), CLAUSES, ids=[row["id"] for _, row in CLAUSES])
def test_clauses_are_verified_as_in_the_table(name: str, row: dict[str, str]) -> None:
    clauses = [basis.verified for basis in item(name, row["id"]).basis if basis.clause]
    assert (clauses.count(True), clauses.count(False)) == (int(row["verified"]), int(row["unverified"]))


@each_form
def test_major_rests_on_a_clause_in_force_that_somebody_has_read(form: Form) -> None:
    for i in form.every_item():
        if i.severity is Severity.MAJOR:
            assert i.criterion is not None, i.id
            document = form.document(i.criterion.document)
            assert document is not None
            assert not document.superseded, i.id
            assert i.criterion.verified, i.id
            assert i.criterion.clause, i.id
        if i.severity is Severity.CANDIDATE:
            assert i.candidate.zh, i.id


@each_form
def test_everything_is_there_in_both_languages(form: Form) -> None:
    assert [path for path, words in texts(form) if not words.zh or not words.en] == []


@each_form
def test_signs_are_of_the_width_of_their_language(form: Form) -> None:
    chinese = re.compile(r"[一-鿿][,;:?!]|[,;:?!][一-鿿]|[一-鿿]\.(?![0-9A-Za-z])|[０-９Ａ-Ｚａ-ｚ]|\s$|^\s|  ")
    english = re.compile(r"[一-鿿，。；：？！（）、《》０-９Ａ-Ｚａ-ｚ]|\s$|^\s|  ")
    plain = [(d.id, text) for d in form.documents for text in (d.title, d.short, d.number, d.edition, d.note)]
    wrong = [(path, words.zh) for path, words in texts(form) if chinese.search(words.zh)]
    wrong += [(path, words.en) for path, words in texts(form) if english.search(words.en)]
    assert wrong + [(where, text) for where, text in plain if chinese.search(text)] == []


@each_form
def test_superseded_documents_are_never_printed(form: Form) -> None:
    old = [document for document in form.documents if document.superseded]
    printed = [text for i in form.every_item() for text in form.citations(i.basis)]
    printed += [text for rule in form.due for text in form.citations(rule.basis)]
    for document in old:
        assert not any(text.startswith(document.short or document.title) for text in printed)
        assert document.note or document.edition, f"{document.id} does not say what replaced it"
    for i in form.every_item():
        assert not i.basis or form.citations(i.basis), f"{i.id} rests on nothing in force"


@each_form
def test_unread_clauses_are_marked(form: Form) -> None:
    for i in form.every_item():
        for basis in i.basis:
            printed = form.cite(basis)
            marked = printed.endswith("（待核）") and bool(basis.clause)
            assert marked is (bool(printed) and bool(basis.clause) and not basis.verified)


@each_form
def test_what_is_due_says_why_or_is_a_proposal(form: Form) -> None:
    for rule in form.due:
        assert rule.recommended or rule.basis, rule.id
        assert all((document := form.document(b.document)) and not document.superseded for b in rule.basis), rule.id


@each_form
def test_every_check_says_what_it_rests_on_and_how_sure_that_is(form: Form) -> None:
    for i in form.items():
        if i.answer.kind is AnswerKind.CONFORMITY and i.method.zh:
            assert i.basis, i.id


@pytest.mark.parametrize("name", FORMS)
def test_check_finds_nothing_but_unread_clauses(name: str) -> None:
    report = check_form(ROOT / "forms" / f"{name}.yaml")
    assert report.errors == ()
    assert {w.code for w in report.warnings} <= {"unread-clause"}, [str(w) for w in report.warnings]
