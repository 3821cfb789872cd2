"""The photos of one item: small pictures loaded off the window's thread, a place to add more, and the large view."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QMimeData, QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QDrag,
    QDragEnterEvent,
    QDropEvent,
    QImage,
    QImageReader,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QFrame,
    QInputDialog,
    QLineEdit,
    QMenu,
    QSizePolicy,
    QWidget,
)

from safetyapp.domain.inspection import PhotoLink, Sha256
from safetyapp.texts import Texts
from safetyapp.ui.fill_photos import carries_pictures
from safetyapp.ui.icons import paint_icon
from safetyapp.ui.jobs import Jobs
from safetyapp.ui.look import Look
from safetyapp.ui.metrics import Style
from safetyapp.ui.parts import Button, Kind, key_cap_width, paint_key_cap

THUMB = (76, 58)
ADD = (96, 58)
GAP = 8
MOVE_FORMAT = "application/x-safetyapp-photo"
KEPT_THUMBS = 400
LARGE = 2000
"""px: the longest side of a large view; more is not seen on a laptop."""


def read_picture(path: Path, longest: int) -> QImage:
    """The picture upright and no larger than wanted; a null image when it cannot be read. For a worker thread."""
    reader = QImageReader(str(path))
    reader.setAutoTransform(True)
    size = reader.size()
    if size.isValid() and max(size.width(), size.height()) > longest:
        reader.setScaledSize(size.scaled(longest, longest, Qt.AspectRatioMode.KeepAspectRatio))
    return reader.read()


class Thumbs:
    """Small pictures by the original's hash, read one after another on a worker."""

    def __init__(self, jobs: Jobs, path: Callable[[PhotoLink], Path]) -> None:
        self._jobs = jobs
        self._path = path
        self._known: dict[Sha256, QPixmap | None] = {}
        self._asked: dict[Sha256, list[Callable[[], object]]] = {}

    def get(self, link: PhotoLink, ready: Callable[[], object], owner: QWidget) -> QPixmap | None:
        """The picture if it is here; else `ready` is called once it is."""
        name = link.photo.original
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
        return link.photo.original in self._known and self._known[link.photo.original] is None

    def _on_read(self, name: Sha256, image: QImage) -> None:
        if len(self._known) > KEPT_THUMBS:
            self._known.clear()
        self._known[name] = None if image.isNull() else QPixmap.fromImage(image)
        for ready in self._asked.pop(name, []):
            ready()


class _Thumb(QAbstractButton):
    """One photo. Enter shows it large, Del takes it away, Ctrl and an arrow moves it; it can be dragged."""

    has_focus_ring = True
    wanted = Signal(str)

    def __init__(self, look: Look, texts: Texts, thumbs: Thumbs, parent: QWidget) -> None:
        super().__init__(parent)
        self._look, self._texts, self._thumbs = look, texts, thumbs
        self.link: PhotoLink | None = None
        self._number = 0
        self._pressed_at = QPoint()
        px = look.metrics.px
        self.setFixedSize(px(THUMB[0]), px(THUMB[1]))
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        look.theme_changed.connect(self.update)
        self.clicked.connect(lambda: self.wanted.emit("open"))

    def show_link(self, number: int, link: PhotoLink) -> None:
        self._number, self.link = number, link
        self.setAccessibleName(self._texts.say("fill.photo.name", n=number, caption=self._caption()))
        self.setToolTip(self._caption())
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
            painter.drawPixmap(self.rect(), picture, _middle_of(picture.size(), self.size()))
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


def _middle_of(picture: QSize, place: QSize) -> QRect:
    """The part of a picture that fills a place without bending it."""
    fitted = place.scaled(picture, Qt.AspectRatioMode.KeepAspectRatio)
    return QRect(
        (picture.width() - fitted.width()) // 2, (picture.height() - fitted.height()) // 2,
        fitted.width(), fitted.height(),
    )  # fmt: skip


