"""What an item is answered with where a row has no room for it: one panel per kind, shown under the current row."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QRect, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from safetyapp.texts import Texts
from safetyapp.ui.item_rows import Row
from safetyapp.ui.look import Look


class AnswerPanel(QWidget):
    """Shows the answer of a row and says what a person answers; it keeps nothing itself."""

    given = Signal(str, bool)
    """The answer's text, and whether that is all for this item."""
    written = Signal(str)
    """The answer's text while it is still being written."""
    cleared = Signal()
    noted = Signal(str)
    """The words of 其他."""
    entered = Signal()
    """Go on."""
    height_changed = Signal()
    touched = Signal()

    def __init__(self, look: Look, texts: Texts) -> None:
        super().__init__()
        self._look, self._texts = look, texts
        self.row: Row | None = None
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(look.metrics.px(6))

    def show_row(self, row: Row, fresh: bool) -> None:
        """Shows a row's answer; `fresh` when it is another row than before."""
        raise NotImplementedError

    def first(self) -> QWidget:
        """Where the keys go first."""
        raise NotImplementedError

    def stops(self) -> list[QWidget]:
        """What takes the Tab key, in order."""
        return [self.first()]

    def press(self, place: int) -> None:
        """A number key in the list."""

    def flush(self) -> None:
        """Hands over what is written and not handed over yet."""

    def is_being_written(self) -> bool:
        """Whether something stands there that was not handed over."""
        return False


class Flow(QWidget):
    """Children side by side, wrapped where the width ends."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self.parts: list[QWidget] = []
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def set_parts(self, parts: list[QWidget]) -> None:
        """Other children; the former ones go."""
        for old in self.parts:
            old.hide()
            old.deleteLater()
        self.parts = parts
        for part in parts:
            part.setParent(self)
            part.show()
        self._flow(max(1, self.width()), place=True)
        self.updateGeometry()

    def _flow(self, width: int, place: bool) -> int:
        gap = self._look.metrics.px(6)
        x = y = line = 0
        for part in self.parts:
            wanted = part.sizeHint()
            wide = min(wanted.width(), width)
            height = part.heightForWidth(wide) if part.hasHeightForWidth() else wanted.height()
            if x and x + wide > width:
                x, y, line = 0, y + line + gap, 0
            if place:
                part.setGeometry(QRect(x, y, wide, height))
            x += wide + gap
            line = max(line, height)
        return y + line

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._flow(max(1, self.width()), place=True)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return self._flow(max(1, width), place=False)

    def sizeHint(self) -> QSize:
        width = self.width() if self.width() > 50 else self._look.metrics.px(400)
        return QSize(self._look.metrics.px(200), self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        return QSize(self._look.metrics.px(100), self._look.metrics.control)


class EnterFilter(QObject):
    """Turns Enter in a field into `entered`; Ctrl and Shift with it are the field's own."""

    entered = Signal()

    def __init__(self, field: QWidget) -> None:
        super().__init__(field)
        field.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            plain = event.modifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and plain:
                self.entered.emit()
                return True
        return False
