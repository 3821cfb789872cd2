"""按学校出行 on Today: the plan of visits as rows; Enter begins with the first thing of a visit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeySequence, QPainter
from PySide6.QtWidgets import QStyledItemDelegate

from safetyapp.ui.chips import Chip, chip_width, paint_chip
from safetyapp.ui.metrics import Style
from safetyapp.ui.row_list import Index, RowList, RowsModel, RowText, paint_focus, paint_ground, paint_texts
from safetyapp.ui.school_words import matches
from safetyapp.ui.words import LINE, MIDDLE, fits

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent
    from PySide6.QtWidgets import QListView, QStyleOptionViewItem, QWidget

    from safetyapp.texts import Texts
    from safetyapp.ui.look import Look
    from safetyapp.ui.today_dates import VisitRow


class VisitModel(RowsModel["VisitRow"]):
    """The visits whose school fits the filter."""

    def __init__(self, texts: Texts, parent: QWidget) -> None:
        super().__init__(parent)
        self._say = texts.say
        self._all: tuple[VisitRow, ...] = ()
        self._filter = ""

    def set_fitting(self, rows: tuple[VisitRow, ...], text: str) -> None:
        if (rows, text) != (self._all, self._filter):
            self._all, self._filter = rows, text
            self.set_rows(tuple(row for row in rows if matches(row.school, text)))

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
        paint_ground(painter, look, self._view, rect)
        wide = min(px(190), rect.width() // 3)
        street = (RowText(row.street, Style.MICRO, "ink2"),) if row.street else ()
        paint_texts(
            painter,
            look,
            QRect(rect.left() + px(16), rect.top(), wide, rect.height()),
            RowText(row.school.name, Style.STRONG, "ink", MIDDLE),
            *street,
        )
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
        paint_focus(painter, look, self._view, index, rect)
        painter.restore()


class VisitList(RowList):
    """`begun(row)` on Enter and double click; Ctrl+C copies the plan."""

    begun = Signal(object)
    copied = Signal(int)
    """How many visits."""
    left_upwards = Signal()

    def __init__(self, look: Look, texts: Texts, parent: QWidget | None = None) -> None:
        super().__init__(look, texts.say("duty.visits.name"), parent)
        self.visits = VisitModel(texts, self)
        self.setModel(self.visits)
        self.setItemDelegate(VisitDelegate(look, self))
        self.setVerticalScrollMode(RowList.ScrollMode.ScrollPerPixel)
        self.doubleClicked.connect(self._enter)

    def set_rows(self, rows: tuple[VisitRow, ...], text: str) -> None:
        """Those that fit the filter; the school that was current stays so."""
        current = self.currentIndex()
        school = self.visits.rows[current.row()].school.id if current.isValid() else ""
        self.visits.set_fitting(rows, text)
        if self.visits.rows:
            place = next((n for n, row in enumerate(self.visits.rows) if row.school.id == school), 0)
            self.setCurrentIndex(self.visits.index(place))

    def copy(self) -> None:
        QGuiApplication.clipboard().setText(self.visits.as_text())
        self.copied.emit(len(self.visits.rows))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        elif event.key() == Qt.Key.Key_Up and self.currentIndex().row() <= 0:
            self.left_upwards.emit()
        else:
            super().keyPressEvent(event)

    def _enter(self, index: Index) -> None:
        if index.isValid():
            self.begun.emit(self.visits.rows[index.row()])
