"""The column of tools beside the picture, and the small buttons on the dark bar under it."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QSizePolicy, QWidget

from safetyapp.texts import Texts
from safetyapp.ui.annotate_canvas import ON_GROUND
from safetyapp.ui.annotate_model import Marking, Tool
from safetyapp.ui.chips import key_cap_width, paint_key_cap
from safetyapp.ui.icons import paint_icon
from safetyapp.ui.look import Look
from safetyapp.ui.metrics import Style

COLUMN = 84
_ROW, _LEAST_ROW = 54, 33


class _ToolButton(QAbstractButton):
    """Icon above its word, the key in the corner."""

    has_focus_ring = True

    def __init__(self, look: Look, icon: str, word: str, key: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._look, self._icon, self._word, self._key = look, icon, word, key
        self.setAccessibleName(word)
        self.setAccessibleDescription(key)
        self.setToolTip(f"{word}  {key}")
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        look.theme_changed.connect(self.update)

    def paintEvent(self, event: QPaintEvent) -> None:
        look, px = self._look, self._look.metrics.px
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        chosen = self.isChecked()
        ink = "brand" if chosen else "ink" if self.isEnabled() else "ink3"
        if chosen or (self.underMouse() and self.isEnabled()):
            painter.setBrush(look.colour("bg_selected" if chosen else "bg_hover"))
            painter.setPen(QPen(look.colour("brand"), 1) if chosen else Qt.PenStyle.NoPen)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), px(4), px(4))
        style = Style.SMALL_STRONG if chosen else Style.SMALL
        line = look.metrics.line(style)
        side = px(20) if self.height() >= px(20) + line + px(6) else px(16)
        top = (self.height() - side - line - px(2)) / 2
        paint_icon(painter, (self.width() - side) / 2, top, self._icon, side, getattr(look.theme, ink))
        painter.setFont(look.font(style))
        painter.setPen(look.colour(ink))
        words = QRect(0, round(top) + side + px(2), self.width(), line)
        painter.drawText(words, Qt.AlignmentFlag.AlignCenter, self._word)
        painter.setFont(look.font(Style.MICRO))
        painter.setPen(look.colour("ink2"))
        corner = self.rect().adjusted(0, px(2), -px(6), 0)
        painter.drawText(corner, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop, self._key)
        painter.end()


class ToolColumn(QWidget):
    """Eight tools, one stop of the Tab key; arrows go from one to the next."""

    turn_wanted = Signal()

    def __init__(self, look: Look, texts: Texts, marking: Marking) -> None:
        super().__init__()
        self._look, self._marking = look, marking
        self.setAccessibleName(texts.say("annotate.tools"))
        self._group = QButtonGroup(self)
        self._buttons: dict[Tool, _ToolButton] = {}
        for tool in Tool:
            button = _ToolButton(look, tool.icon, texts.say(f"annotate.tool.{tool.word}"), tool.key, self)
            button.setCheckable(True)
            button.clicked.connect(partial(self._use, tool))
            self._group.addButton(button)
            self._buttons[tool] = button
        self.turn = _ToolButton(look, "rotate-clockwise", texts.say("annotate.tool.turn"), "W", self)
        self.turn.clicked.connect(self.turn_wanted)
        words = max(look.font_metrics(Style.SMALL_STRONG).horizontalAdvance(b.accessibleName()) for b in self.stops())
        self.setFixedWidth(max(look.metrics.px(COLUMN), words + look.metrics.px(26)))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        marking.tool_changed.connect(self._show_tool)
        look.theme_changed.connect(self.update)
        self._show_tool()

    def stops(self) -> list[_ToolButton]:
        """What takes the Tab key, in order."""
        return [*self._buttons.values(), self.turn]

    def _use(self, tool: Tool, _: bool = False) -> None:
        self._marking.use(tool)

    def _show_tool(self) -> None:
        for tool, button in self._buttons.items():
            is_now = tool is self._marking.tool
            button.setChecked(is_now)
            button.setFocusPolicy(Qt.FocusPolicy.StrongFocus if is_now else Qt.FocusPolicy.ClickFocus)

    def sizeHint(self) -> QSize:
        return QSize(self.width(), self._look.metrics.px(_LEAST_ROW) * len(self.stops()))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        px, buttons = self._look.metrics.px, self.stops()
        side, top = px(6), px(4)
        tall = min(px(_ROW), (self.height() - 2 * top) // len(buttons))
        for place, button in enumerate(buttons):
            button.setGeometry(side, top + place * tall, self.width() - 2 * side, tall - px(2))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._look.colour("bg_surface"))
        painter.fillRect(self.width() - 1, 0, 1, self.height(), self._look.colour("line"))
        painter.end()


class BarButton(QAbstractButton):
    """A button on the dark bar: icon, word, key."""

    has_focus_ring = True

    def __init__(self, look: Look, icon: str, word: str, keys: str = "", bare: bool = False) -> None:
        """`bare`: without its word, which is then only its name."""
        super().__init__()
        self._look, self._icon, self._word, self._keys, self._bare = look, icon, word, keys, bare
        self.setAccessibleName(word)
        self.setAccessibleDescription(keys)
        self.setToolTip(f"{word}  {keys}")
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def set_bare(self, bare: bool) -> None:
        """Without its word, where there is no room for it."""
        if bare != self._bare:
            self._bare = bare
            self.updateGeometry()
            self.update()

    def sizeHint(self) -> QSize:
        px = self._look.metrics.px
        width = px(16) + px(12)
        if not self._bare:
            width += self._look.font_metrics(Style.COMPACT).horizontalAdvance(self._word) + px(5)
            width += key_cap_width(self._look, self._keys) + px(5) if self._keys else 0
        return QSize(width, px(28))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        look, px = self._look, self._look.metrics.px
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        light = QColor(ON_GROUND)
        if self.underMouse() and self.isEnabled():
            ground = QColor(ON_GROUND)
            ground.setAlphaF(0.16)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(ground)
            painter.drawRoundedRect(self.rect(), px(4), px(4))
        if not self.isEnabled():
            light.setAlphaF(0.4)
            painter.setOpacity(0.4)
        x, middle = px(6), self.height() // 2
        paint_icon(painter, x, middle - px(8), self._icon, px(16), ON_GROUND)
        painter.setOpacity(1.0)
        if not self._bare:
            x += px(21)
            painter.setPen(light)
            painter.setFont(look.font(Style.COMPACT))
            wide = look.font_metrics(Style.COMPACT).horizontalAdvance(self._word)
            painter.drawText(QRect(x, 0, wide + px(2), self.height()), Qt.AlignmentFlag.AlignVCenter, self._word)
            if self._keys:
                paint_key_cap(painter, x + wide + px(5), middle, self._keys, look, light)
        painter.end()
