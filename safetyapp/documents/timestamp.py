"""Time stamps 时间戳 (RFC 3161): what an authority for time says of a signature. Never needed; nobody is asked unless
whoever builds the signer hands in a client.

A token stands beside the signature, where the signature does not reach. So it too has one spelling: it is kept with
what its authority signed, that authority's certificate and nothing else, and is refused in any other form.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID

from safetyapp.documents.authority import common_name
from safetyapp.documents.cms import DIGESTS, OIDS, NotIntact, check_raw, digest_of, only_value, was_valid, with_low_s
from safetyapp.documents.der import NULL, OCTETS, SEQUENCE, SET, der, der_int, der_oid
from safetyapp.domain.problem import Problem

Ask: TypeAlias = "Callable[[bytes], bytes]"
"""Takes a request to an authority and brings its response, both in DER. Raises OSError when nobody answers."""

_TST_INFO = "1.2.840.113549.1.9.16.1.4"
_RSA = "1.2.840.113549.1.1.1"


class ForeignStamp(Exception):
    """The token is whole, but nobody trusted made it; `name` is who says to have."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


@dataclass(frozen=True, slots=True)
class Stamp:
    """What a token that holds says."""

    at: datetime
    authority: str


def stamp_signature(signature: bytes, ask: Ask, trusted: tuple[x509.Certificate, ...]) -> bytes:
    """A token for the signature, in its one spelling, as verifying will accept it. Raises Problem timestamp-failed."""
    from asn1crypto import tsp

    nonce = secrets.randbits(63)
    imprint = {"hash_algorithm": {"algorithm": "sha256"}, "hashed_message": hashlib.sha256(signature).digest()}
    request = tsp.TimeStampReq({"version": 1, "message_imprint": imprint, "nonce": nonce, "cert_req": True})
    try:
        response = tsp.TimeStampResp.load(ask(request.dump()), strict=True)
        if response["status"]["status"].native not in ("granted", "granted_with_mods"):
            raise ValueError(str(response["status"]["status"].native))
        token = _respelled(response["time_stamp_token"]["content"])
        if _content(_signed_data(token))["nonce"].native != nonce:
            raise ValueError("answers another request")
        check_stamp(token, signature, trusted)
    except ForeignStamp as error:
        raise Problem("timestamp-failed", reason=error.name) from error
    except Exception as error:  # whatever is wrong with an answer from outside
        raise Problem("timestamp-failed", reason=str(error) or type(error).__name__) from error
    return token


def check_stamp(token: bytes, signature: bytes, trusted: tuple[x509.Certificate, ...]) -> Stamp:
    """What the token says of the signature. `trusted` are authorities for time, or those who issue their certificates.
    Raises NotIntact timestamp-broken, ForeignStamp, or what a decoder raises on bytes that are no token."""
    data = _signed_data(token)
    if _respelled(data) != token:
        raise NotIntact("timestamp-broken")
    info = data["signer_infos"][0]
    certificate = _certificate(data, info)
    said = _content(data)
    imprint = said["message_imprint"]
    name = imprint["hash_algorithm"]["algorithm"].native
    if name not in DIGESTS or hashlib.new(name, signature).digest() != imprint["hashed_message"].native:
        raise NotIntact("timestamp-broken")
    at = said["gen_time"].native
    if at.tzinfo is None:
        raise NotIntact("timestamp-broken")
    _check_signed(data, info, certificate)
    if not _may_stamp(certificate) or not _is_trusted(certificate, trusted, at):
        raise ForeignStamp(common_name(certificate))
    return Stamp(at, common_name(certificate))


def _check_signed(data: Any, info: Any, certificate: x509.Certificate) -> None:
    """The token's own signature covers its content, and names the certificate."""
    attributes = info["signed_attrs"]
    encoded: bytes = attributes.dump()
    digest = digest_of(info)
    content = bytes(data["encap_content_info"]["content"].contents)
    if only_value(attributes, "content_type").native != "tst_info":
        raise NotIntact("timestamp-broken")
    if only_value(attributes, "message_digest").native != hashlib.new(digest, content).digest():
        raise NotIntact("timestamp-broken")
    _check_named(attributes, certificate)
    family = "rsa" if isinstance(certificate.public_key(), rsa.RSAPublicKey) else "ecdsa"
    try:
        check_raw(certificate, bytes(info["signature"].native), b"\x31" + encoded[1:], digest, f"{digest}_{family}")
    except NotIntact as broken:
        raise NotIntact("timestamp-broken") from broken


