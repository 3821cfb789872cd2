"""What is not genuine never passes: changed, re-wrapped, half copied, strange, or built to confuse."""

from __future__ import annotations

import io
import random
import re
import time
import tomllib
import zlib
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from asn1crypto import algos, cms, core
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding

from safetyapp.documents import authority, wording
from safetyapp.documents.archive import RECORD_NAME, Describing, make_archive
from safetyapp.documents.cms import check_container
from safetyapp.documents.inside import decode_record
from safetyapp.documents.material import Material
from safetyapp.documents.pages import lay_out
from safetyapp.documents.revision import digest_of_range, find_signature
from safetyapp.documents.sign import sign
from safetyapp.documents.verify import record_of_anybody, verify
from safetyapp.domain.canonical import canonical_json
from safetyapp.domain.record import Author, Record
from safetyapp.domain.school import Person, PersonId, Role
from safetyapp.domain.verdict import Verdict, VerdictKind
from safetyapp.texts import Texts, resources
from tests.documents.conftest import District, Sealed, make_district
from tests.documents.examples import MADE_AT

Make = Callable[..., bytes]


def _judge(district: District, data: bytes) -> Verdict:
    verdict = district.signer.verify(data)
    if verdict.kind is not VerdictKind.VALID:
        assert verdict.record is None
        assert verdict.record_json is None
    return verdict


@pytest.fixture(scope="module")
def make(district: District, sealed: Sealed) -> Make:
    """A signed file with an odd record or odd structure, signed by a key that is trusted."""
    example = sealed.example
    material = Material(example.record, example.form, example.photos, example.inks, wording.record_hash(example.record))
    pages = lay_out(material).write(lambda done, total: None)

    def made(
        record_json: bytes | None = None,
        change: Callable[[pikepdf.Pdf], None] | None = None,
        signer: District = district,
        at: datetime = MADE_AT,
    ) -> bytes:
        content = canonical_json(example.record) if record_json is None else record_json
        archive = make_archive(pages, content, Describing("题", "张", "校", MADE_AT))
        if change:
            with pikepdf.open(io.BytesIO(archive)) as pdf:
                change(pdf)
                out = io.BytesIO()
                pdf.save(out)
            archive = out.getvalue()
        return sign(archive, signer.certificate, signer.key, (signer.ca,), at)

    return made


def test_what_the_fixture_makes_is_valid(district: District, make: Make) -> None:
    assert _judge(district, make()).is_valid


def test_no_flipped_bit_is_valid(district: District, sealed: Sealed) -> None:
    source = random.Random(1)
    data = sealed.data
    for _ in range(400):
        changed = bytearray(data)
        changed[source.randrange(len(data))] ^= 1 << source.randrange(8)
        assert not _judge(district, bytes(changed)).is_valid


def test_no_flipped_bit_in_the_last_revision_is_valid(district: District, sealed: Sealed) -> None:
    """In the signature, its dictionary and the last cross-reference table."""
    data = sealed.data
    start = data.index(b"/Contents <30")
    source = random.Random(2)
    places = [*range(start, start + 3200), *range(start + 8190, len(data))]
    for place in source.sample(places, 800):
        changed = bytearray(data)
        changed[place] ^= 1 << source.randrange(8)
        assert not _judge(district, bytes(changed)).is_valid, place


def _container(data: bytes) -> tuple[int, bytes]:
    """Where the container's digits begin, and its bytes with the space kept for it."""
    start = data.index(b"/Contents <30") + len(b"/Contents <")
    return start, bytes.fromhex(data[start : data.index(b">", start)].decode())


def test_no_flipped_bit_in_the_first_digits_is_valid(district: District, sealed: Sealed) -> None:
    """Where the lengths stand: a longer one would take in the zeros behind."""
    start, _ = _container(sealed.data)
    for place in range(start - 1, start + 64):
        for bit in range(8):
            changed = bytearray(sealed.data)
            changed[place] ^= 1 << bit
            assert not _judge(district, bytes(changed)).is_valid, (place - start, bit)


