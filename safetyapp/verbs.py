"""The verbs of the command line: each takes a call and answers with data for scripts and lines for people."""

from __future__ import annotations

import argparse
import contextlib
import getpass
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from safetyapp.domain.canonical import Plain, to_plain
from safetyapp.domain.document import DocumentKind, DocumentQuery, DocumentRow
from safetyapp.domain.form import Form, Severity
from safetyapp.domain.inspection import Ink, gaps, outcomes, skipped
from safetyapp.domain.ledger import FindingState, LedgerRow
from safetyapp.domain.problem import Problem
from safetyapp.domain.school import Role, School, SchoolId
from safetyapp.domain.verdict import Verdict
from safetyapp.settings import Settings
from safetyapp.texts import Texts

if TYPE_CHECKING:
    from safetyapp.ui.tools import Tools
    from safetyapp.workflow.exchange import Refused
    from safetyapp.workflow.inspect import Open


@dataclass(frozen=True, slots=True)
class Call:
    """One call: what was typed, the settings, and the language."""

    arguments: argparse.Namespace
    settings: Settings
    texts: Texts

    @contextlib.contextmanager
    def workspace(self, write: bool = True) -> Iterator[Tools]:
        """The open workspace; a reader needs no lock and leaves no trace. Raises Problem no-workspace."""
        from safetyapp.app import open_workspace

        tools = open_workspace(self.settings, write=write, wait=10.0)
        try:
            yield tools
        finally:
            tools.store.close()

    def passphrase(self) -> str:
        """From the file, the environment, or a prompt. Raises Problem no-passphrase when there is nobody to ask."""
        file: Path | None = self.arguments.passphrase_file
        if file is not None:
            try:
                return file.read_text(encoding="utf-8").rstrip("\r\n")
            except (OSError, UnicodeDecodeError) as error:
                raise Problem("unreadable-file", path=str(file), reason=type(error).__name__) from error
        if self.settings.passphrase is not None:
            return self.settings.passphrase
        if not sys.stdin.isatty():
            raise Problem("no-passphrase")
        return getpass.getpass(self.texts.say("cli.passphrase"))


@dataclass(frozen=True, slots=True)
class Answered:
    """What a verb answers: `data` for --json, `lines` for people, and the exit code."""

    data: Plain
    lines: tuple[str, ...] = ()
    exit: int = 0


def _demo(call: Call) -> Answered:
    from safetyapp.demo import build_demo

    arguments = call.arguments
    made = build_demo(arguments.dir, call.settings, arguments.schools, arguments.reports, arguments.seed)
    lines = [call.texts.say("cli.demo", documents=len(made.documents), folder=str(arguments.dir))]
    lines += [str(document.path) for document in made.documents]
    return Answered(to_plain(made.as_data()), tuple(lines))


def _init(call: Call) -> Answered:
    from safetyapp.app import create_workspace

    role = Role(call.arguments.role)
    name = call.arguments.name.strip() or getpass.getuser()
    made = create_workspace(call.settings.workspace, role, name, call.passphrase())
    text = call.texts.say("cli.init", workspace=str(made.workspace), ca=str(made.ca))
    return Answered({"workspace": str(made.workspace), "ca": str(made.ca)}, (text,))


def _schools_import(call: Call) -> Answered:
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


def _schools_list(call: Call) -> Answered:
    with call.workspace(write=False) as tools:
        schools = tools.store.schools()
    data: Plain = [
        {"id": s.id, "name": s.name, "code": s.code, "kind": s.kind.value, "campus_of": s.campus_of} for s in schools
    ]
    return Answered(data, tuple(f"{s.id}\t{s.name}\t{s.kind.value}" for s in schools))


def _forms_list(call: Call) -> Answered:
    from safetyapp.app import forms_library

    entries = forms_library(call.settings.workspace).list()
    data: Plain = [
        {
            "id": e.id,
            "version": e.version,
            "sha256": e.sha256,
            "title": e.title.in_language(call.texts.language),
            "items": e.items,
            "language": list(e.languages),
        }
        for e in entries
    ]
    return Answered(data, tuple(f"{e.id}\tv{e.version}\t{e.title.zh}\t{e.items}" for e in entries))


