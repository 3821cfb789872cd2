"""Documents that come in from files, and go out to a stick."""

from __future__ import annotations

import hashlib
import os
import re
import stat
import unicodedata
from collections import deque
from collections.abc import Generator, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from safetyapp.domain.any_record import AnyRecord
from safetyapp.domain.document import DocumentQuery, DocumentRow, DocumentState
from safetyapp.domain.ledger import rows_of
from safetyapp.domain.links import links_of
from safetyapp.domain.problem import Problem
from safetyapp.domain.progress import Progress, no_progress
from safetyapp.domain.said import said_of
from safetyapp.domain.verdict import Verdict
from safetyapp.workflow.finalise import describe_document
from safetyapp.workflow.ports import Signer, Store

LARGEST_DOCUMENT = 200 * 1024 * 1024
"""Bytes; a larger file is refused unread. 500 photos at 270 KB are 135 MB."""
LONGEST_NAME = 180
"""Bytes in UTF-8: what every file system takes, with room for `.part`."""
_LONGEST_TITLE = 72
_AHEAD = 64 * 1024 * 1024
"""Bytes of the files that are read before their turn; a file that is larger alone is read when those before it are
done."""


@dataclass(frozen=True, slots=True)
class Refused:
    """A file that stays where it is, or a document that was not written. `why` is a verdict's or a problem's code;
    `reason` is the system's word where the problem has one."""

    path: Path
    why: str
    verdict: Verdict | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Imported:
    """What came of an import. `restored` are those of `known` whose kept file was gone or damaged and is back."""

    new: tuple[DocumentRow, ...]
    known: tuple[Path, ...]
    refused: tuple[Refused, ...]
    restored: tuple[Path, ...] = ()


@dataclass(frozen=True, slots=True)
class Exported:
    """What came of an export: the files that are there now, and the documents that are not, each with its reason."""

    written: tuple[Path, ...]
    failed: tuple[Refused, ...]


def read_document(path: Path) -> bytes:
    """The bytes of a file that may be a document. Raises Problem unreadable-file, not-a-file or too-large."""
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):  # a pipe would be waited for, a device has no end
            raise Problem("not-a-file", path=str(path))
        if status.st_size > LARGEST_DOCUMENT:
            raise Problem("too-large", path=str(path))
        with path.open("rb") as file:
            data = file.read(LARGEST_DOCUMENT + 1)
    except OSError as error:
        raise Problem("unreadable-file", path=str(path), reason=error.strerror or type(error).__name__) from error
    if len(data) > LARGEST_DOCUMENT:
        raise Problem("too-large", path=str(path))
    return data


def import_documents(store: Store, signer: Signer, paths: Iterable[Path], progress: Progress = no_progress) -> Imported:
    """Takes in every PDF named or found below a folder.

    The same document twice is harmless, and puts the kept file back where that is gone or damaged; a refused file
    stays where it is. Files are judged on other threads while those before them are kept; they are kept, and told to
    `progress`, in their order and on the caller's thread, and what `progress` raises ends the import between two files.
    """
    files = [file for path in paths for file in _files(path)]
    new: list[DocumentRow] = []
    known: list[Path] = []
    restored: list[Path] = []
    refused: list[Refused] = []
    with closing(_examine_ahead(store, signer, files)) as ahead:
        for count, file in enumerate(files):
            progress("import", count, len(files))
            found = next(ahead)
            if found.problem is not None:
                refused.append(_refused(file, found.problem))
                continue
            data, verdict = found.data, found.verdict
            # one that is there twice was no document of ours yet when both were judged
            if verdict is None or store.document(found.sha256) is not None:
                known.append(file)
                if store.restore_document(data):
                    restored.append(file)
                continue
            if not verdict.is_valid or verdict.record is None:
                refused.append(Refused(file, verdict.why, verdict))
                continue
            row = describe_document(verdict.record, data, DocumentState.IMPORTED)
            if _is_here_in_other_bytes(store, signer, verdict.record, verdict.record_json):
                known.append(file)
            elif store.keep_document(row, data, rows_of(verdict.record), links=links_of(verdict.record)):
                new.append(row)
                if (said := said_of(verdict.record)) is not None:  # else it would be read once more for the lists
                    store.keep_said(row.sha256, said)
            else:
                known.append(file)
    return Imported(tuple(new), tuple(known), tuple(refused), tuple(restored))


@dataclass(frozen=True, slots=True)
class _Examined:
    """A file that was looked at before its turn. There is no verdict on one that could not be read, for which `problem`
    says why, and on a document that was kept already."""

    data: bytes = b""
    sha256: str = ""
    verdict: Verdict | None = None
    problem: Problem | None = None


