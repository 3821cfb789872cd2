"""The legend below Today's matrix: what the grounds and edges of its cells mean."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QHBoxLayout, QWidget

from safetyapp.ui.metrics import Style
from safetyapp.ui.today_facts import CellState
from safetyapp.ui.words import Label

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent

    from safetyapp.texts import Texts
    from safetyapp.ui.look import Look

BEFORE = (
    (CellState.FILLING, "today.where.legend_filling"),
    (CellState.DONE, "today.where.legend_done"),
    (CellState.OPEN, "today.where.legend_open"),
)
"""While no day is known."""
DATED = (
    (CellState.OVERDUE, "duty.head.legend_overdue"),
    (CellState.TODAY, "duty.head.legend_today"),
    (CellState.DONE, "duty.head.legend_done"),
    (None, "duty.head.legend_none"),
)


class Legend(QWidget):
    """Three squares with their words, or those of what has days."""

    def __init__(self, look: Look, texts: Texts) -> None:
        super().__init__()
        self._look, self._say = look, texts.say
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(look.metrics.px(6))
        self._dated = False
        self._fill()

    def set_dated(self, dated: bool) -> None:
        if dated != self._dated:
            self._dated = dated
            while (item := self._row.takeAt(0)) is not None:
                widget = item.widget()
                if widget is not None:
                    widget.hide()
                    widget.deleteLater()
            self._fill()

    def _fill(self) -> None:
        for n, (state, key) in enumerate(DATED if self._dated else BEFORE):
            if n:
                self._row.addSpacing(self._look.metrics.px(10))
            if state is not None:
                self._row.addWidget(_Swatch(self._look, state))
            self._row.addWidget(Label(self._look, self._say(key), Style.SMALL, "ink2"))


class _Swatch(QWidget):
    """The little square: (ground, edge) by state."""

    _TOKENS: ClassVar = {
        CellState.FILLING: ("bg_surface", "brand"),
        CellState.TODAY: ("bg_surface", "brand"),
        CellState.DONE: ("brand_tint", "brand_tint"),
        CellState.OVERDUE: ("over_tint", "over"),
        CellState.OPEN: ("bg_surface", "line_strong"),
    }

    def __init__(self, look: Look, state: CellState) -> None:
        super().__init__()
        self._look, self._state = look, state
        self.setFixedSize(look.metrics.px(12), look.metrics.px(12))
        look.theme_changed.connect(self.update)

    def paintEvent(self, event: QPaintEvent) -> None:
        look = self._look
        ground, edge = self._TOKENS[self._state]
        painter = QPainter(self)
        painter.setPen(QPen(look.colour(edge), 1))
        painter.setBrush(look.colour(ground))
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        painter.end()
