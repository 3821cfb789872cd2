"""A laptop with documents to send: a store, a clock, and rounds with whatever hub there is."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from safetyapp.domain.delivery import DeliveryState
from safetyapp.domain.document import DocumentQuery, DocumentState
from safetyapp.sync.due import Line
from safetyapp.sync.port import Believe, Hub
from safetyapp.sync.rounds import Round, RoundDone, Tell, run_round, tell_nobody
from safetyapp.workflow.ports import Signer, Store
from tests.fakes import FakeClock, FakeSigner, FakeStore
from tests.fakes.hub import HUB, believe
from tests.store.examples import document

EVERY = DocumentQuery(limit=1_000_000)


@dataclass
class Laptop:
    folder: Path
    hub: Hub
    store: Store = None  # type: ignore[assignment]
    signer: Signer = field(default_factory=FakeSigner)
    clock: FakeClock = field(default_factory=FakeClock)
    hub_id: str = HUB
    believe: Believe = believe

    def __post_init__(self) -> None:
        self.store = self.store or FakeStore(self.folder)

    def make(self, number: int, text: str = "疏散通道被货架占用", **more: object) -> str:
        """A report that was signed here."""
        row, data, ledger, _ = document(number, text=text, state=DocumentState.WAITING, **more)  # type: ignore[arg-type]
        self.store.keep_document(row, data, ledger, links=())
        return row.sha256

    def sync(self, *, asked: bool = False, line: Line = Line.GOOD, tell: Tell = tell_nobody) -> RoundDone:
        return run_round(
            Round(
                self.hub, self.hub_id, self.store, self.signer, self.clock, self.believe, self.folder / "incoming",
                line, asked, tell,
            )
        )  # fmt: skip

    def states(self) -> dict[str, DeliveryState]:
        """Of what is not delivered."""
        return {one.sha256: one.state for one in self.store.deliveries()}

    def holds(self) -> set[str]:
        return {row.sha256 for row in self.store.documents(EVERY)}

    def leftovers(self) -> list[str]:
        return sorted(path.name for path in (self.folder / "incoming").glob("*"))
