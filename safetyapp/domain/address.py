"""Where an answer stands: at an item, and in a table in a row of it: `arrived@2`; in a table of a table `name@2.1`."""

from __future__ import annotations

from safetyapp.domain.form import ItemId


def at(item: str, rows: tuple[str, ...] = ()) -> ItemId:
    """The address of an item's answer in a row; `rows` are row ids from the outermost table inwards."""
    return ItemId(f"{item}@{'.'.join(rows)}" if rows else item)


def item_of(address: str) -> ItemId:
    """The item that an address is of."""
    return ItemId(address.partition("@")[0])


def rows_of(address: str) -> tuple[str, ...]:
    """The row ids of an address, outermost first; empty outside tables."""
    rows = address.partition("@")[2]
    return tuple(rows.split(".")) if rows else ()
