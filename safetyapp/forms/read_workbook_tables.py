"""The tables of a workbook's sheets: which column is which, by its head, and the rows as cells by the columns' keys."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import lru_cache

from safetyapp.forms.mistakes import shown
from safetyapp.forms.read_workbook_file import CellValue, Grid
from safetyapp.forms.workbook_places import CellNotes
from safetyapp.forms.workbook_sheets import FILTER_HEAD, FILTER_KEY, Column
from safetyapp.forms.workbook_words import folded

_HEADS_WITHIN = 15
"""So many rows may stand above the heads."""
_LONGEST_HEAD = 40


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands in a cell (None: nothing), and where; `from_above` when a merged cell gave it."""

    value: CellValue | None
    place: int
    from_above: bool = False


@dataclass(slots=True)
class Record:
    """One row of a table. `more` are the rows below it that hold only further lines of its cells."""

    row: int
    cells: dict[str, Cell]
    more: list[Record] = field(default_factory=list)

    def has(self, key: str) -> bool:
        cell = self.cells.get(key)
        return cell is not None and cell.value is not None


@dataclass(frozen=True, slots=True)
class Table:
    """The columns that are there, and the rows. `head_row` is where the heads stand."""

    columns: tuple[Column, ...]
    records: tuple[Record, ...]
    head_row: int


def find_heads(grid: Grid, columns: tuple[Column, ...], rows: Iterable[int]) -> int | None:
    """The row that names most columns, two at least; None when there is none."""
    best, most = None, 1
    for number in list(rows)[:_HEADS_WITHIN]:
        found = sum(1 for value in grid.rows[number].values() if _column(value, columns) is not None)
        if found > most:
            best, most = number, found
    return best


def read_table(
    grid: Grid, columns: tuple[Column, ...], rows: list[int], notes: CellNotes, filters: bool = False
) -> Table | None:
    """The table that stands in some rows of a sheet; None after noting that it has no heads that can be read. With
    `filters` there may be columns for what choice filters look at."""
    head = find_heads(grid, columns, rows)
    if head is None:
        words = "、".join(c.head for c in columns if c.required)
        zh, en = f"找不到表头（{words}）", f"There is no row of heads ({words})"
        notes.mistake(notes.place(grid.title, rows[0] if rows else 0), "no-heads", zh, en)
        return None
    if head in grid.wide:
        zh, en = "表头有合并单元格，请取消合并", "The heads are merged cells; split them"
        notes.mistake(notes.place(grid.title, head, grid.wide[head]), "merged-heads", zh, en)
        return None
    named = _named(grid, head, columns, notes, filters)
    if named is None:
        return None
    below = [number for number in rows if number > head]
    if below and _is_keys(grid.rows[below[0]], columns):
        del below[0]
    by_key = {column.key: column for column in named.values()}
    missing = [c for c in columns if c.required and c.key not in by_key]
    for column in missing:
        zh, en = f"缺少“{column.head}”这一列", f"The column {column.head} ({column.key}) is missing"
        notes.mistake(notes.place(grid.title, head), "missing-column", zh, en)
    if missing:
        return None
    if again := next((n for n in below if _is_heads(grid, n, columns)), None):
        zh, en = "这里又有一行表头；一个工作簿只放一张检查表", "Heads once more: a workbook holds one form"
        notes.mistake(notes.place(grid.title, again), "two-forms", zh, en)
        return None
    records = tuple(_records(grid, named, below, notes))
    return Table(tuple(by_key.values()), records, head)


def _is_heads(grid: Grid, number: int, columns: tuple[Column, ...]) -> bool:
    required = [c for c in columns if c.required]
    found = {c.key for value in grid.rows[number].values() if (c := _column(value, columns)) is not None}
    return len(grid.rows[number]) > 2 and all(c.key in found for c in required)


def _is_keys(cells: dict[int, CellValue], columns: tuple[Column, ...]) -> bool:
    """Whether a row is the one in small type that holds the columns' keys: most of its cells do."""
    keys = {c.key for c in columns}
    texts = [value.strip() if isinstance(value, str) else "" for value in cells.values()]
    return sum(t in keys or t.startswith(FILTER_KEY) for t in texts) * 2 > len(texts)


def _named(
    grid: Grid, head: int, columns: tuple[Column, ...], notes: CellNotes, filters: bool
) -> dict[int, Column] | None:
    """Which column stands where. A head that is none of ours is named in a warning; no head may be there twice."""
    named: dict[int, Column] = {}
    taken: dict[str, int] = {}
    for place, value in sorted(grid.rows[head].items()):
        at = notes.place(grid.title, head, place)
        column = _column(value, columns) or (_filter(value) if filters else None)
        if column is None:
            text = shown(str(value)) if isinstance(value, str) else "?"
            near = get_close_matches(folded(text), [folded(c.head) for c in columns], n=1, cutoff=0.7)
            zh, en = f"不认识“{text}”这一列，没有读入", f"The column '{text}' is not known and was not read"
            if near:
                like = next(c.head for c in columns if folded(c.head) == near[0])
                zh, en = f"{zh}；是否应为“{like}”", f"{en}; did you mean {like}"
            notes.warning(at, "extra-column", zh, en)
        elif column.key in taken:
            zh, en = f"“{column.head}”这一列有两个", f"The column {column.head} is there twice"
            notes.mistake(at, "duplicate-column", zh, en)
            return None
        else:
            taken[column.key] = place
            named[place] = column
    return named


def _column(value: CellValue, columns: tuple[Column, ...]) -> Column | None:
    if not isinstance(value, str) or len(value) > _LONGEST_HEAD:
        return None
    return _by_head(columns).get(folded(value))


@lru_cache(maxsize=16)
def _by_head(columns: tuple[Column, ...]) -> dict[str, Column]:
    return {folded(word): c for c in columns for word in (c.key, *c.heads)}


def _filter(value: CellValue) -> Column | None:
    text = value.strip() if isinstance(value, str) else ""
    for start in (FILTER_HEAD, FILTER_HEAD.replace("：", ":"), FILTER_KEY):
        if text.startswith(start) and text[len(start) :].strip():
            name = text[len(start) :].strip()
            return Column(FILTER_KEY + name, (FILTER_HEAD + name,))
    return None


def _records(grid: Grid, named: dict[int, Column], below: list[int], notes: CellNotes) -> Iterator[Record]:
    for number in below:
        values = grid.rows[number]
        cells = {
            column.key: Cell(values.get(place), notes.place(grid.title, number, place), (number, place) in grid.down)
            for place, column in named.items()
        }
        if any(cell.value is not None and not cell.from_above for cell in cells.values()):
            yield Record(number, cells)


def with_more(records: Iterable[Record], columns: tuple[Column, ...]) -> list[Record]:
    """The rows with those below them that only go on with cells of several lines: where nothing else is written."""
    lines = {c.key for c in columns if c.shape.has_lines}
    found: list[Record] = []
    for record in records:
        own = {key for key, cell in record.cells.items() if cell.value is not None and not cell.from_above}
        if found and own <= lines:
            found[-1].more.append(record)
        else:
            found.append(record)
    return found
