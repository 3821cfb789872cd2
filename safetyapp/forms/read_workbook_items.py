"""The rows of the sheet 项目 as the sections of a form: each row in its section, or below the item it belongs to."""

from __future__ import annotations

from dataclasses import dataclass, field
from difflib import get_close_matches

from safetyapp.forms.mistakes import shown
from safetyapp.forms.read_workbook_cells import Desk
from safetyapp.forms.read_workbook_tables import Record, Table, with_more
from safetyapp.forms.read_workbook_tree import entries_of, mapping_of, nested
from safetyapp.forms.so_far import DEEPEST_ITEM
from safetyapp.forms.workbook_sheets import ITEM_COLUMNS, SECTION_COLUMNS
from safetyapp.forms.workbook_words import folded
from safetyapp.forms.yaml_tree import Mapping, Node, Scalar, Sequence

_BY_KEY = {column.key: column for column in ITEM_COLUMNS}
_OWN = tuple(column for column in ITEM_COLUMNS if column.key not in ("section", "parent"))


@dataclass(slots=True)
class _Row:
    """One item, with the rows that belong to it."""

    record: Record
    id: str
    section: str = ""
    parent: _Row | None = None
    members: list[_Row] = field(default_factory=list)


def sections_node(sections: tuple[Record, ...], table: Table, desk: Desk, at: int) -> Node:
    """The sections in the order of their table, each with its items in the order of their rows."""
    rows = _rows(table, desk)
    by_id, names = _section_names(sections, desk)
    of_section: dict[str, list[_Row]] = {section_id: [] for section_id in by_id}
    current = ""
    for row in rows:
        found = _section(row, names, desk)
        if row.parent is None:
            current = found or current
            if current:
                row.section = current
                of_section[current].append(row)
            elif found is not None:
                zh, en = "没有写类别", "names no section"
                desk.notes.mistake(row.record.cells["section"].place, "missing", zh, f"The item {en}")
    for row in rows:
        _compare_section(row, names, desk)
    nodes = []
    for section_id, record in by_id.items():
        entries = nested(entries_of(record, SECTION_COLUMNS, desk))
        place = record.cells["id"].place
        entries["items"] = Sequence(tuple(_item(row, desk) for row in of_section[section_id]), place)
        nodes.append(mapping_of(entries, place))
    return Sequence(tuple(nodes), nodes[0].line if nodes else at)


def _text(record: Record, key: str, desk: Desk) -> str:
    cell = record.cells.get(key)
    return desk.text(cell, _BY_KEY[key]).strip() if cell is not None else ""


def _rows(table: Table, desk: Desk) -> list[_Row]:
    """The items, each tied to the one it belongs to."""
    rows = [_Row(record, _text(record, "id", desk)) for record in with_more(table.records, ITEM_COLUMNS)]
    known: dict[str, _Row] = {}
    for row in rows:
        known.setdefault(row.id, row)
    for row in rows:
        name = _text(row.record, "parent", desk)
        if not name:
            continue
        parent = known.get(name)
        if parent is None:
            near = get_close_matches(name[:60], known, n=1)
            zh, en = (f"，是否应为“{near[0]}”", f"; did you mean '{near[0]}'") if near else ("", "")
            text = shown(name)
            place = row.record.cells["parent"].place
            desk.notes.mistake(
                place, "unknown-parent", f"没有编号为“{text}”的项目{zh}", f"There is no item '{text}'{en}"
            )
        else:
            row.parent = parent
    for row in rows:
        _cut_long_ways(row, desk)
    for row in rows:
        if row.parent is not None:
            row.parent.members.append(row)
    return rows


def _cut_long_ways(row: _Row, desk: Desk) -> None:
    """No item belongs to itself by any way round, and none is nested deeper than the reader looks."""
    above, steps = row.parent, 0
    while above is not None and above is not row and steps <= DEEPEST_ITEM + 1:
        above, steps = above.parent, steps + 1
    if above is None:
        return
    place = row.record.cells["parent"].place
    if above is row:
        desk.notes.mistake(place, "parent-circle", "所属绕成了圈", "The item belongs to itself by a way round")
    else:
        zh, en = f"嵌套超过 {DEEPEST_ITEM} 层", f"The item is nested in more than {DEEPEST_ITEM} tables and groups"
        desk.notes.mistake(place, "too-deep", zh, en)
    row.parent = None


def _section_names(sections: tuple[Record, ...], desk: Desk) -> tuple[dict[str, Record], dict[str, str]]:
    """The sections by id, and what names each: its id, or its title where that is its alone."""
    by_id: dict[str, Record] = {}
    titles: list[tuple[str, str]] = []
    for record in sections:
        section_id = desk.text(record.cells["id"], SECTION_COLUMNS[0]).strip()
        while section_id in by_id:  # the reader says that it is there twice
            section_id += " "
        by_id[section_id] = record
        title = desk.text(record.cells["title.zh"], SECTION_COLUMNS[1])
        titles.append((folded(title), section_id))
    written = [title for title, _ in titles]
    names = {title: section_id for title, section_id in titles if title and written.count(title) == 1}
    return by_id, names | {folded(s): s for s in by_id} | {s: s for s in by_id}


def _section(row: _Row, names: dict[str, str], desk: Desk) -> str | None:
    """The section that a row names; empty when it names none, None after noting that there is no such section."""
    text = _text(row.record, "section", desk)
    found = names.get(text) or names.get(folded(text)) if text else ""
    if found is None and row.parent is None:
        near = get_close_matches(folded(text)[:60], names, n=1)
        zh, en = (f"，是否应为“{near[0]}”", f"; did you mean '{near[0]}'") if near else ("", "")
        place = row.record.cells["section"].place
        zh = f"类别表里没有“{shown(text)}”{zh}"
        desk.notes.mistake(place, "unknown-section", zh, f"There is no section '{shown(text)}'{en}")
    return found


def _compare_section(row: _Row, names: dict[str, str], desk: Desk) -> None:
    """A member goes with the item it belongs to; a row that names another section is worth a look."""
    top = row
    while top.parent is not None:
        top = top.parent
    text = _text(row.record, "section", desk) if top is not row else ""
    if text and (names.get(text) or names.get(folded(text))) != top.section:
        zh, en = f"类别和所属的“{top.id}”不同，按所属读入", f"The section is not that of '{top.id}', with which it goes"
        desk.notes.warning(row.record.cells["section"].place, "other-section", zh, en)


def _item(row: _Row, desk: Desk) -> Node:
    """An item with its members."""
    place = row.record.cells["id"].place
    node = mapping_of(nested(entries_of(row.record, _OWN, desk)), place)
    if not row.members or not isinstance(node, Mapping):
        return node
    members = Sequence(
        tuple(_item(member, desk) for member in row.members), row.members[0].record.cells["parent"].place
    )
    return Mapping((*node.entries, (Scalar("items", True, members.line), members)), place)
