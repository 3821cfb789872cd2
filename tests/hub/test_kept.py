"""What the hub keeps and publishes: its tables by migration and by description, and its interface as OpenAPI."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text

from safetyapp import protocol
from safetyapp.domain.document import DocumentId, DocumentKind
from safetyapp.domain.problem import Problem
from safetyapp.domain.school import PersonId, Role, SchoolId
from safetyapp.hub.folder import hub_id, open_tables
from safetyapp.hub.server import ROUTES
from safetyapp.hub.tables import TablesBusy, changing, folder_url, metadata, open_engine, reading
from safetyapp.protocol import Asking, Entry, Hello, Limits, Listing, SignedReceipt, write
from safetyapp.protocol_refusal import Reason, refuse
from tests.project import hub_api

AT = datetime.fromisoformat("2026-11-24T10:00:00+08:00")


def test_migrations_make_what_the_tables_say(tmp_path: Path) -> None:
    engine = open_tables(tmp_path)
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
    first = hub_id(engine)
    engine.dispose()
    again = open_tables(tmp_path)
    assert hub_id(again) == first
    with reading(again) as connection:
        settings = [connection.execute(text(f"PRAGMA {name}")).scalar() for name in ("journal_mode", "synchronous")]
    assert settings == ["wal", 2]
    again.dispose()


def test_a_newer_database_is_left_alone(tmp_path: Path) -> None:
    engine = open_tables(tmp_path)
    with changing(engine) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    engine.dispose()
    with pytest.raises(Problem, match="hub-newer"):
        open_tables(tmp_path)


def test_who_writes_too_long_is_named(tmp_path: Path) -> None:
    open_tables(tmp_path).dispose()
    engine = open_engine(folder_url(tmp_path), patience=0.05)
    with changing(engine), pytest.raises(TablesBusy), changing(engine):
        pass
    engine.dispose()


def test_the_published_description_is_current() -> None:
    """Else: python -m tests.project.hub_api."""
    assert hub_api.FILE.read_text(encoding="utf-8") == hub_api.spelled()


def test_every_door_is_described() -> None:
    said = hub_api.described()["paths"]
    named = {
        (method.upper(), path, door["operationId"])
        for path, methods in said.items()
        for method, door in methods.items()
        if method != "parameters"
    }
    assert named == {(method, path, door.__name__) for method, path, door in ROUTES}


def test_what_goes_over_the_wire_is_as_described() -> None:
    described: dict[str, Any] = json.loads(hub_api.FILE.read_text(encoding="utf-8"))
    you = Asking(
        person=PersonId("p"),
        name="张",
        role=Role.INSPECTOR,
        schools=(SchoolId("s"),),
        device="d",
        scope="x",
    )
    limits = Limits(document=1, have=2, page=3)
    entry = Entry(
        sha256="a" * 64,
        document=DocumentId("d"),
        kind=DocumentKind.VOID,
        size=1,
        school=SchoolId("s"),
        made_by=PersonId("p"),
        received_at=AT,
        cursor=1,
    )
    said = [
        Hello(hub="h", oldest=1, newest=1, now=AT, limits=limits, program="p", you=you),
        Listing(entries=(entry,), next=1, more=False, scope="x"),
        SignedReceipt(statement="{}", signature="", certificate=""),
        refuse(Reason.OFFSET_DIFFERS, offset=4),
        protocol.Have(("a" * 64,)),
    ]
    for shape in said:
        schema = {"$ref": f"#/components/schemas/{type(shape).__name__}", "components": described["components"]}
        jsonschema.validate(json.loads(write(shape)), schema)
