"""The mosaic 格图: one small mark per item, in order; and the two shapes that say severity without colour."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QMouseEvent, QPaintEvent, QResizeEvent

    from safetyapp.ui.look import Look

MARK, GAP = 8, 2
"""px at 100 %."""


class Snap(NamedTuple):
    """Whole device pixels for a painter: without them equal gaps come out unequal at 125 and 150 %."""

    scale: float
    left: float
    top: float

    @classmethod
    def of(cls, painter: QPainter) -> Snap:
        t = painter.deviceTransform()
        return cls(t.m11() or 1.0, t.dx(), t.dy())

    def x(self, value: float) -> float:
        """The logical x of the device pixel edge nearest to `value`."""
        return (round(value * self.scale + self.left) - self.left) / self.scale

    def y(self, value: float) -> float:
        return (round(value * self.scale + self.top) - self.top) / self.scale

    def length(self, value: float) -> float:
        """A length of whole device pixels, at least one."""
        return max(1, round(value * self.scale)) / self.scale

    @property
    def pixel(self) -> float:
        return 1 / self.scale


def paint_hairline(painter: QPainter, x1: float, x2: float, bottom: float, colour: QColor) -> None:
    """A line of one device pixel whose lower edge is at `bottom`: stays visible between rows at every scale."""
    snap = Snap.of(painter)
    painter.fillRect(QRectF(x1, snap.y(bottom) - snap.pixel, x2 - x1, snap.pixel), colour)


def triangle(rect: QRectF) -> QPolygonF:
    """▲ of the general hazard."""
    return QPolygonF([rect.bottomLeft(), QPointF(rect.center().x(), rect.top()), rect.bottomRight()])


def diamond(rect: QRectF) -> QPolygonF:
    """◆ of the major hazard."""
    middle = rect.center()
    return QPolygonF(
        [
            QPointF(middle.x(), rect.top()),
            QPointF(rect.right(), middle.y()),
            QPointF(middle.x(), rect.bottom()),
            QPointF(rect.left(), middle.y()),
        ]
    )


def paint_shape(painter: QPainter, rect: QRectF, shape: str, colour: QColor) -> None:
    """`M` ◆, `c` ◇ or `g` ▲, smooth."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if shape == "c":
        painter.setPen(QPen(colour, max(1.0, rect.width() / 7)))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        rect = rect.adjusted(1, 1, -1, -1)
    else:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
    painter.drawPolygon(triangle(rect) if shape == "g" else diamond(rect))
    painter.restore()