def test_no_flipped_bit_in_the_container_is_accepted(district: District, sealed: Sealed) -> None:
    """Every bit, the filling as well. The authority that travels along is compared with the one that is trusted."""
    _, container = _container(sealed.data)
    digest = digest_of_range(sealed.data, find_signature(sealed.data))
    check_container(container, digest)
    end = 4 + int.from_bytes(container[2:4])
    filling = [*range(end, end + 40), *range(end + 40, len(container), 41), len(container) - 1]
    for place in (*range(end), *filling):
        for bit in range(8):
            changed = bytearray(container)
            changed[place] ^= 1 << bit
            try:
                signed = check_container(bytes(changed), digest)
            except Exception:
                continue
            assert signed.others != (district.ca,), (place, bit)


def _rewrapped(data: bytes, change: Callable[[Any], None]) -> bytes:
    """The file with its container taken apart and written again."""
    start, container = _container(data)
    size = 4 + int.from_bytes(container[2:4])
    outer = cms.ContentInfo.load(container[:size])
    change(outer["content"])
    digits: bytes = outer.dump(force=True).hex().upper().encode()
    return data[:start] + digits.ljust(2 * len(container), b"0") + data[start + 2 * len(container) :]


def _twin_signature(content: Any) -> None:
    info = content["signer_infos"][0]
    r, s = decode_dss_signature(info["signature"].native)
    info["signature"] = encode_dss_signature(r, ec.SECP256R1.group_order - s)


def _long_signature(content: Any) -> None:
    """The same numbers, one with a needless zero in front."""
    info = content["signer_infos"][0]
    r, s = decode_dss_signature(info["signature"].native)
    numbers = b"".join(b"\x02" + bytes((len(n),)) + n for n in (b"\0" + r.to_bytes(33), s.to_bytes(33)))
    info["signature"] = b"\x30" + bytes((len(numbers),)) + numbers


def _without_authority(content: Any) -> None:
    content["certificates"] = [one for one in content["certificates"] if one.chosen.ca is None or not one.chosen.ca]


def _authority_alone(content: Any) -> None:
    content["certificates"] = [one for one in content["certificates"] if one.chosen.ca]


def _authority_twice(content: Any) -> None:
    content["certificates"] = [*content["certificates"], *(one for one in content["certificates"] if one.chosen.ca)]


def _signer_twice(content: Any) -> None:
    signer = next(one for one in content["certificates"] if not one.chosen.ca)
    content["certificates"] = [signer, signer]


def _with_attribute(content: Any) -> None:
    signature = content["signer_infos"][0]["signature"].native
    stamp = cms.CMSAttribute({"type": "2.999.1", "values": [core.Any(core.OctetString(signature))]})
    content["signer_infos"][0]["unsigned_attrs"] = [stamp]


def _without_parameters(content: Any) -> None:
    digest = algos.DigestAlgorithm({"algorithm": "sha256"})
    digest["parameters"] = None
    content["signer_infos"][0]["digest_algorithm"] = digest


def _with_parameters(content: Any) -> None:
    content["signer_infos"][0]["signature_algorithm"] = {"algorithm": "sha256_ecdsa", "parameters": core.Null()}


def _with_crls(content: Any) -> None:
    content["crls"] = []


def _with_empty_attributes(content: Any) -> None:
    content["signer_infos"][0]["unsigned_attrs"] = []


@pytest.mark.parametrize(
    "change",
    [
        _twin_signature,
        _long_signature,
        _without_authority,
        _authority_alone,
        _authority_twice,
        _signer_twice,
        _with_attribute,
        _without_parameters,
        _with_parameters,
        _with_crls,
        _with_empty_attributes,
    ],
)
def test_without_a_key_nobody_makes_a_second_valid_file(
    district: District, sealed: Sealed, change: Callable[[Any], None]
) -> None:
    assert _rewrapped(sealed.data, lambda content: None) == sealed.data
    other = _rewrapped(sealed.data, change)
    assert other != sealed.data
    assert _judge(district, other).kind is VerdictKind.ALTERED


