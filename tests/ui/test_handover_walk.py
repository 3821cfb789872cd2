"""A draft goes from one laptop to another and back, by keys; and two reports of one inspection are seen."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit

from safetyapp.app import build_tools
from safetyapp.domain.form import with_address
from safetyapp.domain.inspection import InspectionId
from safetyapp.domain.school import Person, PersonId, School, SchoolId
from safetyapp.ui.fill import FillScreen
from safetyapp.ui.handover_dialogs import BackDialog, GiveDialog, TakeDialog
from safetyapp.ui.jobs import Jobs
from safetyapp.ui.look import Look
from safetyapp.ui.parts import Button
from safetyapp.ui.tools import Tools
from safetyapp.ui.window import MainWindow
from safetyapp.ui.words import Label
from safetyapp.workflow import inspect
from safetyapp.workflow.opened import resume
from tests.store.examples import document, small_photo
from tests.ui.conftest import StepClock, press
from tests.ui.test_window import drop

LI = Person(PersonId("p-li"), "李样本")
CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def other(identity: Path, tmp_path: Path) -> Iterator[Tools]:
    """The colleague's laptop: no schools, no drafts."""
    folder = tmp_path / "other"
    shutil.copytree(identity, folder)
    made = replace(build_tools(folder, clock=StepClock()), warm_up=lambda: None)
    made.store.save_me(LI)
    yield made
    made.store.close()


def begin(tools: Tools, number: int = 0) -> str:
    """A draft with two answers and a photo."""
    store, me = tools.store, tools.store.me()
    school = store.school(SchoolId(f"s{number:04d}"))
    assert school is not None
    assert me is not None
    form = tools.form("fire")
    draft = inspect.start(store, tools.clock, tools.reckon, tools.new_id, school, form, me)
    first, second = (item.id for item in list(form.asked())[:2])
    draft = inspect.answer(store, tools.clock, tools.wording, draft, first, "fail")
    draft = inspect.answer(store, tools.clock, tools.wording, draft, second, "pass")
    return inspect.attach_photo(store, tools.clock, draft, first, small_photo(1)).inspection.id


def type_in(field: QLineEdit, text: str) -> None:
    """As an input method does: keys have no Chinese."""
    assert field.hasFocus()
    committed = QInputMethodEvent()
    committed.setCommitString(text)
    QApplication.sendEvent(field, committed)


def said(widget: object) -> str:
    return "\n".join(label.text() for label in widget.findChildren(Label) if label.isVisible())  # type: ignore[attr-defined]


def test_a_draft_is_given_taken_and_given_back_by_keys(
    open_window: Callable[[Tools], MainWindow],
    tools: Tools,
    schools: tuple[School, ...],
    other: Tools,
    jobs: Jobs,
    tmp_path: Path,
) -> None:
    draft, stick = begin(tools), tmp_path / "stick"
    stick.mkdir()
    window = open_window(tools)
    press(window, Qt.Key.Key_J, CTRL)
    assert jobs.settle()
    give = window.errands.dialog
    assert isinstance(give, GiveDialog)
    assert "1 张照片" in said(give)
    assert "没有加密" in said(give)
    press(give, Qt.Key.Key_Return)
    assert give.wrong.text() == "还差：交给谁"
    give.folder.setText(str(stick))
    type_in(give.name, "李样本")
    press(give, Qt.Key.Key_Return, CTRL)
    assert jobs.settle(20)
    (path,) = stick.iterdir()
    assert path.name.endswith("-李样本-1.xajdraft")
    assert "已交给 李样本" in window.toast.text()
    assert jobs.settle()
    assert "已交给 李样本" in said(window.today)

    window.open_fill(draft)  # as Enter on its cell does: it is the colleague's now
    assert jobs.settle()
    back = window.errands.dialog
    assert isinstance(back, BackDialog)
    assert window.work is None
    assert back.keep_button.hasFocus()
    press(back, Qt.Key.Key_Escape)
    assert jobs.settle()

    window.close()

    theirs = open_window(other)
    drop(theirs, jobs, path)
    take = theirs.errands.dialog
    assert isinstance(take, TakeDialog)
    assert "甲子小学" in said(take)
    assert "第 1 次交接" in said(take)
    press(take, Qt.Key.Key_Space)
    assert jobs.settle(20)
    assert isinstance(theirs.work, FillScreen)
    assert theirs.work.keeper.kept.inspection.inspector == LI
    drop(theirs, jobs, path)  # while it is being filled nothing else comes in
    assert "先回今日" in theirs.toast.text()

    theirs.activateWindow()  # a dialog that closes leaves none active here
    assert QTest.qWaitForWindowActive(theirs, 2000)
    press(theirs.work, Qt.Key.Key_J, CTRL)  # and back again, out of Fill
    assert jobs.settle()
    give = theirs.errands.dialog
    assert isinstance(give, GiveDialog)
    press(give, Qt.Key.Key_Escape)
    assert jobs.settle()
    assert isinstance(theirs.work, FillScreen)  # not given after all: one goes on where one was
    theirs.activateWindow()
    assert QTest.qWaitForWindowActive(theirs, 2000)
    press(theirs.work, Qt.Key.Key_J, CTRL)
    assert jobs.settle()
    give = theirs.errands.dialog
    assert isinstance(give, GiveDialog)
    give.folder.setText(str(stick))
    type_in(give.name, "张示例")
    press(give, Qt.Key.Key_Return, CTRL)
    assert jobs.settle(20)
    assert theirs.work is None
    (returned,) = (p for p in stick.iterdir() if p != path)
    drop(theirs, jobs, returned)
    assert "收回" in theirs.trouble.text()

    theirs.close()
    window = open_window(tools)
    drop(window, jobs, returned)
    take = window.errands.dialog
    assert isinstance(take, TakeDialog)
    assert "本机已有这份草稿" in said(take)
    assert take.cancel_button.hasFocus()
    press(take, Qt.Key.Key_Tab)
    press(take, Qt.Key.Key_Space)
    assert jobs.settle(20)
    assert isinstance(window.work, FillScreen)
    kept = tools.store.draft(InspectionId(draft))
    assert kept is not None
    assert (kept.inspector.name, kept.companions, kept.given) == ("张示例", ("李样本",), None)
    drop(window, jobs, tmp_path / "a.pdf")  # other files still come in as before


