"""Opening an Excel or CSV file as rows of plain cells. Nothing in it is run, nothing that swells is unpacked."""

from __future__ import annotations

import csv
import io
import re
import stat
import warnings
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TypeAlias

from safetyapp.forms.mistakes import ListRefused, Mistake, shown

MOST_ROWS = 20_000
MOST_COLUMNS = 300
_MOST_CELLS = 600_000
_MOST_ELEMENTS = 4_000_000
_LONGEST_TAG = 8 * 1024 * 1024
_LARGEST_FILE = 30 * 1024 * 1024
_LARGEST_UNPACKED = 120 * 1024 * 1024
_MOST_PARTS = 2_000

_OLE = bytes.fromhex("D0CF11E0A1B11AE1")
_CELL_START = re.compile(rb"<(?:\w+:)?c[\s/>]")
_MERGE = re.compile(rb"<(?:\w+:)?mergeCell\s[^>]*?ref\s*=\s*[\"']\$?([A-Za-z]+)\$?(\d+):\$?([A-Za-z]+)\$?(\d+)")

CellValue: TypeAlias = str | int | float | bool | date | datetime | None


@dataclass(frozen=True, slots=True)
class Row:
    """One row with its number as the table program shows it, and the columns whose value a merged cell above gave."""

    number: int
    cells: tuple[CellValue, ...]
    merged_down: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Sheet:
    """The rows that hold something. `wide` are the merged ranges within one row: (row, first column) to last column."""

    name: str
    rows: tuple[Row, ...]
    wide: dict[tuple[int, int], int]


def open_sheets(path: Path) -> tuple[Sheet, ...]:
    """The visible sheets of the file. Raises ListRefused; what a file is, its content says, not its name."""
    data = _bytes(path)
    if data.startswith(_OLE):
        raise _refuse_ole(path.name, data)
    if data.startswith(b"PK"):
        return _workbook(path.name, data)
    if path.suffix.lower() in (".xlsx", ".xlsm", ".xls", ".xltx", ".et"):
        head = data[:4096].lstrip().lower()
        if head.startswith((b"<html", b"<!doctype", b"<table", b"<?xml", b"mime-version")):
            raise refusal(
                path.name,
                "web-page",
                "这是改了扩展名的网页，不是 Excel 文件；请用 Excel 或 WPS 打开后另存为 .xlsx",
                "This is a web page under an Excel name; open it in Excel or WPS and save it as .xlsx",
            )
        raise refusal(
            path.name,
            "not-excel",
            "文件不是 Excel 工作簿，可能已损坏",
            "The file is no Excel workbook; it may be damaged",
        )
    return (_csv(path.name, data),)


def refusal(name: str, code: str, zh: str, en: str, row: int = 0) -> ListRefused:
    """The refusal of a list for one reason."""
    where = f"{name}:{row}" if row else name
    return ListRefused(name, (Mistake(where, code, f"{zh}。{en}."),))


def _bytes(path: Path) -> bytes:
    try:
        if not stat.S_ISREG(path.stat().st_mode):  # a pipe would be waited for, a device has no end
            raise refusal(path.name, "no-file", "这不是普通文件", "This is not an ordinary file")
        with path.open("rb") as file:
            data = file.read(_LARGEST_FILE + 1)
    except OSError as error:
        reason = shown(error.strerror or type(error).__name__)
        raise refusal(
            path.name, "unreadable", f"文件打不开（{reason}）", f"The file cannot be opened ({reason})"
        ) from error
    if not data:
        raise refusal(path.name, "empty", "文件是空的（0 字节）", "The file is empty (0 bytes)")
    if len(data) > _LARGEST_FILE:
        raise refusal(path.name, "too-large", "文件超过 30 MB", "The file is larger than 30 MB")
    return data


