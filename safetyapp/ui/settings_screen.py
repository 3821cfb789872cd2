"""Settings 设置: the pages at the left, the chosen one beside them. What is changed holds at once; there is no Save."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QKeySequence, QPainter, QResizeEvent, QShortcut
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QSizePolicy,
    QStackedWidget,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from safetyapp.ui.icons import paint_icon
from safetyapp.ui.look import Look
from safetyapp.ui.metrics import Style
from safetyapp.ui.parts import Header, Line, SearchField, fits
from safetyapp.ui.rail import Index
from safetyapp.ui.settings_backup import BackupPage
from safetyapp.ui.settings_key import KeyPage
from safetyapp.ui.settings_keys import KeysPage
from safetyapp.ui.settings_log import LogPage
from safetyapp.ui.settings_pages import DraftsPage, FormsPage, LookPage, PhotosPage, SchoolsPage
from safetyapp.ui.settings_paper import PaperPage
from safetyapp.ui.settings_parts import Host, Page

if TYPE_CHECKING:
    from safetyapp.ui.window import MainWindow

PAGES: tuple[tuple[str, str, Callable[[Host], Page]], ...] = (
    ("look", "text-size", LookPage),
    ("key", "certificate", KeyPage),
    ("backup", "database", BackupPage),
    ("drafts", "history", DraftsPage),
    ("forms", "file-text", FormsPage),
    ("schools", "school", SchoolsPage),
    ("paper", "printer", PaperPage),
    ("photos", "camera", PhotosPage),
    ("keys", "keyboard", KeysPage),
    ("log", "info-circle", LogPage),
)
_NAME, _ICON = Qt.ItemDataRole.UserRole, Qt.ItemDataRole.UserRole + 1


class SettingsScreen(QWidget):
    """The screen. `page_changed(name)` when another page is shown."""

    page_changed = Signal(str)

    def __init__(self, window: MainWindow, page: str = "look") -> None:
        super().__init__()
        tools, look = window.tools, window.look
        self._look, self._say = look, tools.texts.say
        self._host = Host(window, tools, look, window.jobs, window.care.desk)
        px = look.metrics.px
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        header = Header(look, self._say("settings.title"))
        self.search = SearchField(look, self._say("settings.search"), "Ctrl F")
        self.search.setMinimumWidth(px(150))
        self.search.setMaximumWidth(px(240))
        self.search.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.search.textChanged.connect(self._filter)
        self.search.returnPressed.connect(self._enter)
        header.row.addWidget(self.search, 1)
        column.addWidget(header)
        row = QHBoxLayout()
        row.setSpacing(0)
        self.nav = _Nav(look, self._say("settings.title"))
        for name, icon, _ in PAGES:
            item = QListWidgetItem(self._say(f"settings.page.{name}"))
            item.setData(_NAME, name)
            item.setData(_ICON, icon)
            item.setToolTip(item.text())
            self.nav.addItem(item)
        row.addWidget(self.nav)
        row.addWidget(Line(look, standing=True))
        self.stack = QStackedWidget()
        row.addWidget(self.stack, 1)
        column.addLayout(row, 1)
        self.pages: dict[str, Page] = {}
        QShortcut(
            QKeySequence("Ctrl+F"), self, self.focus_search, context=Qt.ShortcutContext.WidgetWithChildrenShortcut
        )
        self.nav.currentItemChanged.connect(self._on_chosen)
        self.show_page(page)

    def show_page(self, name: str) -> None:
        """Shows a page, made when it is shown first."""
        if name not in (known := [page[0] for page in PAGES]):
            name = known[0]
        self.nav.setCurrentRow(known.index(name))
        if name not in self.pages:
            make = next(page[2] for page in PAGES if page[0] == name)
            page = self.pages[name] = make(self._host)
            self.stack.addWidget(page)
        self.stack.setCurrentWidget(self.pages[name])
        self.pages[name].renew()
        self.page_changed.emit(name)

    @property
    def page(self) -> str:
        item = self.nav.currentItem()
        return str(item.data(_NAME)) if item is not None else PAGES[0][0]

    def renew(self) -> None:
        """It is shown again."""
        self.pages[self.page].renew()

    def focus_first(self) -> None:
        self.nav.setFocus()

    def focus_search(self) -> None:
        self.search.setFocus()
        self.search.selectAll()

    def panes(self) -> tuple[QWidget, ...]:
        """For F6."""
        page = self.pages[self.page]
        first = next((w for w in page.findChildren(QWidget) if w.focusPolicy() & Qt.FocusPolicy.TabFocus
                      and w.isVisible() and w.isEnabled()), None)  # fmt: skip
        return (self.nav, first) if first is not None else (self.nav,)

    def _on_chosen(self, item: QListWidgetItem | None) -> None:
        if item is not None:
            self.show_page(str(item.data(_NAME)))

    def _filter(self, text: str) -> None:
        """A page stays in the list when its name or what is on it is meant; Chinese and English both."""
        words = text.lower().split()
        for number, (name, _, _) in enumerate(PAGES):
            meant = f"{self._say(f'settings.page.{name}')} {self._say(f'settings.words.{name}')}".lower()
            self.nav.item(number).setHidden(not all(word in meant for word in words))

    def _enter(self) -> None:
        """Enter goes to the first page that is left."""
        left = next((n for n in range(self.nav.count()) if not self.nav.item(n).isHidden()), None)
        if left is not None:
            self.nav.setCurrentRow(left)
            self.nav.setFocus()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        narrow = self._look.metrics.breadth(self.width()) < 700
        self.nav.setFixedWidth(self._look.metrics.px(48 if narrow else 196))
        self.nav.words_shown = not narrow


class _Nav(QListWidget):
    """The names of the pages; icons alone where it is narrow."""

    def __init__(self, look: Look, name: str) -> None:
        super().__init__()
        self.words_shown = True
        self.setAccessibleName(name)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setItemDelegate(_NavDelegate(look, self))
        self.setMouseTracking(True)
        self.setVerticalScrollMode(QListWidget.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, False)
        self.setFixedWidth(look.metrics.px(196))


class _NavDelegate(QStyledItemDelegate):
    """A row of the list: icon and name, a bar at the left of the chosen one."""

    def __init__(self, look: Look, nav: _Nav) -> None:
        super().__init__(nav)
        self._look, self._nav = look, nav

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(self._nav.width(), self._look.metrics.px(36))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        look, px = self._look, self._look.metrics.px
        rect: QRect = option.rect
        chosen = self._nav.currentIndex() == index
        painter.save()
        if chosen:
            painter.fillRect(rect, look.colour("bg_selected"))
            painter.fillRect(rect.left(), rect.top(), px(3), rect.height(), look.colour("brand"))
        side = px(18)
        name = str(index.data(Qt.ItemDataRole.DisplayRole))
        top = rect.top() + (rect.height() - side) // 2
        paint_icon(painter, rect.left() + px(15), top, str(index.data(_ICON)), side, look.theme.ink2)
        if self._nav.words_shown:
            style = Style.STRONG if chosen else Style.BODY
            painter.setFont(look.font(style))
            painter.setPen(look.colour("ink"))
            words = rect.adjusted(px(44), 0, -px(8), 0)
            text = fits(look.font_metrics(style), name, words.width())
            painter.drawText(words, Qt.AlignmentFlag.AlignVCenter, text)
        if self._nav.hasFocus() and chosen:
            painter.setPen(look.colour("focus"))
            painter.drawRect(rect.adjusted(px(4), 1, -px(2), -2))
        painter.restore()
