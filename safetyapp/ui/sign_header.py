"""The head of Sign: the way back, what is signed, how far it is, and after it where to go from here."""

from __future__ import annotations

from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from safetyapp.texts import Texts
from safetyapp.ui.look import Look
from safetyapp.ui.metrics import Style
from safetyapp.ui.parts import Button, Kind, Label, PrimaryButton
from safetyapp.ui.sign_steps import Stepper
from safetyapp.workflow.opened import Open


class SignHeader(QWidget):
    """52 px. While it is signed the stepper stands at its right, afterwards the ways to Today, to paper and to the
    document."""

    def __init__(self, look: Look, texts: Texts, opened: Open) -> None:
        super().__init__()
        self._look, self._say = look, texts.say
        px, say = look.metrics.px, texts.say
        self.setFixedHeight(look.metrics.header)
        row = QHBoxLayout(self)
        row.setContentsMargins(px(12), 0, px(16), 1)
        row.setSpacing(px(10))
        self.back = Button(look, say("sign.back"), icon="arrow-left", kind=Kind.ICON)
        row.addWidget(self.back)
        row.addSpacing(px(6))
        names = QVBoxLayout()
        names.setSpacing(0)
        names.addStretch(1)
        self._title = Label(look, say("sign.title"), Style.STRONG)
        names.addWidget(self._title)
        inspection = opened.inspection
        form = opened.form.title.in_language(texts.language)
        facts = say(
            "sign.facts", school=inspection.school.name, form=form, version=inspection.form.version,
            date=inspection.inspected_on.isoformat(),
        )  # fmt: skip
        names.addWidget(Label(look, facts, Style.SMALL, "ink2"))
        names.addStretch(1)
        row.addLayout(names, 1)
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
        look.theme_changed.connect(self.update)

    def show_final(self) -> None:
        """It is signed and final."""
        self.stepper.show_step(3)
        self.stepper.hide()
        self._title.setText(self._say("sign.finalised"))
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

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._look.colour("bg_surface"))
        painter.fillRect(0, self.height() - 1, self.width(), 1, self._look.colour("line"))
        painter.end()
