"""新演练: which school, what kind, how many seconds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QCompleter, QLineEdit, QWidget

from safetyapp.domain.school import School, SchoolId
from safetyapp.texts import Texts
from safetyapp.ui.labelled_field import Field
from safetyapp.ui.look import Look
from safetyapp.ui.metrics import Style
from safetyapp.ui.parts import Kind, Label
from safetyapp.ui.sheet_dialog import SheetDialog


class NewDrill(NamedTuple):
    """What can be chosen; `unfinished` names the draft of a school's drill that is not final yet."""

    schools: tuple[School, ...]
    kinds: tuple[tuple[str, str], ...]
    unfinished: Mapping[SchoolId, str]


class NewDrillDialog(SheetDialog):
    """Ends in one of two signals."""

    start_wanted = Signal(str, str, str)
    draft_wanted = Signal(str)

    def __init__(self, look: Look, texts: Texts, offered: NewDrill, parent: QWidget | None) -> None:
        say = texts.say
        super().__init__(look, say("drill.new.title"), parent, width=460)
        self._offered = offered
        self.school = QComboBox()
        self.school.setAccessibleName(say("drill.new.school"))
        self.school.setEditable(True)
        self.school.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.school.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.school.setMinimumContentsLength(20)
        for school in offered.schools:
            self.school.addItem(school.name, school.id)
        completer, line = self.school.completer(), self.school.lineEdit()
        if completer is not None:
            completer.setFilterMode(Qt.MatchFlag.MatchContains)
            completer.setCompletionMode(QCompleter.CompletionMode.PopupCompletion)
        self.body.addWidget(Field(look, say("drill.new.school"), self.school))
        self.kind = QComboBox()
        self.kind.setAccessibleName(say("drill.new.kind"))
        for kind, words in offered.kinds:
            self.kind.addItem(words, kind)
        self.body.addWidget(Field(look, say("drill.new.kind"), self.kind))
        self.goal = QLineEdit()
        self.goal.setMaxLength(5)
        self.goal.setPlaceholderText(say("drill.new.goal_hint"))
        self.goal.setAccessibleName(say("drill.new.goal"))
        self.goal.returnPressed.connect(self._end)
        self.body.addWidget(Field(look, say("drill.new.goal"), self.goal))
        self._wrong = say("drill.new.wrong")
        self.error = Label(look, "", Style.COMPACT_STRONG, wrap=True)
        self.body.addWidget(self.error)
        self._running = say("drill.new.running")
        self.again = self.add_button(say("drill.new.again"))
        self.again.clicked.connect(self._go_on)
        cancel = self.add_button(say("window.cancel"))
        cancel.clicked.connect(self.reject)
        self.start = self.add_button(say("drill.new.start"), Kind.PRIMARY)
        self.start.clicked.connect(self._end)
        self.school.editTextChanged.connect(self._on_school)
        self._on_school()
        if line is not None:
            line.setAccessibleName(say("drill.new.school"))
            line.returnPressed.connect(self.kind.setFocus)
            line.selectAll()
        if len(offered.schools) == 1:
            self.kind.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.school.setFocus(Qt.FocusReason.OtherFocusReason)

    def _school(self) -> SchoolId | None:
        """The school whose name stands there."""
        text, row = self.school.currentText().strip(), self.school.currentIndex()
        if row < 0 or self.school.itemText(row) != text:  # of two of the same name the one that was chosen
            row = self.school.findText(text, Qt.MatchFlag.MatchFixedString)
        return SchoolId(str(self.school.itemData(row))) if row >= 0 else None

    def _on_school(self, *_: object) -> None:
        school = self._school()
        has_one = school is not None and school in self._offered.unfinished
        self.start.setEnabled(school is not None)
        self.again.setVisible(has_one)
        self.error.setText(self._running if has_one else "")
        self.error.setVisible(has_one)

    def _go_on(self) -> None:
        school = self._school()
        if school is not None:
            self.accept()
            self.draft_wanted.emit(self._offered.unfinished[school])

    def _end(self) -> None:
        school, goal = self._school(), self.goal.text().strip()
        if school is None:
            self.school.setFocus(Qt.FocusReason.OtherFocusReason)
        elif goal and not (goal.isdigit() and int(goal) > 0):
            self.error.setText(self._wrong)
            self.error.show()
            self.goal.setFocus(Qt.FocusReason.OtherFocusReason)
            self.goal.selectAll()
        else:
            self.accept()
            self.start_wanted.emit(school, str(self.kind.currentData()), goal)
