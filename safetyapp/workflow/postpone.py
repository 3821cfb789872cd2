"""Putting a duty off 改期: to a later day, for a reason that is kept."""

from __future__ import annotations

from datetime import date

from safetyapp.domain.duty import Duty, Postponed
from safetyapp.domain.problem import Problem
from safetyapp.workflow.ports import Clock, Store

FARTHEST = 366
"""Days ahead; more is a slip of the keys."""


def postpone(store: Store, clock: Clock, duty: Duty, until: date, reason: str) -> Postponed:
    """Keeps that the duty is to be done by `until`. Raises Problem bad-postponement (`reason` says what is wrong: past,
    far or no_reason) and Store's."""
    now = clock.now()
    words = " ".join(reason.split())
    if until <= now.date():
        raise Problem("bad-postponement", reason="past", until=until.isoformat())
    if (until - now.date()).days > FARTHEST:
        raise Problem("bad-postponement", reason="far", until=until.isoformat())
    if not words:
        raise Problem("bad-postponement", reason="no_reason", until=until.isoformat())
    put_off = Postponed(duty.school, duty.form, duty.asked_on, until, words, now)
    store.postpone(put_off)
    return put_off
