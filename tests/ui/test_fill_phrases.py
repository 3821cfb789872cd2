"""常用语 while a finding is written: offered under the field, taken by Tab or Enter, and in nobody's way."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from safetyapp.ui.fill import FillScreen
from safetyapp.ui.finding_editor import FindingEditor
from safetyapp.ui.jobs import Jobs
from safetyapp.ui.look import Look
from safetyapp.workflow import inspect
from tests.ui.fill_stage import Stage, item, make_stage, press

K = Qt.Key
CTRL = Qt.KeyboardModifier.ControlModifier
BEFORE = ("走廊堆放纸箱", "走廊堆放课桌", "走廊堆放纸箱")


@pytest.fixture
def stage(tmp_path: Path, look: Look, jobs: Jobs) -> Iterator[Stage]:
    """Three other drafts have a finding at F-12."""
    made = make_stage(tmp_path, look, jobs)
    tools, first = made.tools, made.opened
    for text in BEFORE:
        other = inspect.start(
            tools.store, tools.clock, tools.reckon, tools.new_id, first.inspection.school, first.form,
            first.inspection.inspector,
        )  # fmt: skip
        other = inspect.answer(tools.store, tools.clock, tools.wording, other, "F-12", "fail")
        (finding,) = other.inspection.findings
        inspect.describe(tools.store, tools.clock, other, replace(finding, text=text, action=f"清走{text[4:]}"))
    yield made
    made.close()


def opened(stage: Stage) -> tuple[FillScreen, FindingEditor]:
    """The editor of F-12, its text empty."""
    screen = stage.screen()
    screen.go_to("F-12")
    press(screen, K.Key_2)
    stage.jobs.settle()
    editor = screen.body.finding
    editor.text.selectAll()
    press(screen, K.Key_Delete)
    return screen, editor


def compose(text: str) -> None:
    """An input method shows what it composes."""
    QApplication.sendEvent(QApplication.focusWidget(), QInputMethodEvent(text, []))


def test_what_is_used_most_comes_as_one_types_and_tab_takes_it(stage: Stage) -> None:
    screen, editor = opened(stage)
    popup = editor.popup
    press(screen, "走")
    assert popup.offered() == []  # one character is no beginning
    press(screen, "廊堆")
    assert popup.offered() == ["走廊堆放纸箱", "走廊堆放课桌"]
    press(screen, K.Key_Tab)
    assert (editor.text.toPlainText(), popup.offered()) == ("走廊堆放纸箱", [])
    assert editor.text.hasFocus()
    press(screen, "。二层东侧，走廊堆", K.Key_Escape)
    assert (popup.offered(), editor.text.hasFocus()) == ([], True)  # Esc closes the list alone
    press(screen, "放", K.Key_Return)
    assert editor.text.toPlainText() == "走廊堆放纸箱。二层东侧，走廊堆放纸箱"
    editor.text.undo()
    assert editor.text.toPlainText() == "走廊堆放纸箱。二层东侧，走廊堆放"
    popup.close_it()
    press(screen, K.Key_Escape)
    assert screen.view.hasFocus()
    assert stage.kept().inspection.findings_of(item("F-12"))[0].text == "走廊堆放纸箱。二层东侧，走廊堆放"


def test_the_second_is_chosen_with_the_arrows_and_replaces_only_what_was_begun(stage: Stage) -> None:
    screen, editor = opened(stage)
    press(screen, "门被锁。走廊", K.Key_Down, K.Key_Return)
    assert editor.text.toPlainText() == "门被锁。走廊堆放课桌"
    editor.action.setFocus()
    editor.action.selectAll()
    press(screen, "清走", K.Key_Return)
    assert editor.action.text() in ("清走纸箱", "清走课桌")
    assert editor.action.hasFocus()
    screen.flush()
    kept = stage.kept().inspection.findings_of(item("F-12"))[0]
    assert (kept.text, kept.action) == ("门被锁。走廊堆放课桌", editor.action.text())


def test_without_a_list_enter_and_tab_are_the_fields_own(stage: Stage) -> None:
    screen, editor = opened(stage)
    press(screen, "没有这样的话", K.Key_Return, "二", K.Key_Tab)
    assert editor.text.toPlainText() == "没有这样的话\n二"
    assert not editor.text.hasFocus()


def test_an_input_method_composes_in_peace(stage: Stage) -> None:
    screen, editor = opened(stage)
    press(screen, "走廊")
    assert editor.popup.offered()
    compose("dui")
    assert editor.popup.offered() == []
    compose("duifang")
    assert editor.popup.offered() == []
    press(screen, "堆放")
    assert editor.popup.offered() == ["走廊堆放纸箱", "走廊堆放课桌"]
    assert editor.popup.focusPolicy() is Qt.FocusPolicy.NoFocus
    screen.view.verticalScrollBar().setValue(screen.view.verticalScrollBar().value() + 40)
    QTest.qWait(1)
    assert editor.popup.offered() == []  # it does not stay where the field was


def test_the_key_offers_everything_and_one_taken_replaces_the_proposal(stage: Stage) -> None:
    screen = stage.screen()
    screen.go_to("F-12")
    press(screen, K.Key_2)
    stage.jobs.settle()
    editor = screen.body.finding
    proposed = editor.text.toPlainText()
    press(screen, (K.Key_Semicolon, CTRL))
    offered = editor.popup.offered()
    assert offered[:3] == [proposed, "走廊堆放纸箱", "走廊堆放课桌"]
    press(screen, K.Key_Down)
    QTest.mouseClick(
        editor.popup.viewport(), Qt.MouseButton.LeftButton,
        pos=editor.popup.visualItemRect(editor.popup.item(2)).center(),
    )  # fmt: skip
    assert editor.text.toPlainText() == "走廊堆放课桌"
    editor.action.setFocus()
    press(screen, (K.Key_Semicolon, CTRL))
    assert editor.popup.offered()[0] == editor.action.text()
    press(screen, K.Key_Escape)
    assert (editor.popup.offered(), editor.action.hasFocus()) == ([], True)


def test_the_window_may_go_while_the_list_is_open(stage: Stage) -> None:
    screen, editor = opened(stage)
    press(screen, "走廊")
    assert editor.popup.offered()
    screen.close()
    assert editor.popup.offered() == []
    press(screen, "堆")
    stage.close()
