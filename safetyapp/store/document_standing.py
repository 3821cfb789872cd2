"""How documents stand because of each other: which version counts, what was decided on it; and what they say of each
other. Projections of the records: they can be thrown away and rebuilt."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping, Sequence

from safetyapp.domain.document import DocumentKind, DocumentRow
from safetyapp.domain.links import Link, LinkRole
from safetyapp.store.columns import text
from safetyapp.store.standing import COUNTS, REBUILT

_COUNTS = COUNTS.format("documents")

# the last word of each reviewer on exactly this file
_DECISIONS = f"""(
    SELECT DISTINCT l.said FROM document_links l JOIN documents r ON r.sha256 = l.sha256
    WHERE l.target = documents.id AND l.role = '{LinkRole.REVIEWED.value}' AND l.target_sha256 = documents.sha256
    AND r.counts AND NOT EXISTS (
        SELECT 1 FROM document_links m JOIN documents n ON n.sha256 = m.sha256
        WHERE m.target = l.target AND m.role = l.role AND m.target_sha256 = l.target_sha256
        AND n.author_id = r.author_id AND (n.made_us, n.sha256) > (r.made_us, r.sha256)
    )
)"""
_IS_VOID = f"""EXISTS (
    SELECT 1 FROM document_links l WHERE l.target = documents.id AND l.role = '{LinkRole.VOIDED.value}'
    AND l.target_sha256 = documents.sha256
)"""

# made here and not delivered: until a receipt has come, that is what a person has to know of it
_WAITS = """(state = 'waiting' AND NOT EXISTS (
    SELECT 1 FROM deliveries v WHERE v.sha256 = documents.sha256 AND v.state = 'delivered'
))"""

STANDING = f"""CASE
    WHEN {_IS_VOID} THEN 'void'
    WHEN NOT counts AND (NOT {_WAITS} OR EXISTS {_DECISIONS}) THEN 'replaced'
    ELSE coalesce((SELECT CASE count(*) WHEN 0 THEN NULL WHEN 1 THEN max(said) ELSE 'needs-action' END
        FROM {_DECISIONS}), CASE WHEN state = 'waiting' AND NOT {_WAITS} THEN 'delivered' ELSE state END)
END"""
"""Said in `tests.fakes.store` in Python; both keep the same suite."""


def keep_links(connection: sqlite3.Connection, row: DocumentRow, links: Sequence[Link] | None) -> None:
    """After the row of a document has come: what it says of others, and how they stand now. None: its record is still
    to be read."""
    if links is None and row.kind is not DocumentKind.INSPECTION_REPORT:  # a report names no paper
        connection.execute("INSERT OR IGNORE INTO unread_links VALUES (?)", (row.sha256,))
    else:
        _replace(connection, row.sha256, links or ())
    own = connection.execute("SELECT supersedes FROM documents WHERE id = ? AND supersedes IS NOT NULL", (row.id,))
    refresh(connection, {row.id, *(text(one) for (one,) in own), *(link.target for link in links or ())})


def read_links(connection: sqlite3.Connection, links: Mapping[str, Sequence[Link]]) -> None:
    """What documents that were here already say of others, by their hashes."""
    for sha256, said in links.items():
        _replace(connection, sha256, said)
    refresh(connection, {link.target for said in links.values() for link in said})


def unread(connection: sqlite3.Connection, limit: int) -> tuple[str, ...]:
    """The hashes of documents whose records are still to be read."""
    rows = connection.execute("SELECT sha256 FROM unread_links ORDER BY sha256 LIMIT ?", (limit,))
    return tuple(text(sha256) for (sha256,) in rows)


def links_of(connection: sqlite3.Connection, sha256: str) -> tuple[Link, ...]:
    """What one document says of others."""
    rows = connection.execute(
        "SELECT role, target, target_sha256, said FROM document_links WHERE sha256 = ?"
        " ORDER BY role, target, target_sha256",
        (sha256,),
    )
    return tuple(Link(LinkRole(role), text(target), text(at), text(said)) for role, target, at, said in rows)


def pointing_at(connection: sqlite3.Connection, document_id: str) -> tuple[str, ...]:
    """The hashes of the documents that name this id, corrections of it too."""
    rows = connection.execute(
        "SELECT sha256 FROM document_links WHERE target = ?1 UNION SELECT sha256 FROM documents WHERE supersedes = ?1",
        (document_id,),
    )
    return tuple(text(sha256) for (sha256,) in rows)


def refresh(connection: sqlite3.Connection, ids: Iterable[str]) -> None:
    """Says anew how the documents of these ids stand, and those on which they decide."""
    wanted = sorted(set(ids))
    connection.executemany(
        f"UPDATE documents SET counts = ({_COUNTS}) WHERE id = ? AND counts <> ({_COUNTS})", [(one,) for one in wanted]
    )
    reviewed = {
        text(target)
        for one in wanted
        for (target,) in connection.execute(
            "SELECT l.target FROM documents d JOIN document_links l ON l.sha256 = d.sha256 WHERE d.id = ?", (one,)
        )
    }
    connection.executemany(
        f"UPDATE documents SET standing = {STANDING} WHERE id = ? AND standing <> {STANDING}",
        [(one,) for one in sorted({*wanted, *reviewed})],
    )


def rebuild(connection: sqlite3.Connection, links: Mapping[str, Sequence[Link]] | None) -> None:
    """The projections made anew; with `links`, by hash, of these documents also what they say of others."""
    for sha256, said in (links or {}).items():
        _replace(connection, sha256, said)
    connection.execute(f"UPDATE documents SET counts = ({_COUNTS}) WHERE counts <> ({_COUNTS})")
    connection.execute(f"UPDATE documents SET standing = {STANDING} WHERE standing <> {STANDING}")
    connection.execute("DELETE FROM document_tally")
    connection.execute("INSERT INTO document_tally SELECT kind, standing, count(*) FROM documents GROUP BY 1, 2")
    connection.execute("DELETE FROM open_tally")
    connection.execute(f"INSERT INTO open_tally {REBUILT}")


def stale(connection: sqlite3.Connection) -> int:
    """How many documents stand otherwise than a rebuild would say, or are counted wrongly."""
    (wrong,) = connection.execute(
        f"SELECT count(*) FROM documents WHERE counts <> ({_COUNTS}) OR standing <> {STANDING}"
    ).fetchone()
    for rebuilt, kept in (
        ("SELECT kind, standing, count(*) FROM documents GROUP BY 1, 2", "SELECT * FROM document_tally WHERE n"),
        (REBUILT, "SELECT * FROM open_tally WHERE n"),
    ):
        for one, other in ((rebuilt, kept), (kept, rebuilt)):
            (n,) = connection.execute(
                f"SELECT count(*) FROM (SELECT * FROM ({one}) EXCEPT SELECT * FROM ({other}))"
            ).fetchone()
            wrong += n
    return int(wrong)


def _replace(connection: sqlite3.Connection, sha256: str, links: Sequence[Link]) -> None:
    connection.execute("DELETE FROM document_links WHERE sha256 = ?", (sha256,))
    connection.executemany(
        "INSERT OR IGNORE INTO document_links VALUES (?, ?, ?, ?, ?)",
        [(sha256, link.role.value, link.target, link.target_sha256, link.said) for link in links],
    )
    connection.execute("DELETE FROM unread_links WHERE sha256 = ?", (sha256,))
