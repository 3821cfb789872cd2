"""Measures how long the event loop was held up while a person would have been waiting."""

from __future__ import annotations

import time

from PySide6.QtCore import Qt, QTimer


class Watchdog:
    """A timer of 5 ms; the gap between two ticks beyond that is a block. `worst` is the longest in ms."""

    def __init__(self) -> None:
        self.worst = 0.0
        self._last = 0.0
        self._timer = QTimer()
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(5)
        self._timer.timeout.connect(self._on_tick)

    def __enter__(self) -> Watchdog:
        self.worst = 0.0
        self._last = time.perf_counter()
        self._timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._on_tick()
        self._timer.stop()

    def _on_tick(self) -> None:
        now = time.perf_counter()
        self.worst = max(self.worst, (now - self._last) * 1000 - 5)
        self._last = now
