"""Rows as the nested keys and values of a form's file: `question.zh` and `question.en` as a text in two languages."""

from __future__ import annotations

from typing import TypeAlias

from safetyapp.forms.read_workbook_cells import Desk
from safetyapp.forms.read_workbook_tables import Cell, Record
from safetyapp.forms.workbook_sheets import Column
from safetyapp.forms.yaml_tree import Mapping, Node, Scalar

Nested: TypeAlias = "dict[str, Node | Nested]"


def entries_of(record: Record, columns: tuple[Column, ...], desk: Desk) -> list[tuple[Column, Node]]:
    """The nodes of a row's cells; an empty cell is a node too, so that what is missing has a place."""
    found = []
    for column in columns:
        cell = record.cells.get(column.key)
        if cell is not None:
            further: tuple[Cell, ...] = ()
            if column.shape.has_lines and record.more:
                further = tuple(c for more in record.more if (c := more.cells.get(column.key)) and not c.from_above)
            found.append((column, desk.node(cell, column, further)))
    return found


def nested(entries: list[tuple[Column, Node]]) -> Nested:
    """The nodes by the ways to them."""
    tree: Nested = {}
    for column, node in entries:
        part = tree
        for key in column.path[:-1]:
            inner = part.setdefault(key, {})
            assert isinstance(inner, dict)
            part = inner
        part[column.path[-1]] = node
    return tree


def mapping_of(part: Node | Nested, place: int = 0) -> Node:
    """A nested part as one node; `place` is where the whole of it stands, else where its first value does. A text of
    which only the Chinese is written is that text."""
    if not isinstance(part, dict):
        return part
    if part and part.keys() <= {"zh", "en"}:
        english = part.get("en")
        if "zh" in part and (english is None or (isinstance(english, Scalar) and english.is_null)):
            return mapping_of(part["zh"])
    nodes = {key: mapping_of(value) for key, value in part.items()}
    at = place or next((node.line for node in nodes.values()), 0)
    return Mapping(tuple((Scalar(key, True, node.line), node) for key, node in nodes.items()), at)
