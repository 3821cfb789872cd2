"""A drill 演练 as its record's draft says it: who is out, who is missing, how long it took, what holds up its end.

Nothing of it is kept anywhere else: all follows from the answers and from what the form reckons with them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from safetyapp.domain.address import at
from safetyapp.domain.form import FormId, ItemId

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
