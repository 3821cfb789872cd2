"""When a form is due: every kind of period, the edges of the calendar, and what holds on any day."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safetyapp.domain.schedule import (
    Doer,
    Due,
    DueRule,
    DueState,
    Every,
    Period,
    Span,
    TeachingCalendar,
    due,
    first_that_counts,
    is_school_day,
    school_year,
)
from safetyapp.domain.school import Applies, School, SchoolFact, SchoolId, SchoolKind
from safetyapp.domain.words import Words

DAY = timedelta(days=1)
SCHOOL = School(SchoolId("1101"), "甲子小学", SchoolKind.PRIMARY, lacks=frozenset({SchoolFact.BOARDING}))
NATIONAL = frozenset(date(2026, 10, day) for day in range(1, 8))
CALENDAR = TeachingCalendar(
    terms=(Span(date(2026, 3, 2), date(2026, 7, 10)), Span(date(2026, 9, 1), date(2027, 1, 22))),
    holidays=NATIONAL | {date(2026, 9, 25), date(2026, 9, 26), date(2026, 9, 27)},
    make_up_days=frozenset({date(2026, 2, 28), date(2026, 9, 20), date(2026, 10, 10)}),
    years=frozenset({2026}),
)
DONE, DUE, OVERDUE, NOT_DUE = DueState.DONE, DueState.DUE, DueState.OVERDUE, DueState.NOT_DUE


def rule(
    period: Period | None = None, count: int = 1, days: int = 0, opening: bool = False, **changes: object
) -> DueRule:
    return DueRule("r", Doer.SCHOOL, Every(period, count, days, opening), Words("检查"), **changes)  # type: ignore[arg-type]


def one(
    wanted: DueRule,
    today: date,
    *done: date,
    calendar: TeachingCalendar = CALENDAR,
    since: date | None = None,
) -> Due:
    (found,) = due((wanted,), SCHOOL, done, calendar, today, since=since)
    return found


class TestSchoolDays:
    @pytest.mark.parametrize(
        ("day", "expected"),
        [
            (date(2026, 9, 18), True),  # Friday
            (date(2026, 9, 19), False),  # Saturday
            (date(2026, 9, 20), True),  # Sunday that is worked instead
            (date(2026, 9, 25), False),  # Mid-Autumn, a Friday
            (date(2026, 10, 5), False),
            (date(2026, 10, 10), True),
            (date(2026, 2, 28), False),  # worked instead, but in the winter holidays
            (date(2026, 3, 2), True),
            (date(2026, 7, 10), True),
            (date(2026, 7, 13), False),
            (date(2027, 1, 22), True),
            (date(2027, 1, 25), False),
        ],
    )
    def test_weekends_holidays_and_days_worked_instead(self, day: date, expected: bool) -> None:
        assert is_school_day(CALENDAR, day) is expected

    def test_what_the_office_sets_holds_against_everything(self) -> None:
        day = date(2026, 8, 30)  # a Sunday in the holidays
        assert is_school_day(TeachingCalendar(school_days=frozenset({day})), day)

    def test_terms_that_nobody_has_written_down_are_the_usual_ones(self) -> None:
        plain = TeachingCalendar()
        assert is_school_day(plain, date(2031, 9, 1))
        assert is_school_day(plain, date(2031, 1, 30))
        assert not is_school_day(plain, date(2031, 2, 10))
        assert is_school_day(plain, date(2031, 3, 3))
        assert not is_school_day(plain, date(2031, 8, 4))

    def test_a_written_term_takes_the_place_of_the_usual_one_that_it_overlaps(self) -> None:
        assert CALENDAR.terms_of(2025)[-1] == Span(date(2026, 3, 2), date(2026, 7, 10))
        assert CALENDAR.terms_of(2026) == (
            Span(date(2026, 9, 1), date(2027, 1, 22)),
            Span(date(2027, 3, 1), date(2027, 7, 10)),
        )

    def test_a_year_without_holidays_is_monday_to_friday_and_says_so(self) -> None:
        labour_day = date(2027, 5, 3)
        assert is_school_day(CALENDAR, labour_day)
        assert not CALENDAR.covers(labour_day)
        assert CALENDAR.covers(date(2026, 5, 1))
        assert one(rule(Period.WEEK), labour_day).assumed
        assert not one(rule(Period.WEEK), date(2026, 11, 24)).assumed

    def test_a_term_that_nobody_has_written_down_is_assumed(self) -> None:
        plain = TeachingCalendar(years=frozenset({2026, 2027}))
        assert one(rule(Period.TERM), date(2026, 11, 24), calendar=plain).assumed
        assert not one(rule(Period.MONTH), date(2026, 11, 24), calendar=plain).assumed
        written = TeachingCalendar(terms=CALENDAR.terms, years=plain.years)
        assert not one(rule(Period.TERM), date(2026, 8, 20), calendar=written, since=date(2026, 8, 1)).assumed

    def test_school_years(self) -> None:
        assert [school_year(date(2026, month, 1)) for month in (1, 7, 8, 9, 12)] == [2025, 2025, 2026, 2026, 2026]

    def test_teaching_months_of_one_school_year(self) -> None:
        calendar = TeachingCalendar(months_of=((2026, frozenset({2, 9})),))
        assert calendar.is_teaching_month(date(2027, 2, 1))
        assert not calendar.is_teaching_month(date(2028, 2, 1))
        assert not calendar.is_teaching_month(date(2026, 10, 1))
        assert calendar.is_teaching_month(date(2025, 10, 1))


class TestPeriods:
    @pytest.mark.parametrize(
        ("period", "today", "first", "last", "due_on"),
        [
            (Period.DAY, date(2026, 10, 3), date(2026, 10, 3), date(2026, 10, 3), date(2026, 10, 3)),
            (Period.SCHOOL_DAY, date(2026, 9, 20), date(2026, 9, 20), date(2026, 9, 20), date(2026, 9, 20)),
            # Monday to Sunday; the Friday is a holiday
            (Period.WEEK, date(2026, 9, 21), date(2026, 9, 21), date(2026, 9, 27), date(2026, 9, 24)),
            # the Sunday is worked
            (Period.WEEK, date(2026, 9, 20), date(2026, 9, 14), date(2026, 9, 20), date(2026, 9, 20)),
            (Period.MONTH, date(2026, 10, 20), date(2026, 10, 1), date(2026, 10, 31), date(2026, 10, 30)),
            (Period.MONTH, date(2026, 8, 20), date(2026, 8, 1), date(2026, 8, 31), date(2026, 8, 31)),
            (Period.MONTH, date(2028, 2, 1), date(2028, 2, 1), date(2028, 2, 29), date(2028, 2, 29)),
            (Period.TEACHING_MONTH, date(2026, 11, 1), date(2026, 11, 1), date(2026, 11, 30), date(2026, 11, 30)),
            (Period.QUARTER, date(2026, 7, 20), date(2026, 7, 1), date(2026, 9, 30), date(2026, 9, 30)),
            (Period.HALF_YEAR, date(2026, 2, 1), date(2026, 1, 1), date(2026, 6, 30), date(2026, 6, 30)),
            (Period.YEAR, date(2026, 2, 1), date(2026, 1, 1), date(2026, 12, 31), date(2026, 12, 31)),
            # the holidays before a term belong to it
            (Period.TERM, date(2026, 8, 20), date(2026, 7, 11), date(2027, 1, 22), date(2027, 1, 22)),
            (Period.TERM, date(2027, 1, 23), date(2027, 1, 23), date(2027, 7, 10), date(2027, 7, 9)),
        ],
    )
    def test_bounds_and_the_last_school_day(
        self, period: Period, today: date, first: date, last: date, due_on: date
    ) -> None:
        found = one(rule(period), today, first - DAY)
        assert (found.first, found.last, found.due_on) == (first, last, due_on)

    def test_what_is_not_asked_now_names_the_next_period(self) -> None:
        saturday = one(rule(Period.SCHOOL_DAY), date(2026, 11, 21), date(2026, 11, 20))
        assert (saturday.state, saturday.due_on) == (NOT_DUE, date(2026, 11, 23))
        free_week = one(rule(Period.WEEK), date(2026, 8, 12), date(2026, 8, 11))
        assert (free_week.state, free_week.first, free_week.due_on) == (NOT_DUE, date(2026, 8, 31), date(2026, 9, 4))
        summer = one(rule(Period.TEACHING_MONTH), date(2026, 7, 20), date(2026, 6, 5))
        assert (summer.state, summer.first, summer.due_on) == (NOT_DUE, date(2026, 9, 1), date(2026, 9, 30))

    def test_a_month_asks_in_the_holidays_too(self) -> None:
        assert one(rule(Period.MONTH), date(2026, 8, 12), date(2026, 7, 3)).state is DUE

    def test_the_week_begins_on_monday(self) -> None:
        sunday = date(2026, 11, 22)
        assert one(rule(Period.WEEK), sunday + DAY, sunday).state is DUE
        assert one(rule(Period.WEEK), sunday + 7 * DAY, sunday + DAY).state is DONE

    def test_the_year_has_an_edge(self) -> None:
        assert one(rule(Period.YEAR), date(2027, 1, 1), date(2026, 12, 31)).state is DUE
        assert one(rule(Period.YEAR), date(2026, 12, 31), date(2026, 1, 1)).state is DONE

    def test_several_times(self) -> None:
        twice = rule(Period.TERM, count=2)
        today = date(2026, 11, 24)
        assert one(twice, today, date(2026, 9, 3)).state is DUE
        assert one(twice, today, date(2026, 9, 3)).times == 1
        assert one(twice, today, date(2026, 9, 3), date(2026, 9, 3)).state is DUE  # one day is once
        assert one(twice, today, date(2026, 8, 28), date(2026, 11, 2)).state is DONE

    def test_several_times_a_day(self) -> None:
        today = date(2026, 11, 24)
        assert one(rule(Period.DAY, count=2), today, today).state is DUE
        assert one(rule(Period.DAY, count=2), today, today, today).state is DONE


class TestOpening:
    BEFORE_TERM = rule(Period.TERM, opening=True)

    @pytest.mark.parametrize(
        ("today", "state"),
        [(date(2026, 7, 11), DUE), (date(2026, 8, 31), DUE), (date(2026, 9, 1), OVERDUE), (date(2027, 1, 22), OVERDUE)],
    )
    def test_it_is_due_before_school_opens(self, today: date, state: DueState) -> None:
        found = one(self.BEFORE_TERM, today, date(2026, 2, 27))
        assert (found.state, found.due_on) == (state, date(2026, 8, 31))

    def test_late_is_done_all_the_same(self) -> None:
        assert one(self.BEFORE_TERM, date(2026, 9, 9), date(2026, 9, 8)).state is DONE

    def test_where_school_opens_on_the_first_day_that_day_is_left(self) -> None:
        assert one(rule(Period.MONTH, opening=True), date(2026, 9, 1), date(2026, 8, 3)).due_on == date(2026, 9, 1)


class TestOverdue:
    def test_after_the_last_school_day_of_the_period(self) -> None:
        monthly = rule(Period.MONTH)
        before = date(2026, 9, 7)
        assert one(monthly, date(2026, 10, 30), before).state is DUE
        late = one(monthly, date(2026, 10, 31), before)  # a Saturday
        assert (late.state, late.due_on) == (OVERDUE, date(2026, 10, 30))

    def test_the_period_before_is_held_against_a_school_until_something_is_done(self) -> None:
        monthly = rule(Period.TEACHING_MONTH)
        late = one(monthly, date(2027, 1, 11), date(2026, 11, 3))  # January asks for nothing
        assert (late.state, late.first, late.due_on) == (OVERDUE, date(2026, 12, 1), date(2026, 12, 31))
        assert one(monthly, date(2027, 1, 12), date(2026, 11, 3), date(2027, 1, 12)).state is NOT_DUE
        assert one(monthly, date(2027, 3, 2), date(2026, 11, 3), date(2027, 3, 2)).state is DONE

    def test_of_several_times_one_is_no_debt(self) -> None:
        twice = rule(Period.YEAR, count=2)
        assert one(twice, date(2026, 2, 2), date(2025, 6, 1)).state is DUE
        assert one(twice, date(2026, 2, 2), date(2024, 6, 1)).state is OVERDUE

    def test_older_periods_are_no_debt(self) -> None:
        late = one(rule(Period.MONTH), date(2026, 11, 3), date(2020, 1, 1))
        assert late.first == date(2026, 10, 1)

    def test_what_was_due_before_the_workspace_existed_is_no_debt(self) -> None:
        monthly, today = rule(Period.MONTH), date(2026, 11, 28)  # a Saturday
        assert one(monthly, today).state is OVERDUE
        assert one(monthly, today, since=date(2026, 10, 30)).due_on == date(2026, 10, 30)
        found = one(monthly, today, since=date(2026, 10, 31))
        assert (found.state, found.due_on) == (DUE, date(2026, 11, 30))
        assert one(rule(Period.WEEK), today, since=date(2026, 11, 28)).state is DUE
        assert one(rule(Period.WEEK), today, since=date(2026, 11, 27)).state is OVERDUE

    def test_what_will_be_done_does_not_count_yet(self) -> None:
        today = date(2026, 11, 24)
        found = one(rule(Period.MONTH), today, date(2026, 10, 9), today + DAY)
        assert (found.state, found.last_on) == (DUE, date(2026, 10, 9))


class TestAfterDays:
    YEARLY = rule(days=365)

    def test_at_once_when_it_was_never_done(self) -> None:
        found = one(self.YEARLY, date(2026, 11, 24), since=date(2020, 1, 1))
        assert (found.state, found.due_on, found.last_on) == (DUE, date(2026, 11, 24), None)

    def test_done_then_due_then_overdue(self) -> None:
        last = date(2025, 12, 1)  # 365 days later: Tuesday 1 December 2026
        states = {offset: one(self.YEARLY, date(2026, 12, 1) + offset * DAY, last).state for offset in (-31, -30, 0, 1)}
        assert states == {-31: DONE, -30: DUE, 0: DUE, 1: OVERDUE}

    def test_the_due_day_is_a_school_day(self) -> None:
        assert one(self.YEARLY, date(2026, 9, 1), date(2025, 10, 4)).due_on == date(2026, 9, 30)

    @given(st.integers(1, 60), st.dates(date(2026, 1, 1), date(2027, 12, 31)))
    def test_done_on_the_day(self, days: int, today: date) -> None:
        assert one(rule(days=days), today, today).state is DONE


class TestWhichSchools:
    def test_what_does_not_fit_the_school_is_not_due_and_the_unknown_is(self) -> None:
        kinds = rule(Period.MONTH, applies=(Applies(kinds=(SchoolKind.KINDERGARTEN,)),))
        boarding = rule(Period.MONTH, applies=(Applies(has=(SchoolFact.BOARDING,)),))  # the example has none
        canteen = rule(Period.MONTH, applies=(Applies(has=(SchoolFact.CANTEEN,)), *kinds.applies))  # unknown
        found = due((kinds, boarding, canteen), SCHOOL, (), CALENDAR, date(2026, 11, 24), form="fire")
        assert [(d.rule, d.school, d.form) for d in found] == [(canteen, SCHOOL.id, "fire")]


# what holds for every rule, on every day

PERIODS = st.sampled_from(list(Period))
RULES = st.one_of(
    st.builds(rule, PERIODS, st.integers(1, 3), opening=st.booleans()),
    st.builds(lambda days: rule(days=days), st.integers(1, 500)),
)
ONCE = st.builds(rule, PERIODS)
DATES = st.dates(date(2025, 6, 1), date(2028, 12, 31))
CALENDARS = st.sampled_from(
    [CALENDAR, TeachingCalendar(), TeachingCalendar(teaching_months=frozenset({2, 7})), TeachingCalendar(frozenset())]
)
ORDER = {NOT_DUE: 0, DUE: 1, OVERDUE: 2, DONE: 3}


@given(ONCE, DATES, st.lists(DATES, max_size=5), CALENDARS)
def test_doing_it_makes_it_done(wanted: DueRule, today: date, done: list[date], calendar: TeachingCalendar) -> None:
    found = one(wanted, today, *done, today, calendar=calendar)
    assert found.state is (DONE if found.first <= today else NOT_DUE)
    assert found.last_on == today


@given(RULES, DATES, st.lists(DATES, max_size=8), CALENDARS)
def test_the_due_day_lies_in_the_period_and_says_the_state(
    wanted: DueRule, today: date, done: list[date], calendar: TeachingCalendar
) -> None:
    found = one(wanted, today, *done, calendar=calendar)
    assert found.first <= found.due_on <= found.last
    if found.state is OVERDUE:
        assert today > found.due_on
    elif found.state is DUE:
        assert found.first <= today <= found.due_on
    elif found.state is NOT_DUE:
        assert today < found.first
    in_it = [day for day in done if found.first <= day <= min(found.last, today)]
    if wanted.every.period is not None:
        assert (found.state is DONE) == (found.times >= wanted.every.count)
        assert found.times in (len(in_it), len(set(in_it)))


@given(RULES, st.lists(DATES, max_size=6), DATES, st.integers(1, 90), CALENDARS)
def test_it_only_goes_on_as_the_days_pass(
    wanted: DueRule, done: list[date], start: date, days: int, calendar: TeachingCalendar
) -> None:
    """Of what is done up to the first day: no period comes back, and within one the state never turns back."""
    past = [day for day in done if day <= start]
    before = one(wanted, start, *past, calendar=calendar)
    for offset in range(1, days + 1):
        after = one(wanted, start + offset * DAY, *past, calendar=calendar)
        assert (after.first, after.due_on) >= (before.first, before.due_on)
        if (after.first, after.last) == (before.first, before.last) and wanted.every.period is not None:
            assert ORDER[after.state] >= ORDER[before.state]
        before = after


@given(ONCE, DATES, st.integers(0, 400), CALENDARS)
def test_no_period_in_which_it_was_done_is_ever_overdue(
    wanted: DueRule, done: date, days: int, calendar: TeachingCalendar
) -> None:
    found = one(wanted, done + days * DAY, done, calendar=calendar)
    assert not (found.state is OVERDUE and found.first <= done <= found.last)


@given(st.lists(RULES, max_size=4), DATES, st.lists(DATES, max_size=6), CALENDARS)
def test_one_answer_for_each_rule(
    rules: list[DueRule], today: date, done: list[date], calendar: TeachingCalendar
) -> None:
    """So nothing is overdue twice."""
    assert [d.rule for d in due(rules, SCHOOL, done, calendar, today)] == rules


@given(RULES, DATES, st.lists(DATES, max_size=8), CALENDARS, st.one_of(st.none(), DATES))
def test_only_the_periods_in_sight_and_the_last_time_matter(
    wanted: DueRule, today: date, done: list[date], calendar: TeachingCalendar, since: date | None
) -> None:
    first = first_that_counts((wanted,), calendar, today)
    older = [day for day in done if day < first]
    kept = [day for day in done if day >= first] + ([max(older)] if older else [])
    everything = one(wanted, today, *done, calendar=calendar, since=since)
    assert one(wanted, today, *kept, calendar=calendar, since=since) == everything
