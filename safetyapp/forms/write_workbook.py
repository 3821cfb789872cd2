"""A `Form` as the project's own workbook: what an office edits in Excel or WPS, and `read_workbook` reads back.

Every cell is a text, so that no program turns 4.0 into 4, 11-5 into a day or `=1` into a sum.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from copy import copy
from typing import TYPE_CHECKING, Any

from safetyapp.domain.answer_kinds import AnswerKind
from safetyapp.forms.workbook_lines import names_of
from safetyapp.forms.workbook_sheets import (
    BLOCKS,
    CHOICE_COLUMNS,
    CHOICE_SHEET,
    DOCUMENT_COLUMNS,
    DOCUMENT_SHEET,
    DUE_BLOCK,
    FILTER_HEAD,
    FILTER_KEY,
    FORM_ROWS,
    FORM_SHEET,
    GRADE_BLOCK,
    ITEM_COLUMNS,
    ITEM_SHEET,
    SECTION_BLOCK,
    SECTION_COLUMNS,
    VALUE_HEADS,
    Column,
    Shape,
)
from safetyapp.forms.write_workbook_cells import NO, YES, Names, cells_of
from safetyapp.forms.write_yaml import plain_form

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

    from safetyapp.domain.form import Form

_SPARE_ROWS = 500
"""So many rows below the last one have drop-downs too."""
_LONGEST_LIST = 255
"""Characters that a drop-down's own list may have in Excel."""
_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")

Rows = list[dict[str, str]]


def write_workbook(form: Form) -> bytes:
    """The bytes of the .xlsx file."""
    from openpyxl import Workbook

    book = Workbook()
    if book.active is not None:
        book.remove(book.active)
    desk = _Desk()
    names = _names(form)
    plain = {"documents": {}, "choices": {}, "due": [], "scoring": {}} | plain_form(form)
    sections = desk.form_sheet(book.create_sheet(FORM_SHEET), plain, names)
    items = [row for section in plain["sections"] for row in _items(section["items"], section["id"], "", names)]
    sheet = book.create_sheet(ITEM_SHEET)
    desk.table(sheet, ITEM_COLUMNS, items)
    _offer_ids(sheet, ITEM_COLUMNS, form, sections)
    choices, columns = _choices(form, plain)
    desk.table(book.create_sheet(CHOICE_SHEET), columns, choices)
    documents = [cells_of({"id": name} | one, DOCUMENT_COLUMNS, names) for name, one in plain["documents"].items()]
    desk.table(book.create_sheet(DOCUMENT_SHEET), DOCUMENT_COLUMNS, documents)
    book.active = 0
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()


def _names(form: Form) -> Names:
    """The name under which each document is cited: its short title where that is its alone, else its id."""
    known = names_of((d.id, d.short, d.title) for d in form.documents)
    return {d.id: d.short for d in form.documents if known.get(d.short) == d.id}


def _items(items: list[dict[str, Any]], section: str, parent: str, names: Names) -> Iterator[dict[str, str]]:
    """A row for each item, the members of a group or table below it."""
    for item in items:
        row = cells_of(item, ITEM_COLUMNS, names)
        if "required" not in item and AnswerKind(item["answer"]["kind"]).is_asked:
            row["required"] = YES
        yield {"section": section, "parent": parent} | row
        yield from _items(item.get("items", []), section, item["id"], names)


def _choices(form: Form, plain: dict[str, Any]) -> tuple[Rows, tuple[Column, ...]]:
    """The rows of the choices, and their columns with those that filters look at."""
    further = sorted({name for one in form.choices for choice in one.choices for name, _ in choice.columns})
    filters = tuple(Column(FILTER_KEY + name, (FILTER_HEAD + name,)) for name in further)
    rows = []
    for name, choices in plain["choices"].items():
        for choice in choices:
            row = {"list": name} | cells_of(choice, CHOICE_COLUMNS, {})
            rows.append(row | {FILTER_KEY + key: _filter_text(text) for key, text in choice.get("with", {}).items()})
    return rows, CHOICE_COLUMNS + filters


def _filter_text(text: str) -> str:
    """A text that may be empty without being absent: two quotes; what consists of quotes only gets one more."""
    if not text:
        return '""'
    return text + '"' if len(text) > 1 and not text.strip('"') else text


