"""A school, a draft of the built-in fire form, a real store to walk through; and a store that can be slow or fail."""

from __future__ import annotations

import atexit
import functools
import shutil
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QImage, QInputMethodEvent, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from safetyapp.app import build_tools
from safetyapp.domain.answer_kinds import AnswerKind, Outcome
from safetyapp.domain.form import Form, Item, ItemId
from safetyapp.domain.problem import Problem
from safetyapp.domain.school import Person, PersonId, School, SchoolFact, SchoolId, SchoolKind
from safetyapp.ui.fill import FillScreen
from safetyapp.ui.jobs import Jobs
from safetyapp.ui.look import Look
from safetyapp.ui.tools import Tools
from safetyapp.ui.window import MainWindow
from safetyapp.workflow import inspect
from safetyapp.workflow.opened import Open, resume

SCHOOL = School(
    SchoolId("s1"), "甲子小学", SchoolKind.PRIMARY, has=frozenset({SchoolFact.CANTEEN}),
    lacks=frozenset({SchoolFact.BOARDING}), sites=("教学楼", "食堂"),
)  # fmt: skip
ME = Person(PersonId("p1"), "张示例")
KEYS = {Outcome.PASS: Qt.Key.Key_1, Outcome.FAIL: Qt.Key.Key_2, Outcome.NA: Qt.Key.Key_3}


@dataclass
class Unsteady:
    """A store that hands everything on; writes wait while `gate` is closed, and fail while `broken` is set."""

    store: Any
    broken: bool = False
    full: bool = False
    """Whether no copy of a photo for print can be made any more."""
    gate: threading.Event = field(default_factory=threading.Event)
    writes: int = 0
    free: int = 10**12
    """Bytes that the disk has left."""
    burns: int = 0
    """How often the copy of a marked photo was asked for."""

    def __post_init__(self) -> None:
        self.gate.set()

    def __getattr__(self, name: str) -> Any:
        return getattr(self.store, name)

    def _before(self) -> None:
        assert self.gate.wait(20)
        if self.broken:
            raise Problem("read-only", path="safetyapp.sqlite3")
        self.writes += 1

    def free_space(self) -> int:
        return self.free

    def save_answer(self, *given: Any) -> None:
        self._before()
        self.store.save_answer(*given)

    def save_head(self, *given: Any) -> None:
        self._before()
        self.store.save_head(*given)

    def save_photos(self, *given: Any) -> None:
        self._before()
        self.store.save_photos(*given)

    def save_draft(self, *given: Any) -> None:
        self._before()
        self.store.save_draft(*given)

    def print_of(self, link: Any) -> Any:
        if self.full and link.marks is not None:
            raise Problem("disk-full", path="prints")
        self.burns += link.marks is not None
        return self.store.print_of(link)


@dataclass
class Stage:
    """One draft with its screen."""

    tools: Tools
    look: Look
    jobs: Jobs
    opened: Open
    store: Unsteady
    screens: list[QWidget] = field(default_factory=list)

    def screen(self, width: int = 1366, height: int = 688) -> FillScreen:
        made = FillScreen(self.tools, self.look, self.jobs, self.opened)
        self.screens.append(made)
        made.resize(width, height)
        made.show()
        made.activateWindow()
        QApplication.processEvents()
        self.jobs.settle()
        return made

    def window(self, height: int = 688) -> MainWindow:
        """The whole window, on Today."""
        made = MainWindow(self.tools, self.look, self.jobs)
        self.screens.append(made)
        made.resize(1366, height)
        made.show()
        made.activateWindow()
        QApplication.processEvents()
        self.jobs.settle()
        return made

    def kept(self) -> Open:
        """The draft as the disk has it."""
        assert self.jobs.settle(20)
        return resume(self.tools.store, self.tools.reckon, self.opened.inspection.id)

    def close(self) -> None:
        for screen in self.screens:
            shut: Callable[[], None] | None = getattr(screen, "shut", None)
            if shut is not None:
                shut()
            screen.close()
            screen.deleteLater()
        self.jobs.settle(20)
        self.tools.store.close()


