"""Answers are judged by the form's limits, choices and readings; a fail starts a finding."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from safetyapp.domain.answer_kinds import AnswerKind, AnswerSpec, LimitCase, Limits, Outcome, Reading
from safetyapp.domain.basis import Basis
from safetyapp.domain.form import Form, Item, ItemId, Severity
from safetyapp.domain.inspection import Answer
from safetyapp.domain.judging import answer_at, is_required, judge, outcomes, propose_finding
from safetyapp.domain.places import paths, place_at
from safetyapp.domain.reckoned import NOTHING, Reckoned
from safetyapp.domain.school import SchoolKind
from safetyapp.domain.words import Words
from tests.domain.examples import (
    GUIDE,
    NOON,
    TODAY,
    answered,
    column,
    draft,
    drill_form,
    form_of,
    item,
    read,
    reckoned,
    school,
    small_form,
)

SMALL = small_form()


def of(item_id: str) -> Item:
    found = SMALL.item(item_id)
    assert found is not None
    return found


def judged(asked: Item, value: str, form: Form = SMALL, **more: object) -> Outcome:
    return judge(form, asked, Answer(asked.id, value, NOON, **more), school(), TODAY)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("kind", "width", "outcome"),
    [
        (SchoolKind.PRIMARY, "0.90", Outcome.PASS),
        (SchoolKind.PRIMARY, "0.89", Outcome.FAIL),
        (SchoolKind.KINDERGARTEN, "1.19", Outcome.FAIL),
        (SchoolKind.KINDERGARTEN, "1.2", Outcome.PASS),
        (SchoolKind.OTHER, "0.90", Outcome.PASS),
    ],
)
def test_limits_follow_the_school(kind: SchoolKind, width: str, outcome: Outcome) -> None:
    assert judge(SMALL, of("A-2"), Answer(ItemId("A-2"), width, NOON), school(kind=kind), TODAY) is outcome


@pytest.mark.parametrize(("case", "outcome"), [("", Outcome.PASS), ("powder", Outcome.PASS), ("water", Outcome.FAIL)])
def test_limits_follow_the_chosen_case_and_the_first_is_the_default(case: str, outcome: Outcome) -> None:
    assert judged(of("A-3"), (TODAY - timedelta(days=3000)).isoformat(), case=case) is outcome


@pytest.mark.parametrize(("days", "outcome"), [(-1, Outcome.FAIL), (0, Outcome.PASS), (400, Outcome.PASS)])
def test_a_permit_must_still_hold_on_the_day_of_the_inspection(days: int, outcome: Outcome) -> None:
    permit = item("P-1", AnswerSpec(AnswerKind.DATE, limits=Limits(not_expired=True)))
    assert judged(permit, (TODAY + timedelta(days=days)).isoformat()) is outcome
    by_case = replace(
        permit, answer=AnswerSpec(AnswerKind.DATE, cases=(LimitCase("a", Words("甲"), permit.answer.limits),))
    )
    assert judged(by_case, (TODAY + timedelta(days=days)).isoformat(), case="a") is outcome


@pytest.mark.parametrize(
    ("kind", "value", "outcome"),
    [
        (AnswerKind.CHOICE, "good", Outcome.PASS),
        (AnswerKind.CHOICE, "worn", Outcome.FAIL),
        (AnswerKind.CHOICE, "none", Outcome.NA),
        (AnswerKind.CHOICE, "odd", Outcome.NOTED),
        (AnswerKind.CHOICE, "other", Outcome.NOTED),
        (AnswerKind.CHOICE, "na", Outcome.NA),
        (AnswerKind.CHOICES, "good odd", Outcome.PASS),
        (AnswerKind.CHOICES, "good worn none", Outcome.FAIL),
        (AnswerKind.CHOICES, "none odd", Outcome.NA),
        (AnswerKind.RANK, "odd none worn good", Outcome.FAIL),
        (AnswerKind.TEXT, "worn", Outcome.NOTED),
        (AnswerKind.TEXT, "na", Outcome.NOTED),
        (AnswerKind.RANGE, "7", Outcome.NOTED),
        (AnswerKind.SCORE, "7", Outcome.NOTED),
        (AnswerKind.TIME, "08:05", Outcome.NOTED),
        (AnswerKind.TIME, "na", Outcome.NA),
        (AnswerKind.INTEGER, "3", Outcome.NOTED),
        (AnswerKind.TABLE, "1 2", Outcome.NOTED),
    ],
)
def test_every_kind_comes_to_something(kind: AnswerKind, value: str, outcome: Outcome) -> None:
    choice_list = "states" if kind.is_choice else ""
    scale = kind in (AnswerKind.RANGE, AnswerKind.SCORE)
    spec = AnswerSpec(
        kind, limits=Limits(Decimal(0), Decimal(9)) if scale else Limits(), choice_list=choice_list, other=True
    )
    asked = column("x", kind, answer=spec)
    assert judged(asked, value, form_of(asked)) is outcome


def test_a_reading_out_of_limit_fails_what_was_called_a_pass() -> None:
    low, high = (read("pressure", "0.04"),), (read("pressure", "0.05"),)
    assert judged(of("B-2"), "pass", readings=low) is Outcome.FAIL
    assert judged(of("B-2"), "pass", readings=high) is Outcome.PASS
    assert judged(of("B-2"), "na", readings=low) is Outcome.NA
    assert judged(of("B-2"), "pass", readings=(read("gone", "x"),)) is Outcome.PASS


@pytest.mark.parametrize(("chosen", "outcome"), [("worn", Outcome.FAIL), ("good", Outcome.PASS), ("odd", Outcome.PASS)])
def test_a_chosen_reading_that_is_a_fail_fails_the_item(chosen: str, outcome: Outcome) -> None:
    seal = Reading("seal", Words("铅封"), AnswerKind.CHOICE, choice_list="states")
    asked = column("x", AnswerKind.CONFORMITY, answer=AnswerSpec(AnswerKind.CONFORMITY, readings=(seal,)))
    assert judged(asked, "pass", form_of(asked), readings=(read("seal", chosen),)) is outcome


def test_a_condition_opens_its_item_and_only_then_its_answer_counts() -> None:
    inspection = answered(draft(SMALL), "B-2", "fail")
    assert ItemId("B-2") not in outcomes(SMALL, inspection, reckoned(SMALL, inspection))
    inspection = answered(inspection, "B-1", "fail")
    assert outcomes(SMALL, inspection, reckoned(SMALL, inspection))[ItemId("B-2")] is Outcome.FAIL


@pytest.mark.parametrize(
    ("kind", "calculated", "value"),
    [
        (AnswerKind.CONFORMITY, "fail", "fail"),
        (AnswerKind.CONFORMITY, "", None),
        (AnswerKind.CONFORMITY, "maybe", None),
        (AnswerKind.DECIMAL, "1.5", "1.5"),
        (AnswerKind.DECIMAL, "much", None),
        (AnswerKind.DATE, "2026-02-30", None),
        (AnswerKind.CALCULATION, "5", None),
    ],
)
def test_what_is_calculated_stands_for_an_answer_when_it_is_one(
    kind: AnswerKind, calculated: str, value: str | None
) -> None:
    form = form_of(column("x", kind, calculate="1"))
    inspection = answered(draft(form), "x", "pass", note="手写")
    found = Reckoned(calculated={ItemId("x"): calculated})
    place = place_at(paths(form), ItemId("x"), inspection, found)
    assert place is not None
    answer = answer_at(inspection, place, found)
    assert (answer and answer.value) == value
    assert answer is None or answer.note == "手写"


def test_what_is_calculated_or_only_read_need_not_be_answered() -> None:
    plain = column("x", AnswerKind.INTEGER)
    assert is_required(plain, plain.id, NOTHING)
    for other in (replace(plain, calculate="1"), replace(plain, read_only=True), replace(plain, required="")):
        assert not is_required(other, other.id, NOTHING)
        assert is_required(other, other.id, Reckoned(demanded=frozenset({other.id})))
    assert is_required(replace(plain, calculate="1", trigger="y"), plain.id, NOTHING)


def test_a_calculated_fail_in_the_drill() -> None:
    form = drill_form()
    inspection = draft(form)
    for address, value in {"classes": "1", "enrolled@1": "40", "arrived@1": "39"}.items():
        inspection = answered(inspection, address, value)
    assert outcomes(form, inspection, reckoned(form, inspection))[ItemId("everybody")] is Outcome.FAIL


@pytest.mark.parametrize(("site", "place"), [("教学楼", "教学楼"), ("全校", ""), ("", "")])
def test_a_finding_starts_at_the_site_unless_that_is_everywhere(site: str, place: str) -> None:
    assert propose_finding(SMALL, of("A-1"), ItemId("A-1"), draft(SMALL, site=site), "x").place == place


def test_a_finding_starts_from_its_item() -> None:
    finding = propose_finding(SMALL, of("B-1"), ItemId("B-1"), draft(SMALL), "飞线充电", 2, "d0/3")
    assert (finding.severity, finding.criterion, finding.deadline) == (Severity.MAJOR, "判定指南第三条(一)6", TODAY)
    assert (finding.ordinal, finding.repeats, finding.action) == (2, "d0/3", "立即改正")
    maybe = replace(of("B-1"), severity=Severity.CANDIDATE, criterion=GUIDE)
    finding = propose_finding(SMALL, maybe, ItemId("B-1@2"), draft(SMALL), "飞线充电")
    assert (finding.item, finding.severity, finding.criterion) == ("B-1@2", Severity.CANDIDATE, "")


def test_a_clause_nobody_has_read_is_marked_and_superseded_law_is_never_cited() -> None:
    assert SMALL.citations(of("A-1").basis) == ("消防法第二十八条", "GB 55037-2022 7.4（待核）")
    assert SMALL.cite(Basis("old", "第一条", verified=True)) == ""
    assert SMALL.cite(Basis("nowhere", "第一条", verified=True)) == ""
