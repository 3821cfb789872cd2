"""What of the ledger counts, and the counts that Today opens with; the ledger's rows themselves are in store.ledger."""

from __future__ import annotations

import sqlite3
from datetime import date

from safetyapp.domain.standing import Hazards

# domain.ledger.counting, said in SQL: only its own author replaces a document
_LATEST = """NOT EXISTS (
    SELECT 1 FROM documents v WHERE v.id = {0}.id AND v.author_id = {0}.author_id
    AND (v.made_us, v.sha256) > ({0}.made_us, {0}.sha256)
)"""

COUNTS = f"""{_LATEST}
AND NOT EXISTS (
    SELECT 1 FROM documents s WHERE s.supersedes = {{0}}.id AND s.author_id = {{0}}.author_id AND {_LATEST.format("s")}
)"""
"""Whether the document named in the braces counts. Each row keeps the answer in its column `counts`."""

COUNTING = """ledger l JOIN documents d ON d.sha256 = l.sha256 AND d.counts"""
"""The findings `l` of the documents `d` that count, for a FROM."""

_OPEN = "count(*), sum(l.severity = 'major'), sum(l.deadline < ?)"


def open_hazards(connection: sqlite3.Connection, on: date) -> dict[str, Hazards]:
    """What is open on a day, counted by school id: all that is open, found in an index alone, less what was found by
    documents that do not count, which are few."""
    day = (on.isoformat(),)
    every = connection.execute(
        f"SELECT l.school_id, {_OPEN} FROM ledger l INDEXED BY ledger_open WHERE l.state <> 'closed'"
        " GROUP BY l.school_id",
        day,
    )
    found = {row[0]: row[1:] for row in every}
    replaced = connection.execute(
        f"SELECT l.school_id, {_OPEN} FROM documents d INDEXED BY documents_replaced"
        " CROSS JOIN ledger l ON l.sha256 = d.sha256 WHERE NOT d.counts AND l.state <> 'closed' GROUP BY l.school_id",
        day,
    )
    for school, *less in replaced:
        found[school] = tuple(n - m for n, m in zip(found[school], less, strict=True))
    return {school: Hazards(major, n - major, late) for school, (n, major, late) in found.items() if n}
