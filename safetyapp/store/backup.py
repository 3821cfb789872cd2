"""The whole workspace in one file and back: a ZIP with a list of its files and their hashes, read back once written.

It is consistent while the program runs: the database is copied first, in one state of it; photos and documents are only
ever added, each before the row that names it, so every file that the copied rows name is there to be packed.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sqlite3
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from errno import EFBIG
from pathlib import Path, PurePosixPath
from typing import IO, TYPE_CHECKING

from safetyapp.domain.backup import LastBackup
from safetyapp.domain.problem import Problem
from safetyapp.domain.progress import Progress, no_progress
from safetyapp.store.database import BACKUPS, DATABASE_FILE, VERSION
from safetyapp.store.edge import plainly
from safetyapp.store.files import PART, make_folder, sync_folder
from safetyapp.store.lock import LOCK_FILE, WorkspaceLock

if TYPE_CHECKING:
    from safetyapp.store.store import SqliteStore

MANIFEST = "safetyapp-backup.json"
FORMAT = 1
LAST = "backup.json"
"""The file in a workspace that says what is known of its last backup."""
_LEFT_OUT = {"compiled", "incoming", "logs", "hub", BACKUPS}
"""Folders that are made anew, or that tell of this computer; copies of older databases; and the district's hub, whose
own database would be copied while it is written (docs/hub.md)."""
_NOT_PACKED = (DATABASE_FILE, f"{DATABASE_FILE}-wal", f"{DATABASE_FILE}-shm", LOCK_FILE, LAST)
_CHUNK = 1 << 20
_SPARE = 8 << 20
"""Bytes that stay free beside a backup: its list of files, and what the system wants."""


@dataclass(frozen=True, slots=True)
class Contents:
    """What a backup says of itself."""

    made_at: datetime
    person: str
    files: int
    size: int
    changes: str


@dataclass(frozen=True, slots=True)
class _Packed:
    path: str
    size: int
    sha256: str


def changes(store: SqliteStore) -> str:
    """A short text that is another after everything a person does here; empty while nothing has been done."""

    def ask(connection: sqlite3.Connection) -> str:
        row = connection.execute(
            "SELECT (SELECT count(*) FROM drafts), (SELECT count(deleted_at) FROM drafts),"
            " (SELECT coalesce(max(changed_us), 0) FROM drafts), (SELECT coalesce(max(seq), 0) FROM history),"
            " (SELECT coalesce(max(seq), 0) FROM documents), (SELECT count(*) FROM schools),"
            " (SELECT coalesce(max(seq), 0) FROM print_log)"
        ).fetchone()
        return ".".join(map(str, row)) if any(row) else ""

    return store.database.read(ask)


def first_work(store: SqliteStore) -> datetime | None:
    """When the first inspection was begun here, or the first document made."""

    def ask(connection: sqlite3.Connection) -> tuple[str | None, ...]:
        row = connection.execute(
            "SELECT (SELECT min(started_at) FROM drafts), (SELECT made_at FROM documents ORDER BY made_us LIMIT 1)"
        ).fetchone()
        return tuple(row)

    return min((datetime.fromisoformat(text) for text in store.database.read(ask) if text), default=None)


def last_backup(folder: Path) -> LastBackup | None:
    """What is known of it; what cannot be read is as none."""
    try:
        told = json.loads((folder / LAST).read_text(encoding="utf-8"))
        at = datetime.fromisoformat(told["at"])
        if at.tzinfo is None:
            return None
        return LastBackup(at, str(told["path"]), int(told["files"]), int(told["size"]), str(told["changes"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def back_up(store: SqliteStore, target: Path, now: datetime, progress: Progress = no_progress) -> LastBackup:
    """Writes the workspace into one new file and reads it back; a file that is there already is not touched. What
    `progress` raises ends it, and nothing is left.

    Raises Problem backup-there, backup-inside, backup-no-room, backup-file-limit, backup-damaged (what was read back is
    not what was written), backup-source (a file of the workspace cannot be read), not-written, and what the store
    raises.
    """
    target = target.absolute()
    if target.is_relative_to(store.folder):
        raise Problem("backup-inside", path=str(target))
    if target.exists():
        raise Problem("backup-there", path=str(target))
    part = target.with_name(target.name + PART)
    state = changes(store)
    me = store.me()
    with _writing(target), _scratch(store.folder) as copy:
        target.parent.mkdir(parents=True, exist_ok=True)
        _copy_database(store, copy)
        sources = [(DATABASE_FILE, copy), *_sources(store.folder)]
        total = sum(path.stat().st_size for _, path in sources)
        _need_room(target.parent, total)
        try:
            packed = _pack(part, sources, total, (now, me.name if me else "", state), progress)
            _read_back(part, packed, progress)
            part.replace(target)
            sync_folder(target.parent)
        finally:
            with suppress(OSError):
                part.unlink(missing_ok=True)
    last = LastBackup(now, str(target), len(packed), target.stat().st_size, state)
    _note(store.folder, last)
    return last


def read_contents(file: Path) -> Contents:
    """What a file says of itself, before anything is unpacked. Raises Problem unreadable-file, not-a-backup,
    backup-newer."""
    with _reading(file), zipfile.ZipFile(file) as archive:
        return _told(file, archive)[0]


def unpack(file: Path, folder: Path, progress: Progress = no_progress) -> Contents:
    """Unpacks a backup into a new folder, every file compared with its hash; whole, or the folder is not there. Raises
    Problem unreadable-file, not-a-backup, backup-newer, backup-damaged, backup-no-room, and what `progress` raises."""
    if folder.exists():
        raise Problem("folder-not-empty", path=str(folder))
    with _reading(file), zipfile.ZipFile(file) as archive:
        contents, packed = _told(file, archive)
        with plainly(folder):
            make_folder(folder)
        try:
            _need_room(folder, contents.size)
            done = 0
            for one in packed:
                target = folder / PurePosixPath(one.path)
                progress("restore", done, contents.size)
                with plainly(target):
                    make_folder(target.parent)
                    with target.open("xb") as out:
                        if one.path.startswith("keys/"):  # what signs and speaks for a person is for that person only
                            target.chmod(0o600)
                        found = _copy(archive, file, one, out)
                        out.flush()
                        os.fsync(out.fileno())
                if found != one.sha256:
                    raise Problem("backup-damaged", path=str(file), name=one.path)
                done += one.size
            _check_database(folder / DATABASE_FILE, file)
            size = file.stat().st_size
            last = LastBackup(contents.made_at, str(file.absolute()), contents.files, size, contents.changes)
            _note(folder, last)  # what comes back has been backed up
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
    return contents


def take_place(unpacked: Path, workspace: Path, now: datetime) -> Path | None:
    """The unpacked workspace takes the place of the current one, which goes aside under a name with the moment in it;
    answers where it is now. Nobody may have it open. Raises Problem workspace-open and what the disk raises; then both
    are where they were."""
    aside: Path | None = None
    with plainly(workspace):
        make_folder(workspace.parent)
        if workspace.exists():
            WorkspaceLock(workspace).release()
            aside = _free(workspace.with_name(f"{workspace.name}-before-{now:%Y%m%d-%H%M%S}"))
            workspace.rename(aside)
        try:
            unpacked.rename(workspace)
        except OSError:
            if aside is not None:
                aside.rename(workspace)
            raise
        sync_folder(workspace.parent)
    return aside


def _sources(folder: Path) -> Iterator[tuple[str, Path]]:
    """Every file of the workspace but the database, by the name it has in the backup."""
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder)
        left_out = name.parts[0] in _LEFT_OUT or str(name) in _NOT_PACKED or name.parts[0].startswith(".backup-")
        if path.is_file() and not path.is_symlink() and not left_out and not path.name.endswith(PART):
            yield name.as_posix(), path


@contextmanager
def _scratch(folder: Path) -> Iterator[Path]:
    """A name beside the database for its copy; nothing is left of it afterwards."""
    path = _free(folder / f".backup-{os.getpid()}.sqlite3")
    try:
        yield path
    finally:
        with suppress(OSError):
            path.unlink(missing_ok=True)


@contextmanager
def _writing(target: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno == EFBIG:  # FAT32, as sticks come from the shop, takes no file of 4 GB
            raise Problem("backup-file-limit", path=str(target)) from error
        raise Problem("not-written", path=str(target), reason=error.strerror or type(error).__name__) from error


@contextmanager
def _reading(file: Path) -> Iterator[None]:
    """What a damaged or foreign file says when it is opened."""
    try:
        yield
    except zipfile.BadZipFile as error:
        raise Problem("not-a-backup", path=str(file)) from error
    except OSError as error:
        raise Problem("unreadable-file", path=str(file), reason=error.strerror or type(error).__name__) from error


def _copy_database(store: SqliteStore, copy: Path) -> None:
    """One state of it, as one file that needs no log beside it."""

    with plainly(copy):
        target = sqlite3.connect(copy, isolation_level=None, check_same_thread=False)
        try:
            store.database.read(lambda connection: connection.backup(target))
            target.execute("PRAGMA journal_mode = DELETE")
        finally:
            target.close()


def _need_room(folder: Path, size: int) -> None:
    free = shutil.disk_usage(folder).free
    if free < size + _SPARE:
        raise Problem("backup-no-room", path=str(folder), need=_megabytes(size + _SPARE), free=_megabytes(free))


def _megabytes(size: int) -> int:
    return -(-size // 1_048_576)


def _pack(
    part: Path, sources: list[tuple[str, Path]], total: int, about: tuple[datetime, str, str], progress: Progress
) -> list[_Packed]:
    now, person, state = about
    packed: list[_Packed] = []
    done = 0
    with part.open("wb") as file:
        with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
            for name, path in sources:
                progress("backup", done, 2 * total)
                packed.append(_pack_one(archive, name, path))
                done += packed[-1].size
            told = {
                "format": FORMAT,
                "database": VERSION,
                "made_at": now.isoformat(),
                "person": person,
                "changes": state,
                "files": [asdict(one) for one in packed],
            }
            archive.writestr(MANIFEST, json.dumps(told, ensure_ascii=False, indent=1))
        file.flush()
        os.fsync(file.fileno())
    return packed


def _pack_one(archive: zipfile.ZipFile, name: str, path: Path) -> _Packed:
    try:
        source = path.open("rb")
    except OSError as error:
        raise Problem("backup-source", path=str(path), reason=error.strerror or type(error).__name__) from error
    hashed, size = hashlib.sha256(), 0
    with source, archive.open(zipfile.ZipInfo(name), "w", force_zip64=True) as out:
        while chunk := source.read(_CHUNK):
            hashed.update(chunk)
            out.write(chunk)
            size += len(chunk)
    return _Packed(name, size, hashed.hexdigest())


def _read_back(part: Path, packed: list[_Packed], progress: Progress) -> None:
    total = sum(one.size for one in packed)
    done = 0
    with _reading(part), zipfile.ZipFile(part) as archive:
        for one in packed:
            progress("verify", total + done, 2 * total)
            if _copy(archive, part, one, None) != one.sha256:
                raise Problem("backup-damaged", path=str(part), name=one.path)
            done += one.size
    progress("verify", 2 * total, 2 * total)


def _copy(archive: zipfile.ZipFile, file: Path, one: _Packed, out: IO[bytes] | None) -> str:
    """Reads one file of the backup, into `out` when there is one; its hash. Never more than the list says."""
    hashed, size = hashlib.sha256(), 0
    try:
        with archive.open(one.path) as source:
            while chunk := source.read(_CHUNK):
                size += len(chunk)
                if size > one.size:
                    raise Problem("backup-damaged", path=str(file), name=one.path)
                hashed.update(chunk)
                if out is not None:
                    out.write(chunk)
    except (KeyError, zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError) as error:
        raise Problem("backup-damaged", path=str(file), name=one.path) from error
    return hashed.hexdigest()


def _told(file: Path, archive: zipfile.ZipFile) -> tuple[Contents, list[_Packed]]:
    try:
        told = json.loads(archive.read(MANIFEST))
        if int(told["format"]) > FORMAT or int(told["database"]) > VERSION:
            raise Problem("backup-newer", path=str(file))
        packed = [_Packed(str(f["path"]), int(f["size"]), str(f["sha256"])) for f in told["files"]]
        made_at, person = datetime.fromisoformat(told["made_at"]), str(told["person"])
        state = str(told["changes"])
    except (KeyError, ValueError, TypeError, EOFError, RuntimeError, NotImplementedError) as error:
        raise Problem("not-a-backup", path=str(file)) from error
    names = [one.path for one in packed]
    if not all(map(_is_inside, names)) or len(set(map(str.lower, names))) != len(names) or DATABASE_FILE not in names:
        raise Problem("not-a-backup", path=str(file))
    return Contents(made_at, person, len(packed), sum(one.size for one in packed), state), packed


def _is_inside(name: str) -> bool:
    """A name that stays in its folder, on every system."""
    parts = PurePosixPath(name).parts
    return bool(parts) and not any(p in ("..", "/") or "\\" in p or ":" in p for p in parts)


def _check_database(path: Path, file: Path) -> None:
    connection = sqlite3.connect(path)
    try:
        sound = connection.execute("PRAGMA quick_check(1)").fetchone()[0] == "ok"
    except sqlite3.Error as error:
        raise Problem("backup-damaged", path=str(file), name=DATABASE_FILE) from error
    finally:
        connection.close()
    if not sound:
        raise Problem("backup-damaged", path=str(file), name=DATABASE_FILE)


def _note(folder: Path, last: LastBackup) -> None:
    """The backup is there whether or not this can be written."""
    told = {**asdict(last), "at": last.at.isoformat()}
    part = folder / (LAST + PART)
    with suppress(OSError):
        part.write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")
        part.replace(folder / LAST)


def _free(path: Path) -> Path:
    """A name that nothing has."""
    number, tried = 1, path
    while os.path.lexists(tried):
        number += 1
        tried = path.with_name(f"{path.stem}-{number}{path.suffix}")
    return tried
