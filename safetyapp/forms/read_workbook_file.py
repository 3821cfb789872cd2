"""A workbook's file as plain sheets. Nothing in it is run, nothing that swells is unpacked.

A file that is none of ours, or not whole, is one mistake.
"""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from safetyapp.forms.mistakes import LARGEST_FILE, ListRefused, read_bytes, shown
from safetyapp.forms.workbook_places import CellNotes
from safetyapp.forms.workbook_sheets import FORM_SHEET, ITEM_SHEET, SHEETS
from safetyapp.forms.workbook_words import folded

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

MOST_ROWS = 20_000
MOST_COLUMNS = 300

_OLE = bytes.fromhex("D0CF11E0A1B11AE1")
_OLE_MACROS = "_VBA_PROJECT_CUR".encode("utf-16-le")
_ENTITIES = re.compile(rb"<!(DOCTYPE|ENTITY)")
_SHEET_NAME = re.compile(rb"<(?:\w+:)?sheet\s[^>]*?name\s*=\s*[\"']([^\"']{0,200})[\"']")
_CHARACTER = re.compile("_x([0-9A-Fa-f]{4})_")
_BOOK_PART = "xl/workbook.xml"
_LARGEST_BOOK_PART = 1 << 20


@dataclass(frozen=True, slots=True)
class Broken:
    """A cell that holds no value of its own: a `formula`, or the `error` of one."""

    what: str


CellValue: TypeAlias = "str | int | float | bool | date | datetime | time | timedelta | Broken"


@dataclass(frozen=True, slots=True)
class Grid:
    """A sheet: its name in the file, and the cells that hold something by row and column, counted from 1. `down` are
    those whose value a merged cell above gave, `wide` the rows in which cells of one row are merged."""

    title: str
    rows: dict[int, dict[int, CellValue]]
    down: frozenset[tuple[int, int]] = frozenset()
    wide: dict[int, int] = field(default_factory=dict)


def is_our_workbook(path: Path) -> bool:
    """Whether the file is a workbook with a sheet of ours. Raises nothing; reads no more than its list of sheets."""
    try:
        with zipfile.ZipFile(path) as package:
            if package.getinfo(_BOOK_PART).file_size > _LARGEST_BOOK_PART:
                return False
            with package.open(_BOOK_PART) as stream:
                found = _SHEET_NAME.findall(stream.read(_LARGEST_BOOK_PART))
    except Exception:  # whatever is wrong with it, whoever reads it will say
        return False
    titles = [folded(_entities(name.decode("utf-8", "replace"))) for name in found]
    ours = {_known(title) for title in titles}
    return FORM_SHEET in ours or (ITEM_SHEET in ours and "survey" not in titles)


def read_grids(source: Path | bytes, notes: CellNotes) -> dict[str, Grid] | None:
    """The sheets of ours by their own names; None after noting why nothing can be read. What is no sheet of ours is
    named in a warning."""
    data = source if isinstance(source, bytes) else read_bytes(source, notes)
    if data is None or not _is_harmless(data, notes):
        return None
    import openpyxl  # slow to import, needed only here

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of parts that it does not keep
            book = openpyxl.load_workbook(io.BytesIO(data), keep_links=False)
        sheets = _ours(book.worksheets, notes)
        if sheets is None:
            return None
        grids = {known: _grid(sheet, notes) for known, sheet in sheets.items()}
    except Exception as error:  # a damaged part makes openpyxl raise whatever its parser happened to trip over
        reason = shown(type(error).__name__)
        zh, en = f"工作簿已损坏，读不出来（{reason}）", f"The workbook is damaged and cannot be read ({reason})"
        notes.mistake(0, "not-excel", zh, en)
        return None
    return None if notes.mistakes else {known: grid for known, grid in grids.items() if grid is not None}


_REFUSALS = {
    "empty": ("文件是空的（0 字节）", "The file is empty (0 bytes)"),
    "encrypted": (
        "文件设有打开密码，请取消密码后另存为 .xlsx",
        "The file is protected by a password; save it as .xlsx without one",
    ),
    "old-excel": (
        "这是旧格式（.xls 或 .et），请用 Excel 或 WPS 另存为 .xlsx",
        "This is the old format (.xls or .et); save it as .xlsx in Excel or WPS",
    ),
    "macros": ("文件带有宏，请另存为不含宏的 .xlsx", "The file holds macros; save it as .xlsx without them"),
    "not-excel": (
        "文件不是完整的 Excel 工作簿，请用 Excel 或 WPS 另存为 .xlsx",
        "The file is no complete Excel workbook; save it as .xlsx",
    ),
    "too-large": ("文件过大，不像检查表", "The file holds more than any form could"),
    "not-workbook": (
        f"这不是检查表工作簿：没有“{FORM_SHEET}”和“{ITEM_SHEET}”两张工作表",
        f"This is no workbook of a form: it has no sheets {FORM_SHEET} and {ITEM_SHEET}",
    ),
}


