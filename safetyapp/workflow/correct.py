"""A corrected report 更正版: a new draft that holds all that the signed one says and will take its place."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from safetyapp.domain.document import DocumentRow
from safetyapp.domain.inspection import InspectionId
from safetyapp.domain.problem import Problem
from safetyapp.domain.reckoned import Reckon
from safetyapp.domain.school import Person
from safetyapp.workflow.opened import Open, open_with, resume
from safetyapp.workflow.ports import Clock, Store


def correct(
    store: Store, clock: Clock, reckon: Reckon, new_id: Callable[[], str], report: DocumentRow, me: Person
) -> Open:
    """Begins the draft that corrects a report of one's own, or goes on with the one that was begun: answers, findings,
    photos, opinions and the day of the inspection are those that were signed; signatures are given anew.

    Raises Problem other-person (only its author corrects a report), report-elsewhere (it was not filled in this
    workspace), and Store's.
    """
    if report.author_id != me.id:
        raise Problem("other-person", holder=me.name, person=report.author)
    begun = correction_of(store, report.id)
    if begun is not None:
        return resume(store, reckon, begun)
    signed = store.draft(InspectionId(report.id))
    form = store.form(signed.form.sha256) if signed is not None else None
    if signed is None or form is None:
        raise Problem("report-elsewhere", number=report.number, school=report.school)
    again = replace(
        signed, id=InspectionId(new_id()), started_at=clock.now(), inspector=me, supersedes=InspectionId(report.id)
    )
    draft = open_with(store, reckon, again, form)
    store.start_draft(draft.inspection, form, draft.marks())
    return draft


def correction_of(store: Store, report: str) -> InspectionId | None:
    """The open draft that corrects a report, newest first."""
    for row in store.drafts():
        found = store.draft(row.id)
        if found is not None and found.supersedes == report:
            return row.id
    return None
