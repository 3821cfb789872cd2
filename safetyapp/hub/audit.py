"""What happened on the hub, line by line, each line holding the hash of the one before: a line that is changed, moved
or taken out of the middle later is found. Ids and codes only; no names, no content."""

from __future__ import annotations

import hashlib
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Connection, insert, select

from safetyapp.domain.canonical import canonical_json
from safetyapp.hub.tables import audit

_FIRST = "0" * 64


class Happened(StrEnum):
    """What a line tells of."""

    RECEIVED = "received"
    REFUSED = "refused"
    HANDED_OUT = "handed-out"
    PERSON_ADDED = "person-added"
    PERSON_CHANGED = "person-changed"
    PERSON_REVOKED = "person-revoked"
    OFFERED = "offered"
    ENROLLED = "enrolled"


def note(
    connection: Connection,
    at: datetime,
    what: Happened,
    subject: str,
    person: str = "",
    device: str = "",
    detail: str = "",
) -> None:
    """One more line, in the transaction in which it happens."""
    last = connection.execute(select(audit.c.number, audit.c.hash).order_by(audit.c.number.desc()).limit(1)).first()
    line = {
        "number": last.number + 1 if last else 1,
        "at": at.isoformat(),
        "what": what.value,
        "subject": subject,
        "person": person,
        "device": device,
        "detail": detail,
        "before": last.hash if last else _FIRST,
    }
    connection.execute(insert(audit).values(**line, hash=_hash(line)))


def first_broken(connection: Connection) -> int | None:
    """The number of the first line that is not as it was written; None when all are. What is cut off at the end cannot
    be seen from here: keep the last hash elsewhere (`last`)."""
    before = _FIRST
    for number, row in enumerate(connection.execute(select(audit).order_by(audit.c.number)).mappings(), 1):
        line = {name: row[name] for name in row if name != "hash"}
        if row["number"] != number or row["before"] != before or row["hash"] != _hash(line):
            return number
        before = row["hash"]
    return None


def last(connection: Connection) -> tuple[int, str]:
    """Number and hash of the last line."""
    row = connection.execute(select(audit.c.number, audit.c.hash).order_by(audit.c.number.desc()).limit(1)).first()
    return (row.number, row.hash) if row else (0, _FIRST)


def _hash(line: dict[str, object]) -> str:
    return hashlib.sha256(canonical_json(line)).hexdigest()
