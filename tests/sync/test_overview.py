"""What a person is shown of the way to the hub, and what the program makes of it when it asks what is due."""

from __future__ import annotations

import socket
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from safetyapp.domain.delivery import DeliveryState
from safetyapp.protocol_refusal import Reason
from safetyapp.sync.due import AFTER_DOCUMENT, IDLE, SMALL, Line, next_round
from safetyapp.sync.overview import overview, signs_of
from safetyapp.sync.reach import way_out
from tests.domain.examples import NOON
from tests.fakes import FakeHub
from tests.fakes.hub import HUB
from tests.sync.laptop import Laptop


@pytest.fixture
def laptop(tmp_path: Path) -> Laptop:
    return Laptop(tmp_path, FakeHub())


def test_each_document_has_a_state_an_owner_a_next_step_and_a_time(laptop: Laptop) -> None:
    hub = laptop.hub
    assert isinstance(hub, FakeHub)
    refused, waiting = laptop.make(1), laptop.make(2)
    hub.refusals = {refused: Reason.NO_RIGHT, waiting: Reason.NO_ROOM}
    laptop.sync()
    cut, sent = laptop.make(3), laptop.make(4)
    store = laptop.store
    claims = [one for one in store.deliveries() if one.sha256 in (cut, sent)]
    store.save_deliveries([replace(one, state=DeliveryState.SENDING, tried_at=NOON) for one in claims])
    laptop.clock.forward(seconds=20)
    shown = overview(store, HUB, signs_of(store, HUB), laptop.clock.now(), running={sent})
    hour = NOON + timedelta(hours=1)
    assert {one.row.sha256: (one.delivery.state.value, one.who, one.next, one.at) for one in shown.documents} == {
        refused: ("refused", "office", "grant", hour),
        waiting: ("waiting", "operator", "make-room", hour),
        cut: ("unconfirmed", "program", "wait", NOON + IDLE),
        sent: ("sending", "program", "wait", NOON + IDLE),
    }
    assert (shown.due, shown.line.done_at, shown.not_taken) == (NOON + IDLE, NOON, ())
    assert {state.value: n for state, n in shown.counts.items()} == dict.fromkeys(
        ("refused", "waiting", "unconfirmed", "sending"), 1
    )


def test_a_new_document_calls_for_a_round_and_one_that_is_held_back_does_not(laptop: Laptop) -> None:
    store, hub = laptop.store, laptop.hub
    laptop.sync()
    laptop.clock.forward(hours=1)
    laptop.make(1, made_at=laptop.clock.now(), text="长" * SMALL)
    now = laptop.clock.now()
    assert next_round(signs_of(store, HUB, line=Line.METERED), now) == now
    assert isinstance(hub, FakeHub)
    assert laptop.sync(line=Line.METERED).held_back
    assert next_round(signs_of(store, HUB, line=Line.METERED), now) == now + AFTER_DOCUMENT, "of the same second"
    laptop.clock.forward(seconds=10)
    laptop.sync(line=Line.METERED)
    now = laptop.clock.now()
    assert next_round(signs_of(store, HUB, line=Line.METERED), now) == now + IDLE


def test_the_way_out_is_asked_of_our_own_routes() -> None:
    with socket.create_server(("127.0.0.1", 0)) as door:
        assert way_out([f"https://127.0.0.1:{door.getsockname()[1]}"]) == "127.0.0.1"
        assert way_out(["nonsense", "https://[", "https://127.0.0.1:1"]) == "127.0.0.1"
    assert way_out([]) == ""
    assert way_out(["https://999.999.999.999:1"]) == ""
