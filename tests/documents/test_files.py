"""Files that answer items travel inside the document: there, whole, named, and nothing else."""

from __future__ import annotations

import hashlib
import io
import subprocess
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pikepdf
import pikepdf.pdfa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from safetyapp.documents.archive import (
    RECORD_NAME,
    Attachment,
    Describing,
    attached_files,
    attached_name,
    make_archive,
)
from safetyapp.documents.sign import sign
from safetyapp.documents.verify import record_of_anybody
from safetyapp.domain.canonical import canonical_json
from safetyapp.domain.form import ItemId
from safetyapp.domain.inspection import Sha256
from safetyapp.domain.problem import Problem
from safetyapp.domain.record import Calculated, Record, RecordedFile, RecordedScore
from safetyapp.domain.verdict import Verdict, VerdictKind
from tests.documents.conftest import District
from tests.documents.examples import MADE_AT, Example
from tests.documents.reading import draw
from tests.documents.written import drill_example, survey_example

Change = Callable[[pikepdf.Pdf], None]


@pytest.fixture(scope="module")
def example(district: District, tmp_path_factory: pytest.TempPathFactory) -> Example:
    return survey_example(tmp_path_factory.mktemp("files"), district.fingerprint)


@pytest.fixture(scope="module")
def data(example: Example, seal: Callable[[Example], bytes]) -> bytes:
    return seal(example)


@pytest.fixture(scope="module")
def make(district: District, example: Example) -> Callable[..., Verdict]:
    """The verdict on a file whose attachments or record were changed before it was signed with a trusted key."""
    pages = draw(example)
    every = {f.sha256: Attachment(f.sha256, f.name, example.kept[f.sha256].read_bytes()) for f in example.record.files}

    def made(
        change: Change | None = None,
        record: Record | None = None,
        files: Callable[[dict[Sha256, Attachment]], list[Attachment]] = lambda all_: list(all_.values()),
    ) -> Verdict:
        content = canonical_json(record or example.record)
        archive = make_archive(pages, content, Describing("题", "张", "校", MADE_AT), files(every))
        if change:
            with pikepdf.open(io.BytesIO(archive)) as pdf:
                change(pdf)
                out = io.BytesIO()
                pdf.save(out, stream_decode_level=pikepdf.StreamDecodeLevel.none, compress_streams=False)
            archive = out.getvalue()
        return district.signer.verify(sign(archive, district.certificate, district.key, (district.ca,), MADE_AT))

    return made


def test_the_document_carries_every_file(district: District, data: bytes, example: Example) -> None:
    verdict = district.signer.verify(data)
    assert verdict.is_valid
    assert verdict.record == example.record
    assert len(example.record.files) == 5
    found = attached_files(data)
    assert found == {sha256: path.read_bytes() for sha256, path in example.kept.items()}
    assert {f.sha256 for f in example.record.files} == set(found)


def test_other_programs_find_them_too(data: bytes, example: Example, tmp_path: Path) -> None:
    path = tmp_path / "sealed.pdf"
    path.write_bytes(data)
    ran = subprocess.run(["pdfdetach", "-saveall", "-o", str(tmp_path), str(path)], capture_output=True, check=False)
    assert ran.returncode == 0, ran.stderr
    saved = {hashlib.sha256(p.read_bytes()).hexdigest() for p in tmp_path.iterdir() if p != path}
    assert saved == {*example.kept, hashlib.sha256(canonical_json(example.record)).hexdigest()}
    assert subprocess.run(["qpdf", "--check", str(path)], capture_output=True, check=False).returncode == 0


def test_with_files_it_is_clean_pdf_a_3b(example: Example) -> None:
    files = [Attachment(f.sha256, f.name, example.kept[f.sha256].read_bytes()) for f in example.record.files]
    archive = make_archive(draw(example), canonical_json(example.record), Describing("题", "张", "校", MADE_AT), files)
    with pikepdf.open(io.BytesIO(archive)) as pdf:
        assert not pikepdf.pdfa.check(pdf, "3b").findings
        kinds = {str(spec.UF): str(spec.AFRelationship) for spec in pdf.Root.AF}
        assert kinds.pop(RECORD_NAME) == "/Data"
        assert set(kinds.values()) == {"/Supplement"}
        for spec in pdf.Root.AF:
            params = spec.EF.F.Params
            content = spec.EF.F.read_bytes()
            assert bytes(params.CheckSum) == hashlib.md5(content, usedforsecurity=False).digest()
            assert int(params.Size) == len(content)
            assert str(params.ModDate) == "D:20261124154207+08'00'"
            assert str(spec.Desc)


