"""Whether the disk still has room for photos: asked off the window's thread, said once, and again when it has."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Signal

from safetyapp.domain.photo_tray import has_room
from safetyapp.ui.jobs import Jobs

LOOK_AGAIN = 10_000
"""Milliseconds between two looks while there is no room."""


class DiskRoom(QObject):
    """`changed(is low, megabytes that are free)`; looks again by itself while it is low."""

    changed = Signal(bool, int)

    def __init__(self, free: Callable[[], int], jobs: Jobs, parent: QObject) -> None:
        super().__init__(parent)
        self._free, self._jobs = free, jobs
        self.is_low = False
        self._again = QTimer(self)
        self._again.setSingleShot(True)
        self._again.setInterval(LOOK_AGAIN)
        self._again.timeout.connect(self.look)

    def look(self) -> None:
        """Asks the disk; one that does not answer is taken to have room: who writes will say what is wrong."""
        self._jobs.work(lambda _: self._free(), self.take, lambda _: None, owner=self, name="disk room")

    def take(self, free: int) -> None:
        """So many bytes are free."""
        is_low = not has_room(free)
        if is_low:
            self._again.start()
        if is_low or self.is_low:
            self.is_low = is_low
            self.changed.emit(is_low, free // 1_000_000)
