"""Who the hub knows: people with role and schools, their certificates, and the devices that speak for them.

A token is `DEVICE.SECRET`; only its SHA-256 is kept, and compared in constant time.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select, update

from safetyapp.domain.problem import Problem
from safetyapp.domain.revocation import Revocation, RevokedFor
from safetyapp.domain.school import Person, PersonId, Role, SchoolId
from safetyapp.hub.audit import Happened, note
from safetyapp.hub.rights import Known
from safetyapp.hub.tables import certificates, devices, people, person_schools


@dataclass(frozen=True, slots=True)
class Listed:
    """A person as the office sees them in the list."""

    known: Known
    devices: tuple[str, ...]
    revoked_at: datetime | None


def add_person(connection: Connection, person: Person, schools: Iterable[SchoolId], now: datetime) -> None:
    """Adds a person, or gives one that is there another name, role or schools."""
    found = connection.execute(select(people.c.id).where(people.c.id == person.id)).first()
    values = {"name": person.name, "role": person.role.value}
    if found is None:
        connection.execute(insert(people).values(id=person.id, added_at=now.isoformat(), **values))
    else:
        connection.execute(update(people).where(people.c.id == person.id).values(**values, revoked_at=None, why=None))
        connection.execute(delete(person_schools).where(person_schools.c.person == person.id))
    for school in sorted(set(schools)):
        connection.execute(insert(person_schools).values(person=person.id, school=school))
    what = Happened.PERSON_ADDED if found is None else Happened.PERSON_CHANGED
    note(connection, now, what, person.id, detail=person.role.value)


def known(connection: Connection, person: PersonId) -> Known | None:
    """The person, unless they were revoked."""
    row = connection.execute(select(people).where(people.c.id == person, people.c.revoked_at.is_(None))).first()
    return None if row is None else _known(connection, row.id, row.name, row.role)


def listed(connection: Connection) -> tuple[Listed, ...]:
    """Everybody who was ever added, by id."""
    found = []
    for row in connection.execute(select(people).order_by(people.c.id)).all():
        theirs = select(devices.c.id).where(devices.c.person == row.id, devices.c.revoked_at.is_(None))
        names = tuple(connection.execute(theirs.order_by(devices.c.enrolled_at)).scalars())
        gone = datetime.fromisoformat(row.revoked_at) if row.revoked_at else None
        found.append(Listed(_known(connection, row.id, row.name, row.role), names, gone))
    return tuple(found)


def _known(connection: Connection, person: str, name: str, role: str) -> Known:
    rows = connection.execute(select(person_schools.c.school).where(person_schools.c.person == person)).scalars()
    return Known(PersonId(person), name, Role(role), frozenset(SchoolId(school) for school in rows))


_GRAVE = (RevokedFor.LEFT, RevokedFor.KEY_LOST, RevokedFor.MISTAKE)


def revoke(connection: Connection, person: PersonId, why: RevokedFor, now: datetime) -> tuple[str, ...]:
    """Takes back the person's certificates and devices; gives the certificates' serials. What was revoked before stays
    so from then on; a graver reason takes the place of the former. Raises Problem unknown-person."""
    row = connection.execute(select(people).where(people.c.id == person)).first()
    if row is None:
        raise Problem("unknown-person", person=person)
    connection.execute(update(people).where(people.c.id == person).values(_taken(row.revoked_at, row.why, why, now)))
    connection.execute(
        update(devices)
        .where(devices.c.person == person, devices.c.revoked_at.is_(None))
        .values(revoked_at=now.isoformat())
    )
    theirs = select(certificates).where(certificates.c.person == person).order_by(certificates.c.serial)
    serials = []
    for one in connection.execute(theirs).all():
        values = _taken(one.revoked_at, one.why, why, now)
        connection.execute(update(certificates).where(certificates.c.serial == one.serial).values(values))
        serials.append(one.serial)
    note(connection, now, Happened.PERSON_REVOKED, person, detail=why.value)
    return tuple(serials)


def _taken(since: str | None, former: str | None, why: RevokedFor, now: datetime) -> dict[str, str]:
    grave = why if former is None else max(why, RevokedFor(former), key=_GRAVE.index)
    return {"revoked_at": since or now.isoformat(), "why": grave.value}


def revocations(connection: Connection) -> tuple[Revocation, ...]:
    """Every certificate that was taken back."""
    rows = connection.execute(select(certificates).where(certificates.c.revoked_at.is_not(None))).all()
    return tuple(Revocation(row.serial, datetime.fromisoformat(row.revoked_at), RevokedFor(row.why)) for row in rows)


def taken_back(connection: Connection, person: PersonId) -> tuple[datetime, RevokedFor] | None:
    """Since when and why a person may not sign any more. It counts for certificates too that were issued beside the
    hub, whose numbers it does not know."""
    row = connection.execute(select(people).where(people.c.id == person, people.c.revoked_at.is_not(None))).first()
    return None if row is None else (datetime.fromisoformat(row.revoked_at), RevokedFor(row.why))


def add_certificate(connection: Connection, person: PersonId, serial: int, pem: str, now: datetime) -> None:
    """The same one twice is one."""
    if connection.execute(select(certificates.c.serial).where(certificates.c.serial == format(serial, "x"))).first():
        return
    values = {"serial": format(serial, "x"), "person": person, "pem": pem, "issued_at": now.isoformat()}
    connection.execute(insert(certificates).values(**values))


@dataclass(frozen=True, slots=True)
class Caller:
    """Who is asking, and with which device."""

    known: Known
    device: str


def add_device(connection: Connection, person: PersonId, name: str, now: datetime) -> tuple[str, str]:
    """A new device's id and its token, which is shown this once."""
    device, secret = secrets.token_hex(8), secrets.token_urlsafe(32)
    values = {"id": device, "person": person, "name": name, "enrolled_at": now.isoformat()}
    connection.execute(insert(devices).values(**values, token_sha256=_hash(secret)))
    return device, f"{device}.{secret}"


def revoke_device(connection: Connection, device: str, now: datetime) -> None:
    connection.execute(
        update(devices).where(devices.c.id == device, devices.c.revoked_at.is_(None)).values(revoked_at=now.isoformat())
    )


def caller_of(connection: Connection, token: str) -> Caller | None:
    """Whose token it is; None for one that is unknown, revoked or no token at all."""
    device, _, secret = token.partition(".")
    row = connection.execute(select(devices).where(devices.c.id == device)).first()
    kept = row.token_sha256 if row else _hash("")  # compared anyway: the time does not tell whether the device exists
    fits = hmac.compare_digest(kept, _hash(secret))
    if row is None or not fits or not secret or row.revoked_at is not None:
        return None
    who = known(connection, PersonId(row.person))
    return None if who is None else Caller(who, row.id)


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode(errors="replace")).hexdigest()
