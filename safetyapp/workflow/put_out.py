"""存到U盘: copies of chosen documents to a stick or a folder, each read back, and remembered. That is not sending."""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from safetyapp.domain.document import DocumentRow
from safetyapp.domain.problem import Cancelled, Problem
from safetyapp.domain.progress import Progress, no_progress
from safetyapp.domain.put_out import PutOut
from safetyapp.workflow.exchange import file_name, kept_document
from safetyapp.workflow.ports import Clock, Store

_REMEMBERED_AT_ONCE = 50


@dataclass(frozen=True, slots=True)
class PutOutcome:
    """What arrived and what did not. `there`: how many of the arrived lay there already, to the byte. `failed` are
    documents that cannot be read here; `problem` is what ended it, with all of `left` not tried or not whole."""

    arrived: tuple[PutOut, ...]
    there: int = 0
    failed: tuple[tuple[DocumentRow, Problem], ...] = ()
    left: tuple[DocumentRow, ...] = ()
    problem: Problem | None = None
    stopped: bool = False


def put_out(
    store: Store, clock: Clock, rows: Sequence[DocumentRow], folder: Path, place: str,
    progress: Progress = no_progress,
) -> PutOutcome:  # fmt: skip
    """Writes the documents into a folder. Each is there whole under its own name, or not at all; a file of another
    content is never replaced. What cannot be written ends it: the stick is full, or gone. `place` is what people call
    the folder or drive."""
    me = store.me()
    who = me.name if me is not None else ""
    arrived: list[PutOut] = []
    failed: list[tuple[DocumentRow, Problem]] = []
    there, remembered, number = 0, 0, 0
    problem: Problem | None = None
    stopped = False
    try:
        for number, row in enumerate(rows):  # where it ended is told
            progress("export", number, len(rows))
            try:
                data = kept_document(store, row)
            except Problem as why:
                failed.append((row, why))
                continue
            path, was_there = _place(folder, row, data)
            there += was_there
            arrived.append(PutOut(row.sha256, place, str(path), who, clock.now()))
            if len(arrived) - remembered >= _REMEMBERED_AT_ONCE:
                store.log_put_out(arrived[remembered:])
                remembered = len(arrived)
        number = len(rows)
    except Cancelled:
        stopped = True
    except Problem as why:
        problem = why
    store.log_put_out(arrived[remembered:])
    return PutOutcome(tuple(arrived), there, tuple(failed), tuple(rows[number:]), problem, stopped)


def _place(folder: Path, row: DocumentRow, data: bytes) -> tuple[Path, bool]:
    """Where the document lies now, and whether it lay there before. Raises Problem not-written."""
    name = file_name(row)
    target, count = folder / name, 1
    with _told(target):
        folder.mkdir(parents=True, exist_ok=True)
        while target.exists():
            if _is(target, row.sha256):
                return target, True
            count += 1
            target = folder / f"{name.removesuffix('.pdf')}-{count}.pdf"
    _place_at(target, data, row.sha256, os.rename)  # not `replace`: on Windows it never takes another file's place
    return target, False


def place_whole(target: Path, data: bytes, sha256: str) -> None:
    """The file is there whole, flushed and read back, in the place of whatever was there under its name, or nothing has
    changed. Raises Problem not-written."""
    with _told(target):
        target.parent.mkdir(parents=True, exist_ok=True)
    _place_at(target, data, sha256, os.replace)


def _place_at(target: Path, data: bytes, sha256: str, put: Callable[[Path, Path], None]) -> None:
    part = target.parent / f".{sha256[:8]}-{secrets.token_hex(4)}.part"
    with _told(target):
        try:
            _write(part, data)
            if not _is(part, sha256):  # a stick that says it has written what it has not
                raise OSError("read back otherwise")
            put(part, target)
            _flush_folder(target.parent)
        except BaseException:
            with suppress(OSError):
                part.unlink(missing_ok=True)
            raise


def _write(part: Path, data: bytes) -> None:
    with part.open("xb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
        forget: Callable[..., None] | None = getattr(os, "posix_fadvise", None)
        if forget is not None:  # so that it is read from the stick and not from memory
            forget(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def _is(path: Path, sha256: str) -> bool:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest() == sha256


def _flush_folder(folder: Path) -> None:
    if os.name == "nt":  # a folder cannot be opened there
        return
    with suppress(OSError):  # some file systems of sticks know no such thing
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


@contextmanager
def _told(target: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise Problem("not-written", path=str(target), reason=error.strerror or type(error).__name__) from error
