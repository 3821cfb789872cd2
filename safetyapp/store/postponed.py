"""What was put off 改期, in its table: one word for each school, form and day."""

from __future__ import annotations

import sqlite3

from safetyapp.domain.duty import Postponed
from safetyapp.domain.school import SchoolId
from safetyapp.store.columns import day, instant, text


def postponed(connection: sqlite3.Connection) -> tuple[Postponed, ...]:
    """By school, form and day."""
    rows = connection.execute(
        "SELECT school_id, form, due_on, until, reason, at FROM postponed ORDER BY school_id, form, due_on"
    )
    return tuple(
        Postponed(SchoolId(text(r[0])), text(r[1]), day(r[2]), day(r[3]), text(r[4]), instant(r[5])) for r in rows
    )


def postpone(connection: sqlite3.Connection, put_off: Postponed) -> None:
    connection.execute(
        "INSERT OR REPLACE INTO postponed (school_id, form, due_on, until, reason, at) VALUES (?, ?, ?, ?, ?, ?)",
        (
            put_off.school,
            put_off.form,
            put_off.due_on.isoformat(),
            put_off.until.isoformat(),
            put_off.reason,
            put_off.at.isoformat(),
        ),
    )


def take_back(connection: sqlite3.Connection, put_off: Postponed) -> None:
    connection.execute(
        "DELETE FROM postponed WHERE school_id = ? AND form = ? AND due_on = ?",
        (put_off.school, put_off.form, put_off.due_on.isoformat()),
    )
