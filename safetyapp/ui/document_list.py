"""The list of documents: model that pages, painted rows, keys."""

from __future__ import annotations

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QKeyEvent, QPainter, QPen
from PySide6.QtWidgets import (
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from safetyapp.domain.document import DocumentRow
from safetyapp.texts import Texts
from safetyapp.ui.look import Look
from safetyapp.ui.metrics import Style
from safetyapp.ui.mosaic import paint_hairline
from safetyapp.ui.parts import (
    chip_width,
    fits,
    paint_chip,
)
from safetyapp.ui.recent_list import recent_facts, state_chip
from safetyapp.ui.words import CENTRED, LINE, MIDDLE

Index = QModelIndex | QPersistentModelIndex
ROOT = QModelIndex()


class DocumentsModel(QAbstractListModel):
    """What was found so far; asks for the next page when the list comes to its end."""

    more_wanted = Signal(int)

    def __init__(self, texts: Texts, parent: QWidget) -> None:
        super().__init__(parent)
        self._texts = texts
        self.rows: list[DocumentRow] = []
        self.total = 0
        self._asked = False
        self._rivals: dict[str, bool] = {}

    def set_rivals(self, rivals: tuple[tuple[DocumentRow, ...], ...]) -> None:
        """The reports that share their inspection with somebody else's, the one that counts first."""
        self._rivals = {row.sha256: number == 0 for rows in rivals for number, row in enumerate(rows)}

    def facts_of(self, row: DocumentRow) -> str:
        """11-24 · 5 条隐患; before it, that there are two reports of this inspection, and whether this one counts."""
        facts, counts = recent_facts(self._texts, row), self._rivals.get(row.sha256)
        if counts is None:
            return facts
        told = self._texts.say(f"handover.rivals.{'this_counts' if counts else 'this_other'}")
        return self._texts.say("window.dot").join((told, facts))

    def set_rows(self, rows: tuple[DocumentRow, ...], total: int) -> None:
        self.beginResetModel()
        self.rows, self.total, self._asked = list(rows), total, False
        self.endResetModel()

    def add_rows(self, rows: tuple[DocumentRow, ...]) -> None:
        self._asked = False
        if not rows:
            self.total = len(self.rows)
            return
        self.beginInsertRows(ROOT, len(self.rows), len(self.rows) + len(rows) - 1)
        self.rows.extend(rows)
        self.endInsertRows()

    def place_of(self, sha256: str) -> int:
        return next((n for n, row in enumerate(self.rows) if row.sha256 == sha256), -1)

    def rowCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else len(self.rows)

    def canFetchMore(self, parent: Index) -> bool:
        return not parent.isValid() and not self._asked and len(self.rows) < self.total

    def fetchMore(self, parent: Index) -> None:
        self._asked = True
        self.more_wanted.emit(len(self.rows))

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return None
        row, say = self.rows[index.row()], self._texts.say
        return say(
            "documents_screen.row",
            kind=say(f"documents_screen.kind.{row.kind.value}"),
            school=row.school,
            title=row.title,
            facts=self.facts_of(row),
            state=say(f"documents_screen.state.{row.state.value}"),
        )


class DocumentDelegate(QStyledItemDelegate):
    """Kind tile, school · form, date · facts, state chip."""

    def __init__(self, look: Look, texts: Texts, parent: QListView) -> None:
        super().__init__(parent)
        self._look, self._texts, self._view = look, texts, parent

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(0, self._look.metrics.document_row)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        look, px = self._look, self._look.metrics.px
        model = index.model()
        assert isinstance(model, DocumentsModel)
        row = model.rows[index.row()]
        rect: QRect = option.rect
        state: QStyle.StateFlag = option.state
        current = self._view.currentIndex().row() == index.row()
        chosen = current or bool(state & QStyle.StateFlag.State_Selected)
        hovered = bool(state & QStyle.StateFlag.State_MouseOver)
        painter.save()
        painter.fillRect(rect, look.colour("bg_selected" if chosen else "bg_hover" if hovered else "bg_app"))
        paint_hairline(painter, rect.left(), rect.right() + 1, rect.bottom() + 1, look.colour("line"))
        if current:
            painter.fillRect(rect.left(), rect.top(), px(3), rect.height(), look.colour("brand"))
        tile = QRect(rect.left() + px(14), rect.top() + (rect.height() - px(40)) // 2, px(34), px(40))
        self._paint_tile(painter, tile, self._texts.say(f"documents_screen.tile.{row.kind.value}"))
        text = self._texts.say(f"documents_screen.state.{row.state.value}")
        kind = state_chip(row.state)
        wide = chip_width(look, kind, text)
        chip = QRect(rect.right() - px(12) - wide, rect.center().y() - px(11), wide, look.metrics.chip)
        paint_chip(painter, chip, kind, text, look)
        left = tile.right() + px(10)
        room = chip.left() - px(10) - left
        upper, lower = look.metrics.line(Style.STRONG), look.metrics.line(Style.SMALL)
        top = rect.top() + (rect.height() - upper - lower) // 2
        painter.setPen(look.colour("ink"))
        painter.setFont(look.font(Style.COMPACT_STRONG))
        name = self._texts.say("documents_screen.of", school=row.school, title=row.title)
        said = fits(look.font_metrics(Style.COMPACT_STRONG), name, room, MIDDLE)
        painter.drawText(QRect(left, top, room, upper), LINE, said)
        painter.setPen(look.colour("ink2"))
        painter.setFont(look.font(Style.SMALL))
        facts = fits(look.font_metrics(Style.SMALL), model.facts_of(row), room)
        painter.drawText(QRect(left, top + upper, room, lower), LINE, facts)
        if current and self._view.hasFocus():
            painter.setPen(QPen(look.colour("focus"), px(2)))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(rect.adjusted(px(1), px(1), -px(1), -px(2)))
        painter.restore()

    def _paint_tile(self, painter: QPainter, tile: QRect, words: str) -> None:
        look, px = self._look, self._look.metrics.px
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(look.colour("line_strong"), 1))
        painter.setBrush(look.colour("bg_surface"))
        box = QRectF(tile).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.drawRoundedRect(box, look.metrics.radius_chip, look.metrics.radius_chip)
        painter.setPen(look.colour("ink2"))
        painter.setFont(look.font(Style.MICRO))
        lines = words.split("|")
        step = look.metrics.line(Style.MICRO) + px(1)
        y = tile.top() + (tile.height() - step * len(lines)) // 2
        for line in lines:
            painter.drawText(QRect(tile.left(), y, tile.width(), step), CENTRED, line)
            y += step
        painter.restore()


class DocumentList(QListView):
    """The list; letters and Space are not a search here but keys of the screen."""

    key_pressed = Signal(int, bool)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Space, Qt.Key.Key_V, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.key_pressed.emit(event.key(), bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier))
        elif event.text().isprintable() and event.text():
            event.ignore()
        else:
            super().keyPressEvent(event)
