"""A workbook as pyxform's plain sheets: nothing in it is run, nothing that swells is unpacked; pyxform judges it."""

from __future__ import annotations

import re
import warnings
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

from safetyapp.forms.mistakes import LARGEST_FILE, ListRefused, shown
from safetyapp.forms.xlsform_report import CHOICES, SHEETS, SURVEY, SheetNotes, note_refusal, note_warnings

MOST_ROWS = 10_000
"""Rows of the survey sheet: pyxform takes about 5 s for so many; the largest form known to us has 600."""
MOST_CHOICES = 50_000
ROW = "__row"
"""The column that is added to the survey sheet: pyxform hands it on to the elements that it makes of a row."""

_OLE = bytes.fromhex("D0CF11E0A1B11AE1")
_XLS_MACROS = "_VBA_PROJECT_CUR".encode("utf-16-le")
_WORKSHEET = re.compile(r"xl/worksheets/[^/]+\.xml")
_FORMULA = re.compile(rb"<(?:\w+:)?f[ />]")


@dataclass(frozen=True, slots=True)
class Converted:
    """What pyxform made of a workbook: its own tree of the form, and the sheets that it read it from."""

    tree: dict[str, Any]
    survey: list[dict[str, str]]
    headers: tuple[str, ...]
    settings: dict[str, str]
    external: list[dict[str, str]]
    has_entities: bool


def convert(data: bytes, suffix: str, notes: SheetNotes) -> Converted | None:
    """pyxform's tree, or None after noting why there is none. No Java and no network are asked."""
    sheets = read_sheets(data, suffix, notes)
    if sheets is None or notes.mistakes or not (_is_bounded(sheets, notes) and _is_one(sheets, notes)):
        return None
    from pyxform.builder import create_survey_element_from_dict
    from pyxform.xls2json import workbook_to_json

    for number, row in enumerate(sheets.survey or (), start=2):
        if row:
            row[ROW] = str(number)
    if sheets.survey_header:
        sheets.survey_header[0][ROW] = None
    said: list[str] = []
    try:
        # as `pyxform.xls2xform.convert` does it, but for the sheets, which are wanted here too
        tree = workbook_to_json(sheets, fallback_form_name=Path(notes.name).stem, warnings=said)
        create_survey_element_from_dict(tree).to_xml(validate=False, warnings=said)
    except Exception as error:  # PyXFormError where it knows what is wrong, anything where it does not
        note_refusal(notes, error, sheets.survey or ())
        return None
    note_warnings(notes, (re.sub(r",? ?'__row': '\d+'", "", s) for s in said))
    return Converted(
        tree=tree,
        survey=list(sheets.survey or ()),
        headers=tuple(h for h in (sheets.survey_header or ({},))[0] if h != ROW),
        settings=dict((sheets.settings or ({},))[0]),
        external=list(sheets.external_choices or ()),
        has_entities=bool(sheets.entities),
    )


def read_sheets(data: bytes, suffix: str, notes: SheetNotes) -> Any:
    """pyxform's `DefinitionData` of the file, or None after noting why it cannot be read."""
    if not data:
        notes.mistake_at("", 0, "empty", "文件是空的（0 字节）", "The file is empty (0 bytes)")
        return None
    if len(data) > LARGEST_FILE:
        size = LARGEST_FILE >> 20
        notes.mistake_at("", 0, "too-large", f"文件超过 {size} MB", f"The file is larger than {size} MB")
        return None
    kind = _kind(data, suffix, notes)
    if kind is None:
        return None
    from pyxform.errors import PyXFormError
    from pyxform.xls2json_backends import DefinitionData, SupportedFileTypes

    read = SupportedFileTypes.get_processors()[SupportedFileTypes(kind)]
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl's, of parts that it does not keep
            return DefinitionData(fallback_form_name=Path(notes.name).stem, **read(data))
    except Exception as error:  # each of the libraries has its own idea of a damaged file
        said = str(error)
        if "encrypted" in said.lower():
            _encrypted(notes)
        elif isinstance(error, PyXFormError) and not said.startswith("Error reading"):
            note_refusal(notes, error)
        elif kind in (".xls", ".xlsx"):
            zh, en = "工作簿已损坏，读不出来", "The workbook is damaged and cannot be read"
            notes.mistake_at("", 0, "not-excel", zh, en)
        else:
            notes.mistake_at("", 0, "not-xlsform", "不是 XLSForm", "This is no XLSForm")
    return None


