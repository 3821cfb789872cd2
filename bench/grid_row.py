"""A row added to a table of 500 rows in the window, until the grid is painted; against the same with 10 rows.

The commit is on its way meanwhile, and awaited before the next.
"""

from __future__ import annotations

from pathlib import Path
from time import perf_counter

from bench import table_open
from bench.figure import Run
from bench.table_cell import ROWS

TITLE = "a row added in the grid, 500 x 10"
FLOOR = table_open.FLOOR
ROUNDS = 30
LIMIT, LIMIT_MS = None, 50.0
CHILDREN = False


def prepare(folder: Path) -> None:
    table_open.prepare(folder)


def _adding(folder: Path, rows: int) -> Run:
    from bench.fill import stage, wait, watch

    at = stage(folder)
    screen = at.open((folder / f"{rows}.txt").read_text(encoding="utf-8"))
    page = at.open_table(screen, "sheet")

    def run() -> float:
        at.jobs.settle(20)
        painted = watch(page.grid.viewport())
        began = perf_counter()
        page.ask("row+")
        wait(painted)
        took = perf_counter() - began
        at.jobs.settle(20)
        page.ask("row-")  # the new row is the current one
        at.jobs.settle(20)
        if page.model.rowCount() != rows:
            raise ValueError("the row has not gone again")
        return took

    return run


def ours(folder: Path) -> Run:
    return _adding(folder, ROWS)


def floor(folder: Path) -> Run:
    return _adding(folder, table_open.FEW)
