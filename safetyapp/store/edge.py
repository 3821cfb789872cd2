"""The edge to disk and engine: what they throw becomes a Problem here, once, and nowhere else in the store."""

from __future__ import annotations

import re
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from errno import EACCES, EDQUOT, ENOSPC, EPERM, EROFS
from pathlib import Path

from safetyapp.domain.problem import Problem

_FULL = {ENOSPC, EDQUOT}
_FORBIDDEN = {EROFS, EACCES, EPERM}
_ALMOST_NOTHING = 64 * 1024
"""Bytes: with less than this free, an input/output error of the engine means a full disk (it cannot always tell)."""

_GONE = re.compile(r"(?:no such table|vtable constructor failed): (?:main\.)?(\w+)")
"""What the engine says when a table is not there."""

_CODES = {
    sqlite3.SQLITE_FULL: "disk-full",
    sqlite3.SQLITE_READONLY: "read-only",
    sqlite3.SQLITE_CANTOPEN: "read-only",
    sqlite3.SQLITE_PERM: "read-only",
    sqlite3.SQLITE_BUSY: "database-locked",
    sqlite3.SQLITE_LOCKED: "database-locked",
    sqlite3.SQLITE_PROTOCOL: "database-locked",
    sqlite3.SQLITE_CORRUPT: "database-broken",
    sqlite3.SQLITE_NOTADB: "database-broken",
    sqlite3.SQLITE_IOERR: "disk-failing",
}


@contextmanager
def plainly(path: Path) -> Iterator[None]:
    """Raises Problem disk-full, read-only, database-locked, database-broken (also when a table of ours is gone),
    disk-failing for what the world did at `path`. What is our own mistake (a wrong statement, a broken constraint)
    passes through as it is."""
    try:
        yield
    except sqlite3.Error as error:
        code = _code(error, path)
        if code is None:
            raise
        raise Problem(code, path=str(path)) from error
    except OSError as error:
        raise Problem(_os_code(error), path=str(path), reason=error.strerror or type(error).__name__) from error


def _code(error: sqlite3.Error, path: Path) -> str | None:
    number = getattr(error, "sqlite_errorcode", None)
    if number is None:
        return None
    if number == sqlite3.SQLITE_ERROR:
        return "database-broken" if _lacks_a_table_of_ours(error) else None
    code = _CODES.get(number & 0xFF)
    if code == "disk-failing" and _free(path) < _ALMOST_NOTHING:
        return "disk-full"
    return code


def _lacks_a_table_of_ours(error: sqlite3.Error) -> bool:
    """A statement that names a table which was never there is our own mistake; one that somebody dropped is not."""
    gone = _GONE.search(str(error))
    if gone is None:
        return False
    from safetyapp.store.migrations import tables_of_ours  # slow to import, and needed only on a very bad day

    return gone[1] in tables_of_ours()


def _free(path: Path) -> int:
    folder = path if path.is_dir() else path.parent
    try:
        return shutil.disk_usage(folder).free
    except OSError:
        return _ALMOST_NOTHING


def _os_code(error: OSError) -> str:
    if error.errno in _FULL:
        return "disk-full"
    return "read-only" if error.errno in _FORBIDDEN else "disk-failing"
