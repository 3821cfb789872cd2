"""Where the author's key is: a file of ours, a PKCS#12 file 证书文件, a token UKey. Which one, the folder `keys` says.

    token.toml and token.pem               a token: where its driver is, and the certificate of the key on it
    person.p12 (.pfx) and person.p12.pem   a file that an authority's programs write: key and certificate
    person.key.pem and person.pem          the key that was born here (authority.py)

The first of them that is there counts: a token or a file was put there later and on purpose. Beside each lies the
certificate in the open, for whoever signs is named before a passphrase is asked for.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import TypeAlias

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding

from safetyapp.documents import authority
from safetyapp.documents.cms import find_authority
from safetyapp.domain.problem import Problem

PKCS12_NAMES = ("person.p12", "person.pfx")
TOKEN_SETTINGS, TOKEN_CERTIFICATE = "token.toml", "token.pem"

PrivateKey: TypeAlias = "ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey"
Sign: TypeAlias = "Callable[[bytes], bytes]"
"""Signs bytes with SHA-256: ECDSA, or RSA by PKCS#1 1.5, as the certificate's key is. Raises Problem."""


def _nothing_to_close() -> None:
    pass


@dataclass(frozen=True, slots=True)
class OpenKey:
    """A key that may be used until it is closed."""

    sign: Sign
    close: Callable[[], None] = _nothing_to_close


class SourceKind(StrEnum):
    """Where a key lies."""

    OWN = "own"
    PKCS12 = "pkcs12"
    TOKEN = "token"


@dataclass(frozen=True, slots=True)
class KeySource:
    """A key that has not been opened: its certificate, and how a passphrase or PIN opens it. `open` raises Problem
    no-key, wrong-passphrase, other-key, and for a token no-token-support, no-token, wrong-pin, pin-locked,
    token-failed. `place` says where a token's key is."""

    certificate: x509.Certificate
    open: Callable[[str], OpenKey]
    kind: SourceKind = SourceKind.OWN
    place: TokenPlace | None = None


def find_key_source(keys: Path) -> KeySource:
    """The source that lies in the folder. Raises Problem no-key."""
    if (keys / TOKEN_SETTINGS).exists():
        from safetyapp.documents.token import open_token

        certificate = authority.own_certificate(keys / TOKEN_CERTIFICATE)
        place = _read_place(keys / TOKEN_SETTINGS)
        return KeySource(certificate, partial(open_token, place, certificate), SourceKind.TOKEN, place)
    for name in PKCS12_NAMES:
        if (keys / name).exists():
            certificate = authority.own_certificate(keys / f"{name}.pem")
            return KeySource(certificate, partial(_open_pkcs12, keys / name, certificate), SourceKind.PKCS12)
    certificate = authority.own_certificate(keys / authority.PERSON_CERTIFICATE)
    return KeySource(certificate, partial(_open_own, keys / authority.PERSON_KEY, certificate))


def with_key(key: PrivateKey) -> Sign:
    """Signing with a key in memory."""
    if isinstance(key, ec.EllipticCurvePrivateKey):
        return lambda data: key.sign(data, ec.ECDSA(hashes.SHA256()))
    return lambda data: key.sign(data, padding.PKCS1v15(), hashes.SHA256())


def is_signed_by(certificate: x509.Certificate, signature: bytes, data: bytes) -> bool:
    """Whether the certificate's key made the signature over the data, with SHA-256."""
    public = certificate.public_key()
    try:
        if isinstance(public, ec.EllipticCurvePublicKey):
            public.verify(signature, data, ec.ECDSA(hashes.SHA256()))
        elif isinstance(public, rsa.RSAPublicKey):
            public.verify(signature, data, padding.PKCS1v15(), hashes.SHA256())
        else:
            return False
    except InvalidSignature:
        return False
    return True


def check_certificate(
    certificate: x509.Certificate, trust: tuple[x509.Certificate, ...], at: datetime
) -> x509.Certificate:
    """The district's authority that issued it for signing. Raises Problem other-authority or certificate-expired (or
    not yet in force)."""
    name = authority.common_name(certificate)
    issuer = find_authority(certificate, trust)
    if issuer is None:
        raise Problem("other-authority", name=name, issuer=certificate.issuer.rfc4514_string())
    for one in (certificate, issuer):
        if not one.not_valid_before_utc <= at <= one.not_valid_after_utc:
            raise Problem("certificate-expired", name=name, on=one.not_valid_after_utc.date())
    return issuer


