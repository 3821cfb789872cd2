"""The plan of visits and the duties it comes of: nothing that is due is lost or named twice."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safetyapp.domain.duty import SOON, Duty, Postponed, Stand, duties
from safetyapp.domain.schedule import Doer, DueRule, Every, Period, TeachingCalendar, due
from safetyapp.domain.school import School, SchoolId
from safetyapp.domain.visits import Task, TaskKind, plan
from safetyapp.domain.words import Words

TODAY = date(2026, 11, 24)  # a Tuesday
CALENDAR = TeachingCalendar()
SCHOOLS = {
    SchoolId(f"s{n}"): School(SchoolId(f"s{n}"), f"示例第{n}小学", street=("永顺街道", "玉桥街道")[n % 2])
    for n in range(5)
}
FORMS = ("fire", "food", "hazchem")


def duty(school: str = "s0", form: str = "fire", days: int = 0) -> Duty:
    stand = Stand.OVERDUE if days < 0 else Stand.TODAY if days == 0 else Stand.SOON if days <= SOON else Stand.LATER
    day = TODAY + timedelta(days=days)
    return Duty(SchoolId(school), form, stand, day, days, None, day)


def task(kind: TaskKind, school: str = "s0", form: str = "fire", **facts: object) -> Task:
    return replace(Task(SchoolId(school), kind, form, f"{kind}-{school}-{form}"), **facts)  # type: ignore[arg-type]


IDS = st.sampled_from(sorted(SCHOOLS))
DUTIES = st.lists(
    st.builds(duty, IDS, st.sampled_from(FORMS), st.integers(-40, 40)), max_size=15,
    unique_by=lambda d: (d.school, d.form),
)  # fmt: skip
OTHERS = st.lists(
    st.builds(
        lambda n, kind, school, form, days: Task(
            SchoolId(school), kind, "" if kind is TaskKind.RECHECK else form, str(n), days
        ),
        st.integers(0, 10_000), st.sampled_from([TaskKind.DRAFT, TaskKind.RETURNED, TaskKind.RECHECK]), IDS,
        st.sampled_from(FORMS), st.none() | st.integers(-5, 5),
    ),
    max_size=8, unique_by=lambda t: t.ref,
)  # fmt: skip


@given(DUTIES, OTHERS)
def test_what_is_due_is_in_exactly_one_visit(owed: list[Duty], others: list[Task]) -> None:
    visits = plan(owed, others, SCHOOLS)
    assert len({v.school.id for v in visits}) == len(visits), "one visit for a school"
    named = [t for v in visits for t in v.tasks]
    assert all(t.school == v.school.id for v in visits for t in v.tasks)
    of_duties = Counter((t.school, t.form) for t in named if t.kind is TaskKind.DUTY)
    started = {(t.school, t.form) for t in others if t.kind in (TaskKind.DRAFT, TaskKind.RETURNED)}
    for one in owed:
        key = (one.school, one.form)
        wanted = 1 if one.stand.is_pressing and key not in started else 0
        assert of_duties[key] == wanted
        if one.stand.is_pressing and key in started:
            days = [t.days for t in named if (t.school, t.form) == key and t.days is not None]
            assert days
            assert min(days) <= one.days
    assert sorted(t.ref for t in named if t.kind is not TaskKind.DUTY) == sorted(t.ref for t in others)
    bands = [_band(v.days) for v in visits]
    assert bands == sorted(bands), "the urgent first"
    for band in set(bands):
        streets = [v.school.street for v in visits if _band(v.days) == band]
        assert streets == sorted(streets), "streets together"


def _band(days: int | None) -> int:
    return 3 if days is None or days > SOON else 0 if days < 0 else 1 if days == 0 else 2


def test_a_visit_begins_with_what_presses_most() -> None:
    (visit,) = plan(
        [duty(days=3), duty(form="food", days=-2)], [task(TaskKind.RECHECK, form="", days=-1, majors=1)], SCHOOLS
    )
    assert [(t.kind, t.days) for t in visit.tasks] == [
        (TaskKind.RECHECK, -1),
        (TaskKind.DUTY, -2),
        (TaskKind.DUTY, 3),
    ], "a major hazard before the paper that is late"
    assert visit.days == -2


def test_what_is_far_off_or_at_an_unknown_school_is_no_visit() -> None:
    assert plan([duty(days=SOON + 1)], [task(TaskKind.DRAFT, school="gone")], SCHOOLS) == ()


# duties

AT = datetime(2026, 11, 20, 9, tzinfo=timezone(timedelta(hours=8)))
MONTHLY = DueRule("m", Doer.DISTRICT, Every(Period.MONTH), Words("每月"))
TERMLY = replace(MONTHLY, id="t", every=Every(Period.TERM))
EVERY_30 = replace(MONTHLY, id="d", every=Every(days=30))
S0 = SCHOOLS[SchoolId("s0")]


def standing(
    rules: tuple[DueRule, ...], *done: date, since: date = date(2026, 1, 1), put_off: tuple[Postponed, ...] = ()
) -> Duty:
    found = due(rules, S0, done, CALENDAR, TODAY, form="fire", since=since)
    (one,) = duties(found, put_off, CALENDAR, TODAY).values()
    return one


@pytest.mark.parametrize(
    ("last", "stand", "days"),
    [
        (date(2026, 9, 30), Stand.OVERDUE, -25),
        (date(2026, 10, 30), Stand.LATER, None),
        (date(2026, 11, 18), Stand.DONE, None),
    ],
)
def test_a_monthly_duty(last: date, stand: Stand, days: int | None) -> None:
    one = standing((MONTHLY,), last)
    expected = Stand.SOON if stand is Stand.LATER else stand  # the month ends within a week
    assert one.stand is expected
    assert days is None or one.days == days
    assert one.last_on == last


def test_what_is_done_says_when_it_comes_again() -> None:
    assert standing((MONTHLY,), date(2026, 11, 18)).due_on == date(2026, 12, 31)
    assert standing((EVERY_30,), date(2026, 11, 18)).due_on == date(2026, 12, 18)


def test_the_most_pressing_rule_speaks_and_done_outranks_what_has_time() -> None:
    assert standing((TERMLY, MONTHLY), date(2026, 9, 30)).stand is Stand.OVERDUE
    one = standing((TERMLY, MONTHLY), date(2026, 11, 18), since=date(2026, 11, 1))
    assert (one.stand, one.due_on) == (Stand.DONE, date(2026, 12, 31))


def test_what_was_over_before_anybody_worked_with_this_is_no_debt() -> None:
    opening = replace(MONTHLY, every=Every(Period.TERM, opening=True))
    one = standing((opening,), since=date(2026, 11, 1))
    assert one.stand is Stand.LATER
    assert one.due_on == date(2027, 2, 28), "the next term's"
    saturday = due((replace(MONTHLY, every=Every(Period.WEEK)),), S0, (), CALENDAR, date(2026, 11, 28), since=TODAY)
    (weekend,) = duties(saturday, (), CALENDAR, date(2026, 11, 28)).values()
    assert weekend.stand is Stand.OVERDUE
    assert weekend.due_on == date(2026, 11, 27)


def test_a_duty_that_was_put_off_counts_from_its_new_day_this_once() -> None:
    late = standing((MONTHLY,), date(2026, 9, 30))

    def put_off(until: date, due_on: date = late.asked_on) -> Postponed:
        return Postponed(S0.id, "fire", due_on, until, "封校", AT)

    soon = standing((MONTHLY,), date(2026, 9, 30), put_off=(put_off(date(2026, 11, 27)),))
    assert (soon.stand, soon.days, soon.asked_on) == (Stand.SOON, 3, late.asked_on)
    assert soon.postponed is not None
    again = standing((MONTHLY,), date(2026, 9, 30), put_off=(put_off(date(2026, 11, 22)),))
    assert (again.stand, again.days) == (Stand.OVERDUE, -2)
    other = standing((MONTHLY,), date(2026, 9, 30), put_off=(put_off(date(2026, 11, 27), date(2026, 9, 30)),))
    assert (other.stand, other.postponed) == (Stand.OVERDUE, None)
