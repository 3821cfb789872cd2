"""Private keys as files: PKCS#8 in PEM, encrypted with scrypt and AES-256 (PBES2). OpenSSL opens them as well.

cryptography writes PBKDF2 with 2,048 rounds, which is soon tried through, and while it opens a file nothing else in the
program moves; so both ways are spelled out here, with its own primitives.
"""

from __future__ import annotations

import os
from base64 import b64encode
from typing import Any, cast

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt
from cryptography.hazmat.primitives.padding import PKCS7
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_der_private_key,
    load_pem_private_key,
)

from safetyapp.documents.der import OCTETS, SEQUENCE, der, der_int, der_oid

_SCRYPT = (2**14, 8, 5)
"""Cost, block and lanes: about 0.2 s and 16 MB for each try at a passphrase; OpenSSL refuses more than 32 MB."""

_PBES2, _SCRYPT_ID, _AES256_ID = "1.2.840.113549.1.5.13", "1.3.6.1.4.1.11591.4.11", "2.16.840.1.101.3.4.1.42"
_MOST_MEMORY = 1 << 28


class WrongPassphrase(Exception):
    """The passphrase does not open the key."""


def decrypt_key(pem: bytes, passphrase: str) -> ec.EllipticCurvePrivateKey:
    """The key in a PEM file, ours or another's. Raises WrongPassphrase, or ValueError for what is no such key."""
    found = _read_ours(pem)
    try:
        if found is None:
            key = load_pem_private_key(pem, passphrase.encode())
        else:
            key = load_der_private_key(_decrypt(*found, passphrase), None)
    except (ValueError, TypeError) as error:
        raise WrongPassphrase from error
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise ValueError("not a key on an elliptic curve")
    return key


def _read_ours(pem: bytes) -> tuple[bytes, tuple[int, int, int], bytes, bytes] | None:
    """Salt, scrypt's numbers, start vector and hidden key; None when the file is encrypted in another way."""
    from asn1crypto import core
    from asn1crypto import pem as armour

    try:
        _, _, der = armour.unarmor(pem)
        outer: Any = core.load(der).native
        scheme, hidden = outer["0"], outer["1"]
        derivation, cipher = scheme["1"]["0"], scheme["1"]["1"]
        if (scheme["0"], derivation["0"], cipher["0"]) != (_PBES2, _SCRYPT_ID, _AES256_ID):
            return None
        salt, *numbers = (derivation["1"][str(place)] for place in range(4))
    except (ValueError, KeyError, TypeError):
        return None
    cost, block, lanes = (cast(int, number) for number in numbers)
    if 128 * cost * block > _MOST_MEMORY or lanes > 64:
        raise ValueError("asks for too much memory")
    return salt, (cost, block, lanes), cipher["1"], hidden


def _decrypt(salt: bytes, numbers: tuple[int, int, int], start: bytes, hidden: bytes, passphrase: str) -> bytes:
    cost, block, lanes = numbers
    secret = Scrypt(salt=salt, length=32, n=cost, r=block, p=lanes).derive(passphrase.encode())
    decryptor = Cipher(algorithms.AES(secret), modes.CBC(start)).decryptor()
    unpadder = PKCS7(128).unpadder()
    return unpadder.update(decryptor.update(hidden) + decryptor.finalize()) + unpadder.finalize()


def encrypt_key(key: ec.EllipticCurvePrivateKey, passphrase: str) -> bytes:
    """The key as a PEM file that only the passphrase opens."""
    plain = key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    salt, start = os.urandom(16), os.urandom(16)
    cost, block, lanes = _SCRYPT
    secret = Scrypt(salt=salt, length=32, n=cost, r=block, p=lanes).derive(passphrase.encode())
    padder = PKCS7(128).padder()
    encryptor = Cipher(algorithms.AES(secret), modes.CBC(start)).encryptor()
    hidden = encryptor.update(padder.update(plain) + padder.finalize()) + encryptor.finalize()
    numbers = b"".join(der_int(number) for number in _SCRYPT)
    scrypt = der(SEQUENCE, der_oid(_SCRYPT_ID) + der(SEQUENCE, der(OCTETS, salt) + numbers))
    cipher = der(SEQUENCE, der_oid(_AES256_ID) + der(OCTETS, start))
    scheme = der(SEQUENCE, der_oid(_PBES2) + der(SEQUENCE, scrypt + cipher))
    whole = der(SEQUENCE, scheme + der(OCTETS, hidden))
    text = b64encode(whole)
    body = b"\n".join(text[at : at + 64] for at in range(0, len(text), 64))
    return b"-----BEGIN ENCRYPTED PRIVATE KEY-----\n" + body + b"\n-----END ENCRYPTED PRIVATE KEY-----\n"