def _refuse_ole(name: str, data: bytes) -> ListRefused:
    if "EncryptedPackage".encode("utf-16-le") in data:
        return refusal(
            name,
            "encrypted",
            "文件设有打开密码，请取消密码后另存为 .xlsx",
            "The file is protected by a password; save it as .xlsx without one",
        )
    return refusal(
        name,
        "old-excel",
        "这是旧格式（.xls 或 .et），请用 Excel 或 WPS 另存为 .xlsx",
        "This is the old format (.xls or .et); save it as .xlsx in Excel or WPS",
    )


def _workbook(name: str, data: bytes) -> tuple[Sheet, ...]:
    look_inside(name, data)
    import openpyxl  # slow to import, needed only here

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of parts that it will not keep, such as cell validations
            book = openpyxl.load_workbook(io.BytesIO(data), data_only=True, keep_links=False)
        visible = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"] or list(book.worksheets)
        return tuple(_sheet(name, sheet) for sheet in visible)
    except ListRefused:
        raise
    except Exception as error:  # a damaged part makes openpyxl raise whatever its parser happened to trip over
        reason = shown(type(error).__name__)
        raise refusal(
            name,
            "not-excel",
            f"工作簿已损坏，读不出来（{reason}）",
            f"The workbook is damaged and cannot be read ({reason})",
        ) from error


