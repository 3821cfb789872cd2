"""How Fill stands at every size, what a screen reader and the Tab key find, and how quick a key is painted."""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QObject, QPoint, Qt
from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractScrollArea, QApplication, QWidget

from safetyapp.ui.fill import FillScreen
from safetyapp.ui.item_fields import GrowingText
from safetyapp.ui.jobs import Jobs
from safetyapp.ui.look import Look, Mode
from tests.ui.fill_stage import Stage, item, make_stage, press
from tests.ui.watchdog import Watchdog

K = Qt.Key
pytestmark = pytest.mark.gui


@pytest.fixture
def stage(tmp_path: Path, look: Look, jobs: Jobs) -> Iterator[Stage]:
    made = make_stage(tmp_path, look, jobs)
    yield made
    made.close()


@pytest.mark.parametrize(("width", "height"), [(1366, 688), (1280, 640), (1920, 1032), (1024, 640)])
@pytest.mark.parametrize("percent", [100, 150, 200])
def test_everything_fits(stage: Stage, width: int, height: int, percent: int) -> None:
    stage.look.set_percent(percent)
    screen = stage.screen(width, height)
    assert screen.width() == width
    screen.go_to("F-12")
    press(screen, K.Key_2)
    px = stage.look.metrics.px
    assert screen.minimumSizeHint().width() <= width
    assert screen.header.sign_button.isVisible()
    assert screen.header.sign_button.geometry().right() <= screen.width()
    assert screen.body.width() <= screen.view.viewport().width()
    for field in (screen.body.finding.text, screen.body.finding.action, screen.body.finding.place):
        assert field.width() >= px(120)
    if height >= px(500):
        editor = screen.body.finding.text
        assert editor.height() >= editor.fontMetrics().height() * 2


def test_200_percent_shows_the_whole_question(stage: Stage) -> None:
    stage.look.set_percent(200)
    screen = stage.screen()
    width = screen.view.viewport().width()
    for number, row in enumerate(screen.model.every):
        shape = screen.view.shapes.shape(row, width)
        shown = "".join(text for _, text in shape.lines).replace(" ", "")
        assert shown == row.item.question.zh.replace(" ", ""), number
        bottom = max(at.y() for at, _ in shape.lines)
        assert bottom < shape.height
        assert shape.block.bottom() <= shape.height


def _unnamed(root: QWidget) -> list[str]:
    found: list[str] = []

    def look_at(node: QAccessibleInterface | None) -> None:
        if node is None or not node.isValid():
            return
        state = node.state()
        if state.focusable and not state.invisible and not node.text(QAccessible.Text.Name):
            widget = node.object()
            found.append(f"{type(widget).__name__} {node.role()}")
        for number in range(node.childCount()):
            look_at(node.child(number))

    look_at(QAccessible.queryAccessibleInterface(root))
    return found


def test_every_control_has_a_name(stage: Stage) -> None:
    screen = stage.screen()
    for name in ("F-12", "F-24", "F-28"):
        screen.go_to(name)
        if name == "F-12":
            press(screen, K.Key_2)
        else:
            screen.editor.open()
        QApplication.processEvents()
        assert _unnamed(screen) == []


def test_tab_goes_as_the_eye_goes(stage: Stage) -> None:
    screen = stage.screen()
    screen.go_to("F-12")
    press(screen, K.Key_2)
    screen.view.setFocus()
    editor, body = screen.body.finding, screen.body
    wanted = [
        editor.place, editor.level, editor.fixed, editor.phrase_button, editor.text, editor.action, editor.deadline,
        body.photos, body.another, body.basis_button, screen.help,
    ]  # fmt: skip
    seen: list[QWidget] = []
    for _ in range(30):
        QTest.keyClick(QApplication.focusWidget(), K.Key_Tab)
        focus = QApplication.focusWidget()
        owner = next((w for w in wanted if focus is w or w.isAncestorOf(focus)), None)
        if owner is not None and owner not in seen:
            seen.append(owner)
        if owner is screen.help:
            break
    assert [wanted.index(w) for w in seen] == list(range(len(wanted)))


