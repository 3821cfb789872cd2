"""Around every door: an id for each request, headers that close what is not needed, refusals instead of traces, one
line of log in JSON (ids, codes and numbers; no names, no content), and the counts for Prometheus."""

from __future__ import annotations

import asyncio
import json
import logging
import secrets
import time
import traceback
from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import datetime

from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from safetyapp.hub.receive import Refused
from safetyapp.hub.tables import TablesBusy
from safetyapp.protocol import JSON_TYPE, OFFSET, write
from safetyapp.protocol_refusal import REFUSALS, Reason, refuse

LOG = logging.getLogger("safetyapp.hub")

_SAFE = (
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    (b"referrer-policy", b"no-referrer"),
    (b"strict-transport-security", b"max-age=31536000"),
    (b"cache-control", b"no-store"),
)


_HEARD_OUT = 16 * 1024 * 1024
"""Bytes of a body that is not wanted."""


class Counts:
    """What has happened since the start; on the loop's thread only."""

    def __init__(self) -> None:
        self.requests: Counter[tuple[str, str, int]] = Counter()
        self.refusals: Counter[str] = Counter()
        self.seconds = 0.0
        self.bytes_in = 0
        self.bytes_out = 0
        self.now_open = 0

    def text(self, more: Mapping[str, int]) -> str:
        """In Prometheus' words; `more` are gauges."""
        lines = ["# TYPE safetyapp_hub_requests_total counter"]
        lines += [
            f'safetyapp_hub_requests_total{{method="{method}",door="{door}",status="{status}"}} {count}'
            for (method, door, status), count in sorted(self.requests.items())
        ]
        lines.append("# TYPE safetyapp_hub_refusals_total counter")
        lines += [f'safetyapp_hub_refusals_total{{reason="{r}"}} {n}' for r, n in sorted(self.refusals.items())]
        totals = {"request_seconds": self.seconds, "bytes_in": self.bytes_in, "bytes_out": self.bytes_out}
        for name, value in totals.items():
            lines += [f"# TYPE safetyapp_hub_{name}_total counter", f"safetyapp_hub_{name}_total {value}"]
        for name, value in {"requests_open": self.now_open, **more}.items():
            lines += [f"# TYPE safetyapp_hub_{name} gauge", f"safetyapp_hub_{name} {value}"]
        return "\n".join(lines) + "\n"


class Guard:
    """The outermost layer. `patience` is how many seconds the asker may take for a piece of the answer."""

    def __init__(self, app: ASGIApp, counts: Counts, patience: float) -> None:
        self._app = app
        self._counts = counts
        self._patience = patience

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        await _Turn(self._app, self._counts, self._patience, scope, receive, send).run()


