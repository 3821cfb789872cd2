"""Two laptops and an office that sign, sync, lose answers and lines in any order: in the end all hold the same set,
each document went to the hub once, and nobody ever called one delivered that was not."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from safetyapp.domain.problem import Cancelled
from safetyapp.sync.rounds import Moved
from safetyapp.workflow.exchange import import_documents
from tests.fakes import FakeClock, FakeHub
from tests.sync.laptop import Laptop

WHO = st.sampled_from(["a", "b", "office"])


class Sameness(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.hub = FakeHub()
        self.laptops = {n: Laptop(self.folder / n, self.hub, clock=FakeClock()) for n in ("a", "b", "office")}
        self.made: set[str] = set()

    def teardown(self) -> None:
        self.hub.cuts, self.hub.lost_answers = [], 0
        for laptop in self.laptops.values():
            laptop.clock.forward(days=2)
        for _ in range(2):
            for laptop in self.laptops.values():
                done = laptop.sync()
                assert (done.problem, done.refused) == (None, ())
        for laptop in self.laptops.values():
            assert laptop.holds() == self.made
            assert (laptop.store.waiting(), laptop.leftovers()) == (0, [])
            for sha256 in laptop.store.delivered():
                assert len(laptop.store.receipts(sha256)) == 1
        shutil.rmtree(self.folder)

    @rule(who=WHO, size=st.integers(1, 60))
    def sign(self, who: str, size: int) -> None:
        self.made.add(self.laptops[who].make(len(self.made), text="疏" * size))

    @rule(who=WHO, asked=st.booleans())
    def sync(self, who: str, asked: bool) -> None:
        self.laptops[who].sync(asked=asked)

    @rule(who=WHO)
    def try_without_a_network(self, who: str) -> None:
        with self.hub.offline():
            assert self.laptops[who].sync().problem is not None

    @rule(who=WHO, after=st.integers(0, 6))
    def stop_a_round(self, who: str, after: int) -> None:
        left = [after]

        def tell(moved: Moved) -> None:
            left[0] -= 1
            if left[0] < 0:
                raise Cancelled

        self.laptops[who].sync(tell=tell)

    @rule(cuts=st.lists(st.one_of(st.none(), st.integers(0, 3000)), max_size=4))
    def break_the_line(self, cuts: list[int | None]) -> None:
        self.hub.cuts += cuts

    @rule()
    def lose_an_answer(self) -> None:
        self.hub.lost_answers += 1

    @rule(who=WHO, days=st.integers(-400, 400))
    def put_a_clock_wrong(self, who: str, days: int) -> None:
        self.laptops[who].clock.forward(days=days)

    @rule(who=WHO)
    def carry_by_hand(self, who: str) -> None:
        """Somebody brings another's documents on a stick."""
        for other in self.laptops.values():
            if other is not self.laptops[who]:
                import_documents(self.laptops[who].store, self.laptops[who].signer, [other.folder / "documents"])

    @invariant()
    def what_is_delivered_is_at_the_hub(self) -> None:
        for laptop in self.laptops.values():
            for sha256 in laptop.store.delivered():
                assert self.hub.kept[sha256].data == laptop.store.document_path(sha256).read_bytes()

    @invariant()
    def no_byte_went_twice(self) -> None:
        """Wherever a line broke, and whatever answer was lost."""
        for sha256, kept in self.hub.kept.items():
            assert sum(size for one, _, size in self.hub.came if one == sha256) == len(kept.data)


Sameness.TestCase.settings = settings(max_examples=20, stateful_step_count=20, deadline=None)
TestSameness = Sameness.TestCase
