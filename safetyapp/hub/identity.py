"""Who the hub is: its id for ever, and its key with a certificate of the district's authority, which speaks TLS and
signs receipts.

The key lies unencrypted, readable for its owner only: a server must start again by itself after a power cut.
"""

from __future__ import annotations

import ipaddress
import os
import secrets
import ssl
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from safetyapp.documents.authority import fingerprint, write_whole
from safetyapp.domain.problem import Problem
from safetyapp.protocol import host_name

AUTHORITY, CERTIFICATE, KEY = "ca.pem", "hub.pem", "hub.key.pem"
_DAYS, _RENEW_DAYS = 730, 60


@dataclass(frozen=True, slots=True)
class Authority:
    """The district's authority with its key open, as long as the hub may issue certificates."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey


@dataclass(frozen=True, slots=True)
class Identity:
    """The hub's id, its key pair and the district's certificate; `folder` holds the files."""

    hub: str
    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey
    authority: x509.Certificate
    folder: Path

    @property
    def fingerprint(self) -> str:
        return fingerprint(self.certificate)

    @property
    def authority_pem(self) -> bytes:
        return self.authority.public_bytes(Encoding.PEM)


def new_hub_id() -> str:
    return f"hub-{secrets.token_hex(6)}"


def needs_certificate(folder: Path, names: Sequence[str], now: datetime) -> bool:
    """Whether the hub has none that holds for these names for the next two months."""
    try:
        certificate = x509.load_pem_x509_certificate((folder / CERTIFICATE).read_bytes())
        load_pem_private_key((folder / KEY).read_bytes(), None)
    except (OSError, ValueError, TypeError):
        return True
    if now + timedelta(days=_RENEW_DAYS) > certificate.not_valid_after_utc:
        return True
    alternative = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    return any(_general(name) not in list(alternative) for name in names)


def make_certificate(folder: Path, hub: str, names: Sequence[str], authority: Authority, now: datetime) -> None:
    """A new key and its certificate, for the hub's own name and these (host names or addresses)."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name(
        [
            *authority.certificate.subject.get_attributes_for_oid(NameOID.ORGANIZATION_NAME),
            x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, "hub"),  # no role: it signs no document
            x509.NameAttribute(NameOID.COMMON_NAME, hub),
        ]
    )
    ours = authority.certificate.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
    alternative = [_general(name) for name in dict.fromkeys([host_name(hub), *names])]
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(authority.certificate.subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(minutes=5))
        .not_valid_after(min(now + timedelta(days=_DAYS), authority.certificate.not_valid_after_utc))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectAlternativeName(alternative), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(ours), critical=False)
        .sign(authority.key, hashes.SHA256())
    )
    folder.mkdir(parents=True, exist_ok=True)
    with suppress(OSError):  # no such thing on FAT
        os.chmod(folder, 0o700)
    write_whole(folder / AUTHORITY, authority.certificate.public_bytes(Encoding.PEM), secret=False)
    write_whole(folder / KEY, key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()), secret=True)
    write_whole(folder / CERTIFICATE, certificate.public_bytes(Encoding.PEM), secret=False)


def read_identity(folder: Path, hub: str) -> Identity:
    """Raises Problem no-hub-certificate."""
    try:
        certificate = x509.load_pem_x509_certificate((folder / CERTIFICATE).read_bytes())
        authority = x509.load_pem_x509_certificate((folder / AUTHORITY).read_bytes())
        key = load_pem_private_key((folder / KEY).read_bytes(), None)
        certificate.verify_directly_issued_by(authority)
    except Exception as error:
        raise Problem("no-hub-certificate", path=str(folder)) from error
    if not isinstance(key, ec.EllipticCurvePrivateKey) or key.public_key() != certificate.public_key():
        raise Problem("no-hub-certificate", path=str(folder))
    return Identity(hub, certificate, key, authority, folder)


def tls_context(identity: Identity) -> ssl.SSLContext:
    """What the server speaks: TLS 1.2 or newer, with the hub's certificate."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_cert_chain(identity.folder / CERTIFICATE, identity.folder / KEY)
    return context


def _general(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _usage() -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=True,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=False,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )
