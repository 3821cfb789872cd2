"""Tells a clock that was set from one that only went on: by another clock that nobody can set."""

from __future__ import annotations

from datetime import datetime

MOST = 2.0
"""Seconds that the two may differ by: the laptop's clock is read in whole seconds."""


class ClockWatch:
    """Watches from when it is made. `steady` are the seconds of the clock that is never set."""

    def __init__(self, wall: datetime, steady: float) -> None:
        self._ahead = wall.timestamp() - steady

    def jump(self, wall: datetime, steady: float) -> int:
        """Seconds by which the clock was set since it was last asked, back below zero; 0 when it was not."""
        ahead = wall.timestamp() - steady
        moved = ahead - self._ahead
        if abs(moved) <= MOST:
            return 0
        self._ahead = ahead
        return round(moved)
