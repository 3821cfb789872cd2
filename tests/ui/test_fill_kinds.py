"""Every kind of answer filled in as a person does it: the keys that are pressed, what is kept, what is shown."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog

from safetyapp.domain.form import Severity
from safetyapp.domain.inspection import Sha256
from safetyapp.domain.ledger import FindingState, LedgerRow
from safetyapp.ui.answer_choice import ChoicePanel
from safetyapp.ui.answer_files import FilePanel, InkPanel
from safetyapp.ui.answer_range import RangePanel
from safetyapp.ui.answer_rank import RankPanel
from safetyapp.ui.answer_text import TextPanel
from safetyapp.ui.fill import FillScreen
from safetyapp.ui.fill_photos import Source
from safetyapp.ui.item_rows import Way
from safetyapp.ui.jobs import Jobs
from safetyapp.ui.look import Look
from tests.ui.fill_stage import Stage, draw, item, make_stage, picture_file, press, until
from tests.ui.kinds import PLACED, every_kind

K = Qt.Key
CTRL, ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier


@pytest.fixture
def stage(tmp_path: Path, look: Look, jobs: Jobs, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_: ([], ""))
    made = make_stage(tmp_path, look, jobs, form=every_kind(), school=PLACED)
    yield made
    made.close()


@pytest.fixture
def screen(stage: Stage) -> FillScreen:
    return stage.screen()


def kept(stage: Stage, name: str) -> str | None:
    answer = stage.kept().inspection.answers.get(item(name))
    return answer.value if answer is not None else None


def at(screen: FillScreen, name: str) -> None:
    screen.go_to(name)
    QApplication.processEvents()
    assert screen.current_item() == name


# choosing


def test_a_choice_of_two_stands_in_the_row(stage: Stage, screen: FillScreen) -> None:
    at(screen, "K-02")
    press(screen, "1")
    assert kept(stage, "K-02") == "yes"
    assert screen.current_item() == "K-03"
    press(screen, K.Key_Up, "2")
    assert kept(stage, "K-02") == "no"
    assert not screen.body.finding.isHidden()
    assert stage.kept().inspection.findings_of(item("K-02"))
    press(screen, K.Key_Escape, K.Key_X)
    assert kept(stage, "K-02") == "na"
    assert screen.model.row_of(item("K-02")).mark == "n"


def test_one_of_several_by_digit_and_by_mouse(stage: Stage, screen: FillScreen) -> None:
    at(screen, "K-03")
    press(screen, "4")
    assert kept(stage, "K-03") == "c4"
    assert screen.current_item() == "K-04"
    at(screen, "K-03")
    panel = screen.body.answer.current
    assert isinstance(panel, ChoicePanel)
    QTest.mouseClick(panel.chips[1], Qt.MouseButton.LeftButton)
    assert kept(stage, "K-03") == "c2"
    assert screen.model.row_of(item("K-03")).value == "第2种消防设施"
    at(screen, "K-03")
    press(screen, K.Key_0)
    assert kept(stage, "K-03") is None


def test_other_has_words_of_its_own(stage: Stage, screen: FillScreen) -> None:
    at(screen, "K-03")
    press(screen, "7")
    assert kept(stage, "K-03") == "other"
    panel = screen.body.answer.current
    assert isinstance(panel, ChoicePanel)
    assert panel.other.hasFocus()
    assert screen.model.row_of(item("K-03")).is_open, "the words are missing"
    press(screen, "气体灭火", K.Key_Return)
    assert stage.kept().inspection.answers[item("K-03")].note == "气体灭火"
    assert screen.model.row_of(item("K-03")).value == "其他：气体灭火"
    assert not screen.model.row_of(item("K-03")).is_open
    assert screen.current_item() == "K-04"


def test_one_of_many_is_searched(stage: Stage, screen: FillScreen) -> None:
    at(screen, "K-04")
    press(screen, K.Key_Return)
    panel = screen.body.answer.current
    assert isinstance(panel, ChoicePanel)
    assert panel.line.hasFocus()
    press(screen, "选项17", K.Key_Return)
    assert kept(stage, "K-04") == "t17"
    assert screen.current_item() == "K-05"


def test_several_by_digit_space_and_enter(stage: Stage, screen: FillScreen) -> None:
    at(screen, "K-05")
    press(screen, "3", "1")
    assert kept(stage, "K-05") == "c1 c3"
    assert screen.current_item() == "K-05"
    press(screen, K.Key_Return, K.Key_Right, K.Key_Space)
    assert kept(stage, "K-05") == "c1 c2 c3"
    press(screen, "3", K.Key_Return)
    assert kept(stage, "K-05") == "c1 c2"
    assert screen.current_item() == "K-06"
    at(screen, "K-05")
    press(screen, "1", "2")
    assert kept(stage, "K-05") is None


def test_putting_in_order(stage: Stage, screen: FillScreen) -> None:
    at(screen, "K-07")
    press(screen, K.Key_Return)
    panel = screen.body.answer.current
    assert isinstance(panel, RankPanel)
    assert panel.list.hasFocus()
    press(screen, (K.Key_Down, ALT))
    assert kept(stage, "K-07") == "r2 r1 r3"
    press(screen, K.Key_Return)
    assert screen.current_item() == "K-11"
    assert screen.model.row_of(item("K-07")).value == "1 措施2、2 措施1、3 措施3"


# writing


def test_a_line_of_text_follows_an_answer_without_a_stroke(stage: Stage, screen: FillScreen) -> None:
    at(screen, "K-07")
    press(screen, K.Key_Return, K.Key_Return)
    assert screen.field.hasFocus(), "words are wanted: the next stroke is one"
    press(screen, "张示例xjk", K.Key_Return)
    assert kept(stage, "K-11") == "张示例xjk"
    at(screen, "K-11")
    press(screen, K.Key_Return, (K.Key_A, CTRL), "字" * 21, K.Key_Return)
    assert kept(stage, "K-11") == "张示例xjk"
    assert screen.model.row_of(item("K-11")).refused


def test_several_lines_are_kept_while_they_are_written(stage: Stage, screen: FillScreen) -> None:
    at(screen, "K-12")
    press(screen, K.Key_Return)
    panel = screen.body.answer.current
    assert isinstance(panel, TextPanel)
    press(screen, "走廊通畅。", K.Key_Return, "无杂物。")
    until(lambda: kept(stage, "K-12") == "走廊通畅。\n无杂物。")
    assert screen.model.row_of(item("K-12")).value == "走廊通畅。 无杂物。"
    press(screen, (K.Key_Z, CTRL))
    press(screen, K.Key_Escape)
    screen.undo()
    assert kept(stage, "K-12") is None


@pytest.mark.parametrize(
    ("name", "typed", "value"),
    [
        ("K-13", "MH-0017", "MH-0017"),
        ("K-14", "3", "3"),
        ("K-15", "0.10", "0.10"),
        ("K-16", "2.5", "2.5"),
        ("K-17", "8", "8"),
        ("K-18", "1:30", "90"),
        ("K-20", "0930", "09:30"),
        ("K-21", "2026-11-24 8:05", "2026-11-24T08:05"),
        ("K-22", "39.91 116.66", "39.91 116.66"),
    ],
)
def test_a_field_reads_what_is_typed(stage: Stage, screen: FillScreen, name: str, typed: str, value: str) -> None:
    at(screen, name)
    press(screen, K.Key_Return, typed, K.Key_Return)
    assert kept(stage, name) == value
    assert screen.current_item() != name
    at(screen, name)
    press(screen, K.Key_Return, K.Key_Return)
    assert kept(stage, name) == value, "what the field shows can be read again"


def test_a_length_of_time_is_said_in_minutes(stage: Stage, screen: FillScreen) -> None:
    at(screen, "K-18")
    press(screen, K.Key_Return, "150")
    row = screen.model.row_of(item("K-18"))
    assert row.limits == "上限 2分"
    assert screen.view.delegate.judgement(row).text == "超 30秒"
    press(screen, K.Key_Return)
    assert kept(stage, "K-18") == "150"
    assert screen.model.row_of(item("K-18")).value == "2分30秒"
    assert stage.kept().inspection.findings_of(item("K-18"))


def test_a_day_that_ends_something(stage: Stage, screen: FillScreen) -> None:
    today = stage.opened.inspection.inspected_on
    at(screen, "K-19")
    press(screen, K.Key_Return, (today + timedelta(days=40)).isoformat())
    assert screen.view.delegate.judgement(screen.model.row_of(item("K-19"))).text == "还有 40 天到期"
    press(screen, K.Key_Return)
    assert screen.model.row_of(item("K-19")).mark == "p"
    at(screen, "K-19")
    press(screen, K.Key_Return, (today - timedelta(days=2)).isoformat(), K.Key_Return)
    assert screen.model.row_of(item("K-19")).judgement.text == "过期 2 天"
    assert screen.model.row_of(item("K-19")).fails


def test_a_slider_goes_with_its_field(stage: Stage, screen: FillScreen) -> None:
    at(screen, "K-16")
    panel = screen.body.answer.current
    assert isinstance(panel, RangePanel)
    panel.slider.setFocus()
    press(screen, K.Key_Right, K.Key_Right, K.Key_Right)
    assert kept(stage, "K-16") == "1.5"
    assert screen.field.text() == "1.5"
    press(screen, K.Key_Return)
    assert screen.current_item() == "K-17"
    at(screen, "K-16")
    press(screen, "2.2", K.Key_Return)
    assert screen.model.row_of(item("K-16")).refused == "不在刻度上"


def test_points_are_typed_where_there_is_no_receiver(stage: Stage, screen: FillScreen) -> None:
    at(screen, "K-23")
    press(screen, K.Key_Return, "39.91 116.66", K.Key_Return, "39.92 116.67")
    assert kept(stage, "K-23") is None
    screen.flush()
    assert kept(stage, "K-23") == "39.91 116.66;39.92 116.67"
    assert screen.model.row_of(item("K-23")).value == "2 个点"


def test_readings_of_every_kind(stage: Stage, screen: FillScreen) -> None:
    at(screen, "K-24")
    press(screen, "1")
    at(screen, "K-24")
    time, _, what = screen.body.readings.used()
    time.field.setFocus()
    press(screen, "0815", K.Key_Return, "李示例", K.Key_Return)
    assert what.combo.hasFocus()
    what.combo.setCurrentIndex(2)
    what.combo.activated.emit(2)
    answer = stage.kept().inspection.answers[item("K-24")]
    assert {r.id: r.value for r in answer.readings} == {"at": "08:15", "by": "李示例", "what": "c2"}


# material


def test_a_photo_is_the_answer(stage: Stage, screen: FillScreen, tmp_path: Path) -> None:
    at(screen, "K-32")
    assert screen.model.row_of(item("K-32")).is_open
    assert not screen.body.photos.isHidden()
    path = picture_file(tmp_path)
    screen.photos.take(item("K-32"), [Source(path.name, path)])
    until(lambda: not screen.model.row_of(item("K-32")).is_open)
    assert screen.model.row_of(item("K-32")).mark == "p"


def test_a_file_is_chosen_named_and_taken_away(
    stage: Stage, screen: FillScreen, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "演练方案.docx"
    path.write_bytes(b"x" * 30_000)
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(path), ""))
    at(screen, "K-33")
    press(screen, K.Key_Return)
    panel = screen.body.answer.current
    assert isinstance(panel, FilePanel)
    assert panel.choose.hasFocus()
    press(screen, K.Key_Space)
    until(lambda: kept(stage, "K-33") is not None)
    sha256, _, name = (kept(stage, "K-33") or "").partition("/")
    assert name == "演练方案.docx"
    assert stage.tools.store.file_path(Sha256(sha256)).read_bytes() == path.read_bytes()
    until(lambda: panel.size_label.text() == "29 KB")
    panel.remove.click()
    assert kept(stage, "K-33") is None


def test_a_file_that_is_too_large_is_said_and_not_kept(stage: Stage, screen: FillScreen, tmp_path: Path) -> None:
    path = tmp_path / "信号.wav"
    with path.open("wb") as file:
        file.truncate(21_000_000)
    at(screen, "K-34")
    panel = screen.body.answer.current
    assert isinstance(panel, FilePanel)
    panel.file_chosen.emit(path)
    until(lambda: bool(screen.trouble.text()))
    assert screen.trouble.text().startswith("信号.wav：")
    assert kept(stage, "K-34") is None


def test_a_signature_is_kept_as_a_picture(stage: Stage, screen: FillScreen) -> None:
    at(screen, "K-35")
    panel = screen.body.answer.current
    assert isinstance(panel, InkPanel)
    press(screen, K.Key_Return)
    assert panel.pad.hasFocus()
    draw(panel.pad)
    press(screen, K.Key_Return)
    sha256, _, name = (kept(stage, "K-35") or "").partition("/")
    assert name == "签字.png"
    assert stage.tools.store.file_path(Sha256(sha256)).read_bytes().startswith(b"\x89PNG")
    assert screen.current_item() == "K-36"
    at(screen, "K-35")
    until(lambda: not panel.picture.pixmap().isNull())
    panel.again.click()
    assert kept(stage, "K-35") is None
    assert panel.pad.isVisible()


def test_a_signature_is_not_lost_by_going_on(stage: Stage, screen: FillScreen) -> None:
    at(screen, "K-35")
    panel = screen.body.answer.current
    assert isinstance(panel, InkPanel)
    draw(panel.pad)
    screen.view.setFocus()
    press(screen, K.Key_Down)
    assert (kept(stage, "K-35") or "").endswith("/签字.png")


def test_one_key_acknowledges(stage: Stage, screen: FillScreen) -> None:
    at(screen, "K-36")
    press(screen, K.Key_Space)
    assert kept(stage, "K-36") == "OK"


# what follows from other answers


def test_notes_and_calculations_want_nothing(screen: FillScreen) -> None:
    at(screen, "K-31")
    press(screen, "1", K.Key_Return, K.Key_X)
    assert screen.current_item() == "K-31"
    rows = {row.id: row for row in screen.model.every}
    assert [rows[item(n)].way for n in ("K-31", "K-40", "K-42")] == [Way.SHOWN] * 3
    assert rows[item("K-42")].value == "120"
    assert rows[item("K-37")].is_heading


def test_a_condition_opens_and_closes_without_a_jump(stage: Stage, screen: FillScreen) -> None:
    at(screen, "K-38")
    press(screen, "40", K.Key_Return)
    assert screen.current_item() == "K-39"
    assert screen.model.find(item("K-41")) < 0
    before = screen.view.visualRect(screen.view.currentIndex()).top()
    press(screen, "38")
    screen.answers.keep_value()
    QApplication.processEvents()
    assert screen.view.visualRect(screen.view.currentIndex()).top() == before
    assert screen.model.row_of(item("K-40")).value == "2"
    assert screen.model.find(item("K-41")) >= 0
    assert screen.model.row_of(item("K-41")).is_open
    press(screen, K.Key_Return, K.Key_Up, K.Key_Return, "40", K.Key_Return)
    assert screen.model.find(item("K-41")) < 0
    assert screen.model.row_of(item("K-41")).mark == "n"


def test_a_rule_of_the_form_refuses_in_its_own_words(stage: Stage, screen: FillScreen) -> None:
    at(screen, "K-38")
    press(screen, "40", K.Key_Return, "41", K.Key_Return)
    assert screen.model.row_of(item("K-39")).refused == "不能多于应到人数"
    assert screen.body.error() == "不能多于应到人数"
    assert kept(stage, "K-39") is None
    press(screen, (K.Key_A, CTRL), "40", K.Key_Return)
    assert kept(stage, "K-39") == "40"


def test_an_answer_that_breaks_its_rule_later_is_open_again(stage: Stage, screen: FillScreen) -> None:
    screen.keeper.answer(item("K-38"), "40")
    screen.keeper.answer(item("K-39"), "40")
    screen.keeper.answer(item("K-38"), "30")
    row = screen.model.row_of(item("K-39"))
    assert row.rule == "不能多于应到人数"
    assert row.is_open


def test_optional_is_said_and_does_not_count(screen: FillScreen) -> None:
    row = screen.model.row_of(item("K-12"))
    assert not row.is_open
    assert "选填" in screen.model.spoken(row)
    assert screen.view.shapes.shape(row, 800).second == "选填"


# findings


def test_three_levels_with_what_makes_a_candidate(stage: Stage, screen: FillScreen) -> None:
    at(screen, "K-01")
    assert "通道被锁死的" in screen.help.shown_text()
    assert "拍通道全貌，不拍人" in screen.help.shown_text()
    assert "走一遍所有通道" in screen.help.shown_text()
    press(screen, "2")
    editor = screen.body.finding
    assert editor.level.value() is Severity.CANDIDATE
    assert editor._candidate.text() == "可能为重大：通道被锁死的"
    assert screen.view.shapes.shape(screen.model.row_of(item("K-01")), 800).second_shape == "c"
    editor.level.buttons()[0].click()
    assert not editor.reason.isHidden(), "going down needs a reason"
    editor.level.buttons()[2].click()
    assert not editor.criterion.isHidden()
    assert stage.kept().inspection.findings[0].severity is Severity.MAJOR


def test_what_was_found_before_stands_beside_the_item(stage: Stage, screen: FillScreen) -> None:
    row = LedgerRow(
        "d0/1", "d0", PLACED.id, PLACED.name, "kinds", "K-01", "一层", "后门上锁", Severity.GENERAL, FindingState.OPEN,
        stage.opened.inspection.inspected_on - timedelta(days=30), stage.opened.inspection.inspected_on, None, None,
    )  # fmt: skip
    stage.opened = replace(stage.opened, earlier={item("K-01"): row})
    again = stage.screen()
    at(again, "K-01")
    assert "后门上锁" in again.model.row_of(item("K-01")).last.text  # type: ignore[union-attr]
    assert "后门上锁" in again.help.shown_text()
    press(again, "2")
    assert not again.body.finding._repeats.isHidden()
    assert stage.kept().inspection.findings[0].repeats == "d0/1"
    press(again, K.Key_Escape)
    assert "复发" in again.view.shapes.shape(again.model.row_of(item("K-01")), 800).second


def test_the_score_is_live(screen: FillScreen) -> None:
    at(screen, "K-17")
    press(screen, "8", K.Key_Return)
    until(lambda: screen.header.score.text() == "8 / 20")  # no grade while something that counts is not answered
    at(screen, "K-01")
    press(screen, "1")
    until(lambda: screen.header.score.text() == "18 / 20 · 良")
