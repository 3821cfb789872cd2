"""One photo large over the whole screen, and from there to the next."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from PySide6.QtCore import QPoint, QRect, Qt, Signal
from PySide6.QtGui import QColor, QImage, QKeyEvent, QPainter, QPaintEvent, QPixmap, QResizeEvent
from PySide6.QtWidgets import QFrame, QWidget

from safetyapp.domain.inspection import PhotoLink
from safetyapp.texts import Texts
from safetyapp.ui.jobs import Jobs
from safetyapp.ui.look import Look
from safetyapp.ui.metrics import Style
from safetyapp.ui.parts import Button, Kind
from safetyapp.ui.photo_thumbs import read_picture

LARGE = 2000
"""px: the longest side of a large view; more is not seen on a laptop."""


class PhotoView(QFrame):
    """One photo over the whole screen: ← → the next one, Esc back."""

    closed = Signal()

    def __init__(
        self, look: Look, texts: Texts, jobs: Jobs, path: Callable[[PhotoLink], Path], parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._look, self._texts, self._jobs, self._path = look, texts, jobs, path
        self._links: tuple[PhotoLink, ...] = ()
        self._place = 0
        self._picture: QPixmap | None = None
        self._is_broken = False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(texts.say("fill.photo.view_name"))
        self._close = Button(look, texts.say("fill.photo.close"), icon="x", keys="Esc", kind=Kind.NORMAL, parent=self)
        self._close.clicked.connect(self.leave)
        self.hide()

    def look_at(self, links: Iterable[PhotoLink], place: int) -> None:
        self._links = tuple(links)
        self._host_rect()
        self.show()
        self.raise_()
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        self._go(place)

    def _host_rect(self) -> None:
        host = self.parentWidget()
        if host is not None:
            self.setGeometry(host.rect())

    def _go(self, place: int) -> None:
        if not 0 <= place < len(self._links):
            return
        self._place, self._picture, self._is_broken = place, None, False
        link = self._links[place]
        self._jobs.work(
            lambda _: read_picture(self._path(link), LARGE),
            lambda image: self._on_read(place, image),
            lambda _: self._on_read(place, QImage()),
            owner=self,
            name="photo",
        )
        self.update()

    def _on_read(self, place: int, image: QImage) -> None:
        if place == self._place:
            self._picture = None if image.isNull() else QPixmap.fromImage(image)
            self._is_broken = image.isNull()
            self.update()

    def leave(self) -> None:
        self.hide()
        self._picture = None
        self.closed.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._close.adjustSize()
        self._close.move(self.width() - self._close.width() - self._look.metrics.px(16), self._look.metrics.px(12))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Escape, Qt.Key.Key_Return, Qt.Key.Key_Space):
            self.leave()
        elif event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Up):
            self._go(self._place - 1)
        elif event.key() in (Qt.Key.Key_Right, Qt.Key.Key_Down):
            self._go(self._place + 1)

    def paintEvent(self, event: QPaintEvent) -> None:
        look, px = self._look, self._look.metrics.px
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor("#20282b"))
        painter.setPen(QColor("#ffffff"))
        painter.setFont(look.font(Style.BODY))
        place = self.rect().adjusted(px(24), px(56), -px(24), -px(24))
        if self._picture is not None:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            size = self._picture.size().scaled(place.size(), Qt.AspectRatioMode.KeepAspectRatio)
            corner = place.center() - QPoint(size.width() // 2, size.height() // 2)
            painter.drawPixmap(QRect(corner, size), self._picture)
        elif self._is_broken:
            painter.drawText(place, Qt.AlignmentFlag.AlignCenter, self._texts.say("fill.photo.broken_thumb"))
        if self._links:
            link = self._links[self._place]
            count = self._texts.say("fill.photo.count", n=self._place + 1, all=len(self._links))
            taken = link.photo.taken_at.strftime("%Y-%m-%d %H:%M") if link.photo.taken_at else ""
            line = "   ".join(part for part in (count, link.caption, taken, link.photo.original[:8]) if part)
            top = QRect(px(24), px(12), self.width() - px(200), px(32))
            painter.drawText(top, Qt.AlignmentFlag.AlignVCenter, line)
        painter.end()
