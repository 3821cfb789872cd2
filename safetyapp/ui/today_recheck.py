"""今天要复查 on Today: open hazards whose day has come or that their school says are done."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyledItemDelegate, QVBoxLayout, QWidget

from safetyapp.ui.chips import Chip, chip_width, paint_chip
from safetyapp.ui.metrics import Style
from safetyapp.ui.row_list import Index, RowList, RowsModel, RowText, paint_focus, paint_ground, paint_texts
from safetyapp.ui.surfaces import Card, Line
from safetyapp.ui.words import LINE, Label

if TYPE_CHECKING:
    from PySide6.QtWidgets import QListView, QStyleOptionViewItem

    from safetyapp.texts import Texts
    from safetyapp.ui.look import Look
    from safetyapp.ui.today_dates import Dates, RecheckRow


class RecheckModel(RowsModel["RecheckRow"]):
    """The hazards, major first."""

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        row = self.rows[index.row()]
        if role == Qt.ItemDataRole.ToolTipRole:
            return row.text
        return row.name if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole) else None


class RecheckDelegate(QStyledItemDelegate):
    """Severity, the hazard, whose it is, and how late."""

    def __init__(self, look: Look, texts: Texts, parent: QListView) -> None:
        super().__init__(parent)
        self._look, self._view = look, parent
        self._names = (texts.say("duty.recheck.general"), texts.say("duty.recheck.major"))

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(0, self._look.metrics.px(44))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        look, px = self._look, self._look.metrics.px
        model = index.model()
        assert isinstance(model, RecheckModel)
        row, rect = model.rows[index.row()], option.rect
        painter.save()
        paint_ground(painter, look, self._view, rect)
        middle, chip_height = rect.center().y(), look.metrics.chip
        kinds = (Chip.MINOR, Chip.MAJOR)
        lead = max(chip_width(look, kind, name) for kind, name in zip(kinds, self._names, strict=True))
        kind, name = kinds[row.is_major], self._names[row.is_major]
        at = QRect(rect.left() + px(16), middle - chip_height // 2, chip_width(look, kind, name), chip_height)
        paint_chip(painter, at, kind, name, look)
        if row.is_late:
            wide = chip_width(look, Chip.OVER, row.late)
            end = QRect(rect.right() - px(12) - wide, middle - chip_height // 2, wide, chip_height)
            paint_chip(painter, end, Chip.OVER, row.late, look)
        else:
            wide = look.font_metrics(Style.SMALL_STRONG).horizontalAdvance(row.late) + px(2)
            end = QRect(rect.right() - px(12) - wide, rect.top(), wide, rect.height())
            painter.setFont(look.font(Style.SMALL_STRONG))
            painter.setPen(look.colour("ink"))
            painter.drawText(end, LINE, row.late)
        left = rect.left() + px(16) + lead + px(10)
        room = end.left() - px(8) - left
        paint_texts(
            painter,
            look,
            QRect(left, rect.top(), room, rect.height()),
            RowText(row.text, Style.COMPACT, "ink"),
            RowText(row.second, Style.SMALL, "ink2"),
        )
        paint_focus(painter, look, self._view, index, rect)
        painter.restore()


class RecheckList(RowList):
    """Enter or a click opens the report of a hazard."""

    opened = Signal(str)

    def __init__(self, look: Look, texts: Texts, parent: QWidget | None = None) -> None:
        super().__init__(look, texts.say("duty.recheck.name"), parent)
        self.hazards = RecheckModel(self)
        self.setModel(self.hazards)
        self.setItemDelegate(RecheckDelegate(look, texts, self))
        self.setVerticalScrollMode(RowList.ScrollMode.ScrollPerPixel)
        self.setMinimumHeight(look.metrics.px(44))
        self.clicked.connect(self._enter)

    def set_rows(self, rows: tuple[RecheckRow, ...]) -> None:
        if rows != self.hazards.rows:
            self.hazards.set_rows(rows)
            if rows:
                self.setCurrentIndex(self.hazards.index(0))

    def sizeHint(self) -> QSize:
        """Small: the card gives it what is left."""
        return QSize(self._look.metrics.px(200), self._look.metrics.px(44))

    def _enter(self, index: Index) -> None:
        if index.isValid():
            self.opened.emit(self.hazards.rows[index.row()].document)


class RecheckCard(Card):
    """The list, and what comes within a week as one line below it."""

    def __init__(self, look: Look, texts: Texts) -> None:
        super().__init__(look, texts.say("duty.recheck.title"), icon="calendar-check")
        self._say = texts.say
        self.list = RecheckList(look, texts)
        self.body.addWidget(self.list, 1)
        self._line = Line(look)
        self.body.addWidget(self._line)
        self._foot, px = QWidget(), look.metrics.px
        foot = QVBoxLayout(self._foot)
        foot.setContentsMargins(px(16), px(8), px(16), px(8))
        self._later = Label(look, "", Style.SMALL, "ink2", wrap=True)
        foot.addWidget(self._later)
        self.body.addWidget(self._foot)

    def show_dates(self, dates: Dates) -> None:
        say = self._say
        self.facts.setText(say("duty.recheck.facts", n=dates.recheck_count))
        self.list.set_rows(dates.rechecks)
        later = say("duty.recheck.later", n=dates.later)
        if dates.later_majors:
            later += say("duty.recheck.later_majors", n=dates.later_majors)
        self._later.setText(later)
        for part in (self._line, self._foot):
            part.setVisible(dates.later > 0)
