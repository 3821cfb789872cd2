"""The one place that opens the database file: who writes, who reads, which version it is, and what its errors mean."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import quote

from safetyapp.domain.problem import Problem
from safetyapp.store.edge import plainly
from safetyapp.store.files import make_folder, sync_folder

if TYPE_CHECKING:
    from sqlite_utils import Migrations

DATABASE_FILE = "safetyapp.sqlite3"
BACKUPS = "backups"
APPLICATION_ID = 0x53414645
"""Marks the file as ours: "SAFE"."""
VERSION = 9
"""How many migrations this program knows."""
BUSY_SECONDS = 5.0
_IDLE_READERS = 4
_CANNOT_WRITE = (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR)

T = TypeVar("T")
Work = Callable[[sqlite3.Connection], T]


def _released() -> Migrations:
    # imported only when something is to be migrated: sqlite_utils takes longer to import than the window
    from safetyapp.store.migrations import MIGRATIONS

    return MIGRATIONS


class Database:
    """The open file. One connection writes, for one caller at a time; readers borrow connections that cannot write."""

    def __init__(self, path: Path, writer: sqlite3.Connection | None) -> None:
        """For `open` and `open_read_only`."""
        self._path = path
        self._idle: list[sqlite3.Connection] = []
        self._guard = threading.Lock()  # protects _idle and _closed
        self._closed = False
        self._writer = writer
        self._turn = threading.Lock()  # who holds it writes
        self._writing = 0  # the thread that does

    @classmethod
    def open(
        cls,
        folder: Path,
        busy: float = BUSY_SECONDS,
        version: int = VERSION,
        migrations: Callable[[], Migrations] = _released,
    ) -> Database:
        """Opens the workspace's database for writing; makes or migrates it when needed, an existing one after copying
        it to `backups/`. Raises Problem database-newer, database-broken, database-locked, disk-full, read-only."""
        path = folder / DATABASE_FILE
        found = found_version(folder, version)
        with plainly(path):
            writer = _connect(path, busy)
            try:
                if found < version:
                    if found:
                        _copy_before(writer, folder, found, version)
                    _migrate(writer, version, migrations())
            except BaseException:
                writer.close()
                raise
        return cls(path, writer)

    @classmethod
    def open_read_only(cls, folder: Path) -> Database:
        """Opens for reading, beside a writer or on a medium that cannot be written. The version must be current."""
        return cls(folder / DATABASE_FILE, None)

    def write(self, work: Work[T]) -> T:
        """Runs `work` in one transaction and returns when it has been committed; when it raises, nothing has changed.
        Callers take turns. It runs in the caller's thread: to hand it to another one and back would cost a person who
        waits for an answer more than all else that is ours."""
        if self._writer is None:
            raise Problem("read-only", path=str(self._path))
        if self._writing == threading.get_ident():
            raise RuntimeError("a write inside a write would wait for itself")
        with plainly(self._path), self._turn:
            self._check_open()
            self._writing = threading.get_ident()
            try:
                return _committed(self._writer, work)
            finally:
                self._writing = 0

    def read(self, work: Work[T]) -> T:
        """Runs `work` on one state of the database, in the caller's thread."""
        with plainly(self._path):
            reader = self._borrow()
            try:
                reader.execute("BEGIN")
                result = work(reader)
                reader.execute("COMMIT")
            except BaseException:
                reader.close()
                raise
            self._give_back(reader)
            return result

    def close(self) -> None:
        """Waits for what is being written, and closes every connection."""
        with self._turn:
            with self._guard:
                if self._closed:
                    return
                self._closed = True
                idle, self._idle = self._idle, []
            for reader in idle:
                reader.close()
            # the writer goes last: the last connection folds the log into the file, which a reader's cannot
            if self._writer is not None:
                self._writer.close()

    def _check_open(self) -> None:
        if self._closed:
            raise RuntimeError("the store is closed")

    def _borrow(self) -> sqlite3.Connection:
        with self._guard:
            self._check_open()
            if self._idle:
                return self._idle.pop()
        return _connect_read_only(self._path)

    def _give_back(self, reader: sqlite3.Connection) -> None:
        with self._guard:
            if not self._closed and len(self._idle) < _IDLE_READERS:
                self._idle.append(reader)
                return
        reader.close()


