"""Class rosters 花名册 in Excel or CSV, read into `SchoolClass`es. Pupils are counted, never named."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import TypeVar

from safetyapp.domain.school import SchoolClass, normal_name
from safetyapp.forms.mistakes import is_printable
from safetyapp.forms.roster_head import NOT_KEPT, ONE_PUPIL, RosterColumn, RosterHead, find_roster_head, recognise
from safetyapp.forms.school_cells import Taken, folded, is_ditto, take_count, take_text
from safetyapp.forms.school_rows import Odd, Skipped, is_note, is_total
from safetyapp.forms.sheet_head import columns_read
from safetyapp.forms.sheets import CellValue, Row, Sheet, open_sheets, refusal

V = TypeVar("V")

MOST_CLASSES = 500
_LONGEST_NAME = 40
_LONGEST_TEXT = 200
_MANY_PUPILS = 100

_GRADE_TITLE = re.compile(r"([一二三四五六七八九]|[1-9])年级|[初高][一二三]年?级?|\d{4}级")
_DAY = re.compile(r"(\d{1,2})月(\d{1,2})日")
_PHONE = re.compile(r"\+?[\d０-９][\d０-９ -]{5,}[\d０-９]")
_BARE_CLASS = re.compile(r"\(?(\d{1,2}|[一二三四五六七八九十]{1,3})\)?(班)?")


@dataclass(frozen=True, slots=True)
class RosterRead:
    """What a roster says: the classes in its order, the rows that are none, cells not taken as they stand, and each
    head text with what its column was read as ("not kept: pupil" and the like have no place in a SchoolClass).

    `pupils` is how many rows of single pupils were counted into their classes; their names are in none of the fields.
    """

    classes: tuple[SchoolClass, ...]
    skipped: tuple[Skipped, ...]
    odd: tuple[Odd, ...] = ()
    columns: dict[str, str] = field(default_factory=dict)
    pupils: int = 0


@dataclass(slots=True)
class _Entry:
    """One row that names a class; `is_pupil`: it stands for one pupil of it."""

    sheet: str
    row: int
    one: SchoolClass
    is_pupil: bool


def read_roster(path: Path) -> RosterRead:
    """Read the roster of one school. Raises ListRefused when the file cannot be opened, no column names the classes,
    or the classes are of several schools."""
    readers = [_Reader(sheet, head) for sheet in open_sheets(path) if (head := find_roster_head(sheet)) or sheet.rows]
    if not any(reader.head for reader in readers):
        raise refusal(
            path.name,
            "no-class-column",
            "找不到“班级”一列，请在表头写明班级",
            "No column of classes was found; write 班级 (class) at the head of that column",
        )
    entries = [entry for reader in readers for entry in reader.entries()]
    schools = {name for reader in readers for name in reader.schools}
    if len(schools) > 1:
        raise refusal(
            path.name,
            "several-schools",
            f"花名册里有 {len(schools)} 所学校，请一所学校一个文件",
            f"The roster holds {len(schools)} schools; use one file for each",
        )
    skipped = [skip for reader in readers for skip in reader.skipped]
    odd = [cell for reader in readers for cell in reader.odd]
    found = _by_class(entries, skipped)
    if len(found) > MOST_CLASSES:
        raise refusal(
            path.name,
            "too-many-classes",
            f"超过 {MOST_CLASSES} 个班",
            f"There are more than {MOST_CLASSES} classes",
        )
    columns: dict[str, str] = {}
    for reader in readers:
        if reader.head is not None:
            columns.update(columns_read(reader.head, columns, NOT_KEPT))
    counted = any(len(rows) > 1 for rows in found if rows[0].is_pupil)
    odd += [said for reader in readers if (said := reader.about_pupils(counted)) is not None]
    return RosterRead(
        classes=tuple(_class(rows, counted) for rows in found),
        skipped=tuple(sorted(skipped, key=lambda skip: (skip.sheet, skip.row))),
        odd=tuple(odd),
        columns=columns,
        pupils=sum(len(rows) for rows in found if rows[0].is_pupil) if counted else 0,
    )


def _by_class(entries: list[_Entry], skipped: list[Skipped]) -> list[list[_Entry]]:
    """The rows of each class; only pupils' rows come several times, what else names a class again is left out."""
    found: dict[str, list[_Entry]] = {}
    for entry in entries:
        rows = found.setdefault(normal_name(entry.one.name), [])
        if rows and not entry.is_pupil:
            first = rows[0]
            where = f"{first.sheet} 第 {first.row} 行" if first.sheet != entry.sheet else f"第 {first.row} 行"
            there = f"row {first.row} of {first.sheet}" if first.sheet != entry.sheet else f"row {first.row}"
            same = first.one == replace(entry.one, name=first.one.name)
            differs = "" if same else "，内容不同，以前者为准"
            english = "" if same else "; they differ, the first counts"
            why = f"与{where}是同一个班{differs}。The same class as in {there}{english}."
            skipped.append(Skipped(entry.row, why, entry.sheet))
        else:
            rows.append(entry)
    return list(found.values())


