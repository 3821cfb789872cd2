"""Documents put on a stick: whole or not at all, never over another file, and said truly when the stick is gone."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from safetyapp.domain.document import DocumentRow
from safetyapp.domain.problem import Cancelled
from safetyapp.domain.school import Person, PersonId
from safetyapp.workflow import put_out as putting
from safetyapp.workflow.exchange import file_name, kept_document
from safetyapp.workflow.put_out import put_out
from tests.fakes import FakeClock, FakeStore
from tests.store.examples import document


@pytest.fixture
def store(tmp_path: Path) -> FakeStore:
    made = FakeStore(tmp_path / "laptop")
    made.save_me(Person(PersonId("p1"), "张示例"))
    return made


@pytest.fixture
def rows(store: FakeStore) -> list[DocumentRow]:
    kept = [document(n) for n in range(5)]
    for row, data, ledger, _ in kept:
        store.keep_document(row, data, ledger)
    return [row for row, *_ in kept]


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_what_arrived_is_whole_and_remembered(store: FakeStore, rows: list[DocumentRow], tmp_path: Path) -> None:
    stick = tmp_path / "KINGSTON" / "文书"
    done = put_out(store, FakeClock(), rows, stick, "KINGSTON")
    assert (len(done.arrived), done.there, done.failed, done.left, done.problem) == (5, 0, (), (), None)
    for row, out in zip(rows, done.arrived, strict=True):
        assert Path(out.path).read_bytes() == kept_document(store, row)
        assert store.put_out(row.sha256) == (out,)
        assert (out.place, out.who) == ("KINGSTON", "张示例")
    assert names(stick) == sorted(file_name(row) for row in rows)
    again = put_out(store, FakeClock(), rows, stick, "KINGSTON")
    assert (len(again.arrived), again.there) == (5, 5)
    assert len(names(stick)) == 5


def test_another_file_of_that_name_stays(store: FakeStore, rows: list[DocumentRow], tmp_path: Path) -> None:
    taken = tmp_path / file_name(rows[0])
    taken.write_bytes(b"another")
    (tmp_path / f"{taken.stem}-2.pdf").write_bytes(b"and another")
    done = put_out(store, FakeClock(), rows[:1], tmp_path, "桌面")
    assert taken.read_bytes() == b"another"
    assert [Path(out.path).name for out in done.arrived] == [f"{taken.stem}-3.pdf"]


@pytest.mark.parametrize("harm", ["full", "gone", "lies"])
def test_a_stick_that_ends_half_way(
    store: FakeStore, rows: list[DocumentRow], tmp_path: Path, harm: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    stick, real, count = tmp_path / "stick", os.fsync, 0

    def fsync(handle: int) -> None:
        nonlocal count
        name = os.readlink(f"/proc/self/fd/{handle}")
        count += name.endswith(".part")
        if name.endswith(".part") and count == 3:
            if harm == "lies":
                os.truncate(name, 10)
                return
            raise OSError(errno.ENOSPC if harm == "full" else errno.EIO, os.strerror(errno.ENOSPC))
        real(handle)

    monkeypatch.setattr(putting.os, "fsync", fsync)
    done = put_out(store, FakeClock(), rows, stick, "stick")
    assert done.problem is not None
    assert done.problem.code == "not-written"
    assert (len(done.arrived), list(done.left)) == (2, rows[2:])
    assert names(stick) == sorted(file_name(row) for row in rows[:2])
    assert len(store.put_out()) == 2


def test_stopped_says_what_is_left(store: FakeStore, rows: list[DocumentRow], tmp_path: Path) -> None:
    def stop(step: str, done: int, total: int) -> None:
        if done == 3:
            raise Cancelled

    done = put_out(store, FakeClock(), rows, tmp_path / "stick", "stick", stop)
    assert (done.stopped, len(done.arrived), list(done.left)) == (True, 3, rows[3:])
    assert len(store.put_out()) == 3


def test_a_document_whose_file_is_lost_keeps_no_other_back(
    store: FakeStore, rows: list[DocumentRow], tmp_path: Path
) -> None:
    store.document_path(rows[1].sha256).unlink()
    done = put_out(store, FakeClock(), rows, tmp_path / "stick", "stick")
    assert [(row.sha256, why.code) for row, why in done.failed] == [(rows[1].sha256, "missing-document")]
    assert (len(done.arrived), done.left) == (4, ())
