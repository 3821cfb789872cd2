"""The lists of schools that offices keep in Excel or CSV, read into `School`s; each row says what it was taken for."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from safetyapp.domain.school import School, SchoolFact, SchoolId, normal_name, school_id
from safetyapp.forms.school_campuses import address_of, link
from safetyapp.forms.school_cells import (
    Taken,
    buys_meals,
    take_canteen,
    take_code,
    take_count,
    take_day,
    take_gas,
    take_kind,
    take_phone,
    take_text,
    take_truth,
)
from safetyapp.forms.school_head import NOT_KEPT, Column, Head, find_head
from safetyapp.forms.school_rows import Entry, Odd, RowReader, Skipped
from safetyapp.forms.sheet_head import columns_read
from safetyapp.forms.sheets import CellValue, Sheet, open_sheets, refusal

V = TypeVar("V")

_PHONES = (Column.HEAD_PHONE, Column.PHONE, Column.OFFICER_PHONE)
_SIMPLE_FACTS = {
    Column(fact.value): fact
    for fact in SchoolFact
    if fact not in (SchoolFact.CANTEEN, SchoolFact.GAS, SchoolFact.BOTTLED_GAS)
}


@dataclass(frozen=True, slots=True)
class SchoolList:
    """What a list says.

    `schools`: the schools, each followed by its campuses. `skipped`: rows that are none. `columns`: head text to what
    the column was read as ("name", "code" …; "not kept: …" has no place in a School, "not recognised" was not read).
    `odd`: cells not taken as they stand.
    """

    schools: tuple[School, ...]
    skipped: tuple[Skipped, ...]
    columns: dict[str, str] = field(default_factory=dict)
    odd: tuple[Odd, ...] = ()

    def main_schools(self) -> tuple[School, ...]:
        """The schools without their campuses."""
        return tuple(school for school in self.schools if school.campus_of is None)


def read_schools(path: Path) -> SchoolList:
    """Read a list. Raises ListRefused when the file cannot be opened or holds no column of school names."""
    entries: list[Entry] = []
    skipped: list[Skipped] = []
    columns: dict[str, str] = {}
    for sheet in open_sheets(path):
        found, left_out, heads = _read_sheet(sheet)
        entries += found
        skipped += left_out
        for head in heads:
            columns.update(columns_read(head, columns, NOT_KEPT))
    if not columns:
        raise refusal(
            path.name,
            "no-name-column",
            "找不到“学校名称”一列，请在表头写明学校名称",
            "No column of school names was found; write 学校名称 (school name) at the head of that column",
        )
    kept, repeated = link(entries)
    skipped += repeated
    schools = _schools(kept, skipped)
    odd = tuple(odd for entry in entries for odd in entry.odd)
    return SchoolList(schools, tuple(sorted(skipped, key=lambda s: (s.sheet, s.row))), columns, odd)


def _read_sheet(sheet: Sheet) -> tuple[list[Entry], list[Skipped], list[Head]]:
    head = find_head(sheet)
    if head is None:
        row = sheet.rows[0].number if sheet.rows else 0
        why = "这张工作表没有“学校名称”一列，未读。This sheet has no column of school names and was not read."
        return [], ([Skipped(row, why, sheet.name)] if sheet.rows else []), []
    reader = RowReader(sheet, head)
    return list(reader.entries()), reader.skipped, reader.heads


def _schools(entries: list[Entry], skipped: list[Skipped]) -> tuple[School, ...]:
    """The schools with their ids, each followed by its campuses."""
    ids: dict[int, SchoolId] = {}
    taken: dict[SchoolId, Entry] = {}
    names = Counter(normal_name(e.name) for e in entries if e.parent is None and not e.code)
    for entry in sorted(entries, key=lambda e: e.parent is not None):  # schools first: a campus's id holds its school's
        parent = ids.get(id(entry.parent)) if entry.parent is not None else None
        found = _id(entry, parent, names, taken)
        if found in taken:
            row = taken[found].row
            skipped.append(Skipped(entry.row, f"与第 {row} 行是同一处。The same place as in row {row}.", entry.sheet))
            continue
        taken[found] = entry
        ids[id(entry)] = found
    families: dict[SchoolId, list[School]] = {}
    for found, entry in taken.items():
        school = _school(entry, found, ids)
        families.setdefault(school.campus_of or school.id, []).append(school)
    return tuple(school for family in families.values() for school in family)


def _id(entry: Entry, parent: SchoolId | None, names: Counter[str], taken: dict[SchoolId, Entry]) -> SchoolId:
    """An id that the same list gives again: the code, else a hash of the name, with the address where names repeat."""
    name, code = normal_name(entry.name), entry.code
    if entry.parent is not None and parent is not None and code in ("", entry.parent.code):
        campus = normal_name(entry.campus)
        own = hashlib.sha256((name if campus in name else f"{name}|{campus}").encode()).hexdigest()[:8]
        return SchoolId(f"{parent}-{own}")
    if code and SchoolId(code) not in taken:
        return school_id(name, code)
    if not code and names[name] == 1:
        return school_id(name)
    where = normal_name(address_of(entry) or take_text(entry.cells.get(Column.STREET)).value)
    why = "同名且没有代码，按地址区分。Same name and no code; told apart by address."
    if not code:
        entry.note(Column.NAME, entry.name, why, True)
    return school_id(f"{name}|{where}")


def _school(entry: Entry, found: SchoolId, ids: dict[int, SchoolId]) -> School:
    code = _take(entry, Column.CODE, take_code) or ""
    if not code and Column.CODE in entry.heads and entry.cells.get(Column.CODE) is None:
        entry.note(Column.CODE, found, "没有标识码，用校名定编号。No code; the id is made from the name.")
    _take(entry, Column.FOUNDED, take_day)
    has, lacks = _facts(entry)
    group = take_kind(entry.cells.get(Column.KIND) or entry.group or None, entry.name, code)
    if group.why:
        entry.note(Column.KIND, group.value.value, group.why, group.doubt)
    for column in (Column.ADDRESS, Column.CAMPUS_ADDRESS):
        _take(entry, column, take_text)
    students = _take(entry, Column.STUDENTS, take_count)
    _check_boarders(entry, students)
    phones = [_take(entry, column, take_phone) for column in _PHONES]
    return School(
        id=found,
        name=entry.name,
        kind=group.value,
        code=code,
        campus_of=ids.get(id(entry.parent)) if entry.parent is not None else None,
        street=_take(entry, Column.STREET, take_text) or "",
        address=address_of(entry),
        head=_take(entry, Column.HEAD, take_text) or "",
        phone=next((phone for phone in phones if phone), ""),
        students=students,
        has=frozenset(has),
        lacks=frozenset(lacks),
    )


def _take(entry: Entry, column: Column, take: Callable[[CellValue], Taken[V]]) -> V | None:
    """What a cell means, noting what is odd in it; None when the list has no such cell."""
    cell = entry.cells.get(column)
    if cell is None:
        return None
    taken = take(cell)
    if taken.why:
        entry.note(column, "" if taken.value is None else taken.value, taken.why, taken.doubt)
    return taken.value


def _facts(entry: Entry) -> tuple[set[SchoolFact], set[SchoolFact]]:
    """What the school has and what it lacks; an empty cell says neither."""
    known: dict[SchoolFact, bool | None] = {}
    for column, fact in _SIMPLE_FACTS.items():
        known[fact] = _take(entry, column, take_truth)
    known[SchoolFact.CANTEEN] = _take(entry, Column.CANTEEN, take_canteen)
    if known[SchoolFact.BOUGHT_IN_MEALS] is None and buys_meals(entry.cells.get(Column.CANTEEN)):
        known[SchoolFact.BOUGHT_IN_MEALS] = True
    burns, bottled = _take(entry, Column.GAS, take_gas) or (None, None)
    bottled_too = _take(entry, Column.BOTTLED_GAS, take_truth)
    known[SchoolFact.BOTTLED_GAS] = bottled if bottled_too is None else bottled_too
    known[SchoolFact.GAS] = True if bottled_too else burns
    has = {fact for fact, value in known.items() if value is True}
    return has, {fact for fact, value in known.items() if value is False}


def _check_boarders(entry: Entry, students: int | None) -> None:
    boarders = take_count(entry.cells.get(Column.BOARDING)).value
    if students is not None and boarders is not None and boarders > students:
        why = "寄宿生多于学生数。There are more boarders than students."
        entry.note(Column.BOARDING, boarders, why, True)
