"""The verbs about schools: take a district's list in, say which there are."""

from __future__ import annotations

from safetyapp.domain.canonical import Plain, to_plain
from safetyapp.verbs.call import Answered, Call


def import_(call: Call) -> Answered:
    from safetyapp.forms.school_list import read_schools
    from safetyapp.workflow.catalogue import import_schools

    read = read_schools(call.arguments.file)
    dry = bool(call.arguments.dry_run)
    with call.workspace(write=not dry) as tools:
        change = import_schools(tools.store, read.schools, dry_run=dry)
    counts: dict[str, Plain] = {
        "added": len(change.added),
        "updated": len(change.updated),
        "unchanged": len(change.unchanged),
    }
    skips: list[dict[str, str | int]] = [{"row": s.row, "why": s.why, "sheet": s.sheet} for s in read.skipped]
    odd = [to_plain(cell) for cell in read.odd]
    data: Plain = {**counts, "skipped": to_plain(skips), "columns": to_plain(read.columns), "odd": odd}
    lines = [call.texts.say("cli.schools_import", **counts)]
    lines += [call.texts.say("cli.row", **row) for row in skips]
    lines += [
        call.texts.say("cli.cell", row=c.row, column=c.column, found=c.found, taken=c.taken_as, why=c.why)
        for c in read.odd
    ]
    return Answered(data, tuple(lines))


def list_(call: Call) -> Answered:
    with call.workspace(write=False) as tools:
        schools = tools.store.schools()
    data: Plain = [
        {"id": s.id, "name": s.name, "code": s.code, "kind": s.kind.value, "campus_of": s.campus_of} for s in schools
    ]
    return Answered(data, tuple(f"{s.id}\t{s.name}\t{s.kind.value}" for s in schools))
