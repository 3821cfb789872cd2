"""The matrix of Today: schools × forms. A table of painted cells; Enter or a double click starts or continues."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QContextMenuEvent, QPainter, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QStyledItemDelegate,
    QTableView,
    QWidget,
)

from safetyapp.ui.metrics import Style
from safetyapp.ui.mosaic import paint_hairline, paint_shape
from safetyapp.ui.school_words import matches
from safetyapp.ui.today_facts import CellState
from safetyapp.ui.viewport import give_viewport, is_hovered
from safetyapp.ui.words import LINE, MIDDLE, fits

if TYPE_CHECKING:  # Today opens with this module: what only types need is not loaded with it
    from PySide6.QtGui import QKeyEvent
    from PySide6.QtWidgets import QStyleOptionViewItem

    from safetyapp.domain.standing import Hazards
    from safetyapp.texts import Texts
    from safetyapp.ui.look import Look
    from safetyapp.ui.matrix_names import FrozenNames
    from safetyapp.ui.today_facts import Cell, SchoolRow
    from safetyapp.ui.tools import FormTitle

CELLS = {
    CellState.OVERDUE: ("over_tint", "", "over", "over", Style.COMPACT_STRONG),
    CellState.TODAY: ("bg_surface", "brand", "brand", "brand", Style.COMPACT_STRONG),
    CellState.SOON: ("", "", "ink", "ink2", Style.COMPACT_STRONG),
    CellState.LATER: ("", "", "ink2", "ink2", Style.COMPACT),
    CellState.DONE: ("brand_tint", "", "brand", "brand", Style.COMPACT),
    CellState.FILLING: ("", "", "ink", "ink2", Style.COMPACT_STRONG),
    CellState.RETURNED: ("bg_sunken", "", "ink", "ink2", Style.COMPACT_STRONG),
    CellState.NOT_ASKED: ("", "", "ink3", "ink3", Style.COMPACT),
    CellState.OPEN: ("", "", "ink", "ink2", Style.COMPACT),
}
"""How a cell is painted: ground, edge, colour of its two lines (tokens), style of the first."""

Index = QModelIndex | QPersistentModelIndex
ROOT = QModelIndex()
ENSURE_VISIBLE = QAbstractItemView.ScrollHint.EnsureVisible


class MatrixModel(QAbstractTableModel):
    """Rows that fit the filter; columns: school, each form, open hazards."""

    def __init__(self, texts: Texts, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.texts = self._texts = texts
        self._all: tuple[SchoolRow, ...] = ()
        self._rows: list[SchoolRow] = []
        self.forms: tuple[FormTitle, ...] = ()
        self._filter = ""

    def set_rows(self, forms: tuple[FormTitle, ...], rows: tuple[SchoolRow, ...]) -> None:
        self.beginResetModel()
        self.forms, self._all = forms, rows
        self._rows = self._fitting()
        self.endResetModel()

    def set_filter(self, text: str) -> None:
        if text.strip() != self._filter:
            self.beginResetModel()
            self._filter = text.strip()
            self._rows = self._fitting()
            self.endResetModel()

    def _fitting(self) -> list[SchoolRow]:
        return [row for row in self._all if matches(row.school, self._filter)]

    def row(self, index: Index | int) -> SchoolRow:
        return self._rows[index if isinstance(index, int) else index.row()]

    def row_of(self, school_id: str) -> int:
        return next((n for n, row in enumerate(self._rows) if row.school.id == school_id), -1)

    def cell(self, index: Index) -> Cell | None:
        """The cell of a form's column."""
        column = index.column() - 1
        return self.row(index).cells[column] if 0 <= column < len(self.forms) else None

    def rowCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else len(self.forms) + 2

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter) | int(Qt.TextFlag.TextWordWrap)
        if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return None
        if section == 0:
            return self._texts.say("today.where.school")
        if section <= len(self.forms):
            return self.forms[section - 1].title
        return self._texts.say("today.where.hazards")

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole):
            return None
        row, say = self.row(index), self._texts.say
        name = row.school.name
        if role == Qt.ItemDataRole.ToolTipRole:
            cell = self.cell(index) if index.column() else None
            put_off = cell is not None and cell.duty is not None and cell.duty.postponed is not None
            return name if index.column() == 0 else cell.second if cell is not None and put_off else None
        if index.column() == 0:
            return say("today.where.school_cell", school=name, facts=row.facts)
        cell = self.cell(index)
        if cell is not None:
            form = self.forms[index.column() - 1].title
            what = "，".join(part for part in (cell.name or cell.text, cell.second) if part)
            return say("today.where.cell", school=name, form=form, what=what)
        h = row.hazards
        return say("today.where.hazard_cell", school=name, majors=h.majors, generals=h.generals, overdue=h.overdue)