@functools.cache
def _workspace_of_a_person() -> Path:
    """A workspace with a key of its own, made once: a key takes half a second."""
    folder = Path(tempfile.mkdtemp(prefix="safetyapp-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    tools = build_tools(folder / "workspace")
    tools.start_identity("张示例", "correct horse battery")
    tools.store.close()
    return folder / "workspace"


def make_stage(
    folder: Path, look: Look, jobs: Jobs, language: str = "zh", person: Person | None = ME, form: Form | None = None,
    school: School = SCHOOL, form_id: str = "fire",
) -> Stage:  # fmt: skip
    if person is None:
        shutil.copytree(_workspace_of_a_person(), folder / "workspace")
    tools = build_tools(folder / "workspace", language)
    store = Unsteady(tools.store)
    tools = replace(tools, store=store)
    me = person or store.me()
    assert me is not None
    tools.store.save_schools([school])
    form = form or tools.form(form_id)
    opened = inspect.start(tools.store, tools.clock, tools.reckon, tools.new_id, school, form, me)
    return Stage(tools, look, jobs, opened, store)


def good_value(item: Item, today: date) -> str:
    """A text that passes."""
    if item.answer.kind is AnswerKind.CONFORMITY:
        return "pass"
    limits = item.answer.limits_for(SCHOOL)
    if item.answer.kind is AnswerKind.DATE:
        return (today - timedelta(days=3)).isoformat()
    value = limits.minimum if limits.minimum is not None else limits.maximum
    return "1" if value is None else format(value, "f")


def answer_all(stage: Stage, fails: tuple[str, ...] = ("F-12",), but: tuple[str, ...] = ()) -> None:
    """Answers every item through the workflow, without a window."""
    opened, tools = stage.opened, stage.tools
    today = opened.inspection.inspected_on
    for item in opened.form.items():
        if item.id not in but:
            text = "fail" if item.id in fails else good_value(item, today)
            opened = inspect.answer(tools.store, tools.clock, tools.wording, opened, item.id, text)
    stage.opened = opened


def press(widget: QWidget, *keys: Any) -> None:
    """Keys one after another into a widget, as typed: a Qt.Key, (Qt.Key, modifier) or text."""
    each = [k for key in keys for k in (key if isinstance(key, str) else [key])]
    for key in each:
        target = QApplication.focusWidget() or widget
        if isinstance(key, str) and key.isascii():
            QTest.keyClicks(target, key)
        elif isinstance(key, str):
            commit = QInputMethodEvent()
            commit.setCommitString(key)
            QApplication.sendEvent(target, commit)
        elif isinstance(key, tuple):
            QTest.keyClick(target, key[0], key[1])
        else:
            QTest.keyClick(target, key)
        QApplication.processEvents()


def until(came: Callable[[], bool], seconds: float = 5.0) -> None:
    """Runs the event loop until something has come about; fails when it takes too long."""
    end = time.monotonic() + seconds
    while not came():
        assert time.monotonic() < end, "it has not come about"
        QTest.qWait(2)


def draw(pad: QWidget, strokes: int = 2) -> None:
    """Some handwriting with the mouse."""
    left = Qt.MouseButton.LeftButton
    for stroke in range(strokes):
        points = [QPoint(30 + stroke * 50 + n * 3, 30 + (n * 7) % 40) for n in range(14)]
        QTest.mousePress(pad, left, Qt.KeyboardModifier.NoModifier, points[0])
        for point in points[1:]:
            place = QPointF(point)
            event = QMouseEvent(
                QMouseEvent.Type.MouseMove, place, pad.mapToGlobal(place), Qt.MouseButton.NoButton, left,
                Qt.KeyboardModifier.NoModifier,
            )  # fmt: skip
            QApplication.sendEvent(pad, event)
        QTest.mouseRelease(pad, left, Qt.KeyboardModifier.NoModifier, points[-1])


def picture_file(folder: Path, name: str = "走廊.jpg", size: int = 400) -> Path:
    image = QImage(size, size * 3 // 4, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.darkCyan)
    path = folder / name
    assert image.save(str(path))
    return path


def item(name: str) -> ItemId:
    return ItemId(name)
