"""What the pointer does over the list of items without a click: the row under it, and files dropped anywhere on it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent, QMouseEvent
from PySide6.QtWidgets import QListView, QWidget

from safetyapp.ui.fill_photos import carries_pictures
from safetyapp.ui.item_delegate import ItemDelegate, Part
from safetyapp.ui.item_model import ItemModel


class PointedList(QListView):
    """A list of items that follows the pointer; who derives from it gives it the delegate."""

    photos_dropped = Signal(str, object)
    delegate: ItemDelegate

    def __init__(self, model: ItemModel, parent: QWidget | None) -> None:
        super().__init__(parent)
        self._items = model
        self._hover = -1

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._set_hover(self.indexAt(event.position().toPoint()).row())
        hot = self._part_at(event.position().toPoint())
        self.viewport().setCursor(Qt.CursorShape.PointingHandCursor if hot else Qt.CursorShape.ArrowCursor)

    def leaveEvent(self, event: QEvent) -> None:
        self._set_hover(-1)
        super().leaveEvent(event)

    def _set_hover(self, number: int) -> None:
        if number == self._hover:
            return
        for row in (self._hover, number):
            if 0 <= row < self._items.rowCount():
                self.viewport().update(self.visualRect(self._items.index(row)))
        self._hover = self.delegate.hover = number

    def _part_at(self, point: QPoint) -> Part | None:
        index = self.indexAt(point)
        return self.delegate.part_at(index.row(), self.visualRect(index), point) if index.isValid() else None

    # files dropped anywhere on an item

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if carries_pictures(event.mimeData()):
            event.acceptProposedAction()
        else:
            event.ignore()  # papers and lists are the window's

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        self._set_hover(index.row())
        if index.isValid() and carries_pictures(event.mimeData()):
            event.acceptProposedAction()
        else:
            event.ignore()

    def dropEvent(self, event: QDropEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        if index.isValid() and carries_pictures(event.mimeData()):
            self.photos_dropped.emit(self._items.row(index.row()).id, event.mimeData())
            event.acceptProposedAction()
