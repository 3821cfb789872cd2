"""The verbs of one inspection: start a draft, answer an item, show the draft, finalise it."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from safetyapp.domain.answer_kinds import AnswerKind, Reading
from safetyapp.domain.canonical import Plain, to_plain
from safetyapp.domain.form import ItemId, Severity
from safetyapp.domain.gaps import Gap, GapKind, gaps
from safetyapp.domain.inspection import Ink
from safetyapp.domain.judging import is_required, limits_at, outcomes, score_of
from safetyapp.domain.places import Place, places, skipped
from safetyapp.domain.problem import Problem
from safetyapp.domain.school import SchoolId
from safetyapp.verbs.call import Answered, Call

if TYPE_CHECKING:
    from safetyapp.ui.tools import Tools
    from safetyapp.workflow.opened import Open


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
        draft = inspect.start(tools.store, tools.clock, tools.reckon, tools.new_id, school, form, me, site=site)
    return Answered({"draft": draft.inspection.id}, (draft.inspection.id,))


def answer(call: Call) -> Answered:
    from safetyapp.workflow import inspect, opened

    given = call.arguments
    readings = dict(part.partition("=")[::2] for part in given.reading)
    with call.workspace() as tools:
        store, clock = tools.store, tools.clock
        draft = opened.resume(store, tools.reckon, given.draft)
        place = draft.place(given.item)
        for path in (*given.photo, *given.after_photo):
            _existing(path)
        photos = [(store.take_in(path, clock.now()), False) for path in given.photo]
        photos += [(store.take_in(path, clock.now()), True) for path in given.after_photo]
        kind = place.item.answer.kind
        if kind is AnswerKind.PHOTO:
            photos.insert(0, (store.take_in(_existing(given.value), clock.now()), False))
        elif kind.is_file:
            draft = inspect.attach_file(store, clock, tools.wording, draft, given.item, _existing(given.value))
        else:
            draft = inspect.answer(
                store,
                clock,
                tools.wording,
                draft,
                given.item,
                _OUTCOMES.get(given.value.strip(), given.value) if kind is AnswerKind.CONFORMITY else given.value,
                note=given.note,
                case=given.case,
                readings=readings or None,
            )
        draft = _describe(call, tools, draft)
        for photo, after in photos:
            draft = inspect.link_photo(store, clock, draft, place.address, photo, after=after)
    return Answered({"draft": given.draft, "item": given.item, **_missing(draft, call.texts.language)})


_OUTCOMES = {"合格": "pass", "不合格": "fail", "不适用": "na"}
"""The words that stand on the printed form, for what is typed of it."""


def _existing(path: Path | str) -> Path:
    if not Path(path).is_file():
        raise Problem("unreadable-file", path=str(path), reason="not a file")
    return Path(path)


def clear(call: Call) -> Answered:
    """Takes an answer back; where photos are the answer, those."""
    from safetyapp.workflow import inspect, opened

    given = call.arguments
    with call.workspace() as tools:
        draft = opened.resume(tools.store, tools.reckon, given.draft)
        place = draft.place(given.item)
        draft = inspect.clear(tools.store, tools.clock, draft, given.item)
        if place.item.answer.kind is AnswerKind.PHOTO and draft.inspection.photos_of(place.address):
            draft = inspect.arrange_photos(tools.store, tools.clock, draft, place.address, ())
    return Answered({"draft": given.draft, "item": given.item, **_missing(draft, call.texts.language)})


def migrate(call: Call) -> Answered:
    """Moves a draft to the newest version of its form, or shows what that would do."""
    from safetyapp.workflow import opened
    from safetyapp.workflow.migrate import move, preview

    dry = bool(call.arguments.dry_run)
    with call.workspace(write=not dry) as tools:
        draft = opened.resume(tools.store, tools.reckon, call.arguments.draft)
        new = tools.form(draft.form.id)
        migration = preview(draft, new) if dry else move(tools.store, tools.clock, draft, new).migration
    data: Plain = {
        "draft": call.arguments.draft,
        "from": draft.form.version,
        "to": new.version,
        "carried": list(migration.carried),
        "reworded": list(migration.reworded),
        "dropped": to_plain(migration.dropped),
        "asked": list(migration.asked),
    }
    say = call.texts.say
    lines = [say("cli.migrated", carried=len(migration.carried), old=draft.form.version, new=new.version)]
    lines += [
        say("cli.migrated_dropped", item=d.address, value=d.value, question=d.question) for d in migration.dropped
    ]
    lines += [say("cli.migrated_asked", item=item) for item in migration.asked]
    return Answered(data, tuple(lines))


def _describe(call: Call, tools: Tools, draft: Open) -> Open:
    """Changes the item's first finding as the options say; options about a finding are ignored when there is none."""
    from safetyapp.workflow.inspect import describe

    given = call.arguments
    found = draft.inspection.findings_of(ItemId(given.item))
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


def _missing(draft: Open, language: str) -> dict[str, Plain]:
    found = gaps(draft.form, draft.inspection, draft.reckoned)
    return {
        "gaps": [_gap_data(draft, gap, language) for gap in found if gap.kind.blocks],
        "reminders": [_gap_data(draft, gap, language) for gap in found if not gap.kind.blocks],
    }


