"""Where a fault of the program goes: an exception that nobody caught, in a slot or a thread, comes to the window."""

from __future__ import annotations

import sys
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from safetyapp.ui.window import MainWindow


def watch(window: MainWindow) -> Callable[[], None]:
    """From now on faults are told to this window, and still to who was told before; answers what ends it."""
    hook, thread_hook = sys.excepthook, threading.excepthook

    def on_fault(kind: type[BaseException], error: BaseException, trace: object) -> None:
        hook(kind, error, trace)  # type: ignore[arg-type]  # a traceback is all that comes
        if isinstance(error, Exception):
            window.fault.emit(error)

    def on_thread_fault(told: threading.ExceptHookArgs) -> None:
        thread_hook(told)
        if isinstance(told.exc_value, Exception):
            window.fault.emit(told.exc_value)

    def end() -> None:
        sys.excepthook, threading.excepthook = hook, thread_hook

    sys.excepthook, threading.excepthook = on_fault, on_thread_fault
    return end
