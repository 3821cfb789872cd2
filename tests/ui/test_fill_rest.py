"""Many answers at once: asked once, one step of undo, each with a time and a commit of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication, QMessageBox, QPushButton

from safetyapp.domain.form import Severity
from safetyapp.domain.rest import LeftOut
from safetyapp.ui.fill import FillScreen
from safetyapp.ui.jobs import Jobs
from safetyapp.ui.look import Look
from tests.ui.fill_stage import Stage, item, make_stage, press, until

K = Qt.Key
CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def stage(tmp_path: Path, look: Look, jobs: Jobs) -> Iterator[Stage]:
    made = make_stage(tmp_path, look, jobs)
    yield made
    made.close()


def answering(choose: Callable[[list[str]], int | None], said: list[str]) -> None:
    """Presses a button of the box that is about to open; None presses Esc."""

    def press_it() -> None:
        box = QApplication.activeModalWidget()
        if not isinstance(box, QMessageBox):
            QTimer.singleShot(1, press_it)  # it is not open yet
            return
        buttons = [b for b in box.buttons() if isinstance(b, QPushButton)]
        words = [b.text() for b in buttons]
        said.extend([box.text(), box.informativeText(), *words, *(f"*{b.text()}" for b in buttons if b.isDefault())])
        place = choose(words)
        box.reject() if place is None else buttons[place].click()

    QTimer.singleShot(0, press_it)


def back_to(screen: FillScreen) -> None:
    """The window is the active one again: without a window manager nobody makes it so when a box closes."""
    screen.activateWindow()
    until(lambda: QApplication.activeWindow() is screen)
    assert screen.view.hasFocus()


def test_the_rest_passes_in_one_step(stage: Stage) -> None:
    screen = stage.screen()
    screen.go_to("F-12")
    press(screen, K.Key_2, K.Key_Escape)
    writes, said = stage.store.writes, list[str]()
    whole = screen.rest.rest()
    answering(lambda words: None, said)
    press(screen, (K.Key_1, CTRL | SHIFT))
    assert stage.kept().inspection.answers.keys() == {item("F-12")}  # asked, and left alone
    assert f"{len(whole.passing)} 题可以一次标为合格" in said[0]
    majors = whole.counts()[LeftOut.MAJOR]
    assert f"重大：{majors} 题" in said[1]
    assert said[-3:] == [f"全表 {len(whole.passing)} 题合格", "不标", "*不标"]

    back_to(screen)
    answering(lambda words: len(words) - 2, said)
    press(screen, (K.Key_1, CTRL | SHIFT))
    kept = stage.kept().inspection
    assert kept.answers.keys() == {item("F-12"), *whole.passing}
    assert stage.store.writes == writes + len(whole.passing)
    assert screen.toast.text() == f"{len(whole.passing)} 题已标为合格"
    by_id = {i.id: i for i in stage.opened.form.items()}
    assert all(by_id[a].severity is Severity.GENERAL for a in whole.passing)
    back_to(screen)
    press(screen, (K.Key_Z, CTRL))
    assert screen.toast.text() == f"已撤销 {len(whole.passing)} 题"
    assert stage.kept().inspection.answers.keys() == {item("F-12")}
    press(screen, (K.Key_Y, CTRL))
    assert stage.kept().inspection.answers == kept.answers
    press(screen, (K.Key_1, CTRL | SHIFT))
    assert screen.toast.text() == "没有能一次标为合格的题：剩下的要逐题看。"


def test_the_way_back_in_the_toast_takes_back_nothing_else(stage: Stage) -> None:
    screen, said = stage.screen(), list[str]()
    answering(lambda words: 0, said)
    screen.sections.rest_wanted.emit(0)
    passed = set(stage.kept().inspection.answers)
    assert len(passed) > 1
    assert all(screen.model.row_of(a).section == 0 for a in passed)
    screen.keeper.answer(item("F-12"), "pass")
    screen.toast._on_action()
    assert stage.kept().inspection.answers.keys() == {*passed, item("F-12")}
    assert screen.toast.text() == "后来又改过。按 Ctrl+Z 一步一步退。"
    answering(lambda words: 0, said)
    screen.sections.not_applicable_wanted.emit(9)
    assert len(stage.kept().inspection.answers) > len(passed) + 1
    screen.toast._on_action()
    assert stage.kept().inspection.answers.keys() == {*passed, item("F-12")}