def mosaic_columns(look: Look, width: int) -> int:
    """How many marks stand in one line of `width` px."""
    pitch = look.metrics.px(MARK) + look.metrics.px(GAP)
    return max(1, (width + look.metrics.px(GAP)) // pitch)


def mosaic_height(look: Look, count: int, width: int) -> int:
    """The height of `count` marks wrapped at `width` px."""
    lines = max(1, -(-count // mosaic_columns(look, width)))
    return lines * look.metrics.px(MARK) + (lines - 1) * look.metrics.px(GAP)


def mosaic_width(look: Look, count: int) -> int:
    """The width of `count` marks in one line."""
    return count * (look.metrics.px(MARK) + look.metrics.px(GAP)) - look.metrics.px(GAP)


def mark_at(look: Look, rect: QRect, count: int, point: QPoint) -> int:
    """The index of the mark at a point, or -1."""
    pitch = look.metrics.px(MARK) + look.metrics.px(GAP)
    x, y = point.x() - rect.x(), point.y() - rect.y()
    columns = mosaic_columns(look, rect.width())
    column, line = x // pitch, y // pitch
    index = line * columns + column
    return index if x >= 0 and y >= 0 and column < columns and index < count else -1


def paint_mosaic(painter: QPainter, rect: QRect, marks: str, look: Look, current: int = -1) -> None:
    """Paints marks (p ■, g ▲, M ◆, n –, o □) wrapped into `rect`; the current one gets a frame."""
    metrics, snap = look.metrics, Snap.of(painter)
    size = snap.length(metrics.px(MARK))
    pitch = size + snap.length(metrics.px(GAP))
    left, top = snap.x(rect.x()), snap.y(rect.y())
    columns = mosaic_columns(look, rect.width())
    squares: list[QRectF] = []
    dashes: list[QRectF] = []
    edges: list[QRectF] = []
    shapes: list[tuple[str, QRectF]] = []
    pixel = snap.pixel
    dash = max(pixel, snap.length(metrics.px(2) if metrics.scale > 1 else 1.5))
    for index, mark in enumerate(marks):
        x, y = left + (index % columns) * pitch, top + (index // columns) * pitch
        if mark == "p":
            squares.append(QRectF(x, y, size, size))
        elif mark == "o":
            edges.append(QRectF(x, y, size, pixel))
            edges.append(QRectF(x, y + size - pixel, size, pixel))
            edges.append(QRectF(x, y + pixel, pixel, size - 2 * pixel))
            edges.append(QRectF(x + size - pixel, y + pixel, pixel, size - 2 * pixel))
        elif mark == "n":
            dashes.append(QRectF(x, snap.y(y + (size - dash) / 2), size, dash))
        else:
            shapes.append((mark, QRectF(x, y, size, size)))
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    painter.setPen(Qt.PenStyle.NoPen)
    for rects, token in ((squares, "brand"), (edges, "line_strong"), (dashes, "ink3")):
        if rects:
            painter.setBrush(look.colour(token))
            painter.drawRects(rects)
    painter.restore()
    for mark, box in shapes:
        paint_shape(painter, box, mark, look.colour("major_fill" if mark == "M" else "minor_fill"))
    if 0 <= current < len(marks):
        x, y = left + (current % columns) * pitch, top + (current // columns) * pitch
        frame = snap.length(2)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(look.colour("focus"), frame))
        grow = frame / 2 + pixel
        painter.drawRoundedRect(QRectF(x, y, size, size).adjusted(-grow, -grow, grow, grow), 2, 2)
        painter.restore()


class MosaicWidget(QWidget):
    """The mosaic as a widget. A click jumps (the same jump is always in a list too, so it takes no focus); `describe`
    gives the tooltip of a mark. With `room` there is space around it for the frame of the current mark."""

    jumped = Signal(int)

    def __init__(self, look: Look, marks: str = "", parent: QWidget | None = None, *, room: bool = False) -> None:
        super().__init__(parent)
        self._room = look.metrics.px(3) if room else 0
        self._look = look
        self._marks = marks
        self._current = -1
        self._tips: _Tips | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        policy = self.sizePolicy()
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        look.theme_changed.connect(self.update)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return mosaic_height(self._look, len(self._marks), width - 2 * self._room) + 2 * self._room

    def _area(self) -> QRect:
        return self.rect().adjusted(self._room, self._room, -self._room, -self._room)

    def sizeHint(self) -> QSize:
        width = mosaic_width(self._look, max(1, min(len(self._marks), 33))) + 2 * self._room
        return QSize(width, self.heightForWidth(self.width() or width))

    def minimumSizeHint(self) -> QSize:
        return QSize(self._look.metrics.px(80), self._look.metrics.px(MARK) + 2 * self._room)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_height()

    def _fit_height(self) -> None:
        """Nested layouts do not ask for the height at a width: a mosaic holds its own."""
        self.setFixedHeight(self.heightForWidth(self.width()))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint_mosaic(painter, self._area(), self._marks, self._look, self._current)
        painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        index = self.mark_under(event.position().toPoint())
        if index >= 0:
            self.jumped.emit(index)
        else:
            event.ignore()

    @property
    def describe(self) -> Callable[[int], str] | None:
        """The words for a mark, said by its tooltip."""
        return self._tips.describe if self._tips is not None else None

    @describe.setter
    def describe(self, describe: Callable[[int], str]) -> None:
        self._tips = _Tips(self, describe)
        self.installEventFilter(self._tips)

    def mark_under(self, point: QPoint) -> int:
        """The index of the mark at a point, or -1."""
        return mark_at(self._look, self._area(), len(self._marks), point)


class _Tips(QObject):
    """The tooltips of a mosaic. No override of `event`: that would ask about every event of every mosaic."""

    def __init__(self, mosaic: MosaicWidget, describe: Callable[[int], str]) -> None:
        super().__init__(mosaic)
        self._mosaic = mosaic
        self.describe = describe

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() != QEvent.Type.ToolTip:
            return False
        from PySide6.QtGui import QHelpEvent
        from PySide6.QtWidgets import QToolTip

        assert isinstance(event, QHelpEvent)
        index = self._mosaic.mark_under(event.pos())
        if index >= 0:
            QToolTip.showText(event.globalPos(), self.describe(index), self._mosaic)
        else:
            QToolTip.hideText()
        return True