def test_the_order_of_certificates_is_one(district: District, sealed: Sealed) -> None:
    start, container = _container(sealed.data)
    signer, ca = (one.public_bytes(Encoding.DER) for one in (district.certificate, district.ca))
    written = b"".join(sorted((signer, ca)))
    assert written in container
    turned = container.replace(written, b"".join(sorted((signer, ca), reverse=True)))
    other = sealed.data[:start] + turned.hex().upper().encode() + sealed.data[start + 2 * len(container) :]
    assert _judge(district, other).kind is VerdictKind.ALTERED


def test_no_truncation_is_valid(district: District, sealed: Sealed) -> None:
    data = sealed.data
    for size in (1, 4, 5, 100, len(data) // 2, len(data) - 5000, len(data) - 100, len(data) - 1):
        verdict = _judge(district, data[:size])
        assert verdict.kind is VerdictKind.UNREADABLE, size
    assert _judge(district, data[: len(data) // 2]).why == "truncated"
    assert _judge(district, data[:-1]).why == "truncated"


@pytest.mark.parametrize("more", [b"\n", b" ", b"x" * 100, b"\n%%EOF\n"])
def test_anything_appended_is_altered(district: District, sealed: Sealed, more: bytes) -> None:
    verdict = _judge(district, sealed.data + more)
    assert (verdict.kind, verdict.why) == (VerdictKind.ALTERED, "appended")


def test_anything_in_front_is_not_valid(district: District, sealed: Sealed) -> None:
    assert _judge(district, b"\n" + sealed.data).kind is VerdictKind.UNREADABLE


def test_an_incremental_update_is_altered(district: District, sealed: Sealed) -> None:
    from pyhanko.pdf_utils import generic
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

    writer = IncrementalPdfFileWriter(io.BytesIO(sealed.data))
    writer.root["/Changed"] = generic.NumberObject(1)
    writer.update_root()
    out = io.BytesIO()
    writer.write(out)
    assert _judge(district, out.getvalue()).kind is VerdictKind.ALTERED


def test_a_second_signature_is_altered(district: District, make: Make, sealed: Sealed) -> None:
    from asn1crypto import keys
    from asn1crypto import x509 as asn1_x509
    from cryptography.hazmat.primitives.serialization import NoEncryption, PrivateFormat
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign import fields, signers
    from pyhanko_certvalidator.registry import SimpleCertificateStore

    signer = signers.SimpleSigner(
        asn1_x509.Certificate.load(district.certificate.public_bytes(Encoding.DER)),
        keys.PrivateKeyInfo.load(district.key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())),
        SimpleCertificateStore(),
    )
    archive = make_archive(
        _pages_of(sealed), canonical_json(sealed.example.record), Describing("题", "张", "校", MADE_AT)
    )
    once = signers.sign_pdf(
        IncrementalPdfFileWriter(io.BytesIO(archive)),
        signers.PdfSignatureMetadata(field_name="one", md_algorithm="sha256"),
        signer=signer,
        new_field_spec=fields.SigFieldSpec("one"),
    )
    assert _judge(district, once.getvalue()).kind is VerdictKind.ALTERED  # does not lock the file
    twice = signers.sign_pdf(
        IncrementalPdfFileWriter(io.BytesIO(once.getvalue())),
        signers.PdfSignatureMetadata(field_name="two", md_algorithm="sha256"),
        signer=signer,
        new_field_spec=fields.SigFieldSpec("two"),
    )
    verdict = _judge(district, twice.getvalue())
    assert (verdict.kind, verdict.why) == (VerdictKind.ALTERED, "several-signatures")


def _pages_of(sealed: Sealed) -> bytes:
    example = sealed.example
    material = Material(example.record, example.form, example.photos, example.inks, "0" * 64)
    return lay_out(material).write(lambda done, total: None)


def test_rewritten_by_another_program_is_not_valid(district: District, sealed: Sealed) -> None:
    with pikepdf.open(io.BytesIO(sealed.data)) as pdf:
        out = io.BytesIO()
        pdf.save(out)
    assert not _judge(district, out.getvalue()).is_valid


def test_a_swapped_record_is_altered(district: District, sealed: Sealed) -> None:
    with pikepdf.open(io.BytesIO(sealed.data)) as pdf:
        content = bytes(pdf.Root.AF[0].EF.F.read_raw_bytes())
    at = sealed.data.index(content)
    other = canonical_json(replace(sealed.example.record, site="别处"))
    packed = zlib.compress(other)
    forged = sealed.data[:at] + packed[: len(content)].ljust(len(content), b"\0") + sealed.data[at + len(content) :]
    verdict = _judge(district, forged)
    assert (verdict.kind, verdict.why) == (VerdictKind.ALTERED, "content-changed")


def test_unsigned_files(district: District, sealed: Sealed) -> None:
    pages = _pages_of(sealed)
    assert _judge(district, pages).kind is VerdictKind.UNSIGNED
    archive = make_archive(pages, canonical_json(sealed.example.record), Describing("题", "张", "校", MADE_AT))
    assert _judge(district, archive).kind is VerdictKind.UNSIGNED


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "empty-file"),
        (b"\x00", "not-a-pdf"),
        ("这是一个文本文件".encode(), "not-a-pdf"),
        (b"PK\x03\x04" + b"\x00" * 100, "not-a-pdf"),
        (b"%PDF-", "truncated"),
        (b"%PDF-1.7\n" + b"\x00" * 5000, "truncated"),
    ],
)
def test_what_is_no_pdf_is_unreadable(district: District, data: bytes, why: str) -> None:
    verdict = _judge(district, data)
    assert (verdict.kind, verdict.why) == (VerdictKind.UNREADABLE, why)


