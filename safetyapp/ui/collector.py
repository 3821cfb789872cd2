"""Python's cycle collector, on the window's thread only.

Left to itself it runs on whichever thread makes the next object. A worker thread that collects a closed screen deletes
its widgets there, and Qt then ends the process, rarely and somewhere else.
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer

_EVERY_MS = 400


class Collector(QObject):
    """While it lives, cycles are collected from a timer, by the same thresholds as always."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._was_enabled = gc.isenabled()
        gc.disable()
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._on_time)
        self._timer.start(_EVERY_MS)

    def stop(self) -> None:
        """The collector goes its own way again; call it once the other threads have ended."""
        self._timer.stop()
        if self._was_enabled:
            gc.enable()

    def _on_time(self) -> None:
        counts, limits = gc.get_count(), gc.get_threshold()
        due = [generation for generation in range(3) if counts[generation] > limits[generation]]
        if due:
            gc.collect(due[-1])
