"""Other programs that lay out pages, held to the same content with the same photos and font: what figures against them
share. Each works in a process of its own, started and warm, in turn with ours.

They are no part of the program. `make bench` installs the group `bench` of pyproject.toml into `.venv-bench`; where a
peer is not there the figure says that it is missing.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from bench import sealing
from bench.figure import Run

ROOT = Path(__file__).resolve().parent.parent
ROUNDS = 9
LIMIT, LIMIT_MS = 1.0, None
CHILDREN = False
TITLE = "60 items, 20 photos sealed and verified"
ours = sealing.ours


def python() -> str:
    """The one that has the peers."""
    place = ("Scripts", "python.exe") if os.name == "nt" else ("bin", "python")
    found = ROOT.joinpath(".venv-bench", *place)
    return str(found) if found.exists() else sys.executable


def missing(module: str) -> str:
    """Why a peer cannot be measured; empty where it can. One whose libraries the system lacks is missing as well."""
    tried = subprocess.run([python(), "-c", f"import {module}"], capture_output=True, text=True)
    return tried.stderr.strip().rpartition("\n")[2] if tried.returncode else ""


def version(package: str) -> str:
    ask = f"from importlib.metadata import version; print(version({package!r}))"
    return subprocess.run([python(), "-c", ask], capture_output=True, text=True).stdout.strip()


def prepare(folder: Path) -> None:
    sealing.prepare(folder)
    for number, content in zip(range(ROUNDS + 1), sealing.contents(folder), strict=False):
        (folder / f"content-{number}.json").write_text(content.as_json(), encoding="utf-8")


class Peer:
    """A peer's process; a call lays the next content out and returns its seconds. It ends with the process that
    measures."""

    def __init__(self, name: str, folder: Path) -> None:
        script = Path(__file__).with_name("peer_process.py")
        self._files = [str(path.resolve()) for path in sorted(folder.glob("content-*.json"))]
        command = [python(), str(script), name, str(folder.resolve())]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.peak_mb = 0.0

    def __call__(self) -> float:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(self._files.pop(0) + "\n")
        self._process.stdin.flush()
        told = json.loads(self._process.stdout.readline())
        self.peak_mb = told["peak_mb"]
        return float(told["seconds"])


def start(name: str, folder: Path) -> Run:
    return Peer(name, folder)
