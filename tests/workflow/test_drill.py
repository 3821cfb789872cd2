"""A drill as it is timed: strokes in any order, taken back in any number, come to what a replay comes to."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from safetyapp.domain.drill import CLASSES, LAST_OUT, OTHERS, POSTS, PROBLEMS, START, Drill, GroupState, Hold
from safetyapp.domain.drill_codes import codes_of
from safetyapp.domain.drill_reading import drill_of, instant_of, last_out, seconds_between
from safetyapp.domain.drill_strokes import newest_stroke
from safetyapp.domain.form import ItemId
from safetyapp.domain.gaps import gaps
from safetyapp.domain.inspection import Answer, InspectionId
from safetyapp.domain.places import row_ids
from safetyapp.domain.problem import Problem
from safetyapp.domain.school import Person, PersonId, School, SchoolClass, SchoolId, SchoolKind
from safetyapp.forms.library import Library
from safetyapp.forms.reckon import make_reckoner
from safetyapp.texts import built_in_forms
from safetyapp.workflow import drill as work
from safetyapp.workflow import inspect
from safetyapp.workflow.opened import resume
from tests.fakes import FakeClock, FakeStore

RECKON = make_reckoner()
FORM = Library((built_in_forms(),), None).form("drill-record")
SCHOOL = School(
    SchoolId("s1"), "甲子小学", SchoolKind.PRIMARY,
    classes=tuple(SchoolClass(f"{grade}({n})", "", 30 + n) for grade in "一二三" for n in (1, 2)),
)  # fmt: skip
BEGAN = datetime.fromisoformat("2026-11-24T23:58:30+08:00")
"""Near midnight: the last class comes in on the next day."""


class Court:
    """A drill under way in a store."""

    def __init__(self, folder: Path, school: School = SCHOOL, kind: str = "fire") -> None:
        self.store, self.clock = FakeStore(folder), FakeClock(BEGAN)
        me = Person(PersonId("p1"), "张示例")
        self.draft = work.prepare(self.store, self.clock, RECKON, lambda: "d1", school, FORM, me, kind)
        self.clock.forward(seconds=60)

    @property
    def drill(self) -> Drill:
        return drill_of(self.draft.inspection, self.draft.reckoned)

    def later(self, seconds: int) -> str:
        """So many seconds on; the time of day."""
        return f"{self.clock.forward(seconds=seconds):%H:%M:%S}"

    def stroke(self, values: dict[ItemId, str], note: str = "") -> None:
        notes = dict.fromkeys(values, note) if note else {}
        self.draft = work.stroke(self.store, self.clock, self.draft, values, notes)

    def point(self, point: str, seconds: int = 5) -> None:
        self.stroke({ItemId(point): self.later(seconds)})

    def tap(self, group: int, seconds: int = 3) -> None:
        it = self.drill.groups[group]
        self.stroke({it.address(it.columns.arrived): self.later(seconds)})

    def count(self, group: int, number: int) -> None:
        self.later(1)
        it = self.drill.groups[group]
        self.stroke({it.address(it.columns.counted): str(number)})

    def undo(self) -> None:
        self.later(1)
        self.draft = work.take_back(self.store, self.clock, self.draft, self.store.former_answers(InspectionId("d1")))

    def expect(self) -> None:
        """Nobody but two in the kitchen."""
        for n, group in enumerate(g for g in self.drill.groups if g.columns is OTHERS):
            self.stroke({group.address(OTHERS.entered): "2" if n == 0 else "0"})
            if n:
                self.stroke({group.address(OTHERS.counted): "0"})

    def values(self) -> dict[str, str]:
        """What stands in the draft now, rows included."""
        inspection = self.draft.inspection
        rows = {str(t): " ".join(row_ids(inspection, t)) for t in (POSTS, PROBLEMS)}
        return {a: answer.value for a, answer in inspection.answers.items() if a not in rows} | rows


@pytest.fixture
def court(tmp_path: Path) -> Court:
    return Court(tmp_path)


def test_a_drill_over_midnight_from_signal_to_end(court: Court) -> None:
    assert court.drill.elapsed(court.clock.now()) is None
    assert [hold for hold, _ in court.drill.held_by()] == [Hold.NOT_STARTED]
    court.expect()
    court.point("T0", 0)
    for group in range(6):
        court.tap(group, 10)
    drill = court.drill
    assert (drill.elapsed(court.clock.now()), drill.groups[5].after) == (60, 60)
    assert drill.point(LAST_OUT).value == ""  # type: ignore[union-attr]
    assert [group.name for group in drill.awaited] == ["食堂人员"]
    court.tap(6, 7)
    assert court.drill.evacuation == court.drill.groups[6].after == 67
    assert court.drill.point(LAST_OUT).value == court.drill.groups[6].arrived  # type: ignore[union-attr]
    for group in range(7):
        court.count(group, court.drill.groups[group].expected or 0)
    court.count(2, 30)
    drill = court.drill
    assert drill.groups[2].state is GroupState.DIFFERS
    assert (drill.expected, drill.reported, drill.missing) == (191, 190, 1)
    assert drill.held_by()[0] == (Hold.WHEREABOUTS, (drill.groups[2],))
    blocking = {g.item for g in gaps(FORM, court.draft.inspection, court.draft.reckoned) if g.kind.blocks}
    assert drill.groups[2].address(CLASSES.whereabouts) in blocking, "the same rule holds the signing up"
    court.stroke({drill.groups[2].address(CLASSES.whereabouts): "1人在卫生室"})
    assert [hold for hold, _ in court.drill.held_by()] == [Hold.POINTS]
    for point in ("T5", "T6", "T7"):
        court.point(point)
    assert court.drill.held_by() == ()
    over = court.drill.elapsed(court.clock.now())
    court.later(500)
    assert court.drill.elapsed(court.clock.now()) == over == court.drill.points[-1].elapsed
    court.draft = work.conclude(court.store, court.clock, lambda *_: "", court.draft)
    assert court.draft.inspection.answers[work.GOAL_MET].value == "pass"
    assert court.draft.inspection.answers[work.SLOWEST].value == "三(2)"
    court.stroke({LAST_OUT: "00:05:00", ItemId("T6"): "00:06:00"}, "手工改")
    court.draft = work.conclude(court.store, court.clock, lambda *_: "超时", court.draft)
    assert court.draft.inspection.answers[work.GOAL_MET].value == "fail"
    assert [f.text for f in court.draft.inspection.findings] == ["超时"]
    assert resume(court.store, RECKON, "d1").inspection == court.draft.inspection


def test_what_the_screen_reckons_is_what_the_form_reckons(court: Court) -> None:
    court.point("T0", 0)
    for group in (3, 0, 6):
        court.tap(group, 45)
        court.count(group, 29)
    told, drill = court.draft.reckoned.calculated, court.drill
    for group in drill.groups[:6]:
        assert str(group.after or "") == told[group.address(ItemId("since-signal"))]
        if group.arrived:
            assert group.after == seconds_between(drill.points[0].value, group.arrived)
    assert str(drill.reported) == told[ItemId("head-count")] == str(sum(g.counted or 0 for g in drill.groups))
    assert drill.expected == int(told[ItemId("present-total")])
    assert drill.missing == drill.expected - drill.reported


def test_an_earthquake_is_timed_from_its_second_signal(tmp_path: Path) -> None:
    court = Court(tmp_path, kind="earthquake")
    court.point("T0", 0)
    court.point("T1", 20)
    assert court.drill.elapsed(court.clock.now()) == 20
    court.point("T2", 10)
    court.tap(0, 33)
    assert (court.drill.elapsed(court.clock.now()), court.drill.groups[0].after) == (33, 33)


def test_a_time_put_right_is_marked_and_t4_follows(court: Court) -> None:
    court.expect()
    court.point("T0", 0)
    for group in range(7):
        court.tap(group, 10)
    last = court.drill.groups[6]
    court.later(100)
    court.stroke({last.address(OTHERS.arrived): "00:00:55"}, "手工改")
    assert court.drill.groups[6].edited
    assert court.drill.evacuation == court.drill.groups[6].after == 85
    court.stroke({last.address(OTHERS.arrived): ""})
    assert court.drill.point(LAST_OUT).value == ""  # type: ignore[union-attr]
    court.tap(6)
    court.stroke({LAST_OUT: "00:09:00"})
    court.stroke({last.address(OTHERS.arrived): "00:08:00"}, "手工改")
    assert court.drill.point(LAST_OUT).value == "00:09:00", "what a person said stays"  # type: ignore[union-attr]
    with pytest.raises(Problem) as refused:
        court.stroke({ItemId("T6"): "23:00:00"})
    assert refused.value.facts["reason"] == "constraint"


def test_a_jam_is_timed_at_its_post(court: Court) -> None:
    court.point("T0", 0)
    court.draft = work.jam(court.store, court.clock, court.draft, "", "landing", "2层东")
    court.later(12)
    assert court.drill.jam is not None
    assert Hold.JAM in [hold for hold, _ in court.drill.held_by()]
    court.draft = work.end_jam(court.store, court.clock, court.draft)
    assert (court.drill.jam, court.drill.posts[0].seconds) == (None, 12)
    assert court.draft.reckoned.calculated[ItemId("longest-congestion")] == "12"
    court.later(1)
    court.draft = work.jam(court.store, court.clock, court.draft, "", "", "操场看台")
    assert [p.kind for p in court.drill.posts] == ["landing", "操场看台"]
    court.undo()
    court.undo()
    assert court.drill.jam is not None, "the first is going on again"
    court.undo()
    assert court.drill.posts == ()


def test_classes_of_a_roster_that_came_late(tmp_path: Path) -> None:
    court = Court(tmp_path, School(SchoolId("s2"), "乙丑小学"))
    court.point("T0", 0)
    assert [hold for hold, _ in court.drill.held_by()] == [Hold.NO_GROUPS]
    court.draft = work.add_classes(court.store, court.clock, court.draft, SCHOOL.classes)
    assert [(g.name, g.expected, g.code) for g in court.drill.groups[:2]] == [("一(1)", 31, "11"), ("一(2)", 32, "12")]
    assert [g.code for g in court.drill.groups[6:]] == ["01", "02", "03", "04", "05"]


STROKES = st.lists(
    st.one_of(
        st.tuples(st.just("tap"), st.integers(0, 7)),
        st.tuples(st.just("count"), st.integers(0, 7)),
        st.tuples(st.just("point"), st.integers(3, 7)),
        st.tuples(st.just("jam"), st.just(0)),
        st.tuples(st.just("undo"), st.just(0)),
    ),
    max_size=14,
)  # fmt: skip


def _run(court: Court, strokes: list[tuple[str, int]]) -> list[tuple[str, int]]:
    """Makes the strokes; what is left of them after those taken back."""
    left: list[tuple[str, int]] = []
    for what, n in strokes:
        if what == "undo":
            court.undo()
            left = left[:-1]
            continue
        if what == "jam":
            court.later(1)
            court.draft = work.jam(court.store, court.clock, court.draft, "", "exit")
        elif what == "point":
            court.point(f"T{n}")
        elif what == "tap":
            court.tap(n)
        else:
            court.count(n, n + 28)
        left.append((what, n))
    return left


@settings(max_examples=25, deadline=None)
@given(STROKES)
def test_strokes_taken_back_come_to_a_replay_of_the_rest(strokes: list[tuple[str, int]]) -> None:
    with TemporaryDirectory() as folder:
        court, other = Court(Path(folder)), Court(Path(folder))
        court.point("T0", 0)
        other.point("T0", 0)
        strokes = _without_undo_of_the_start(strokes)
        left = _run(court, strokes)
        assert _shape(_run_again(other, left)) == _shape(court)
        assert court.drill.missing == court.drill.expected - court.drill.reported
        assert court.drill.reported == sum(group.counted or 0 for group in court.drill.groups)
        assert resume(court.store, RECKON, "d1").inspection == court.draft.inspection


def _without_undo_of_the_start(strokes: list[tuple[str, int]]) -> list[tuple[str, int]]:
    made, kept = 0, []
    for stroke in strokes:
        made += -1 if stroke[0] == "undo" else 1
        if made < 0:
            made = 0
            continue
        kept.append(stroke)
    return kept


def _run_again(court: Court, strokes: list[tuple[str, int]]) -> Court:
    _run(court, strokes)
    return court


def _shape(court: Court) -> dict[str, str]:
    """What has been answered where; times differ by the seconds that taking back takes."""
    return {a: value if ":" not in value else "time" for a, value in court.values().items()}


def test_nothing_from_before_the_signal_is_taken_back(court: Court) -> None:
    court.expect()
    court.point("T0")
    court.undo()
    before = court.values()
    assert court.drill.started_at is None
    assert newest_stroke(court.draft.inspection) == ()
    court.undo()
    assert court.values() == before


def test_a_tabletop_drill_is_not_timed(court: Court) -> None:
    assert work.is_timed(court.draft)
    table = inspect.answer(court.store, court.clock, lambda *_: "", court.draft, "mode", "tabletop")
    assert not work.is_timed(table)


def test_codes() -> None:
    assert codes_of(("一(1)", "三(2)班", "七年级3班", "高二(3)班", "小二班", "梦想班", "")) == (
        "11", "32", "73", "113", "12", "01", "02",
    )  # fmt: skip
    assert codes_of(("一(1)", "一(11)", "十班", "高一(1)", "一（1）班")) == ("101", "111", "01", "1001", "02")


@given(st.lists(st.sampled_from(["一(1)", "一(12)", "初一(2)", "高一(1)", "101班", "小一班", "中1班", "大", "x", ""])))
def test_no_code_stands_for_two(names: list[str]) -> None:
    codes = codes_of(names)
    assert len(set(codes)) == len(names)


def test_an_instant_is_the_last_such_time() -> None:
    late = datetime.fromisoformat("2026-11-25T00:00:10.000002+08:00")
    assert instant_of(Answer(START, "00:00:10", late)) == late.replace(microsecond=0)
    assert instant_of(Answer(START, "23:59:30", late)) == late.replace(microsecond=0) - timedelta(seconds=40)


def test_the_last_out_is_told_by_the_signal_and_not_by_the_clock(court: Court) -> None:
    assert last_out(court.drill) == ""
