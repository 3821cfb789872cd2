"""The bridge to threads: order, callbacks on the window's thread, cancelling, and nothing left behind."""

from __future__ import annotations

import threading
import time

import pytest
from PySide6.QtCore import QObject

from safetyapp.domain.problem import Cancelled, Problem
from safetyapp.domain.progress import Progress
from safetyapp.ui.jobs import Jobs


def test_data_runs_in_order_on_one_thread_and_answers_here(jobs: Jobs) -> None:
    here, overtaken = threading.current_thread(), threading.Event()
    seen: list[tuple[int, str]] = []
    answered: list[tuple[int, threading.Thread]] = []

    def work(n: int) -> int:
        if n == 0:
            overtaken.wait(0.05)  # were there another thread, a later call would be first
        overtaken.set()
        seen.append((n, threading.current_thread().name))
        return n

    for n in range(5):
        jobs.data(lambda n=n: work(n), lambda n: answered.append((n, threading.current_thread())))
    assert jobs.settle()
    assert [n for n, _ in seen] == [0, 1, 2, 3, 4]
    assert len({name for _, name in seen}) == 1
    assert answered == [(n, here) for n in range(5)]


def test_a_problem_goes_to_failed_and_else_to_trouble(jobs: Jobs) -> None:
    told: list[Exception] = []
    jobs.trouble.connect(told.append)

    def fail() -> None:
        raise Problem("disk-full")

    jobs.data(fail, failed=told.append)
    assert jobs.settle()
    assert [str(e) for e in told] == ["disk-full"]
    jobs.data(fail)
    assert jobs.settle()
    assert len(told) == 2


def test_a_fault_of_ours_is_logged_and_told(jobs: Jobs, caplog: pytest.LogCaptureFixture) -> None:
    told: list[Exception] = []
    jobs.work(lambda progress: 1 // 0, failed=told.append)
    assert jobs.settle()
    assert isinstance(told[0], ZeroDivisionError)
    assert "job failed" in caplog.text


def test_progress_comes_here_and_cancel_stops_the_work(jobs: Jobs) -> None:
    reported: list[tuple[str, int, int]] = []
    failed: list[Exception] = []
    cancelled = threading.Event()

    def run(progress: Progress) -> None:
        progress("photos", 0, 10_000)
        assert cancelled.wait(5)
        progress("photos", 1, 10_000)
        raise AssertionError("it went on")

    job = jobs.work(run, failed=failed.append, progress=lambda *facts: reported.append(facts))
    deadline = time.monotonic() + 2
    while not reported and time.monotonic() < deadline:
        jobs.settle(0.01)
    job.cancel()
    cancelled.set()
    assert jobs.settle()
    assert isinstance(failed[0], Cancelled)
    assert reported == [("photos", 0, 10_000)]


def test_work_that_waits_never_begins_once_cancelled(jobs: Jobs) -> None:
    gate = threading.Event()
    ran: list[str] = []
    failed: list[Exception] = []
    jobs.render(lambda: gate.wait(2))
    job = jobs.render(lambda: ran.append("second"), failed=failed.append)
    job.cancel()
    gate.set()
    assert jobs.settle()
    assert ran == []
    assert isinstance(failed[0], Cancelled)


def test_a_screen_that_is_gone_is_not_called(jobs: Jobs) -> None:
    from shiboken6 import delete

    gate = threading.Event()
    called: list[object] = []
    screen = QObject()
    jobs.data(lambda: gate.wait(2), called.append, owner=screen)
    delete(screen)
    gate.set()
    assert jobs.settle()
    assert called == []


def test_forgotten_work_is_done_but_not_told(jobs: Jobs) -> None:
    done: list[int] = []
    told: list[int | None] = []
    jobs.data(lambda: done.append(1), told.append).forget()
    assert jobs.settle()
    assert (done, told) == ([1], [])


def test_closing_finishes_what_was_to_be_kept_and_leaves_no_thread(jobs: Jobs) -> None:
    kept: list[int] = []
    called: list[object] = []
    begun, closing = threading.Event(), threading.Event()

    def until_cancelled(progress: Progress) -> None:
        begun.set()
        try:
            while True:
                progress("x", 0, 1)
        finally:
            closing.set()

    jobs.data(lambda: closing.wait(5), called.append)
    for n in range(20):
        jobs.data(lambda n=n: kept.append(n), called.append)
    jobs.work(until_cancelled)
    assert begun.wait(5)
    jobs.close()
    assert closing.is_set()
    assert kept == list(range(20))
    assert called == []
    assert not [t for t in threading.enumerate() if t.name.startswith(("data-", "work-", "pages-"))]
    assert jobs.data(lambda: 1).is_cancelled
