"""How values are written in columns: instants as ISO text with their offset, lists as JSON text, days as ISO text."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, TypeAlias, cast

from safetyapp.domain.school import School, SchoolClass, SchoolFact, SchoolId, SchoolKind

if TYPE_CHECKING:  # Today opens with this module: what only types need is not loaded with it
    from collections.abc import Iterable

    from safetyapp.domain.canonical import Plain

Row: TypeAlias = "tuple[str | int | None, ...]"
"""A row as sqlite3 gives it; every table is STRICT and holds nothing else."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def microseconds(instant: datetime) -> int:
    """The instant as a number that sorts by time whatever the offsets: texts with offsets do not."""
    return (instant - _EPOCH) // timedelta(microseconds=1)


def text(value: str | int | None) -> str:
    return str(value)


def number(value: str | int | None) -> int:
    assert isinstance(value, int)
    return value


def maybe_text(value: str | int | None) -> str | None:
    return None if value is None else str(value)


def maybe_number(value: str | int | None) -> int | None:
    return None if value is None else number(value)


def instant(value: str | int | None) -> datetime:
    return datetime.fromisoformat(text(value))


def day(value: str | int | None) -> date:
    return date.fromisoformat(text(value))


def list_text(values: Iterable[str]) -> str:
    return json.dumps(list(values), ensure_ascii=False, separators=(",", ":"))


def list_of(value: str | int | None) -> tuple[str, ...]:
    return tuple(json.loads(text(value))) if value != "[]" else ()


def classes_text(classes: Iterable[SchoolClass]) -> str:
    return json.dumps(
        [[c.name, c.place, c.enrolled, c.teacher, c.route] for c in classes], ensure_ascii=False, separators=(",", ":")
    )


def classes_of(value: str | int | None) -> tuple[SchoolClass, ...]:
    return tuple(SchoolClass(*row) for row in json.loads(text(value))) if value != "[]" else ()


def school_from_plain(plain: dict[str, Plain]) -> School:
    """The inverse of `domain.canonical.to_plain` for a school."""
    return School(
        id=SchoolId(str(plain["id"])),
        name=str(plain["name"]),
        kind=SchoolKind(str(plain["kind"])),
        code=str(plain["code"]),
        campus_of=None if plain["campus_of"] is None else SchoolId(str(plain["campus_of"])),
        street=str(plain["street"]),
        address=str(plain["address"]),
        head=str(plain["head"]),
        phone=str(plain["phone"]),
        students=cast("int | None", plain["students"]),
        has=frozenset(SchoolFact(fact) for fact in cast("list[str]", plain["has"])),
        lacks=frozenset(SchoolFact(fact) for fact in cast("list[str]", plain["lacks"])),
        sites=tuple(cast("list[str]", plain["sites"])),
        classes=tuple(_class(cast("dict[str, Plain]", one)) for one in cast("list[Plain]", plain["classes"])),
    )


def _class(plain: dict[str, Plain]) -> SchoolClass:
    return SchoolClass(
        name=str(plain["name"]),
        place=str(plain["place"]),
        enrolled=cast("int | None", plain["enrolled"]),
        teacher=str(plain["teacher"]),
        route=str(plain["route"]),
    )
