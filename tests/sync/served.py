"""The real hub on the loopback over HTTPS, in a thread of the test's process, which takes the fake signer's documents;
and a line to it that breaks where it is told to."""

from __future__ import annotations

import asyncio
import logging
import random
import socket
import threading
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from pathlib import Path

from sqlalchemy import Engine

from safetyapp.documents import authority
from safetyapp.domain.revocation import Revocation
from safetyapp.domain.school import Person, PersonId, Role
from safetyapp.domain.verdict import Verdict
from safetyapp.hub import people
from safetyapp.hub.folder import open_identity, open_tables
from safetyapp.hub.identity import Authority, Identity
from safetyapp.hub.server import THREADS, HubServer, Settings, open_hub
from safetyapp.hub.tables import changing
from safetyapp.protocol import Limits, Receipt, SignedReceipt
from safetyapp.protocol_receipt import open_receipt
from safetyapp.sync.http import HttpHub
from tests.fakes import FakeSigner

PASSPHRASE = "口令 口令"
NOW = datetime.now().astimezone()
"""TLS looks at the real clock."""
OFFICER = Person(PersonId("o1"), "王演示", Role.OFFICE)
INSPECTOR = Person(PersonId("p1"), "张示例", Role.INSPECTOR)


@dataclass
class Served:
    """A hub that accepts connections. Its folder stays when it stops."""

    folder: Path
    keys: Path
    engine: Engine
    identity: Identity
    port: int
    tokens: dict[PersonId, str] = field(default_factory=dict)

    @cached_property
    def authority(self) -> str:
        return self.identity.authority_pem.decode()

    def laptop(self, person: Person = INSPECTOR, port: int | None = None, quiet: float = 5.0) -> HttpHub:
        """How a new device of this person reaches it."""
        if person.id not in self.tokens:
            with changing(self.engine) as connection:
                self.tokens[person.id] = people.add_device(connection, person.id, "laptop", NOW)[1]
        token = self.tokens[person.id]
        return HttpHub([f"https://127.0.0.1:{port or self.port}"], self.identity.hub, self.authority, token, quiet)

    def believe(self, signed: SignedReceipt) -> Receipt:
        return open_receipt(signed, self.identity.authority_pem, self.identity.hub)


def make_authority(keys: Path) -> Path:
    if not (keys / "ca.pem").exists():
        authority.create_authority(keys, "示例区教委", PASSPHRASE, NOW - timedelta(days=20))
    return keys


@contextmanager
def served(folder: Path, keys: Path, persons: Sequence[Person] = (OFFICER, INSPECTOR)) -> Iterator[Served]:
    engine = open_tables(folder)

    def opened() -> Authority:
        certificate = authority.own_certificate(keys / "ca.pem")
        return Authority(certificate, authority.open_key(keys / "ca.key.pem", PASSPHRASE))

    def judge(data: bytes, revoked: Collection[Revocation]) -> Verdict:
        return FakeSigner().verify(data)

    def certify(person: Person, public: object, now: datetime) -> object:
        return authority.certify(keys, person, public, PASSPHRASE, now)  # type: ignore[arg-type]

    identity = open_identity(folder, engine, ["127.0.0.1"], opened, NOW)
    with changing(engine) as connection:
        for person in persons:
            people.add_person(connection, person, (), NOW)
    settings = Settings(limits=Limits(document=20_000_000, have=100, page=20), connections=200)
    hub = open_hub(
        folder, engine, identity, judge, certify, lambda: datetime.now().astimezone(), "test", settings  # type: ignore[arg-type]
    )  # fmt: skip
    listening, ports = threading.Event(), list[int]()

    all_there = threading.Barrier(THREADS + 1)

    def accepting(port: int) -> None:
        ports.append(port)
        for _ in range(THREADS):  # all at once now, or they would come one by one while tests look for stray threads
            asyncio.get_running_loop().run_in_executor(None, all_there.wait)
        listening.set()

    server = HubServer(hub, settings, accepting)
    thread = threading.Thread(target=lambda: asyncio.run(server.serve()), name="hub")
    thread.start()
    try:
        assert listening.wait(10)
        all_there.wait(10)
        yield Served(folder, keys, engine, identity, ports[0])
    finally:
        server.should_exit = server.force_exit = True
        thread.join(10)
        engine.dispose()
        logging.getLogger("safetyapp.hub").handlers.clear()


class Cutter:
    """A line that breaks: each connection after as many bytes, in either direction, as is drawn for it."""

    def __init__(self, to: int, chance: random.Random, shortest: int, longest: int, cuts: int) -> None:
        self._to = to
        self._chance, self._range = chance, (shortest, longest)
        self.left = cuts
        self.made = 0
        self._guard = threading.Lock()
        self._door = socket.create_server(("127.0.0.1", 0))
        self.port = self._door.getsockname()[1]
        self._threads = [threading.Thread(target=self._accept, name="cutter")]
        self._open: list[socket.socket] = []
        self._threads[0].start()

    def close(self) -> None:
        with suppress(OSError):
            self._door.shutdown(socket.SHUT_RDWR)
        self._door.close()
        with self._guard:
            for one in self._open:
                _hang_up(one)
        for thread in self._threads:
            thread.join(5)

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self._door.accept()
            except OSError:
                return
            far = socket.create_connection(("127.0.0.1", self._to))
            for one in (near, far):
                one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            with self._guard:
                self._open += [near, far]
                budget = [self._chance.randint(*self._range)] if self.left > 0 else [1 << 60]
                self.left -= 1
                new = [threading.Thread(target=self._pump, args=(*ends, near, far, budget), name="cutter")
                       for ends in ((near, far), (far, near))]  # fmt: skip
                self._threads += new
            for thread in new:
                thread.start()

    def _pump(
        self, source: socket.socket, target: socket.socket, near: socket.socket, far: socket.socket, budget: list[int]
    ) -> None:
        try:
            while data := source.recv(16_384):
                with self._guard:
                    through, budget[0] = data[: max(0, budget[0])], budget[0] - len(data)
                target.sendall(through)
                if len(through) < len(data):
                    self.made += 1
                    break
        except OSError:
            pass
        finally:
            for one in (near, far):
                _hang_up(one)


def _hang_up(one: socket.socket) -> None:
    with suppress(OSError):
        one.shutdown(socket.SHUT_RDWR)
    one.close()
