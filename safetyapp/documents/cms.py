"""The signature container (CMS) and the certificate behind it: is this digest signed, and by someone we know?

Strict on purpose: one signer, a short list of algorithms, certificates issued directly by a trusted authority. Anything
else is refused, whatever a more patient reader would make of it.

A document is known by the hash of its bytes, and the container is the part of them that no signature covers. So it has
one spelling: it must be, byte for byte, what we write of its certificates, signed attributes and signature. Of the two
signatures that elliptic curves give for the same thing, only the one with the lower S counts.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding

from safetyapp.documents.der import NULL, OCTETS, SEQUENCE, SET, der, der_int, der_oid

DIGESTS: dict[str, type[hashes.SHA256 | hashes.SHA384 | hashes.SHA512]] = {
    "sha256": hashes.SHA256,
    "sha384": hashes.SHA384,
    "sha512": hashes.SHA512,
}
_CURVES = ("secp256r1", "secp384r1", "secp521r1")
_RSA_BITS = range(2048, 4097)
OIDS = {
    "signed_data": "1.2.840.113549.1.7.2",
    "data": "1.2.840.113549.1.7.1",
    "sha256": "2.16.840.1.101.3.4.2.1",
    "sha384": "2.16.840.1.101.3.4.2.2",
    "sha512": "2.16.840.1.101.3.4.2.3",
    "sha256_ecdsa": "1.2.840.10045.4.3.2",
    "sha384_ecdsa": "1.2.840.10045.4.3.3",
    "sha512_ecdsa": "1.2.840.10045.4.3.4",
    "sha256_rsa": "1.2.840.113549.1.1.11",
    "sha384_rsa": "1.2.840.113549.1.1.12",
    "sha512_rsa": "1.2.840.113549.1.1.13",
    "stamp": "1.2.840.113549.1.9.16.2.14",
}
_DOCUMENT_PURPOSES = {"1.3.6.1.5.5.7.3.36", "2.5.29.37.0"}
_UNDERSTOOD = {x509.BasicConstraints.oid, x509.KeyUsage.oid, x509.ExtendedKeyUsage.oid}


class NotIntact(Exception):
    """The container does not sign these bytes; `why` is a verdict's code."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True, slots=True)
class Signed:
    """What a container that holds says: the certificate it is made with, any that came along, the signature itself, and
    the time-stamp token beside it, which nobody has looked into yet."""

    certificate: x509.Certificate
    others: tuple[x509.Certificate, ...]
    signature: bytes
    stamp: bytes | None = None


def digest_name(container: bytes) -> str:
    """Which digest the container signs. Raises NotIntact for one that is not on the list."""
    return digest_of(_signer_info(_signed_data(container)))


def digest_of(info: Any) -> str:
    name = str(info["digest_algorithm"]["algorithm"].native)
    if name not in DIGESTS:
        raise NotIntact("weak-algorithm")
    return name


def check_container(container: bytes, digest: bytes) -> Signed:
    """Checks that the container signs `digest`, made with `digest_name`. Says nothing of who signed. Raises NotIntact,
    or whatever the decoder raises on bytes that are no container."""
    data = _signed_data(container)
    info = _signer_info(data)
    name = digest_of(info)
    _check_frame(data, info, name)
    certificates = _certificates(data)
    certificate = _signing_certificate(info, certificates)
    attributes = info["signed_attrs"]
    encoded: bytes = attributes.dump()  # as they stand there: once looked into, asn1crypto writes them anew
    if len(attributes) == 0:
        raise NotIntact("signature-broken")
    if only_value(attributes, "content_type").native != "data":
        raise NotIntact("signature-broken")
    if only_value(attributes, "message_digest").native != digest:
        raise NotIntact("content-changed")
    _check_binding(attributes, certificate)
    signature = bytes(info["signature"].native)
    _check_signature(info, certificate, b"\x31" + encoded[1:], name)  # signed under the tag of a set
    stamp = _stamp(info)
    written = _as_written(certificate, certificates, name, encoded, signature, stamp)
    if container[: len(written)] != written or any(container[len(written) :]):
        raise NotIntact("signature-broken")
    return Signed(certificate, tuple(c for c in certificates if c != certificate), signature, stamp)


