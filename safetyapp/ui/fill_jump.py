"""The box in the head of Fill that finds an item as one types, and goes there."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QSize, QStringListModel, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QCompleter, QWidget

from safetyapp.domain.form import ItemId
from safetyapp.texts import Texts
from safetyapp.ui.item_model import ItemModel
from safetyapp.ui.item_rows import Row
from safetyapp.ui.look import Look
from safetyapp.ui.metrics import Style
from safetyapp.ui.parts import SearchField

FOUND = 12
"""How many items the jump box offers."""


class JumpBox(SearchField):
    """Goes to an item by its number or by words; Enter takes the first that fits."""

    jumped = Signal(str)
    left = Signal()

    def __init__(self, look: Look, texts: Texts, items: ItemModel, parent: QWidget | None = None) -> None:
        super().__init__(look, texts.say("fill.jump"), "Ctrl G", parent)
        self._items = items
        self._texts_of = texts
        self._found: list[Row] = []
        self._lines = QStringListModel(self)
        completer = QCompleter(self._lines, self)
        completer.setCompletionMode(QCompleter.CompletionMode.UnfilteredPopupCompletion)
        completer.setMaxVisibleItems(FOUND)
        completer.activated.connect(self._on_chosen)
        popup = completer.popup()
        assert popup is not None
        self._popup = popup
        self._popup.setMinimumWidth(look.metrics.px(700))
        self._popup.setFont(look.font(Style.BODY))
        self._popup.setProperty("popup", "1")
        self._popup.installEventFilter(self)
        self.setCompleter(completer)
        self.setAccessibleName(texts.say("fill.jump_name"))
        self.textEdited.connect(self._on_typed)
        self.setMaxLength(60)

    def _line(self, row: Row) -> str:
        return f"{row.id}  {row.item.question.in_language(self._texts_of.language)}"

    def _on_typed(self, text: str) -> None:
        self._found = self._items.search(text)[:FOUND]
        nothing = [self._texts_of.say("fill_aids.jump.none", text=text.strip())] if text.strip() else []
        self._lines.setStringList([self._line(row) for row in self._found] or nothing)

    def _on_chosen(self, line: str) -> None:
        row = next((r for r in self._found if self._line(r) == line), None)
        if row is not None:
            self._go(row.id)

    def _go(self, item: ItemId) -> None:
        self.clear()
        self._found = []
        self._popup.hide()
        self.jumped.emit(item)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._found:
            self._go(self._found[0].id)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            pass
        elif event.key() == Qt.Key.Key_Escape:
            self._leave()
        else:
            super().keyPressEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Esc in the list of what is found leaves the box at once: the list alone would only close."""
        if watched is self._popup and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() == Qt.Key.Key_Escape:
                self._leave()
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                place = self._popup.currentIndex().row()
                if 0 <= place < len(self._found):
                    self._go(self._found[place].id)
                    return True
        return super().eventFilter(watched, event)

    def _leave(self) -> None:
        self.clear()
        self._found = []
        self._popup.hide()
        self.left.emit()

    def sizeHint(self) -> QSize:
        return QSize(self._wide, super().sizeHint().height())

    _wide = 190

    def set_wide(self, width: int) -> None:
        self._wide = width
        self.setFixedWidth(width)
