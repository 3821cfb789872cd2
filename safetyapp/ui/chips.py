"""Chips and key caps: painters for delegates, and the same as widgets."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QPainter,
    QPen,
)
from PySide6.QtWidgets import (
    QLabel,
    QSizePolicy,
    QWidget,
)

from safetyapp.ui.icons import paint_icon
from safetyapp.ui.look import Look
from safetyapp.ui.metrics import Style
from safetyapp.ui.mosaic import paint_shape

if TYPE_CHECKING:  # Today opens with this module: what only types need is not loaded with it
    from PySide6.QtGui import QPaintEvent


class Chip(Enum):
    """A chip's kind: (text token, ground token or "", edge token or "")."""

    MAJOR = ("major", "major_tint", "")
    MINOR = ("minor", "minor_tint", "")
    OVER = ("over", "over_tint", "")
    OK = ("brand", "brand_tint", "")
    NEUTRAL = ("ink2", "bg_sunken", "")
    OUTLINE = ("ink2", "bg_surface", "line_strong")
    TROUBLE = ("on_trouble", "trouble", "")


_SHAPES = {Chip.MAJOR: "M", Chip.MINOR: "g"}
_STRONG = (Chip.MAJOR, Chip.MINOR, Chip.OVER)


def _chip_style(kind: Chip) -> Style:
    return Style.SMALL_STRONG if kind in _STRONG else Style.SMALL


def chip_width(look: Look, kind: Chip, text: str, icon: str = "") -> int:
    """The width a chip needs for its text."""
    px = look.metrics.px
    lead = px(14) if kind in _SHAPES or icon else 0
    return px(16) + lead + look.font_metrics(_chip_style(kind)).horizontalAdvance(text)


def paint_chip(painter: QPainter, rect: QRect, kind: Chip, text: str, look: Look, icon: str = "") -> None:
    """A chip filling `rect`: ▲ and ◆ come with MINOR and MAJOR; `icon` is for the others. The text is centred."""
    px = look.metrics.px
    ink, ground, edge = kind.value
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(look.colour(ground))
    painter.setPen(QPen(look.colour(edge), 1) if edge else Qt.PenStyle.NoPen)
    radius = look.metrics.radius_chip
    inset = 0.5 if edge else 0.0
    painter.drawRoundedRect(QRectF(rect).adjusted(inset, inset, -inset, -inset), radius, radius)
    style = _chip_style(kind)
    lead = px(14) if kind in _SHAPES or icon else 0
    wide = lead + look.font_metrics(style).horizontalAdvance(text)
    x = rect.x() + max(px(6), (rect.width() - wide) // 2)
    if kind in _SHAPES:
        side = px(10)
        box = QRectF(x, rect.center().y() - side / 2 + 0.5, side, side)
        token = "major" if kind is Chip.MAJOR else "minor"
        paint_shape(painter, box, _SHAPES[kind], look.colour(token))
    elif icon:
        paint_icon(painter, x - px(2), rect.center().y() - px(6), icon, px(13), getattr(look.theme, ink))
    painter.setFont(look.font(style))
    painter.setPen(look.colour(ink))
    painter.drawText(
        QRect(x + lead, rect.y(), rect.right() - x - lead, rect.height()), Qt.AlignmentFlag.AlignVCenter, text
    )
    painter.restore()


class ChipLabel(QLabel):
    """A chip as a widget."""

    def __init__(self, look: Look, kind: Chip, text: str, icon: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self._look = look
        self._kind = kind
        self._icon = icon
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        look.theme_changed.connect(self.update)

    def set_chip(self, kind: Chip, text: str, icon: str = "") -> None:
        self._kind, self._icon = kind, icon
        self.setText(text)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(chip_width(self._look, self._kind, self.text(), self._icon), self._look.metrics.chip)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint_chip(painter, self.rect(), self._kind, self.text(), self._look, self._icon)
        painter.end()


def key_cap_width(look: Look, keys: str) -> int:
    """The width of one key cap."""
    return max(look.metrics.px(18), look.font_metrics(Style.MICRO).horizontalAdvance(keys) + look.metrics.px(8))


def paint_key_cap(painter: QPainter, x: int, middle: int, keys: str, look: Look, colour: QColor) -> int:
    """A key cap at `x`, centred on `middle`; answers its width."""
    width, height = key_cap_width(look, keys), look.metrics.px(18)
    box = QRectF(x + 0.5, middle - height // 2 + 0.5, width - 1, height - 1)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    edge = QColor(colour)
    edge.setAlphaF(0.65)
    painter.setPen(QPen(edge, 1))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(box, look.metrics.radius_chip, look.metrics.radius_chip)
    painter.setFont(look.font(Style.MICRO))
    painter.setPen(colour)
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, keys)
    painter.restore()
    return width


class KeyCap(QLabel):
    """One key, drawn as a cap."""

    def __init__(self, look: Look, keys: str, parent: QWidget | None = None) -> None:
        super().__init__(keys, parent)
        self._look = look
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        look.theme_changed.connect(self.update)

    def sizeHint(self) -> QSize:
        return QSize(key_cap_width(self._look, self.text()), self._look.metrics.px(18))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint_key_cap(painter, 0, self.height() // 2, self.text(), self._look, self._look.colour("ink2"))
        painter.end()
