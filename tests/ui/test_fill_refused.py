"""What could not be read is never passed over: not in the totals, not at signing, not on leaving."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from safetyapp.ui.fill import FillScreen
from safetyapp.ui.jobs import Jobs
from safetyapp.ui.look import Look
from tests.ui.fill_stage import Stage, answer_all, item, make_stage, press, until

K = Qt.Key
pytestmark = pytest.mark.gui
WHY = "请填日期，例如 11-5、1105 或 -19（19 天前）"


@pytest.fixture
def stage(tmp_path: Path, look: Look, jobs: Jobs) -> Iterator[Stage]:
    made = make_stage(tmp_path, look, jobs)
    yield made
    made.close()


def _refuse(screen: FillScreen, name: str = "F-04", text: str = "0230") -> None:
    screen.go_to(name)
    press(screen, K.Key_Return)
    screen.field.selectAll()
    press(screen, text, K.Key_Down)


def test_a_refused_day_is_said_and_counts_as_unanswered(stage: Stage) -> None:
    answer_all(stage)
    screen = stage.screen()
    got: list[object] = []
    screen.sign_requested.connect(got.append)
    assert screen.model.totals().unanswered == 0
    _refuse(screen)
    assert screen.current_item() == "F-04"  # said once, in its place
    assert screen.field.hasFocus()
    assert screen.body.error() == WHY
    press(screen, K.Key_Down)
    assert screen.current_item() == "F-05"
    assert screen.model.totals().unanswered == 1
    assert screen.header.open_button.accessibleName() == "还有 1 题未答，跳到下一题"
    row = screen.model.row_of(item("F-04"))
    assert row.refused == WHY
    assert row.mark == "o"
    assert screen.view.shapes.shape(row, 900).second == WHY
    assert WHY in screen.model.spoken(row)
    assert not screen.header.saved.is_ticked
    screen.go_to("F-20")
    press(screen, K.Key_F8)
    assert screen.current_item() == "F-04"
    assert screen.body.error() == WHY
    assert screen.field.text() == "0230"


def test_it_is_not_signed_over(stage: Stage) -> None:
    answer_all(stage)
    screen = stage.screen()
    got: list[object] = []
    screen.sign_requested.connect(got.append)
    _refuse(screen)
    press(screen, K.Key_Down)
    screen.go_to("F-20")
    press(screen, K.Key_F9)
    stage.jobs.settle()
    assert got == []
    assert screen.current_item() == "F-04"
    assert screen.field.hasFocus()
    assert screen.trouble.text() == f"F-04 没有收下“0230”：{WHY}。改好再签字。"
    day = date.today() - timedelta(days=2)
    screen.field.selectAll()
    press(screen, day.isoformat(), K.Key_Return)
    assert screen.trouble.text() == ""
    assert screen.model.totals().unanswered == 0
    press(screen, K.Key_F9)
    stage.jobs.settle()
    assert got == [screen.keeper.kept]
    assert screen.keeper.kept.inspection.answers[item("F-04")].value == day.isoformat()


def test_f9_from_inside_the_field_too(stage: Stage) -> None:
    answer_all(stage)
    screen = stage.screen()
    got: list[object] = []
    screen.sign_requested.connect(got.append)
    screen.go_to("F-04")
    press(screen, K.Key_Return)
    screen.field.selectAll()
    press(screen, "0230", K.Key_F9)
    stage.jobs.settle()
    assert got == []
    assert screen.trouble.text().startswith("F-04 没有收下“0230”")


def test_undo_and_clearing_give_it_up(stage: Stage) -> None:
    answer_all(stage)
    screen = stage.screen()
    _refuse(screen)
    press(screen, K.Key_Escape, K.Key_Delete)
    assert screen.model.row_of(item("F-04")).refused == ""
    assert screen.field.text() == ""
    press(screen, (K.Key_Z, Qt.KeyboardModifier.ControlModifier))
    assert screen.field.text() == screen.keeper.shown.inspection.answers[item("F-04")].value
    assert screen.model.totals().unanswered == 0


def test_what_is_left_by_a_click_is_said(stage: Stage) -> None:
    screen = stage.screen()
    screen.go_to("F-05")
    press(screen, K.Key_Return, "99.99")
    screen.go_to("F-01")
    assert screen.toast.text().startswith("F-05 没有收下“99.99”：")


def test_leaving_says_it_once(stage: Stage) -> None:
    screen = stage.screen()
    left: list[bool] = []
    screen.back_requested.connect(lambda: left.append(True))
    _refuse(screen, "F-05", "99.99")
    press(screen, K.Key_Down)
    screen.go_to("F-01")
    screen.leave()
    stage.jobs.settle()
    assert left == []
    assert screen.current_item() == "F-05"
    assert screen.trouble.text().startswith("F-05 没有收下“99.99”")
    screen.leave()
    stage.jobs.settle()
    assert left == [True]


def test_closing_the_window_says_it_once(stage: Stage) -> None:
    screen = stage.screen()
    _refuse(screen, "F-05", "99.99")
    screen.flush()
    assert screen.has_unsaved()
    screen.flush()
    assert screen.has_unsaved()  # the window asks again at once
    until(lambda: not screen.has_unsaved())
    screen.flush()
    assert not screen.has_unsaved()


def test_a_reading_that_cannot_be_read_blocks_too(stage: Stage) -> None:
    answer_all(stage)
    screen = stage.screen()
    got: list[object] = []
    screen.sign_requested.connect(got.append)
    name = next(i.id for i in stage.opened.form.items() if i.answer.readings and len(i.answer.readings) > 0)
    screen.go_to(name)
    field = screen.body.readings.rows[0].field
    field.setFocus()
    press(screen, "abc")
    screen.go_to("F-01")
    QApplication.processEvents()
    assert screen.model.row_of(item(name)).refused
    press(screen, K.Key_F9)
    stage.jobs.settle()
    assert got == []
    assert screen.current_item() == name
    assert screen.body.readings.rows[0].field.text() == "abc"
    assert screen.trouble.text().startswith(f"{name} 没有收下“abc”")


def test_a_whole_number_is_asked_for_as_one(stage: Stage) -> None:
    screen = stage.screen()
    screen.go_to("F-07")
    press(screen, K.Key_Return, "1e5", K.Key_Return)
    assert screen.body.error() == "请填整数，例如 2"


def test_a_reading_is_kept_when_a_key_leads_away(stage: Stage) -> None:
    answer_all(stage)
    screen = stage.screen()
    name = next(i.id for i in stage.opened.form.items() if i.answer.readings)
    screen.go_to(name)
    screen.body.readings.rows[0].field.setFocus()
    press(screen, "1")
    screen.go_to("F-01")
    assert stage.kept().inspection.answers[name].readings[0].value == "1"
