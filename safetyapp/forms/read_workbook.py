"""A workbook of ours as a `Form`, or every mistake in it with its cell. A wrong form never opens half.

The sheets become the tree that the YAML reader takes: all rules of a form stand there.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from safetyapp.domain.form import Form, with_address
from safetyapp.forms import read_yaml
from safetyapp.forms.read_workbook_cells import Desk
from safetyapp.forms.read_workbook_file import Grid, read_grids
from safetyapp.forms.read_workbook_form import own_cells, split_blocks
from safetyapp.forms.read_workbook_items import sections_node
from safetyapp.forms.read_workbook_tables import Record, Table, read_table, with_more
from safetyapp.forms.read_workbook_tree import entries_of, mapping_of, nested
from safetyapp.forms.so_far import SoFar
from safetyapp.forms.workbook_lines import names_of
from safetyapp.forms.workbook_places import CellNotes
from safetyapp.forms.workbook_sheets import (
    BLOCKS,
    CHOICE_COLUMNS,
    CHOICE_SHEET,
    DOCUMENT_COLUMNS,
    DOCUMENT_SHEET,
    DUE_BLOCK,
    DUE_COLUMNS,
    FILTER_KEY,
    FORM_ROWS,
    FORM_SHEET,
    GRADE_BLOCK,
    GRADE_COLUMNS,
    ITEM_COLUMNS,
    ITEM_SHEET,
    SECTION_BLOCK,
)
from safetyapp.forms.yaml_tree import Mapping, Node, Scalar, Sequence


def read_workbook(source: Path | bytes, name: str = "") -> tuple[Form | None, CellNotes]:
    """The form (None when it is refused) and everything noted on the way. Raises nothing."""
    notes = CellNotes(name or ("form.xlsx" if isinstance(source, bytes) else source.name))
    grids = read_grids(source, notes)
    parts = _parts(grids, notes) if grids is not None else None
    if parts is None:
        return None, notes
    form = read_yaml.form_of(_tree(parts, notes), SoFar(notes))
    if form is None or notes.mistakes:
        return None, notes
    return with_address(form), notes


@dataclass(frozen=True, slots=True)
class _Parts:
    """The tables of a workbook; `own` are the form's own rows, `at` the place of the sheet they stand in."""

    own: Record
    blocks: dict[str, Table]
    items: Table
    choices: Table | None
    documents: Table | None
    at: int


def _parts(grids: dict[str, Grid], notes: CellNotes) -> _Parts | None:
    """The tables, or None after noting why they cannot be read."""
    form = grids[FORM_SHEET]
    own_rows, block_rows = split_blocks(form)
    if SECTION_BLOCK not in block_rows:
        zh, en = f"缺少“【{SECTION_BLOCK}】”这一块", f"The block 【{SECTION_BLOCK}】 (sections) is missing"
        notes.mistake(notes.place(form.title), "missing-block", zh, en)
        return None
    own = own_cells(form, own_rows, notes)
    blocks: dict[str, Table] = {}
    for title, rows in block_rows.items():
        if len(rows) > 1 or title == SECTION_BLOCK:  # the heads of an empty block may have been deleted
            table = read_table(form, BLOCKS[title], rows, notes)
            if table is not None:
                blocks[title] = table
    items = _table(grids, ITEM_SHEET, notes)
    choices, documents = _table(grids, CHOICE_SHEET, notes), _table(grids, DOCUMENT_SHEET, notes)
    if notes.mistakes or own is None or items is None:
        return None
    for sheet, table, keys in (
        (CHOICE_SHEET, choices, ("answer.list",)),
        (DOCUMENT_SHEET, documents, ("basis", "criterion")),
    ):
        if table is None and any(record.has(key) for record in items.records for key in keys):
            notes.mistake(0, "missing-sheet", f"缺少工作表“{sheet}”", f"The sheet {sheet} is missing")
    if notes.mistakes:
        return None
    return _Parts(own, blocks, items, choices, documents, notes.place(form.title, 1, 1))


def _table(grids: dict[str, Grid], sheet: str, notes: CellNotes) -> Table | None:
    """The table of a sheet that is one; an empty sheet is none, but that of the items must not be empty."""
    columns = {ITEM_SHEET: ITEM_COLUMNS, CHOICE_SHEET: CHOICE_COLUMNS, DOCUMENT_SHEET: DOCUMENT_COLUMNS}[sheet]
    grid = grids.get(sheet)
    if grid is None or (not grid.rows and sheet != ITEM_SHEET):
        return None
    return read_table(grid, columns, list(grid.rows), notes, filters=sheet == CHOICE_SHEET)


