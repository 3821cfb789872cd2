"""Several lines of text under a row: words, or the points of a trace or a shape, one on each line."""

from __future__ import annotations

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget

from safetyapp.domain.answer_kinds import AnswerKind
from safetyapp.texts import Texts
from safetyapp.ui.answer_panel import AnswerPanel
from safetyapp.ui.item_fields import GrowingText
from safetyapp.ui.item_rows import Row
from safetyapp.ui.look import Look
from safetyapp.ui.metrics import Style
from safetyapp.ui.value_words import field_text
from safetyapp.ui.words import Label

SAVE_AFTER = 300
"""Milliseconds after a stroke at which a text is handed over, whether there is a rest or not."""


class TextPanel(AnswerPanel):
    """A text is handed over while it is being written; points only when the field is left: half of one is none."""

    def __init__(self, look: Look, texts: Texts) -> None:
        super().__init__(look, texts)
        self._hint = Label(look, texts.say("fill.points_hint"), Style.SMALL, "ink2", wrap=True)
        self.column.addWidget(self._hint)
        self.text = GrowingText(look, lines=3)
        self.text.edited.connect(self._on_stroke)
        self.text.left.connect(self.flush)
        self.text.height_changed.connect(self.height_changed)
        self.column.addWidget(self.text)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(SAVE_AFTER)
        self._timer.timeout.connect(self._hand_over)
        self._kept = ""

    def show_row(self, row: Row, fresh: bool) -> None:
        if fresh:
            self.flush()
        self.row = row
        is_text = row.kind is AnswerKind.TEXT
        self._hint.setVisible(not is_text)
        self.text.setAccessibleName(row.words.in_language(self._texts.language))
        self.text.setPlaceholderText(self._texts.say("fill.prompt.text") if is_text else "")
        self._kept = field_text(self._texts, row.kind, row.answer.value) if row.answer is not None else ""
        if fresh or not self.text.hasFocus():
            self.text.set_text(self._kept)
            if fresh:
                self.text.document().clearUndoRedoStacks()

    def show_refused(self, text: str) -> None:
        """What could not be read stays where it was written."""
        self.text.set_text(text)

    def first(self) -> QWidget:
        return self.text

    def _on_stroke(self) -> None:
        self.touched.emit()
        if self.row is not None and self.row.kind is AnswerKind.TEXT and not self._timer.isActive():
            self._timer.start()

    def _hand_over(self) -> None:
        self._timer.stop()
        text = self.text.toPlainText().strip()
        if self.row is None or text == self._kept:
            return
        self._kept = text
        if text:
            self.written.emit(text)
        else:
            self.cleared.emit()

    def flush(self) -> None:
        self._hand_over()

    def is_being_written(self) -> bool:
        return self.row is not None and self.text.toPlainText().strip() != self._kept