def _gap_data(draft: Open, gap: Gap, language: str) -> dict[str, Plain]:
    """What is missing where; of a rule that is broken also what the form says about it."""
    data: dict[str, Plain] = {"item": gap.item, "kind": gap.kind.value}
    rule = draft.reckoned.broken.get(gap.item) if gap.kind is GapKind.CONSTRAINT else None
    return data if rule is None else {**data, "rule": rule.in_language(language)}


def show(call: Call) -> Answered:
    from safetyapp.workflow.opened import resume

    with call.workspace(write=False) as tools:
        draft = resume(tools.store, tools.reckon, call.arguments.draft)
    inspection = draft.inspection
    results = outcomes(draft.form, inspection, draft.reckoned)
    taken = dict.fromkeys(link.item for link in inspection.photos if link.item not in inspection.answers)
    answers: list[Plain] = [
        {
            "item": item,
            "value": a.value if a else "",
            "outcome": results[item].value if item in results else None,
            "note": a.note if a else "",
            "case": a.case if a else "",
            "readings": to_plain(a.readings) if a else [],
            "photos": [link.photo.original for link in inspection.photos_of(item)],
        }
        for item, a in (*inspection.answers.items(), *((item, None) for item in taken))
    ]
    data: Plain = {
        "draft": inspection.id,
        "school": inspection.school.id,
        "answers": answers,
        "findings": to_plain(inspection.findings),
        "calculated": to_plain(draft.reckoned.calculated),
        "score": to_plain(score_of(draft.form, inspection, draft.reckoned)),
        "skipped": to_plain(skipped(draft.form, inspection, draft.reckoned)),
        "form": _form_data(draft),
        **_missing(draft, call.texts.language),
    }
    lines = [f"{item}\t{results.get(item, '-')}\t{a.value}" for item, a in inspection.answers.items()]
    return Answered(data, tuple(lines))


def _form_data(draft: Open) -> Plain:
    """The form as it is asked here: each place with the limits that count at the school and the choices on offer."""
    form = draft.form
    sections = {item.id: section.title.zh for section in form.sections for item in section.items}
    items: list[Plain] = []
    section = ""
    for place in places(form, draft.inspection, draft.reckoned):
        section = sections.get(place.item.id, section)
        items.append(_place_data(draft, place, section))
    return {"id": form.id, "version": form.version, "sha256": form.sha256, "title": form.title.zh, "items": items}


def _place_data(draft: Open, place: Place, section: str) -> dict[str, Plain]:
    item, school = place.item, draft.inspection.school
    wording = draft.reckoned.wordings.get(place.address, item.question)
    offered = draft.offered(place.address)
    return {
        "id": place.address,
        "item": item.id,
        "section": section,
        "question": wording.zh,
        "hint": draft.reckoned.wordings.get(ItemId(f"{place.address}#hint"), item.hint).zh,
        "kind": item.answer.kind.value,
        "constraint": item.constraint,
        "rule": item.constraint_message.zh,
        "required": is_required(item, place.address, draft.reckoned),
        "read_only": item.read_only,
        "asked": place.skip is None and item.answer.kind.is_asked,
        "unit": item.answer.unit.zh,
        "limits": to_plain(limits_at(item, place.address, school, "", draft.reckoned)),
        "choices": [{"id": c.id, "label": c.label.zh} for c in offered.choices] if offered else [],
        "cases": [case.id for case in item.answer.cases],
        "readings": [reading.id for reading in item.answer.readings],
        "to_read": [_reading_data(draft, reading) for reading in item.answer.readings],
        "severity": item.severity.value,
        "days": item.days,
        "photo": item.photo.value,
        "basis": list(draft.form.citations(item.basis)),
    }


def _reading_data(draft: Open, reading: Reading) -> dict[str, Plain]:
    """What `--reading ID=VALUE` may say."""
    offered = draft.form.choice_list(reading.choice_list)
    return {
        "id": reading.id,
        "label": reading.label.zh,
        "kind": reading.kind.value,
        "required": reading.required,
        "unit": reading.unit.zh,
        "limits": to_plain(reading.limits),
        "choices": [{"id": c.id, "label": c.label.zh} for c in offered.choices] if offered else [],
    }


def finalise(call: Call) -> Answered:
    from safetyapp.workflow import finalise as workflow
    from safetyapp.workflow.opened import resume

    given = call.arguments
    if len(given.ink) != len(given.ink_name):
        raise Problem("usage", message="--ink and --ink-name go in pairs", usage="--ink FILE.png --ink-name N")
    with call.workspace() as tools:
        draft = resume(tools.store, tools.reckon, given.draft)
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
            draft,
            inks,
            call.passphrase("cli.pin" if tools.signer.asks_pin() else "cli.passphrase"),
            tools.app_version,
        )
        path = tools.store.document_path(made.row.sha256)
    replaced = workflow.code_points(made.replaced)
    if replaced:
        print(call.texts.say("cli.replaced", n=len(replaced), codes=" ".join(replaced)), file=sys.stderr)
    data: Plain = {
        "path": str(path),
        "id": made.row.id,
        "sha256": made.row.sha256,
        "replaced": list(replaced),
        "stamped_by": made.verdict.stamped_by or None,
    }
    return Answered(data, (str(path),))


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise Problem("unreadable-file", path=str(path), reason=error.strerror or type(error).__name__) from error
