"""Papers of every kind: signed by who may, read back as they were written, believed by other programs, and refused
where the wrong hand signed or a record pretends to be of another kind."""

from __future__ import annotations

import io
import json
import random
import subprocess
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pikepdf
import pikepdf.pdfa
import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from safetyapp.documents import authority, wording
from safetyapp.documents.archive import Describing, attached_files, make_archive
from safetyapp.documents.inside import decode_record
from safetyapp.documents.material import Material
from safetyapp.documents.pages import file_title, lay_out
from safetyapp.documents.revision import NotGenuine
from safetyapp.documents.sign import sign
from safetyapp.documents.signer import DocumentSigner
from safetyapp.domain.any_record import AnyPaper, number_of
from safetyapp.domain.canonical import canonical_json
from safetyapp.domain.document import DocumentKind
from safetyapp.domain.problem import Problem
from safetyapp.domain.progress import no_progress
from safetyapp.domain.record import Author
from safetyapp.domain.school import Person, Role
from safetyapp.domain.verdict import VerdictKind
from tests.documents.conftest import PASSPHRASE, District, make_district
from tests.documents.examples import MADE_AT, make_photo
from tests.documents.papers import AUTHORS, SIGNED_BY, PaperExample, make_official, make_paper

KINDS = [*(kind.value for kind in SIGNED_BY), "official-notice"]


@dataclass(frozen=True)
class Signed:
    """A sealed paper, and who sealed it."""

    example: PaperExample
    data: bytes
    signer: DocumentSigner


@dataclass(frozen=True)
class Office:
    """A district with a person of every role."""

    district: District
    signers: dict[Role, DocumentSigner]

    def author(self, role: Role) -> Author:
        person, name = AUTHORS[role]
        return self.signers[role].author(Person(person, name, role))


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    district = make_district(tmp_path_factory.mktemp("office"))
    signers = {}
    for role, (person, name) in AUTHORS.items():
        keys = district.folder / role.value
        at = MADE_AT - timedelta(days=10)
        authority.issue(district.folder / "keys", Person(person, name, role), PASSPHRASE, at, into=keys)
        signers[role] = DocumentSigner(keys, district.folder / "trust")
    return Office(district, signers)


def _make(office: Office, name: str, folder: Path) -> tuple[PaperExample, DocumentSigner]:
    kind = DocumentKind.RECTIFICATION_NOTICE if name == "official-notice" else DocumentKind(name)
    role = SIGNED_BY[kind]
    certificate = office.author(role).certificate
    made = make_official(folder, certificate=certificate) if name == "official-notice" else None
    return made or make_paper(kind, folder, certificate=certificate), office.signers[role]


@pytest.fixture(scope="module")
def signed(office: Office, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Signed]:
    made = {}
    for name in KINDS:
        example, signer = _make(office, name, tmp_path_factory.mktemp(name))
        data = signer.seal(
            example.paper, None, example.photos, example.inks, example.kept, PASSPHRASE, no_progress
        )  # fmt: skip
        made[name] = Signed(example, data, signer)
    return made


@pytest.mark.parametrize("name", KINDS)
def test_what_was_signed_is_what_is_read(office: Office, signed: dict[str, Signed], name: str) -> None:
    one = signed[name]
    verdict = office.district.signer.verify(one.data)
    assert (verdict.kind, verdict.why) == (VerdictKind.VALID, "valid")
    assert verdict.record == one.example.paper
    assert verdict.record_json == canonical_json(one.example.paper)
    assert verdict.signer == one.example.paper.author.name
    assert attached_files(one.data) == {sha: path.read_bytes() for sha, path in one.example.kept.items()}


@pytest.mark.parametrize("name", KINDS)
def test_before_signing_it_is_clean_pdf_a_3b(signed: dict[str, Signed], name: str) -> None:
    archive = _archive(signed[name].example, signed[name].example.paper)
    with pikepdf.open(io.BytesIO(archive)) as pdf:
        assert not pikepdf.pdfa.check(pdf, "3b").findings
        assert str(pdf.Root.Lang) == "zh-CN"
        assert number_of(signed[name].example.paper) in str(pdf.docinfo["/Title"])
        assert pdf.Root.Outlines.Count != 0


def _archive(example: PaperExample, paper: AnyPaper) -> bytes:
    files = {sha: path.stat().st_size for sha, path in example.kept.items()}
    shown = wording.record_hash(paper)
    material = Material(paper, None, example.photos, example.inks, shown, example.kept, files)
    pages = lay_out(material).write(lambda done, total: None)
    about = Describing(file_title(material), paper.author.name, paper.school.name, paper.made_at)
    return make_archive(pages, canonical_json(paper), about)


