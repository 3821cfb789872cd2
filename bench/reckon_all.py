"""The one answer that 999 others hang on: it closes and opens nearly the whole form of 1,000 questions, half answered;
beside it, the commit alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from pathlib import Path

from bench import reckon, strokes
from bench.figure import Run
from bench.forms import BLOCK, FIRST
from safetyapp.ui.tools import Tools
from safetyapp.workflow.inspect import answer
from safetyapp.workflow.opened import Open

TITLE = "an answer that 999 questions hang on"
FLOOR = strokes.COMMIT
ROUNDS = 30
LIMIT, LIMIT_MS = None, 20.0
CHILDREN = False


def prepare(folder: Path) -> None:
    strokes.prepare(folder)


def _first(tools: Tools) -> Iterator[tuple[list[Open], str, str]]:
    walk = reckon.walk(tools)
    draft: list[Open] = []
    for _ in range(reckon.ITEMS // BLOCK * 3):
        draft, address, text = next(walk)
        draft[0] = answer(tools.store, tools.clock, tools.wording, draft[0], address, text)
    for n in count():
        yield draft, FIRST, "pass" if n % 2 else "na"


def ours(folder: Path) -> Run:
    return strokes.through(folder, _first)


def floor(folder: Path) -> Run:
    return strokes.written_alone(folder, _first)
