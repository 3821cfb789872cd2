"""A drill 演练 as its record's draft says it: who is out, who is missing, how long it took, what holds up its end.

Nothing of it is kept anywhere else: all follows from the answers and from what the form reckons with them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum

from safetyapp.domain.address import at, item_of, rows_of
from safetyapp.domain.drill_codes import codes_of
from safetyapp.domain.form import Form, FormId, ItemId
from safetyapp.domain.inspection import Answer, Inspection
from safetyapp.domain.places import has_row, row_ids
from safetyapp.domain.reckoned import Reckoned

DRILL = FormId("drill-record")
KIND, MODE, GOAL = ItemId("kind"), ItemId("mode"), ItemId("goal-seconds")
POINTS = tuple(ItemId(f"T{n}") for n in range(8))
START, COVERED, SIGNAL, FIRST_OUT, LAST_OUT, COUNTED, REPORTED, OVER = POINTS
POSTS, PROBLEMS = ItemId("posts"), ItemId("problems")
FIRE = "fire"
DAY = 86_400
"""Seconds; the form takes times modulo a day, so that a drill may run past midnight."""


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of a table of groups: `entered` is what a person types as expected, `expected` what counts."""

    table: ItemId
    name: ItemId
    entered: ItemId
    expected: ItemId
    arrived: ItemId
    counted: ItemId
    whereabouts: ItemId
    place: ItemId | None = None
    absent: ItemId | None = None
    absent_reason: ItemId | None = None
    since_signal: ItemId | None = None


CLASSES = Columns(
    table=ItemId("classes"), name=ItemId("class"), entered=ItemId("enrolled"), expected=ItemId("present"),
    arrived=ItemId("arrived-at"), counted=ItemId("counted"), whereabouts=ItemId("whereabouts"), place=ItemId("place"),
    absent=ItemId("absent"), absent_reason=ItemId("absent-reason"), since_signal=ItemId("since-signal"),
)  # fmt: skip
OTHERS = Columns(
    table=ItemId("others"), name=ItemId("other-group"), entered=ItemId("other-expected"),
    expected=ItemId("other-expected"), arrived=ItemId("other-arrived-at"), counted=ItemId("other-counted"),
    whereabouts=ItemId("other-whereabouts"),
)  # fmt: skip
"""People in no class: canteen, guards, office, visitors, contractors. They are the ones forgotten."""

_STROKES = frozenset({
    *POINTS, CLASSES.arrived, CLASSES.counted, CLASSES.whereabouts, OTHERS.arrived, OTHERS.counted, OTHERS.whereabouts,
    OTHERS.entered, ItemId("post-kind"), ItemId("post-place"), ItemId("post-congested"), ItemId("congestion-seconds"),
    ItemId("problem"),
})  # fmt: skip
"""The items that a stroke of the stopwatch answers."""


class GroupState(StrEnum):
    """How far a group is. EXPLAINED: it is not complete, and it is said where the missing are."""

    NOBODY = "nobody"
    WAITING = "waiting"
    ARRIVED = "arrived"
    COMPLETE = "complete"
    DIFFERS = "differs"
    EXPLAINED = "explained"


@dataclass(frozen=True, slots=True)
class Group:
    """A row of a table of groups. `code` is what is typed for it; `after` the seconds from the signal to its arrival;
    `edited`: its time or its number was changed by hand."""

    row: str
    columns: Columns
    code: str
    name: str
    place: str = ""
    entered: int | None = None
    absent: int = 0
    absent_reason: str = ""
    expected: int | None = None
    arrived: str = ""
    after: int | None = None
    counted: int | None = None
    whereabouts: str = ""
    must_explain: bool = False
    edited: bool = False

    def address(self, column: ItemId) -> ItemId:
        return at(column, (self.row,))

    @property
    def id(self) -> ItemId:
        """The group by its name's address."""
        return self.address(self.columns.name)

    @property
    def difference(self) -> int:
        """Missing (above zero) or too many; 0 while it is not known."""
        return 0 if self.counted is None or self.expected is None else self.expected - self.counted

    @property
    def state(self) -> GroupState:
        if self.difference:
            return GroupState.DIFFERS if self.must_explain and not self.whereabouts.strip() else GroupState.EXPLAINED
        if self.expected == 0:
            return GroupState.NOBODY
        if self.counted is not None and self.arrived:
            return GroupState.COMPLETE
        return GroupState.ARRIVED if self.arrived else GroupState.WAITING

    @property
    def is_awaited(self) -> bool:
        """Whether somebody of it is to come and has not."""
        return not self.arrived and self.expected != 0


