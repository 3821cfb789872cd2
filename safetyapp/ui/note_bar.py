"""A calm line above the screens: worth knowing, and nothing that has to be done now. One at a time, closed at will."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QSizePolicy, QWidget

from safetyapp.ui.look import Look
from safetyapp.ui.metrics import Style
from safetyapp.ui.parts import Button, IconLabel, Kind, Label, announce
from safetyapp.ui.surfaces import paint_bar

Actions = Sequence[tuple[str, Callable[[], object]]]


class NoteBar(QWidget):
    """Shows the first of its notes; closing it shows the next."""

    def __init__(self, look: Look, close_text: str) -> None:
        super().__init__()
        self._look = look
        px = look.metrics.px
        self._notes: list[tuple[str, str, Actions]] = []
        self.closed: set[str] = set()
        """The keys of notes that were closed: they are not said again."""
        self._box = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._box.setContentsMargins(px(16), px(4), px(8), px(4))
        self._box.setSpacing(px(4))
        said = QHBoxLayout()
        said.setSpacing(px(12))
        said.addWidget(IconLabel(look, "info-circle", 16, "brand"))
        self._words = Label(look, "", Style.COMPACT, wrap=True, align=Qt.AlignmentFlag.AlignVCenter)
        said.addWidget(self._words, 1)
        self._box.addLayout(said, 1)
        self._row = QHBoxLayout()
        self._row.setSpacing(px(12))
        self._row.addStretch(1)
        self._box.addLayout(self._row)
        self.buttons: list[Button] = []
        self.close_button = Button(look, close_text, kind=Kind.LINK, height=28)
        self.close_button.clicked.connect(self._on_close)
        self._row.addWidget(self.close_button)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.hide()
        look.theme_changed.connect(self.update)

    def note(self, key: str, sentence: str, actions: Actions = ()) -> None:
        """Says it; the same `key` again replaces what it said, an empty sentence takes it away."""
        self._notes = [note for note in self._notes if note[0] != key]
        if sentence and key not in self.closed:
            self._notes.append((key, sentence, actions))
        self._show_first()

    def text(self) -> str:
        return self._words.text() if self._notes else ""

    def has_notes(self) -> bool:
        return bool(self._notes)

    def _on_close(self) -> None:
        self.closed.add(self._notes[0][0])
        self._notes = self._notes[1:]
        self._show_first()

    def _show_first(self) -> None:
        for button in self.buttons:
            self._row.removeWidget(button)
            button.hide()
            button.deleteLater()
        self.buttons = []
        self.setVisible(bool(self._notes))
        if not self._notes:
            return
        _, sentence, actions = self._notes[0]
        self._words.setText(sentence)
        self.setAccessibleName(sentence)
        for text, action in actions:
            button = Button(self._look, text, kind=Kind.LINK, height=28)
            button.clicked.connect(action)
            self._row.insertWidget(self._row.count() - 1, button)
            self.buttons.append(button)
        self._fit()
        announce(self)

    def _fit(self) -> None:
        """Sentence and buttons in one line where there is room, else the buttons under it; as high as that wants."""
        px, margins = self._look.metrics.px, self._box.contentsMargins()
        room = self.width() - margins.left() - margins.right() - px(28)
        buttons = [*self.buttons, self.close_button]
        beside = room - sum(b.sizeHint().width() + px(12) for b in buttons)
        wide = beside >= px(300)
        directions = QBoxLayout.Direction
        self._box.setDirection(directions.LeftToRight if wide else directions.TopToBottom)
        text, line = self._words.heightForWidth(max(1, beside if wide else room)), px(28)
        inner = max(text, line) if wide else text + self._box.spacing() + line
        self.setFixedHeight(inner + margins.top() + margins.bottom())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def paintEvent(self, event: QPaintEvent) -> None:
        paint_bar(self, self._look, "brand_tint")
