"""The certificate one signs with: whose it is, and its passphrase."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from safetyapp.texts import Texts
from safetyapp.ui import icons
from safetyapp.ui.look import Look
from safetyapp.ui.metrics import Style
from safetyapp.ui.parts import Chip, ChipLabel, Label


class PassphraseField(QLineEdit):
    """Hidden text with an eye to show it. `caps` tells when Caps Lock seems to be on."""

    caps = Signal(bool)

    def __init__(self, look: Look, texts: Texts) -> None:
        super().__init__()
        self._look, self._texts = look, texts
        self._shelf = "sign.key"
        self.setEchoMode(QLineEdit.EchoMode.Password)
        self.setAccessibleName(texts.say("sign.key.passphrase"))
        self.setMaxLength(1000)
        self._eye = QAction(self)
        self._eye.setCheckable(True)
        self._eye.toggled.connect(self._on_eye)
        self.addAction(self._eye, QLineEdit.ActionPosition.TrailingPosition)
        look.theme_changed.connect(self._renew)
        self._renew()

    def ask_pin(self) -> None:
        """From now on it is a token's PIN that is typed here."""
        self._shelf = "sign.pin"
        self.setAccessibleName(self._texts.say("sign.pin.passphrase"))
        self._renew()

    def _renew(self) -> None:
        shown = self._eye.isChecked()
        self._eye.setIcon(icons.icon("eye-off" if shown else "eye", self._look.theme.ink2, self._look.metrics.px(16)))
        self._eye.setText(self._texts.say(f"{self._shelf}.{'hide' if shown else 'show'}"))
        self._eye.setToolTip(self._eye.text())

    def _on_eye(self, shown: bool) -> None:
        self.setEchoMode(QLineEdit.EchoMode.Normal if shown else QLineEdit.EchoMode.Password)
        self._renew()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        text = event.text()
        if len(text) == 1 and text.isascii() and text.isalpha():
            shifted = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self.caps.emit(text.isupper() is not shifted)
        super().keyPressEvent(event)


class KeyPart(QWidget):
    """用我的证书签署: whose certificate, and the passphrase."""

    def __init__(self, look: Look, texts: Texts, name: str) -> None:
        super().__init__()
        self._texts, self._name = texts, name
        self._shelf = "sign.key"
        say, px = texts.say, look.metrics.px
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px(3))
        top = QHBoxLayout()
        top.setSpacing(px(8))
        top.addWidget(Label(look, say("sign.key.title"), Style.STRONG, elide=Qt.TextElideMode.ElideNone))
        self.clock = ChipLabel(look, Chip.OUTLINE, say("sign.key.clock"), "alert-circle")
        self.clock.hide()
        top.addWidget(self.clock)
        top.addStretch(1)
        column.addLayout(top)
        self._who = Label(look, name, Style.SMALL, "ink2")
        column.addWidget(self._who)
        column.addSpacing(px(4))
        self.label = Label(look, say("sign.key.passphrase"), Style.SMALL, "ink2")
        column.addWidget(self.label)
        self.field = PassphraseField(look, texts)
        column.addWidget(self.field)
        self._said = Label(look, say("sign.key.forgot"), Style.SMALL, "ink2", wrap=True)
        column.addWidget(self._said)
        column.addStretch(1)
        self.field.caps.connect(self._on_caps)
        self.field.textEdited.connect(lambda _: self._on_edited())
        self._is_wrong = False

    def show_certificate(self, fingerprint: str, asks_pin: bool = False) -> None:
        """Whose certificate signs; `asks_pin`: it is on a token, and nothing speaks of a passphrase."""
        if asks_pin:
            self._shelf = "sign.pin"
            self.field.ask_pin()
            self.label.setText(self.words("passphrase"))
            if not self._is_wrong:
                self._said.setText(self.words("forgot"))
        self._who.setText(self.words("who", name=self._name, fingerprint=fingerprint[:8]))

    def words(self, key: str, **facts: object) -> str:
        """What is said of the passphrase or PIN."""
        return self._texts.say(f"{self._shelf}.{key}", **facts)

    def say_wrong(self, sentence: str) -> None:
        self._is_wrong = True
        self._said.set_colour("ink")
        self._said.setText(sentence)
        self._set_frame(True)

    def text(self) -> str:
        return self._said.text()

    def _on_edited(self) -> None:
        if self._is_wrong:
            self._is_wrong = False
            self._said.set_colour("ink2")
            self._said.setText(self.words("forgot"))
            self._set_frame(False)

    def _on_caps(self, on: bool) -> None:
        if not self._is_wrong:
            self._said.setText(self._texts.say("sign.key.caps") if on else self.words("forgot"))

    def _set_frame(self, wrong: bool) -> None:
        self.field.setProperty("wrong", "1" if wrong else "0")
        self.field.style().unpolish(self.field)
        self.field.style().polish(self.field)
