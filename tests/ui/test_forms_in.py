"""Forms dropped on the window: shown with what they change, taken in when the person says so, refused with reasons."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from time import perf_counter

import openpyxl
import pytest
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QApplication, QDialog, QFileDialog

from safetyapp.domain.form import Form, ItemId, with_address
from safetyapp.domain.form_changes import FormChanges, changes
from safetyapp.domain.problem import Problem
from safetyapp.domain.school import School
from safetyapp.forms.workbook import write_workbook
from safetyapp.texts import Texts
from safetyapp.ui.dates import in_language
from safetyapp.ui.form_change_words import counted, field_word, groups
from safetyapp.ui.form_dialog import FormDialog, FormPlan, RefusedFormDialog
from safetyapp.ui.form_read import FormRead
from safetyapp.ui.jobs import Jobs
from safetyapp.ui.look import Look
from safetyapp.ui.schools_dialog import SchoolsDialog
from safetyapp.ui.tools import Tools
from safetyapp.ui.window import MainWindow
from safetyapp.ui.words import Label
from tests.ui.conftest import press
from tests.ui.fill_stage import until
from tests.ui.newer_forms import form_file, newer, reworded
from tests.ui.test_window import drop, unnamed

K = Qt.Key
ZH, EN = Texts("zh"), Texts("en")


def shown(window: MainWindow) -> FormDialog:
    dialog = window.errands.dialog
    assert isinstance(dialog, FormDialog)
    return dialog


def refused(window: MainWindow) -> RefusedFormDialog:
    dialog = window.errands.dialog
    assert isinstance(dialog, RefusedFormDialog)
    return dialog


def enter(dialog: QDialog) -> None:
    """Enter on the button that has the keys; it is seen to go down first."""
    closed: list[int] = []
    dialog.finished.connect(closed.append)
    press(dialog, K.Key_Return)
    until(lambda: bool(closed))


def versions(window: MainWindow) -> dict[str, str]:
    return {form.id: form.version for form in window.today.facts.forms}


def test_a_dropped_form_is_shown_and_then_in_the_chooser(
    window: MainWindow, jobs: Jobs, tools: Tools, tmp_path: Path
) -> None:
    assert window._drop_sentence([tmp_path / "a.yaml"]) == "放开就导入"
    drop(window, jobs, form_file(tmp_path, newer(tools.form("fire"))))
    dialog = shown(window)
    text = dialog.text.toPlainText()
    for part in (
        "检查项 · 新增（1）",
        "新加的一项？",
        "检查项 · 删去（1）",
        "检查项 · 改动（1）",
        "换了说法？",
        "版本：1 → 99",
    ):
        assert part in text
    assert "请看一眼" in text, "what was noted while reading stands there too"
    assert dialog.confirm_button.hasFocus()
    assert unnamed(dialog) == []
    assert versions(window)["fire"] == "1", "nothing is imported yet"
    enter(dialog)
    assert jobs.settle()
    assert "第 99 版" in window.toast.text()
    assert versions(window)["fire"] == "99"
    assert len([form for form in window.today.facts.forms if form.id == "fire"]) == 1
    window.choose()
    assert window.dialog is not None
    offered = [window.dialog.form.itemText(n) for n in range(window.dialog.form.count())]
    assert any("99" in text for text in offered)
    window.dialog.reject()


@pytest.mark.parametrize("key", [K.Key_Escape, K.Key_Backtab])
def test_what_is_not_wanted_is_not_taken_in(
    window: MainWindow, jobs: Jobs, tools: Tools, tmp_path: Path, key: Qt.Key
) -> None:
    drop(window, jobs, form_file(tmp_path, newer(tools.form("fire"))))
    dialog = shown(window)
    press(dialog, key)
    if key is K.Key_Backtab:
        assert dialog.cancel_button.hasFocus()
        enter(dialog)
    assert jobs.settle()
    assert window.errands.dialog is None
    assert tools.form("fire").version == "1"


def test_a_refused_file_shows_every_mistake_with_its_place(
    window: MainWindow, jobs: Jobs, tools: Tools, tmp_path: Path
) -> None:
    path = form_file(tmp_path, newer(tools.form("fire")))
    wrong = path.read_text(encoding="utf-8").replace("severity: major", "severity: huge")
    path.write_text(wrong, encoding="utf-8")
    drop(window, jobs, path)
    dialog = refused(window)
    lines = [number for number, line in enumerate(wrong.split("\n"), 1) if "severity: huge" in line]
    assert len(lines) > 3
    text = dialog.text.toPlainText()
    for line in lines:
        assert f"{path.name}:{line}\n" in text
    assert f"错误（{len(lines)}）" in text
    assert "cannot be" not in text, "one language only"
    assert unnamed(dialog) == []
    dialog.copy_button.click()
    assert QApplication.clipboard().text().count("severity") == len(lines)
    enter(dialog)
    assert jobs.settle()
    assert window.errands.dialog is None
    assert tools.form("fire").version == "1"


def test_a_workbook_is_a_form_or_a_list_by_what_is_inside(
    window: MainWindow, jobs: Jobs, tools: Tools, tmp_path: Path
) -> None:
    form, listed = tmp_path / "检查表.xlsx", tmp_path / "名单.xlsx"
    form.write_bytes(write_workbook(newer(tools.form("fire"))))
    book = openpyxl.Workbook()
    assert book.active is not None
    for row in (("学校名称", "学校类别"), ("丙丁小学", "小学")):
        book.active.append(row)
    book.save(listed)
    drop(window, jobs, form, listed)
    schools = window.errands.dialog
    assert isinstance(schools, SchoolsDialog)
    assert schools.plan.name == "名单.xlsx"
    press(schools, K.Key_Escape)
    assert jobs.settle()
    assert shown(window).plan.name == "检查表.xlsx"
    press(shown(window), K.Key_Escape)


def test_an_xlsform_comes_in_too(window: MainWindow, jobs: Jobs, tools: Tools, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    survey = book.active
    assert survey is not None
    survey.title = "survey"
    for row in (("type", "name", "label"), ("text", "who", "谁在场？"), ("integer", "many", "多少人？")):
        survey.append(row)
    settings = book.create_sheet("settings")
    for row in (("form_title", "form_id", "version"), ("门岗登记", "gate", "1")):
        settings.append(row)
    book.save(tmp_path / "门岗.xlsx")
    drop(window, jobs, tmp_path / "门岗.xlsx")
    dialog = shown(window)
    assert dialog.plan.read.standing == "new"
    enter(dialog)
    assert jobs.settle()
    assert versions(window)["gate"] == "1"


def test_several_files_come_one_after_the_other(window: MainWindow, jobs: Jobs, tools: Tools, tmp_path: Path) -> None:
    fire = tools.form("fire")
    files = [form_file(tmp_path, newer(fire, version)) for version in ("50", "60")]
    (tmp_path / "坏.yaml").write_text("nothing: here\n", encoding="utf-8")
    drop(window, jobs, *files, tmp_path / "坏.yaml")
    for version in ("50", "60"):
        form = shown(window).plan.read.form
        assert form is not None
        assert form.version == version
        enter(shown(window))
        assert jobs.settle()
    press(refused(window), K.Key_Escape)
    assert jobs.settle()
    assert window.errands.dialog is None
    assert versions(window)["fire"] == "60"


def test_what_came_in_last_counts_whatever_it_calls_itself(
    window: MainWindow, jobs: Jobs, tools: Tools, tmp_path: Path
) -> None:
    fire = tools.form("fire")
    tools.add_form(newer(fire, "10"))
    drop(window, jobs, form_file(tmp_path, newer(fire, "9")))
    dialog = shown(window)
    assert any("第 10 版" in label and "第 9 版" in label for label in _labels(dialog))
    enter(dialog)
    assert jobs.settle()
    assert versions(window)["fire"] == "9"


@pytest.mark.parametrize(("standing", "said"), [("same", "已经在这里"), ("taken", "内容不同")])
def test_what_cannot_come_in_says_why(
    window: MainWindow, jobs: Jobs, tools: Tools, tmp_path: Path, standing: str, said: str
) -> None:
    fire = tools.form("fire")
    tools.add_form(newer(fire))
    form = newer(fire) if standing == "same" else reworded(fire, "99")
    drop(window, jobs, form_file(tmp_path, form))
    dialog = shown(window)
    assert dialog.plan.read.standing == standing
    assert not hasattr(dialog, "confirm_button")
    assert any(said in label for label in _labels(dialog))
    enter(dialog)
    assert jobs.settle()
    assert window.errands.dialog is None


def _labels(dialog: FormDialog) -> list[str]:
    return [label.text() for label in dialog.findChildren(Label)]


def test_a_disk_that_takes_nothing_is_said(
    open_window: Callable[[Tools], MainWindow], tools: Tools, schools: tuple[School, ...], jobs: Jobs, tmp_path: Path
) -> None:
    def full(form: Form) -> None:
        raise Problem("disk-full", path="forms")

    window = open_window(replace(tools, add_form=full))
    drop(window, jobs, form_file(tmp_path, newer(tools.form("fire"))))
    enter(shown(window))
    assert jobs.settle()
    assert window.trouble.text()
    assert versions(window)["fire"] == "1"


def test_the_menu_asks_for_files(
    window: MainWindow, jobs: Jobs, tools: Tools, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = form_file(tmp_path, newer(tools.form("fire")))
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_: ([str(path)], ""))
    menu = window.make_menu()
    next(act for act in menu.actions() if act.text() == "导入检查表…").trigger()
    menu.close()
    assert jobs.settle()
    assert shown(window).plan.name == path.name
    press(shown(window), K.Key_Escape)


@pytest.mark.parametrize("texts", [ZH, EN])
def test_hundreds_of_changes_are_shown_at_once(look: Look, tools: Tools, texts: Texts) -> None:
    fire = tools.form("fire")
    items = [replace(item, id=ItemId(f"{item.id}x{n}")) for n in range(5) for item in fire.items()]
    many = with_address(replace(fire, sections=(replace(fire.sections[0], items=tuple(items)),)))
    other = reworded(many, "2")
    found = changes(many, other)
    assert counted(found)["changed"] >= 300
    plan = FormPlan("a.yaml", FormRead(other, (), (), "newer", many), found)
    began = perf_counter()
    dialog = FormDialog(look, texts, plan, None)
    dialog.show()
    QCoreApplication.processEvents()
    assert perf_counter() - began < 2
    bar = dialog.text.verticalScrollBar()
    assert bar.maximum() > 0
    dialog.text.setFocus()
    press(dialog, K.Key_PageDown)
    press(dialog, K.Key_Down)
    assert bar.value() > 0
    press(dialog, K.Key_Tab)
    assert not dialog.text.hasFocus()
    assert dialog.height() <= dialog.screen().availableGeometry().height()
    dialog.reject()
    dialog.deleteLater()


def test_changes_are_named_as_people_call_them(tools: Tools) -> None:
    assert field_word(ZH, "question.zh") == "题目"
    assert field_word(ZH, "question.en") == "题目（英文）"
    assert field_word(EN, "answer.limits.minimum") == "lower limit"
    assert field_word(ZH, "something.else") == "something.else"
    assert groups(ZH, FormChanges()) == []


def test_the_english_half_may_begin_with_a_small_letter() -> None:
    said = "F-02的“severity”不能是“大。”。'severity' of F-02 cannot be '大。'."
    assert in_language(said, "zh") == "F-02的“severity”不能是“大。”。"
    assert in_language(said, "en") == "'severity' of F-02 cannot be '大。'."
