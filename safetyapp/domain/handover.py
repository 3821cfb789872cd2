"""交接: that a draft was handed to a colleague, taken by him, or taken back; kept with the draft for ever."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from safetyapp.domain.school import PersonId


@dataclass(frozen=True, slots=True)
class HandOver:
    """One hand-over. Its number is its place among those of the draft, from 1.

    `taker` is the name that the giver wrote, `taken_by` the id of whoever took it. `certificate` is the fingerprint of
    the giver's certificate, "" where there was none to be asked. One that is neither taken nor taken back is open.
    """

    giver: PersonId
    giver_name: str
    taker: str
    at: datetime
    certificate: str = ""
    taken_by: PersonId | None = None
    taken_at: datetime | None = None
    taken_back_at: datetime | None = None

    @property
    def is_open(self) -> bool:
        return self.taken_at is None and self.taken_back_at is None