def _tree(parts: _Parts, notes: CellNotes) -> Node:
    """The form as the YAML reader takes it."""
    desk = Desk(notes, _documents_by_name(parts.documents))
    own = nested(entries_of(parts.own, FORM_ROWS, desk))
    entries: dict[str, Node] = {}
    for key, part in own.items():
        if key != "scoring":
            entries[key] = mapping_of(part)
    scoring = _scoring(own.get("scoring"), _records(parts, GRADE_BLOCK), desk)
    if scoring is not None:
        entries["scoring"] = scoring
    if parts.documents is not None:
        entries["documents"] = _documents(parts.documents, desk)
    if parts.choices is not None:
        entries["choices"] = _choices(parts.choices, desk)
    due = with_more(_records(parts, DUE_BLOCK), DUE_COLUMNS)
    if due:
        rules = tuple(mapping_of(nested(entries_of(r, DUE_COLUMNS, desk)), r.cells["id"].place) for r in due)
        entries["due"] = Sequence(rules, due[0].cells["id"].place)
    sections = _records(parts, SECTION_BLOCK)
    entries["sections"] = sections_node(sections, parts.items, desk, parts.at)
    return Mapping(tuple((Scalar(key, True, node.line), node) for key, node in entries.items()), parts.at)


def _records(parts: _Parts, block: str) -> tuple[Record, ...]:
    return parts.blocks[block].records if block in parts.blocks else ()


def _scoring(part: object, grades: tuple[Record, ...], desk: Desk) -> Node | None:
    """What stands under `scoring`; nothing when nothing is written about it."""
    entries = dict(part) if isinstance(part, dict) else {}
    nodes = {key: mapping_of(value) for key, value in entries.items()}
    if not grades and all(isinstance(node, Scalar) and node.is_null for node in nodes.values()):
        return None
    place = next(iter(nodes.values())).line if nodes else grades[0].cells["id"].place
    if grades:
        rows = tuple(mapping_of(nested(entries_of(g, GRADE_COLUMNS, desk)), g.cells["id"].place) for g in grades)
        nodes["grades"] = Sequence(rows, grades[0].cells["id"].place)
    return Mapping(tuple((Scalar(key, True, node.line), node) for key, node in nodes.items()), place)


def _documents_by_name(table: Table | None) -> dict[str, str]:
    """What names a legal document, with its id."""

    def text(record: Record, key: str) -> str:
        cell = record.cells.get(key)
        value = cell.value if cell is not None else None
        return str(value).strip() if isinstance(value, str | int | float) else ""

    records = table.records if table is not None else ()
    return names_of((text(r, "id"), text(r, "short"), text(r, "title")) for r in records)


def _documents(table: Table, desk: Desk) -> Node:
    pairs = []
    for record in table.records:
        entries = nested(entries_of(record, DOCUMENT_COLUMNS, desk))
        name = entries.pop("id")
        assert isinstance(name, Scalar)
        name = Scalar(name.text.strip(), name.plain, name.line)
        pairs.append((name, mapping_of(entries, name.line)))
    return Mapping(tuple(pairs), pairs[0][0].line if pairs else 0)


def _choices(table: Table, desk: Desk) -> Node:
    """The lists by their names, in the order in which they first come; a row without one belongs to that of the row
    above."""
    lists: dict[str, tuple[Scalar, list[Node]]] = {}
    current: Scalar | None = None
    for record in table.records:
        named = desk.node(record.cells["list"], CHOICE_COLUMNS[0])
        if isinstance(named, Scalar) and not named.is_null:
            current = named
        elif current is None:
            zh, en = "没有写选项表代号", "names no choice list"
            desk.notes.mistake(named.line, "missing", zh, f"The row {en}")
            continue
        assert current is not None
        entries = nested(entries_of(record, CHOICE_COLUMNS[1:], desk))
        columns = _filters(record, table, desk)
        if columns is not None:
            entries["with"] = columns
        lists.setdefault(current.text.strip(), (current, []))[1].append(mapping_of(entries, record.cells["id"].place))
    pairs = ((Scalar(name, False, at.line), Sequence(tuple(rows), at.line)) for name, (at, rows) in lists.items())
    return Mapping(tuple(pairs), table.records[0].cells["list"].place if table.records else 0)


def _filters(record: Record, table: Table, desk: Desk) -> Node | None:
    """What filters look at: nothing where the cell is empty, an empty text where it holds two quotes."""
    pairs: list[tuple[Scalar, Node]] = []
    for column in table.columns:
        if not column.key.startswith(FILTER_KEY):
            continue
        cell = record.cells[column.key]
        text = desk.text(cell, column).strip()
        if text:
            text = text if text.strip('"') or len(text) < 2 else text[1:] if len(text) > 2 else ""
            name = column.key[len(FILTER_KEY) :]
            pairs.append((Scalar(name, False, cell.place), Scalar(text, False, cell.place)))
    return Mapping(tuple(pairs), pairs[0][1].line) if pairs else None
