"""The tray beside the list of items: the photos that are at none, and the ways to put them somewhere."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLineEdit, QStackedWidget, QVBoxLayout, QWidget

from safetyapp.texts import Texts
from safetyapp.ui.fill_photos import carries_pictures
from safetyapp.ui.look import Look
from safetyapp.ui.metrics import Style
from safetyapp.ui.parts import Button, KeyCap, Kind, Label, Line
from safetyapp.ui.photo_thumbs import Thumbs
from safetyapp.ui.tray_list import TrayList, TrayRow

WIDTH = 400
"""px at 100 %."""
SHORT = 380
"""px at 100 %: lower than this it says only what it must."""


class ItemField(QLineEdit):
    """The item that the ticked photos go to; Enter sends them, Esc goes back to the list."""

    given = Signal(str)
    left = Signal()

    def __init__(self, texts: Texts) -> None:
        super().__init__()
        self.setPlaceholderText(texts.say("photos.tray.item"))
        self.setAccessibleName(texts.say("photos.tray.item_name"))
        self.setMaxLength(40)

    def begin(self, text: str) -> None:
        """A character was typed in the list."""
        self.setText(text)
        self.setFocus(
            Qt.FocusReason.OtherFocusReason
        )  # any other way would mark the character, and the next replace it

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.given.emit(self.text())
        elif event.key() == Qt.Key.Key_Escape:
            self.clear()
            self.left.emit()
        else:
            super().keyPressEvent(event)


class TrayPanel(QFrame):
    """Lies over the right side of Fill while it is wanted; what its buttons do has a key in the list."""

    left = Signal()
    """Close the tray."""
    watch_wanted = Signal()
    add_wanted = Signal()
    dropped = Signal(object)

    def __init__(self, look: Look, texts: Texts, thumbs: Thumbs, parent: QWidget) -> None:
        super().__init__(parent)
        self._look, self._texts = look, texts
        say, px = texts.say, look.metrics.px
        self.setProperty("surface", "1")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName(say("photos.tray.title"))
        self.setAcceptDrops(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 0, 0, 0)
        column.setSpacing(0)
        head = QHBoxLayout()
        head.setContentsMargins(px(14), px(4), px(6), px(4))
        head.setSpacing(px(8))
        head.addWidget(Label(look, say("photos.tray.title"), Style.STRONG, elide=Qt.TextElideMode.ElideNone))
        self.count = Label(look, "", Style.COMPACT, "ink2")
        head.addWidget(self.count, 1)
        head.addWidget(KeyCap(look, "Ctrl T"))
        self.close_button = Button(look, say("photos.tray.close"), icon="x", kind=Kind.ICON, keys="Esc")
        self.close_button.clicked.connect(self.left)
        head.addWidget(self.close_button)
        column.addLayout(head)
        self.watching = Label(look, "", Style.COMPACT, "ink2", wrap=True)
        self.watching.hide()
        told = QVBoxLayout()
        told.setContentsMargins(px(14), 0, px(14), 0)
        told.addWidget(self.watching)
        column.addLayout(told)
        ways = QHBoxLayout()
        ways.setContentsMargins(px(10), 0, px(10), px(6))
        ways.setSpacing(px(4))
        self.watch = Button(look, say("photos.tray.choose_folder"), icon="usb", keys="Ctrl ⇧ P", kind=Kind.LINK)
        self.watch.clicked.connect(self.watch_wanted)
        self.add = Button(look, say("photos.tray.add"), icon="photo", kind=Kind.LINK)
        self.add.clicked.connect(self.add_wanted)
        ways.addWidget(self.watch)
        ways.addWidget(self.add)
        ways.addStretch(1)
        column.addLayout(ways)
        column.addWidget(Line(look))
        self.list = TrayList(look, texts, thumbs)
        self.empty = Label(look, say("photos.tray.empty"), Style.BODY, "ink2", wrap=True)
        self.list.setMinimumHeight(px(40))  # it scrolls; the buttons below must stay whole
        bare = QWidget()
        around = QVBoxLayout(bare)
        around.setContentsMargins(px(20), px(20), px(20), px(20))
        around.addWidget(self.empty)
        around.addStretch(1)
        self._pages = QStackedWidget()
        self._pages.addWidget(self.list)
        self._pages.addWidget(bare)
        column.addWidget(self._pages, 1)
        column.addWidget(Line(look))
        self._foot = self._make_foot()
        column.addWidget(self._foot)
        self.list.chosen_changed.connect(self._show_count)
        self.list.typed.connect(self.field.begin)
        self.list.left.connect(self.left)
        self.field.left.connect(self.focus_list)
        self.hide()

    def _make_foot(self) -> QWidget:
        look, say, px = self._look, self._texts.say, self._look.metrics.px
        foot = QWidget()
        grid = QGridLayout(foot)
        grid.setContentsMargins(px(12), px(8), px(12), px(8))
        grid.setSpacing(px(8))
        self.to_item = Button(look, "", keys="Enter")
        self.field = ItemField(self._texts)
        self.field.setFixedHeight(px(32))
        self.to_proposed = Button(look, say("photos.tray.to_proposed"), keys="Ctrl Enter")
        self.out = Button(look, say("photos.tray.out"), icon="trash", keys="Del")
        for number, part in enumerate((self.to_item, self.field, self.to_proposed, self.out)):
            grid.addWidget(part, number // 2, number % 2)
        grid.setColumnStretch(0, 3)
        grid.setColumnStretch(1, 2)
        self._hint = Label(look, say("photos.tray.hint"), Style.SMALL, "ink2", wrap=True)
        grid.addWidget(self._hint, 2, 0, 1, 2)
        return foot

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where there is little height it belongs to the photos."""
        super().resizeEvent(event)
        self._fold()

    def _fold(self) -> None:
        short = self.height() < self._look.metrics.px(SHORT)
        self._hint.setVisible(not short)
        self.watching.setVisible(bool(self.watching.text()) and not short)

    def show_rows(self, rows: tuple[TrayRow, ...]) -> None:
        had_focus = self.isAncestorOf(self.window().focusWidget() or self.window())
        self.list.show_rows(rows)
        self._pages.setCurrentIndex(0 if rows else 1)
        self._foot.setVisible(bool(rows))
        self._show_count()
        if had_focus and not rows:
            self.watch.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_item(self, item: str) -> None:
        """The item that Enter puts them to; empty when there is none."""
        self.to_item.set_words(self._texts.say("photos.tray.to_item", item=item))
        self.to_item.setEnabled(bool(item))

    def show_watch(self, sentence: str, is_on: bool) -> None:
        """Which folder is watched just now."""
        self.watching.setText(sentence)
        self._fold()
        self.watch.set_words(self._texts.say(f"photos.tray.{'stop_watching' if is_on else 'choose_folder'}"))

    def _show_count(self) -> None:
        ticked, every = len(self.list.ticked()), len(self.list.rows.rows)
        key = "photos.tray.chosen" if ticked else "photos.tray.count"
        self.count.setText(self._texts.say(key, n=ticked or every))
        has_proposal = any(row.proposal for row in self.list.chosen())
        self.to_proposed.setEnabled(has_proposal)

    def focus_list(self) -> None:
        stop: QWidget = self.list if self.list.rows.rows else self.watch
        stop.setFocus(Qt.FocusReason.OtherFocusReason)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if carries_pictures(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        if carries_pictures(event.mimeData()):
            self.dropped.emit(event.mimeData())
            event.acceptProposedAction()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._look.colour("bg_surface"))
        painter.fillRect(0, 0, 1, self.height(), self._look.colour("line_strong"))
        painter.end()
