"""Copies of documents that were put somewhere: on a stick, in a folder. It says where one is, not that it was sent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class PutOut:
    """A copy that was written and read back whole. `place` is the name of the drive or folder, `path` the whole path,
    `who` the person who did it."""

    sha256: str
    place: str
    path: str
    who: str
    at: datetime
