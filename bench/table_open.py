"""A draft with a table of 500 rows and ten columns opened in the window: from the disk to the painted list, then to the
painted table; against the same with 10 rows.
"""

from __future__ import annotations

from pathlib import Path
from time import perf_counter

from bench.figure import Run
from bench.forms import table, with_rows
from bench.material import empty_draft, make_workspace, open_tools
from bench.table_cell import ROWS

TITLE = "a draft with a table of 500 x 10 opened"
FLOOR = "the same with 10 rows"
ROUNDS = 9
LIMIT, LIMIT_MS = None, 1000.0
CHILDREN = False
FEW = 10


def prepare(folder: Path) -> None:
    make_workspace(folder)
    tools = open_tools(folder)
    for count in (ROWS, FEW):
        draft = with_rows(tools, empty_draft(tools, table()), count)
        (folder / f"{count}.txt").write_text(draft.inspection.id, encoding="utf-8")
    tools.store.close()


def _opening(folder: Path, count: int) -> Run:
    from bench.fill import stage

    at, draft = stage(folder), (folder / f"{count}.txt").read_text(encoding="utf-8")

    def run() -> float:
        began = perf_counter()
        screen = at.open(draft)
        page = at.open_table(screen, "sheet")
        took = perf_counter() - began
        if page.model.rowCount() != count:
            raise ValueError("the table is not what this figure is about")
        at.close(screen)
        return took

    return run


def ours(folder: Path) -> Run:
    return _opening(folder, ROWS)


def floor(folder: Path) -> Run:
    return _opening(folder, FEW)
