"""Today with what is due: from a late cell into Fill, from a returned report into its correction, from the plan of
visits to the first thing to do; all by keys."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QContextMenuEvent, QGuiApplication
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from safetyapp.domain.form import Severity
from safetyapp.domain.school import Role, School, SchoolKind
from safetyapp.ui.buttons import Button, Kind
from safetyapp.ui.jobs import Jobs
from safetyapp.ui.today_dates import load_dates, read_rules
from safetyapp.ui.today_facts import CellState, load
from safetyapp.ui.tools import Tools
from safetyapp.ui.window import MainWindow
from tests.ui.conftest import press, some_schools, type_text
from tests.ui.due_stage import EVERY_30, MONTHLY, NOT_FOR_PRIMARY, Tuesday, answered, done, hazard, returned, with_rules
from tests.ui.fill_stage import until
from tests.ui.test_today import begin
from tests.ui.watchdog import Watchdog

Opener = Callable[[Tools], MainWindow]


@pytest.fixture
def due_tools(tools: Tools, schools: tuple[School, ...]) -> Tools:
    """The fire form every 30 days; done long ago, 30 days ago, 25, 3, and never."""
    tools = replace(tools, clock=Tuesday())
    today = tools.clock.now().date()
    for school, ago in zip(schools, (39, 30, 25, 3), strict=False):
        done(tools, school, "fire", today - timedelta(days=ago))
    return with_rules(tools, fire=[EVERY_30], drill_record=[NOT_FOR_PRIMARY])


def opened(open_window: Opener, tools: Tools, jobs: Jobs) -> MainWindow:
    window = open_window(tools)
    until(lambda: window.today.facts.dates is not None)
    assert jobs.settle()
    QCoreApplication.processEvents()
    return window


def cells(window: MainWindow, form: str) -> dict[str, tuple[CellState, str, str]]:
    facts = window.today.facts
    column = next(n for n, one in enumerate(facts.forms) if one.id == form)
    return {row.school.id: row.cells[column][:3] for row in facts.rows}


def test_a_late_cell_is_current_says_so_and_leads_into_fill(
    open_window: Opener, due_tools: Tools, jobs: Jobs, schools: tuple[School, ...]
) -> None:
    window = opened(open_window, due_tools, jobs)
    today = window.today
    found = cells(window, "fire")
    assert found["s0000"][0] is CellState.OVERDUE
    assert found["s0000"][1].startswith("逾期 ")
    assert found["s0003"][0] is CellState.DONE
    assert found["s0003"][2].startswith("下次 ")
    drill = cells(window, "drill-record")
    assert drill["s0001"][:2] == (CellState.NOT_ASKED, "—")
    assert schools[0].kind is SchoolKind.KINDERGARTEN
    assert drill["s0000"][0] is not CellState.NOT_ASKED
    assert "项已超期" in today._where.facts.text()

    matrix = today.matrix
    assert matrix.current_place() == ("s0000", matrix.currentIndex().column())
    assert matrix.current_form() == "fire", "the most pressing cell is where the keys are"
    said = matrix.rows.data(matrix.currentIndex(), Qt.ItemDataRole.AccessibleTextRole)
    assert said.startswith("甲子小学，消防安全检查表：逾期 ")
    assert "上次 " in said
    other = next(n for n, row in enumerate(matrix.rows._rows) if row.school.id == "s0001")
    column = next(n for n, form in enumerate(matrix.rows.forms, start=1) if form.id == "drill-record")
    assert matrix.rows.data(matrix.rows.index(other, column), Qt.ItemDataRole.AccessibleTextRole).endswith("不适用")

    press(window, Qt.Key.Key_Return)
    until(lambda: window.work is not None)
    assert window.work is not None
    draft = window.work.keeper.kept.inspection
    assert (draft.school.id, draft.form.id) == ("s0000", "fire")
    window.leave_work()
    assert jobs.settle()
    assert cells(window, "fire")["s0000"][0] is CellState.FILLING


def test_a_school_sees_what_the_school_has_to_do(tools: Tools, schools: tuple[School, ...]) -> None:
    tools = replace(tools, clock=Tuesday())
    done(tools, schools[1], "fire", date(2026, 8, 3))
    me = tools.store.me()
    assert me is not None

    def stands(role: Role) -> dict[str, CellState]:
        tools.store.save_me(replace(me, role=role))
        read = load(tools)
        facts = load_dates(tools, read, read_rules(tools, read))
        row = next(row for row in facts.rows if row.school.id == schools[1].id)
        return {form.id: cell.state for form, cell in zip(facts.forms, row.cells, strict=True)}

    district, school = stands(Role.INSPECTOR), stands(Role.SCHOOL)
    assert district["fire"] is CellState.DONE, "once before term"
    assert school["fire"] is CellState.OVERDUE, "the school itself does it every month, and has not"
    assert (district["lightning"], school["lightning"]) == (CellState.OPEN, CellState.LATER)


def put_off(window: MainWindow, reason: str) -> None:
    press(window, Qt.Key.Key_F4)
    dialog = window.today.acts.dialog
    assert dialog is not None
    press(dialog, Qt.Key.Key_Return)
    assert not dialog.isHidden(), "a reason is missing"
    type_text(dialog, reason)
    press(dialog, Qt.Key.Key_Return)
    until(lambda: cells(window, "fire")["s0000"][0] is CellState.SOON)
    come_back(window)


def come_back(window: MainWindow) -> None:
    """A dialog or menu has closed: the window has the keys again."""
    window.activateWindow()
    until(window.isActiveWindow)
    window.today.matrix.setFocus()


def test_putting_off_is_kept_said_and_taken_back(open_window: Opener, due_tools: Tools, jobs: Jobs) -> None:
    window = opened(open_window, due_tools, jobs)
    matrix, store = window.today.matrix, due_tools.store
    put_off(window, "封校")
    (kept,) = store.postponed()
    assert kept.reason == "封校"
    assert cells(window, "fire")["s0000"][1:] == ("剩 7 天", "改到 12-01：封校")
    assert "已改到 12-01" in window.toast.text()
    assert matrix.current_place()[0] == "s0000", "it moved, and is still current"
    press(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    until(lambda: cells(window, "fire")["s0000"][0] is CellState.OVERDUE)
    assert store.postponed() == ()

    put_off(window, "临时任务")
    middle = matrix.rect().center()
    asked = QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, middle, matrix.mapToGlobal(middle))
    QApplication.sendEvent(matrix, asked)
    menu = window.today.acts.menu
    assert menu is not None
    texts = [action.text().split("\t")[0] for action in menu.actions()]
    assert texts == ["开始检查", "上次报告", "改期…", "取消改期"]
    menu.actions()[3].trigger()
    menu.close()
    until(lambda: cells(window, "fire")["s0000"][0] is CellState.OVERDUE)
    assert store.postponed() == ()
    come_back(window)
    press(window, Qt.Key.Key_F7)
    assert jobs.settle()
    assert window.documents is not None
    assert window.stack.currentWidget() is window.documents


def test_a_returned_report_is_corrected_with_the_remarks_at_their_items(
    open_window: Opener, due_tools: Tools, jobs: Jobs, schools: tuple[School, ...]
) -> None:
    draft = begin(due_tools, schools[2], 5)
    report = returned(due_tools, draft, [("F-02", "缺照片"), ("", "陪同人没写")])
    window = opened(open_window, due_tools, jobs)
    today = window.today
    assert today.dated is not None
    card = today.dated.returned
    assert card.isVisible()
    assert cells(window, "fire")["s0002"][0] is CellState.RETURNED
    today.matrix.setFocus()
    press(window, Qt.Key.Key_Tab)
    (go,) = card.buttons()
    assert window.focusWidget() is go
    assert "2 处要改" in go.accessibleName()
    assert "F-02 缺照片" in go.accessibleName()
    filled = [b for b in window.findChildren(Button) if b.kind is Kind.PRIMARY and b.isVisible()]
    assert len(filled) == 1
    press(window, Qt.Key.Key_Return)
    until(lambda: window.work is not None)
    assert jobs.settle()
    assert window.work is not None
    made = window.work.keeper.kept
    assert made.inspection.supersedes == report.id
    assert made.inspection.answers == draft.inspection.answers
    assert window.work.current_item() == "F-02", "where the first remark is"
    if not window.work.help.isVisible():
        press(window, Qt.Key.Key_F1)
    QCoreApplication.processEvents()
    assert window.work.help.shown_text().startswith("缺照片\n整份：证据不足\n整份：陪同人没写")
    window.leave_work()
    assert jobs.settle()
    assert not card.isVisible(), "it is among the drafts now"
    assert [row.id for row in due_tools.store.drafts()] == [made.inspection.id]
    assert cells(window, "fire")["s0002"][0] is CellState.FILLING


def test_the_visits_begin_with_the_most_urgent(
    open_window: Opener, due_tools: Tools, jobs: Jobs, schools: tuple[School, ...]
) -> None:
    today = due_tools.clock.now().date()
    late = hazard(due_tools, schools[3], 1, today - timedelta(days=2), Severity.MAJOR, "安全出口上锁")
    answered(due_tools, schools[3], late, today, 3)
    hazard(due_tools, schools[1], 2, today)
    hazard(due_tools, schools[1], 3, today + timedelta(days=4))
    window = opened(open_window, due_tools, jobs)
    dated = window.today.dated
    assert dated is not None
    assert dated.recheck.isVisible()
    assert not window.today._recent.isVisible()
    first = dated.recheck.list.hazards
    assert first.data(first.index(0)) == "重大，安全出口上锁，丁卯学校（东校区），学校已回复 3 张照片，逾期 2 天"
    assert dated.recheck._later.text() == "之后 7 天还有 1 条要复查"

    press(window, Qt.Key.Key_F3)
    assert dated.visits.hasFocus()
    rows = dated.visits.visits.rows
    assert [row.school.id for row in rows] == ["s0000", "s0003", "s0001", "s0004", "s0002"]
    assert rows[0].is_late
    assert rows[1].chips == (("复查 1 条，重大 1", True),)
    assert [text for text, _ in rows[2].chips] == ["复查 1 条", "消防安全检查表"]
    press(window, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    copied = QGuiApplication.clipboard().text().splitlines()
    assert len(copied) == 5
    assert copied[0].startswith("甲子小学\t示例街道\t逾期 ")
    window.today.focus_search()
    type_text(window, "丁卯")
    assert [row.school.id for row in dated.visits.visits.rows] == ["s0003"]
    window.today.search.setText("戊辰职业")
    dated.visits.set_rows((), "戊辰职业")
    assert "戊辰职业" in dated.visits_page().accessibleName(), "not that all is done"
    window.today.search.setText("丁卯")
    press(window, Qt.Key.Key_Return)
    assert dated.visits.hasFocus()
    press(window, Qt.Key.Key_Return)
    assert jobs.settle()
    assert window.documents is not None
    assert window.stack.currentWidget() is window.documents, "the report of the hazard"
    window.go("today")
    assert jobs.settle()
    window.today.search.clear()
    dated.visits.setCurrentIndex(dated.visits.visits.index(0))
    dated.visits.setFocus()
    press(window, Qt.Key.Key_Return)
    until(lambda: window.work is not None)
    assert window.work is not None
    assert window.work.keeper.kept.inspection.school.id == "s0000"


def test_when_all_is_done_it_says_so(
    open_window: Opener, tools: Tools, jobs: Jobs, schools: tuple[School, ...]
) -> None:
    tools = replace(tools, clock=Tuesday())
    for school in schools:
        done(tools, school, "fire", tools.clock.now().date())
    window = opened(open_window, with_rules(tools, fire=[EVERY_30]), jobs)
    assert window.today._where.facts.text() == "本周都查完了。"
    press(window, Qt.Key.Key_F3)
    assert window.today.dated is not None
    assert window.today.dated._all_done.isVisible()
    assert window.today.dated._all_done.hasFocus(), "the keys are not lost"
    press(window, Qt.Key.Key_F3)
    assert window.today.matrix.hasFocus()


@pytest.mark.alone
def test_a_thousand_schools_get_their_days_and_stay_smooth(
    open_window: Opener, tools: Tools, jobs: Jobs, qtbot: QtBot, record_property: Callable[[str, object], None]
) -> None:
    schools = some_schools(1000)
    tools.store.save_schools(schools)
    today = tools.clock.now().date()
    for n, school in enumerate(schools[:20]):
        done(tools, school, "fire", today - timedelta(days=31 + n % 9))
    ruled = with_rules(
        tools, fire=[EVERY_30], food=[MONTHLY], hazchem=[replace(MONTHLY, id="again")], drill_record=[NOT_FOR_PRIMARY]
    )
    with Watchdog() as dog:
        window = open_window(ruled)
        dog.worst = 0.0  # from the first paint on
        until(lambda: window.today.facts.dates is not None, 20)
        assert window.today.matrix.rows.rowCount() == 1000
        loaded = dog.worst
        for _ in range(15):
            press(window, Qt.Key.Key_PageDown)
            QCoreApplication.processEvents()
        press(window, Qt.Key.Key_F3)
        for _ in range(15):
            press(window, Qt.Key.Key_PageDown)
            QCoreApplication.processEvents()
        window.today.focus_search()
        for letter in "示例第99":
            type_text(window, letter)
            QCoreApplication.processEvents()
        QCoreApplication.processEvents()
    assert window.today.dated is not None
    record_property("worst_gap_ms", round(max(loaded, dog.worst)))
    assert window.today.dated.visits.visits.rowCount() == 11
    assert max(loaded, dog.worst) < 150
