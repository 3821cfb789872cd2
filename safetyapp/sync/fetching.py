"""The way in of a round: what others sent, from the hub into the workspace, through the judge that every import passes.

The cursor moves only behind what is here or named as not taken in: a round that was cut off asks again, and what came
already is known by its address.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from safetyapp.domain.delivery import NotTaken
from safetyapp.domain.problem import Problem
from safetyapp.protocol import Entry, Listing
from safetyapp.protocol_refusal import Reason
from safetyapp.sync.due import look_again, may_go
from safetyapp.sync.port import HubRefused
from safetyapp.sync.rounds import STANDSTILLS, Named, Round, Way, ends_round, is_broken_line, side_by_side
from safetyapp.workflow.exchange import import_documents

log = logging.getLogger(__name__)

PAGE = 100


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A document to be fetched; `size` is 0 where it is not known, `tries` how often it did not come in."""

    sha256: str
    document: str
    size: int
    tries: int = 0


def fetch_new(this: Round) -> None:
    """Takes in what is new. Raises what ends the round."""
    _clear(this)
    line = this.store.hub_line(this.hub_id)
    # a hub that was put back to an older copy gives the same places to other documents: now and then all is listed
    at, scope, behind = 0 if this.is_checking else line.cursor, line.scope, True
    known = {one.sha256: one for one in this.store.not_taken()}
    while True:
        this.check()
        listing, at = _page(this, at, scope)
        if listing.more and listing.next <= at:
            raise Problem("hub-unreachable", hub=this.hub_id, reason="not-the-hub")
        if scope and listing.scope != scope and at:
            at, scope, behind = 0, listing.scope, True  # what one may read has changed
            continue
        scope = listing.scope
        new = [one for one in listing.entries if this.store.document(one.sha256) is None and one.sha256 not in known]
        late = [one for one in new if not _may_come(this, one)]
        this.held_back += [one.sha256 for one in late]
        _take_in(this, [_Wanted(one.sha256, one.document, one.size) for one in new if one not in late])
        if behind:  # up to the first that is left for a better line
            behind = not late
            end = min(one.cursor for one in late) - 1 if late else listing.next
            line = replace(this.store.hub_line(this.hub_id), cursor=end, scope=scope)
            this.store.save_hub_line(line)
        at = listing.next
        if not listing.more:
            break
    now = this.clock.now()
    again = [one for one in known.values() if one.next_at is not None and (this.is_asked or one.next_at <= now)]
    _take_in(this, [_Wanted(one.sha256, one.document, 0, one.tries) for one in again])


def _page(this: Round, at: int, scope: str) -> tuple[Listing, int]:
    """A page, and behind which cursor it lies."""
    limit = min(PAGE, this.hello.limits.page) if this.hello else PAGE
    try:
        return this.hub.after(at, limit), at
    except HubRefused as refused:
        if refused.refusal.reason is not Reason.CURSOR_UNKNOWN or not at:
            raise
        log.warning("hub %s does not know cursor %s of %s", this.hub_id, at, scope)
        return this.hub.after(0, limit), 0


def _may_come(this: Round, entry: Entry) -> bool:
    return may_go(entry.size, entry.received_at, this.line, this.clock.now(), this.is_asked)


def _take_in(this: Round, wanted: Sequence[_Wanted]) -> None:
    """Fetches these, small first, and hands them to the judge; what is refused is named and stops nothing."""
    if not wanted:
        return
    this.incoming.mkdir(parents=True, exist_ok=True)
    by_path = {_path(this, one.sha256): one for one in sorted(wanted, key=lambda one: (one.size, one.sha256))}
    works = side_by_side(this, "fetch", [partial(_fetch, this, one, path) for path, one in by_path.items()])
    here = [path for path, work in zip(by_path, works, strict=True) if work.exception() is None and work.result()]
    try:
        _judge(this, here, by_path)
    finally:
        for path in here:
            with suppress(OSError):
                path.unlink(missing_ok=True)
    if this.ended_by is not None:
        raise this.ended_by


def _judge(this: Round, here: Sequence[Path], by_path: dict[Path, _Wanted]) -> None:
    """The same judge as for a file on a stick. What came before the line broke is kept."""
    # files come in by groups, for a person who stops the round waits for no more than one
    for first in range(0, len(here), 8):
        done = import_documents(this.store, this.signer, here[first : first + 8])
        with this.guard:
            this.received.extend(done.new)
        for refused in done.refused:
            _not_taken(this, by_path[refused.path], refused.why)
        for path in done.known:
            if this.store.document(by_path[path].sha256) is None:  # the same record is here in other bytes
                _not_taken(this, by_path[path], "same-record", for_ever=True)


def _fetch(this: Round, wanted: _Wanted, path: Path) -> bool:
    """Whether the document is in the file. Goes on where a line broke, as long as that moves."""
    part = path.with_suffix(".part")
    best, standstills = _size(part), 0
    tell = this.told(wanted.sha256, Way.IN, wanted.size)
    while True:
        this.check()
        try:
            this.hub.fetch(wanted.sha256, part, tell)
            break
        except HubRefused as refused:
            if ends_round(refused.refusal):
                raise
            _not_taken(this, wanted, refused.refusal.reason.value, refused)
            return False
        except Problem as problem:
            size = _size(part)
            standstills = 0 if size > best else standstills + 1
            best = max(best, size)
            if not is_broken_line(problem) or standstills > STANDSTILLS:
                raise
    with part.open("rb") as file:
        is_whole = hashlib.file_digest(file, "sha256").hexdigest() == wanted.sha256
    if not is_whole:
        part.unlink()
        _not_taken(this, wanted, Reason.WRONG_HASH.value)
        return False
    part.replace(path)
    return True


def _not_taken(
    this: Round, wanted: _Wanted, why: str, refused: HubRefused | None = None, for_ever: bool = False
) -> None:
    now = this.clock.now()
    again = None if for_ever else look_again(wanted.tries + 1, now)
    this.store.save_not_taken([NotTaken(wanted.sha256, wanted.document, why, now, wanted.tries + 1, again)])
    if for_ever:
        return
    said = refused.refusal if refused else None
    named = Named(
        wanted.sha256, Way.IN, why, said.who.value if said else "office", said.next.value if said else "look-at-file",
        said.detail if said else "", again,
    )  # fmt: skip
    with this.guard:
        this.refused.append(named)


def _path(this: Round, sha256: str) -> Path:
    return this.incoming / f"{sha256}.pdf"


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _clear(this: Round) -> None:
    """Whole files that a round left behind when it was killed between fetching and taking in: they come again. Parts
    stay, their bytes need not come again, unless the document did by another way."""
    for path in this.incoming.glob("*.p*"):
        if path.suffix == ".pdf" or this.store.document(path.stem) is not None:
            with suppress(OSError):
                path.unlink()
