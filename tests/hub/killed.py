"""A hub that is killed and started again without importing everything each time: `python -m tests.hub.killed FOLDER
WORKSPACE`. Each line on stdin forks one that serves; its process id and port are answered; the next line is read when
it has ended."""

from __future__ import annotations

import os
import sys
from pathlib import Path

# all that serving needs, before the first fork
import alembic.command  # noqa: F401

import safetyapp.documents.verify  # noqa: F401
from safetyapp.district import hub_place, serve
from safetyapp.hub import office, server  # noqa: F401


def main() -> None:
    workspace = Path(sys.argv[1])
    for line in sys.stdin:
        child = os.fork()
        if not child:
            place = hub_place(workspace, Path(line.strip()))
            serve(
                place, None, "127.0.0.1", 0, lambda address, _: print(os.getpid(), address.split(":")[-1], flush=True)
            )
            os._exit(0)
        os.waitpid(child, 0)


if __name__ == "__main__":
    main()
