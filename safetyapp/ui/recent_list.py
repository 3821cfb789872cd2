"""The newest documents as a short list; Enter or a click opens one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import (
    QFrame,
    QListView,
    QStyledItemDelegate,
    QWidget,
)

from safetyapp.domain.document import DocumentKind, DocumentState
from safetyapp.ui.chips import Chip, chip_width, paint_chip
from safetyapp.ui.dates import month_day
from safetyapp.ui.metrics import Style
from safetyapp.ui.mosaic import paint_hairline
from safetyapp.ui.today_facts import findings_text
from safetyapp.ui.viewport import give_viewport, is_hovered
from safetyapp.ui.words import LINE, MIDDLE, fits

if TYPE_CHECKING:  # Today opens with this module: what only types need is not loaded with it
    from PySide6.QtGui import QKeyEvent
    from PySide6.QtWidgets import QStyleOptionViewItem

    from safetyapp.domain.document import DocumentRow
    from safetyapp.texts import Texts
    from safetyapp.ui.look import Look

Index = QModelIndex | QPersistentModelIndex
ROOT = QModelIndex()


class RecentModel(QAbstractListModel):
    """The newest documents."""

    def __init__(self, texts: Texts, parent: QWidget) -> None:
        super().__init__(parent)
        self._texts = texts
        self.rows: tuple[DocumentRow, ...] = ()

    def rowCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else len(self.rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return None
        row = self.rows[index.row()]
        state = self._texts.say(f"documents_screen.state.{row.state.value}")
        return f"{row.school}，{row.title}，{recent_facts(self._texts, row)}，{state}"


def recent_facts(texts: Texts, row: DocumentRow) -> str:
    """11-24 · 5 条隐患，重大 1; of a paper that names no finding, who signed it."""
    names = row.findings or row.kind is DocumentKind.INSPECTION_REPORT
    said = findings_text(texts, row) if names else row.author
    return texts.say("window.dot").join((month_day(texts, row.inspected_on), said))


_CHIPS = {
    DocumentState.WAITING: Chip.NEUTRAL,
    DocumentState.DELIVERED: Chip.NEUTRAL,
    DocumentState.ACCEPTED: Chip.OK,
    DocumentState.REPLACED: Chip.NEUTRAL,
    DocumentState.VOID: Chip.NEUTRAL,
    DocumentState.NEEDS_ACTION: Chip.TROUBLE,
}


def state_chip(state: DocumentState) -> Chip:
    """How a document's state is painted."""
    return _CHIPS.get(state, Chip.OUTLINE)


class RecentDelegate(QStyledItemDelegate):
    """Two lines and a chip."""

    def __init__(self, look: Look, texts: Texts, parent: QListView) -> None:
        super().__init__(parent)
        self._look, self._texts, self._view = look, texts, parent

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(0, self._look.metrics.px(44))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        look, px = self._look, self._look.metrics.px
        model = index.model()
        assert isinstance(model, RecentModel)
        row = model.rows[index.row()]
        rect: QRect = option.rect
        painter.save()
        hovered = is_hovered(self._view, rect)
        painter.fillRect(rect, look.colour("bg_hover" if hovered else "bg_surface"))
        paint_hairline(painter, rect.left(), rect.right() + 1, rect.bottom() + 1, look.colour("line"))
        text = self._texts.say(f"documents_screen.state.{row.state.value}")
        kind = state_chip(row.state)
        wide = chip_width(look, kind, text)
        chip = QRect(rect.right() - px(12) - wide, rect.center().y() - px(11), wide, look.metrics.chip)
        paint_chip(painter, chip, kind, text, look)
        room = chip.left() - px(10) - rect.left() - px(16)
        upper, lower = look.metrics.line(Style.COMPACT), look.metrics.line(Style.SMALL)
        top = rect.top() + (rect.height() - upper - lower) // 2
        painter.setFont(look.font(Style.COMPACT_STRONG))
        painter.setPen(look.colour("ink"))
        name = self._texts.say("today.continue.of", school=row.school, title=row.title)
        first = QRect(rect.left() + px(16), top, room, upper)
        said = fits(look.font_metrics(Style.COMPACT_STRONG), name, room, MIDDLE)
        painter.drawText(first, LINE, said)
        painter.setFont(look.font(Style.SMALL))
        painter.setPen(look.colour("ink2"))
        second = QRect(rect.left() + px(16), top + upper, room, lower)
        facts = fits(look.font_metrics(Style.SMALL), recent_facts(self._texts, row), room)
        painter.drawText(second, LINE, facts)
        if self._view.hasFocus() and self._view.currentIndex().row() == index.row():
            painter.setPen(QPen(look.colour("focus"), px(2)))
            painter.drawRect(rect.adjusted(px(2), px(2), -px(2), -px(3)))
        painter.restore()


class RecentList(QListView):
    """The newest documents; Enter or a click opens one."""

    opened = Signal(str)

    def __init__(self, look: Look, texts: Texts, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        give_viewport(self)
        self._rows = RecentModel(texts, self)
        self.setModel(self._rows)
        self.setItemDelegate(RecentDelegate(look, texts, self))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setMouseTracking(True)
        self.setUniformItemSizes(True)
        self.setAccessibleName(texts.say("today.recent.name"))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, False)
        self.clicked.connect(self._on_clicked)
        look.theme_changed.connect(self.viewport().update)

    def set_rows(self, rows: tuple[DocumentRow, ...]) -> None:
        if rows != self._rows.rows:
            self._rows.beginResetModel()
            self._rows.rows = rows
            self._rows.endResetModel()
            if rows:
                self.setCurrentIndex(self._rows.index(0))

    def sizeHint(self) -> QSize:
        """Small: the card gives it what is left, and a page never scrolls because of it."""
        return QSize(self._look.metrics.px(200), self._look.metrics.px(44))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._on_clicked(self.currentIndex())
        else:
            super().keyPressEvent(event)

    def _on_clicked(self, index: Index) -> None:
        if index.isValid():
            self.opened.emit(self._rows.rows[index.row()].sha256)
