"""The verbs about forms: which there are, and whether a file is one."""

from __future__ import annotations

from safetyapp.domain.canonical import Plain, to_plain
from safetyapp.domain.problem import Problem
from safetyapp.verbs.call import Answered, Call


def list_(call: Call) -> Answered:
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
