"""The pages of a document as pictures: rendered on the one page thread at device pixels, only those in sight."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import OrderedDict
from collections.abc import Callable

from PySide6.QtCore import QRect, QRectF, Qt, Signal
from PySide6.QtGui import QImage, QKeyEvent, QPainter, QPaintEvent, QPen, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QWidget

from safetyapp.domain.problem import Cancelled
from safetyapp.ui.jobs import CLOSING, Job, Jobs
from safetyapp.ui.look import Look
from safetyapp.ui.tools import Pages

A4 = 297 / 210
FULL = 794
"""px of an A4 page's width at 100 %."""
ZOOMS = (25, 33, 50, 67, 75, 90, 100, 125, 150, 200, 300)
KEPT_BYTES = 96 * 1024 * 1024


class _Session:
    """An open file. Touched on the page thread only, except for `count`."""

    def __init__(self) -> None:
        self.pages: Pages | None = None
        self.count = 0
        self._closed = False

    def open(self, open_pages: Callable[[bytes], Pages], data: bytes) -> int:
        if self._closed:
            raise Cancelled
        self.pages = open_pages(data)
        return self.pages.count

    def render(self, page: int, width: int) -> QImage:
        assert self.pages is not None
        wide, high, line, data = self.pages.render(page, width)
        return QImage(data, wide, high, line, QImage.Format.Format_RGB32).copy()

    def close(self) -> None:
        self._closed = True
        if self.pages is not None:
            self.pages.close()
            self.pages = None


