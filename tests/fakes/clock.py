"""A clock that is moved by hand."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

BEIJING = timezone(timedelta(hours=8))


class FakeClock:
    """Stands still at noon of 24 November 2026 in Beijing until it is moved."""

    def __init__(self, at: datetime = datetime(2026, 11, 24, 12, 0, tzinfo=BEIJING)) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at

    def forward(self, *, days: int = 0, hours: int = 0, minutes: int = 0, seconds: float = 0) -> datetime:
        self.at += timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)
        return self.at
