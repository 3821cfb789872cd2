"""Findings of the ledger found by their words, and the wordings that were used before at an item.

The index has a row for each finding: its number is made of the document's `seq` and the finding's place in it, so that
the latest document comes first and its findings in order. It can be thrown away and rebuilt any time.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from itertools import islice

from safetyapp.domain.ledger import FindingQuery, LedgerRow
from safetyapp.domain.phrases import Field, Wording
from safetyapp.domain.school import SchoolId
from safetyapp.store.columns import day, maybe_text, number, text
from safetyapp.store.ledger import OF_LEDGER, of_row
from safetyapp.store.search import contains, indexed, match
from safetyapp.store.standing import COUNTING

_PLACES = 1 << 16
"""More findings than one document can hold."""
_DOCUMENT = f"ledger_search.rowid / {_PLACES}"
_POSITION = f"{_PLACES - 1} - ledger_search.rowid % {_PLACES}"
_LATEST_OF_FORM = 400
"""Findings of a form that are looked through for wordings."""


def find(connection: sqlite3.Connection, query: FindingQuery) -> tuple[LedgerRow, ...]:
    """The findings that count and contain every word, the last that came in first. Without a word none is found."""
    words = match(query.text)
    if not words:
        return ()
    if query.school is not None:
        return _of_school(connection, query, query.school)
    # CROSS JOIN: the engine follows the index from its end, and stops when the page is full
    rows = connection.execute(
        f"SELECT {OF_LEDGER} FROM ledger_search CROSS JOIN documents d ON d.seq = {_DOCUMENT}"
        f" CROSS JOIN ledger l ON l.sha256 = d.sha256 AND l.position = {_POSITION}"
        f" WHERE ledger_search MATCH ? AND d.counts ORDER BY ledger_search.rowid DESC LIMIT ? OFFSET ?",
        (words, query.limit, query.offset),
    )
    return tuple(map(of_row, rows))


def _of_school(connection: sqlite3.Connection, query: FindingQuery, school: SchoolId) -> tuple[LedgerRow, ...]:
    """A school's findings are few: reading them all costs less than leaving out those of all others."""
    rows = connection.execute(
        f"SELECT {OF_LEDGER} FROM {COUNTING} WHERE l.school_id = ? ORDER BY d.seq DESC, l.position", (school,)
    )
    found = (row for row in map(of_row, rows) if contains(searched(row), query.text))
    return tuple(islice(found, query.offset, query.offset + query.limit))


def searched(row: LedgerRow) -> tuple[str, ...]:
    """The texts in which a finding is searched."""
    return (row.school, row.place, row.text)


def add(connection: sqlite3.Connection, seq: int, rows: Iterable[LedgerRow]) -> None:
    """The findings of one document."""
    connection.executemany(
        "INSERT INTO ledger_search (rowid, pairs) VALUES (?, ?)",
        [(_number(seq, position), indexed(searched(row))) for position, row in enumerate(rows, start=1)],
    )


def rebuild(connection: sqlite3.Connection) -> None:
    """The index made anew from the ledger."""
    connection.execute("INSERT INTO ledger_search (ledger_search) VALUES ('delete-all')")
    rows = connection.execute(
        "SELECT d.seq, l.position, l.school, l.place, l.text FROM ledger l JOIN documents d ON d.sha256 = l.sha256"
    ).fetchall()
    connection.executemany(
        "INSERT INTO ledger_search (rowid, pairs) VALUES (?, ?)",
        ((_number(seq, position), indexed(texts)) for seq, position, *texts in rows),
    )


def missing(connection: sqlite3.Connection) -> int:
    """How many findings the index lacks, or has too many."""
    (here,) = connection.execute("SELECT count(*) FROM ledger").fetchone()
    (known,) = connection.execute("SELECT count(*) FROM ledger_search_docsize").fetchone()
    return abs(int(here) - int(known))


def _number(seq: int, position: int) -> int:
    return seq * _PLACES + _PLACES - 1 - position


def wordings(connection: sqlite3.Connection, form: str, item: str) -> tuple[Wording, ...]:
    """How findings of an item, and lately of its form, were worded in the ledger and in drafts that are open, and what
    was demanded in drafts; each wording once, with how often and when it was used last. In no order."""
    within = (item, f"{item}@", f"{item}A")  # a row of a table: everything that begins with `item@`
    found: list[Wording] = []

    def take(field: Field, same_item: bool, statement: str, *values: str | int) -> None:
        for row in connection.execute(statement, values):
            last = maybe_text(row[2])
            if last is not None and text(row[0]).strip():
                found.append(Wording(text(row[0]), field, same_item, number(row[1]), day(last)))

    take(
        Field.TEXT, True,
        "SELECT text, count(*), max(found_on) FROM ledger WHERE form = ? AND item = ? GROUP BY text", form, item,
    )  # fmt: skip
    take(
        Field.TEXT, False,
        "SELECT text, count(*), max(found_on) FROM (SELECT text, found_on FROM ledger WHERE form = ?"
        " ORDER BY found_on DESC LIMIT ?) GROUP BY text", form, _LATEST_OF_FORM,
    )  # fmt: skip
    of_item = (
        "FROM findings f JOIN drafts d ON d.id = f.draft"
        " WHERE (f.item = ? OR (f.item >= ? AND f.item < ?)) AND d.form_id = ? AND d.deleted_at IS NULL"
    )
    take(
        Field.TEXT, True,
        f"SELECT f.text, count(*), max(d.inspected_on) {of_item} AND d.closed_by IS NULL GROUP BY f.text",
        *within, form,
    )  # fmt: skip
    take(
        Field.ACTION, True,
        f"SELECT f.action, count(*), max(d.inspected_on) {of_item} GROUP BY f.action", *within, form,
    )  # fmt: skip
    return tuple(found)
