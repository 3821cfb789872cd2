"""Short lists that paint their own rows: how they are set up, what they hold, and what every row has."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, NamedTuple, TypeVar

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRect, Qt
from PySide6.QtGui import QPen
from PySide6.QtWidgets import QFrame, QListView

from safetyapp.ui.mosaic import paint_hairline
from safetyapp.ui.viewport import give_viewport, is_hovered
from safetyapp.ui.words import LINE, fits

if TYPE_CHECKING:  # Today opens with this module: what only types need is not loaded with it
    from PySide6.QtGui import QKeyEvent, QPainter
    from PySide6.QtWidgets import QWidget

    from safetyapp.ui.look import Look
    from safetyapp.ui.metrics import Style

Index = QModelIndex | QPersistentModelIndex
ROOT = QModelIndex()
Row = TypeVar("Row")


class RowsModel(QAbstractListModel, Generic[Row]):
    """The rows, as they were given."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.rows: tuple[Row, ...] = ()

    def set_rows(self, rows: tuple[Row, ...]) -> None:
        self.beginResetModel()
        self.rows = rows
        self.endResetModel()

    def rowCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else len(self.rows)


class RowList(QListView):
    """Rows of one height, whole lines wide; Enter does what `_enter` says."""

    def __init__(self, look: Look, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        give_viewport(self)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setMouseTracking(True)
        self.setUniformItemSizes(True)
        self.setAccessibleName(name)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, False)
        look.theme_changed.connect(self.viewport().update)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._enter(self.currentIndex())
        else:
            super().keyPressEvent(event)

    def _enter(self, index: Index) -> None:
        raise NotImplementedError


class RowText(NamedTuple):
    """One line of words in a row, and where it is cut when it is too long."""

    text: str
    style: Style
    colour: str
    cut: Qt.TextElideMode = Qt.TextElideMode.ElideRight


def paint_ground(painter: QPainter, look: Look, view: QListView, rect: QRect, chosen: bool = False) -> None:
    """The ground of a row, the bar of a chosen one, and the hairline below it."""
    ground = "bg_selected" if chosen else "bg_hover" if is_hovered(view, rect) else "bg_surface"
    painter.fillRect(rect, look.colour(ground))
    if chosen:
        painter.fillRect(rect.left(), rect.top(), look.metrics.px(3), rect.height(), look.colour("brand"))
    paint_hairline(painter, rect.left(), rect.right() + 1, rect.bottom() + 1, look.colour("line"))


def paint_texts(painter: QPainter, look: Look, box: QRect, *texts: RowText) -> None:
    """Lines of words, one below the other, in the middle of the box's height."""
    heights = [look.metrics.line(one.style) for one in texts]
    y = box.top() + (box.height() - sum(heights)) // 2
    for (text, style, colour, cut), height in zip(texts, heights, strict=True):
        painter.setFont(look.font(style))
        painter.setPen(look.colour(colour))
        said = fits(look.font_metrics(style), text, box.width(), cut)
        painter.drawText(QRect(box.left(), y, box.width(), height), LINE, said)
        y += height


def paint_focus(painter: QPainter, look: Look, view: QListView, index: Index, rect: QRect) -> None:
    """The frame of the current row while the keys go to the list."""
    if view.hasFocus() and view.currentIndex().row() == index.row():
        px = look.metrics.px
        painter.setPen(QPen(look.colour("focus"), px(2)))
        painter.drawRect(rect.adjusted(px(2), px(2), -px(2), -px(3)))
