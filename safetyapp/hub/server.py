"""The hub as one program: opens what is kept, puts the doors in their walls, and serves until it is told to stop."""

from __future__ import annotations

import asyncio
import functools
import logging
import signal
import socket
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import uvicorn
from sqlalchemy import Engine, func, select
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from uvicorn.protocols.http.h11_impl import H11Protocol

from safetyapp.domain.school import Role
from safetyapp.hub import doors
from safetyapp.hub.blobs import Blobs
from safetyapp.hub.doors import Hub
from safetyapp.hub.enrol import Certify, Desk
from safetyapp.hub.guard import Counts, Guard
from safetyapp.hub.identity import Identity, tls_context
from safetyapp.hub.parts import Parts
from safetyapp.hub.receive import Reception, Refused, Verify
from safetyapp.hub.tables import documents, reading
from safetyapp.hub.uploads import Pace, in_thread
from safetyapp.protocol import Limits
from safetyapp.protocol_refusal import Reason

LIMITS = Limits(document=200 * 1024 * 1024, have=1000, page=500)
"""A document may be as large as a laptop takes one in."""

CONNECTIONS, LOOKING, THREADS = 300, 2, 16


@dataclass(frozen=True, slots=True)
class Settings:
    """How a hub is served. `port` 0: any that is free."""

    host: str = "127.0.0.1"
    port: int = 0
    limits: Limits = LIMITS
    pace: Pace = field(default_factory=Pace)
    connections: int = CONNECTIONS


def open_hub(
    folder: Path,
    engine: Engine,
    identity: Identity,
    verify: Verify,
    certify: Certify | None,
    now: Callable[[], datetime],
    program: str,
    settings: Settings,
) -> Hub:
    """What the doors need, of a hub whose tables are up to date; nobody else serves it meanwhile."""
    blobs, parts = Blobs(folder / "documents"), Parts(folder / "parts")
    blobs.sweep()
    parts.sweep()
    return Hub(
        engine=engine,
        blobs=blobs,
        parts=parts,
        identity=identity,
        reception=Reception(engine, blobs, identity, verify, now),
        desk=Desk(engine, identity, certify, now),
        now=now,
        program=program,
        limits=settings.limits,
        pace=settings.pace,
        looking=asyncio.Semaphore(LOOKING),
    )


async def metrics(request: Request) -> Response:
    """For Prometheus on this computer, or for the office."""
    if request.client is None or request.client.host not in ("127.0.0.1", "::1"):
        caller = await doors.caller_of(request)
        if caller.known.role is not Role.OFFICE:
            raise Refused(Reason.NOT_FOUND)
    hub, counts = request.app.state.hub, request.app.state.counts
    return PlainTextResponse(counts.text(await in_thread(functools.partial(_gauges, hub))))


_ONE = "/v1/documents/{sha256}"
ROUTES = (
    ("GET", "/v1/hello", doors.hello),
    ("POST", "/v1/have", doors.have),
    ("GET", "/v1/documents", doors.listing),
    ("HEAD", _ONE, doors.head_document),  # before GET, which would answer it too
    ("PUT", _ONE, doors.put_document),
    ("PATCH", _ONE, doors.patch_document),
    ("GET", _ONE, doors.get_document),
    ("GET", f"{_ONE}/receipt", doors.get_receipt),
    ("POST", "/v1/enrol", doors.enrol),
    ("GET", "/health", doors.health),
    ("GET", "/metrics", metrics),
)
"""The doors of protocol.py, and two for the operator."""


def make_app(hub: Hub) -> Starlette:
    app = Starlette(routes=[Route(path, door, methods=[method]) for method, path, door in ROUTES])
    app.router.redirect_slashes = False
    app.state.hub, app.state.counts = hub, Counts()
    # around the router itself: Starlette's own layers would answer in words of their own
    app.middleware_stack = Guard(app.router, app.state.counts, hub.pace.idle)
    return app


def _gauges(hub: Hub) -> dict[str, int]:
    with reading(hub.engine) as connection:
        row = connection.execute(
            select(func.count(), func.coalesce(func.sum(documents.c.size), 0)).select_from(documents)
        ).one()
    return {"documents": row[0], "document_bytes": int(row[1]), "disk_free_bytes": hub.parts.free()}


class Patient(H11Protocol):
    """A connection that must say what it wants in good time, and only so many of them; uvicorn itself would wait for
    ever for the first line."""

    header_seconds = 15.0
    most = CONNECTIONS

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn says it
        super().connection_made(transport)
        if len(self.connections) > self.most:
            transport.abort()
            return
        self._await_request()

    def _await_request(self) -> None:
        self.late = self.loop.call_later(self.header_seconds, self._too_late)

    def _too_late(self) -> None:
        if self.cycle is None or self.cycle.response_complete:
            self.transport.abort()

    def data_received(self, data: bytes) -> None:
        before = self.cycle
        super().data_received(data)
        if self.cycle is not before:
            self.late.cancel()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        self.late.cancel()
        if not self.transport.is_closing():
            self._await_request()

    def connection_lost(self, exc: Exception | None) -> None:
        if hasattr(self, "late"):
            self.late.cancel()
        super().connection_lost(exc)


class HubServer(uvicorn.Server):
    """Serves one hub; `listening` is called with the port when connections are accepted."""

    def __init__(self, hub: Hub, settings: Settings, listening: Callable[[int], None]) -> None:
        protocol = type("_Patient", (Patient,), {"header_seconds": settings.pace.header, "most": settings.connections})
        config = uvicorn.Config(
            make_app(hub),
            host=settings.host,
            port=settings.port,
            http=protocol,
            ws="none",
            loop="asyncio",
            lifespan="off",
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,
            timeout_keep_alive=30,
            timeout_graceful_shutdown=30,
            h11_max_incomplete_event_size=16 * 1024,
        )
        super().__init__(config)
        config.load()
        config.ssl = tls_context(hub.identity)
        self._listening, self._handshake = listening, settings.pace.header
        logging.getLogger("uvicorn.error").setLevel(logging.WARNING)

    def serve_until_told(self, sockets: list[socket.socket]) -> None:
        """Until SIGTERM or Ctrl-C, which is raised again when what ran has been finished."""
        # uvicorn hands the signal on to whoever had it before: the default would end the process as if it had crashed
        former = signal.signal(signal.SIGTERM, lambda *_: None)
        try:
            self.run(sockets)
        finally:
            signal.signal(signal.SIGTERM, former)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        loop = asyncio.get_running_loop()
        # a connection that never finishes its TLS greeting would hold its place for a minute
        loop.create_server = functools.partial(  # type: ignore[method-assign]  # uvicorn hands no such word on
            loop.create_server, ssl_handshake_timeout=self._handshake
        )
        loop.set_default_executor(ThreadPoolExecutor(THREADS, "hub"))
        await super().startup(sockets)
        if self.started:
            self._listening(self.servers[0].sockets[0].getsockname()[1])
