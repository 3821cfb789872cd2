"""The district's own certificate authority: makes it, issues certificates to people, opens keys, reads trust.

A workspace keeps `keys/ca.pem`, `keys/ca.key.pem` (office only), `keys/person.pem`, `keys/person.key.pem` and the
authorities it believes in `trust/*.pem`. Private keys are encrypted with a passphrase and never leave `keys/`.
"""

from __future__ import annotations

import os
import unicodedata
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from safetyapp.documents.keyfile import WrongPassphrase, decrypt_key, encrypt_key
from safetyapp.domain.problem import Problem
from safetyapp.domain.record import Author
from safetyapp.domain.school import Person, PersonId, Role

AUTHORITY_YEARS, PERSON_YEARS = 10, 3
CA_CERTIFICATE, CA_KEY = "ca.pem", "ca.key.pem"
PERSON_CERTIFICATE, PERSON_KEY = "person.pem", "person.key.pem"


@dataclass(frozen=True, slots=True)
class Holder:
    """Whom a certificate names."""

    person: PersonId
    name: str
    role: Role


def create_authority(keys: Path, district: str, passphrase: str, now: datetime) -> x509.Certificate:
    """Makes the authority in `keys`; goes on with one of the same district that nobody was given a certificate beside,
    for the making may have been interrupted there. Raises Problem key-exists rather than replace one, wrong-passphrase,
    weak-passphrase or name-refused."""
    _check_passphrase(passphrase)
    _check_name(district)
    begun = _begun_authority(keys, district, passphrase)
    if begun is not None:
        return begun
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "CN"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, _fitting(district)),
            x509.NameAttribute(NameOID.COMMON_NAME, f"{_fitting(district)[:20]} CA"),
        ]
    )
    public = key.public_key()
    identifier = x509.SubjectKeyIdentifier.from_public_key(public)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(minutes=5))
        .not_valid_after(_years_later(now, AUTHORITY_YEARS))
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(certificates=True), critical=True)
        .add_extension(identifier, critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(identifier), critical=False)
        .sign(key, hashes.SHA256())
    )
    _keep_pair(keys, CA_CERTIFICATE, CA_KEY, certificate, key, passphrase)
    return certificate


def _begun_authority(keys: Path, district: str, passphrase: str) -> x509.Certificate | None:
    certificate, key = keys / CA_CERTIFICATE, keys / CA_KEY
    if not certificate.exists() or not key.exists() or (keys / PERSON_CERTIFICATE).exists():
        return None
    found = own_certificate(certificate)
    names = found.subject.get_attributes_for_oid(NameOID.ORGANIZATION_NAME)
    if [str(name.value) for name in names] != [_fitting(district)]:
        return None
    if open_key(key, passphrase).public_key() != found.public_key():
        return None
    return found


def issue(
    keys: Path, person: Person, passphrase: str, now: datetime, person_passphrase: str = "", into: Path | None = None
) -> x509.Certificate:
    """Gives `person` a key and a certificate of the authority in `keys`: beside it, or in the folder `into`.

    The key is encrypted with `person_passphrase`, or with the authority's passphrase when that is empty.
    Raises Problem no-key, wrong-passphrase, key-exists, certificate-expired, weak-passphrase or name-refused.
    """
    _check_passphrase(person_passphrase or passphrase)
    _check_name(person.name)
    authority = own_certificate(keys / CA_CERTIFICATE)
    signing = open_key(keys / CA_KEY, passphrase)
    if now > authority.not_valid_after_utc:
        raise Problem("certificate-expired", name=common_name(authority), on=authority.not_valid_after_utc.date())
    key = ec.generate_private_key(ec.SECP256R1())
    certificate = _sign_certificate(authority, signing, key.public_key(), person, now)
    _keep_pair(into or keys, PERSON_CERTIFICATE, PERSON_KEY, certificate, key, person_passphrase or passphrase)
    return certificate


