"""The list of drafts, by itself: Today opens with it, long before a draft is opened."""

from __future__ import annotations

import sqlite3
from datetime import datetime

from safetyapp.domain.draft import DraftRow
from safetyapp.store.columns import instant

_ROWS = (
    "SELECT d.id, d.school_id, d.school_name, d.form_id, f.title, d.started_at, d.changed_at, d.marks, d.deleted_at,"
    " d.given_to, d.given_at"
    " FROM drafts d JOIN forms f ON f.sha256 = d.form_sha256"
)


def drafts(connection: sqlite3.Connection) -> tuple[DraftRow, ...]:
    """The drafts that are neither closed nor in the bin, newest change first."""
    return _rows(connection, " WHERE d.deleted_at IS NULL AND d.closed_by IS NULL ORDER BY d.changed_us DESC, d.id")


def deleted(connection: sqlite3.Connection, since: datetime) -> tuple[DraftRow, ...]:
    """The drafts that were put into the bin since then, the last one first."""
    found = _rows(connection, " WHERE d.deleted_at IS NOT NULL AND d.closed_by IS NULL")
    recent = [(row.deleted_at, row) for row in found if row.deleted_at is not None and row.deleted_at >= since]
    return tuple(row for _, row in sorted(recent, key=lambda pair: pair[0], reverse=True))


def _rows(connection: sqlite3.Connection, which: str) -> tuple[DraftRow, ...]:
    return tuple(
        DraftRow(
            id=row[0],
            school_id=row[1],
            school=row[2],
            form_id=row[3],
            title=row[4],
            started_at=instant(row[5]),
            changed_at=instant(row[6]),
            marks=row[7],
            deleted_at=instant(row[8]) if row[8] is not None else None,
            given_to=row[9] or "",
            given_at=instant(row[10]) if row[10] is not None else None,
        )
        for row in connection.execute(_ROWS + which)
    )
