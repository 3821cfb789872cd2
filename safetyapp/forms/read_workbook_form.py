"""The sheet 检查表: the form's own rows, a key and its value each, and the small tables below them."""

from __future__ import annotations

from safetyapp.forms.mistakes import shown
from safetyapp.forms.read_workbook_file import CellValue, Grid
from safetyapp.forms.read_workbook_tables import Cell, Record
from safetyapp.forms.workbook_places import CellNotes
from safetyapp.forms.workbook_sheets import BLOCKS, FORM_ROWS, VALUE_HEADS, Column
from safetyapp.forms.workbook_words import folded

_BLOCKS = {folded(title): title for title in BLOCKS}
_OWN = {folded(word): c for c in reversed(FORM_ROWS) for word in (c.key.removesuffix(".zh"), *c.heads)}


def split_blocks(grid: Grid) -> tuple[list[int], dict[str, list[int]]]:
    """The form's own rows, and the rows of each small table, by its title."""
    own: list[int] = []
    blocks: dict[str, list[int]] = {}
    current = own
    for number, cells in grid.rows.items():
        title = _title(cells)
        if title and title not in blocks:
            current = blocks.setdefault(title, [])
        else:
            current.append(number)
    return own, blocks


def _title(cells: dict[int, CellValue]) -> str:
    if len(cells) != 1:
        return ""
    (value,) = cells.values()
    return _BLOCKS.get(folded(value).strip("【】[]〔〕"), "") if isinstance(value, str) else ""


def own_cells(grid: Grid, rows: list[int], notes: CellNotes) -> Record | None:
    """The form's own values as one row; None after noting that there are none."""
    label = _label_column(grid, rows)
    if label is None:
        words = "、".join(c.head for c in FORM_ROWS if c.required)
        zh, en = f"找不到检查表的各行（{words}）", f"The rows of the form itself are missing ({words})"
        notes.mistake(notes.place(grid.title), "no-heads", zh, en)
        return None
    chinese, english = _value_columns(grid, rows, label)
    cells: dict[str, Cell] = {}
    for number in rows:
        row = grid.rows[number]
        column = _own(row.get(label))
        at = notes.place(grid.title, number, label)
        if column is None:
            _note_extra(row, label, (chinese, english), at, notes)
            continue
        if column.key in cells:
            zh, en = (
                f"“{column.head}”写了两次；一个工作簿只放一张检查表",
                f"{column.head} is there twice: one form a workbook",
            )
            notes.mistake(at, "two-forms", zh, en)
            return None
        cells[column.key] = Cell(row.get(chinese), notes.place(grid.title, number, chinese))
        if column.path[-1] == "zh":
            key = column.key.removesuffix("zh") + "en"
            cells[key] = Cell(row.get(english), notes.place(grid.title, number, english))
    return Record(rows[0], cells)


def _own(value: CellValue | None) -> Column | None:
    return _OWN.get(folded(value)) if isinstance(value, str) and len(value) < 40 else None


def _label_column(grid: Grid, rows: list[int]) -> int | None:
    """The column in which most of the form's own rows are named."""
    counts: dict[int, int] = {}
    for number in rows:
        for place, value in grid.rows[number].items():
            if _own(value) is not None:
                counts[place] = counts.get(place, 0) + 1
    return min(counts, key=lambda place: (-counts[place], place)) if counts else None


def _value_columns(grid: Grid, rows: list[int], label: int) -> tuple[int, int]:
    """Where the values stand: below their heads, else beside the names."""
    heads = [folded(head) for head in VALUE_HEADS]
    for number in rows:
        found = {folded(v): place for place, v in grid.rows[number].items() if isinstance(v, str) and len(v) < 40}
        if heads[0] in found:
            return found[heads[0]], found.get(heads[1], found[heads[0]] + 1)
    return label + 1, label + 2


def _note_extra(row: dict[int, CellValue], label: int, values: tuple[int, int], at: int, notes: CellNotes) -> None:
    """A row that is none of the form's own and has a value is named in a warning, but not the row of heads."""
    named = row.get(label)
    heads = any(isinstance(v, str) and folded(v) == folded(VALUE_HEADS[0]) for v in row.values())
    if not heads and any(place in row for place in values):
        text = shown(str(named)) if isinstance(named, str) else ""
        zh, en = f"不认识“{text}”这一行，没有读入", f"The row '{text}' is not known and was not read"
        notes.warning(at, "extra-row", zh, en)
