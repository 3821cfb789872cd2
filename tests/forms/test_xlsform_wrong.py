"""Workbooks that are no good form: one clear message with place and code, nothing imported, nothing run."""

from __future__ import annotations

import time
import zipfile
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from safetyapp.forms.xlsform import read_xlsform
from safetyapp.forms.xlsform_workbook import MOST_CHOICES, MOST_ROWS
from tests.forms.xlsform_books import book, opened, refused, said

HEAD = ("type", "name", "label")
GOOD = book([HEAD, ("text", "q", "Q")])
OLE = bytes.fromhex("D0CF11E0A1B11AE1")


def with_part(data: bytes, name: str, content: bytes) -> bytes:
    """The workbook with a part added or put in the place of another."""
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.namelist():
            if part != name:
                new.writestr(part, old.read(part))
        new.writestr(name, content)
    return out.getvalue()


def changed(data: bytes, sheet: str, cell: str, value: object) -> bytes:
    made = load_workbook(BytesIO(data))
    made[sheet][cell] = value
    out = BytesIO()
    made.save(out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "name", "code"),
    [
        (b"", "f.xlsx", "empty"),
        (b"no workbook", "f.xlsx", "not-excel"),
        (b"<html><table></table></html>", "f.xls", "web-page"),
        (b"PK\x03\x04 and then nothing", "f.xlsx", "not-excel"),
        (GOOD[: len(GOOD) // 2], "f.xlsx", "not-excel"),
        (OLE + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"), "f.xlsx", "encrypted"),
        (OLE + b"\0" * 600, "f.xls", "not-excel"),
        (OLE + b"\0" * 600 + "_VBA_PROJECT_CUR".encode("utf-16-le"), "f.xls", "macros"),
        (with_part(GOOD, "xl/vbaProject.bin", b"x"), "f.xlsm", "macros"),
        (with_part(GOOD, "xl/worksheets/sheet1.xml", b"<a>" * 1_000_000), "f.xlsx", "not-excel"),
        (with_part(GOOD, "xl/media/bomb.bin", b"\0" * 130_000_000), "f.xlsx", "too-large"),
        (b"PK" + b"\0" * 9_000_000, "f.xlsx", "too-large"),
        (b"a,b\n1,2\n", "f.csv", "not-xlsform"),
        (b"\xff\xfe\x00", "f.csv", "not-xlsform"),
        (b"# nothing\n", "f.md", "not-xlsform"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_files_that_are_no_workbook(data: bytes, name: str, code: str) -> None:
    assert refused(data, name) == [(name, code)]


def test_missing_file_is_a_message(tmp_path: Path) -> None:
    form, notes = read_xlsform(tmp_path / "none.xlsx")
    assert form is None
    assert [m.code for m in notes.mistakes] == ["no-file"]


@pytest.mark.parametrize(
    ("rows", "place"),
    [
        ([HEAD, ("text", "q", "Q"), ("begin group", "g", "G")], "survey!3"),
        ([HEAD, ("select_one gone", "q", "Q")], ""),
        ([HEAD, ("nonsense", "q", "Q")], "survey!2"),
        ([HEAD, ("text", "q", "How old is ${nobody}?")], "survey!2"),
        ([HEAD, ("text", "q q", "Q")], "survey!2"),
        ([("kind", "name", "label"), ("text", "q", "Q")], "survey"),
        ([("标题", None, None), HEAD, ("text", "q", "Q")], "survey"),
        ([HEAD], "survey"),
        ([HEAD, ("audit", None, None)], "survey"),
    ],
)
def test_what_pyxform_refuses_is_refused_at_its_place(rows: list[tuple[object, ...]], place: str) -> None:
    found = refused(book(rows))
    assert [where for where, _ in found] == [f"form.xlsx:{place}" if place else "form.xlsx"]


def test_no_survey_sheet() -> None:
    assert refused(book((), answers=[HEAD], questions=[HEAD])) == [("form.xlsx:survey", "bad-xlsform")]


def test_merged_heads_are_no_heads() -> None:
    made = load_workbook(BytesIO(book([("type", "name", "label"), ("text", "q", "Q")])))
    made["survey"].merge_cells("A1:C1")
    out = BytesIO()
    made.save(out)
    assert [code for _, code in refused(out.getvalue())] == ["bad-xlsform"]


def test_formula_without_a_value_is_a_mistake_and_one_with_a_value_counts() -> None:
    assert refused(changed(GOOD, "survey", "C2", '="Q"&1')) == [("form.xlsx:survey!2", "formula")]
    with zipfile.ZipFile(BytesIO(GOOD)) as package:
        sheet = package.read("xl/worksheets/sheet1.xml")
    valued = sheet.replace(
        b'<c r="C2" t="inlineStr"><is><t>Q</t></is></c>', b'<c r="C2" t="str"><f>"Q"&amp;1</f><v>Q1</v></c>'
    )
    if valued == sheet:  # written with shared strings
        at = sheet.index(b'<c r="C2"')
        valued = sheet[:at] + b'<c r="C2" t="str"><f>"Q"&amp;1</f><v>Q1</v></c>' + sheet[sheet.index(b"</c>", at) + 4 :]
    data = with_part(GOOD, "xl/worksheets/sheet1.xml", valued)
    item = opened(data).item("q")
    assert item is not None
    assert item.question.zh == "Q1"
    assert said(data) == [("form.xlsx:survey!2", "formula")]


def test_expression_that_cannot_be_read_is_a_mistake_at_its_row() -> None:
    head = (*HEAD, "relevant", "calculation")
    assert refused(book([head, ("text", "a", "A", None, None), ("text", "b", "B", "${a} = = 1", None)])) == [
        ("form.xlsx:survey!3", "bad-expression")
    ]
    assert refused(book([head, ("calculate", "a", "", None, "nonsense(1)"), ("text", "b", "B", None, None)])) == [
        ("form.xlsx:survey!2", "unknown-function")
    ]
    circle = [head, ("calculate", "a", "", None, "${b}"), ("calculate", "b", "", None, "${a}"), ("text", "c", "C")]
    assert [code for _, code in refused(book(circle))] == ["expression-circle"]


def test_too_deep() -> None:
    rows: list[tuple[object, ...]] = [HEAD]
    rows += [("begin group", f"g{n}", f"G{n}") for n in range(13)]
    rows += [("text", "q", "Q"), *(("end group", "", "") for _ in range(13))]
    assert refused(book(rows)) == [("form.xlsx:survey!13", "too-deep")]


@pytest.mark.slow
@pytest.mark.parametrize("rows", [MOST_ROWS + 1, 20_000])
def test_too_many_rows_is_said_without_pyxform_looking_at_them(rows: int) -> None:
    data = book([HEAD, *(("text", f"q{n}", "Q") for n in range(rows))])
    started = time.perf_counter()
    assert refused(data) == [("form.xlsx:survey", "too-many-rows")]
    assert time.perf_counter() - started < 10


def test_too_many_choices(monkeypatch: pytest.MonkeyPatch) -> None:
    assert MOST_CHOICES == 50_000
    monkeypatch.setattr("safetyapp.forms.xlsform_workbook.MOST_CHOICES", 3)
    choices = [("list_name", "name", "label"), *(("l", f"c{n}", "C") for n in range(4))]
    assert refused(book([HEAD, ("select_one l", "q", "Q")], choices)) == [("form.xlsx:choices", "too-many-rows")]


CELLS = st.one_of(
    st.sampled_from(
        [
            *(
                "text",
                "integer",
                "select_one yn",
                "begin group",
                "end group",
                "begin repeat",
                "end repeat",
                "note",
                "calculate",
            ),
            *(
                "q",
                "r",
                "${q}",
                "../q",
                ". > 1",
                "yes",
                "",
                "selected(${q}, 'a')",
                "%(label)s",
                "a.png",
                "1",
                "${",
                "'",
                "or_other",
            ),
        ]
    ),
    st.text(max_size=8).filter(lambda t: all(c.isprintable() for c in t)),
    st.none(),
)
COLUMNS = (
    "type",
    "name",
    "label",
    "relevant",
    "calculation",
    "constraint",
    "default",
    "choice_filter",
    "image",
    "trigger",
)


@settings(max_examples=80, deadline=None)
@given(st.lists(st.lists(CELLS, min_size=3, max_size=len(COLUMNS)), max_size=8))
def test_any_sheet_opens_or_is_refused_with_a_reason(rows: list[list[str | None]]) -> None:
    sheet = [COLUMNS, *(["'" + c if c and c.startswith("=") else c for c in row] for row in rows)]
    choices = [("list_name", "name", "label"), ("yn", "yes", "Yes"), ("yn", "no", None)]
    form, notes = read_xlsform(book(sheet, choices), "form.xlsx")
    assert (form is None) == bool(notes.mistakes)


@settings(max_examples=60, deadline=None)
@given(
    st.binary(max_size=200),
    st.sampled_from([".xlsx", ".xls", ".csv", ".md", ".xlsm"]),
    st.sampled_from([b"", b"PK\x03\x04", OLE]),
)
def test_any_bytes_are_refused_with_a_reason(data: bytes, suffix: str, head: bytes) -> None:
    form, notes = read_xlsform(head + data, f"f{suffix}")
    assert form is None
    assert len(notes.mistakes) == 1
