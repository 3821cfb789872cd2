"""What a form's answers add up to: methods, vetoes, grades, and what does not apply."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safetyapp.domain.answer_kinds import AnswerKind, AnswerSpec, Limits, Outcome
from safetyapp.domain.form import Form, ItemId
from safetyapp.domain.judging import score_of
from safetyapp.domain.reckoned import NOTHING, Reckoned
from safetyapp.domain.scoring import Grade, Score, Scored, ScoreMethod, Scoring, add_up
from safetyapp.domain.words import Words
from tests.domain.examples import answered, column, draft, form_of

GRADES = (
    Grade("poor", Words("不合格"), Decimal(0)),
    Grade("fine", Words("合格"), Decimal(60)),
    Grade("best", Words("优秀"), Decimal(90)),
)
PASS, FAIL, NA, NOTED = Outcome.PASS, Outcome.FAIL, Outcome.NA, Outcome.NOTED


def scoring(method: ScoreMethod) -> Scoring:
    return Scoring(method, Decimal(100), GRADES)


def total(method: ScoreMethod, *items: tuple[int, Outcome | None], veto: str = "") -> Score:
    return add_up(scoring(method), [Scored(f"i{n}", Decimal(w), o, veto=veto) for n, (w, o) in enumerate(items)])


@pytest.mark.parametrize(
    ("method", "items", "points", "possible", "grade"),
    [
        (ScoreMethod.POINTS, [(60, PASS), (40, PASS)], "100.00", 100, "best"),
        (ScoreMethod.POINTS, [(60, PASS), (40, FAIL)], "60.00", 100, "fine"),
        (ScoreMethod.POINTS, [(60, PASS), (40, NA)], "60.00", 60, "fine"),
        (ScoreMethod.POINTS, [(60, PASS), (40, None)], "60.00", 100, "fine"),
        (ScoreMethod.POINTS, [], "0.00", 0, "poor"),
        (ScoreMethod.DEDUCT, [(10, FAIL), (5, PASS), (3, NA)], "90.00", 100, "best"),
        (ScoreMethod.DEDUCT, [(70, FAIL), (70, FAIL)], "0.00", 100, "poor"),
        (ScoreMethod.DEDUCT, [(10, None)], "100.00", 100, "best"),
        (ScoreMethod.PERCENT, [(1, PASS), (1, PASS), (1, FAIL)], "66.67", 100, "fine"),
        (ScoreMethod.PERCENT, [(1, PASS), (1, PASS), (1, NA)], "100.00", 100, "best"),
        (ScoreMethod.PERCENT, [(8, PASS), (0, FAIL)], "100.00", 100, "best"),
        (ScoreMethod.PERCENT, [(5, NA)], "0.00", 100, "poor"),
        (ScoreMethod.PERCENT, [(1, PASS), (7, FAIL)], "12.50", 100, "poor"),
    ],
)
def test_methods(
    method: ScoreMethod, items: list[tuple[int, Outcome | None]], points: str, possible: int, grade: str
) -> None:
    score = total(method, *items)
    assert (score.points, score.possible, score.grade) == (Decimal(points), Decimal(possible), grade)


def test_a_veto_caps_the_grade_and_only_the_grade() -> None:
    score = total(ScoreMethod.DEDUCT, (1, FAIL), (1, FAIL), veto="fine")
    assert (score.points, score.grade, score.vetoes) == (Decimal("98.00"), "fine", ("i0", "i1"))
    assert total(ScoreMethod.DEDUCT, (1, PASS), veto="poor").grade == "best"
    low = total(ScoreMethod.DEDUCT, (99, FAIL), veto="fine")
    assert low.grade == "poor"  # a cap lifts nothing
    mixed = [Scored("a", Decimal(0), FAIL, veto="fine"), Scored("b", Decimal(0), FAIL, veto="poor")]
    assert add_up(scoring(ScoreMethod.DEDUCT), mixed).grade == "poor"
    assert add_up(scoring(ScoreMethod.DEDUCT), [Scored("a", Decimal(0), FAIL, veto="unknown")]).grade == "best"


def test_without_grades_there_is_none() -> None:
    plain = Scoring(ScoreMethod.POINTS, Decimal(10))
    assert add_up(plain, [Scored("a", Decimal(3), PASS)]) == Score(Decimal("3.00"), Decimal(3))


def test_halves_are_rounded_up() -> None:
    assert add_up(scoring(ScoreMethod.POINTS), [Scored("a", Decimal(9), NOTED, Decimal("2.005"))]).points == Decimal(
        "2.01"
    )


def scored_form(method: ScoreMethod) -> Form:
    manner = AnswerSpec(AnswerKind.SCORE, limits=Limits(maximum=Decimal(5)))
    rows = column("t", AnswerKind.TABLE, items=(column("cell", AnswerKind.CONFORMITY, weight=Decimal(2)),))
    return form_of(
        column("s", AnswerKind.SCORE, answer=manner),
        column("w", AnswerKind.SCORE, answer=manner, weight=Decimal(20)),
        column("c", AnswerKind.CONFORMITY, weight=Decimal(10)),
        column("v", AnswerKind.CONFORMITY, veto="poor"),
        column("plain", AnswerKind.CONFORMITY),
        rows,
        scoring=Scoring(method, Decimal(100), GRADES),
    )


def scored(method: ScoreMethod, answers: dict[str, str], found: Reckoned = NOTHING) -> Score:
    form = scored_form(method)
    inspection = draft(form)
    for address, value in answers.items():
        inspection = answered(inspection, address, value)
    score = score_of(form, inspection, found)
    assert score is not None
    return score


ALL = {"s": "4", "w": "2.5", "c": "pass", "v": "pass", "plain": "fail", "t": "1 2", "cell@1": "pass", "cell@2": "fail"}


def test_a_form_is_scored_by_points_of_scores_weights_and_rows() -> None:
    score = scored(ScoreMethod.POINTS, ALL)
    assert (score.points, score.possible) == (Decimal("26.00"), Decimal(5 + 20 + 10 + 2 + 2))
    assert scored(ScoreMethod.POINTS, {**ALL, "s": "na"}).possible == Decimal(34)
    assert scored(ScoreMethod.POINTS, {**ALL, "t": "1"}).possible == Decimal(37)
    closed = Reckoned(closed=frozenset({ItemId("w")}))
    assert scored(ScoreMethod.POINTS, ALL, closed).points == Decimal("16.00")


def test_scores_lose_what_they_lack_where_points_are_deducted() -> None:
    assert scored(ScoreMethod.DEDUCT, ALL).points == Decimal(100) - 1 - 10 - 2
    assert scored(ScoreMethod.DEDUCT, {}).points == Decimal(100)


def test_a_veto_of_an_item_that_fails() -> None:
    assert scored(ScoreMethod.DEDUCT, {**ALL, "v": "fail"}).vetoes == ("v",)
    assert scored(ScoreMethod.DEDUCT, {**ALL, "v": "fail"}).grade == "poor"
    assert scored(ScoreMethod.DEDUCT, {**ALL, "v": "na"}).vetoes == ()


def test_a_form_without_scoring_has_no_score() -> None:
    form = replace(scored_form(ScoreMethod.POINTS), scoring=None)
    assert score_of(form, draft(form), NOTHING) is None


ONE = st.tuples(st.integers(0, 30), st.sampled_from([PASS, FAIL, NA, NOTED, None]))


@given(st.sampled_from(list(ScoreMethod)), st.lists(ONE, max_size=8), st.sampled_from(["", "poor", "fine"]))
def test_failing_never_earns_and_what_does_not_apply_never_counts(
    method: ScoreMethod, items: list[tuple[int, Outcome | None]], veto: str
) -> None:
    score = total(method, *items, veto=veto)
    assert Decimal(0) <= score.points <= max(score.possible, Decimal(0))
    better = total(method, *((w, PASS if o is FAIL else o) for w, o in items), veto=veto)
    assert better.points >= score.points
    places = [grade.id for grade in GRADES]
    assert places.index(better.grade) >= places.index(score.grade)
    without = total(method, *((w, o) for w, o in items if o is not NA), veto=veto)
    assert (without.points, without.possible, without.grade) == (score.points, score.possible, score.grade)
