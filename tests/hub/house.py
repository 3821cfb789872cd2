"""A district with an office, two inspectors and a school's person, and what they have signed; its hub, with them in its
tables."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import Engine

from safetyapp.documents import authority
from safetyapp.documents.signer import DocumentSigner
from safetyapp.domain.document import DocumentId, DocumentKind
from safetyapp.domain.progress import no_progress
from safetyapp.domain.school import Person, PersonId, Role, School, SchoolId
from safetyapp.hub import people
from safetyapp.hub.folder import open_identity, open_tables
from safetyapp.hub.identity import Authority, Identity
from safetyapp.hub.tables import changing
from tests.documents.examples import MADE_AT, SCHOOL
from tests.documents.papers import BARE, make_paper
from tests.hub.client import Client

PASSPHRASE = "秘密 口令"
NOW = datetime.now().astimezone()
"""TLS looks at the real clock, so the hub's is set by it."""
SIGNED = min(MADE_AT, NOW - timedelta(days=1)).replace(microsecond=0)
BEGAN = SIGNED - timedelta(days=20)
OFFICER = Person(PersonId("p-01"), "王演示", Role.OFFICE)
INSPECTOR = Person(PersonId("p-07"), "张示例", Role.INSPECTOR)
OTHER = Person(PersonId("p-08"), "李样本", Role.INSPECTOR)
PRINCIPAL = Person(PersonId("s-01"), "周校长", Role.SCHOOL)
ELSEWHERE = replace(SCHOOL, id=SchoolId("n-elsewhere"), name="示例区另一所小学")
PEOPLE = {
    OFFICER: (),
    INSPECTOR: (),
    OTHER: (ELSEWHERE.id,),
    PRINCIPAL: (SCHOOL.id,),
}


@dataclass(frozen=True)
class Papers:
    """The authority and what its people have signed. All by hash are what they sent."""

    keys: Path
    school: SchoolId
    """Of SCHOOL."""
    report: bytes
    """By INSPECTOR at SCHOOL, who is not assigned to it."""
    elsewhere: bytes
    """By INSPECTOR at ELSEWHERE, to which OTHER is assigned."""
    notice: bytes
    """By OFFICER to SCHOOL."""
    response: bytes
    """By PRINCIPAL of SCHOOL."""
    foreign_response: bytes
    """By PRINCIPAL of SCHOOL about ELSEWHERE."""
    stranger: bytes
    """The same under another authority."""


def address(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def make_papers(folder: Path) -> Papers:
    keys = folder / "office" / "keys"
    authority.create_authority(keys, "示例区教委", PASSPHRASE, BEGAN)
    strangers = folder / "stranger"
    authority.create_authority(strangers, "别的区教委", PASSPHRASE, BEGAN)
    for by in (keys, strangers):
        authority.trust(by / "trust", authority.own_certificate(by / "ca.pem"))

    def signed(person: Person, kind: DocumentKind, school: School, by: Path = keys) -> bytes:
        own = by / f"own-{person.id}"
        if not own.exists():
            authority.issue(by, person, PASSPHRASE, SIGNED - timedelta(days=10), into=own)
        mark = authority.fingerprint(authority.own_certificate(own / "person.pem"))
        paper = make_paper(kind, folder, BARE, mark)
        number = f"{paper.paper.id[:-12]}{hashlib.sha256(f'{school.id}{person.id}'.encode()).hexdigest()[:12]}"
        said = replace(paper.paper, school=school, id=DocumentId(number), made_at=SIGNED)
        sealed = (said, None, paper.photos, paper.inks, paper.kept)
        return DocumentSigner(own, by / "trust").seal(*sealed, PASSPHRASE, no_progress)

    # no report, though that is what is sent most: all built-in forms would have to be read for it
    report, notice, response = DocumentKind.REINSPECTION, DocumentKind.RECTIFICATION_NOTICE, DocumentKind.RESPONSE
    return Papers(
        keys,
        SCHOOL.id,
        signed(INSPECTOR, report, SCHOOL),
        signed(INSPECTOR, report, ELSEWHERE),
        signed(OFFICER, notice, SCHOOL),
        signed(PRINCIPAL, response, SCHOOL),
        signed(PRINCIPAL, response, ELSEWHERE),
        signed(INSPECTOR, report, SCHOOL, strangers),
    )


@dataclass
class Served:
    """A hub that accepts connections, and the tokens of its people."""

    folder: Path
    engine: Engine
    identity: Identity
    port: int
    tokens: dict[Person, str]
    keys: Path
    clock: list[datetime]
    stop: Callable[[], None]

    def second_device(self, person: Person) -> Client:
        with changing(self.engine) as connection:
            token = people.add_device(connection, person.id, "second", NOW)[1]
        return Client(self.port, self.identity, token)

    def client(self, person: Person | None = None) -> Client:
        return Client(self.port, self.identity, None if person is None else self.tokens[person])


def furnish(folder: Path, keys: Path) -> tuple[Engine, Identity, dict[Person, str]]:
    """A hub's folder with its people in it, and a token for each."""

    def opened() -> Authority:
        certificate = authority.own_certificate(keys / "ca.pem")
        return Authority(certificate, authority.open_key(keys / "ca.key.pem", PASSPHRASE))

    engine = open_tables(folder)
    identity = open_identity(folder, engine, ["127.0.0.1"], opened, NOW)
    tokens: dict[Person, str] = {}
    with changing(engine) as connection:
        for person, schools in PEOPLE.items():
            people.add_person(connection, person, schools, NOW)
            own = keys / f"own-{person.id}" / "person.pem"
            if own.exists():
                serial = authority.own_certificate(own).serial_number
                people.add_certificate(connection, person.id, serial, own.read_text(), NOW)
            tokens[person] = people.add_device(connection, person.id, "laptop", NOW)[1]
    return engine, identity, tokens
