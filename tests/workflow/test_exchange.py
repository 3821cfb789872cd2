"""Documents in and out where the world does not go along: long names, lost files, full sticks, pipes."""

from __future__ import annotations

import os
import sys
import threading
import unicodedata
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from safetyapp.domain.any_record import AnyPaper
from safetyapp.domain.document import DocumentKind, DocumentQuery, DocumentRow
from safetyapp.domain.problem import Cancelled, Problem
from safetyapp.domain.progress import no_progress
from safetyapp.domain.review import Review, Void
from safetyapp.domain.service import ServiceReceipt
from safetyapp.domain.verdict import Verdict
from safetyapp.workflow import exchange
from safetyapp.workflow.exchange import (
    LONGEST_NAME,
    export_documents,
    file_name,
    import_documents,
    kept_document,
    read_document,
    write_whole,
)
from tests.documents.papers import SIGNED_BY, make_paper
from tests.domain.examples import NOON, school
from tests.fakes import FakeSigner, FakeStore
from tests.store.examples import document

ALL = DocumentQuery()
posix_only = pytest.mark.skipif(os.name != "posix", reason="pipes and devices are files on POSIX")


def keep(store: FakeStore, number: int, name: str = "甲子小学", text: str = "疏散通道被货架占用") -> DocumentRow:
    row, data, ledger, _ = document(number, at=school(name=name), text=text)
    store.keep_document(row, data, ledger)
    return row


@pytest.fixture
def store(tmp_path: Path) -> FakeStore:
    return FakeStore(tmp_path / "laptop")


# out


def test_two_documents_of_a_school_with_a_long_name_are_two_files(store: FakeStore, tmp_path: Path) -> None:
    name = "District Experimental Primary School " * 5
    rows = [keep(store, n, name) for n in (1, 2)]
    done = export_documents(store, ALL, tmp_path / "stick")
    assert len(set(done.written)) == 2
    assert {path.read_bytes() for path in done.written} == {kept_document(store, row) for row in rows}


@pytest.mark.parametrize("name", ["甲" * 80, "甲" * 2000, "𬭎" * 90, "a" + "甲" * 80, "é" * 300])
def test_a_long_name_fits_every_file_system_and_keeps_day_and_hash(store: FakeStore, tmp_path: Path, name: str) -> None:
    row = keep(store, 1, name)
    keep(store, 2)
    done = export_documents(store, ALL, tmp_path / "stick")
    assert (len(done.written), done.failed) == (2, ())
    for long in (row, replace(row, title=name)):
        made = file_name(long)
        assert len(made.encode()) <= LONGEST_NAME
        assert made.endswith(f"-20261124-{row.sha256[:8]}.pdf")
        assert made.startswith(name[:5])


def test_what_is_not_seen_does_not_get_into_a_name(store: FakeStore) -> None:
    row = replace(keep(store, 1), school="甲\u202e子\u200b小\x07学\ud800\ufeff\u2066/分校\n东")
    assert file_name(row).startswith("甲子小学_分校_东-小检查表-")
    assert not {unicodedata.category(c) for c in file_name(row)} & {"Cc", "Cf", "Cs"}
    assert not file_name(replace(row, school="..甲")).startswith(".")


def test_a_lost_or_damaged_document_does_not_keep_the_others_back(store: FakeStore, tmp_path: Path) -> None:
    rows = [keep(store, n) for n in range(4)]
    store.document_path(rows[1].sha256).unlink()
    store.document_path(rows[2].sha256).write_bytes(b"%FAKE-DOCUMENT\nother")
    done = export_documents(store, ALL, tmp_path / "stick")
    assert [path.name for path in done.written] == [file_name(rows[3]), file_name(rows[0])]
    assert [(r.path, r.why) for r in done.failed] == [
        (store.document_path(rows[2].sha256), "damaged-document"),
        (store.document_path(rows[1].sha256), "missing-document"),
    ]
    assert sorted(tmp_path.joinpath("stick").iterdir()) == sorted(done.written)


def test_one_that_cannot_be_written_does_not_keep_the_others_back(store: FakeStore, tmp_path: Path) -> None:
    rows, stick = [keep(store, n) for n in range(3)], tmp_path / "stick"
    (stick / file_name(rows[1]) / "in the way").mkdir(parents=True)
    done = export_documents(store, ALL, stick)
    assert [path.name for path in done.written] == [file_name(rows[2]), file_name(rows[0])]
    assert [(r.path.name, r.why) for r in done.failed] == [(file_name(rows[1]), "not-written")]
    assert done.failed[0].reason
    assert list(stick.glob("*.part")) == []


def test_a_file_where_the_folder_should_be_is_told_and_left(store: FakeStore, tmp_path: Path) -> None:
    keep(store, 1)
    file = tmp_path / "file"
    file.write_bytes(b"theirs")
    done = export_documents(store, ALL, file)
    assert (done.written, [r.why for r in done.failed]) == ((), ["not-written"])
    assert file.read_bytes() == b"theirs"


