"""What is due now: which documents count for which rule, on a store in memory and on a real one."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from itertools import count
from pathlib import Path

import pytest

from safetyapp.domain.document import DayDone, DocumentId, DocumentKind, DocumentRow, DocumentState
from safetyapp.domain.form import Form, FormId
from safetyapp.domain.problem import Problem
from safetyapp.domain.schedule import Doer, Due, DueRule, DueState, Every, Period, TeachingCalendar
from safetyapp.domain.school import Applies, Role, School, SchoolId, SchoolKind
from safetyapp.domain.words import Words
from safetyapp.store.store import SqliteStore
from safetyapp.workflow.due import due_now
from safetyapp.workflow.ports import Store
from tests.fakes.clock import BEIJING, FakeClock
from tests.fakes.store import FakeStore

TODAY = date(2026, 11, 24)
CALENDAR = TeachingCalendar(years=frozenset(range(2020, 2031)))
PRIMARY = School(SchoolId("1101"), "甲子小学", SchoolKind.PRIMARY)
NURSERY = School(SchoolId("1102"), "乙丑幼儿园", SchoolKind.KINDERGARTEN)
NUMBERS = count(1)


def rule(name: str, by: Doer, period: Period, **changes: object) -> DueRule:
    return DueRule(name, by, Every(period), Words(name), **changes)  # type: ignore[arg-type]


OWN = rule("own", Doer.SCHOOL, Period.MONTH)
DISTRICT = rule("district", Doer.DISTRICT, Period.TERM)
DRILL = rule(
    "drill", Doer.SCHOOL, Period.TEACHING_MONTH, by_anyone=True, applies=(Applies(kinds=(SchoolKind.PRIMARY,)),)
)


def form(name: str, *rules: DueRule) -> Form:
    return Form(FormId(name), "1", Words(name), "fire", documents=(), sections=(), due=rules)


FORMS = (form("fire", OWN, DISTRICT), form("drill", DRILL))


def keep(
    store: Store,
    day: date,
    form_id: str = "fire",
    role: Role = Role.INSPECTOR,
    school: School = PRIMARY,
    *,
    document: str = "",
    supersedes: str | None = None,
    by: str = "p1",
) -> None:
    number = next(NUMBERS)
    data = f"%PDF {number}".encode()
    row = DocumentRow(
        id=DocumentId(document or f"doc-{number}"),
        sha256=hashlib.sha256(data).hexdigest(),
        kind=DocumentKind.INSPECTION_REPORT,
        number=str(number),
        school_id=school.id,
        school=school.name,
        title="消防安全检查表",
        made_at=datetime(2026, 11, 1, tzinfo=BEIJING) + timedelta(seconds=number),
        inspected_on=day,
        author="张示例",
        state=DocumentState.IMPORTED,
        size=len(data),
        findings=0,
        majors=0,
        supersedes=supersedes,
        author_id=by,
        form=form_id,
        author_role=role.value,
    )
    store.keep_document(row, data, ())


@pytest.fixture(params=["memory", "sqlite"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    opened: Store = FakeStore(tmp_path) if request.param == "memory" else SqliteStore.open(tmp_path)
    opened.save_schools([PRIMARY, NURSERY])
    yield opened
    opened.close()


def standing(store: Store, **options: object) -> dict[tuple[str, str], DueState]:
    found = due_now(store, FORMS, CALENDAR, FakeClock(), **options)  # type: ignore[arg-type]
    return {(due.school, due.rule.id): due.state for due in found}


class TestDueNow:
    def test_every_school_and_rule_that_applies(self, store: Store) -> None:
        found = due_now(store, FORMS, CALENDAR, FakeClock())
        assert [(due.school, due.form, due.rule.id) for due in found] == [
            ("1101", "fire", "own"),
            ("1101", "fire", "district"),
            ("1101", "drill", "drill"),
            ("1102", "fire", "own"),
            ("1102", "fire", "district"),
        ]

    def test_a_new_workspace_owes_nothing(self, store: Store) -> None:
        assert set(standing(store).values()) == {DueState.DUE}

    def test_what_was_due_before_the_first_document_is_no_debt(self, store: Store) -> None:
        keep(store, date(2026, 11, 2))
        assert standing(store)["1102", "own"] is DueState.DUE
        keep(store, date(2026, 10, 30), school=NURSERY)
        assert standing(store)["1101", "own"] is DueState.OVERDUE  # October's last school day was still in sight

    def test_the_district_does_not_do_the_schools_duty_nor_the_school_the_districts(self, store: Store) -> None:
        keep(store, date(2026, 11, 3), role=Role.INSPECTOR)
        keep(store, date(2026, 11, 3), role=Role.SCHOOL, school=NURSERY)
        found = standing(store)
        assert (found["1101", "own"], found["1101", "district"]) == (DueState.DUE, DueState.DONE)
        assert (found["1102", "own"], found["1102", "district"]) == (DueState.DONE, DueState.DUE)

    @pytest.mark.parametrize("role", list(Role))
    def test_what_took_place_counts_whoever_wrote_it_down(self, store: Store, role: Role) -> None:
        keep(store, date(2026, 11, 3), "drill", role)
        assert standing(store)["1101", "drill"] is DueState.DONE

    def test_the_office_checks_for_the_district(self, store: Store) -> None:
        keep(store, date(2026, 11, 3), role=Role.OFFICE)
        assert standing(store)["1101", "district"] is DueState.DONE

    def test_another_form_does_not_count(self, store: Store) -> None:
        keep(store, date(2026, 11, 3), "drill", Role.SCHOOL)
        assert standing(store)["1101", "own"] is DueState.DUE

    def test_a_correction_takes_the_place_of_what_it_corrects(self, store: Store) -> None:
        keep(store, date(2026, 11, 3), role=Role.SCHOOL, document="first")
        keep(store, date(2026, 10, 30), role=Role.SCHOOL, document="second", supersedes="first")
        (found,) = (due for due in due_now(store, FORMS, CALENDAR, FakeClock(), PRIMARY.id) if due.rule is OWN)
        assert (found.state, found.last_on) == (DueState.DUE, date(2026, 10, 30))

    def test_one_school_and_one_doer(self, store: Store) -> None:
        assert set(standing(store, school=NURSERY.id)) == {("1102", "own"), ("1102", "district")}
        assert set(standing(store, by=Doer.DISTRICT)) == {("1101", "district"), ("1102", "district")}

    def test_one_school_is_judged_as_among_all(self, store: Store) -> None:
        keep(store, date(2025, 1, 6), school=NURSERY)
        one = due_now(store, FORMS, CALENDAR, FakeClock(), PRIMARY.id)
        assert one == [due for due in due_now(store, FORMS, CALENDAR, FakeClock()) if due.school == PRIMARY.id]
        assert one[0].state is DueState.OVERDUE

    def test_an_unknown_school(self, store: Store) -> None:
        with pytest.raises(Problem) as caught:
            due_now(store, FORMS, CALENDAR, FakeClock(), SchoolId("9"))
        assert caught.value.code == "unknown-school"

    def test_the_day_is_the_clocks(self, store: Store) -> None:
        clock = FakeClock()
        keep(store, TODAY, role=Role.SCHOOL)

        def own() -> Due:
            return due_now(store, FORMS[:1], CALENDAR, clock, PRIMARY.id)[0]

        assert own().state is DueState.DONE
        clock.forward(days=7)  # 1 December
        assert own().state is DueState.DUE
        clock.forward(days=31)
        assert (own().state, own().due_on) == (DueState.OVERDUE, date(2026, 12, 31))


def test_days_done_since_a_day_and_the_last_before(store: Store) -> None:
    for day in (1, 2, 3, 10, 10):
        keep(store, date(2026, 11, day))
    keep(store, date(2026, 11, 2), role=Role.SCHOOL)
    keep(store, date(2026, 11, 12), school=NURSERY)
    keep(store, date(2026, 11, 11), document="twice")
    keep(store, date(2026, 11, 13), document="twice")
    everything = {
        ("1101", "inspector", 3): 1,
        ("1101", "inspector", 10): 2,
        ("1101", "inspector", 13): 1,
        ("1101", "school", 2): 1,
        ("1102", "inspector", 12): 1,
    }

    def counted(done: tuple[DayDone, ...]) -> dict[tuple[str, str, int], int]:
        assert {one.form for one in done} == {"fire"}
        keys = [(one.school_id, one.author_role, one.day.day) for one in done]
        return {key: keys.count(key) for key in keys}

    assert counted(store.days_done(date(2026, 11, 4))) == everything
    assert counted(store.days_done(date(2026, 11, 4), NURSERY.id)) == {("1102", "inspector", 12): 1}


SCHOOLS = [School(SchoolId(f"{n:04}"), f"第{n}小学", SchoolKind.PRIMARY) for n in range(500)]


def test_five_hundred_schools_are_quick(tmp_path: Path) -> None:
    """Eight forms of two rules each, every one done once at each school by both doers: 8 000 documents."""
    periods = [Period.SCHOOL_DAY, Period.WEEK, Period.MONTH, Period.TEACHING_MONTH, Period.QUARTER, Period.TERM]
    periods += [Period.HALF_YEAR, Period.YEAR]
    forms = [form(f"f{n}", rule("a", Doer.SCHOOL, p), rule("b", Doer.DISTRICT, p)) for n, p in enumerate(periods)]
    with SqliteStore.open(tmp_path) as store:
        store.save_schools(SCHOOLS)
        keep(store, TODAY, "f0")
        store.database.write(_multiply)
        took = min(_seconds(lambda: due_now(store, forms, CALENDAR, FakeClock())) for _ in range(5))
        assert len(due_now(store, forms, CALENDAR, FakeClock())) == 8000
    assert took < 0.3


def _multiply(connection: object) -> None:
    """Rows only, copied from one that was kept in the ordinary way."""
    names = [row[1] for row in connection.execute("PRAGMA table_info(documents)")]  # type: ignore[attr-defined]
    (plain,) = connection.execute("SELECT * FROM documents").fetchall()  # type: ignore[attr-defined]
    rows = []
    for n in range(8_000):
        row = dict(zip(names, plain, strict=True))
        row |= {"seq": None, "sha256": f"{n:064x}", "id": f"many-{n}", "school_id": f"{n % 500:04}"}
        row |= {"form": f"f{n // 500 % 8}", "author_role": ("inspector", "school")[n // 4000 % 2]}
        row |= {"inspected_on": TODAY.isoformat()}
        rows.append(tuple(row.values()))
    connection.executemany(f"INSERT INTO documents VALUES ({', '.join('?' * len(names))})", rows)  # type: ignore[attr-defined]


def _seconds(call: Callable[[], object]) -> float:
    start = time.perf_counter()
    call()
    return time.perf_counter() - start
