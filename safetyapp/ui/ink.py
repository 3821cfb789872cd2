"""Handwriting: a white pad for pen, finger or mouse, and the picture that is kept of it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TypeAlias

from PySide6.QtCore import QBuffer, QByteArray, QElapsedTimer, QEvent, QIODevice, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QImage,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QPixmap,
    QResizeEvent,
    QTabletEvent,
    QTouchEvent,
)
from PySide6.QtWidgets import QWidget

Point: TypeAlias = tuple[float, float, int, float]
"""x, y in px, milliseconds from the first point of the signature, and how hard a pen pressed (0 to 1; 0 where nothing
can tell)."""
Strokes: TypeAlias = tuple[tuple[tuple[int, int, int], ...], ...]
"""As domain.inspection.Ink keeps them: x and y in 1/10 px."""

PAPER = QColor("#ffffff")
INK = QColor("#14232b")
THIN, THICK = 1.1, 3.4
FAST = 1.6
"""Pixels per millisecond at which a line is thinnest."""
SMOOTHING = 0.12
LARGEST = 20_000
"""Points after which a pad takes no more: nobody's name is longer, and a record stays small."""


def _width(before: Point, after: Point, former: float) -> float:
    if after[3] > 0:
        wanted = THIN + (THICK * 1.15 - THIN) * after[3]
    else:
        distance = math.hypot(after[0] - before[0], after[1] - before[1])
        speed = distance / max(1, after[2] - before[2])
        wanted = THICK - (THICK - THIN) * min(1.0, speed / FAST)
    return former + (wanted - former) * SMOOTHING


def _middle(a: Point, b: Point) -> QPointF:
    return QPointF((a[0] + b[0]) / 2, (a[1] + b[1]) / 2)


def _pen(width: float) -> QPen:
    return QPen(INK, width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin)


class _Line:
    """One stroke on its way: draws the piece that each new point makes certain."""

    def __init__(self) -> None:
        self.points: list[Point] = []
        self._width = (THIN + THICK) / 2

    def add(self, point: Point, painter: QPainter) -> QRectF:
        """Draws up to the middle before `point`; answers with the area that changed."""
        points = self.points
        points.append(point)
        here = QPointF(point[0], point[1])
        if len(points) == 1:
            return QRectF(here, here)
        before = points[-2]
        self._width = _width(before, point, self._width)
        painter.setPen(_pen(self._width))
        middle = _middle(before, point)
        path = QPainterPath()
        if len(points) == 2:
            path.moveTo(before[0], before[1])
            path.lineTo(middle)
        else:
            path.moveTo(_middle(points[-3], before))
            path.quadTo(QPointF(before[0], before[1]), middle)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPath(path)
        return path.boundingRect().adjusted(-4, -4, 4, 4)

    def end(self, painter: QPainter) -> None:
        """The last half piece, or the dot that a tap is."""
        points = self.points
        if not points:
            return
        last = QPointF(points[-1][0], points[-1][1])
        painter.setPen(_pen(max(self._width, THIN)))
        if len(points) == 1:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(INK)
            painter.drawEllipse(last, THICK * 0.55, THICK * 0.55)
        else:
            painter.drawLine(_middle(points[-2], points[-1]), last)


def draw_strokes(painter: QPainter, strokes: Sequence[Sequence[Point]]) -> None:
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for stroke in strokes:
        line = _Line()
        for point in stroke:
            line.add(point, painter)
        line.end(painter)


def picture(strokes: Sequence[Sequence[Point]], scale: float = 3.0, margin: float = 8.0) -> bytes:
    """The signature as a PNG on white, cut to its size. Empty when nothing was written."""
    points = [p for stroke in strokes for p in stroke]
    if not points:
        return b""
    left, right = min(p[0] for p in points) - margin, max(p[0] for p in points) + margin
    top, bottom = min(p[1] for p in points) - margin, max(p[1] for p in points) + margin
    image = QImage(
        QSize(math.ceil((right - left) * scale), math.ceil((bottom - top) * scale)), QImage.Format.Format_RGB32
    )
    image.fill(PAPER)
    painter = QPainter(image)
    painter.scale(scale, scale)
    painter.translate(-left, -top)
    draw_strokes(painter, strokes)
    painter.end()
    grey = image.convertToFormat(QImage.Format.Format_Grayscale8)
    kept = QByteArray()
    buffer = QBuffer(kept)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    grey.save(buffer, "PNG")  # type: ignore[call-overload]  # Qt takes str here, the stub wants bytes
    buffer.close()
    return bytes(kept.data())