@dataclass(frozen=True, slots=True)
class Point:
    """A time of the time line: `value` is its clock time or "", `elapsed` the seconds since T0 as the form reckons."""

    id: ItemId
    value: str
    elapsed: int | None
    is_required: bool
    edited: bool


@dataclass(frozen=True, slots=True)
class Post:
    """A post 关键点: `jammed_at` is when a congestion that is not over yet began."""

    row: str
    kind: str
    place: str
    seconds: int | None = None
    jammed_at: datetime | None = None


class Hold(StrEnum):
    """Why a drill cannot be ended yet."""

    NOT_STARTED = "not_started"
    NO_GROUPS = "no_groups"
    WHEREABOUTS = "whereabouts"
    NOT_ARRIVED = "not_arrived"
    NOT_COUNTED = "not_counted"
    NOT_EXPECTED = "not_expected"
    JAM = "jam"
    POINTS = "points"


@dataclass(frozen=True, slots=True)
class Drill:
    """A drill at one moment. `started_at` is T0's instant, `signal_at` that of the signal from which the evacuation is
    timed; `evacuation` and `counting` are the form's seconds, None while they are not known."""

    kind: str
    points: tuple[Point, ...]
    groups: tuple[Group, ...]
    posts: tuple[Post, ...]
    problems: int
    goal: int | None
    started_at: datetime | None
    signal_at: datetime | None
    over_at: datetime | None
    evacuation: int | None
    counting: int | None
    expected: int
    reported: int

    @property
    def missing(self) -> int:
        """差额: expected less reported; the three always add up."""
        return self.expected - self.reported

    @property
    def is_running(self) -> bool:
        return self.started_at is not None and self.over_at is None

    @property
    def awaited(self) -> tuple[Group, ...]:
        return tuple(group for group in self.groups if group.is_awaited)

    @property
    def jam(self) -> Post | None:
        """The post where it is jammed now."""
        return next((post for post in self.posts if post.jammed_at is not None), None)

    def point(self, point: ItemId) -> Point | None:
        """None where this kind of drill has no such time."""
        return next((p for p in self.points if p.id == point), None)

    def of_code(self, code: str) -> Group | None:
        return next((group for group in self.groups if group.code == code), None)

    def of_id(self, group: ItemId) -> Group | None:
        return next((g for g in self.groups if g.id == group), None)

    def elapsed(self, now: datetime) -> int | None:
        """Seconds on the clock: since the signal, up to the end of the drill; None before it has started."""
        if self.signal_at is None:
            return None
        until = self.over_at if self.over_at is not None else now
        return max(0, int((until - self.signal_at).total_seconds()))

    def held_by(self) -> tuple[tuple[Hold, tuple[Group, ...]], ...]:
        """What holds up the end, the gravest first, with the groups that do; empty when it may be ended."""
        if self.started_at is None:
            return ((Hold.NOT_STARTED, ()),)
        if not any(group.columns is CLASSES for group in self.groups):
            return ((Hold.NO_GROUPS, ()),)
        found: list[tuple[Hold, tuple[Group, ...]]] = []
        for hold, holds in (
            (Hold.WHEREABOUTS, lambda g: g.state is GroupState.DIFFERS),
            (Hold.NOT_EXPECTED, lambda g: g.expected is None),
            (Hold.NOT_ARRIVED, lambda g: g.is_awaited),
            (Hold.NOT_COUNTED, lambda g: g.counted is None and not g.is_awaited),
        ):
            groups = tuple(group for group in self.groups if holds(group))
            if groups:
                found.append((hold, groups))
        if self.jam is not None:
            found.append((Hold.JAM, ()))
        if self.missing_points:
            found.append((Hold.POINTS, ()))
        return tuple(found)

    @property
    def missing_points(self) -> tuple[Point, ...]:
        return tuple(point for point in self.points if point.is_required and not point.value)


