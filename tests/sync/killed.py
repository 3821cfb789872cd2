"""A laptop's program that sends until nothing waits, and says how far it is: for a test that kills it.

python -m tests.sync.killed FOLDER HUB PORT TOKEN CA
"""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path

from safetyapp.protocol_receipt import open_receipt
from safetyapp.store.store import SqliteStore
from safetyapp.sync.http import HttpHub
from safetyapp.sync.rounds import Moved
from tests.fakes import FakeClock
from tests.sync.laptop import Laptop


def main(folder: Path, hub_id: str, port: str, token: str, ca: Path) -> None:
    hub = HttpHub([f"https://127.0.0.1:{port}"], hub_id, ca.read_text(), token)
    with SqliteStore.open(folder) as store:
        laptop = Laptop(
            folder, hub, store, hub_id=hub_id, believe=partial(open_receipt, authority_pem=ca.read_bytes(), hub=hub_id)
        )
        laptop.clock = FakeClock()
        while store.waiting():
            done = laptop.sync(asked=True, tell=_say)
            print("round", len(done.delivered), done.problem, flush=True)
    hub.close()


def _say(moved: Moved) -> None:
    print(moved.way.value, moved.done, flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], sys.argv[3], sys.argv[4], Path(sys.argv[5]))
