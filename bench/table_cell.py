"""A cell of a table of 500 rows and ten columns answered, with its calculations, conditions and totals, and committed;
beside it, the commit alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from pathlib import Path

from bench import strokes
from bench.figure import Run
from bench.forms import table, with_rows
from bench.material import empty_draft
from safetyapp.ui.tools import Tools
from safetyapp.workflow.opened import Open

TITLE = "a cell answered, table of 500 x 10"
FLOOR = strokes.COMMIT
ROUNDS = 100
LIMIT, LIMIT_MS = None, 50.0
CHILDREN = False
ROWS = 500


def prepare(folder: Path) -> None:
    strokes.prepare(folder)


def _cells(tools: Tools) -> Iterator[tuple[list[Open], str, str]]:
    """How many were present, in rows all over the table: what is calculated in the row and beside the table follows."""
    draft = [with_rows(tools, empty_draft(tools, table()), ROWS)]
    for n in count():
        yield draft, f"present@{n * 7 % ROWS + 1}", str(36 if n // ROWS % 2 else 37)


def ours(folder: Path) -> Run:
    return strokes.through(folder, _cells)


def floor(folder: Path) -> Run:
    return strokes.written_alone(folder, _cells)