@pytest.mark.parametrize("name", KINDS)
def test_other_programs_agree(office: Office, signed: dict[str, Signed], name: str, tmp_path: Path) -> None:
    path, ca = tmp_path / "paper.pdf", tmp_path / "ca.pem"
    path.write_bytes(signed[name].data)
    ca.write_bytes(office.district.ca.public_bytes(Encoding.PEM))
    for command in (
        ["certutil", "-N", "-d", f"sql:{tmp_path}", "--empty-password"],
        ["certutil", "-A", "-d", f"sql:{tmp_path}", "-n", "district", "-t", "CT,C,C", "-i", str(ca)],
    ):
        subprocess.run(command, check=True, capture_output=True)
    said = _run("pdfsig", "-nssdir", f"sql:{tmp_path}", str(path))
    for sentence in ("Signature is Valid", "Certificate is Trusted", "Total document signed"):
        assert sentence in said
    assert "No syntax or stream encoding errors" in _run("qpdf", "--check", str(path))
    pages = int(_run("qpdf", "--show-npages", str(path)))
    assert _run("mutool", "draw", "-F", "txt", str(path)).count("\f") == pages
    assert _run("pdftotext", str(path), "-").count("\f") == pages


def _run(*command: str) -> str:
    return subprocess.run(command, check=True, capture_output=True).stdout.decode(errors="replace")


@pytest.mark.parametrize("kind", SIGNED_BY)
@pytest.mark.parametrize("role", Role)
def test_only_its_own_hand_makes_a_paper(
    office: Office, signed: dict[str, Signed], kind: DocumentKind, role: Role
) -> None:
    """A genuine key of another role gives no document of the kind."""
    paper = replace(signed[kind.value].example.paper, author=office.author(role))
    key = authority.open_key(office.district.folder / role.value / authority.PERSON_KEY, PASSPHRASE)
    certificate = authority.own_certificate(office.district.folder / role.value / authority.PERSON_CERTIFICATE)
    about = Describing("题", paper.author.name, "校", paper.made_at)
    bare = replace(paper, files=())
    archive = make_archive(_blank(), canonical_json(bare), about)
    verdict = office.district.signer.verify(sign(archive, certificate, key, (office.district.ca,), paper.made_at))
    may = {
        DocumentKind.RESPONSE: {Role.SCHOOL},
        DocumentKind.REINSPECTION: {Role.INSPECTOR, Role.OFFICE},
        DocumentKind.VOID: set(Role),
    }.get(kind, {Role.OFFICE})
    assert (verdict.is_valid, verdict.why) == ((True, "valid") if role in may else (False, "role-may-not-sign"))


def _blank() -> bytes:
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        out = io.BytesIO()
        pdf.save(out)
    return out.getvalue()


@pytest.mark.parametrize("name", KINDS)
def test_no_flipped_bit_passes(office: Office, signed: dict[str, Signed], name: str) -> None:
    data, source = signed[name].data, random.Random(name)
    for _ in range(20):
        changed = bytearray(data)
        changed[source.randrange(len(data))] ^= 1 << source.randrange(8)
        assert not office.district.signer.verify(bytes(changed)).is_valid


@pytest.mark.parametrize("kind", SIGNED_BY)
@pytest.mark.parametrize("other", DocumentKind)
def test_a_record_is_of_one_kind(signed: dict[str, Signed], kind: DocumentKind, other: DocumentKind) -> None:
    """What a notice says is no response, whatever it calls itself."""
    plain = json.loads(canonical_json(signed[kind.value].example.paper))
    plain["kind"] = other.value
    data = json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    if kind is other:
        assert decode_record(data) == signed[kind.value].example.paper
        return
    with pytest.raises(NotGenuine) as refused:
        decode_record(data)
    assert refused.value.why == "record-broken"


def test_a_kind_that_a_later_program_knows_is_said(signed: dict[str, Signed]) -> None:
    plain = json.loads(canonical_json(signed["void"].example.paper))
    plain["kind"] = "hologram"
    data = json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    with pytest.raises(NotGenuine) as refused:
        decode_record(data)
    assert refused.value.why == "record-newer"


@pytest.mark.parametrize("cost", ["1E+999999999", "NaN", "Infinity", "-1E+40", "0." + "0" * 60 + "1"])
def test_a_cost_is_a_plain_number(signed: dict[str, Signed], cost: str) -> None:
    plain = json.loads(canonical_json(signed["response"].example.paper))
    plain["findings"][0]["cost"] = cost
    data = json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    with pytest.raises(NotGenuine):
        decode_record(data)


def test_a_photo_that_is_not_there_is_not_signed(office: Office, tmp_path: Path) -> None:
    example, signer = _make(office, "rectification-notice", tmp_path)
    few = dict(list(example.photos.items())[1:])
    with pytest.raises(Problem, match="photo-missing"):
        signer.seal(example.paper, None, few, example.inks, example.kept, PASSPHRASE, no_progress)


def test_a_photo_of_something_else_is_not_signed(office: Office, tmp_path: Path) -> None:
    example, signer = _make(office, "reinspection", tmp_path)
    _, other = make_photo(tmp_path, 77)
    swapped = {**example.photos, next(iter(example.photos)): other}
    with pytest.raises(Problem, match="photo-changed"):
        signer.seal(example.paper, None, swapped, example.inks, example.kept, PASSPHRASE, no_progress)
