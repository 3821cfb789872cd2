"""Text on the screen: labels that wrap with a line height or elide, and the painters for delegates."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QSize, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import (
    QLabel,
    QSizePolicy,
    QWidget,
)

from safetyapp.ui.icons import paint_icon
from safetyapp.ui.metrics import Style

if TYPE_CHECKING:  # Today opens with this module: what only types need is not loaded with it
    from PySide6.QtGui import QFontMetrics, QPaintEvent, QTextLayout

    from safetyapp.ui.look import Look

LINE = int(Qt.AlignmentFlag.AlignVCenter) | int(Qt.TextFlag.TextDontClip)
"""Flags for one line of text in a rectangle: line heights of the design are tighter than the font's own, so a
rectangle must not cut the descenders."""


CENTRED = int(Qt.AlignmentFlag.AlignCenter) | int(Qt.TextFlag.TextDontClip)


class Label(QLabel):
    """A text in one of the styles and colours, wrapped with the style's line height, or on one line and elided.

    Follows the theme; the colour is a token's name.
    """

    def __init__(
        self,
        look: Look,
        text: str = "",
        style: Style = Style.BODY,
        colour: str = "ink",
        *,
        wrap: bool = False,
        elide: Qt.TextElideMode = Qt.TextElideMode.ElideRight,
        align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(text, parent)
        self._look = look
        self._style = style
        self._colour = colour
        self._wrap = wrap
        self._elide = elide
        self._align = align
        self._heights: dict[tuple[str, int], int] = {}
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setFont(look.font(style))
        policy = QSizePolicy(
            QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum if wrap else QSizePolicy.Policy.Fixed
        )
        policy.setHeightForWidth(wrap)
        self.setSizePolicy(policy)
        look.theme_changed.connect(self.update)

    def set_colour(self, colour: str) -> None:
        self._colour = colour
        self.update()

    def setText(self, text: str) -> None:
        if text != self.text():
            super().setText(text)
            self.updateGeometry()
            self.update()

    def _lay_out(self, width: int) -> QTextLayout:
        from PySide6.QtGui import QTextLayout, QTextOption  # for wrapped texts, and Today has none

        layout = QTextLayout(self.text(), self._look.font(self._style))
        option = QTextOption(self._align)
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        layout.setTextOption(option)
        step = self._look.metrics.line(self._style)
        layout.beginLayout()
        y = 0.0
        while True:
            line = layout.createLine()
            if not line.isValid():
                break
            line.setLineWidth(max(1, width))
            line.setPosition(QPointF(0, y + (step - line.height()) / 2))
            y += step
        layout.endLayout()
        return layout

    def _advance(self) -> int:
        return self._look.font_metrics(self._style).horizontalAdvance(self.text())

    def hasHeightForWidth(self) -> bool:
        return self._wrap

    def heightForWidth(self, width: int) -> int:
        step = self._look.metrics.line(self._style)
        if not self._wrap:
            return step
        text = self.text()
        if "\n" not in text and self._advance() <= width:
            return step
        key = (text, width)
        if key not in self._heights:
            if len(self._heights) > 50:
                self._heights.clear()
            self._heights[key] = max(1, sum(self._lay_out_lines(part, width) for part in text.split("\n"))) * step
        return self._heights[key]

    def _lay_out_lines(self, part: str, width: int) -> int:
        from PySide6.QtGui import QTextLayout, QTextOption

        layout = QTextLayout(part, self._look.font(self._style))
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        layout.setTextOption(option)
        layout.beginLayout()
        count = 0
        while (line := layout.createLine()).isValid():
            line.setLineWidth(max(1, width))
            count += 1
        layout.endLayout()
        return max(1, count)

    def sizeHint(self) -> QSize:
        step = self._look.metrics.line(self._style)
        if not self._wrap:
            return QSize(self._advance() + 1, step)
        width = min(self._advance() + 1, self._look.metrics.px(360))
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        step = self._look.metrics.line(self._style)
        if self._wrap:
            return QSize(self._look.metrics.px(60), step)
        if self._elide is Qt.TextElideMode.ElideNone:
            return self.sizeHint()
        return QSize(min(self._advance() + 1, self._look.metrics.px(40)), step)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(self._look.colour(self._colour if self.isEnabled() else "ink3"))
        painter.setFont(self._look.font(self._style))
        if not self._wrap:
            text = self.text()
            if self._elide is not Qt.TextElideMode.ElideNone and self._advance() > self.width():
                text = self._look.font_metrics(self._style).elidedText(text, self._elide, self.width())
            painter.drawText(self.rect(), int(self._align) | LINE, text)
        else:
            step = self._look.metrics.line(self._style)
            y = 0.0
            if self._align & Qt.AlignmentFlag.AlignVCenter:
                y = max(0, self.height() - self.heightForWidth(self.width())) // 2
            for part in self.text().split("\n"):
                y += paint_wrapped(painter, QPointF(0, y), self.width(), part, self._look, self._style, self._align)
                if not part:
                    y += step
        painter.end()


def paint_wrapped(
    painter: QPainter,
    at: QPointF,
    width: int,
    text: str,
    look: Look,
    style: Style,
    align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft,
) -> int:
    """Paints a text wrapped with the style's line height in the painter's pen; answers its height."""
    from PySide6.QtGui import QTextLayout, QTextOption

    layout = QTextLayout(text, look.font(style))
    option = QTextOption(align)
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    layout.setTextOption(option)
    step = look.metrics.line(style)
    y = 0.0
    layout.beginLayout()
    while (line := layout.createLine()).isValid():
        line.setLineWidth(max(1, width))
        line.setPosition(QPointF(0, y + (step - line.height()) / 2))
        y += step
    layout.endLayout()
    layout.draw(painter, at)
    return int(y)


def fits(metrics: QFontMetrics, text: str, width: int, elide: Qt.TextElideMode = Qt.TextElideMode.ElideRight) -> str:
    """The text, elided when it is too long: at its end, or where `elide` says."""
    return text if metrics.horizontalAdvance(text) <= width else metrics.elidedText(text, elide, width)


MIDDLE = Qt.TextElideMode.ElideMiddle
"""For the names of schools: what tells them apart, a number or a campus, stands at either end."""


class IconLabel(QWidget):
    """An icon beside a text that says the same; hidden from screen readers."""

    def __init__(self, look: Look, icon: str, size: int = 20, colour: str = "ink2", parent: QWidget | None = None):
        super().__init__(parent)
        self._look, self._icon, self._size, self._colour = look, icon, size, colour
        side = look.metrics.px(size)
        self.setFixedSize(side, side)
        look.theme_changed.connect(self.update)

    def set_icon(self, icon: str, colour: str | None = None) -> None:
        self._icon = icon
        self._colour = colour or self._colour
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint_icon(painter, 0, 0, self._icon, self.width(), getattr(self._look.theme, self._colour))
        painter.end()
