"""Workbooks that are broken, foreign or meant to harm: one clear message with its place, and nothing is taken in."""

from __future__ import annotations

import io
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from safetyapp.forms.workbook import is_ours, read_workbook, write_workbook
from tests.forms.made_workbooks import WRITTEN, cell, changed, with_part

SHEET = "xl/worksheets/sheet2.xml"


def _no_sheets(book: Any) -> None:
    for title in book.sheetnames:
        book[title].title = f"表{title}x"


def _drop(title: str) -> Callable[[Any], None]:
    return lambda book: book.remove(book[title])


def _merged(book: Any) -> None:
    book["项目"].delete_rows(2)  # with the row of keys it could be read all the same
    book["项目"].merge_cells("E1:F1")


def _copy_below(book: Any) -> None:
    items = book["项目"]
    for row in list(items.iter_rows(min_row=1, max_row=4, values_only=True)):
        items.append(row)


def _second_form(book: Any) -> None:
    sheet = book["检查表"]
    sheet.insert_rows(11, 2)
    sheet["A11"].value = "代号"
    sheet["B11"].value = "other"


def _no_id_column(book: Any) -> None:
    book["项目"].delete_cols(2)


def _twice(book: Any) -> None:
    book["项目"]["I1"].value = "编号"


def _no_heads(book: Any) -> None:
    book["项目"].delete_rows(1, 2)


def _empty_items(book: Any) -> None:
    book["项目"].delete_rows(1, 100)


def _no_sections(book: Any) -> None:
    sheet = book["检查表"]
    at = next(c for row in sheet.iter_rows() for c in row if c.value == "【类别表】")
    at.value = "分类"


@pytest.mark.parametrize(
    ("change", "where", "code"),
    [
        (_no_sheets, "", "not-workbook"),
        (_drop("项目"), "", "missing-sheet"),
        (_drop("检查表"), "", "missing-sheet"),
        (_drop("依据"), "", "missing-sheet"),
        (_drop("选项"), "", "missing-sheet"),
        (_merged, "项目!E1", "merged-heads"),
        (_copy_below, "项目!10", "two-forms"),
        (_second_form, "检查表!A11", "two-forms"),
        (_no_id_column, "项目!1", "missing-column"),
        (_twice, "项目!I1", "duplicate-column"),
        (_no_heads, "项目!1", "no-heads"),
        (_empty_items, "项目", "no-heads"),
        (_no_sections, "检查表", "missing-block"),
        (lambda book: setattr(book.copy_worksheet(book["项目"]), "title", "检查项"), "检查项", "two-forms"),
    ],
)
def test_one_message_with_its_place(change: Callable[[Any], None], where: str, code: str) -> None:
    form, notes = read_workbook(changed(change), "f.xlsx")
    assert form is None
    assert [(m.where, m.code) for m in notes.mistakes] == [(f"f.xlsx:{where}" if where else "f.xlsx", code)]
    assert "。" in notes.mistakes[0].message


def _with_macros() -> bytes:
    return with_part("xl/vbaProject.bin", b"", b"macros")


def _bomb() -> bytes:
    return with_part("xl/media/image1.png", b"", b"\0" * (130 * 1024 * 1024))


def _many_cells() -> bytes:
    rows = b"".join(b'<row r="%d"><c r="A%d"/></row>' % (n, n) for n in range(100, 700_100))
    return with_part(SHEET, b"</sheetData>", rows + b"</sheetData>")


def _entities() -> bytes:
    lol = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
    return with_part(SHEET, b"<worksheet", lol + b"<worksheet")


