"""Starts the window: application, look, jobs, main window; ends them in the opposite order."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QApplication

from safetyapp.domain.problem import Problem
from safetyapp.texts import Texts
from safetyapp.ui.jobs import Jobs
from safetyapp.ui.look import STYLE, Look
from safetyapp.ui.window import MainWindow

if TYPE_CHECKING:  # Today opens with this module: what only types need is not loaded with it
    from collections.abc import Callable

    from safetyapp.ui.tools import Tools


def run(build: Callable[[str], Tools], language: str, quit_after_paint: bool = False) -> int:
    """Opens the workspace that `build` gives for a language and shows its window until it is closed.

    A workspace that cannot be opened is said in a dialog of its own. With `quit_after_paint` the program says `painted`
    and ends once the first screen is painted with all it shows, for measuring.
    """
    app = QApplication.instance() or QApplication([*sys.argv[:1], *STYLE])
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
        window.painted.connect(_end)
    window.show()
    try:
        return app.exec()
    finally:
        window.close()
        jobs.close()
        tools.store.close()


def _end() -> None:
    print("painted", flush=True)
    QApplication.quit()


def _say(problem: Problem, texts: Texts) -> None:
    from PySide6.QtWidgets import QMessageBox

    said = texts.explain(problem)
    box = QMessageBox(QMessageBox.Icon.Warning, texts.say("window.name"), said.what)
    box.setInformativeText(f"{said.kept}\n{said.next}")
    box.exec()
