"""The exchange over a stick: both ways, whatever is pulled out when; what is on a stick is not delivered."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest

from safetyapp.domain.document import DocumentState
from safetyapp.domain.problem import Cancelled
from safetyapp.domain.progress import Progress, no_progress
from safetyapp.domain.school import Person, PersonId, Role
from safetyapp.protocol_receipt import open_receipt
from safetyapp.sync.folder import EXCHANGE, FolderDone, FolderRound, run_folder
from tests.fakes import FakeHub
from tests.fakes.hub import authority_pem
from tests.project import ROOT
from tests.store.examples import document
from tests.sync.laptop import Laptop

DOCUMENTS, RECEIPTS = Path(EXCHANGE) / "documents", Path(EXCHANGE) / "receipts"
BELIEVE = partial(open_receipt, authority_pem=authority_pem())


@pytest.fixture
def hub() -> FakeHub:
    return FakeHub(role=Role.OFFICE)


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    (tmp_path / "stick").mkdir()
    return tmp_path / "stick"


@pytest.fixture
def laptop(tmp_path: Path, hub: FakeHub) -> Laptop:
    return Laptop(tmp_path / "laptop", hub)


@pytest.fixture
def office(tmp_path: Path, hub: FakeHub) -> Laptop:
    made = Laptop(tmp_path / "office", hub)
    made.store.save_me(Person(PersonId("o1"), "王演示", Role.OFFICE))
    return made


def carry(laptop: Laptop, stick: Path, progress: Progress = no_progress) -> FolderDone:
    return run_folder(FolderRound(stick, "U盘", laptop.store, laptop.signer, laptop.clock, BELIEVE, progress))


def on(stick: Path) -> dict[str, bytes]:
    return {path.stem: path.read_bytes() for path in (stick / DOCUMENTS).rglob("*.pdf")}


def test_a_stick_carries_documents_there_and_receipts_back(
    laptop: Laptop, office: Laptop, hub: FakeHub, stick: Path
) -> None:
    made = {laptop.make(n) for n in range(3)}
    done = carry(laptop, stick)
    assert ({entry.sha256 for entry in done.put}, done.problem) == (made, None)
    assert {hashlib.sha256(data).hexdigest() for data in on(stick).values()} == made == set(on(stick))
    assert laptop.store.waiting() == 3, "on a stick is not delivered"
    (entry,) = laptop.store.put_out(next(iter(made)))
    assert (entry.place, Path(entry.path).is_file()) == ("U盘", True)
    sent_back = {office.make(10)}
    done = carry(office, stick)
    assert ({row.sha256 for row in done.received}, done.receipts_put) == (made, 0)
    office.sync(asked=True)
    assert set(hub.kept) == made | sent_back
    assert carry(office, stick).receipts_put == 4
    done = carry(laptop, stick)
    assert ({row.sha256 for row in done.received}, set(done.delivered)) == (sent_back, made)
    assert laptop.store.waiting() == 0
    for sha256 in made:
        assert laptop.store.document(sha256).state is DocumentState.DELIVERED  # type: ignore[union-attr]
        assert laptop.store.receipts(sha256)[0].statement == office.store.receipts(sha256)[0].statement
    nothing = carry(laptop, stick)
    assert (nothing.put, nothing.received, nothing.delivered, nothing.refused) == ((), (), (), ())


def test_what_is_not_whole_is_passed_over_and_comes_the_next_time(laptop: Laptop, office: Laptop, stick: Path) -> None:
    sha256 = laptop.make(1)
    carry(laptop, stick)
    (path,) = (stick / DOCUMENTS).rglob("*.pdf")
    data = path.read_bytes()
    path.write_bytes(data[:-100])
    path.with_suffix(".part").write_bytes(data)
    (path.parent / f"{sha256} (1).pdf").write_bytes(data)
    (path.parent / "note.pdf").write_bytes(b"x")
    done = carry(office, stick)
    assert (done.received, done.unfinished, done.refused, done.problem) == ((), 1, (), None)
    assert len(carry(laptop, stick).put) == 1, "whoever has it whole writes it again"
    assert [row.sha256 for row in carry(office, stick).received] == [sha256]


def test_what_is_no_document_is_named_and_stops_nothing(laptop: Laptop, office: Laptop, stick: Path) -> None:
    good = laptop.make(1)
    carry(laptop, stick)
    bad = document(2)[1][:-1] + b"?"
    name = hashlib.sha256(bad).hexdigest()
    (stick / DOCUMENTS / f"{name}.pdf").write_bytes(bad)
    done = carry(office, stick)
    assert ([row.sha256 for row in done.received], [(r.sha256, r.why) for r in done.refused]) == (
        [good],
        [(name, "altered")],
    )


def test_a_receipt_that_somebody_made_proves_nothing(laptop: Laptop, hub: FakeHub, stick: Path) -> None:
    first, second = laptop.make(1), laptop.make(2)
    hub.forged = True
    folder = stick / RECEIPTS
    folder.mkdir(parents=True)
    for sha256 in (first, second):
        hub.send(sha256, laptop.store.document_path(sha256), 0, lambda done: None)
        signed = hub.receipt(sha256)
        said = {"statement": signed.statement, "signature": signed.signature, "certificate": signed.certificate}
        (folder / f"{sha256}.json").write_text(json.dumps(said))
    (folder / f"{second}.json").write_bytes(b"{")
    done = carry(laptop, stick)
    assert (done.delivered, {one.why for one in done.refused}) == ((), {"receipt-not-believed"})
    assert laptop.store.waiting() == 2


def test_who_stops_leaves_nothing_half_done(laptop: Laptop, stick: Path) -> None:
    made = {laptop.make(n) for n in range(4)}

    def stop(step: str, done: int, total: int) -> None:
        if done == 2:
            raise Cancelled

    done = carry(laptop, stick, stop)
    assert (done.is_stopped, len(done.put), len(on(stick))) == (True, 2, 2)
    carry(laptop, stick)
    assert set(on(stick)) == made


@pytest.mark.parametrize("step", ["put", "take"])
@pytest.mark.parametrize("after", [0, 1])
def test_a_stick_that_is_pulled_out(laptop: Laptop, office: Laptop, stick: Path, step: str, after: int) -> None:
    """It is gone in the middle of either way; the next time all goes on."""
    made = {laptop.make(n) for n in range(3)}
    carry(laptop, stick)
    mine = {office.make(n) for n in range(10, 13)}

    def pull(now: str, done: int, total: int) -> None:
        if (now, done) == (step, after):
            stick.rename(stick.with_name("pulled"))
            stick.write_bytes(b"")  # nothing can be made in its place

    done = carry(office, stick, pull)
    assert done.problem is not None
    assert done.problem.code in ("not-written", "unreadable-file")
    assert carry(office, stick).problem.code == "no-folder"  # type: ignore[union-attr]
    stick.unlink()
    stick.with_name("pulled").rename(stick)
    for data in on(stick).values():
        assert office.signer.verify(data).is_valid
    assert carry(office, stick).problem is None
    assert office.holds() == made | mine
    assert set(on(stick)) == made | mine
    assert not list(stick.rglob("*.part"))


def test_where_no_folder_is_none_is_made(laptop: Laptop, stick: Path) -> None:
    shutil.rmtree(stick)
    laptop.make(1)
    assert carry(laptop, stick).problem.code == "no-folder"  # type: ignore[union-attr]
    assert not stick.exists()


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="mounts a small disk")
def test_a_stick_that_is_full(tmp_path: Path) -> None:
    """In a mount namespace of its own: nothing half is left, and with room again all goes on."""
    program = Path(__file__).with_name("full_stick.py")
    call = ["unshare", "--mount", sys.executable, "-m", f"tests.sync.{program.stem}", str(tmp_path)]
    done = subprocess.run(call, cwd=ROOT, capture_output=True, text=True)
    if "unshare failed" in done.stderr or "mount failed" in done.stderr:
        pytest.skip(done.stderr)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == {"first": "not-written", "parts": 0, "whole": True, "then": None, "count": 6}
