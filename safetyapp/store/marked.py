"""Marked copies of photos: which file is a photo with these marks burnt in. A row can be thrown away and made again."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from typing import TYPE_CHECKING

from safetyapp.domain.inspection import Photo, Sha256
from safetyapp.domain.photo_marks import PhotoMarks, marks_json, read_marks
from safetyapp.domain.problem import Problem
from safetyapp.store import photos
from safetyapp.store.columns import Row, number, text
from safetyapp.store.files import address_of

if TYPE_CHECKING:
    from safetyapp.store.burning import Burnt
    from safetyapp.store.photo_files import PhotoFiles


def find(connection: sqlite3.Connection, photo: Photo, marks: PhotoMarks) -> Photo | None:
    """The photo as its marked copy is."""
    row: Row | None = connection.execute(
        "SELECT printed, width, height FROM marked_copies WHERE original = ? AND marks = ?",
        (photo.original, marks_json(marks)),
    ).fetchone()
    return _copy(photo, row) if row else None


def add(connection: sqlite3.Connection, copy: Photo, marks: PhotoMarks) -> None:
    """The copy that was made last counts."""
    connection.execute(
        "INSERT INTO marked_copies (original, marks, printed, width, height) VALUES (?, ?, ?, ?, ?)"
        " ON CONFLICT (original, marks) DO UPDATE"
        " SET printed = excluded.printed, width = excluded.width, height = excluded.height",
        (copy.original, marks_json(marks), copy.printed, copy.width, copy.height),
    )


def every(connection: sqlite3.Connection) -> tuple[tuple[Photo, PhotoMarks], ...]:
    """All marked copies with their marks."""
    rows = connection.execute(
        f"SELECT m.printed, m.width, m.height, m.marks, {photos.COLUMNS}"
        " FROM marked_copies m JOIN photos p ON p.original = m.original ORDER BY m.original, m.marks"
    )
    found = ((_copy(photos.photo_of(row[4:]), row), read_marks(text(row[3]))) for row in rows)
    return tuple((copy, marks) for copy, marks in found if marks is not None)


def burn(files: PhotoFiles, photo: Photo, marks: PhotoMarks) -> tuple[Photo, Burnt]:
    """The marked copy of a photo out of its original, not kept yet. Raises Problem unreadable-file, photo-broken."""
    # Pillow is imported with the first photo: nothing at start-up needs it
    from safetyapp.store.burning import burn as burn_picture

    path = files.originals.path(photo.original)
    try:
        data = path.read_bytes()
    except OSError as error:
        raise Problem("unreadable-file", path=str(path), reason=error.strerror or type(error).__name__) from error
    if address_of(data) != photo.original:
        raise Problem("photo-broken", name=photo.original[:8])
    burnt = burn_picture(data, photo.original[:8], marks)
    copy = replace(photo, printed=Sha256(address_of(burnt.printed)), width=burnt.width, height=burnt.height)
    return copy, burnt


def _copy(photo: Photo, row: Row) -> Photo:
    return replace(photo, printed=Sha256(text(row[0])), width=number(row[1]), height=number(row[2]))
