"""When to try: arithmetic on times, with no clock and no timer of its own.

What is asked here and answered with an instant: when the next round is, what a round may carry over the line there is,
and when one document is tried again. Why these numbers: docs/decisions/0017.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from safetyapp.domain.delivery import Delivery, DeliveryState

AFTER_DOCUMENT = timedelta(seconds=10)
"""From the last new document on; but not longer than LONGEST_WAIT from the first: who signs one after the other all
morning is not waited for."""
LONGEST_WAIT = timedelta(minutes=1)
AFTER_CONNECTION = timedelta(seconds=5)
"""A line that has just come up often goes down once more."""
IDLE = timedelta(minutes=15)
"""How often others' documents are asked for when there is nothing to send."""
FIRST_BACK_OFF, LONGEST_BACK_OFF = timedelta(seconds=30), timedelta(minutes=30)
FIRST_LOOK_AGAIN, LONGEST_LOOK_AGAIN = timedelta(hours=1), timedelta(days=1)
"""For one document that was refused, or did not come in, until somebody has done something."""
SPREAD = 0.2
"""A back-off is up to so much longer, so that all laptops do not come at once when the hub is there again."""
SMALL = 1024 * 1024
"""Bytes that go over a line that is slow or costs money without being asked for."""
HELD_BACK = timedelta(days=1)
"""So long a large document waits for a better line; then it goes over any."""


class Line(StrEnum):
    """What the connection is like, as far as the system tells."""

    GOOD = "good"
    SLOW = "slow"
    METERED = "metered"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Signs:
    """What is known when the next round is asked for; every instant may be missing.

    `tried_at` and `failures` are of the last round (HubLine); `first_at`, `last_at` when the oldest and the newest
    document came that no round has seen yet; `connected_at` when a connection was found again; `asked_at` when
    somebody said 立即发送; `paused_until` ends a pause, which `is_paused` without it is without end; `not_before` is
    the hub's wish; `retry_at` when the first of the documents that were tried is due again."""

    tried_at: datetime | None = None
    failures: int = 0
    first_at: datetime | None = None
    last_at: datetime | None = None
    connected_at: datetime | None = None
    asked_at: datetime | None = None
    is_paused: bool = False
    paused_until: datetime | None = None
    not_before: datetime | None = None
    retry_at: datetime | None = None
    line: Line = Line.GOOD


def next_round(signs: Signs, now: datetime, spread: float = 0.0) -> datetime | None:
    """When the next round begins, at the earliest now; None: not before something happens (a connection, the end of a
    pause, somebody who asks). `spread`, from 0 to 1, is this laptop's own share of SPREAD."""
    tried = signs.tried_at
    if tried is not None and tried > now:  # the clock was put back: what it says of then tells nothing
        tried = None
    if signs.asked_at is not None and (tried is None or signs.asked_at > tried):
        return now  # whoever asks has reasons: neither pause nor back-off nor the hub's wish counts
    if signs.line is Line.NONE or (signs.is_paused and signs.paused_until is None):
        return None
    due = _due(signs, tried, now, spread)
    if signs.is_paused and signs.paused_until is not None:
        due = max(due, signs.paused_until)
    if signs.not_before is not None and signs.not_before - now <= LONGEST_LOOK_AGAIN:  # else a clock was put back
        due = max(due, signs.not_before)
    return max(due, now)


def _due(signs: Signs, tried: datetime | None, now: datetime, spread: float) -> datetime:
    if tried is None:
        return now
    found = signs.connected_at
    if found is not None and found > tried:
        return min(found, now) + AFTER_CONNECTION
    if signs.failures:
        return tried + back_off(signs.failures, FIRST_BACK_OFF, LONGEST_BACK_OFF) * (1 + SPREAD * spread)
    due = tried + IDLE
    if signs.last_at is not None and signs.first_at is not None:
        due = min(due, signs.last_at + AFTER_DOCUMENT, signs.first_at + LONGEST_WAIT)
    if signs.retry_at is not None:
        due = min(due, max(signs.retry_at, tried + FIRST_BACK_OFF))
    return due


def back_off(failures: int, first: timedelta, longest: timedelta) -> timedelta:
    """Doubles with each failure, up to the longest."""
    return min(longest, first * 2 ** min(failures - 1, 20)) if failures > 0 else timedelta()


def look_again(tries: int, now: datetime) -> datetime:
    """When a document that was refused, or did not come in, is looked at again."""
    return now + back_off(tries, FIRST_LOOK_AGAIN, LONGEST_LOOK_AGAIN)


def is_due(delivery: Delivery, now: datetime, asked: bool = False) -> bool:
    """Whether a round tries this document. Who asks gets everything tried."""
    if asked:
        return True
    if delivery.tried_at is not None and delivery.tried_at > now:  # the clock was put back
        return delivery.state is not DeliveryState.REFUSED or delivery.next_at is not None
    if delivery.next_at is None:
        return delivery.state is not DeliveryState.REFUSED
    return delivery.next_at <= now


def may_go(size: int, since: datetime, line: Line, now: datetime, asked: bool = False) -> bool:
    """Whether something of so many bytes goes over this line; `since` is when it was made."""
    if line is Line.NONE:
        return asked
    return asked or line is Line.GOOD or size <= SMALL or now - since >= HELD_BACK


def in_order(deliveries: Iterable[Delivery]) -> tuple[Delivery, ...]:
    """Small first, whatever the line: much is through before it breaks. Of equals the older."""
    return tuple(sorted(deliveries, key=lambda one: (one.size - one.sent, one.made_at, one.sha256)))
