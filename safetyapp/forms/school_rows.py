"""The rows under the head of a school list, each taken for what it is: a school, or a total, a note, a head again."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field

from safetyapp.forms.school_cells import folded, is_ditto, kind_word, take_text
from safetyapp.forms.school_head import Column, Head, find_head, recognise
from safetyapp.forms.sheets import CellValue, Row, Sheet

_TOTAL = re.compile(r"(本页|本表|全区|全县|全市|总|其中)?.{0,12}(小计|合计|总计|共计|累计|总数)[:(]?.*|计")
_NOTE = re.compile(
    r"(注|备注|说明|附注|注释|注意|填表说明|填报说明)[:.、\d]?|(注|备注|说明|附注|填表说明|填报说明|注意事项)[:\d].*"
    r"|(填表|填报|制表|审核|审批|经办|联系|统计)(人|单位|日期|时间|负责人).*|单位负责人.*|(合计|共)\d+所.*"
)
_GROUP = re.compile(
    r"([一二三四五六七八九十]+|\d+|\([一二三四五六七八九十\d]+\))[、.)].{1,20}|.{1,14}(\(\d+所?\)|\d+所)"
)


def is_total(text: str) -> bool:
    """Whether a cell (folded, without blanks) begins a row of sums."""
    return _TOTAL.fullmatch(text) is not None


def is_note(text: str) -> bool:
    """Whether a cell (folded, without blanks) begins a remark below a table."""
    return _NOTE.fullmatch(text) is not None


@dataclass(frozen=True, slots=True)
class Skipped:
    """A row that was not read, and why ("中文。English.")."""

    row: int
    why: str
    sheet: str = ""


@dataclass(frozen=True, slots=True)
class Odd:
    """A cell that was not taken as it stands. `doubt`: a person should look at it."""

    row: int
    column: str
    found: str
    taken_as: str
    why: str
    doubt: bool = False
    sheet: str = ""


@dataclass(slots=True)
class Entry:
    """One row that names a school or campus; `cells` by what the columns hold."""

    sheet: str
    row: int
    name: str
    cells: dict[Column, CellValue]
    heads: dict[Column, str]
    group: str = ""
    numbered: bool = False
    name_from_above: bool = False
    parent: Entry | None = None
    campus: str = ""
    code: str = ""
    odd: list[Odd] = field(default_factory=list)

    def note(self, column: Column, taken_as: object, why: str, doubt: bool = False) -> None:
        """Write down that a cell was odd."""
        found = self.cells.get(column)
        text = "" if found is None else str(found)
        self.odd.append(Odd(self.row, self.heads.get(column, ""), text, str(taken_as), why, doubt, self.sheet))


@dataclass(slots=True)
class RowReader:
    """Reads the rows of one sheet. What it leaves out stands in `skipped`."""

    sheet: Sheet
    head: Head
    skipped: list[Skipped] = field(default_factory=list)
    heads: list[Head] = field(default_factory=list)
    _above: dict[Column, CellValue] = field(default_factory=dict)
    _group: str = ""

    def entries(self) -> Iterator[Entry]:
        """The schools and campuses in order."""
        self.heads.append(self.head)
        for row in self.sheet.rows[: self.head.first]:
            self._skip(row, "表头之前的标题行。A title above the head.")
            self._group = self._group_of(folded(next(cell for cell in row.cells if cell is not None))) or self._group
        place = self.head.first + self.head.lines
        while place < len(self.sheet.rows):
            again = self._new_head(place)
            if again:
                place += again
                continue
            entry = self._entry(self.sheet.rows[place])
            if entry is not None:
                yield entry
            place += 1

    def _entry(self, row: Row) -> Entry | None:
        cells = {c.column: row.cells[c.place] for c in self.head.cells if c.column and c.place < len(row.cells)}
        texts = [folded(cell) for cell in row.cells if cell is not None]
        why = self._no_school(row, texts, cells)
        if why:
            self._skip(row, why)
            return None
        name_place = self.head.place(Column.NAME)
        merged = name_place in row.merged_down or is_ditto(cells.get(Column.NAME))
        heads = {c.column: c.text for c in self.head.cells if c.column}
        entry = Entry(self.sheet.name, row.number, "", cells, heads, self._group, name_from_above=merged)
        self._resolve_ditto(entry)
        name = take_text(entry.cells.get(Column.NAME))
        if not re.search(r"[^\W\d_]", name.value):
            self._skip(row, "没有学校名称。There is no school name.")
            return None
        if name.why and not merged:
            entry.note(Column.NAME, name.value, name.why, name.doubt)
        entry.name = name.value
        entry.numbered = bool(folded(entry.cells.get(Column.NUMBER)))
        self._above = dict(entry.cells)
        return entry

    def _no_school(self, row: Row, texts: list[str], cells: dict[Column, CellValue]) -> str:
        """Why the row names no school; "" when it does."""
        first = re.sub(r"\s", "", texts[0])
        name = re.sub(r"\s", "", folded(cells.get(Column.NAME)))
        if self._is_head_again(row):
            return "重复的表头。The head again."
        if is_total(first) or is_total(name):
            return "小计或合计。A subtotal or total."
        if is_note(first) or is_note(name):
            return "表下附注。A note."
        if len(texts) == 1 or self._is_one_wide_cell(row):
            return self._single(row, first, name)
        return ""

    def _single(self, row: Row, text: str, name: str) -> str:
        """A row of one text: a group title, a note, or a school of which nothing else is known."""
        if len(text) > 30 or text.endswith(("。", ";", ".")) or text.startswith(("*", "※", "以上")):
            return "表下附注。A note."
        bare = _bare(text)
        short = bare in _GROUPS or recognise(bare) is not None
        if self._is_one_wide_cell(row) or not name or short or _GROUP.fullmatch(text):
            self._group = self._group_of(text) or (bare if kind_word(bare) else self._group)
            return "分组标题。A group title."
        return ""

    @staticmethod
    def _group_of(text: str) -> str:
        """The kind of school that a group title announces, "" when it is none."""
        bare = _bare(text)
        return bare if (bare in _GROUPS or _GROUP.fullmatch(text)) and kind_word(bare) else ""

    def _is_one_wide_cell(self, row: Row) -> bool:
        return any(number == row.number for number, _ in self.sheet.wide) and sum(c is not None for c in row.cells) == 1

    def _is_head_again(self, row: Row) -> bool:
        rows = self.sheet.rows[self.head.first : self.head.first + self.head.lines]
        texts = {(i, _key(cell)) for i, cell in enumerate(row.cells) if cell is not None}
        for head_row in rows:
            same = texts & {(i, _key(cell)) for i, cell in enumerate(head_row.cells) if cell is not None}
            if (len(same) >= 2 and len(same) * 2 > len(texts)) or (same and same == texts):
                return True
        return False

    def _new_head(self, place: int) -> int:
        """How many rows another head (with other columns) takes from here on; 0 when there is none."""
        row = self.sheet.rows[place]
        if sum(cell is not None for cell in row.cells) < 2 or self._is_head_again(row):
            return 0
        head = find_head(self.sheet, place, searched=1)
        if head is None or head.recognised < 3:
            return 0
        below = find_head(self.sheet, place + 1, searched=1) if head.lines > 1 else None
        if below is not None and below.recognised >= head.recognised:
            return 0  # the head begins below; this row adds nothing to it
        self.head = head
        self.heads.append(head)
        for row in self.sheet.rows[place : place + head.lines]:
            self._skip(row, "另一个表头。Another head.")
        self._above = {}
        return head.lines

    def _resolve_ditto(self, entry: Entry) -> None:
        for column, cell in list(entry.cells.items()):
            if not is_ditto(cell):
                continue
            above = self._above.get(column)
            if above is None:
                entry.note(column, "", "“同上”但上面没有内容。'As above', but nothing stands above.", True)
            else:
                entry.note(column, above, "“同上”取自上一行。'As above' was taken from the row above.")
            entry.cells[column] = above

    def _skip(self, row: Row, why: str) -> None:
        self.skipped.append(Skipped(row.number, why, self.sheet.name))


_GROUPS = frozenset(
    {
        "幼儿园",
        "小学",
        "中学",
        "初中",
        "高中",
        "初级中学",
        "高级中学",
        "完全中学",
        "九年一贯制学校",
        "职业学校",
        "特殊教育学校",
    }
    | {"公办", "民办", "公办幼儿园", "民办幼儿园", "公办园", "民办园", "中等职业学校", "特殊教育", "其他", "一贯制学校"}
    | {"十二年一贯制学校", "九年一贯制", "特教", "职高", "中小学", "普惠园", "直属学校", "直属单位"}
)


def _bare(text: str) -> str:
    """一、幼儿园（26所） without number and count."""
    return re.sub(r"^(\(?[一二三四五六七八九十\d]+\)?[、.)])|\(.*\)|\d+所", "", text)


def _key(cell: CellValue) -> str:
    return "".join(c for c in unicodedata.normalize("NFKC", str(cell)) if not c.isspace())
