"""Printing as the workflow sees it: only what is as it was signed, one file whole or none, and a log that says who."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import pytest

from safetyapp.domain.document import DocumentRow
from safetyapp.domain.print_job import PrintJob, sequence
from safetyapp.domain.problem import Cancelled, Problem
from safetyapp.domain.progress import Progress, no_progress
from safetyapp.workflow.printing import log_printed, merge_documents, prepare, with_cover
from tests.domain.examples import NOON
from tests.fakes import FakeClock, FakeStore
from tests.store.examples import document
from tests.workflow.desk import INSPECTOR


class Paper:
    """Files for printing, without PDF: a document has as many pages as findings and one."""

    stops = False

    def page_count(self, path: Path) -> int:
        if b"unreadable" in path.read_bytes():
            raise Problem("unreadable-pages")
        return 2

    def cover(self, job: PrintJob, by: str, at: datetime) -> tuple[bytes, int]:
        return f"{by} {len(job.documents)}".encode(), 1

    def merge(
        self, job: PrintJob, cover: bytes | None, paths: Sequence[Path], target: Path, at: datetime, progress: Progress
    ) -> None:
        target.write_bytes(b"half")
        if self.stops:
            raise Cancelled
        target.write_bytes(b"%d" % len(sequence(job)) + (cover or b""))


@pytest.fixture
def store(tmp_path: Path) -> FakeStore:
    made = FakeStore(tmp_path / "laptop")
    made.save_me(INSPECTOR)
    return made


def keep(store: FakeStore, number: int, text: str = "疏散通道被货架占用") -> DocumentRow:
    row, data, ledger, _ = document(number, text=text)
    store.keep_document(row, data, ledger)
    return row


def test_only_what_is_as_it_was_signed_is_printed_each_once(store: FakeStore) -> None:
    rows = [keep(store, n, "unreadable" if n == 3 else "走廊") for n in range(5)]
    store.document_path(rows[1].sha256).unlink()
    store.document_path(rows[2].sha256).write_bytes(b"other")
    steps: list[tuple[int, int]] = []
    done = prepare(store, Paper(), [*reversed(rows), rows[0]], lambda step, n, of: steps.append((n, of)))
    assert [d.row for d in done.documents] == [rows[4], rows[0]]
    assert [(r.path, r.why) for r in done.refused] == [
        (store.document_path(rows[3].sha256), "unreadable-pages"),
        (store.document_path(rows[2].sha256), "damaged-document"),
        (store.document_path(rows[1].sha256), "missing-document"),
    ]
    assert steps == [(n, 5) for n in range(5)]


def test_one_file_is_there_whole_or_not_at_all(store: FakeStore, tmp_path: Path) -> None:
    rows = [keep(store, n) for n in range(3)]
    job = PrintJob("job", prepare(store, Paper(), rows).documents, copies=9)
    job, cover = with_cover(job, Paper(), "张示例", NOON)
    target = tmp_path / "out" / "合并.pdf"
    merge_documents(store, Paper(), job, cover, target, NOON)
    assert target.read_bytes() == "7张示例 3".encode()
    stopping = Paper()
    stopping.stops = True
    with pytest.raises(Cancelled):
        merge_documents(store, stopping, job, None, target, NOON)
    store.document_path(rows[2].sha256).write_bytes(b"other")
    with pytest.raises(Problem) as told:
        merge_documents(store, Paper(), job, None, target, NOON, no_progress)
    assert told.value.code == "damaged-document"
    assert [path.name for path in target.parent.iterdir()] == [target.name]
    assert target.read_bytes() == "7张示例 3".encode()


def test_the_log_says_who_printed_and_what_was_printed_before(store: FakeStore) -> None:
    rows = [keep(store, n) for n in range(2)]
    clock = FakeClock()
    first = PrintJob("one", prepare(store, Paper(), rows).documents, copies=2)
    assert log_printed(store, clock, first, 0, 5, 0, "教务处")
    clock.forward(minutes=3)
    log_printed(store, clock, first, 5, 8, 5, "教务处")
    clock.forward(days=1)
    second = PrintJob("two", prepare(store, Paper(), rows[:1]).documents)
    log_printed(store, clock, second, 0, 2, 0, "门卫室")
    assert log_printed(store, clock, second, 1, 1, 1, "门卫室") == ()
    told = [(e.number, e.copies, e.pages, e.who, e.printer, e.is_reprint) for e in store.print_log()]
    a, b = rows[0].number, rows[1].number
    assert told == [
        (a, 1, 2, "张示例", "门卫室", True),
        (b, 2, 3, "张示例", "教务处", False),
        (b, 0, 1, "张示例", "教务处", False),
        (a, 2, 4, "张示例", "教务处", False),
    ]
    assert store.print_log()[0].at == clock.at
