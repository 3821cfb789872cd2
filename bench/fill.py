"""The Fill screen without a display: opened from a draft on the disk until it is painted, and closed again."""

from __future__ import annotations

import functools
import gc
import sys
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter, sleep
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QEvent, QMessageLogContext, QObject, QtMsgType, qInstallMessageHandler
from PySide6.QtWidgets import QApplication, QWidget

from bench.material import open_tools
from safetyapp.ui.fill import FillScreen
from safetyapp.ui.jobs import Jobs
from safetyapp.ui.look import STYLE, Look, Mode
from safetyapp.workflow.opened import resume

if TYPE_CHECKING:
    from safetyapp.ui.table_page import TablePage
    from safetyapp.ui.tools import Tools

WIDTH, HEIGHT = 1366, 688
LONGEST = 60.0
"""Seconds after which a widget that is not painted never will be."""


class Painted(QObject):
    """Whether a widget has been painted since this began to watch it."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self.is_so = False
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        self.is_so = self.is_so or event.type() == QEvent.Type.Paint
        return False


@dataclass(frozen=True, slots=True)
class Stage:
    """What the screens of one process share."""

    tools: Tools
    look: Look
    jobs: Jobs

    def open(self, draft: str) -> FillScreen:
        """A draft from the disk, to the painted list."""
        screen = FillScreen(self.tools, self.look, self.jobs, resume(self.tools.store, self.tools.reckon, draft))
        screen.resize(WIDTH, HEIGHT)
        painted = watch(screen.view.viewport())
        screen.show()
        screen.activateWindow()
        wait(painted)
        return screen

    def open_table(self, screen: FillScreen, table: str) -> TablePage:
        """A table of the draft, to the painted grid."""
        from safetyapp.domain.form import ItemId

        page = screen.tables.open_table(ItemId(table))
        wait(watch(page.grid.viewport()))
        return page

    def close(self, screen: FillScreen) -> None:
        """Everything of the screen goes, and what it was made of is collected."""
        screen.shut()
        screen.close()
        screen.deleteLater()
        self.jobs.settle(20)
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        gc.collect()


def watch(widget: QWidget) -> Painted:
    """Watches a widget from now on."""
    return Painted(widget)


def wait(painted: Painted) -> None:
    """Runs the event loop until it is painted."""
    end = perf_counter() + LONGEST
    QApplication.processEvents()
    while not painted.is_so:
        if perf_counter() > end:
            raise RuntimeError("it is not painted")
        sleep(0.0005)
        QApplication.processEvents()


@functools.cache
def stage(folder: Path) -> Stage:
    """The one stage of a workspace in this process: both sides of a figure use it."""
    qInstallMessageHandler(_say)
    app = QApplication.instance() or QApplication(["safetyapp", *STYLE])
    assert isinstance(app, QApplication)
    look = Look(Mode.LIGHT)
    look.apply(app)
    return Stage(open_tools(folder), look, Jobs())


def _say(kind: QtMsgType, context: QMessageLogContext, message: str) -> None:
    """Everything but what the offscreen platform says of itself for each window."""
    if not message.startswith("This plugin does not support"):
        print(message, file=sys.stderr)
