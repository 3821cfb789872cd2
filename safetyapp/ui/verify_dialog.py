"""Only verify a document: a PDF is chosen or dropped, judged, and nothing of it is kept."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QFileDialog, QWidget

from safetyapp.domain.any_record import number_of
from safetyapp.domain.verdict import Verdict
from safetyapp.texts import Texts
from safetyapp.ui.dates import date_time, error_sentence
from safetyapp.ui.jobs import Jobs
from safetyapp.ui.look import Look
from safetyapp.ui.metrics import Style
from safetyapp.ui.parts import Kind, Label
from safetyapp.ui.sheet_dialog import SheetDialog
from safetyapp.ui.verdict_panel import Facts, VerdictBlock, say_verdict


class VerifyDialog(SheetDialog):
    """One file after the other; the verdict stands until the next is chosen."""

    def __init__(
        self,
        look: Look,
        texts: Texts,
        jobs: Jobs,
        verify: Callable[[Path], tuple[bytes, Verdict]],
        parent: QWidget | None,
    ) -> None:
        say = texts.say
        super().__init__(look, say("first.verify.title"), parent, width=520)
        self._texts, self._jobs, self._verify = texts, jobs, verify
        self.setAcceptDrops(True)
        self.body.addWidget(Label(look, say("first.verify.about"), Style.BODY, "ink2", wrap=True))
        self.name = Label(look, "", Style.STRONG, wrap=True)
        self.body.addWidget(self.name)
        self.block = VerdictBlock(look)
        self.block.hide()
        self.body.addWidget(self.block)
        self.facts = Facts(look)
        self.body.addWidget(self.facts)
        self.body.addStretch(1)
        self.choose = self.add_button(say("first.verify.choose"), Kind.PRIMARY)
        self.choose.clicked.connect(self._choose)
        close = self.add_button(say("window.close"))
        close.clicked.connect(self.accept)
        self.finished.connect(self.deleteLater)
        self.fit(520, 420)
        self.choose.setFocus()

    def _choose(self) -> None:
        name, _ = QFileDialog.getOpenFileName(
            self, self._texts.say("first.verify.choose"), "", self._texts.say("first.verify.filter")
        )
        if name:
            self.look_at(Path(name))

    def look_at(self, path: Path) -> None:
        """Judges a file."""
        self.name.setText(self._texts.say("first.verify.checking", name=path.name))
        self.block.hide()
        self.facts.show_facts([])

        def done(found: tuple[bytes, Verdict]) -> None:
            self.name.setText(path.name)
            self._show(found[1])

        def failed(error: Exception) -> None:
            self.name.setText(error_sentence(self._texts, error))

        self._jobs.work(lambda progress: self._verify(path), done, failed, owner=self, name="verify-file")

    def _show(self, verdict: Verdict) -> None:
        say, texts = self._texts.say, self._texts
        say_verdict(self.block, texts, verdict)
        self.block.show()
        facts = [(say("first.verify.signer"), verdict.signer)]
        if verdict.signed_at is not None:
            facts.append((say("first.verify.time"), date_time(texts, verdict.signed_at)))
        if verdict.record is not None:
            with suppress(KeyError):
                kind = say(f"documents_screen.kind.{verdict.record.kind.value}")
                facts.append((say("first.verify.kind"), kind))
            facts.append((say("first.verify.number"), number_of(verdict.record)))
        self.facts.show_facts([(name, value) for name, value in facts if value])

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if any(url.toLocalFile().lower().endswith(".pdf") for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        event.acceptProposedAction()
        paths = [Path(url.toLocalFile()) for url in event.mimeData().urls()]
        self.look_at(next(path for path in paths if path.suffix.lower() == ".pdf"))
