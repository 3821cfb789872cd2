"""What of the ledger counts, and the counts that Today opens with; the ledger's rows themselves are in store.ledger."""

from __future__ import annotations

import sqlite3
from datetime import date

from safetyapp.domain.standing import Hazards

# domain.ledger.counting, said in SQL: only its own author replaces a document, and of two authors of one id one counts
# (which ids have two is asked once, not for every document: hardly one ever has)
_LATEST = """NOT EXISTS (
    SELECT 1 FROM documents v WHERE v.id = {0}.id AND v.author_id = {0}.author_id
    AND (v.made_us, v.sha256) > ({0}.made_us, {0}.sha256)
)"""

COUNTS = f"""{_LATEST}
AND NOT EXISTS (
    SELECT 1 FROM documents s WHERE s.supersedes = {{0}}.id AND s.author_id = {{0}}.author_id AND {_LATEST.format("s")}
)
AND {{0}}.author_id = (
    SELECT h.author_id FROM documents h WHERE h.id = {{0}}.id ORDER BY h.hand_overs DESC, h.made_us, h.author_id LIMIT 1
)"""
"""Whether the document named in the braces counts. Each row keeps the answer in its column `counts`."""

COUNTING = """ledger l JOIN documents d ON d.sha256 = l.sha256 AND d.counts"""
"""The findings `l` of the documents `d` that count, for a FROM."""

REBUILT = """SELECT l.school_id, substr(l.deadline, 1, 7), count(*), sum(l.severity = 'major')
FROM ledger l JOIN documents d ON d.sha256 = l.sha256 WHERE l.state <> 'closed' AND d.counts GROUP BY 1, 2"""
"""What the table `open_tally` holds: what is open and counts, by school and by the month of its deadline. Triggers keep
it."""


def open_hazards(connection: sqlite3.Connection, on: date) -> dict[str, Hazards]:
    """What is open on a day, counted by school id: the months are added up, and of the day's own month each deadline is
    looked at."""
    day, month = on.isoformat(), f"{on:%Y-%m}"
    tallied = connection.execute(
        "SELECT school_id, sum(n), sum(majors), sum(CASE WHEN month < ? THEN n ELSE 0 END) FROM open_tally"
        " GROUP BY school_id",
        (month,),
    )
    found = {row[0]: list(row[1:]) for row in tallied}
    this_month = "l.state <> 'closed' AND l.deadline >= ? AND l.deadline < ? GROUP BY l.school_id"
    for sign, source in (
        (1, "ledger l INDEXED BY ledger_open WHERE"),
        (
            -1,
            "documents d INDEXED BY documents_replaced CROSS JOIN ledger l ON l.sha256 = d.sha256"
            " WHERE NOT d.counts AND",
        ),
    ):
        for school, n in connection.execute(
            f"SELECT l.school_id, count(*) FROM {source} {this_month}", (f"{month}-01", day)
        ):
            found.setdefault(school, [0, 0, 0])[2] += sign * n
    return {school: Hazards(majors, n - majors, late) for school, (n, majors, late) in found.items() if n}