def _refuse(notes: CellNotes, code: str) -> None:
    notes.mistake(0, code, *_REFUSALS[code])


def _is_harmless(data: bytes, notes: CellNotes) -> bool:
    """Whether the file may be parsed at all; noted when not."""
    code = ""
    if not data:
        code = "empty"
    elif len(data) > LARGEST_FILE:
        code = "too-large"
    elif data.startswith(_OLE):
        is_locked = "EncryptedPackage".encode("utf-16-le") in data
        code = "encrypted" if is_locked else "macros" if _OLE_MACROS in data else "old-excel"
    elif not data.startswith(b"PK"):
        code = "not-excel"
    else:
        from safetyapp.forms.sheets import look_inside

        try:
            look_inside(notes.name, data)
            code = "not-excel" if _has_entities(data) else ""
        except ListRefused as refused:
            code = refused.mistakes[0].code
    if code:
        _refuse(notes, code if code in _REFUSALS else "not-excel")
    return not code


def _has_entities(data: bytes) -> bool:
    """Whether a part declares entities, which no table program writes and which can swell while they are read."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        parts = [p for p in package.namelist() if p.lower().endswith((".xml", ".rels", ".vml"))]
        return any(_ENTITIES.search(package.read(part)) for part in parts)


def _known(title: str) -> str:
    """Our own name of a sheet, empty when it is none of ours; `title` is folded."""
    return next((k for k, also in SHEETS.items() if title in (folded(k), *(folded(a) for a in also))), "")


def _ours(sheets: Iterable[Any], notes: CellNotes) -> dict[str, Worksheet] | None:
    """The sheets of ours, wherever they stand and whether they are hidden or not."""
    found: dict[str, Worksheet] = {}
    others = []
    for sheet in sheets:
        known = _known(folded(sheet.title))
        if known in found:
            title = shown(sheet.title)
            zh, en = f"“{known}”有两张：“{title}”是另一张", f"There are two sheets {known}: '{title}' is another"
            notes.mistake(notes.place(sheet.title), "two-forms", zh, en)
            return None
        if known:
            found[known] = sheet
        else:
            others.append(sheet)
    if FORM_SHEET not in found and ITEM_SHEET not in found:
        _refuse(notes, "not-workbook")
        return None
    for needed in (FORM_SHEET, ITEM_SHEET):
        if needed not in found:
            notes.mistake(0, "missing-sheet", f"缺少工作表“{needed}”", f"The sheet {needed} is missing")
            return None
    notes.sheets = tuple(found[known].title for known in SHEETS if known in found)
    for sheet in others:
        title = shown(sheet.title)
        zh, en = f"工作表“{title}”没有读入", f"The sheet '{title}' was not read"
        notes.warning(notes.place(sheet.title), "extra-sheet", zh, en)
    return found


def _grid(sheet: Worksheet, notes: CellNotes) -> Grid | None:
    rows: dict[int, dict[int, CellValue]] = {}
    cells: Any = sheet._cells  # iter_rows would make every cell up to the last used one
    for (row, column), cell in cells.items():
        if column <= MOST_COLUMNS and (value := _value(cell)) is not None:
            rows.setdefault(row, {})[column] = value
    if len(rows) > MOST_ROWS:
        zh, en = f"超过 {MOST_ROWS} 行", f"There are more than {MOST_ROWS} rows"
        notes.mistake(notes.place(sheet.title), "too-many-rows", zh, en)
        return None
    down: set[tuple[int, int]] = set()
    wide: dict[int, int] = {}
    for area in sheet.merged_cells.ranges:
        left, top, right, bottom = area.min_col, area.min_row, area.max_col, area.max_row
        if right > left:
            wide.update(dict.fromkeys(range(top, min(bottom, top + MOST_ROWS) + 1), left))
        elif left <= MOST_COLUMNS and (value := rows.get(top, {}).get(left)) is not None:
            for row in range(top + 1, bottom + 1):
                if row in rows and left not in rows[row]:
                    rows[row][left] = value
                    down.add((row, left))
    return Grid(sheet.title, dict(sorted(rows.items())), frozenset(down), wide)


def _value(cell: Any) -> CellValue | None:
    value = cell.value
    if value is None:
        return None
    if cell.data_type in ("f", "e"):
        return Broken("formula" if cell.data_type == "f" else "error")
    if isinstance(value, str):
        text = _CHARACTER.sub(_character, value).replace("\r\n", "\n").replace("\r", "\n")
        return text if text.strip() else None
    if isinstance(value, int | float | bool | date | time | timedelta):
        return value
    return str(value)


def _character(found: re.Match[str]) -> str:
    """The character that Excel writes as _xFFFE_; others than those that XML cannot hold stay as they are written."""
    code = int(found[1], 16)
    if code == 0x0D:
        return ""  # at the end of a line
    return chr(code) if code < 0x20 or code in (0x5F, 0xFFFE, 0xFFFF) else found[0]


def _entities(text: str) -> str:
    import html

    return html.unescape(text)
