"""Answers are judged by the form's limits; what is missing is said; a fail starts a finding."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safetyapp.domain.form import AnswerKind, AnswerSpec, ItemId, Severity
from safetyapp.domain.inspection import (
    Answer,
    BadValue,
    GapKind,
    Inspection,
    Outcome,
    ReadingValue,
    Skip,
    gaps,
    judge,
    outcomes,
    propose_finding,
    read_value,
    skipped,
    value_from_text,
    value_text,
)
from safetyapp.domain.school import SchoolFact, SchoolKind
from tests.domain.examples import NOON, TODAY, draft, school, small_form

CHOICE = AnswerSpec(AnswerKind.CONFORMITY)
NUMBER = AnswerSpec(AnswerKind.DECIMAL)
WHOLE = AnswerSpec(AnswerKind.INTEGER)
DAY = AnswerSpec(AnswerKind.DATE)


def answered(inspection: Inspection, item: str, value: object, **more: object) -> Inspection:
    return inspection.with_answer(Answer(ItemId(item), value, NOON, **more))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("spec", "text", "value"),
    [
        (CHOICE, "pass", Outcome.PASS),
        (CHOICE, " FAIL ", Outcome.FAIL),
        (NUMBER, "na", Outcome.NA),
        (NUMBER, "1.15", Decimal("1.15")),
        (NUMBER, "１．１５", Decimal("1.15")),
        (WHOLE, "２", Decimal("2")),
        (DAY, "2026-11-05", date(2026, 11, 5)),
        (DAY, "20261105", date(2026, 11, 5)),
        (DAY, "11-5", date(2026, 11, 5)),
        (DAY, "1105", date(2026, 11, 5)),
        (DAY, "12-25", date(2025, 12, 25)),
        (DAY, "-19", TODAY - timedelta(days=19)),
        (DAY, "2026年11月5日", date(2026, 11, 5)),
    ],
)
def test_what_people_type_is_read(spec: AnswerSpec, text: str, value: object) -> None:
    assert read_value(spec, text, TODAY) == value


@pytest.mark.parametrize(
    ("spec", "text", "reason"),
    [
        (CHOICE, "yes", "not_a_choice"),
        (NUMBER, "", "not_a_number"),
        (NUMBER, "1e9", "not_a_number"),
        (NUMBER, "NaN", "not_a_number"),
        (NUMBER, "-3", "negative"),
        (WHOLE, "-19", "negative"),
        (NUMBER, "1,500", "not_a_number"),
        (DAY, "-99999", "too_long_ago"),
        (DAY, "1901-01-01", "too_long_ago"),
        (WHOLE, "1.5", "not_whole"),
        (DAY, "2026-02-30", "not_a_date"),
        (DAY, "2026-11-25", "in_the_future"),
        (DAY, "soon", "not_a_date"),
        (DAY, "11-", "not_a_date"),
        (DAY, "-2026年", "not_a_date"),
        (DAY, "1", "not_a_date"),
        (NUMBER, "1" * 300, "too_long"),
    ],
)
def test_what_is_no_answer_is_refused_with_its_reason(spec: AnswerSpec, text: str, reason: str) -> None:
    with pytest.raises(BadValue) as refused:
        read_value(spec, text, TODAY)
    assert refused.value.reason == reason


@given(
    st.sampled_from([CHOICE, NUMBER, WHOLE, DAY]),
    st.one_of(st.text(max_size=40), st.text("0123456789-/.年月日 ,+", max_size=12)),
)
def test_any_text_is_an_answer_or_refused(spec: AnswerSpec, text: str) -> None:
    try:
        value = read_value(spec, text, TODAY)
    except BadValue:
        return
    assert value_from_text(value_text(value)) == value


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
    item = small_form().item("A-2")
    assert item is not None
    assert judge(item, Answer(item.id, Decimal(width), NOON), school(kind=kind), TODAY) is outcome


@pytest.mark.parametrize(("case", "outcome"), [("", Outcome.PASS), ("powder", Outcome.PASS), ("water", Outcome.FAIL)])
def test_limits_follow_the_chosen_case_and_the_first_is_the_default(case: str, outcome: Outcome) -> None:
    item = small_form().item("A-3")
    assert item is not None
    made = TODAY - timedelta(days=3000)
    assert judge(item, Answer(item.id, made, NOON, case=case), school(), TODAY) is outcome


def test_below_zero_only_where_that_makes_sense() -> None:
    assert read_value(replace(NUMBER, signed=True), "-18.5", TODAY) == Decimal("-18.5")


def test_a_reading_out_of_limit_fails_what_was_called_a_pass() -> None:
    item = small_form().item("B-2")
    assert item is not None
    low = (ReadingValue("pressure", Decimal("0.04")),)
    assert judge(item, Answer(item.id, Outcome.PASS, NOON, readings=low), school(), TODAY) is Outcome.FAIL
    assert judge(item, Answer(item.id, Outcome.NA, NOON, readings=low), school(), TODAY) is Outcome.NA


def test_what_the_school_has_not_is_skipped_with_the_reason_and_unknown_is_asked() -> None:
    form = small_form()
    assert skipped(form, draft(form)) == {"A-4": Skip.SCHOOL, "B-2": Skip.CONDITION}
    unknown = draft(form, school=school(lacks=frozenset()))
    assert "A-4" not in skipped(form, unknown)
    boarding = draft(form, school=school(lacks=frozenset(), has=frozenset({SchoolFact.BOARDING})))
    assert "A-4" not in skipped(form, boarding)


def test_a_skipped_item_may_be_answered_all_the_same() -> None:
    form = small_form()
    inspection = answered(draft(form), "A-4", Outcome.FAIL)
    assert "A-4" not in skipped(form, inspection)
    assert outcomes(form, inspection)[ItemId("A-4")] is Outcome.FAIL


def test_a_condition_opens_its_item() -> None:
    form = small_form()
    assert "B-2" not in skipped(form, answered(draft(form), "B-1", Outcome.FAIL))


def test_gaps_go_from_everything_to_nothing() -> None:
    form = small_form()
    inspection = draft(form)
    assert {g.item for g in gaps(form, inspection)} == {"A-1", "A-2", "A-3", "B-1"}
    for item, value in (("A-1", Outcome.PASS), ("A-2", Decimal(1)), ("A-3", TODAY), ("B-1", Outcome.NA)):
        inspection = answered(inspection, item, value)
    assert gaps(form, inspection) == ()


def test_a_fail_wants_its_finding_and_says_what_the_finding_lacks() -> None:
    form = small_form()
    item = form.item("B-1")
    assert item is not None
    inspection = answered(draft(form), "B-1", Outcome.FAIL)
    kinds = [g.kind for g in gaps(form, inspection) if g.item == "B-1"]
    assert kinds == [GapKind.FINDING]
    finding = propose_finding(form, item, inspection, "飞线充电")
    assert finding.severity is Severity.MAJOR
    assert finding.criterion == "判定指南第三条(一)6"
    assert finding.deadline == TODAY
    blocking = {g.kind for g in gaps(form, inspection.with_finding(finding)) if g.item == "B-1" and g.kind.blocks}
    assert blocking == set()
    bare = replace(finding, criterion="", fixed_on_spot=True)
    kinds = [g.kind for g in gaps(form, inspection.with_finding(bare)) if g.item == "B-1"]
    assert kinds == [GapKind.CRITERION, GapKind.AFTER_PHOTO, GapKind.PLACE]
    lowered = replace(finding, severity=Severity.GENERAL)
    assert GapKind.SEVERITY_REASON in {g.kind for g in gaps(form, inspection.with_finding(lowered))}


@pytest.mark.parametrize(("site", "place"), [("教学楼", "教学楼"), ("全校", ""), ("", "")])
def test_a_finding_starts_at_the_site_unless_that_is_everywhere(site: str, place: str) -> None:
    form = small_form()
    item = form.item("A-1")
    assert item is not None
    assert propose_finding(form, item, draft(form, site=site), "x").place == place


def test_a_clause_nobody_has_read_is_marked_and_superseded_law_is_never_cited() -> None:
    form = small_form()
    item = form.item("A-1")
    assert item is not None
    assert form.citations(item.basis) == ("消防法第二十八条", "GB 55037-2022 7.4（待核）")
    from safetyapp.domain.form import Basis

    assert form.cite(Basis("old", "第一条", verified=True)) == ""
    assert form.cite(Basis("nowhere", "第一条", verified=True)) == ""
