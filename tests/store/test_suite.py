"""The promises of the port, kept by both stores."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from safetyapp.store import doctor
from safetyapp.store.store import SqliteStore
from safetyapp.workflow.ports import Store
from tests.fakes import FakeStore
from tests.store.suite import StoreSuite


class TestFakeStore(StoreSuite):
    @pytest.fixture
    def store(self, tmp_path: Path) -> Store:
        return FakeStore(tmp_path / "workspace")


class TestSqliteStore(StoreSuite):
    @pytest.fixture
    def store(self, tmp_path: Path) -> Iterator[Store]:
        with SqliteStore.open(tmp_path / "工作区 100%23#1") as opened:
            yield opened
            assert doctor.check(opened, deep=True) == ()
