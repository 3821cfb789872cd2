"""Today, as a person uses it: find the school, start, come back, continue; and many schools stay smooth."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from PySide6.QtCore import QCoreApplication, QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from safetyapp.domain.school import School
from safetyapp.texts import Texts
from safetyapp.ui.dates import in_language, long_day, size_text, when
from safetyapp.ui.jobs import Jobs
from safetyapp.ui.parts import Button, Kind
from safetyapp.ui.today_facts import CellState, load
from safetyapp.ui.tools import Tools
from safetyapp.ui.window import MainWindow
from safetyapp.workflow import inspect
from safetyapp.workflow.opened import Open
from tests.ui.conftest import press, some_schools, type_text
from tests.ui.fill_stage import until
from tests.ui.watchdog import Watchdog

ZH = Texts("zh")


def begin(tools: Tools, school: School, answers: int = 0) -> Open:
    me = tools.store.me()
    assert me is not None
    draft = inspect.start(tools.store, tools.clock, tools.reckon, tools.new_id, school, tools.form("fire"), me)
    items = [i for i in draft.form.items() if i.answer.kind.value == "conformity" and i.applies_to(school)]
    for item in items[:answers]:
        draft = inspect.answer(tools.store, tools.clock, tools.wording, draft, item.id, "pass")
    return draft


def test_the_keys_start_an_inspection_and_come_back(window: MainWindow, jobs: Jobs, tools: Tools) -> None:
    assert window.today.matrix.hasFocus()
    press(window, Qt.Key.Key_Down)
    place, _ = window.today.matrix.current_place()
    press(window, Qt.Key.Key_Return)
    assert jobs.settle()
    assert window.work is not None
    assert not window.rail.isVisible()
    assert window.work.keeper.kept.inspection.school.id == place
    window.work.back_requested.emit()
    assert jobs.settle()
    assert window.work is None
    assert window.rail.isVisible()
    row = window.today.row_of(place)
    assert row is not None
    assert row.cells[0].state is CellState.FILLING
    press(window, Qt.Key.Key_Return)
    assert jobs.settle()
    assert len(tools.store.drafts()) == 1, "Enter on a draft continues it"


def test_fill_leads_to_sign_and_back(window: MainWindow, jobs: Jobs, tools: Tools, schools: tuple[School, ...]) -> None:
    opened = begin(tools, schools[0], 2)
    window.open_fill(opened.inspection.id)
    assert jobs.settle()
    fill = window.work
    assert schools[0].name in window.windowTitle()
    window.open_sign(opened)
    assert jobs.settle()
    assert window.work is not fill
    assert window.work is not None
    window.work.back_requested.emit("F-02")
    assert jobs.settle()
    assert window.work.current_item() == "F-02"
    window.leave_work()
    assert jobs.settle()
    assert window.stack.count() == 1


def test_a_double_click_starts(window: MainWindow, jobs: Jobs, tools: Tools) -> None:
    matrix = window.today.matrix
    at = matrix.visualRect(matrix.rows.index(2, 1)).center()
    QTest.mouseClick(matrix.viewport(), Qt.MouseButton.LeftButton, pos=at)
    QTest.mouseDClick(matrix.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert jobs.settle()
    assert [d.school_id for d in tools.store.drafts()] == [matrix.rows.row(2).school.id]


def test_typing_filters_and_enter_goes_into_the_table(window: MainWindow) -> None:
    QTest.keyClick(window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    assert window.today.search.hasFocus()
    type_text(window, "丙寅")
    assert window.today.matrix.rows.rowCount() == 1
    press(window, Qt.Key.Key_Return)
    assert window.today.matrix.hasFocus()
    press(window, Qt.Key.Key_F2)
    press(window, Qt.Key.Key_Escape)
    assert window.today.search.text() == ""
    assert window.today.matrix.rows.rowCount() == 5


def test_nothing_fits_is_said_and_documents_are_offered(window: MainWindow, jobs: Jobs) -> None:
    window.today.focus_search()
    type_text(window, "没有这所")
    assert window.today.matrix.rows.rowCount() == 0
    assert "没有这所" in window.today._where.nothing.sentence.text()
    press(window, Qt.Key.Key_Return)
    assert jobs.settle()
    assert window.stack.currentWidget() is window.documents
    assert window.documents is not None
    assert window.documents.search.text() == "没有这所"


def test_drafts_show_their_mosaic_and_the_newest_is_the_one_filled_button(
    open_window: Callable[[Tools], MainWindow], tools: Tools, schools: tuple[School, ...], jobs: Jobs
) -> None:
    begin(tools, schools[1], 3)
    newest = begin(tools, schools[2], 5)
    window = open_window(tools)
    filled = [b for b in window.findChildren(Button) if b.kind is Kind.PRIMARY and b.isVisible()]
    facts = {"school": "丙寅幼儿园", "title": "消防安全检查表", "answered": newest_answered(tools), "total": 60}
    assert [b.accessibleName() for b in filled] == [ZH.say("today.continue.name", **facts)]
    filled[0].setFocus()
    press(window, Qt.Key.Key_Return)
    until(lambda: window.work is not None)
    assert jobs.settle()
    assert window.work.keeper.kept.inspection.id == newest.inspection.id


def test_tab_goes_in_the_order_of_reading(
    open_window: Callable[[Tools], MainWindow], tools: Tools, schools: tuple[School, ...], jobs: Jobs
) -> None:
    for school in schools[:4]:
        begin(tools, school, 1)
    window = open_window(tools)
    today = window.today
    today.show_facts(today.facts._replace(documents=1, done_this_year=1))  # the button of the stick can be pressed
    QCoreApplication.processEvents()
    buttons = [b for b in today._continue.findChildren(Button) if b.isVisible()]
    assert len(buttons) == 4, "three drafts and one for the rest"
    want = [today.matrix, *buttons, today._all_button, today.export_button]
    today.matrix.setFocus()
    seen = [window.focusWidget()]
    for _ in want[1:]:
        press(window, Qt.Key.Key_Tab)
        seen.append(window.focusWidget())
    assert [id(w) for w in seen] == [id(w) for w in want]


def test_a_cut_column_head_has_its_whole_words_as_a_tip(window: MainWindow) -> None:
    rows, head = window.today.matrix.rows, window.today.matrix.horizontalHeader()
    assert head.textElideMode() is Qt.TextElideMode.ElideNone, "with many forms a title has two lines"
    tip = rows.headerData(1, Qt.Orientation.Horizontal, Qt.ItemDataRole.ToolTipRole)
    assert tip == rows.forms[0].title


def newest_answered(tools: Tools) -> int:
    return tools.store.drafts()[0].answered


def test_the_chooser_needs_no_mouse(window: MainWindow, jobs: Jobs, tools: Tools) -> None:
    QTest.keyClick(window, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    dialog = window.dialog
    assert dialog is not None
    type_text(dialog, "小学")
    press(dialog, Qt.Key.Key_Down)
    press(dialog, Qt.Key.Key_Up)
    press(dialog, Qt.Key.Key_Return)
    assert jobs.settle()
    assert [d.school for d in tools.store.drafts()] == ["甲子小学"]
    assert window.work is not None


def test_an_empty_workspace_offers_the_list_of_schools(
    open_window: Callable[[Tools], MainWindow], tools: Tools, jobs: Jobs, tmp_path: object
) -> None:
    window = open_window(tools)
    assert window.today.empty.isVisible()
    assert window.today.empty.button is not None
    assert window.today.empty.button.hasFocus()
    assert not window.today.start_button.isEnabled()


def test_a_list_is_shown_before_it_is_kept(
    open_window: Callable[[Tools], MainWindow], tools: Tools, jobs: Jobs, tmp_path: object
) -> None:
    from pathlib import Path

    file = Path(str(tmp_path)) / "名单.csv"
    file.write_text("学校名称,学校类别\n甲子小学,小学\n乙丑幼儿园,幼儿园\n,\n合计,2\n", encoding="utf-8")
    window = open_window(tools)
    window.errands.read_schools(file)
    assert jobs.settle()
    dialog = window.errands.dialog
    assert dialog is not None
    assert tools.store.schools() == ()
    press(dialog, Qt.Key.Key_Return)
    until(lambda: window.errands.dialog is None)
    assert jobs.settle()
    assert {s.name for s in tools.store.schools()} == {"甲子小学", "乙丑幼儿园"}
    assert len(window.today.facts.rows) == 2
    assert window.errands.dialog is None


@pytest.mark.alone
def test_a_thousand_schools_stay_smooth(
    open_window: Callable[[Tools], MainWindow],
    tools: Tools,
    jobs: Jobs,
    qtbot: QtBot,
    record_property: Callable[[str, object], None],
) -> None:
    tools.store.save_schools(some_schools(1000))
    window = open_window(tools)
    matrix = window.today.matrix
    assert matrix.rows.rowCount() == 1000
    with Watchdog() as dog:
        for _ in range(15):
            press(window, Qt.Key.Key_PageDown)
            QCoreApplication.processEvents()
        window.today.focus_search()
        for letter in "示例第99":
            type_text(window, letter)
            QCoreApplication.processEvents()
        QTest.qWait(30)
    record_property("worst_gap_ms", round(dog.worst))
    assert matrix.rows.rowCount() == 11
    assert dog.worst < 150


def test_rows_stand_by_urgency(tools: Tools, schools: tuple[School, ...]) -> None:
    begin(tools, schools[3], 1)
    facts = load(tools)
    assert facts.rows[0].school.id == schools[3].id
    column = next(n for n, form in enumerate(facts.forms) if form.id == "fire")
    assert facts.rows[0].cells[column].text == "填写中 1/60"
    assert facts.waiting == 0
    assert facts.drafts[0].school == schools[3].name


@pytest.mark.parametrize(
    ("ago", "said"), [(0, "今天"), (1, "昨天"), (3, "3 天前"), (20, "11-04"), (400, "去年10-20"), (900, "2024-06-07")]
)
def test_days_are_said_as_people_look_for_them(ago: int, said: str) -> None:
    today = date(2026, 11, 24)
    assert when(ZH, today - timedelta(days=ago), today) == said


def test_small_words() -> None:
    assert long_day(ZH, date(2026, 11, 24)) == "11月24日 周二"
    assert size_text(3_565_158) == "3.4 MB"
    assert size_text(10) == "1 KB"
    assert in_language("没有校名。No school name.", "zh") == "没有校名。"
    assert in_language("没有校名。No school name.", "en") == "No school name."


def test_the_context_of_a_cell_is_in_its_accessible_text(window: MainWindow) -> None:
    rows = window.today.matrix.rows
    column = next(n for n, form in enumerate(rows.forms) if form.id == "fire")
    text = rows.data(rows.index(0, column + 1), Qt.ItemDataRole.AccessibleTextRole)
    assert "消防安全检查表" in text
    assert "剩 " in text, "the district has to check it once before each term"
    assert window.today.matrix.indexAt(QPoint(5, 5)).isValid()