class MatrixDelegate(QStyledItemDelegate):
    """Paints the cells; the ring of the focused cell too."""

    def __init__(self, look: Look, texts: Texts, parent: QWidget) -> None:
        super().__init__(parent)
        self._look = look
        self._texts = texts

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(0, self._look.metrics.row)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        look, px = self._look, self._look.metrics.px
        model = index.model()
        view = self.parent()
        assert isinstance(model, MatrixModel)
        assert isinstance(view, QAbstractItemView)
        rect: QRect = option.rect
        painter.save()
        current = view.currentIndex()
        in_row = current.row() == index.row() and view.hasFocus()
        painter.fillRect(rect, look.colour("bg_surface"))
        paint_hairline(painter, rect.left(), rect.right() + 1, rect.bottom() + 1, look.colour("line"))
        row = model.row(index)
        if index.column() == 0:
            self._paint_school(painter, rect, row)
        else:
            cell = model.cell(index)
            box = rect.adjusted(px(3), px(5), -px(3), -px(5))
            hovered = is_hovered(view, rect)
            if cell is not None:
                self._paint_cell(painter, box, cell, hovered)
            else:
                self._paint_hazards(painter, box, row.hazards)
        if in_row and current.column() == index.column():
            self._paint_ring(painter, rect)
        painter.restore()

    def _two_lines(
        self,
        painter: QPainter,
        box: QRect,
        first: tuple[str, Style, str],
        second: tuple[str, str],
        elide: Qt.TextElideMode = Qt.TextElideMode.ElideRight,
    ) -> None:
        """A line in its style and colour, and a micro line below it."""
        look, px = self._look, self._look.metrics.px
        text, style, colour = first
        upper, lower = look.metrics.line(style), look.metrics.line(Style.MICRO)
        top = box.top() + (box.height() - upper - lower) // 2
        painter.setFont(look.font(style))
        painter.setPen(look.colour(colour))
        line = QRect(box.left(), top, box.width(), upper)
        painter.drawText(line, LINE, fits(look.font_metrics(style), text, box.width(), elide))
        painter.setFont(look.font(Style.MICRO))
        painter.setPen(look.colour(second[1]))
        line = QRect(box.left(), top + upper - px(1), box.width(), lower)
        said = fits(look.font_metrics(Style.MICRO), second[0], box.width())
        painter.drawText(line, LINE, said)

    def _paint_school(self, painter: QPainter, rect: QRect, row: SchoolRow) -> None:
        box = rect.adjusted(self._look.metrics.px(16), 0, -self._look.metrics.px(8), 0)
        self._two_lines(painter, box, (row.school.name, Style.STRONG, "ink"), (row.facts, "ink2"), MIDDLE)

    def _paint_cell(self, painter: QPainter, box: QRect, cell: Cell, hovered: bool) -> None:
        look, px = self._look, self._look.metrics.px
        ground, edge, colour, second, style = CELLS[cell.state]
        if hovered and ground in ("", "bg_surface"):
            ground = "bg_hover"
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if ground:
            painter.setBrush(look.colour(ground))
            painter.setPen(QPen(look.colour(edge), 1) if edge else Qt.PenStyle.NoPen)
            inset = 0.5 if edge else 0.0
            radius = look.metrics.radius_chip
            painter.drawRoundedRect(QRectF(box).adjusted(inset, inset, -inset, -inset), radius, radius)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        inner = box.adjusted(px(9), 0, -px(6), 0)
        if cell.second:
            self._two_lines(painter, inner, (cell.text, style, colour), (cell.second, second))
        else:
            painter.setFont(look.font(style))
            painter.setPen(look.colour(colour))
            painter.drawText(inner, LINE, fits(look.font_metrics(style), cell.text, inner.width()))

    def _paint_hazards(self, painter: QPainter, box: QRect, hazards: Hazards) -> None:
        look, px = self._look, self._look.metrics.px
        inner = box.adjusted(px(9), 0, -px(6), 0)
        if not (hazards.majors or hazards.generals):
            painter.setFont(look.font(Style.COMPACT))
            painter.setPen(look.colour("ink3"))
            painter.drawText(inner, LINE, self._texts.say("today.where.no_hazard"))
            return
        upper, lower = look.metrics.line(Style.COMPACT), look.metrics.line(Style.MICRO)
        height = upper + (lower if hazards.overdue else 0)
        top = inner.top() + (inner.height() - height) // 2
        x = inner.left()
        painter.setFont(look.font(Style.COMPACT_STRONG))
        for count, shape, colour in ((hazards.majors, "M", "major"), (hazards.generals, "g", "minor")):
            if not count:
                continue
            side = px(10)
            paint_shape(painter, QRectF(x, top + (upper - side) / 2, side, side), shape, look.colour(colour))
            x += side + px(4)
            text = str(count)
            wide = look.font_metrics(Style.COMPACT_STRONG).horizontalAdvance(text)
            painter.setPen(look.colour(colour))
            painter.drawText(QRect(x, top, wide + px(2), upper), LINE, text)
            x += wide + px(12)
        if hazards.overdue:
            painter.setFont(look.font(Style.MICRO_STRONG))
            painter.setPen(look.colour("over"))
            said = self._texts.say("today.where.overdue", n=hazards.overdue)
            line = QRect(inner.left(), top + upper, inner.width(), lower)
            painter.drawText(line, LINE, said)

    def _paint_ring(self, painter: QPainter, rect: QRect) -> None:
        look, px = self._look, self._look.metrics.px
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        width = px(2)
        painter.setPen(QPen(look.colour("focus"), width))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        box = QRectF(rect).adjusted(px(1), px(3), -px(1), -px(3))
        painter.drawRoundedRect(box, look.metrics.radius, look.metrics.radius)


