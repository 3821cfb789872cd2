"""The grid of a table: cells painted by a delegate, one editor at a time, everything by keyboard."""

from __future__ import annotations

from PySide6.QtCore import (
    QAbstractItemModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QFocusEvent, QInputMethodEvent, QKeyEvent, QPainter, QPen
from PySide6.QtWidgets import (
    QAbstractItemDelegate,
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QLineEdit,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from safetyapp.domain.answer_kinds import AnswerKind, Outcome
from safetyapp.texts import Texts
from safetyapp.ui.icons import paint_icon
from safetyapp.ui.item_fields import WORDED
from safetyapp.ui.item_keys import DIGITS, PLAIN, choice_values
from safetyapp.ui.item_model import Index
from safetyapp.ui.item_rows import Row, Way
from safetyapp.ui.look import Look
from safetyapp.ui.metrics import Style
from safetyapp.ui.mosaic import paint_hairline, paint_shape
from safetyapp.ui.row_words import LEVEL_SHAPES, box_text
from safetyapp.ui.table_model import TableModel
from safetyapp.ui.value_words import field_text
from safetyapp.ui.words import fits

ROW = 36
"""px at 100 % of a row."""
WIDTHS = {
    AnswerKind.DATE: 116, AnswerKind.TIME: 92, AnswerKind.DATETIME: 150, AnswerKind.DURATION: 104,
    AnswerKind.INTEGER: 84, AnswerKind.DECIMAL: 84, AnswerKind.SCORE: 84, AnswerKind.CALCULATION: 84,
    AnswerKind.TEXT: 150, AnswerKind.PHOTO: 96, AnswerKind.TABLE: 150,
}  # fmt: skip
"""px at 100 % of a column; its title may make it broader."""
WIDEST = 220
NUMBER, NAMED = 44, 132
"""px at 100 % of what stands before a row: its number, or its name too."""


class CellField(QLineEdit):
    """The field over a cell. Up and down keep what is written and move."""

    moved = Signal(int)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
        if event.key() in steps and event.modifiers() in PLAIN:
            self.moved.emit(steps[Qt.Key(event.key())])
        else:
            super().keyPressEvent(event)


class CellDelegate(QStyledItemDelegate):
    """Paints cells; makes the one field while a value is written."""

    answered = Signal(int, int, str)
    """Row, column and what was written."""

    def __init__(self, look: Look, texts: Texts, model: TableModel, grid: Grid) -> None:
        super().__init__(grid)
        self._look, self._texts, self._model, self._grid = look, texts, model, grid

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(self._look.metrics.px(84), self._look.metrics.px(ROW))

    # painting

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        look, px = self._look, self._look.metrics.px
        rect: QRect = option.rect
        cell = self._model.cell(index.row(), index.column())
        painter.save()
        quiet = cell.is_closed or (cell.way is Way.SHOWN and cell.kind is not AnswerKind.CALCULATION)
        here = self._grid.currentIndex()
        ground = "bg_sunken" if quiet else "bg_selected" if here.row() == index.row() else "bg_surface"
        painter.fillRect(rect, look.colour(ground))
        painter.fillRect(rect.right(), rect.top(), 1, rect.height(), look.colour("line"))
        paint_hairline(painter, rect.left(), rect.right() + 1, rect.bottom() + 1, look.colour("line"))
        typed = self._model.typed(cell.id)
        if not cell.is_closed:
            self._paint_value(painter, rect.adjusted(px(10), 0, -px(10), 0), cell, typed)
        if cell.refused or cell.rule:
            painter.setPen(QPen(look.colour("ink"), 2))
            painter.drawRect(QRectF(rect).adjusted(1, 1, -2, -2))
        if index == here:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(look.colour("focus" if self._grid.hasFocus() else "line_strong"), px(2)))
            painter.drawRoundedRect(QRectF(rect).adjusted(px(1), px(1), -px(2), -px(2)), px(3), px(3))
        painter.restore()

    def _paint_value(self, painter: QPainter, rect: QRect, cell: Row, typed: str | None) -> None:
        look, px = self._look, self._look.metrics.px
        said, empty = cell.value, False
        if cell.way in (Way.TABLE, Way.PHOTOS):
            said, empty = box_text(self._texts, cell), not (cell.photos or cell.tally.rows)
        if typed is not None:
            said = typed
        elif not said and cell.required:
            said, empty = self._texts.say("fill.outcome.open"), True
        style = Style.COMPACT if empty or cell.kind is AnswerKind.CALCULATION else Style.COMPACT_STRONG
        if cell.refused or cell.rule:
            side = px(14)
            paint_icon(
                painter, rect.left(), rect.center().y() - side / 2, "alert-circle", side, look.theme.ink
            )  # fmt: skip
            rect = rect.adjusted(side + px(4), 0, 0, 0)
        elif cell.fails:
            side = px(10)
            token = "major_fill" if cell.is_major else "minor_fill"
            box = QRectF(rect.left(), rect.center().y() - side / 2, side, side)
            paint_shape(painter, box, LEVEL_SHAPES[cell.level], look.colour(token))
            rect = rect.adjusted(side + px(5), 0, 0, 0)
        painter.setFont(look.font(style))
        painter.setPen(look.colour("ink3" if empty else "ink"))
        right = cell.kind.is_number or (cell.kind is AnswerKind.CALCULATION and _is_number(said))
        side_flag = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
        painter.drawText(
            rect, side_flag | Qt.AlignmentFlag.AlignVCenter, fits(look.font_metrics(style), said, rect.width())
        )

    # writing

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        cell = self._model.cell(index.row(), index.column())
        field = CellField(parent)
        field.setFont(self._look.font(Style.COMPACT_STRONG))
        field.setMaxLength(4000)
        field.setProperty("cell", "1")
        field.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, cell.kind in WORDED)
        field.setAlignment(Qt.AlignmentFlag.AlignRight if cell.kind.is_number else Qt.AlignmentFlag.AlignLeft)
        field.setAccessibleName(self._model.spoken(index.row(), index.column()))
        field.moved.connect(lambda by: self._grid.keep_and_move(field, by))
        return field

    def setEditorData(self, editor: QWidget, index: Index) -> None:
        if isinstance(editor, CellField) and not editor.isModified():
            cell = self._model.cell(index.row(), index.column())
            typed = self._model.typed(cell.id)
            kept = field_text(self._texts, cell.kind, cell.answer.value) if cell.answer is not None else ""
            editor.setText(typed if typed is not None else kept)
            editor.selectAll()

    def setModelData(self, editor: QWidget, model: QAbstractItemModel, index: Index) -> None:
        if isinstance(editor, CellField):
            self.answered.emit(index.row(), index.column(), editor.text())

    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, index: Index) -> None:
        editor.setGeometry(option.rect)

    def eventFilter(self, watched: QObject, event: object) -> bool:
        """Enter keeps and goes down, Tab keeps and goes right: Qt's own would stay in the cell."""
        if isinstance(event, QKeyEvent) and isinstance(watched, CellField) and event.type() == QKeyEvent.Type.KeyPress:
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and event.modifiers() in PLAIN:
                self._grid.keep_and_move(watched, 1)
                return True
            if event.key() in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab):
                self._grid.keep(watched)
                self._grid.step(-1 if event.key() == Qt.Key.Key_Backtab else 1)
                return True
        return super().eventFilter(watched, event)  # type: ignore[arg-type]  # the stub names no None


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


