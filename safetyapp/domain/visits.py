"""The plan of visits 出行: all that waits at one school becomes one visit, the most urgent first, streets together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from safetyapp.domain.duty import SOON, Duty
from safetyapp.domain.school import School, SchoolId


class TaskKind(StrEnum):
    """What is to be done there, in the order in which equals are named."""

    RETURNED = "returned"
    DRAFT = "draft"
    RECHECK = "recheck"
    DUTY = "duty"


_KINDS = tuple(TaskKind)
_NO_DAY = 10_000
"""Days: later than anything that has a day."""


@dataclass(frozen=True, slots=True)
class Task:
    """One thing to do at a school. `form` is empty for a re-check; `ref` names what is opened for it (a draft's id, the
    address of a document); `days` are left, below 0 when it is late, None when it has no day; `count` of them,
    `majors` among them."""

    school: SchoolId
    kind: TaskKind
    form: str = ""
    ref: str = ""
    days: int | None = None
    count: int = 1
    majors: int = 0


@dataclass(frozen=True, slots=True)
class Visit:
    """One way to one school, with what is to be done there, most urgent first."""

    school: School
    tasks: tuple[Task, ...]

    @property
    def days(self) -> int | None:
        """How many are left until the first of it is due."""
        return min((task.days for task in self.tasks if task.days is not None), default=None)


def plan(duties: Iterable[Duty], others: Iterable[Task], schools: Mapping[SchoolId, School]) -> tuple[Visit, ...]:
    """The visits that this week asks for: every duty that is pressing, and all of the `others` (drafts, returned
    reports, findings to check again), each in exactly one visit.

    A duty whose form is being filled or was returned there is not named beside that draft or report: the first of them
    takes over its day. Visits stand by how urgent they are (late, today, within a week, the rest), within that street
    by street, then by day.
    """
    at: dict[SchoolId, list[Task]] = {}
    for task in others:
        at.setdefault(task.school, []).append(task)
    for duty in duties:
        if duty.stand.is_pressing:
            _add(at.setdefault(duty.school, []), duty)
    visits = [
        Visit(schools[school], tuple(sorted(tasks, key=_urgency))) for school, tasks in at.items() if school in schools
    ]
    return tuple(sorted(visits, key=_place))


def _add(tasks: list[Task], duty: Duty) -> None:
    for n, task in enumerate(tasks):
        if task.form == duty.form and task.kind in (TaskKind.DRAFT, TaskKind.RETURNED):
            days = duty.days if task.days is None else min(task.days, duty.days)
            tasks[n] = Task(task.school, task.kind, task.form, task.ref, days, task.count, task.majors)
            return
    tasks.append(Task(duty.school, TaskKind.DUTY, duty.form, days=duty.days))


def _band(days: int | None) -> int:
    if days is None or days > SOON:
        return 3
    return 0 if days < 0 else 1 if days == 0 else 2


def _urgency(task: Task) -> tuple[int, int, int, int, str]:
    days = _NO_DAY if task.days is None else task.days
    return _band(task.days), -task.majors, days, _KINDS.index(task.kind), task.form


def _place(visit: Visit) -> tuple[int, str, int, str, str]:
    days = visit.days
    school = visit.school
    return _band(days), school.street, _NO_DAY if days is None else days, school.name, school.id
