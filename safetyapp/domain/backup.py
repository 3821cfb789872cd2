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


def is_due(last: LastBackup | None, changes: str, now: datetime, days: int = REMIND_DAYS) -> bool:
    """Whether to remind: something has changed since, and the last one is older than `days` (0: never remind). With
    none at all, as soon as there is something; `changes` is empty in a workspace where nothing has been done."""
    if days <= 0 or not changes:
        return False
    if last is None:
        return True
    return last.changes != changes and now - last.at > timedelta(days=days)
