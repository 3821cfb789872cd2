"""What the office does at the hub's desk: its people, and offers to enrol. A hub that is being served may go on
meanwhile."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from sqlalchemy import Engine

from safetyapp.documents.authority import write_whole
from safetyapp.domain.problem import Problem
from safetyapp.domain.revocation import RevokedFor
from safetyapp.domain.school import Person, PersonId, SchoolId
from safetyapp.hub import enrol, people
from safetyapp.hub.folder import hub_id, open_tables
from safetyapp.hub.people import Listed
from safetyapp.hub.tables import changing, reading
from safetyapp.protocol import Enrolment, write


@contextmanager
def tables(folder: Path) -> Iterator[Engine]:
    """The tables of the hub in a folder."""
    engine = open_tables(folder)
    try:
        yield engine
    finally:
        engine.dispose()


def add_person(folder: Path, person: Person, schools: Iterable[SchoolId], now: datetime) -> None:
    """Puts somebody among the hub's people, or gives one another name, role or schools. Raises Problem name-refused."""
    if not person.name.strip() or not person.name.isprintable():
        raise Problem("name-refused", name=person.name)
    with tables(folder) as engine, changing(engine) as connection:
        people.add_person(connection, person, schools, now)


def add_owner(engine: Engine, owner: Person, certificate: x509.Certificate, now: datetime) -> None:
    """Whose workspace the hub belongs to is one of its people, unless they were revoked."""
    with changing(engine) as connection:
        if people.known(connection, owner.id) or people.taken_back(connection, owner.id):
            return
        people.add_person(connection, owner, (), now)
        pem = certificate.public_bytes(Encoding.PEM).decode()
        people.add_certificate(connection, owner.id, certificate.serial_number, pem, now)


def list_people(folder: Path) -> tuple[Listed, ...]:
    with tables(folder) as engine, reading(engine) as connection:
        return people.listed(connection)


def revoke_person(folder: Path, person: PersonId, why: RevokedFor, now: datetime) -> tuple[str, ...]:
    """Certificates and devices of a person are taken back; gives the certificates' numbers. Raises Problem
    unknown-person."""
    with tables(folder) as engine, changing(engine) as connection:
        return people.revoke(connection, person, why, now)


def offer_enrolment(
    folder: Path,
    person: PersonId,
    authority: x509.Certificate,
    addresses: Iterable[str],
    days: int,
    file: Path,
    now: datetime,
) -> Enrolment:
    """Writes the enrolment file of one person. Raises Problem unknown-person, not-written, file-exists."""
    if file.exists():
        raise Problem("file-exists", path=str(file))
    with tables(folder) as engine:
        hub = hub_id(engine)
        with changing(engine) as connection:
            code, until = enrol.offer(connection, person, now, days)
            who = people.known(connection, person)
            assert who is not None
            said = Enrolment(
                addresses=tuple(addresses),
                hub=hub,
                authority=authority.public_bytes(Encoding.PEM).decode(),
                code=code,
                person=person,
                name=who.name,
                role=who.role,
                schools=tuple(sorted(who.schools)),
                expires_at=until,
            )
            try:
                write_whole(file, write(said), secret=True)
            except OSError as error:
                raise Problem("not-written", path=str(file), reason=error.strerror or "") from error
    return said
