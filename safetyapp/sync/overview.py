"""What a person wants to see of the way to the hub: each document with its state, who has to do what, and when."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from safetyapp.domain.delivery import Delivery, DeliveryState, HubLine, NotTaken
from safetyapp.domain.document import DocumentRow
from safetyapp.protocol_refusal import Next, Who
from safetyapp.sync.due import Line, Signs, next_round
from safetyapp.workflow.ports import Store


@dataclass(frozen=True, slots=True)
class OnItsWay:
    """One document that is not delivered; `who` has to do `next` (codes of protocol_refusal), and the program itself
    goes on at `at` (None: not before somebody has done something)."""

    row: DocumentRow
    delivery: Delivery
    who: str
    next: str
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Overview:
    """`due` is when the next round begins, `line` how it stands with the hub, `counts` how many documents are in which
    state, `not_taken` what did not come in."""

    documents: tuple[OnItsWay, ...]
    counts: Mapping[DeliveryState, int]
    line: HubLine
    due: datetime | None
    not_taken: tuple[NotTaken, ...]


def signs_of(
    store: Store, hub: str, *, line: Line = Line.GOOD, connected_at: datetime | None = None,
    asked_at: datetime | None = None, is_paused: bool = False, paused_until: datetime | None = None,
) -> Signs:  # fmt: skip
    """What is known of when the next round is due: what is kept, and what the caller sees."""
    known = store.hub_line(hub)
    deliveries = store.deliveries()
    # what a round has seen and left (for a better line, say) is not new, or one round would call for the next
    new = [one.made_at for one in deliveries if one.tried_at is None and _is_unseen(one, known)]
    again = [one.next_at for one in deliveries if one.next_at is not None]
    return Signs(
        known.tried_at, known.failures, min(new, default=None), max(new, default=None), connected_at, asked_at,
        is_paused, paused_until, known.not_before, min(again, default=None), line,
    )  # fmt: skip


def _is_unseen(delivery: Delivery, line: HubLine) -> bool:
    return line.tried_at is None or delivery.made_at >= line.tried_at


def overview(store: Store, hub: str, signs: Signs, now: datetime, running: Collection[str] = ()) -> Overview:
    """As it stands now; `running` are the documents that a round has on the wire at this moment: of any other that
    claims so, its program was ended while it sent."""
    due = next_round(signs, now)
    found: list[OnItsWay] = []
    for one in store.deliveries():
        if one.state is DeliveryState.SENDING and one.sha256 not in running:
            one = replace(one, state=DeliveryState.UNCONFIRMED)
        row = store.document(one.sha256)
        if row is None:
            continue
        if one.state is DeliveryState.REFUSED:
            found.append(OnItsWay(row, one, one.who, one.next, one.next_at))
        else:
            at = max(due, one.next_at) if due is not None and one.next_at is not None else due
            found.append(OnItsWay(row, one, one.who or Who.PROGRAM.value, one.next or Next.WAIT.value, at))
    return Overview(
        tuple(found), Counter(one.delivery.state for one in found), store.hub_line(hub), due, store.not_taken()
    )
