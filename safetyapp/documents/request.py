"""Enrolment 登记 on the laptop: the person's key is born here, a signing request for it goes out, a certificate of the
district comes back, perhaps days later on a stick.

Until then the key lies in `keys` as `enrolling.key.pem` beside its request; the one that signed so far goes on signing.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from safetyapp.documents import authority
from safetyapp.documents.key_change import put_aside
from safetyapp.documents.keyfile import encrypt_key
from safetyapp.domain.problem import Problem
from safetyapp.domain.record import Author
from safetyapp.domain.school import Person

KEY, REQUEST, CERTIFICATE = "enrolling.key.pem", "enrolling.csr.pem", "enrolling.pem"


def make_request(keys: Path, name: str, passphrase: str) -> str:
    """The signing request (PEM) for a new key under this passphrase. Asked again with the same passphrase it is the
    same key: an answer that was lost can be asked for again. Raises Problem weak-passphrase, wrong-passphrase."""
    if not passphrase.strip():
        raise Problem("weak-passphrase")
    if (keys / KEY).exists() and (keys / REQUEST).exists():
        authority.open_key(keys / KEY, passphrase)
        return (keys / REQUEST).read_text(encoding="ascii")
    keys.mkdir(parents=True, exist_ok=True)
    with suppress(OSError):  # no such thing on FAT
        keys.chmod(0o700)
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name.encode()[:64].decode(errors="ignore") or "-")])
    request = x509.CertificateSigningRequestBuilder().subject_name(subject).sign(key, hashes.SHA256())
    pem = request.public_bytes(Encoding.PEM)
    authority.write_whole(keys / KEY, encrypt_key(key, passphrase), secret=True)
    authority.write_whole(keys / REQUEST, pem, secret=False)
    return pem.decode()


def check_answer(keys: Path, person: Person, certificate: str, district: str) -> None:
    """Whether the certificate is for the key of our request, names this person, and was issued by this district (all
    PEM). Nothing is changed. Raises Problem no-request, enrolment-broken, other-key, other-authority, other-holder."""
    _checked(keys, person, certificate, district)


def take_certificate(keys: Path, trust: Path, person: Person, certificate: str, district: str, now: datetime) -> None:
    """From now on the person signs with the key of the request, and documents of this district are believed. What
    signed before is put aside under its name with the moment behind it. Raises Problem as check_answer; then everything
    is as it was."""
    issued, issuer = _checked(keys, person, certificate, district)
    authority.trust(trust, issuer)
    authority.write_whole(keys / CERTIFICATE, issued.public_bytes(Encoding.PEM), secret=False)
    finish(keys, now)


def _checked(keys: Path, person: Person, certificate: str, district: str) -> tuple[x509.Certificate, x509.Certificate]:
    if not (keys / REQUEST).exists():
        raise Problem("no-request")
    try:
        issued = x509.load_pem_x509_certificate(certificate.encode())
        issuer = x509.load_pem_x509_certificate(district.encode())
    except ValueError as error:
        raise Problem("enrolment-broken", path="certificate") from error
    request = x509.load_pem_x509_csr((keys / REQUEST).read_bytes())
    if issued.public_key() != request.public_key():
        raise Problem("other-key", name=authority.common_name(issued))
    try:
        issued.verify_directly_issued_by(issuer)
    except Exception as error:  # one class for each of the ways in which it is not
        name = authority.issuer_name(issued)
        raise Problem("other-authority", name=authority.common_name(issued), issuer=name) from error
    if not authority.names_holder(Author(person.id, person.name, person.role, ""), issued):
        raise Problem("other-holder", holder=authority.common_name(issued), person=person.name)
    return issued, issuer


def finish(keys: Path, now: datetime) -> None:
    """Puts key and certificate in their places; whoever was interrupted in it calls it again."""
    if not (keys / CERTIFICATE).exists():
        return
    if (keys / KEY).exists():
        put_aside(keys, now, own=True)
        (keys / KEY).replace(keys / authority.PERSON_KEY)
    (keys / CERTIFICATE).replace(keys / authority.PERSON_CERTIFICATE)
    (keys / REQUEST).unlink(missing_ok=True)
