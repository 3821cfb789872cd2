"""Keeps the strokes of a stopwatch: a keeper whose strokes are told apart by their instants, so that they can be taken
back one by one also after the program was started again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from PySide6.QtCore import QObject

from safetyapp.domain.drill import CLASSES, POSTS, PROBLEMS, Drill
from safetyapp.domain.drill_reading import drill_of
from safetyapp.domain.drill_strokes import newest_at, newest_stroke
from safetyapp.domain.form import ItemId
from safetyapp.domain.inspection import Answer, Inspection
from safetyapp.domain.school import SchoolClass
from safetyapp.ui.fill_keeper import Change, Keeper
from safetyapp.ui.fill_script import Step
from safetyapp.ui.jobs import Jobs
from safetyapp.ui.tools import Tools
from safetyapp.workflow import drill as work
from safetyapp.workflow.opened import Open
from safetyapp.workflow.ports import Clock


class StrokeClock:
    """The clock of strokes: of two the later is later, also within a second and after the clock was put back."""

    def __init__(self, clock: Clock, last: datetime | None) -> None:
        self._clock, self._last = clock, last

    def now(self) -> datetime:
        now = self._clock.now()
        if self._last is not None and now <= self._last:
            now = self._last.astimezone(now.tzinfo) + timedelta(microseconds=1)
        self._last = now
        return now


class DrillKeeper(Keeper):
    """`former` are the answers that were replaced before this screen was opened."""

    def __init__(
        self, tools: Tools, jobs: Jobs, opened: Open, former: Sequence[tuple[Answer, datetime]], parent: QObject
    ) -> None:
        strokes = StrokeClock(tools.clock, newest_at(opened.inspection))
        super().__init__(replace(tools, clock=strokes), jobs, opened, parent)
        self._former = tuple(former)
        self._wall = tools.clock
        self._of: tuple[Open, Drill] | None = None

    @property
    def drill(self) -> Drill:
        """The drill as it is shown."""
        if self._of is None or self._of[0] is not self.shown:
            self._of = (self.shown, drill_of(self.shown.inspection, self.shown.reckoned))
        return self._of[1]

    def time_of_day(self) -> str:
        """Now, as an answer says it."""
        return f"{self._wall.now():%H:%M:%S}"

    def stroke(self, values: Mapping[ItemId, str], notes: Mapping[ItemId, str] = work.NO_NOTES) -> None:
        """Raises Problem bad-value, and then nothing has changed."""
        self._stroke(next(iter(values)), lambda s, c, d: work.stroke(s, c, d, values, notes))

    def jam(self, post: str, kind: str = "", place: str = "") -> None:
        self._stroke(POSTS, lambda s, c, d: work.jam(s, c, d, post, kind, place))

    def end_jam(self) -> None:
        self._stroke(POSTS, work.end_jam)

    def note_problem(self, text: str, judged: str = "") -> None:
        wording = self._tools.wording
        at = ItemId(judged) if judged else PROBLEMS
        self._stroke(at, lambda s, c, d: work.note_problem(s, c, wording, d, text, judged))

    def add_classes(self, classes: Sequence[SchoolClass]) -> None:
        self._stroke(CLASSES.table, lambda s, c, d: work.add_classes(s, c, d, classes))

    def conclude(self) -> None:
        """Not a stroke that is taken back: it follows from the others."""
        wording = self._tools.wording
        if work.what_follows(self.shown):
            self._enter(work.GOAL_MET, lambda s, c, d: work.conclude(s, c, wording, d), "")

    def take_back(self) -> frozenset[ItemId]:
        """撤销上一次: the addresses that are as they were before; none when nothing is left."""
        before = self.shown.inspection
        if self._undo:
            self.undo()
        elif newest_stroke(before):
            former = self._former
            self._enter(None, lambda s, c, d: work.take_back(s, c, d, former), "")
            after = self.shown.inspection
            item = next(iter(_differing(before, after)))
            self._redo.append(Step(item, after, before, False, ""))
        return _differing(before, self.shown.inspection)

    def _stroke(self, item: ItemId, change: Change) -> None:
        self._do(item, change, "")


def _differing(before: Inspection, after: Inspection) -> frozenset[ItemId]:
    was, now = before.answers, after.answers
    return frozenset(a for a in was.keys() | now.keys() if was.get(a) != now.get(a))
