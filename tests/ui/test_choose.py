"""Choosing what to inspect: every school has its own sites, and schools of one name can be told apart."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from safetyapp.domain.school import School, SchoolId
from safetyapp.texts import Texts
from safetyapp.ui.choose import ChooseDialog
from safetyapp.ui.jobs import Jobs
from safetyapp.ui.look import Look
from safetyapp.ui.metrics import Style
from safetyapp.ui.school_words import school_count
from safetyapp.ui.today_facts import load
from safetyapp.ui.tools import Tools
from safetyapp.ui.window import MainWindow
from safetyapp.ui.words import MIDDLE, Label, fits
from safetyapp.workflow import inspect
from safetyapp.workflow.opened import resume
from tests.ui.conftest import press, some_schools, type_text

LONG = "北京市某某区某某镇某某某某某某某某某某某某某某某某某某某某某某某某某某某某某某实验小学"


def dialog_of(tools: Tools, look: Look, schools: tuple[School, ...], language: str = "zh") -> ChooseDialog:
    tools.store.save_schools(schools)
    return ChooseDialog(look, Texts(language), load(tools), None)


def start(dialog: ChooseDialog) -> tuple[str, str, str]:
    wanted: list[tuple[str, str, str]] = []
    dialog.start_wanted.connect(lambda *said: wanted.append(said))
    dialog._on_start()
    return wanted[0]


def test_a_site_stays_with_its_school(tools: Tools, look: Look) -> None:
    dialog = dialog_of(tools, look, some_schools(5))
    dialog.filter.setText("甲子")
    dialog.site.setEditText("北楼三层")
    dialog.filter.setText("甲子小")
    dialog.form.setCurrentIndex(dialog.form.count() - 1)
    assert dialog.site.currentText() == "北楼三层", "the same school keeps what was written"
    dialog.filter.setText("乙丑")
    assert dialog.site.currentText() == "全校"
    assert start(dialog)[2] == "全校"
    dialog.deleteLater()


def test_a_school_without_sites_says_what_to_write(tools: Tools, look: Look) -> None:
    known, bare = some_schools(1)[0], (School(SchoolId("b1"), "壬小学"), School(SchoolId("b2"), "癸小学"))
    dialog = dialog_of(tools, look, (known, *bare))
    edit = dialog.site.lineEdit()
    assert edit is not None
    dialog.filter.setText("壬")
    assert dialog.site.count() == 0
    assert edit.placeholderText() == "可写具体场所，不写就是全校"
    dialog.site.setEditText("北楼三层")
    dialog.filter.setText("癸")
    assert edit.text() == ""
    dialog.filter.setText("甲子")
    assert "选一处" in edit.placeholderText()
    dialog.filter.setText("癸")
    assert start(dialog)[2] == "全校", "writing nothing is the whole school"
    dialog.deleteLater()


def test_the_whole_school_is_printed_in_chinese_by_either_language(tools: Tools, look: Look) -> None:
    dialog = dialog_of(tools, look, some_schools(1), "en")
    assert dialog.site.currentText() == "The whole school"
    assert start(dialog)[2] == "全校"
    dialog.deleteLater()


def test_a_chosen_site_comes_into_the_inspection(window: MainWindow, jobs: Jobs, tools: Tools) -> None:
    QTest.keyClick(window, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    assert window.dialog is not None
    type_text(window.dialog, "乙丑")
    press(window.dialog, Qt.Key.Key_Return)
    assert jobs.settle()
    assert resume(tools.store, tools.reckon, tools.store.drafts()[0].id).inspection.site == "全校"


def test_a_start_from_the_table_chooses_no_site(window: MainWindow, jobs: Jobs, tools: Tools) -> None:
    press(window, Qt.Key.Key_Return)
    assert jobs.settle()
    assert resume(tools.store, tools.reckon, tools.store.drafts()[0].id).inspection.site == ""


def namesakes() -> tuple[School, ...]:
    return (
        School(SchoolId("1"), "某某幼儿园", code="1234567", street="东街道", students=90),
        School(SchoolId("2"), "某某幼儿园", code="1239876", street="西街道"),
        School(SchoolId("3"), "某某幼儿园", address="南路3号"),
        School(SchoolId("4"), "另一所幼儿园", code="1230000", street="东街道", students=90),
    )


def test_schools_of_one_name_are_told_apart(
    open_window: Callable[[Tools], MainWindow], tools: Tools, look: Look, jobs: Jobs
) -> None:
    schools = namesakes()
    tools.store.save_schools(schools)
    me = tools.store.me()
    assert me is not None
    inspect.start(tools.store, tools.clock, tools.reckon, tools.new_id, schools[1], tools.form("fire"), me)
    facts = {row.school.id: row.facts for row in load(tools).rows}
    assert facts[SchoolId("1")].startswith("东街道 · 代码尾号 4567")
    assert facts[SchoolId("2")].startswith("西街道 · 代码尾号 9876")
    assert facts[SchoolId("3")].startswith("南路3号")
    assert "代码" not in facts[SchoolId("4")]
    window = open_window(tools)
    said = [label.text() for label in window.today._continue.findChildren(Label)]
    assert any("某某幼儿园（西街道 · 代码尾号 9876）" in text for text in said)
    dialog = ChooseDialog(look, Texts("zh"), window.today.facts, None)
    model = dialog.list.model()
    rows = [model.data(model.index(n, 0)) for n in range(model.rowCount())]
    assert len(set(rows)) == 4
    dialog.deleteLater()


def test_the_end_of_a_long_name_stays_in_sight(
    open_window: Callable[[Tools], MainWindow], tools: Tools, look: Look
) -> None:
    names = (f"{LONG}（东校区）", f"{LONG}（西校区）")
    tools.store.save_schools([School(SchoolId(name[-4:]), name) for name in names])
    shown = {fits(look.font_metrics(Style.STRONG), name, 200, MIDDLE) for name in names}
    assert {text[-5:] for text in shown} == {"（东校区）", "（西校区）"}
    assert all("…" in text and look.font_metrics(Style.STRONG).horizontalAdvance(text) <= 200 for text in shown)
    window = open_window(tools)
    rows = window.today.matrix.rows
    assert rows.data(rows.index(0, 0), Qt.ItemDataRole.ToolTipRole) in names
    dialog = ChooseDialog(look, Texts("zh"), window.today.facts, None)
    model = dialog.list.model()
    assert model.data(model.index(0, 0), Qt.ItemDataRole.ToolTipRole) in names
    dialog.deleteLater()


def test_a_campus_is_no_school_of_its_own() -> None:
    school = School(SchoolId("1"), "甲小学")
    campus = School(SchoolId("1-1"), "甲小学（东校区）", campus_of=school.id)
    assert school_count(Texts("zh"), [school, campus]) == "1 所学校，1 个校区"
    assert school_count(Texts("zh"), [school]) == "1 所学校"


def test_the_form_is_chosen_from_the_keyboard(tools: Tools, look: Look) -> None:
    dialog = dialog_of(tools, look, some_schools(3))
    forms = [dialog.form.itemData(n) for n in range(dialog.form.count())]
    assert len(forms) > 1
    QTest.keyClick(dialog.filter, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    assert dialog.form.currentData() == forms[1]
    QTest.keyClick(dialog.filter, Qt.Key.Key_1, Qt.KeyboardModifier.ControlModifier)
    assert dialog.form.currentData() == forms[0]
    QTest.keyClick(dialog.filter, Qt.Key.Key_Down)
    assert dialog.list.currentIndex().row() == 1, "the plain arrows go through the schools"
    school = dialog.school()
    assert school is not None
    assert start(dialog)[:2] == (school.school.id, forms[0])
    dialog.deleteLater()


def test_the_form_of_the_newest_draft_is_offered(tools: Tools, look: Look) -> None:
    (school,) = some_schools(1)
    tools.store.save_schools((school,))
    me = tools.store.me()
    assert me is not None
    inspect.start(tools.store, tools.clock, tools.reckon, tools.new_id, school, tools.form("fire"), me)
    dialog = dialog_of(tools, look, some_schools(3))
    assert dialog.form.currentData() == "fire"
    dialog.deleteLater()
