"""The cells of a workbook as nodes of the tree that the YAML reader takes, so that all rules of a form exist once.

Each node's line is the cell's place. What a cell should have said in words is noted here; what the words mean for the
form is the YAML reader's business.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from safetyapp.forms.mistakes import shown
from safetyapp.forms.read_workbook_file import Broken
from safetyapp.forms.read_workbook_lines import LINE_READERS, BadLine, applies_node, basis_node, every_node, rows_node
from safetyapp.forms.read_workbook_tables import Cell
from safetyapp.forms.workbook_lines import lines_of
from safetyapp.forms.workbook_places import CellNotes
from safetyapp.forms.workbook_sheets import Column, Shape
from safetyapp.forms.workbook_words import EXPRESSION, TRUTHS, Wording
from safetyapp.forms.yaml_tree import Node, Scalar, Sequence

_NUMERIC = (Shape.WHOLE, Shape.DECIMAL)


@dataclass(frozen=True, slots=True)
class Desk:
    """What cells are read with: where mistakes go, and what names a legal document."""

    notes: CellNotes
    documents: dict[str, str]

    def node(self, cell: Cell, column: Column, further: tuple[Cell, ...] = ()) -> Node:
        """What a cell says, as a node. `further` are the cells below it that go on with its lines."""
        text = self.text(cell, column)
        if column.shape.has_lines:
            return self._lines([(text, cell.place), *((self.text(c, column), c.place) for c in further)], column)
        if not text.strip():
            return Scalar("", True, cell.place)
        return self._one(text, cell.place, column)

    def text(self, cell: Cell, column: Column) -> str:
        """What a person sees in the cell, near enough; empty after noting that there is nothing to see."""
        value = cell.value
        note = self.notes
        match value:
            case None:
                return ""
            case str():
                return value
            case Broken(what="error"):
                note.mistake(cell.place, "error-cell", "单元格里是出错的公式", "The cell holds the error of a formula")
                return ""
            case Broken():
                zh, en = "单元格里是公式，请改成文字", "The cell holds a formula; write a text instead"
                note.mistake(cell.place, "formula", zh, en)
                return ""
            case bool():
                return "true" if value else "false"
            case datetime() | date():
                day = value.date() if isinstance(value, datetime) else value
                return day.isoformat() if column.shape is Shape.DAY else self._turned(cell, column, day)
            case time() | timedelta():
                return self._turned(cell, column, value)
        number = format(Decimal(repr(value)), "f") if isinstance(value, float) else str(value)
        number = number.rstrip("0").rstrip(".") if "." in number else number
        if column.shape not in (*_NUMERIC, Shape.TRUTH):
            zh = f"“{number}”是数字格式，开头和末尾的0可能已丢失；请把单元格设成文本再核对"
            en = f"'{number}' is a number, zeros may be lost; make the cell a text and look at it again"
            note.warning(cell.place, "became-number", zh, en)
        return number

    def _turned(self, cell: Cell, column: Column, value: date | time | timedelta) -> str:
        text = str(value)
        zh = f"这里已被表格软件变成日期或时间（{text}）；请把单元格设成文本，重写“{column.head}”"
        en = f"The table program made a day or time of this ({text}); make the cell a text and write it again"
        self.notes.mistake(cell.place, "became-date", zh, en)
        return ""

    def _one(self, text: str, place: int, column: Column) -> Node:
        try:
            match column.shape:
                case Shape.TRUTH:
                    return self._truth(text, place, column)
                case Shape.REQUIRED:
                    return _required(text, place)
                case Shape.WORD if column.wording is not None:
                    return Scalar(self.word(text, place, column.wording, column.head), False, place)
                case Shape.WHOLE | Shape.DECIMAL:
                    return Scalar(_number(text), False, place)
                case Shape.DAY:
                    return Scalar(_day(text), False, place)
                case Shape.EVERY:
                    return every_node(text, place)
                case Shape.BASIS:
                    return basis_node(text, place, self.documents)
        except BadLine as wrong:
            self._note(wrong, place, column)
            return Scalar("", True, place)
        return Scalar(text, False, place)

    def _lines(self, cells: list[tuple[str, int]], column: Column) -> Node:
        """The lines of a cell and of those below it."""
        nodes: list[Node] = []
        for text, place in cells:
            for line in lines_of(text):
                try:
                    match column.shape:
                        case Shape.BASES:
                            nodes.append(basis_node(line, place, self.documents))
                        case Shape.APPLIES:
                            nodes += applies_node(line, place)
                        case _:
                            nodes.append(LINE_READERS[column.shape](line, place))
                except BadLine as wrong:
                    self._note(wrong, place, column)
        start = cells[0][1]
        if not nodes:
            return Scalar("", True, start)
        if column.shape is Shape.ROWS:
            return rows_node(nodes, start)
        return Sequence(tuple(nodes), start)

    def _note(self, wrong: BadLine, place: int, column: Column) -> None:
        self.notes.mistake(place, wrong.code, f"“{column.head}”{wrong.zh}", f"{column.head} ({column.key}) {wrong.en}")

    def _truth(self, text: str, place: int, column: Column) -> Node:
        found = TRUTHS.value(text)
        if found is None:
            zh = f"“{column.head}”应当写 是 或 否，不是“{shown(text)}”"
            en = f"{column.head} ({column.key}) should say 是 (yes) or 否 (no), not '{shown(text)}'"
            self.notes.mistake(place, TRUTHS.code, zh, en)
        return Scalar(found or "", True, place)

    def word(self, text: str, place: int, wording: Wording, head: str) -> str:
        """The value behind a word of a closed set; some value of it after noting that there is none."""
        found = wording.value(text)
        if found is not None:
            return found
        near, every = wording.near(text), "、".join(wording.all_words())
        zh, en = (
            (f"，是否应为“{near}”", f"; did you mean {near}") if near else (f"，只能是 {every}", f"; it can be {every}")
        )
        self.notes.mistake(
            place, wording.code, f"“{head}”不能是“{shown(text)}”{zh}", f"{head} cannot be '{shown(text)}'{en}"
        )
        return next(iter(wording.words))


def _required(text: str, place: int) -> Node:
    found = TRUTHS.value(text)
    if found is not None:
        return Scalar(found, True, place)
    for start in (EXPRESSION, EXPRESSION.replace("：", ":")):
        if text.strip().startswith(start):
            return Scalar(text.strip()[len(start) :], False, place)
    return Scalar(text, False, place)


def _number(text: str) -> str:
    """A number without what people write around it: full-width digits, spaces, the sign for days."""
    plain = "".join(unicodedata.normalize("NFKC", text).split())
    return re.sub(r"[天日]$", "", plain).lstrip("+")


def _day(text: str) -> str:
    """A day as 2026-01-31, when it is written in another way that can mean only one day."""
    plain = unicodedata.normalize("NFKC", text).strip()
    found = re.fullmatch(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?", plain)
    return f"{found[1]}-{int(found[2]):02d}-{int(found[3]):02d}" if found else plain