def test_what_the_fixture_makes_is_valid(make: Callable[..., Verdict]) -> None:
    assert make().is_valid
    assert make(change=lambda pdf: None).is_valid


def _one_more(pdf: pikepdf.Pdf) -> None:
    pdf.attachments["more.txt"] = pikepdf.AttachedFileSpec(pdf, b"more", filename="more.txt")


def _one_more_in_af(pdf: pikepdf.Pdf) -> None:
    pdf.Root.AF.append(pikepdf.AttachedFileSpec(pdf, b"more", filename="more.txt").obj)


def _on_the_page(pdf: pikepdf.Pdf) -> None:
    """As a pin on the first page, where no list of attachments has it."""
    spec = pikepdf.AttachedFileSpec(pdf, b"more", filename="more.txt").obj
    pin = pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.FileAttachment, Rect=[0, 0, 9, 9], FS=spec)
    pdf.pages[0].Annots = pikepdf.Array([pdf.make_indirect(pin)])


def _on_the_page_directly(pdf: pikepdf.Pdf) -> None:
    stream = pdf.make_stream(b"more")
    inside = pikepdf.Dictionary(F=pikepdf.String("more.txt"), EF=pikepdf.Dictionary(F=stream))
    pin = pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.FileAttachment, Rect=[0, 0, 9, 9], FS=inside)
    pdf.pages[0].Annots = pikepdf.Array([pin])


def _loose_content(pdf: pikepdf.Pdf) -> None:
    pdf.Root.More = pdf.make_stream(b"more", Type=pikepdf.Name.EmbeddedFile)


def _of(pdf: pikepdf.Pdf, ending: str) -> Any:
    return next(spec for spec in pdf.Root.AF if str(spec.UF).endswith(ending))


def _two_contents(pdf: pikepdf.Pdf) -> None:
    """The shadow: one reader takes F, another UF."""
    _of(pdf, ".mp4").EF.UF = pdf.make_stream(b"other", Type=pikepdf.Name.EmbeddedFile)


def _two_records(pdf: pikepdf.Pdf) -> None:
    _of(pdf, ".json").EF.UF = pdf.make_stream(b"{}", Type=pikepdf.Name.EmbeddedFile)


def _two_names(pdf: pikepdf.Pdf) -> None:
    _of(pdf, ".mp4").F = pikepdf.String("record.txt")


def _swapped(pdf: pikepdf.Pdf) -> None:
    one, other = _of(pdf, ".mp4"), _of(pdf, ".m4a")
    one.EF, other.EF = other.EF, one.EF


def _renamed(pdf: pikepdf.Pdf) -> None:
    spec = _of(pdf, ".mp4")
    spec.F = spec.UF = pikepdf.String(str(spec.UF)[:-4] + ".exe")


def _twice(pdf: pikepdf.Pdf) -> None:
    spec = _of(pdf, ".mp4")
    pdf.Root.AF.append(pdf.make_indirect(pikepdf.Dictionary(spec)))


def _with_related_files(pdf: pikepdf.Pdf) -> None:
    _of(pdf, ".mp4").RF = pikepdf.Dictionary(F=pikepdf.Array([pikepdf.String("x"), pdf.make_stream(b"x")]))


def _outside(pdf: pikepdf.Pdf) -> None:
    _of(pdf, ".mp4").EF.F.F = pikepdf.String("elsewhere.mp4")


def _oddly_packed(pdf: pikepdf.Pdf) -> None:
    _of(pdf, ".mp4").EF.F.Filter = pikepdf.Name.RunLengthDecode


def _changed(pdf: pikepdf.Pdf) -> None:
    stream = _of(pdf, ".mp4").EF.F
    stream.write(stream.read_raw_bytes()[:-1] + b"!")


def _emptied(pdf: pikepdf.Pdf) -> None:
    _of(pdf, ".m4a").EF.F.write(b"")


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (_one_more, "file-extra"),
        (_one_more_in_af, "file-extra"),
        (_on_the_page, "file-extra"),
        (_on_the_page_directly, "file-extra"),
        (_loose_content, "file-extra"),
        (_two_contents, "file-extra"),
        (_two_records, "file-extra"),
        (_two_names, "file-extra"),
        (_renamed, "file-extra"),
        (_twice, "file-extra"),
        (_with_related_files, "file-extra"),
        (_swapped, "file-changed"),
        (_outside, "file-changed"),
        (_oddly_packed, "file-changed"),
        (_changed, "file-changed"),
        (_emptied, "file-changed"),
    ],
)
def test_nothing_but_what_the_record_names(make: Callable[..., Verdict], change: Change, why: str) -> None:
    verdict = make(change)
    assert (verdict.kind, verdict.why) == (VerdictKind.ALTERED, why)
    assert verdict.record is None


