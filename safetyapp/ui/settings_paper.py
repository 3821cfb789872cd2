"""The page of Settings about paper: which faces print what, and the authority for time."""

from __future__ import annotations

from PySide6.QtWidgets import QCheckBox, QLineEdit

from safetyapp.domain.problem import Problem
from safetyapp.ui.care_tools import Chosen, FontFacts
from safetyapp.ui.dates import error_sentence
from safetyapp.ui.parts import Button
from safetyapp.ui.settings_parts import Page, Row, clear


class PaperPage(Page):
    """Fonts at the left, time stamps at the right."""

    def build(self) -> None:
        say, look = self.say, self.look
        self._fonts = self.card(say("settings.fonts.title"))
        self.allow = QCheckBox(say("settings.fonts.allow"))
        self.allow.clicked.connect(lambda on: self._choose("fonts", "system", on))
        self._allow_row = Row(look, say("settings.fonts.system"), say("settings.fonts.remark"), self.allow)
        self._fonts.add(self._allow_row)
        card = self.card(say("settings.time.title"))
        self.url = QLineEdit()
        self.url.setAccessibleName(say("settings.time.url"))
        self.url.setPlaceholderText("http://")
        self.url.setMinimumWidth(look.metrics.px(200))
        self.url.editingFinished.connect(self._on_url)
        card.add(Row(look, say("settings.time.url"), say("settings.time.remark"), self.url))
        self.test = Button(look, say("settings.time.test"))
        self.test.clicked.connect(self._test)
        self.tested = Row(look, say("settings.time.try"), say("settings.time.try_remark"), self.test)
        card.add(self.tested)
        self._chosen: Chosen | None = None

    def renew(self) -> None:
        self.host.jobs.work(lambda p: self.host.care.chosen(), self._show, self._on_broken, owner=self, name="choices")

    def _on_broken(self, error: Exception) -> None:
        """A file with a mistake is named and not written over: nothing can be changed here until it is mended."""
        for control in (self.allow, self.url, self.test):
            control.setEnabled(False)
        broken = isinstance(error, Problem) and error.code == "settings-broken"
        reason = str(error.facts.get("reason", "")) if isinstance(error, Problem) else ""
        path = str(self.host.care.settings_file())
        sentence = self.say("settings.broken", path=path, reason=reason)
        remark = sentence if broken else error_sentence(self.host.tools.texts, error)
        self._allow_row.say(self.say("settings.fonts.system"), remark)

    def _show(self, chosen: Chosen) -> None:
        self._chosen = chosen
        for control in (self.allow, self.url, self.test):
            control.setEnabled(True)
        self.allow.setChecked(chosen.system_fonts)
        if not self.url.hasFocus():
            self.url.setText(chosen.timestamp_url)
        self.test.setEnabled(bool(chosen.timestamp_url))
        self._allow_row.say(self.say("settings.fonts.system"), self.say("settings.fonts.remark"))
        self.host.ask(self, self.host.care.fonts, self._show_fonts)

    def _show_fonts(self, fonts: tuple[FontFacts, ...]) -> None:
        clear(self._fonts, 1)
        for font in fonts:
            remark = self.say(f"settings.fonts.{font.source}", face=font.face)
            for face, why in font.refused:
                remark += "\n" + self.say("settings.fonts.refused", face=face, why=self.say(f"cli.fonts.why.{why}"))
            self._fonts.add(Row(self.look, self.say(f"cli.fonts.role.{font.role}"), remark))

    def _choose(self, table: str, name: str, value: bool | str) -> None:
        care = self.host.care
        self.host.jobs.work(
            lambda p: care.choose(table, name, value), self._show, self._on_refused, owner=self, name="choose"
        )

    def _on_refused(self, error: Exception) -> None:
        self.host.window.errands.tell_trouble(error)
        self.renew()

    def _on_url(self) -> None:
        if self._chosen is not None and self.url.text().strip() != self._chosen.timestamp_url:
            self._choose("timestamp", "url", self.url.text().strip())

    def _test(self) -> None:
        if self._chosen is None:
            return
        care, url = self.host.care, self._chosen.timestamp_url
        self.test.setEnabled(False)
        self.tested.say(self.say("settings.time.asking"), url)
        self.host.jobs.work(lambda p: care.test_timestamp(url), self._on_stamp, self._on_no_stamp, owner=self)

    def _on_stamp(self, seconds: float) -> None:
        self.test.setEnabled(True)
        self.tested.say(self.say("settings.time.good"), self.say("settings.time.took", n=f"{seconds:.1f}"))

    def _on_no_stamp(self, error: Exception) -> None:
        self.test.setEnabled(True)
        reason = str(error.facts.get("reason", "")) if isinstance(error, Problem) else type(error).__name__
        self.tested.say(self.say("settings.time.bad"), self.say("settings.time.why", reason=reason))
