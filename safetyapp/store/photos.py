"""Photos: the original byte for byte, its copy for print and its thumbnail as files, and one row that names them."""

from __future__ import annotations

import sqlite3
import stat
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from safetyapp.domain.inspection import CaptureClock, Photo, Sha256
from safetyapp.domain.problem import Problem
from safetyapp.store.columns import Row, instant, number, text
from safetyapp.store.files import address_of

if TYPE_CHECKING:
    from safetyapp.store.pictures import Prepared

LARGEST_PHOTO = 60 * 1024 * 1024
"""Bytes; a larger file is refused unread."""

COLUMNS = "p.original, p.printed, p.width, p.height, p.size, p.media_type, p.taken_at, p.taken_by_clock"


@dataclass(frozen=True, slots=True)
class Source:
    """A photo as it was handed in. `address` is the hash of its bytes; `name` is what a person calls it: the file's
    name, or the beginning of the hash of what was pasted; `written_at` the file's own time."""

    data: bytes
    address: str
    name: str
    written_at: datetime | None = None


def read_source(source: Path | bytes, now: datetime) -> Source:
    """Raises Problem photo-broken (nothing in it), photo-too-large, not-a-photo (no ordinary file), unreadable-file."""
    found = _pasted(source) if isinstance(source, bytes) else _read_file(source, now)
    if len(found.data) > LARGEST_PHOTO:
        raise Problem("photo-too-large", name=found.name, megabytes=LARGEST_PHOTO // 1024 // 1024)
    if not found.data:
        raise Problem("photo-broken", name=found.name)
    return found


def prepare(source: Source, now: datetime) -> Prepared:
    """Raises Problem photo-broken, photo-bomb, not-a-photo."""
    # Pillow is imported with the first photo: nothing at start-up needs it
    from safetyapp.store.pictures import prepare as prepare_picture

    return prepare_picture(source.data, source.name, now)


def describe(source: Source, prepared: Prepared, now: datetime) -> Photo:
    """The photo as a value. When the camera does not say when, the file's time is taken, else the laptop's."""
    taken_at, clock = prepared.taken_at, CaptureClock.CAMERA
    if taken_at is None and source.written_at is not None:
        taken_at, clock = source.written_at, CaptureClock.FILE
    elif taken_at is None:
        taken_at, clock = now, CaptureClock.LAPTOP
    return Photo(
        original=Sha256(source.address),
        printed=Sha256(address_of(prepared.printed)),
        width=prepared.width,
        height=prepared.height,
        size=len(source.data),
        media_type=prepared.media_type,
        taken_at=taken_at,
        taken_by_clock=clock,
    )


def described_as(photo: Photo, source: Source, prepared: Prepared) -> Photo:
    """A photo that somebody else took in, as he described it; what was measured is measured anew."""
    return replace(
        photo,
        printed=Sha256(address_of(prepared.printed)),
        width=prepared.width,
        height=prepared.height,
        size=len(source.data),
        media_type=prepared.media_type,
    )


def add(connection: sqlite3.Connection, photo: Photo) -> Photo:
    """The photo as it is kept: the first time it was taken in counts, with the copy that was made last (one whose files
    were lost gets them anew)."""
    connection.execute(
        f"INSERT INTO photos ({COLUMNS.replace('p.', '')}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (original) DO UPDATE"
        " SET printed = excluded.printed, width = excluded.width, height = excluded.height",
        (
            photo.original,
            photo.printed,
            photo.width,
            photo.height,
            photo.size,
            photo.media_type,
            photo.taken_at.isoformat() if photo.taken_at else None,
            photo.taken_by_clock.value if photo.taken_by_clock else None,
        ),
    )
    kept = find(connection, photo.original)
    assert kept is not None
    return kept


def find(connection: sqlite3.Connection, original: str) -> Photo | None:
    row = connection.execute(f"SELECT {COLUMNS} FROM photos p WHERE original = ?", (original,)).fetchone()
    return photo_of(row) if row else None


def every(connection: sqlite3.Connection) -> tuple[Photo, ...]:
    return tuple(map(photo_of, connection.execute(f"SELECT {COLUMNS} FROM photos p ORDER BY original")))


def photo_of(row: Row) -> Photo:
    """From a row of COLUMNS."""
    return Photo(
        original=Sha256(text(row[0])),
        printed=Sha256(text(row[1])),
        width=number(row[2]),
        height=number(row[3]),
        size=number(row[4]),
        media_type=text(row[5]),
        taken_at=instant(row[6]) if row[6] is not None else None,
        taken_by_clock=CaptureClock(text(row[7])) if row[7] is not None else None,
    )


def _pasted(data: bytes) -> Source:
    address = address_of(data)
    return Source(data, address, address[:8])


def _read_file(path: Path, now: datetime) -> Source:
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            raise Problem("not-a-photo", name=path.name)
        if status.st_size > LARGEST_PHOTO:
            raise Problem("photo-too-large", name=path.name, megabytes=LARGEST_PHOTO // 1024 // 1024)
        data = path.read_bytes()
    except OSError as error:
        raise Problem("unreadable-file", path=str(path), reason=error.strerror or type(error).__name__) from error
    return Source(data, address_of(data), path.name, datetime.fromtimestamp(int(status.st_mtime), now.tzinfo))
