"""The ledger 台账 as a table: each document's findings as they were signed. Which of them count is asked of the
documents when reading, so the order in which documents arrive makes no difference. It can be thrown away and rebuilt.

Of two files of one document id by one author the later made counts (of equals the greater hash); what a counting one
of the same author supersedes does not. The rule is `domain.ledger.counting`.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import fields

from safetyapp.domain.any_record import AnyRecord
from safetyapp.domain.form import Severity
from safetyapp.domain.ledger import FindingState, LedgerRow, rows_of
from safetyapp.domain.school import SchoolId
from safetyapp.store.columns import Row, day, maybe_text, text
from safetyapp.store.standing import COUNTING

_COLUMNS = ", ".join(field.name for field in fields(LedgerRow))
OF_LEDGER = ", ".join(f"l.{field.name}" for field in fields(LedgerRow))
"""The columns that `of_row` reads, of a table `l`."""

_READ = f"SELECT {OF_LEDGER} FROM {COUNTING} WHERE {{where}} ORDER BY l.found_on, l.document, d.author_id, l.position"


def ledger(connection: sqlite3.Connection, school: SchoolId | None = None) -> tuple[LedgerRow, ...]:
    """The findings that count, oldest first."""
    if school is None:
        rows = connection.execute(_READ.format(where="true"))
    else:
        rows = connection.execute(_READ.format(where="l.school_id = ?"), (school,))
    return tuple(map(of_row, rows))


def of_document(connection: sqlite3.Connection, sha256: str) -> tuple[LedgerRow, ...]:
    """What one document brought, whether it counts or not."""
    rows = connection.execute(f"SELECT {_COLUMNS} FROM ledger WHERE sha256 = ? ORDER BY position", (sha256,))
    return tuple(map(of_row, rows))


def add(connection: sqlite3.Connection, sha256: str, rows: Iterable[LedgerRow]) -> None:
    """The findings of one document."""
    connection.executemany(
        f"INSERT INTO ledger (sha256, position, {_COLUMNS}) VALUES ({', '.join('?' * 17)})",
        [(sha256, position, *_row(row)) for position, row in enumerate(rows, start=1)],
    )


def rebuild(connection: sqlite3.Connection, records: Mapping[str, AnyRecord]) -> None:
    """The table made anew for the documents whose records are given by hash; others keep the rows they have."""
    for sha256, record in records.items():
        connection.execute("DELETE FROM ledger WHERE sha256 = ?", (sha256,))
        add(connection, sha256, rows_of(record))


def _row(row: LedgerRow) -> Row:
    return (
        row.id,
        row.document,
        row.school_id,
        row.school,
        row.form,
        row.item,
        row.place,
        row.text,
        row.severity.value,
        row.state.value,
        row.found_on.isoformat(),
        row.deadline.isoformat(),
        row.closed_on.isoformat() if row.closed_on else None,
        row.notice,
        row.repeats,
    )


def of_row(row: Row) -> LedgerRow:
    """From the columns in the order of the fields of LedgerRow."""
    return LedgerRow(
        id=text(row[0]),
        document=text(row[1]),
        school_id=text(row[2]),
        school=text(row[3]),
        form=text(row[4]),
        item=text(row[5]),
        place=text(row[6]),
        text=text(row[7]),
        severity=Severity(text(row[8])),
        state=FindingState(text(row[9])),
        found_on=day(row[10]),
        deadline=day(row[11]),
        closed_on=day(row[12]) if row[12] is not None else None,
        notice=maybe_text(row[13]),
        repeats=text(row[14]),
    )
