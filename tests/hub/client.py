"""A client with nothing clever in it: what it is told goes over the wire, byte for byte."""

from __future__ import annotations

import http.client
import socket
import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TypeVar

from safetyapp.hub.identity import Identity
from safetyapp.protocol import LENGTH, OFFSET, host_name, read
from safetyapp.protocol_refusal import Reason, Refusal

T = TypeVar("T")


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes

    def of(self, shape: type[T]) -> T:
        assert self.status < 300, self.body
        return read(shape, self.body)

    @property
    def reason(self) -> Reason:
        assert self.status >= 400, self.status
        return read(Refusal, self.body).reason


class Client:
    def __init__(self, port: int, identity: Identity, token: str | None) -> None:
        self._set(port, identity.hub, identity.authority_pem.decode(), token)

    @classmethod
    def of_file(cls, port: int, hub: str, authority: str) -> Client:
        """By what an enrolment file says."""
        made = object.__new__(cls)
        made._set(port, hub, authority, None)
        return made

    def _set(self, port: int, hub: str, authority: str, token: str | None) -> None:
        self._port = port
        self._name = host_name(hub)
        self._token = token
        self._context = ssl.create_default_context(cadata=authority)

    def with_token(self, token: str) -> Client:
        other = object.__new__(Client)
        other.__dict__.update(self.__dict__, _token=token)
        return other

    @contextmanager
    def wire(self) -> Iterator[ssl.SSLSocket]:
        """A greeted connection, checked as a laptop checks it."""
        with (
            socket.create_connection(("127.0.0.1", self._port), 10) as plain,
            self._context.wrap_socket(plain, server_hostname=self._name) as secure,
        ):
            yield secure

    def head(self, method: str, path: str, headers: Mapping[str, str]) -> bytes:
        own = {"Host": self._name, **({"Authorization": f"Bearer {self._token}"} if self._token else {}), **headers}
        lines = [f"{method} {path} HTTP/1.1", *(f"{name}: {value}" for name, value in own.items())]
        return ("\r\n".join(lines) + "\r\n\r\n").encode()

    def ask(self, method: str, path: str, body: bytes | None = None, **headers: str) -> Answer:
        own = {name.replace("_", "-"): value for name, value in headers.items()}
        if body is not None:
            own["Content-Length"] = str(len(body))
        with self.wire() as wire:
            wire.sendall(self.head(method, path, own))
            if body:
                wire.sendall(body)
            return hear(wire, method)

    def put(self, sha256: str, data: bytes) -> Answer:
        return self.ask("PUT", f"/v1/documents/{sha256}", data)

    def patch(self, sha256: str, offset: int, length: int, data: bytes) -> Answer:
        return self.ask("PATCH", f"/v1/documents/{sha256}", data, **{OFFSET: str(offset), LENGTH: str(length)})

    def offset(self, sha256: str) -> int:
        return int(self.ask("HEAD", f"/v1/documents/{sha256}").headers[OFFSET])

    def cut(self, method: str, sha256: str, headers: Mapping[str, str], data: bytes, at: int) -> None:
        """Begins to send and breaks off after so many bytes of the body."""
        with self.wire() as wire:
            path = f"/v1/documents/{sha256}"
            wire.sendall(self.head(method, path, {"Content-Length": str(len(data)), **headers}) + data[:at])


def hear(wire: ssl.SSLSocket, method: str = "GET") -> Answer:
    answer = http.client.HTTPResponse(wire, method=method)
    answer.begin()
    with answer:
        body = answer.read()
    return Answer(answer.status, answer.headers, body)
