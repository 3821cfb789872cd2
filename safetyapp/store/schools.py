"""Schools and the person whose workspace this is, in their tables."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from safetyapp.domain.school import Person, PersonId, Role, School, SchoolFact, SchoolId, SchoolKind
from safetyapp.store.columns import Row, classes_of, classes_text, list_of, list_text, maybe_number, maybe_text, text

_COLUMNS = "id, name, kind, code, campus_of, street, address, head, phone, students, has, lacks, sites, classes"


def schools(connection: sqlite3.Connection) -> tuple[School, ...]:
    """In the order in which they came."""
    return tuple(_school(row) for row in connection.execute(f"SELECT {_COLUMNS} FROM schools ORDER BY seq"))


def school(connection: sqlite3.Connection, school_id: SchoolId) -> School | None:
    row = connection.execute(f"SELECT {_COLUMNS} FROM schools WHERE id = ?", (school_id,)).fetchone()
    return _school(row) if row else None


def save_schools(connection: sqlite3.Connection, schools: Sequence[School]) -> None:
    names = _COLUMNS.split(", ")
    updates = ", ".join(f"{name} = excluded.{name}" for name in names[1:])
    connection.executemany(
        f"INSERT INTO schools ({_COLUMNS}) VALUES ({', '.join('?' * len(names))})"
        f" ON CONFLICT (id) DO UPDATE SET {updates}",
        [_row(school) for school in schools],
    )


def me(connection: sqlite3.Connection) -> Person | None:
    row = connection.execute("SELECT id, name, role FROM me").fetchone()
    return Person(PersonId(row[0]), row[1], Role(row[2])) if row else None


def save_me(connection: sqlite3.Connection, person: Person) -> None:
    connection.execute(
        "INSERT INTO me (only, id, name, role) VALUES (1, ?, ?, ?)"
        " ON CONFLICT (only) DO UPDATE SET id = excluded.id, name = excluded.name, role = excluded.role",
        (person.id, person.name, person.role.value),
    )


def _row(school: School) -> Row:
    return (
        school.id,
        school.name,
        school.kind.value,
        school.code,
        school.campus_of,
        school.street,
        school.address,
        school.head,
        school.phone,
        school.students,
        list_text(sorted(school.has)),
        list_text(sorted(school.lacks)),
        list_text(school.sites),
        classes_text(school.classes),
    )


def _school(row: Row) -> School:
    campus_of = maybe_text(row[4])
    return School(
        id=SchoolId(text(row[0])),
        name=text(row[1]),
        kind=SchoolKind(text(row[2])),
        code=text(row[3]),
        campus_of=SchoolId(campus_of) if campus_of is not None else None,
        street=text(row[5]),
        address=text(row[6]),
        head=text(row[7]),
        phone=text(row[8]),
        students=maybe_number(row[9]),
        has=frozenset(map(SchoolFact, list_of(row[10]))),
        lacks=frozenset(map(SchoolFact, list_of(row[11]))),
        sites=list_of(row[12]),
        classes=classes_of(row[13]),
    )