def look_inside(name: str, data: bytes) -> None:
    """Refuse macros, foreign formats and zip bombs before anything is parsed."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            parts = package.infolist()
            _check_parts(name, parts)
            elements = sum(_check_part(name, package, part) for part in parts)
            if elements > _MOST_ELEMENTS:
                raise refusal(
                    name, "too-large", "展开后过大，不像学校名单", "It unpacks to more than any school list could"
                )
    except ListRefused:
        raise
    except Exception as error:  # zipfile, zlib and lzma each have their own idea of a damaged file
        raise refusal(
            name, "not-excel", "文件不是完整的 Excel 工作簿", "The file is no complete Excel workbook"
        ) from error


def _check_parts(name: str, parts: list[zipfile.ZipInfo]) -> None:
    names = {part.filename for part in parts}
    if any(part.lower().endswith("vbaproject.bin") for part in names):
        raise refusal(
            name, "macros", "文件带有宏，请另存为不含宏的 .xlsx", "The file holds macros; save it as .xlsx without them"
        )
    if "xl/workbook.xml" not in names:
        raise refusal(
            name,
            "not-excel",
            "文件不是 Excel 工作簿，请另存为 .xlsx",
            "The file is no Excel workbook; save it as .xlsx",
        )
    if len(parts) > _MOST_PARTS or sum(part.file_size for part in parts) > _LARGEST_UNPACKED:
        raise refusal(
            name, "too-large", "展开后过大，不像学校名单", "It unpacks to more than any school list could hold"
        )


def _check_part(name: str, package: zipfile.ZipFile, part: zipfile.ZipInfo) -> int:
    """How many elements a part holds, its cells and those of merged ranges counted too: each becomes an object.

    Every part is looked at, for any of them may be named as a sheet; the size in the zip's own table may lie.
    """
    cells, elements, size, rest = 0, 0, 0, b""
    with package.open(part) as stream:
        while piece := stream.read(1 << 20):
            if size == 0 and piece.startswith((b"\xff\xfe", b"\xfe\xff", b"<\0", b"\0<")):
                raise refusal(name, "not-excel", "工作簿的编码不常见", "The workbook is written in an unusual encoding")
            size += len(piece)
            text = rest + piece
            end = text.rfind(b">") + 1
            rest = text[end:]
            elements += piece.count(b"<")
            cells += len(_CELL_START.findall(text, 0, end))
            cells += sum(_area(match) for match in _MERGE.findall(text, 0, end))
            ratios = (
                size / _LARGEST_UNPACKED,
                cells / _MOST_CELLS,
                elements / _MOST_ELEMENTS,
                len(rest) / _LONGEST_TAG,
            )
            if max(ratios) > 1:
                raise refusal(
                    name, "too-large", "工作表过大，不像学校名单", "The sheet holds more than any school list could"
                )
    return elements


def _area(corners: tuple[bytes, bytes, bytes, bytes]) -> int:
    """How many cells a merged range covers."""
    left, top, right, bottom = corners
    return (_column(right) - _column(left) + 1) * (int(bottom[:9]) - int(top[:9]) + 1)


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters[:6].upper():
        number = number * 26 + letter - 64
    return number


def _sheet(name: str, sheet: object) -> Sheet:
    from openpyxl.worksheet.worksheet import Worksheet

    if not isinstance(sheet, Worksheet):  # pragma: no cover - load_workbook puts only worksheets there
        raise TypeError("not a worksheet")
    down: dict[int, dict[int, CellValue]] = {}
    wide: dict[tuple[int, int], int] = {}
    for area in sheet.merged_cells.ranges:
        if area.min_col > MOST_COLUMNS or area.max_row - area.min_row > MOST_ROWS:
            continue
        if area.max_col > area.min_col:
            wide.update({(row, area.min_col - 1): area.max_col - 1 for row in range(area.min_row, area.max_row + 1)})
        elif area.max_row > area.min_row:
            value = _plain(sheet.cell(area.min_row, area.min_col).value)
            for row in range(area.min_row + 1, area.max_row + 1):
                down.setdefault(row, {})[area.min_col - 1] = value
    found: dict[int, dict[int, CellValue]] = {}
    for (number, column), cell in sheet._cells.items():  # iter_rows would make every cell up to the last used one
        if column <= MOST_COLUMNS and (value := _plain(cell.value)) is not None:
            found.setdefault(number, {})[column - 1] = value
    _count(name, len(found))
    rows = []
    for number in sorted(found):
        values = found[number]
        above = {c: v for c, v in down.get(number, {}).items() if v is not None and c not in values}
        values.update(above)
        rows.append(Row(number, tuple(values.get(c) for c in range(max(values) + 1)), frozenset(above)))
    return Sheet(sheet.title, tuple(rows), wide)


def _plain(value: object) -> CellValue:
    if isinstance(value, str):
        text = value.replace("_x000D_", "")
        return text if text.strip() else None
    if value is None or isinstance(value, (int, float, bool, date)):
        return value
    return str(value)


def _count(name: str, rows: int) -> None:
    if rows > MOST_ROWS:
        raise refusal(name, "too-many-rows", f"超过 {MOST_ROWS} 行", f"There are more than {MOST_ROWS} rows")


def _csv(name: str, data: bytes) -> Sheet:
    text = _decode(name, data)
    try:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text))
        rows = list(_csv_rows(name, reader))
    except csv.Error as error:
        reason = shown(str(error), 80)
        raise refusal(
            name, "not-csv", f"不是可读的 CSV（{reason}）", f"The file is no readable CSV ({reason})"
        ) from error
    return Sheet("", tuple(rows), {})


def _csv_rows(name: str, reader: Iterator[list[str]]) -> Iterator[Row]:
    count = 0
    for number, values in enumerate(reader, start=1):
        cells = tuple(_plain(value) for value in values[:MOST_COLUMNS])
        if any(cell is not None for cell in cells):
            count += 1
            _count(name, count)
            yield Row(number, cells)


def _decode(name: str, data: bytes) -> str:
    encodings = ("utf-16",) if data[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig", "gb18030")
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise refusal(
        name,
        "bad-encoding",
        "文件既不是 Excel，也不是 UTF-8 或 GB18030 的文本",
        "The file is neither Excel nor text in UTF-8 or GB18030",
    )


def _delimiter(text: str) -> str:
    """The sign that splits the first lines into the most cells."""
    lines = [line for line in text.splitlines()[:30] if line.strip()]
    return max(",\t;|，", key=lambda sign: sum(line.count(sign) for line in lines))
