"""Nothing that was written is lost: slow saves, failing saves, leaving."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog

from safetyapp.domain.answer_kinds import Outcome
from safetyapp.ui.jobs import Jobs
from safetyapp.ui.look import Look
from tests.ui.fill_stage import Stage, item, make_stage, press, until

K = Qt.Key
pytestmark = pytest.mark.gui


@pytest.fixture
def stage(tmp_path: Path, look: Look, jobs: Jobs) -> Iterator[Stage]:
    made = make_stage(tmp_path, look, jobs)
    yield made
    made.store.gate.set()
    made.store.broken = False
    made.close()


def test_shown_at_once_and_saved_only_when_committed(stage: Stage) -> None:
    screen = stage.screen()
    screen.go_to("F-01")
    before = screen.header.saved.text()
    stage.store.gate.clear()
    press(screen, K.Key_1)
    assert screen.model.row_of(item("F-01")).outcome is Outcome.PASS
    assert item("F-01") not in screen.keeper.kept.inspection.answers
    until(lambda: screen.header.saved.text() == "正在存")
    stage.store.gate.set()
    stage.jobs.settle()
    assert screen.header.saved.text().startswith("已存本机 ")
    assert screen.keeper.kept_at is not None
    assert screen.header.saved.text() == screen.keeper.kept_at.strftime("已存本机 %H:%M:%S")
    assert before != "正在存"


def test_typing_during_a_slow_save_loses_nothing(stage: Stage) -> None:
    screen = stage.screen()
    screen.go_to("F-12")
    stage.store.gate.clear()
    press(screen, K.Key_2)
    screen.body.finding.text.selectAll()
    for letter in "走廊北侧堆放纸箱6个":
        press(screen, letter)
        QTest.qWait(60)
    cursor = screen.body.finding.text.textCursor().position()
    press(screen, K.Key_Escape)
    screen.go_to("F-01")
    press(screen, K.Key_1, K.Key_1, K.Key_1)
    stage.store.gate.set()
    kept = stage.kept().inspection
    assert kept.findings_of(item("F-12"))[0].text == "走廊北侧堆放纸箱6个"
    assert {item("F-01"), item("F-02"), item("F-03"), item("F-12")} <= set(kept.answers)
    assert cursor == len("走廊北侧堆放纸箱6个")
    assert kept == screen.keeper.shown.inspection


def test_a_text_is_saved_after_a_short_rest(stage: Stage) -> None:
    screen = stage.screen()
    screen.go_to("F-12")
    press(screen, K.Key_2)
    stage.jobs.settle()
    writes = stage.store.writes
    screen.body.finding.text.selectAll()
    press(screen, "abc")
    assert stage.store.writes == writes
    until(lambda: stage.store.writes > writes)
    stage.jobs.settle()
    assert stage.store.writes == writes + 1
    assert screen.body.finding.text.hasFocus()
    assert screen.body.finding.text.toPlainText() == "abc"


def test_a_failing_save_keeps_everything_and_says_so(stage: Stage) -> None:
    screen = stage.screen()
    screen.go_to("F-12")
    stage.store.broken = True
    press(screen, K.Key_2)
    screen.body.finding.text.selectAll()
    press(screen, "写在坏盘上", K.Key_Escape)
    stage.jobs.settle()
    assert screen.trouble.text().startswith("没有存上：")
    assert screen.trouble.text().endswith("内容还在这个窗口，请别关。")
    assert screen.header.saved.text() == "没有存上"
    assert screen.model.row_of(item("F-12")).unsaved
    screen.go_to("F-01")
    press(screen, K.Key_1)
    stage.jobs.settle()
    assert screen.keeper.shown.inspection.findings_of(item("F-12"))[0].text == "写在坏盘上"
    stage.store.broken = False
    screen.keeper.retry()
    kept = stage.kept().inspection
    assert kept.findings_of(item("F-12"))[0].text == "写在坏盘上"
    assert kept.answers[item("F-01")].value == Outcome.PASS
    assert screen.trouble.text() == ""
    assert not screen.model.row_of(item("F-12")).unsaved


def test_leaving_waits_for_the_disk(stage: Stage) -> None:
    screen = stage.screen()
    left: list[bool] = []
    screen.back_requested.connect(lambda: left.append(True))
    screen.go_to("F-12")
    press(screen, K.Key_2)
    screen.body.finding.text.selectAll()
    press(screen, "走之前")
    stage.store.broken = True
    screen.leave()
    stage.jobs.settle()
    assert not left
    assert screen.trouble.text()
    stage.store.broken = False
    screen.leave()
    stage.jobs.settle()
    assert left == [True]
    assert stage.kept().inspection.findings_of(item("F-12"))[0].text == "走之前"


def test_signing_hands_over_what_is_on_the_disk(stage: Stage) -> None:
    screen = stage.screen()
    got: list[object] = []
    screen.sign_requested.connect(got.append)
    screen.go_to("F-15")
    press(screen, "1.1", K.Key_F9)
    stage.jobs.settle()
    assert got == [screen.keeper.kept]
    assert screen.keeper.kept.inspection.answers[item("F-15")].value == "1.1"


def test_closing_the_window_finishes_what_was_written(stage: Stage) -> None:
    screen = stage.screen()
    screen.go_to("F-12")
    press(screen, K.Key_2)
    screen.body.finding.text.selectAll()
    press(screen, "最后一句")
    screen.shut()
    assert stage.kept().inspection.findings_of(item("F-12"))[0].text == "最后一句"


def test_a_bad_value_on_leaving_is_not_lost_silently(stage: Stage) -> None:
    screen = stage.screen()
    screen.go_to("F-16")
    screen.field.setFocus()
    screen.field.setText("大约三十")
    screen.go_to("F-01")
    QApplication.processEvents()
    assert screen.view.delegate.typed[item("F-16")] == "大约三十"
    assert not screen.keeper.is_waiting()


def test_writing_without_a_rest_is_saved_all_the_same(stage: Stage) -> None:
    screen = stage.screen()
    screen.go_to("F-12")
    press(screen, K.Key_2)
    screen.body.finding.text.selectAll()
    press(screen, "x")
    stage.jobs.settle()
    writes = stage.store.writes
    for _ in range(20):  # never 300 ms of rest
        press(screen, "x")
        QTest.qWait(60)
    stage.jobs.settle()
    assert stage.store.writes >= writes + 2


def test_no_tick_while_something_written_is_not_on_the_disk(stage: Stage) -> None:
    screen = stage.screen()
    saved = screen.header.saved
    screen.go_to("F-12")
    press(screen, K.Key_2)
    stage.jobs.settle()
    assert saved.is_ticked
    press(screen, "x")
    assert not saved.is_ticked
    assert saved.text().startswith("上次存于 ")
    until(lambda: saved.is_ticked)
    press(screen, "y", K.Key_Backspace)
    assert not saved.is_ticked
    press(screen, K.Key_Escape)
    stage.jobs.settle()
    assert saved.is_ticked
    screen.go_to("F-16")
    press(screen, "3")
    assert not saved.is_ticked
    press(screen, K.Key_Return)
    stage.jobs.settle()
    assert saved.is_ticked
    stage.store.gate.clear()
    screen.go_to("F-01")
    press(screen, K.Key_1)
    assert not saved.is_ticked
    stage.store.gate.set()


def test_with_a_full_disk_it_is_rescued_to_a_file(
    stage: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    screen = stage.screen()
    screen.go_to("F-12")
    stage.store.broken = True
    press(screen, K.Key_2)
    screen.body.finding.text.selectAll()
    press(screen, "楼梯口堆放纸箱", K.Key_Escape)
    stage.jobs.settle()
    screen.flush()
    assert screen.has_unsaved()
    target = tmp_path / "别处" / "草稿.json"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(target), ""))
    names = [b.text() or b.accessibleName() for b in screen.trouble._buttons]
    assert len(names) == 2
    screen.trouble._buttons[1].click()
    stage.jobs.settle()
    whole = json.loads(target.read_text(encoding="utf-8"))
    line = next(line for line in whole["items"] if line["item"] == "F-12")
    assert line["answer"] == "fail"
    assert line["findings"][0]["text"] == "楼梯口堆放纸箱"
    assert "楼梯口" in target.read_text(encoding="utf-8")
    assert screen.toast.text() == f"已另存到 {target}。现在可以关窗口。"
    screen.flush()
    assert not screen.has_unsaved()
    screen.go_to("F-01")
    press(screen, K.Key_1)
    stage.jobs.settle()
    assert screen.has_unsaved()
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(target / "nowhere.json"), ""))
    screen.rescue.choose()
    stage.jobs.settle()
    assert screen.trouble.text().startswith("没有存到 ")
    assert screen.has_unsaved()


def test_a_failing_disk_is_told_without_a_traceback(stage: Stage, caplog: pytest.LogCaptureFixture) -> None:
    screen = stage.screen()
    stage.store.broken = True
    screen.go_to("F-01")
    with caplog.at_level(logging.WARNING):
        press(screen, K.Key_1, K.Key_1, K.Key_1)
        stage.jobs.settle()
    assert screen.trouble.text()
    assert [record for record in caplog.records if record.exc_info] == []


def test_the_tick_and_the_time_stay_at_200_percent(stage: Stage) -> None:
    stage.look.set_percent(200)
    screen = stage.screen(1280, 640)
    screen.go_to("F-01")
    press(screen, K.Key_1)
    stage.jobs.settle()
    saved = screen.header.saved
    assert saved.isVisible()
    assert saved.is_ticked
    assert screen.keeper.kept_at is not None
    assert saved.text() == screen.keeper.kept_at.strftime("%H:%M:%S")
    assert saved.accessibleName().startswith("已存本机 ")
    assert screen.header.sign_button.geometry().right() < screen.header.width()
