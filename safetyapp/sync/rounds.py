"""One round: ask what is missing on either side, send it, take the receipts, fetch what others sent.

Every step may be repeated: a document is named by the hash of its bytes, so sending or fetching it twice is harmless,
and whatever a round did before it was cut off counts. Nothing here waits: when the next round is due, `due` says.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import TypeAlias, TypeVar

from safetyapp.domain.document import DocumentRow
from safetyapp.domain.problem import Cancelled, Problem
from safetyapp.protocol import PROTOCOL, Hello
from safetyapp.protocol_refusal import Reason, Refusal
from safetyapp.sync.due import Line
from safetyapp.sync.port import Believe, Hub, HubRefused
from safetyapp.workflow.ports import Clock, Signer, Store

log = logging.getLogger(__name__)

AT_ONCE = 3
"""Documents on the wire at the same time: enough to fill a line, and polite to a hub that has a hundred laptops."""
CLOCK_DIFFERS = timedelta(minutes=5)
CHECK_EVERY = timedelta(days=1)
"""How often both sides compare all that they have, not only what is new: see `sending` and `fetching`."""
STANDSTILLS = 2
"""So often in a row a line may break without one byte more on the other side; then it is not worth going on."""
_OF_ONE = ("in-use", "too-slow")
"""What a busy hub says of one document only: a request that broke is still coming to its end there."""

T = TypeVar("T")


class Way(StrEnum):
    """Which way a document goes."""

    OUT = "out"
    IN = "in"


@dataclass(frozen=True, slots=True)
class Moved:
    """How far one document is, in bytes."""

    sha256: str
    way: Way
    done: int
    total: int


Tell: TypeAlias = Callable[[Moved], None]
"""Told of every piece, one at a time, from whichever thread; raises Cancelled to stop the round."""


def tell_nobody(moved: Moved) -> None:
    """For callers that neither show progress nor stop."""


@dataclass(frozen=True, slots=True)
class Named:
    """A document that did not go through: `why` is a code (protocol_refusal.Reason, a verdict's or a Problem's), `who`
    has to do `next`, and it is tried again by itself at `again_at`, if ever."""

    sha256: str
    way: Way
    why: str
    who: str = ""
    next: str = ""
    detail: str = ""
    again_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class RoundDone:
    """What came of a round. `delivered` have a receipt since; `held_back` wait for a better line; `problem` ended it
    early; `clock_differs` is by how much the hub's clock is ahead, where that is worth a word."""

    delivered: tuple[str, ...] = ()
    received: tuple[DocumentRow, ...] = ()
    refused: tuple[Named, ...] = ()
    held_back: tuple[str, ...] = ()
    problem: Problem | None = None
    is_stopped: bool = False
    clock_differs: timedelta = timedelta()


@dataclass
class Round:
    """What the parts of one round share: the tools, and what has come of it so far. `incoming` is a folder for what is
    being fetched."""

    hub: Hub
    hub_id: str
    store: Store
    signer: Signer
    clock: Clock
    believe: Believe
    incoming: Path
    line: Line = Line.GOOD
    is_asked: bool = False
    tell: Tell = tell_nobody
    hello: Hello | None = None
    is_checking: bool = False
    """Whether this is the round of the day that compares everything."""
    delivered: list[str] = field(default_factory=list)
    received: list[DocumentRow] = field(default_factory=list)
    refused: list[Named] = field(default_factory=list)
    held_back: list[str] = field(default_factory=list)
    ended_by: BaseException | None = None
    guard: threading.Lock = field(default_factory=threading.Lock)
    """Held while somebody is told, and while the lists above are changed."""

    def told(self, sha256: str, way: Way, total: int) -> Callable[[int], None]:
        """For a transport: passes on how far it is, and stops it when the round has ended."""

        def so_far(done: int) -> None:
            with self.guard:
                self._check()
                try:
                    self.tell(Moved(sha256, way, done, total))
                except Cancelled as stop:
                    self.ended_by = self.ended_by or stop
                    raise

        return so_far

    def check(self) -> None:
        """Raises Cancelled once the round has ended."""
        with self.guard:
            self._check()

    def end(self, error: BaseException) -> None:
        """No other document is begun, those on the wire stop at their next piece."""
        with self.guard:
            self.ended_by = self.ended_by or error

    def _check(self) -> None:
        if self.ended_by is not None:
            raise Cancelled


