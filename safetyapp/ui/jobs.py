"""The one bridge to threads: a screen gives a function, what to do with its result, and what to do when it fails.

Functions that run here never see a widget; `done`, `failed` and `progress` are called on the window's thread.
"""

from __future__ import annotations

import logging
import queue
import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

from PySide6.QtCore import QCoreApplication, QObject, Qt, Signal, Slot
from shiboken6 import isValid

from safetyapp.domain.problem import Cancelled, Problem
from safetyapp.ui.collector import Collector

if TYPE_CHECKING:  # Today opens with this module: what only types need is not loaded with it
    from safetyapp.domain.progress import Progress

log = logging.getLogger(__name__)

T = TypeVar("T")
CLOSING = "closing"
"""The name of a render call that lets a file go: it runs even when the application ends."""
PROGRESS_EVERY = 0.03
"""Seconds between two progress reports of the same step: more than the eye can use, less than the window must paint."""


class Job:
    """One call under way. `cancel` asks it to stop; `forget` lets it finish without telling anybody."""

    def __init__(self, name: str = "") -> None:
        self.name = name
        self._cancelled = threading.Event()
        self._forgotten = False

    def cancel(self) -> None:
        """Work that has not begun never begins; work under way stops at its next progress report. Either way `failed`
        gets a Cancelled; a result that was there already still comes to `done`."""
        self._cancelled.set()

    def forget(self) -> None:
        """Nobody wants the result any more: no callback is called. What it does is done all the same."""
        self._forgotten = True

    @property
    def is_cancelled(self) -> bool:
        return self._cancelled.is_set()


class _Call:
    """A job with what is to be done, and whom to tell."""

    def __init__(
        self,
        lane: _Lane,
        job: Job,
        run: Callable[[], Any],
        done: Callable[[Any], object] | None,
        failed: Callable[[Exception], object] | None,
        progress: Progress | None,
        owner: QObject | None,
    ) -> None:
        self.lane, self.job, self.run = lane, job, run
        self.done, self.failed, self.progress, self.owner = done, failed, progress, owner


class _Lane:
    """Threads that take calls from one queue, in order. They start with the first call and end with `close`."""

    def __init__(self, name: str, width: int, run: Callable[[_Call], None]) -> None:
        self._name = name
        self._width = width
        self._run = run
        self._waiting: queue.SimpleQueue[_Call | None] = queue.SimpleQueue()
        self._threads: list[threading.Thread] = []

    def put(self, call: _Call) -> None:
        if len(self._threads) < self._width:
            thread = threading.Thread(target=self._loop, name=f"{self._name}-{len(self._threads) + 1}", daemon=True)
            self._threads.append(thread)
            thread.start()
        self._waiting.put(call)

    def _loop(self) -> None:
        while (call := self._waiting.get()) is not None:
            self._run(call)
            del call  # a result must not live until the next call comes

    def close(self) -> None:
        """Waits for what was put in before."""
        for _ in self._threads:
            self._waiting.put(None)
        for thread in self._threads:
            thread.join()
        self._threads.clear()


