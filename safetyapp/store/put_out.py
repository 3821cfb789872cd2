"""Where copies of documents were put, in a table that only grows."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from safetyapp.domain.put_out import PutOut
from safetyapp.store.columns import instant, text

_COLUMNS = "sha256, place, path, who, at"


def add(connection: sqlite3.Connection, entries: Sequence[PutOut]) -> None:
    connection.executemany(
        f"INSERT INTO put_out ({_COLUMNS}) VALUES (?, ?, ?, ?, ?)",
        [(one.sha256, one.place, one.path, one.who, one.at.isoformat()) for one in entries],
    )


def entries(connection: sqlite3.Connection, sha256: str | None, limit: int) -> tuple[PutOut, ...]:
    """Of one document, or of all; newest first."""
    where, values = ("", ()) if sha256 is None else (" WHERE sha256 = ?", (sha256,))
    rows = connection.execute(f"SELECT {_COLUMNS} FROM put_out{where} ORDER BY seq DESC LIMIT ?", (*values, limit))
    return tuple(PutOut(text(row[0]), text(row[1]), text(row[2]), text(row[3]), instant(row[4])) for row in rows)
