"""The district's side of the hub: introduces it to the office's authority, for whoever serves it or offers enrolments.
What it needs of an office workspace is the folder `keys`; the hub's own is `hub` in there, unless another is named."""

from __future__ import annotations

import functools
import uuid
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from safetyapp.app import APP_VERSION, SystemClock, keys_folder, trust_folder
from safetyapp.domain.problem import Problem
from safetyapp.domain.school import Person, PersonId, Role

if TYPE_CHECKING:
    from safetyapp.domain.revocation import Revocation, RevokedFor
    from safetyapp.domain.verdict import Verdict
    from safetyapp.hub.enrol import Certify
    from safetyapp.hub.identity import Authority, Identity
    from safetyapp.protocol import Enrolment


@dataclass(frozen=True, slots=True, repr=False)  # a passphrase is not for printing
class Place:
    """Where the hub is kept, of which office, and the passphrase of its authority if it is at hand."""

    folder: Path
    workspace: Path
    passphrase: str | None = None

    @property
    def keys(self) -> Path:
        return keys_folder(self.workspace)

    def authority(self) -> Authority | None:
        """The district's authority with its key; None without the passphrase. Raises Problem no-key,
        wrong-passphrase."""
        from safetyapp.documents.authority import CA_CERTIFICATE, CA_KEY, open_key, own_certificate
        from safetyapp.hub.identity import Authority

        if self.passphrase is None:
            return None
        return Authority(own_certificate(self.keys / CA_CERTIFICATE), open_key(self.keys / CA_KEY, self.passphrase))

    def certify(self) -> Certify | None:
        """Issues certificates; None without the passphrase."""
        from safetyapp.documents.authority import certify

        secret = self.passphrase
        if secret is None:
            return None
        return lambda person, public, now: certify(self.keys, person, public, secret, now)


def hub_place(workspace: Path, data: Path | None, passphrase: str | None = None) -> Place:
    return Place(data or workspace / "hub", workspace, passphrase)


def serve(
    place: Place,
    me: Person | None,
    host: str,
    port: int,
    listening: Callable[[str, str], None],
    clock: SystemClock | None = None,
) -> None:
    """Serves until SIGTERM or Ctrl-C; what runs then is finished. `listening` is told address and fingerprint when
    connections are accepted; `me`, whose workspace it is, is put among the hub's people. Raises Problem hub-running,
    hub-newer, no-hub-certificate, wrong-passphrase, no-key, port-taken, not-written."""
    from safetyapp.documents.authority import PERSON_CERTIFICATE, own_certificate
    from safetyapp.hub.doorstep import address, bound, names
    from safetyapp.hub.folder import open_identity
    from safetyapp.hub.office import add_owner, tables
    from safetyapp.hub.server import HubServer, Settings, open_hub

    now = (clock or SystemClock()).now
    authority = place.authority()  # a wrong passphrase shows here, not when somebody enrols
    with tables(place.folder) as engine, _alone(place.folder), bound(host, port) as ours:
        identity = open_identity(place.folder, engine, names(host), lambda: authority, now())
        if me is not None:
            add_owner(engine, me, own_certificate(place.keys / PERSON_CERTIFICATE), now())
        judge = functools.partial(_judge, place, identity, now)
        settings, program = Settings(host=host, port=port), f"safetyapp {APP_VERSION}"
        hub = open_hub(place.folder, engine, identity, judge, place.certify(), now, program, settings)
        where = address(host, ours)
        HubServer(hub, settings, lambda _: listening(where, identity.fingerprint)).serve_until_told([ours])


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """One process serves a folder. Raises Problem hub-running."""
    from safetyapp.store.lock import WorkspaceLock

    try:
        lock = WorkspaceLock(folder)
    except Problem as problem:
        if problem.code == "workspace-open":
            raise Problem("hub-running", path=str(folder)) from problem
        raise
    try:
        yield
    finally:
        lock.release()


def _judge(
    place: Place, identity: Identity, now: Callable[[], datetime], data: bytes, revoked: Collection[Revocation]
) -> Verdict:
    """By the district's certificate, what the hub has revoked, and what stands in the office's list."""
    from safetyapp.documents.revocations import read_revocations
    from safetyapp.documents.verify import verify

    listed = read_revocations(trust_folder(place.workspace))
    return verify(data, (identity.authority,), (*revoked, *listed), now=now())


def offer_enrolment(
    place: Place, person: PersonId, addresses: Sequence[str], days: int, file: Path, now: datetime
) -> Enrolment:
    """Writes the enrolment file of one person. Raises Problem unknown-person, no-key, not-written, file-exists."""
    from safetyapp.documents.authority import CA_CERTIFICATE, own_certificate
    from safetyapp.hub import office

    authority = own_certificate(place.keys / CA_CERTIFICATE)
    return office.offer_enrolment(place.folder, person, authority, addresses, days, file, now)


def revoke_person(place: Place, person: PersonId, why: RevokedFor, now: datetime) -> tuple[str, ...]:
    """Devices and certificates of a person are taken back, on the hub and in the office's list; gives the certificates'
    numbers. Raises Problem unknown-person, revocations-broken, not-written."""
    from safetyapp.documents.revocations import add_revocations
    from safetyapp.domain.revocation import Revocation
    from safetyapp.hub import office

    serials = office.revoke_person(place.folder, person, why, now)
    add_revocations(trust_folder(place.workspace), [Revocation(serial, now, why) for serial in serials])
    return serials


def person_of(name: str, role: str, person: str | None) -> Person:
    """Somebody new, with an id of their own unless one is given."""
    return Person(PersonId(person or f"p-{uuid.uuid4().hex[:10]}"), name.strip(), Role(role))
