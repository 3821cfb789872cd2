"""The hub's own tables, and the one way of reading and of changing them. Written for SQLite and PostgreSQL alike; only
SQLite is tested so far."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Engine,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    create_engine,
    event,
    text,
)
from sqlalchemy.exc import OperationalError

FILE = "hub.sqlite3"
_ONE_AT_A_TIME = 0x5AFE_C0DE
"""The key of the lock that PostgreSQL gives for the length of a transaction."""

metadata = MetaData()
_Number = BigInteger().with_variant(Integer, "sqlite")  # SQLite counts by itself in an INTEGER only

facts = Table(
    "facts", metadata, Column("name", Text, primary_key=True), Column("value", Text, nullable=False)
)  # fmt: skip
people = Table(
    "people",
    metadata,
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("added_at", Text, nullable=False),
    Column("revoked_at", Text),
    Column("why", Text),
)
person_schools = Table(
    "person_schools",
    metadata,
    Column("person", Text, ForeignKey("people.id"), primary_key=True),
    Column("school", Text, primary_key=True),
)
certificates = Table(
    "certificates",
    metadata,
    Column("serial", Text, primary_key=True),
    Column("person", Text, ForeignKey("people.id"), nullable=False),
    Column("pem", Text, nullable=False),
    Column("issued_at", Text, nullable=False),
    Column("revoked_at", Text),
    Column("why", Text),
)
devices = Table(
    "devices",
    metadata,
    Column("id", Text, primary_key=True),
    Column("person", Text, ForeignKey("people.id"), nullable=False),
    Column("name", Text, nullable=False),
    Column("token_sha256", Text, nullable=False),
    Column("enrolled_at", Text, nullable=False),
    Column("revoked_at", Text),
)
offers = Table(
    "offers",
    metadata,
    Column("code_sha256", Text, primary_key=True),
    Column("person", Text, ForeignKey("people.id"), nullable=False),
    Column("offered_at", Text, nullable=False),
    Column("expires_at", Text, nullable=False),
    Column("used_at", Text),
    Column("key_sha256", Text),
    Column("serial", Text),
    Column("device", Text),
)
documents = Table(
    "documents",
    metadata,
    Column("cursor", _Number, primary_key=True, autoincrement=True),
    Column("sha256", Text, nullable=False, unique=True),
    Column("document", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("school", Text, nullable=False),
    Column("made_by", Text, nullable=False),
    Column("received_at", Text, nullable=False),
    Column("brought_by", Text, nullable=False),
    Column("device", Text, nullable=False),
    Column("receipt", Text, nullable=False),
    Index("documents_school", "school", "cursor"),
    Index("documents_made_by", "made_by", "cursor"),
    sqlite_autoincrement=True,  # a number is never given twice
)
audit = Table(
    "audit",
    metadata,
    Column("number", _Number, primary_key=True, autoincrement=False),
    Column("at", Text, nullable=False),
    Column("what", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("person", Text, nullable=False),
    Column("device", Text, nullable=False),
    Column("detail", Text, nullable=False),
    Column("before", Text, nullable=False),
    Column("hash", Text, nullable=False),
)


def folder_url(folder: Path) -> str:
    """The address of the database in a hub's folder."""
    return f"sqlite:///{folder / FILE}"


def open_engine(url: str, patience: float = 10.0) -> Engine:
    """Connections to the database, which wait so many seconds for another that writes."""
    engine = create_engine(url)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", functools.partial(_prepare_sqlite, patience))
        event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(patience: float, connection: Any, _: object) -> None:
    connection.isolation_level = None  # the driver's own way of beginning transactions loses the lock until later
    wait = f"busy_timeout={int(patience * 1000)}"
    for pragma in (wait, "journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    changes = connection.get_execution_options().get("changes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if changes else "BEGIN")


class TablesBusy(Exception):
    """Somebody else has been writing for longer than one waits."""


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """One unchanging view of the tables."""
    with engine.connect() as connection:
        if engine.dialect.name == "postgresql":
            connection = connection.execution_options(isolation_level="REPEATABLE READ")
        with connection.begin():
            yield connection


@contextmanager
def changing(engine: Engine) -> Iterator[Connection]:
    """One transaction that changes something, alone: whoever reads sees cursors in the order in which they were
    committed.

    On PostgreSQL a number that was taken first may be committed last, and a reader who has gone past it never sees it:
    so the lock is taken before anything is inserted, and held to the end. SQLite has one writer anyway.
    """
    with engine.connect() as connection:
        connection = connection.execution_options(changes=True)
        try:
            transaction = connection.begin()
        except OperationalError as error:
            if "locked" in str(error.orig):
                raise TablesBusy from error
            raise
        with transaction:
            if engine.dialect.name == "postgresql":
                connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ONE_AT_A_TIME})
            yield connection
