"""Connects a workspace with its hub: enrolment on the laptop, and the tools of a round out of what enrolment left."""

from __future__ import annotations

import functools
import platform
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from safetyapp.domain.problem import Problem
from safetyapp.domain.school import Person

if TYPE_CHECKING:
    from safetyapp.protocol import Enrolled, Enrolment, EnrolRequest
    from safetyapp.sync.access import Access
    from safetyapp.sync.due import Line
    from safetyapp.sync.folder import FolderDone
    from safetyapp.sync.rounds import RoundDone, Tell
    from safetyapp.workflow.ports import Clock, Signer, Store


@dataclass(frozen=True, slots=True)
class Workplace:
    """What connecting needs of a workspace: its folders and its tools."""

    workspace: Path
    store: Store
    signer: Signer
    clock: Clock

    @property
    def keys(self) -> Path:
        return self.workspace / "keys"

    @property
    def trust(self) -> Path:
        return self.workspace / "trust"

    @property
    def incoming(self) -> Path:
        return self.workspace / "incoming"


def access(workspace: Path) -> Access:
    """The hub this workspace is enrolled with. Raises Problem not-enrolled, enrolment-broken."""
    from safetyapp.protocol import read
    from safetyapp.sync.access import ACCESS, Access

    path = workspace / "keys" / ACCESS
    try:
        return read(Access, path.read_bytes())
    except FileNotFoundError as error:
        raise Problem("not-enrolled") from error
    except (OSError, ValueError) as error:
        raise Problem("enrolment-broken", path=str(path)) from error


def sync_once(place: Workplace, *, line: Line | None = None, asked: bool = True, tell: Tell | None = None) -> RoundDone:
    """One round with the hub this workspace is enrolled with. Raises Problem not-enrolled, enrolment-broken."""
    from safetyapp.protocol_receipt import open_receipt
    from safetyapp.sync.due import Line
    from safetyapp.sync.http import HttpHub
    from safetyapp.sync.rounds import Round, run_round, tell_nobody

    known = access(place.workspace)
    hub = HttpHub(known.addresses, known.hub, known.authority, known.token)
    believe = functools.partial(open_receipt, authority_pem=known.authority.encode(), hub=known.hub)
    try:
        return run_round(
            Round(
                hub, known.hub, place.store, place.signer, place.clock, believe, place.incoming, line or Line.GOOD,
                asked, tell or tell_nobody,
            )
        )  # fmt: skip
    finally:
        hub.close()


def sync_folder(place: Workplace, folder: Path, name: str) -> FolderDone:
    """The same with a stick or a shared folder; without an enrolment everything but receipts."""
    from safetyapp.protocol_receipt import open_receipt
    from safetyapp.sync.folder import FolderRound, run_folder

    try:
        known = access(place.workspace).authority.encode()
    except Problem:
        known = b""
    believe = functools.partial(open_receipt, authority_pem=known) if known else None
    return run_folder(FolderRound(folder, name, place.store, place.signer, place.clock, believe))


def request_enrolment(place: Workplace, file: Path, to: Path, passphrase: str, device: str = "") -> Enrolment:
    """With no network: the request that the office answers, into a file. Raises Problem unreadable-file,
    enrolment-broken, enrolment-expired, drafts-open, weak-passphrase, wrong-passphrase, file-exists, not-written."""
    from safetyapp.documents.authority import write_whole
    from safetyapp.protocol import write
    from safetyapp.sync.access import BEGUN
    from safetyapp.workflow.exchange import write_whole as write_out

    enrolment = _offer(file, place.clock.now())
    _not_anothers(place, enrolment)
    if to.exists():
        raise Problem("file-exists", path=str(to))
    asked = _asked(place, enrolment, passphrase, device)
    write_whole(place.keys / BEGUN, write(enrolment), secret=True)  # the answer is held against it
    write_out(to, write(asked))
    return enrolment


def read_enrolment(place: Workplace, file: Path) -> tuple[Enrolment, bool]:
    """Whom a file enrols, and whether accepting it makes a key: the office's file does, the answer to a request takes a
    certificate for the key that is there. Raises Problem unreadable-file, enrolment-broken, enrolment-expired,
    no-request."""
    if not needs_passphrase(file):
        from safetyapp.sync.access import read_file

        try:
            read_file(_bytes(file))
        except ValueError as error:
            raise Problem("enrolment-broken", path=str(file)) from error
        return _begun(place), False
    return _offer(file, place.clock.now()), True


