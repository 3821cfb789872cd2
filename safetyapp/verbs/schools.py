"""The verbs about schools: take a district's list in, say which there are, what classes they have, what is due."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import TYPE_CHECKING

from safetyapp.domain.canonical import Plain, to_plain
from safetyapp.domain.form import FormId
from safetyapp.domain.schedule import Doer, DueState
from safetyapp.domain.school import SchoolId
from safetyapp.verbs.call import Answered, Call

if TYPE_CHECKING:
    from safetyapp.forms.roster import RosterRead
    from safetyapp.forms.school_list import SchoolList
    from safetyapp.workflow.catalogue import CatalogueChange
    from safetyapp.workflow.roster import RosterChange


def import_(call: Call) -> Answered:
    from safetyapp.forms.school_list import read_schools
    from safetyapp.workflow.catalogue import import_schools

    read = read_schools(call.arguments.file)
    dry = bool(call.arguments.dry_run)
    with call.workspace(write=not dry) as tools:
        change = import_schools(tools.store, read.schools, dry_run=dry)
    counts = _counts(change)
    data: Plain = {**counts, **_rows_data(read)}
    lines = [call.texts.say("cli.schools_import", **counts)]
    return Answered(data, (*lines, *_rows_said(call, read)))


def list_(call: Call) -> Answered:
    with call.workspace(write=False) as tools:
        schools = tools.store.schools()
    data: Plain = [
        {"id": s.id, "name": s.name, "code": s.code, "kind": s.kind.value, "campus_of": s.campus_of} for s in schools
    ]
    return Answered(data, tuple(f"{s.id}\t{s.name}\t{s.kind.value}" for s in schools))


def roster(call: Call) -> Answered:
    """Takes the classes of one school in from a list."""
    from safetyapp.forms.roster import read_roster
    from safetyapp.workflow.roster import import_roster

    read = read_roster(call.arguments.file)
    dry = bool(call.arguments.dry_run)
    with call.workspace(write=not dry) as tools:
        school = SchoolId(call.arguments.school)
        change = import_roster(tools.store, school, read.classes, bool(call.arguments.whole), dry)
    counts = _counts(change)
    data: Plain = {
        **counts,
        "classes": [to_plain(one) for one in read.classes],
        "pupils_counted": read.pupils,
        **_rows_data(read),
    }
    lines = [call.texts.say("cli.roster", **counts)]
    return Answered(data, (*lines, *_rows_said(call, read)))


def _counts(change: CatalogueChange | RosterChange) -> dict[str, Plain]:
    return {
        "added": len(change.added),
        "updated": len(change.updated),
        "unchanged": len(change.unchanged),
    }


def _skipped(read: SchoolList | RosterRead) -> list[dict[str, str | int]]:
    return [{"row": s.row, "why": s.why, "sheet": s.sheet} for s in read.skipped]


def _rows_data(read: SchoolList | RosterRead) -> dict[str, Plain]:
    """What was read of a list's rows and cells, and how its columns were understood."""
    odd = [to_plain(cell) for cell in read.odd]
    return {"skipped": to_plain(_skipped(read)), "columns": to_plain(read.columns), "odd": odd}


def _rows_said(call: Call, read: SchoolList | RosterRead) -> list[str]:
    """The rows that were left out and the cells that were not taken as they stand, a line each."""
    lines = [call.texts.say("cli.row", **row) for row in _skipped(read)]
    lines += [
        call.texts.say("cli.cell", row=c.row, column=c.column, found=c.found, taken=c.taken_as, why=c.why)
        for c in read.odd
    ]
    return lines


def due(call: Call) -> Answered:
    """What is due at the schools, by the forms' own rules and the teaching calendar."""
    from safetyapp.app import SystemClock, forms_library
    from safetyapp.forms.teaching_calendar import FILE_NAME, calendar_of, template
    from safetyapp.workflow.due import due_now

    given = call.arguments
    if given.calendar:
        text = template(SystemClock().now().date())
        return Answered({"file": FILE_NAME, "text": text}, tuple(text.splitlines()))
    library = forms_library(call.settings.workspace)
    forms = [library.form(form_id) for form_id in dict.fromkeys(entry.id for entry in library.list())]
    read = calendar_of(call.settings.workspace)
    with call.workspace(write=False) as tools:
        clock = _At(given.on) if given.on else tools.clock
        school = SchoolId(given.school) if given.school else None
        found = due_now(tools.store, forms, read.calendar, clock, school, Doer(given.by) if given.by else None)
    titles = {form.id: form.title for form in forms}
    wanted = [one for one in found if given.all or one.state in (DueState.DUE, DueState.OVERDUE)]
    data: Plain = [
        {
            "school": one.school,
            "form": one.form,
            "rule": one.rule.id,
            "what": one.rule.what.in_language(call.texts.language),
            "by": one.rule.by.value,
            "state": one.state.value,
            "due_on": one.due_on.isoformat(),
            "from": one.first.isoformat(),
            "to": one.last.isoformat(),
            "last_on": one.last_on.isoformat() if one.last_on else None,
            "done": one.times,
            "of": one.rule.every.count,
            "recommended": one.rule.recommended,
            "assumed": one.assumed,
        }
        for one in wanted
    ]
    language = call.texts.language
    lines = [f"{m.where}: {m.code}: {m.message}" for m in read.mistakes]
    lines += [
        f"{one.due_on.isoformat()}\t{one.state.value}\t{one.school}\t{titles[FormId(one.form)].in_language(language)}\t{one.rule.what.in_language(language)}"
        for one in wanted
    ]
    return Answered(data, tuple(lines))


@dataclass(frozen=True, slots=True)
class _At:
    """A clock that stands at the end of a day."""

    day: date

    def now(self) -> datetime:
        return datetime.combine(self.day, time(23, 59)).astimezone()