def _as_written(
    certificate: x509.Certificate,
    certificates: Iterable[x509.Certificate],
    digest: str,
    attributes: bytes,
    signature: bytes,
    stamp: bytes | None,
) -> bytes:
    """The one spelling of a container: ours."""
    hashing = der(SEQUENCE, der_oid(OIDS[digest]) + NULL)
    signer = der(SEQUENCE, certificate.issuer.public_bytes() + der_int(certificate.serial_number))
    if isinstance(certificate.public_key(), rsa.RSAPublicKey):
        scheme = der(SEQUENCE, der_oid(OIDS[f"{digest}_rsa"]) + NULL)
    else:
        scheme = der(SEQUENCE, der_oid(OIDS[f"{digest}_ecdsa"]))
    info = der_int(1) + signer + hashing + b"\xa0" + attributes[1:] + scheme + der(OCTETS, signature)
    if stamp is not None:
        info += der(0xA1, der(SEQUENCE, der_oid(OIDS["stamp"]) + der(SET, stamp)))
    encoded = sorted(one.public_bytes(Encoding.DER) for one in certificates)
    data = (
        der_int(1)
        + der(SET, hashing)
        + der(SEQUENCE, der_oid(OIDS["data"]))
        + der(0xA0, b"".join(encoded))
        + der(SET, der(SEQUENCE, info))
    )
    return der(SEQUENCE, der_oid(OIDS["signed_data"]) + der(0xA0, der(SEQUENCE, data)))


def _signed_data(container: bytes) -> Any:
    from asn1crypto import cms, tsp

    del tsp  # loading it teaches cms the attribute that binds a signature to its certificate
    size = _length(container)
    if any(container[size:]):
        raise NotIntact("signature-broken")
    outer = cms.ContentInfo.load(container[:size], strict=True)
    if outer["content_type"].native != "signed_data":
        raise NotIntact("signature-broken")
    data = outer["content"]
    inner = data["encap_content_info"]
    if inner["content_type"].native != "data" or inner["content"].native is not None:
        raise NotIntact("signature-broken")
    return data


def _length(container: bytes) -> int:
    """How many bytes the container takes; zeros fill the space kept for it."""
    if len(container) < 4 or container[0] != 0x30 or container[1] != 0x82:
        raise NotIntact("signature-broken")
    return 4 + int.from_bytes(container[2:4])


def _signer_info(data: Any) -> Any:
    infos = data["signer_infos"]
    if len(infos) != 1:
        raise NotIntact("several-signatures")
    return infos[0]


def _check_frame(data: Any, info: Any, digest: str) -> None:
    """What stands around the signed attributes is not itself signed, so nothing there may vary."""
    digests = [one["algorithm"].native for one in data["digest_algorithms"]]
    parameters = [one["parameters"].native for one in (*data["digest_algorithms"], info["digest_algorithm"])]
    if (
        data["version"].native != "v1"
        or info["version"].native != "v1"
        or digests != [digest]
        or any(parameters)
        or data["crls"].native is not None
    ):
        raise NotIntact("signature-broken")


def _stamp(info: Any) -> bytes | None:
    """The one thing that may stand beside the signature: a time-stamp token, as it stands there."""
    beside = info["unsigned_attrs"]
    if beside.native is None:
        return None
    if len(beside) != 1 or beside[0]["type"].native != "signature_time_stamp_token" or len(beside[0]["values"]) != 1:
        raise NotIntact("signature-broken")
    token: bytes = beside[0]["values"][0].dump()
    return token


def _certificates(data: Any) -> list[x509.Certificate]:
    chosen = [one for one in data["certificates"] if one.name == "certificate"]
    if len(chosen) not in (1, 2):  # the signer's, and its authority's
        raise NotIntact("signature-broken")
    return [x509.load_der_x509_certificate(one.chosen.dump()) for one in chosen]


def _signing_certificate(info: Any, certificates: Iterable[x509.Certificate]) -> x509.Certificate:
    if info["sid"].name != "issuer_and_serial_number":
        raise NotIntact("signature-broken")
    wanted = info["sid"].chosen
    issuer, serial = wanted["issuer"].dump(), wanted["serial_number"].native
    found = [c for c in certificates if c.serial_number == serial and c.issuer.public_bytes() == issuer]
    if len(found) != 1:
        raise NotIntact("signature-broken")
    return found[0]


