"""按学校出行 on Today: the plan of visits as rows; Enter begins with the first thing of a visit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeySequence, QPainter, QPen
from PySide6.QtWidgets import QFrame, QListView, QStyledItemDelegate, QWidget

from safetyapp.ui.chips import Chip, chip_width, paint_chip
from safetyapp.ui.metrics import Style
from safetyapp.ui.mosaic import paint_hairline
from safetyapp.ui.school_words import matches
from safetyapp.ui.viewport import give_viewport, is_hovered
from safetyapp.ui.words import LINE, MIDDLE, fits

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent
    from PySide6.QtWidgets import QStyleOptionViewItem

    from safetyapp.texts import Texts
    from safetyapp.ui.look import Look
    from safetyapp.ui.today_dates import VisitRow

Index = QModelIndex | QPersistentModelIndex
ROOT = QModelIndex()


class VisitModel(QAbstractListModel):
    """The visits whose school fits the filter."""

    def __init__(self, texts: Texts, parent: QWidget) -> None:
        super().__init__(parent)
        self._say = texts.say
        self._all: tuple[VisitRow, ...] = ()
        self._filter = ""
        self.rows: tuple[VisitRow, ...] = ()

    def set_rows(self, rows: tuple[VisitRow, ...], text: str) -> None:
        if (rows, text) == (self._all, self._filter):
            return
        self.beginResetModel()
        self._all, self._filter = rows, text
        self.rows = tuple(row for row in rows if matches(row.school, text))
        self.endResetModel()

    def rowCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else len(self.rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        row = self.rows[index.row()]
        if role == Qt.ItemDataRole.ToolTipRole:
            return row.tasks
        if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return None
        return self._say("duty.visits.row", school=row.school.name, when=row.when, tasks=row.tasks)

    def as_text(self) -> str:
        """The plan to paste elsewhere: a line for each school, parted by tabs."""
        say = self._say
        return "\n".join(
            say("duty.visits.line", school=row.school.name, street=row.street, when=row.when, tasks=row.tasks)
            for row in self.rows
        )


class VisitDelegate(QStyledItemDelegate):
    """The school and its street, what is to be done, and how urgent it is."""

    def __init__(self, look: Look, parent: QListView) -> None:
        super().__init__(parent)
        self._look, self._view = look, parent

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(0, self._look.metrics.row)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        look, px = self._look, self._look.metrics.px
        model = index.model()
        assert isinstance(model, VisitModel)
        row, rect = model.rows[index.row()], option.rect
        painter.save()
        hovered = is_hovered(self._view, rect)
        painter.fillRect(rect, look.colour("bg_hover" if hovered else "bg_surface"))
        paint_hairline(painter, rect.left(), rect.right() + 1, rect.bottom() + 1, look.colour("line"))
        wide = min(px(190), rect.width() // 3)
        self._two_lines(painter, QRect(rect.left() + px(16), rect.top(), wide, rect.height()), row)
        right = rect.right() - px(16)
        if row.when:
            style = Style.COMPACT_STRONG if row.is_late else Style.COMPACT
            width = look.font_metrics(style).horizontalAdvance(row.when) + px(2)
            painter.setFont(look.font(style))
            painter.setPen(look.colour("over" if row.is_late else "ink"))
            painter.drawText(QRect(right - width, rect.top(), width, rect.height()), LINE, row.when)
            right -= width + px(12)
        x, middle = rect.left() + px(28) + wide, rect.center().y()
        for text, is_late in row.chips:
            kind = Chip.OVER if is_late else Chip.NEUTRAL
            room = right - x
            if room < px(60):
                break
            said = fits(look.font_metrics(Style.SMALL), text, room - px(20))
            width = chip_width(look, kind, said)
            chip = QRect(x, middle - look.metrics.chip // 2, width, look.metrics.chip)
            paint_chip(painter, chip, kind, said, look)
            x += width + px(6)
        if row.rest and right - x > px(30):
            painter.setFont(look.font(Style.SMALL))
            painter.setPen(look.colour("ink2"))
            said = fits(look.font_metrics(Style.SMALL), row.rest, right - x)
            painter.drawText(QRect(x, rect.top(), right - x, rect.height()), LINE, said)
        if self._view.hasFocus() and self._view.currentIndex().row() == index.row():
            painter.setPen(QPen(look.colour("focus"), px(2)))
            painter.drawRect(rect.adjusted(px(2), px(2), -px(2), -px(3)))
        painter.restore()

    def _two_lines(self, painter: QPainter, box: QRect, row: VisitRow) -> None:
        look = self._look
        upper, lower = look.metrics.line(Style.STRONG), look.metrics.line(Style.MICRO) if row.street else 0
        top = box.top() + (box.height() - upper - lower) // 2
        painter.setFont(look.font(Style.STRONG))
        painter.setPen(look.colour("ink"))
        name = fits(look.font_metrics(Style.STRONG), row.school.name, box.width(), MIDDLE)
        painter.drawText(QRect(box.left(), top, box.width(), upper), LINE, name)
        if row.street:
            painter.setFont(look.font(Style.MICRO))
            painter.setPen(look.colour("ink2"))
            street = fits(look.font_metrics(Style.MICRO), row.street, box.width())
            painter.drawText(QRect(box.left(), top + upper, box.width(), lower), LINE, street)


class VisitList(QListView):
    """`begun(row)` on Enter and double click; Ctrl+C copies the plan."""

    begun = Signal(object)
    copied = Signal(int)
    """How many visits."""
    left_upwards = Signal()

    def __init__(self, look: Look, texts: Texts, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        give_viewport(self)
        self.visits = VisitModel(texts, self)
        self.setModel(self.visits)
        self.setItemDelegate(VisitDelegate(look, self))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setMouseTracking(True)
        self.setUniformItemSizes(True)
        self.setAccessibleName(texts.say("duty.visits.name"))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, False)
        self.doubleClicked.connect(self._begin)
        look.theme_changed.connect(self.viewport().update)

    def set_rows(self, rows: tuple[VisitRow, ...], text: str) -> None:
        """Those that fit the filter; the school that was current stays so."""
        current = self.currentIndex()
        school = self.visits.rows[current.row()].school.id if current.isValid() else ""
        self.visits.set_rows(rows, text)
        if self.visits.rows:
            place = next((n for n, row in enumerate(self.visits.rows) if row.school.id == school), 0)
            self.setCurrentIndex(self.visits.index(place))

    def copy(self) -> None:
        QGuiApplication.clipboard().setText(self.visits.as_text())
        self.copied.emit(len(self.visits.rows))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._begin(self.currentIndex())
        elif event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        elif event.key() == Qt.Key.Key_Up and self.currentIndex().row() <= 0:
            self.left_upwards.emit()
        else:
            super().keyPressEvent(event)

    def _begin(self, index: Index) -> None:
        if index.isValid():
            self.begun.emit(self.visits.rows[index.row()])
