"""The verbs about forms: which there are, whether a file is one, from one kind of file into another, and in."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from safetyapp.domain.canonical import Plain, to_plain
from safetyapp.domain.problem import Problem
from safetyapp.verbs.call import Answered, Call

if TYPE_CHECKING:
    from safetyapp.domain.form import Form
    from safetyapp.domain.words import Words
    from safetyapp.forms.library import FormEntry


def list_(call: Call) -> Answered:
    from safetyapp.app import forms_library

    entries = forms_library(call.settings.workspace).list()
    data: Plain = [_entry_data(call, entry) for entry in entries]
    return Answered(data, tuple(f"{e.id}\tv{e.version}\t{_title(call, e.title)}\t{e.items}" for e in entries))


def _title(call: Call, words: Words) -> str:
    return words.in_language(call.texts.language)


def _entry_data(call: Call, entry: FormEntry) -> Plain:
    return {
        "id": entry.id,
        "version": entry.version,
        "sha256": entry.sha256,
        "title": _title(call, entry.title),
        "items": entry.items,
        "language": list(entry.languages),
        "origin": entry.origin,
    }


def check(call: Call) -> Answered:
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


def convert(call: Call) -> Answered:
    """One kind of form file into another, by the ending of the new one, which is written whole or not at all."""
    from safetyapp.forms.any_form import open_any
    from safetyapp.workflow.exchange import write_whole

    source, target = call.arguments.source, call.arguments.target
    form, notes = open_any(source)
    lost = [{"where": m.where, "what": m.message} for m in notes.warnings if m.code in _LOSSES]
    suffix = target.suffix.lower()
    if suffix in (".yaml", ".yml"):
        from safetyapp.forms.write_yaml import write_form

        data = write_form(form).encode()
    elif suffix == ".xlsx" and call.arguments.xlsform:
        from safetyapp.forms.write_xlsform import write_xlsform

        data, left_out = write_xlsform(form)
        lost += [{"where": where, "what": what} for where, what in left_out]
    elif suffix == ".xlsx":
        from safetyapp.forms.workbook import write_workbook

        data = write_workbook(form)
    else:
        raise Problem("usage", message=f"cannot write {target.suffix or target.name}", usage="IN OUT.yaml | OUT.xlsx")
    write_whole(target, data)
    lines = [call.texts.say("cli.converted", path=str(target), items=sum(1 for _ in form.asked()))]
    lines += [call.texts.say("cli.lost", **one) for one in lost]
    return Answered({"path": str(target), "sha256": form.sha256, "lost": to_plain(lost)}, tuple(lines))


_LOSSES = frozenset({"not-carried", "not-supported"})
"""Warnings of a reader that say that something of the file is not in the form."""


def import_(call: Call) -> Answered:
    """Takes a form in, or shows what it would change against the version that is here."""
    from safetyapp.app import forms_library
    from safetyapp.forms.any_form import open_any

    form, notes = open_any(call.arguments.file)
    library = forms_library(call.settings.workspace)
    changes = _changes(call, library.list(), form)
    if not call.arguments.dry_run:
        if not (call.settings.workspace / "safetyapp.sqlite3").is_file():
            raise Problem("no-workspace", path=str(call.settings.workspace))
        library.add(form)
    data: Plain = {
        "id": form.id,
        "version": form.version,
        "sha256": form.sha256,
        "title": _title(call, form.title),
        "items": sum(1 for _ in form.asked()),
        "changes": to_plain(changes),
        "warnings": to_plain(notes.warnings),
    }
    said = "cli.form_would_import" if call.arguments.dry_run else "cli.form_imported"
    lines = [
        call.texts.say(said, title=_title(call, form.title), version=form.version, items=sum(1 for _ in form.asked()))
    ]
    lines += [f"{change['what']}\t{change['item']}\t{change['detail']}" for change in changes]
    lines += [f"{m.where}: {m.code}: {m.message}" for m in notes.warnings]
    return Answered(data, tuple(lines))


def _changes(call: Call, entries: list[FormEntry], form: Form) -> list[dict[str, str]]:
    """What the form changes against the newest version that is here; nothing when there is none."""
    from safetyapp.app import forms_library
    from safetyapp.domain.form_changes import changes, listed

    if not any(entry.id == form.id for entry in entries):
        return []
    old = forms_library(call.settings.workspace).form(form.id)
    return [{"what": what, "item": item, "detail": detail} for what, item, detail in listed(changes(old, form))]


def is_form_file(path: Path) -> bool:
    """Whether a file is taken for a form by its ending."""
    from safetyapp.forms.any_form import SUFFIXES

    return path.suffix.lower() in SUFFIXES