def only_value(attributes: Any, name: str) -> Any:
    """The single value of an attribute that must be there once."""
    found = [a for a in attributes if a["type"].native == name]
    if len(found) != 1 or len(found[0]["values"]) != 1:
        raise NotIntact("signature-broken")
    return found[0]["values"][0]


def _check_binding(attributes: Any, certificate: x509.Certificate) -> None:
    """PAdES: the signed attributes name the certificate by its hash."""
    first = only_value(attributes, "signing_certificate_v2")["certs"][0]
    name = first["hash_algorithm"]["algorithm"].native
    if name not in DIGESTS:
        raise NotIntact("weak-algorithm")
    if hashlib.new(name, certificate.public_bytes(Encoding.DER)).digest() != first["cert_hash"].native:
        raise NotIntact("signature-broken")


def _check_signature(info: Any, certificate: x509.Certificate, signed: bytes, digest: str) -> None:
    scheme = str(info["signature_algorithm"]["algorithm"].native)
    check_raw(certificate, bytes(info["signature"].native), signed, digest, scheme)


def check_raw(certificate: x509.Certificate, signature: bytes, signed: bytes, digest: str, scheme: str) -> None:
    """Checks a bare signature of the named scheme (sha256_ecdsa, sha256_rsa, …). Raises NotIntact."""
    key = certificate.public_key()
    hashing = DIGESTS[digest]()
    try:
        if isinstance(key, ec.EllipticCurvePublicKey) and key.curve.name in _CURVES and scheme == f"{digest}_ecdsa":
            key.verify(signature, signed, ec.ECDSA(hashing))
            if with_low_s(signature, key.curve) != signature:
                raise NotIntact("signature-broken")
        elif isinstance(key, rsa.RSAPublicKey) and key.key_size in _RSA_BITS and scheme == f"{digest}_rsa":
            key.verify(signature, signed, padding.PKCS1v15(), hashing)  # exactly one signature holds
        else:
            raise NotIntact("weak-algorithm")
    except InvalidSignature:
        raise NotIntact("signature-broken") from None


def with_low_s(signature: bytes, curve: ec.EllipticCurve) -> bytes:
    """The one of the two equal signatures (r, s) and (r, n - s) that counts, in the one spelling of it."""
    r, s = decode_dss_signature(signature)
    return encode_dss_signature(r, min(s, curve.group_order - s))


def find_authority(certificate: x509.Certificate, trust: Iterable[x509.Certificate]) -> x509.Certificate | None:
    """The trusted authority that issued this certificate for signing documents."""
    for authority in trust:
        if _issued(authority, certificate) and _may_issue(authority) and _may_sign(certificate):
            return authority
    return None


def was_valid(certificate: x509.Certificate, at: datetime) -> bool:
    """Whether the certificate's time covers the instant."""
    return certificate.not_valid_before_utc <= at <= certificate.not_valid_after_utc


def _issued(authority: x509.Certificate, certificate: x509.Certificate) -> bool:
    try:
        certificate.verify_directly_issued_by(authority)
    except (ValueError, TypeError, InvalidSignature):
        return False
    return True


def _may_issue(authority: x509.Certificate) -> bool:
    try:
        constraints = authority.extensions.get_extension_for_class(x509.BasicConstraints).value
        usage = authority.extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound:
        return False
    return constraints.ca and usage.key_cert_sign and _only_understood(authority) and _strong(authority)


def _may_sign(certificate: x509.Certificate) -> bool:
    try:
        constraints = certificate.extensions.get_extension_for_class(x509.BasicConstraints).value
        usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound:
        return False
    may = usage.digital_signature and usage.content_commitment and not constraints.ca
    return may and _meant_for_documents(certificate) and _only_understood(certificate) and _strong(certificate)


def _meant_for_documents(certificate: x509.Certificate) -> bool:
    """A certificate that says what it is for must say: documents, or anything."""
    try:
        purposes = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    except x509.ExtensionNotFound:
        return True
    return any(purpose.dotted_string in _DOCUMENT_PURPOSES for purpose in purposes)


def _only_understood(certificate: x509.Certificate) -> bool:
    return all(e.oid in _UNDERSTOOD for e in certificate.extensions if e.critical)


def _strong(certificate: x509.Certificate) -> bool:
    return isinstance(certificate.signature_hash_algorithm, tuple(DIGESTS.values()))
