"""What both sides say before they sign: the inspector's opinion and the school's, kept in the draft."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from safetyapp.texts import Texts
from safetyapp.ui.item_fields import GrowingText
from safetyapp.ui.look import Look
from safetyapp.ui.metrics import Style
from safetyapp.ui.parts import Card, Label


class OpinionCard(Card):
    """One opinion: its title, what it is for, and the text."""

    left = Signal()
    """The person has gone on from the text."""

    def __init__(self, look: Look, texts: Texts, key: str, text: str) -> None:
        """`key` is `own_opinion` or `opinion`."""
        super().__init__(look)
        px, say = look.metrics.px, texts.say
        inner = QVBoxLayout()
        inner.setContentsMargins(px(14), px(10), px(14), px(12))
        inner.setSpacing(px(6))
        top = QHBoxLayout()
        top.setSpacing(px(8))
        top.addWidget(Label(look, say(f"sign.{key}.title"), Style.STRONG, elide=Qt.TextElideMode.ElideNone))
        top.addWidget(Label(look, say(f"sign.{key}.hint"), Style.SMALL, "ink2"), 1)
        inner.addLayout(top)
        self.field = GrowingText(look, 2)
        self.field.set_text(text)
        self.field.setAccessibleName(say(f"sign.{key}.title"))
        self.field.left.connect(self.left)
        inner.addWidget(self.field)
        inner.addStretch(1)
        self.body.addLayout(inner)
