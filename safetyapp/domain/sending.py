"""Whose turn it is with a document, as it stands."""

from __future__ import annotations

from enum import StrEnum

from safetyapp.domain.document import DocumentState


class Turn(StrEnum):
    """Who acts next."""

    PROGRAM = "program"
    AUTHOR = "author"
    OFFICE = "office"
    NOBODY = "nobody"


_TURNS = {
    DocumentState.WAITING: Turn.PROGRAM,
    DocumentState.DELIVERED: Turn.OFFICE,
    DocumentState.IMPORTED: Turn.NOBODY,
    DocumentState.RETURNED: Turn.AUTHOR,
    DocumentState.ACCEPTED: Turn.NOBODY,
    DocumentState.NEEDS_ACTION: Turn.OFFICE,
    DocumentState.REPLACED: Turn.NOBODY,
    DocumentState.VOID: Turn.NOBODY,
}


def turn(state: DocumentState) -> Turn:
    """Who acts next on a document that stands so."""
    return _TURNS[state]
