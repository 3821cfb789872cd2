"""Segments 分段: a choice of one, side by side, as a widget and as painting for delegates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QHBoxLayout, QRadioButton, QSizePolicy, QWidget

from safetyapp.ui.chips import key_cap_width, paint_key_cap
from safetyapp.ui.icons import paint_icon
from safetyapp.ui.look import Look
from safetyapp.ui.metrics import Style
from safetyapp.ui.mosaic import paint_shape


class Tone(Enum):
    """What a chosen segment is filled with: (ground token, text token)."""

    BRAND = ("brand", "on_brand")
    MINOR = ("minor_fill", "on_minor")
    MAJOR = ("major_fill", "on_major")
    NEUTRAL = ("ink3", "bg_surface")


@dataclass(frozen=True, slots=True)
class Option:
    """One choice of a segment. `keys` is drawn as a cap before the text; `shape` is M ◆ or g ▲."""

    value: object
    text: str
    keys: str = ""
    tone: Tone = Tone.BRAND
    shape: str = ""
    icon: str = ""


def segment_width(look: Look, option: Option, pad: int = 10) -> int:
    """The natural width of one segment, wide enough for the strong face."""
    words = look.font_metrics(Style.COMPACT_STRONG).horizontalAdvance(option.text)
    return words + 2 * look.metrics.px(pad) + _marks_width(look, option)


def _marks_width(look: Look, option: Option) -> int:
    """What stands before a segment's words: key caps, shape, icon."""
    px, width = look.metrics.px, 0
    if option.keys:
        width += key_cap_width(look, option.keys) + px(5)
    if option.shape:
        width += px(15)
    if option.icon:
        width += px(16) + (px(5) if option.text else 0)
    return width


def segment_widths(look: Look, options: Sequence[Option], pad: int = 10) -> list[int]:
    """The natural widths of all segments, for delegates."""
    return [segment_width(look, option, pad) for option in options]


def paint_segments(
    painter: QPainter,
    rects: Sequence[QRect],
    options: Sequence[Option],
    chosen: object,
    look: Look,
    *,
    hovered: int = -1,
    enabled: bool = True,
) -> None:
    """A frame of segments side by side; `chosen` is the value of the filled one (None: none)."""
    if not rects:
        return
    frame = rects[0].united(rects[-1])
    radius = look.metrics.radius
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(look.colour("bg_surface" if enabled else "bg_sunken"))
    painter.drawRoundedRect(QRectF(frame).adjusted(0.5, 0.5, -0.5, -0.5), radius, radius)
    last = len(options) - 1
    for index, (rect, option) in enumerate(zip(rects, options, strict=True)):
        is_chosen = option.value == chosen
        if is_chosen or index == hovered:
            ground = look.colour(option.tone.value[0] if is_chosen else "bg_hover")
            _fill_end(painter, QRectF(rect), ground, radius, index == 0, index == last)
        paint_segment_text(painter, rect, option, is_chosen, look, enabled=enabled)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(look.colour("line_strong"), 1))
    painter.drawRoundedRect(QRectF(frame).adjusted(0.5, 0.5, -0.5, -0.5), radius, radius)
    for rect in rects[1:]:
        painter.drawLine(QPointF(rect.left() + 0.5, frame.top() + 1), QPointF(rect.left() + 0.5, frame.bottom()))
    painter.restore()


