"""Printing signed documents: what goes to the printer or into one file, and what the print log is told.

What is printed is read from the signed files and never written back to them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Protocol

from safetyapp.domain.document import DocumentRow
from safetyapp.domain.print_job import PrintDocument, PrintJob, PrintLogEntry, log_entries
from safetyapp.domain.problem import Problem
from safetyapp.domain.progress import Progress, no_progress
from safetyapp.workflow.exchange import Refused, kept_document, whole_file
from safetyapp.workflow.ports import Clock, Store


class Prints(Protocol):
    """What makes files for printing. Raises Problem unreadable-pages."""

    def page_count(self, path: Path) -> int: ...

    def cover(self, job: PrintJob, by: str, at: datetime) -> tuple[bytes, int]:
        """The cover list 打印清单 of a job as a PDF of its own, and how many pages it has."""

    def merge(
        self, job: PrintJob, cover: bytes | None, paths: Sequence[Path], target: Path, at: datetime, progress: Progress
    ) -> None:
        """Every side of the job, one copy of each, in one PDF at `target`; `paths` are the documents' files in their
        order. The files are only read."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """What can be printed, in the order asked for, and the documents whose files are gone, damaged or unreadable."""

    documents: tuple[PrintDocument, ...]
    refused: tuple[Refused, ...]


def prepare(store: Store, prints: Prints, rows: Iterable[DocumentRow], progress: Progress = no_progress) -> Prepared:
    """Looks at every file, each document once: only what is as it was signed gets on paper."""
    wanted = list({row.sha256: row for row in rows}.values())
    documents: list[PrintDocument] = []
    refused: list[Refused] = []
    for count, row in enumerate(wanted):
        progress("prepare", count, len(wanted))
        path = store.document_path(row.sha256)
        try:
            kept_document(store, row)
            documents.append(PrintDocument(row, prints.page_count(path)))
        except Problem as problem:
            refused.append(Refused(path, problem.code, reason=str(problem.facts.get("reason", ""))))
    return Prepared(tuple(documents), tuple(refused))


def with_cover(job: PrintJob, prints: Prints, by: str, at: datetime) -> tuple[PrintJob, bytes]:
    """The job with its cover list, which knows how long it is itself, and the list."""
    cover, pages = prints.cover(job, by, at)
    return replace(job, cover_pages=pages), cover


def merge_documents(
    store: Store,
    prints: Prints,
    job: PrintJob,
    cover: bytes | None,
    target: Path,
    at: datetime,
    progress: Progress = no_progress,
) -> None:
    """One PDF of all documents for printing elsewhere; no signed document. Raises Problem not-written, and for a file
    that is not as it was signed missing-document, damaged-document or unreadable-file."""
    for document in job.documents:
        kept_document(store, document.row)
    paths = [store.document_path(document.row.sha256) for document in job.documents]
    with whole_file(target) as part:
        prints.merge(replace(job, copies=1), cover, paths, part, at, progress)


def log_printed(
    store: Store, clock: Clock, job: PrintJob, start: int, stop: int, reached: int, printer: str
) -> tuple[PrintLogEntry, ...]:
    """Tells the print log that the sides of the job from `start` up to `stop` were printed; see domain.log_entries."""
    me = store.me()
    before = {
        document.row.sha256
        for document in job.documents
        if any(entry.job != job.id for entry in store.print_log(document.row.sha256))
    }
    entries = log_entries(
        job,
        start,
        stop,
        reached=reached,
        printed_before=before,
        who=me.name if me else "",
        at=clock.now(),
        printer=printer,
    )
    if entries:
        store.log_print(entries)
    return entries
