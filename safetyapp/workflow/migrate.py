"""Moving a draft to another version of its form: shown first, then done in one step."""

from __future__ import annotations

from dataclasses import dataclass

from safetyapp.domain.form import Form
from safetyapp.domain.migration import Migration, migrate
from safetyapp.domain.problem import Problem
from safetyapp.workflow import tables
from safetyapp.workflow.opened import Open, open_with, save_whole
from safetyapp.workflow.ports import Clock, Store


@dataclass(frozen=True, slots=True)
class Moved:
    """The draft under the new version, and what moving it did."""

    draft: Open
    migration: Migration


def preview(draft: Open, new: Form) -> Migration:
    """What moving would do; nothing changes. Raises Problem other-form for a form that is not a version of the same."""
    if new.id != draft.form.id:
        raise Problem("other-form", form=new.title.zh, draft=draft.form.title.zh)
    return migrate(draft.inspection, draft.form, new)


def move(store: Store, clock: Clock, draft: Open, new: Form) -> Moved:
    """Moves the draft; what is dropped stays in its history. What is asked for the first time begins as in a new draft,
    with rows and defaults. Raises as `preview`, and Store's."""
    migration = preview(draft, new)
    opened = open_with(store, draft.reckon, migration.inspection, new)
    now = clock.now()
    return Moved(save_whole(store, tables.begun_at(opened, migration.asked, now), now), migration)