def is_drill(form: Form) -> bool:
    """Whether a form has what the stopwatch answers."""
    items = {item.id for item in form.every_item()}
    tables = {CLASSES.table, OTHERS.table, POSTS, PROBLEMS}
    wanted = {KIND, MODE, GOAL, CLASSES.name, CLASSES.entered, CLASSES.expected, OTHERS.name, *tables, *_STROKES}
    return wanted <= items


def drill_of(inspection: Inspection, reckoned: Reckoned) -> Drill:
    """The drill that a draft of the drill record holds."""
    answers = inspection.answers
    kind = _text(answers, KIND)
    start, signal = _time(answers, START), _time(answers, START if kind == FIRE else SIGNAL)
    groups = tuple(_groups(inspection, reckoned, signal))
    since = SIGNAL if kind != FIRE and _time(answers, SIGNAL) else START
    return Drill(
        kind=kind,
        points=tuple(_points(answers, reckoned)),
        groups=groups,
        posts=tuple(_posts(inspection)),
        problems=len(row_ids(inspection, PROBLEMS)),
        goal=_number(_text(answers, GOAL)),
        started_at=instant_of(answers[START]) if start else None,
        signal_at=instant_of(answers[since]) if start else None,
        over_at=instant_of(answers[OVER]) if _time(answers, OVER) else None,
        evacuation=_number(reckoned.calculated.get(ItemId("evacuation-seconds"), "")),
        counting=_number(reckoned.calculated.get(ItemId("count-seconds"), "")),
        expected=sum(group.expected or 0 for group in groups),
        reported=_number(reckoned.calculated.get(ItemId("head-count"), "")) or 0,
    )


def last_out(drill: Drill) -> str:
    """When everybody who was awaited had arrived: the clock time of the last; "" while somebody is still to come."""
    start = drill.point(START)
    arrived = [group.arrived for group in drill.groups if group.arrived]
    if start is None or not start.value or not arrived or drill.awaited:
        return ""
    return max(arrived, key=lambda moment: seconds_between(start.value, moment))


def seconds_between(one: str, other: str) -> int:
    """Seconds from one time of day to another, which comes later: as the form's expressions take it."""
    return (_seconds(other) - _seconds(one)) % DAY


def instant_of(answer: Answer) -> datetime:
    """When the time of day that was answered was: the last such time before it was answered."""
    moment = time.fromisoformat(answer.value)
    found = datetime.combine(answer.answered_at.date(), moment, answer.answered_at.tzinfo)
    late = found - answer.answered_at.replace(microsecond=0)
    return found - timedelta(days=1) if late > timedelta(0) else found


def newest_stroke(inspection: Inspection) -> tuple[ItemId, ...]:
    """The addresses that the last stroke of the stopwatch answered, told by when they were; empty when none is left.
    What was answered before the drill started is no stroke of it."""
    answers = inspection.answers
    start = answers.get(START)
    if start is None or not _time(answers, START):
        return ()
    since = instant_of(start)
    strokes = [a for a in answers.values() if item_of(a.item) in _STROKES and _stands(inspection, a.item)]
    newest = max((a.answered_at for a in strokes if a.answered_at >= since), default=None)
    return tuple(sorted(a.item for a in strokes if a.answered_at == newest)) if newest is not None else ()


def newest_at(inspection: Inspection) -> datetime | None:
    """When anything of the draft was answered last."""
    return max((answer.answered_at for answer in inspection.answers.values()), default=None)


def _stands(inspection: Inspection, address: ItemId) -> bool:
    """Whether the row that a cell stands in is still there."""
    rows = rows_of(address)
    if not rows:
        return True
    tables = (CLASSES.table, OTHERS.table, POSTS, PROBLEMS)
    return any(has_row(inspection, table, rows[0]) for table in tables if item_of(address) in _CELLS[table])


