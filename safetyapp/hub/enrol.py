"""Enrolment 登记 at the hub: the office offers a code, a laptop brings it with a signing request, and gets a
certificate of the district and a token.

Of a code only the SHA-256 is kept. It works once; for a quarter of an hour the same key may ask again, because an
answer can be lost on its way.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from sqlalchemy import Connection, Engine, insert, select, update

from safetyapp.domain.problem import Problem
from safetyapp.domain.school import Person, PersonId
from safetyapp.hub import people
from safetyapp.hub.audit import Happened, note
from safetyapp.hub.identity import Identity
from safetyapp.hub.receive import Refused
from safetyapp.hub.rights import Known
from safetyapp.hub.tables import certificates, changing, offers, reading
from safetyapp.protocol import Enrolled, EnrolRequest
from safetyapp.protocol_refusal import Reason

VALID_DAYS = 14
AGAIN = timedelta(minutes=15)
_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
"""Without I, O, 0 and 1, which people mix up when they type."""
_GROUPS, _GROUP = 5, 5
"""25 letters of 5 bits: nobody guesses 125 bits."""

PublicKey = ec.EllipticCurvePublicKey | rsa.RSAPublicKey
Certify = Callable[[Person, PublicKey, datetime], x509.Certificate]
"""The district's authority; raises Problem."""


def new_code() -> str:
    groups = ("".join(secrets.choice(_LETTERS) for _ in range(_GROUP)) for _ in range(_GROUPS))
    return "-".join(groups)


def offer(connection: Connection, person: PersonId, now: datetime, days: int = VALID_DAYS) -> tuple[str, datetime]:
    """A code for this person, and until when it works. Raises Problem unknown-person."""
    if people.known(connection, person) is None:
        raise Problem("unknown-person", person=person)
    code, until = new_code(), now + timedelta(days=days)
    values = {"code_sha256": _hash(code), "person": person, "offered_at": now.isoformat()}
    connection.execute(insert(offers).values(**values, expires_at=until.isoformat()))
    note(connection, now, Happened.OFFERED, person)
    return code, until


@dataclass(frozen=True, slots=True)
class Desk:
    """Where a code becomes a certificate and a token. Without `certify` it is closed."""

    engine: Engine
    identity: Identity
    certify: Certify | None
    now: Callable[[], datetime]

    def enrol(self, asked: EnrolRequest) -> Enrolled:
        """Raises Refused code-unknown, code-used, code-expired, enrolment-closed, key-refused."""
        public = _key_of(asked.request)
        code, key = _hash(asked.code), _key_hash(public)
        with reading(self.engine) as connection:
            who = self._offered_to(connection, code, key)
            former = self._former(connection, code)
        now = self.now()
        certificate = former or self._certify(who, public, now)
        pem = certificate.public_bytes(Encoding.PEM).decode()
        with changing(self.engine) as connection:
            self._offered_to(connection, code, key)
            row = connection.execute(select(offers).where(offers.c.code_sha256 == code)).one()
            if row.device is not None:
                people.revoke_device(connection, row.device, now)  # its token may lie in the answer that was lost
            elif row.serial is None:
                people.add_certificate(connection, who.person, certificate.serial_number, pem, now)
            device, token = people.add_device(connection, who.person, asked.device[:100], now)
            used = {"used_at": row.used_at or now.isoformat(), "key_sha256": key, "device": device}
            serial = format(certificate.serial_number, "x")
            connection.execute(update(offers).where(offers.c.code_sha256 == code).values(**used, serial=serial))
            note(connection, now, Happened.ENROLLED, who.person, who.person, device)
        return Enrolled(
            certificate=pem,
            authority=self.identity.authority_pem.decode(),
            token=token,
            device=device,
            hub=self.identity.hub,
            person=who.person,
            name=who.name,
            role=who.role,
            schools=tuple(sorted(who.schools)),
        )

    def note_refused(self, asked: EnrolRequest, refused: Refused) -> None:
        """Somebody brought a code that had worked before, or might have: perhaps it was stolen."""
        if refused.reason not in (Reason.CODE_USED, Reason.CODE_EXPIRED):
            return  # what anybody can make up is not worth a line
        with changing(self.engine) as connection:
            row = connection.execute(select(offers.c.person).where(offers.c.code_sha256 == _hash(asked.code))).one()
            note(connection, self.now(), Happened.REFUSED, row.person, detail=refused.reason.value)

    def _offered_to(self, connection: Connection, code: str, key: str) -> Known:
        row = connection.execute(select(offers).where(offers.c.code_sha256 == code)).first()
        who = None if row is None else people.known(connection, PersonId(row.person))
        if row is None or who is None:
            raise Refused(Reason.CODE_UNKNOWN)
        now = self.now()
        if row.used_at is not None:
            again = row.key_sha256 == key and now <= datetime.fromisoformat(row.used_at) + AGAIN
            if not again:
                raise Refused(Reason.CODE_USED)
        elif now > datetime.fromisoformat(row.expires_at):
            raise Refused(Reason.CODE_EXPIRED)
        return who

    def _former(self, connection: Connection, code: str) -> x509.Certificate | None:
        serial = connection.execute(select(offers.c.serial).where(offers.c.code_sha256 == code)).scalar()
        if serial is None:
            return None
        pem = connection.execute(select(certificates.c.pem).where(certificates.c.serial == serial)).scalar_one()
        return x509.load_pem_x509_certificate(pem.encode())

    def _certify(self, who: Known, public: PublicKey, now: datetime) -> x509.Certificate:
        if self.certify is None:
            raise Refused(Reason.ENROLMENT_CLOSED, retry_after=600)
        try:
            return self.certify(Person(who.person, who.name, who.role), public, now)
        except Problem as problem:
            reason = Reason.KEY_REFUSED if problem.code == "weak-key" else Reason.TROUBLE
            raise Refused(reason, problem.code) from problem


def _key_of(pem: str) -> PublicKey:
    """The key of a signing request that its owner has signed with it."""
    try:
        request = x509.load_pem_x509_csr(pem.encode())
        public = request.public_key()
        signed = request.is_signature_valid
    except Exception:  # whatever a hostile request makes a decoder do
        raise Refused(Reason.KEY_REFUSED, "request") from None
    if not signed or not isinstance(public, ec.EllipticCurvePublicKey | rsa.RSAPublicKey):
        raise Refused(Reason.KEY_REFUSED, "request")
    return public


def _key_hash(public: PublicKey) -> str:
    return hashlib.sha256(public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).hexdigest()


def _hash(code: str) -> str:
    """As people type it: without dashes and spaces, in any case."""
    plain = "".join(c for c in code.upper() if c.isalnum())
    return hashlib.sha256(plain.encode()).hexdigest()