def run_round(this: Round) -> RoundDone:
    """Runs it to its end; what the world does to it is in the answer. Raises only what is our own mistake."""
    from safetyapp.sync.fetching import fetch_new
    from safetyapp.sync.sending import send_due

    now = this.clock.now()
    line = this.store.hub_line(this.hub_id)
    this.store.save_hub_line(replace(line, tried_at=now))
    this.is_checking = line.checked_at is None or not timedelta() <= now - line.checked_at < CHECK_EVERY
    problem: Problem | None = None
    is_stopped = False
    differs = timedelta()
    try:
        this.hello = _greet(this)
        differs = this.hello.now - this.clock.now()
        send_due(this)
        fetch_new(this)
    except Cancelled:
        is_stopped = True
    except Problem as met:
        problem = met
        log.info("round with %s ended: %s", this.hub_id, met)
    _remember(this, now, problem, is_stopped)
    return RoundDone(
        tuple(this.delivered),
        tuple(this.received),
        tuple(this.refused),
        tuple(this.held_back),
        problem,
        is_stopped,
        differs if abs(differs) > CLOCK_DIFFERS else timedelta(),
    )


def side_by_side(this: Round, name: str, works: Sequence[Callable[[], T]]) -> list[Future[T]]:
    """All of them, a few at a time. What the world does to one ends the round, and the others come to rest before this
    returns; a mistake of ours is raised."""
    with ThreadPoolExecutor(AT_ONCE, name) as pool:
        futures = [pool.submit(work) for work in works]
        try:
            wait(futures)
        except BaseException:
            this.end(Cancelled())
            raise
    for error in (future.exception() for future in futures):
        if isinstance(error, Cancelled | Problem):
            this.end(error)
        elif error is not None:
            raise error
    return futures


def ends_round(refusal: Refusal) -> bool:
    """Whether what was said of one document would be said of every other."""
    if refusal.reason is Reason.BUSY:
        return refusal.detail not in _OF_ONE
    return refusal.reason in (Reason.NOT_ENROLLED, Reason.PROGRAM_TOO_OLD)


def is_broken_line(problem: Problem) -> bool:
    """Whether it broke on the way, so that it is worth going on at once; who does not answer is left alone."""
    return problem.code == "hub-unreachable" and problem.facts.get("reason") == "broken"


def _greet(this: Round) -> Hello:
    hello = this.hub.hello()
    if hello.hub != this.hub_id:
        raise Problem("hub-untrusted", hub=this.hub_id, reason="another-hub")
    if not hello.oldest <= PROTOCOL <= hello.newest:
        raise HubRefused.because(Reason.PROGRAM_TOO_OLD, f"{hello.oldest}-{hello.newest}")
    if hello.you is None:
        raise HubRefused.because(Reason.NOT_ENROLLED)
    return hello


def _remember(this: Round, now: datetime, problem: Problem | None, is_stopped: bool) -> None:
    """How it stands with the hub, beside what the fetching noted by itself."""
    line = replace(this.store.hub_line(this.hub_id), tried_at=now)
    if problem is not None:
        wait = problem.refusal.retry_after if isinstance(problem, HubRefused) else 0
        not_before = now + timedelta(seconds=wait) if wait else None
        line = replace(line, failures=line.failures + 1, why=problem.code, not_before=not_before)
    elif not is_stopped:
        line = replace(line, failures=0, why="", not_before=None, done_at=this.clock.now())
        if this.is_checking:
            line = replace(line, checked_at=now)
    this.store.save_hub_line(line)
