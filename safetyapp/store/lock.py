"""Who may write in a workspace: one process at a time, by a lock of the operating system that dies with the process.

The library filelock does the same; importing it takes longer than opening the whole store (50 ms), so it is not used.
"""

from __future__ import annotations

import os
import sys
import time
from errno import EACCES, EAGAIN, EDEADLK
from pathlib import Path

from safetyapp.domain.problem import Problem
from safetyapp.store.edge import plainly

LOCK_FILE = "workspace.lock"
_HELD_BY_ANOTHER = {EACCES, EAGAIN, EDEADLK}
_BETWEEN_TRIES = 0.05

if sys.platform == "win32":
    import msvcrt

    def _try(fd: int) -> None:
        msvcrt.locking(fd, msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _try(fd: int) -> None:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)


class WorkspaceLock:
    """Held from its making until `release`, or until the process ends in whatever way."""

    def __init__(self, folder: Path, wait: float = 0.0) -> None:
        """Waits up to `wait` seconds. Raises Problem workspace-open, read-only, disk-full."""
        path = folder / LOCK_FILE
        with plainly(folder):
            # the file stays when the lock is released: deleting it would let two processes lock two files of one name
            self._fd = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
        until = time.monotonic() + wait
        try:
            while not self._taken(folder):
                if time.monotonic() >= until:
                    raise Problem("workspace-open", path=str(folder))
                time.sleep(_BETWEEN_TRIES)
        except BaseException:
            self.release()
            raise

    def _taken(self, folder: Path) -> bool:
        with plainly(folder):
            try:
                _try(self._fd)
            except OSError as error:
                if error.errno not in _HELD_BY_ANOTHER:
                    raise
                return False
        return True

    def release(self) -> None:
        """Harmless when repeated."""
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = -1
