"""Documents in their tables: what lists show, what waits in the outbox, and what is found by searching. They are only
ever added."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from safetyapp.domain.document import DayDone, DocumentId, DocumentKind, DocumentQuery, DocumentRow, DocumentState
from safetyapp.store.columns import Row, day, instant, maybe_text, microseconds, number, text
from safetyapp.store.search import indexed, match
from safetyapp.store.standing import COUNTING_DOCUMENTS

if TYPE_CHECKING:  # Today opens with this module: what only types need is not loaded with it
    from datetime import date

    from safetyapp.domain.inspection import InspectionId
    from safetyapp.domain.ledger import LedgerRow
    from safetyapp.domain.school import SchoolId

_COLUMNS = (
    "sha256, id, kind, number, school_id, school, title, made_at, inspected_on, author, state, size, findings, majors,"
    " supersedes, author_id, form, author_role"
)
OF_DOCUMENT = ", ".join(f"d.{name}" for name in _COLUMNS.split(", "))


def keep(
    connection: sqlite3.Connection, row: DocumentRow, findings: Iterable[LedgerRow], closes: InspectionId | None
) -> bool:
    """The rows of a document whose file is there; the same one again changes nothing. Raises Problem draft-final,
    unknown-draft."""
    is_new = document(connection, row.sha256) is None
    if is_new:
        _add(connection, row, tuple(findings))
    if closes is not None:
        from safetyapp.store import drafts

        drafts.close(connection, closes, row.sha256)
    return is_new


def documents(connection: sqlite3.Connection, query: DocumentQuery) -> tuple[DocumentRow, ...]:
    """Newest first. The page is found in an index alone, so a late page costs no more than its rows."""
    where, values = _where(query)
    rows = connection.execute(
        f"SELECT {OF_DOCUMENT} FROM"
        f" (SELECT seq FROM documents WHERE {where} ORDER BY made_us DESC, sha256 DESC LIMIT ? OFFSET ?) page"
        " JOIN documents d ON d.seq = page.seq ORDER BY d.made_us DESC, d.sha256 DESC",
        (*values, query.limit, query.offset),
    )
    return tuple(map(of_row, rows))


def count(connection: sqlite3.Connection, query: DocumentQuery) -> int:
    where, values = _where(query)
    (found,) = connection.execute(f"SELECT count(*) FROM documents WHERE {where}", values).fetchone()
    return int(found)


def document(connection: sqlite3.Connection, sha256: str) -> DocumentRow | None:
    row = connection.execute(f"SELECT {_COLUMNS} FROM documents WHERE sha256 = ?", (sha256,)).fetchone()
    return of_row(row) if row else None


def versions(connection: sqlite3.Connection, document_id: str) -> tuple[DocumentRow, ...]:
    """All that is kept under one id, newest first."""
    rows = connection.execute(
        f"SELECT {_COLUMNS} FROM documents WHERE id = ? ORDER BY made_us DESC, sha256 DESC", (document_id,)
    )
    return tuple(map(of_row, rows))


def last(connection: sqlite3.Connection) -> tuple[DocumentRow, ...]:
    """Of each school and title the one of the latest inspection, of equals the latest made."""
    rows = connection.execute(
        f"SELECT {_COLUMNS} FROM documents WHERE seq IN (SELECT seq FROM (SELECT seq, row_number() OVER (PARTITION BY"
        " school_id, title ORDER BY inspected_on DESC, made_us DESC, sha256 DESC) AS place FROM documents)"
        " WHERE place = 1) ORDER BY made_us DESC, sha256 DESC"
    )
    return tuple(map(of_row, rows))


def days_done(connection: sqlite3.Connection, since: date, school: SchoolId | None = None) -> tuple[DayDone, ...]:
    """The days of the inspections that count: each since a day, and of each school, form and role the last before."""
    of_school, values = ("", ()) if school is None else (" AND school_id = ?", (school,))
    rows = connection.execute(  # materialized: looked at twice, found once
        "WITH counting AS MATERIALIZED (SELECT school_id, form, author_role, inspected_on"
        f" FROM {COUNTING_DOCUMENTS} WHERE kind = ?{of_school})"
        " SELECT * FROM counting WHERE inspected_on >= ?"
        " UNION ALL SELECT school_id, form, author_role, max(inspected_on) FROM counting"
        " WHERE inspected_on < ? GROUP BY school_id, form, author_role",
        (DocumentKind.INSPECTION_REPORT.value, *values, since.isoformat(), since.isoformat()),
    )
    return tuple(DayDone(row[0], row[1], row[2], day(row[3])) for row in rows)


def waiting(connection: sqlite3.Connection) -> int:
    (found,) = connection.execute("SELECT count(*) FROM outbox").fetchone()
    return int(found)


def every(connection: sqlite3.Connection) -> Iterator[DocumentRow]:
    """All of them, in the order in which they came."""
    return map(of_row, connection.execute(f"SELECT {_COLUMNS} FROM documents ORDER BY seq"))


def rebuild_search(connection: sqlite3.Connection) -> None:
    """The index made anew from the tables."""
    from safetyapp.store import ledger

    connection.execute("INSERT INTO document_search (document_search) VALUES ('delete-all')")
    for seq, row in [(row[0], of_row(row[1:])) for row in connection.execute(f"SELECT seq, {_COLUMNS} FROM documents")]:
        _index(connection, seq, row, ledger.of_document(connection, row.sha256))


def _add(connection: sqlite3.Connection, row: DocumentRow, findings: tuple[LedgerRow, ...]) -> None:
    from safetyapp.store import ledger

    seq = connection.execute(
        f"INSERT INTO documents ({_COLUMNS}, made_us) VALUES ({', '.join('?' * 19)})",
        (*_row(row), microseconds(row.made_at)),
    ).lastrowid
    if row.state is DocumentState.WAITING:
        connection.execute("INSERT INTO outbox (sha256) VALUES (?)", (row.sha256,))
    ledger.add(connection, row.sha256, findings)
    _index(connection, seq, row, findings)


def _index(connection: sqlite3.Connection, seq: int | None, row: DocumentRow, findings: tuple[LedgerRow, ...]) -> None:
    connection.execute(
        "INSERT INTO document_search (rowid, pairs) VALUES (?, ?)", (seq, indexed(searched(row, findings)))
    )


def searched(row: DocumentRow, findings: Iterable[LedgerRow]) -> tuple[str, ...]:
    """The texts in which a document is searched."""
    return (row.school, row.title, row.author, row.number, *(part for f in findings for part in (f.text, f.place)))


def _where(query: DocumentQuery) -> tuple[str, list[str | int]]:
    parts, values = ["true"], list[str | int]()
    if query.kind is not None:
        parts.append("kind = ?")
        values.append(query.kind.value)
    if query.school is not None:
        parts.append("school_id = ?")
        values.append(query.school)
    if query.since is not None:
        parts.append("made_us >= ?")
        values.append(microseconds(query.since))
    if words := match(query.text):
        parts.append("seq IN (SELECT rowid FROM document_search WHERE document_search MATCH ?)")
        values.append(words)
    return " AND ".join(parts), values


def _row(row: DocumentRow) -> Row:
    return (
        row.sha256,
        row.id,
        row.kind.value,
        row.number,
        row.school_id,
        row.school,
        row.title,
        row.made_at.isoformat(),
        row.inspected_on.isoformat(),
        row.author,
        row.state.value,
        row.size,
        row.findings,
        row.majors,
        row.supersedes,
        row.author_id,
        row.form,
        row.author_role,
    )


def of_row(row: Row) -> DocumentRow:
    """From the columns OF_DOCUMENT."""
    return DocumentRow(
        sha256=text(row[0]),
        id=DocumentId(text(row[1])),
        kind=DocumentKind(text(row[2])),
        number=text(row[3]),
        school_id=text(row[4]),
        school=text(row[5]),
        title=text(row[6]),
        made_at=instant(row[7]),
        inspected_on=day(row[8]),
        author=text(row[9]),
        state=DocumentState(text(row[10])),
        size=number(row[11]),
        findings=number(row[12]),
        majors=number(row[13]),
        supersedes=maybe_text(row[14]),
        author_id=text(row[15]),
        form=text(row[16]),
        author_role=text(row[17]),
    )
