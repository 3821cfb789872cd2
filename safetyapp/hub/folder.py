"""A hub's folder: what lies where, made once, opened for serving or for the office's desk.

hub.sqlite3            people, devices, the order of documents, receipts, the log that is chained
documents/ab/ab12…     the documents, by SHA-256
parts/DEVICE/….part    uploads that are under way
keys/                  hub.pem, hub.key.pem (secret), ca.pem
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine, insert, select

from safetyapp.domain.problem import Problem
from safetyapp.hub.identity import Authority, Identity, make_certificate, needs_certificate, new_hub_id, read_identity
from safetyapp.hub.migrate import bring_up_to_date
from safetyapp.hub.tables import changing, facts, folder_url, open_engine, reading


def open_tables(folder: Path) -> Engine:
    """The hub's tables, made when they are not there. Raises Problem hub-newer, not-written."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Problem("not-written", path=str(folder), reason=error.strerror or type(error).__name__) from error
    engine = open_engine(folder_url(folder))
    bring_up_to_date(engine)
    return engine


def hub_id(engine: Engine) -> str:
    """The hub's id, given once."""
    with reading(engine) as connection:
        found = connection.execute(select(facts.c.value).where(facts.c.name == "hub")).scalar()
    if found is not None:
        return str(found)
    with changing(engine) as connection:
        found = connection.execute(select(facts.c.value).where(facts.c.name == "hub")).scalar()
        if found is None:
            found = new_hub_id()
            connection.execute(insert(facts).values(name="hub", value=found))
    return str(found)


def open_identity(
    folder: Path, engine: Engine, names: Sequence[str], authority: Callable[[], Authority | None], now: datetime
) -> Identity:
    """Who this hub is; `authority` is asked for only when a certificate has to be made, for these host names and
    addresses. Raises Problem no-hub-certificate when there is none and no authority either."""
    hub, keys = hub_id(engine), folder / "keys"
    if needs_certificate(keys, names, now):
        opened = authority()
        if opened is not None:
            make_certificate(keys, hub, names, opened, now)
    return read_identity(keys, hub)
