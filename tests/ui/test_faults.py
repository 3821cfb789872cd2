"""Faults of the program: the card comes, nothing is lost, the window goes on; a hard end is said at the next start."""

from __future__ import annotations

import logging
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import QDeadlineTimer, QEventLoop, Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from safetyapp.app import build_tools
from safetyapp.care.logs import CRASH, FOLDER, LAST_CRASH, LOG, RUNNING
from safetyapp.domain.fault import fault_of
from safetyapp.domain.school import School
from safetyapp.ui import start
from safetyapp.ui.faults import watch
from safetyapp.ui.fill import FillScreen
from safetyapp.ui.jobs import Jobs
from safetyapp.ui.tools import Tools
from safetyapp.ui.window import MainWindow
from tests.ui.conftest import press

SECRET = "甲子小学 王某某"


@pytest.fixture
def quiet_hooks(monkeypatch: pytest.MonkeyPatch) -> None:
    """The hooks of the test runner would fail the test: here a fault is what is wanted."""
    monkeypatch.setattr(sys, "excepthook", lambda *given: None)
    monkeypatch.setattr(threading, "excepthook", lambda given: None)


@pytest.fixture
def watched(window: MainWindow, jobs: Jobs, quiet_hooks: None) -> Iterator[MainWindow]:
    window.care.begin()
    assert jobs.settle()
    end = watch(window)
    yield window
    end()
    window.care.end()


def wait(condition: Callable[[], bool]) -> None:
    """The loop as the program runs it: what a slot raises while events are only worked off would come to the caller."""
    loop, timer, end = QEventLoop(), QTimer(), QDeadlineTimer(5000)
    timer.timeout.connect(lambda: loop.quit() if condition() or end.hasExpired() else None)
    timer.start(5)
    loop.exec()
    timer.stop()
    assert condition()


def break_down() -> None:
    raise ValueError(SECRET)


def test_a_fault_in_a_slot_loses_nothing_and_the_window_goes_on(
    watched: MainWindow, tools: Tools, schools: tuple[School, ...], jobs: Jobs
) -> None:
    window = watched
    window.start(schools[0].id, "fire")
    assert jobs.settle()
    press(window, Qt.Key.Key_1)
    QTimer.singleShot(0, break_down)
    wait(lambda: window.care.card is not None)
    card = window.care.card
    assert card is not None
    assert card.go_on.hasFocus()
    QTimer.singleShot(0, break_down)
    wait(lambda: card.more == 1)
    card.copy.click()
    copied = QGuiApplication.clipboard().text()
    assert "ValueError" in copied
    assert "break_down" in copied
    assert SECRET not in copied
    press(card, Qt.Key.Key_Escape)
    assert window.care.card is None
    assert isinstance(window.work, FillScreen)
    window.activateWindow()  # as a window manager does
    wait(window.isActiveWindow)
    press(window, Qt.Key.Key_1)
    assert jobs.settle()
    assert tools.store.drafts()[0].answered == 2
    logged = (tools.workspace / FOLDER / LOG).read_text("utf-8")
    assert logged.count(fault_line(copied)) >= 2
    assert SECRET not in logged


def fault_line(copied: str) -> str:
    return copied.splitlines()[1].split()[0]


def test_a_fault_in_a_job_and_in_a_thread_come_to_the_card(watched: MainWindow, jobs: Jobs) -> None:
    for begin in (lambda: jobs.work(lambda progress: break_down()), threading.Thread(target=break_down).start):
        begin()
        wait(lambda: watched.care.card is not None)
        assert watched.care.card is not None
        watched.care.card.reject()
    assert jobs.settle()


def test_what_a_fault_tells_holds_no_message_and_no_folder() -> None:
    try:
        try:
            break_down()
        except ValueError as error:
            raise RuntimeError("D:/王某某/x") from error
    except RuntimeError as error:
        fault = fault_of(error)
    text = fault.text()
    assert "ValueError:" in text
    assert "test_faults.py" in text
    assert "王某某" not in text


DYING = """
import faulthandler, os, sys
from pathlib import Path
from safetyapp.care.logs import WorkspaceLog
WorkspaceLog(Path(sys.argv[1]))
os.abort()
"""


def test_after_a_hard_crash_the_next_start_says_so_and_a_clean_end_says_nothing(
    open_window: Callable[[Tools], MainWindow], tools: Tools, jobs: Jobs, workspace: Path
) -> None:
    ran = subprocess.run([sys.executable, "-c", DYING, str(workspace)], capture_output=True, check=False)
    assert ran.returncode != 0
    window = open_window(tools)
    window.care.begin()
    try:
        assert jobs.settle()
        last = workspace / FOLDER / LAST_CRASH
        assert "Abort" in last.read_text("utf-8")
        assert jobs.settle()
        assert str(last) in window.news.notes.text()
        window.set_language("en")
        assert str(last) in window.news.notes.text()
        window.news.notes.close_button.click()
        window.set_language("zh")
        assert window.news.notes.text() == "", "what was closed is not said again"
    finally:
        window.care.end()
    assert jobs.settle()
    assert not (workspace / FOLDER / RUNNING).exists()
    assert not (workspace / FOLDER / CRASH).exists()
    assert window.care.desk.begin_log() is None
    window.care.desk.end_log()
    assert not logging.getLogger("safetyapp").handlers


def test_a_restart_opens_the_workspace_again_in_the_same_program(workspace: Path, qapp: QApplication) -> None:
    """The real loop of the entrance: the first window asks for a restart, the second is closed by hand."""
    seen: list[MainWindow] = []

    def look() -> None:
        window = next((w for w in QApplication.topLevelWidgets() if isinstance(w, MainWindow) and w.isVisible()), None)
        if window is None or window in seen:
            return
        if not window._is_painted:
            return
        seen.append(window)
        if len(seen) == 1:
            window.reopen(window.care.desk.again)
        else:
            window.close()

    timer = QTimer()
    timer.setInterval(20)
    timer.timeout.connect(look)
    timer.start()
    assert start.run(partial(build_tools, workspace), "zh") == 0
    timer.stop()
    assert len(seen) == 2
    for window in seen:
        window.deleteLater()
