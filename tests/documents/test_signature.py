"""What we sign, others accept: poppler with a trust store of its own, OpenSSL, pyHanko, qpdf, the PDF/A checker."""

from __future__ import annotations

import io
import re
import subprocess
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pikepdf
import pikepdf.pdfa
import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from safetyapp.documents import wording
from safetyapp.documents.archive import Describing, make_archive
from safetyapp.documents.material import Material
from safetyapp.documents.pages import lay_out
from safetyapp.domain.canonical import canonical_json
from safetyapp.domain.problem import Cancelled, Problem
from safetyapp.domain.progress import Step, no_progress
from safetyapp.domain.school import Person, PersonId, Role
from safetyapp.domain.verdict import VerdictKind
from tests.documents.conftest import PASSPHRASE, District, Sealed, make_district
from tests.documents.examples import INSPECTOR, MADE_AT, RARE_NAMES, Example, make_example


def test_a_sealed_document_is_valid(district: District, sealed: Sealed) -> None:
    verdict = district.signer.verify(sealed.data)
    assert verdict.kind is VerdictKind.VALID
    assert verdict.why == "valid"
    assert verdict.record == sealed.example.record
    assert verdict.record_json == canonical_json(sealed.example.record)
    assert verdict.signer == INSPECTOR.name
    assert verdict.certificate == district.fingerprint == sealed.example.record.author.certificate
    assert verdict.signed_at == MADE_AT


def test_a_hundred_documents_of_chance_signatures_are_all_valid(district: District, sealed: Sealed) -> None:
    """A signature may end in a zero byte, as does the space behind it."""
    from safetyapp.documents.sign import sign

    archive = _archive(sealed.example)
    for _ in range(100):
        data = sign(archive, district.certificate, district.key, (district.ca,), MADE_AT)
        assert district.signer.verify(data).is_valid


def _archive(example: Example) -> bytes:
    material = Material(example.record, example.form, example.photos, example.inks, wording.record_hash(example.record))
    pages = lay_out(material).write(lambda done, total: None)
    return make_archive(pages, canonical_json(example.record), Describing("题 <&>", "张", "校", MADE_AT))


def test_before_signing_it_is_clean_pdf_a_3b(sealed: Sealed) -> None:
    with pikepdf.open(io.BytesIO(_archive(sealed.example))) as pdf:
        assert not pikepdf.pdfa.check(pdf, "3b").findings


def test_signing_adds_nothing_that_pdf_a_forbids(sealed: Sealed) -> None:
    """The checker does not cover forms, permissions and attachments of a signed file; it names nothing else."""
    with pikepdf.open(io.BytesIO(sealed.data)) as pdf:
        findings = pikepdf.pdfa.check(pdf, "3b").findings
    assert {f.kind for f in findings} == {"unsupported"}, findings


def _poppler(ca: bytes, path: Path, folder: Path) -> tuple[str, str]:
    """What poppler says of the file before and after it is told the authority."""
    store = folder / "nss"
    store.mkdir()
    (folder / "ca.pem").write_bytes(ca)
    new = ["certutil", "-N", "-d", f"sql:{store}", "--empty-password"]
    subprocess.run(new, check=True, capture_output=True)
    ask = ["pdfsig", "-nssdir", str(store), str(path)]
    without = subprocess.run(ask, capture_output=True, text=True, check=False).stdout
    add = ["certutil", "-A", "-d", f"sql:{store}", "-n", "district", "-t", "CT,C,C", "-i", str(folder / "ca.pem")]
    subprocess.run(add, check=True, capture_output=True)
    return without, subprocess.run(ask, capture_output=True, text=True, check=False).stdout


