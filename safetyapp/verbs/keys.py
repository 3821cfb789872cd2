"""The verbs about the key one signs with: say which it is, take another, go back to the own one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from safetyapp.domain.canonical import Plain
from safetyapp.domain.problem import Problem
from safetyapp.verbs.call import Answered, Call

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from safetyapp.domain.school import Person


def show(call: Call) -> Answered:
    _, now = _me(call)
    return _shown(call, now)


def use(call: Call) -> Answered:
    from safetyapp.documents.key_change import use_pkcs12

    me, now = _me(call)
    use_pkcs12(_keys(call), call.arguments.file, call.passphrase(), _trust(call), me, now)
    return _shown(call, now)


def token(call: Call) -> Answered:
    from safetyapp.documents.key_change import use_token
    from safetyapp.documents.keysource import TokenPlace

    given = call.arguments
    me, now = _me(call)
    place = TokenPlace(str(given.module), given.label, _hexadecimal(given.key))
    use_token(_keys(call), place, call.passphrase("cli.pin"), _trust(call), me, now, given.certificate)
    return _shown(call, now)


def own(call: Call) -> Answered:
    from safetyapp.documents.key_change import use_own

    _, now = _me(call)
    aside = use_own(_keys(call), now)
    shown = _shown(call, now)
    assert isinstance(shown.data, dict)
    lines = tuple(call.texts.say("cli.key.aside", path=str(path)) for path in aside)
    return Answered({**shown.data, "aside": [str(path) for path in aside]}, (*shown.lines, *lines))


def _me(call: Call) -> tuple[Person, datetime]:
    """Who works here, and now. Raises Problem no-identity."""
    with call.workspace(write=False) as tools:
        me, now = tools.store.me(), tools.clock.now()
    if me is None:
        raise Problem("no-identity")
    return me, now


def _keys(call: Call) -> Path:
    from safetyapp.app import keys_folder

    return keys_folder(call.settings.workspace)


def _trust(call: Call) -> Path:
    from safetyapp.app import trust_folder

    return trust_folder(call.settings.workspace)


def _hexadecimal(text: str) -> str:
    """The id of a key as tokens' own programs show it: 01, 0x01 or 01:A2."""
    plain = text.removeprefix("0x").replace(":", "")
    try:
        bytes.fromhex(plain)
    except ValueError:
        plain = ""
    if not plain:
        raise Problem("usage", message=f"{text!r} is not hexadecimal", usage="--key 01")
    return plain.lower()


def _shown(call: Call, now: datetime) -> Answered:
    """The source that signs from now on."""
    from safetyapp.documents.key_change import describe_key

    key = describe_key(_keys(call), _trust(call), now)
    why = call.texts.explain(key.doubt).what if key.doubt else ""
    days = (key.valid_until - now).days
    place = key.place
    data: dict[str, Plain] = {
        "source": key.kind.value,
        "holder": key.holder,
        "person": key.person,
        "role": key.role,
        "issuer": key.issuer,
        "valid_until": key.valid_until.isoformat(),
        "days_left": days,
        "serial": key.serial,
        "certificate": key.fingerprint,
        "usable": not why,
        "why": why,
        "token": {"module": place.module, "label": place.token, "key": place.key} if place else None,
    }
    say = call.texts.say
    lines = (
        say("cli.key.source", source=say(f"cli.key.{key.kind.value}"), holder=key.holder),
        say("cli.key.issuer", issuer=key.issuer),
        say("cli.key.until", day=f"{key.valid_until:%Y-%m-%d}", days=days),
        say("cli.key.serial", serial=key.serial),
    )
    return Answered(data, (*lines, why) if why else lines)
