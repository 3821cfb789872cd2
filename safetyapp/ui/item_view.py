"""The list of items: keys, the one open editor in its place, and no more painting than needed.

The editor is a plain child of the viewport: with setIndexWidget the delegate would no longer get the row's clicks.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import (
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import (
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QApplication, QWidget

from safetyapp.domain.form import ItemId
from safetyapp.ui.item_body import ItemBody
from safetyapp.ui.item_delegate import ItemDelegate
from safetyapp.ui.item_keys import Ask, Choose, Give, Move, OpenUp, Stroke, Type, stroke
from safetyapp.ui.item_model import Index, ItemModel
from safetyapp.ui.item_pointer import PointedList
from safetyapp.ui.item_rows import Row
from safetyapp.ui.item_shape import QUESTION_LEFT, RIGHT, ItemShapes
from safetyapp.ui.look import Look

NARROW, NARROW_LEFT = 1024, 16
"""Breadth of the window below which the editor stands further left, and how far from the edge; px at 100 %."""


class ItemView(PointedList):
    """Keys act only while the list itself has the focus; from inside the editor they are that field's own."""

    answered = Signal(str, object)
    """An item was answered by key or click: its id and the answer's text; None clears."""
    item_changed = Signal(object)
    """Another item is the current one."""
    opened = Signal(str)
    """Enter, or a click on the question: show what is inside."""
    chosen = Signal(str, int)
    """One of the answers on offer under the item, by its number from 1."""
    typed = Signal(str, str)
    """A character meant for the item's number or day."""
    asked = Signal(str)
    """A single-key command: photo, note, section+, section-, close."""

    def __init__(self, look: Look, model: ItemModel, parent: QWidget | None = None) -> None:
        super().__init__(model, parent)
        self._look = look
        self._body: ItemBody | None = None
        self._field: QWidget | None = None
        self._former: ItemId | None = None
        self._was_shown = False
        self.shapes = ItemShapes(look, model.texts)
        self.delegate = ItemDelegate(look, model, self.shapes, self)
        self.setItemDelegate(self.delegate)
        self.setModel(model)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.verticalScrollBar().setSingleStep(look.metrics.px(40))
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, False)  # an IME left on would take J, K, P, N
        self.setMouseTracking(True)
        self.viewport().setMouseTracking(True)
        self.setTabKeyNavigation(False)
        self.setAcceptDrops(True)
        self.viewport().setAcceptDrops(True)
        self.setDropIndicatorShown(False)
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        app.focusChanged.connect(self._on_focus_changed)

    # the current item

    def current_item(self) -> ItemId | None:
        index = self.currentIndex()
        return self._items.row(index.row()).id if index.isValid() else None

    def current_row(self) -> Row | None:
        index = self.currentIndex()
        return self._items.row(index.row()) if index.isValid() else None

    def go_to(self, item: ItemId) -> bool:
        """Makes an item the current one; False when the filter hides it."""
        index = self._items.index_of(item)
        if not index.isValid():
            return False
        if index != self.currentIndex():
            self.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.NoUpdate)
        else:
            self.show_current()
        return True

    def step(self, by: int) -> bool:
        """To the next or previous row; False at the end."""
        number = self.currentIndex().row() + by
        while 0 <= number < self._items.rowCount() and self._items.row(number).is_heading:
            number += 1 if by > 0 else -1
        if not 0 <= number < self._items.rowCount():
            return False
        self.selectionModel().setCurrentIndex(self._items.index(number), QItemSelectionModel.SelectionFlag.NoUpdate)
        return True

    def currentChanged(
        self,
        current: QModelIndex | QPersistentModelIndex,
        previous: QModelIndex | QPersistentModelIndex,
    ) -> None:
        super().currentChanged(current, previous)
        self.item_changed.emit(self.current_item())
        self._former = self.current_item()

    def settle(self, follow: bool = True) -> None:
        """After something about the current row has changed: lays the list out again only when a height has changed,
        else paints the rows that look different."""
        here = self.current_item()
        numbers = {self._items.find(item) for item in (here, self._former) if item is not None}
        width = self.viewport().width()
        changed = False
        for number in sorted(n for n in numbers if n >= 0):
            changed = changed or self._laid_height(number) != self.delegate.row_height(number, width)
            self.viewport().update(self.visualRect(self._items.index(number)))
        if changed and self.isVisible():
            self.relay()
        if follow:
            self.show_current()
        self._place()

    def paint_row(self, item: ItemId) -> None:
        number = self._items.find(item)
        if number >= 0:
            self.viewport().update(self.visualRect(self._items.index(number)))

    def relay(self) -> None:
        """Heights may have changed: lay out at once, put the editor in its place."""
        self.doItemsLayout()

    def show_current(self) -> None:
        """Scrolls just so far that the current row, with what is open in it, is seen, and a bit of its neighbours."""
        index = self.currentIndex()
        if not index.isValid():
            return
        rect = self.visualRect(index)
        bar, height = self.verticalScrollBar(), self.viewport().height()
        margin = min(self._look.metrics.px(50), max(0, (height - rect.height()) // 2))
        if rect.top() < margin or rect.height() > height - 2 * margin:
            bar.setValue(bar.value() + rect.top() - margin)
        elif rect.bottom() > height - margin:
            bar.setValue(bar.value() + rect.bottom() - height + margin)

    def reveal(self) -> None:
        """Scrolls so far that the field with the focus is seen: the view itself does not follow its editor."""
        self._reveal(QApplication.focusWidget())

    def _on_focus_changed(self, old: QWidget | None, new: QWidget | None) -> None:
        self._reveal(new)

    def _reveal(self, widget: QWidget | None) -> None:
        if widget is None or widget is self or not self.viewport().isAncestorOf(widget) or not self.isVisible():
            return
        top = widget.mapTo(self.viewport(), QPoint(0, 0)).y()
        bottom, height, gap = top + widget.height(), self.viewport().height(), self._look.metrics.px(24)
        bar = self.verticalScrollBar()
        if top < 0:
            bar.setValue(bar.value() + top - gap)
        elif bottom > height:
            bar.setValue(bar.value() + min(top - gap, bottom - height + self._look.metrics.px(12)))

    # the editor under the current row

    def set_parts(self, body: ItemBody, field: QWidget) -> None:
        """The editor shown under the head of the current row, and the field laid over its number or day."""
        self._body, self._field = body, field
        body.setParent(self.viewport())
        field.setParent(self.viewport())
        body.hide()
        field.hide()

    def set_body(self, shown: bool) -> None:
        """Whether the editor stands under the current row; `settle` puts it there."""
        self.delegate.is_open = shown
        self.delegate.body_height = self._wanted_height() if shown else 0

    def body_resized(self) -> None:
        """The editor wants another height."""
        if self.delegate.is_open:
            self.delegate.body_height = self._wanted_height()
            self.settle(follow=False)

    def _wanted_height(self) -> int:
        if self._body is None:
            return 0
        width = self._body_width()
        return self._body.wanted_height(width)

    def _body_left(self) -> int:
        """Under the question; where it is narrow, from the left edge on."""
        metrics = self._look.metrics
        return metrics.px(QUESTION_LEFT if metrics.breadth(self.window().width()) >= NARROW else NARROW_LEFT)

    def _body_width(self) -> int:
        return self.viewport().width() - self._body_left() - self._look.metrics.px(RIGHT)

    def updateEditorGeometries(self) -> None:
        super().updateEditorGeometries()
        self._place()

    def _place(self) -> None:
        if self._body is None or self._field is None:
            return
        index = self.currentIndex()
        row = self.current_row()
        rect = self.visualRect(index) if index.isValid() else QRect()
        if row is None or rect.isEmpty():
            self._body.hide()
            self._field.hide()
            return
        top = rect.top() + self.delegate.band_height(index.row())
        shape = self.delegate.shape_at(index.row(), rect.width())
        if shape.field is not None and self.delegate.field_is_live:
            self._field.setGeometry(shape.field.translated(rect.left(), top))
            self._field.show()
        else:
            self._field.hide()
        if self.delegate.is_open:
            place = QRect(self._body_left(), top + shape.height, self._body_width(), self.delegate.body_height)
            if self._body.geometry() != place:
                self._body.setGeometry(place)
            self._body.show()
        else:
            self._body.hide()

    # painting as little as possible

    def dataChanged(self, top: Index, bottom: Index, roles: Sequence[int] = ()) -> None:
        """Qt would lay the whole list out again; a row that keeps its height is only painted."""
        for number in range(top.row(), bottom.row() + 1):
            index = self._items.index(number)
            if self._laid_height(number) != self.delegate.row_height(number, self.viewport().width()):
                self.relay()
                self.viewport().update()
                return
            self.viewport().update(self.visualRect(index))
        self._place()

    def doItemsLayout(self) -> None:
        """Not before it is shown: each of its parts that comes to its place would lay out every row once more. A
        current row that was seen stays where it was, however the rows above it have changed."""
        if not self._was_shown:
            return
        index = self.currentIndex()
        before = self.visualRect(index)
        seen = before.isValid() and before.intersects(self.viewport().rect())
        super().doItemsLayout()
        if seen:
            bar = self.verticalScrollBar()
            bar.setValue(bar.value() + self.visualRect(index).top() - before.top())

    def _laid_height(self, number: int) -> int:
        """The height a row has in the layout. That of visualRect is no answer, it is asked from the delegate anew; only
        where the next row begins was decided when the list was laid out."""
        if number + 1 >= self._items.rowCount():
            return -1
        top = self.visualRect(self._items.index(number)).top()
        return self.visualRect(self._items.index(number + 1)).top() - top

    def showEvent(self, event: QShowEvent) -> None:
        self._was_shown = True
        super().showEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.oldSize().width() != event.size().width():
            if self.delegate.is_open:
                self.delegate.body_height = self._wanted_height()
            self.scheduleDelayedItemsLayout()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if not self.currentIndex().isValid() and self._items.rowCount():
            self.selectionModel().setCurrentIndex(self._items.index(0), QItemSelectionModel.SelectionFlag.NoUpdate)
        self._paint_current()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._paint_current()

    def _paint_current(self) -> None:
        if self.currentIndex().isValid():
            self.viewport().update(self.visualRect(self.currentIndex()))

    # pointer

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton:
            return
        point = event.position().toPoint()
        index, part = self.indexAt(point), self._part_at(point)
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        if not index.isValid():
            return
        item = self._items.row(index.row()).id
        was_current = index == self.currentIndex()
        self.go_to(item)
        if part is not None and part.what == "answer":
            self.answered.emit(item, part.value)
        elif part is not None and part.what == "field":
            self.typed.emit(item, "")
        elif part is not None or (was_current and not self.delegate.is_open):
            self.opened.emit(item)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        event.accept()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.mousePressEvent(event)

    # keys

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self.hasFocus():
            # a key that a field of the editor did not want must not move the row
            if event.key() == Qt.Key.Key_Escape:
                self.asked.emit("close")
            else:
                event.ignore()
            return
        meant = stroke(event, self.current_row())
        if meant is None:
            event.ignore()
        else:
            self._do(meant)

    def _do(self, stroke: Stroke) -> None:
        match stroke:
            case Move(by):
                self.step(by)
            case Ask(what):
                self.asked.emit(what)
            case Type(item, text):
                self.typed.emit(item, text)
            case Give(item, value):
                self.answered.emit(item, value)
            case Choose(item, place):
                self.chosen.emit(item, place)
            case OpenUp(item):
                self.opened.emit(item)

    def sizeHint(self) -> QSize:
        px = self._look.metrics.px
        return QSize(px(870), px(500))
