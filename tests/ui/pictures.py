"""Makes the pictures of the README from the real program: `make pictures`.

Four screens at 1366x768 and 1920x1080, and every page of a finished report, from a demo district in a scratch folder.
"""

from __future__ import annotations

import math
import sys
import tempfile
from pathlib import Path

from PySide6.QtCore import QDeadlineTimer, QEventLoop, QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from safetyapp.app import build_tools
from safetyapp.demo import TODAY, StoryClock, build_demo
from safetyapp.demo_answers import passing_readings, passing_value
from safetyapp.domain.gaps import GapKind, gaps
from safetyapp.settings import Settings
from safetyapp.ui.ink import SignaturePad
from safetyapp.ui.jobs import Jobs
from safetyapp.ui.look import STYLE, Look, Mode
from safetyapp.ui.tools import Tools
from safetyapp.ui.window import MainWindow
from safetyapp.workflow import inspect
from safetyapp.workflow.opened import Open, resume

SIZES = ((1366, 768), (1920, 1080))
ASKED = (GapKind.UNANSWERED, GapKind.READING)
PAGE_WIDTH = 900
"""Pixels of a printed page's picture."""


def main(folder: Path) -> None:
    """Writes the pictures into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    app = QApplication([*sys.argv[:1], *STYLE])
    look = Look(Mode.LIGHT)
    look.apply(app)
    with tempfile.TemporaryDirectory() as scratch:
        demo = build_demo(Path(scratch) / "demo", Settings(Path(scratch), "zh"), schools=6, reports=6, seed=2)
        for width, height in SIZES:
            _screens(look, demo.laptops[0], folder, width, height)
        fire = next(d for d in reversed(demo.documents) if d.row.form == "fire")
        _pages(demo.laptops[0], fire.path, folder)


def _screens(look: Look, workspace: Path, folder: Path, width: int, height: int) -> None:
    tools = build_tools(workspace, clock=StoryClock(TODAY))
    jobs = Jobs()
    window = MainWindow(tools, look, jobs)
    window.resize(width, height)
    window.show()

    def take(name: str) -> None:
        _settle(jobs)
        window.grab().save(str(folder / f"{name}-{width}.png"))

    take("today")
    draft = tools.store.drafts()[0]
    window.open_fill(draft.id, "F-12")
    _settle(jobs)
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    take("fill")
    window.leave_work()
    window.open_sign(_answered(tools, draft.id))
    _settle(jobs)
    for pad in window.findChildren(SignaturePad):
        _scribble(pad)
    take("sign")
    window.leave_work()
    window.go("documents")
    _settle(jobs)
    take("documents")
    window.close()
    jobs.close()
    tools.store.close()


def _answered(tools: Tools, draft: str) -> Open:
    """The draft with every open item answered, so that it can be signed."""
    opened = resume(tools.store, tools.reckon, draft)
    while gap := next((g for g in gaps(opened.form, opened.inspection, opened.reckoned) if g.kind in ASKED), None):
        place = opened.place(gap.item)
        opened = inspect.answer(
            tools.store, tools.clock, tools.wording, opened, gap.item, passing_value(opened, place),
            readings=passing_readings(opened, place),
        )  # fmt: skip
    return opened


def _scribble(pad: SignaturePad) -> None:
    """Something like a name, written with the mouse."""
    left, middle, step = pad.width() / 3, pad.height() / 2, pad.width() / 240
    points = [
        QPoint(int(left + n * step), int(middle + 26 * math.sin(n / 4) * math.cos(n / 23) - n / 6)) for n in range(70)
    ]
    QTest.mousePress(pad, Qt.MouseButton.LeftButton, pos=points[0])
    for point in points[1:]:
        QTest.mouseMove(pad, point)
    QTest.mouseRelease(pad, Qt.MouseButton.LeftButton, pos=points[-1])


def _pages(workspace: Path, document: Path, folder: Path) -> None:
    from PIL import Image

    tools = build_tools(workspace)
    tools.store.close()
    pages = tools.pages(document.read_bytes())
    for page in range(pages.count):
        width, height, stride, data = pages.render(page, PAGE_WIDTH)
        picture = Image.frombytes("RGB", (width, height), data, "raw", "BGRX", stride)
        picture.quantize(64).save(folder / f"report-page-{page + 1}.png", optimize=True)
    pages.close()


def _settle(jobs: Jobs) -> None:
    """Until nothing is under way and half a second more: pages are drawn one after another."""
    quiet = QDeadlineTimer(500)
    while not quiet.hasExpired():
        jobs.settle(20)
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 20)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