def _fill_end(painter: QPainter, rect: QRectF, colour: QColor, radius: int, first: bool, last: bool) -> None:
    """A fill that is round only where the frame is."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    box = rect.adjusted(0.5, 0.5, -0.5, -0.5)
    if not (first or last):
        painter.drawRect(QRectF(rect.left(), rect.top() + 0.5, rect.width(), rect.height() - 1))
        return
    painter.save()
    grow = radius + 2
    painter.setClipRect(rect, Qt.ClipOperation.IntersectClip)
    painter.drawRoundedRect(
        box.adjusted(0 if first else -grow, 0, 0 if last else grow, 0),
        radius,
        radius,
    )
    painter.restore()


def paint_segment_text(
    painter: QPainter, rect: QRect, option: Option, is_chosen: bool, look: Look, *, enabled: bool = True
) -> None:
    """What stands inside one segment, centred."""
    px = look.metrics.px
    ink = option.tone.value[1] if is_chosen else ("ink2" if enabled else "ink3")
    colour = look.colour(ink)
    style = Style.COMPACT_STRONG if is_chosen else Style.COMPACT
    wide = look.font_metrics(style).horizontalAdvance(option.text)
    total = wide + _marks_width(look, option)
    x = rect.x() + (rect.width() - total) // 2
    middle = rect.y() + rect.height() // 2
    if option.keys:
        x += paint_key_cap(painter, x, middle, option.keys, look, colour) + px(5)
    if option.shape:
        side = px(11)
        token = ink if is_chosen else "ink2"
        paint_shape(painter, QRectF(x, middle - side / 2, side, side), option.shape, look.colour(token))
        x += px(15)
    if option.icon:
        paint_icon(painter, x, middle - px(8), option.icon, px(16), getattr(look.theme, ink))
        x += px(16) + (px(5) if option.text else 0)
    painter.setFont(look.font(style))
    painter.setPen(colour)
    painter.drawText(QRect(x, rect.y(), wide + px(2), rect.height()), Qt.AlignmentFlag.AlignVCenter, option.text)


class _SegmentButton(QRadioButton):
    """One choice: a radio button to keys and screen readers, painted by its Segment's rules."""

    has_focus_ring = True

    def __init__(self, look: Look, option: Option, place: tuple[bool, bool], height: int, parent: QWidget) -> None:
        super().__init__(parent)
        self._look = look
        self.option = option
        self._place = place
        self._height = height
        self.setAccessibleName(option.text)
        if option.keys:
            self.setAccessibleDescription(option.keys)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.MinimumExpanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(segment_width(self._look, self.option), self._look.metrics.px(self._height))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def hitButton(self, pos: QPoint) -> bool:
        return self.rect().contains(pos)

    def paintEvent(self, event: QPaintEvent) -> None:
        look, rect = self._look, self.rect()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        first, last = self._place
        chosen = self.isChecked()
        if chosen:
            ground = self.option.tone.value[0]
        elif not self.isEnabled():
            ground = "bg_sunken"
        else:
            ground = "bg_hover" if self.underMouse() else "bg_surface"
        radius = look.metrics.radius
        _fill_end(painter, QRectF(rect), look.colour(ground), radius, first, last)
        paint_segment_text(painter, rect, self.option, chosen, look, enabled=self.isEnabled())
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(look.colour("line_strong"), 1))
        grow = radius + 4
        painter.drawRoundedRect(
            QRectF(rect).adjusted(0.5 if first else -grow, 0.5, -0.5 if last else grow, -0.5), radius, radius
        )
        if not first:
            painter.drawLine(QPointF(0.5, 1), QPointF(0.5, rect.height() - 1))
        painter.end()


class Segment(QWidget):
    """A choice of one, side by side. ← → move inside; it is one tab stop. `chosen(value)` when a person chooses."""

    chosen = Signal(object)

    def __init__(
        self,
        look: Look,
        options: Sequence[Option],
        value: object = None,
        *,
        name: str = "",
        height: int = 32,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._group = QButtonGroup(self)
        self.setAccessibleName(name)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        last = len(options) - 1
        for index, option in enumerate(options):
            button = _SegmentButton(look, option, (index == 0, index == last), height, self)
            if name:
                button.setAccessibleName(f"{name} {option.text}")
            self._group.addButton(button, index)
            row.addWidget(button, 1)
        self._group.buttonToggled.connect(self._on_toggled)
        self._quiet = False
        self.set_value(value)
        look.theme_changed.connect(self.update)

    def _on_toggled(self, button: QAbstractButton, checked: bool) -> None:
        if checked and not self._quiet and isinstance(button, _SegmentButton):
            self.chosen.emit(button.option.value)

    def value(self) -> object:
        """The chosen value, or None."""
        button = self._group.checkedButton()
        return button.option.value if isinstance(button, _SegmentButton) else None

    def set_value(self, value: object) -> None:
        """Chooses without the signal; a value that is not offered chooses none."""
        self._quiet = True
        found = next((b for b in self.buttons() if b.option.value == value), None)
        if found is not None:
            found.setChecked(True)
        elif (checked := self._group.checkedButton()) is not None:
            self._group.setExclusive(False)
            checked.setChecked(False)
            self._group.setExclusive(True)
        self._quiet = False
        self._fix_tab_stop()

    def buttons(self) -> list[_SegmentButton]:
        return [b for b in self._group.buttons() if isinstance(b, _SegmentButton)]

    def _fix_tab_stop(self) -> None:
        """With nothing chosen only the first takes the Tab key."""
        checked = self._group.checkedButton()
        for button in self.buttons():
            stop = button is checked or (checked is None and self._group.id(button) == 0)
            button.setFocusPolicy(Qt.FocusPolicy.StrongFocus if stop else Qt.FocusPolicy.ClickFocus)