class Matrix(QTableView):
    """The table. `chosen(school id, column of the form)` on Enter and double click."""

    chosen = Signal(str, int)
    menu_wanted = Signal(str, int, QPoint)
    """The menu of a cell, at a place on the screen."""
    left_upwards = Signal()

    def __init__(self, look: Look, texts: Texts, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        give_viewport(self)
        self.rows = MatrixModel(texts, self)
        self.setModel(self.rows)
        self.setItemDelegate(MatrixDelegate(look, texts, self))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setMouseTracking(True)
        self.setAccessibleName(texts.say("today.where.name"))
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, False)
        upright = self.verticalHeader()
        upright.hide()
        upright.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        upright.setDefaultSectionSize(look.metrics.row)
        upright.setMinimumSectionSize(look.metrics.row)
        head = self.horizontalHeader()
        head.setHighlightSections(False)
        head.setTextElideMode(Qt.TextElideMode.ElideRight)
        head.setSectionsClickable(False)
        head.setFixedHeight(look.metrics.px(31))
        head.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        head.setMinimumSectionSize(look.metrics.px(60))
        self.verticalScrollBar().setSingleStep(look.metrics.px(24))
        self._names: FrozenNames | None = None
        self.horizontalScrollBar().valueChanged.connect(self._on_sideways)
        self.doubleClicked.connect(self._on_double_click)
        self.rows.modelReset.connect(self._fit_columns)
        look.theme_changed.connect(self.viewport().update)

    def keep_current(self, school_id: str, column: int, form: str = "") -> None:
        """Makes the school's cell current again after a change, else the first form of the first row; in the column of
        the form, where it stands elsewhere now."""
        row = self.rows.row_of(school_id) if school_id else 0
        column = next((n for n, one in enumerate(self.rows.forms, start=1) if one.id == form), column)
        if self.rows.rowCount():
            self.setCurrentIndex(self.rows.index(max(0, row), column))

    def current_place(self) -> tuple[str, int]:
        index = self.currentIndex()
        return (self.rows.row(index).school.id, index.column()) if index.isValid() else ("", 1)

    def current_form(self) -> str:
        """The id of the form whose column is current."""
        column = self.currentIndex().column() - 1
        return self.rows.forms[column].id if 0 <= column < len(self.rows.forms) else ""

    def _on_sideways(self, value: int) -> None:
        """The schools stay while the forms scroll."""
        if self._names is None:
            from safetyapp.ui.matrix_names import FrozenNames

            self._names = FrozenNames(self, self._look, self.rows.texts)
        self._names.show_while(value > 0)

    def scrollTo(self, index: Index, hint: QAbstractItemView.ScrollHint = ENSURE_VISIBLE) -> None:
        """The cell comes out from under the schools, and stands whole beside them."""
        super().scrollTo(index, hint)
        hidden = self.columnWidth(0) - self.columnViewportPosition(index.column())
        if index.column() > 0 and hidden > 0:
            self.horizontalScrollBar().setValue(self.horizontalScrollBar().value() - hidden)

    def _fit_columns(self) -> None:
        """The school takes what the other columns leave; with little room the table scrolls sideways."""
        px = self._look.metrics.px
        columns = self.rows.columnCount()
        if columns < 2:
            return
        room = self.viewport().width()
        others = columns - 1
        late = self.rows.texts.say("duty.cell.overdue", n=99)  # a day is never cut off
        least = self._look.font_metrics(Style.COMPACT_STRONG).horizontalAdvance(late) + px(24)
        narrow, wide, name = px(126 if others <= 5 else 104), max(px(240), room // 4), px(300 if others <= 2 else 198)
        each = max(narrow, least, min(wide, (room - name) // others))
        elide = Qt.TextElideMode.ElideRight if others <= 5 else Qt.TextElideMode.ElideNone  # else two lines of a title
        self.horizontalHeader().setTextElideMode(elide)
        self.horizontalHeader().setFixedHeight(px(31 if others <= 5 else 46))
        if others > 5:
            self._fit_head(each)
        self.setColumnWidth(0, max(px(198), room - each * others))
        for column in range(1, columns):
            self.setColumnWidth(column, each)

    def _fit_head(self, column: int) -> None:
        """A third line, where a title needs it."""
        px, metrics = self._look.metrics.px, self._look.font_metrics(Style.COMPACT)
        widest = max((metrics.horizontalAdvance(form.title) for form in self.rows.forms), default=0)
        lines = 3 if widest > 1.75 * (column - px(16)) else 2
        self.horizontalHeader().setFixedHeight(px(46) + (lines - 2) * self._look.metrics.line(Style.COMPACT))

    def sizeHint(self) -> QSize:
        """Small: the table takes what is left and scrolls inside."""
        return QSize(self._look.metrics.px(400), self._look.metrics.px(130))

    def resizeEvent(self, event: Any) -> None:
        super().resizeEvent(event)
        self._fit_columns()
        if self._names is not None:
            self._names.fit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._on_double_click(self.currentIndex())
        elif event.key() == Qt.Key.Key_Up and self.currentIndex().row() <= 0:
            self.left_upwards.emit()
        elif (
            event.text().isprintable() and event.text() and not event.modifiers() & Qt.KeyboardModifier.ControlModifier
        ):
            event.ignore()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: Any) -> None:
        if not self.currentIndex().isValid() and self.rows.rowCount():
            self.setCurrentIndex(self.rows.index(0, 1))
        super().focusInEvent(event)
        self.viewport().update()

    def focusOutEvent(self, event: Any) -> None:
        super().focusOutEvent(event)
        self.viewport().update()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Of the cell under the pointer; from the keyboard, of the current one."""
        by_mouse = event.reason() is QContextMenuEvent.Reason.Mouse
        index = self.indexAt(self.viewport().mapFromGlobal(event.globalPos())) if by_mouse else self.currentIndex()
        if not index.isValid() or not 0 < index.column() <= len(self.rows.forms):
            return
        self.setCurrentIndex(index)
        at = event.globalPos() if by_mouse else self.viewport().mapToGlobal(self.visualRect(index).bottomLeft())
        self.menu_wanted.emit(self.rows.row(index).school.id, index.column() - 1, at)

    def go_to_first(self) -> None:
        """The most pressing cell of the first row."""
        if self.rows.rowCount():
            cells = self.rows.row(0).cells
            days = [c.duty.days if c.duty is not None and c.duty.stand.is_pressing else 10_000 for c in cells]
            column = days.index(min(days)) + 1 if days else 1
            self.setCurrentIndex(self.rows.index(0, column))

    def _on_double_click(self, index: Index) -> None:
        if index.isValid():
            forms = len(self.rows.forms)
            column = min(max(index.column() - 1, 0), forms - 1)
            self.chosen.emit(self.rows.row(index).school.id, column)
