"""The surfaces that parts stand on: hairlines, cards, headers; the search field and the empty state."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from safetyapp.ui.buttons import Button, Kind
from safetyapp.ui.chips import key_cap_width, paint_key_cap
from safetyapp.ui.icons import paint_icon
from safetyapp.ui.metrics import Style
from safetyapp.ui.words import IconLabel, Label

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QKeyEvent, QPaintEvent

    from safetyapp.ui.look import Look


class Line(QWidget):
    """A hairline, lying or standing."""

    def __init__(self, look: Look, standing: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        if standing:
            self.setFixedWidth(1)
        else:
            self.setFixedHeight(1)
        look.theme_changed.connect(self.update)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._look.colour("line"))
        painter.end()


class Card(QFrame):
    """A card: an optional head (icon, title, facts, controls at the right), a hairline, and `body` for the content."""

    def __init__(
        self, look: Look, title: str = "", facts: str = "", icon: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        px = look.metrics.px
        self.setProperty("card", "1")
        outer = QVBoxLayout(self)
        outer.setContentsMargins(1, 1, 1, 1)
        outer.setSpacing(0)
        self.head = QHBoxLayout()
        self.head.setContentsMargins(px(16), 0, px(12), 0)
        self.head.setSpacing(px(8))
        self.title = Label(look, title, Style.STRONG, elide=Qt.TextElideMode.ElideNone)
        self.facts = Label(look, facts, Style.BODY, "ink2")
        if title:
            if icon:
                self.head.addWidget(IconLabel(look, icon, 16, "ink"))
            self.head.addWidget(self.title)
            self.head.addWidget(self.facts, 1)
            bar = QWidget()
            bar.setLayout(self.head)
            bar.setFixedHeight(px(36))
            outer.addWidget(bar)
            outer.addWidget(Line(look))
            self.setAccessibleName(title)
        self.body = QVBoxLayout()
        self.body.setContentsMargins(0, 0, 0, 0)
        self.body.setSpacing(0)
        outer.addLayout(self.body)


def paint_bar(bar: QWidget, look: Look, ground: str) -> None:
    """The ground of a bar that goes across a screen, and the line at its foot."""
    painter = QPainter(bar)
    painter.fillRect(bar.rect(), look.colour(ground))
    painter.fillRect(0, bar.height() - 1, bar.width(), 1, look.colour("line"))
    painter.end()


class Header(QWidget):
    """The head of a screen: title, facts, and what is added to `row` at the right."""

    def __init__(
        self, look: Look, title: str, facts: str = "", *, height: int = 52, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        px = look.metrics.px
        self._look = look
        self.setFixedHeight(px(height))
        self.row = QHBoxLayout(self)
        self.row.setContentsMargins(px(20), 0, px(16), 1)
        self.row.setSpacing(px(12))
        self.title = Label(look, title, Style.H1, elide=Qt.TextElideMode.ElideNone)
        self.facts = Label(look, facts, Style.BODY, "ink2")
        self.row.addWidget(self.title)
        self.row.addWidget(self.facts, 1)
        look.theme_changed.connect(self.update)

    def paintEvent(self, event: QPaintEvent) -> None:
        paint_bar(self, self._look, "bg_surface")


class SearchField(QLineEdit):
    """A text field with a magnifying glass and, while it is empty, its key."""

    def __init__(self, look: Look, hint: str, keys: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look, self._keys = look, keys
        self.setPlaceholderText(hint)
        self.setAccessibleName(hint)
        self.setClearButtonEnabled(False)
        px = look.metrics.px
        self.setTextMargins(px(24), 0, (key_cap_width(look, keys) + px(4)) if keys else 0, 0)
        self.take_key: Callable[[QKeyEvent], bool] = lambda event: False
        """Asked first about a key; True when that was all."""
        look.theme_changed.connect(self.update)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        look, px = self._look, self._look.metrics.px
        painter = QPainter(self)
        middle = self.height() // 2
        paint_icon(painter, px(10), middle - px(9), "search", px(18), look.theme.ink2)
        if self._keys and not self.text():
            x = self.width() - key_cap_width(look, self._keys) - px(10)
            paint_key_cap(painter, x, middle, self._keys, look, look.colour("ink2"))
        painter.end()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self.take_key(event):
            return
        if event.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
        else:
            super().keyPressEvent(event)


class EmptyState(QWidget):
    """Nothing here: an icon, one sentence, at most one button."""

    pressed = Signal()

    def __init__(
        self,
        look: Look,
        icon: str,
        sentence: str,
        action: str = "",
        *,
        primary: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        px = look.metrics.px
        column = QVBoxLayout(self)
        column.setContentsMargins(px(24), px(16), px(24), px(16))
        column.setSpacing(px(8))
        column.addStretch(1)
        column.addWidget(IconLabel(look, icon, 24), 0, Qt.AlignmentFlag.AlignHCenter)
        self.sentence = Label(look, sentence, Style.BODY, "ink2", wrap=True, align=Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(self.sentence)
        self.button: Button | None = None
        if action:
            self.button = Button(look, action, kind=Kind.PRIMARY if primary else Kind.NORMAL)
            self.button.clicked.connect(self.pressed)
            column.addWidget(self.button, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(1)
