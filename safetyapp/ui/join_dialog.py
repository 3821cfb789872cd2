"""加入区里: the enrolment file is chosen or dropped, compared, and accepted; or a request is written instead."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QFileDialog, QLineEdit, QWidget

from safetyapp.ui.dates import error_sentence
from safetyapp.ui.details_dialog import grouped
from safetyapp.ui.first_start import strength
from safetyapp.ui.labelled_field import Field
from safetyapp.ui.metrics import Style
from safetyapp.ui.parts import Kind, Label
from safetyapp.ui.sheet_dialog import SheetDialog
from safetyapp.ui.verdict_panel import Facts

if TYPE_CHECKING:
    from collections.abc import Callable

    from safetyapp.domain.school import Person
    from safetyapp.texts import Texts
    from safetyapp.ui.care_tools import Care, JoinFacts
    from safetyapp.ui.jobs import Jobs
    from safetyapp.ui.look import Look


class JoinDialog(SheetDialog):
    """`joined(Person)` once everything is in its place."""

    joined = Signal(object)

    def __init__(self, look: Look, texts: Texts, jobs: Jobs, care: Callable[[], Care], parent: QWidget | None) -> None:
        say = texts.say
        super().__init__(look, say("join.title"), parent, width=620)
        self._texts, self._jobs, self._care = texts, jobs, care
        self.file: Path | None = None
        self.facts: JoinFacts | None = None
        self.setAcceptDrops(True)
        self.body.addWidget(Label(look, say("join.about"), Style.BODY, "ink2", wrap=True))
        self.remark = Label(look, "", Style.STRONG, wrap=True)
        self.body.addWidget(self.remark)
        self._shown = Facts(look)
        self.body.addWidget(self._shown)
        self.passphrase, self._first = self._secret(say("window.first.pass"))
        self.again, self._second = self._secret(say("window.first.again"))
        self._word = Label(look, "", Style.SMALL, "ink2", wrap=True)
        self.body.addWidget(self._word)
        self.body.addStretch(1)
        cancel = self.add_button(say("window.cancel"))
        cancel.clicked.connect(self.reject)
        self.request = self.add_button(say("join.request"))
        self.request.clicked.connect(self._choose_request)
        self.choose = self.add_button(say("join.choose"))
        self.choose.clicked.connect(self._choose)
        self.go = self.add_button(say("join.go"), Kind.PRIMARY)
        self.go.clicked.connect(self._on_go)
        self.finished.connect(self.deleteLater)
        self._busy = False
        self._arrange()
        self.fit(620, 480)
        self.choose.setFocus()

    def _secret(self, name: str) -> tuple[QLineEdit, Field]:
        field = QLineEdit()
        field.setAccessibleName(name)
        field.setEchoMode(QLineEdit.EchoMode.Password)
        field.textChanged.connect(self._arrange)
        field.returnPressed.connect(self._on_go)
        row = Field(self.look, name, field)
        self.body.addWidget(row)
        return field, row

    # the file

    def _choose(self) -> None:
        name, _ = QFileDialog.getOpenFileName(self, self._texts.say("join.choose"), "", self._texts.say("join.filter"))
        if name:
            self.look_at(Path(name))

    def look_at(self, file: Path) -> None:
        """Shows whom a file is for, to be compared with what the office says."""
        care = self._care

        def done(facts: JoinFacts) -> None:
            self.file, self.facts = file, facts
            self._show(facts)

        def failed(error: Exception) -> None:
            self.file = self.facts = None
            self._shown.show_facts([])
            self.remark.setText(error_sentence(self._texts, error))
            self._arrange()

        self._jobs.work(lambda progress: care().read_enrolment(file), done, failed, owner=self, name="read-enrolment")

    def _show(self, facts: JoinFacts) -> None:
        say = self._texts.say
        self.remark.setText(say("join.compare"))
        self._shown.show_facts(
            [
                (say("join.name"), facts.name),
                (say("join.role"), say(f"hub.role.{facts.role.value}")),
                (say("join.schools"), str(facts.schools) if facts.schools else ""),
                (say("join.hub"), facts.addresses[0] if facts.addresses else ""),
                (say("join.fingerprint"), grouped(facts.fingerprint)),
                (say("join.until"), facts.until.date().isoformat()),
            ]
        )
        self._arrange()
        (self.passphrase if facts.makes_key else self.go).setFocus()

    def _arrange(self) -> None:
        say, facts = self._texts.say, self.facts
        asks = facts is not None and facts.makes_key
        for row in (self._first, self._second):
            row.setVisible(asks)
        given, again = self.passphrase.text(), self.again.text()
        words = say(f"window.strength.{strength(given)}") if given else ""
        if again and again != given:
            words = say("window.first.differs")
        self._word.setText(words)
        self._word.setVisible(asks)
        ready = facts is not None and (not asks or (strength(given) != "short" and given == again))
        self.go.setEnabled(ready and not self._busy)
        self.request.setVisible(asks)
        self.request.setEnabled(ready and not self._busy)
        self.choose.setEnabled(not self._busy)

    # what it comes to

    def _on_go(self) -> None:
        file, care, passphrase = self.file, self._care, self.passphrase.text()
        if file is None or not self.go.isEnabled():
            return
        self._begin(self._texts.say("join.joining"))

        def done(person: Person) -> None:
            self.joined.emit(person)
            self.accept()

        self._jobs.work(lambda progress: care().join(file, passphrase), done, self._failed, owner=self, name="join")

    def _choose_request(self) -> None:
        name, _ = QFileDialog.getSaveFileName(
            self, self._texts.say("join.request"), self._texts.say("join.request_file"), self._texts.say("join.filter")
        )
        if name:
            self.write_request(Path(name))

    def write_request(self, to: Path) -> None:
        """With no network: a file that goes to the office and comes back as another."""
        file, care, passphrase = self.file, self._care, self.passphrase.text()
        if file is None:
            return
        self._begin(self._texts.say("join.writing"))

        def done(_: None) -> None:
            self._end(self._texts.say("join.requested", path=str(to)))

        self._jobs.work(
            lambda progress: care().write_request(file, to, passphrase), done, self._failed, owner=self, name="request"
        )

    def _begin(self, sentence: str) -> None:
        self._busy = True
        self.remark.setText(sentence)
        self._arrange()

    def _end(self, sentence: str) -> None:
        self._busy = False
        self.remark.setText(sentence)
        self._arrange()
        self.choose.setFocus()

    def _failed(self, error: Exception) -> None:
        self._end(error_sentence(self._texts, error))

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        event.acceptProposedAction()
        self.look_at(Path(event.mimeData().urls()[0].toLocalFile()))
