"""The head of the stopwatch: the way back, which drill it is, what is saved, taking back, ending; and the line that
says how classes are tapped."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from safetyapp.texts import Texts
from safetyapp.ui.fill_header import SavedSign
from safetyapp.ui.look import Look
from safetyapp.ui.metrics import Style
from safetyapp.ui.parts import Button, KeyCap, Kind, Label
from safetyapp.ui.work_header import WorkHeader


class DrillHeader(WorkHeader):
    """52 px. What does not fit is left out from the left: the time of saving, the words of the buttons' keys."""

    def __init__(self, look: Look, texts: Texts) -> None:
        super().__init__(look, texts.say("drill.back"), is_tall=True, gap=0, cut=Qt.TextElideMode.ElideMiddle)
        self._say = say = texts.say
        row = self.row
        self.saved = SavedSign(look, texts)
        row.addWidget(self.saved)
        self.reduced = Button(look, say("drill.reduced"), keys="F11")
        self.sheet = Button(look, say("drill.sheet"), icon="pencil", keys="Ctrl E")
        self.undo = Button(look, say("drill.undo"), icon="arrow-back-up", keys="Backspace")
        self.end = Button(look, say("drill.end"), keys="F9")
        for button in (self.reduced, self.sheet, self.undo, self.end):
            row.addWidget(button)

    def show_reduced(self, reduced: bool) -> None:
        self.reduced.set_words(self._say("drill.whole" if reduced else "drill.reduced"))

    def fold(self, breadth: float) -> None:
        """`breadth`: the width as the breakpoints count it."""
        self.saved.set_short(breadth < 1280)
        self.saved.setVisible(breadth >= 860)
        for button, keys in ((self.undo, "Backspace"), (self.sheet, "Ctrl E"), (self.reduced, "F11")):
            button.set_keys(keys if breadth >= 1366 else "")
        self.undo.set_words("" if breadth < 760 else self._say("drill.undo"))
        self.undo.setAccessibleName(self._say("drill.undo"))
        self.undo.setToolTip(self._say("drill.undo"))
        self.sheet.set_words("" if breadth < 760 else self._say("drill.sheet"))
        self.sheet.setAccessibleName(self._say("drill.sheet"))
        self.sheet.setToolTip(self._say("drill.sheet"))

    def show_may_end(self, may: bool) -> None:
        """Filled once the drill may be ended: before, the signal is what is to be done."""
        self.end.set_kind(Kind.PRIMARY if may else Kind.NORMAL)


class TapLine(QWidget):
    """点班级 = 到达集合点: how to tap, and the class number that is being typed."""

    def __init__(self, look: Look, texts: Texts) -> None:
        super().__init__()
        px, say = look.metrics.px, texts.say
        self._say = say
        row = QHBoxLayout(self)
        row.setContentsMargins(px(16), px(8), px(16), px(2))
        row.setSpacing(px(8))
        row.addWidget(Label(look, say("drill.head.tap"), Style.COMPACT_STRONG, elide=Qt.TextElideMode.ElideNone))
        self._again = Label(look, say("drill.head.again"), Style.SMALL, "ink2")
        row.addWidget(self._again)
        row.addStretch(1)
        self._typed = Label(look, "", Style.H2, "brand", elide=Qt.TextElideMode.ElideNone)
        row.addWidget(self._typed)
        self._how = QWidget()
        how = QHBoxLayout(self._how)
        how.setContentsMargins(0, 0, 0, 0)
        how.setSpacing(px(4))
        small = Style.SMALL
        for part in (
            Label(look, say("drill.head.keys"), small, "ink2", elide=Qt.TextElideMode.ElideNone),
            KeyCap(look, "3"),
            KeyCap(look, "2"),
            Label(look, say("drill.head.then"), small, "ink2", elide=Qt.TextElideMode.ElideNone),
            KeyCap(look, "Enter"),
        ):
            how.addWidget(part)
        row.addWidget(self._how)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_typed(self, code: str) -> None:
        self._typed.setText(self._say("drill.typed", code=code) if code else "")

    def typed(self) -> str:
        return self._typed.text()

    def fold(self, breadth: float) -> None:
        self._how.setVisible(breadth >= 760)
        self._again.setVisible(breadth >= 640)
