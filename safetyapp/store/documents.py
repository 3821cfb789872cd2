"""Documents in their tables: what lists show, what waits in the outbox, and what is found by searching. They are only
ever added."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from safetyapp.domain.document import DayDone, DocumentKind, DocumentQuery, DocumentRow, DocumentState
from safetyapp.store.columns import Row, day, instant, microseconds, text
from safetyapp.store.search import indexed, match

if TYPE_CHECKING:  # Today opens with this module: what only types need is not loaded with it
    from datetime import date

    from safetyapp.domain.inspection import InspectionId
    from safetyapp.domain.ledger import LedgerRow
    from safetyapp.domain.links import Link
    from safetyapp.domain.school import SchoolId

_COLUMNS = (
    "sha256, id, kind, number, school_id, school, title, made_at, inspected_on, author, standing, size, findings,"
    " majors, supersedes, author_id, form, author_role, hand_overs"
)
"""What is read: `standing` is the state as it is today, while `state` says how the document came."""
_MANY = 2_000
"""A word that so many documents contain is no rare one."""
OF_DOCUMENT = ", ".join(f"d.{name}" for name in _COLUMNS.split(", "))


def keep(
    connection: sqlite3.Connection,
    row: DocumentRow,
    findings: Iterable[LedgerRow],
    closes: InspectionId | None,
    links: Sequence[Link] | None,
) -> bool:
    """The rows of a document whose file is there; the same one again changes nothing. Raises Problem draft-final,
    unknown-draft."""
    is_new = document(connection, row.sha256) is None
    if is_new:
        from safetyapp.store import document_standing

        _add(connection, row, tuple(findings))
        document_standing.keep_links(connection, row, links)
    if closes is not None:
        from safetyapp.store import drafts

        drafts.close(connection, closes, row.sha256)
    return is_new


def documents(connection: sqlite3.Connection, query: DocumentQuery) -> tuple[DocumentRow, ...]:
    """Newest first. The page is found in an index alone, so a late page costs no more than its rows."""
    where, values = _where(connection, query)
    rows = connection.execute(
        f"SELECT {OF_DOCUMENT} FROM"
        f" (SELECT seq FROM documents WHERE {where} ORDER BY made_us DESC, sha256 DESC LIMIT ? OFFSET ?) page"
        " JOIN documents d ON d.seq = page.seq ORDER BY d.made_us DESC, d.sha256 DESC",
        (*values, query.limit, query.offset),
    )
    return tuple(map(of_row, rows))


def count(connection: sqlite3.Connection, query: DocumentQuery) -> int:
    if not query.text and query.school is None and query.since is None and query.until is None and not query.author:
        (found,) = connection.execute(
            "SELECT coalesce(sum(n), 0) FROM document_tally WHERE (?1 IS NULL OR kind = ?1)"
            " AND (?2 IS NULL OR standing = ?2)",
            (query.kind and query.kind.value, query.state and query.state.value),
        ).fetchone()
        return int(found)
    words, others, values = match(query.text), *_plain_parts(query)
    if words and not others:
        sql, values = "SELECT count(*) FROM document_search WHERE document_search MATCH ?", [words]
    else:
        where, values = _where(connection, query)
        sql = f"SELECT count(*) FROM documents WHERE {where}"
    (found,) = connection.execute(sql, values).fetchone()
    return int(found)


def place_of(connection: sqlite3.Connection, query: DocumentQuery, sha256: str) -> int | None:
    """How many stand before this one in what is found; None where it is not found itself."""
    where, values = _where(connection, query)
    row = connection.execute(
        f"SELECT made_us FROM documents WHERE sha256 = ? AND {where}", (sha256, *values)
    ).fetchone()
    if row is None:
        return None
    (before,) = connection.execute(
        f"SELECT count(*) FROM documents WHERE (made_us, sha256) > (?, ?) AND {where}", (row[0], sha256, *values)
    ).fetchone()
    return int(before)


def document(connection: sqlite3.Connection, sha256: str) -> DocumentRow | None:
    row = connection.execute(f"SELECT {_COLUMNS} FROM documents WHERE sha256 = ?", (sha256,)).fetchone()
    return of_row(row) if row else None


def versions(connection: sqlite3.Connection, document_id: str) -> tuple[DocumentRow, ...]:
    """All that is kept under one id, newest first."""
    rows = connection.execute(
        f"SELECT {_COLUMNS} FROM documents WHERE id = ? ORDER BY made_us DESC, sha256 DESC", (document_id,)
    )
    return tuple(map(of_row, rows))


def rivals(connection: sqlite3.Connection) -> tuple[tuple[DocumentRow, ...], ...]:
    """The reports of two people under one id, each person's last; the one that counts comes first."""
    # of two authors of one id one counts, so each such id has a row that does not: these are few, and have an index
    ids = connection.execute(
        "SELECT DISTINCT d.id FROM documents d INDEXED BY documents_replaced WHERE NOT d.counts"
        " AND EXISTS (SELECT 1 FROM documents o WHERE o.id = d.id AND o.author_id <> d.author_id)"
    ).fetchall()
    found = []
    for (document_id,) in ids:
        every = [row for row in versions(connection, document_id) if row.kind is DocumentKind.INSPECTION_REPORT]
        first = min(every, key=lambda row: (-row.hand_overs, row.made_at, row.author_id), default=None)
        last = {row.author_id: row for row in reversed(every)}
        if first is not None and len(last) > 1:
            holder = last.pop(first.author_id)
            found.append((holder, *(last[author] for author in sorted(last))))
    return tuple(sorted(found, key=lambda rows: (rows[0].made_at, rows[0].id), reverse=True))


