"""The photos of one item in their order, to arrange, caption and take away, with the boxes to add more."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QMimeData, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QKeyEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QInputDialog, QLineEdit, QSizePolicy, QWidget

from safetyapp.domain.inspection import Inspection, PhotoLink
from safetyapp.texts import Texts
from safetyapp.ui import photo_words
from safetyapp.ui.fill_photos import carries_pictures
from safetyapp.ui.icons import paint_icon
from safetyapp.ui.look import Look
from safetyapp.ui.metrics import Style
from safetyapp.ui.parts import Chip, ChipLabel, key_cap_width, paint_key_cap
from safetyapp.ui.photo_thumbs import MOVE_FORMAT, THUMB, Thumb, Thumbs

ADD = (96, 58)
GAP = 8


class _AddBox(QAbstractButton):
    """The dashed box: press it for files, or drop them."""

    has_focus_ring = True

    def __init__(self, look: Look, texts: Texts, word: str, keys: str, after: bool, parent: QWidget) -> None:
        super().__init__(parent)
        self._look, self._texts, self.after = look, texts, after
        px = look.metrics.px
        self._word = word
        self._keys = keys
        hint = look.font_metrics(Style.SMALL).horizontalAdvance(texts.say("fill.photo.hint"))
        self.setFixedSize(max(px(ADD[0]), hint + px(16)), px(ADD[1]))
        self.setAccessibleName(texts.say("fill.photo.add_name") if not after else word)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        look.theme_changed.connect(self.update)

    def set_keys(self, keys: str) -> None:
        self._keys = keys
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        look, px = self._look, self._look.metrics.px
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ground = "bg_sunken" if not self.isEnabled() else "bg_hover" if self.underMouse() else "bg_surface"
        ink = "ink2" if self.isEnabled() else "ink3"
        painter.setBrush(look.colour(ground))
        pen = QPen(look.colour("line_strong" if self.isEnabled() else "line"), 1, Qt.PenStyle.CustomDashLine)
        pen.setDashPattern([3, 3])
        painter.setPen(pen)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), px(4), px(4))
        painter.setFont(look.font(Style.COMPACT))
        advance = look.font_metrics(Style.COMPACT).horizontalAdvance(self._word)
        cap = key_cap_width(look, self._keys) + px(5) if self._keys else 0
        x = (self.width() - px(16) - px(5) - advance - cap) // 2
        middle = self.height() // 2 - px(9)
        paint_icon(painter, x, middle - px(8), "camera", px(16), getattr(look.theme, ink))
        painter.setPen(look.colour(ink))
        line = QRect(x + px(21), middle - px(10), advance + px(4), px(20))
        painter.drawText(line, Qt.AlignmentFlag.AlignVCenter, self._word)
        if self._keys:
            paint_key_cap(painter, x + px(21) + advance + px(5), middle, self._keys, look, look.colour(ink))
        painter.setFont(look.font(Style.SMALL))
        painter.setPen(look.colour(ink))
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
        self._shown: list[Thumb] = []
        self.add = _AddBox(look, texts, texts.say("fill.photo.add"), "P", False, self)
        self.add_after = _AddBox(look, texts, texts.say("fill.photo.after_add"), "", True, self)
        self.camera: QAbstractButton | None = None
        """Only where the computer has one."""
        self.add.clicked.connect(lambda: self.add_wanted.emit(False))
        self.add_after.clicked.connect(lambda: self.add_wanted.emit(True))
        self.add_after.hide()
        self.doubt = ChipLabel(look, Chip.OUTLINE, "", "alert-circle", self)
        self.doubt.setToolTip(texts.say("photos.doubt.tip"))
        self.doubt.hide()
        self.setAcceptDrops(True)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setAccessibleName(texts.say("fill.photo.add"))

    def set_closed(self, sentence: str) -> None:
        """No photo comes in while the sentence says why; empty lets them in again."""
        for box in (self.add, self.add_after, *([self.camera] if self.camera else [])):
            box.setEnabled(not sentence)
            box.setToolTip(sentence)
            box.setAccessibleDescription(sentence)
        self.setAcceptDrops(not sentence)

    def show_camera(self, shoot: Callable[[], object]) -> None:
        """There is a camera: P and a box of its own are for it."""
        if self.camera is None:
            self.add.set_keys("")
            self.camera = _AddBox(self._look, self._texts, self._texts.say("photos.camera.button"), "P", False, self)
            self.camera.clicked.connect(shoot)
            self.camera.show()
            self._place()

    def show_links(self, links: tuple[PhotoLink, ...], with_after: bool, inspection: Inspection) -> None:
        self.links = links
        while len(self._shown) < len(links):
            thumb = Thumb(self._look, self._texts, self._thumbs, self)
            thumb.wanted.connect(lambda what, thumb=thumb: self._on_wanted(thumb, what))
            self._shown.append(thumb)
        for number, thumb in enumerate(self._shown):
            if number < len(links):
                thumb.show_link(number + 1, links[number], inspection)
                thumb.show()
            else:
                thumb.link = None
                thumb.hide()
        self.add_after.setVisible(with_after)
        doubt = photo_words.doubt(self._texts, [link.photo for link in links], inspection.inspected_on)
        self.doubt.set_chip(Chip.OUTLINE, doubt, "alert-circle")
        self.doubt.resize(self.doubt.sizeHint())
        self.doubt.setVisible(bool(doubt))
        self._fix_tab_stop()
        self._place()
        self.updateGeometry()
        self.height_changed.emit()

    def thumbs(self) -> list[Thumb]:
        return self._shown[: len(self.links)]

    def stops(self) -> list[QWidget]:
        """What takes the Tab key, in order."""
        return [*self.thumbs(), *([self.camera] if self.camera else []), self.add, self.add_after]

    def _fix_tab_stop(self) -> None:
        focused = next((t for t in self.thumbs() if t.hasFocus()), None)
        for number, thumb in enumerate(self.thumbs()):
            stop = thumb is focused or (focused is None and number == 0)
            thumb.setFocusPolicy(Qt.FocusPolicy.StrongFocus if stop else Qt.FocusPolicy.ClickFocus)

    def _boxes(self) -> list[QWidget]:
        boxes: list[QWidget] = [*self.thumbs(), *([self.camera] if self.camera else []), self.add]
        return [*boxes, *(box for box in (self.add_after, self.doubt) if not box.isHidden())]

    def _flow(self, width: int, place: bool) -> int:
        gap = self._look.metrics.px(GAP)
        x = y = height = 0
        for box in self._boxes():
            if x and x + box.width() > width:
                x, y, height = 0, y + height + gap, 0
            if place:
                box.move(x, y)
            x += box.width() + gap
            height = max(height, box.height())
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

    def _on_wanted(self, thumb: Thumb, what: str) -> None:
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
        changed[place] = replace(changed[place], caption=caption)
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
