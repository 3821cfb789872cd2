"""A walk through the window by keys in a large workspace: 1,000 schools, 100,000 documents, a draft of 1,000 items and
one of 60 items with 200 photos. What counts is the longest that the event loop was held up; beside it, an idle window.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from time import perf_counter

from bench.crowd import crowd_schools, fill
from bench.figure import Run
from bench.forms import checklist
from bench.material import empty_draft, make_photos, make_workspace, open_tools, photos, workspace
from safetyapp.workflow.inspect import link_photo

SCHOOLS, DOCUMENTS, ITEMS, PHOTOS = 1_000, 100_000, 1_000, 200
TITLE = f"longest block in a walk, {DOCUMENTS:,} documents, {SCHOOLS:,} schools, {ITEMS:,} items, {PHOTOS} photos"
FLOOR = "the same loop with nothing to do"
ROUNDS = 3
LIMIT, LIMIT_MS = None, 50.0
CHILDREN = False
TICK = 5
"""ms between two looks at the clock."""
QUIET = 0.15
"""Seconds that each step is given to settle, as a person would."""


def prepare(folder: Path) -> None:
    make_workspace(folder)
    make_photos(folder, 4)
    tools = open_tools(folder)
    tools.store.save_schools(crowd_schools(SCHOOLS))
    (folder / "large.txt").write_text(empty_draft(tools, checklist(ITEMS)).inspection.id, encoding="utf-8")
    draft, pictures = empty_draft(tools), photos(folder)
    items = [item.id for item in draft.form.asked()]
    taken = [tools.store.take_in(next(pictures), tools.clock.now()) for _ in range(PHOTOS)]
    for number, photo in enumerate(taken):
        draft = link_photo(tools.store, tools.clock, draft, items[number % len(items)], photo)
    (folder / "photos.txt").write_text(draft.inspection.id, encoding="utf-8")
    tools.store.close()
    fill(workspace(folder), DOCUMENTS, SCHOOLS)


def ours(folder: Path) -> Run:
    return _walking(folder, walks=True)


def floor(folder: Path) -> Run:
    return _walking(folder, walks=False)


def _walking(folder: Path, walks: bool) -> Run:
    import gc

    from PySide6.QtCore import Qt, QTimer
    from PySide6.QtTest import QTest
    from PySide6.QtWidgets import QApplication

    from bench.fill import stage
    from safetyapp.ui.window import MainWindow

    at = stage(folder)
    window = MainWindow(replace(at.tools, warm_up=lambda: None), at.look, at.jobs)
    window.resize(1366, 768)
    window.show()
    window.activateWindow()
    gaps: dict[str, float] = {}
    last = step = ""

    def look() -> None:
        nonlocal last
        now = perf_counter()
        gaps[step] = max(gaps.get(step, 0.0), now - float(last or now) - TICK / 1000)
        last = repr(now)

    watch = QTimer()
    watch.setTimerType(Qt.TimerType.PreciseTimer)
    watch.timeout.connect(look)

    def rest() -> None:
        until = perf_counter() + QUIET
        while perf_counter() < until or not at.jobs.settle(20):
            QApplication.processEvents()

    def press(*keys: Qt.Key) -> None:
        for key in keys:
            QTest.keyClick(QApplication.focusWidget() or window, key)
            QApplication.processEvents()

    def text(name: str) -> str:
        return (folder / f"{name}.txt").read_text(encoding="utf-8")

    key = Qt.Key
    steps: tuple[tuple[str, Callable[[], object]], ...] = (
        ("today", lambda: window.go("today")),
        ("today, pages", lambda: press(*[key.Key_PageDown] * 5, key.Key_End, key.Key_Home)),
        ("today, visits", lambda: press(key.Key_F3, key.Key_Down, key.Key_F3)),
        ("documents", lambda: window.go("documents")),
        ("documents, pages", lambda: press(key.Key_Down, *[key.Key_PageDown] * 5, key.Key_End, key.Key_Home)),
        ("documents, search", lambda: window.documents.search_for("走廊") if window.documents else None),
        ("1,000 items", lambda: window.open_fill(text("large"))),
        ("1,000 items, answers", lambda: press(*[key.Key_1] * 5, key.Key_2, key.Key_Escape, key.Key_End)),
        ("back", window.leave_work),
        ("200 photos", lambda: window.open_fill(text("photos"))),
        ("200 photos, items", lambda: press(key.Key_2, key.Key_Escape, *[key.Key_Down] * 10, key.Key_PageDown)),
        ("back again", window.leave_work),
    )
    rest()
    gc.collect()
    gc.freeze()

    def run() -> float:
        nonlocal step, last
        gaps.clear()
        last = ""
        watch.start(TICK)
        for name, act in steps:
            step = name
            if walks:
                act()
            rest()
        watch.stop()
        if walks:
            print(", ".join(f"{name} {gap * 1000:.0f}" for name, gap in gaps.items()), flush=True)
        return max(gaps.values())

    return run