def last(connection: sqlite3.Connection) -> tuple[DocumentRow, ...]:
    """Of each school and title the one of the latest inspection, of equals the latest made."""
    order = "ORDER BY n.school_id DESC, n.title DESC, n.inspected_on DESC, n.made_us DESC, n.sha256 DESC LIMIT 1"
    rows = connection.execute(
        f"WITH RECURSIVE {_heads('documents n', 'true', order, 'school_id', 'title')}"
        f" SELECT {OF_DOCUMENT} FROM head JOIN documents d ON d.seq = head.seq ORDER BY d.made_us DESC, d.sha256 DESC"
    )
    return tuple(map(of_row, rows))


def days_done(connection: sqlite3.Connection, since: date, school: SchoolId | None = None) -> tuple[DayDone, ...]:
    """The days of the inspections that count: each since a day, and of each school, form and role the last before."""
    kind = DocumentKind.INSPECTION_REPORT.value
    here = f"n.kind = '{kind}' AND n.counts" + ("" if school is None else " AND n.school_id = :school")
    order = "ORDER BY n.school_id DESC, n.form DESC, n.author_role DESC LIMIT 1"
    heads = _heads("documents n INDEXED BY documents_done", here, order, "school_id", "form", "author_role")
    same = (
        "d.school_id = p.school_id AND d.form = p.form AND d.author_role = p.author_role"
        f" AND d.kind = '{kind}' AND d.counts"
    )
    rows = connection.execute(
        f"WITH RECURSIVE {heads}, who AS MATERIALIZED (SELECT d.school_id, d.form, d.author_role"
        " FROM head JOIN documents d ON d.seq = head.seq)"
        " SELECT p.school_id, p.form, p.author_role, d.inspected_on"
        f" FROM who p CROSS JOIN documents d INDEXED BY documents_done ON {same} WHERE d.inspected_on >= :since"
        " UNION ALL SELECT * FROM (SELECT p.school_id, p.form, p.author_role, (SELECT max(d.inspected_on)"
        f" FROM documents d INDEXED BY documents_done WHERE {same} AND d.inspected_on < :since) AS day"
        " FROM who p) WHERE day IS NOT NULL",
        {"since": since.isoformat(), "school": school},
    )
    return tuple(DayDone(row[0], row[1], row[2], day(row[3])) for row in rows)


def _heads(source: str, here: str, order: str, *columns: str) -> str:
    """The table `head (seq)`: the first row `n` in an order, of each combination of columns. It goes from one
    combination to the next in an index, so the cost grows with these and not with the rows. The next is one that
    differs in the last column, else in the last but one, and so on: for a comparison of all of them at once the engine
    would look at the first alone."""
    ways = []
    for number in reversed(range(len(columns))):
        same = "".join(f" AND n.{name} = d.{name}" for name in columns[:number])
        ways.append(
            f"(SELECT n.seq FROM {source} WHERE {here}{same} AND n.{columns[number]} < d.{columns[number]} {order})"
        )
    return (
        f"head (seq) AS (SELECT (SELECT n.seq FROM {source} WHERE {here} {order}) UNION ALL"
        f" SELECT coalesce({', '.join(ways)}) FROM head JOIN documents d ON d.seq = head.seq)"
    )


