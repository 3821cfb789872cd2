"""What is due 应检 now: the rules of the forms against what has been done at each school."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date

from safetyapp.domain.form import Form
from safetyapp.domain.problem import Problem
from safetyapp.domain.schedule import Doer, Due, DueRule, TeachingCalendar, due, first_that_counts
from safetyapp.domain.school import Role, SchoolId
from safetyapp.workflow.ports import Clock, Store

_ROLES = {
    Doer.SCHOOL: frozenset({Role.SCHOOL.value}),
    Doer.DISTRICT: frozenset({Role.INSPECTOR.value, Role.OFFICE.value}),
}
_ANYONE = frozenset(role.value for role in Role)


def due_now(
    store: Store,
    forms: Sequence[Form],
    calendar: TeachingCalendar,
    clock: Clock,
    school: SchoolId | None = None,
    by: Doer | None = None,
) -> list[Due]:
    """Where every school (or one) stands today with every rule of the forms that applies to it (or those of one doer):
    by school as the store keeps them, then by form and rule. Raises Problem unknown-school.

    A rule for the school counts documents that the school has signed, one for the district those of inspectors and
    office, and a rule that says `by_anyone` both. Nothing is held against a school that was due before the first
    document of this workspace.
    """
    today = clock.now().date()
    if school is None:
        schools = store.schools()
    else:
        one = store.school(school)
        if one is None:
            raise Problem("unknown-school", school=school)
        schools = (one,)
    groups = [(form.id, roles, rules) for form in forms for roles, rules in _by_roles(form.due, by)]
    first = first_that_counts([rule for _, _, rules in groups for rule in rules], calendar, today)
    done = store.days_done(first)  # of every school: the first document says since when this workspace is at work
    since = min((one.day for one in done), default=today)
    days: defaultdict[tuple[str, str, str], list[date]] = defaultdict(list)
    for entry in done:
        days[entry.school_id, entry.form, entry.author_role].append(entry.day)
    return [
        found
        for at in schools
        for form_id, roles, rules in groups
        for found in due(
            rules,
            at,
            [day for role in roles for day in days.get((at.id, form_id, role), ())],
            calendar,
            today,
            form=form_id,
            since=since,
        )
    ]


def _by_roles(rules: Sequence[DueRule], by: Doer | None) -> list[tuple[frozenset[str], list[DueRule]]]:
    """The rules in their order, each run of those that count the same documents together."""
    groups: list[tuple[frozenset[str], list[DueRule]]] = []
    for rule in rules:
        if by not in (None, rule.by):
            continue
        roles = _ANYONE if rule.by_anyone else _ROLES[rule.by]
        if not groups or groups[-1][0] != roles:
            groups.append((roles, []))
        groups[-1][1].append(rule)
    return groups
