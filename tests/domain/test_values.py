"""What people type has one spelling for each kind of answer, and what is none is refused with its reason."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safetyapp.domain.answer_kinds import AnswerKind, AnswerSpec, Choice, ChoiceList, Limits, Outcome
from safetyapp.domain.values import BadValue, read_measure, read_value, typed, within
from safetyapp.domain.words import Words
from tests.domain.examples import STATES, TODAY

CONFORMITY, NUMBER, WHOLE, DAY, TEXT, TIME, INSTANT, DURATION, POSITION, TRACE, SHAPE, TABLE, FILE, SURE = (
    AnswerSpec(kind)
    for kind in (
        AnswerKind.CONFORMITY, AnswerKind.DECIMAL, AnswerKind.INTEGER, AnswerKind.DATE, AnswerKind.TEXT,
        AnswerKind.TIME, AnswerKind.DATETIME, AnswerKind.DURATION, AnswerKind.POSITION, AnswerKind.TRACE,
        AnswerKind.SHAPE, AnswerKind.TABLE, AnswerKind.FILE, AnswerKind.ACKNOWLEDGE,
    )
)  # fmt: skip
ONE = AnswerSpec(AnswerKind.CHOICE, choice_list="states", other=True)
SOME = AnswerSpec(AnswerKind.CHOICES, choice_list="states", other=True)
RANKED = AnswerSpec(AnswerKind.RANK, choice_list="states")
SCALE = AnswerSpec(AnswerKind.RANGE, limits=Limits(Decimal(1), Decimal(10)), step=Decimal("1.5"))
POINTS = AnswerSpec(AnswerKind.SCORE, limits=Limits(maximum=Decimal(5)))
HASH = "0123456789abcdef" * 4
EVERY = [AnswerSpec(kind, choice_list="states") for kind in AnswerKind] + [ONE, SOME, SCALE, POINTS]


@pytest.mark.parametrize(
    ("spec", "text", "value"),
    [
        (CONFORMITY, "pass", "pass"),
        (CONFORMITY, " FAIL ", "fail"),
        (NUMBER, "NA", "na"),
        (NUMBER, "1.15", "1.15"),
        (NUMBER, "１．１５", "1.15"),
        (NUMBER, "1.10", "1.10"),
        (NUMBER, "007.", "7"),
        (NUMBER, ".5", "0.5"),
        (NUMBER, "-0", "0"),
        (WHOLE, "２", "2"),
        (WHOLE, "2.0", "2"),
        (DAY, "2026-11-05", "2026-11-05"),
        (DAY, "20261105", "2026-11-05"),
        (DAY, "11-5", "2026-11-05"),
        (DAY, "1105", "2026-11-05"),
        (DAY, "12-25", "2025-12-25"),
        (DAY, "-19", (TODAY - timedelta(days=19)).isoformat()),
        (DAY, "2026年11月5日", "2026-11-05"),
        (replace(DAY, future=True), "2030-1-2", "2030-01-02"),
        (replace(DAY, limits=Limits(not_expired=True)), "2030-1-2", "2030-01-02"),
        (TIME, "8:05", "08:05"),
        (TIME, "0805", "08:05"),
        (TIME, "8点05分", "08:05"),
        (TIME, "8点", "08:00"),
        (TIME, "８：０５：０９", "08:05:09"),
        (INSTANT, "2026-1-2 8:05", "2026-01-02T08:05"),
        (INSTANT, "2026-01-02T08:05:00+0800", "2026-01-02T08:05:00+08:00"),
        (INSTANT, "2026-01-02T08:05Z", "2026-01-02T08:05+00:00"),
        (DURATION, "90", "90"),
        (DURATION, "1:30", "90"),
        (DURATION, "1:02:03", "3723"),
        (DURATION, "2分30秒", "150"),
        (DURATION, "5.5秒", "5.5"),
        (DURATION, "1小时", "3600"),
        (TEXT, " 一行\r\n二行 ", "一行\n二行"),
        (TEXT, "旧\rMac", "旧\nMac"),
        (TEXT, "名字里的新字\U000323b0", "名字里的新字\U000323b0"),
        (ONE, "worn", "worn"),
        (ONE, "In order", "good"),
        (ONE, "磨损（可用）", "worn"),
        (ONE, "磨损(可用)", "worn"),
        (ONE, "other", "other"),
        (ONE, "na", "na"),
        (SOME, "none, good", "good none"),
        (SOME, "没有、磨损（可用）", "worn none"),
        (SOME, "Hard to say, In order", "good odd"),
        (SOME, "odd other good odd", "good odd other"),
        (RANKED, "odd none worn good", "odd none worn good"),
        (SCALE, "4", "4"),
        (SCALE, "１０", "10"),
        (POINTS, "4.5", "4.5"),
        (POSITION, "39.9，116.4", "39.9 116.4"),
        (POSITION, "39.90 116.4 35 4.5", "39.90 116.4 35 4.5"),
        (TRACE, "1 2; 3 4\n5 6", "1 2;3 4;5 6"),
        (TABLE, " 3  01 3 ", "3 1"),
        (TABLE, "", ""),
        (FILE, f"{HASH}/录音（1）.m4a", f"{HASH}/录音（1）.m4a"),
        (SURE, "是", "OK"),
    ],
)  # fmt: skip
def test_what_people_type_is_read(spec: AnswerSpec, text: str, value: str) -> None:
    assert read_value(spec, text, TODAY, STATES) == value


@pytest.mark.parametrize(
    ("spec", "text", "reason"),
    [
        (CONFORMITY, "yes", "not_a_choice"),
        (CONFORMITY, "", "empty"),
        (NUMBER, "1e9", "not_a_number"),
        (NUMBER, "NaN", "not_a_number"),
        (NUMBER, "-3", "negative"),
        (NUMBER, "1,500", "not_a_number"),
        (NUMBER, "1" * 300, "not_a_number"),
        (WHOLE, "-19", "negative"),
        (WHOLE, "1.5", "not_whole"),
        (DAY, "-99999", "too_long_ago"),
        (DAY, "1901-01-01", "too_long_ago"),
        (DAY, "2026-02-30", "not_a_date"),
        (DAY, "2026-11-25", "in_the_future"),
        (DAY, "soon", "not_a_date"),
        (DAY, "-2026年", "not_a_date"),
        (DAY, "1", "not_a_date"),
        (TIME, "24:00", "not_a_time"),
        (TIME, "8", "not_a_time"),
        (INSTANT, "2026-02-30 8:00", "not_a_datetime"),
        (INSTANT, "2026-02-03 8:00+99:99", "not_a_datetime"),
        (DURATION, "1:75", "not_a_duration"),
        (DURATION, "long", "not_a_duration"),
        (TEXT, " \n ", "empty"),
        (TEXT, "x" * 4001, "too_long"),
        (replace(TEXT, max_length=3), "四个字啊", "too_long"),
        (TEXT, "a\x00b", "bad_text"),
        (TEXT, "a\ud800b", "bad_text"),
        (TEXT, "a\ufffeb", "bad_text"),
        (ONE, "broken", "not_offered"),
        (SOME, "good, broken", "not_offered"),
        (SOME, " ,; ", "empty"),
        (SOME, "na", "not_offered"),
        (RANKED, "good worn", "not_all_ranked"),
        (SCALE, "2", "off_step"),
        (SCALE, "0.5", "off_step"),
        (SCALE, "11.5", "off_step"),
        (POINTS, "5.1", "off_step"),
        (POINTS, "-1", "off_step"),
        (POSITION, "91 0", "not_a_position"),
        (POSITION, "1 2 3 -4", "not_a_position"),
        (POSITION, "here", "not_a_position"),
        (TRACE, "1 2", "not_a_position"),
        (SHAPE, "1 2;3 4", "not_a_position"),
        (TABLE, "1 two", "not_a_row"),
        (TABLE, "0", "not_a_row"),
        (FILE, f"{HASH}/a/b", "not_a_file"),
        (FILE, "a.m4a", "not_a_file"),
        (SURE, "no", "not_a_choice"),
        (AnswerSpec(AnswerKind.PHOTO), "x", "needs_a_photo"),
        (AnswerSpec(AnswerKind.CALCULATION), "1", "not_asked"),
        (AnswerSpec(AnswerKind.GROUP), "1", "not_asked"),
        (TEXT, "长" * 60_001, "too_long"),
    ],
)  # fmt: skip
def test_what_is_no_answer_is_refused_with_its_reason(spec: AnswerSpec, text: str, reason: str) -> None:
    with pytest.raises(BadValue) as refused:
        read_value(spec, text, TODAY, STATES)
    assert refused.value.reason == reason
    assert len(refused.value.text) <= 60_000


PIECES = st.sampled_from(
    [
        *"0123456789-/.:;, +、；，T \n\r年月日点分秒时",
        *("good", "worn", "none", "odd", "other", "na", "NA", "pass", "fail", "OK", "磨损（可用）", "In order"),
        *("2026-11-24", "12:30", "Z", "+08:00", "1:02:03", "39.9 116.4", ";", HASH, "/", "录音（1）.m4a"),
        *("℀", "½", "①", "٣", "−", "说不清"),
        *("2分30秒", "5.5秒", "1小时", "''", "'", "08", "007", "-0", "0.50", "\u3000", "\u2028", "\ufeff"),
    ]
)  # fmt: skip
TYPED = st.one_of(
    st.text(max_size=40), st.lists(PIECES, max_size=9).map("".join), st.lists(PIECES, max_size=9).map(" ".join)
)


@given(st.sampled_from(EVERY), st.booleans(), st.booleans(), TYPED)
def test_any_text_is_refused_or_has_one_spelling(spec: AnswerSpec, signed: bool, future: bool, text: str) -> None:
    """Read again it is the same, it means something, and that something is judged without an error."""
    spec = replace(spec, signed=signed, future=future)
    try:
        value = read_value(spec, text, TODAY, STATES)
    except BadValue:
        return
    assert read_value(spec, value, TODAY, STATES) == value
    meant = typed(spec.kind, value)
    if isinstance(meant, Decimal | date):
        within(meant, spec.limits, TODAY)
    elif isinstance(meant, Outcome):
        assert meant is not Outcome.NOTED
    else:
        assert meant == value


@given(
    st.sampled_from([AnswerKind.INTEGER, AnswerKind.DECIMAL, AnswerKind.DATE, AnswerKind.TIME, AnswerKind.DATETIME,
                     AnswerKind.DURATION, AnswerKind.TEXT]),
    st.booleans(),
    TYPED,
)  # fmt: skip
def test_readings_have_one_spelling_too(kind: AnswerKind, signed: bool, text: str) -> None:
    try:
        value = read_measure(kind, text, TODAY, signed, signed)
    except BadValue:
        return
    assert read_measure(kind, value, TODAY, signed, signed) == value
    typed(kind, value)


@given(st.lists(st.sampled_from(["good", "worn", "none", "odd", "other"]), min_size=1))
def test_the_same_choices_in_any_order_are_the_same_answer(chosen: list[str]) -> None:
    assert read_value(SOME, " ".join(chosen), TODAY, STATES) == read_value(
        SOME, "、".join(sorted(chosen)), TODAY, STATES
    )


def test_a_label_may_hold_what_stands_between_choices() -> None:
    listed = ChoiceList("x", (Choice("a", Words("灭火器 1 号", "No 1")), Choice("b", Words("灭火器 2 号"))))
    assert read_value(replace(SOME, other=False), "灭火器 2 号，灭火器 1 号", TODAY, listed) == "a b"


def test_a_list_may_have_a_choice_of_its_own_called_na() -> None:
    listed = ChoiceList("x", (Choice("na", Words("无"), Outcome.NA), Choice("yes", Words("有"))))
    assert read_value(ONE, "na", TODAY, listed) == "na"
    assert read_value(SOME, "yes na", TODAY, listed) == "na yes"


def test_what_a_filter_hides_is_not_offered() -> None:
    left = ChoiceList("states", STATES.choices[:1])
    with pytest.raises(BadValue, match="not_offered"):
        read_value(ONE, "worn", TODAY, left)


def test_below_zero_only_where_that_makes_sense() -> None:
    assert read_value(replace(NUMBER, signed=True), "-18.5", TODAY) == "-18.5"
    cold = AnswerSpec(AnswerKind.RANGE, limits=Limits(Decimal(-30), Decimal(0)), step=Decimal(5))
    assert read_value(cold, "-25", TODAY) == "-25"


def test_a_table_of_five_thousand_rows_and_a_trace_of_five_hundred_points_are_read() -> None:
    rows = " ".join(str(n) for n in range(5000, 0, -1))
    assert read_value(TABLE, rows, TODAY) == rows
    trace = ";".join(["-39.123456789 -116.123456789 1234.123456789 12.123456789"] * 500)
    assert read_value(TRACE, trace, TODAY) == trace
    with pytest.raises(BadValue, match="not_a_position"):
        read_value(TRACE, trace + ";1 2", TODAY)


@pytest.mark.parametrize(
    ("limits", "value", "holds"),
    [
        (Limits(max_age_days=10), TODAY - timedelta(days=10), True),
        (Limits(max_age_days=10), TODAY - timedelta(days=11), False),
        (Limits(not_expired=True), TODAY, True),
        (Limits(not_expired=True), TODAY - timedelta(days=1), False),
        (Limits(not_expired=True), date(2099, 1, 1), True),
        (Limits(Decimal(1), Decimal(2)), Decimal("2.0"), True),
        (Limits(Decimal(1), Decimal(2)), Decimal("2.01"), False),
    ],
)
def test_within(limits: Limits, value: Decimal | date, holds: bool) -> None:
    assert within(value, limits, TODAY) is holds