def waiting(connection: sqlite3.Connection) -> int:
    return count(connection, DocumentQuery(state=DocumentState.WAITING))


def authors(connection: sqlite3.Connection) -> tuple[str, ...]:
    """Everybody who signed a document, by name."""
    rows = connection.execute(
        "WITH RECURSIVE name(author) AS (SELECT (SELECT min(author) FROM documents) UNION ALL"
        " SELECT (SELECT min(d.author) FROM documents d WHERE d.author > name.author) FROM name"
        " WHERE name.author IS NOT NULL)"
        " SELECT author FROM name WHERE author IS NOT NULL"
    )
    return tuple(text(author) for (author,) in rows)


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
    from safetyapp.store import finding_search, ledger

    seq = connection.execute(
        f"INSERT INTO documents ({_COLUMNS}, state, made_us) VALUES ({', '.join('?' * 21)})",
        (*_row(row), row.state.value, microseconds(row.made_at)),
    ).lastrowid
    if row.state is DocumentState.WAITING:
        connection.execute("INSERT INTO outbox (sha256) VALUES (?)", (row.sha256,))
    ledger.add(connection, row.sha256, findings)
    _index(connection, seq, row, findings)
    finding_search.add(connection, seq or 0, findings)


def _index(connection: sqlite3.Connection, seq: int | None, row: DocumentRow, findings: tuple[LedgerRow, ...]) -> None:
    connection.execute(
        "INSERT INTO document_search (rowid, pairs) VALUES (?, ?)", (seq, indexed(searched(row, findings)))
    )


def searched(row: DocumentRow, findings: Iterable[LedgerRow]) -> tuple[str, ...]:
    """The texts in which a document is searched."""
    return (row.school, row.title, row.author, row.number, *(part for f in findings for part in (f.text, f.place)))


def _where(connection: sqlite3.Connection, query: DocumentQuery) -> tuple[str, list[str | int]]:
    parts, values = _plain_parts(query)
    if words := match(query.text):
        # a word that many contain is looked for from the newest on, which soon fills a page; a rare one is looked up
        (many,) = connection.execute(
            "SELECT count(*) FROM (SELECT 1 FROM document_search WHERE document_search MATCH ? LIMIT ?)", (words, _MANY)
        ).fetchone()
        seq = "+seq" if many == _MANY else "seq"
        parts.append(f"{seq} IN (SELECT rowid FROM document_search WHERE document_search MATCH ?)")
        values.append(words)
    return " AND ".join(["true", *parts]), values


def _plain_parts(query: DocumentQuery) -> tuple[list[str], list[str | int]]:
    """All but the words."""
    parts, values = list[str](), list[str | int]()
    wanted: tuple[tuple[str, str | int | None], ...] = (
        ("kind = ?", query.kind and query.kind.value),
        ("standing = ?", query.state and query.state.value),
        ("school_id = ?", query.school),
        ("author = ?", query.author or None),
        ("made_us >= ?", None if query.since is None else microseconds(query.since)),
        ("made_us < ?", None if query.until is None else microseconds(query.until)),
    )
    for condition, value in wanted:
        if value is not None:
            parts.append(condition)
            values.append(value)
    return parts, values


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
        row.hand_overs,
    )


_KINDS = {kind.value: kind for kind in DocumentKind}
_STATES = {state.value: state for state in DocumentState}


def of_row(row: tuple[Any, ...]) -> DocumentRow:
    """From the columns OF_DOCUMENT. Today reads one of every school and form: a value that is what it should be is not
    looked at again."""
    (
        sha256, document_id, kind, number, school_id, school, title, made_at, inspected_on, author, state, size,
        findings, majors, supersedes, author_id, form, author_role, hand_overs,
    ) = row  # fmt: skip
    return DocumentRow(
        document_id, sha256, _KINDS[kind], number, school_id, school, title, instant(made_at), day(inspected_on),
        author, _STATES[state], size, findings, majors, supersedes, author_id, form, author_role, hand_overs,
    )  # fmt: skip
