"""Starts the window: application, look, jobs, main window; ends them in the opposite order."""

from __future__ import annotations

import gc
import sys
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from safetyapp.domain.problem import Problem
from safetyapp.texts import Texts
from safetyapp.ui.dates import explained
from safetyapp.ui.faults import watch
from safetyapp.ui.jobs import Jobs
from safetyapp.ui.look import STYLE, Look
from safetyapp.ui.window import MainWindow

if TYPE_CHECKING:  # Today opens with this module: what only types need is not loaded with it
    from collections.abc import Callable

    from PySide6.QtWidgets import QMessageBox

    from safetyapp.ui.tools import Tools

CARE_AFTER = 200
"""ms after the first paint: when the log is begun and what is calmly noted is looked for."""
UNSAVED = ("read-only", "disk-full", "database-locked", "disk-failing")
"""Problems of a store whose sentence is for somebody who was saving."""


def run(build: Callable[[str], Tools], language: str, quit_after_paint: bool = False) -> int:
    """Opens the workspace that `build` gives for a language and shows its window until it is closed.

    A workspace that cannot be opened is said in a dialog of its own. With `quit_after_paint` the program says `painted`
    and ends once the first screen is painted with all it shows, for measuring.
    """
    app = QApplication.instance() or QApplication([*sys.argv[:1], *STYLE])
    assert isinstance(app, QApplication)
    app.setApplicationName("safetyapp")
    look = Look()
    look.apply(app)
    while True:
        try:
            tools = build(language)
        except Problem as problem:
            _say(problem, Texts(language))
            return 2
        jobs = Jobs()
        window = MainWindow(tools, look, jobs)
        if quit_after_paint:
            window.painted.connect(_end)
        else:
            window.painted.connect(lambda window=window: QTimer.singleShot(CARE_AFTER, window, window.begin_care))
        window.painted.connect(gc.freeze)  # what the start has made stays: the collector need not look at it again
        window.show()
        unwatch = watch(window)
        try:
            code = app.exec()
        finally:
            window.close()
            window.shut()  # also when something is not saved and the window would stay
            jobs.close()
            tools.store.close()
            unwatch()
            window.end_care()
        if window.afterwards is None:
            return code
        language = window.texts.language
        try:
            build = window.afterwards()
        except Problem as problem:  # nothing has changed: the same workspace is opened again
            _say(problem, window.texts)


def _end() -> None:
    print("painted", flush=True)
    QApplication.quit()


def _say(problem: Problem, texts: Texts) -> None:
    refusal(problem, texts).exec()


def refusal(problem: Problem, texts: Texts) -> QMessageBox:
    """The dialog of a workspace that does not open. Nothing was to be saved yet, so it says nothing of saving."""
    from PySide6.QtWidgets import QMessageBox

    say, said = texts.say, explained(texts, problem)
    kept = say("window.refusal.kept") if problem.code in UNSAVED else said.kept
    then = say("window.refusal.read-only") if problem.code == "read-only" else said.next
    title = say("window.refusal.title", name=say("window.name"))
    box = QMessageBox(QMessageBox.Icon.Warning, title, say("window.refusal.what", what=said.what))
    box.setInformativeText(say("window.refusal.rest", kept=kept, next=then))
    box.addButton(say("window.refusal.ok"), QMessageBox.ButtonRole.AcceptRole)
    return box
