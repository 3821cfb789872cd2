"""What holds for every test."""

from __future__ import annotations

import gc
import io
import os
import sqlite3
import threading
from collections.abc import Generator, Iterator
from contextlib import closing, redirect_stdout
from pathlib import Path

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")  # before any test imports Qt; a display is never needed

from safetyapp.ui import qt_import  # noqa: F401 - as the program does; else every import of a test goes through Qt

LOCKS = pytest.StashKey[tuple[sqlite3.Connection, sqlite3.Connection]]()


def pytest_collection_finish() -> None:
    """What collecting has loaded stays; the collector need not look through it at every turn."""
    gc.collect()
    gc.freeze()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """A test marked `alone` measures what a person waits for: no other test of this checkout runs meanwhile.

    SQLite keeps the locks, because they are the same on every system: whoever stands in the door lets nobody
    past, so the room empties. What earlier tests left in memory is not looked through meanwhile: collecting it takes
    a quarter of a second, and no window of the program has it.
    """
    alone = item.get_closest_marker("alone") is not None
    if LOCKS not in item.config.stash:
        place = item.config.cache.mkdir("alone")
        door, room = (sqlite3.connect(place / name, timeout=300, isolation_level=None) for name in ("door", "room"))
        item.config.stash[LOCKS] = door, room
    door, room = item.config.stash[LOCKS]
    door.execute("BEGIN EXCLUSIVE")
    room.execute("BEGIN EXCLUSIVE" if alone else "BEGIN")
    try:
        room.execute("SELECT * FROM sqlite_master")  # a shared lock is taken by the first read
        door.execute("ROLLBACK")
        if alone:
            gc.collect()
            gc.freeze()
        return (yield)
    finally:
        room.execute("ROLLBACK")


def pytest_unconfigure(config: pytest.Config) -> None:
    for lock in config.stash.get(LOCKS, ()):
        lock.close()


@pytest.fixture(autouse=True)
def no_thread_stays_behind() -> Iterator[None]:
    """A thread left behind fails the test that left it."""
    before = set(threading.enumerate())
    yield
    # a dummy stands for a thread that Python did not start (Qt's pool)
    left = [t for t in set(threading.enumerate()) - before if not isinstance(t, threading._DummyThread)]
    assert [thread.name for thread in left] == []


@pytest.fixture(scope="session")
def demo_made_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo district of seed 1 with what its verb printed in `demo.json`, made once for all workers of a run.

    Read it only, or work on a copy: it is everybody's.
    """
    here = tmp_path_factory.getbasetemp()
    shared = here.parent if "PYTEST_XDIST_WORKER" in os.environ else here
    folder = shared / "demo"
    with closing(sqlite3.connect(shared / "demo.lock", timeout=300, isolation_level=None)) as lock:
        lock.execute("BEGIN EXCLUSIVE")  # the second worker waits until the first has made it
        if not (shared / "demo.json").exists():
            from safetyapp.cli import main

            said = io.StringIO()
            with redirect_stdout(said):
                assert main(["demo", "--dir", str(folder), "--seed", "1", "--json"]) == 0
            (shared / "demo.json").write_text(said.getvalue(), encoding="utf-8")
    return folder
