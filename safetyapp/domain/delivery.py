"""How a document gets to the district's hub: where it is on its way, who has to do what next, what is kept as proof."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class DeliveryState(StrEnum):
    """Where a document made here is on its way. UNCONFIRMED 待确认: it was sent, or may have been, and no receipt came;
    DELIVERED 已送达: a receipt that the district's authority vouches for is kept with it; REFUSED 需要处理: the same
    again is useless until somebody has done something."""

    WAITING = "waiting"
    SENDING = "sending"
    UNCONFIRMED = "unconfirmed"
    DELIVERED = "delivered"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Delivery:
    """One document on its way. `size` and `sent` are bytes, `attempts` counts from the last receipt or refusal on,
    `next_at` is when it is tried again (None: with the next round; of a refused one: not by itself).

    `reason` is a code: a refusal of the hub's (protocol_refusal.Reason) or a Problem's; `who` has to do `next`, codes
    of the same module, `detail` a code with more."""

    sha256: str
    size: int
    made_at: datetime
    state: DeliveryState = DeliveryState.WAITING
    sent: int = 0
    attempts: int = 0
    tried_at: datetime | None = None
    next_at: datetime | None = None
    reason: str = ""
    who: str = ""
    next: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class KeptReceipt:
    """回执 that was found good when it came. `statement`, `signature` and `certificate` are what shows it to others,
    as they came over the wire; `cursor` is the document's place in the hub's order."""

    sha256: str
    hub: str
    received_at: datetime
    cursor: int
    statement: str
    signature: str
    certificate: str
    kept_at: datetime


@dataclass(frozen=True, slots=True)
class HubLine:
    """How it stands with one hub. `cursor` counts within its `scope`: all that arrived there up to it is here, or is
    named in a NotTaken. `failures` are the rounds in a row that did not get through, the last of them because of `why`
    (a Problem's code); before `not_before` the hub does not want to be asked. `checked_at` is when the hub was last
    asked whether it still has what it gave receipts for."""

    hub: str
    scope: str = ""
    cursor: int = 0
    tried_at: datetime | None = None
    done_at: datetime | None = None
    failures: int = 0
    not_before: datetime | None = None
    why: str = ""
    checked_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class NotTaken:
    """A document that the hub offers and that did not come in: `why` is a verdict's or a Problem's code. It is looked
    at again at `next_at` (None: not by itself)."""

    sha256: str
    document: str
    why: str
    at: datetime
    tries: int = 1
    next_at: datetime | None = None
