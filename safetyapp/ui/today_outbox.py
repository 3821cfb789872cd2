"""待发箱 on Today: how many documents wait, and the stick."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from safetyapp.ui.buttons import Button
from safetyapp.ui.metrics import Style
from safetyapp.ui.surfaces import Card
from safetyapp.ui.words import IconLabel, Label

if TYPE_CHECKING:
    from safetyapp.texts import Texts
    from safetyapp.ui.look import Look


class OutboxCard(Card):
    """A line of words and the button 存到U盘."""

    def __init__(self, look: Look, texts: Texts) -> None:
        super().__init__(look)
        px, say = look.metrics.px, texts.say
        self._say = say
        row = QHBoxLayout()
        self.body.addLayout(row)
        row.setContentsMargins(px(16), px(10), px(12), px(10))
        row.setSpacing(px(10))
        self._icon = IconLabel(look, "cloud-off", 20)
        row.addWidget(self._icon)
        words = QVBoxLayout()
        words.setSpacing(0)
        self._title = Label(look, say("today.outbox.empty"), Style.STRONG)
        self._hint = Label(look, say("today.outbox.hint"), Style.SMALL, "ink2")
        words.addStretch(1)
        words.addWidget(self._title)
        words.addWidget(self._hint)
        words.addStretch(1)
        row.addLayout(words, 1)
        self.export_button = Button(look, say("window.export.button"), icon="usb")
        row.addWidget(self.export_button)
        self.setAccessibleName(say("today.outbox.title", n=0))

    def show_waiting(self, waiting: int, documents: int) -> None:
        title = self._say("today.outbox.title", n=waiting) if waiting else self._say("today.outbox.empty")
        self._title.setText(title)
        self.setAccessibleName(title)
        self._hint.setVisible(waiting > 0)
        self._icon.set_icon("cloud-off" if waiting else "check")
        self.export_button.setEnabled(documents > 0)