def _class(rows: list[_Entry], counted: bool) -> SchoolClass:
    """The class of its rows; of each field the first that says something."""
    ones = [entry.one for entry in rows]
    enrolled = next((one.enrolled for one in ones if one.enrolled is not None), None)
    if enrolled is None and counted and rows[0].is_pupil:
        enrolled = len(rows)
    return SchoolClass(
        name=ones[0].name,
        place=next((one.place for one in ones if one.place), ""),
        enrolled=enrolled,
        teacher=next((one.teacher for one in ones if one.teacher), ""),
        route=next((one.route for one in ones if one.route), ""),
    )


class _Reader:
    """Reads the rows of one sheet. What it leaves out stands in `skipped`, what was odd in `odd`."""

    def __init__(self, sheet: Sheet, head: RosterHead | None) -> None:
        self.sheet = sheet
        self.head = head
        self.skipped: list[Skipped] = []
        self.odd: list[Odd] = []
        self.schools: set[str] = set()
        self._above: dict[RosterColumn, CellValue] = {}
        self._grade = ""
        self._of_pupils = head is not None and any(head.has(column) for column in ONE_PUPIL)

    def entries(self) -> Iterator[_Entry]:
        """The rows that name a class, in order."""
        if self.head is None:
            why = "这张工作表没有“班级”一列，未读。This sheet has no column of classes and was not read."
            self._skip(self.sheet.rows[0], why)
            return
        for row in self.sheet.rows[: self.head.first]:
            self._skip(row, "表头之前的标题行。A title above the head.")
        self._say_what_is_beside(self.head)
        for row in self.sheet.rows[self.head.first + self.head.lines :]:
            why = self._no_class(row)
            if why:
                self._skip(row, why)
            elif (entry := self._entry(row, self.head)) is not None:
                yield entry

    def about_pupils(self, counted: bool) -> Odd | None:
        """What became of a column of pupils; None where there is none."""
        if self.head is None or not self._of_pupils:
            return None
        row = self.sheet.rows[self.head.first].number
        text = next(cell.text for cell in self.head.cells if cell.column in ONE_PUPIL)
        if counted:
            why = "每行一名学生：已按班计数，姓名等没有保留。One row per pupil: counted by class; names were not kept."
            return Odd(row, text, "", "", why, False, self.sheet.name)
        why = (
            "可能是学生信息，没有保留；教师请写在“班主任”一列。"
            "This may be about pupils and was not kept; write teachers under 班主任 (class teacher)."
        )
        return Odd(row, text, "", "", why, True, self.sheet.name)

    def _no_class(self, row: Row) -> str:
        """Why the row names no class; "" when it does."""
        texts = [re.sub(r"\s", "", folded(cell)) for cell in row.cells if cell is not None]
        first = texts[0]
        if self._is_head_again(row):
            return "重复的表头。The head again."
        if is_total(first) or (len(texts) > 1 and is_total(texts[1])):
            return "小计或合计。A subtotal or total."
        if is_note(first):
            return "表下附注。A note."
        if len(texts) == 1:
            bare = re.sub(r"\(.*\)|[共:].*", "", first)
            if _GRADE_TITLE.fullmatch(bare):
                self._grade = bare
                return "分组标题。A group title."
            if len(first) > 30 or first.endswith(("。", ";", ".")):
                return "表下附注。A note."
        return ""

    def _is_head_again(self, row: Row) -> bool:
        assert self.head is not None
        texts = {(i, folded(cell)) for i, cell in enumerate(row.cells) if cell is not None}
        return any(
            len(texts & {(i, folded(cell)) for i, cell in enumerate(above.cells) if cell is not None}) * 2 > len(texts)
            for above in self.sheet.rows[self.head.first : self.head.first + self.head.lines]
        )

    def _entry(self, row: Row, head: RosterHead) -> _Entry | None:
        cells = {c.column: row.cells[c.place] for c in head.cells if c.column and c.place < len(row.cells)}
        is_pupil = self._of_pupils and any(folded(cells.get(column)) for column in ONE_PUPIL)
        follows = {RosterColumn.GRADE} | ({RosterColumn.CLASS} if is_pupil else set())
        for column in [*cells, *(follows - cells.keys())]:
            if is_ditto(cells.get(column)) or (column in follows and not cells.get(column)):
                cells[column] = self._above.get(column)
        name = self._name(row, cells)
        if not name:
            self._skip(row, "没有班级名称。There is no name of a class.")
            return None
        self._above = {column: cell for column, cell in cells.items() if column not in NOT_KEPT}
        if school := normal_name(take_text(cells.get(RosterColumn.SCHOOL)).value):
            self.schools.add(school)
        one = SchoolClass(
            name,
            self._place(row, cells),
            self._enrolled(row, cells),
            self._teacher(row, cells),
            self._route(row, cells),
        )
        return _Entry(self.sheet.name, row.number, one, is_pupil)

    def _name(self, row: Row, cells: dict[RosterColumn, CellValue]) -> str:
        """The class's name, with its grade where it is a mere number; "" when there is none."""
        cell = cells.get(RosterColumn.CLASS)
        if isinstance(cell, date):  # Excel makes a day of 1-2
            name = f"{cell.month}-{cell.day}"
            self._note(row, RosterColumn.CLASS, str(cell)[:10], name, _A_DAY, True)
        else:
            name = self._text(row, cells, RosterColumn.CLASS)
            if day := _DAY.fullmatch(name):
                self._note(row, RosterColumn.CLASS, name, f"{day[1]}-{day[2]}", _A_DAY, True)
                name = f"{day[1]}-{day[2]}"
        if not any(c.isalnum() for c in name) or len(name) > _LONGEST_NAME:
            return ""
        bare = _BARE_CLASS.fullmatch(normal_name(name))
        if bare is None:
            return name
        grade = self._text(row, cells, RosterColumn.GRADE) or self._grade
        grade = f"{grade}年级" if re.fullmatch(r"[一二三四五六七八九1-9]", grade) else grade
        whole = f"{grade}{name}" + ("" if bare[2] else "班")
        if whole != name and not grade:
            self._note(row, RosterColumn.CLASS, name, whole, "只有班号。There is only a number.", True)
        return whole

    def _place(self, row: Row, cells: dict[RosterColumn, CellValue]) -> str:
        """Building, floor and room as one text: 教学楼3层301."""
        building, floor, room, place = (
            self._text(row, cells, column)
            for column in (RosterColumn.BUILDING, RosterColumn.FLOOR, RosterColumn.ROOM, RosterColumn.PLACE)
        )
        building = f"{building}号楼" if building.isdigit() else building
        floor = f"{floor}层" if re.fullmatch(r"-?\d{1,2}|[一二三四五六七八九十]{1,2}", floor) else floor
        return _joined((building, floor, place, room), "")

    def _route(self, row: Row, cells: dict[RosterColumn, CellValue]) -> str:
        columns = (RosterColumn.ROUTE, RosterColumn.STAIRS, RosterColumn.EXIT)
        return _joined(tuple(self._text(row, cells, column) for column in columns), "→")

    def _teacher(self, row: Row, cells: dict[RosterColumn, CellValue]) -> str:
        """Who leads the class; a telephone that stands in the same cell is not kept."""
        return _PHONE.sub("", self._text(row, cells, RosterColumn.TEACHER)).strip(" ,，、;；:：()（）/")

    def _enrolled(self, row: Row, cells: dict[RosterColumn, CellValue]) -> int | None:
        count = self._take(row, cells, RosterColumn.ENROLLED, take_count)
        if count is None:
            boys = self._take(row, cells, RosterColumn.BOYS, take_count)
            girls = self._take(row, cells, RosterColumn.GIRLS, take_count)
            count = boys + girls if boys is not None and girls is not None else None
        if count is not None and count > _MANY_PUPILS:
            self._note(row, RosterColumn.ENROLLED, str(count), str(count), "一个班人数过多。Many for one class.", True)
        return count

    def _text(self, row: Row, cells: dict[RosterColumn, CellValue], column: RosterColumn) -> str:
        text = "".join(c for c in self._take(row, cells, column, take_text) or "" if is_printable(c))
        if len(text) > _LONGEST_TEXT:
            self._note(row, column, text[:_LONGEST_NAME] + "…", "", "太长，已截短。Too long; it was cut.", True)
        return text[:_LONGEST_TEXT]

    def _take(
        self,
        row: Row,
        cells: dict[RosterColumn, CellValue],
        column: RosterColumn,
        take: Callable[[CellValue], Taken[V]],
    ) -> V | None:
        """What a cell means, noting what is odd in it; None when the list has no such cell."""
        cell = cells.get(column)
        if cell is None:
            return None
        taken = take(cell)
        number = isinstance(cell, (int, float)) and not isinstance(cell, bool)
        if taken.why and not (number and not taken.doubt):  # rooms and class numbers are numbers in every roster
            self._note(row, column, str(cell), "" if taken.value is None else str(taken.value), taken.why, taken.doubt)
        return taken.value

    def _note(self, row: Row, column: RosterColumn, found: str, taken_as: str, why: str, doubt: bool) -> None:
        assert self.head is not None
        text = next((cell.text for cell in self.head.cells if cell.column is column), "")
        self.odd.append(Odd(row.number, text, found, taken_as, why, doubt, self.sheet.name))

    def _say_what_is_beside(self, head: RosterHead) -> None:
        """Two tables side by side are one too many: the right one is not read, and that is said."""
        for cell in head.cells:
            text = cell.text.rpartition("/")[2]
            if cell.column is RosterColumn.OTHER and recognise(text) is RosterColumn.CLASS:
                why = "右边还有一列班级，没有读；请上下排列。A second column of classes was not read; put it below."
                self.odd.append(Odd(self.sheet.rows[head.first].number, cell.text, "", "", why, True, self.sheet.name))

    def _skip(self, row: Row, why: str) -> None:
        self.skipped.append(Skipped(row.number, why, self.sheet.name))


_A_DAY = "表格把班级名改成了日期。The table program has made a day of it."


def _joined(parts: tuple[str, ...], sign: str) -> str:
    """The parts in a row, without those that another says already."""
    said = [part for part in parts if part]
    kept = [
        p for n, p in enumerate(said) if not any(p in q and (p != q or m < n) for m, q in enumerate(said) if m != n)
    ]
    return sign.join(kept)
