"""The page of Settings about the program: what it said in this session, where its log is, which version it is."""

from __future__ import annotations

import platform

from PySide6.QtCore import qVersion
from PySide6.QtGui import QGuiApplication

from safetyapp.ui.errands import show_outside
from safetyapp.ui.parts import Button
from safetyapp.ui.settings_parts import Page, Row, clear

MOST = 100
"""How many of the session's messages are shown."""


class LogPage(Page):
    """Messages at the left; file and version at the right."""

    def build(self) -> None:
        say, look, care = self.say, self.look, self.host.care
        self._said = self.card(say("settings.log.title"))
        card = self.card(say("settings.log.file_title"))
        self.open = Button(look, say("window.export.open"), icon="folder-open")
        self.open.clicked.connect(lambda: show_outside(care.log_file().parent))
        card.add(Row(look, say("settings.log.file"), str(care.log_file()), self.open))
        card.add(Row(look, say("settings.log.inside"), say("settings.log.inside_remark")))
        self.copy = Button(look, say("settings.log.copy"), icon="copy")
        self.copy.clicked.connect(self._copy)
        self._version = f"{self.host.tools.app_version} · Python {platform.python_version()} · Qt {qVersion()}"
        card.add(Row(look, say("settings.log.version"), self._version, self.copy))
        manual = care.manual()
        if manual is not None:
            more = Button(look, say("window.export.open"), icon="folder-open")
            more.clicked.connect(lambda: show_outside(manual))
            card.add(Row(look, say("settings.log.manual"), str(manual), more))

    def renew(self) -> None:
        clear(self._said)
        told = self.host.window.news.told[-MOST:]
        if not told:
            self._said.add(Row(self.look, self.say("settings.log.none")))
        for at, sentence in reversed(told):
            self._said.add(Row(self.look, sentence, f"{at:%H:%M:%S}"))

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(f"{self.say('window.name')} {self._version} · {platform.platform()}")
        self.host.window.toast.say(self.say("settings.log.copied"))