class Jobs(QObject):
    """Three lanes. `data`: one thread, in order, everything that touches the store. `work`: a small pool for slow work
    such as signing, decoding, importing. `render`: one thread for the pages of PDF files.

    `owner` in each: when that object is gone, its callbacks are not called. Lives as long as the application; the
    signals that cross the threads are its own.
    """

    trouble = Signal(object)
    """The exception of a job that named nobody to tell."""
    _ended = Signal(object, object, object)
    _reported = Signal(object, str, int, int)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._collector = Collector(self)
        self._open = 0
        self._calls: set[_Call] = set()
        self._data = _Lane("data", 1, self._run)
        self._work = _Lane("work", 2, self._run)
        self._pages = _Lane("pages", 1, self._run)
        self._closed = False
        self._ended.connect(self._on_ended, Qt.ConnectionType.QueuedConnection)
        self._reported.connect(self._on_reported, Qt.ConnectionType.QueuedConnection)

    def data(
        self,
        fn: Callable[[], T],
        done: Callable[[T], object] | None = None,
        failed: Callable[[Exception], object] | None = None,
        owner: QObject | None = None,
        name: str = "",
    ) -> Job:
        """Runs `fn()` on the one data thread, after everything that was asked before."""
        return self._put(self._data, Job(name), lambda job: fn(), done, failed, None, owner)

    def work(
        self,
        fn: Callable[[Progress], T],
        done: Callable[[T], object] | None = None,
        failed: Callable[[Exception], object] | None = None,
        progress: Progress | None = None,
        owner: QObject | None = None,
        name: str = "",
    ) -> Job:
        """Runs `fn(report)` in the pool. `report(step, done, total)` comes to `progress` on the window's thread, and
        raises Cancelled inside `fn` once the job is cancelled."""
        return self._put(self._work, Job(name), lambda job: fn(self._reporter(job)), done, failed, progress, owner)

    def render(
        self,
        fn: Callable[[], T],
        done: Callable[[T], object] | None = None,
        failed: Callable[[Exception], object] | None = None,
        owner: QObject | None = None,
        name: str = "",
    ) -> Job:
        """Runs `fn()` on the one thread of page pictures; a cancelled call that has not begun is skipped."""
        return self._put(self._pages, Job(name), lambda job: fn(), done, failed, None, owner)

    @property
    def busy(self) -> int:
        """How many calls have not been answered yet."""
        return len(self._calls)

    def settle(self, seconds: float = 5.0) -> bool:
        """For tests and for leaving: runs the event loop until nothing is under way. False when time ran out."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            for _ in range(2):  # an answer may be painted, and painting may ask again
                QCoreApplication.processEvents()
            if not self._calls:
                return True
            time.sleep(0.001)
        return False

    def close(self) -> None:
        """Ends all threads: the data thread finishes what it was given, work is cancelled, pages are dropped. No
        callback is called afterwards."""
        if self._closed:
            return
        self._closed = True
        for call in self._calls:
            call.job.forget()
            if call.lane is not self._data and call.job.name != CLOSING:
                call.job.cancel()
        self._data.close()
        self._work.close()
        self._pages.close()
        self._calls.clear()
        self._collector.stop()

    def _put(
        self,
        lane: _Lane,
        job: Job,
        run: Callable[[Job], Any],
        done: Callable[[Any], object] | None,
        failed: Callable[[Exception], object] | None,
        progress: Progress | None,
        owner: QObject | None,
    ) -> Job:
        if self._closed:
            job.cancel()
            return job
        call = _Call(lane, job, lambda: run(job), done, failed, progress, owner)
        self._calls.add(call)
        lane.put(call)
        return job

    def _reporter(self, job: Job) -> Progress:
        last: tuple[str, float] = ("", 0.0)

        def report(step: str, done: int, total: int) -> None:
            nonlocal last
            if job.is_cancelled:
                raise Cancelled
            now = time.monotonic()
            if step != last[0] or done >= total or now - last[1] >= PROGRESS_EVERY:
                last = (step, now)
                self._reported.emit(job, str(step), done, total)

        return report

    def _run(self, call: _Call) -> None:
        """On a lane's thread."""
        result: Any = None
        error: Exception | None = None
        try:
            if call.job.is_cancelled:
                raise Cancelled
            result = call.run()
        except (Problem, Cancelled) as problem:
            error = problem
        except Exception as exception:
            log.exception("job failed: %s", call.job.name or call.run)
            error = exception
        self._ended.emit(call, result, error)

    @Slot(object, object, object)
    def _on_ended(self, call: _Call, result: Any, error: Exception | None) -> None:
        self._calls.discard(call)
        if call.job._forgotten or self._closed or not _is_there(call.owner):
            return
        if error is None:
            if call.done is not None:
                call.done(result)
        elif call.failed is not None:
            call.failed(error)
        elif not isinstance(error, Cancelled):
            self.trouble.emit(error)

    @Slot(object, str, int, int)
    def _on_reported(self, job: Job, step: str, done: int, total: int) -> None:
        call = next((c for c in self._calls if c.job is job), None)
        if call and call.progress and not (job._forgotten or job.is_cancelled) and _is_there(call.owner):
            call.progress(step, done, total)


def _is_there(owner: QObject | None) -> bool:
    return owner is None or isValid(owner)