def _check_named(attributes: Any, certificate: x509.Certificate) -> None:
    """ESSCertID (RFC 2634, by SHA-1 as the standard has it) or ESSCertIDv2: which certificate signed."""
    names = {one["type"].native for one in attributes}
    encoded = certificate.public_bytes(Encoding.DER)
    if "signing_certificate_v2" in names:
        first = only_value(attributes, "signing_certificate_v2")["certs"][0]
        digest = str(first["hash_algorithm"]["algorithm"].native)
        fits = digest in DIGESTS and hashlib.new(digest, encoded).digest() == first["cert_hash"].native
    else:
        first = only_value(attributes, "signing_certificate")["certs"][0]
        fits = hashlib.sha1(encoded, usedforsecurity=False).digest() == first["cert_hash"].native
    if not fits:
        raise NotIntact("timestamp-broken")


def _signed_data(token: bytes) -> Any:
    from asn1crypto import cms, tsp

    del tsp  # loading it teaches cms what a token holds
    outer = cms.ContentInfo.load(token, strict=True)
    data = outer["content"]
    kind = outer["content_type"].native, data["encap_content_info"]["content_type"].native
    if kind != ("signed_data", "tst_info") or len(data["signer_infos"]) != 1:
        raise NotIntact("timestamp-broken")
    return data


def _content(data: Any) -> Any:
    from asn1crypto import tsp

    return tsp.TSTInfo.load(bytes(data["encap_content_info"]["content"].contents), strict=True)


def _certificate(data: Any, info: Any) -> x509.Certificate:
    if info["sid"].name != "issuer_and_serial_number":
        raise NotIntact("timestamp-broken")
    issuer, serial = info["sid"].chosen["issuer"].dump(), info["sid"].chosen["serial_number"].native
    loaded = (x509.load_der_x509_certificate(c.chosen.dump()) for c in data["certificates"] if c.name == "certificate")
    found = [c for c in loaded if c.serial_number == serial and c.issuer.public_bytes() == issuer]
    if not found:
        raise NotIntact("timestamp-broken")
    return found[0]


def _respelled(data: Any) -> bytes:
    """The token in its one spelling: what its authority did not sign is left out or written in one way."""
    info = data["signer_infos"][0]
    certificate = _certificate(data, info)
    digest = digest_of(info)
    signature = bytes(info["signature"].native)
    if isinstance(certificate.public_key(), rsa.RSAPublicKey):
        scheme = der(SEQUENCE, der_oid(_RSA) + NULL)
    else:
        scheme = der(SEQUENCE, der_oid(OIDS[f"{digest}_ecdsa"]))
        signature = with_low_s(signature, certificate.public_key().curve)  # type: ignore[union-attr]  # no other key signs so
    hashing = der(SEQUENCE, der_oid(OIDS[digest]) + NULL)
    signer = der(SEQUENCE, certificate.issuer.public_bytes() + der_int(certificate.serial_number))
    attributes: bytes = info["signed_attrs"].dump()
    content = bytes(data["encap_content_info"]["content"].contents)
    written = (
        der_int(3)
        + der(SET, hashing)
        + der(SEQUENCE, der_oid(_TST_INFO) + der(0xA0, der(OCTETS, content)))
        + der(0xA0, certificate.public_bytes(Encoding.DER))
        + der(
            SET,
            der(SEQUENCE, der_int(1) + signer + hashing + b"\xa0" + attributes[1:] + scheme + der(OCTETS, signature)),
        )
    )
    return der(SEQUENCE, der_oid(OIDS["signed_data"]) + der(0xA0, der(SEQUENCE, written)))


def _may_stamp(certificate: x509.Certificate) -> bool:
    """For time stamps, and for nothing else (RFC 3161, 2.3)."""
    try:
        extension = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage)
    except x509.ExtensionNotFound:
        return False
    return extension.critical and list(extension.value) == [ExtendedKeyUsageOID.TIME_STAMPING]


def _is_trusted(certificate: x509.Certificate, trusted: tuple[x509.Certificate, ...], at: datetime) -> bool:
    if not was_valid(certificate, at):
        return False
    if certificate in trusted:
        return True
    for authority in trusted:
        try:
            certificate.verify_directly_issued_by(authority)
            if authority.extensions.get_extension_for_class(x509.BasicConstraints).value.ca and was_valid(
                authority, at
            ):
                return True
        except (ValueError, TypeError, InvalidSignature, x509.ExtensionNotFound):
            continue
    return False
