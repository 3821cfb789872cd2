"""The verbs about the way to the hub: enrol this workspace, send and fetch once, or whenever it is due."""

from __future__ import annotations

import contextlib
import json
import random
import sys
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING

from safetyapp.domain.canonical import Plain
from safetyapp.domain.problem import Problem
from safetyapp.verbs.call import Answered, Call, told

if TYPE_CHECKING:
    from datetime import datetime

    from safetyapp.connect import Workplace
    from safetyapp.domain.delivery import Delivery
    from safetyapp.domain.document import DocumentRow
    from safetyapp.domain.school import Person
    from safetyapp.sync.folder import FolderDone
    from safetyapp.sync.rounds import Named, RoundDone
    from safetyapp.workflow.ports import Store

LOOK_EVERY = 2.0
"""Seconds between two looks at what is due, while watching."""


def sync(call: Call) -> Answered:
    if call.arguments.watch:
        return _watch(call)
    with _workplace(call) as place:
        if call.arguments.folder is not None:
            return _over_folder(call, place)
        from safetyapp.connect import sync_once

        done = sync_once(place)
        return _answer(call, place.store, done)


def _over_folder(call: Call, place: Workplace) -> Answered:
    from safetyapp.connect import sync_folder

    folder = call.arguments.folder
    done = sync_folder(place, folder, folder.absolute().name)
    _say_trouble(call, done.problem)
    put: list[Plain] = [entry.path for entry in done.put]
    data: Plain = {**_data(call, place.store, done), "put": put, "unfinished": done.unfinished}
    say = call.texts.say
    lines = (
        say("sync.folder", put=len(done.put), there=done.there, received=len(done.received), place=str(folder)),
        *((say("sync.brought", n=len(done.delivered)),) if done.delivered else ()),
        *((say("sync.unfinished", n=done.unfinished),) if done.unfinished else ()),
        *(_refused_line(call, one) for one in done.refused),
    )
    return Answered(data, lines, _exit(done))


def _answer(call: Call, store: Store, done: RoundDone) -> Answered:
    _say_trouble(call, done.problem)
    waiting = store.deliveries()
    say = call.texts.say
    lines = [say("sync.done", sent=len(done.delivered), received=len(done.received), waiting=len(waiting))]
    if done.clock_differs:
        lines.append(say("sync.clock", minutes=round(done.clock_differs.total_seconds() / 60)))
    lines += [_refused_line(call, one) for one in done.refused]
    lines += [_waiting_line(call, store, one) for one in waiting if one.sha256 not in {r.sha256 for r in done.refused}]
    return Answered(_data(call, store, done), tuple(lines), _exit(done))


def _exit(done: RoundDone | FolderDone) -> int:
    if done.problem is not None:
        return 2
    return 1 if done.refused else 0


def _say_trouble(call: Call, problem: Problem | None) -> None:
    if problem is not None:
        print(f"error: {call.texts.explain(told(problem)).line()}", file=sys.stderr)


def _data(call: Call, store: Store, done: RoundDone | FolderDone) -> dict[str, Plain]:
    return {
        "sent": [_document(store, sha256) for sha256 in done.delivered],
        "received": [_row(row) for row in done.received],
        "waiting": [_delivery(store, one) for one in store.deliveries()],
        "refused": [_named(call, store, one) for one in done.refused],
    }


def _document(store: Store, sha256: str) -> dict[str, Plain]:
    row = store.document(sha256)
    return _row(row) if row is not None else {"sha256": sha256}


def _row(row: DocumentRow) -> dict[str, Plain]:
    return {"sha256": row.sha256, "id": row.id, "kind": row.kind.value, "school": row.school, "state": row.state.value}


def _delivery(store: Store, one: Delivery) -> dict[str, Plain]:
    return {
        **_document(store, one.sha256),
        "state": one.state.value,
        "size": one.size,
        "bytes_sent": one.sent,
        "attempts": one.attempts,
        "tried_at": one.tried_at.isoformat() if one.tried_at else None,
        "next_at": one.next_at.isoformat() if one.next_at else None,
        "reason": one.reason,
    }


def _named(call: Call, store: Store, one: Named) -> dict[str, Plain]:
    return {
        **_document(store, one.sha256),
        "way": one.way.value,
        "why": _why(call, one.why, one.detail),
        "code": one.why,
        "who": one.who,
        "next": call.texts.say(f"hub.next.{one.next}") if one.next else "",
        "again_at": one.again_at.isoformat() if one.again_at else None,
    }