def test_a_stranger_s_signature_is_unknown(district: District, make: Make, tmp_path: Path) -> None:
    stranger = make_district(tmp_path, "别的区")
    data = make(signer=stranger)
    verdict = _judge(district, data)
    assert (verdict.kind, verdict.why) == (VerdictKind.UNKNOWN_SIGNER, "unknown-signer")
    assert verdict.signer == "张示例"
    assert verify(data, ()).kind is VerdictKind.UNKNOWN_SIGNER


def test_anybody_may_look_at_an_intact_record_but_not_at_a_changed_one(
    district: District, make: Make, tmp_path: Path
) -> None:
    data = make(signer=make_district(tmp_path, "别处"))
    found = record_of_anybody(data)
    assert found is not None
    assert decode_record(found).author.name == "张示例"
    at = data.index(b"/Type")
    assert record_of_anybody(data[:at] + b"/Typf" + data[at + 5 :]) is None
    assert record_of_anybody(b"") is None


def test_an_authority_of_the_same_name_is_still_a_stranger(district: District, make: Make, tmp_path: Path) -> None:
    twin = make_district(tmp_path, "示例区教委")
    assert _judge(district, make(signer=twin)).kind is VerdictKind.UNKNOWN_SIGNER


def test_the_authority_itself_may_not_sign(district: District, make: Make) -> None:
    from tests.documents.conftest import PASSPHRASE

    key = authority.open_key(district.folder / "keys" / authority.CA_KEY, PASSPHRASE)
    posing = replace(district, certificate=district.ca, key=key)
    assert not _judge(district, make(signer=posing)).is_valid


@pytest.mark.parametrize(
    ("days", "why"), [(-300, "signed-before-certificate"), (1300, "expired-at-signing"), (5000, "expired-at-signing")]
)
def test_signed_while_the_certificate_was_not_in_force(
    district: District, make: Make, sealed: Sealed, days: int, why: str
) -> None:
    at = MADE_AT + timedelta(days=days)
    record = replace(sealed.example.record, made_at=at)
    verdict = _judge(district, make(canonical_json(record), at=at))
    assert (verdict.kind, verdict.why) == (VerdictKind.UNKNOWN_SIGNER, why)


def _without_record(pdf: pikepdf.Pdf) -> None:
    del pdf.Root.AF
    del pdf.Root.Names["/EmbeddedFiles"]


def _second_record(pdf: pikepdf.Pdf) -> None:
    spec = pikepdf.AttachedFileSpec(pdf, b"{}", filename=RECORD_NAME)
    pdf.Root.Names.EmbeddedFiles.Names.extend([pikepdf.String("other"), spec.obj])


