"""A request's body into a part file, piece by piece: nothing is held in memory but one piece, nobody may dawdle for
ever, and what has come stays when the line breaks."""

from __future__ import annotations

import asyncio
import errno
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, TypeVar

from starlette.requests import ClientDisconnect, Request
from starlette.types import Message

from safetyapp.hub.parts import Parts
from safetyapp.hub.receive import Refused
from safetyapp.protocol_refusal import Reason

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Pace:
    """How patient the hub is. `header` seconds for a request's first lines, `idle` between two pieces of a body or of
    an answer; a body that comes more slowly than `slowest` bytes a second (after `grace` seconds) is cut off, and may
    be resumed."""

    header: float = 15.0
    idle: float = 30.0
    grace: float = 60.0
    slowest: float = 256.0


PIECE = 512 * 1024
"""Bytes of one upload that are held in memory."""
NO_SPACE = frozenset({errno.ENOSPC, errno.EDQUOT} if hasattr(errno, "EDQUOT") else {errno.ENOSPC})
SPARE = 200 * 1024 * 1024
"""Bytes of the disk that uploads leave free: the database must go on."""


async def in_thread(run: Callable[[], T]) -> T:
    """Whatever waits for a disk, a database or a signature waits beside the loop."""
    return await asyncio.get_running_loop().run_in_executor(None, run)


async def take_body(request: Request, path: Path, offset: int, most: int, pace: Pace) -> int:
    """Writes the body into the file from an offset on and gives the file's size then. Raises Refused too-large when it
    would grow beyond `most`, busy when it comes too slowly, no-room; ClientDisconnect when the line breaks."""
    with await in_thread(lambda: _open_at(path, offset)) as file:
        try:
            return await _take(request, file, offset, most, pace)
        except OSError as error:
            if error.errno in NO_SPACE:
                raise Refused(Reason.NO_ROOM, retry_after=600) from error
            raise


async def _take(request: Request, file: BinaryIO, offset: int, most: int, pace: Pace) -> int:
    size, began = offset, time.monotonic()
    waiting = bytearray()
    try:
        while True:
            message = await _next(request, pace)
            if message["type"] == "http.disconnect":
                raise ClientDisconnect
            waiting += message.get("body", b"")
            if size + len(waiting) > most:
                waiting.clear()
                raise Refused(Reason.TOO_LARGE)
            if len(waiting) >= PIECE or not message.get("more_body", False):
                size += await _write(file, waiting)
            if not message.get("more_body", False):
                return size
            took = time.monotonic() - began
            if took > pace.grace and (size + len(waiting) - offset) / took < pace.slowest:
                raise Refused(Reason.BUSY, "too-slow", retry_after=60)
    finally:
        if waiting:
            await asyncio.shield(_write(file, waiting))  # what has come need not come again


async def _next(request: Request, pace: Pace) -> Message:
    try:
        async with asyncio.timeout(pace.idle):
            return await request.receive()
    except TimeoutError:
        raise Refused(Reason.BUSY, "too-slow", retry_after=60) from None


async def _write(file: BinaryIO, waiting: bytearray) -> int:
    piece = bytes(waiting)
    waiting.clear()
    await in_thread(lambda: _write_through(file, piece))
    return len(piece)


def _write_through(file: BinaryIO, piece: bytes) -> None:
    file.write(piece)
    file.flush()


def _open_at(path: Path, offset: int) -> BinaryIO:
    file = path.open("r+b" if path.exists() else "w+b")
    file.truncate(offset)
    file.seek(offset)
    return file


async def take_small(request: Request, most: int, pace: Pace) -> bytes:
    """A body that is read whole, because it may be only so long. Raises Refused too-large, busy."""
    body, began = bytearray(), time.monotonic()
    while True:
        message = await _next(request, pace)
        if time.monotonic() - began > pace.grace:
            raise Refused(Reason.BUSY, "too-slow", retry_after=60)
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        body += message.get("body", b"")
        if len(body) > most:
            raise Refused(Reason.TOO_LARGE)
        if not message.get("more_body", False):
            return bytes(body)


def check_room(parts: Parts, wanted: int) -> None:
    """Raises Refused no-room."""
    if parts.free() < wanted + SPARE:
        raise Refused(Reason.NO_ROOM, retry_after=600)


def announced(request: Request) -> int | None:
    """The length that the request says its body has. Raises Refused bad-request."""
    said = request.headers.get("content-length")
    return None if said is None else whole_number(said)


def whole_number(text: str | None) -> int:
    """Raises Refused bad-request for what is no number from 0 on."""
    if text is None or not text.isascii() or not text.isdigit() or len(text) > 18:
        raise Refused(Reason.BAD_REQUEST, "number")
    return int(text)
