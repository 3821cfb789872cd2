"""An answer in a form of 1,000 questions, each with a condition or a calculation: all that depends on it reckoned, and
committed; beside it, the commit alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from bench import strokes
from bench.figure import Run
from bench.forms import BLOCK, given_in, questions
from bench.material import empty_draft
from safetyapp.ui.tools import Tools
from safetyapp.workflow.opened import Open

TITLE = "one answer reckoned, 1,000 questions"
FLOOR = strokes.COMMIT
ROUNDS = 300
LIMIT, LIMIT_MS = None, 20.0
CHILDREN = False
ITEMS = 1000


def prepare(folder: Path) -> None:
    strokes.prepare(folder)


def walk(tools: Tools) -> Iterator[tuple[list[Open], str, str]]:
    """Through the form from its first question, draft after draft."""
    form = questions(ITEMS)
    while True:
        draft = [empty_draft(tools, form)]
        for n in range(ITEMS // BLOCK):
            for address, text in given_in(n):
                yield draft, address, text


def ours(folder: Path) -> Run:
    return strokes.through(folder, walk)


def floor(folder: Path) -> Run:
    return strokes.written_alone(folder, walk)