@pytest.mark.parametrize("name", [*RARE_NAMES, "鿏", "𰻝", "张🔥", "عربي"])
def test_any_name_signs(sealed: Sealed, tmp_path: Path, name: str) -> None:
    """As the person's name and as the district's, characters newer than the software as well."""
    person = replace(INSPECTOR, name=name)
    there = make_district(tmp_path, f"{name}区", person)
    author = there.signer.author(person)
    example = replace(sealed.example, record=replace(sealed.example.record, author=author))
    data = there.signer.seal(example.record, example.form, example.photos, example.inks, {}, PASSPHRASE, no_progress)
    verdict = there.signer.verify(data)
    assert (verdict.kind, verdict.signer) == (VerdictKind.VALID, name)
    path = tmp_path / "sealed.pdf"
    path.write_bytes(data)
    _, shown = _poppler(there.ca.public_bytes(Encoding.PEM), path, tmp_path)
    assert "Signature is Valid" in shown
    assert "Certificate is Trusted" in shown


def test_poppler_trusts_it_with_our_authority_only(district: District, sealed: Sealed, tmp_path: Path) -> None:
    without, shown = _poppler(district.ca.public_bytes(Encoding.PEM), sealed.path, tmp_path)
    assert "Signature is Valid" in shown
    assert "Total document signed" in shown
    assert "Certificate is Trusted" in shown
    assert "ETSI.CAdES.detached" in shown
    assert shown.count("Signature #") == 1
    assert "Certificate is Trusted" not in without


def _parts(data: bytes) -> tuple[bytes, bytes]:
    found = re.search(rb"/ByteRange \[0 (\d+) (\d+) (\d+)\]", data)
    assert found
    start, end, rest = map(int, found.groups())
    assert end + rest == len(data)
    container = bytes.fromhex(data[start + 1 : end - 1].decode())
    return data[:start] + data[end:], container


def test_openssl_agrees(district: District, sealed: Sealed, tmp_path: Path) -> None:
    content, container = _parts(sealed.data)
    (tmp_path / "content").write_bytes(content)
    (tmp_path / "sig.der").write_bytes(container)
    (tmp_path / "ca.pem").write_bytes(district.ca.public_bytes(Encoding.PEM))
    command = ["openssl", "cms", "-verify", "-inform", "DER", "-in", str(tmp_path / "sig.der"), "-binary"]
    command += ["-content", str(tmp_path / "content"), "-CAfile", str(tmp_path / "ca.pem"), "-out", "/dev/null"]
    command += ["-purpose", "any", "-attime", str(int(MADE_AT.timestamp()))]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    assert "successful" in ran.stderr, ran.stderr
    (tmp_path / "content").write_bytes(content[:-9] + b"x" + content[-8:])
    again = subprocess.run(command, capture_output=True, text=True, check=False)
    assert "failure" in again.stderr


def test_pyhanko_agrees(district: District, sealed: Sealed) -> None:
    from asn1crypto import x509 as asn1_x509
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.sign.diff_analysis import ModificationLevel
    from pyhanko.sign.validation import validate_pdf_signature
    from pyhanko.sign.validation.status import SignatureCoverageLevel
    from pyhanko_certvalidator import ValidationContext

    signature = PdfFileReader(io.BytesIO(sealed.data)).embedded_signatures[0]
    root = asn1_x509.Certificate.load(district.ca.public_bytes(Encoding.DER))
    context = ValidationContext(trust_roots=[root], allow_fetching=False, moment=MADE_AT)
    status = validate_pdf_signature(signature, context)
    assert status.bottom_line
    assert status.coverage is SignatureCoverageLevel.ENTIRE_FILE
    assert status.modification_level is ModificationLevel.NONE
    assert signature.docmdp_level is not None
    assert signature.docmdp_level.value == 1


def test_certified_with_no_changes_allowed_and_nothing_visible(sealed: Sealed) -> None:
    with pikepdf.open(io.BytesIO(sealed.data)) as pdf:
        field = pdf.Root.AcroForm.Fields[0]
        assert [float(n) for n in field.Rect] == [0, 0, 0, 0]
        assert int(field.V.Reference[0].TransformParams.P) == 1
        assert str(field.V.SubFilter) == "/ETSI.CAdES.detached"


def test_the_record_is_attached_as_data(sealed: Sealed, tmp_path: Path) -> None:
    with pikepdf.open(io.BytesIO(sealed.data)) as pdf:
        spec = pdf.Root.AF[0]
        assert str(spec.AFRelationship) == "/Data"
        assert str(spec.EF.F.Subtype) == "/application/json"
    out = tmp_path / "record.json"
    subprocess.run(["pdfdetach", "-save", "1", "-o", str(out), str(sealed.path)], check=True, capture_output=True)
    assert out.read_bytes() == canonical_json(sealed.example.record)


