"""The head of Sign: the way back, what is signed, how far it is, and after it where to go from here."""

from __future__ import annotations

from PySide6.QtGui import QResizeEvent

from safetyapp.texts import Texts
from safetyapp.ui.look import Look
from safetyapp.ui.parts import Button, PrimaryButton
from safetyapp.ui.sign_steps import Stepper
from safetyapp.ui.work_header import WorkHeader
from safetyapp.workflow.opened import Open


class SignHeader(WorkHeader):
    """52 px. While it is signed the stepper stands at its right, afterwards the ways to Today, to paper and to the
    document."""

    def __init__(self, look: Look, texts: Texts, opened: Open) -> None:
        say = texts.say
        inspection = opened.inspection
        form = opened.form.title.in_language(texts.language)
        facts = say(
            "sign.facts", school=inspection.school.name, form=form, version=inspection.form.version,
            date=inspection.inspected_on.isoformat(),
        )  # fmt: skip
        super().__init__(look, say("sign.back"), say("sign.title"), facts, is_tall=True)
        self._say, row = say, self.row
        self.stepper = Stepper(look, texts)
        row.addWidget(self.stepper)
        self.open = Button(look, say("sign.result.open"), icon="files")
        self.print = Button(look, say("print.button"), icon="printer", keys="Ctrl P")
        self.save = Button(look, say("window.export.button"), icon="usb", keys="Ctrl S")
        self.today = PrimaryButton(look, say("sign.result.today"))
        self._is_final = False
        for button in (self.open, self.print, self.save, self.today):
            button.hide()
            row.addWidget(button)

    def show_final(self) -> None:
        """It is signed and final."""
        self.stepper.show_step(3)
        self.stepper.hide()
        self.title.setText(self._say("sign.finalised"))
        self._is_final = True
        self.fold()

    def fold(self) -> None:
        """What is final is printed, put on a stick, or left for Today; where there is little room the keys do it."""
        breadth = self._look.metrics.breadth(self.width())
        for button, least in ((self.open, 1000), (self.save, 820), (self.print, 660), (self.today, 0)):
            button.setVisible(self._is_final and breadth >= least)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.fold()
