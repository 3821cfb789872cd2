"""What changed between two versions of a form: nothing is missed, nothing that stayed is named."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from safetyapp.domain.answer_kinds import AnswerKind, AnswerSpec, Choice, ChoiceList, Limits
from safetyapp.domain.basis import Basis, LegalDocument
from safetyapp.domain.form import Form, FormId, Item, ItemId, Section, Severity, with_address
from safetyapp.domain.form_changes import Change, ChangeKind, FieldChange, FormChanges, changes, listed
from safetyapp.domain.schedule import Doer, DueRule, Every, Period
from safetyapp.domain.scoring import Grade, ScoreMethod, Scoring
from safetyapp.domain.words import Words
from tests.forms.made_forms import forms


def item(name: str, **further: object) -> Item:
    return replace(Item(ItemId(name), Words(f"问{name}", f"Q{name}")), **further)  # type: ignore[arg-type]


def form(*items: Item, **further: object) -> Form:
    plain = Form(
        FormId("fire"),
        "1",
        Words("消防"),
        "fire",
        (LegalDocument("law", "消防法", "消防法"),),
        (Section("s", Words("节"), items),),
    )
    return with_address(replace(plain, **further))  # type: ignore[arg-type]


def only(**expected: tuple[Change, ...] | tuple[FieldChange, ...]) -> FormChanges:
    return FormChanges(**expected)  # type: ignore[arg-type]


A, B, C, D = item("a"), item("b"), item("c"), item("d")


def test_nothing_changed() -> None:
    assert not changes(form(A, B), form(A, B))
    assert list(listed(changes(form(A, B), form(A, B)))) == []


def test_added_and_removed() -> None:
    found = changes(form(A, B), form(A, C))
    assert found == only(items=(Change(ChangeKind.ADDED, "c", "问c"), Change(ChangeKind.REMOVED, "b", "问b")))
    assert list(listed(found)) == [("added", "c", "问c"), ("removed", "b", "问b")]


def test_changed_fields_with_their_texts() -> None:
    limited = AnswerSpec(AnswerKind.DECIMAL, Words("米", "m"), Limits(Decimal("0.90")))
    old = item("a", answer=limited, basis=(Basis("law", "第一条", True),), severity=Severity.GENERAL)
    new = replace(
        old,
        question=Words("新问", "Qa"),
        answer=replace(limited, limits=Limits(Decimal("1.10"), Decimal(2))),
        basis=(Basis("law", "第二条"), Basis("other")),
        severity=Severity.MAJOR,
    )
    (change,) = changes(form(old), form(new)).items
    assert (change.kind, change.id, change.text) == (ChangeKind.CHANGED, "a", "新问")
    assert set(change.fields) == {
        FieldChange("question.zh", "问a", "新问"),
        FieldChange("answer.limits.minimum", "0.90", "1.10"),
        FieldChange("answer.limits.maximum", "", "2"),
        FieldChange("basis", "消防法 第一条", "消防法 第二条（待核）\nother（待核）"),
        FieldChange("severity", "general", "major"),
    }


def test_the_fewest_items_are_moved() -> None:
    (change,) = changes(form(A, B, C, D), form(D, A, B, C)).items
    assert (change.kind, change.id) == (ChangeKind.MOVED, "d")
    assert change.fields == (FieldChange("place", "节 › c", "节"),)


def test_an_item_that_goes_into_a_group_is_moved_and_may_be_changed() -> None:
    group = item("g", answer=AnswerSpec(AnswerKind.GROUP), required="", items=(C,))
    old = form(A, B, group)
    new = form(A, replace(group, items=(C, replace(B, days=9))))
    (change,) = changes(old, new).items
    assert (change.kind, change.id) == (ChangeKind.MOVED, "b")
    assert change.fields == (FieldChange("place", "节 › a", "g › c"), FieldChange("days", "0", "9"))
    assert [row[:2] for row in listed(changes(old, new))] == [("moved", "b"), ("changed", "b")]


def test_a_short_title_is_no_change_of_every_item_that_cites_it() -> None:
    citing = item("a", basis=(Basis("law", "第一条", True),))
    found = changes(form(citing), form(citing, documents=(LegalDocument("law", "消防法", "消法"),)))
    assert found == only(
        documents=(Change(ChangeKind.CHANGED, "law", "消防法", (FieldChange("short", "消防法", "消法"),)),)
    )


def test_the_other_parts() -> None:
    scoring = Scoring(ScoreMethod.POINTS, Decimal(100), (Grade("good", Words("好"), Decimal(90)),))
    rule = DueRule("r", Doer.SCHOOL, Every(Period.MONTH), Words("每月查"))
    lists = (ChoiceList("l", (Choice("1", Words("一")), Choice("2", Words("二")))),)
    old = form(A, scoring=scoring, due=(rule,), choices=lists)
    new = form(
        A,
        version="2",
        sections=(Section("s", Words("新节"), (A,)),),
        scoring=replace(scoring, full=Decimal(50), grades=(replace(scoring.grades[0], at_least=Decimal(45)),)),
        due=(replace(rule, every=Every(days=30)),),
        choices=(ChoiceList("l", (lists[0].choices[1], lists[0].choices[0])),),
    )
    rows = list(listed(changes(old, new)))
    assert ("changed", "form", "version: 1 → 2") in rows
    assert ("changed", "section/s", "title.zh: 节 → 新节") in rows
    assert ("changed", "scoring", "full: 100 → 50") in rows
    assert ("changed", "grade/good", "at_least: 90 → 45") in rows
    assert ("changed", "due/r", "every.period: month → —") in rows
    assert ("changed", "due/r", "every.days: 0 → 30") in rows
    assert [row[:2] for row in rows if row[0] == "moved"] == [("moved", "choice/l/2")]
    assert len(changes(old, with_address(replace(new, scoring=None))).grades) == 1


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(forms(), forms())
def test_there_are_changes_exactly_when_the_address_differs(one: Form, other: Form) -> None:
    assert not changes(one, one)
    assert bool(changes(one, other)) == (one.sha256 != other.sha256)


@settings(max_examples=60, deadline=None)
@given(st.permutations([item(name) for name in "abcdefg"]))
def test_what_is_called_moved_is_enough_to_get_the_new_order(order: list[Item]) -> None:
    old = form(*(item(name) for name in "abcdefg"))
    moved = {c.id for c in changes(old, form(*order)).items}
    left = [i.id for i in order if i.id not in moved]
    assert left == sorted(left)
    longest = max(len(way) for way in _rising([i.id for i in order]))
    assert len(left) == longest


def _rising(names: list[str]) -> list[list[str]]:
    ways: list[list[str]] = [[]]
    for name in names:
        ways += [[*way, name] for way in ways if not way or way[-1] < name]
    return ways


def test_a_limit_written_more_exactly_is_a_change() -> None:
    old, new = (
        form(item("a", answer=AnswerSpec(AnswerKind.DECIMAL, limits=Limits(Decimal(text))))) for text in ("0.9", "0.90")
    )
    assert [row[2] for row in listed(changes(old, new))] == ["answer.limits.minimum: 0.9 → 0.90"]
