"""How often a passphrase may be tried: after the fifth wrong one there is a minute to wait."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

MOST_TRIES = 5
WAIT = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Tries:
    """Wrong passphrases so far, and until when there is to be waited."""

    wrong: int = 0
    until: datetime | None = None

    @property
    def left(self) -> int:
        """How many more may be wrong before there is to be waited."""
        return MOST_TRIES - self.wrong

    def missed(self, now: datetime) -> Tries:
        """After one more wrong one."""
        if self.wrong + 1 >= MOST_TRIES:
            return Tries(0, now + WAIT)
        return Tries(self.wrong + 1)

    def wait(self, now: datetime) -> int:
        """Seconds to wait still. A clock that was set back locks nobody out."""
        left = (self.until - now).total_seconds() if self.until is not None else 0.0
        return max(1, round(left)) if 0 < left <= WAIT.total_seconds() else 0