class _AddBox(QAbstractButton):
    """The dashed box: press it for files, or drop them."""

    has_focus_ring = True

    def __init__(self, look: Look, texts: Texts, after: bool, parent: QWidget) -> None:
        super().__init__(parent)
        self._look, self._texts, self.after = look, texts, after
        px = look.metrics.px
        word = texts.say("fill.photo.after_add" if after else "fill.photo.add")
        self._word = word
        self._keys = "" if after else "P"
        hint = look.font_metrics(Style.SMALL).horizontalAdvance(texts.say("fill.photo.hint"))
        self.setFixedSize(max(px(ADD[0]), hint + px(16)), px(ADD[1]))
        self.setAccessibleName(texts.say("fill.photo.add_name") if not after else word)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        look.theme_changed.connect(self.update)

    def paintEvent(self, event: QPaintEvent) -> None:
        look, px = self._look, self._look.metrics.px
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(look.colour("bg_hover" if self.underMouse() else "bg_surface"))
        pen = QPen(look.colour("line_strong"), 1, Qt.PenStyle.CustomDashLine)
        pen.setDashPattern([3, 3])
        painter.setPen(pen)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), px(4), px(4))
        painter.setFont(look.font(Style.COMPACT))
        advance = look.font_metrics(Style.COMPACT).horizontalAdvance(self._word)
        cap = key_cap_width(look, self._keys) + px(5) if self._keys else 0
        x = (self.width() - px(16) - px(5) - advance - cap) // 2
        middle = self.height() // 2 - px(9)
        paint_icon(painter, x, middle - px(8), "camera", px(16), look.theme.ink2)
        painter.setPen(look.colour("ink2"))
        line = QRect(x + px(21), middle - px(10), advance + px(4), px(20))
        painter.drawText(line, Qt.AlignmentFlag.AlignVCenter, self._word)
        if self._keys:
            paint_key_cap(painter, x + px(21) + advance + px(5), middle, self._keys, look, look.colour("ink2"))
        painter.setFont(look.font(Style.SMALL))
        painter.setPen(look.colour("ink2"))
        low = QRect(0, self.height() // 2 + px(1), self.width(), px(18))
        painter.drawText(low, Qt.AlignmentFlag.AlignCenter, self._texts.say("fill.photo.hint"))
        painter.end()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)