class _Desk:
    """The styles of the cells, made once."""

    def __init__(self) -> None:
        from openpyxl import Workbook
        from openpyxl.styles import Alignment, Border, Font, PatternFill, Side

        self._book = Workbook()
        line = Side(style="thin", color="D0D5DD")
        self.wrap = Alignment(vertical="top", wrap_text=True)
        self.border = Border(bottom=line, right=line)
        self.head_font = Font(bold=True, color="FFFFFF")
        self.head_fill = PatternFill("solid", fgColor="1F4E79")
        self.must_fill = PatternFill("solid", fgColor="9C3A1A")
        self.key_font = Font(size=8, color="8A8F98")
        self.block_font = Font(bold=True, size=13, color="1F4E79")
        self._styles: dict[tuple[int, bool], Any] = {}

    def table(self, sheet: Worksheet, columns: tuple[Column, ...], rows: Rows) -> None:
        """A sheet that is one table: two rows of heads, then a row for each thing."""
        from openpyxl.utils import get_column_letter

        self.heads(sheet, 1, columns)
        for number, row in enumerate(rows, start=3):
            self.row(sheet, number, columns, row)
        last = get_column_letter(len(columns))
        sheet.freeze_panes = "D3" if sheet.title == ITEM_SHEET else "A3"
        sheet.auto_filter.ref = f"A2:{last}{max(len(rows) + 2, 3)}"
        used = {key for row in rows for key in row}
        for number, column in enumerate(columns, start=1):
            dimension = sheet.column_dimensions[get_column_letter(number)]
            dimension.width = column.width
            dimension.number_format = "@"
            dimension.alignment = copy(self.wrap)
            if column.rare:
                dimension.outlineLevel = 1
                dimension.hidden = column.key not in used
        self.offers(sheet, columns, 3, len(rows) + 2 + _SPARE_ROWS)

    def form_sheet(self, sheet: Worksheet, plain: dict[str, Any], names: Names) -> str:
        """The form's own rows and its small tables; the cells of the sections' ids, for the drop-down of the items."""
        from openpyxl.utils import get_column_letter

        for number, width in enumerate((18, 44, 44, 18, 24, 18, 18, 14, 16), start=1):
            dimension = sheet.column_dimensions[get_column_letter(number)]
            dimension.width = width
            dimension.number_format = "@"
            dimension.alignment = copy(self.wrap)
        number = self._own_rows(sheet, cells_of(plain, FORM_ROWS, names))
        blocks: dict[str, list[dict[str, Any]]] = {
            SECTION_BLOCK: plain["sections"],
            GRADE_BLOCK: plain["scoring"].get("grades", []),
            DUE_BLOCK: plain["due"],
        }
        sections = ""
        for title, parts in blocks.items():
            columns = BLOCKS[title]
            self.put(sheet, number + 1, 1, f"【{title}】").font = self.block_font
            self.heads(sheet, number + 2, columns)
            first = number + 4
            for place, part in enumerate(parts):
                self.row(sheet, first + place, columns, cells_of(part, columns, names))
            number = first + max(len(parts), 3)
            self.offers(sheet, columns, first, number - 1)
            if columns is SECTION_COLUMNS:
                sections = f"'{FORM_SHEET}'!$A${first}:$A${number - 1}"
        return sections

    def _own_rows(self, sheet: Worksheet, cells: dict[str, str]) -> int:
        """The form's own rows, a text's two languages side by side; the number of the last."""
        for column, text in enumerate(("检查表", *VALUE_HEADS, "键"), start=1):
            self._head(sheet, 1, column, text, required=False)
        number = 1
        for row in FORM_ROWS:
            if row.path[-1] == "en":
                self._cell(sheet, number, 3, cells.get(row.key, ""))
                continue
            number += 1
            self._head(sheet, number, 1, row.head, row.required, row.note)
            self._cell(sheet, number, 2, cells.get(row.key, ""))
            key = self.put(sheet, number, 4, row.key.removesuffix(".zh"))
            key.font = self.key_font
            if row.wording is not None:
                _offer(sheet, f"B{number}", row.wording.all_words(), strict=False)
        sheet.freeze_panes = "B2"
        return number + 1

    def heads(self, sheet: Worksheet, number: int, columns: tuple[Column, ...]) -> None:
        """The two rows of heads: the Chinese words, and in small type the keys of the form's file."""
        for place, column in enumerate(columns, start=1):
            self._head(sheet, number, place, column.head, column.required, column.note)
            key = self.put(sheet, number + 1, place, column.key)
            key.font = self.key_font
            key.alignment = self.wrap

    def _head(self, sheet: Worksheet, number: int, place: int, text: str, required: bool, note: str = "") -> None:
        cell = self.put(sheet, number, place, f"{text} *" if required else text)
        cell.font = self.head_font
        cell.fill = self.must_fill if required else self.head_fill
        cell.alignment = self.wrap
        if note:
            from openpyxl.comments import Comment

            cell.comment = Comment(note, "校安检", height=40 + 22 * (note.count("\n") + 1 + len(note) // 22), width=300)

    def row(self, sheet: Worksheet, number: int, columns: tuple[Column, ...], cells: dict[str, str]) -> None:
        """One row; a cell without anything takes its looks from its column."""
        for place, column in enumerate(columns, start=1):
            text = cells.get(column.key, "")
            if text:
                self._cell(sheet, number, place, text)

    def _cell(self, sheet: Worksheet, number: int, place: int, text: str) -> None:
        cell = self.put(sheet, number, place, text)
        marked = text[:1] in ("=", "+", "-", "@", "'")  # the apostrophe that Excel puts before what is no formula
        style = self._styles.get((id(sheet), marked))
        if style is None:
            cell.alignment = self.wrap
            cell.border = self.border
            cell.number_format = "@"
            cell.quotePrefix = marked
            self._styles[(id(sheet), marked)] = cell._style
        else:
            cell._style = copy(style)

    def put(self, sheet: Worksheet, number: int, place: int, text: str) -> Any:
        """A cell that is a text, whatever it looks like."""
        cell: Any = sheet.cell(number, place)
        cell._value = _NO_XML.sub(_escaped, text)  # `value` would take it for a formula or an error, and cut it
        cell.data_type = "s"
        return cell

    def offers(self, sheet: Worksheet, columns: tuple[Column, ...], first: int, last: int) -> None:
        """The drop-downs of a table's columns."""
        from openpyxl.utils import get_column_letter

        for number, column in enumerate(columns, start=1):
            at = f"{get_column_letter(number)}{first}:{get_column_letter(number)}{last}"
            if column.wording is not None:
                _offer(sheet, at, column.wording.all_words(), strict=True)
            elif column.shape is Shape.TRUTH:
                _offer(sheet, at, [YES, NO], strict=True)
            elif column.shape is Shape.REQUIRED:
                _offer(sheet, at, [YES, NO], strict=False)
            elif column.shape is Shape.APPLIES:
                _offer(sheet, at, _SCHOOLS, strict=False)
            elif column.shape is Shape.EVERY:
                _offer(sheet, at, ["每教学日1次", "每周1次", "每月1次", "每学期1次", "每年1次"], strict=False)


_SCHOOLS = [
    "幼儿园",
    "小学",
    "初中",
    "高中",
    "九年一贯",
    "完全中学",
    "中职",
    "特教",
    "有食堂",
    "有寄宿",
    "有实验室",
    "有校车",
]


def _offer_ids(sheet: Worksheet, columns: tuple[Column, ...], form: Form, sections: str) -> None:
    """Drop-downs of what this form names itself: its sections, choice lists and grades."""
    from openpyxl.utils import get_column_letter

    last = sheet.max_row + _SPARE_ROWS
    at = {c.key: f"{get_column_letter(n)}3:{get_column_letter(n)}{last}" for n, c in enumerate(columns, start=1)}
    _offer_range(sheet, at["section"], sections)
    _offer(sheet, at["answer.list"], [one.id for one in form.choices], strict=False)
    _offer(sheet, at["veto"], [grade.id for grade in form.scoring.grades] if form.scoring else [], strict=False)


def _offer(sheet: Worksheet, at: str, words: list[str], strict: bool) -> None:
    """A drop-down; `strict` warns of anything else, which may still be kept."""
    joined = ",".join(words)
    if words and len(joined) <= _LONGEST_LIST and not any(sign in joined for sign in '"&<>'):
        _offer_range(sheet, at, f'"{joined}"', strict)


def _offer_range(sheet: Worksheet, at: str, formula: str, strict: bool = False) -> None:
    from openpyxl.worksheet.datavalidation import DataValidation

    rule = DataValidation(type="list", formula1=formula, allow_blank=True, showErrorMessage=strict)
    rule.errorStyle = "warning"
    rule.error = "这个词不在下拉列表里，程序可能不认识。要保留吗？"
    rule.errorTitle = "校安检"
    rule.add(at)
    sheet.add_data_validation(rule)


def _escaped(found: re.Match[str]) -> str:
    """A character that XML cannot hold, as Excel writes it: _xFFFE_."""
    return f"_x{ord(found[0]):04X}_"
