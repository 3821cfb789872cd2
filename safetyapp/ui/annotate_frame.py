"""What stands around the picture while it is annotated: the header with its buttons, and the dark bar below."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QWidget

from safetyapp.texts import Texts
from safetyapp.ui.annotate_canvas import ON_GROUND
from safetyapp.ui.annotate_tools import BarButton
from safetyapp.ui.look import Look
from safetyapp.ui.metrics import Style
from safetyapp.ui.parts import Button, PrimaryButton
from safetyapp.ui.work_header import WorkHeader

BAR = "#191F22"
_NARROW = 1100
"""The width, in px at 100 %, below which undo, redo and the original move into a menu."""


def is_narrow(look: Look, width: int) -> bool:
    return look.metrics.breadth(width) < _NARROW


class AnnotateHeader(WorkHeader):
    """48 px: back, which photo of what, undo, redo, the original, done."""

    left = Signal()
    undo = Signal()
    redo = Signal()
    bare = Signal(bool)

    def __init__(self, look: Look, texts: Texts) -> None:
        super().__init__(look, texts.say("annotate.back"))
        self._texts = texts
        say = texts.say
        self.back.clicked.connect(self.left)
        self.undo_button = Button(look, say("annotate.undo"), icon="arrow-back-up")
        self.undo_button.clicked.connect(self.undo)
        self.redo_button = Button(look, say("annotate.redo"), icon="arrow-forward-up")
        self.redo_button.clicked.connect(self.redo)
        self.original = Button(look, say("annotate.original"), icon="eye", keys="Space")
        self.original.pressed.connect(lambda: self.bare.emit(True))
        self.original.released.connect(lambda: self.bare.emit(False))
        self.more = Button(look, say("annotate.more"), icon="dots")
        self.more.clicked.connect(self._open_menu)
        self.done = PrimaryButton(look, say("annotate.done"), keys="Esc")
        self.done.clicked.connect(self.left)
        for button in (self.undo_button, self.redo_button, self.original, self.more, self.done):
            self.row.addWidget(button)
        self.more.hide()

    def stops(self) -> list[QWidget]:
        return [self.back, self.undo_button, self.redo_button, self.original, self.more, self.done]

    def show_photo(self, title: str, facts: str) -> None:
        self.title.setText(title)
        self.facts.setText(facts)
        self.facts.setToolTip(facts)

    def show_steps(self, can_undo: bool, can_redo: bool) -> None:
        self.undo_button.setEnabled(can_undo)
        self.redo_button.setEnabled(can_redo)

    def _open_menu(self) -> None:
        say, menu = self._texts.say, QMenu(self)
        for key, signal, button in (
            ("undo", self.undo, self.undo_button),
            ("redo", self.redo, self.redo_button),
        ):
            action = menu.addAction(say(f"annotate.{key}"))
            action.setEnabled(button.isEnabled())
            action.triggered.connect(signal)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(self.more.mapToGlobal(QPoint(0, self.more.height())))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        narrow = is_narrow(self._look, self.width())
        self.undo_button.setVisible(not narrow)
        self.redo_button.setVisible(not narrow)
        self.more.setVisible(narrow)


class AnnotateBar(QWidget):
    """Zoom, what the tool wants, the photo before and after."""

    zoom = Signal(bool)
    fit = Signal()
    step = Signal(int)

    def __init__(self, look: Look, texts: Texts) -> None:
        super().__init__()
        self._look, self._texts = look, texts
        px, say = look.metrics.px, texts.say
        self.setFixedHeight(px(36))
        row = QHBoxLayout(self)
        row.setContentsMargins(px(8), 0, px(8), 0)
        row.setSpacing(px(4))
        self._percent = ""
        self._hint = ""
        self.smaller = BarButton(look, "zoom-out", say("annotate.zoom_out"), "-", bare=True)
        self.larger = BarButton(look, "zoom-in", say("annotate.zoom_in"), "+", bare=True)
        self.previous = BarButton(look, "arrow-left", say("annotate.previous"))
        self.next = BarButton(look, "arrow-right", say("annotate.next"))
        self.smaller.clicked.connect(lambda: self.zoom.emit(False))
        self.larger.clicked.connect(lambda: self.zoom.emit(True))
        self.previous.clicked.connect(lambda: self.step.emit(-1))
        self.next.clicked.connect(lambda: self.step.emit(1))
        self._room = look.font_metrics(Style.SMALL).horizontalAdvance(say("annotate.fit", percent=100)) + px(12)
        row.addSpacing(self._room)
        row.addWidget(self.smaller)
        row.addWidget(self.larger)
        row.addStretch(1)
        row.addWidget(self.previous)
        row.addWidget(self.next)

    def stops(self) -> list[QWidget]:
        return [self.smaller, self.larger, self.previous, self.next]

    def show_zoom(self, percent: int, fitted: bool) -> None:
        self._percent = self._texts.say("annotate.fit" if fitted else "annotate.zoomed", percent=percent)
        self.update()

    def fold(self, narrow: bool) -> None:
        """In a narrow window the arrows stand for their words."""
        self.previous.set_bare(narrow)
        self.next.set_bare(narrow)

    def show_hint(self, hint: str) -> None:
        self._hint = hint
        self.update()

    def hint(self) -> str:
        return self._hint

    def paintEvent(self, event: QPaintEvent) -> None:
        look, px = self._look, self._look.metrics.px
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(BAR))
        painter.setPen(QColor(ON_GROUND))
        painter.setFont(look.font(Style.SMALL))
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.drawText(QRect(px(12), 0, self._room, self.height()), middle, self._percent)
        left, right = self.larger.geometry().right() + px(14), self.previous.geometry().left() - px(10)
        wide = look.font_metrics(Style.SMALL).horizontalAdvance(self._hint)
        if wide <= right - left:  # what does not fit is not needed: each tool says it by its tip too
            painter.drawText(QRect(left, 0, right - left, self.height()), middle, self._hint)
        painter.end()
