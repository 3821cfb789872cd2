"""When a form is due 应检: rules as data, the teaching calendar 校历, and the day that follows from them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache

from safetyapp.domain.basis import Basis
from safetyapp.domain.school import Applies, School, SchoolId
from safetyapp.domain.words import Words

_ONE_DAY = timedelta(days=1)
_FARTHEST = 800
"""Days; within so many every period comes round."""


class Doer(StrEnum):
    """Who has to do it: the school itself 自查, or the district 区级检查."""

    SCHOOL = "school"
    DISTRICT = "district"


class Period(StrEnum):
    """The stretch of the calendar within which a form is to be done once or several times."""

    SCHOOL_DAY = "school_day"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    TEACHING_MONTH = "teaching_month"
    QUARTER = "quarter"
    TERM = "term"
    HALF_YEAR = "half_year"
    YEAR = "year"


@dataclass(frozen=True, slots=True)
class Every:
    """`count` times in each `period`; or, without a period, at the latest `days` after the last time. `opening`: before
    the first school day of the period 开学前, not just within it."""

    period: Period | None = None
    count: int = 1
    days: int = 0
    opening: bool = False


@dataclass(frozen=True, slots=True)
class DueRule:
    """How often a form is due at the schools it applies to. `recommended`: a habit's or our own proposal, not a duty
    that a text lays down. `by_anyone`: what took place took place, whoever wrote the document (a drill that an
    inspector watched); else only documents of those who have to do it count."""

    id: str
    by: Doer
    every: Every
    what: Words
    applies: tuple[Applies, ...] = ()
    basis: tuple[Basis, ...] = ()
    recommended: bool = False
    confidence: str = ""
    by_anyone: bool = False

    def applies_to(self, school: School) -> bool:
        """Whether one of the clauses fits, or may fit as far as is known; no clause fits every school."""
        return not self.applies or any(clause.matches(school) is not False for clause in self.applies)


@dataclass(frozen=True, slots=True)
class Span:
    """From one day to another, both included. A term is shorter than a year."""

    first: date
    last: date

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last


@dataclass(frozen=True, slots=True)
class TeachingCalendar:
    """校历: when there is school.

    `holidays` are days off, the public ones and the office's own; `make_up_days` 调休 are weekend days that are worked
    instead, at school only within a term; on `school_days` there is school whatever else holds. `years` are those whose
    public holidays are known. `terms` 学期 are those that somebody has written down; for what they leave open the usual
    ones are assumed. A school year is named by the year in which it begins and runs from 1 August; `months_of` gives
    the teaching months of those that differ.
    """

    teaching_months: frozenset[int] = frozenset({3, 4, 5, 6, 9, 10, 11, 12})
    months_of: tuple[tuple[int, frozenset[int]], ...] = ()
    terms: tuple[Span, ...] = ()
    holidays: frozenset[date] = frozenset()
    make_up_days: frozenset[date] = frozenset()
    school_days: frozenset[date] = frozenset()
    years: frozenset[int] = frozenset()

    def covers(self, day: date) -> bool:
        """Whether the public holidays of the day's year are known. Where they are not, Monday to Friday are taken for
        school days."""
        return day.year in self.years

    def has_term(self, day: date) -> bool:
        """Whether the day lies in a term that somebody has written down."""
        return any(day in term for term in self.terms)

    def is_teaching_month(self, day: date) -> bool:
        months = next((months for year, months in self.months_of if year == school_year(day)), self.teaching_months)
        return day.month in months

    def terms_of(self, year: int) -> tuple[Span, ...]:
        """The terms that begin in a school year, in order: those written down, and of the usual two (September to
        January, March to 10 July) those that overlap none of them."""
        usual = (Span(date(year, 9, 1), date(year + 1, 1, 31)), Span(date(year + 1, 3, 1), date(year + 1, 7, 10)))
        free = [u for u in usual if not any(t.first <= u.last and u.first <= t.last for t in self.terms)]
        written = [term for term in self.terms if school_year(term.first) == year]
        return tuple(sorted((*written, *free), key=lambda term: term.first))


def school_year(day: date) -> int:
    """The school year 学年 of a day, as the year in which it begins: 2026 is 2026-2027."""
    return day.year if day.month >= 8 else day.year - 1


@lru_cache(maxsize=8192)
def is_school_day(calendar: TeachingCalendar, day: date) -> bool:
    """Whether there is school on a day."""
    if day in calendar.school_days:
        return True
    if day in calendar.holidays or not (day.weekday() < 5 or day in calendar.make_up_days):
        return False
    year = school_year(day)
    return any(day in term for term in (*calendar.terms_of(year - 1), *calendar.terms_of(year)))


class DueState(StrEnum):
    """How a school stands with a rule: done for now; due, with time left; overdue; nothing asked before `first`."""

    DONE = "done"
    DUE = "due"
    OVERDUE = "overdue"
    NOT_DUE = "not_due"


@dataclass(frozen=True, slots=True)
class Due:
    """Where a school stands with one rule of a form.

    `first` and `last` bound the period spoken of; `due_on` is the last day on which it may be done to be in time,
    `last_on` the day when it was last done (in any period), `times` how often it was done in this one, of
    `rule.every.count`. `assumed`: the day rests on Monday to Friday or on usual term dates, because the calendar does
    not know better.
    """

    rule: DueRule
    school: SchoolId
    form: str
    state: DueState
    due_on: date
    first: date
    last: date
    last_on: date | None
    times: int
    assumed: bool = False


def due(
    rules: Sequence[DueRule],
    school: School,
    done: Sequence[date],
    calendar: TeachingCalendar,
    today: date,
    *,
    form: str = "",
    since: date | None = None,
) -> tuple[Due, ...]:
    """Where the school stands on `today` with each rule that applies to it (or may: what is unknown is asked).

    `done` are the days on which it was done; days after `today` do not count yet. In periods longer than a day, twice
    on one day is once. The due day is the last school day of the period, its last day when it has none (what is due at
    the `opening`: the day before the first school day). A week without a school day asks for nothing, a month does. DAY
    is every day, WEEK from Monday to Sunday, MONTH to YEAR are civil ones, TERM runs from the day after the term before
    (the holidays that precede it count: what is done before school begins is done for the term) to its last day.

    A period is overdue once its due day is past. Of the periods gone by only the one just before is held against a
    school, and only while nothing has been done since it began; older ones, and any whose due day lies before `since`
    (the day from which the workspace or the school is known), are no debt. Doing it now makes it done: nobody makes up
    for a missed drill by two.

    A rule of `days` is due at once when it was never done, and overdue when the last of the days after the last time
    is past; it shows as due in the last quarter of the interval, at most 30 days ahead.
    """
    past = sorted(day for day in done if day <= today)
    return tuple(
        _after_days(rule, school, past, calendar, today, form)
        if rule.every.period is None
        else _in_period(rule, rule.every.period, school, past, calendar, today, form, since)
        for rule in rules
        if rule.applies_to(school)
    )


def first_that_counts(rules: Sequence[DueRule], calendar: TeachingCalendar, today: date) -> date:
    """The first day of the earliest period that any of the rules looks at: of what was done before it, only the last
    time matters."""
    first = today
    for rule in rules:
        if rule.every.period is not None:
            window = _window(calendar, rule.every.period, rule.every.opening, today)
            first = min(first, (window.before or window.now).first)
    return first


def next_due_on(rule: DueRule, calendar: TeachingCalendar, last: date) -> date:
    """When a rule with a period asks for it the next time, after the period whose last day is `last`."""
    if rule.every.period is None:
        raise ValueError("a rule of days has no next period")
    return _window(calendar, rule.every.period, rule.every.opening, last + _ONE_DAY).due_on


def _after_days(
    rule: DueRule, school: School, past: list[date], calendar: TeachingCalendar, today: date, form: str
) -> Due:
    if not past:
        return Due(rule, school.id, form, DueState.DUE, today, today, today, None, 0)
    last_on = past[-1]
    span = Span(last_on + _ONE_DAY, last_on + timedelta(days=rule.every.days))
    due_on = _last_school_day(calendar, span)
    ahead = timedelta(days=min(30, rule.every.days // 4))
    if today > due_on:
        state = DueState.OVERDUE
    else:
        state = DueState.DUE if today >= max(due_on - ahead, span.first) else DueState.DONE
    assumed = not (calendar.covers(due_on) and calendar.covers(span.last))
    return Due(rule, school.id, form, state, due_on, span.first, span.last, last_on, 0, assumed)


def _in_period(
    rule: DueRule,
    period: Period,
    school: School,
    past: list[date],
    calendar: TeachingCalendar,
    today: date,
    form: str,
    since: date | None,
) -> Due:
    window = _window(calendar, period, rule.every.opening, today)
    last_on = past[-1] if past else None
    within = [day for day in past if day in window.now]
    times = len(within) if period in (Period.DAY, Period.SCHOOL_DAY) else len(set(within))
    before = window.before
    span, due_on, assumed = window.now, window.due_on, window.assumed
    if times >= rule.every.count:
        state = DueState.DONE
    elif before is not None and (last_on is None or last_on < before.first) and _in_sight(window.before_due, since):
        state, times = DueState.OVERDUE, 0
        span, due_on, assumed = before, window.before_due, window.before_assumed
    elif today < span.first:
        state = DueState.NOT_DUE
    else:
        state = DueState.OVERDUE if today > due_on and _in_sight(due_on, since) else DueState.DUE
    return Due(rule, school.id, form, state, due_on, span.first, span.last, last_on, times, assumed)


def _in_sight(due_on: date, since: date | None) -> bool:
    return since is None or due_on >= since


@dataclass(frozen=True, slots=True)
class _Window:
    """The period that a day lies in (in a gap: the next one), the one before it, and their due days."""

    now: Span
    due_on: date
    assumed: bool
    before: Span | None
    before_due: date
    before_assumed: bool


@lru_cache(maxsize=256)  # the same for every school
def _window(calendar: TeachingCalendar, period: Period, opening: bool, today: date) -> _Window:
    now = next(_periods(calendar, period, today, 1), None) or Span(today, today)
    before = next(_periods(calendar, period, min(now.first, today) - _ONE_DAY, -1), None)
    due_on = _due_day(calendar, now, opening)
    before_due = _due_day(calendar, before, opening) if before else today
    return _Window(
        now,
        due_on,
        _is_assumed(calendar, period, now, due_on),
        before,
        before_due,
        before is not None and _is_assumed(calendar, period, before, before_due),
    )


def _periods(calendar: TeachingCalendar, period: Period, start: date, step: int) -> Iterator[Span]:
    """The periods from a day on, forwards or backwards, those that ask for something."""
    day = start
    while abs((day - start).days) <= _FARTHEST:
        span = _span(calendar, period, day)
        if _asks(calendar, period, span):
            yield span
        day = span.last + _ONE_DAY if step > 0 else span.first - _ONE_DAY


def _asks(calendar: TeachingCalendar, period: Period, span: Span) -> bool:
    if period is Period.TEACHING_MONTH:
        return calendar.is_teaching_month(span.first)
    if period in (Period.SCHOOL_DAY, Period.WEEK):
        return is_school_day(calendar, _last_school_day(calendar, span))
    return True


def _span(calendar: TeachingCalendar, period: Period, day: date) -> Span:
    """The stretch of the calendar that a day lies in."""
    match period:
        case Period.DAY | Period.SCHOOL_DAY:
            return Span(day, day)
        case Period.WEEK:
            monday = day - timedelta(days=day.weekday())
            return Span(monday, monday + timedelta(days=6))
        case Period.TERM:
            year = school_year(day)
            ends = [term.last for y in range(year - 2, year + 2) for term in calendar.terms_of(y)]
            return Span(max(end for end in ends if end < day) + _ONE_DAY, min(end for end in ends if end >= day))
        case Period.MONTH | Period.TEACHING_MONTH:
            months = 1
        case Period.QUARTER:
            months = 3
        case Period.HALF_YEAR:
            months = 6
        case Period.YEAR:
            months = 12
    first = (day.month - 1) // months * months + 1
    last = first + months - 1
    next_first = date(day.year + last // 12, last % 12 + 1, 1)
    return Span(date(day.year, first, 1), next_first - _ONE_DAY)


def _due_day(calendar: TeachingCalendar, span: Span, opening: bool) -> date:
    if not opening:
        return _last_school_day(calendar, span)
    days = (span.first + timedelta(days=n) for n in range((span.last - span.first).days + 1))
    first = next((day for day in days if is_school_day(calendar, day)), None)
    return span.last if first is None else max(first - _ONE_DAY, span.first)


def _last_school_day(calendar: TeachingCalendar, span: Span) -> date:
    """The last school day in it; its last day when there is none."""
    day = span.last
    while day >= span.first:
        if is_school_day(calendar, day):
            return day
        day -= _ONE_DAY
    return span.last


def _is_assumed(calendar: TeachingCalendar, period: Period, span: Span, due_on: date) -> bool:
    if period is Period.DAY:
        return False
    known = calendar.covers(due_on) and calendar.covers(span.last)
    return not known or (period is Period.TERM and not calendar.has_term(span.last))
