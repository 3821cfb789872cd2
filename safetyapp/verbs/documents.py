"""The verbs about signed documents: check them, bring them in and out, list them and the findings they hold."""

from __future__ import annotations

import sys
from dataclasses import replace
from typing import TYPE_CHECKING

from safetyapp.domain.canonical import Plain, to_plain
from safetyapp.domain.document import DocumentKind, DocumentQuery, DocumentRow
from safetyapp.domain.ledger import FindingQuery, FindingState, LedgerRow
from safetyapp.domain.problem import Problem
from safetyapp.domain.school import SchoolId
from safetyapp.domain.verdict import Verdict
from safetyapp.texts import Texts
from safetyapp.verbs.call import Answered, Call, told

if TYPE_CHECKING:
    from pathlib import Path

    from safetyapp.workflow.exchange import Refused


def verify(call: Call) -> Answered:
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
        "stamped_by": verdict.stamped_by or None,
        "signed_at": verdict.signed_at.isoformat() if verdict.signed_at else None,
    }


def why(texts: Texts, verdict: Verdict) -> str:
    """The sentence that explains a verdict."""
    return texts.say(f"verdict.{verdict.why}", **dict(verdict.facts))


def show(call: Call) -> Answered:
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


def import_(call: Call) -> Answered:
    from safetyapp.verbs.forms import is_form_file
    from safetyapp.workflow.exchange import import_documents

    forms = [path for path in call.arguments.path if is_form_file(path)]
    with call.workspace() as tools:
        done = import_documents(tools.store, tools.signer, [p for p in call.arguments.path if p not in forms])
    taken, known, not_taken = _import_forms(call, forms)
    refused = [*(_refused_data(call, r) for r in done.refused), *not_taken]
    data: Plain = {
        "imported": [*(_row_data(row) for row in done.new), *taken],
        "known": [str(path) for path in (*done.known, *known)],
        "restored": [str(path) for path in done.restored],
        "refused": to_plain(refused),
    }
    new, here = len(done.new) + len(taken), len(done.known) + len(known)
    summary = call.texts.say("cli.imported", new=new, known=here, refused=len(refused))
    lines = (summary, *(f"{r['path']}: {r['why']}" for r in refused))
    return Answered(data, lines, 1 if refused and not new and not here else 0)


def _import_forms(call: Call, paths: list[Path]) -> tuple[list[Plain], list[Path], list[dict[str, Plain]]]:
    """The forms in these files, into the workspace: those that are new, that were here, and that are refused."""
    from safetyapp.app import forms_library
    from safetyapp.forms.any_form import open_any

    taken: list[Plain] = []
    known: list[Path] = []
    refused: list[dict[str, Plain]] = []
    library = forms_library(call.settings.workspace)
    for path in paths:
        try:
            form, notes = open_any(path)
            if any(entry.sha256 == form.sha256 for entry in library.list()):
                known.append(path)
                continue
            library.add(form)
        except Problem as problem:
            sentence = call.texts.explain(told(problem)).what
            mistakes = to_plain(getattr(problem, "mistakes", ()))
            refused.append({"path": str(path), "why": sentence, "code": problem.code, "mistakes": mistakes})
            continue
        taken.append(
            {
                "path": str(path),
                "kind": "form",
                "id": form.id,
                "version": form.version,
                "sha256": form.sha256,
                "warnings": to_plain(notes.warnings),
            }
        )
    return taken, known, refused


def export(call: Call) -> Answered:
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


def documents(call: Call) -> Answered:
    query = replace(_query(call), text=call.arguments.text, limit=1_000_000)
    with call.workspace(write=False) as tools:
        rows = tools.store.documents(query)
    return Answered([_row_data(row) for row in rows], tuple(_row_line(call.texts, row) for row in rows))


def _row_line(texts: Texts, row: DocumentRow) -> str:
    kind = texts.say(f"documents_screen.kind.{row.kind.value}")
    return "\t".join((row.number, kind, row.school, row.title, f"{row.made_at:%Y-%m-%d}", row.state.value))


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


def findings(call: Call) -> Answered:
    given = call.arguments
    if given.state is not None and given.state not in {*FindingState, "overdue"}:
        raise Problem("usage", message=f"unknown state {given.state}", usage="open, closed, overdue")
    with call.workspace(write=False) as tools:
        school = SchoolId(given.school) if given.school else None
        if given.search:
            rows = tools.store.find_findings(FindingQuery(given.search, school, limit=1_000_000))
        else:
            rows = tools.store.ledger(school)
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
