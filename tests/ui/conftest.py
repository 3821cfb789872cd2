"""The window without a screen: dressed application, jobs that leave no thread, and no unexpected word from Qt."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from safetyapp.app import SystemClock, build_tools, create_workspace
from safetyapp.domain.school import Role, School, SchoolFact, SchoolId, SchoolKind
from safetyapp.ui.jobs import Jobs
from safetyapp.ui.look import STYLE, Look, Mode
from safetyapp.ui.tools import Tools
from safetyapp.ui.window import MainWindow

NAME, PASSPHRASE = "张示例", "correct horse battery staple"
EXPECTED = "This plugin does not support"
"""What the offscreen platform says of itself."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if item.path.is_relative_to(here):
            item.add_marker(pytest.mark.gui)
            item.add_marker(pytest.mark.qt_log_ignore(EXPECTED))


class StepClock(SystemClock):
    """Every look at it is a second later: of two changes the newer is known."""

    def __init__(self) -> None:
        self._steps = 0

    def now(self) -> datetime:
        self._steps += 1
        return super().now() + timedelta(seconds=self._steps - 3600)


@pytest.fixture(scope="session")
def qapp_args() -> list[str]:
    """The application is made as the entrance makes it."""
    return ["safetyapp", *STYLE]


@pytest.fixture
def look(qapp: QApplication) -> Iterator[Look]:
    """A light look at 100 %, applied."""
    made = Look(Mode.LIGHT)
    made.apply(qapp)
    yield made
    made.deleteLater()


@pytest.fixture
def jobs(qapp: QApplication) -> Iterator[Jobs]:
    made = Jobs()
    yield made
    made.close()


@pytest.fixture(scope="session")
def identity(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with a person and a key; each test works on a copy."""
    folder = tmp_path_factory.mktemp("identity") / "workspace"
    create_workspace(folder, Role.INSPECTOR, NAME, PASSPHRASE)
    return folder


@pytest.fixture
def workspace(identity: Path, tmp_path: Path) -> Path:
    folder = tmp_path / "workspace"
    shutil.copytree(identity, folder)
    return folder


@pytest.fixture
def tools(workspace: Path) -> Iterator[Tools]:
    """Real store, forms and signer; nothing to warm up, so that a walk measures the window alone."""
    made = replace(build_tools(workspace, clock=StepClock()), warm_up=lambda: None)
    yield made
    made.store.close()


def some_schools(count: int) -> tuple[School, ...]:
    names = ("甲子小学", "乙丑中学", "丙寅幼儿园", "丁卯学校（东校区）", "戊辰职业学校")
    kinds = tuple(SchoolKind)
    return tuple(
        School(
            SchoolId(f"s{n:04d}"),
            names[n] if n < len(names) else f"示例第{n}小学",
            kinds[n % len(kinds)],
            street="示例街道",
            students=100 + n,
            has=frozenset({SchoolFact.CANTEEN}),
            sites=("教学楼", "食堂"),
        )
        for n in range(count)
    )


@pytest.fixture
def schools(tools: Tools) -> tuple[School, ...]:
    made = some_schools(5)
    tools.store.save_schools(made)
    return made


@pytest.fixture
def open_window(qtbot: QtBot, look: Look, jobs: Jobs) -> Iterator[Callable[[Tools], MainWindow]]:
    """Opens the main window of some tools, as the entrance does, and waits until it has settled."""
    opened: list[MainWindow] = []

    def open_(tools: Tools) -> MainWindow:
        window = MainWindow(tools, look, jobs)
        opened.append(window)
        window.show()
        window.activateWindow()
        qtbot.waitUntil(lambda: window._me is not None or window.first is not None, timeout=5000)
        assert jobs.settle()
        QCoreApplication.processEvents()
        return window

    yield open_
    for window in opened:
        window.close()
        jobs.settle()
        window.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture
def window(open_window: Callable[[Tools], MainWindow], tools: Tools, schools: tuple[School, ...]) -> MainWindow:
    """The window of a workspace with five schools."""
    return open_window(tools)


@pytest.fixture(autouse=True)
def qt_says_nothing(qtlog: object) -> Iterator[None]:
    """A warning of Qt fails the test that caused it."""
    yield
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    records = getattr(qtlog, "records", [])
    said = [r.message for r in records if not r.message.startswith(EXPECTED)]
    assert said == []


def press(window: QWidget, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    """A key as a person presses it: it goes where the focus is."""
    target = window.window().focusWidget() or window
    QTest.keyClick(target, key, modifiers)


def type_text(window: QWidget, text: str) -> None:
    """Characters into the focused field; an input method commits Chinese, so it is inserted."""
    target = window.window().focusWidget()
    insert = getattr(target, "insert", None)
    assert insert is not None, f"{target} takes no text"
    insert(text)
