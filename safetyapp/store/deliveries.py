"""Documents on their way to the hub, the receipts for them, and what was fetched from there."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from safetyapp.domain.delivery import Delivery, DeliveryState, HubLine, KeptReceipt, NotTaken
from safetyapp.store import document_standing
from safetyapp.store.columns import instant

_DELIVERY = (
    "SELECT d.sha256, d.size, d.made_at, coalesce(v.state, 'waiting'), coalesce(v.sent, 0), coalesce(v.attempts, 0),"
    " v.tried_at, v.next_at, coalesce(v.reason, ''), coalesce(v.who, ''), coalesce(v.next, ''), coalesce(v.detail, '')"
    " FROM {source} LEFT JOIN deliveries v ON v.sha256 = d.sha256"
)
_OF_OUTBOX = _DELIVERY.format(source="outbox o JOIN documents d ON d.sha256 = o.sha256")
_RECEIPT = "sha256, hub, received_at, cursor, statement, signature, certificate, kept_at"
_LINE = "hub, scope, cursor, tried_at, done_at, failures, not_before, why, checked_at"
_NOT_TAKEN = "sha256, document, why, at, tries, next_at"


def outbox(connection: sqlite3.Connection) -> tuple[Delivery, ...]:
    """All that was made here and is not delivered, in the order it was made."""
    rows = connection.execute(f"{_OF_OUTBOX} WHERE coalesce(v.state, 'waiting') <> 'delivered' ORDER BY o.seq")
    return tuple(map(_delivery, rows))


def carried(connection: sqlite3.Connection) -> tuple[Delivery, ...]:
    """All that was made elsewhere and has no receipt, in the order it came."""
    rows = connection.execute(
        f"{_DELIVERY.format(source='documents d')} WHERE d.state <> 'waiting' AND coalesce(v.state, '') <> 'delivered'"
        " ORDER BY d.seq"
    )
    return tuple(map(_delivery, rows))


def delivered(connection: sqlite3.Connection) -> tuple[str, ...]:
    rows = connection.execute("SELECT sha256 FROM deliveries WHERE state = 'delivered' ORDER BY sha256")
    return tuple(row[0] for row in rows)


def delivery(connection: sqlite3.Connection, sha256: str) -> Delivery | None:
    """Of a document that was made here, or that has a receipt."""
    row = connection.execute(
        f"{_DELIVERY.format(source='documents d')} WHERE d.sha256 = ?1"
        " AND (v.sha256 IS NOT NULL OR EXISTS (SELECT 1 FROM outbox WHERE sha256 = ?1))",
        (sha256,),
    ).fetchone()
    return _delivery(row) if row else None


def save(connection: sqlite3.Connection, deliveries: Sequence[Delivery]) -> None:
    """Raises ValueError for one that says it is delivered: only a receipt does."""
    if any(one.state is DeliveryState.DELIVERED for one in deliveries):
        raise ValueError("only a receipt says delivered")
    was = {one.sha256 for one in deliveries if _is_delivered(connection, one.sha256)}
    connection.executemany(
        "INSERT OR REPLACE INTO deliveries VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (
                one.sha256, one.state.value, one.sent, one.attempts, _text(one.tried_at), _text(one.next_at),
                one.reason, one.who, one.next, one.detail,
            )
            for one in deliveries
        ],
    )  # fmt: skip
    for sha256 in was:
        _stand_anew(connection, sha256)


def keep_receipt(connection: sqlite3.Connection, receipt: KeptReceipt) -> None:
    """The receipt, and that the document is delivered; the same one again is harmless."""
    connection.execute(
        f"INSERT OR IGNORE INTO receipts ({_RECEIPT}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (
            receipt.sha256, receipt.hub, receipt.received_at.isoformat(), receipt.cursor, receipt.statement,
            receipt.signature, receipt.certificate, receipt.kept_at.isoformat(),
        ),
    )  # fmt: skip
    connection.execute(
        "INSERT INTO deliveries SELECT sha256, 'delivered', size, 0, ?2, NULL, '', '', '', '' FROM documents"
        " WHERE sha256 = ?1 ON CONFLICT DO UPDATE SET state = 'delivered', sent = excluded.sent, attempts = 0,"
        " next_at = NULL, reason = '', who = '', next = '', detail = ''",
        (receipt.sha256, receipt.kept_at.isoformat()),
    )
    _stand_anew(connection, receipt.sha256)


def receipts(connection: sqlite3.Connection, sha256: str) -> tuple[KeptReceipt, ...]:
    """Of one document, the last that came first."""
    rows = connection.execute(f"SELECT {_RECEIPT} FROM receipts WHERE sha256 = ? ORDER BY seq DESC", (sha256,))
    return tuple(
        KeptReceipt(address, hub, instant(received), cursor, statement, signature, certificate, instant(kept))
        for address, hub, received, cursor, statement, signature, certificate, kept in rows
    )


def line(connection: sqlite3.Connection, hub: str) -> HubLine:
    """How it stands with this hub; as at the beginning where nothing is known of it."""
    row = connection.execute(f"SELECT {_LINE} FROM hub_lines WHERE hub = ?", (hub,)).fetchone()
    if row is None:
        return HubLine(hub)
    _, scope, cursor, tried, done, failures, not_before, why, checked = row
    return HubLine(
        hub, scope, cursor, _instant(tried), _instant(done), failures, _instant(not_before), why, _instant(checked)
    )


def save_line(connection: sqlite3.Connection, line: HubLine) -> None:
    connection.execute(
        f"INSERT OR REPLACE INTO hub_lines ({_LINE}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            line.hub, line.scope, line.cursor, _text(line.tried_at), _text(line.done_at), line.failures,
            _text(line.not_before), line.why, _text(line.checked_at),
        ),
    )  # fmt: skip


def not_taken(connection: sqlite3.Connection) -> tuple[NotTaken, ...]:
    """What the hub offers and is not here, by address; what came in since, from wherever, is no longer among them."""
    rows = connection.execute(
        f"SELECT {_NOT_TAKEN} FROM not_taken n WHERE NOT EXISTS (SELECT 1 FROM documents d WHERE d.sha256 = n.sha256)"
        " ORDER BY n.sha256"
    )
    return tuple(NotTaken(row[0], row[1], row[2], instant(row[3]), row[4], _instant(row[5])) for row in rows)


def save_not_taken(connection: sqlite3.Connection, entries: Sequence[NotTaken]) -> None:
    connection.executemany(
        f"INSERT OR REPLACE INTO not_taken ({_NOT_TAKEN}) VALUES (?, ?, ?, ?, ?, ?)",
        [(one.sha256, one.document, one.why, one.at.isoformat(), one.tries, _text(one.next_at)) for one in entries],
    )


def _is_delivered(connection: sqlite3.Connection, sha256: str) -> bool:
    found = connection.execute("SELECT 1 FROM deliveries WHERE sha256 = ? AND state = 'delivered'", (sha256,))
    return found.fetchone() is not None


def _stand_anew(connection: sqlite3.Connection, sha256: str) -> None:
    ids = connection.execute("SELECT id FROM documents WHERE sha256 = ?", (sha256,)).fetchall()
    document_standing.refresh(connection, [row[0] for row in ids])


def _delivery(row: tuple[Any, ...]) -> Delivery:
    sha256, size, made_at, state, sent, attempts, tried_at, next_at, *said = row
    return Delivery(
        sha256, size, instant(made_at), DeliveryState(state), sent, attempts, _instant(tried_at), _instant(next_at),
        *said,
    )  # fmt: skip


def _instant(value: str | None) -> datetime | None:
    return None if value is None else instant(value)


def _text(value: datetime | None) -> str | None:
    return None if value is None else value.isoformat()
