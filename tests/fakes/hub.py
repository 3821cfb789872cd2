"""A hub in memory whose network can be cut."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from safetyapp.domain.problem import Problem
from safetyapp.workflow.ports import Clock, Receipt
from tests.fakes.clock import FakeClock


class FakeHub:
    def __init__(self, clock: Clock | None = None) -> None:
        self.is_online = True
        self._clock = clock or FakeClock()
        self._documents: dict[str, bytes] = {}
        self._receipts: list[Receipt] = []

    @contextmanager
    def offline(self) -> Iterator[None]:
        """No network inside the block."""
        self.is_online = False
        try:
            yield
        finally:
            self.is_online = True

    def missing(self, addresses: Sequence[str]) -> tuple[str, ...]:
        self._reach()
        return tuple(address for address in addresses if address not in self._documents)

    def put(self, sha256: str, data: bytes) -> Receipt:
        self._reach()
        if hashlib.sha256(data).hexdigest() != sha256:
            raise Problem("hub-refused", why="wrong-hash")
        if sha256 not in self._documents:
            self._documents[sha256] = data
            self._receipts.append(Receipt(sha256, self._clock.now(), len(self._receipts) + 1))
        return next(receipt for receipt in self._receipts if receipt.sha256 == sha256)

    def after(self, cursor: int) -> tuple[Receipt, ...]:
        self._reach()
        return tuple(self._receipts[cursor:])

    def get(self, sha256: str) -> bytes:
        self._reach()
        if sha256 not in self._documents:
            raise Problem("hub-refused", why="unknown")
        return self._documents[sha256]

    def _reach(self) -> None:
        if not self.is_online:
            raise Problem("hub-unreachable")
