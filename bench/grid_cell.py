"""A cell of a table of 500 rows answered in the window, until the grid is painted; against the same with 10 rows.

The commit is on its way meanwhile, and awaited before the next.
"""

from __future__ import annotations

from itertools import count
from pathlib import Path
from time import perf_counter

from bench import table_open
from bench.figure import Run
from bench.table_cell import ROWS

TITLE = "a cell answered in the grid, 500 x 10"
FLOOR = table_open.FLOOR
ROUNDS = 40
LIMIT, LIMIT_MS = None, 50.0
CHILDREN = False


def prepare(folder: Path) -> None:
    table_open.prepare(folder)


def _answering(folder: Path, rows: int) -> Run:
    from bench.fill import stage, wait, watch

    at = stage(folder)
    numbers = count()
    screen = at.open((folder / f"{rows}.txt").read_text(encoding="utf-8"))
    page = at.open_table(screen, "sheet")

    def run() -> float:
        n = next(numbers)
        address = f"present@{n % rows % 10 + 1}"
        page.go_to_cell(address)
        at.jobs.settle(20)
        painted = watch(page.grid.viewport())
        began = perf_counter()
        screen.tables.answer(address, str(20 + n % 19))
        wait(painted)
        took = perf_counter() - began
        at.jobs.settle(20)
        return took

    return run


def ours(folder: Path) -> Run:
    return _answering(folder, ROWS)


def floor(folder: Path) -> Run:
    return _answering(folder, table_open.FEW)
