"""A card of Today with rows made of widgets: few at first, the others when somebody asks for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from safetyapp.ui.buttons import Button, Kind
from safetyapp.ui.surfaces import Card, Line

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from safetyapp.texts import Texts
    from safetyapp.ui.look import Look


class RowsCard(Card):
    """`changed` when its buttons are others. `more` is the key of the text that says how many rows are not shown."""

    changed = Signal()

    def __init__(self, look: Look, texts: Texts, title: str, icon: str, at_first: int, more: str) -> None:
        super().__init__(look, texts.say(title), icon=icon)
        self.look, self.say = look, texts.say
        self._at_first, self._more = at_first, more
        self._all = False
        self._rows = QVBoxLayout()
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._rows.setSpacing(0)
        self.body.addLayout(self._rows)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)

    def buttons(self) -> list[Button]:
        """From above."""
        found: list[Button] = []
        for n in range(self._rows.count()):
            item = self._rows.itemAt(n)
            widget = item.widget() if item is not None else None
            if isinstance(widget, Button):
                found.append(widget)
            elif widget is not None:
                found += widget.findChildren(Button)
        return found

    def fill(self, rows: Sequence[Callable[[], QWidget]]) -> None:
        """Other rows, each by what makes it."""
        while (item := self._rows.takeAt(0)) is not None:
            former = item.widget()
            if former is not None:
                former.hide()
                former.deleteLater()
        shown = rows if self._all else rows[: self._at_first]
        for number, make in enumerate(shown):
            if number:
                self._rows.addWidget(Line(self.look))
            self._rows.addWidget(make())
        hidden = len(rows) - len(shown)
        if hidden:
            more = Button(self.look, self.say(self._more, n=hidden), kind=Kind.LINK)
            more.clicked.connect(lambda: self._show_all(rows))
            self._rows.addWidget(more, 0, Qt.AlignmentFlag.AlignHCenter)
        self.changed.emit()

    def _show_all(self, rows: Sequence[Callable[[], QWidget]]) -> None:
        self._all = True
        self.fill(rows)
