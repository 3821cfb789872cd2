"""Lines that break at any byte, programs that are killed, answers that are lost: everything arrives once and whole."""

from __future__ import annotations

import hashlib
import random
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from safetyapp.domain.document import DocumentQuery
from safetyapp.hub.tables import documents, reading
from safetyapp.store.store import SqliteStore
from tests.fakes import FakeClock, FakeStore
from tests.project import ROOT
from tests.store.examples import document
from tests.sync.laptop import Laptop
from tests.sync.served import INSPECTOR, OFFICER, Cutter, Served, make_authority, served

EVERY = DocumentQuery(limit=1_000_000)

pytestmark = pytest.mark.hub


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_authority(tmp_path_factory.mktemp("district"))


@pytest.fixture
def hub(keys: Path, tmp_path: Path) -> Iterator[Served]:
    with served(tmp_path / "hub", keys) as started:
        yield started


def kept_by(hub: Served) -> list[str]:
    """What the hub has, in its order; its files are what they are called."""
    with reading(hub.engine) as connection:
        found = [row.sha256 for row in connection.execute(select(documents).order_by(documents.c.cursor)).all()]
    files = {path.name: path for path in (hub.folder / "documents").rglob("*") if path.is_file()}
    for sha256 in found:
        assert hashlib.sha256(files[sha256].read_bytes()).hexdigest() == sha256
    return found


def test_a_line_that_breaks_at_any_byte_in_both_directions(hub: Served, tmp_path: Path) -> None:
    chance = random.Random(1)
    out = Cutter(hub.port, chance, 500, 160_000, cuts=30)
    back = Cutter(hub.port, chance, 500, 160_000, cuts=20)
    sender, reader = hub.laptop(port=out.port), hub.laptop(OFFICER, port=back.port)
    try:
        laptop = Laptop(tmp_path / "a", sender, hub_id=hub.identity.hub, believe=hub.believe)
        office = Laptop(tmp_path / "o", reader, hub_id=hub.identity.hub, believe=hub.believe)
        made = [laptop.make(n, text=chance.choice("疏散通道货架") * chance.randint(10, 100_000)) for n in range(8)]
        for _ in range(100):
            laptop.sync(asked=True)
            delivered = set(laptop.store.delivered())
            assert delivered <= set(kept_by(hub)), "delivered is never said too early"
            if not laptop.store.deliveries():
                break
        assert sorted(kept_by(hub)) == sorted(made), "every one once"
        assert all(len(laptop.store.receipts(sha256)) == 1 for sha256 in made)
        for _ in range(100):
            office.sync(asked=True)
            if office.holds() == set(made):
                break
        for sha256 in made:
            assert office.store.document_path(sha256).read_bytes() == laptop.store.document_path(sha256).read_bytes()
        assert (laptop.store.not_taken(), office.store.not_taken(), office.leftovers()) == ((), (), [])
        assert out.made + back.made >= 12, "it did break"
    finally:
        for one in (sender, reader, out, back):
            one.close()


def test_a_program_that_is_killed_while_it_sends(hub: Served, tmp_path: Path) -> None:
    chance = random.Random(3)
    reach = hub.laptop()
    folder, ca = tmp_path / "a", tmp_path / "ca.pem"
    ca.write_text(hub.authority)
    with SqliteStore.open(folder) as store:
        made = [Laptop(folder, reach, store).make(n, text="疏散通道" * 60_000) for n in range(4)]
    how = [str(folder), hub.identity.hub, str(hub.port), hub.tokens[INSPECTOR.id], str(ca)]
    call = [sys.executable, "-m", "tests.sync.killed", *how]
    for lines in [chance.randint(1, 30) for _ in range(2)] + [10**9]:
        with subprocess.Popen(call, cwd=ROOT, stdout=subprocess.PIPE, text=True) as program:
            assert program.stdout is not None
            for number, _ in enumerate(program.stdout):
                if number >= lines:
                    break
            if lines < 10**9:
                program.kill()
        with SqliteStore.open(folder, wait=5) as store:
            assert set(store.delivered()) <= set(kept_by(hub))
    assert sorted(kept_by(hub)) == sorted(made)
    with SqliteStore.open(folder) as store:
        assert store.waiting() == 0
        assert all(len(store.receipts(sha256)) == 1 for sha256 in made)


def test_two_laptops_and_an_office_come_to_the_same_set(hub: Served, tmp_path: Path) -> None:
    """The rules of test_same_set, once, over real HTTPS, with real stores and a line that breaks now and then."""
    chance = random.Random(5)
    line = Cutter(hub.port, chance, 3_000, 60_000, cuts=8)
    people = [hub.laptop(OFFICER, port=line.port) for _ in range(3)]
    stores = [SqliteStore.open(tmp_path / "a"), FakeStore(tmp_path / "b"), FakeStore(tmp_path / "o")]
    try:
        laptops = [
            Laptop(tmp_path / name, reach, store, hub_id=hub.identity.hub, believe=hub.believe, clock=FakeClock())
            for name, reach, store in zip("abo", people, stores, strict=True)
        ]
        number = 0
        for _ in range(16):
            laptop = chance.choice(laptops)
            if chance.random() < 0.5:
                number += 1
                laptop.make(number, text="疏散" * chance.randint(1, 5_000), by="p1")
            else:
                laptop.sync(asked=True)
        for _ in range(3):
            for laptop in laptops:
                laptop.sync(asked=True)
        expected = {document(n)[0].id for n in range(1, number + 1)}
        for laptop in laptops:
            assert laptop.store.waiting() == 0
            assert {row.id for row in laptop.store.documents(EVERY)} == expected
        assert len(kept_by(hub)) == number
    finally:
        for one in (*people, *stores, line):
            one.close()