def test_a_missing_file_is_named(make: Callable[..., Verdict], example: Example) -> None:
    missing = example.record.files[1]
    verdict = make(files=lambda every: [a for a in every.values() if a.sha256 != missing.sha256])
    assert (verdict.kind, verdict.why) == (VerdictKind.ALTERED, "file-missing")
    assert dict(verdict.facts) == {"name": missing.name}
    assert make(files=lambda every: []).why == "file-missing"


def test_another_content_under_the_name(make: Callable[..., Verdict]) -> None:
    def swapped(every: dict[Sha256, Attachment]) -> list[Attachment]:
        return [replace(a, content=a.content + b"x") for a in every.values()]

    assert make(files=swapped).why == "file-changed"


@pytest.mark.parametrize(
    "files",
    [
        lambda files: (*files, RecordedFile(Sha256("a" * 64), "x.pdf")),
        lambda files: (*files, files[0]),
        lambda files: (replace(files[0], name="other.png"), *files[1:]),
        lambda files: (replace(files[0], sha256=Sha256("../x")), *files[1:]),
    ],
)
def test_a_record_at_odds_with_itself(
    make: Callable[..., Verdict], example: Example, files: Callable[[Any], tuple[RecordedFile, ...]]
) -> None:
    verdict = make(record=replace(example.record, files=files(example.record.files)))
    assert (verdict.kind, verdict.why) == (VerdictKind.UNREADABLE, "record-broken")


def test_a_file_that_the_record_leaves_out_is_too_much(make: Callable[..., Verdict], example: Example) -> None:
    verdict = make(record=replace(example.record, files=example.record.files[1:]))
    assert (verdict.kind, verdict.why) == (VerdictKind.ALTERED, "file-extra")


def test_no_flipped_bit_in_a_file_is_valid(district: District, data: bytes, example: Example) -> None:
    content = example.kept[example.record.files[1].sha256].read_bytes()
    start = data.index(content[:64])
    for place in range(start, start + len(content), 9973):
        changed = bytearray(data)
        changed[place] ^= 4
        assert not district.signer.verify(bytes(changed)).is_valid


def test_a_text_that_looks_like_a_file_is_a_text(
    district: District, seal: Callable[[Example], bytes], tmp_path: Path
) -> None:
    example = survey_example(tmp_path, district.fingerprint)
    changed = tuple(replace(a, value="c" * 64 + "/x.pdf") if a.item == "name" else a for a in example.record.answers)
    assert district.signer.verify(seal(replace(example, record=replace(example.record, answers=changed)))).is_valid


def test_a_file_may_be_called_like_the_record(
    district: District, seal: Callable[[Example], bytes], tmp_path: Path
) -> None:
    example = survey_example(tmp_path, district.fingerprint)
    sha256 = example.record.files[0].sha256
    for name in (RECORD_NAME, "𬭎.pdf", "a" * 120, "Ü ß.txt"):
        answers = tuple(
            replace(a, value=f"{sha256}/{name}") if a.value.startswith(sha256) else a for a in example.record.answers
        )
        files = tuple(replace(f, name=name) if f.sha256 == sha256 else f for f in example.record.files)
        data = seal(replace(example, record=replace(example.record, answers=answers, files=files)))
        assert district.signer.verify(data).is_valid
        assert sha256 in attached_files(data)


def test_two_files_of_one_name_are_told_apart(
    district: District, seal: Callable[[Example], bytes], tmp_path: Path
) -> None:
    example = drill_example(tmp_path, 12, district.fingerprint)
    assert {f.name for f in example.record.files} == {"签名.png"}
    data = seal(example)
    assert district.signer.verify(data).is_valid
    assert len(attached_files(data)) == len(example.record.files) > 5
    assert attached_name("0" * 64, "x") != attached_name("1" * 64, "x")


@pytest.mark.parametrize("filling", [b"", b"/ByteRange [0 1 2 3]", b"/ByteRange" * 3000, bytes(range(256)) * 40])
def test_any_content_travels(
    district: District, seal: Callable[[Example], bytes], tmp_path: Path, filling: bytes
) -> None:
    """A signed PDF has the mark by which our own signature is found; what does not pack keeps it."""
    import random

    noise = random.Random(3).randbytes(70_000)
    example = _with_content(survey_example(tmp_path, district.fingerprint), tmp_path, noise + filling + noise)
    data = seal(example)
    assert district.signer.verify(data).is_valid
    assert noise + filling + noise in attached_files(data).values()


