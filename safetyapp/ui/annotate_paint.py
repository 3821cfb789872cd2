"""Marks painted on the screen as they are burnt for paper: the shapes, lines and blocks of domain.photo_marks."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QPen, QPolygonF, QTransform
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from safetyapp.domain.photo_marks import (
    SIDE,
    Crop,
    Mark,
    MarkKind,
    arrow_points,
    block_side,
    label_corner,
    line_pixels,
    pixels,
    text_pixels,
)
from safetyapp.ui.look import make_font

OUTLINE = 2.0
"""Pixels of the picture around each mark, as on paper."""
GRIP = 14.0
"""Pixels of the picture that a finger or a shaky pointer may miss a line by."""


def turned_image(image: QImage, turns: int) -> QImage:
    """The picture after its quarter turns."""
    return image.transformed(QTransform().rotate(90 * (turns % 4))) if turns % 4 else image


def place(mark: Mark, width: float, height: float) -> tuple[QPointF, QPointF]:
    """The mark's two points in pixels of a picture."""
    return (
        QPointF(mark.x1 * width / SIDE, mark.y1 * height / SIDE),
        QPointF(mark.x2 * width / SIDE, mark.y2 * height / SIDE),
    )


class MarkItem(QGraphicsItem):
    """One mark on the picture."""

    def __init__(self, mark: Mark, picture: QImage, crop: Crop | None = None) -> None:
        super().__init__()
        self.mark, self._crop = mark, crop
        self._picture = picture
        self._width, self._height = float(picture.width()), float(picture.height())
        self._shorter = min(picture.width(), picture.height())
        self._blocks: QImage | None = None
        self._bounds = self.outline().controlPointRect().adjusted(-4, -4, 4, 4)

    def boundingRect(self) -> QRectF:
        return self._bounds

    def shape(self) -> QPainterPath:
        """Where a press means this mark: all of a redaction or a text, the line of the others."""
        return self.outline(GRIP)

    def outline(self, grow: float = OUTLINE) -> QPainterPath:
        mark, path = self.mark, QPainterPath()
        one, other = place(mark, self._width, self._height)
        line = line_pixels(mark.thickness, self._shorter)
        if mark.kind is MarkKind.TEXT:
            path.addRect(self.label().adjusted(-grow, -grow, grow, grow))
        elif mark.kind is MarkKind.ARROW:
            path.addPolygon(_polygon(arrow_points((one.x(), one.y()), (other.x(), other.y()), line, grow)))
            path.closeSubpath()
        elif mark.kind.hides:
            path.addRect(QRectF(one, other))
        else:
            half = line / 2 + grow
            for edge in (half, -half):
                box = QRectF(one, other).adjusted(-edge, -edge, edge, edge)
                if mark.kind is MarkKind.CIRCLE:
                    path.addEllipse(box)
                else:
                    path.addRect(box)
        return path

    def label(self) -> QRectF:
        """The box of a text."""
        letters = text_pixels(self.mark.thickness, self._shorter)
        pad = letters * 0.4
        path = QPainterPath()
        path.addText(0, 0, make_font(round(letters), 600), self.mark.text)
        width = path.boundingRect().width() + 2 * pad
        size = (width, letters * 1.3 + pad)
        middle = (self.mark.x1 * self._width / SIDE, self.mark.y1 * self._height / SIDE)
        x, y = label_corner(middle, size, self._crop, (self._width, self._height))
        return QRectF(x, y, *size)

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        mark = self.mark
        one, other = place(mark, self._width, self._height)
        line = line_pixels(mark.thickness, self._shorter)
        colour, edge = QColor(mark.colour.paint), QColor(mark.colour.outline)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if mark.kind.hides:
            self._hide(painter)
        elif mark.kind is MarkKind.TEXT:
            box = self.label()
            painter.fillRect(box.adjusted(-OUTLINE, -OUTLINE, OUTLINE, OUTLINE), edge)
            painter.fillRect(box, colour)
            painter.setPen(edge)
            painter.setFont(make_font(round(text_pixels(mark.thickness, self._shorter)), 600))
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, mark.text)
        elif mark.kind is MarkKind.ARROW:
            painter.setPen(Qt.PenStyle.NoPen)
            for grow, brush in ((OUTLINE, edge), (0.0, colour)):
                painter.setBrush(brush)
                painter.drawPolygon(_polygon(arrow_points((one.x(), one.y()), (other.x(), other.y()), line, grow)))
        else:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            for wide, ink in ((line + 2 * OUTLINE, edge), (line, colour)):
                painter.setPen(QPen(ink, wide, Qt.PenStyle.SolidLine, Qt.PenCapStyle.SquareCap, _JOIN))
                if mark.kind is MarkKind.CIRCLE:
                    painter.drawEllipse(QRectF(one, other))
                else:
                    painter.drawRect(QRectF(one, other))

    def _hide(self, painter: QPainter) -> None:
        mark = self.mark
        left, top, right, bottom = pixels(mark.x1, mark.y1, mark.x2, mark.y2, int(self._width), int(self._height))
        area = QRect(left, top, max(1, right - left), max(1, bottom - top))
        if mark.kind is MarkKind.BLACK:
            painter.fillRect(area, Qt.GlobalColor.black)
            return
        if self._blocks is None:
            side = block_side(area.width(), area.height())
            ignore, smooth = Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation
            coarse = self._picture.copy(area)
            blocks = (max(1, area.width() // side), max(1, area.height() // side))
            self._blocks = coarse.scaled(*blocks, ignore, smooth)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
        painter.drawImage(area, self._blocks)


_JOIN = Qt.PenJoinStyle.MiterJoin


def _polygon(points: tuple[tuple[float, float], ...]) -> QPolygonF:
    return QPolygonF([QPointF(x, y) for x, y in points])
