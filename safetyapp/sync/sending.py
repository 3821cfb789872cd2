"""The way out of a round: documents made here, to the hub, until a receipt for each is kept.

A lost answer is the ordinary case: then a document is unconfirmed, and the next round asks the hub before it sends a
single byte again. Nothing but a receipt that the district's authority vouches for makes a document delivered.
"""

from __future__ import annotations

import hashlib
import logging
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from safetyapp.domain.delivery import Delivery, DeliveryState, KeptReceipt
from safetyapp.domain.problem import Cancelled, Problem
from safetyapp.domain.school import Role
from safetyapp.protocol import SignedReceipt
from safetyapp.protocol_refusal import REFUSALS, Next, Reason, Refusal, Who
from safetyapp.sync.due import in_order, is_due, look_again, may_go
from safetyapp.sync.port import Held, HubRefused
from safetyapp.sync.rounds import STANDSTILLS, Named, Round, Way, ends_round, is_broken_line, side_by_side

log = logging.getLogger(__name__)


def send_due(this: Round) -> None:
    """Sends what is due. Raises what ends the round."""
    found = this.store.deliveries()
    if this.is_checking or this.is_asked:
        found = (*found, *_lost(this), *_carried(this))
    waiting = _interrupted(this, tuple({one.sha256: one for one in found}.values()))
    due = [one for one in waiting if is_due(one, this.clock.now(), this.is_asked)]
    if not due:
        return
    missing = set(this.hub.missing([one.sha256 for one in due]))
    there = [one for one in due if one.sha256 not in missing]
    to_send = []
    for one in in_order([one for one in due if one.sha256 in missing]):
        if may_go(one.size - one.sent, one.made_at, this.line, this.clock.now(), this.is_asked):
            to_send.append(one)
        else:
            this.held_back.append(one.sha256)
    works = [partial(_settle, this, one) for one in there] + [partial(_send, this, one) for one in to_send]
    side_by_side(this, "send", works)
    if this.ended_by is not None:
        raise this.ended_by


def _interrupted(this: Round, deliveries: tuple[Delivery, ...]) -> tuple[Delivery, ...]:
    """Whoever was being sent when the program ended: nobody knows how far it came."""
    found = [replace(one, state=DeliveryState.UNCONFIRMED) for one in deliveries if _was_cut(one)]
    if found:
        this.store.save_deliveries(found)
    settled = {one.sha256: one for one in found}
    return tuple(settled.get(one.sha256, one) for one in deliveries)


def _was_cut(delivery: Delivery) -> bool:
    return delivery.state is DeliveryState.SENDING


def _carried(this: Round) -> tuple[Delivery, ...]:
    """What an office was brought on sticks and the hub has not got: it goes on from here."""
    if this.hello is None or this.hello.you is None or this.hello.you.role is not Role.OFFICE:
        return ()
    carried = this.store.carried()
    missing = set(this.hub.missing([one.sha256 for one in carried]))
    return tuple(one for one in carried if one.sha256 in missing)


def _lost(this: Round) -> tuple[Delivery, ...]:
    """What the hub gave a receipt for and has no longer, as after a backup of a week ago: it waits again."""
    lost: list[Delivery] = []
    for sha256 in this.hub.missing(this.store.delivered()):
        this.check()
        try:
            this.hub.receipt(sha256)
        except HubRefused as refused:
            known = this.store.delivery(sha256)
            if refused.refusal.reason is not Reason.NOT_FOUND or known is None:
                continue
            log.warning("hub %s has lost %s", this.hub_id, sha256)
            lost.append(Delivery(sha256, known.size, known.made_at, reason="lost-by-hub"))
    this.store.save_deliveries(lost)
    return tuple(lost)


def _settle(this: Round, delivery: Delivery) -> None:
    """The hub has it, and we have no receipt: its answer was lost, or somebody brought it by another way."""
    try:
        this.check()
        signed = this.hub.receipt(delivery.sha256)
    except HubRefused as refused:
        if refused.refusal.reason is Reason.NOT_FOUND:
            _send(this, delivery)
        else:
            _refused(this, delivery, refused)
    else:
        _take(this, delivery, signed)


def _send(this: Round, delivery: Delivery) -> None:
    """Until there is a receipt, a refusal, or no line. Raises Cancelled."""
    this.check()
    path = this.store.document_path(delivery.sha256)
    trouble = _unfit(this, delivery, path)
    if trouble is not None:
        _refused(this, delivery, trouble)
        return
    begun = replace(
        delivery, state=DeliveryState.SENDING, attempts=delivery.attempts + 1, tried_at=this.clock.now(),
        next_at=None, reason="", who="", next="", detail="",
    )  # fmt: skip
    this.store.save_deliveries([begun])
    reached = [delivery.sent]
    try:
        signed = _until_answered(this, delivery, path, reached)
    except HubRefused as refused:
        if refused.refusal.reason is Reason.BUSY and not ends_round(refused.refusal):
            again = this.clock.now() + timedelta(seconds=refused.refusal.retry_after)
            _broken(this, replace(begun, next_at=again), reached[0], Cancelled())
        else:
            _refused(this, begun, refused)
    except (Cancelled, Problem) as error:
        _broken(this, begun, reached[0], error)
        raise
    except BaseException:
        _broken(this, begun, reached[0], Cancelled())
        raise
    else:
        _take(this, begun, signed)