def found_version(folder: Path, known: int = VERSION) -> int:
    """The version of the workspace's database, 0 when there is none yet. Changes nothing.

    Raises Problem database-newer, and database-broken for a file that is not ours.
    """
    path = folder / DATABASE_FILE
    with plainly(path):
        if not path.exists() or path.stat().st_size == 0:
            return 0
        connection = _connect_read_only(path)
        try:
            (application,) = connection.execute("PRAGMA application_id").fetchone()
            (version,) = connection.execute("PRAGMA user_version").fetchone()
            (tables,) = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        finally:
            connection.close()
    if application == 0 and version == 0 and tables == 0:
        return 0  # a first start that was cut off
    if application != APPLICATION_ID or version < 1:
        raise Problem("database-broken", path=str(path))
    if version > known:
        raise Problem("database-newer", path=str(path), found=version, known=known)
    return int(version)


def _committed(connection: sqlite3.Connection, work: Work[T]) -> T:
    connection.execute("BEGIN IMMEDIATE")
    try:
        result = work(connection)
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:  # the engine has ended it by itself after some errors
            connection.execute("ROLLBACK")
        raise
    return result


def _connect(path: Path, busy: float) -> sqlite3.Connection:
    # used by whichever thread has its turn
    connection = sqlite3.connect(path, timeout=busy, isolation_level=None, check_same_thread=False)
    try:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA fullfsync = ON")  # macOS: a plain fsync there does not reach the disk
        connection.execute("PRAGMA foreign_keys = ON")
    except BaseException:
        connection.close()
        raise
    return connection


def _connect_read_only(path: Path) -> sqlite3.Connection:
    """Borrowed by one thread at a time. On a medium that cannot be written, or has no room left, the engine cannot make
    the file it locks with; if no log of unfinished writing lies beside the database, it is read as a file that nobody
    changes."""
    try:
        return _try_read_only(path, "mode=ro")
    except sqlite3.OperationalError as error:
        log = path.with_name(path.name + "-wal")
        cannot_write = error.sqlite_errorcode & 0xFF in _CANNOT_WRITE
        if not cannot_write or not path.exists() or (log.exists() and log.stat().st_size):
            raise
    return _try_read_only(path, "mode=ro&immutable=1")


def _try_read_only(path: Path, how: str) -> sqlite3.Connection:
    plain = path.absolute().as_posix()
    uri = f"file://{'' if plain.startswith('/') else '/'}{quote(plain)}?{how}"
    connection = sqlite3.connect(
        uri, uri=True, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False, cached_statements=256
    )
    try:
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except BaseException:
        connection.close()
        raise
    return connection


def _migrate(writer: sqlite3.Connection, version: int, migrations: Migrations) -> None:
    """All that is pending, or nothing at all."""
    from sqlite_utils import Database as SqliteUtils

    database = SqliteUtils(writer, recursive_triggers=False, execute_plugins=False)
    with database.atomic():
        migrations.apply(database)
        writer.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        writer.execute(f"PRAGMA user_version = {version}")


def _copy_before(writer: sqlite3.Connection, folder: Path, found: int, version: int) -> None:
    """A consistent copy, whole or not there at all, before anything is changed."""
    backups = folder / BACKUPS
    make_folder(backups)
    name, count = f"version-{found}-before-{version}", 1
    while (target := backups / f"{name}-{count}.sqlite3").exists():
        count += 1
    part = target.with_name(target.name + ".part")
    try:
        copy = sqlite3.connect(part, isolation_level=None)
        try:
            copy.execute("PRAGMA synchronous = FULL")
            writer.backup(copy)
        finally:
            copy.close()
        part.replace(target)
        sync_folder(backups)
    finally:
        part.unlink(missing_ok=True)
