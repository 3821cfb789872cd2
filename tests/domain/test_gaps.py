"""What is missing to finalise, each kind of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from safetyapp.domain.answer_kinds import AnswerKind, AnswerSpec, Reading
from safetyapp.domain.form import Form, Item, ItemId, PhotoRule, Rows, Severity
from safetyapp.domain.gaps import Gap, GapKind, gaps, is_lowered
from safetyapp.domain.inspection import Finding, Inspection, Photo, PhotoLink, Sha256
from safetyapp.domain.judging import propose_finding
from safetyapp.domain.reckoned import NOTHING, Reckoned
from safetyapp.domain.words import Words
from tests.domain.examples import TODAY, answered, column, draft, drill_form, form_of, read, reckoned, small_form

X = ItemId("x")
PHOTO = Photo(Sha256("a" * 64), Sha256("b" * 64), 4, 3, 9, "image/jpeg")


def gaps_of(form: Form, inspection: Inspection) -> tuple[Gap, ...]:
    return gaps(form, inspection, reckoned(form, inspection))


def kinds(asked: Item, inspection: Inspection | None = None, found: Reckoned = NOTHING) -> list[GapKind]:
    form = form_of(asked)
    return [gap.kind for gap in gaps(form, inspection or draft(form), found)]


def test_gaps_go_from_everything_to_nothing() -> None:
    form = small_form()
    inspection = draft(form)
    assert [g.item for g in gaps_of(form, inspection)] == ["A-1", "A-2", "A-3", "B-1"]
    for item, value in (("A-1", "pass"), ("A-2", "1"), ("A-3", "2026-11-24"), ("B-1", "na")):
        inspection = answered(inspection, item, value)
    assert gaps_of(form, inspection) == ()


def test_a_fail_wants_its_finding_and_says_what_the_finding_lacks() -> None:
    form = small_form()
    item = form.item("B-1")
    assert item is not None
    inspection = answered(draft(form), "B-1", "fail")

    def told(*findings: Finding) -> list[GapKind]:
        given = inspection
        for finding in findings:
            given = given.with_finding(finding)
        return [g.kind for g in gaps_of(form, given) if g.item == "B-1"]

    assert told() == [GapKind.FINDING]
    finding = propose_finding(form, item, item.id, inspection, "飞线充电")
    assert [kind for kind in told(finding) if kind.blocks] == []
    assert told(replace(finding, place="楼", text=" ")) == [GapKind.TEXT]
    bare = replace(finding, criterion="", fixed_on_spot=True)
    assert told(bare) == [GapKind.CRITERION, GapKind.AFTER_PHOTO, GapKind.PLACE]
    lowered = replace(finding, severity=Severity.GENERAL, place="楼")
    assert told(lowered) == [GapKind.SEVERITY_REASON]
    assert told(replace(lowered, severity_reason="已断电")) == []
    past = inspection.inspected_on - timedelta(days=1)
    assert told(replace(finding, place="楼", deadline=past)) == [GapKind.DEADLINE]
    assert told(replace(finding, place="楼", deadline=inspection.inspected_on)) == []
    assert told(replace(finding, place="楼"), replace(finding, ordinal=2, text="", place="楼")) == [GapKind.TEXT]


def test_a_candidate_stands_between_general_and_major() -> None:
    levels = [Severity.GENERAL, Severity.CANDIDATE, Severity.MAJOR]
    for n, usual in enumerate(levels):
        assert [is_lowered(usual, chosen) for chosen in levels] == [m < n for m in range(3)]


def test_what_is_asked_by_an_expression_is_a_gap() -> None:
    asked = column("x", AnswerKind.TEXT, required="")
    assert kinds(asked) == []
    assert kinds(asked, found=Reckoned(demanded=frozenset({X}))) == [GapKind.UNANSWERED]
    assert kinds(replace(asked, read_only=True, required="true()")) == []


def test_what_is_closed_has_no_gap() -> None:
    assert kinds(column("x", AnswerKind.TEXT), found=Reckoned(closed=frozenset({X}))) == []
    assert kinds(column("x", AnswerKind.TEXT), found=Reckoned(closed=frozenset({ItemId("only")}))) == []


def test_an_answer_that_breaks_its_rule_is_a_gap() -> None:
    asked = column("x", AnswerKind.INTEGER)
    inspection = answered(draft(), "x", "3")
    assert kinds(asked, inspection, Reckoned(broken={X: Words("太多")})) == [GapKind.CONSTRAINT]


@pytest.mark.parametrize(
    ("kind", "value", "offered", "told"),
    [
        (AnswerKind.CHOICE, "worn", ("good", "worn"), []),
        (AnswerKind.CHOICE, "worn", ("good",), [GapKind.CHOICE]),
        (AnswerKind.CHOICE, "na", ("good",), []),
        (AnswerKind.CHOICES, "good worn", ("good",), [GapKind.CHOICE]),
        (AnswerKind.CHOICES, "good", ("good", "worn"), []),
        (AnswerKind.RANK, "good worn", ("good", "worn"), []),
        (AnswerKind.RANK, "good worn", ("good", "worn", "odd"), [GapKind.CHOICE]),
    ],
)
def test_what_is_no_longer_on_offer_is_a_gap(
    kind: AnswerKind, value: str, offered: tuple[str, ...], told: list[GapKind]
) -> None:
    asked = column("x", kind, answer=AnswerSpec(kind, choice_list="states"), severity=Severity.GENERAL)
    inspection = answered(draft(), "x", value)
    inspection = inspection.with_finding(Finding(X, 1, "t", Severity.GENERAL, "", TODAY, "楼"))
    assert kinds(asked, inspection, Reckoned(offered={X: offered})) == told


def test_other_wants_its_words() -> None:
    asked = column("x", AnswerKind.CHOICES, answer=AnswerSpec(AnswerKind.CHOICES, choice_list="states", other=True))
    assert kinds(asked, answered(draft(), "x", "good other")) == [GapKind.OTHER_WORDS]
    assert kinds(asked, answered(draft(), "x", "good other", note="老式")) == []
    assert kinds(asked, answered(draft(), "x", "good"), Reckoned(offered={X: ("good",)})) == []
    assert kinds(asked, answered(draft(), "x", "other", note="老式"), Reckoned(offered={X: ("good",)})) == []


def test_a_required_reading_is_a_gap_until_it_is_read() -> None:
    reading = Reading("p", Words("压力"), AnswerKind.DECIMAL, required=True)
    asked = column("x", AnswerKind.CONFORMITY, answer=AnswerSpec(AnswerKind.CONFORMITY, readings=(reading,)))
    assert kinds(asked, answered(draft(), "x", "pass")) == [GapKind.READING]
    assert kinds(asked, answered(draft(), "x", "na")) == []
    assert kinds(asked, answered(draft(), "x", "pass", readings=(read("p", "1"),))) == []


@pytest.mark.parametrize(
    ("rule", "value", "told"),
    [
        (PhotoRule.ALWAYS, "pass", [GapKind.PHOTO]),
        (PhotoRule.ALWAYS, "na", []),
        (PhotoRule.ON_FAIL, "pass", []),
        (PhotoRule.ON_FAIL, "fail", [GapKind.FINDING, GapKind.PHOTO]),
        (PhotoRule.NONE, "fail", [GapKind.FINDING]),
    ],
)
def test_a_photo_is_a_reminder(rule: PhotoRule, value: str, told: list[GapKind]) -> None:
    asked = column("x", AnswerKind.CONFORMITY, photo=rule)
    inspection = answered(draft(), "x", value)
    assert kinds(asked, inspection) == told
    taken = replace(inspection, photos=(PhotoLink(X, PHOTO, 0),))
    assert kinds(asked, taken) == [kind for kind in told if kind is not GapKind.PHOTO]
    assert not GapKind.PHOTO.blocks


def test_a_wanted_photo_is_an_answer() -> None:
    asked = column("x", AnswerKind.PHOTO)
    assert kinds(asked) == [GapKind.UNANSWERED]
    assert kinds(asked, replace(draft(), photos=(PhotoLink(X, PHOTO, 0),))) == []


@pytest.mark.parametrize(
    ("rows", "found", "short"),
    [
        ("", NOTHING, True),
        ("1", NOTHING, True),
        ("1 2", NOTHING, False),
        ("1 2", Reckoned(row_counts={X: 3}), True),
        ("1 2 3", Reckoned(row_counts={X: 3}), False),
    ],
)
def test_too_few_rows_are_a_gap(rows: str, found: Reckoned, short: bool) -> None:
    asked = column("x", AnswerKind.TABLE, rows=Rows(minimum=2), items=(column("c", AnswerKind.TEXT, required=""),))
    assert kinds(asked, answered(draft(), "x", rows), found) == ([GapKind.ROWS] if short else [])


def test_a_table_may_be_demanded_or_break_a_rule() -> None:
    asked = column("x", AnswerKind.TABLE, required="1 = 1", items=(column("c", AnswerKind.TEXT, required=""),))
    assert kinds(asked) == []
    assert kinds(asked, found=Reckoned(demanded=frozenset({X}))) == [GapKind.ROWS]
    assert kinds(asked, answered(draft(), "x", "1"), Reckoned(demanded=frozenset({X}))) == []
    broken = Reckoned(broken={X: Words("")})
    assert kinds(asked, answered(draft(), "x", "1"), broken) == [GapKind.CONSTRAINT]


def test_gaps_in_rows_are_told_row_by_row() -> None:
    form = drill_form()
    inspection = answered(answered(draft(form), "classes", "3 1"), "arrived@1", "12")
    inspection = answered(inspection, "enrolled@1", "10")
    told = [(g.item, g.kind) for g in gaps_of(form, inspection) if g.item.partition("@")[2]]
    assert told == [
        ("enrolled@3", GapKind.UNANSWERED),
        ("arrived@3", GapKind.UNANSWERED),
        ("arrived@1", GapKind.CONSTRAINT),
    ]
