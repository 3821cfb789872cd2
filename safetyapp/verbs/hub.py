"""The verbs about the district's hub: serve it, keep the list of its people, offer them an enrolment."""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from safetyapp.domain.canonical import Plain
from safetyapp.domain.problem import Problem
from safetyapp.domain.school import Person, PersonId, Role, SchoolId
from safetyapp.verbs.call import Answered, Call

if TYPE_CHECKING:
    from safetyapp.district import Place


def serve(call: Call) -> Answered:
    from safetyapp.district import serve as serve_hub
    from safetyapp.hub.guard import JsonLines

    given = call.arguments
    me = _owner(call)
    place = _place(call, call.passphrase_if_any())

    def listening(address: str, fingerprint: str) -> None:
        said = {"hub": address, "fingerprint": fingerprint}
        print(json.dumps(said) if given.json else f"hub {address} fingerprint {fingerprint}", flush=True)

    with _logged(JsonLines()):
        serve_hub(place, me, given.host, given.port, listening)
    return Answered({}, is_told=True)


@contextmanager
def _logged(form: logging.Formatter) -> Iterator[None]:
    """What the hub and the server below it say goes to stderr."""
    lines = logging.StreamHandler(sys.stderr)
    lines.setFormatter(form)
    logs = [logging.getLogger(name) for name in ("safetyapp.hub", "uvicorn.error")]
    for log in logs:
        log.addHandler(lines)
        log.propagate = False
    logs[0].setLevel(logging.INFO)
    try:
        yield
    finally:
        for log in logs:
            log.removeHandler(lines)
            log.propagate = True


def doctor(call: Call) -> Answered:
    from safetyapp.hub.doctor import examine

    found = examine(_place(call).folder)
    problems = [call.texts.explain(problem).line() for problem in found.problems]
    sound = call.texts.say("hub.sound", documents=found.documents, lines=found.last_line, hash=found.last_hash)
    data: dict[str, Plain] = {"ok": not problems, "problems": [*problems], "documents": found.documents}
    data |= {"lines": found.last_line, "last": found.last_hash}
    return Answered(data, (*problems, sound), 1 if problems else 0)


def add(call: Call) -> Answered:
    from safetyapp.app import SystemClock
    from safetyapp.district import person_of
    from safetyapp.hub.office import add_person

    given = call.arguments
    person = person_of(given.name, given.role, given.id)
    add_person(_place(call).folder, person, [SchoolId(school) for school in given.school], SystemClock().now())
    text = call.texts.say("hub.person_added", name=person.name, person=person.id)
    return Answered({"person": person.id, "name": person.name, "role": person.role.value}, (text,))


def list_(call: Call) -> Answered:
    from safetyapp.hub.office import list_people

    found = list_people(_place(call).folder)
    data: list[Plain] = [
        {
            "person": one.known.person,
            "name": one.known.name,
            "role": one.known.role.value,
            "schools": [*sorted(map(str, one.known.schools))],
            "devices": list(one.devices),
            "revoked_at": one.revoked_at.isoformat() if one.revoked_at else None,
        }
        for one in found
    ]
    say = call.texts.say
    lines = tuple(
        "\t".join(
            (
                one.known.person,
                one.known.name,
                say(f"hub.role.{one.known.role.value}"),
                say("hub.devices", n=len(one.devices)),
                say("hub.revoked_at", day=f"{one.revoked_at:%Y-%m-%d}") if one.revoked_at else "",
            )
        ).rstrip()
        for one in found
    )
    return Answered(data, lines)


def revoke(call: Call) -> Answered:
    from safetyapp.app import SystemClock
    from safetyapp.district import revoke_person
    from safetyapp.domain.revocation import RevokedFor

    person = PersonId(call.arguments.person)
    serials = revoke_person(_place(call), person, RevokedFor(call.arguments.why), SystemClock().now())
    text = call.texts.say("hub.person_revoked", person=person, n=len(serials))
    return Answered({"person": person, "serials": list(serials)}, (text,))


def offer(call: Call) -> Answered:
    from safetyapp.app import SystemClock
    from safetyapp.district import offer_enrolment

    given = call.arguments
    file: Path = given.to
    addresses = [_address(text) for text in given.address]
    said = offer_enrolment(_place(call), PersonId(given.person), addresses, given.days, file, SystemClock().now())
    text = call.texts.say("hub.offered", path=str(file), name=said.name, day=f"{said.expires_at:%Y-%m-%d}")
    data: dict[str, Plain] = {"person": said.person, "file": str(file), "expires_at": said.expires_at.isoformat()}
    return Answered({**data, "fingerprint": _fingerprint(said.authority)}, (text,))


def _fingerprint(pem: str) -> str:
    """Of the district's certificate, to be compared by telephone."""
    from safetyapp.documents.authority import fingerprint_of

    return fingerprint_of(pem.encode())


def _address(text: str) -> str:
    """Raises Problem usage for what is no address of a hub."""
    host = text.removeprefix("https://").rstrip("/")
    if not text.startswith("https://") or not host or not host.isprintable() or set(host) & set("/ ?#@"):
        raise Problem("usage", message=f"{text!r} is not an address", usage="--address https://HOST:PORT")
    return f"https://{host}"


def _owner(call: Call) -> Person | None:
    """Whose workspace it is; None where there is none beside the hub's folder. Raises Problem not-office: every
    workspace has an authority of its own, but only an office's is a district's."""
    if not (call.settings.workspace / "safetyapp.sqlite3").is_file():
        return None
    with call.workspace(write=False) as tools:
        me = tools.store.me()
    if me is not None and me.role is not Role.OFFICE:
        raise Problem("not-office", workspace=str(call.settings.workspace))
    return me


def _place(call: Call, passphrase: str | None = None) -> Place:
    from safetyapp.district import hub_place

    return hub_place(call.settings.workspace, call.arguments.data, passphrase)
