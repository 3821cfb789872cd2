"""Fill and Sign inside the window: there, back, and through to the document."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from safetyapp.ui.fill import FillScreen
from safetyapp.ui.jobs import Jobs
from safetyapp.ui.look import Look
from safetyapp.ui.sign import SignScreen
from safetyapp.ui.sign_pad import Way
from safetyapp.ui.window import MainWindow
from tests.ui.fill_stage import Stage, answer_all, make_stage, press

K = Qt.Key
pytestmark = pytest.mark.gui


@pytest.fixture
def stage(tmp_path: Path, look: Look, jobs: Jobs) -> Iterator[Stage]:
    SignScreen.tries.clear()
    made = make_stage(tmp_path, look, jobs, person=None)
    yield made
    made.close()


def test_from_the_draft_to_the_document(stage: Stage) -> None:
    answer_all(stage, but=("F-20",))
    window = MainWindow(stage.tools, stage.look, stage.jobs)
    stage.screens.append(window)
    window.resize(1366, 688)
    window.show()
    window.activateWindow()
    QApplication.processEvents()
    stage.jobs.settle()

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
    sign.to_first.click()
    stage.jobs.settle()
    fill = window.work
    assert isinstance(fill, FillScreen)
    assert fill.current_item() == "F-20"
    press(fill, K.Key_1, K.Key_F9)
    stage.jobs.settle()
    sign = window.work
    assert isinstance(sign, SignScreen)
    assert sign.stepper.step == 1
    for box in (sign.inspectors.boxes[0], sign.escort.box):
        box.choose(Way.PAPER)
    sign.key.field.setText("correct horse battery")
    sign.sign()
    assert stage.jobs.settle(60)
    assert sign.done is not None
    sha256 = sign.done.row.sha256
    sign.open_button.click()
    assert stage.jobs.settle(20)
    assert window.work is None
    assert stage.tools.store.document(sha256) is not None
    assert stage.tools.store.drafts() == ()
