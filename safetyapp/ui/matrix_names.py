"""The schools of Today's matrix, standing still at its left while the forms scroll sideways beneath them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QAbstractItemView, QApplication, QFrame, QHeaderView, QTableView

from safetyapp.ui.matrix import MatrixDelegate
from safetyapp.ui.viewport import give_viewport

if TYPE_CHECKING:
    from safetyapp.texts import Texts
    from safetyapp.ui.look import Look
    from safetyapp.ui.matrix import Matrix


class FrozenNames(QTableView):
    """A second view of the first column, laid over the first. It takes no keys and no focus; it is made when the table
    is scrolled sideways for the first time, and hidden while it is not."""

    def __init__(self, matrix: Matrix, look: Look, texts: Texts) -> None:
        super().__init__(matrix)
        self._matrix, self._look = matrix, look
        give_viewport(self)
        self.setModel(matrix.rows)
        self.setSelectionModel(matrix.selectionModel())
        self.setItemDelegate(MatrixDelegate(look, texts, self))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        for bars in (self.setVerticalScrollBarPolicy, self.setHorizontalScrollBarPolicy):
            bars(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        upright, head, whole = self.verticalHeader(), self.horizontalHeader(), matrix.horizontalHeader()
        upright.hide()
        upright.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        upright.setDefaultSectionSize(look.metrics.row)
        upright.setMinimumSectionSize(look.metrics.row)
        head.setHighlightSections(False)
        head.setStyleSheet(f"QHeaderView::section {{ padding-left: {look.metrics.px(16)}px; }}")  # no longer :first
        head.setSectionsClickable(False)
        head.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        head.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.doubleClicked.connect(matrix.doubleClicked)
        whole.sectionResized.connect(self.fit)
        matrix.rows.modelReset.connect(self.fit)
        for mine, other in ((self, matrix), (matrix, self)):
            mine.verticalScrollBar().valueChanged.connect(other.verticalScrollBar().setValue)
        look.theme_changed.connect(self.viewport().update)
        self.setAccessibleName(matrix.accessibleName())
        self.fit()

    def fit(self) -> None:
        """As wide as the column it covers, as high as the rows that are seen."""
        matrix = self._matrix
        for column in range(self.model().columnCount()):
            self.setColumnHidden(column, column > 0)
        width, head = matrix.columnWidth(0), matrix.horizontalHeader()
        self.setColumnWidth(0, width)
        self.horizontalHeader().setFixedHeight(head.height())
        place = QRect(0, 0, width, head.height() + matrix.viewport().height())
        if self.geometry() != place:
            self.setGeometry(place)
        self.verticalScrollBar().setValue(matrix.verticalScrollBar().value())

    def show_while(self, scrolled: bool) -> None:
        if scrolled != self.isVisible():
            self.setVisible(scrolled)
            self.fit()

    def paintEvent(self, event: QPaintEvent) -> None:
        """With an edge, so that what goes under it is seen to."""
        super().paintEvent(event)
        painter = QPainter(self.viewport())
        edge = self.viewport().width() - 1
        painter.fillRect(edge, 0, 1, self.viewport().height(), self._look.colour("line_strong"))
        painter.end()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Wheels turn the table, sideways too."""
        QApplication.sendEvent(self._matrix.viewport(), event)
