"""Writes the JSON Schema of a record out of the classes it is made of: `python -m tests.project.record_schema`."""

from __future__ import annotations

import json
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from inspect import getdoc
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from safetyapp.domain.any_record import FORMATS, RECORDS
from safetyapp.domain.document import DocumentKind
from tests.project import ROOT

FOLDER = ROOT / "docs" / "record-schema"
DIALECT = "https://json-schema.org/draft/2020-12/schema"
_INSTANT = {
    "type": "string",
    "format": "date-time",
    "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{6})?[+-]\d\d:\d\d(:\d\d)?$",
}
_DAY = {"type": "string", "format": "date", "pattern": r"^\d{4}-\d\d-\d\d$"}
_NUMBER = {"type": "string", "pattern": r"^-?\d+(\.\d+)?$"}


def path_of(kind: DocumentKind, number: int | None = None) -> Path:
    return FOLDER / f"{kind.value}-{number or FORMATS[kind]}.json"


def schema_of(kind: DocumentKind) -> dict[str, Any]:
    """The schema of a kind's record in today's format."""
    known: dict[str, Any] = {}
    schema = _object(RECORDS[kind], known)
    schema["properties"]["kind"] = {"const": kind.value}
    schema["properties"]["format"] = {"const": FORMATS[kind]}
    return {
        "$schema": DIALECT,
        "$id": path_of(kind).name,
        "title": f"{kind.value}, format {FORMATS[kind]}",
        **schema,
        "$defs": dict(sorted(known.items())),
    }


def spelled(schema: dict[str, Any]) -> str:
    return json.dumps(schema, ensure_ascii=False, indent=1) + "\n"


def _object(of: type, known: dict[str, Any]) -> dict[str, Any]:
    hints = get_type_hints(of)
    names = [field.name for field in fields(of)]
    return {
        "type": "object",
        "description": " ".join((getdoc(of) or "").split()),
        "additionalProperties": False,
        "required": [field.name for field in fields(of) if not field.metadata.get("optional")],
        "properties": {name: _value(hints[name], known) for name in names},
    }


def _value(hint: Any, known: dict[str, Any]) -> dict[str, Any]:
    hint = getattr(hint, "__supertype__", hint)
    origin, inside = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType):
        rest = [_value(one, known) for one in inside if one is not NoneType]
        return {"anyOf": [*rest, {"type": "null"}]} if NoneType in inside else {"anyOf": rest}
    if origin is tuple and inside[-1] is not Ellipsis:
        parts = [_value(one, known) for one in inside]
        return {"type": "array", "prefixItems": parts, "items": False, "minItems": len(parts)}
    if origin in (tuple, frozenset):
        unique = {"uniqueItems": True} if origin is frozenset else {}
        return {"type": "array", "items": _value(inside[0], known), **unique}
    if is_dataclass(hint):
        assert isinstance(hint, type)
        if hint.__name__ not in known:
            known[hint.__name__] = {}  # its place is taken before what it holds is looked at
            known[hint.__name__] = _object(hint, known)
        return {"$ref": f"#/$defs/{hint.__name__}"}
    if isinstance(hint, type) and issubclass(hint, Enum):
        return {"enum": [str(one.value) for one in hint]}
    plain: dict[Any, dict[str, Any]] = {
        str: {"type": "string"},
        bool: {"type": "boolean"},
        int: {"type": "integer"},
        datetime: _INSTANT,
        date: _DAY,
        Decimal: _NUMBER,
    }
    return plain[hint]


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    for kind in DocumentKind:
        path_of(kind).write_text(spelled(schema_of(kind)), encoding="utf-8")


if __name__ == "__main__":
    main()
