"""改期: a duty is put off to another day, with the reason."""

from __future__ import annotations

from datetime import date, timedelta

from PySide6.QtCore import QDate, Signal
from PySide6.QtWidgets import QDateEdit, QLineEdit, QWidget

from safetyapp.texts import Texts
from safetyapp.ui.labelled_field import Field
from safetyapp.ui.look import Look
from safetyapp.ui.metrics import Style
from safetyapp.ui.parts import Kind, Label
from safetyapp.ui.sheet_dialog import SheetDialog

FARTHEST = 366
"""Days."""


class PostponeDialog(SheetDialog):
    """`postponed(day, reason)` once both are there."""

    postponed = Signal(object, str)

    def __init__(self, look: Look, texts: Texts, what: str, today: date, parent: QWidget | None) -> None:
        say = texts.say
        super().__init__(look, say("duty.postpone.title"), parent, width=420)
        self._say = say
        self.body.addWidget(Label(look, what, Style.COMPACT, "ink2", wrap=True))
        week = today + timedelta(days=7)
        self.day = QDateEdit(QDate(week.year, week.month, week.day))
        self.day.setCalendarPopup(True)
        self.day.setDisplayFormat("yyyy-MM-dd")
        first, last = today + timedelta(days=1), today + timedelta(days=FARTHEST)
        self.day.setDateRange(QDate(first.year, first.month, first.day), QDate(last.year, last.month, last.day))
        self.day.setAccessibleName(say("duty.postpone.until"))
        self.body.addWidget(Field(look, say("duty.postpone.until"), self.day))
        self.reason = QLineEdit()
        self.reason.setPlaceholderText(say("duty.postpone.reason_hint"))
        self.reason.setAccessibleName(say("duty.postpone.reason"))
        self.reason.setMaxLength(80)
        self.body.addWidget(Field(look, say("duty.postpone.reason"), self.reason))
        self._lacking = Label(look, "", Style.SMALL, "ink2", wrap=True)
        self.body.addWidget(self._lacking)
        self.add_button(say("duty.postpone.no")).clicked.connect(self.reject)
        self.go = self.add_button(say("duty.postpone.go"), Kind.PRIMARY)
        self.go.clicked.connect(self._on_go)
        self.reason.returnPressed.connect(self._on_go)
        self.reason.setFocus()

    def _on_go(self) -> None:
        reason = self.reason.text().strip()
        if not reason:
            self._lacking.setText(self._say("duty.postpone.no_reason"))
            self.reason.setFocus()
            return
        day = self.day.date()
        self.postponed.emit(date(day.year(), day.month(), day.day()), reason)
        self.accept()
