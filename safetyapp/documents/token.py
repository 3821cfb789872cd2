"""Keys on a token UKey, through its driver (PKCS#11): the key never leaves it, what is to be signed goes to it.

Needs the package python-pkcs11, which only those with a token install (`safetyapp[token]`). Only the two plain
mechanisms are asked for, ECDSA and RSA by PKCS#1 1.5, on a digest that was made here: every token has them.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from safetyapp.documents.keysource import OpenKey, is_signed_by
from safetyapp.domain.problem import Problem

if TYPE_CHECKING:
    from safetyapp.documents.keysource import TokenPlace

_SHA256_INFO = bytes.fromhex("3031300d060960864801650304020105000420")
"""What PKCS#1 1.5 puts before a SHA-256 digest (RFC 8017, 9.2)."""


def open_token(place: TokenPlace, certificate: x509.Certificate, pin: str) -> OpenKey:
    """The key of the certificate, for as long as it is open. Raises Problem no-token-support, no-token, wrong-pin,
    pin-locked, token-failed or no-key; what it signs is checked: other-key, or token-failed when it was pulled out."""
    pkcs11 = _library()
    token = _find(pkcs11, place)
    wrong = (
        pkcs11.exceptions.PinIncorrect,
        pkcs11.exceptions.PinInvalid,
        pkcs11.exceptions.PinLenRange,
        pkcs11.exceptions.ArgumentsBad,
    )
    try:
        session = token.open(user_pin=pin)
    except pkcs11.exceptions.PinLocked as error:
        raise Problem("pin-locked", token=place.token) from error
    except wrong as error:
        raise Problem("wrong-pin", token=place.token) from error
    except pkcs11.exceptions.PKCS11Error as error:
        raise Problem("token-failed", token=place.token, reason=type(error).__name__) from error
    try:
        key = session.get_key(object_class=pkcs11.ObjectClass.PRIVATE_KEY, id=bytes.fromhex(place.key))
    except pkcs11.exceptions.PKCS11Error as error:
        session.close()
        raise Problem("no-key", path=place.token) from error
    is_curve = isinstance(certificate.public_key(), ec.EllipticCurvePublicKey)

    def sign(data: bytes) -> bytes:
        digest = hashlib.sha256(data).digest()
        try:
            if is_curve:
                pair = bytes(key.sign(digest, mechanism=pkcs11.Mechanism.ECDSA))
                half = len(pair) // 2
                signature = encode_dss_signature(int.from_bytes(pair[:half]), int.from_bytes(pair[half:]))
            else:
                signature = bytes(key.sign(_SHA256_INFO + digest, mechanism=pkcs11.Mechanism.RSA_PKCS))
        except pkcs11.exceptions.KeyTypeInconsistent as error:
            raise Problem("other-key", name=place.token) from error
        except pkcs11.exceptions.PKCS11Error as error:
            raise Problem("token-failed", token=place.token, reason=type(error).__name__) from error
        if not is_signed_by(certificate, signature, data):
            raise Problem("other-key", name=place.token)
        return signature

    return OpenKey(sign, session.close)


def read_token_certificate(place: TokenPlace) -> x509.Certificate:
    """The certificate that lies beside the key on the token, under the same id; it needs no PIN. Raises Problem
    no-token-support, no-token, token-failed or no-key."""
    pkcs11 = _library()
    token = _find(pkcs11, place)
    try:
        with token.open() as session:
            wanted = {
                pkcs11.Attribute.CLASS: pkcs11.ObjectClass.CERTIFICATE,
                pkcs11.Attribute.ID: bytes.fromhex(place.key),
            }
            found = [bytes(one[pkcs11.Attribute.VALUE]) for one in session.get_objects(wanted)]
    except pkcs11.exceptions.PKCS11Error as error:
        raise Problem("token-failed", token=place.token, reason=type(error).__name__) from error
    if len(found) != 1:
        raise Problem("no-key", path=place.token)
    try:
        return x509.load_der_x509_certificate(found[0])
    except ValueError as error:
        raise Problem("no-key", path=place.token) from error


def _library() -> Any:
    try:
        import pkcs11
        import pkcs11.exceptions
    except ImportError as error:
        raise Problem("no-token-support") from error
    return pkcs11


def _find(pkcs11: Any, place: TokenPlace) -> Any:
    """The token of that label. Raises Problem token-failed for a driver that does not load, or no-token."""
    try:
        found = list(pkcs11.lib(place.module).get_tokens(token_label=place.token))
    except (pkcs11.exceptions.PKCS11Error, RuntimeError, OSError) as error:
        raise Problem("token-failed", token=place.token, reason=str(error) or type(error).__name__) from error
    if len(found) != 1:
        raise Problem("no-token", token=place.token)
    return found[0]
