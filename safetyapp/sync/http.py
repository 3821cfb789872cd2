"""The hub over HTTPS: one way out, which believes the district's authority and nobody else.

The standard library's client does what is needed (streams, any method, own TLS) and costs a quarter of the time that
httpx or urllib3 take to import; what it does not do, for a laptop that talks to one hub, is not needed. The address
may change with every network: what is checked is the name in the hub's certificate, wherever it is reached.
"""

from __future__ import annotations

import http.client
import socket
import ssl
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, NoReturn, TypeVar

from safetyapp.domain.problem import Problem
from safetyapp.protocol import (
    COMPLETE,
    DOCUMENT_TYPE,
    JSON_TYPE,
    LENGTH,
    OFFSET,
    Enrolled,
    EnrolRequest,
    Have,
    Hello,
    Listing,
    Missing,
    SignedReceipt,
    host_name,
    read,
    write,
)
from safetyapp.protocol_refusal import Reason, Refusal
from safetyapp.sync.port import Held, HubRefused, Told
from safetyapp.sync.wire import PIECE, Answer, Body, connect, make_context, our_disk, our_file, whole

QUIET_SECONDS, ANSWER_SECONDS = 30.0, 120.0
"""How long is waited for the next bytes, and for the answer to a document, which the hub first verifies and writes to
its disk."""
IDLE_SECONDS = 3.0
"""Servers hang up after five seconds of silence."""
LARGEST_DOCUMENT = 200 * 1024 * 1024
_HAVE_AT_ONCE = 500
_CLOCK_CODES = (9, 10)
"""OpenSSL's words for a certificate that does not hold yet, or no longer."""

T = TypeVar("T")


