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


def counts(d: str) -> str:
    """Whether the document of this name counts, for a WHERE; `d` is not to be `v` or `w`."""
    return f"""{_LATEST.format(d)}
AND NOT EXISTS (
    SELECT 1 FROM documents w WHERE w.supersedes = {d}.id AND w.author_id = {d}.author_id AND {_LATEST.format("w")}
)"""


_COUNTS = counts("d")

COUNTING_DOCUMENTS = f"(SELECT * FROM documents d WHERE {_COUNTS}) d"
"""The documents `d` that count, for a FROM."""

COUNTING = f"""ledger l JOIN documents d ON d.sha256 = l.sha256
AND {_COUNTS}"""
"""The findings `l` of the documents `d` that count, for a FROM."""


def open_hazards(connection: sqlite3.Connection, on: date) -> dict[str, Hazards]:
    """What is open on a day, counted by school id."""
    rows = connection.execute(
        "SELECT l.school_id, sum(l.severity = 'major'), sum(l.severity <> 'major'), sum(l.deadline < ?)"
        f" FROM {COUNTING} WHERE l.state <> 'closed' GROUP BY l.school_id",
        (on.isoformat(),),
    )
    return {row[0]: Hazards(*row[1:]) for row in rows}
