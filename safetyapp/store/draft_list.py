"""The list of drafts, by itself: Today opens with it, long before a draft is opened."""

from __future__ import annotations

import sqlite3

from safetyapp.domain.draft import DraftRow
from safetyapp.store.columns import instant


def drafts(connection: sqlite3.Connection) -> tuple[DraftRow, ...]:
    """The drafts that are neither closed nor in the bin, newest change first."""
    rows = connection.execute(
        "SELECT d.id, d.school_id, d.school_name, d.form_id, f.title, d.started_at, d.changed_at, d.marks,"
        " d.given_to, d.given_at"
        " FROM drafts d JOIN forms f ON f.sha256 = d.form_sha256"
        " WHERE d.deleted_at IS NULL AND d.closed_by IS NULL ORDER BY d.changed_us DESC, d.id"
    )
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
            given_to=row[8] or "",
            given_at=instant(row[9]) if row[9] is not None else None,
        )
        for row in rows
    )
