"""An answer given by key in the fire form of 60 items: from the press of 1 until the list is painted; beside it, the
arrow key, which only makes another item the current one. The commit is on its way meanwhile, and awaited before the
next.
"""

from __future__ import annotations

from pathlib import Path
from time import perf_counter

from bench.figure import Run
from bench.material import empty_draft, make_workspace, open_tools

TITLE = "a key press until the answer is painted, 60 items"
FLOOR = "the arrow key until the list is painted"
ROUNDS = 40
LIMIT, LIMIT_MS = None, 16.0
CHILDREN = False


def prepare(folder: Path) -> None:
    make_workspace(folder)
    tools = open_tools(folder)
    (folder / "draft.txt").write_text(empty_draft(tools).inspection.id, encoding="utf-8")
    tools.store.close()


def _pressing(folder: Path, answering: bool) -> Run:
    from PySide6.QtCore import Qt
    from PySide6.QtTest import QTest

    from bench.fill import stage, wait, watch

    at = stage(folder)
    screen = at.open((folder / "draft.txt").read_text(encoding="utf-8"))
    view, model = screen.view, screen.model

    def run() -> float:
        row = view.current_row()
        if row is None or not row.is_choice or row.answer is not None:
            free = [r for r in model.every if r.is_choice and not r.is_closed and r.answer is None]
            if answering and not free:
                for other in [r for r in model.every if r.is_choice and r.answer is not None]:
                    screen.keeper.clear(other.id)
                free = [r for r in model.every if r.is_choice and not r.is_closed]
            screen.go_to(free[0].id if free else model.every[0].id)
        at.jobs.settle(20)
        screen.activateWindow()
        view.setFocus()
        painted = watch(view.viewport())
        began = perf_counter()
        QTest.keyClick(view, Qt.Key.Key_1 if answering else Qt.Key.Key_Down)
        wait(painted)
        took = perf_counter() - began
        at.jobs.settle(20)
        return took

    return run


def ours(folder: Path) -> Run:
    return _pressing(folder, answering=True)


def floor(folder: Path) -> Run:
    return _pressing(folder, answering=False)
