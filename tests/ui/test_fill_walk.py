"""Walking the checklist with keys: every item of the built-in form, and what each key does."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from safetyapp.domain.answer_kinds import AnswerKind, Outcome
from safetyapp.domain.gaps import gaps
from safetyapp.domain.judging import outcomes
from safetyapp.ui.item_fields import DayPopup
from safetyapp.ui.item_model import Show
from safetyapp.ui.jobs import Jobs
from safetyapp.ui.look import Look
from tests.ui.fill_stage import Stage, good_value, item, make_stage, press

K = Qt.Key
CTRL, SHIFT, ALT = (
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.AltModifier,
)
pytestmark = pytest.mark.gui


@pytest.fixture
def stage(tmp_path: Path, look: Look, jobs: Jobs) -> Iterator[Stage]:
    made = make_stage(tmp_path, look, jobs)
    yield made
    made.close()


def test_all_sixty_items_by_keyboard(stage: Stage) -> None:
    screen = stage.screen()
    today = stage.opened.inspection.inspected_on
    screen.view.go_to(screen.model.every[0].id)
    for number, row in enumerate(screen.model.every):
        assert screen.current_item() == row.id, f"at item {number}"
        if row.id == "F-12":
            press(screen, K.Key_2)
            assert screen.body.finding.text.hasFocus()
            press(screen, "走廊堆放纸箱 3 个", K.Key_Escape, K.Key_Down)
        elif row.is_choice:
            press(screen, K.Key_1)
            if screen.current_item() == row.id:  # the last one
                continue
        else:
            press(screen, good_value(row.item, today), K.Key_Return)
            while screen.current_item() == row.id and row.item.answer.readings:
                press(screen, K.Key_Return)
    kept = stage.kept()
    assert len(kept.inspection.answers) == 60
    results = outcomes(kept.form, kept.inspection, kept.reckoned)
    assert [i for i, o in results.items() if o is Outcome.FAIL] == ["F-12"]
    assert "走廊堆放纸箱 3 个" in kept.inspection.findings_of(item("F-12"))[0].text
    assert not [g for g in gaps(kept.form, kept.inspection, kept.reckoned) if g.kind.blocks]
    assert screen.header.open_button.words() == "0 未答"


def test_1_and_3_move_on_and_2_opens_the_finding(stage: Stage) -> None:
    screen = stage.screen()
    screen.go_to("F-01")
    press(screen, K.Key_1)
    assert screen.current_item() == "F-02"
    press(screen, K.Key_3)
    assert screen.current_item() == "F-03"
    press(screen, K.Key_2)
    assert screen.current_item() == "F-03"
    assert screen.editor.is_open()
    assert screen.body.finding.text.hasFocus()
    kept = stage.kept().inspection
    assert [kept.answers[item(n)].value for n in ("F-01", "F-02", "F-03")] == [Outcome.PASS, Outcome.NA, Outcome.FAIL]


def test_digits_and_letters_in_a_field_stay_text(stage: Stage) -> None:
    screen = stage.screen()
    screen.go_to("F-03")
    press(screen, K.Key_2)
    screen.body.finding.text.selectAll()
    press(screen, "123 jkpn 0x")
    assert screen.body.finding.text.toPlainText() == "123 jkpn 0x"
    assert screen.current_item() == "F-03"
    screen.body.finding.action.setFocus()
    screen.body.finding.action.selectAll()
    press(screen, "2 次", K.Key_Down, K.Key_J)
    assert screen.current_item() == "F-03"
    press(screen, K.Key_Escape)
    finding = stage.kept().inspection.findings_of(item("F-03"))[0]
    assert finding.text == "123 jkpn 0x"
    assert finding.action.startswith("2 次")


def test_a_check_box_and_a_segment_do_not_answer(stage: Stage) -> None:
    screen = stage.screen()
    screen.go_to("F-03")
    press(screen, K.Key_2)
    for widget in (screen.body.finding.fixed, screen.body.finding.level.buttons()[0], screen.body.photos.add):
        widget.setFocus()
        press(screen, K.Key_1, K.Key_3, K.Key_0)
        assert screen.current_item() == "F-03"
    assert stage.kept().inspection.answers[item("F-03")].value == Outcome.FAIL


def test_moving(stage: Stage) -> None:
    screen = stage.screen()
    screen.go_to("F-01")
    press(screen, K.Key_Down, K.Key_J)
    assert screen.current_item() == "F-03"
    press(screen, K.Key_K, K.Key_Up)
    assert screen.current_item() == "F-01"
    press(screen, K.Key_PageDown)
    assert screen.current_item() == "F-07"
    press(screen, K.Key_PageDown)
    assert screen.current_item() == "F-11"
    press(screen, K.Key_PageUp)
    assert screen.current_item() == "F-07"
    press(screen, K.Key_End)
    assert screen.current_item() == "F-60"
    press(screen, K.Key_Home)
    assert screen.current_item() == "F-01"


def test_clearing_keeps_the_finding(stage: Stage) -> None:
    screen = stage.screen()
    screen.go_to("F-03")
    press(screen, K.Key_2)
    screen.body.finding.text.setPlainText("缺三项制度")
    press(screen, K.Key_Escape, K.Key_0)
    kept = stage.kept().inspection
    assert item("F-03") not in kept.answers
    assert kept.findings_of(item("F-03"))[0].text == "缺三项制度"
    press(screen, K.Key_2)
    assert screen.body.finding.text.toPlainText() == "缺三项制度"


def test_undo_and_redo(stage: Stage) -> None:
    screen = stage.screen()
    screen.go_to("F-01")
    press(screen, K.Key_1, K.Key_1)
    press(screen, (K.Key_Z, CTRL))
    assert screen.current_item() == "F-02"
    assert item("F-02") not in stage.kept().inspection.answers
    press(screen, (K.Key_Z, CTRL))
    assert item("F-01") not in stage.kept().inspection.answers
    press(screen, (K.Key_Y, CTRL), (K.Key_Y, CTRL))
    assert len(stage.kept().inspection.answers) == 2
    press(screen, (K.Key_Y, CTRL))
    assert screen.toast.text() == "没有可重做的。"


def test_undo_of_a_text_is_one_step(stage: Stage) -> None:
    screen = stage.screen()
    screen.go_to("F-03")
    press(screen, K.Key_2)
    proposed = screen.body.finding.text.toPlainText()
    screen.body.finding.text.setPlainText("甲")
    screen.body.flush()
    screen.body.finding.text.setPlainText("甲乙")
    press(screen, K.Key_Escape, (K.Key_Z, CTRL))
    kept = stage.kept().inspection
    assert kept.findings_of(item("F-03"))[0].text == proposed
    assert kept.answers[item("F-03")].value == Outcome.FAIL


def test_a_number_is_judged_while_it_is_typed(stage: Stage) -> None:
    screen = stage.screen()
    screen.go_to("F-16")
    press(screen, "18")
    assert screen.field.hasFocus()
    assert screen.view.delegate.live is not None
    assert screen.view.delegate.live[1].text == "差 12"
    press(screen, K.Key_Return)
    assert screen.editor.is_open()
    assert screen.body.finding.text.hasFocus()
    assert screen.model.row_of(item("F-16")).judgement.text == "差 12"
    assert stage.kept().inspection.answers[item("F-16")].value == "18"


def test_full_width_digits_are_numbers(stage: Stage) -> None:
    screen = stage.screen()
    screen.go_to("F-15")
    screen.field.setFocus()
    screen.field.setText("１．２０")
    press(screen, K.Key_Return)
    assert stage.kept().inspection.answers[item("F-15")].value == "1.20"


def test_what_is_no_number_is_said_and_kept_in_the_field(stage: Stage) -> None:
    screen = stage.screen()
    screen.go_to("F-15")
    screen.field.setFocus()
    screen.field.setText("1.2.3")
    press(screen, K.Key_Return)
    assert screen.body.error() == "请填数字，例如 1.15"
    assert screen.field.hasFocus()
    press(screen, K.Key_Down)
    assert screen.current_item() == "F-16"
    press(screen, K.Key_Up)
    assert screen.field.text() == "1.2.3"
    assert item("F-15") not in stage.kept().inspection.answers


def test_what_is_typed_never_goes_along_to_another_item(stage: Stage) -> None:
    screen = stage.screen()
    screen.go_to("F-15")
    press(screen, "7")
    assert screen.field.hasFocus()
    screen.go_to("F-16")
    assert screen.field.text() == ""
    screen.field.setFocus()
    press(screen, "8")
    screen.sections.item_wanted.emit("F-41")
    assert screen.field.text() == ""
    kept = stage.kept().inspection
    assert kept.answers[item("F-15")].value == "7"
    assert kept.answers[item("F-16")].value == "8"
    assert item("F-41") not in kept.answers


def test_days_in_short(stage: Stage) -> None:
    screen = stage.screen()
    today = stage.opened.inspection.inspected_on
    day = today - timedelta(days=19)
    for typed in (f"{day.month}-{day.day}", f"{day.month:02d}{day.day:02d}", "-19", day.isoformat()):
        screen.go_to("F-09")
        screen.field.setFocus()
        screen.field.clear()
        press(screen, typed, K.Key_Return)
        assert screen.current_item() == "F-10"
        assert stage.kept().inspection.answers[item("F-09")].value == day.isoformat()
    assert screen.model.row_of(item("F-09")).judgement.text == "19 天"
    screen.go_to("F-09")
    press(screen, "-56", K.Key_Return)
    assert screen.model.row_of(item("F-09")).judgement.text == "超 25 天"


def test_a_day_in_the_future_is_refused(stage: Stage) -> None:
    screen = stage.screen()
    screen.go_to("F-09")
    day = stage.opened.inspection.inspected_on + timedelta(days=2)
    screen.field.setFocus()
    press(screen, day.isoformat(), K.Key_Return)
    assert screen.body.error() == "日期在将来，检查记录不能填以后的日期"


def test_a_number_may_be_not_applicable(stage: Stage) -> None:
    screen = stage.screen()
    screen.go_to("F-15")
    press(screen, K.Key_X)
    assert screen.current_item() == "F-16"
    press(screen, "3", K.Key_X)
    kept = stage.kept().inspection
    assert kept.answers[item("F-15")].value == Outcome.NA
    assert kept.answers[item("F-16")].value == Outcome.NA


def test_emptying_a_number_takes_the_answer_back(stage: Stage) -> None:
    screen = stage.screen()
    screen.go_to("F-15")
    press(screen, "1.2", K.Key_Return)
    screen.go_to("F-15")
    screen.field.setFocus()
    screen.field.clear()
    press(screen, K.Key_Return)
    assert item("F-15") not in stage.kept().inspection.answers


def test_cases_and_readings(stage: Stage) -> None:
    screen = stage.screen()
    screen.go_to("F-24")
    assert not screen.body.case.isHidden()
    screen.body.case.setCurrentIndex(screen.body.case.findData("dynamic"))
    press(screen, "0.10")
    assert screen.view.delegate.live is not None
    assert screen.view.delegate.live[1].text == "差 0.15"
    press(screen, K.Key_Return)
    answer = stage.kept().inspection.answers[item("F-24")]
    assert (answer.case, answer.value) == ("dynamic", "0.10")
    screen.editor.close()
    screen.go_to("F-14")
    press(screen, "2", K.Key_Return)
    reading = screen.body.readings.rows[0].field
    assert reading.hasFocus()
    press(screen, "1", K.Key_Return)
    kept = stage.kept().inspection
    assert [(r.id, str(r.value)) for r in kept.answers[item("F-14")].readings] == [("stairs", "1")]
    assert screen.model.row_of(item("F-14")).outcome is Outcome.FAIL
    screen.go_to("F-14")
    screen.body.readings.rows[0].field.setFocus()
    screen.body.readings.rows[0].field.clear()
    press(screen, K.Key_Return)
    assert stage.kept().inspection.answers[item("F-14")].readings == ()


def test_filter_keeps_the_place_and_hides_what_is_answered(stage: Stage) -> None:
    screen = stage.screen()
    screen.go_to("F-01")
    screen.show_only(Show.OPEN)
    asked = screen.model.rowCount()
    press(screen, K.Key_1)
    QApplication.processEvents()
    assert screen.current_item() == "F-02"
    assert screen.model.rowCount() == asked - 1
    assert screen.model.find(item("F-01")) == -1
    screen.show_only(Show.FAIL)
    assert screen.model.rowCount() == 0
    screen.show_only(Show.ALL)
    assert screen.model.rowCount() == 60
    screen.go_to("F-03")
    press(screen, K.Key_2, K.Key_Escape)
    screen.show_only(Show.FAIL)
    assert [screen.model.row(n).id for n in range(screen.model.rowCount())] == ["F-03"]
    screen.go_to("F-40")
    assert screen.model.show is Show.ALL
    assert screen.current_item() == "F-40"


def test_f8_and_shift_f8(stage: Stage) -> None:
    screen = stage.screen()
    screen.go_to("F-01")
    press(screen, K.Key_1, K.Key_1, K.Key_1)
    screen.go_to("F-01")
    press(screen, K.Key_F8)
    assert screen.current_item() == "F-04"
    screen.go_to("F-12")
    press(screen, K.Key_2, K.Key_Escape)
    screen.go_to("F-01")
    press(screen, (K.Key_F8, SHIFT))
    assert screen.current_item() == "F-12"
    assert screen.body.photos.add.hasFocus()


def test_jump_by_number_and_by_word(stage: Stage) -> None:
    screen = stage.screen()
    press(screen, (K.Key_G, CTRL))
    assert screen.header.jump.hasFocus()
    press(screen, "34", K.Key_Return)
    assert screen.current_item() == "F-34"
    assert screen.view.hasFocus()
    press(screen, (K.Key_G, CTRL), "灭火毯", K.Key_Return)
    assert screen.current_item() == "F-43"


def test_several_findings_at_one_item(stage: Stage) -> None:
    screen = stage.screen()
    screen.go_to("F-12")
    press(screen, K.Key_2)
    screen.body.finding.place.setEditText("二层东侧走廊")
    press(screen, (K.Key_Return, CTRL))
    assert [f.ordinal for f in stage.kept().inspection.findings_of(item("F-12"))] == [1, 2]
    screen.body.finding.text.setFocus()
    press(screen, "前室堆放课桌")
    press(screen, (K.Key_D, CTRL), K.Key_Escape)
    first, second = stage.kept().inspection.findings_of(item("F-12"))
    assert first.place == "二层东侧走廊"
    assert (second.text, second.place) == ("前室堆放课桌", "二层东侧走廊")
    screen.editor.open()
    screen.body.finding_chosen.emit(2)
    screen.body.drop.click()
    assert [f.ordinal for f in stage.kept().inspection.findings_of(item("F-12"))] == [1]
    screen.undo()
    assert [f.text for f in stage.kept().inspection.findings_of(item("F-12"))][1] == "前室堆放课桌"


def test_levels_criterion_and_deadline(stage: Stage) -> None:
    screen = stage.screen()
    screen.go_to("F-11")
    press(screen, K.Key_2)
    editor = screen.body.finding
    editor.level.buttons()[2].click()
    assert editor.criterion.isVisible()
    assert "重大事故隐患判定指南" in editor.criterion.text()
    editor.deadline.buttons()[2].click()
    editor.fixed.click()
    press(screen, K.Key_Escape)
    finding = stage.kept().inspection.findings_of(item("F-11"))[0]
    assert finding.severity.value == "major"
    assert finding.criterion
    assert finding.fixed_on_spot
    assert finding.deadline == stage.opened.inspection.inspected_on + timedelta(days=7)
    screen.go_to("F-34")
    press(screen, K.Key_2)
    editor.level.buttons()[0].click()
    assert editor.reason.isVisible()
    editor.reason.setFocus()
    press(screen, "只有一处", K.Key_Escape)
    finding = stage.kept().inspection.findings_of(item("F-34"))[0]
    assert (finding.severity.value, finding.severity_reason) == ("general", "只有一处")


def test_note(stage: Stage) -> None:
    screen = stage.screen()
    screen.go_to("F-01")
    press(screen, K.Key_N)
    assert screen.toast.text() == "先答这题，再写备注。"
    press(screen, K.Key_1, K.Key_Up, K.Key_N)
    assert screen.body.note.hasFocus()
    press(screen, "任命书 2026-09 已换", K.Key_Escape)
    assert stage.kept().inspection.answers[item("F-01")].note == "任命书 2026-09 已换"


def test_a_skipped_item_says_why_and_can_be_answered(stage: Stage) -> None:
    screen = stage.screen()
    row = screen.model.row_of(item("F-08"))
    assert row.skip is not None
    assert "只查寄宿制学校" in screen.model.answer_word(row)
    screen.go_to("F-08")
    press(screen, "1", K.Key_Return)
    assert stage.kept().inspection.answers[item("F-08")].value == "1"
    assert screen.model.row_of(item("F-08")).skip is None


def test_alt_arrows_move_from_inside_a_field(stage: Stage) -> None:
    screen = stage.screen()
    screen.go_to("F-12")
    press(screen, K.Key_2, "甲", (K.Key_Down, ALT))
    assert screen.current_item() == "F-13"
    assert "甲" in stage.kept().inspection.findings_of(item("F-12"))[0].text


def test_help_follows_the_item(stage: Stage) -> None:
    screen = stage.screen()
    screen.go_to("F-12")
    assert "消防法第二十八条" in screen.help.shown_text()
    assert "待核" in screen.help.shown_text()
    screen.go_to("F-02")
    assert "这题不合格就是重大。" in screen.help.shown_text()
    press(screen, K.Key_F1)
    assert not screen.help.isVisible()
    press(screen, K.Key_F1)
    assert screen.help.isVisible()


def test_every_kind_of_answer_is_spoken(stage: Stage) -> None:
    screen = stage.screen()
    screen.go_to("F-12")
    press(screen, K.Key_2, K.Key_Escape)
    spoken = screen.model.spoken(screen.model.row_of(item("F-12")))
    assert spoken.startswith("F-12，不合格，一般。走廊")
    kinds = {row.item.answer.kind for row in screen.model.every}
    assert kinds == {AnswerKind.CONFORMITY, AnswerKind.DATE, AnswerKind.DECIMAL, AnswerKind.INTEGER}


def test_a_whole_section_is_not_applicable_and_back(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    screen = stage.screen()
    monkeypatch.setattr(screen.rest, "_ask_section", lambda title, count: title == "9 实验室" and count == 2)
    screen.sections.not_applicable_wanted.emit(8)
    assert [r.outcome for r in screen.model.section_rows(8)] == [Outcome.NA, Outcome.NA]
    assert len(stage.kept().inspection.answers) == 2
    assert screen.toast.text() == "“9 实验室”的 2 题已标为不适用"
    screen.toast._on_action()
    assert stage.kept().inspection.answers == {}


def test_the_calendar_chooses_a_day(stage: Stage) -> None:
    screen = stage.screen()
    screen.go_to("F-09")
    screen.field.pick_day()
    popup = screen.field.findChild(DayPopup)
    assert popup is not None
    day = stage.opened.inspection.inspected_on - timedelta(days=4)
    popup.chosen.emit(day)
    popup.hide()
    assert stage.kept().inspection.answers[item("F-09")].value == day.isoformat()


def test_esc_in_the_list_goes_one_level_back(stage: Stage) -> None:
    screen = stage.screen()
    left: list[bool] = []
    screen.back_requested.connect(lambda: left.append(True))
    screen.go_to("F-12")
    press(screen, K.Key_2)
    press(screen, K.Key_Escape)
    stage.jobs.settle()
    assert not left
    assert screen.view.hasFocus()
    press(screen, K.Key_Escape)
    stage.jobs.settle()
    assert left == [True]


def test_tab_goes_round_through_header_and_sections(stage: Stage) -> None:
    screen = stage.screen()
    screen.go_to("F-12")
    press(screen, K.Key_2)
    seen: list[QWidget | None] = []
    for _ in range(40):
        seen.append(QApplication.focusWidget())
        press(screen, K.Key_Tab)
    places = [seen.index(w) for w in (screen.header.back, screen.header.sign_button, screen.sections)]
    assert places == sorted(places)
    for wanted in (screen.view, screen.body.finding.text, screen.body.finding.action, screen.body.photos.add):
        assert wanted in seen
    screen.header.back.setFocus()
    screen.setFocus()
    assert screen.view.hasFocus()


def test_every_photo_that_is_wanted_is_there(stage: Stage) -> None:
    screen = stage.screen()
    screen.go_to("F-02")
    press(screen, K.Key_2, K.Key_Escape, (K.Key_F8, Qt.KeyboardModifier.ShiftModifier))
    assert screen.toast.text() == "该拍照的不合格题都有照片了。"


def test_only_what_must_be_filled_has_a_star(stage: Stage) -> None:
    screen = stage.screen()
    screen.go_to("F-12")
    press(screen, K.Key_2)
    labels = [label.text() for label in screen.body.finding.findChildren(QLabel) if label.isVisible()]
    assert "部位" in labels
    assert "隐患描述 *" in labels
