"""A workspace with a school of six classes, a clock that is set by hand, and a stopwatch on it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from safetyapp.app import SystemClock, build_tools
from safetyapp.demo_answers import passing_readings, passing_value
from safetyapp.domain.address import item_of
from safetyapp.domain.drill import CLASSES, OTHERS, POINTS
from safetyapp.domain.gaps import GapKind, gaps
from safetyapp.domain.places import row_ids
from safetyapp.domain.school import School, SchoolClass, SchoolId, SchoolKind
from safetyapp.ui.tools import Tools
from safetyapp.workflow import inspect
from safetyapp.workflow.opened import Open

SCHOOL = School(
    SchoolId("s1"), "甲子小学", SchoolKind.PRIMARY,
    classes=tuple(SchoolClass(f"{grade}({n})", "教学楼", 30 + n) for grade in "一二三" for n in (1, 2)),
)  # fmt: skip
TIMED = {*POINTS, "goal-met", "longest-class", CLASSES.arrived, CLASSES.counted, OTHERS.arrived, OTHERS.counted}
"""What the stopwatch answers."""


class HandClock(SystemClock):
    """Stands still until it is moved."""

    def __init__(self) -> None:
        self.at = super().now()

    def now(self) -> datetime:
        return self.at

    def later(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)


def drill_tools(workspace: Path, clock: HandClock) -> Tools:
    """Real store, forms and signer."""
    return replace(build_tools(workspace, clock=clock), warm_up=lambda: None)


def written(tools: Tools, draft: Open) -> Open:
    """The draft with everything answered that is written before a drill: two in the kitchen, nobody else."""
    for n, row in enumerate(row_ids(draft.inspection, OTHERS.table)):
        number = "2" if n == 0 else "0"
        draft = inspect.answer(tools.store, tools.clock, tools.wording, draft, f"{OTHERS.entered}@{row}", number)
        if n:
            draft = inspect.answer(tools.store, tools.clock, tools.wording, draft, f"{OTHERS.counted}@{row}", "0")
    draft = inspect.answer(tools.store, tools.clock, tools.wording, draft, "injured", "0")
    while gap := next(
        (
            g
            for g in gaps(draft.form, draft.inspection, draft.reckoned)
            if g.kind in (GapKind.UNANSWERED, GapKind.READING) and item_of(g.item) not in TIMED
        ),
        None,
    ):
        place = draft.place(gap.item)
        draft = inspect.answer(
            tools.store, tools.clock, tools.wording, draft, gap.item, passing_value(draft, place),
            readings=passing_readings(draft, place),
        )  # fmt: skip
    return draft
