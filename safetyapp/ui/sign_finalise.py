"""The card of Sign that finalises: the certificate and its passphrase, what will happen or happens, and the buttons."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout

from safetyapp.texts import Texts
from safetyapp.ui.look import Look
from safetyapp.ui.metrics import Style
from safetyapp.ui.parts import Button, Card, Label, Line, PrimaryButton
from safetyapp.ui.sign_key import KeyPart
from safetyapp.ui.sign_steps import StepsPart, WillPart


class FinaliseCard(Card):
    """Asks to sign, to stop, or to go back and change something; the screen does it."""

    sign_wanted = Signal()
    stop_wanted = Signal()
    change_wanted = Signal()

    def __init__(self, look: Look, texts: Texts, name: str) -> None:
        super().__init__(look)
        self._say = texts.say
        px, say = look.metrics.px, texts.say
        inner = QVBoxLayout()
        inner.setContentsMargins(px(14), px(10), px(14), px(12))
        inner.setSpacing(px(8))
        row = QHBoxLayout()
        row.setSpacing(px(20))
        self.key = KeyPart(look, texts, name)
        self.key.field.returnPressed.connect(self.sign_wanted)
        row.addWidget(self.key, 1)
        row.addWidget(Line(look, standing=True))
        self._side = QStackedWidget()
        self._side.addWidget(WillPart(look, texts))
        self.steps = StepsPart(look, texts, say("sign.progress.title"))
        self._side.addWidget(self.steps)
        row.addWidget(self._side, 1)
        inner.addLayout(row, 1)
        foot = QHBoxLayout()
        foot.setSpacing(px(8))
        foot.addWidget(Label(look, say("sign.do.offline"), Style.SMALL, "ink2"), 1)
        self.stop_button = Button(look, say("sign.do.stop"), icon="player-stop", height=40)
        self.stop_button.clicked.connect(self.stop_wanted)
        self.stop_button.hide()
        foot.addWidget(self.stop_button)
        self.change_button = Button(look, say("sign.do.back"), height=40)
        self.change_button.clicked.connect(self.change_wanted)
        foot.addWidget(self.change_button)
        self.sign_button = PrimaryButton(look, say("sign.do.sign"), icon="signature", keys="Ctrl Enter", height=40)
        self.sign_button.clicked.connect(self.sign_wanted)
        foot.addWidget(self.sign_button)
        inner.addLayout(foot)
        self.body.addLayout(inner)

    def set_busy(self, busy: bool) -> None:
        """While it is made final its steps are shown and it can be stopped; nothing can be typed."""
        self._side.setCurrentIndex(1 if busy else 0)
        self.key.setEnabled(not busy)
        self.sign_button.setVisible(not busy)
        self.change_button.setVisible(not busy)
        self.stop_button.set_words(self._say("sign.do.stop"))
        self.stop_button.setEnabled(True)
        self.stop_button.setVisible(busy)
        if busy:
            self.stop_button.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_stopping(self) -> None:
        self.stop_button.set_words(self._say("sign.do.stopping"))
        self.stop_button.setEnabled(False)