class SignaturePad(QWidget):
    """Paper to sign on. It is white with dark ink in every theme, as what is kept is."""

    changed = Signal()
    """A stroke has ended, or the pad was cleared."""
    started = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_AcceptTouchEvents)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, False)
        self._strokes: list[list[Point]] = []
        self._line: _Line | None = None
        self._since = QElapsedTimer()
        self._layer = QPixmap()
        self.line_color = QColor("#7f8c91")
        self.foot = 0
        """Px kept free below the dashed line for what lies on the pad."""
        self.writable = True

    # what is on it

    def is_empty(self) -> bool:
        return not self._strokes

    def clear(self) -> None:
        self._strokes = []
        self._line = None
        self._redraw()
        self.changed.emit()

    def strokes(self) -> Strokes:
        """What was written, as it is kept."""
        return tuple(tuple((round(x * 10), round(y * 10), t) for x, y, t, _ in stroke) for stroke in self._strokes)

    def points(self) -> tuple[tuple[Point, ...], ...]:
        return tuple(tuple(stroke) for stroke in self._strokes)

    def set_points(self, strokes: Sequence[Sequence[Point]], scale: float = 1.0) -> None:
        """Shows a signature written elsewhere, for instance on the full window, at `scale`."""
        self._strokes = [[(x * scale, y * scale, t, pressed) for x, y, t, pressed in stroke] for stroke in strokes]
        self._line = None
        self._redraw()
        self.changed.emit()

    def image(self) -> bytes:
        return picture(self._strokes)

    # writing

    def _begin(self, place: QPointF, pressure: float = 0.0) -> None:
        if not self.writable or sum(len(s) for s in self._strokes) > LARGEST:
            return
        if not self._strokes:
            self._since.start()
            self.started.emit()
        elif not self._since.isValid():
            self._since.start()
        self._line = _Line()
        self._add(place, pressure)

    def _add(self, place: QPointF, pressure: float = 0.0) -> None:
        if self._line is None:
            return
        x = min(max(place.x(), 0.0), float(self.width()))
        y = min(max(place.y(), 0.0), float(self.height()))
        points = self._line.points
        if points and math.hypot(points[-1][0] - x, points[-1][1] - y) < 0.4:
            return
        painter = self._layer_painter()
        changed = self._line.add((x, y, int(self._since.elapsed()), pressure), painter)
        painter.end()
        self.update(changed.toAlignedRect())

    def _end(self) -> None:
        if self._line is None:
            return
        painter = self._layer_painter()
        self._line.end(painter)
        painter.end()
        self._strokes.append(self._line.points)
        self._line = None
        self.update()
        self.changed.emit()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._begin(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._add(event.position())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._end()

    def tabletEvent(self, event: QTabletEvent) -> None:
        kind = event.type()
        if kind == QEvent.Type.TabletPress:
            self.setFocus(Qt.FocusReason.MouseFocusReason)
            self._begin(event.position(), event.pressure())
        elif kind == QEvent.Type.TabletMove:
            self._add(event.position(), event.pressure())
        elif kind == QEvent.Type.TabletRelease:
            self._end()
        event.accept()

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QTouchEvent):
            return self._touch(event)
        return super().event(event)

    def _touch(self, event: QTouchEvent) -> bool:
        points = event.points()
        if points:
            place = points[0].position()
            if event.type() == QEvent.Type.TouchBegin:
                self.setFocus(Qt.FocusReason.MouseFocusReason)
                self._begin(place)
            elif event.type() == QEvent.Type.TouchUpdate:
                self._add(place)
        if event.type() in (QEvent.Type.TouchEnd, QEvent.Type.TouchCancel):
            self._end()
        event.accept()
        return True

    # painting

    def _layer_painter(self) -> QPainter:
        if self._layer.isNull():
            self._fresh_layer()
        painter = QPainter(self._layer)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        return painter

    def _fresh_layer(self) -> None:
        ratio = self.devicePixelRatioF()
        self._layer = QPixmap((self.size() * ratio).expandedTo(QSize(1, 1)))
        self._layer.setDevicePixelRatio(ratio)
        self._layer.fill(PAPER)

    def _redraw(self) -> None:
        self._fresh_layer()
        painter = QPainter(self._layer)
        draw_strokes(painter, self._strokes)
        painter.end()
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        old, new = event.oldSize(), event.size()
        if self._strokes and old.width() > 0 and new.width() > 0 and old != new:
            factor = min(new.width() / old.width(), new.height() / old.height(), 1.0)
            if factor < 1.0:
                self._strokes = [[(x * factor, y * factor, t, p) for x, y, t, p in stroke] for stroke in self._strokes]
        self._redraw()
        super().resizeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        if self._layer.isNull() or self._layer.devicePixelRatio() != self.devicePixelRatioF():
            painter.end()
            self._redraw()
            painter = QPainter(self)
        painter.drawPixmap(0, 0, self._layer)
        y = self.height() - self.foot
        pen = QPen(self.line_color, 1, Qt.PenStyle.CustomDashLine)
        pen.setDashPattern([4, 3])
        painter.setPen(pen)
        painter.drawLine(QPointF(24.5, y - 0.5), QPointF(self.width() - 24.5, y - 0.5))
        painter.end()
