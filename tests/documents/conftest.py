"""A district with its authority, an inspector with a key, and one sealed document that many tests look at."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec

from safetyapp.documents import authority
from safetyapp.documents.signer import DocumentSigner
from safetyapp.domain.progress import no_progress
from safetyapp.domain.school import Person
from tests.documents.examples import INSPECTOR, MADE_AT, Example, make_example

PASSPHRASE = "秘密 口令"


@dataclass(frozen=True)
class District:
    """An authority, its one inspector, and the signer that uses both."""

    folder: Path
    ca: x509.Certificate
    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey
    signer: DocumentSigner

    @property
    def fingerprint(self) -> str:
        return authority.fingerprint(self.certificate)


def make_district(folder: Path, name: str = "示例区教委", person: Person = INSPECTOR) -> District:
    keys, trust = folder / "keys", folder / "trust"
    ca = authority.create_authority(keys, name, PASSPHRASE, MADE_AT - timedelta(days=20))
    certificate = authority.issue(keys, person, PASSPHRASE, MADE_AT - timedelta(days=10))
    authority.trust(trust, ca)
    key = authority.open_key(keys / authority.PERSON_KEY, PASSPHRASE)
    return District(folder, ca, certificate, key, DocumentSigner(keys, trust))


@dataclass(frozen=True)
class Sealed:
    example: Example
    data: bytes
    path: Path


@pytest.fixture(scope="session")
def district(tmp_path_factory: pytest.TempPathFactory) -> District:
    return make_district(tmp_path_factory.mktemp("district"))


@pytest.fixture(scope="session")
def seal(district: District) -> Callable[[Example], bytes]:
    def sealed(example: Example) -> bytes:
        return district.signer.seal(
            example.record, example.form, example.photos, example.inks, example.kept, PASSPHRASE, no_progress
        )

    return sealed


@pytest.fixture(scope="session")
def sealed(district: District, seal: Callable[[Example], bytes], tmp_path_factory: pytest.TempPathFactory) -> Sealed:
    """A report with five findings and seven photos."""
    folder = tmp_path_factory.mktemp("sealed")
    example = make_example(folder, certificate=district.fingerprint)
    data = seal(example)
    path = folder / "sealed.pdf"
    path.write_bytes(data)
    return Sealed(example, data, path)