def _second_record_in_af(pdf: pikepdf.Pdf) -> None:
    spec = pikepdf.AttachedFileSpec(pdf, b"{}", filename=RECORD_NAME)
    pdf.Root.AF.append(spec.obj)


def _endless_names(pdf: pikepdf.Pdf) -> None:
    node = pdf.make_indirect(pikepdf.Dictionary())
    node.Kids = pikepdf.Array([node])
    pdf.Root.Names["/EmbeddedFiles"] = node


@pytest.mark.parametrize(
    ("change", "kind", "why"),
    [
        (_without_record, VerdictKind.UNREADABLE, "record-missing"),
        (_second_record, VerdictKind.ALTERED, "record-twice"),
        (_second_record_in_af, VerdictKind.ALTERED, "record-twice"),
        (_endless_names, VerdictKind.ALTERED, "record-twice"),
    ],
)
def test_one_record_or_none_counts(
    district: District, make: Make, change: Callable[[pikepdf.Pdf], None], kind: VerdictKind, why: str
) -> None:
    verdict = _judge(district, make(change=change))
    assert (verdict.kind, verdict.why) == (kind, why)


def test_a_record_of_a_newer_format(district: District, make: Make, sealed: Sealed) -> None:
    content = canonical_json(sealed.example.record).replace(b'"format":1', b'"format":2')
    verdict = _judge(district, make(content))
    assert (verdict.kind, verdict.why) == (VerdictKind.UNREADABLE, "record-newer")
    assert dict(verdict.facts)["format"] == "2"


def _pretty(record: Record) -> bytes:
    return canonical_json(record).replace(b",", b", ", 1)


def _doubled(record: Record) -> bytes:
    return canonical_json(record).replace(b'"site":', b'"site":"x","site":', 1)


def _more(record: Record) -> bytes:
    return canonical_json(record).replace(b'"site":', b'"extra":1,"site":', 1)


def _less(record: Record) -> bytes:
    return canonical_json(record).replace(b'"site":"",', b"", 1)


def _wrong_type(record: Record) -> bytes:
    return canonical_json(record).replace(b'"site":""', b'"site":7', 1)


@pytest.mark.parametrize("spell", [_pretty, _doubled, _more, _less, _wrong_type, lambda r: b"[]", lambda r: b"\xff"])
def test_a_record_has_one_spelling(
    district: District, make: Make, sealed: Sealed, spell: Callable[[Record], bytes]
) -> None:
    verdict = _judge(district, make(spell(sealed.example.record)))
    assert (verdict.kind, verdict.why) == (VerdictKind.UNREADABLE, "record-broken")


def test_a_deeply_nested_record_does_no_harm(district: District, make: Make) -> None:
    verdict = _judge(district, make(b"[" * 100_000 + b"]" * 100_000))
    assert verdict.why == "record-broken"


def test_a_record_that_unpacks_without_end_is_refused(district: District, make: Make) -> None:
    bomb = b"[" + b" " * (40 * 1024 * 1024) + b"]"
    assert _judge(district, make(bomb)).why == "record-broken"


def test_the_author_is_the_signer(district: District, make: Make, sealed: Sealed) -> None:
    record = sealed.example.record
    other = replace(record, author=replace(record.author, certificate="a" * 64))
    verdict = _judge(district, make(canonical_json(other)))
    assert (verdict.kind, verdict.why) == (VerdictKind.ALTERED, "other-author")


@pytest.mark.parametrize("other", [{"name": "李局长"}, {"person": PersonId("p-08")}, {"role": Role.OFFICE}])
def test_the_author_is_who_the_certificate_names(
    district: District, make: Make, sealed: Sealed, other: dict[str, Any]
) -> None:
    record = sealed.example.record
    verdict = _judge(district, make(canonical_json(replace(record, author=replace(record.author, **other)))))
    assert (verdict.kind, verdict.why) == (VerdictKind.ALTERED, "other-author")


def _judge_as(person: Person, make: Make, sealed: Sealed, folder: Path) -> Verdict:
    there = make_district(folder, "那边", person)
    author = Author(person.id, person.name, person.role, there.fingerprint)
    return _judge(there, make(canonical_json(replace(sealed.example.record, author=author)), signer=there))


