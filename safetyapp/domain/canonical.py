"""The one spelling of JSON that is hashed and signed: sorted keys, no spaces, UTF-8, no floats.

Decimals are strings; days are ISO dates; instants carry their offset. Empty values are null, so that a record of one
format number always has the same keys; only an OPTIONAL field, which came after the number was published, is left out
where it says nothing: what was signed before keeps its spelling. A form is spelled `sparse`, without what equals its
default: a later program, whose forms can say more, gives the same address to a form that says no more than it did.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import TypeAlias

OPTIONAL: Mapping[str, bool] = {"optional": True}
"""Metadata of a dataclass's field that is left out of every spelling while it equals its default."""

Plain: TypeAlias = "dict[str, Plain] | list[Plain] | str | int | bool | None"


def to_plain(value: object, sparse: bool = False) -> Plain:
    """A dataclass, enum, date, Decimal or container as what JSON can hold; `sparse` leaves out a dataclass's fields
    that equal their default.

    Raises TypeError for a float, a naive datetime, or anything that has no one spelling.
    """
    match value:
        case None | bool() | int():
            return value
        case Enum():
            return str(value.value)
        case str():
            return str(value)
        case Decimal():
            return format(value, "f")
        case datetime():
            if value.tzinfo is None:
                raise TypeError("an instant without offset has no place in a record")
            return value.isoformat()
        case date():
            return value.isoformat()
        case frozenset() | set():
            return sorted((to_plain(v, sparse) for v in value), key=str)
        case tuple() | list():
            return [to_plain(v, sparse) for v in value]
        case Mapping():
            return {str(k): to_plain(v, sparse) for k, v in value.items()}
    if is_dataclass(value):
        named = ((field, getattr(value, field.name)) for field in fields(value))
        return {
            f.name: to_plain(v, sparse)
            for f, v in named
            if not ((sparse or f.metadata.get("optional")) and _is_default(f.default, v))
        }
    raise TypeError(f"{type(value).__name__} has no canonical spelling")


def _is_default(default: object, value: object) -> bool:
    return default is not MISSING and type(default) is type(value) and default == value


def canonical_json(value: object, sparse: bool = False) -> bytes:
    """The canonical bytes of a value."""
    return json.dumps(
        to_plain(value, sparse), ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
    ).encode()
