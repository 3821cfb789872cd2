"""The verbs about paper: many documents in one file for printing, and what was printed by whom."""

from __future__ import annotations

from typing import TYPE_CHECKING

from safetyapp.domain.canonical import Plain
from safetyapp.domain.document import DocumentQuery, DocumentRow
from safetyapp.domain.problem import Problem
from safetyapp.verbs.call import Answered, Call

if TYPE_CHECKING:
    from safetyapp.workflow.ports import Store

_SHORTEST = 8
"""Characters of a hash that name a document."""


def merge(call: Call) -> Answered:
    from safetyapp.domain.print_job import PrintJob, count_pages, sequence
    from safetyapp.workflow.printing import merge_documents, prepare, with_cover

    given, cover = call.arguments, None
    with call.workspace(write=False) as tools:
        prepared = prepare(tools.store, tools.prints, _find(tools.store, given.document))
        for refused in prepared.refused:
            raise Problem(refused.why, path=str(refused.path), reason=refused.reason)
        job = PrintJob(tools.new_id(), prepared.documents, both_sides=given.both_sides)
        now, me = tools.clock.now(), tools.store.me()
        if not given.no_list:
            job, cover = with_cover(job, tools.prints, me.name if me else "", now)
        merge_documents(tools.store, tools.prints, job, cover, given.to, now)
    pages = count_pages(sequence(job))
    data: Plain = {
        "path": str(given.to),
        "pages": pages,
        "list_pages": job.cover_pages,
        "documents": [
            {"sha256": document.row.sha256, "number": document.row.number, "pages": document.pages}
            for document in job.documents
        ],
    }
    said = call.texts.say("cli.printing.merged", path=str(given.to), n=len(job.documents), pages=pages)
    return Answered(data, (said,))


def print_log(call: Call) -> Answered:
    with call.workspace(write=False) as tools:
        wanted = call.arguments.document
        rows = _find(tools.store, [wanted]) if wanted else None
        entries = tools.store.print_log(rows[0].sha256 if rows else None, limit=1_000_000)
    data: Plain = [
        {
            "at": entry.at.isoformat(),
            "who": entry.who,
            "sha256": entry.sha256,
            "number": entry.number,
            "school": entry.school,
            "title": entry.title,
            "copies": entry.copies,
            "pages": entry.pages,
            "printer": entry.printer,
            "reprint": entry.is_reprint,
            "job": entry.job,
        }
        for entry in entries
    ]
    again = call.texts.say("cli.printing.again")
    lines = tuple(
        f"{e.at:%Y-%m-%d %H:%M}\t{e.who}\t{e.number}\t{e.school}\t{e.title}\t{e.copies}\t{e.pages}\t{e.printer}\t"
        f"{again if e.is_reprint else ''}"
        for e in entries
    )
    return Answered(data, lines)


def _find(store: Store, names: list[str]) -> list[DocumentRow]:
    """The documents by number, id, or the beginning of their hash; of several versions the newest. Raises Problem
    no-such-document."""
    every = store.documents(DocumentQuery(limit=1_000_000))
    found: list[DocumentRow] = []
    for name in names:
        fitting = (
            row
            for row in every
            if name in (row.number, row.id) or (len(name) >= _SHORTEST and row.sha256.startswith(name.lower()))
        )
        row = next(fitting, None)
        if row is None:
            raise Problem("no-such-document", document=name)
        found.append(row)
    return found
