"""A district with an office, two inspectors and a school's person, their signed documents, and a hub that is served on
the loopback over real HTTPS in a thread of the test's process."""

from __future__ import annotations

import asyncio
import hashlib
import logging
import threading
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import Engine

from safetyapp.documents import authority, keyfile
from safetyapp.documents.signer import DocumentSigner
from safetyapp.documents.verify import verify
from safetyapp.domain.document import DocumentId, DocumentKind
from safetyapp.domain.progress import no_progress
from safetyapp.domain.revocation import Revocation
from safetyapp.domain.school import Person, PersonId, Role, School, SchoolId
from safetyapp.domain.verdict import Verdict
from safetyapp.hub import people
from safetyapp.hub.folder import open_identity, open_tables
from safetyapp.hub.identity import Authority, Identity
from safetyapp.hub.server import HubServer, Settings, open_hub
from safetyapp.hub.tables import changing
from safetyapp.hub.uploads import Pace
from safetyapp.protocol import Limits
from tests.documents.examples import MADE_AT, SCHOOL
from tests.documents.papers import BARE, make_paper
from tests.hub.client import Client

PASSPHRASE = "秘密 口令"
NOW = datetime.now().astimezone()
"""TLS looks at the real clock, so the hub's is set by it."""
LATER = max(MADE_AT, NOW) + timedelta(days=2)
"""After everything was signed."""
BEGAN = min(MADE_AT, NOW) - timedelta(days=20)
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


@pytest.fixture(scope="session")
def papers(tmp_path_factory: pytest.TempPathFactory) -> Papers:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(keyfile, "_SCRYPT", (2, 8, 1))  # nobody guesses passphrases here; a second for every five keys
        return _make_papers(tmp_path_factory.mktemp("papers"))


def _make_papers(folder: Path) -> Papers:
    keys = folder / "office"
    authority.create_authority(keys, "示例区教委", PASSPHRASE, BEGAN)
    strangers = folder / "stranger"
    authority.create_authority(strangers, "别的区教委", PASSPHRASE, BEGAN)
    for by in (keys, strangers):
        authority.trust(by / "trust", authority.own_certificate(by / "ca.pem"))

    def signed(person: Person, kind: DocumentKind, school: School, by: Path = keys) -> bytes:
        own = by / f"own-{person.id}"
        if not own.exists():
            authority.issue(by, person, PASSPHRASE, MADE_AT - timedelta(days=10), into=own)
        mark = authority.fingerprint(authority.own_certificate(own / "person.pem"))
        paper = make_paper(kind, folder, BARE, mark)
        number = f"{paper.paper.id[:-12]}{hashlib.sha256(f'{school.id}{person.id}'.encode()).hexdigest()[:12]}"
        said = replace(paper.paper, school=school, id=DocumentId(number))
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


LIMITS = Limits(document=4_000_000, have=100, page=3)
PATIENT = Pace()
QUICK = Pace(header=0.3, idle=0.4, grace=0.2, slowest=1000.0)


@pytest.fixture
def serve(papers: Papers, tmp_path: Path) -> Iterator[Callable[..., Served]]:
    """Serves a folder (the test's own, unless told); what was served is stopped at the end."""
    stops: list[Callable[[], None]] = []

    def start(
        folder: Path = tmp_path / "hub", pace: Pace = PATIENT, connections: int = 50, is_locked: bool = False
    ) -> Served:
        engine = open_tables(folder)
        clock = [NOW]

        def opened() -> Authority:
            certificate = authority.own_certificate(papers.keys / "ca.pem")
            return Authority(certificate, authority.open_key(papers.keys / "ca.key.pem", PASSPHRASE))

        identity = open_identity(folder, engine, ["127.0.0.1"], opened, NOW)
        tokens: dict[Person, str] = {}
        with changing(engine) as connection:
            for person, schools in PEOPLE.items():
                people.add_person(connection, person, schools, NOW)
                own = papers.keys / f"own-{person.id}" / "person.pem"
                if own.exists():
                    certificate = authority.own_certificate(own)
                    people.add_certificate(connection, person.id, certificate.serial_number, own.read_text(), NOW)
                tokens[person] = people.add_device(connection, person.id, "laptop", NOW)[1]
        settings = Settings(limits=LIMITS, pace=pace, connections=connections)

        def judge(data: bytes, revoked: Collection[Revocation]) -> Verdict:
            return verify(data, (identity.authority,), revoked)

        certify = None if is_locked else partial(_certify, papers.keys)
        hub = open_hub(folder, engine, identity, judge, certify, lambda: clock[0], "safetyapp test", settings)
        listening, ports = threading.Event(), list[int]()

        def accepting(port: int) -> None:
            ports.append(port)
            listening.set()

        server = HubServer(hub, settings, accepting)
        thread = threading.Thread(target=lambda: asyncio.run(server.serve()), name="hub")
        thread.start()

        def stop() -> None:
            server.should_exit = True
            server.force_exit = True
            thread.join(10)
            assert not thread.is_alive()
            engine.dispose()

        stops.append(stop)
        assert listening.wait(10)
        return Served(folder, engine, identity, ports[0], tokens, papers.keys, clock, stop)

    yield start
    for stop in stops:
        stop()
    logging.getLogger("safetyapp.hub").handlers.clear()


def _certify(keys: Path, person: Person, public: object, now: datetime) -> object:
    return authority.certify(keys, person, public, PASSPHRASE, now)  # type: ignore[arg-type]


@pytest.fixture
def hub(serve: Callable[..., Served]) -> Served:
    return serve()