@pytest.mark.skipif(sys.platform != "linux", reason="a device that is always full")
def test_a_device_is_told(store: FakeStore) -> None:
    keep(store, 1)
    assert [r.why for r in export_documents(store, ALL, Path("/dev/full")).failed] == ["not-written"]
    with pytest.raises(Problem, match="not-written"):
        write_whole(Path("/dev/full/x"), b"x")


# in


@posix_only
def test_a_pipe_or_a_device_is_refused_unread(store: FakeStore, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.pdf"
    os.mkfifo(pipe)
    for path in (pipe, Path("/dev/zero"), tmp_path):
        with pytest.raises(Problem) as told:
            read_document(path)
        assert told.value.code == "not-a-file"
    done = import_documents(store, FakeSigner(), [pipe, tmp_path / "none.pdf"])
    assert [(r.why, bool(r.reason)) for r in done.refused] == [("not-a-file", False), ("unreadable-file", True)]


def test_no_more_is_read_than_a_document_may_have(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exchange, "LARGEST_DOCUMENT", 10)
    file = tmp_path / "a.pdf"
    file.write_bytes(b"x" * 10)
    assert read_document(file) == b"x" * 10
    file.write_bytes(b"x" * 11)
    with pytest.raises(Problem, match="too-large"):
        read_document(file)


class Lenient(FakeSigner):
    """Passes over what somebody added behind the record."""

    def verify(self, data: bytes) -> Verdict:
        return super().verify(data.removesuffix(b"\n%added"))


def test_the_same_record_in_other_bytes_is_known(store: FakeStore, tmp_path: Path) -> None:
    row, data, ledger, _ = document(1)
    store.keep_document(row, data, ledger)
    (tmp_path / "added.pdf").write_bytes(data + b"\n%added")
    done = import_documents(store, Lenient(), [tmp_path / "added.pdf"])
    assert (done.new, len(done.known), done.restored) == ((), 1, ())
    assert store.documents(ALL) == (row,)
    store.document_path(row.sha256).unlink()
    assert len(import_documents(store, Lenient(), [tmp_path / "added.pdf"]).new) == 1


@pytest.fixture
def papers(tmp_path: Path) -> dict[DocumentKind, AnyPaper]:
    return {kind: make_paper(kind, tmp_path).paper for kind in SIGNED_BY}


def sealed(paper: AnyPaper) -> bytes:
    signer = FakeSigner()
    return signer.seal(paper, None, {}, {}, {}, signer.passphrase, no_progress)


def test_papers_of_every_kind_come_in_are_listed_and_go_out(
    store: FakeStore, tmp_path: Path, papers: dict[DocumentKind, AnyPaper]
) -> None:
    stick = tmp_path / "stick" / "区里发的"
    stick.mkdir(parents=True)
    for kind, paper in papers.items():
        (stick / f"{kind}.PDF").write_bytes(sealed(paper))
    (stick / "坏.pdf").write_bytes(b"no document")
    steps: list[tuple[int, int]] = []
    done = import_documents(
        store, FakeSigner(), [tmp_path / "stick"], lambda _, done, total: steps.append((done, total))
    )
    assert [r.path.name for r in done.refused] == ["坏.pdf"]
    assert {row.kind for row in done.new} == set(DocumentKind) - {DocumentKind.INSPECTION_REPORT}
    assert steps == [(n, 9) for n in range(9)]
    for kind, paper in papers.items():
        (row,) = store.documents(DocumentQuery(kind))
        assert (row.title, row.author, row.school) == (paper.title, paper.author.name, paper.school.name)
        assert row.inspected_on == paper.dated_on
        assert row.number
        assert [r.id for r in store.documents(DocumentQuery(text=paper.title)) if r.kind is kind] == [row.id]
        named = getattr(paper, "findings", ())
        assert row.findings == (len(named) if not isinstance(paper, ServiceReceipt | Review | Void) else 0)

    again = import_documents(store, FakeSigner(), [tmp_path / "stick"])
    assert (again.new, len(again.known), len(again.refused)) == ((), 8, 1)
    assert store.count_documents(ALL) == 8

    out = export_documents(store, ALL, tmp_path / "out")
    assert (len(set(out.written)), out.failed) == (8, ())
    names = sorted(path.name for path in out.written)
    for paper in papers.values():
        start = f"{paper.school.name}-{paper.title}-{paper.dated_on:%Y%m%d}-"
        (name,) = [n for n in names if n.startswith(start)]
        assert name.endswith(".pdf")
    office = FakeStore(tmp_path / "office")
    assert len(import_documents(office, FakeSigner(), [tmp_path / "out"]).new) == 8


def test_an_import_that_is_stopped_keeps_what_came_in_and_goes_on(
    store: FakeStore, tmp_path: Path, papers: dict[DocumentKind, AnyPaper]
) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    for kind, paper in papers.items():
        (stick / f"{kind}.pdf").write_bytes(sealed(paper))

    def stop(step: str, done: int, total: int) -> None:
        if done == 3:
            raise Cancelled

    with pytest.raises(Cancelled):
        import_documents(store, FakeSigner(), [stick], stop)
    assert store.count_documents(ALL) == 3
    rest = import_documents(store, FakeSigner(), [stick])
    assert (len(rest.new), len(rest.known), rest.refused) == (5, 3, ())


def test_another_record_of_the_same_id_is_kept_beside(store: FakeStore, tmp_path: Path) -> None:
    row, data, ledger, _ = document(1, document_id="same")
    store.keep_document(row, data, ledger)
    _, later, *_ = document(2, document_id="same", made_at=NOON + timedelta(days=1))
    (tmp_path / "later.pdf").write_bytes(later)
    assert len(import_documents(store, FakeSigner(), [tmp_path / "later.pdf"]).new) == 1
    assert len(store.versions("same")) == 2


class Meeting(FakeSigner):
    """Judges `parties` files only when all of them are there: one after another they would never be."""

    def __init__(self, parties: int) -> None:
        super().__init__()
        self.barrier = threading.Barrier(parties, timeout=20)

    def verify(self, data: bytes) -> Verdict:
        self.barrier.wait()
        return super().verify(data)


class Counting(FakeSigner):
    """Knows which bytes it was asked about."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[bytes] = []

    def verify(self, data: bytes) -> Verdict:
        self.asked.append(data)
        return super().verify(data)


def stick_of(tmp_path: Path, count: int, folder: str = "stick") -> tuple[list[Path], list[DocumentRow]]:
    """So many files with a document each, in order."""
    made = [document(number) for number in range(1, count + 1)]
    (tmp_path / folder).mkdir()
    files = [tmp_path / folder / f"{number:02}.pdf" for number in range(count)]
    for file, (_, data, *_) in zip(files, made, strict=True):
        file.write_bytes(data)
    return files, [row for row, *_ in made]


def test_files_are_judged_beside_each_other(store: FakeStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    files, rows = stick_of(tmp_path, 6)
    done = import_documents(store, Meeting(2), files)
    assert [row.sha256 for row in done.new] == [row.sha256 for row in rows]


def test_files_come_out_in_their_order_whatever_becomes_of_them(store: FakeStore, tmp_path: Path) -> None:
    files, rows = stick_of(tmp_path, 9)
    for place in (1, 5):
        files[place].write_bytes(b"theirs")
    files[3].write_bytes(files[2].read_bytes())  # twice on the stick, before either is kept
    files[7].unlink()
    told: list[tuple[str, int, int]] = []
    done = import_documents(store, FakeSigner(), files, lambda *at: told.append(at))
    assert told == [("import", count, 9) for count in range(9)]
    assert [row.sha256 for row in done.new] == [rows[place].sha256 for place in (0, 2, 4, 6, 8)]
    assert done.known == (files[3],)
    assert [(r.path, r.why) for r in done.refused] == [
        (files[1], "unreadable"), (files[5], "unreadable"), (files[7], "unreadable-file"),
    ]  # fmt: skip
    assert [file.read_bytes() for file in (files[1], files[5])] == [b"theirs"] * 2
    again = import_documents(store, FakeSigner(), files)
    assert (again.new, len(again.known), again.restored, again.refused) == ((), 6, (), done.refused)


def test_what_is_kept_already_is_not_judged_again(store: FakeStore, tmp_path: Path) -> None:
    files, _ = stick_of(tmp_path, 4)
    import_documents(store, FakeSigner(), files[:3])
    signer = Counting()
    done = import_documents(store, signer, files)
    assert (len(done.new), done.known) == (1, tuple(files[:3]))
    assert signer.asked == [files[3].read_bytes()]


def test_a_cancelled_import_keeps_what_came_before_and_leaves_no_thread(store: FakeStore, tmp_path: Path) -> None:
    files, rows = stick_of(tmp_path, 40)
    signer, before = Counting(), threading.active_count()

    def progress(step: str, done: int, total: int) -> None:
        if done == 3:
            raise Cancelled

    with pytest.raises(Cancelled):
        import_documents(store, signer, files, progress)
    assert {row.sha256 for row in store.documents(ALL)} == {row.sha256 for row in rows[:3]}
    assert threading.active_count() == before
    assert len(signer.asked) < 20, "all were judged for nobody"
    assert len(import_documents(store, FakeSigner(), files).new) == 37


def test_large_files_are_not_read_before_their_turn(
    store: FakeStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files, _ = stick_of(tmp_path, 5)
    monkeypatch.setattr(exchange, "_AHEAD", files[0].stat().st_size)
    signer = Counting()
    seen: list[int] = []
    done = import_documents(store, signer, files, lambda step, count, total: seen.append(len(signer.asked)))
    assert seen == [0, 1, 2, 3, 4]
    assert len(done.new) == 5


def test_what_the_store_says_ends_the_import(store: FakeStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files, _ = stick_of(tmp_path, 3)

    def full(*_: object, **_options: object) -> bool:
        raise Problem("disk-full", path="x")

    monkeypatch.setattr(store, "keep_document", full)
    before = threading.active_count()
    with pytest.raises(Problem, match="disk-full"):
        import_documents(store, FakeSigner(), files)
    assert threading.active_count() == before