def _why(call: Call, code: str, detail: str = "") -> str:
    """The sentence of a refusal, a verdict, or one of ours."""
    for key in (f"hub.reason.{code}", f"sync.why.{code}", f"verdict.{code}"):
        with contextlib.suppress(KeyError):
            return call.texts.say(key)
    return f"{code} {detail}".strip()


def _refused_line(call: Call, one: Named) -> str:
    say = call.texts.say
    parts = [one.sha256[:8], _why(call, one.why, one.detail)]
    parts += [say(f"hub.who.{one.who}")] if one.who else []
    parts += [say(f"hub.next.{one.next}")] if one.next else []
    return "\t".join(parts)


def _waiting_line(call: Call, store: Store, one: Delivery) -> str:
    row = store.document(one.sha256)
    name = f"{row.school}\t{row.title}" if row is not None else one.sha256
    return f"{one.sha256[:8]}\t{name}\t{call.texts.say(f'sync.state.{one.state.value}')}"


def _watch(call: Call) -> Answered:
    """A round whenever one is due, until Ctrl-C. The workspace is open only meanwhile, so others get their turn."""
    from safetyapp.connect import access, sync_once

    known = access(call.settings.workspace)
    way, found_at, spread = "", None, random.random()
    while True:
        new_way, now = _way_out(known.addresses), _now()
        if new_way != way:
            way, found_at = new_way, now if new_way else None
        if _is_due(call, known.hub, now, bool(way), found_at, spread):
            try:
                with _workplace(call) as place:
                    done = sync_once(place, asked=False)
                    answered = _answer(call, place.store, done)
            except Problem as problem:
                if problem.code != "workspace-open":  # a window works there: it sends by itself, or soon lets go
                    raise
            else:
                lines = [json.dumps(answered.data, ensure_ascii=False)] if call.arguments.json else answered.lines
                print(*lines, sep="\n", flush=True)
        time.sleep(LOOK_EVERY)


def _is_due(call: Call, hub: str, now: datetime, has_way: bool, found_at: datetime | None, spread: float) -> bool:
    from safetyapp.sync.due import Line, next_round
    from safetyapp.sync.overview import signs_of

    with call.workspace(write=False) as tools:
        line = Line.GOOD if has_way else Line.NONE
        due = next_round(signs_of(tools.store, hub, line=line, connected_at=found_at), now, spread)
    return due is not None and due <= now


def _way_out(addresses: tuple[str, ...]) -> str:
    from safetyapp.sync.reach import way_out

    return way_out(addresses)


def _now() -> datetime:
    from safetyapp.app import SystemClock

    return SystemClock().now()


def request(call: Call) -> Answered:
    from safetyapp.connect import request_enrolment

    given = call.arguments
    with _workplace(call) as place:
        offer = request_enrolment(place, given.file, given.to, call.passphrase(), given.device)
    text = call.texts.say("sync.requested", path=str(given.to), name=offer.name)
    data: Plain = {"person": offer.person, "file": str(given.to), "fingerprint": _fingerprint(offer.authority)}
    return Answered(data, (text,))


def accept(call: Call) -> Answered:
    from safetyapp.connect import accept_enrolment, access, needs_passphrase

    given = call.arguments
    passphrase = call.passphrase() if needs_passphrase(given.file) else ""
    with _workplace(call) as place:
        person: Person = accept_enrolment(place, given.file, passphrase, given.device)
        known = access(place.workspace)
    fingerprint = _fingerprint(known.authority)
    role = call.texts.say(f"hub.role.{person.role.value}")
    lines = (
        call.texts.say("sync.enrolled", name=person.name, role=role, hub=known.addresses[0]),
        call.texts.say("sync.fingerprint", fingerprint=fingerprint),
    )
    data: Plain = {"person": person.id, "file": str(given.file), "fingerprint": fingerprint, "hub": known.hub}
    return Answered(data, lines)


def _fingerprint(pem: str) -> str:
    from safetyapp.documents.authority import fingerprint_of

    return fingerprint_of(pem.encode())


@contextlib.contextmanager
def _workplace(call: Call) -> Iterator[Workplace]:
    """The workspace, open for writing; one that is not there yet is made for an enrolment only."""
    from safetyapp.connect import Workplace

    if call.arguments.verb == "enrol accept" or call.arguments.verb == "enrol request":
        call.settings.workspace.mkdir(parents=True, exist_ok=True)
        from safetyapp.app import build_tools

        tools = build_tools(call.settings.workspace, call.settings.language, wait=10.0)
        try:
            yield Workplace(call.settings.workspace, tools.store, tools.signer, tools.clock)
        finally:
            tools.store.close()
        return
    with call.workspace() as tools:
        yield Workplace(call.settings.workspace, tools.store, tools.signer, tools.clock)