def _external() -> bytes:
    return with_part(SHEET, b"<worksheet", b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><worksheet')


def _ole(name: str) -> bytes:
    return bytes.fromhex("D0CF11E0A1B11AE1") + b"\0" * 600 + name.encode("utf-16-le") + b"\0" * 600


FILES: dict[str, tuple[Callable[[], bytes], str]] = {
    "empty": (lambda: b"", "empty"),
    "text": (lambda: "编号,检查内容\n".encode(), "not-excel"),
    "half": (lambda: WRITTEN[: len(WRITTEN) // 2], "not-excel"),
    "a picture": (lambda: b"\x89PNG\r\n\x1a\n" + b"\0" * 100, "not-excel"),
    "another zip": (lambda: _zip({"a.txt": b"a"}), "not-excel"),
    "a word document": (lambda: _zip({"word/document.xml": b"<a/>"}), "not-excel"),
    "a password": (lambda: _ole("EncryptedPackage"), "encrypted"),
    "the old format": (lambda: _ole("Workbook"), "old-excel"),
    "the old format with macros": (lambda: _ole("_VBA_PROJECT_CUR"), "macros"),
    "macros": (_with_macros, "macros"),
    "a bomb": (_bomb, "too-large"),
    "many cells": (_many_cells, "too-large"),
    "entities": (_entities, "not-excel"),
    "an external entity": (_external, "not-excel"),
    "a broken sheet": (lambda: with_part(SHEET, b"<sheetData>", b"<sheetData><row r='x'>"), "not-excel"),
    "a large file": (lambda: WRITTEN + b"\0" * (9 * 1024 * 1024), "too-large"),
}


def _zip(parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        for name, data in parts.items():
            package.writestr(name, data)
    return out.getvalue()


@pytest.mark.parametrize("name", FILES)
def test_no_workbook_of_ours(name: str, tmp_path: Path) -> None:
    make, code = FILES[name]
    path = tmp_path / "f.xlsx"
    path.write_bytes(make())
    began = time.monotonic()
    form, notes = read_workbook(path)
    assert time.monotonic() - began < 20
    assert form is None
    assert [(m.where, m.code) for m in notes.mistakes] == [("f.xlsx", code)]
    is_ours(path)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    form, notes = read_workbook(tmp_path / "none.xlsx")
    assert form is None
    assert [m.code for m in notes.mistakes] == ["unreadable"]


def test_too_many_rows() -> None:
    rows = b"".join(b'<row r="%d"><c r="A%d"><v>1</v></c></row>' % (n, n) for n in range(100, 20_200))
    form, notes = read_workbook(with_part(SHEET, b"</sheetData>", rows + b"</sheetData>"), "f.xlsx")
    assert form is None
    assert [(m.where, m.code) for m in notes.mistakes] == [("f.xlsx:项目", "too-many-rows")]


def test_formulas_are_named_cell_by_cell() -> None:
    def change(book: Any) -> None:
        cell(book["项目"], "A-1", "question.zh").value = "=A1&B1"
        cell(book["项目"], "A-2", "days").value = '=HYPERLINK("http://example.org")'

    form, notes = read_workbook(changed(change), "f.xlsx")
    assert form is None
    assert {m.code for m in notes.mistakes} >= {"formula"}
    assert sum(m.code == "formula" for m in notes.mistakes) == 2


def test_a_formula_in_a_column_that_is_not_ours_harms_nobody() -> None:
    def change(book: Any) -> None:
        items = book["项目"]
        place = items.max_column + 1
        items.cell(1, place).value = "字数"
        items.cell(3, place).value = "=LEN(E3)"

    form, notes = read_workbook(changed(change), "f.xlsx")
    assert form is not None, notes.mistakes


def test_items_within_items_without_end() -> None:
    def change(book: Any) -> None:
        items = book["项目"]
        for number in range(60):
            items.append(["first", f"N{number}", f"N{number - 1}" if number else "", "分组", f"组{number}"])

    form, notes = read_workbook(changed(change), "f.xlsx")
    assert form is None
    assert {m.code for m in notes.mistakes} >= {"too-deep"}


def test_a_merged_range_over_everything() -> None:
    area = b'</sheetData><mergeCells count="1"><mergeCell ref="A30:XFD1048576"/></mergeCells>'
    form, notes = read_workbook(with_part("xl/worksheets/sheet1.xml", b"</sheetData>", area), "f.xlsx")
    assert form is None
    assert [m.code for m in notes.mistakes] == ["too-large"]


def test_hostile_texts_do_not_reach_a_message_whole() -> None:
    def change(book: Any) -> None:
        cell(book["项目"], "A-1", "severity").value = "\u202e" + "长" * 30_000

    form, notes = read_workbook(changed(change), "f.xlsx")
    assert form is None
    assert all(len(m.message) < 600 for m in notes.mistakes)


VALUES = st.one_of(
    st.sampled_from(
        (
            None,
            0,
            1.5,
            -1,
            True,
            "",
            " ",
            "=A1",
            "是",
            "否",
            "《",
            "》",
            '"',
            "；",
            "：",
            "/",
            " / ",
            "且",
            "或",
            "[已核]",
        )
    ),
    st.sampled_from(
        ("编号", "类别", "id", "【类别表】", "【应检表】", "first", "A-1", "B-3", "表格", "分组", "每月", "来源 花名册")
    ),
    st.text(st.characters(exclude_categories=("Cc", "Cs")), max_size=8).filter(lambda t: "\ufffe" not in t),
    st.datetimes(),
    st.times(),
    st.floats(allow_nan=False, allow_infinity=False),
)
EDITS = st.lists(st.tuples(st.integers(0, 3), st.integers(1, 45), st.integers(1, 64), VALUES), min_size=1, max_size=12)


@settings(max_examples=50, deadline=None, suppress_health_check=list(HealthCheck))
@given(EDITS, st.integers(0, 3))
def test_whatever_is_typed_there_is_a_form_or_a_mistake(edits: list[tuple[int, int, int, Any]], gone: int) -> None:
    def change(book: Any) -> None:
        for sheet, row, place, value in edits:
            try:
                book.worksheets[sheet].cell(row, place).value = value
            except ValueError:
                continue
        if gone:
            book.worksheets[gone % 4].delete_rows(gone + 1)

    form, notes = read_workbook(changed(change), "f.xlsx")
    assert (form is None) == bool(notes.mistakes)
    assert all(m.message.endswith(".") and "。" in m.message for m in (*notes.mistakes, *notes.warnings))
    if form is not None:
        again, _ = read_workbook(write_workbook(form), "f.xlsx")
        assert again == form


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, len(WRITTEN) - 1), st.integers(0, 255)), min_size=1, max_size=20))
def test_damaged_bytes_are_a_mistake_and_no_crash(places: list[tuple[int, int]]) -> None:
    data = bytearray(WRITTEN)
    for place, byte in places:
        data[place] = byte
    form, notes = read_workbook(bytes(data), "f.xlsx")
    assert (form is None) == bool(notes.mistakes)
