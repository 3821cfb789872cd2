"""What reviews and responses say of earlier papers, in their tables, and the lists that come of it. It is copied from
the documents and can be thrown away; which documents count is asked when reading."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from dataclasses import fields
from datetime import date

from safetyapp.domain.any_record import AnyRecord
from safetyapp.domain.document import DocumentKind
from safetyapp.domain.form import ItemId
from safetyapp.domain.ledger import LedgerRow
from safetyapp.domain.review import Decision, Remark
from safetyapp.domain.said import FindingAnswered, Recheck, Rechecks, ResponseSaid, Returned, ReviewSaid, Said, said_of
from safetyapp.domain.school import PersonId, Role
from safetyapp.store.columns import Row, day, number, text
from safetyapp.store.documents import OF_DOCUMENT
from safetyapp.store.documents import of_row as document_of
from safetyapp.store.ledger import of_row as finding_of
from safetyapp.store.standing import COUNTING

_READ = (DocumentKind.REVIEW.value, DocumentKind.RESPONSE.value)

# the last that a school has said of each of its own findings
_ANSWERED = """(
    SELECT finding, school_id, is_done, photos FROM (
        SELECT s.finding, p.school_id, s.is_done, s.photos, row_number() OVER (
            PARTITION BY s.finding, p.school_id ORDER BY p.made_us DESC, p.sha256 DESC
        ) AS place FROM response_said s JOIN documents p ON p.sha256 = s.sha256 WHERE p.counts
    ) WHERE place = 1
) a"""

_TO_CHECK = f"{COUNTING} LEFT JOIN {_ANSWERED} ON a.finding = l.id AND a.school_id = l.school_id"
_OPEN = "l.state <> 'closed'"
_NOW = "(l.deadline <= :on OR coalesce(a.is_done, 0) = 1)"


def unread(connection: sqlite3.Connection, limit: int) -> tuple[str, ...]:
    """Reviews and responses that nobody has looked into, newest first."""
    rows = connection.execute(
        "SELECT d.sha256 FROM documents d WHERE d.kind IN (?, ?)"
        " AND NOT EXISTS (SELECT 1 FROM papers_read r WHERE r.sha256 = d.sha256)"
        " ORDER BY d.made_us DESC, d.sha256 DESC LIMIT ?",
        (*_READ, limit),
    )
    return tuple(text(row[0]) for row in rows)


def keep(connection: sqlite3.Connection, sha256: str, said: Said | None) -> None:
    """What a kept document says; the same again changes nothing."""
    known = connection.execute("INSERT INTO papers_read (sha256) VALUES (?) ON CONFLICT DO NOTHING", (sha256,))
    if not known.rowcount:
        return
    if isinstance(said, ReviewSaid):
        remarks = [[r.item, r.question, r.text] for r in said.remarks]
        connection.execute(
            "INSERT INTO review_said (sha256, report, report_sha256, decision, issuer, reason, remarks)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                sha256,
                said.report,
                said.report_sha256,
                said.decision.value,
                said.issuer,
                said.reason,
                json.dumps(remarks, ensure_ascii=False),
            ),
        )
    elif isinstance(said, ResponseSaid):
        connection.executemany(
            "INSERT OR REPLACE INTO response_said (sha256, finding, is_done, photos) VALUES (?, ?, ?, ?)",
            [(sha256, f.finding, int(f.is_done), f.photos) for f in said.findings],
        )


def rebuild(connection: sqlite3.Connection, records: Mapping[str, AnyRecord]) -> None:
    """The tables made anew for the documents whose records are given by hash; others keep what they have."""
    for sha256, record in records.items():
        if record.kind.value in _READ:
            for table in ("review_said", "response_said", "papers_read"):
                connection.execute(f"DELETE FROM {table} WHERE sha256 = ?", (sha256,))
            keep(connection, sha256, said_of(record))


def returned(connection: sqlite3.Connection, author: PersonId, report: str | None = None) -> tuple[Returned, ...]:
    """The reports of a person that count and whose last review, by an office, sends them back; newest review first.
    With a report's id the review of that one, whether it still counts or not."""
    which, values = ("d.counts", ()) if report is None else ("d.id = ?", (report,))
    rows = connection.execute(
        f"SELECT s.report, s.report_sha256, s.decision, s.issuer, s.reason, s.remarks, r.author, r.inspected_on,"
        f" {OF_DOCUMENT} FROM review_said s JOIN documents r ON r.sha256 = s.sha256 AND r.author_role = ?"
        " JOIN documents d ON d.sha256 = s.report_sha256 AND d.id = s.report AND d.kind = ? AND d.author_id = ?"
        f" WHERE s.decision = ? AND {which} AND NOT EXISTS ("
        "   SELECT 1 FROM review_said t JOIN documents u ON u.sha256 = t.sha256 AND u.author_role = r.author_role"
        "   WHERE t.report = s.report AND (u.made_us, u.sha256) > (r.made_us, r.sha256)"
        ") ORDER BY r.made_us DESC, r.sha256",
        (Role.OFFICE.value, DocumentKind.INSPECTION_REPORT.value, author, Decision.RETURNED.value, *values),
    )
    return tuple(Returned(document_of(row[8:]), _review(row[:6]), text(row[6]), day(row[7])) for row in rows)


def rechecks(connection: sqlite3.Connection, on: date, limit: int) -> tuple[Recheck, ...]:
    """Open findings whose deadline has come, or that their school says are done: major first, then by deadline."""
    columns = ", ".join(f"l.{field.name}" for field in fields(LedgerRow))
    rows = connection.execute(
        f"SELECT d.sha256, a.is_done, a.photos, {columns} FROM {_TO_CHECK} WHERE {_OPEN} AND {_NOW}"
        " ORDER BY l.severity <> 'major', l.deadline, l.id LIMIT :limit",
        {"on": on.isoformat(), "limit": limit},
    )
    found = []
    for row in rows:
        finding = finding_of(row[3:])
        answered = None if row[1] is None else FindingAnswered(finding.id, bool(row[1]), number(row[2]))
        found.append(Recheck(finding, text(row[0]), answered))
    return tuple(found)


def count_rechecks(connection: sqlite3.Connection, on: date, until: date) -> dict[str, Rechecks]:
    """The same counted by school id, and those whose deadline comes until a later day."""
    rows = connection.execute(
        f"SELECT l.school_id, sum({_NOW}), sum({_NOW} AND l.severity = 'major'),"
        f" min(CASE WHEN {_NOW} THEN l.deadline END), max(CASE WHEN {_NOW} THEN d.sha256 END),"
        f" sum(NOT {_NOW}), sum(NOT {_NOW} AND l.severity = 'major')"
        f" FROM {_TO_CHECK} WHERE {_OPEN} AND ({_NOW} OR l.deadline <= :until) GROUP BY l.school_id",
        {"on": on.isoformat(), "until": until.isoformat()},
    )
    return {
        text(r[0]): Rechecks(
            number(r[1]), number(r[2]), day(r[3]) if r[3] else None, r[4] or "", number(r[5]), number(r[6])
        )
        for r in rows
    }


def _review(row: Row) -> ReviewSaid:
    remarks = tuple(
        Remark(ItemId(item) if item is not None else None, question, words)
        for item, question, words in json.loads(text(row[5]))
    )
    return ReviewSaid(text(row[0]), text(row[1]), Decision(text(row[2])), text(row[3]), text(row[4]), remarks)
