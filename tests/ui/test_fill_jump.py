"""Ctrl+G: items found by number, words and pinyin initials as one types, and the way back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from safetyapp.ui.jobs import Jobs
from safetyapp.ui.look import Look
from tests.ui.fill_stage import Stage, item, make_stage, press

K = Qt.Key
CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def stage(tmp_path: Path, look: Look, jobs: Jobs) -> Iterator[Stage]:
    made = make_stage(tmp_path, look, jobs)
    yield made
    made.close()


def test_what_finds_an_item(stage: Stage) -> None:
    model = stage.screen().model

    def first(typed: str) -> str:
        return next((row.id for row in model.search(typed)), "")

    for typed in ("12", "F-12", "f12", "F 12", "走廊 堆放", "zlltjhqs", "楼梯间和前室"):
        assert first(typed) == "F-12", typed
    assert first("F-2") == "F-02"  # the number before what begins so
    assert {row.id for row in model.search("mhq")} >= {"F-21", "F-22"}
    by_basis = [row.id for row in model.search("第二十八条")]
    assert "F-12" in by_basis
    assert {model.sections[row.section].title.zh for row in model.search("宿舍")} >= {"宿舍"}
    assert model.search("没有这样的题") == []
    assert model.search("  ") == []


def test_enter_jumps_and_esc_returns_to_where_one_was(stage: Stage) -> None:
    screen = stage.screen()
    screen.go_to("F-03")
    for keys in ((K.Key_G, CTRL), (K.Key_F, CTRL)):
        press(screen, keys)
        assert screen.header.jump.hasFocus()
        press(screen, "yjzm", K.Key_Escape)
        assert screen.view.hasFocus()
        assert (screen.current_item(), screen.header.jump.text()) == ("F-03", "")
    press(screen, K.Key_Slash)
    assert screen.header.jump.hasFocus()
    press(screen, "12", K.Key_Return)
    assert (screen.current_item(), screen.view.hasFocus()) == ("F-12", True)
    press(screen, K.Key_2)
    editor = screen.body.finding
    assert editor.text.hasFocus()
    press(screen, (K.Key_G, CTRL), "没有这样的题")
    assert "没有这样的题" in str(screen.header.jump._lines.stringList())
    press(screen, K.Key_Return)
    assert screen.header.jump.hasFocus()  # nothing found: nothing happens
    press(screen, K.Key_Escape)
    assert editor.text.hasFocus()
    assert QApplication.activePopupWidget() is None
    assert stage.kept().inspection.answers[item("F-12")].value == "fail"