def _until_answered(this: Round, delivery: Delivery, path: Path, reached: list[int]) -> SignedReceipt:
    """Goes on where the hub says it is, as long as that moves. `reached` tells whoever catches what comes out how many
    bytes may be there."""
    sha256, size = delivery.sha256, delivery.size
    tell = this.told(sha256, Way.OUT, size)
    held, best, standstills, may_begin_anew = None, -1, 0, True

    def so_far(done: int) -> None:
        reached[0] = max(reached[0], done)
        tell(done)

    if delivery.attempts == 0 and not delivery.sent:
        held = Held(0)  # nobody has sent it before
    while True:
        this.check()
        try:
            if held is None:
                held = this.hub.held(sha256)
            if held.offset > best:
                best, standstills = held.offset, 0
            if held.is_complete:
                return this.hub.receipt(sha256)
            so_far(held.offset)
            signed = this.hub.send(sha256, path, held.offset, so_far)
            if signed is not None:
                return signed
            standstills += 1
        except HubRefused as refused:
            reason = refused.refusal.reason
            if reason is Reason.WRONG_HASH and _is_damaged(path, sha256):
                raise HubRefused.because(reason, "damaged-document") from refused
            if reason is Reason.WRONG_HASH and may_begin_anew:
                held, best, may_begin_anew = Held(0), -1, False
                continue
            if reason not in (Reason.OFFSET_DIFFERS, Reason.NOT_FOUND) or standstills >= STANDSTILLS:
                raise
            standstills += 1
        except Problem as problem:
            standstills += 1
            if not is_broken_line(problem) or standstills > STANDSTILLS:
                raise
        held = None
        if standstills > STANDSTILLS:
            raise Problem("hub-unreachable", hub=this.hub_id, reason="standstill")


def _unfit(this: Round, delivery: Delivery, path: Path) -> HubRefused | None:
    """What can be told before a byte is sent."""
    try:
        size = path.stat().st_size
    except OSError:
        size = -1
    if size != delivery.size:
        return HubRefused.because(Reason.WRONG_HASH, "missing-document" if size < 0 else "damaged-document")
    if this.hello is not None and size > this.hello.limits.document:
        return HubRefused.because(Reason.TOO_LARGE)
    return None


def _is_damaged(path: Path, sha256: str) -> bool:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest() != sha256
    except OSError:
        return True


def _take(this: Round, delivery: Delivery, signed: SignedReceipt) -> None:
    try:
        receipt = this.believe(signed)
        if (receipt.sha256, receipt.size, receipt.hub) != (delivery.sha256, delivery.size, this.hub_id):
            raise ValueError("of another document")
    except ValueError as why:
        log.warning("no receipt for %s: %s", delivery.sha256, why)
        again = look_again(delivery.attempts or 1, this.clock.now())
        said = replace(
            delivery, state=DeliveryState.UNCONFIRMED, sent=delivery.size, next_at=again, reason="receipt-not-believed",
            who=Who.OPERATOR.value, next=Next.MEND.value,
        )  # fmt: skip
        _say_no(this, said)
        return
    this.store.keep_receipt(
        KeptReceipt(
            receipt.sha256,
            receipt.hub,
            receipt.received_at,
            receipt.cursor,
            signed.statement,
            signed.signature,
            signed.certificate,
            this.clock.now(),
        )
    )  # fmt: skip
    with this.guard:
        this.delivered.append(delivery.sha256)


def _broken(this: Round, delivery: Delivery, reached: int, error: Cancelled | Problem) -> None:
    """The line, or whoever waits, has had enough. When every byte may be there, nobody says it is not."""
    state = DeliveryState.UNCONFIRMED if reached >= delivery.size else DeliveryState.WAITING
    reason = error.code if isinstance(error, Problem) else ""
    this.store.save_deliveries([replace(delivery, state=state, sent=reached, reason=reason)])
    if isinstance(error, Problem):
        this.end(error)


def _refused(this: Round, delivery: Delivery, refused: HubRefused) -> None:
    """The hub says no to this document; where it says no to everything, the round ends."""
    refusal = refused.refusal
    if ends_round(refusal):
        this.store.save_deliveries([replace(delivery, state=DeliveryState.WAITING, sent=0)])
        this.end(refused)
        return
    now = this.clock.now()
    is_final = _is_final(refusal)
    again: datetime | None = look_again(delivery.attempts or 1, now)
    if refusal.retry_after:
        again = now + timedelta(seconds=refusal.retry_after)
    elif refusal.who is Who.SENDER and refusal.next is Next.LOOK_AT_FILE:
        again = None  # the same bytes are refused for ever
    said = replace(
        delivery, state=DeliveryState.REFUSED if is_final else DeliveryState.WAITING, sent=0, tried_at=now,
        next_at=again, reason=refusal.reason.value, who=refusal.who.value, next=refusal.next.value,
        detail=refusal.detail,
    )  # fmt: skip
    if refusal.detail in ("damaged-document", "missing-document"):  # our own file is to blame
        said = replace(
            said, state=DeliveryState.REFUSED, next_at=None, who=Who.SENDER.value, next=Next.LOOK_AT_FILE.value
        )
    _say_no(this, said)


def _is_final(refusal: Refusal) -> bool:
    """Whether a person at the laptop or in the office has to act; what the hub's own computer lacks, mends itself one
    day for all, and nobody here is to be alarmed document by document."""
    return REFUSALS[refusal.reason].is_final and refusal.who is not Who.OPERATOR


def _say_no(this: Round, delivery: Delivery) -> None:
    this.store.save_deliveries([delivery])
    named = Named(
        delivery.sha256, Way.OUT, delivery.reason, delivery.who, delivery.next, delivery.detail, delivery.next_at
    )
    with this.guard:
        this.refused.append(named)
