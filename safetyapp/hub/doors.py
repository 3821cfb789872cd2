"""The hub's doors: one function for each request of protocol.py. They ask who is there, and hand on."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from sqlalchemy import Engine, func, or_, select
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from safetyapp.domain.document import DocumentId, DocumentKind
from safetyapp.domain.school import PersonId, Role, SchoolId
from safetyapp.hub import people
from safetyapp.hub.audit import Happened, note
from safetyapp.hub.blobs import Blobs
from safetyapp.hub.enrol import Desk
from safetyapp.hub.identity import Identity
from safetyapp.hub.parts import InUse, Parts
from safetyapp.hub.people import Caller
from safetyapp.hub.receive import Reception, Refused
from safetyapp.hub.rights import Facts, Known, may_read, scope_of
from safetyapp.hub.tables import changing, documents, reading
from safetyapp.hub.uploads import Pace, announced, check_room, in_thread, take_body, take_small, whole_number
from safetyapp.protocol import (
    COMPLETE,
    DOCUMENT_TYPE,
    JSON_TYPE,
    LENGTH,
    OFFSET,
    PROTOCOL,
    Asking,
    EnrolRequest,
    Entry,
    Have,
    Hello,
    Limits,
    Listing,
    Missing,
    SignedReceipt,
    is_address,
    read,
    write,
)
from safetyapp.protocol_refusal import Reason

T = TypeVar("T")
_SMALL = 256 * 1024
"""Bytes of a JSON request."""
_AFTER_BAD = {Reason.BUSY, Reason.NO_ROOM, Reason.TROUBLE}
"""What is wrong with the hub, not with the upload: its part stays."""


@dataclass(frozen=True, slots=True)
class Hub:
    """All that the doors need; made once."""

    engine: Engine
    blobs: Blobs
    parts: Parts
    identity: Identity
    reception: Reception
    desk: Desk
    now: Callable[[], datetime]
    program: str
    limits: Limits
    pace: Pace
    looking: asyncio.Semaphore
    """How many documents are in memory at once, to be verified."""


async def hello(request: Request) -> Response:
    hub = _hub(request)
    caller = await caller_of(request) if "authorization" in request.headers else None
    you = None
    if caller is not None:
        who = caller.known
        you = Asking(
            person=who.person,
            name=who.name,
            role=who.role,
            schools=tuple(sorted(who.schools)),
            device=caller.device,
            scope=scope_of(who),
        )
    said = Hello(
        hub=hub.identity.hub,
        oldest=PROTOCOL,
        newest=PROTOCOL,
        now=hub.now(),
        limits=hub.limits,
        program=hub.program,
        you=you,
    )
    return _json(said)


async def have(request: Request) -> Response:
    hub, caller = _hub(request), await caller_of(request)
    asked = _shape(Have, await take_small(request, _SMALL, hub.pace)).addresses
    if len(asked) > hub.limits.have or not all(is_address(address) for address in asked):
        raise Refused(Reason.BAD_REQUEST, "addresses")
    return _json(await in_thread(lambda: Missing(_missing(hub, caller.known, asked))))


def _missing(hub: Hub, who: Known, asked: tuple[str, ...]) -> tuple[str, ...]:
    with reading(hub.engine) as connection:
        rows = connection.execute(
            select(documents.c.sha256, documents.c.kind, documents.c.school, documents.c.made_by).where(
                documents.c.sha256.in_(asked)
            )
        ).all()
    here = {row.sha256 for row in rows if may_read(who, Facts(row.kind, row.school, row.made_by))}
    return tuple(address for address in asked if address not in here)


async def listing(request: Request) -> Response:
    hub, caller = _hub(request), await caller_of(request)
    after = whole_number(request.query_params.get("after", "0"))
    limit = min(whole_number(request.query_params.get("limit", str(hub.limits.page))), hub.limits.page)
    if limit < 1:
        raise Refused(Reason.BAD_REQUEST, "number")
    return _json(await in_thread(lambda: _after(hub, caller.known, after, limit)))


def _after(hub: Hub, who: Known, after: int, limit: int) -> Listing:
    with reading(hub.engine) as connection:
        # first the end, then what lies before it: what is committed between the two is for the next time
        highest = connection.execute(select(func.max(documents.c.cursor))).scalar() or 0
        if after > highest:
            raise Refused(Reason.CURSOR_UNKNOWN)
        wanted = select(documents).where(documents.c.cursor > after, documents.c.cursor <= highest)
        if who.role is not Role.OFFICE:
            theirs = documents.c.school.in_(sorted(who.schools))
            wanted = wanted.where(
                or_(theirs, documents.c.made_by == who.person) if who.role is Role.INSPECTOR else theirs
            )
        rows = connection.execute(wanted.order_by(documents.c.cursor).limit(limit + 1)).all()
    entries = tuple(
        Entry(
            sha256=row.sha256,
            document=DocumentId(row.document),
            kind=DocumentKind(row.kind),
            size=row.size,
            school=SchoolId(row.school),
            made_by=PersonId(row.made_by),
            received_at=datetime.fromisoformat(row.received_at),
            cursor=row.cursor,
        )
        for row in rows[:limit]
    )
    more = len(rows) > limit
    return Listing(entries=entries, next=entries[-1].cursor if more else highest, more=more, scope=scope_of(who))


async def put_document(request: Request) -> Response:
    """The whole of it; what a former try left is written over."""
    hub, caller, sha256 = _hub(request), await caller_of(request), _address(request)
    length = announced(request)
    return await _upload(hub, caller, sha256, request, 0, length)


async def patch_document(request: Request) -> Response:
    """Goes on where a former try was cut."""
    hub, caller, sha256 = _hub(request), await caller_of(request), _address(request)
    offset, length = whole_number(request.headers.get(OFFSET)), whole_number(request.headers.get(LENGTH))
    known = await in_thread(lambda: hub.reception.known(caller, sha256))
    if known is not None:
        return _json(known)
    if offset > length:
        raise Refused(Reason.BAD_REQUEST, "offset")
    return await _upload(hub, caller, sha256, request, offset, length, resumes=True)


async def _upload(
    hub: Hub, caller: Caller, sha256: str, request: Request, offset: int, length: int | None, resumes: bool = False
) -> Response:
    if length is not None and length > hub.limits.document:
        raise Refused(Reason.TOO_LARGE)
    await in_thread(hub.parts.sweep_sometimes)
    check_room(hub.parts, (length or 0) - offset)
    try:
        with hub.parts.opened(caller.device, sha256) as path:
            kept = hub.parts.offset(caller.device, sha256)
            if resumes and kept != offset:
                raise Refused(Reason.OFFSET_DIFFERS, offset=kept)
            hub.parts.make_way(caller.device, sha256)
            try:
                most = hub.limits.document if length is None else length
                size = await take_body(request, path, offset, most, hub.pace)
                if length is not None and size < length:
                    return Response(status_code=204, headers={OFFSET: str(size)})
                async with hub.looking:
                    signed, is_new = await in_thread(lambda: _receive(hub, caller, sha256, path))
            except Refused as refused:
                if refused.reason not in _AFTER_BAD:
                    path.unlink(missing_ok=True)
                    why = refused
                    await in_thread(lambda: hub.reception.note_refused(caller, sha256, why))
                raise
            path.unlink(missing_ok=True)
    except InUse:
        raise Refused(Reason.BUSY, "in-use", retry_after=2) from None
    return _json(signed, 201 if is_new else 200)


def _receive(hub: Hub, caller: Caller, sha256: str, path: Path) -> tuple[SignedReceipt, bool]:
    """What goes wrong on a disk without room is that, whoever found out: file, store or database."""
    try:
        return hub.reception.receive(caller, sha256, path)
    except Refused:
        raise
    except Exception:
        check_room(hub.parts, 0)
        raise


async def head_document(request: Request) -> Response:
    hub, caller, sha256 = _hub(request), await caller_of(request), _address(request)
    known = await in_thread(lambda: hub.reception.known(caller, sha256))
    if known is not None:
        size = await in_thread(lambda: hub.blobs.size(sha256))
        if size is not None:
            return Response(status_code=204, headers={OFFSET: str(size), COMPLETE: "?1"})
    offset = hub.parts.offset(caller.device, sha256)
    return Response(status_code=204, headers={OFFSET: str(offset), COMPLETE: "?0"})


async def get_document(request: Request) -> Response:
    hub, caller, sha256 = _hub(request), await caller_of(request), _address(request)
    await _readable(hub, caller, sha256)
    size = await in_thread(lambda: hub.blobs.size(sha256))
    if size is None:
        raise Refused(Reason.TROUBLE, "file-missing")
    offset = _begins_at(request)
    if offset >= size:
        return Response(status_code=416, headers={"content-range": f"bytes */{size}"})
    await in_thread(lambda: _note_handed_out(hub, caller, sha256))
    headers = {"content-length": str(size - offset), "accept-ranges": "bytes"}
    if offset:
        headers["content-range"] = f"bytes {offset}-{size - 1}/{size}"
    status = 206 if offset else 200
    return StreamingResponse(_pieces(hub, sha256, offset), status, headers, DOCUMENT_TYPE)


def _begins_at(request: Request) -> int:
    """From `Range: bytes=N-`; another range is not kept to, which is allowed."""
    unit, _, first = request.headers.get("range", "").partition("=")
    number = first.removesuffix("-")
    is_rest = unit.strip() == "bytes" and first.endswith("-") and number.isascii() and number.isdigit()
    return int(number) if is_rest and len(number) <= 18 else 0


async def _pieces(hub: Hub, sha256: str, offset: int) -> AsyncIterator[bytes]:
    pieces = hub.blobs.pieces(sha256, offset)
    while (piece := await in_thread(lambda: next(pieces, b""))) != b"":
        yield piece


def _note_handed_out(hub: Hub, caller: Caller, sha256: str) -> None:
    with changing(hub.engine) as connection:
        note(connection, hub.now(), Happened.HANDED_OUT, sha256, caller.known.person, caller.device)


async def get_receipt(request: Request) -> Response:
    hub, caller, sha256 = _hub(request), await caller_of(request), _address(request)
    return _json(await _readable(hub, caller, sha256))


async def _readable(hub: Hub, caller: Caller, sha256: str) -> SignedReceipt:
    """The receipt of a document. Raises Refused not-found: also for what is here and not for the caller, who is not
    told so."""
    known = await in_thread(lambda: hub.reception.known(caller, sha256))
    if known is None:
        raise Refused(Reason.NOT_FOUND)
    return known


async def enrol(request: Request) -> Response:
    hub = _hub(request)
    asked = _shape(EnrolRequest, await take_small(request, _SMALL, hub.pace))
    try:
        return _json(await in_thread(lambda: hub.desk.enrol(asked)), 201)
    except Refused as refused:
        why = refused
        await in_thread(lambda: hub.desk.note_refused(asked, why))
        raise


async def health(request: Request) -> Response:
    hub = _hub(request)

    def look() -> int:
        with reading(hub.engine) as connection:
            connection.execute(select(func.max(documents.c.cursor)))
        return hub.parts.free()

    return _json({"ok": await in_thread(look) > 0})


def _hub(request: Request) -> Hub:
    hub = request.app.state.hub
    assert isinstance(hub, Hub)
    return hub


async def caller_of(request: Request) -> Caller:
    """Raises Refused not-enrolled, which does not say what is wrong with the token."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    hub = _hub(request)

    def look() -> Caller | None:
        with reading(hub.engine) as connection:
            return people.caller_of(connection, token.strip())

    caller = await in_thread(look) if scheme.lower() == "bearer" else None
    if caller is None:
        raise Refused(Reason.NOT_ENROLLED)
    request.state.device = caller.device
    return caller


def _address(request: Request) -> str:
    address = str(request.path_params["sha256"])
    if not is_address(address):
        raise Refused(Reason.BAD_REQUEST, "address")
    return address


def _shape(shape: type[T], data: bytes) -> T:
    try:
        return read(shape, data)
    except ValueError:
        raise Refused(Reason.BAD_REQUEST, "shape") from None


def _json(said: object, status: int = 200) -> Response:
    return Response(write(said), status, media_type=JSON_TYPE)
