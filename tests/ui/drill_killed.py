"""Taps a stopwatch until it is killed, and says what is on the disk: `drill_killed WORKSPACE DRAFT`."""

from __future__ import annotations

import sys
from pathlib import Path

from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from safetyapp.app import build_tools
from safetyapp.domain.address import item_of
from safetyapp.ui.drill import DrillScreen
from safetyapp.ui.jobs import Jobs
from safetyapp.ui.look import STYLE, Look, Mode
from safetyapp.workflow.opened import resume

TIMED = ("T0", "T3", "arrived-at", "counted")


def main(workspace: Path, draft: str) -> None:
    app = QApplication([*sys.argv[:1], *STYLE])
    look = Look(Mode.LIGHT)
    look.apply(app)
    tools, jobs = build_tools(workspace), Jobs()
    screen = DrillScreen(tools, look, jobs, resume(tools.store, tools.reckon, draft))
    screen.show()
    screen.setFocus()
    told: dict[str, str] = {}

    def tell() -> None:
        for item, answer in screen.keeper.kept.inspection.answers.items():
            if item_of(item) in TIMED and told.get(item) != answer.value:
                told[item] = answer.value
                print(item, answer.value, flush=True)

    # none answers what another has answered: what is told stays true
    strokes = iter((" ", "11\r", "32\r", "21\r", "11\r\r", "12\r", "22\r", "32\r\r", "31\r", "21\r\r", "22\r\r"))

    def tap() -> None:
        for key in next(strokes, ""):
            target = QApplication.activeModalWidget() or screen
            focused = target.focusWidget() or target
            if key == "\r":
                QTest.keyClick(focused, Qt.Key.Key_Return)
            else:
                QTest.keyClicks(focused, key)

    screen.keeper.committed.connect(lambda _: tell())
    timer = QTimer(screen)
    timer.timeout.connect(tap)
    timer.start(15)
    app.exec()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
