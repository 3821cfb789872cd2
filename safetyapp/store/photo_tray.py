"""The tray of a draft: photos that came in without an item. One that is taken out leaves its row, so that a watched
folder does not bring it again."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

from safetyapp.domain.inspection import InspectionId, Sha256
from safetyapp.domain.photo_tray import TrayPhoto
from safetyapp.store import photos
from safetyapp.store.columns import instant, text
from safetyapp.store.drafts import must_take_changes


def tray(connection: sqlite3.Connection, draft: InspectionId) -> tuple[TrayPhoto, ...]:
    rows = connection.execute(
        f"SELECT t.name, t.came_at, {photos.COLUMNS} FROM photo_tray t JOIN photos p ON p.original = t.photo"
        " WHERE t.draft = ? AND t.is_out = 0 ORDER BY t.came_at, t.photo",
        (draft,),
    )
    return tuple(TrayPhoto(photos.photo_of(row[2:]), text(row[0]), instant(row[1])) for row in rows)


def put_in(connection: sqlite3.Connection, draft: InspectionId, came: Iterable[TrayPhoto]) -> None:
    """What was taken out before is in again."""
    must_take_changes(connection, draft)
    connection.executemany(
        "INSERT INTO photo_tray (draft, photo, name, came_at, is_out) VALUES (?, ?, ?, ?, 0)"
        " ON CONFLICT (draft, photo) DO UPDATE SET is_out = 0",
        [(draft, one.photo.original, one.name, one.came_at.isoformat()) for one in came],
    )


def take_out(connection: sqlite3.Connection, draft: InspectionId, originals: Iterable[Sha256]) -> None:
    must_take_changes(connection, draft)
    connection.executemany(
        "UPDATE photo_tray SET is_out = 1 WHERE draft = ? AND photo = ?", [(draft, original) for original in originals]
    )


def drafts_with(connection: sqlite3.Connection, original: Sha256) -> tuple[InspectionId, ...]:
    """The drafts, signed ones too but not those in the bin, that hold a picture or have had it in their tray."""
    rows = connection.execute(
        "SELECT id FROM drafts WHERE deleted_at IS NULL AND id IN"
        " (SELECT draft FROM photo_tray WHERE photo = ?1 UNION SELECT draft FROM photo_links WHERE photo = ?1)"
        " ORDER BY id",
        (original,),
    )
    return tuple(InspectionId(text(row[0])) for row in rows)
