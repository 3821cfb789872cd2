"""A draft 草稿 in a list: who, what, and how far, as one letter per item."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from safetyapp.domain.form import ItemId
from safetyapp.domain.inspection import InspectionId, Outcome
from safetyapp.domain.school import SchoolId


@dataclass(frozen=True, slots=True)
class DraftRow:
    """What Today shows of a draft. `marks` holds one letter per item in the form's order: p pass, g general finding,
    M major finding, n not applicable, o open; skipped items are n."""

    id: InspectionId
    school_id: SchoolId
    school: str
    form_id: str
    title: str
    started_at: datetime
    changed_at: datetime
    marks: str

    @property
    def answered(self) -> int:
        return len(self.marks) - self.marks.count("o")


def marks_of(
    order: Sequence[ItemId],
    outcomes: Mapping[ItemId, Outcome],
    skipped: Mapping[ItemId, object],
    majors: frozenset[ItemId],
) -> str:
    """The mosaic 格图 as letters, see DraftRow."""
    letters = {Outcome.PASS: "p", Outcome.NA: "n", Outcome.FAIL: "g"}

    def letter(item: ItemId) -> str:
        if item in skipped:
            return "n"
        if item not in outcomes:
            return "o"
        return "M" if outcomes[item] is Outcome.FAIL and item in majors else letters[outcomes[item]]

    return "".join(letter(item) for item in order)