def certify(
    keys: Path,
    person: Person,
    public: ec.EllipticCurvePublicKey | rsa.RSAPublicKey,
    passphrase: str,
    now: datetime,
) -> x509.Certificate:
    """A certificate of the authority in `keys` for a key that was born elsewhere, on a token or in a PKCS#12 file.
    Raises Problem no-key, wrong-passphrase, certificate-expired, name-refused or weak-key."""
    _check_name(person.name)
    if isinstance(public, rsa.RSAPublicKey):
        fits = 2048 <= public.key_size <= 4096 and public.public_numbers().e == 65537
    else:
        fits = isinstance(public.curve, ec.SECP256R1 | ec.SECP384R1 | ec.SECP521R1)
    if not fits:
        raise Problem("weak-key", name=person.name)
    authority = own_certificate(keys / CA_CERTIFICATE)
    signing = open_key(keys / CA_KEY, passphrase)
    if now > authority.not_valid_after_utc:
        raise Problem("certificate-expired", name=common_name(authority), on=authority.not_valid_after_utc.date())
    return _sign_certificate(authority, signing, public, person, now)


def _sign_certificate(
    authority: x509.Certificate,
    signing: ec.EllipticCurvePrivateKey,
    public: ec.EllipticCurvePublicKey | rsa.RSAPublicKey,
    person: Person,
    now: datetime,
) -> x509.Certificate:
    organisation = authority.subject.get_attributes_for_oid(NameOID.ORGANIZATION_NAME)
    subject = x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "CN"),
            *organisation,
            x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, person.role.value),
            x509.NameAttribute(NameOID.SERIAL_NUMBER, person.id),
            x509.NameAttribute(NameOID.COMMON_NAME, _fitting(person.name)),
        ]
    )
    issuer_id = authority.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(authority.subject)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(minutes=5))
        .not_valid_after(min(_years_later(now, PERSON_YEARS), authority.not_valid_after_utc))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(certificates=False), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(issuer_id), critical=False)
        .sign(signing, hashes.SHA256())
    )


def _usage(*, certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not certificates,
        content_commitment=not certificates,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=certificates,
        crl_sign=certificates,
        encipher_only=False,
        decipher_only=False,
    )


def _check_passphrase(passphrase: str) -> None:
    """Raises Problem weak-passphrase: a key under an empty one is open to everybody."""
    if not passphrase.strip():
        raise Problem("weak-passphrase")


def _check_name(name: str) -> None:
    """Raises Problem name-refused for a name that a certificate cannot hold: no text at all, or control characters."""
    try:
        name.encode()
    except UnicodeEncodeError:
        raise Problem("name-refused", name=name.encode(errors="replace").decode()) from None
    if any(unicodedata.category(character) == "Cc" for character in name.strip()):
        raise Problem("name-refused", name="".join(c if c.isprintable() else "?" for c in name))


def names_holder(author: Author, certificate: x509.Certificate) -> bool:
    """Whether the author is the person the certificate was issued to, name and role as well."""
    said = Holder(author.person, _fitting(author.name), author.role)
    return holder_of(certificate) == said


def _fitting(name: str) -> str:
    """X.509 allows 64 characters in a name; cryptography counts bytes."""
    return name.strip().encode()[:64].decode(errors="ignore") or "-"


def _years_later(now: datetime, years: int) -> datetime:
    try:
        return now.replace(year=now.year + years)
    except ValueError:  # 29 February
        return now.replace(year=now.year + years, day=28)


def trust(folder: Path, certificate: x509.Certificate) -> Path:
    """Puts an authority among the trusted ones; the same one twice is one file."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{fingerprint(certificate)[:16]}.pem"
    write_whole(path, certificate.public_bytes(Encoding.PEM), secret=False)
    return path


def read_trust(folder: Path) -> tuple[x509.Certificate, ...]:
    """The authorities in `trust/*.pem`; a file that is no certificate is passed over."""
    found = []
    for path in sorted(folder.glob("*.pem")):
        with suppress(ValueError, OSError):
            found.append(x509.load_pem_x509_certificate(path.read_bytes()))
    return tuple(found)


def read_certificate(path: Path) -> x509.Certificate:
    """The certificate in any file. Raises Problem unreadable-file or no-certificate."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise Problem("unreadable-file", path=str(path), reason=error.strerror or type(error).__name__) from error
    try:
        return x509.load_pem_x509_certificate(data)
    except ValueError as error:
        raise Problem("no-certificate", path=str(path)) from error


