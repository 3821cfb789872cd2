"""What every Hub promises: the one in memory and the real one over HTTPS inherit it, so the fake can be trusted."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest

from safetyapp.domain.problem import Cancelled
from safetyapp.protocol import PROTOCOL, Receipt, SignedReceipt
from safetyapp.protocol_refusal import Next, Reason, Who
from safetyapp.sync.port import Held, Hub, HubRefused
from tests.store.examples import document


def paper(tmp_path: Path, number: int, text: str = "疏散通道被货架占用") -> tuple[str, Path]:
    _, data, _, _ = document(number, text=text)
    path = tmp_path / f"{number}.pdf"
    path.write_bytes(data)
    return hashlib.sha256(data).hexdigest(), path


def nothing(done: int) -> None:
    pass


class HubSuite:
    """Inherited with the fixtures `hub` (as an inspector's laptop reaches it) and `believe`."""

    def test_it_says_who_it_is_and_who_asks(self, hub: Hub) -> None:
        hello = hub.hello()
        assert hello.oldest <= PROTOCOL <= hello.newest
        assert hello.you is not None
        assert (hello.you.person, hello.now.tzinfo is not None) == ("p1", True)

    def test_what_is_sent_is_there_and_receipted(
        self, hub: Hub, believe: Callable[[SignedReceipt], Receipt], tmp_path: Path
    ) -> None:
        sha256, path = paper(tmp_path, 10)
        other, _ = paper(tmp_path, 11)
        assert hub.missing([other, sha256]) == (other, sha256)
        assert hub.held(sha256) == Held(0)
        told: list[int] = []
        signed = hub.send(sha256, path, 0, told.append)
        assert signed is not None
        receipt = believe(signed)
        assert (receipt.sha256, receipt.size, receipt.document) == (sha256, path.stat().st_size, "doc-000010")
        assert told[-1] == path.stat().st_size
        assert hub.missing([other, sha256]) == (other,)
        assert hub.held(sha256) == Held(path.stat().st_size, True)
        assert hub.receipt(sha256) == signed
        assert hub.send(sha256, path, 0, nothing) == signed, "twice is harmless"
        assert hub.missing([]) == ()

    def test_many_are_asked_for_at_once(self, hub: Hub) -> None:
        hub.hello()
        every = [hashlib.sha256(bytes([n % 256, n // 256])).hexdigest() for n in range(1200)]
        assert hub.missing(every) == tuple(every)

    def test_who_stops_goes_on_later(self, hub: Hub, tmp_path: Path) -> None:
        sha256, path = paper(tmp_path, 20, text="疏散" * 200_000)

        def stop(done: int) -> None:
            raise Cancelled

        with pytest.raises(Cancelled):
            hub.send(sha256, path, 0, stop)
        offset = _settled(hub, sha256)
        assert 0 <= offset < path.stat().st_size
        signed = hub.send(sha256, path, offset, nothing)
        assert signed == hub.receipt(sha256)

    def test_an_offset_that_is_not_the_hubs_is_refused(self, hub: Hub, tmp_path: Path) -> None:
        sha256, path = paper(tmp_path, 30)
        with pytest.raises(HubRefused) as told:
            hub.send(sha256, path, 5, nothing)
        assert (told.value.refusal.reason, told.value.refusal.offset) == (Reason.OFFSET_DIFFERS, 0)

    def test_what_is_no_document_is_refused_with_who_has_to_do_what(self, hub: Hub, tmp_path: Path) -> None:
        sha256, path = paper(tmp_path, 40)
        path.write_bytes(path.read_bytes()[:-1] + b"?")
        with pytest.raises(HubRefused) as told:
            hub.send(sha256, path, 0, nothing)
        assert told.value.refusal.reason is Reason.WRONG_HASH
        with pytest.raises(HubRefused) as told:
            hub.send(hashlib.sha256(path.read_bytes()).hexdigest(), path, 0, nothing)
        refusal = told.value.refusal
        assert (refusal.reason, refusal.who, refusal.next) == (Reason.ALTERED, Who.SENDER, Next.LOOK_AT_FILE)
        assert hub.missing([sha256]) == (sha256,)

    def test_the_list_goes_on_behind_a_cursor(self, hub: Hub, tmp_path: Path) -> None:
        at = hub.after(0, 1).next
        while (page := hub.after(at, 3)).more or page.entries:
            at = page.next
        made = [paper(tmp_path, n) for n in range(50, 57)]
        for sha256, path in made:
            hub.send(sha256, path, 0, nothing)
        seen, pages = [], 0
        while True:
            listing = hub.after(at, 3)
            seen += [entry.sha256 for entry in listing.entries]
            at, pages = listing.next, pages + 1
            if not listing.more:
                break
        assert (seen, pages) == ([sha256 for sha256, _ in made], 3)
        assert hub.after(at, 3).entries == ()
        with pytest.raises(HubRefused) as told:
            hub.after(at + 5, 3)
        assert told.value.refusal.reason is Reason.CURSOR_UNKNOWN

    def test_a_document_comes_back_byte_for_byte(self, hub: Hub, tmp_path: Path) -> None:
        sha256, path = paper(tmp_path, 60, text="疏散" * 50_000)
        hub.send(sha256, path, 0, nothing)
        into = tmp_path / "into.part"
        told: list[int] = []
        hub.fetch(sha256, into, told.append)
        assert into.read_bytes() == path.read_bytes()
        assert told[-1] == path.stat().st_size
        into.write_bytes(path.read_bytes()[:70_000])
        told.clear()
        hub.fetch(sha256, into, told.append)
        assert into.read_bytes() == path.read_bytes()
        assert told[0] > 70_000, "behind what is there already"
        told.clear()
        hub.fetch(sha256, into, told.append)
        assert into.read_bytes() == path.read_bytes(), "nothing lies behind it"

    def test_what_is_not_there_is_not_found(self, hub: Hub, tmp_path: Path) -> None:
        for ask in (lambda: hub.receipt("0" * 64), lambda: hub.fetch("0" * 64, tmp_path / "x", nothing)):
            with pytest.raises(HubRefused) as told:
                ask()
            assert told.value.refusal.reason is Reason.NOT_FOUND


def _settled(hub: Hub, sha256: str) -> int:
    """The hub hears of a broken line a moment later than who broke it; until then it may still be writing."""
    import time

    before = -1
    while before != (before := hub.held(sha256).offset):
        time.sleep(0.05)
    return before