class PhotoStrip(QWidget):
    """The item's photos in their order, wrapped, and the box to add more; 整改后 has a box of its own when needed."""

    add_wanted = Signal(bool)
    """Choose files; whether they show it put right."""
    dropped = Signal(object, bool)
    arranged = Signal(object)
    """The links in another order, or with another caption."""
    removed = Signal(object)
    enlarged = Signal(int)
    height_changed = Signal()

    def __init__(self, look: Look, texts: Texts, thumbs: Thumbs, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look, self._texts, self._thumbs = look, texts, thumbs
        self.links: tuple[PhotoLink, ...] = ()
        self._shown: list[_Thumb] = []
        self.add = _AddBox(look, texts, False, self)
        self.add_after = _AddBox(look, texts, True, self)
        self.add.clicked.connect(lambda: self.add_wanted.emit(False))
        self.add_after.clicked.connect(lambda: self.add_wanted.emit(True))
        self.add_after.hide()
        self.setAcceptDrops(True)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setAccessibleName(texts.say("fill.photo.add"))

    def show_links(self, links: tuple[PhotoLink, ...], with_after: bool) -> None:
        self.links = links
        while len(self._shown) < len(links):
            thumb = _Thumb(self._look, self._texts, self._thumbs, self)
            thumb.wanted.connect(lambda what, thumb=thumb: self._on_wanted(thumb, what))
            self._shown.append(thumb)
        for number, thumb in enumerate(self._shown):
            if number < len(links):
                thumb.show_link(number + 1, links[number])
                thumb.show()
            else:
                thumb.link = None
                thumb.hide()
        self.add_after.setVisible(with_after)
        self._fix_tab_stop()
        self._place()
        self.updateGeometry()
        self.height_changed.emit()

    def thumbs(self) -> list[_Thumb]:
        return self._shown[: len(self.links)]

    def stops(self) -> list[QWidget]:
        """What takes the Tab key, in order."""
        return [*self.thumbs(), self.add, self.add_after]

    def _fix_tab_stop(self) -> None:
        focused = next((t for t in self.thumbs() if t.hasFocus()), None)
        for number, thumb in enumerate(self.thumbs()):
            stop = thumb is focused or (focused is None and number == 0)
            thumb.setFocusPolicy(Qt.FocusPolicy.StrongFocus if stop else Qt.FocusPolicy.ClickFocus)

    def _boxes(self) -> list[QWidget]:
        boxes: list[QWidget] = [*self.thumbs(), self.add]
        return [*boxes, self.add_after] if not self.add_after.isHidden() else boxes

    def _flow(self, width: int, place: bool) -> int:
        gap = self._look.metrics.px(GAP)
        x = y = 0
        height = self._look.metrics.px(THUMB[1])
        for box in self._boxes():
            if x and x + box.width() > width:
                x, y = 0, y + height + gap
            if place:
                box.move(x, y)
            x += box.width() + gap
        return y + height

    def _place(self) -> None:
        self._flow(max(1, self.width()), place=True)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return self._flow(max(1, width), place=False)

    def sizeHint(self) -> QSize:
        return QSize(self._look.metrics.px(300), self._look.metrics.px(THUMB[1]))

    def minimumSizeHint(self) -> QSize:
        return QSize(self._look.metrics.px(100), self._look.metrics.px(THUMB[1]))

    # what is done to them

    def _on_wanted(self, thumb: _Thumb, what: str) -> None:
        link = thumb.link
        if link is None:
            return
        place = self.links.index(link)
        if what == "open":
            self.enlarged.emit(place)
        elif what == "remove":
            self.removed.emit(link)
            left = self.thumbs()
            (left[min(place, len(left) - 1)] if left else self.add).setFocus(Qt.FocusReason.OtherFocusReason)
        elif what in ("left", "right"):
            self.move_photo(place, place + (-1 if what == "left" else 1))
        elif what in ("previous", "next"):
            other = place + (-1 if what == "previous" else 1)
            if 0 <= other < len(self.links):
                self._shown[other].setFocus(Qt.FocusReason.OtherFocusReason)
                self._fix_tab_stop()
        elif what == "caption":
            self._ask_caption(place, link)

    def _ask_caption(self, place: int, link: PhotoLink) -> None:
        text, ok = QInputDialog.getText(
            self, self._texts.say("fill.photo.caption"), self._texts.say("fill.photo.caption"),
            QLineEdit.EchoMode.Normal, link.caption,
        )  # fmt: skip
        if ok:
            self.set_caption(place, text.strip()[:40])

    def set_caption(self, place: int, caption: str) -> None:
        changed = list(self.links)
        changed[place] = _with_caption(changed[place], caption)
        self.arranged.emit(tuple(changed))

    def move_photo(self, place: int, to: int) -> None:
        """Puts the photo at `place` to another place."""
        if place == to or not (0 <= place < len(self.links)) or not (0 <= to < len(self.links)):
            return
        moved = list(self.links)
        moved.insert(to, moved.pop(place))
        self.arranged.emit(tuple(moved))
        self._shown[to].setFocus(Qt.FocusReason.OtherFocusReason)
        self._fix_tab_stop()

    # dragging

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        mime = event.mimeData()
        if mime.hasFormat(MOVE_FORMAT) or carries_pictures(mime):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        mime, at = event.mimeData(), event.position().toPoint()
        if not mime.hasFormat(MOVE_FORMAT):
            if carries_pictures(mime):
                after = not self.add_after.isHidden() and self.add_after.geometry().contains(at)
                self.dropped.emit(mime, after)
                event.acceptProposedAction()
            return
        place = next((n for n, link in enumerate(self.links) if link.position == _number(mime)), -1)
        target = next((n for n, t in enumerate(self.thumbs()) if t.geometry().contains(at)), len(self.links) - 1)
        self.move_photo(place, target)
        event.acceptProposedAction()


def _number(mime: QMimeData) -> int:
    return int(bytes(mime.data(MOVE_FORMAT).data()).decode() or "-1")


def _with_caption(link: PhotoLink, caption: str) -> PhotoLink:
    return replace(link, caption=caption)


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
