"""Signs the hub's receipts and says whether one is to be believed, with the district's certificate alone."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

from safetyapp.protocol import RECEIPT_FORMAT, Receipt, SignedReceipt, host_name, read, write

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509 import Certificate

_PURPOSE = b"safetyapp receipt\n"
"""Goes before what is signed: the key also speaks TLS, and a signature made there is no receipt."""


class NotAReceipt(ValueError):
    """It is not to be believed; the text says why, for the log."""


def sign_receipt(receipt: Receipt, certificate: Certificate, key: ec.EllipticCurvePrivateKey) -> SignedReceipt:
    """The receipt under the hub's key (ECDSA with SHA-256)."""
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.serialization import Encoding

    statement = write(receipt)
    signature = key.sign(_PURPOSE + statement, ec.ECDSA(hashes.SHA256()))
    return SignedReceipt(
        statement=statement.decode(),
        signature=base64.b64encode(signature).decode(),
        certificate=base64.b64encode(certificate.public_bytes(Encoding.DER)).decode(),
    )


def open_receipt(signed: SignedReceipt, authority_pem: bytes, hub: str | None = None) -> Receipt:
    """What the receipt says, when a hub of this district (the one named, if one is) has signed it at a time when its
    certificate held. Raises NotAReceipt. The caller still compares sha256 and size with what was sent."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509 import load_der_x509_certificate, load_pem_x509_certificate

    try:
        certificate = load_der_x509_certificate(base64.b64decode(signed.certificate, validate=True))
        certificate.verify_directly_issued_by(load_pem_x509_certificate(authority_pem))
        public = certificate.public_key()
        if not isinstance(public, ec.EllipticCurvePublicKey):
            raise NotAReceipt("not a hub's key")
        statement = signed.statement.encode()
        signature = base64.b64decode(signed.signature, validate=True)
        public.verify(signature, _PURPOSE + statement, ec.ECDSA(hashes.SHA256()))
        receipt = read(Receipt, statement)
    except NotAReceipt:
        raise
    except (InvalidSignature, ValueError, TypeError) as error:
        raise NotAReceipt(str(error) or type(error).__name__) from error
    if receipt.format != RECEIPT_FORMAT:
        raise NotAReceipt(f"format {receipt.format}")
    if receipt.received_at.tzinfo is None:
        raise NotAReceipt("a time without its offset")
    if host_name(receipt.hub) not in _names(certificate) or hub not in (None, receipt.hub):
        raise NotAReceipt("another hub")  # a person's certificate has no such name: people sign no receipts
    if not certificate.not_valid_before_utc <= receipt.received_at <= certificate.not_valid_after_utc:
        raise NotAReceipt("the hub's certificate did not hold then")
    return receipt


def _names(certificate: Certificate) -> list[str]:
    from cryptography.x509 import DNSName, ExtensionNotFound, SubjectAlternativeName

    try:
        found = certificate.extensions.get_extension_for_class(SubjectAlternativeName)
    except ExtensionNotFound:
        return []
    return found.value.get_values_for_type(DNSName)
