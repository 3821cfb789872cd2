"""Keeps the screen awake while a drill is timed, where the system offers a simple way; elsewhere nothing happens."""

from __future__ import annotations

import sys

from PySide6.QtGui import QGuiApplication

ES_CONTINUOUS, ES_SYSTEM_REQUIRED, ES_DISPLAY_REQUIRED = 0x80000000, 0x1, 0x2
SERVICE, PATH = "org.freedesktop.ScreenSaver", "/org/freedesktop/ScreenSaver"


class Awake:
    """Asks the system once, and takes it back once."""

    def __init__(self, why: str) -> None:
        self._why = why
        self._is_held = False
        self._connection = ""

    def hold(self, awake: bool) -> None:
        """Whether the screen is to stay awake from now on."""
        if awake == self._is_held:
            return
        self._is_held = awake
        if sys.platform == "win32":
            import ctypes

            wanted = ES_CONTINUOUS | (ES_SYSTEM_REQUIRED | ES_DISPLAY_REQUIRED if awake else 0)
            ctypes.windll.kernel32.SetThreadExecutionState(wanted)
        elif QGuiApplication.platformName() in ("xcb", "wayland"):
            self._ask_session(awake)

    def _ask_session(self, awake: bool) -> None:
        """The inhibition ends with its connection, so it has one of its own; nobody waits for the answer."""
        from PySide6.QtDBus import QDBusConnection, QDBusMessage

        if not awake:
            QDBusConnection.disconnectFromBus(self._connection)
            return
        self._connection = f"safetyapp-awake-{id(self)}"
        bus = QDBusConnection.connectToBus(QDBusConnection.BusType.SessionBus, self._connection)
        if bus.isConnected():
            call = QDBusMessage.createMethodCall(SERVICE, PATH, SERVICE, "Inhibit")
            call.setArguments(["safetyapp", self._why])
            bus.send(call)
