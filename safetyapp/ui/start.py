"""Starts the window: application, look, jobs, main window; ends them in the opposite order."""

from __future__ import annotations

import sys
from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication, QMessageBox

from safetyapp.domain.problem import Problem
from safetyapp.texts import Texts
from safetyapp.ui.jobs import Jobs
from safetyapp.ui.look import Look
from safetyapp.ui.tools import Tools
from safetyapp.ui.window import MainWindow


def run(build: Callable[[str], Tools], language: str, quit_after_paint: bool = False) -> int:
    """Opens the workspace that `build` gives for a language and shows its window until it is closed.

    A workspace that cannot be opened is said in a dialog of its own. With `quit_after_paint` the program ends after
    the first painted window, for measuring.
    """
    app = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(app, QApplication)
    app.setApplicationName("safetyapp")
    app.setApplicationDisplayName(Texts(language).say("window.name"))
    look = Look()
    look.apply(app)
    try:
        tools = build(language)
    except Problem as problem:
        _say(problem, Texts(language))
        return 2
    jobs = Jobs()
    window = MainWindow(tools, look, jobs)
    if quit_after_paint:
        window.installEventFilter(_FirstPaint(window))
    window.show()
    try:
        return app.exec()
    finally:
        window.close()
        jobs.close()
        tools.store.close()


class _FirstPaint(QObject):
    """Says `painted` and ends the program once the window has been painted."""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Paint:
            QTimer.singleShot(0, self._end)
        return False

    def _end(self) -> None:
        print("painted", flush=True)
        QApplication.quit()


def _say(problem: Problem, texts: Texts) -> None:
    said = texts.explain(problem)
    box = QMessageBox(QMessageBox.Icon.Warning, texts.say("window.name"), said.what)
    box.setInformativeText(f"{said.kept}\n{said.next}")
    box.exec()
