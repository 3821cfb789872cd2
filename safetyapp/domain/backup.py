"""Backups 备份: what is known of the last one, and when to be reminded of the next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

REMIND_DAYS = 7
"""How old the last backup may be while something changes, unless the person says otherwise."""


@dataclass(frozen=True, slots=True)
class LastBackup:
    """The last backup that was read back and found whole. `changes` is what the store said of its state in it."""

    at: datetime
    path: str
    files: int
    size: int
    changes: str


def is_due(
    last: LastBackup | None, changes: str, first_work: datetime | None, now: datetime, days: int = REMIND_DAYS
) -> bool:
    """Whether to remind: something has changed since, and the last one is older than `days` (0: never remind). With
    none at all the first work counts, an inspection begun or a document; without any there is nothing to lose."""
    if days <= 0 or first_work is None:
        return False
    since = last.at if last is not None else first_work
    return (last is None or last.changes != changes) and now - since > timedelta(days=days)