def _forms_check(call: Call) -> Answered:
    from safetyapp.forms.check import check_form

    for path in call.arguments.file:
        if not path.is_file():
            raise Problem("unreadable-file", path=str(path), reason="not a file")
    reports = [check_form(path) for path in call.arguments.file]
    ok = all(report.ok for report in reports)
    errors = [mistake for report in reports for mistake in report.errors]
    warnings = [mistake for report in reports for mistake in report.warnings]
    data: Plain = {"ok": ok, "errors": to_plain(errors), "warnings": to_plain(warnings)}
    lines = [f"{m.where}: {m.code}: {m.message}" for m in (*errors, *warnings)]
    lines.append(call.texts.say("cli.forms_ok" if ok else "cli.forms_wrong", errors=len(errors)))
    return Answered(data, tuple(lines), 0 if ok else 1)


def _inspect_start(call: Call) -> Answered:
    from safetyapp.workflow.inspect import start

    with call.workspace() as tools:
        school = tools.store.school(SchoolId(call.arguments.school))
        if school is None:
            raise Problem("unknown-school", school=call.arguments.school)
        me = tools.store.me()
        if me is None:
            raise Problem("no-identity")
        form = tools.form(call.arguments.form)
        draft = start(tools.store, tools.clock, tools.new_id, school, form, me, site=call.arguments.site)
    return Answered({"draft": draft.inspection.id}, (draft.inspection.id,))


def _inspect_answer(call: Call) -> Answered:
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


def _inspect_show(call: Call) -> Answered:
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


