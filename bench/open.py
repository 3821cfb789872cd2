"""A draft of 1,000 items opened in the window, from the disk to the painted list, against one of 60 items.

Both are the fire checklist's own items, repeated; no round's form has been opened before in the process.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from time import perf_counter

from bench.figure import Run
from bench.forms import checklist
from bench.material import empty_draft, make_workspace, open_tools
from safetyapp.domain.form import Form

TITLE = "1,000 items opened in the window"
FLOOR = "60 items, opened in the same way"
ROUNDS = 9
LIMIT, LIMIT_MS = 2.0, None
CHILDREN = False
LARGE, SMALL = 1000, 60


def prepare(folder: Path) -> None:
    prepare_with(folder, checklist)


def prepare_with(folder: Path, made: Callable[[int, str], Form]) -> None:
    """A draft of a form of its own for every round; `made` makes a form of so many items and this version."""
    make_workspace(folder)
    tools = open_tools(folder)
    for count in (LARGE, SMALL):
        drafts = [empty_draft(tools, made(count, f"{n}")).inspection.id for n in range(ROUNDS + 1)]
        (folder / f"{count}.txt").write_text("\n".join(drafts), encoding="utf-8")
    tools.store.close()


def drafts(folder: Path, count: int) -> Iterator[str]:
    yield from (folder / f"{count}.txt").read_text(encoding="utf-8").split("\n")


def opening(folder: Path, count: int, names: Iterator[str]) -> Run:
    """Opens one draft after the other, each of so many items."""
    from bench.fill import stage

    at = stage(folder)

    def run() -> float:
        draft = next(names)
        began = perf_counter()
        screen = at.open(draft)
        took = perf_counter() - began
        if screen.model.rowCount() < count // 2:
            raise ValueError("the list is shorter than what this figure is about")
        at.close(screen)
        return took

    return run


def ours(folder: Path) -> Run:
    return opening(folder, LARGE, drafts(folder, LARGE))


def floor(folder: Path) -> Run:
    return opening(folder, SMALL, drafts(folder, SMALL))
