"""Answers given one after another: through the workflow to the disk, and beside it what that wrote, written alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from time import perf_counter
from typing import TypeAlias, cast

from bench.figure import Run
from bench.material import make_workspace, open_tools
from safetyapp.ui.tools import Tools
from safetyapp.workflow.inspect import answer
from safetyapp.workflow.opened import Open
from safetyapp.workflow.ports import Store

COMMIT = "the same writes committed alone"
Strokes: TypeAlias = Callable[[Tools], Iterator[tuple[list[Open], str, str]]]
"""The draft as it is now (in a list, which takes the next one), the address to answer, and the text."""


class _Script:
    """A store that only takes down what is to be written."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, tuple[object, ...]]] = []

    def save_answer(self, *given: object) -> None:
        self.calls.append(("save_answer", given))

    def save_draft(self, *given: object) -> None:
        self.calls.append(("save_draft", given))


def prepare(folder: Path) -> None:
    """A workspace for either side."""
    make_workspace(folder)
    make_workspace(_beside(folder))


def through(folder: Path, strokes: Strokes) -> Run:
    """The whole way: judged, reckoned, committed."""
    tools = open_tools(folder)
    given = strokes(tools)

    def run() -> float:
        draft, address, text = next(given)
        began = perf_counter()
        draft[0] = answer(tools.store, tools.clock, tools.wording, draft[0], address, text)
        return perf_counter() - began

    return run


def written_alone(folder: Path, strokes: Strokes) -> Run:
    """Only what the same answer commits, in a workspace of its own."""
    tools = open_tools(_beside(folder))
    given = strokes(tools)

    def run() -> float:
        draft, address, text = next(given)
        script = _Script()
        draft[0] = answer(cast(Store, script), tools.clock, tools.wording, draft[0], address, text)
        began = perf_counter()
        for name, what in script.calls:
            getattr(tools.store, name)(*what)
        return perf_counter() - began

    return run


def _beside(folder: Path) -> Path:
    return folder / "beside"
