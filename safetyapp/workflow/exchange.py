"""Documents that come in from files, and go out to a stick."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from safetyapp.domain.document import DocumentQuery, DocumentRow, DocumentState
from safetyapp.domain.ledger import rows_of
from safetyapp.domain.problem import Problem
from safetyapp.domain.progress import Progress, no_progress
from safetyapp.domain.verdict import Verdict
from safetyapp.workflow.finalise import describe_document
from safetyapp.workflow.ports import Signer, Store

LARGEST_DOCUMENT = 200 * 1024 * 1024
"""Bytes; a larger file is refused unread. 500 photos at 270 KB are 135 MB."""


@dataclass(frozen=True, slots=True)
class Refused:
    """A file that stays where it is. `why` is a verdict's or a problem's code with its facts."""

    path: Path
    why: str
    verdict: Verdict | None = None


@dataclass(frozen=True, slots=True)
class Imported:
    """What came of an import."""

    new: tuple[DocumentRow, ...]
    known: tuple[Path, ...]
    refused: tuple[Refused, ...]


def read_document(path: Path) -> bytes:
    """The bytes of a file that may be a document. Raises Problem unreadable-file or too-large."""
    try:
        if path.stat().st_size > LARGEST_DOCUMENT:
            raise Problem("too-large", path=str(path))
        return path.read_bytes()
    except OSError as error:
        raise Problem("unreadable-file", path=str(path), reason=error.strerror or type(error).__name__) from error


def import_documents(store: Store, signer: Signer, paths: Iterable[Path], progress: Progress = no_progress) -> Imported:
    """Takes in every PDF named or found below a folder.

    The same file twice is harmless; a refused one stays where it is.
    """
    files = [file for path in paths for file in _files(path)]
    new: list[DocumentRow] = []
    known: list[Path] = []
    refused: list[Refused] = []
    for count, file in enumerate(files):
        progress("import", count, len(files))
        try:
            data = read_document(file)
        except Problem as problem:
            refused.append(Refused(file, problem.code))
            continue
        if store.document(hashlib.sha256(data).hexdigest()) is not None:
            known.append(file)
            continue
        verdict = signer.verify(data)
        if not verdict.is_valid or verdict.record is None:
            refused.append(Refused(file, verdict.why, verdict))
            continue
        row = describe_document(verdict.record, data, DocumentState.IMPORTED)
        if store.keep_document(row, data, rows_of(verdict.record)):
            new.append(row)
        else:
            known.append(file)
    return Imported(tuple(new), tuple(known), tuple(refused))


def export_documents(
    store: Store, query: DocumentQuery, folder: Path, progress: Progress = no_progress
) -> tuple[Path, ...]:
    """Writes documents as files with readable names: temporary name, flush, rename. What is there already is left."""
    rows = store.documents(query)
    written: list[Path] = []
    for count, row in enumerate(rows):
        progress("export", count, len(rows))
        target = folder / file_name(row)
        data = store.document_path(row.sha256).read_bytes()
        if not target.exists() or hashlib.sha256(target.read_bytes()).hexdigest() != row.sha256:
            write_whole(target, data)
        written.append(target)
    return tuple(written)


def file_name(row: DocumentRow) -> str:
    """检查记录-甲子小学-消防安全检查表-20261124-1a2b3c4d.pdf: what a person looks for, and no two alike."""
    text = f"{row.school}-{row.title}-{row.inspected_on:%Y%m%d}-{row.sha256[:8]}"
    return re.sub(r'[\\/:*?"<>|\s]+', "_", text)[:120] + ".pdf"


def write_whole(target: Path, data: bytes) -> None:
    """The file is there whole or not at all. Raises Problem not-written."""
    part = target.with_name(target.name + ".part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with part.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        part.replace(target)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise Problem("not-written", path=str(target), reason=error.strerror or type(error).__name__) from error


def _files(path: Path) -> Iterator[Path]:
    if path.is_dir():
        yield from sorted(p for p in path.rglob("*") if p.suffix.lower() == ".pdf" and p.is_file())
    else:
        yield path