class _Turn:
    """One request."""

    def __init__(
        self, app: ASGIApp, counts: Counts, patience: float, scope: Scope, receive: Receive, send: Send
    ) -> None:
        self.app, self.counts, self.patience = app, counts, patience
        self.scope, self.inner_receive, self.inner_send = scope, receive, send
        self.request = secrets.token_hex(6)
        self.status = 0
        self.reason = ""
        self.bytes_in = self.bytes_out = 0
        self.body_ended = False

    async def run(self) -> None:
        began = time.monotonic()
        self.counts.now_open += 1
        self.scope.setdefault("state", {})
        trouble = ""
        try:
            await self.app(self.scope, self.receive, self.send)
        except ClientDisconnect:
            self.reason = "cut"
        except Refused as refused:
            await self._refuse(refused)
        except HTTPException as error:
            await self._refuse(Refused(Reason.NOT_FOUND if error.status_code == 404 else Reason.BAD_REQUEST, "path"))
        except TablesBusy:
            await self._refuse(Refused(Reason.BUSY, "database", retry_after=5))
        except TimeoutError:
            self.reason = "slow-reader"
            raise
        except Exception as error:
            trouble = _where(error)
            await self._refuse(Refused(Reason.TROUBLE))
        finally:
            self.counts.now_open -= 1
            self._tell(time.monotonic() - began, trouble)

    async def receive(self) -> Message:
        message = await self.inner_receive()
        self.bytes_in += len(message.get("body", b""))
        if message["type"] == "http.request" and not message.get("more_body", False):
            self.body_ended = True
        return message

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            headers = [*message.get("headers", ()), *_SAFE, (b"x-request-id", self.request.encode())]
            if not self.body_ended and self._has_body():
                headers.append((b"connection", b"close"))  # what is still coming is not read any more
            message = {**message, "headers": headers}
        self.bytes_out += len(message.get("body", b""))
        async with asyncio.timeout(self.patience):
            await self.inner_send(message)

    def _has_body(self) -> bool:
        names = {name for name, _ in self.scope["headers"]}
        return b"content-length" in names or b"transfer-encoding" in names

    async def _refuse(self, refused: Refused) -> None:
        self.reason = refused.reason.value
        if self.status:
            return  # the answer has begun; the connection is closed by whoever is below
        await self._hear_out(refused)
        said = replace(
            refuse(refused.reason, refused.detail, refused.retry_after, refused.offset), request=self.request
        )
        headers = {"retry-after": str(refused.retry_after)} if refused.retry_after else {}
        if refused.offset is not None:
            headers[OFFSET] = str(refused.offset)
        if refused.reason is Reason.NOT_ENROLLED:
            headers["www-authenticate"] = "Bearer"
        answer = Response(write(said), REFUSALS[refused.reason].status, headers, JSON_TYPE)
        await answer(self.scope, self.receive, self.send)

    async def _hear_out(self, refused: Refused) -> None:
        """Whoever is still sending may not hear an answer: a document of usual size is listened to and forgotten."""
        headers = dict(self.scope["headers"])
        length = headers.get(b"content-length", b"")
        is_usual = length.isdigit() and len(length) < 10 and int(length) <= _HEARD_OUT
        if not is_usual or b"expect" in headers or refused.detail == "too-slow":
            return
        with suppress(TimeoutError):
            async with asyncio.timeout(self.patience):
                while not self.body_ended:
                    if (await self.receive())["type"] == "http.disconnect":
                        return

    def _tell(self, seconds: float, trouble: str) -> None:
        method = self.scope["method"]
        door = getattr(self.scope.get("endpoint"), "__name__", "-")
        counts = self.counts
        counts.requests[(method if len(method) < 8 else "-", door, self.status)] += 1
        if self.reason:
            counts.refusals[self.reason] += 1
        counts.seconds += seconds
        counts.bytes_in += self.bytes_in
        counts.bytes_out += self.bytes_out
        said = {
            "request": self.request,
            "method": method[:10],
            "door": door,
            "status": self.status,
            "ms": round(seconds * 1000),
            "in": self.bytes_in,
            "out": self.bytes_out,
            "device": self.scope["state"].get("device", ""),
            "reason": self.reason,
        }
        address = self.scope.get("path_params", {}).get("sha256", "")
        said["sha256"] = address if len(address) == 64 and address.isalnum() else ""
        if trouble:
            said["trouble"] = trouble
        LOG.log(logging.ERROR if trouble else logging.INFO, "request", extra={"said": said})


def _where(error: Exception) -> str:
    """The kind of an error and the places it went through; its text might hold somebody's name."""
    steps = traceback.extract_tb(error.__traceback__)[-8:]
    return " < ".join([type(error).__name__, *(f"{s.filename.rpartition('/')[2]}:{s.lineno}" for s in reversed(steps))])


class JsonLines(logging.Formatter):
    """One line of JSON for each event."""

    def format(self, record: logging.LogRecord) -> str:
        at = datetime.fromtimestamp(record.created).astimezone().isoformat(timespec="milliseconds")
        said: dict[str, object] = {"at": at, "level": record.levelname.lower(), "event": record.getMessage()}
        said.update(getattr(record, "said", {}))
        if record.exc_info and isinstance(record.exc_info[1], Exception):
            said["trouble"] = _where(record.exc_info[1])
        return json.dumps(said, ensure_ascii=False)