class HttpHub:
    """A hub at one of some addresses (`https://host:port`), as sync.port.Hub promises."""

    def __init__(
        self, addresses: Sequence[str], hub: str, authority: str, token: str = "", quiet: float = QUIET_SECONDS
    ) -> None:
        """`authority` is the district's certificate (PEM). Raises Problem hub-untrusted where that is none."""
        self._addresses = list(addresses)
        self._hub = hub
        self._token = token
        self._quiet = quiet
        self._context = make_context(authority, hub)
        self._guard = threading.Lock()  # protects the lists and the count
        self._idle: list[tuple[float, http.client.HTTPConnection]] = []
        self._have_at_once = _HAVE_AT_ONCE
        self._is_closed = False

    # as the port says

    def hello(self) -> Hello:
        hello = self._json(Hello, "GET", "/v1/hello")
        self._have_at_once = max(1, min(_HAVE_AT_ONCE, hello.limits.have))
        return hello

    def missing(self, addresses: Sequence[str]) -> tuple[str, ...]:
        found: list[str] = []
        for first in range(0, len(addresses), self._have_at_once):
            asked = Have(tuple(addresses[first : first + self._have_at_once]))
            found += self._json(Missing, "POST", "/v1/have", write(asked)).missing
        return tuple(found)

    def held(self, sha256: str) -> Held:
        answer = self._ask("HEAD", f"/v1/documents/{sha256}")
        if answer.status == 401:
            raise HubRefused.because(Reason.NOT_ENROLLED)
        if answer.status != 204:
            return Held(0)  # a refusal has no words here: the sending brings them
        offset = answer.headers.get(OFFSET.lower(), "0")
        if not offset.isascii() or not offset.isdigit():
            raise self._unreachable("not-the-hub")
        return Held(int(offset), answer.headers.get(COMPLETE.lower()) == "?1")

    def send(self, sha256: str, path: Path, offset: int, told: Told) -> SignedReceipt | None:
        with our_file(path), path.open("rb") as file:
            size = file.seek(0, 2)
            headers = {"Content-Type": DOCUMENT_TYPE, "Content-Length": str(size - offset)}
            if offset:
                headers |= {OFFSET: str(offset), LENGTH: str(size)}
            body = Body(file, offset, told)
            answer = self._ask("PATCH" if offset else "PUT", f"/v1/documents/{sha256}", body, headers)
        return None if answer.status == 204 else self._shape(SignedReceipt, answer)

    def receipt(self, sha256: str) -> SignedReceipt:
        return self._json(SignedReceipt, "GET", f"/v1/documents/{sha256}/receipt")

    def after(self, cursor: int, limit: int) -> Listing:
        return self._json(Listing, "GET", f"/v1/documents?after={cursor}&limit={limit}")

    def fetch(self, sha256: str, into: Path, told: Told) -> None:
        with our_file(into), into.open("ab") as file:
            here = file.tell()
            headers = {"Range": f"bytes={here}-"} if here else {}
            with self._answer("GET", f"/v1/documents/{sha256}", None, headers) as response:
                if response.status == 416:  # nothing lies behind what is here: all of it, or a part of something else
                    response.read(PIECE)
                    if response.headers.get("Content-Range", "").rpartition("/")[2] != str(here):
                        file.truncate(0)
                        raise self._unreachable("broken")
                    return
                if response.status not in (200, 206):
                    self._refused(whole(response))
                if response.status == 200 and here:
                    file.truncate(0)
                    here = 0
                self._receive(response, file, here, told)

    def close(self) -> None:
        with self._guard:
            self._is_closed = True
            idle, self._idle = self._idle, []
        for _, connection in idle:
            connection.close()

    # beside the port

    def enrol(self, request: EnrolRequest) -> Enrolled:
        return self._json(Enrolled, "POST", "/v1/enrol", write(request))

    # how

    def _json(self, shape: type[T], method: str, path: str, body: bytes | None = None) -> T:
        headers = {"Content-Type": JSON_TYPE, "Content-Length": str(len(body))} if body is not None else {}
        return self._shape(shape, self._ask(method, path, body, headers))

    def _shape(self, shape: type[T], answer: Answer) -> T:
        if not 200 <= answer.status < 300:
            self._refused(answer)
        try:
            return read(shape, answer.body)
        except ValueError as error:
            raise self._unreachable("not-the-hub") from error

    def _refused(self, answer: Answer) -> NoReturn:
        """Says no as the hub did; a proxy between, or a hub of another time, has words that are not known."""
        try:
            refusal = read(Refusal, answer.body)
        except ValueError as error:
            raise self._unreachable("not-the-hub") from error
        raise HubRefused(refusal)

    def _receive(self, response: http.client.HTTPResponse, file: IO[bytes], here: int, told: Told) -> None:
        if response.length is None or here + response.length > LARGEST_DOCUMENT:
            raise HubRefused.because(Reason.TOO_LARGE)
        end = here + response.length
        while here < end:
            piece = response.read1(PIECE)
            if not piece:
                raise self._unreachable("broken")
            with our_disk(Path(file.name)):
                file.write(piece)
            here += len(piece)
            told(here)
        with our_disk(Path(file.name)):
            file.flush()

    def _ask(
        self, method: str, path: str, body: bytes | Body | None = None, headers: Mapping[str, str] | None = None
    ) -> Answer:
        with self._answer(method, path, body, headers or {}) as response:
            return whole(response)

    @contextmanager
    def _answer(
        self, method: str, path: str, body: bytes | Body | None, headers: Mapping[str, str]
    ) -> Iterator[http.client.HTTPResponse]:
        """The answer to one request; its connection serves the next one when it was read to its end."""
        with self._plainly():
            connection, response = self._heard(method, path, body, headers)
            try:
                yield response
            except BaseException:
                connection.close()
                raise
            self._give_back(connection, response)

    def _heard(
        self, method: str, path: str, body: bytes | Body | None, headers: Mapping[str, str]
    ) -> tuple[http.client.HTTPConnection, http.client.HTTPResponse]:
        """A connection that lay idle may have been closed meanwhile: then the same question is asked once more on a new
        one. A document is not: whoever sends it asks first what arrived."""
        idle = self._take_idle()
        if idle is not None:
            try:
                return idle, self._exchange(idle, method, path, body, headers)
            except (ConnectionError, ssl.SSLError):
                idle.close()
                if isinstance(body, Body):
                    raise
            except BaseException:
                idle.close()
                raise
        fresh = self._connect()
        try:
            return fresh, self._exchange(fresh, method, path, body, headers)
        except BaseException:
            fresh.close()
            raise

    def _exchange(
        self,
        connection: http.client.HTTPConnection,
        method: str,
        path: str,
        body: bytes | Body | None,
        headers: Mapping[str, str],
    ) -> http.client.HTTPResponse:
        connection.putrequest(method, path, skip_accept_encoding=True)
        if self._token:
            connection.putheader("Authorization", f"Bearer {self._token}")
        for name, value in headers.items():
            connection.putheader(name, value)
        connection.endheaders(body if isinstance(body, bytes) else None)
        if isinstance(body, Body):
            try:
                for piece in body.pieces():
                    connection.send(piece)
            except OSError as error:
                if isinstance(error, TimeoutError):
                    raise
                # the hub may have said no and hung up before it had all: what it said is worth more
                with suppress(OSError, http.client.HTTPException):
                    return connection.getresponse()
                raise
            connection.sock.settimeout(ANSWER_SECONDS)
        response = connection.getresponse()
        if connection.sock is not None:
            connection.sock.settimeout(self._quiet)
        return response

    def _connect(self) -> http.client.HTTPConnection:
        """To the first address that answers; it is asked first from then on."""
        trouble: BaseException = self._unreachable("no-address")
        for address in list(self._addresses):
            try:
                connection = connect(address, self._context, host_name(self._hub), self._quiet)
            except ssl.SSLCertVerificationError:
                raise
            except OSError as error:
                trouble = error
                continue
            with self._guard:
                if address in self._addresses:
                    self._addresses.remove(address)
                    self._addresses.insert(0, address)
            return connection
        raise trouble

    def _take_idle(self) -> http.client.HTTPConnection | None:
        with self._guard:
            while self._idle:
                since, connection = self._idle.pop()
                if time.monotonic() - since < IDLE_SECONDS:
                    return connection
                connection.close()
        return None

    def _give_back(self, connection: http.client.HTTPConnection, response: http.client.HTTPResponse) -> None:
        with self._guard:
            if response.isclosed() and connection.sock is not None and not self._is_closed:
                self._idle.append((time.monotonic(), connection))
                return
        connection.close()

    def _unreachable(self, reason: str) -> Problem:
        return Problem("hub-unreachable", hub=self._hub, reason=reason)

    @contextmanager
    def _plainly(self) -> Iterator[None]:
        """What the network throws becomes a Problem here, once."""
        try:
            yield
        except ssl.SSLCertVerificationError as error:
            reason = "clock" if error.verify_code in _CLOCK_CODES else "not-of-this-district"
            raise Problem("hub-untrusted", hub=self._hub, reason=reason) from error
        except TimeoutError as error:
            raise self._unreachable("timeout") from error
        except socket.gaierror as error:
            raise self._unreachable("unknown-host") from error
        except ConnectionRefusedError as error:
            raise self._unreachable("no-answer") from error
        except (ConnectionError, ssl.SSLError, http.client.HTTPException) as error:
            raise self._unreachable("broken") from error
        except OSError as error:  # no route, no network at all
            raise self._unreachable("no-network") from error
