"""What offices make of a workbook: other spellings, moved columns and sheets, and every mistake with its cell."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest

from safetyapp.domain.form import Severity
from safetyapp.domain.schedule import Every, Period
from safetyapp.forms.workbook import read_workbook, write_workbook
from tests.forms.made_workbooks import SMALL, WRITTEN, cell, changed, column, read


def test_the_small_form_comes_back() -> None:
    form, notes = read_workbook(WRITTEN, "f.xlsx")
    assert [str(m) for m in notes.mistakes] == []
    assert form == SMALL


# --- what changes nothing ---


def _other_program(book: Any) -> None:
    """As WPS leaves it: formats, hidden columns, an extra sheet, sheets in another order, empty rows at the end."""
    from openpyxl.styles import Font

    items = book["项目"]
    items["B3"].font = Font(bold=True)
    items.column_dimensions["C"].hidden = True
    items.row_dimensions[4].hidden = True
    items.cell(60, 2).value = "   "
    items.cell(61, 2).font = Font(italic=True)
    book.create_sheet("统计").append(["随便", 1])
    book.move_sheet("依据", -3)
    book["选项"].sheet_state = "hidden"


def _other_columns(book: Any) -> None:
    items = book["项目"]
    items.insert_cols(2)
    items["B1"].value = "负责人"
    items["B3"].value = "张三"
    last = items.max_column
    for row in range(1, items.max_row + 1):  # the first column goes to the end
        items.cell(row, last + 1).value = items.cell(row, 1).value
        items.cell(row, 1).value = None


def _no_keys(book: Any) -> None:
    for title in ("项目", "选项", "依据"):
        book[title].delete_rows(2)


def _only_keys(book: Any) -> None:
    for title in ("项目", "选项", "依据"):
        book[title].delete_rows(1)


def _title_above(book: Any) -> None:
    book["项目"].insert_rows(1)
    book["项目"]["A1"].value = "某区教委检查项目"


def _other_names(book: Any) -> None:
    book["项目"].title = "检查项目 "
    book["依据"].title = "法律依据"


def _sections_once(book: Any) -> None:
    """The section only in its first row, merged down, by its title."""
    items = book["项目"]
    items["A3"].value = "第一类"
    items.merge_cells("A3:A4")
    items["A5"].value = "第二类"
    items["A6"].value = None


def _members_anywhere(book: Any) -> None:
    """A column of the table stands above the table, without a section."""
    items = book["项目"]
    row = cell(items, "B-3-name", "id").row
    values = [c.value for c in items[row]]
    items.delete_rows(row)
    items.insert_rows(3)
    for place, value in enumerate(values, start=1):
        items.cell(3, place).value = value
    items["A3"].value = None


def _a_basis_in_a_row_of_its_own(book: Any) -> None:
    items = book["项目"]
    row = cell(items, "A-1", "basis").row
    items[f"{column(items, 'basis')}{row}"].value = None
    items.insert_rows(row + 1)
    items[f"{column(items, 'basis')}{row + 1}"].value = "消防法 第十六条（已核）"


CHANGES = [_other_program, _other_columns, _no_keys, _only_keys, _title_above, _other_names, _sections_once]


@pytest.mark.parametrize(
    "change", [*CHANGES, _members_anywhere, _a_basis_in_a_row_of_its_own], ids=lambda change: change.__name__
)
def test_reads_the_same_form(change: Callable[[Any], None]) -> None:
    form, mistakes, _ = read(change)
    assert mistakes == []
    assert form == SMALL


def test_what_was_not_read_is_named() -> None:
    _, _, warnings = read(_other_columns)
    assert ("项目!B1", "extra-column") in warnings
    _, _, warnings = read(_other_program)
    assert ("统计", "extra-sheet") in warnings


@pytest.mark.parametrize(
    ("key", "texts"),
    [
        ("basis", ["《消防法》第十六条【已核】", "消防法第十六条 [已核]", "law 第十六条(已核)"]),
        ("basis", ["《中华人民共和国消防法》第十六条 [ 已核 ]", "《 消防法 》 第十六条（已核对）"]),
        ("severity", ["一般隐患", " 一般 ", "general", "General"]),
        ("answer.kind", ["小数", "数值", "decimal"]),
        ("answer.min", ["０．９０", " 0.90 ", "+0.90"]),
        ("days", ["７", "7天", " 7 "]),
        ("required", ["是", "TRUE", "√", "", "对"]),
        ("photo", ["", "不拍", "none"]),
        ("applies", ["小学、初中 且 有食堂\n有寄宿", "小学，初中＋食堂；寄宿", "小学/初中 并且 有食堂 或 住宿"]),
        ("applies", ["primary,middle 且 canteen\n\n有宿舍"]),
        ("answer.cases", ["nursery:幼儿园 / Nursery;最小1.20;适用:幼儿园"]),
        ("answer.cases", ["nursery：幼儿园 / Nursery；≥ 1.20；适用 幼"]),
        ("answer.cases", ['"nursery"：幼儿园 / "Nursery"；下限=１.20；适用学校 kindergarten']),
        ("answer.readings", ["doors：门数 / Doors；整数；单位 个 / doors；最小 2"]),
        ("answer.readings", ["doors: 门数 / Doors; 最小：2; 种类 整数; 单位：个 / doors"]),
    ],
)
def test_reads_what_people_type(key: str, texts: list[str]) -> None:
    for text in texts:

        def change(book: Any, text: str = text) -> None:
            cell(book["项目"], "B-1", key).value = text or None

        form, mistakes, _ = read(change)
        assert mistakes == [], text
        assert form == SMALL, text


@pytest.mark.parametrize(
    ("text", "every"),
    [
        ("每月1次", Every(Period.MONTH)),
        ("每个月一次", Every(Period.MONTH)),
        ("每学期２次", Every(Period.TERM, 2)),
        ("每学期1次（开学前）", Every(Period.TERM, opening=True)),
        ("每学期一次，开学前", Every(Period.TERM, opening=True)),
        ("每上课日1次", Every(Period.SCHOOL_DAY)),
        ("每天", Every(Period.DAY)),
        ("每 365 天", Every(days=365)),
        ("不超过30天", Every(days=30)),
    ],
)
def test_reads_how_often(text: str, every: Every) -> None:
    def change(book: Any) -> None:
        sheet = book["检查表"]
        at = next(c for row in sheet.iter_rows() for c in row if c.value == "每月1次")
        at.value = text

    form, mistakes, _ = read(change)
    assert form is not None, mistakes
    assert form.due[0].every == every
    again, _ = read_workbook(write_workbook(form), "f.xlsx")
    assert again == form


def test_numbers_and_days_of_the_table_program_are_read() -> None:
    def change(book: Any) -> None:
        cell(book["项目"], "B-1", "answer.min").value = 0.9
        cell(book["项目"], "B-1", "days").value = 7
        cell(book["项目"], "B-1", "required").value = True
        book["依据"]["E3"].value = datetime(2024, 5, 1)

    form, mistakes, _ = read(change)
    assert form is not None, mistakes
    assert form.documents[0].in_force == date(2024, 5, 1)
    assert str(form.items().__next__().days) == "7"
    item = form.item("B-1")
    assert item is not None
    assert str(item.answer.limits.minimum) == "0.9"


def test_an_expression_that_reads_like_a_yes_stays_one() -> None:
    def change(book: Any) -> None:
        cell(book["项目"], "A-1", "required").value = "公式：1"
        cell(book["项目"], "A-2", "required").value = "否"

    form, mistakes, _ = read(change)
    assert form is not None, mistakes
    assert [form.sections[0].items[n].required for n in (0, 1)] == ["1", ""]
    again, _ = read_workbook(write_workbook(form), "f.xlsx")
    assert again == form


# --- mistakes, each with its cell ---


@pytest.mark.parametrize(
    ("item", "key", "value", "code"),
    [
        ("B-1", "answer.kind", "小树", "unknown-kind"),
        ("B-1", "answer.kind", None, "missing"),
        ("B-1", "severity", "严重", "unknown-severity"),
        ("B-1", "photo", "偶尔", "unknown-photo"),
        ("B-1", "answer.min", "九十", "bad-number"),
        ("B-1", "days", "一周", "bad-number"),
        ("B-1", "days", None, "missing"),
        ("B-1", "method.zh", None, "missing"),
        ("B-1", "required", datetime(2026, 1, 5), "became-date"),
        ("B-1", "basis", datetime(2026, 11, 5), "became-date"),
        ("B-1", "basis", "《建筑法》第一条 [已核]", "unknown-document"),
        ("B-1", "applies", "小学、有食堂", "bad-applies"),
        ("B-1", "applies", "小学 且 初中", "bad-applies"),
        ("B-1", "applies", "小学 且 有游泳池", "unknown-fact"),
        ("B-1", "answer.cases", "幼儿园 1.20", "bad-line"),
        ("B-1", "answer.cases", "a：名；大约 3", "bad-line"),
        ("B-1", "answer.cases", "a：名；最小 1；最小 2", "duplicate-key"),
        ("B-1", "answer.readings", "a：名；颜色 红", "bad-line"),
        ("B-1", "answer.readings", "a：名；单位 个", "missing"),
        ("B-1", "answer.not_expired", "也许", "bad-value"),
        ("B-1", "answer.not_expired", "是", "bad-limit"),
        ("B-1", "id", "1 号", "bad-id"),
        ("B-1", "id", "A-2", "duplicate-id"),
        ("B-1", "section", "第九类", "unknown-section"),
        ("B-1", "parent", "B-9", "unknown-parent"),
        ("B-2", "answer.list", "states", "unknown-list"),
        ("B-3", "parent", "B-3-ok", "parent-circle"),
        ("B-1", "answer.min", "=1+1", "formula"),
        ("B-1", "question.zh", "#REF!", "error-cell"),
        ("B-1", "severity", "重大", "major-without-criterion"),
        ("B-1", "veto", "bad", "unknown-grade"),
    ],
)
def test_mistakes_have_their_cell(item: str, key: str, value: Any, code: str) -> None:
    at = ""

    def change(book: Any) -> None:
        nonlocal at
        found = cell(book["项目"], item, key)
        at = f"项目!{found.coordinate}"
        found.value = value

    form, mistakes, _ = read(change)
    assert form is None
    assert (at, code) in mistakes


def test_all_mistakes_are_said_at_once_in_the_order_of_the_sheets() -> None:
    def change(book: Any) -> None:
        cell(book["项目"], "A-1", "severity").value = "严重"
        cell(book["项目"], "B-2", "days").value = "久"
        book["检查表"]["B3"].value = None
        book["依据"]["E3"].value = "去年"

    form, mistakes, _ = read(change)
    assert form is None
    assert [place.split("!")[0] for place, _ in mistakes] == ["检查表", "项目", "项目", "依据"]


def test_where_an_id_was_used_before_is_said_as_a_cell() -> None:
    def change(book: Any) -> None:
        cell(book["项目"], "A-2", "id").value = "A-1"

    _, notes = read_workbook(changed(change), "f.xlsx")
    (mistake,) = notes.mistakes
    assert "项目!B3" in mistake.message
    assert "第 " not in mistake.message


def test_near_words_are_offered() -> None:
    def change(book: Any) -> None:
        cell(book["项目"], "A-1", "answer.kind").value = "合格判定"
        cell(book["项目"], "B-1", "section").value = "secnd"
        book["项目"][f"{column(book['项目'], 'severity')}1"].value = "隐患等极"

    _, notes = read_workbook(changed(change), "f.xlsx")
    said = " ".join(m.message for m in (*notes.mistakes, *notes.warnings))
    assert "是否应为“合格判断”" in said
    assert "是否应为“second”" in said


def test_a_number_cell_where_a_text_belongs_is_worth_a_look() -> None:
    def change(book: Any) -> None:
        book["检查表"]["B3"].value = 1.1

    form, _, warnings = read(change)
    assert form is not None
    assert form.version == "1.1"
    assert ("检查表!B3", "became-number") in warnings


def test_a_member_goes_with_its_table() -> None:
    def change(book: Any) -> None:
        cell(book["项目"], "B-3-ok", "section").value = "first"

    form, _, warnings = read(change)
    assert form == SMALL
    assert [code for _, code in warnings if code == "other-section"] == ["other-section"]


def test_what_an_office_does_most() -> None:
    """A new row, a new clause, another limit, a new version."""

    def change(book: Any) -> None:
        items = book["项目"]
        row = items.max_row + 1
        for key, value in {
            "section": "第二类",
            "id": "B-9",
            "answer.kind": "合格",
            "question.zh": "新的一项？",
            "method.zh": "看",
            "severity": "重大候选",
            "candidate.zh": "多处时",
            "reason.zh": "因",
            "action.zh": "改",
            "days": 3,
            "basis": "消防法第二十八条",
        }.items():
            items[f"{column(items, key)}{row}"].value = value
        cell(items, "B-1", "answer.min").value = "1.10"
        book["检查表"]["B3"].value = "1.1"

    form, mistakes, _ = read(change)
    assert form is not None, mistakes
    new = form.sections[1].items[-1]
    assert (new.id, new.severity, new.days, new.basis[0].clause) == ("B-9", Severity.CANDIDATE, 3, "第二十八条")
    assert not new.basis[0].verified
    limited = form.item("B-1")
    assert limited is not None
    assert str(limited.answer.limits.minimum) == "1.10"