def _kind(data: bytes, suffix: str, notes: SheetNotes) -> str | None:
    """What the file is, by its content; None after noting why it is not read."""
    if data.startswith(_OLE):
        if "EncryptedPackage".encode("utf-16-le") in data:
            _encrypted(notes)
            return None
        if _XLS_MACROS in data:
            _macros(notes)
            return None
        return ".xls"
    if data.startswith(b"PK"):
        return ".xlsx" if _is_harmless(data, notes) else None
    if suffix in (".csv", ".md"):
        return suffix
    head = data[:4096].lstrip().lower()
    if head.startswith((b"<html", b"<!doctype", b"<table", b"<?xml", b"mime-version")):
        zh = "这是改了扩展名的网页，不是 Excel 文件；请用 Excel 或 WPS 打开后另存为 .xlsx"
        en = "This is a web page under an Excel name; open it in Excel or WPS and save it as .xlsx"
        notes.mistake_at("", 0, "web-page", zh, en)
    else:
        zh, en = "文件不是 Excel 工作簿，可能已损坏", "The file is no Excel workbook; it may be damaged"
        notes.mistake_at("", 0, "not-excel", zh, en)
    return None


def _is_harmless(data: bytes, notes: SheetNotes) -> bool:
    """Whether a zipped workbook unpacks to what it should, without macros and without formulas that have no value."""
    from safetyapp.forms.sheets import look_inside

    try:
        look_inside(notes.name, data)
    except ListRefused as refused:
        code = refused.mistakes[0].code
        if code == "macros":
            _macros(notes)
        elif code == "too-large":
            zh, en = "展开后过大，不像检查表", "It unpacks to more than any form could hold"
            notes.mistake_at("", 0, code, zh, en)
        else:
            zh, en = "文件不是完整的 Excel 工作簿", "The file is no complete Excel workbook"
            notes.mistake_at("", 0, "not-excel", zh, en)
        return False
    with zipfile.ZipFile(BytesIO(data)) as package:
        sheets = [part for part in package.namelist() if _WORKSHEET.fullmatch(part)]
        if any(_FORMULA.search(package.read(part)) for part in sheets):
            _check_formulas(data, notes)
    return True


def _check_formulas(data: bytes, notes: SheetNotes) -> None:
    """A formula counts with the value that was saved with it; one without a value would be an empty cell."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            found = list(dict.fromkeys(_formulas(data)))
        except Exception:  # pyxform's reading says what is wrong with the workbook
            return
    for sheet, row, has_value in found:
        if has_value:
            zh, en = "公式按保存时的值读入", "A formula was read as the value saved with it"
            notes.warning_at(sheet, row, "formula", zh, en)
        else:
            zh, en = "公式没有算出的值；请改成文字", "A formula has no value; write a text instead"
            notes.mistake_at(sheet, row, "formula", zh, en)


def _formulas(data: bytes) -> Iterator[tuple[str, int, bool]]:
    """Sheet and row of every formula in the form's sheets, and whether a value was saved with it."""
    import openpyxl

    written = openpyxl.load_workbook(BytesIO(data), read_only=True, keep_links=False)
    valued = openpyxl.load_workbook(BytesIO(data), read_only=True, keep_links=False, data_only=True)
    for sheet in written.worksheets:
        name = sheet.title.lower()
        if name in SHEETS:
            values = valued[sheet.title].iter_rows(values_only=True)
            for number, (cells, row) in enumerate(zip(sheet.iter_rows(), values, strict=False), start=1):
                pairs = zip(cells, row, strict=False)
                yield from ((name, number, value is not None) for cell, value in pairs if cell.data_type == "f")


def _is_bounded(sheets: Any, notes: SheetNotes) -> bool:
    for sheet, rows, most in ((SURVEY, sheets.survey, MOST_ROWS), (CHOICES, sheets.choices, MOST_CHOICES)):
        if rows and len(rows) > most:
            zh, en = f"超过 {most} 行", f"There are more than {most} rows"
            notes.mistake_at(sheet, 0, "too-many-rows", zh, en)
            return False
    return True


def _is_one(sheets: Any, notes: SheetNotes) -> bool:
    """Whether there is one form in the workbook; sheets that are none of its parts are named."""
    found: set[str] = set()
    for title in sheets.sheet_names or ():
        known = title.strip().lower()
        if known in found:
            zh, en = (
                f"“{known}”有两张：“{shown(title)}”是另一张",
                f"There are two sheets {known}: '{shown(title)}' is another",
            )
            notes.mistake_at(known if known in SHEETS else "", 0, "two-forms", zh, en)
            return False
        found.add(known)
        if title.lower() not in (*SHEETS, "osm"):
            zh, en = f"工作表“{shown(title)}”没有读入", f"The sheet '{shown(title)}' was not read"
            notes.warning_at("", 0, "extra-sheet", zh, en)
    return True


def _encrypted(notes: SheetNotes) -> None:
    zh = "文件设有打开密码，请取消密码后另存为 .xlsx"
    en = "The file is protected by a password; save it as .xlsx without one"
    notes.mistake_at("", 0, "encrypted", zh, en)


def _macros(notes: SheetNotes) -> None:
    zh, en = "文件带有宏，请另存为不含宏的 .xlsx", "The file holds macros; save it as .xlsx without them"
    notes.mistake_at("", 0, "macros", zh, en)
