"""What a round does: everything arrives once and whole, whatever breaks; "delivered" is only said with a receipt."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from safetyapp.domain.delivery import DeliveryState
from safetyapp.domain.document import DocumentState
from safetyapp.domain.problem import Cancelled
from safetyapp.domain.school import Role
from safetyapp.protocol_refusal import Reason
from safetyapp.store.store import SqliteStore
from safetyapp.sync.due import SMALL, Line
from safetyapp.sync.port import HubRefused
from safetyapp.sync.rounds import Moved, Way
from tests.fakes import FakeHub
from tests.fakes.hub import HUB, believe
from tests.store.examples import document
from tests.sync.laptop import Laptop

LONG = "疏散通道被货架占用" * 40
WAITING, UNCONFIRMED, REFUSED = DeliveryState.WAITING, DeliveryState.UNCONFIRMED, DeliveryState.REFUSED


@pytest.fixture
def hub() -> FakeHub:
    return FakeHub()


@pytest.fixture
def laptop(tmp_path: Path, hub: FakeHub) -> Laptop:
    return Laptop(tmp_path, hub)


def test_what_was_signed_reaches_the_hub_and_the_receipt_is_kept(laptop: Laptop, hub: FakeHub) -> None:
    made = [laptop.make(n) for n in range(5)]
    done = laptop.sync()
    assert (set(done.delivered), done.refused, done.problem) == (set(made), (), None)
    assert set(hub.kept) == set(made)
    for sha256 in made:
        assert hub.kept[sha256].data == laptop.store.document_path(sha256).read_bytes()
        (receipt,) = laptop.store.receipts(sha256)
        said = believe(hub.kept[sha256].signed)
        assert (receipt.sha256, receipt.hub, receipt.cursor) == (said.sha256, HUB, said.cursor)
        row = laptop.store.document(sha256)
        assert row is not None
        assert row.state is DocumentState.DELIVERED
    assert laptop.store.waiting() == 0
    again = laptop.sync()
    assert (again.delivered, again.received, len(hub.came)) == ((), (), 5)


def test_what_others_sent_comes_in_once_and_through_the_judge(laptop: Laptop, hub: FakeHub, tmp_path: Path) -> None:
    others = Laptop(tmp_path / "other", hub)
    made = [others.make(n) for n in range(7)]
    others.sync()
    bad = hub.offer(b"%PDF not one of ours")
    done = laptop.sync()
    assert {row.sha256 for row in done.received} == set(made)
    assert [(one.sha256, one.way, one.why) for one in done.refused] == [(bad, Way.IN, "unreadable")]
    assert laptop.holds() == set(made)
    assert laptop.leftovers() == []
    late = others.make(9)
    others.sync()
    fetched = hub.asked.count("fetch")
    done = laptop.sync()
    assert ([row.sha256 for row in done.received], done.refused) == ([late], ()), "the bad one is not asked for again"
    assert hub.asked.count("fetch") == fetched + 1
    assert [one.sha256 for one in laptop.store.not_taken()] == [bad]
    laptop.clock.forward(hours=2)
    assert [one.sha256 for one in laptop.sync().refused] == [bad], "but after a while it is"
    assert laptop.store.not_taken()[0].tries == 2


def test_what_somebody_else_has_brought_is_not_sent_again(laptop: Laptop, hub: FakeHub) -> None:
    sha256 = laptop.make(1)
    hub.offer(laptop.store.document_path(sha256).read_bytes(), "doc-000001")
    assert laptop.sync().delivered == (sha256,)
    assert hub.came == []
    assert len(laptop.store.receipts(sha256)) == 1


def test_without_a_network_everything_waits(laptop: Laptop, hub: FakeHub) -> None:
    sha256 = laptop.make(1)
    with hub.offline():
        for failures in (1, 2):
            done = laptop.sync()
            assert done.problem is not None
            assert done.problem.code == "hub-unreachable"
            line = laptop.store.hub_line(HUB)
            assert (line.failures, line.why, line.tried_at) == (failures, "hub-unreachable", laptop.clock.now())
    assert laptop.states() == {sha256: WAITING}
    assert laptop.sync().delivered == (sha256,)
    assert laptop.store.hub_line(HUB).failures == 0


def test_a_broken_sending_goes_on_where_it_broke(laptop: Laptop, hub: FakeHub) -> None:
    sha256 = laptop.make(1, text=LONG)
    hub.cuts = [100, 300, 1, 50]
    assert laptop.sync().delivered == (sha256,)
    assert [offset for _, offset, _ in hub.came] == [0, 100, 400, 401, 451]
    assert sum(size for _, _, size in hub.came) == len(hub.kept[sha256].data)


def test_a_line_that_carries_nothing_is_left_alone_and_the_next_round_goes_on(laptop: Laptop, hub: FakeHub) -> None:
    sha256 = laptop.make(1, text=LONG)
    hub.cuts = [200] + 9 * [0]
    done = laptop.sync()
    assert (done.delivered, laptop.states()) == ((), {sha256: WAITING})
    (delivery,) = laptop.store.deliveries()
    assert (delivery.sent, delivery.attempts, delivery.reason) == (200, 1, "hub-unreachable")
    assert len(hub.came) < 6
    hub.cuts = []
    assert laptop.sync().delivered == (sha256,)
    assert hub.came[-1][1] == 200


def test_a_lost_answer_is_unconfirmed_until_the_hub_was_asked(laptop: Laptop, hub: FakeHub) -> None:
    sha256 = laptop.make(1)
    hub.lost_answers = 1
    hub_held = hub.held
    hub.held = _offline_after_losing(hub)  # type: ignore[method-assign]
    done = laptop.sync()
    assert (done.delivered, laptop.states()) == ((), {sha256: UNCONFIRMED})
    assert laptop.store.document(sha256).state is DocumentState.WAITING  # type: ignore[union-attr]
    hub.held, hub.is_online = hub_held, True  # type: ignore[method-assign]
    assert laptop.sync().delivered == (sha256,)
    assert len(hub.came) == 1, "no byte was sent twice"


def _offline_after_losing(hub: FakeHub):  # type: ignore[no-untyped-def]
    def held(sha256: str) -> object:
        hub.is_online = False
        return FakeHub.held(hub, sha256)

    return held


def test_a_lost_answer_is_settled_in_the_same_round_when_the_line_is_there(laptop: Laptop, hub: FakeHub) -> None:
    sha256 = laptop.make(1)
    hub.lost_answers = 1
    assert laptop.sync().delivered == (sha256,)
    assert len(hub.came) == 1


def test_who_was_killed_while_sending_asks_before_sending_again(laptop: Laptop, hub: FakeHub) -> None:
    first, second = laptop.make(1), laptop.make(2)
    store = laptop.store
    store.save_deliveries([replace(one, state=DeliveryState.SENDING, attempts=1) for one in store.deliveries()])
    hub.send(first, store.document_path(first), 0, lambda done: None)
    assert laptop.store.waiting() == 2
    with hub.offline():
        laptop.sync()
    assert set(laptop.sync().delivered) == {first, second}
    assert [sha256 for sha256, _, _ in hub.came] == [first, second]


def test_a_receipt_that_the_district_does_not_vouch_for_proves_nothing(laptop: Laptop, hub: FakeHub) -> None:
    sha256 = laptop.make(1)
    hub.forged = True
    done = laptop.sync()
    assert [(one.sha256, one.why) for one in done.refused] == [(sha256, "receipt-not-believed")]
    assert (laptop.states(), laptop.store.receipts(sha256)) == ({sha256: UNCONFIRMED}, ())
    assert laptop.store.waiting() == 1


def test_a_receipt_for_another_document_proves_nothing(laptop: Laptop, hub: FakeHub) -> None:
    first, second = laptop.make(1), laptop.make(2)
    laptop.sync()
    hub.kept[second] = replace(hub.kept[second], signed=hub.kept[first].signed)
    delivered = laptop.store.delivery(second)
    assert delivered is not None
    laptop.store.save_deliveries([replace(delivered, state=UNCONFIRMED)])
    assert laptop.sync().delivered == ()
    assert laptop.states() == {second: UNCONFIRMED}


@pytest.mark.parametrize(
    ("reason", "state", "who", "is_tried_again"),
    [
        (Reason.NO_RIGHT, REFUSED, "office", True),
        (Reason.UNKNOWN_SIGNER, REFUSED, "office", True),
        (Reason.ALTERED, REFUSED, "sender", False),
        (Reason.TOO_LARGE, REFUSED, "sender", False),
        (Reason.NO_ROOM, WAITING, "operator", True),
        (Reason.TROUBLE, WAITING, "operator", True),
    ],
)
def test_a_refusal_is_kept_with_who_has_to_do_what(
    laptop: Laptop, hub: FakeHub, reason: Reason, state: DeliveryState, who: str, is_tried_again: bool
) -> None:
    bad, good = laptop.make(1), laptop.make(2)
    hub.refusals = {bad: reason}
    done = laptop.sync()
    assert done.delivered == (good,), "one that is refused keeps no other back"
    (delivery,) = laptop.store.deliveries()
    assert (delivery.state, delivery.reason, delivery.who, delivery.detail) == (state, reason.value, who, "fake")
    assert [(one.sha256, one.why, one.again_at) for one in done.refused] == [(bad, reason.value, delivery.next_at)]
    came = len(hub.came)
    hub.refusals = {}
    assert (laptop.sync().delivered, len(hub.came)) == ((), came), "not at once"
    laptop.clock.forward(days=2)
    assert laptop.sync().delivered == ((bad,) if is_tried_again else ())
    assert laptop.sync(asked=True).delivered == (() if is_tried_again else (bad,))


def test_who_is_not_enrolled_is_told_and_nothing_is_tried(laptop: Laptop, hub: FakeHub) -> None:
    sha256 = laptop.make(1)
    hub.enrolled = False
    done = laptop.sync()
    assert isinstance(done.problem, HubRefused)
    assert done.problem.refusal.reason is Reason.NOT_ENROLLED
    assert (laptop.states(), hub.came) == ({sha256: WAITING}, [])


def test_a_busy_hub_is_left_alone(laptop: Laptop, hub: FakeHub) -> None:
    made = [laptop.make(n) for n in range(9)]
    hub.refusals = dict.fromkeys(made, Reason.BUSY)
    done = laptop.sync()
    assert isinstance(done.problem, HubRefused)
    assert set(laptop.states().values()) == {WAITING}


@pytest.mark.parametrize("harm", ["gone", "cut", "changed"])
def test_a_file_that_is_not_what_was_signed_is_never_sent_as_if_it_were(
    laptop: Laptop, hub: FakeHub, harm: str
) -> None:
    sha256 = laptop.make(1)
    path = laptop.store.document_path(sha256)
    data = path.read_bytes()
    if harm == "gone":
        path.unlink()
    else:
        path.write_bytes(data[:-1] if harm == "cut" else data[:-1] + b"?")
    done = laptop.sync()
    assert [(one.why, one.who) for one in done.refused] == [("wrong-hash", "sender")]
    assert (laptop.states(), hub.kept) == ({sha256: REFUSED}, {})
    path.write_bytes(data)
    assert laptop.sync(asked=True).delivered == (sha256,), "once it is mended"


def test_small_ones_go_first_and_large_ones_wait_for_a_line_that_is_free(laptop: Laptop, hub: FakeHub) -> None:
    large, small = laptop.make(1, text="长" * (SMALL // 3)), laptop.make(2)
    hub.hello = _roomy(hub)  # type: ignore[method-assign]
    done = laptop.sync(line=Line.METERED)
    assert (done.delivered, done.held_back, laptop.states()) == ((small,), (large,), {large: WAITING})
    laptop.clock.forward(hours=1)
    assert laptop.sync(line=Line.METERED, asked=True).delivered == (large,)


def test_large_ones_of_others_wait_too_and_are_not_forgotten(laptop: Laptop, hub: FakeHub) -> None:
    hub.hello = _roomy(hub)  # type: ignore[method-assign]
    sizes = [10, SMALL // 3, 10, 10, SMALL // 3, 10]
    made = [hub.offer(document(n, text="长" * size)[1], f"doc-{n}") for n, size in enumerate(sizes)]
    large = {made[1], made[4]}
    done = laptop.sync(line=Line.SLOW)
    assert ({row.sha256 for row in done.received}, set(done.held_back)) == (set(made) - large, large)
    assert {row.sha256 for row in laptop.sync().received} == large
    assert laptop.store.hub_line(HUB).cursor == 6


def _roomy(hub: FakeHub):  # type: ignore[no-untyped-def]
    def hello() -> object:
        found = FakeHub.hello(hub)
        return replace(found, limits=replace(found.limits, document=10 * SMALL))

    return hello


def test_what_the_hub_has_lost_is_sent_again(laptop: Laptop, hub: FakeHub) -> None:
    made = [laptop.make(n) for n in range(3)]
    laptop.sync()
    hub.forget(made[1])
    assert laptop.sync().delivered == (), "it is not asked for at every round"
    laptop.clock.forward(days=1)
    assert laptop.sync().delivered == (made[1],)
    assert len(laptop.store.receipts(made[1])) == 2


def test_an_office_brings_what_it_was_brought(laptop: Laptop, hub: FakeHub) -> None:
    row, data, ledger, _ = document(1)
    laptop.store.keep_document(row, data, ledger, links=())
    assert laptop.sync(asked=True).delivered == (), "an inspector brings his own"
    hub.role = Role.OFFICE
    known = hub.offer(document(2)[1], "doc-2")
    assert laptop.sync(asked=True).delivered == (row.sha256,)
    assert [sha256 for sha256, _, _ in hub.came] == [row.sha256], "not what came from the hub itself"
    assert laptop.holds() == {row.sha256, known}
    assert laptop.store.document(row.sha256).state is DocumentState.IMPORTED  # type: ignore[union-attr]


def test_when_what_one_may_read_changes_one_begins_again(laptop: Laptop, hub: FakeHub) -> None:
    made = [hub.offer(document(n)[1], f"doc-{n}") for n in range(5)]
    hidden = hub.kept.pop(made[0])
    laptop.sync()
    hub.kept[made[0]], hub.scope = hidden, "more"
    assert [row.sha256 for row in laptop.sync().received] == [made[0]]
    line = laptop.store.hub_line(HUB)
    assert (line.scope, line.cursor) == ("more", 5)


def test_a_hub_that_does_not_know_the_cursor_is_listed_anew(laptop: Laptop, hub: FakeHub) -> None:
    hub.offer(document(1)[1], "doc-1")
    laptop.sync()
    laptop.store.save_hub_line(replace(laptop.store.hub_line(HUB), cursor=77))
    late = hub.offer(document(2)[1], "doc-2")
    assert [row.sha256 for row in laptop.sync().received] == [late]
    assert laptop.store.hub_line(HUB).cursor == 2


def test_a_hub_that_was_put_back_to_an_older_copy_loses_nothing(laptop: Laptop, hub: FakeHub) -> None:
    """It gives the places of what it has lost to other documents, behind the back of our cursor."""
    made = [hub.offer(document(n)[1], f"doc-{n}") for n in range(5)]
    laptop.sync()
    assert laptop.store.hub_line(HUB).cursor == 5
    for sha256 in made[3:]:
        hub.forget(sha256)
    hub.put_back(3)
    late = {hub.offer(document(n)[1], f"doc-{n}") for n in (7, 8)}
    assert laptop.sync().received == ()
    laptop.clock.forward(days=1)
    assert {row.sha256 for row in laptop.sync().received} == late
    asked = hub.asked.count("after")
    laptop.sync()
    assert hub.asked.count("after") == asked + 1, "once a day"


def test_fetching_goes_on_where_it_broke_also_in_the_next_round(laptop: Laptop, hub: FakeHub) -> None:
    sha256 = hub.offer(document(1, text=LONG)[1], "doc-1")
    hub.cuts = [70] + 9 * [0]
    assert laptop.sync().problem is not None
    assert (laptop.leftovers(), laptop.store.hub_line(HUB).cursor) == ([f"{sha256}.part"], 0)
    hub.cuts = [5]
    assert [row.sha256 for row in laptop.sync().received] == [sha256]
    assert laptop.leftovers() == []


def test_bytes_that_are_not_what_they_are_called_are_not_taken(laptop: Laptop, hub: FakeHub) -> None:
    sha256 = hub.offer(document(1)[1], "doc-1")
    hub.kept[sha256] = replace(hub.kept[sha256], data=document(2)[1])
    assert [(one.sha256, one.why) for one in laptop.sync().refused] == [(sha256, "wrong-hash")]
    assert (laptop.holds(), laptop.leftovers()) == (set(), [])


def test_progress_is_told_per_document_and_stops_the_round(laptop: Laptop, hub: FakeHub) -> None:
    made = [laptop.make(n, text=LONG) for n in range(6)]
    told: list[Moved] = []

    def stop(moved: Moved) -> None:
        assert not told or told[-1].done <= 300, "after the stop nobody goes on"
        told.append(moved)
        if moved.done > 300:
            raise Cancelled

    done = laptop.sync(tell=stop)
    assert (done.is_stopped, done.problem) == (True, None)
    assert {one.way for one in told} == {Way.OUT}
    assert len(told) < 40
    assert {one.total for one in told} == {len(laptop.store.document_path(made[0]).read_bytes())}
    assert laptop.store.hub_line(HUB).failures == 0
    sent = laptop.sync().delivered
    assert set(sent) | set(done.delivered) == set(made)
    assert all(len(laptop.store.receipts(sha256)) == 1 for sha256 in made)


def test_a_clock_that_is_wrong_by_a_year_stops_nothing_and_is_told(laptop: Laptop, hub: FakeHub) -> None:
    hub.clock = replace_clock(laptop)
    made = laptop.make(1)
    laptop.clock.forward(days=-365)
    done = laptop.sync()
    assert (done.delivered, done.clock_differs) == ((made,), timedelta(days=365))
    late = laptop.make(2)
    laptop.clock.forward(days=800)
    assert laptop.sync().delivered == (late,)


def replace_clock(laptop: Laptop):  # type: ignore[no-untyped-def]
    return type(laptop.clock)(laptop.clock.at)


def test_on_the_real_store(tmp_path: Path, hub: FakeHub) -> None:
    """Three at once write to it, and it is opened anew between two rounds."""
    with SqliteStore.open(tmp_path) as store:
        laptop = Laptop(tmp_path, hub, store)
        made = [laptop.make(n) for n in range(8)]
        hub.cuts, hub.lost_answers = [40, None, 80, 3, 0, 10], 2
        bad = hub.offer(hashlib.sha256(b"x").digest())
        others = [hub.offer(document(n)[1], f"doc-{n}") for n in range(20, 24)]
        laptop.sync()
    with SqliteStore.open(tmp_path) as store:
        laptop = Laptop(tmp_path, hub, store)
        laptop.sync()
        assert (store.waiting(), laptop.holds()) == (0, {*made, *others})
        assert [one.sha256 for one in store.not_taken()] == [bad]
        assert all(len(store.receipts(sha256)) == 1 for sha256 in made)
