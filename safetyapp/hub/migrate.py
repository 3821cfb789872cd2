"""Brings a hub's tables to the layout of this program; a database of a newer program is refused untouched."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, text

from safetyapp.domain.problem import Problem
from safetyapp.hub.tables import changing

LAYOUT = "0001"
"""The last step in migrations/versions."""


def bring_up_to_date(engine: Engine) -> None:
    """All steps that are missing, or none. Raises Problem hub-newer."""
    with changing(engine) as connection:
        found = _layout(connection)
        if found == LAYOUT:
            return  # Alembic takes most of a second to import
        if found is not None and found > LAYOUT:
            raise Problem("hub-newer", found=found, known=LAYOUT)
        _run(connection)


def _layout(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def _run(connection: Connection) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
