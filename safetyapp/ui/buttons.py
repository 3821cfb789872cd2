"""Buttons: what a person presses, with icon, lead, text and key cap."""

from __future__ import annotations

from enum import Enum

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from safetyapp.ui.chips import key_cap_width, paint_key_cap
from safetyapp.ui.icons import paint_icon
from safetyapp.ui.look import Look
from safetyapp.ui.metrics import Style


class Kind(Enum):
    """How a button looks. One PRIMARY per screen."""

    PRIMARY = "primary"
    NORMAL = "normal"
    LINK = "link"
    ICON = "icon"
    TROUBLE = "trouble"


class Button(QPushButton):
    """A button that paints icon, a strong lead ("17"), its text and its key cap. Enter and Space press it.

    `keys` is only shown; who wants the key binds it.
    """

    has_focus_ring = True

    def __init__(
        self,
        look: Look,
        text: str,
        *,
        icon: str = "",
        keys: str = "",
        kind: Kind = Kind.NORMAL,
        lead: str = "",
        height: int = 32,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._look = look
        self._words = text
        self._icon = icon
        self._keys = keys
        self._lead = lead
        self.kind = kind
        self._height = height
        self.setAutoDefault(False)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor if kind is Kind.LINK else Qt.CursorShape.ArrowCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)
        self._name()
        look.theme_changed.connect(self.update)

    def set_words(self, text: str, lead: str = "", icon: str | None = None) -> None:
        """Changes what it says."""
        self._words, self._lead = text, lead
        if icon is not None:
            self._icon = icon
        self._name()
        self.updateGeometry()
        self.update()

    def set_keys(self, keys: str) -> None:
        """Changes the key cap that is shown; empty shows none."""
        if keys != self._keys:
            self._keys = keys
            self.updateGeometry()
            self.update()

    def set_kind(self, kind: Kind) -> None:
        self.kind = kind
        self.update()

    def words(self) -> str:
        return f"{self._lead} {self._words}".strip()

    def _name(self) -> None:
        self.setAccessibleName(self.words())
        self.setToolTip(self._words if self.kind is Kind.ICON else "")
        if self._keys:
            self.setAccessibleDescription(self._keys)
            if self.kind is Kind.ICON:
                self.setToolTip(f"{self._words}  {self._keys}")

    def sizeHint(self) -> QSize:
        px, height = self._look.metrics.px, self._look.metrics.px(self._height)
        if self.kind is Kind.ICON:
            return QSize(height, height)
        pad = px(4) if self.kind in (Kind.LINK, Kind.TROUBLE) else px(13)
        return QSize(2 * pad + self._inner_width(), height)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def _inner_width(self) -> int:
        px = self._look.metrics.px
        width = self._look.font_metrics(self._text_style()).horizontalAdvance(self._words)
        if self._icon:
            width += px(16) + (px(7) if self._words else 0)
        if self._lead:
            width += self._look.font_metrics(Style.STRONG).horizontalAdvance(self._lead) + px(5)
        if self._keys:
            width += key_cap_width(self._look, self._keys) + px(7)
        return width

    def _text_style(self) -> Style:
        if self.kind is Kind.TROUBLE:
            return Style.COMPACT_STRONG
        if self.kind is Kind.LINK:
            return Style.COMPACT
        return Style.COMPACT if self._height < 32 else Style.BODY

    def paintEvent(self, event: QPaintEvent) -> None:
        look, px = self._look, self._look.metrics.px
        theme = look.theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        hot = self.isEnabled() and (self.isDown() or self.underMouse())
        ink = "ink"
        ground, edge = "bg_hover" if hot else "bg_surface", "line_strong"
        if self.kind is Kind.PRIMARY:
            ground = edge = "brand_hover" if hot else "brand"
            ink = "on_brand"
        elif self.kind is Kind.LINK:
            ground, edge, ink = "", "", "brand_hover" if hot else "brand"
        elif self.kind is Kind.TROUBLE:
            ground, edge, ink = "", "", "on_trouble"
        elif self.kind is Kind.ICON:
            ground, edge = "bg_hover" if hot else "", ""
        if not self.isEnabled():
            ink = "ink3"
            if ground:
                ground, edge = "bg_sunken", "line"
        if ground:
            painter.setBrush(look.colour(ground))
            painter.setPen(QPen(look.colour(edge), 1) if edge else Qt.PenStyle.NoPen)
            box = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
            painter.drawRoundedRect(box, look.metrics.radius, look.metrics.radius)
        colour = getattr(theme, ink)
        side = px(20) if self.kind is Kind.ICON else px(16)
        middle = self.height() // 2
        if self.kind is Kind.ICON:
            paint_icon(painter, (self.width() - side) / 2, (self.height() - side) / 2, self._icon, side, colour)
            painter.end()
            return
        x = (self.width() - self._inner_width()) // 2
        if self._icon:
            paint_icon(painter, x, (self.height() - side) / 2, self._icon, side, colour)
            x += side + (px(7) if self._words else 0)
        painter.setPen(look.colour(ink))
        if self._lead:
            painter.setFont(look.font(Style.STRONG))
            wide = look.font_metrics(Style.STRONG).horizontalAdvance(self._lead)
            painter.drawText(QRect(x, 0, wide, self.height()), Qt.AlignmentFlag.AlignVCenter, self._lead)
            x += wide + px(5)
        style = self._text_style()
        font = look.font(style)
        if self.kind is Kind.TROUBLE:
            font = QFont(font)
            font.setUnderline(True)
        painter.setFont(font)
        wide = look.font_metrics(style).horizontalAdvance(self._words)
        painter.drawText(QRect(x, 0, wide + px(2), self.height()), Qt.AlignmentFlag.AlignVCenter, self._words)
        x += wide + px(7)
        if self._keys:
            paint_key_cap(painter, x, middle, self._keys, look, look.colour(ink))
        painter.end()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.animateClick()
        else:
            super().keyPressEvent(event)


class PrimaryButton(Button):
    """The one filled button of a screen."""

    def __init__(
        self,
        look: Look,
        text: str,
        *,
        icon: str = "",
        keys: str = "",
        height: int = 32,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(look, text, icon=icon, keys=keys, kind=Kind.PRIMARY, height=height, parent=parent)