class PagesView(QAbstractScrollArea):
    """A scrolling column of pages; fits the width until a person zooms."""

    page_changed = Signal(int, int)
    """The page in sight (from 1) and how many there are."""
    zoom_changed = Signal(int, bool)
    """Percent, and whether it is the fitted width."""
    opened = Signal()
    failed = Signal(object)

    def __init__(
        self, look: Look, jobs: Jobs, open_pages: Callable[[bytes], Pages], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._look = look
        self._jobs = jobs
        self._open_pages = open_pages
        self._session: _Session | None = None
        self._shut = False
        self._count = 0
        self._percent: int | None = None
        self._ratios: dict[int, float] = {}
        self._tops: list[int] = [0]
        self._images: OrderedDict[tuple[int, int], QImage] = OrderedDict()
        self._pending: dict[int, tuple[int, Job]] = {}
        self._broken: set[int] = set()
        self._told = (0, 0)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.verticalScrollBar().setSingleStep(look.metrics.px(40))
        self.horizontalScrollBar().setSingleStep(look.metrics.px(40))
        look.theme_changed.connect(self.viewport().update)

    @property
    def count(self) -> int:
        return self._count

    @property
    def is_rendered(self) -> bool:
        """Whether every page in sight is sharp."""
        return self._count > 0 and not self._pending

    def open(self, data: bytes) -> None:
        """Shows another file from its first page."""
        self.close_file()
        if self._shut:
            return
        session = self._session = _Session()

        def done(count: int) -> None:
            if self._session is session:
                session.count = self._count = count
                self._lay_out()
                self.verticalScrollBar().setValue(0)
                self._tell_page()
                self.opened.emit()
                self.viewport().update()

        def failed(error: Exception) -> None:
            if self._session is session:
                self.failed.emit(error)

        opener = self._open_pages
        self._jobs.render(lambda: session.open(opener, data), done, failed, owner=self, name="open-pages")

    def shut(self) -> None:
        """The window ends: lets the file go, and opens no other that is still being read."""
        self._shut = True
        self.close_file()

    def close_file(self) -> None:
        """Lets the file go; the page thread closes it."""
        for _, job in self._pending.values():
            job.forget()
            job.cancel()
        self._pending.clear()
        self._images.clear()
        self._ratios.clear()
        self._broken.clear()
        self._count = 0
        if self._session is not None:
            self._jobs.render(self._session.close, name=CLOSING)
            self._session = None
        self._lay_out()
        self.viewport().update()

    # zoom

    def percent(self) -> int:
        return self._percent if self._percent is not None else round(100 * self._page_width() / self._full())

    def fit_width(self) -> None:
        self._set_percent(None)

    def zoom_in(self) -> None:
        self._set_percent(next((z for z in ZOOMS if z > self.percent()), ZOOMS[-1]))

    def zoom_out(self) -> None:
        self._set_percent(next((z for z in reversed(ZOOMS) if z < self.percent()), ZOOMS[0]))

    def _set_percent(self, percent: int | None) -> None:
        bar = self.verticalScrollBar()
        place = bar.value() / max(1, bar.maximum() + bar.pageStep())
        self._percent = percent
        self._lay_out()
        bar.setValue(round(place * (bar.maximum() + bar.pageStep())))
        self.viewport().update()

    def _full(self) -> int:
        return FULL

    def _page_width(self) -> int:
        if self._percent is not None:
            return round(self._full() * self._percent / 100)
        return max(120, self.viewport().width() - 2 * self._look.metrics.px(22))

    # places

    def go_to(self, page: int) -> None:
        """Page from 1."""
        if 1 <= page <= self._count:
            self.verticalScrollBar().setValue(self._top(page - 1) - self._gap())

    def current_page(self) -> int:
        """The page in the middle of the view, from 1."""
        middle = self.verticalScrollBar().value() + self.viewport().height() // 2
        return min(self._count, max(1, bisect_right(self._tops, middle, 0, self._count))) if self._count else 0

    def _gap(self) -> int:
        return self._look.metrics.px(12)

    def _height(self, page: int) -> int:
        return round(self._page_width() * self._ratios.get(page, A4))

    def _top(self, page: int) -> int:
        """The page's upper edge in the whole column; one beyond the last is the column's end."""
        return self._tops[page]

    def _lay_out(self) -> None:
        view = self.viewport()
        self._tops = [self._gap()]
        for page in range(self._count):
            self._tops.append(self._tops[-1] + self._height(page) + self._gap())
        high = self._tops[-1] if self._count else 0
        wide = self._page_width() + 2 * self._look.metrics.px(8) if self._count else 0
        upright, lying = self.verticalScrollBar(), self.horizontalScrollBar()
        upright.setPageStep(view.height())
        upright.setRange(0, max(0, high - view.height()))
        lying.setPageStep(view.width())
        lying.setRange(0, max(0, wide - view.width()))
        self.zoom_changed.emit(self.percent(), self._percent is None)

    def page_rect(self, page: int) -> QRect:
        """Where a page (from 0) is in the viewport."""
        width = self._page_width()
        room = self.viewport().width()
        left = (room - width) // 2 if width <= room else self._look.metrics.px(8) - self.horizontalScrollBar().value()
        return QRect(left, self._top(page) - self.verticalScrollBar().value(), width, self._height(page))

    def _in_sight(self) -> list[int]:
        top = self.verticalScrollBar().value()
        first = max(0, bisect_right(self._tops, top, 0, self._count) - 1)
        end = bisect_left(self._tops, top + self.viewport().height(), first, self._count)
        return [page for page in range(first, end) if self._tops[page] + self._height(page) > top]

    # painting

    def paintEvent(self, event: QPaintEvent) -> None:
        look = self._look
        painter = QPainter(self.viewport())
        painter.fillRect(self.viewport().rect(), look.colour("canvas"))
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        ratio = self.devicePixelRatioF()
        wanted = round(self._page_width() * ratio)
        sight = self._in_sight()
        for page in sight:
            rect = self.page_rect(page)
            sharp = self._images.get((page, wanted))
            image = sharp or next((i for (p, _), i in reversed(self._images.items()) if p == page), None)
            if image is None:
                painter.fillRect(rect, Qt.GlobalColor.white)
            elif sharp is not None:
                sharp.setDevicePixelRatio(ratio)
                painter.drawImage(rect.topLeft(), sharp)
            else:
                painter.drawImage(QRectF(rect), image, QRectF(image.rect()))
            if sharp is None and page not in self._broken:
                self._ask(page, wanted)
        self._drop_unseen(sight)
        if self.hasFocus():
            painter.setPen(QPen(look.colour("focus"), look.metrics.px(2)))
            painter.drawRect(self.viewport().rect().adjusted(1, 1, -1, -1))
        painter.end()

    def _ask(self, page: int, width: int) -> None:
        waiting = self._pending.get(page)
        session = self._session
        if session is None or (waiting is not None and waiting[0] == width):
            return
        if waiting is not None:
            waiting[1].forget()
            waiting[1].cancel()

        def done(image: QImage) -> None:
            self._pending.pop(page, None)
            if self._session is session:
                self._keep(page, width, image)

        def failed(error: Exception) -> None:
            self._pending.pop(page, None)
            self._broken.add(page)
            if self._session is session:
                self.failed.emit(error)

        job = self._jobs.render(lambda: session.render(page, width), done, failed, owner=self, name="render")
        self._pending[page] = (width, job)

    def _drop_unseen(self, sight: list[int]) -> None:
        for page in [page for page in self._pending if page not in sight]:
            _, job = self._pending.pop(page)
            job.forget()
            job.cancel()

    def _keep(self, page: int, width: int, image: QImage) -> None:
        for key in [key for key in self._images if key[0] == page]:
            del self._images[key]
        self._images[(page, width)] = image
        while sum(i.sizeInBytes() for i in self._images.values()) > KEPT_BYTES and len(self._images) > 2:
            self._images.popitem(last=False)
        ratio = image.height() / max(1, image.width())
        if abs(self._ratios.get(page, A4) - ratio) > 0.004:
            self._ratios[page] = ratio
            self._lay_out()
        self.viewport().update()

    # moving

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        self.viewport().update()
        self._tell_page()

    def _tell_page(self) -> None:
        now = (self.current_page(), self._count)
        if now != self._told:
            self._told = now
            self.page_changed.emit(*now)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._set_percent(self._percent)

    def focusInEvent(self, event: object) -> None:
        self.viewport().update()

    def focusOutEvent(self, event: object) -> None:
        self.viewport().update()

    def wheelEvent(self, event: QWheelEvent) -> None:
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            if event.angleDelta().y() > 0:
                self.zoom_in()
            elif event.angleDelta().y() < 0:
                self.zoom_out()
            return
        super().wheelEvent(event)

    def turn(self, pages: int) -> None:
        """A screenful on or back, as Space does."""
        bar = self.verticalScrollBar()
        bar.setValue(bar.value() + pages * round(self.viewport().height() * 0.9))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        bar = self.verticalScrollBar()
        key = event.key()
        if key == Qt.Key.Key_Space:
            self.turn(-1 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1)
        elif key == Qt.Key.Key_PageDown:
            self.go_to(min(self._count, self.current_page() + 1))
        elif key == Qt.Key.Key_PageUp:
            self.go_to(max(1, self.current_page() - 1))
        elif key == Qt.Key.Key_Home:
            bar.setValue(0)
        elif key == Qt.Key.Key_End:
            bar.setValue(bar.maximum())
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
            self.zoom_in()
        elif key == Qt.Key.Key_Minus:
            self.zoom_out()
        elif key == Qt.Key.Key_0:
            self.fit_width()
        else:
            super().keyPressEvent(event)