def test_taking_back_is_asked_and_damage_is_told(window: MainWindow, tools: Tools, jobs: Jobs, tmp_path: Path) -> None:
    draft = begin(tools)
    window.errands.handovers.give(draft, "李样本", tmp_path)
    assert jobs.settle(20)
    assert jobs.settle()
    (path,) = tmp_path.glob("*.xajdraft")
    path.write_bytes(path.read_bytes()[:-30])
    drop(window, jobs, path)
    assert "不完整或被改过" in window.trouble.text()
    assert window.errands.dialog is None
    back = next(b for b in window.today.findChildren(Button) if "收回" in b.accessibleName())
    assert back.accessibleName().startswith("收回 甲子小学")
    back.click()
    assert jobs.settle()
    dialog = window.errands.dialog
    assert isinstance(dialog, BackDialog)
    assert "先签的那份算数" in said(dialog)
    dialog.back_button.click()
    assert jobs.settle()
    assert resume(tools.store, tools.reckon, draft).inspection.given is None
    assert "已交给" not in said(window.today)
    go = next(b for b in window.today.findChildren(Button) if b.accessibleName().startswith("继续"))
    go.customContextMenuRequested.emit(QPoint(2, 2))
    (menu,) = (m for m in go.children() if m.inherits("QMenu"))
    assert [a.text() for a in menu.actions()] == ["继续", "交给同事…"]  # type: ignore[attr-defined]
    menu.close()  # type: ignore[attr-defined]


def test_two_reports_of_one_inspection_are_shown_side_by_side(
    open_window: Callable[[Tools], MainWindow], tools: Tools, schools: tuple[School, ...], jobs: Jobs, look: Look
) -> None:
    for number, by in enumerate(("p2", "p1")):
        row, data, ledger, _ = document(number, document_id="same", by=by)
        tools.store.keep_document(replace(row, author=f"甲{by}"), data, ledger)
    window = open_window(tools)
    card = window.today.rivals
    assert card is not None
    assert card.said[0].startswith("甲p2")
    assert card.said[0].endswith("签的算数")
    assert "不算" in card.said[1]
    card.buttons[0].setFocus()
    press(window, Qt.Key.Key_Space)
    assert jobs.settle(20)
    assert window.documents is not None
    rows = window.documents.index.rows
    told = [str(rows.index(n).data()) for n in range(2)]
    assert ["这份算数" in text for text in told] == [False, True]
    assert ["这份不算" in text for text in told] == [True, False]


def test_a_form_that_came_with_a_draft_is_not_brought_back_to_an_older_one(tools: Tools) -> None:
    form = tools.form("fire")
    later, former = (with_address(replace(form, version=version, sha256="")) for version in ("99", "0"))
    assert tools.newer_form(form) is None
    assert tools.newer_form(later) is None
    assert tools.newer_form(former) == form
