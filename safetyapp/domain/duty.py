"""A duty 应检: what one school is owed with one form, by its most pressing rule, and the day it was put off to 改期."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from safetyapp.domain.schedule import Due, DueState, TeachingCalendar, next_due_on
from safetyapp.domain.school import SchoolId

SOON = 7
"""Days: what is due within them belongs into this week's plan."""

Key = tuple[SchoolId, str]
"""School and form."""


class Stand(StrEnum):
    """How a duty stands today; `SOON` is within a week."""

    OVERDUE = "overdue"
    TODAY = "today"
    SOON = "soon"
    LATER = "later"
    DONE = "done"

    @property
    def is_pressing(self) -> bool:
        """Whether it belongs into this week's plan."""
        return self in (Stand.OVERDUE, Stand.TODAY, Stand.SOON)


@dataclass(frozen=True, slots=True)
class Postponed:
    """改期: what was due on `due_on` is to be done by `until`, and why. It holds for that one time."""

    school: SchoolId
    form: str
    due_on: date
    until: date
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Duty:
    """`due_on` is the day that counts now, `asked_on` the one that the rule asks for; they differ where it was put off.
    `days` are left until `due_on`, below 0 when it is past. Of what is done, `due_on` is the next time. `assumed`: the
    day rests on a usual term or on Monday to Friday."""

    school: SchoolId
    form: str
    stand: Stand
    due_on: date
    days: int
    last_on: date | None
    asked_on: date
    postponed: Postponed | None = None
    assumed: bool = False


def duties(
    found: Iterable[Due], postponed: Sequence[Postponed], calendar: TeachingCalendar, today: date
) -> dict[Key, Duty]:
    """One duty for each school and form that a rule speaks of: the most pressing one; what is done outranks what has
    more than a week. Where something was put off, the last word counts."""
    put_off = {(p.school, p.form, p.due_on): p for p in sorted(postponed, key=lambda p: p.at)}
    groups: defaultdict[Key, list[Duty]] = defaultdict(list)
    for due in found:
        groups[due.school, due.form].append(_duty(due, put_off, calendar, today))
    return {key: _most_pressing(group) for key, group in groups.items()}


def _duty(
    due: Due, put_off: Mapping[tuple[SchoolId, str, date], Postponed], calendar: TeachingCalendar, today: date
) -> Duty:
    if due.state is DueState.DONE:
        coming = due.due_on if due.rule.every.period is None else next_due_on(due.rule, calendar, due.last)
        return _on(due, Stand.DONE, coming, today, None)
    later = put_off.get((due.school, due.form, due.due_on))
    day = later.until if later is not None else due.due_on
    if day < today and later is None and due.state is DueState.DUE:
        # its day was over before anybody worked with this: no debt. What opens a term waits for the next one
        day = next_due_on(due.rule, calendar, due.last) if due.rule.every.opening else due.last
    left = (day - today).days
    if left < 0:
        stand = Stand.OVERDUE
    elif due.state is DueState.NOT_DUE:
        stand = Stand.LATER
    else:
        stand = Stand.TODAY if left == 0 else Stand.SOON if left <= SOON else Stand.LATER
    return _on(due, stand, day, today, later)


def _on(due: Due, stand: Stand, day: date, today: date, later: Postponed | None) -> Duty:
    return Duty(
        due.school, due.form, stand, day, (day - today).days, due.last_on, due.due_on, later, due.assumed
    )  # fmt: skip


def _most_pressing(group: list[Duty]) -> Duty:
    order = (Stand.OVERDUE, Stand.TODAY, Stand.SOON, Stand.DONE, Stand.LATER)
    return min(group, key=lambda duty: (order.index(duty.stand), duty.due_on))
