"""A class roster 花名册 in: what a file says of a school's classes, against what is kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from safetyapp.domain.problem import Problem
from safetyapp.domain.school import SchoolClass, SchoolId, normal_name
from safetyapp.workflow.ports import Store


@dataclass(frozen=True, slots=True)
class RosterChange:
    """What a roster does or would do. `others` are classes of the school that it does not name: they stay, or are
    taken off when the roster is said to be whole."""

    added: tuple[SchoolClass, ...]
    updated: tuple[SchoolClass, ...]
    unchanged: tuple[SchoolClass, ...]
    others: tuple[SchoolClass, ...]


def import_roster(
    store: Store, school: SchoolId, classes: Sequence[SchoolClass], whole: bool = False, dry_run: bool = False
) -> RosterChange:
    """Adds and updates the classes of one school by name, in the order of the roster; what it does not know of a class
    is kept. Classes that it does not name stand behind, unless it is `whole`. Raises Problem unknown-school."""
    kept = store.school(school)
    if kept is None:
        raise Problem("unknown-school", school=school)
    old = {normal_name(one.name): one for one in kept.classes}
    merged = [_merged(old.get(normal_name(one.name)), one) for one in classes]
    named = {normal_name(one.name) for one in merged}
    change = RosterChange(
        added=tuple(one for one in merged if normal_name(one.name) not in old),
        updated=tuple(one for one in merged if old.get(normal_name(one.name)) not in (None, one)),
        unchanged=tuple(one for one in merged if old.get(normal_name(one.name)) == one),
        others=tuple(one for one in kept.classes if normal_name(one.name) not in named),
    )
    now = (*merged, *(() if whole else change.others))
    if not dry_run and now != kept.classes:
        store.save_schools([replace(kept, classes=now)])
    return change


def _merged(old: SchoolClass | None, new: SchoolClass) -> SchoolClass:
    if old is None:
        return new
    return SchoolClass(
        name=new.name,
        place=new.place or old.place,
        enrolled=new.enrolled if new.enrolled is not None else old.enrolled,
        teacher=new.teacher or old.teacher,
        route=new.route or old.route,
    )
