"""When a round is due, said without any timer: instants in, an instant out."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safetyapp.domain.delivery import Delivery, DeliveryState
from safetyapp.sync.due import (
    AFTER_CONNECTION,
    AFTER_DOCUMENT,
    FIRST_BACK_OFF,
    HELD_BACK,
    IDLE,
    LONGEST_BACK_OFF,
    LONGEST_LOOK_AGAIN,
    LONGEST_WAIT,
    SMALL,
    Line,
    Signs,
    in_order,
    is_due,
    look_again,
    may_go,
    next_round,
)
from tests.domain.examples import NOON

S = timedelta(seconds=1)


def at(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


NEVER = Signs()
IDLING = Signs(tried_at=NOON)
FAILED = Signs(tried_at=NOON, failures=1)


def after(signs: Signs, now: datetime = NOON, spread: float = 0.0) -> timedelta | None:
    """How long after NOON."""
    due = next_round(signs, now, spread)
    return None if due is None else due - NOON


def test_the_first_round_is_at_once_and_then_now_and_again() -> None:
    assert after(NEVER) == timedelta()
    assert after(IDLING, at(1)) == IDLE
    assert after(IDLING, at(3600)) == timedelta(hours=1), "never in the past"


def test_a_new_document_goes_soon_and_a_row_of_them_does_not_wait_for_its_end() -> None:
    one = replace(IDLING, first_at=at(60), last_at=at(60))
    assert after(one, at(60)) == 60 * S + AFTER_DOCUMENT
    row = replace(IDLING, first_at=at(60), last_at=at(117))
    assert after(row, at(117)) == 60 * S + LONGEST_WAIT


def test_failures_back_off_up_to_a_cap() -> None:
    waits = [after(replace(FAILED, failures=n)) for n in range(1, 12)]
    assert waits[:4] == [FIRST_BACK_OFF, 2 * FIRST_BACK_OFF, 4 * FIRST_BACK_OFF, 8 * FIRST_BACK_OFF]
    assert waits[-1] == waits[-2] == LONGEST_BACK_OFF
    assert after(replace(FAILED, failures=10_000)) == LONGEST_BACK_OFF
    assert after(replace(FAILED, failures=4), spread=1.0) == 8 * FIRST_BACK_OFF * 1.2
    assert after(replace(FAILED, failures=4, first_at=at(1), last_at=at(1))) == 8 * FIRST_BACK_OFF, (
        "a dead line is dead"
    )


def test_a_connection_found_again_ends_the_waiting() -> None:
    found = replace(FAILED, failures=9, connected_at=at(30))
    assert after(found, at(30)) == 30 * S + AFTER_CONNECTION
    assert after(replace(found, tried_at=at(40)), at(40)) == 40 * S + LONGEST_BACK_OFF, "it was used up"
    assert after(replace(found, line=Line.NONE)) is None


def test_who_asks_is_served_whatever_else_is() -> None:
    asked = replace(FAILED, failures=9, is_paused=True, not_before=at(600), line=Line.NONE, asked_at=at(5))
    assert after(asked, at(5)) == 5 * S
    assert after(replace(asked, tried_at=at(6)), at(6)) is None, "once"


def test_a_pause_holds_until_its_end() -> None:
    assert after(replace(IDLING, is_paused=True)) is None
    assert after(replace(FAILED, is_paused=True, paused_until=at(7200))) == 7200 * S
    assert after(replace(IDLING, is_paused=True, paused_until=at(1)), at(60)) == IDLE


def test_the_hub_may_ask_for_time_but_not_for_ever() -> None:
    assert after(replace(FAILED, not_before=at(600))) == 600 * S
    assert after(replace(FAILED, not_before=at(10 * 86_400))) == FIRST_BACK_OFF


def test_a_document_that_is_due_again_is_worth_a_round() -> None:
    assert after(replace(IDLING, retry_at=at(120))) == 120 * S
    assert after(replace(IDLING, retry_at=at(-50))) == FIRST_BACK_OFF, "but not one after the other"


def test_a_clock_that_is_put_back_does_not_stop_anything() -> None:
    assert after(replace(FAILED, failures=9), at(-10 * 86_400)) == -10 * 86_400 * S
    ahead = Delivery("a", 1, NOON, tried_at=at(86_400), next_at=at(90_000), state=DeliveryState.UNCONFIRMED)
    assert is_due(ahead, NOON)
    assert is_due(replace(ahead, state=DeliveryState.REFUSED), NOON)


def test_which_documents_a_round_tries() -> None:
    new = Delivery("a", 1, NOON)
    assert is_due(new, NOON)
    assert not is_due(replace(new, next_at=at(5)), NOON)
    assert is_due(replace(new, next_at=at(5)), at(5))
    refused = replace(new, state=DeliveryState.REFUSED, tried_at=NOON)
    assert not is_due(refused, at(10**7)), "useless until somebody has done something"
    assert is_due(refused, NOON, asked=True)
    assert is_due(replace(refused, next_at=look_again(1, NOON)), at(3600))
    assert look_again(99, NOON) == NOON + LONGEST_LOOK_AGAIN


def test_small_things_first_and_large_ones_not_over_a_line_that_costs() -> None:
    big, small, half = (
        Delivery("b", 9 * SMALL, NOON),
        Delivery("s", 5, at(9)),
        Delivery("h", 9 * SMALL, at(9), sent=9 * SMALL - 1),
    )
    assert in_order([big, small, half]) == (half, small, big)
    for line in (Line.SLOW, Line.METERED):
        assert may_go(SMALL, NOON, line, NOON)
        assert not may_go(SMALL + 1, NOON, line, NOON)
        assert may_go(SMALL + 1, NOON, line, NOON, asked=True)
        assert may_go(SMALL + 1, NOON, line, NOON + HELD_BACK), "some day it goes over any line"
    assert may_go(9 * SMALL, NOON, Line.GOOD, NOON)
    assert not may_go(1, NOON, Line.NONE, NOON)


moments = st.one_of(st.none(), st.integers(-10_000, 10_000).map(at))


@given(
    st.builds(
        Signs, moments, st.integers(0, 99), moments, moments, moments, moments, st.booleans(), moments, moments,
        moments,
        st.sampled_from(Line),
    ),
    st.integers(-10_000, 10_000).map(at),
    st.floats(0, 1),
)  # fmt: skip
def test_it_is_never_past_and_never_too_far(signs: Signs, now: datetime, spread: float) -> None:
    due = next_round(signs, now, spread)
    if due is None:
        assert signs.line is Line.NONE or (signs.is_paused and signs.paused_until is None)
        return
    wishes = [one for one in (signs.paused_until, signs.not_before) if one is not None]
    assert now <= due <= max([now + LONGEST_BACK_OFF * 1.2 + AFTER_CONNECTION, *wishes])


@pytest.mark.parametrize("seconds", [0, 1, 29, 31, 3600])
def test_asking_again_later_moves_nothing(seconds: int) -> None:
    """Whoever waits with a timer may ask as often as they like."""
    due = next_round(FAILED, NOON)
    assert due is not None
    assert next_round(FAILED, at(seconds)) == max(due, at(seconds))
