"""How often a passphrase was wrong, kept so that another start of the program gives no new tries."""

from __future__ import annotations

import sqlite3

from safetyapp.domain.tries import Tries
from safetyapp.store.columns import instant, number


def tries(connection: sqlite3.Connection) -> Tries:
    row = connection.execute("SELECT wrong, until FROM tries").fetchone()
    return Tries(number(row[0]), instant(row[1]) if row[1] is not None else None) if row else Tries()


def save(connection: sqlite3.Connection, tries_: Tries) -> None:
    until = tries_.until.isoformat() if tries_.until is not None else None
    connection.execute("INSERT OR REPLACE INTO tries (only, wrong, until) VALUES (1, ?, ?)", (tries_.wrong, until))
