"""What a figure is, and how it is measured: both sides in turn in one process, the memory of each in its own."""

from __future__ import annotations

import gc
import json
import os
import resource
import statistics
import subprocess
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Protocol, cast

Run = Callable[[], float]
"""Does the work once and returns its seconds; what has to be laid out first is not counted."""


class Bench(Protocol):
    """A module of this folder.

    `prepare` lays out what both sides need; `ours` and `floor` give the work. LIMIT is the highest ratio of the two,
    or, where LIMIT_MS is set, the most milliseconds of ours; LIMIT_MB, where a module has it, the most memory of ours.
    CHILDREN: the memory that counts is that of the children; a run that works in another process may tell its memory
    as `peak_mb`. A module may have `missing`, which says why it cannot be measured here.
    """

    TITLE: str
    FLOOR: str
    ROUNDS: int
    LIMIT: float | None
    LIMIT_MS: float | None
    CHILDREN: bool

    def prepare(self, folder: Path) -> None: ...
    def ours(self, folder: Path) -> Run: ...
    def floor(self, folder: Path) -> Run: ...


@dataclass(frozen=True, slots=True)
class Figure:
    """Medians in milliseconds, peaks in MB (10^6 bytes)."""

    name: str
    title: str
    floor: str
    rounds: int
    ours_ms: float
    floor_ms: float
    ratio: float
    limit: float | None
    limit_ms: float | None
    ours_peak_mb: float
    floor_peak_mb: float
    limit_mb: float | None = None

    @property
    def is_kept(self) -> bool:
        if self.limit_mb is not None and self.ours_peak_mb > self.limit_mb:
            return False
        if self.limit_ms is not None:
            return self.ours_ms <= self.limit_ms
        return self.limit is None or self.ratio <= self.limit

    def as_data(self) -> dict[str, object]:
        return {**asdict(self), "kept": self.is_kept}


class Missing(Exception):
    """What a figure is held against is not on this computer; says why."""


def load(name: str) -> Bench:
    import importlib

    return cast(Bench, importlib.import_module(f"bench.{name}"))


def measure(name: str, folder: Path) -> Figure:
    """Runs one figure's module in child processes. Raises Missing."""
    bench = load(name)
    if why := getattr(bench, "missing", str)():
        raise Missing(f"{bench.FLOOR}: {why}")
    _child(name, "prepare", folder)
    if hasattr(os, "sync"):
        os.sync()  # what this figure and the one before laid out is else written under the first rounds
    times = _child(name, "pair", folder)
    peaks = {side: cast(float, _child(name, side, folder)["peak_mb"]) for side in ("ours", "floor")}
    ours, floor = (statistics.median(cast("list[float]", times[side])) * 1e3 for side in ("ours", "floor"))
    return Figure(
        name, bench.TITLE, bench.FLOOR, bench.ROUNDS, ours, floor, ours / floor, bench.LIMIT, bench.LIMIT_MS,
        peaks["ours"], peaks["floor"], getattr(bench, "LIMIT_MB", None),
    )  # fmt: skip


def _child(name: str, what: str, folder: Path) -> dict[str, object]:
    command = [sys.executable, "-m", "bench.figure", name, what, str(folder)]
    done = subprocess.run(command, stdout=subprocess.PIPE, check=True, env=environment())
    return cast("dict[str, object]", json.loads(done.stdout.splitlines()[-1]))


def environment() -> dict[str, str]:
    """No screen, no settings of the person who measures; modules are compiled once, as on any laptop."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("SAFETYAPP_", "PYTHON"))}
    return {**kept, "QT_QPA_PLATFORM": "offscreen"}


def _pair(bench: Bench, folder: Path) -> dict[str, object]:
    """Both sides in turn, so that a busy moment of the machine strikes both. The first round only warms up."""
    ours, floor = bench.ours(folder), bench.floor(folder)
    times: dict[str, list[float]] = {"ours": [], "floor": []}
    ours(), floor()
    gc.collect()
    for count in range(bench.ROUNDS):
        # whoever goes second may find a warmer cache
        order = (("ours", ours), ("floor", floor))
        for side, run in order if count % 2 == 0 else reversed(order):
            times[side].append(run())
    return dict(times)


def _peak(bench: Bench, run: Run) -> dict[str, object]:
    run(), run()
    if (told := getattr(run, "peak_mb", None)) is not None:
        return {"peak_mb": told}
    whose = resource.RUSAGE_CHILDREN if bench.CHILDREN else resource.RUSAGE_SELF
    return {"peak_mb": resource.getrusage(whose).ru_maxrss * 1024 / 1e6}


def main(name: str, what: str, folder: Path) -> None:
    bench = load(name)
    result: dict[str, object] = {}
    match what:
        case "prepare":
            bench.prepare(folder)
        case "pair":
            result = _pair(bench, folder)
        case "ours":
            result = _peak(bench, bench.ours(folder))
        case "floor":
            result = _peak(bench, bench.floor(folder))
    print(json.dumps(result))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], Path(sys.argv[3]))