def _inspect_finalise(call: Call) -> Answered:
    from safetyapp.workflow.finalise import finalise
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
        made = finalise(
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


def _verify(call: Call) -> Answered:
    from safetyapp.app import verifier
    from safetyapp.workflow.exchange import read_document

    judge = verifier(call.settings.workspace, call.arguments.ca)
    data: list[Plain] = []
    lines: list[str] = []
    exits = {0}
    for path in call.arguments.file:
        try:
            verdict = judge(read_document(path))
        except Problem as problem:
            if len(call.arguments.file) == 1:
                raise
            print(f"error: {call.texts.explain(problem).line()}", file=sys.stderr)
            exits.add(2)
            continue
        data.append({"path": str(path), **_verdict_data(call, verdict)})
        lines.append(f"{path}: {verdict.kind.value}: {why(call.texts, verdict)}")
        exits.add(0 if verdict.is_valid else 1)
    return Answered(data, tuple(lines), max(exits))


def _verdict_data(call: Call, verdict: Verdict) -> dict[str, Plain]:
    record = verdict.record
    return {
        "verdict": verdict.kind.value,
        "why": why(call.texts, verdict),
        "code": verdict.why,
        "kind": record.kind.value if record else None,
        "id": record.id if record else None,
        "sha256": verdict.sha256,
        "signer": verdict.signer or None,
        "certificate": verdict.certificate or None,
        "signed_at": verdict.signed_at.isoformat() if verdict.signed_at else None,
    }


def why(texts: Texts, verdict: Verdict) -> str:
    """The sentence that explains a verdict."""
    return texts.say(f"verdict.{verdict.why}", **dict(verdict.facts))


def _show(call: Call) -> Answered:
    import json

    from safetyapp.app import verifier
    from safetyapp.documents.verify import record_of_anybody
    from safetyapp.workflow.exchange import read_document

    data = read_document(call.arguments.file)
    verdict = verifier(call.settings.workspace, None)(data)
    record = verdict.record_json or record_of_anybody(data)
    if record is None:
        raise Problem("no-record", path=str(call.arguments.file), why=why(call.texts, verdict))
    if not verdict.is_valid:
        print(f"{verdict.kind.value}: {why(call.texts, verdict)}", file=sys.stderr)
    return Answered(json.loads(record), (record.decode(),))


def _import(call: Call) -> Answered:
    from safetyapp.workflow.exchange import import_documents

    with call.workspace() as tools:
        done = import_documents(tools.store, tools.signer, call.arguments.path)
    refused = [_refused_data(call, r) for r in done.refused]
    data: Plain = {
        "imported": [_row_data(row) for row in done.new],
        "known": [str(path) for path in done.known],
        "restored": [str(path) for path in done.restored],
        "refused": to_plain(refused),
    }
    summary = call.texts.say("cli.imported", new=len(done.new), known=len(done.known), refused=len(refused))
    lines = (summary, *(f"{r['path']}: {r['why']}" for r in refused))
    return Answered(data, lines, 1 if refused and not done.new and not done.known else 0)


def _export(call: Call) -> Answered:
    from datetime import datetime, time

    from safetyapp.workflow.exchange import export_documents

    since = call.arguments.since
    query = replace(
        _query(call),
        since=datetime.combine(since, time()).astimezone() if since else None,
        limit=1_000_000,
    )
    with call.workspace(write=False) as tools:
        done = export_documents(tools.store, query, call.arguments.to)
    written, failed = [str(path) for path in done.written], [_refused_data(call, r) for r in done.failed]
    data: Plain = {"exported": to_plain(written), "failed": to_plain(failed)}
    return Answered(data, (*written, *(f"{r['path']}: {r['why']}" for r in failed)), 1 if failed else 0)


def _refused_data(call: Call, refused: Refused) -> dict[str, Plain]:
    if refused.verdict:
        sentence = why(call.texts, refused.verdict)
    else:
        sentence = call.texts.explain(Problem(refused.why, path=str(refused.path), reason=refused.reason)).what
    return {"path": str(refused.path), "why": sentence, "code": refused.why}


def _documents(call: Call) -> Answered:
    query = replace(_query(call), text=call.arguments.text, limit=1_000_000)
    with call.workspace(write=False) as tools:
        rows = tools.store.documents(query)
    lines = tuple(f"{r.number}\t{r.school}\t{r.title}\t{r.made_at:%Y-%m-%d}\t{r.state.value}" for r in rows)
    return Answered([_row_data(row) for row in rows], lines)


def _query(call: Call) -> DocumentQuery:
    kind = call.arguments.kind
    if kind is not None and kind not in set(DocumentKind):
        raise Problem("usage", message=f"unknown kind {kind}", usage=", ".join(DocumentKind))
    school = call.arguments.school
    return DocumentQuery(DocumentKind(kind) if kind else None, SchoolId(school) if school else None)


def _row_data(row: DocumentRow) -> dict[str, Plain]:
    return {
        "id": row.id,
        "sha256": row.sha256,
        "kind": row.kind.value,
        "number": row.number,
        "school": row.school,
        "made_at": row.made_at.isoformat(),
        "author": row.author,
        "state": row.state.value,
    }


def _findings(call: Call) -> Answered:
    given = call.arguments
    if given.state is not None and given.state not in {*FindingState, "overdue"}:
        raise Problem("usage", message=f"unknown state {given.state}", usage="open, closed, overdue")
    with call.workspace(write=False) as tools:
        rows = tools.store.ledger(SchoolId(given.school) if given.school else None)
        on = given.overdue_on or tools.clock.now().date()
    if given.overdue_on or given.state == "overdue":
        rows = tuple(row for row in rows if row.overdue_days(on) > 0)
    if given.state in set(FindingState):
        rows = tuple(row for row in rows if row.state == given.state)
    data: Plain = [{**_ledger_data(row), "overdue_days": row.overdue_days(on)} for row in rows]
    return Answered(data, tuple(f"{r.school}\t{r.item}\t{r.severity.value}\t{r.state.value}\t{r.text}" for r in rows))


def _ledger_data(row: LedgerRow) -> dict[str, Plain]:
    return {
        "id": row.id,
        "school": row.school,
        "item": row.item,
        "text": row.text,
        "severity": row.severity.value,
        "state": row.state.value,
        "found_on": row.found_on.isoformat(),
        "deadline": row.deadline.isoformat(),
        "notice": row.notice,
        "closed_on": row.closed_on.isoformat() if row.closed_on else None,
    }


def _doctor(call: Call) -> Answered:
    from safetyapp.app import examine

    found = examine(call.settings, repair=bool(call.arguments.repair))
    lines = found.problems or (call.texts.say("cli.healthy"),)
    return Answered({"ok": found.ok, "problems": list(found.problems)}, tuple(lines), 0 if found.ok else 1)


VERBS: dict[str, Callable[[Call], Answered]] = {
    "demo": _demo,
    "init": _init,
    "schools import": _schools_import,
    "schools list": _schools_list,
    "forms list": _forms_list,
    "forms check": _forms_check,
    "inspect start": _inspect_start,
    "inspect answer": _inspect_answer,
    "inspect show": _inspect_show,
    "inspect finalise": _inspect_finalise,
    "verify": _verify,
    "show": _show,
    "import": _import,
    "export": _export,
    "documents": _documents,
    "findings": _findings,
    "doctor": _doctor,
}
