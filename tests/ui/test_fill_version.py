"""A draft whose form has a newer version here: said, shown before it is done, done when wanted and never by itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from safetyapp.domain.answer_kinds import AnswerKind
from safetyapp.domain.form import Form
from safetyapp.domain.problem import Problem
from safetyapp.texts import Texts
from safetyapp.ui.fill import FillScreen
from safetyapp.ui.jobs import Jobs
from safetyapp.ui.look import Look
from safetyapp.ui.move_dialog import MoveDialog, plan_groups
from safetyapp.workflow import inspect
from safetyapp.workflow.migrate import preview
from safetyapp.workflow.opened import resume
from tests.ui.fill_stage import Stage, item, make_stage, press, until
from tests.ui.kinds import PLACED
from tests.ui.newer_forms import GONE, NEW, REWORDED, newer
from tests.ui.test_window import unnamed

K = Qt.Key


@pytest.fixture
def stage(tmp_path: Path, look: Look, jobs: Jobs) -> Iterator[Stage]:
    made = make_stage(tmp_path, look, jobs, person=None)
    yield made
    made.store.broken = False
    made.close()


def offered(stage: Stage) -> FillScreen:
    """The draft with three answers, and the newer version here."""
    stage.tools.add_form(newer(stage.opened.form))
    screen = stage.screen()
    until(lambda: screen.version.bar is not None)
    for name in (GONE, REWORDED, item("F-03")):
        screen.keeper.answer(name, "pass")
    return screen


def asked(screen: FillScreen) -> MoveDialog:
    until(lambda: screen.version.dialog is not None)
    dialog = screen.version.dialog
    assert dialog is not None
    return dialog


def test_without_a_newer_version_nothing_is_said(stage: Stage) -> None:
    screen = stage.screen()
    stage.jobs.settle()
    QApplication.processEvents()
    assert screen.version.bar is None


def test_the_bar_is_reached_by_tab_and_can_be_put_off(stage: Stage) -> None:
    screen = offered(stage)
    bar = screen.version.bar
    assert bar is not None
    assert bar.isVisible()
    assert "第 99 版" in bar.sentence.text()
    screen.header.sign_button.setFocus()
    press(screen, K.Key_Tab)
    assert bar.move_button.hasFocus()
    press(screen, K.Key_Tab, K.Key_Space)
    until(lambda: not bar.isVisible())
    assert screen.view.hasFocus()
    assert stage.kept().form.version == "1", "never by itself"
    assert unnamed(screen) == []


def test_the_draft_moves_when_it_is_wanted(stage: Stage) -> None:
    stage.tools.add_form(newer(stage.opened.form))
    window = stage.window(768)
    window.open_fill(stage.opened.inspection.id, "F-03")
    stage.jobs.settle()
    screen = window.work
    assert isinstance(screen, FillScreen)
    until(lambda: screen.version.bar is not None)
    for name in (GONE, REWORDED):
        screen.keeper.answer(name, "pass")
    assert screen.version.bar is not None
    screen.version.bar.move_button.setFocus()
    press(screen, K.Key_Return)
    dialog = asked(screen)
    text = dialog.text.toPlainText()
    assert "放不下的（1）" in text
    assert "原来的答案：合格 · 新版没有这一项" in text
    assert "换了说法？" in text
    assert "新加的一项？" in text
    assert dialog.cancel_button.hasFocus(), "something would be dropped: Enter alone does not do it"
    assert unnamed(dialog) == []
    press(dialog, K.Key_Tab, K.Key_Return)
    until(lambda: window.work is not screen)
    moved = window.work
    assert isinstance(moved, FillScreen)
    assert moved.current_item() == "F-03"
    assert NEW in moved.model.position
    assert GONE not in moved.model.position
    assert moved.model.row_of(REWORDED).mark == "p"
    assert "第 99 版" in moved.toast.text()
    kept = resume(stage.tools.store, stage.tools.reckon, stage.opened.inspection.id)
    assert kept.form.version == "99"
    assert set(kept.inspection.answers) == {REWORDED}
    stage.jobs.settle()
    QApplication.processEvents()
    assert moved.version.bar is None


def test_no_leaves_everything_as_it_is(stage: Stage) -> None:
    screen = offered(stage)
    screen.version.ask()
    press(asked(screen), K.Key_Escape)
    until(lambda: screen.version.dialog is None)
    assert stage.kept().form.version == "1"
    assert GONE in stage.kept().inspection.answers
    assert screen.isEnabled()


def test_what_stands_in_a_field_goes_along(stage: Stage) -> None:
    screen = offered(stage)
    screen.go_to("F-07")
    press(screen, "3")
    screen.version.ask()
    moved: list[object] = []
    screen.draft_moved.connect(lambda draft, item, said: moved.append(draft))
    asked(screen).confirm_button.click()
    until(lambda: bool(moved))
    assert stage.kept().inspection.answers[item("F-07")].value == "3"


def test_nothing_moves_past_what_could_not_be_read(stage: Stage) -> None:
    screen = offered(stage)
    screen.go_to("F-04")
    press(screen, "9", K.Key_Return)
    screen.go_to("F-04")
    press(screen, K.Key_Return, (K.Key_A, Qt.KeyboardModifier.ControlModifier), "13", K.Key_Tab)
    assert screen.unkept.unread()
    screen.version.ask()
    stage.jobs.settle()
    assert screen.version.dialog is None
    assert "换版" in screen.trouble.text()


def test_a_disk_that_fails_leaves_the_screen_to_go_on(stage: Stage) -> None:
    screen = offered(stage)
    stage.jobs.settle()
    screen.version.ask()
    dialog = asked(screen)
    stage.store.broken = True
    dialog.confirm_button.click()
    until(lambda: bool(screen.trouble.text()))
    assert screen.isEnabled()
    stage.store.broken = False
    assert stage.kept().form.version == "1"
    screen.keeper.answer(item("F-06"), "pass")
    assert stage.kept().inspection.answers[item("F-06")].value == "pass"


def test_a_form_that_cannot_be_asked_for_is_no_trouble(tmp_path: Path, look: Look, jobs: Jobs) -> None:
    made = make_stage(tmp_path, look, jobs)

    def gone(form: Form) -> Form | None:
        raise Problem("no-such-form", form=form.id)

    made.tools = replace(made.tools, newer_form=gone)
    screen = made.screen()
    QApplication.processEvents()
    assert screen.version.bar is None
    assert not screen.trouble.text()
    made.close()


def test_a_form_that_comes_in_while_filling_is_offered(stage: Stage, tmp_path: Path) -> None:
    window = stage.window(768)
    window.open_fill(stage.opened.inspection.id)
    stage.jobs.settle()
    screen = window.work
    assert isinstance(screen, FillScreen)
    QApplication.processEvents()
    stage.jobs.settle()
    stage.tools.add_form(newer(stage.opened.form))
    window.errands.forms_changed.emit()
    until(lambda: screen.version.bar is not None)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_places_in_tables_are_named_with_their_row(tmp_path: Path, look: Look, jobs: Jobs, language: str) -> None:
    made = make_stage(tmp_path, look, jobs, form_id="drill-record", school=PLACED)
    draft = made.opened
    tools = made.tools
    table = next(i for i in draft.form.items() if any(c.answer.kind is AnswerKind.TEXT for c in i.items))
    column = next(c for c in table.items if c.answer.kind is AnswerKind.TEXT)
    draft = inspect.answer(tools.store, tools.clock, tools.wording, draft, table.id, "1 2")
    draft = inspect.answer(tools.store, tools.clock, tools.wording, draft, item(f"{column.id}@2"), "某处")
    sections = tuple(replace(s, items=tuple(i for i in s.items if i.id != table.id)) for s in draft.form.sections)
    other = replace(draft.form, version="99", sections=sections)
    ((_, rows), *_) = plan_groups(Texts(language), draft, other, preview(draft, other))
    named, answered = next(row for row in rows if "某处" in row[1])
    assert "2" in named
    assert table.question.in_language(language)[:6] in named
    assert column.question.in_language(language) in named
    assert ("新版没有这一项" in answered) is (language == "zh")
    made.close()
