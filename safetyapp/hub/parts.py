"""Uploads that are under way: each device has a file of its own for each document, and one request at a time writes it.

Two devices that send the same document meet only when both are whole, and then the second finds it kept.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

MOST_PER_DEVICE = 20
"""Uploads that one device may have begun; the oldest gives way."""

KEPT_DAYS = 7


class InUse(Exception):
    """Another request of the same device writes this very document."""


class Parts:
    """The folder of begun uploads. `opened` and `make_way` are called on the loop's thread only, the rest wherever."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._writing: set[Path] = set()
        self._swept = time.monotonic()

    def path(self, device: str, sha256: str) -> Path:
        return self._folder / device / f"{sha256}.part"

    def offset(self, device: str, sha256: str) -> int:
        """How many bytes are kept of an upload."""
        try:
            return self.path(device, sha256).stat().st_size
        except FileNotFoundError:
            return 0

    @contextmanager
    def opened(self, device: str, sha256: str) -> Iterator[Path]:
        """The file, nobody else's meanwhile. Raises InUse."""
        path = self.path(device, sha256)
        if path in self._writing:
            raise InUse
        self._writing.add(path)
        try:
            path.parent.mkdir(exist_ok=True)
            yield path
        finally:
            self._writing.discard(path)

    def make_way(self, device: str, but: str) -> None:
        """Forgets the device's oldest uploads when it has begun too many."""
        keep = self.path(device, but)
        begun = [p for p in (self._folder / device).glob("*.part") if p != keep and p not in self._writing]
        begun.sort(key=_touched)
        for path in begun[: max(0, len(begun) - MOST_PER_DEVICE + 1)]:
            path.unlink(missing_ok=True)

    def sweep(self, now: float | None = None) -> None:
        """Forgets what nobody has gone on with for a week; `now` in seconds since 1970."""
        oldest = (time.time() if now is None else now) - KEPT_DAYS * 86_400
        for path in self._folder.glob("*/*.part"):
            if path not in self._writing and _touched(path) < oldest:
                path.unlink(missing_ok=True)

    def sweep_sometimes(self) -> None:
        """The same, once an hour."""
        if time.monotonic() - self._swept > 3600:
            self._swept = time.monotonic()
            self.sweep()

    def free(self) -> int:
        """Bytes that are free on the disk."""
        return shutil.disk_usage(self._folder).free


def _touched(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except FileNotFoundError:
        return 0.0
