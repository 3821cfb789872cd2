"""The newest documents as a short list; Enter or a click opens one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyledItemDelegate

from safetyapp.domain.document import DocumentKind, DocumentRow, DocumentState
from safetyapp.ui.chips import Chip, chip_width, paint_chip
from safetyapp.ui.dates import month_day
from safetyapp.ui.metrics import Style
from safetyapp.ui.row_list import Index, RowList, RowsModel, RowText, paint_focus, paint_ground, paint_texts
from safetyapp.ui.today_facts import findings_text
from safetyapp.ui.words import MIDDLE

if TYPE_CHECKING:  # Today opens with this module: what only types need is not loaded with it
    from PySide6.QtWidgets import QListView, QStyleOptionViewItem, QWidget

    from safetyapp.texts import Texts
    from safetyapp.ui.look import Look


class RecentModel(RowsModel[DocumentRow]):
    """The newest documents."""

    def __init__(self, texts: Texts, parent: QWidget) -> None:
        super().__init__(parent)
        self._texts = texts

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
        paint_ground(painter, look, self._view, rect)
        text = self._texts.say(f"documents_screen.state.{row.state.value}")
        kind = state_chip(row.state)
        wide = chip_width(look, kind, text)
        chip = QRect(rect.right() - px(12) - wide, rect.center().y() - px(11), wide, look.metrics.chip)
        paint_chip(painter, chip, kind, text, look)
        room = chip.left() - px(10) - rect.left() - px(16)
        name = self._texts.say("today.continue.of", school=row.school, title=row.title)
        paint_texts(
            painter,
            look,
            QRect(rect.left() + px(16), rect.top(), room, rect.height()),
            RowText(name, Style.COMPACT_STRONG, "ink", MIDDLE),
            RowText(recent_facts(self._texts, row), Style.SMALL, "ink2"),
        )
        paint_focus(painter, look, self._view, index, rect)
        painter.restore()


class RecentList(RowList):
    """The newest documents; Enter or a click opens one."""

    opened = Signal(str)

    def __init__(self, look: Look, texts: Texts, parent: QWidget | None = None) -> None:
        super().__init__(look, texts.say("today.recent.name"), parent)
        self._rows = RecentModel(texts, self)
        self.setModel(self._rows)
        self.setItemDelegate(RecentDelegate(look, texts, self))
        self.setVerticalScrollMode(RowList.ScrollMode.ScrollPerPixel)
        self.clicked.connect(self._enter)

    def set_rows(self, rows: tuple[DocumentRow, ...]) -> None:
        if rows != self._rows.rows:
            self._rows.set_rows(rows)
            if rows:
                self.setCurrentIndex(self._rows.index(0))

    def sizeHint(self) -> QSize:
        """Small: the card gives it what is left, and a page never scrolls because of it."""
        return QSize(self._look.metrics.px(200), self._look.metrics.px(44))

    def _enter(self, index: Index) -> None:
        if index.isValid():
            self.opened.emit(self._rows.rows[index.row()].sha256)
