"""The print log in its table: it only grows."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

from safetyapp.domain.print_job import PrintLogEntry
from safetyapp.store.columns import Row, instant, number, text

_COLUMNS = "job, sha256, number, title, school, who, at, copies, pages, printer, is_reprint"


def add(connection: sqlite3.Connection, entries: Iterable[PrintLogEntry]) -> None:
    connection.executemany(
        f"INSERT INTO print_log ({_COLUMNS}) VALUES ({', '.join('?' * 11)})",
        [
            (
                entry.job,
                entry.sha256,
                entry.number,
                entry.title,
                entry.school,
                entry.who,
                entry.at.isoformat(),
                entry.copies,
                entry.pages,
                entry.printer,
                int(entry.is_reprint),
            )
            for entry in entries
        ],
    )


def entries(connection: sqlite3.Connection, sha256: str | None, limit: int) -> tuple[PrintLogEntry, ...]:
    """Of one document, or of all; newest first."""
    where, values = ("sha256 = ?", [sha256]) if sha256 is not None else ("true", list[str]())
    rows = connection.execute(
        f"SELECT {_COLUMNS} FROM print_log WHERE {where} ORDER BY seq DESC LIMIT ?", (*values, limit)
    )
    return tuple(map(_entry, rows))


def _entry(row: Row) -> PrintLogEntry:
    return PrintLogEntry(
        job=text(row[0]),
        sha256=text(row[1]),
        number=text(row[2]),
        title=text(row[3]),
        school=text(row[4]),
        who=text(row[5]),
        at=instant(row[6]),
        copies=number(row[7]),
        pages=number(row[8]),
        printer=text(row[9]),
        is_reprint=bool(row[10]),
    )
