"""Looks whether a hub's folder is sound: the chained log line by line, every document by its hash, every receipt by its
signature. Changes nothing; a hub that is being served may go on meanwhile."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine, select

from safetyapp.domain.problem import Problem
from safetyapp.hub import audit
from safetyapp.hub.blobs import Blobs
from safetyapp.hub.identity import AUTHORITY
from safetyapp.hub.office import tables
from safetyapp.hub.tables import documents, reading
from safetyapp.protocol import SignedReceipt, read
from safetyapp.protocol_receipt import NotAReceipt, open_receipt


@dataclass(frozen=True, slots=True)
class Sound:
    """What was found: how many documents there are, the log's last line and its hash (to be noted elsewhere), and what
    is wrong."""

    documents: int
    last_line: int
    last_hash: str
    problems: tuple[Problem, ...]


def examine(folder: Path) -> Sound:
    """Raises Problem hub-newer, not-written."""
    with tables(folder) as engine:
        with reading(engine) as connection:
            broken = audit.first_broken(connection)
            number, mark = audit.last(connection)
        problems = [] if broken is None else [Problem("hub-log-changed", number=broken)]
        looked = list(_documents(engine, Blobs(folder / "documents"), folder / "keys" / AUTHORITY))
    return Sound(len(looked), number, mark, (*problems, *(found for found in looked if found is not None)))


def _documents(engine: Engine, blobs: Blobs, authority: Path) -> Iterator[Problem | None]:
    """One answer for each document."""
    pem = authority.read_bytes() if authority.exists() else b""
    after = 0
    while True:
        page = select(documents).where(documents.c.cursor > after).order_by(documents.c.cursor).limit(500)
        with reading(engine) as connection:
            rows = connection.execute(page).all()
        if not rows:
            return
        for row in rows:
            after = row.cursor
            if not blobs.is_whole(row.sha256):
                yield Problem("hub-file-damaged", sha256=row.sha256)
            elif not _is_receipted(row.receipt, pem, row.sha256):
                yield Problem("hub-receipt-damaged", sha256=row.sha256)
            else:
                yield None


def _is_receipted(receipt: str, authority: bytes, sha256: str) -> bool:
    try:
        return open_receipt(read(SignedReceipt, receipt), authority).sha256 == sha256
    except (NotAReceipt, ValueError):
        return False