def test_progress_names_every_step(district: District, sealed: Sealed) -> None:
    seen: list[tuple[str, int, int]] = []
    example = sealed.example
    district.signer.seal(
        example.record, example.form, example.photos, example.inks, {}, PASSPHRASE, lambda *step: seen.append(step)
    )
    steps = [step for step, _, _ in seen]
    assert list(dict.fromkeys(steps)) == [Step.PAGES, Step.DATA, Step.SIGN]
    assert len([s for s in steps if s == Step.PAGES]) > 5


@pytest.mark.parametrize("stop_at", [1, 3, 6, 9, 11])
def test_cancelling_leaves_nothing(district: District, sealed: Sealed, stop_at: int, tmp_path: Path) -> None:
    calls = 0

    def stop(step: str, done: int, total: int) -> None:
        nonlocal calls
        calls += 1
        if calls == stop_at:
            raise Cancelled

    before = sorted(p for p in district.folder.rglob("*"))
    example = sealed.example
    with pytest.raises(Cancelled):
        district.signer.seal(example.record, example.form, example.photos, example.inks, {}, PASSPHRASE, stop)
    assert sorted(p for p in district.folder.rglob("*")) == before
    assert calls == stop_at


def test_a_wrong_passphrase_signs_nothing(district: District, sealed: Sealed) -> None:
    calls: list[tuple[str, int, int]] = []
    example = sealed.example
    with pytest.raises(Problem) as caught:
        district.signer.seal(
            example.record, example.form, example.photos, example.inks, {}, "falsch", lambda *step: calls.append(step)
        )
    assert caught.value.code == "wrong-passphrase"
    assert (Step.SIGN, 1, 1) not in calls


def test_only_the_holder_s_name_and_role_sign(district: District) -> None:
    for other in (replace(INSPECTOR, name="李局长"), replace(INSPECTOR, role=Role.OFFICE)):
        with pytest.raises(Problem) as caught:
            district.signer.author(other)
        assert caught.value.code == "other-person"


def test_only_the_holder_signs(district: District, seal: Callable[[Example], bytes], tmp_path: Path) -> None:
    with pytest.raises(Problem) as caught:
        district.signer.author(Person(PersonId("p-99"), "别人"))
    assert caught.value.code == "other-person"
    with pytest.raises(Problem) as other:
        seal(make_example(tmp_path, certificate="f" * 64))
    assert other.value.code == "no-key"


def test_an_expired_certificate_does_not_sign(district: District, sealed: Sealed) -> None:
    example = sealed.example
    late = replace(example.record, made_at=MADE_AT + timedelta(days=1200))
    with pytest.raises(Problem) as caught:
        district.signer.seal(late, example.form, example.photos, example.inks, {}, PASSPHRASE, no_progress)
    assert caught.value.code == "certificate-expired"


def test_a_photo_that_changed_on_disk_is_not_signed(
    district: District, seal: Callable[[Example], bytes], tmp_path: Path
) -> None:
    example = make_example(tmp_path, certificate=district.fingerprint)
    path = next(iter(example.photos.values()))
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    with pytest.raises(Problem) as caught:
        seal(example)
    assert caught.value.code == "photo-changed"
    path.unlink()
    with pytest.raises(Problem) as missing:
        seal(example)
    assert missing.value.code == "photo-missing"


def test_characters_without_a_shape_are_logged_once_and_not_shown(
    district: District,
    seal: Callable[[Example], bytes],
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    example = make_example(tmp_path, certificate=district.fingerprint, findings=1, photos=0, fixed=0)
    with caplog.at_level("INFO", "safetyapp"):
        seal(replace(example, record=replace(example.record, opinion="\U0001f525\ue000")))
    (told,) = caplog.records
    assert told.levelname == "INFO"  # a warning would be printed where nobody set up logging
    assert "U+E000 U+1F525" in told.message
