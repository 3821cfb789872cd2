"""What is noted beside the times of a drill: where it is congested, and problems that were seen."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QComboBox, QLineEdit, QListWidget, QWidget

from safetyapp.domain.problem import Problem
from safetyapp.texts import Texts
from safetyapp.ui import fill_words
from safetyapp.ui.labelled_field import Field
from safetyapp.ui.look import Look
from safetyapp.ui.metrics import Style
from safetyapp.ui.parts import Kind, Label
from safetyapp.ui.sheet_dialog import SheetDialog


class JamDialog(SheetDialog):
    """Where it is congested: a post of the record, or a new one of a kind. A digit chooses at once."""

    chosen = Signal(str, str, str)
    """The post's row, else the kind of a new one; and the exact place of that."""

    def __init__(
        self, look: Look, texts: Texts, posts: Sequence[tuple[str, str]], kinds: Sequence[tuple[str, str]],
        parent: QWidget | None,
    ) -> None:  # fmt: skip
        """`posts` are (row, words), `kinds` (id, words)."""
        say = texts.say
        super().__init__(look, say("drill.jam.title"), parent, width=420)
        self._ways = [(row, "") for row, _ in posts] + [("", kind) for kind, _ in kinds]
        self.list = _Digits(len(self._ways), self._end)
        self.list.setAccessibleName(say("drill.jam.posts"))
        self.list.setProperty("framed", "1")
        words = [words for _, words in (*posts, *kinds)]
        self.list.addItems([f"{n}  {text}" if n <= 9 else text for n, text in enumerate(words, start=1)])
        self.list.setCurrentRow(0)
        self.list.itemActivated.connect(lambda _: self._end(self.list.currentRow()))
        self.list.setMinimumHeight(look.metrics.px(180))
        self.body.addWidget(self.list, 1)
        self.place = QLineEdit()
        self.place.setMaxLength(100)
        self.place.setPlaceholderText(say("drill.jam.place_hint"))
        self.place.setAccessibleName(say("drill.jam.place"))
        self.place.returnPressed.connect(lambda: self._end(self.list.currentRow()))
        self.body.addWidget(Field(look, say("drill.jam.place"), self.place))
        cancel = self.add_button(say("window.cancel"))
        cancel.clicked.connect(self.reject)
        start = self.add_button(say("drill.jam.start"), Kind.PRIMARY)
        start.clicked.connect(lambda: self._end(self.list.currentRow()))
        self.list.setFocus(Qt.FocusReason.OtherFocusReason)

    def _end(self, number: int) -> None:
        if 0 <= number < len(self._ways):
            post, kind = self._ways[number]
            self.accept()
            self.chosen.emit(post, kind, self.place.text().strip())


class _Digits(QListWidget):
    """A list whose rows digits choose."""

    def __init__(self, count: int, choose: Callable[[int], None]) -> None:
        super().__init__()
        self._count, self._choose = count, choose

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.text().isdigit() and 1 <= int(event.text()) <= min(9, self._count):
            self._choose(int(event.text()) - 1)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._choose(self.currentRow())
        else:
            super().keyPressEvent(event)


class ProblemDialog(SheetDialog):
    """A problem in words, and where it goes: to the record's list, or as a finding to what judges it."""

    def __init__(
        self, look: Look, texts: Texts, judged: Sequence[tuple[str, str]], give: Callable[[str, str], None],
        parent: QWidget | None,
    ) -> None:  # fmt: skip
        """`judged` are items (id, words); `give(text, item)` commits and raises Problem bad-value."""
        say = texts.say
        super().__init__(look, say("drill.problem.title"), parent, width=480)
        self._texts, self._give = texts, give
        self.text = QLineEdit()
        self.text.setMaxLength(400)
        self.text.setPlaceholderText(say("drill.problem.text_hint"))
        self.text.setAccessibleName(say("drill.problem.text"))
        self.text.returnPressed.connect(self.save)
        self.body.addWidget(Field(look, say("drill.problem.text"), self.text))
        self.kind = QComboBox()
        self.kind.setAccessibleName(say("drill.problem.kind"))
        self.kind.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.kind.setMinimumContentsLength(20)
        self.kind.addItem(say("drill.problem.list"), "")
        for item, words in judged:
            self.kind.addItem(words, item)
        self.body.addWidget(Field(look, say("drill.problem.kind"), self.kind))
        self.error = Label(look, "", Style.COMPACT_STRONG, wrap=True)
        self.error.hide()
        self.body.addWidget(self.error)
        cancel = self.add_button(say("window.cancel"))
        cancel.clicked.connect(self.reject)
        button = self.add_button(say("drill.problem.save"), Kind.PRIMARY)
        button.clicked.connect(self.save)
        self.text.setFocus(Qt.FocusReason.OtherFocusReason)

    def save(self) -> None:
        text = self.text.text().strip()
        if not text:
            self.text.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        try:
            self._give(text, str(self.kind.currentData()))
        except Problem as problem:
            self.error.setText(fill_words.why(self._texts, problem))
            self.error.show()
            return
        self.accept()
