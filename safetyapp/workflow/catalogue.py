"""Schools in: what a list brought, against what is kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from safetyapp.domain.school import School
from safetyapp.workflow.ports import Store


@dataclass(frozen=True, slots=True)
class CatalogueChange:
    """What importing a list does or would do."""

    added: tuple[School, ...]
    updated: tuple[School, ...]
    unchanged: tuple[School, ...]


def import_schools(store: Store, schools: Sequence[School], dry_run: bool = False) -> CatalogueChange:
    """Adds and updates by id; a school that the list does not name stays; what the list does not know is kept."""
    kept = {school.id: school for school in store.schools()}
    merged = [_merged(kept.get(school.id), school) for school in schools]
    change = CatalogueChange(
        added=tuple(s for s in merged if s.id not in kept),
        updated=tuple(s for s in merged if s.id in kept and kept[s.id] != s),
        unchanged=tuple(s for s in merged if kept.get(s.id) == s),
    )
    if not dry_run and (change.added or change.updated):
        store.save_schools(change.added + change.updated)
    return change


def _merged(old: School | None, new: School) -> School:
    if old is None:
        return new
    return replace(
        new,
        street=new.street or old.street,
        address=new.address or old.address,
        head=new.head or old.head,
        phone=new.phone or old.phone,
        students=new.students if new.students is not None else old.students,
        has=(old.has - new.lacks) | new.has,
        lacks=(old.lacks - new.has) | new.lacks,
        sites=new.sites or old.sites,
        classes=new.classes or old.classes,
    )
