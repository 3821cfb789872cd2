"""The district's papers, made once, and a hub that is served on the loopback over real HTTPS in a thread of the test's
process."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable, Collection, Iterator
from datetime import datetime
from functools import partial
from pathlib import Path

import pytest

from safetyapp.documents import authority, keyfile
from safetyapp.documents.verify import verify
from safetyapp.domain.revocation import Revocation
from safetyapp.domain.school import Person
from safetyapp.domain.verdict import Verdict
from safetyapp.hub.server import HubServer, Settings, open_hub
from safetyapp.hub.uploads import Pace
from safetyapp.protocol import Limits
from tests.hub.house import NOW, PASSPHRASE, Papers, Served, furnish, make_papers

LIMITS = Limits(document=4_000_000, have=100, page=3)
PATIENT = Pace()
QUICK = Pace(header=0.3, idle=0.4, grace=0.2, slowest=1000.0)


class QuickServer(HubServer):
    """Stops at once."""

    async def main_loop(self) -> None:
        await self.on_tick(0)
        while not self.should_exit:
            await asyncio.sleep(0.01)


@pytest.fixture(scope="session")
def papers(tmp_path_factory: pytest.TempPathFactory) -> Papers:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(keyfile, "_SCRYPT", (2, 8, 1))  # nobody guesses passphrases here; a second for every five keys
        return make_papers(tmp_path_factory.mktemp("papers"))


@pytest.fixture
def serve(papers: Papers, tmp_path: Path) -> Iterator[Callable[..., Served]]:
    """Serves a folder (the test's own, unless told); what was served is stopped at the end."""
    stops: list[Callable[[], None]] = []

    def start(
        folder: Path = tmp_path / "hub", pace: Pace = PATIENT, connections: int = 50, is_locked: bool = False
    ) -> Served:
        engine, identity, tokens = furnish(folder, papers.keys)
        clock = [NOW]
        settings = Settings(limits=LIMITS, pace=pace, connections=connections)

        def judge(data: bytes, revoked: Collection[Revocation]) -> Verdict:
            return verify(data, (identity.authority,), revoked)

        certify = None if is_locked else partial(_certify, papers.keys)
        hub = open_hub(folder, engine, identity, judge, certify, lambda: clock[0], "safetyapp test", settings)
        listening, ports = threading.Event(), list[int]()

        def accepting(port: int) -> None:
            ports.append(port)
            listening.set()

        server = QuickServer(hub, settings, accepting)
        thread = threading.Thread(target=lambda: asyncio.run(server.serve()), name="hub")
        thread.start()

        def stop() -> None:
            server.should_exit = True
            server.force_exit = True
            thread.join(10)
            assert not thread.is_alive()
            engine.dispose()

        stops.append(stop)
        assert listening.wait(10)
        return Served(folder, engine, identity, ports[0], tokens, papers.keys, clock, stop)

    yield start
    for stop in stops:
        stop()
    logging.getLogger("safetyapp.hub").handlers.clear()


def _certify(keys: Path, person: Person, public: object, now: datetime) -> object:
    return authority.certify(keys, person, public, PASSPHRASE, now)  # type: ignore[arg-type]


@pytest.fixture
def hub(serve: Callable[..., Served]) -> Served:
    return serve()