def _with_content(example: Example, folder: Path, content: bytes) -> Example:
    old = example.record.files[0]
    sha256 = Sha256(hashlib.sha256(content).hexdigest())
    path = folder / sha256
    path.write_bytes(content)
    answers = tuple(
        replace(a, value=f"{sha256}/{old.name}") if a.value.startswith(old.sha256) else a
        for a in example.record.answers
    )
    files = tuple(replace(f, sha256=sha256) if f == old else f for f in example.record.files)
    kept = {**{k: v for k, v in example.kept.items() if k != old.sha256}, sha256: path}
    return replace(example, record=replace(example.record, answers=answers, files=files), kept=kept)


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.binary(max_size=3000), st.sampled_from([b"", b"/ByteRange", b"%%EOF", b"endstream\nendobj\n", b"\r\n"]))
def test_any_bytes_come_out_as_they_went_in(example: Example, noise: bytes, mark: bytes) -> None:
    content = noise + mark + noise
    sha256 = hashlib.sha256(content).hexdigest()
    archive = make_archive(_PAGES, b"{}", Describing("题", "张", "校", MADE_AT), [Attachment(sha256, "x.bin", content)])
    assert b"/ByteRange" not in archive
    assert attached_files(archive) == {sha256: content}


def _empty_pages() -> bytes:
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        out = io.BytesIO()
        pdf.save(out)
    return out.getvalue()


_PAGES = _empty_pages()


def test_a_file_gone_or_changed_on_disk_is_not_signed(
    district: District, seal: Callable[[Example], bytes], tmp_path: Path
) -> None:
    example = survey_example(tmp_path, district.fingerprint)
    name = example.record.files[0]
    path = example.kept[name.sha256]
    path.write_bytes(path.read_bytes() + b"x")
    with pytest.raises(Problem) as changed:
        seal(example)
    assert (changed.value.code, changed.value.facts) == ("damaged-file", {"path": name.name})
    path.unlink()
    with pytest.raises(Problem) as gone:
        seal(example)
    assert gone.value.code == "missing-file"
    with pytest.raises(Problem) as unknown:
        seal(replace(example, kept={}))
    assert unknown.value.code == "missing-file"


def test_too_much_is_not_signed(
    district: District, seal: Callable[[Example], bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    example = survey_example(tmp_path, district.fingerprint)
    for limit, most in (("LARGEST_FILES", 1_000_000), ("MOST_FILES", 4)):
        with monkeypatch.context() as patch:
            patch.setattr(f"safetyapp.documents.signer.{limit}", most)
            with pytest.raises(Problem) as caught:
                seal(example)
        assert caught.value.code == "answer-files"


def test_a_stranger_s_record_may_say_anything(make: Callable[..., Verdict], example: Example) -> None:
    """Rows, items and values that no form has: read back, and nothing falls over."""
    from safetyapp.domain.ledger import rows_of

    first = example.record.answers[0]
    strange = tuple(
        replace(first, item=ItemId(item), value=value)
        for item, value in (
            ("gone@7.3.9", "x"), ("@", ""), ("rooms@999", "1 2 x"), ("rooms", "1 1 1 99999999"), ("a@b@c", "na"),
            ("count", "1E+400"), ("count", "NaN"), ("day", "9999-99-99"), ("one", "gone away"), ("place", "nowhere"),
        )
    )  # fmt: skip
    record = replace(
        example.record,
        answers=(*example.record.answers, *strange),
        calculated=(*example.record.calculated, Calculated(first.item, "Infinity")),
        score=RecordedScore(Decimal("1.50"), Decimal(0), "none", "", ("gone@1", "@")),
    )
    verdict = make(record=record)
    assert verdict.is_valid
    assert verdict.record == record
    assert rows_of(record) == ()
    assert draw(replace(example, record=record))


def test_a_record_of_everything_is_read_back(
    district: District, seal: Callable[[Example], bytes], tmp_path: Path
) -> None:
    example = drill_example(tmp_path, 3, district.fingerprint)
    verdict = district.signer.verify(seal(example))
    assert verdict.is_valid
    assert verdict.record == example.record
    assert example.record.score is not None
    assert example.record.calculated
    assert any("@" in a.item for a in example.record.answers)
    assert any(f.repeats for f in example.record.findings)


def test_anybody_may_not_look_at_a_file_with_more_in_it(make: Callable[..., Verdict], data: bytes) -> None:
    assert record_of_anybody(data) is not None
    assert record_of_anybody(data.replace(b"/Supplement", b"/Supplemenu", 1)) is None
