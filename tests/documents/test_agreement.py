"""Fifty documents, and what poppler and OpenSSL say of each: the same as we, of the whole one and of a changed one."""

from __future__ import annotations

import random
import subprocess
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding

from safetyapp.documents import authority, wording
from safetyapp.documents.archive import Describing, make_archive
from safetyapp.documents.material import Material
from safetyapp.documents.pages import lay_out
from safetyapp.documents.revision import find_signature
from safetyapp.documents.sign import sign
from safetyapp.documents.timestamp import stamp_signature
from safetyapp.documents.verify import Belief, judge_file
from safetyapp.domain.canonical import canonical_json
from safetyapp.domain.record import Author
from safetyapp.domain.school import Person, PersonId, Role
from tests.documents.certificates import TimeAuthority
from tests.documents.conftest import PASSPHRASE, District, make_district
from tests.documents.examples import MADE_AT, make_example

COUNT = 50
NAMES = (
    "张示例",
    "欧阳堃喆",
    "龑𬭎",
    "Anna Müller-Lüdenscheidt",
    "买买提·吐尔逊江·阿卜力米提",
    "李",
    "王🔥",
    "O'Neill, J.",
)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> District:
    return make_district(tmp_path_factory.mktemp("home"), "示例区教育委员会")


@pytest.fixture(scope="module")
def stampers() -> TimeAuthority:
    return TimeAuthority()


@pytest.fixture(scope="module")
def documents(home: District, stampers: TimeAuthority, tmp_path_factory: pytest.TempPathFactory) -> list[bytes]:
    """Other people, keys, pages and times; some with a time stamp."""
    folder, made = tmp_path_factory.mktemp("documents"), []
    pages: dict[int, tuple[Any, bytes]] = {}
    keys: list[Any] = [
        ec.generate_private_key(ec.SECP256R1()),
        ec.generate_private_key(ec.SECP384R1()),
        rsa.generate_private_key(65537, 2048),
        ec.generate_private_key(ec.SECP521R1()),
        rsa.generate_private_key(65537, 3072),
    ]
    holders = []
    for number, name in enumerate(NAMES):
        role = Role.OFFICE if number % 3 == 0 else Role.INSPECTOR
        person, key = Person(PersonId(f"p-{number}"), name, role), keys[number % len(keys)]
        at = MADE_AT - timedelta(days=1)
        certificate = authority.certify(home.folder / "keys", person, key.public_key(), PASSPHRASE, at)
        holders.append((person, key, certificate))
    for number in range(COUNT):
        kind = number % 5
        if kind not in pages:
            example = make_example(folder, findings=kind, photos=kind, fixed=0, with_inks=kind > 2)
            content = Material(
                example.record, example.form, example.photos, example.inks, wording.record_hash(example.record)
            )
            pages[kind] = example.record, lay_out(content).write(lambda done, total: None)
        record, sheets = pages[kind]
        person, key, certificate = holders[number % len(holders)]
        at = MADE_AT + timedelta(hours=number)
        author = Author(person.id, person.name, person.role, authority.fingerprint(certificate))
        said = replace(record, author=author, made_at=at)
        archive = make_archive(sheets, canonical_json(said), Describing("题", person.name, "校", at))
        ask = stampers.ask_at(at)
        stamp = (
            (lambda signature, ask=ask: stamp_signature(signature, ask, (stampers.authority,)))
            if number % 4 == 0
            else None
        )
        made.append(sign(archive, certificate, key, (home.ca,), at, stamp))
    return made


@pytest.fixture(scope="module")
def poppler(home: District, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store of trust for poppler that holds the district's authority."""
    folder = tmp_path_factory.mktemp("nss")
    (folder / "ca.pem").write_bytes(home.ca.public_bytes(Encoding.PEM))
    subprocess.run(["certutil", "-N", "-d", f"sql:{folder}", "--empty-password"], check=True, capture_output=True)
    add = ["certutil", "-A", "-d", f"sql:{folder}", "-n", "district", "-t", "CT,C,C", "-i", str(folder / "ca.pem")]
    subprocess.run(add, check=True, capture_output=True)
    return folder


def _poppler_says(store: Path, path: Path) -> bool:
    ran = subprocess.run(["pdfsig", "-nssdir", f"sql:{store}", str(path)], capture_output=True, text=True, check=False)
    said = ran.stdout
    return (
        "Signature is Valid" in said and "Certificate is Trusted" in said and "Total document signed" in said
        and said.count("Signature #") == 1
    )  # fmt: skip


def _openssl_says(ca: x509.Certificate, data: bytes, folder: Path) -> bool:
    found = find_signature(data)
    folder.mkdir()
    (folder / "content").write_bytes(data[: found.start] + data[found.end :])
    (folder / "signature").write_bytes(found.container)
    (folder / "ca.pem").write_bytes(ca.public_bytes(Encoding.PEM))
    command = ["openssl", "cms", "-verify", "-inform", "DER", "-in", str(folder / "signature"), "-binary"]
    command += ["-content", str(folder / "content"), "-CAfile", str(folder / "ca.pem"), "-out", "/dev/null"]
    command += ["-purpose", "any", "-attime", str(int((MADE_AT + timedelta(days=3)).timestamp()))]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def test_poppler_and_openssl_agree_with_us(
    home: District, stampers: TimeAuthority, documents: list[bytes], poppler: Path, tmp_path: Path
) -> None:
    belief = Belief((home.ca,), (), (stampers.authority,), MADE_AT + timedelta(days=9))
    source = random.Random(50)

    def ask(number: int) -> tuple[int, bool, bool, bool, bool, bool, bool]:
        data = documents[number]
        changed = bytearray(data)
        # within the record or a page, where a reader still finds the signature
        changed[places[number]] ^= 1
        answers = []
        for name, content in (("whole", data), ("changed", bytes(changed))):
            path = tmp_path / f"{number}-{name}.pdf"
            path.write_bytes(content)
            answers += [
                judge_file(content, belief).is_valid,
                _poppler_says(poppler, path),
                _openssl_says(home.ca, content, tmp_path / f"{number}-{name}"),
            ]
        return (number, *answers)

    places = [source.randrange(data.index(b"stream") + 10, data.index(b"endstream") - 2) for data in documents]
    with ThreadPoolExecutor(2) as pool:
        said = list(pool.map(ask, range(COUNT)))
    assert said == [(number, True, True, True, False, False, False) for number in range(COUNT)]