def accept_enrolment(place: Workplace, file: Path, passphrase: str, device: str = "") -> Person:
    """Enrols by the office's file over the network, or takes the answer to a request. Raises Problem as
    request_enrolment and documents.request.take_certificate, no-request, and what the hub says."""
    from safetyapp.documents.request import finish
    from safetyapp.protocol import Enrolled
    from safetyapp.sync.access import read_file
    from safetyapp.sync.http import HttpHub

    try:
        found = read_file(_bytes(file))
    except ValueError as error:
        raise Problem("enrolment-broken", path=str(file)) from error
    finish(place.keys, place.clock.now())
    enrolment = _begun(place) if isinstance(found, Enrolled) else found
    _not_anothers(place, enrolment)
    if _is_taken(place, enrolment):  # whoever was interrupted behind the last door
        return _be(place, enrolment)
    if isinstance(found, Enrolled):
        return _take(place, enrolment, found, file)
    enrolment = _offer(file, place.clock.now())
    hub = HttpHub(enrolment.addresses, enrolment.hub, enrolment.authority)
    try:
        enrolled = hub.enrol(_asked(place, enrolment, passphrase, device))
    finally:
        hub.close()
    return _take(place, enrolment, enrolled, file)


def _not_anothers(place: Workplace, enrolment: Enrolment) -> None:
    """Open drafts of somebody else are not put under a new name. Raises Problem drafts-open."""
    from safetyapp.domain.school import normal_name

    me, drafts = place.store.me(), place.store.drafts()
    if me is not None and drafts and normal_name(me.name) != normal_name(enrolment.name):
        raise Problem("drafts-open", count=len(drafts), name=me.name, person=enrolment.name)


def needs_passphrase(file: Path) -> bool:
    """Whether accepting this file makes a key, or only takes the answer for one. What is wrong with the file, accepting
    it says."""
    from safetyapp.protocol import Enrolled
    from safetyapp.sync.access import read_file

    try:
        return not isinstance(read_file(_bytes(file)), Enrolled)
    except ValueError:
        return False


def _offer(file: Path, now: datetime) -> Enrolment:
    from safetyapp.protocol import Enrolment, read

    try:
        found = read(Enrolment, _bytes(file))
    except ValueError as error:
        raise Problem("enrolment-broken", path=str(file)) from error
    if found.expires_at < now:
        raise Problem("enrolment-expired", path=str(file), on=found.expires_at.date())
    return found


def _bytes(file: Path) -> bytes:
    try:
        with file.open("rb") as opened:
            return opened.read(1 << 20)
    except OSError as error:
        raise Problem("unreadable-file", path=str(file), reason=error.strerror or type(error).__name__) from error


def _asked(place: Workplace, enrolment: Enrolment, passphrase: str, device: str) -> EnrolRequest:
    from safetyapp.documents.request import make_request
    from safetyapp.protocol import EnrolRequest

    pem = make_request(place.keys, enrolment.name, passphrase)
    return EnrolRequest(code=enrolment.code, request=pem, device=device or platform.node()[:100])


def _begun(place: Workplace) -> Enrolment:
    """The enrolment that a request was made for."""
    from safetyapp.protocol import Enrolment, read
    from safetyapp.sync.access import BEGUN

    try:
        return read(Enrolment, (place.keys / BEGUN).read_bytes())
    except FileNotFoundError as error:
        raise Problem("no-request") from error
    except ValueError as error:
        raise Problem("enrolment-broken", path=str(place.keys / BEGUN)) from error


def _take(place: Workplace, enrolment: Enrolment, enrolled: Enrolled, file: Path) -> Person:
    """Access, certificate and identity. The access first: its token is told once, and what is missing behind it can be
    asked for again."""
    from safetyapp.documents.authority import write_whole
    from safetyapp.documents.request import check_answer, take_certificate
    from safetyapp.protocol import write
    from safetyapp.sync.access import ACCESS, access_of

    try:
        known = access_of(enrolment, enrolled)
    except ValueError as error:
        raise Problem("enrolment-broken", path=str(file)) from error
    person = Person(enrolled.person, enrolled.name, enrolled.role)
    said = (person, enrolled.certificate, enrolled.authority)
    check_answer(place.keys, *said)
    write_whole(place.keys / ACCESS, write(known), secret=True)
    take_certificate(place.keys, place.trust, *said, place.clock.now())
    return _be(place, enrolment)


def _is_taken(place: Workplace, enrolment: Enrolment) -> bool:
    """Whether access and certificate of this very offer are in their places."""
    from safetyapp.documents.request import REQUEST
    from safetyapp.sync.access import offer_of

    try:
        return access(place.workspace).offer == offer_of(enrolment) and not (place.keys / REQUEST).exists()
    except Problem:
        return False


def _be(place: Workplace, enrolment: Enrolment) -> Person:
    from safetyapp.sync.access import BEGUN

    person = Person(enrolment.person, enrolment.name, enrolment.role)
    place.store.become(person)
    (place.keys / BEGUN).unlink(missing_ok=True)
    return person
