"""The program itself has failed: what that means, where it is written down, and how to go on. Nothing is lost by it."""

from __future__ import annotations

import platform
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import qVersion
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from safetyapp.domain.fault import Fault
from safetyapp.texts import Texts
from safetyapp.ui.look import Look
from safetyapp.ui.metrics import Style
from safetyapp.ui.parts import Kind, Label
from safetyapp.ui.sheet_dialog import SheetDialog


class CrashCard(SheetDialog):
    """Stands over the window; 继续 is the harmless way and has the focus."""

    def __init__(
        self,
        look: Look,
        texts: Texts,
        fault: Fault,
        log: Path,
        version: str,
        restart: Callable[[], object],
        parent: QWidget | None,
    ) -> None:
        say = texts.say
        super().__init__(look, say("crash.title"), parent, width=520)
        self._look, self._say, self._fault, self._version = look, say, fault, version
        self.more = 0
        self.body.addWidget(Label(look, say("crash.what", id=fault.id), Style.BODY, wrap=True))
        self.body.addWidget(Label(look, say("crash.kept"), Style.BODY, wrap=True))
        self._again = Label(look, "", Style.BODY, "ink2", wrap=True)
        self._again.hide()
        self.body.addWidget(self._again)
        self.body.addWidget(Label(look, say("crash.log", path=str(log)), Style.SMALL, "ink2", wrap=True))
        self.body.addStretch(1)
        self.copy = self.add_button(say("window.details"))
        self.copy.clicked.connect(self._copy)
        self.restart = self.add_button(say("crash.restart"))
        self.restart.clicked.connect(self.accept)
        self.restart.clicked.connect(restart)
        self.go_on = self.add_button(say("crash.go_on"), Kind.PRIMARY)
        self.go_on.clicked.connect(self.reject)
        self.go_on.setFocus()

    def count(self) -> None:
        """It failed again while this was open."""
        self.more += 1
        self._again.setText(self._say("crash.more", n=self.more))
        self._again.show()

    def details(self) -> str:
        """For who mends it: nothing that a person wrote, and no name."""
        system = f"Python {platform.python_version()} · Qt {qVersion()} · {platform.system()} {platform.release()}"
        return f"safetyapp {self._version} · {system}\n{self._fault.text()}"

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.details())
        self.copy.set_words(self._say("window.copied"))
