"""The key one signs with: what it is, and changing it. A checked new source takes the place, the one before is put
aside; none is deleted.

What is put aside lies in `keys` under its old name with the moment behind it, and signs again when it is renamed back.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from cryptography import x509

from safetyapp.documents import authority, keysource
from safetyapp.documents.keysource import PKCS12_NAMES, TOKEN_CERTIFICATE, TOKEN_SETTINGS, SourceKind, TokenPlace
from safetyapp.domain.problem import Problem
from safetyapp.domain.record import Author
from safetyapp.domain.school import Person

_TAKEN = (TOKEN_SETTINGS, TOKEN_CERTIFICATE, *(part for name in PKCS12_NAMES for part in (name, f"{name}.pem")))
"""The files of taken sources; of each source the one that makes it count comes first, its certificate after it."""

_OWN = (authority.PERSON_CERTIFICATE, authority.PERSON_KEY)


@dataclass(frozen=True, slots=True)
class SigningKey:
    """What is known of the source that signs, before it is opened. `holder`, `person` and `role` are whom its
    certificate names; `serial` is hexadecimal; `place` where a token's key is; `doubt` why nothing can be signed with
    it now."""

    kind: SourceKind
    holder: str
    person: str
    role: str
    issuer: str
    valid_until: datetime
    serial: str
    fingerprint: str
    place: TokenPlace | None
    doubt: Problem | None


def describe_key(keys: Path, trust: Path, now: datetime) -> SigningKey:
    """The source that lies in the folder, as it stands now. Raises Problem no-key."""
    source = keysource.find_key_source(keys)
    certificate, doubt = source.certificate, None
    named = authority.holder_of(certificate)
    try:
        keysource.check_certificate(certificate, authority.read_trust(trust), now)
    except Problem as problem:
        doubt = problem
    return SigningKey(
        source.kind,
        authority.common_name(certificate),
        named.person if named else "",
        named.role.value if named else "",
        authority.issuer_name(certificate),
        certificate.not_valid_after_utc.astimezone(now.tzinfo),
        f"{certificate.serial_number:x}",
        authority.fingerprint(certificate),
        source.place,
        doubt,
    )


def use_pkcs12(keys: Path, file: Path, passphrase: str, trust: Path, person: Person, now: datetime) -> None:
    """From now on `person` signs with the key in this file, which is copied. Raises Problem other-holder and what
    keysource.take_pkcs12 raises; then everything is as it was."""
    known = authority.read_trust(trust)
    _change(keys, person, now, lambda scratch: keysource.take_pkcs12(scratch, file, passphrase, known, now))


def use_token(
    keys: Path,
    place: TokenPlace,
    pin: str,
    trust: Path,
    person: Person,
    now: datetime,
    certificate: Path | None = None,
) -> None:
    """From now on `person` signs with the key on this token; `certificate` is a file for one that does not lie on it.
    Raises Problem other-holder, no-certificate and what keysource.take_token raises; then everything is as it was."""
    known = authority.read_trust(trust)
    given = authority.read_certificate(certificate) if certificate is not None else None
    _change(keys, person, now, lambda scratch: keysource.take_token(scratch, place, pin, known, now, given))


def use_own(keys: Path, now: datetime) -> tuple[Path, ...]:
    """From now on the key that was born here signs again; answers what was put aside. Raises Problem no-key when there
    is none, and nothing has changed."""
    authority.own_certificate(keys / authority.PERSON_CERTIFICATE)
    if not (keys / authority.PERSON_KEY).exists():
        raise Problem("no-key", path=authority.PERSON_KEY)
    return put_aside(keys, now)


def _change(keys: Path, person: Person, now: datetime, take: Callable[[Path], x509.Certificate]) -> None:
    """Takes the source into a folder beside first: only one that serves puts another aside."""
    with _scratch(keys) as scratch:
        certificate = take(scratch)
        if not authority.names_holder(Author(person.id, person.name, person.role, ""), certificate):
            raise Problem("other-holder", holder=authority.common_name(certificate), person=person.name)
        put_aside(keys, now)
        for name in reversed(_TAKEN):  # the certificate first: a source never lies there without it
            if (scratch / name).exists():
                (scratch / name).replace(keys / name)


@contextmanager
def _scratch(keys: Path) -> Iterator[Path]:
    keys.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix=".taking-", dir=keys))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def put_aside(keys: Path, now: datetime, own: bool = False) -> tuple[Path, ...]:
    """Every taken source, and the own one as well where that is asked for; answers where they are now."""
    moment, aside = f"{now:%Y%m%d-%H%M%S}", []
    for name in (*_TAKEN, *(_OWN if own else ())):
        if os.path.lexists(keys / name):
            aside.append((keys / name).replace(_free(keys / f"{name}.{moment}")))
    return tuple(aside)


def _free(path: Path) -> Path:
    """A name that nothing has."""
    number, tried = 1, path
    while os.path.lexists(tried):
        number += 1
        tried = path.with_name(f"{path.name}-{number}")
    return tried
