"""What is dropped together: everything comes in or is named; and what a school list is shown as before it is kept."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest
from PySide6.QtCore import Qt

from safetyapp.app import _read_schools
from safetyapp.domain.problem import Problem
from safetyapp.domain.school import School, SchoolId
from safetyapp.forms.mistakes import ListRefused, Mistake
from safetyapp.texts import Texts
from safetyapp.ui.dates import error_sentence, in_language
from safetyapp.ui.errands import refused_sentence
from safetyapp.ui.jobs import Jobs
from safetyapp.ui.look import Look
from safetyapp.ui.schools_dialog import SHOWN, SchoolsDialog, SchoolsPlan, list_notes
from safetyapp.ui.sheet_dialog import ListDialog
from safetyapp.ui.tools import ListNote, SchoolsRead, Tools
from safetyapp.ui.window import MainWindow
from safetyapp.ui.words import Label
from safetyapp.workflow.catalogue import CatalogueChange
from safetyapp.workflow.exchange import Refused
from tests.ui.conftest import press
from tests.ui.test_window import drop

ZH, EN = Texts("zh"), Texts("en")
LIST = "学校名称,学校类别\n{},小学\n"


def refused(window: MainWindow) -> dict[str, str]:
    dialog = window.errands.dialog
    assert isinstance(dialog, ListDialog)
    return dict(dialog.rows)


def test_of_a_mixed_drop_everything_comes_in_or_is_named(window: MainWindow, jobs: Jobs, tmp_path: Path) -> None:
    names = ("坏.pdf", "甲.csv", "乙.csv", "旧.xls", "图.jpg", "文.docx")
    files = [tmp_path / name for name in names]
    for file in files:
        file.write_text(LIST.format(f"{file.stem}小学"), encoding="utf-8")
    drop(window, jobs, *files)
    said = refused(window)
    assert set(said) == set(names) - {"甲.csv"}
    assert "“甲.csv”" in said["乙.csv"]
    assert ".xlsx" in said["旧.xls"]
    assert "检查项" in said["图.jpg"]
    assert "PDF" in said["文.docx"]
    assert window.errands.dialog is not None
    press(window.errands.dialog, Qt.Key.Key_Escape)
    assert jobs.settle()
    dialog = window.errands.dialog
    assert isinstance(dialog, SchoolsDialog)
    assert dialog.plan.name == "甲.csv"
    press(dialog, Qt.Key.Key_Escape)
    assert window.errands.dialog is None


def test_a_list_beside_an_empty_folder_is_offered_at_once(window: MainWindow, jobs: Jobs, tmp_path: Path) -> None:
    (tmp_path / "空").mkdir()
    file = tmp_path / "甲.csv"
    file.write_text(LIST.format("甲小学"), encoding="utf-8")
    drop(window, jobs, tmp_path / "空", file)
    assert isinstance(window.errands.dialog, SchoolsDialog)
    press(window.errands.dialog, Qt.Key.Key_Escape)


def test_the_hint_says_when_nothing_is_taken(window: MainWindow, tmp_path: Path) -> None:
    assert window._drop_sentence([tmp_path / "a.jpg", tmp_path / "b.pdf"]) == "放开就导入"
    assert window._drop_sentence([tmp_path / "a.xls"]) == "放开就导入", "it may be a form"
    assert "不能导入" in window._drop_sentence([tmp_path / "a.jpg"])


def test_one_language_at_a_time() -> None:
    both = "文件打不开。请另存。The file cannot be opened. Save it again."
    assert in_language(both, "zh") == "文件打不开。请另存。"
    assert in_language(both, "en") == "The file cannot be opened. Save it again."
    assert in_language("“同上”取自上一行。'As above' was taken.", "zh") == "“同上”取自上一行。"
    assert in_language("只有中文。还是中文。", "en") == "只有中文。还是中文。"


@pytest.mark.parametrize("texts", [ZH, EN])
def test_a_refused_list_is_said_in_one_language(texts: Texts) -> None:
    error = ListRefused(
        "名单.xlsx", (Mistake("名单.xlsx", "empty", "文件是空的（0 字节）。The file is empty (0 bytes)."),)
    )
    said = error_sentence(texts, error)
    for odd in (".。", "。。", "..", "。."):
        assert odd not in said
    assert ("The file is empty" in said) is (texts is EN)
    assert ("文件是空的" in said) is (texts is ZH)


def test_a_reason_is_never_empty_nor_the_systems_word(tmp_path: Path) -> None:
    gone = tmp_path / "gone.pdf"
    assert "（）" not in refused_sentence(ZH, Refused(gone, "unreadable-file"))
    system = "No such file or directory"
    assert "（找不到这个文件）" in refused_sentence(ZH, Refused(gone, "unreadable-file", reason=system))
    assert system not in error_sentence(ZH, Problem("unreadable-file", path="a", reason=system))


def test_a_file_that_went_away_is_said_with_the_reason(window: MainWindow, jobs: Jobs, tmp_path: Path) -> None:
    window.errands.import_documents([tmp_path / "gone.pdf"])
    assert jobs.settle()
    assert "找不到这个文件" in refused(window)["gone.pdf"]
    assert window.errands.dialog is not None
    press(window.errands.dialog, Qt.Key.Key_Escape)


def test_odd_cells_come_from_the_file_with_their_place(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "小学"
    for row in (("学校名称", "学生数"), ("甲小学", "约800人"), ("合计", 800)):
        sheet.append(row)
    book.create_sheet("说明").append(("随便写的",))
    book.save(tmp_path / "名单.xlsx")
    read = _read_schools(tmp_path / "名单.xlsx")
    assert (2, "小学", "学生数", "约800人") in [(n.row, n.sheet, n.column, n.found) for n in read.odd]
    assert {(note.row, note.sheet) for note in read.skipped} == {(3, "小学"), (1, "说明")}
    rows = [row for _, group in list_notes(ZH, read) for row in group]
    assert any("工作表“说明”第 1 行" in first for first, _ in rows)


def plan_of(read: SchoolsRead) -> SchoolsPlan:
    return SchoolsPlan("名单.xlsx", read, CatalogueChange(read.schools, (), ()))


def test_what_was_understood_is_shown_doubtful_first(look: Look, tools: Tools) -> None:
    school = School(SchoolId("1"), "甲小学")
    campus = School(SchoolId("1-1"), "甲小学（东校区）", campus_of=school.id)
    odd = (
        ListNote(3, "全角数字。Full-width digits.", "", "学生数", "８００", "800"),
        ListNote(9, "寄宿生多于学生数。More boarders than pupils.", "", "寄宿生", "900", "900", doubt=True),
        ListNote(10, "不是日期。No date.", "", "建校年月", "不详", ""),
    )
    read = SchoolsRead((school, campus), (ListNote(1, "标题。A title."),), odd)
    dialog = SchoolsDialog(look, ZH, plan_of(read), None)
    (odd_title, odd_rows), (skipped_title, skipped_rows) = dialog.groups
    assert odd_title == "已按这样理解，请看一眼（3）"
    assert odd_rows[0] == ("第 9 行 · 寄宿生（请核对）", "寄宿生多于学生数。")
    assert odd_rows[1] == ("第 3 行 · 学生数", "“８００”读作“800”。全角数字。")
    assert "没有采用" in odd_rows[2][1]
    assert skipped_title == "没有用的行（1）"
    assert list(skipped_rows) == [("第 1 行：标题。", "")]
    said = [label.text() for label in dialog.findChildren(Label)]
    assert "读出 1 所学校，1 个校区" in said
    assert dialog.confirm_button.accessibleName() == "导入 1 所学校，1 个校区"
    dialog.deleteLater()


def test_more_notes_than_are_shown_are_counted() -> None:
    read = SchoolsRead((), tuple(ListNote(n, "附注。A note.") for n in range(SHOWN + 7)))
    ((_, rows),) = list_notes(ZH, read)
    assert len(rows) == SHOWN + 1
    assert "7" in rows[-1][0]