class Grid(QTableView):
    """The view. What a key means that is not written into a cell, it says; the page does it."""

    chosen = Signal(int, int, str)
    """Row, column, an answer's text given by one key; empty takes it away."""
    opened = Signal(int, int)
    """Enter on a cell that has no field."""
    moved_to = Signal(int, int)
    asked = Signal(str)
    """row+, row-, close, photo, note, next."""

    def __init__(self, look: Look, texts: Texts, model: TableModel) -> None:
        super().__init__()
        self._look, self._model = look, model
        self.setModel(model)
        self.delegate = CellDelegate(look, texts, model, self)
        self.setItemDelegate(self.delegate)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        triggers = QAbstractItemView.EditTrigger
        self.setEditTriggers(triggers.AnyKeyPressed | triggers.DoubleClicked | triggers.EditKeyPressed)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setCornerButtonEnabled(False)
        px = look.metrics.px
        upright = self.verticalHeader()
        upright.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        upright.setDefaultSectionSize(px(ROW))
        upright.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        upright.setSectionsClickable(False)
        upright.setFixedWidth(px(NUMBER))
        upright.setTextElideMode(Qt.TextElideMode.ElideRight)
        head = self.horizontalHeader()
        head.setHighlightSections(False)
        head.setSectionsClickable(False)
        head.setTextElideMode(Qt.TextElideMode.ElideNone)
        head.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        head.setFixedHeight(px(48))
        head.setMinimumSectionSize(px(60))
        self.verticalScrollBar().setSingleStep(px(24))
        self.setAccessibleName(texts.say("fill.table.name"))
        look.theme_changed.connect(self.viewport().update)

    def fit_columns(self) -> None:
        """Each as broad as its kind and title want, and what is left over goes to the texts."""
        px = self._look.metrics.px
        metrics = self._look.font_metrics(Style.SMALL_STRONG)
        widths = []
        for column, (item, _) in enumerate(self._model.columns):
            title = str(self._model.headerData(column, Qt.Orientation.Horizontal))
            titled = min(metrics.horizontalAdvance(title) + px(36), px(WIDEST))
            widths.append(max(px(WIDTHS.get(item.answer.kind, 120)), titled))
        left = self.viewport().width() - sum(widths)
        texts = [n for n, (item, _) in enumerate(self._model.columns) if item.answer.kind is AnswerKind.TEXT]
        for column in texts:
            widths[column] += max(0, min(left // len(texts), px(140)))
        for column, wide in enumerate(widths):
            self.setColumnWidth(column, wide)
        # whose row it is must be seen when its first column is scrolled away
        whole = sum(widths) + px(NUMBER) <= self.width()
        self._model.set_named(not whole)
        self.verticalHeader().setFixedWidth(px(NUMBER if whole else NAMED))

    # moving

    def go_to(self, row: int, column: int) -> None:
        index = self._model.index(row, column)
        if index.isValid():
            self.setCurrentIndex(index)
            self.scrollTo(index)

    def place(self) -> tuple[int, int]:
        index = self.currentIndex()
        return (index.row(), index.column()) if index.isValid() else (0, 0)

    def step(self, by: int) -> None:
        """To the next cell, at a row's end into the next row."""
        row, column = self.place()
        width = self._model.columnCount()
        if not width:
            return
        n = row * width + column + by
        if 0 <= n < width * self._model.rowCount():
            self.go_to(*divmod(n, width))

    def keep(self, field: CellField) -> None:
        """Hands over what stands in the field over a cell and closes it."""
        self.commitData(field)
        self.closeEditor(field, QAbstractItemDelegate.EndEditHint.NoHint)
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def keep_and_move(self, field: CellField, by: int) -> None:
        self.keep(field)
        row, column = self.place()
        if 0 <= row + by < self._model.rowCount():
            self.go_to(row + by, column)

    def field(self) -> CellField | None:
        """The field over a cell while there is one."""
        return next((f for f in self.viewport().findChildren(CellField) if f.isVisible()), None)

    def flush(self) -> None:
        """Hands over what is being written."""
        field = self.field()
        if field is not None:
            self.keep(field)

    def currentChanged(
        self, current: QModelIndex | QPersistentModelIndex, previous: QModelIndex | QPersistentModelIndex
    ) -> None:
        super().currentChanged(current, previous)
        for index in (current, previous):
            if index.isValid():
                line = self.visualRect(self._model.index(index.row(), 0))
                self.viewport().update(0, line.top(), self.viewport().width(), line.height())
        if current.isValid():
            self.moved_to.emit(current.row(), current.column())

    # keys

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Tab goes from cell to cell; past the last, and before the first, it leaves the grid."""
        before = self.place()
        self.step(1 if forward else -1)
        return self.place() != before or super().focusNextPrevChild(forward)

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        """Words that come whole, from a keyboard without keys, open the field too."""
        index = self.currentIndex()
        if not event.commitString() or self.field() is not None or not index.isValid():
            super().inputMethodEvent(event)
            return
        self.edit(index)
        field = self.field()
        if field is not None:
            field.clear()
            field.insert(event.commitString())
            field.setModified(True)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        index = self.currentIndex()
        key, mods = Qt.Key(event.key()), event.modifiers()
        if mods & Qt.KeyboardModifier.ControlModifier:
            self._control(key, event)
        elif key in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab):
            self.step(-1 if key == Qt.Key.Key_Backtab else 1)
        elif key == Qt.Key.Key_Escape:
            self.asked.emit("close")
        elif key == Qt.Key.Key_F8:
            self.asked.emit("next")
        elif not index.isValid() or not self._in_cell(key, index):
            super().keyPressEvent(event)

    def _control(self, key: Qt.Key, event: QKeyEvent) -> None:
        asks = {
            Qt.Key.Key_Return: "row+", Qt.Key.Key_Enter: "row+", Qt.Key.Key_Delete: "row-",
            Qt.Key.Key_Backspace: "row-",
        }  # fmt: skip
        if key in asks:
            self.asked.emit(asks[key])
        else:
            super().keyPressEvent(event)

    def _in_cell(self, key: Qt.Key, index: QModelIndex) -> bool:
        """What a key does to the current cell; False when Qt's own meaning holds."""
        cell = self._model.cell(index.row(), index.column())
        if cell.is_closed:
            return key in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if cell.is_field:
                self.edit(index)
            else:
                self.opened.emit(index.row(), index.column())
            return True
        if key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            if cell.answer is not None and cell.way not in (Way.TABLE, Way.PHOTOS, Way.SHOWN):
                self.chosen.emit(index.row(), index.column(), "")
            return True
        if key == Qt.Key.Key_X and cell.may_not_apply and cell.kind not in WORDED:
            self.chosen.emit(index.row(), index.column(), Outcome.NA.value)
            return True
        return key in DIGITS and self._digit(DIGITS[key], cell, index)

    def _digit(self, place: int, cell: Row, index: QModelIndex) -> bool:
        values = choice_values(cell) if cell.is_choice else tuple(pick.id for pick in cell.picks)
        if cell.is_field or not values:
            return False
        if place > len(values):
            return True
        value = values[place - 1]
        if cell.kind is AnswerKind.CHOICES:
            held = cell.answer.value.split() if cell.answer is not None else []
            wanted = [v for v in values if (v in held) is not (v == value)]
            value = " ".join(wanted)
        elif cell.kind is AnswerKind.RANK:
            return True
        self.chosen.emit(index.row(), index.column(), value)
        return True

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if not self.currentIndex().isValid() and self._model.rowCount():
            self.go_to(0, 0)
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.viewport().update()
