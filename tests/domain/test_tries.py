"""A wrong passphrase is counted, and the fifth costs a minute."""

from __future__ import annotations

from datetime import timedelta

from safetyapp.domain.tries import Tries
from tests.domain.examples import NOON


def test_the_fifth_wrong_one_costs_a_minute() -> None:
    tries, left = Tries(), []
    for _ in range(4):
        tries = tries.missed(NOON)
        left.append(tries.left)
    assert (left, tries.wait(NOON)) == ([4, 3, 2, 1], 0)
    tries = tries.missed(NOON)
    assert tries.wait(NOON) == 60
    assert tries.wait(NOON + timedelta(seconds=59)) == 1
    assert tries.wait(NOON + timedelta(seconds=61)) == 0
    assert tries.wait(NOON - timedelta(hours=1)) == 0, "a clock that was set back locks nobody out"
    assert tries.missed(NOON) == Tries(1)
