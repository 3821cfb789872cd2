"""Small parts of the Annotate panel: a colour to draw with, a field that leads back, the list, a calm ground."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QLineEdit, QListWidget, QWidget

from safetyapp.domain.photo_marks import MarkColour
from safetyapp.ui.look import Look


class Swatch(QAbstractButton):
    """A colour to draw with."""

    has_focus_ring = True

    def __init__(self, look: Look, colour: MarkColour, word: str) -> None:
        super().__init__()
        self._look, self.colour = look, colour
        self.setCheckable(True)
        self.setAccessibleName(word)
        self.setToolTip(word)
        side = look.metrics.px(32)
        self.setFixedSize(side, side)

    def paintEvent(self, event: QPaintEvent) -> None:
        look, px = self._look, self._look.metrics.px
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        painter.setPen(QPen(look.colour("line_strong"), 1))
        painter.setBrush(QColor(self.colour.paint))
        painter.drawRoundedRect(box.adjusted(px(2), px(2), -px(2), -px(2)), px(3), px(3))
        if self.isChecked():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(look.colour("ink"), 2))
            painter.drawRoundedRect(box, px(4), px(4))
        painter.end()


class Field(QLineEdit):
    """A field from which Enter leads back to the picture, and does nothing there."""

    left = Signal()

    def __init__(self, name: str, longest: int) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setMaxLength(longest)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.left.emit()
        else:
            super().keyPressEvent(event)


class MarkList(QListWidget):
    """The marks, newest last; arrows choose one."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        plain = not event.modifiers() & (Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.ShiftModifier)
        if plain and event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Home, Qt.Key.Key_End):
            super().keyPressEvent(event)
        else:
            event.ignore()  # letters are tools here


class Tinted(QWidget):
    """A calm ground for what is good to know."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        look.theme_changed.connect(self.update)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._look.colour("brand_tint"))
        radius = self._look.metrics.radius
        painter.drawRoundedRect(self.rect(), radius, radius)
        painter.end()