def own_certificate(path: Path) -> x509.Certificate:
    """A certificate of the folder `keys`. Raises Problem no-key."""
    try:
        return read_certificate(path)
    except Problem as problem:
        raise Problem("no-key", path=path.name) from problem


def open_key(path: Path, passphrase: str) -> ec.EllipticCurvePrivateKey:
    """The private key. Raises Problem no-key or wrong-passphrase."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise Problem("no-key", path=path.name) from error
    try:
        return decrypt_key(data, passphrase)
    except WrongPassphrase as error:
        raise Problem("wrong-passphrase") from error
    except ValueError as error:
        raise Problem("no-key", path=path.name) from error


def fingerprint(certificate: x509.Certificate) -> str:
    """SHA-256 of the certificate, hex."""
    return certificate.fingerprint(hashes.SHA256()).hex()


def fingerprint_of(pem: bytes) -> str:
    """The same, of a certificate in PEM. Raises ValueError."""
    return fingerprint(x509.load_pem_x509_certificate(pem))


def common_name(certificate: x509.Certificate) -> str:
    found = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    return str(found[0].value) if found else ""


def issuer_name(certificate: x509.Certificate) -> str:
    """The common name of who issued it, or the whole name where there is none."""
    found = certificate.issuer.get_attributes_for_oid(NameOID.COMMON_NAME)
    return str(found[0].value) if found else certificate.issuer.rfc4514_string()


def holder_of(certificate: x509.Certificate) -> Holder | None:
    """The person a certificate was issued to, or None when it does not say."""
    ids = certificate.subject.get_attributes_for_oid(NameOID.SERIAL_NUMBER)
    units = certificate.subject.get_attributes_for_oid(NameOID.ORGANIZATIONAL_UNIT_NAME)
    if not ids or not units:
        return None
    try:
        role = Role(str(units[0].value))
    except ValueError:
        return None
    return Holder(PersonId(str(ids[0].value)), common_name(certificate), role)


def _keep_pair(
    keys: Path,
    certificate_name: str,
    key_name: str,
    certificate: x509.Certificate,
    key: ec.EllipticCurvePrivateKey,
    passphrase: str,
) -> None:
    """Keeps both or neither: key and certificate are written whole beside their places, then the key takes its place,
    the certificate last. A key whose certificate still waits beside its place was never used: it is made anew."""
    waiting = _beside(keys / certificate_name)
    has_key = (keys / key_name).exists()
    if (keys / certificate_name).exists() or (has_key and not waiting.exists()):
        raise Problem("key-exists", path=key_name if has_key else certificate_name)
    keys.mkdir(parents=True, exist_ok=True)
    with suppress(OSError):  # no such thing on FAT
        keys.chmod(0o700)
    _write_beside(keys / certificate_name, certificate.public_bytes(Encoding.PEM), secret=False)
    write_whole(keys / key_name, encrypt_key(key, passphrase), secret=True)
    waiting.replace(keys / certificate_name)


def write_whole(path: Path, data: bytes, *, secret: bool) -> None:
    """The file whole or not at all; a secret one for its owner only."""
    _write_beside(path, data, secret=secret)
    _beside(path).replace(path)


def _beside(path: Path) -> Path:
    return path.with_name(path.name + ".part")


def _write_beside(path: Path, data: bytes, *, secret: bool) -> None:
    """A key is readable for its owner only from the first moment."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0)
    descriptor = os.open(_beside(path), flags, 0o600 if secret else 0o644)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
