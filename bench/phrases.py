"""What is offered for an item while a finding is written, out of a ledger of 100,000 findings: asked of the store and
put in order; beside it, the same with a ledger of 1,000.
"""

from __future__ import annotations

from pathlib import Path
from time import perf_counter

from bench import search
from bench.figure import Run
from bench.material import open_tools

TITLE = f"phrases offered for an item, {search.MANY:,} findings in the ledger"
FLOOR = search.FLOOR
ROUNDS = 40
LIMIT, LIMIT_MS = None, 10.0
CHILDREN = False


def prepare(folder: Path) -> None:
    search.prepare(folder)


def _asking(folder: Path, count: int) -> Run:
    from safetyapp.domain.phrases import offered

    store = open_tools(folder / str(count)).store

    def run() -> float:
        began = perf_counter()
        found = offered([], store.wordings("fire", "F-12"), "走廊")
        took = perf_counter() - began
        assert found
        return took

    return run


def ours(folder: Path) -> Run:
    return _asking(folder, search.MANY)


def floor(folder: Path) -> Run:
    return _asking(folder, search.FEW)
