"""Certificates for the tests, right and wrong in one place each; and an authority for time in this process."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from safetyapp.documents.timestamp import Ask
from tests.documents.examples import MADE_AT

SIGNING = {"digital_signature": True, "content_commitment": True}
_ALL = (
    "digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement",
    "key_cert_sign", "crl_sign", "encipher_only", "decipher_only",
)  # fmt: skip


def make_certificate(
    subject: x509.Name,
    public: Any,
    issuer: x509.Name,
    issuer_key: Any,
    *,
    usage: dict[str, bool] | None = None,
    ca: bool = False,
    start: datetime = MADE_AT - timedelta(days=5),
    end: datetime = MADE_AT + timedelta(days=500),
    purposes: tuple[x509.ObjectIdentifier, ...] = (),
    extra: tuple[tuple[Any, bool], ...] = (),
    digest: Any = None,
    serial: int | None = None,
) -> x509.Certificate:
    """A certificate as it is asked for, sensible or not."""
    usage = SIGNING if usage is None else usage
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public)
        .serial_number(serial or x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(end)
        .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
    )
    if usage:
        builder = builder.add_extension(x509.KeyUsage(**{n: usage.get(n, False) for n in _ALL}), critical=True)
    if purposes:
        builder = builder.add_extension(x509.ExtendedKeyUsage(purposes), critical=True)
    for extension, critical in extra:
        builder = builder.add_extension(extension, critical=critical)
    return builder.sign(issuer_key, digest or hashes.SHA256())


def new_key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


def named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


class TimeAuthority:
    """An authority for time in this process, pyHanko's test responder; `authority` is whom its certificate is from."""

    def __init__(
        self,
        name: str = "示例时间戳",
        purposes: tuple[x509.ObjectIdentifier, ...] = (ExtendedKeyUsageOID.TIME_STAMPING,),
    ) -> None:
        self._root_key, self._key = new_key(), rsa.generate_private_key(65537, 2048)
        self.authority = make_certificate(
            named(f"{name} CA"), self._root_key.public_key(), named(f"{name} CA"), self._root_key, ca=True,
            usage={"key_cert_sign": True},
        )  # fmt: skip
        self.certificate = make_certificate(
            named(name), self._key.public_key(), self.authority.subject, self._root_key,
            usage={"digital_signature": True}, purposes=purposes,
        )  # fmt: skip

    def ask_at(self, at: datetime = MADE_AT + timedelta(seconds=3)) -> Ask:
        """A client that is answered with this time."""
        from asn1crypto import keys, tsp
        from asn1crypto import x509 as asn1_x509
        from pyhanko.sign.timestamps import DummyTimeStamper

        plain = self._key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
        stamper = DummyTimeStamper(
            asn1_x509.Certificate.load(self.certificate.public_bytes(Encoding.DER)),
            keys.PrivateKeyInfo.load(plain),
            fixed_dt=at,
        )

        def ask(request: bytes) -> bytes:
            answer = stamper.request_tsa_response(tsp.TimeStampReq.load(request))
            return bytes(answer.dump())

        return ask

    def key_pem(self) -> bytes:
        return self._key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
