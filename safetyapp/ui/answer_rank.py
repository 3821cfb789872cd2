"""Putting answers in order: a list in which Alt with an arrow, or the mouse, moves one up or down."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QDropEvent, QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QListWidget, QListWidgetItem, QWidget

from safetyapp.texts import Texts
from safetyapp.ui.answer_panel import AnswerPanel
from safetyapp.ui.item_rows import Row
from safetyapp.ui.look import Look
from safetyapp.ui.metrics import Style
from safetyapp.ui.words import Label


class _Ranks(QListWidget):
    """Says to its panel what is pressed and dropped."""

    def __init__(self, panel: RankPanel) -> None:
        super().__init__()
        self._panel = panel
        self.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, False)

    def event(self, event: QEvent) -> bool:
        """Alt with an arrow is wanted here, before the screen takes it for another item."""
        wanted = event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent)
        if wanted and isinstance(event, QKeyEvent) and _moves(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
        if event.key() in steps and event.modifiers() & Qt.KeyboardModifier.AltModifier:
            self._panel.move_current(steps[Qt.Key(event.key())])
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._panel.accept()
        elif event.key() in steps:
            super().keyPressEvent(event)
        else:
            event.ignore()

    def dropEvent(self, event: QDropEvent) -> None:
        super().dropEvent(event)
        self._panel.moved()


def _moves(event: QKeyEvent) -> bool:
    with_alt = bool(event.modifiers() & Qt.KeyboardModifier.AltModifier)
    return with_alt and event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down)


class RankPanel(AnswerPanel):
    """The order is an answer as soon as somebody has moved one, or taken it over with Enter."""

    def __init__(self, look: Look, texts: Texts) -> None:
        super().__init__(look, texts)
        self.list = _Ranks(self)
        self.column.addWidget(Label(look, texts.say("fill.rank.help"), Style.SMALL, "ink2", wrap=True))
        self.column.addWidget(self.list)

    def show_row(self, row: Row, fresh: bool) -> None:
        self.row = row
        labels = {pick.id: pick.label for pick in row.picks}
        order = row.answer.value.split() if row.answer is not None else list(labels)
        order = [c for c in order if c in labels] + [c for c in labels if c not in order]
        self.list.setAccessibleName(row.words.in_language(self._texts.language))
        if order == self._order() and self.list.count() and not fresh:
            self._number()
            return
        here = self.list.currentRow()
        self.list.clear()
        px = self._look.metrics.px
        for choice in order:
            item = QListWidgetItem(labels[choice])
            item.setData(Qt.ItemDataRole.UserRole, choice)
            item.setData(Qt.ItemDataRole.UserRole + 1, labels[choice])
            item.setSizeHint(QSize(px(200), px(32)))
            self.list.addItem(item)
        self._number()
        self.list.setCurrentRow(0 if fresh else max(0, here))
        self.list.setFixedHeight(px(32) * self.list.count() + px(4))
        self.height_changed.emit()

    def _number(self) -> None:
        for place in range(self.list.count()):
            item = self.list.item(place)
            item.setText(f"{place + 1}  {item.data(Qt.ItemDataRole.UserRole + 1)}")

    def _order(self) -> list[str]:
        return [str(self.list.item(n).data(Qt.ItemDataRole.UserRole)) for n in range(self.list.count())]

    def first(self) -> QWidget:
        return self.list

    def move_current(self, by: int) -> None:
        """Moves the current one up or down."""
        place = self.list.currentRow()
        if 0 <= place + by < self.list.count():
            item = self.list.takeItem(place)
            self.list.insertItem(place + by, item)
            self.list.setCurrentRow(place + by)
            self.moved()

    def moved(self) -> None:
        """The order is another one now."""
        self._number()
        self.given.emit(" ".join(self._order()), False)

    def accept(self) -> None:
        """The order stands as it is: go on."""
        self.given.emit(" ".join(self._order()), True)
