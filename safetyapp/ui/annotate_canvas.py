"""The picture with its marks on it: shown, zoomed, dragged upon. Keys are the screen's."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPen,
    QPixmap,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QFrame, QGraphicsPixmapItem, QGraphicsScene, QGraphicsView

from safetyapp.domain.photo_marks import SIDE, Crop, Mark, MarkKind, clipped, clipped_crop, moved
from safetyapp.ui.annotate_model import CROP, NOTHING, Marking, Tool
from safetyapp.ui.annotate_paint import MarkItem, place, turned_image
from safetyapp.ui.look import Look
from safetyapp.ui.metrics import Style

GROUND, ON_GROUND, HANDLE = "#20282B", "#E9EFED", "#1459C7"
_LEAST_DRAG = 6
"""Pixels of the screen below which a press is a click and no drag."""
_ZOOM, _MOST, _LEAST = 1.25, 8.0, 0.05


class AnnotateCanvas(QGraphicsView):
    """Shows the picture of a Marking and does with it what the pointer says."""

    has_focus_ring = True
    zoomed = Signal()

    def __init__(self, look: Look, marking: Marking) -> None:
        super().__init__()
        self._look, self._marking = look, marking
        self._scene = QGraphicsScene(self)
        self.setScene(self._scene)
        self._image = QImage()
        self._shown = QImage()
        self._turns = -1
        self._picture = QGraphicsPixmapItem()
        self._scene.addItem(self._picture)
        self._items: list[MarkItem] = []
        self._said = ""
        self._is_fitted = True
        self._bare = False
        self._drag: tuple[str, QPointF, Mark | Crop | None] | None = None
        self._ghost: MarkItem | None = None
        self._ghost_crop: Crop | None = None
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setBackgroundBrush(QColor(GROUND))
        self.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.setViewportUpdateMode(QGraphicsView.ViewportUpdateMode.FullViewportUpdate)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.viewport().setMouseTracking(True)
        marking.changed.connect(self._renew)
        marking.chosen_changed.connect(self.viewport().update)
        marking.tool_changed.connect(self._show_cursor)

    # what is shown

    def show_image(self, image: QImage) -> None:
        """The upright copy of the photo, without marks."""
        self._image, self._said, self._turns = image, "", -1
        self._renew()
        self.fit()

    def tell(self, sentence: str) -> None:
        """Instead of a picture."""
        self._image, self._said, self._turns = QImage(), sentence, -1
        self._renew()

    def has_picture(self) -> bool:
        return not self._image.isNull()

    def show_bare(self, bare: bool) -> None:
        """The original without marks, while somebody holds the key."""
        self._bare, self._turns = bare, -1
        self._renew()

    def is_bare(self) -> bool:
        return self._bare

    def _renew(self) -> None:
        turns = 0 if self._bare else self._marking.marks.turns
        if turns != self._turns:
            self._turns = turns
            self._shown = turned_image(self._image, turns)
            self._picture.setPixmap(QPixmap.fromImage(self._shown))
            self._scene.setSceneRect(QRectF(self._shown.rect()))
            if not self._shown.isNull():
                self._marking.size = (self._shown.width(), self._shown.height())
            if self._is_fitted:
                self.fit()
        for item in self._items:
            self._scene.removeItem(item)
        self._items = []
        if not self._bare and not self._shown.isNull():
            marks = self._marking.marks
            for mark in (*marks.redactions, *marks.drawings):
                item = MarkItem(mark, self._shown, marks.crop)
                self._items.append(item)
                self._scene.addItem(item)
        self.viewport().update()

    # zoom

    def fit(self) -> None:
        """All of the picture, as large as the window allows, never larger than it is."""
        self._is_fitted = True
        if self._shown.isNull():
            return
        room, size = self.viewport().size(), self._shown.size()
        margin = self._look.metrics.px(24)
        scale = min((room.width() - 2 * margin) / size.width(), (room.height() - 2 * margin) / size.height(), 1.5)
        self._set_scale(max(scale, _LEAST))

    def zoom(self, larger: bool) -> None:
        scale = self.transform().m11() * (_ZOOM if larger else 1 / _ZOOM)
        self._is_fitted = False
        self._set_scale(min(max(scale, _LEAST), _MOST))

    def percent(self) -> int:
        return round(self.transform().m11() * 100)

    def is_fitted(self) -> bool:
        return self._is_fitted

    def _set_scale(self, scale: float) -> None:
        self.resetTransform()
        self.scale(scale, scale)
        self.zoomed.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._is_fitted:
            self.fit()

    def wheelEvent(self, event: QWheelEvent) -> None:
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.zoom(event.angleDelta().y() > 0)
        else:
            super().wheelEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        event.ignore()  # arrows move marks here and not the picture

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        event.ignore()

    # the pointer

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is not Qt.MouseButton.LeftButton or self._shown.isNull() or self._bare:
            return
        at = self.mapToScene(event.position().toPoint())
        handle = self._handle_at(event.position())
        hit = self._mark_at(at)
        chosen, tool = self._marking.chosen, self._marking.tool
        if handle:
            self._drag = (handle, at, self._marking.mark() or self._marking.marks.crop)
        elif hit >= 0 and (tool is Tool.SELECT or hit == chosen):
            self._marking.choose(hit)
            self._drag = ("move", at, self._marking.mark())
        elif chosen == CROP and tool in (Tool.CROP, Tool.SELECT) and self._crop_rect().contains(at):
            self._drag = ("move", at, self._marking.marks.crop)
        elif tool is Tool.SELECT:
            on_crop = self._marking.marks.crop is not None and not self._crop_rect().contains(at)
            self._marking.choose(CROP if on_crop else NOTHING)
        else:
            self._drag = ("new", at, None)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._drag is None:
            self._show_cursor(event.position())
            return
        made = self._dragged(self.mapToScene(event.position().toPoint()))
        if self._ghost is not None:
            self._scene.removeItem(self._ghost)
        self._ghost = None
        if isinstance(made, Mark):
            self._ghost = MarkItem(made, self._shown, self._marking.marks.crop)
            self._scene.addItem(self._ghost)
            self._hide_chosen(self._drag[0] != "new")
        elif isinstance(made, Crop):
            self._ghost_crop = made
        self.viewport().update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._drag is None:
            return
        how, began, _ = self._drag
        at = self.mapToScene(event.position().toPoint())
        way = (self.mapFromScene(began) - event.position().toPoint()).manhattanLength()
        made = self._dragged(at)
        self._end_drag()
        if way < _LEAST_DRAG:
            if how == "new" and self._marking.tool is Tool.TEXT:
                x, y = self._units(at)
                self._marking.add(self._marking.new(x, y, x, y))
            return
        if isinstance(made, Crop):
            self._marking.set_crop(made)
        elif made is not None and how == "new":
            self._marking.add(made)
        elif made is not None:
            self._marking.change(made)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if self._mark_at(self.mapToScene(event.position().toPoint())) >= 0:
            mark = self._marking.mark()
            if mark is not None and mark.kind is MarkKind.TEXT:
                self._marking.words_wanted.emit()
                return
        self.mousePressEvent(event)

    def _end_drag(self) -> None:
        self._drag, self._ghost_crop = None, None
        if self._ghost is not None:
            self._scene.removeItem(self._ghost)
            self._ghost = None
        self._hide_chosen(False)
        self.viewport().update()

    def _hide_chosen(self, hidden: bool) -> None:
        """While it is dragged its ghost is seen."""
        mark = self._marking.mark()
        for item in self._items:
            item.setVisible(not (hidden and item.mark is mark))

    def _dragged(self, at: QPointF) -> Mark | Crop | None:
        """What the drag would make of it just now."""
        assert self._drag is not None
        how, began, former = self._drag
        (bx, by), (x, y) = self._units(began), self._units(at)
        if how == "new":
            if self._marking.tool is Tool.CROP:
                return clipped_crop(Crop(bx, by, x, y))
            return self._marking.new(x, y, x, y) if self._marking.tool is Tool.TEXT else self._marking.new(bx, by, x, y)
        if former is None:
            return None
        if how == "move":
            if isinstance(former, Mark):
                return moved(former, x - bx, y - by)
            frame = moved(Mark(MarkKind.BOX, former.x1, former.y1, former.x2, former.y2), x - bx, y - by)
            return Crop(frame.x1, frame.y1, frame.x2, frame.y2)
        x1, x2 = (x, former.x2) if how[1] == "1" else (former.x1, x)
        y1, y2 = (y, former.y2) if how[0] == "1" else (former.y1, y)
        if isinstance(former, Mark):
            return clipped(replace(former, x1=x1, y1=y1, x2=x2, y2=y2))
        return clipped_crop(Crop(x1, y1, x2, y2))

    def _units(self, at: QPointF) -> tuple[int, int]:
        width, height = max(1, self._shown.width()), max(1, self._shown.height())
        x, y = round(at.x() * SIDE / width), round(at.y() * SIDE / height)
        return min(max(x, 0), SIDE), min(max(y, 0), SIDE)

    def _mark_at(self, at: QPointF) -> int:
        """The mark under the pointer, the one on top first; -1 for none."""
        for item in reversed(self._items):
            if item.shape().contains(at) or (item.mark is self._marking.mark() and item.boundingRect().contains(at)):
                return next(n for n, mark in enumerate(self._marking.marks.marks) if mark is item.mark)
        return NOTHING

    def _handles(self) -> dict[str, QPointF]:
        """Where what is chosen can be taken, on the screen: which edge of y, then of x, it changes."""
        mark, crop = self._marking.mark(), self._marking.marks.crop
        width, height = float(self._shown.width()), float(self._shown.height())
        if mark is not None and mark.kind is MarkKind.ARROW:
            one, other = place(mark, width, height)
            points = {"11": one, "22": other}
        elif (mark is not None and mark.kind.has_area) or (self._marking.chosen == CROP and crop is not None):
            box = self._box(mark) if mark is not None else self._crop_rect()
            points = {"11": box.topLeft(), "12": box.topRight(), "21": box.bottomLeft(), "22": box.bottomRight()}
        else:
            points = {}
        return {name: QPointF(self.mapFromScene(point)) for name, point in points.items()}

    def _handle_at(self, at: QPointF) -> str:
        reach = self._look.metrics.px(9)
        return next((n for n, p in self._handles().items() if (p - at).manhattanLength() <= reach), "")

    def _box(self, mark: Mark) -> QRectF:
        one, other = place(mark, self._shown.width(), self._shown.height())
        return QRectF(one, other)

    def _crop_rect(self) -> QRectF:
        crop = self._ghost_crop or self._marking.marks.crop
        if crop is None:
            return QRectF(self._shown.rect())
        width, height = self._shown.width() / SIDE, self._shown.height() / SIDE
        return QRectF(
            QPointF(crop.x1 * width, crop.y1 * height), QPointF(crop.x2 * width, crop.y2 * height)
        )  # fmt: skip

    def _show_cursor(self, at: QPointF | None = None) -> None:
        shape = Qt.CursorShape.ArrowCursor if self._marking.tool is Tool.SELECT else Qt.CursorShape.CrossCursor
        if at is not None and self._handle_at(at):
            shape = Qt.CursorShape.SizeAllCursor
        self.viewport().setCursor(shape)

    def drawForeground(self, painter: QPainter, rect: QRectF | object) -> None:
        """Over the picture, in pixels of the screen: what is cut off, and what is chosen."""
        painter.save()
        painter.resetTransform()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._shown.isNull():
            painter.setPen(QColor(ON_GROUND))
            painter.setFont(self._look.font(Style.BODY))
            painter.drawText(self.viewport().rect(), Qt.AlignmentFlag.AlignCenter, self._said)
        elif not self._bare:
            self._draw_crop(painter)
            self._draw_chosen(painter)
        painter.restore()

    def _draw_crop(self, painter: QPainter) -> None:
        if self._marking.marks.crop is None and self._ghost_crop is None:
            return
        kept = QRectF(self.mapFromScene(self._crop_rect()).boundingRect())
        outside = QPainterPath()
        outside.addRect(QRectF(self.viewport().rect()))
        outside.addRect(kept)
        dark = QColor(GROUND)
        dark.setAlphaF(0.78)
        painter.fillPath(outside, dark)
        painter.setPen(QPen(QColor("#FFFFFF"), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(kept)

    def _draw_chosen(self, painter: QPainter) -> None:
        handles = self._handles()
        mark = self._marking.mark()
        frame = None
        if mark is not None and self._drag is None:
            item = next((item for item in self._items if item.mark is mark), None)
            box = self._box(mark) if mark.kind.has_area else item.boundingRect() if item is not None else None
            frame = self.mapFromScene(box).boundingRect() if box is not None else None
        elif self._marking.chosen == CROP:
            frame = self.mapFromScene(self._crop_rect()).boundingRect()
        if frame is not None:
            for wide, colour in ((3.0, "#FFFFFF"), (1.5, HANDLE)):
                painter.setPen(QPen(QColor(colour), wide))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawRect(QRectF(frame))
        side = self._look.metrics.px(10)
        for point in handles.values() if self._drag is None else ():
            painter.setPen(QPen(QColor(HANDLE), 2))
            painter.setBrush(QColor("#FFFFFF"))
            painter.drawRect(QRectF(point.x() - side / 2, point.y() - side / 2, side, side))
