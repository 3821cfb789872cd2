"""The verbs of one inspection: start a draft, answer an item, show the draft, finalise it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from safetyapp.domain.canonical import Plain, to_plain
from safetyapp.domain.form import Form, Severity
from safetyapp.domain.inspection import Ink, gaps, outcomes, skipped
from safetyapp.domain.problem import Problem
from safetyapp.domain.school import School, SchoolId
from safetyapp.verbs.call import Answered, Call

if TYPE_CHECKING:
    from safetyapp.ui.tools import Tools
    from safetyapp.workflow.inspect import Open


def start(call: Call) -> Answered:
    from safetyapp.workflow import inspect

    with call.workspace() as tools:
        school = tools.store.school(SchoolId(call.arguments.school))
        if school is None:
            raise Problem("unknown-school", school=call.arguments.school)
        me = tools.store.me()
        if me is None:
            raise Problem("no-identity")
        form = tools.form(call.arguments.form)
        site = call.arguments.site
        draft = inspect.start(tools.store, tools.clock, tools.new_id, school, form, me, site=site)
    return Answered({"draft": draft.inspection.id}, (draft.inspection.id,))


def answer(call: Call) -> Answered:
    from safetyapp.workflow import inspect

    given = call.arguments
    readings = dict(part.partition("=")[::2] for part in given.reading)
    with call.workspace() as tools:
        store, clock = tools.store, tools.clock
        draft = inspect.resume(store, given.draft)
        draft.item(given.item)
        for path in (*given.photo, *given.after_photo):
            if not path.is_file():
                raise Problem("unreadable-file", path=str(path), reason="not a file")
        photos = [(store.take_in(path, clock.now()), False) for path in given.photo]
        photos += [(store.take_in(path, clock.now()), True) for path in given.after_photo]
        draft = inspect.answer(
            store,
            clock,
            tools.wording,
            draft,
            given.item,
            given.value,
            note=given.note,
            case=given.case,
            readings=readings or None,
        )
        draft = _describe(call, tools, draft)
        for photo, after in photos:
            draft = inspect.link_photo(store, clock, draft, draft.item(given.item).id, photo, after=after)
    return Answered({"draft": given.draft, "item": given.item, **_missing(draft)})


def _describe(call: Call, tools: Tools, draft: Open) -> Open:
    """Changes the item's first finding as the options say; options about a finding are ignored when there is none."""
    from safetyapp.workflow.inspect import describe

    given = call.arguments
    found = draft.inspection.findings_of(draft.item(given.item).id)
    if not found:
        return draft
    first = found[0]
    changed = replace(
        first,
        text=given.note.strip() if given.note and given.note.strip() else first.text,
        severity=Severity(given.severity) if given.severity else first.severity,
        deadline=given.deadline or first.deadline,
        place=first.place if given.place is None else given.place,
        criterion=given.criterion or first.criterion,
        severity_reason=given.reason or first.severity_reason,
        fixed_on_spot=bool(given.fixed) or first.fixed_on_spot,
    )
    item = draft.item(given.item)
    if changed.severity is Severity.MAJOR and not changed.criterion and item.criterion is not None:
        changed = replace(changed, criterion=draft.form.cite(item.criterion))
    return draft if changed == first else describe(tools.store, tools.clock, draft, changed)


def _missing(draft: Open) -> dict[str, Plain]:
    found = gaps(draft.form, draft.inspection)
    return {
        "gaps": [{"item": g.item, "kind": g.kind.value} for g in found if g.kind.blocks],
        "reminders": [{"item": g.item, "kind": g.kind.value} for g in found if not g.kind.blocks],
    }


def show(call: Call) -> Answered:
    from safetyapp.workflow.inspect import resume

    with call.workspace(write=False) as tools:
        draft = resume(tools.store, call.arguments.draft)
    inspection = draft.inspection
    results = outcomes(draft.form, inspection)
    answers: list[Plain] = [
        {
            "item": item,
            "value": a.text(),
            "outcome": results[item].value,
            "note": a.note,
            "case": a.case,
            "readings": to_plain(a.readings),
            "photos": [link.photo.original for link in inspection.photos_of(item)],
        }
        for item, a in inspection.answers.items()
    ]
    data: Plain = {
        "draft": inspection.id,
        "school": inspection.school.id,
        "answers": answers,
        "findings": to_plain(inspection.findings),
        "skipped": to_plain(skipped(draft.form, inspection)),
        "form": _form_data(draft.form, inspection.school),
        **_missing(draft),
    }
    lines = [f"{item}\t{results[item].value}\t{a.text()}" for item, a in inspection.answers.items()]
    return Answered(data, tuple(lines))


def _form_data(form: Form, school: School) -> Plain:
    """The form as it is asked at a school: the limits are those that count there."""
    items: list[Plain] = [
        {
            "id": item.id,
            "section": section.title.zh,
            "question": item.question.zh,
            "kind": item.answer.kind.value,
            "unit": item.answer.unit.zh,
            "limits": to_plain(item.answer.limits_for(school)),
            "cases": [case.id for case in item.answer.cases],
            "readings": [reading.id for reading in item.answer.readings],
            "severity": item.severity.value,
            "days": item.days,
            "photo": item.photo.value,
            "basis": list(form.citations(item.basis)),
        }
        for section in form.sections
        for item in section.items
    ]
    return {"id": form.id, "version": form.version, "sha256": form.sha256, "title": form.title.zh, "items": items}


def finalise(call: Call) -> Answered:
    from safetyapp.workflow import finalise as workflow
    from safetyapp.workflow.inspect import resume

    given = call.arguments
    if len(given.ink) != len(given.ink_name):
        raise Problem("usage", message="--ink and --ink-name go in pairs", usage="--ink FILE.png --ink-name N")
    with call.workspace() as tools:
        draft = resume(tools.store, given.draft)
        now = tools.clock.now()
        roles = ["inspector", *["escort"] * len(given.ink)]
        inks = tuple(
            Ink(name=name, role=role, signed_at=now, image=tools.store.keep_ink(_read(path)))
            for path, name, role in zip(given.ink, given.ink_name, roles, strict=False)
        )
        made = workflow.finalise(
            tools.store,
            tools.signer,
            tools.clock,
            draft.inspection,
            draft.form,
            inks,
            call.passphrase(),
            tools.app_version,
        )
        path = tools.store.document_path(made.row.sha256)
    return Answered({"path": str(path), "id": made.row.id, "sha256": made.row.sha256}, (str(path),))


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise Problem("unreadable-file", path=str(path), reason=error.strerror or type(error).__name__) from error
