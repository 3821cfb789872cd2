"""One connection to the hub: who is believed at its other end, and what goes over it as a file and as an answer."""

from __future__ import annotations

import http.client
import socket
import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO
from urllib.parse import urlsplit

from safetyapp.domain.problem import Problem
from safetyapp.sync.port import Told

CONNECT_SECONDS = 10.0
PIECE = 64 * 1024
"""Bytes on the way at once, and between two reports of progress."""
LARGEST_ANSWER = 16 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Body:
    """A file from an offset to its end; from there again each time it is asked for."""

    file: IO[bytes]
    offset: int
    told: Told

    def pieces(self) -> Iterator[bytes]:
        self.file.seek(self.offset)
        done = self.offset
        while True:
            with our_disk(Path(self.file.name)):
                piece = self.file.read(PIECE)
            if not piece:
                return
            yield piece
            done += len(piece)
            self.told(done)


def whole(response: http.client.HTTPResponse) -> Answer:
    body = response.read(LARGEST_ANSWER + 1)
    expected = response.length
    if len(body) > LARGEST_ANSWER:
        raise http.client.HTTPException("too long an answer")
    if expected:  # it was cut off
        raise http.client.IncompleteRead(body, expected)
    return Answer(response.status, {name.lower(): value for name, value in response.getheaders()}, body)


def make_context(authority: str, hub: str) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # asks for a certificate and checks the name in it
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    try:
        context.load_verify_locations(cadata=authority)
    except (ssl.SSLError, ValueError) as error:
        raise Problem("hub-untrusted", hub=hub, reason="no-authority") from error
    return context


def connect(address: str, context: ssl.SSLContext, name: str, quiet: float) -> http.client.HTTPConnection:
    host, port = host_and_port(address)
    bare = socket.create_connection((host, port), CONNECT_SECONDS)
    try:
        bare.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        sock = context.wrap_socket(bare, server_hostname=name)
    except BaseException:
        bare.close()
        raise
    sock.settimeout(quiet)
    connection = http.client.HTTPConnection(host, port, timeout=quiet)
    connection.auto_open = 0  # one connection, one handshake: never another in the clear
    connection.sock = sock
    return connection


def host_and_port(address: str) -> tuple[str, int]:
    """Raises OSError for what is no address of a hub."""
    try:
        parts = urlsplit(address)
        if parts.scheme == "https" and parts.hostname:
            return parts.hostname, parts.port or 443
    except ValueError:
        pass
    raise OSError(f"no address of a hub: {address}")


@contextmanager
def our_file(path: Path) -> Iterator[None]:
    """A file of ours that cannot be opened is no trouble of the network."""
    try:
        yield
    except OSError as error:
        raise Problem("unreadable-file", path=str(path), reason=error.strerror or type(error).__name__) from error


@contextmanager
def our_disk(path: Path) -> Iterator[None]:
    """Reading and writing a file of ours between two pieces."""
    try:
        yield
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise Problem("not-written", path=str(path), reason=reason) from error
