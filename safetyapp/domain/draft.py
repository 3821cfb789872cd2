"""A draft 草稿 in a list: who, what, and how far, as one letter per item."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

BIN_DAYS = 30
"""How long a deleted draft is offered again."""

if TYPE_CHECKING:  # Today opens with this module: what only types need is not loaded with it
    from datetime import datetime

    from safetyapp.domain.inspection import InspectionId
    from safetyapp.domain.school import SchoolId


@dataclass(frozen=True, slots=True)
class DraftRow:
    """What Today shows of a draft. `marks` holds one letter per item that is asked, in the form's order: p pass or
    noted, g general finding, M major finding, n not applicable, o open; skipped items are n. `given_to` names the
    colleague it was handed to, at `given_at`, while it is with him; "" otherwise."""

    id: InspectionId
    school_id: SchoolId
    school: str
    form_id: str
    title: str
    started_at: datetime
    changed_at: datetime
    marks: str
    deleted_at: datetime | None = None
    """When it was put into the bin; None for one that is worked on."""
    given_to: str = ""
    given_at: datetime | None = None

    @property
    def answered(self) -> int:
        return len(self.marks) - self.marks.count("o")
