"""The log of a workspace, in its folder `logs`: what happened and to which id, and how the program ended.

Nothing of it is made at the start: `begin` is called after the first paint.
"""

from __future__ import annotations

import faulthandler
import logging
import os
from contextlib import suppress
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import IO

from safetyapp.domain.fault import fault_of

FOLDER = "logs"
LOG, CRASH, LAST_CRASH, RUNNING = "safetyapp.log", "crash.log", "last-crash.log", "running"
LARGEST, KEPT = 500_000, 4
"""Bytes of one file, and how many older ones stay."""


class _Lines(logging.Formatter):
    """A line per event; of a fault where it happened, never its message: that may hold a name or an answer."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s %(message)s")

    def formatException(self, ei: object) -> str:
        error = ei[1] if isinstance(ei, tuple) else None
        return fault_of(error).text() if isinstance(error, BaseException) else ""


class WorkspaceLog:
    """The open log. `began_after_crash` is the file that tells how the last run ended, when it did not end by itself;
    None otherwise."""

    def __init__(self, workspace: Path) -> None:
        """Raises OSError where nothing can be written."""
        self.folder = workspace / FOLDER
        self.path = self.folder / LOG
        self.folder.mkdir(exist_ok=True)
        self.began_after_crash = self._look_back()
        (self.folder / RUNNING).write_text(f"{os.getpid()}\n", encoding="utf-8")
        self._handler = RotatingFileHandler(
            self.path, maxBytes=LARGEST, backupCount=KEPT, encoding="utf-8", errors="backslashreplace"
        )
        self._handler.setFormatter(_Lines())
        self._logger = logging.getLogger("safetyapp")
        self._level = self._logger.level
        self._logger.addHandler(self._handler)
        self._logger.setLevel(logging.INFO)
        self._crash: IO[str] | None = None
        self._was_watching = faulthandler.is_enabled()
        if not self._was_watching:
            self._crash = (self.folder / CRASH).open("w", encoding="utf-8")
            faulthandler.enable(self._crash, all_threads=True)
        self._logger.info("started")

    def end(self) -> None:
        """The program ends by itself: nothing is said at the next start. Harmless when repeated."""
        if self._handler not in self._logger.handlers:
            return
        self._logger.info("ended")
        self._logger.removeHandler(self._handler)
        self._logger.setLevel(self._level)
        self._handler.close()
        if self._crash is not None:
            faulthandler.disable()
            self._crash.close()
        with suppress(OSError):
            (self.folder / CRASH).unlink(missing_ok=True)
        with suppress(OSError):
            (self.folder / RUNNING).unlink(missing_ok=True)

    def _look_back(self) -> Path | None:
        """The workspace is ours alone, so a mark that is still there was left by one who did not come to take it."""
        crash, last = self.folder / CRASH, self.folder / LAST_CRASH
        if not (self.folder / RUNNING).exists():
            return None
        with suppress(OSError):
            if crash.stat().st_size:
                crash.replace(last)
                return last
        return self.path
