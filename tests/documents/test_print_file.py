"""Signed documents in one PDF for printing, behind a list; the signed files stay as they are."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

import pikepdf
import pytest
from PIL import Image, ImageChops

from safetyapp.documents import print_file
from safetyapp.documents.preview import PageRenderer
from safetyapp.documents.print_file import merge, page_count
from safetyapp.documents.print_list import cover_list
from safetyapp.domain.document import DocumentState
from safetyapp.domain.print_job import PrintDocument, PrintJob
from safetyapp.domain.problem import Cancelled, Problem
from safetyapp.domain.progress import no_progress
from safetyapp.workflow.finalise import describe_document
from tests.documents.conftest import District, Sealed
from tests.documents.examples import MADE_AT, RARE_NAMES
from tests.documents.gallery import LONG_SCHOOL
from tests.documents.reading import assert_inside, plain, text_of

REMARK = "只为打印，不是签名文书"


def job_of(sealed: Sealed, times: int = 1, **options: object) -> PrintJob:
    row = describe_document(sealed.example.record, sealed.data, DocumentState.WAITING)
    rows = [replace(row, number=f"{row.number}-{n}") for n in range(times)]
    return PrintJob("job", tuple(PrintDocument(r, page_count(sealed.path)) for r in rows), **options)  # type: ignore[arg-type]


def picture(data: bytes, page: int, width: int = 500) -> Image.Image:
    with PageRenderer(data) as renderer:
        drawn = renderer.render(page, width)
    return Image.frombuffer("RGB", (drawn.width, drawn.height), drawn.data, "raw", "BGRX", drawn.stride, 1)


def merged(job: PrintJob, sealed: Sealed, folder: Path, cover: bytes | None = None) -> bytes:
    target = folder / "合并.pdf"
    merge(job, cover, [sealed.path] * len(job.documents), target, MADE_AT, no_progress)
    return target.read_bytes()


def test_pages_come_in_order_behind_the_list_and_look_the_same(sealed: Sealed, tmp_path: Path) -> None:
    before = hashlib.sha256(sealed.path.read_bytes()).hexdigest()
    job = job_of(sealed, 3)
    cover, listed = cover_list(job, "张示例", MADE_AT)
    data = merged(replace(job, cover_pages=listed), sealed, tmp_path, cover)
    count = page_count(sealed.path)
    with PageRenderer(data) as renderer:
        assert renderer.count == listed + 3 * count
    assert REMARK in plain(text_of(data, tmp_path).split("\f")[0])
    for document in range(3):
        for page in range(count):
            there, here = picture(data, listed + document * count + page), picture(sealed.data, page)
            assert ImageChops.difference(there, here).getbbox() is None
    assert hashlib.sha256(sealed.path.read_bytes()).hexdigest() == before


def test_the_file_holds_no_signature_no_record_and_says_what_it_is(
    sealed: Sealed, district: District, tmp_path: Path
) -> None:
    data = merged(job_of(sealed, 2), sealed, tmp_path)
    assert b"/ByteRange" not in data
    assert b"/EmbeddedFile" not in data
    assert not district.signer.verify(data).is_valid
    with pikepdf.open(tmp_path / "合并.pdf") as pdf:
        assert "/AcroForm" not in pdf.Root
        assert not any("/Annots" in page for page in pdf.pages)
        assert REMARK in str(pdf.docinfo["/Subject"])
        with pdf.open_outline() as outline:
            assert [item.title.split()[0] for item in outline.root] == ["1", "2"]
    assert len(data) < 2 * len(sealed.data) + 20_000


def test_ranges_and_empty_backs(sealed: Sealed, tmp_path: Path) -> None:
    data = merged(job_of(sealed, 2, ranges=((2, 4),), both_sides=True), sealed, tmp_path)
    with PageRenderer(data) as renderer:
        assert renderer.count == 8
        assert renderer.size(3) == pytest.approx((595.276, 841.89), abs=0.1)
    assert picture(data, 3).convert("L").getextrema() == (255, 255)
    for at, page in ((0, 1), (2, 3), (4, 1)):
        assert ImageChops.difference(picture(data, at), picture(sealed.data, page)).getbbox() is None


def test_more_files_than_may_be_open(sealed: Sealed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(print_file, "AT_ONCE", 2)
    steps: list[tuple[int, int]] = []
    job = job_of(sealed, 5, ranges=((1, 1),))
    target = tmp_path / "合并.pdf"
    merge(job, None, [sealed.path] * 5, target, MADE_AT, lambda step, done, total: steps.append((done, total)))
    assert page_count(target) == 5
    assert steps == [(n, 5) for n in (0, 2, 4, 5)]
    with pikepdf.open(target) as pdf, pdf.open_outline() as outline:
        assert [item.destination[0].objgen for item in outline.root] == [page.objgen for page in pdf.pages]
    assert [path.name for path in tmp_path.iterdir()] == [target.name]


def test_stopping_leaves_nothing(sealed: Sealed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(step: str, done: int, total: int) -> None:
        if done == 2:
            raise Cancelled

    monkeypatch.setattr(print_file, "AT_ONCE", 2)
    with pytest.raises(Cancelled):
        merge(job_of(sealed, 3), None, [sealed.path] * 3, tmp_path / "合并.pdf", MADE_AT, stop)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("data", [b"", b"no pdf", b"%PDF-1.7\n"])
def test_what_is_no_pdf_is_a_problem(data: bytes, tmp_path: Path) -> None:
    (tmp_path / "x.pdf").write_bytes(data)
    with pytest.raises(Problem) as caught:
        page_count(tmp_path / "x.pdf")
    assert caught.value.code == "unreadable-pages"


def test_the_list_names_everything_and_nothing_runs_over_an_edge(sealed: Sealed, tmp_path: Path) -> None:
    job = job_of(sealed, 60, copies=3, ranges=((2, 3),))
    rows = [
        replace(d.row, school=LONG_SCHOOL if n % 9 == 4 else f"第{n}小学{RARE_NAMES}")
        for n, d in enumerate(job.documents)
    ]
    job = replace(job, documents=tuple(PrintDocument(row, 9) for row in rows))
    data, pages = cover_list(job, f"张{RARE_NAMES}", MADE_AT)
    assert pages > 1
    said = plain(text_of(data, tmp_path))
    assert "文书60份，每份打3份，共360页" in said
    for row in rows:
        assert plain(row.number) in said
    assert said.count("〓") == 0
    assert_inside(data, tmp_path)
