"""What holds for every test."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")  # before any test imports Qt; a display is never needed


@pytest.fixture(autouse=True)
def no_thread_stays_behind() -> Iterator[None]:
    """A thread left behind fails the test that left it."""
    before = set(threading.enumerate())
    yield
    # a dummy stands for a thread that Python did not start (Qt's pool)
    left = [t for t in set(threading.enumerate()) - before if not isinstance(t, threading._DummyThread)]
    assert [thread.name for thread in left] == []
