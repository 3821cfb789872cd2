"""A row added to a table of 500 rows and ten columns, and committed; beside it, the commit alone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from bench import strokes
from bench.figure import Run
from bench.forms import table, with_rows
from bench.material import empty_draft
from bench.table_cell import ROWS
from safetyapp.domain.form import ItemId
from safetyapp.domain.places import row_ids
from safetyapp.ui.tools import Tools
from safetyapp.workflow.inspect import answer
from safetyapp.workflow.opened import Open

TITLE = "a row added, table of 500 x 10"
FLOOR = strokes.COMMIT
ROUNDS = 40
LIMIT, LIMIT_MS = None, 50.0
CHILDREN = False


def prepare(folder: Path) -> None:
    strokes.prepare(folder)


def _rows(tools: Tools) -> Iterator[tuple[list[Open], str, str]]:
    """One more row; it is taken away again before the next."""
    draft = [with_rows(tools, empty_draft(tools, table()), ROWS)]
    while True:
        yield draft, "sheet", "+1"
        last = row_ids(draft[0].inspection, ItemId("sheet"))[-1]
        draft[0] = answer(tools.store, tools.clock, tools.wording, draft[0], "sheet", f"-{last}")


def ours(folder: Path) -> Run:
    return strokes.through(folder, _rows)


def floor(folder: Path) -> Run:
    return strokes.written_alone(folder, _rows)
