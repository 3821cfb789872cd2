"""Keys that were born elsewhere: a PKCS#12 file, and a token of SoftHSM, a real driver."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_der_public_key,
    pkcs12,
)

from safetyapp.documents.keysource import TokenPlace

PIN = "246810"


def make_pkcs12(path: Path, key: Any, certificate: x509.Certificate, passphrase: str, old: bool = False) -> Path:
    """A file as an authority's programs write it; `old` by the algorithms of old Windows."""
    hiding: Any = BestAvailableEncryption(passphrase.encode()) if passphrase else NoEncryption()
    if old:
        hiding = (
            PrivateFormat.PKCS12.encryption_builder()
            .key_cert_algorithm(pkcs12.PBES.PBESv1SHA1And3KeyTripleDESCBC)
            .build(passphrase.encode())
        )
    path.write_bytes(pkcs12.serialize_key_and_certificates(b"own", key, certificate, None, hiding))
    return path


_DRIVERS = (
    "/usr/lib/softhsm/libsofthsm2.so",
    "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so",
    "/usr/lib64/pkcs11/libsofthsm2.so",
    "/usr/local/lib/softhsm/libsofthsm2.so",
    "/opt/homebrew/lib/softhsm/libsofthsm2.so",
)


@dataclass(frozen=True)
class Token:
    """A token with two keys that have a certificate each, and one that has none."""

    curve: TokenPlace
    rsa: TokenPlace
    bare: TokenPlace
    certificates: dict[str, x509.Certificate]


@contextmanager
def make_token(folder: Path, certify: Callable[[Any], x509.Certificate]) -> Iterator[Token]:
    """`certify` gives a public key its certificate."""
    import pkcs11
    from pkcs11.util.ec import encode_ec_public_key, encode_named_curve_parameters

    driver = next((path for path in _DRIVERS if Path(path).exists()), None)
    if driver is None or shutil.which("softhsm2-util") is None:
        pytest.fail("softhsm2 is missing: run the tests with `make test`")
    (folder / "tokens").mkdir(parents=True)
    (folder / "conf").write_text(f"directories.tokendir = {folder / 'tokens'}\nlog.level = ERROR\n")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOFTHSM2_CONF", str(folder / "conf"))
        init = ["softhsm2-util", "--init-token", "--free", "--label", "张的UKey", "--so-pin", "12345678", "--pin", PIN]
        subprocess.run(init, check=True, capture_output=True)
        one = next(iter(pkcs11.lib(driver).get_tokens(token_label="张的UKey")))
        certificates: dict[str, x509.Certificate] = {}
        with one.open(user_pin=PIN, rw=True) as session:
            parameters = session.create_domain_parameters(
                pkcs11.KeyType.EC,
                {pkcs11.Attribute.EC_PARAMS: encode_named_curve_parameters("secp256r1")},
                local=True,
            )
            for number in (1, 3):
                public, _ = parameters.generate_keypair(store=True, id=bytes([number]), label=f"key{number}")
                known: Any = load_der_public_key(encode_ec_public_key(public))
                certificates[f"0{number}"] = certify(known)
            public, _ = session.generate_keypair(pkcs11.KeyType.RSA, 2048, store=True, id=b"\x02", label="key2")
            numbers = (public[pkcs11.Attribute.PUBLIC_EXPONENT], public[pkcs11.Attribute.MODULUS])
            known = rsa.RSAPublicNumbers(*(int.from_bytes(n) for n in numbers)).public_key()
            certificates["02"] = certify(known)
            for number in (1, 2):
                certificate = certificates[f"0{number}"]
                session.create_object(
                    {
                        pkcs11.Attribute.CLASS: pkcs11.ObjectClass.CERTIFICATE,
                        pkcs11.Attribute.CERTIFICATE_TYPE: pkcs11.CertificateType.X_509,
                        pkcs11.Attribute.TOKEN: True,
                        pkcs11.Attribute.PRIVATE: False,
                        pkcs11.Attribute.ID: bytes([number]),
                        pkcs11.Attribute.LABEL: f"key{number}",
                        pkcs11.Attribute.SUBJECT: certificate.subject.public_bytes(),
                        pkcs11.Attribute.VALUE: certificate.public_bytes(Encoding.DER),
                    }
                )
        curve, by_rsa, bare = (TokenPlace(driver, "张的UKey", number) for number in ("01", "02", "03"))
        yield Token(curve, by_rsa, bare, certificates)
        pkcs11.unload(driver)
