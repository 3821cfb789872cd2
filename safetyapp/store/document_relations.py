"""A document's relations: the files of its id, and those that name it."""

from __future__ import annotations

import sqlite3

from safetyapp.domain.chain import Related
from safetyapp.store import document_standing, documents


def related(connection: sqlite3.Connection, document_id: str) -> tuple[Related, ...]:
    """Each once, with all that it names."""
    here = [row.sha256 for row in documents.versions(connection, document_id)]
    found: list[Related] = []
    for sha256 in dict.fromkeys((*here, *document_standing.pointing_at(connection, document_id))):
        row = documents.document(connection, sha256)
        if row is not None:
            found.append(Related(row, document_standing.links_of(connection, sha256)))
    return tuple(found)