def take_pkcs12(
    keys: Path, file: Path, passphrase: str, trust: tuple[x509.Certificate, ...], at: datetime
) -> x509.Certificate:
    """From now on the person signs with the key of this file, which is copied. Raises Problem unreadable-file, no-key,
    wrong-passphrase, other-key, other-authority, certificate-expired or key-exists."""
    try:
        data = file.read_bytes()
    except OSError as error:
        raise Problem("unreadable-file", path=str(file), reason=error.strerror or type(error).__name__) from error
    key, certificate = _read_pkcs12(data, passphrase, file.name)
    _check_pair(key, certificate)
    check_certificate(certificate, trust, at)
    target = keys / PKCS12_NAMES[0]
    if any((keys / name).exists() for name in PKCS12_NAMES):
        raise Problem("key-exists", path=target.name)
    _keep_certificate(keys / f"{target.name}.pem", certificate)
    authority.write_whole(target, data, secret=True)
    return certificate


def take_token(
    keys: Path,
    place: TokenPlace,
    pin: str,
    trust: tuple[x509.Certificate, ...],
    at: datetime,
    certificate: x509.Certificate | None = None,
) -> x509.Certificate:
    """From now on the person signs with the key on this token; its certificate is read from there when none is given.
    Raises Problem as KeySource.open does, other-authority, certificate-expired or key-exists."""
    from safetyapp.documents.token import open_token, read_token_certificate

    if (keys / TOKEN_SETTINGS).exists():
        raise Problem("key-exists", path=TOKEN_SETTINGS)
    found = certificate or read_token_certificate(place)
    check_certificate(found, trust, at)
    key = open_token(place, found, pin)
    try:
        key.sign(b"trial")  # raises other-key where the certificate is another key's
    finally:
        key.close()
    _keep_certificate(keys / TOKEN_CERTIFICATE, found)
    settings = "".join(f"{name} = {_quoted(getattr(place, name))}\n" for name in ("module", "token", "key"))
    authority.write_whole(keys / TOKEN_SETTINGS, settings.encode(), secret=False)
    return found


@dataclass(frozen=True, slots=True)
class TokenPlace:
    """Where a key on a token is: its driver (a PKCS#11 library), the token's label, the key's id in hexadecimal."""

    module: str
    token: str
    key: str


def _read_place(path: Path) -> TokenPlace:
    try:
        said = tomllib.loads(path.read_text(encoding="utf-8"))
        place = TokenPlace(said["module"], said["token"], said["key"])
        bytes.fromhex(place.key)
        if not all(isinstance(part, str) and part for part in (place.module, place.token, place.key)):
            raise ValueError("empty")
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise Problem("no-key", path=path.name) from error
    return place


def _quoted(text: str) -> str:
    """A string as TOML writes it."""
    escaped = "".join(c if c.isprintable() and c not in '"\\' else f"\\U{ord(c):08x}" for c in text)
    return f'"{escaped}"'


def _open_own(path: Path, certificate: x509.Certificate, passphrase: str) -> OpenKey:
    key = authority.open_key(path, passphrase)
    _check_pair(key, certificate)
    return OpenKey(with_key(key))


def _open_pkcs12(path: Path, certificate: x509.Certificate, passphrase: str) -> OpenKey:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise Problem("no-key", path=path.name) from error
    key, _ = _read_pkcs12(data, passphrase, path.name)
    _check_pair(key, certificate)
    return OpenKey(with_key(key))


def _read_pkcs12(data: bytes, passphrase: str, name: str) -> tuple[PrivateKey, x509.Certificate]:
    from asn1crypto import pkcs12 as asn1_pkcs12
    from cryptography.hazmat.primitives.serialization import pkcs12

    with suppress(ValueError, TypeError):
        _ = asn1_pkcs12.Pfx.load(data, strict=True)["auth_safe"]["content_type"].native
        break_open = partial(pkcs12.load_pkcs12, data)
        for secret in (passphrase.encode(), None) if not passphrase else (passphrase.encode(),):
            with suppress(ValueError):
                found = break_open(secret)
                key, entry = found.key, found.cert
                if entry is None or not isinstance(key, ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey):
                    raise Problem("no-key", path=name)
                return key, entry.certificate
        raise Problem("wrong-passphrase")
    raise Problem("no-key", path=name)


def _check_pair(key: PrivateKey, certificate: x509.Certificate) -> None:
    """Raises Problem other-key: the certificate is of another key."""
    if key.public_key() != certificate.public_key():
        raise Problem("other-key", name=authority.common_name(certificate))


def _keep_certificate(path: Path, certificate: x509.Certificate) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    authority.write_whole(path, certificate.public_bytes(Encoding.PEM), secret=False)