_CELLS = {
    CLASSES.table: frozenset({CLASSES.arrived, CLASSES.counted, CLASSES.whereabouts}),
    OTHERS.table: frozenset({OTHERS.arrived, OTHERS.counted, OTHERS.whereabouts, OTHERS.entered}),
    POSTS: frozenset(map(ItemId, ("post-kind", "post-place", "post-congested", "congestion-seconds"))),
    PROBLEMS: frozenset({ItemId("problem")}),
}
"""The cells that strokes answer, by table."""


def cells_of(table: ItemId) -> frozenset[ItemId]:
    """The columns of a table that strokes answer."""
    return _CELLS[table]


def _groups(inspection: Inspection, reckoned: Reckoned, signal: str) -> Iterator[Group]:
    rows = [(columns, row) for columns in (CLASSES, OTHERS) for row in row_ids(inspection, columns.table)]
    names = [_text(inspection.answers, at(columns.name, (row,))) for columns, row in rows]
    codes = codes_of([name if columns is CLASSES else "" for name, (columns, _) in zip(names, rows, strict=True)])
    for (columns, row), name, code in zip(rows, names, codes, strict=True):
        yield _group(inspection, reckoned, signal, columns, row, name, code)


def _group(
    inspection: Inspection, reckoned: Reckoned, signal: str, columns: Columns, row: str, name: str, code: str
) -> Group:
    answers = inspection.answers

    def text(column: ItemId | None) -> str:
        return _text(answers, at(column, (row,))) if column is not None else ""

    entered, arrived = _number(text(columns.entered)), text(columns.arrived)
    whereabouts = at(columns.whereabouts, (row,))
    expected = entered
    if columns.expected != columns.entered and entered is not None:
        expected = _number(reckoned.calculated.get(at(columns.expected, (row,)), ""))
    after: int | None = None
    if columns.since_signal is not None:
        after = _number(reckoned.calculated.get(at(columns.since_signal, (row,)), ""))
    elif arrived and signal:
        after = seconds_between(signal, arrived)
    changed = (answers.get(at(column, (row,))) for column in (columns.arrived, columns.counted))
    return Group(
        row=row,
        columns=columns,
        code=code,
        name=name,
        place=text(columns.place),
        entered=entered,
        absent=_number(text(columns.absent)) or 0,
        absent_reason=text(columns.absent_reason),
        expected=expected,
        arrived=arrived,
        after=after,
        counted=_number(text(columns.counted)),
        whereabouts=text(columns.whereabouts),
        must_explain=whereabouts in reckoned.demanded,
        edited=any(answer is not None and bool(answer.note) for answer in changed),
    )


def _points(answers: Mapping[ItemId, Answer], reckoned: Reckoned) -> Iterator[Point]:
    for point in POINTS:
        if point in reckoned.closed:
            continue
        answer = answers.get(point)
        elapsed = _number(reckoned.calculated.get(ItemId(f"elapsed-{point}"), ""))
        required = point == START or point in reckoned.demanded
        yield Point(point, _time(answers, point), elapsed, required, answer is not None and bool(answer.note))


def _posts(inspection: Inspection) -> Iterator[Post]:
    answers = inspection.answers
    for row in row_ids(inspection, POSTS):
        seconds = _number(_text(answers, at("congestion-seconds", (row,))))
        jammed = answers.get(at("post-congested", (row,)))
        is_jammed = jammed is not None and jammed.value == "yes" and seconds is None
        kind = answers.get(at("post-kind", (row,)))
        yield Post(
            row,
            "" if kind is None else kind.note or kind.value,
            _text(answers, at("post-place", (row,))),
            seconds,
            jammed.answered_at.replace(microsecond=0) if is_jammed and jammed is not None else None,
        )


def _text(answers: Mapping[ItemId, Answer], address: ItemId) -> str:
    answer = answers.get(address)
    return answer.value if answer is not None else ""


def _time(answers: Mapping[ItemId, Answer], address: ItemId) -> str:
    """A time of day that was answered; "" for none and for 不适用."""
    value = _text(answers, address)
    return value if ":" in value else ""


def _number(text: str) -> int | None:
    try:
        return int(text)
    except ValueError:
        return None


def _seconds(moment: str) -> int:
    parsed = time.fromisoformat(moment)
    return parsed.hour * 3600 + parsed.minute * 60 + parsed.second