def test_the_field_with_the_focus_is_always_seen(stage: Stage) -> None:
    stage.look.set_percent(200)
    screen = stage.screen()
    screen.go_to("F-12")
    press(screen, K.Key_2)
    viewport = screen.view.viewport()
    for _ in range(12):
        focus = QApplication.focusWidget()
        if focus is None or not viewport.isAncestorOf(focus):
            break
        top = focus.mapTo(viewport, QPoint(0, 0)).y()
        assert top >= 0, focus
        assert top + min(focus.height(), viewport.height()) <= viewport.height(), focus
        QTest.keyClick(focus, K.Key_Tab)
    screen.body.finding.text.setFocus()
    screen.view.verticalScrollBar().setValue(0)
    press(screen, "a")
    assert viewport.rect().contains(screen.body.finding.text.mapTo(viewport, QPoint(2, 2)))


class _Painted(QObject):
    """When the list was painted last."""

    def __init__(self, view: QWidget) -> None:
        super().__init__()
        self.at = 0.0
        view.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint:
            self.at = time.perf_counter()
        return False


def _key_times(screen: FillScreen, keys: list[K]) -> list[float]:
    painted = _Painted(screen.view.viewport())
    times = []
    for key in keys:
        began = time.perf_counter()
        QTest.keyClick(QApplication.focusWidget(), key)
        QApplication.processEvents()
        times.append((time.perf_counter() - began) * 1000)
        assert painted.at >= began
    return times


@pytest.mark.alone
def test_a_key_is_painted_within_a_frame(stage: Stage) -> None:
    screen = stage.screen()
    screen.go_to("F-01")
    press(screen, K.Key_Down, K.Key_Up)
    times = _key_times(screen, [K.Key_Down] * 40)
    screen.go_to("F-42")
    times_answering = _key_times(screen, [K.Key_1] * 8)
    print(f"down {statistics.median(times):.1f} ms, answer {statistics.median(times_answering):.1f} ms")
    assert statistics.median(times) <= 30, "a shared machine may take twice the 16 ms of a laptop"
    assert statistics.median(times_answering) <= 40


@pytest.mark.alone
def test_the_loop_is_not_held_up(stage: Stage) -> None:
    screen = stage.screen()
    screen.go_to("F-42")
    QTest.qWait(50)
    with Watchdog() as watch:
        for _ in range(12):
            QTest.keyClick(QApplication.focusWidget(), K.Key_1)
            QTest.qWait(15)
    stage.jobs.settle()
    assert watch.worst < 150


def test_both_themes_and_both_languages_paint(tmp_path: Path, look: Look, jobs: Jobs) -> None:
    stage = make_stage(tmp_path, look, jobs, "en")
    try:
        screen = stage.screen()
        screen.go_to("F-12")
        press(screen, K.Key_2)
        light = screen.grab().toImage()
        look.set_mode(Mode.DARK)
        QApplication.processEvents()
        dark = screen.grab().toImage()
        assert light.pixelColor(700, 20) != dark.pixelColor(700, 20)
        assert screen.model.row_of(item("F-12")).fails
        assert screen.header.open_button.words().endswith("open")
    finally:
        look.set_mode(Mode.LIGHT)
        stage.close()


@pytest.mark.parametrize("percent", [100, 125, 150, 175, 200])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_finding_editor_has_the_height_it_needs(
    tmp_path: Path, look: Look, jobs: Jobs, percent: int, language: str
) -> None:
    look.set_percent(percent)
    stage = make_stage(tmp_path, look, jobs, language)
    screen = stage.screen(1280, 640)
    screen.go_to("F-02")
    press(screen, K.Key_2)
    QApplication.processEvents()
    body = screen.body
    squashed = [
        w
        for w in (body.finding, *body.finding.findChildren(QWidget))
        if w.isVisible() and not isinstance(w, GrowingText) and w.height() < w.minimumSizeHint().height()
    ]
    assert [w for w in squashed if not isinstance(w.parentWidget(), QAbstractScrollArea)] == []
    assert body.finding.text.height() >= 2 * body.finding.text.fontMetrics().lineSpacing()
    stage.close()
