"""Small pictures of photos: read off the window's thread, kept by photo and marks, painted with their caption."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path
from typing import TypeAlias

from PySide6.QtCore import QMimeData, QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QDrag,
    QImage,
    QImageReader,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
)
from PySide6.QtWidgets import QAbstractButton, QApplication, QMenu, QWidget

from safetyapp.domain.inspection import Inspection, PhotoLink, Sha256
from safetyapp.domain.photo_marks import PhotoMarks
from safetyapp.domain.photo_tray import items_with
from safetyapp.texts import Texts
from safetyapp.ui import photo_words
from safetyapp.ui.icons import paint_icon
from safetyapp.ui.jobs import Jobs
from safetyapp.ui.look import Look
from safetyapp.ui.metrics import Style

THUMB = (76, 58)
MOVE_FORMAT = "application/x-safetyapp-photo"
KEPT_THUMBS = 400


def read_picture(path: Path, longest: int) -> QImage:
    """The picture upright and no larger than wanted; a null image when it cannot be read. For a worker thread."""
    reader = QImageReader(str(path))
    reader.setAutoTransform(True)
    size = reader.size()
    if size.isValid() and max(size.width(), size.height()) > longest:
        reader.setScaledSize(size.scaled(longest, longest, Qt.AspectRatioMode.KeepAspectRatio))
    return reader.read()


_Name: TypeAlias = "tuple[Sha256, PhotoMarks | None]"


def _name_of(link: PhotoLink) -> _Name:
    return link.photo.original, link.marks


class Thumbs:
    """Small pictures by the original's hash and the marks on it, read one after another on a worker; `path` is asked
    there, and may take its time."""

    def __init__(self, jobs: Jobs, path: Callable[[PhotoLink], Path]) -> None:
        self._jobs = jobs
        self._path = path
        self._known: dict[_Name, QPixmap | None] = {}
        self._asked: dict[_Name, list[Callable[[], object]]] = {}

    def get(self, link: PhotoLink, ready: Callable[[], object], owner: QWidget) -> QPixmap | None:
        """The picture if it is here; else `ready` is called once it is."""
        name = _name_of(link)
        if name in self._known:
            return self._known[name]
        if name in self._asked:
            self._asked[name].append(ready)
            return None
        self._asked[name] = [ready]
        self._jobs.work(
            lambda _: read_picture(self._path(link), 240),
            lambda image: self._on_read(name, image),
            lambda _: self._on_read(name, QImage()),
            owner=owner,
            name="thumb",
        )
        return None

    def is_broken(self, link: PhotoLink) -> bool:
        name = _name_of(link)
        return name in self._known and self._known[name] is None

    def _on_read(self, name: _Name, image: QImage) -> None:
        if len(self._known) > KEPT_THUMBS:
            self._known.clear()
        self._known[name] = None if image.isNull() else QPixmap.fromImage(image)
        for ready in self._asked.pop(name, []):
            ready()


class Thumb(QAbstractButton):
    """One photo. Enter shows it large, Del takes it away, Ctrl and an arrow moves it; it can be dragged."""

    has_focus_ring = True
    wanted = Signal(str)

    def __init__(self, look: Look, texts: Texts, thumbs: Thumbs, parent: QWidget) -> None:
        super().__init__(parent)
        self._look, self._texts, self._thumbs = look, texts, thumbs
        self.link: PhotoLink | None = None
        self.is_elsewhere = False
        """Whether the same picture stands at another item too."""
        self._number = 0
        self._pressed_at = QPoint()
        px = look.metrics.px
        self.setFixedSize(px(THUMB[0]), px(THUMB[1]))
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        look.theme_changed.connect(self.update)
        self.clicked.connect(lambda: self.wanted.emit("open"))

    def show_past(self, number: int, link: PhotoLink, on: date) -> None:
        """A photo of an earlier inspection, made on that day."""
        self._show(number, link, photo_words.captured(self._texts, link.photo, on))

    def show_link(self, number: int, link: PhotoLink, inspection: Inspection) -> None:
        self.is_elsewhere = len(items_with(inspection, link.photo.original)) > 1
        self._show(number, link, photo_words.facts(self._texts, link.photo, inspection, link.item))

    def _show(self, number: int, link: PhotoLink, facts: str) -> None:
        self._number, self.link = number, link
        self.setAccessibleName(self._texts.say("photos.thumb", n=number, caption=self._caption(), facts=facts))
        self.setToolTip(f"{self._caption()}\n{facts}")
        self.update()

    def _caption(self) -> str:
        assert self.link is not None
        if self.link.caption:
            return self.link.caption
        return self._texts.say("fill.photo.after" if self.link.after else "fill.photo.before")

    def paintEvent(self, event: QPaintEvent) -> None:
        link = self.link
        if link is None:
            return
        look, px = self._look, self._look.metrics.px
        picture = self._thumbs.get(link, self.update, self)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.fillRect(self.rect(), look.colour("bg_sunken"))
        if picture is not None:
            painter.drawPixmap(self.rect(), picture, middle_of(picture.size(), self.size()))
        elif self._thumbs.is_broken(link):
            painter.setPen(look.colour("ink2"))
            painter.setFont(look.font(Style.MICRO))
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self._texts.say("fill.photo.broken_thumb"))
        bar = QRect(0, self.height() - px(16), self.width(), px(16))
        painter.fillRect(bar, QColor(16, 26, 30, 205))
        painter.setPen(QColor("#ffffff"))
        painter.setFont(look.font(Style.MICRO))
        text = f"{self._number} {self._caption()}"
        text = look.font_metrics(Style.MICRO).elidedText(text, Qt.TextElideMode.ElideRight, bar.width() - px(8))
        painter.drawText(bar.adjusted(px(4), 0, -px(4), 0), Qt.AlignmentFlag.AlignVCenter, text)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.is_elsewhere:
            box = QRect(self.width() - px(20), px(2), px(18), px(18))
            painter.fillRect(box, look.colour("bg_surface"))
            paint_icon(painter, box.x() + px(2), box.y() + px(2), "files", px(14), look.theme.ink)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(look.colour("line_strong"), 1))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), px(3), px(3))
        painter.end()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        ctrl = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        names = {
            Qt.Key.Key_Return: "open", Qt.Key.Key_Enter: "open", Qt.Key.Key_Delete: "remove",
            Qt.Key.Key_Backspace: "remove", Qt.Key.Key_Left: "left" if ctrl else "previous",
            Qt.Key.Key_Right: "right" if ctrl else "next", Qt.Key.Key_F2: "caption",
        }  # fmt: skip
        name = names.get(Qt.Key(event.key()))
        if name is None:
            super().keyPressEvent(event)
        else:
            self.wanted.emit(name)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._pressed_at = event.position().toPoint()
        super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        way = (event.position().toPoint() - self._pressed_at).manhattanLength()
        if event.buttons() & Qt.MouseButton.LeftButton and way >= QApplication.startDragDistance() and self.link:
            self.setDown(False)
            drag = QDrag(self)
            carried = QMimeData()
            carried.setData(MOVE_FORMAT, str(self.link.position).encode())
            drag.setMimeData(carried)
            drag.setPixmap(self.grab())
            drag.exec(Qt.DropAction.MoveAction)
            return
        super().mouseMoveEvent(event)

    def _on_menu(self, what: str, _: bool = False) -> None:
        self.wanted.emit(what)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        menu = QMenu(self)
        for key in ("enlarge", "caption_menu", "move_left", "move_right", "remove"):
            name = {"enlarge": "open", "caption_menu": "caption", "move_left": "left", "move_right": "right"}
            action = menu.addAction(self._texts.say(f"fill.photo.{key}"))
            action.triggered.connect(partial(self._on_menu, name.get(key, key)))
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(event.globalPos())


def middle_of(picture: QSize, place: QSize) -> QRect:
    """The part of a picture that fills a place without bending it."""
    fitted = place.scaled(picture, Qt.AspectRatioMode.KeepAspectRatio)
    return QRect(
        (picture.width() - fitted.width()) // 2, (picture.height() - fitted.height()) // 2,
        fitted.width(), fitted.height(),
    )  # fmt: skip