def _examine_ahead(store: Store, signer: Signer, files: Sequence[Path]) -> Generator[_Examined, None, None]:
    """What each file is, in their order. Closing it waits for those that are being examined and begins no other."""
    threads = min(4, os.cpu_count() or 1)
    waiting: deque[tuple[int, Future[_Examined]]] = deque()
    begun, room = 0, _AHEAD
    pool = ThreadPoolExecutor(threads, "import")
    try:
        while begun < len(files) or waiting:
            while begun < len(files) and len(waiting) <= 2 * threads:
                size = _size(files[begun])
                if waiting and size > room:
                    break
                waiting.append((size, pool.submit(_examine, store, signer, files[begun])))
                begun, room = begun + 1, room - size
            size, next_ = waiting.popleft()
            yield next_.result()
            room += size
    finally:
        pool.shutdown(cancel_futures=True)


def _examine(store: Store, signer: Signer, file: Path) -> _Examined:
    try:
        data = read_document(file)
    except Problem as problem:
        return _Examined(problem=problem)
    sha256 = hashlib.sha256(data).hexdigest()
    return _Examined(data, sha256, signer.verify(data) if store.document(sha256) is None else None)


def _size(file: Path) -> int:
    """Bytes as far as that can be told; of what cannot be read there is nothing to make room for."""
    try:
        return min(file.stat().st_size, LARGEST_DOCUMENT)
    except OSError:
        return 0


def export_documents(store: Store, query: DocumentQuery, folder: Path, progress: Progress = no_progress) -> Exported:
    """Writes documents as files with readable names: temporary name, flush, rename. What is there already is left; one
    that cannot be written does not keep the others back."""
    rows = store.documents(query)
    written: list[Path] = []
    failed: list[Refused] = []
    for count, row in enumerate(rows):
        progress("export", count, len(rows))
        target = folder / file_name(row)
        try:
            if not _is_there(target, row):
                write_whole(target, kept_document(store, row))
        except Problem as problem:
            failed.append(_refused(Path(str(problem.facts.get("path", target))), problem))
        else:
            written.append(target)
    return Exported(tuple(written), tuple(failed))


def kept_document(store: Store, row: DocumentRow) -> bytes:
    """The bytes of a document as they were signed. Raises Problem missing-document, damaged-document or
    unreadable-file."""
    path = store.document_path(row.sha256)
    try:
        data = path.read_bytes()
    except FileNotFoundError as error:
        raise Problem("missing-document", path=str(path)) from error
    except OSError as error:
        raise Problem("unreadable-file", path=str(path), reason=error.strerror or type(error).__name__) from error
    if hashlib.sha256(data).hexdigest() != row.sha256:
        raise Problem("damaged-document", path=str(path))
    return data


def file_name(row: DocumentRow) -> str:
    """甲子小学-消防安全检查表-20261124-1a2b3c4d.pdf: what a person looks for, and no two alike. Long names are cut
    before the day, never after it."""
    end = f"-{row.inspected_on:%Y%m%d}-{row.sha256[:8]}.pdf"
    title = cut_bytes(plain_part(row.title), _LONGEST_TITLE)
    school = cut_bytes(plain_part(row.school), LONGEST_NAME - len(f"-{title}{end}".encode()))
    return f"{school}-{title}{end}"


def write_whole(target: Path, data: bytes) -> None:
    """The file is there whole or not at all. Raises Problem not-written."""
    with whole_file(target) as part:
        part.write_bytes(data)


@contextmanager
def whole_file(target: Path) -> Iterator[Path]:
    """Gives a path to write to; when the block ends well, what was written there is on the disk under its own name,
    else nothing is. Raises Problem not-written."""
    part = target.with_name(target.name + ".part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        yield part
        with part.open("r+b") as file:
            os.fsync(file.fileno())
        part.replace(target)
    except BaseException as error:
        with suppress(OSError):
            part.unlink(missing_ok=True)
        if not isinstance(error, OSError):
            raise
        raise Problem("not-written", path=str(target), reason=error.strerror or type(error).__name__) from error


def _files(path: Path) -> Iterator[Path]:
    if path.is_dir():
        yield from sorted(p for p in path.rglob("*") if p.suffix.lower() == ".pdf" and p.is_file())
    else:
        yield path


def _refused(path: Path, problem: Problem) -> Refused:
    return Refused(path, problem.code, reason=str(problem.facts.get("reason", "")))


def _is_here_in_other_bytes(store: Store, signer: Signer, record: AnyRecord, record_json: bytes | None) -> bool:
    """Whether a kept document says the same to the byte: signed twice, or with something added behind the signature."""
    for row in store.versions(record.id):
        with suppress(Problem):
            if signer.verify(kept_document(store, row)).record_json == record_json:
                return True
    return False


def _is_there(target: Path, row: DocumentRow) -> bool:
    try:
        return target.is_file() and hashlib.sha256(target.read_bytes()).hexdigest() == row.sha256
    except OSError:
        return False


def plain_part(text: str) -> str:
    """Without what file systems refuse and what is not seen: direction marks, joiners, control characters."""
    shown = re.sub(r'[\\/:*?"<>|\s]+', "_", text)
    return "".join(c for c in shown if unicodedata.category(c) not in ("Cc", "Cf", "Cs")).lstrip(".")


def cut_bytes(text: str, most: int) -> str:
    """At most so many bytes of UTF-8, whole characters."""
    return text.encode()[:most].decode(errors="ignore")
