"""F1: the keys of the screen, and those that work everywhere."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QHBoxLayout, QWidget

from safetyapp.texts import Texts
from safetyapp.ui.look import Look
from safetyapp.ui.metrics import Style
from safetyapp.ui.parts import KeyCap, Kind, Label
from safetyapp.ui.sheet_dialog import SheetDialog

ANYWHERE = (
    ("Alt 1 2 3", "window.keys.screens"),
    ("Ctrl N", "window.keys.new"),
    ("Ctrl K", "window.keys.search"),
    ("F6", "window.keys.panes"),
    ("F1", "window.keys.help"),
    ("Esc", "window.keys.back"),
)


class KeysDialog(SheetDialog):
    """Keys as caps, each with what it does."""

    def __init__(
        self, look: Look, texts: Texts, screen: str, keys: Sequence[tuple[str, str]], parent: QWidget | None
    ) -> None:
        say = texts.say
        super().__init__(look, say("window.keys.title", screen=screen), parent, width=420)
        for keys_text, key in keys:
            self._add(keys_text, say(key))
        self.body.addWidget(Label(look, say("window.keys.any"), Style.SMALL_STRONG, "ink2"))
        for keys_text, key in ANYWHERE:
            self._add(keys_text, say(key))
        self.body.addStretch(1)
        close = self.add_button(say("window.close"), Kind.PRIMARY)
        close.clicked.connect(self.accept)
        close.setFocus()

    def _add(self, keys: str, what: str) -> None:
        px = self.look.metrics.px
        row = QHBoxLayout()
        row.setSpacing(px(4))
        caps = QWidget()
        inner = QHBoxLayout(caps)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(px(4))
        for key in keys.split():
            inner.addWidget(KeyCap(self.look, key))
        inner.addStretch(1)
        caps.setFixedWidth(px(130))
        row.addWidget(caps)
        row.addWidget(Label(self.look, what, Style.BODY), 1)
        self.body.addLayout(row)
