"""Fill and Sign inside the window: there, back, and through to the document."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from safetyapp.ui.fill import FillScreen
from safetyapp.ui.jobs import Jobs
from safetyapp.ui.look import Look
from safetyapp.ui.sign import SignScreen
from safetyapp.ui.sign_pad import Way
from safetyapp.ui.window import MainWindow
from tests.ui.fill_stage import Stage, answer_all, draw, make_stage, press, until

K = Qt.Key
pytestmark = pytest.mark.gui


@pytest.fixture
def stage(tmp_path: Path, look: Look, jobs: Jobs) -> Iterator[Stage]:
    SignScreen.left.clear()
    made = make_stage(tmp_path, look, jobs, person=None)
    yield made
    made.store.broken = False
    made.close()


def test_from_the_draft_to_the_document(stage: Stage) -> None:
    answer_all(stage, but=("F-20",))
    window = stage.window()

    window.open_fill(stage.opened.inspection.id)
    stage.jobs.settle()
    fill = window.work
    assert isinstance(fill, FillScreen)
    assert fill.current_item() == "F-20"
    assert fill.view.hasFocus()
    press(fill, K.Key_F9)
    stage.jobs.settle()
    sign = window.work
    assert isinstance(sign, SignScreen)
    sign.work.blocked.to_first.click()
    stage.jobs.settle()
    fill = window.work
    assert isinstance(fill, FillScreen)
    assert fill.current_item() == "F-20"
    press(fill, K.Key_1, K.Key_F9)
    stage.jobs.settle()
    sign = window.work
    assert isinstance(sign, SignScreen)
    assert sign.head.stepper.step == 1
    for box in (sign.inspectors.boxes[0], sign.escort.box):
        box.choose(Way.PAPER)
    sign.key.field.setText("correct horse battery")
    sign.sign()
    assert stage.jobs.settle(60)
    assert sign.done is not None
    sha256 = sign.done.row.sha256
    sign.head.open.click()
    assert stage.jobs.settle(20)
    assert window.work is None
    assert stage.tools.store.document(sha256) is not None
    assert stage.tools.store.drafts() == ()


def _window(stage: Stage) -> MainWindow:
    window = stage.window()
    window.open_fill(stage.opened.inspection.id)
    stage.jobs.settle()
    return window


def _close(stage: Stage, window: MainWindow) -> bool:
    """Presses the close button and answers whether the window went away."""
    window.close()
    for _ in range(10):
        QTest.qWait(20)
        stage.jobs.settle()
    return not window.isVisible()


def test_sign_does_not_close_over_what_is_not_saved(stage: Stage) -> None:
    answer_all(stage)
    window = _window(stage)
    assert window.work is not None
    press(window.work, K.Key_F9)
    stage.jobs.settle()
    sign = window.work
    assert isinstance(sign, SignScreen)
    stage.store.broken = True
    sign.work.opinion.field.setPlainText("很重要的意见")
    assert not _close(stage, window)
    assert sign.trouble.text().startswith("没有存上：")
    assert [sign.work.opinion.field.toPlainText(), sign.keeper.is_waiting()] == ["很重要的意见", True]
    stage.store.broken = False
    sign.keeper.retry()
    assert _close(stage, window)
    assert stage.kept().inspection.school_opinion == "很重要的意见"


def test_fill_may_be_closed_after_it_was_rescued(stage: Stage, tmp_path: Path) -> None:
    window = _window(stage)
    fill = window.work
    assert isinstance(fill, FillScreen)
    stage.store.broken = True
    fill.go_to("F-12")
    press(fill, K.Key_2, "写在满盘上", K.Key_Escape)
    assert not _close(stage, window)
    fill.rescue.write(tmp_path / "草稿.json")
    stage.jobs.settle()
    assert _close(stage, window)
    assert "写在满盘上" in (tmp_path / "草稿.json").read_text(encoding="utf-8")


def test_closing_says_once_what_was_not_taken(stage: Stage) -> None:
    window = _window(stage)
    fill = window.work
    assert isinstance(fill, FillScreen)
    fill.go_to("F-05")
    press(fill, K.Key_Return, "99.99")
    assert not _close(stage, window)
    assert fill.trouble.text().startswith("F-05 没有收下“99.99”")
    until(lambda: not fill.has_unsaved())
    assert _close(stage, window)


def test_ink_survives_a_look_back_into_fill(stage: Stage) -> None:
    answer_all(stage)
    window = _window(stage)
    assert window.work is not None
    press(window.work, K.Key_F9)
    stage.jobs.settle()
    sign = window.work
    assert isinstance(sign, SignScreen)
    draw(sign.inspectors.boxes[0].pad)
    strokes = sign.inspectors.boxes[0].strokes()
    press(window, (K.Key_Left, Qt.KeyboardModifier.AltModifier))
    stage.jobs.settle()
    assert isinstance(window.work, FillScreen)
    press(window, K.Key_F9)
    stage.jobs.settle()
    back = window.work
    assert isinstance(back, SignScreen)
    assert back is not sign
    until(lambda: back.inspectors.boxes[0].strokes() == strokes)