def test_a_name_too_long_for_a_certificate_is_compared_as_far_as_it_goes(
    make: Make, sealed: Sealed, tmp_path: Path
) -> None:
    assert _judge_as(Person(PersonId("p"), "堃喆翀龑㛃𬭎" * 20), make, sealed, tmp_path).is_valid


@pytest.mark.parametrize("role", Role)
def test_who_may_sign_an_inspection_report(make: Make, sealed: Sealed, tmp_path: Path, role: Role) -> None:
    verdict = _judge_as(Person(PersonId("p"), "周陪同", role), make, sealed, tmp_path)
    assert verdict.is_valid is (role is not Role.SCHOOL)
    if not verdict.is_valid:
        assert (verdict.kind, verdict.why) == (VerdictKind.ALTERED, "role-may-not-sign")


def test_the_record_s_time_is_the_signature_s(district: District, make: Make, sealed: Sealed) -> None:
    other = replace(sealed.example.record, made_at=MADE_AT + timedelta(minutes=1))
    assert _judge(district, make(canonical_json(other))).why == "other-time"


def test_junk_never_raises(district: District, sealed: Sealed) -> None:
    source = random.Random(5)
    for _ in range(300):
        start = source.randrange(len(sealed.data))
        junk = sealed.data[:200] + source.randbytes(300) + sealed.data[start : start + 9000]
        assert not _judge(district, junk).is_valid
    for length in (1, 500, 8190):
        start = sealed.data.index(b"/Contents <30") + len(b"/Contents <")
        container = source.randbytes(length).hex().upper().encode()
        junk = sealed.data[:start] + container.ljust(8192, b"0") + sealed.data[start + 8192 :]
        assert _judge(district, junk).kind is VerdictKind.ALTERED


def test_every_why_has_its_sentence() -> None:
    """The codes are read from the source: what a verdict or an exception is made with, and what `why` is set to."""
    import ast

    folder = Path(str(authority.__file__)).parent
    written = re.compile(r"[a-z]+(-[a-z]+)*")
    codes: set[str] = {"damaged"}
    for name in ("cms", "verify", "inside", "revision", "appended", "timestamp", "archive", "signer"):
        for node in ast.walk(ast.parse((folder / f"{name}.py").read_text(encoding="utf-8"))):
            values: list[ast.expr] = []
            if isinstance(node, ast.Call):
                called = node.func.id if isinstance(node.func, ast.Name) else ""
                if called in ("NotGenuine", "NotIntact", "NoRecord", "NotNamed", "Addition", "_unknown"):
                    values += node.args[:2]
                values += [k.value for k in node.keywords if k.arg == "why"]
            if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "why":
                values.append(node.value)
            if isinstance(node, ast.FunctionDef) and node.name == "_revoked":
                values += [r.value for r in ast.walk(node) if isinstance(r, ast.Return) and r.value]
            found = {c.value for v in values for c in ast.walk(v) if isinstance(c, ast.Constant)}
            codes |= {c for c in found if isinstance(c, str) and written.fullmatch(c)}
    facts = dict.fromkeys(
        ("signer", "author", "format", "bytes", "name", "at", "on", "made", "stamper", "revisions", "path", "reason"),
        "3",
    )
    for language in ("zh", "en"):
        spoken = tomllib.loads((resources() / "texts" / language / "verdict.toml").read_text(encoding="utf-8"))
        assert codes == set(spoken)
        for code in codes:
            assert Texts(language).say(f"verdict.{code}", **facts)


@pytest.mark.parametrize(
    "filling",
    [b"/ByteRange [0 1 2 3] ", b"/ByteRange      ", b"/ByteRange [0 " + b"9" * 200 + b" ", b"%%EOF\n", b"\x00" * 64],
)
def test_a_large_hostile_file_is_judged_soon(district: District, filling: bytes) -> None:
    data = b"%PDF-1.7\n" + filling * (30_000_000 // len(filling))
    start = time.monotonic()
    assert not _judge(district, data).is_valid
    assert time.monotonic() - start < 10
