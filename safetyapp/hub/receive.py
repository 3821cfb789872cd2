"""The one path by which a document comes in: looked at, kept, entered, receipted; every step may be repeated.

What is asked, in this order: is it what it says it is (hash), is it genuine (signature, by the district's authority,
with no network), does the hub take this kind from this person, and is the school theirs. Then the file, and when that
is safely on the disk, one transaction with its row, its place in the order and its receipt.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, Engine, insert, select, update

from safetyapp.domain.document import DocumentId
from safetyapp.domain.record import Author
from safetyapp.domain.revocation import Revocation, RevokedFor
from safetyapp.domain.verdict import Verdict, VerdictKind
from safetyapp.hub import people
from safetyapp.hub.audit import Happened, note
from safetyapp.hub.blobs import Blobs
from safetyapp.hub.identity import Identity
from safetyapp.hub.people import Caller
from safetyapp.hub.rights import Facts, may_bring_kind, may_read, may_sign_for
from safetyapp.hub.tables import changing, documents, reading
from safetyapp.protocol import Receipt, SignedReceipt, read, write
from safetyapp.protocol_receipt import sign_receipt
from safetyapp.protocol_refusal import Reason

Verify = Callable[[bytes, Collection[Revocation]], Verdict]
"""Judges a file by the district's authority and the certificates taken back."""

_REASONS = {
    VerdictKind.ALTERED: Reason.ALTERED,
    VerdictKind.UNKNOWN_SIGNER: Reason.UNKNOWN_SIGNER,
    VerdictKind.REVOKED: Reason.REVOKED,
    VerdictKind.UNSIGNED: Reason.NOT_A_DOCUMENT,
    VerdictKind.UNREADABLE: Reason.NOT_A_DOCUMENT,
}


class Refused(Exception):
    """The hub says no; `detail` is a code."""

    def __init__(self, reason: Reason, detail: str = "", retry_after: int = 0, offset: int | None = None) -> None:
        super().__init__(reason.value, detail)
        self.reason, self.detail, self.retry_after, self.offset = reason, detail, retry_after, offset


@dataclass(frozen=True, slots=True)
class Reception:
    """What receiving needs; any thread may call it."""

    engine: Engine
    blobs: Blobs
    identity: Identity
    verify: Verify
    now: Callable[[], datetime]

    def receive(self, caller: Caller, sha256: str, file: Path) -> tuple[SignedReceipt, bool]:
        """The receipt, and whether the document is new here. `file` is nobody else's meanwhile. Raises Refused."""
        with file.open("rb") as opened:
            data = opened.read()  # a signature is over all of it; how many do this at once is limited by the caller
        if hashlib.sha256(data).hexdigest() != sha256:
            raise Refused(Reason.WRONG_HASH)
        known = self.known(caller, sha256)
        if known is not None:
            self.blobs.keep(sha256, file)  # should it be lost or damaged: here it is again
            return known, False
        facts, document = self._judge(caller, data)
        self.blobs.keep(sha256, file)
        return self._enter(caller, sha256, len(data), facts, document)

    def known(self, caller: Caller, sha256: str) -> SignedReceipt | None:
        """The receipt of a document that is here and that the caller may read."""
        with reading(self.engine) as connection:
            row = connection.execute(select(documents).where(documents.c.sha256 == sha256)).first()
        if row is None or not may_read(caller.known, Facts(row.kind, row.school, row.made_by)):
            return None
        return read(SignedReceipt, row.receipt)

    def _judge(self, caller: Caller, data: bytes) -> tuple[Facts, DocumentId]:
        with reading(self.engine) as connection:
            verdict = self.verify(data, people.revocations(connection))
            record = verdict.record
            if verdict.why == "role-may-not-sign":
                raise Refused(Reason.KIND_NOT_ALLOWED, verdict.why)
            if not verdict.is_valid or record is None:
                raise Refused(_REASONS.get(verdict.kind, Reason.NOT_A_DOCUMENT), verdict.why)
            facts = Facts(record.kind, record.school.id, record.author.person)
            self._check_rights(connection, caller, facts, record.author)
            gone = people.taken_back(connection, record.author.person)
            if gone and (gone[1] is not RevokedFor.LEFT or record.made_at >= gone[0]):
                raise Refused(Reason.REVOKED, "person-revoked")
        return facts, DocumentId(record.id)

    def _check_rights(self, connection: Connection, caller: Caller, facts: Facts, author: Author) -> None:
        if not may_bring_kind(caller.known.role, facts.kind):
            raise Refused(Reason.KIND_NOT_ALLOWED, facts.kind.value)
        if not may_read(caller.known, facts):
            raise Refused(Reason.NO_RIGHT, "school")
        if not may_sign_for(people.known(connection, author.person), author.role, facts.school):
            raise Refused(Reason.NO_RIGHT, "signer")

    def _enter(
        self, caller: Caller, sha256: str, size: int, facts: Facts, document: DocumentId
    ) -> tuple[SignedReceipt, bool]:
        with changing(self.engine) as connection:
            row = connection.execute(select(documents.c.receipt).where(documents.c.sha256 == sha256)).first()
            if row is not None:  # another device brought it meanwhile
                return read(SignedReceipt, row.receipt), False
            received_at = self.now()
            values = {
                "sha256": sha256,
                "document": document,
                "kind": facts.kind.value,
                "size": size,
                "school": facts.school,
                "made_by": facts.made_by,
                "received_at": received_at.isoformat(),
                "brought_by": caller.known.person,
                "device": caller.device,
                "receipt": "",
            }
            cursor = connection.execute(insert(documents).values(**values).returning(documents.c.cursor)).scalar_one()
            receipt = Receipt(
                sha256=sha256,
                document=document,
                kind=facts.kind,
                size=size,
                received_at=received_at,
                cursor=cursor,
                hub=self.identity.hub,
            )
            signed = sign_receipt(receipt, self.identity.certificate, self.identity.key)
            connection.execute(
                update(documents).where(documents.c.cursor == cursor).values(receipt=write(signed).decode())
            )
            said = facts.kind.value
            note(connection, received_at, Happened.RECEIVED, sha256, caller.known.person, caller.device, said)
        return signed, True

    def note_refused(self, caller: Caller, sha256: str, refused: Refused) -> None:
        """Keeps that somebody brought what was not taken."""
        with changing(self.engine) as connection:
            detail = f"{refused.reason.value} {refused.detail}".strip()
            note(connection, self.now(), Happened.REFUSED, sha256, caller.known.person, caller.device, detail)
