"""The page of Settings about backups: the last one first, then making one, being reminded, and taking one back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFileDialog

from safetyapp.domain.backup import LastBackup
from safetyapp.ui.care_tools import BackupContents, BackupFacts
from safetyapp.ui.dates import date_time, error_sentence, full_date, size_text, when
from safetyapp.ui.metrics import Style
from safetyapp.ui.parts import Button, Kind, Label, Option, PrimaryButton, Segment
from safetyapp.ui.settings_parts import Host, Page, Row
from safetyapp.ui.sheet_dialog import SheetDialog

if TYPE_CHECKING:
    from safetyapp.domain.progress import Progress
    from safetyapp.texts import Texts
    from safetyapp.ui.care_tools import Care
    from safetyapp.ui.window import MainWindow


REMIND = (3, 7, 14, 30)
"""Days to choose from; settings.toml takes any."""


def window_looks(host: Host) -> None:
    """The window asks again whether one is due."""
    host.window.care.backed_up.emit()


class BackupPage(Page):
    """State first, then actions."""

    def build(self) -> None:
        say, look, window = self.say, self.look, self.host.window
        card = self.card(say("settings.backup.title"))
        self.now = PrimaryButton(look, say("settings.backup.now"))
        self.now.clicked.connect(lambda: choose_backup(window, self.host.care))
        self.last = Row(look, say("settings.backup.asking"), "", self.now, icon="database")
        card.add(self.last)
        choices = [Option(n, say("settings.backup.days", n=n)) for n in REMIND]
        choices.append(Option(0, say("settings.backup.never")))
        self.days = Segment(look, choices, name=say("settings.backup.remind"))
        self.days.chosen.connect(self._on_days)
        card.add(Row(look, say("settings.backup.remind"), say("settings.backup.remind_remark"), self.days))
        card.add(Row(look, say("settings.backup.inside"), say("settings.backup.inside_remark")))
        other = self.card(say("settings.backup.restore_title"))
        self.back = Button(look, say("settings.backup.restore"))
        self.back.clicked.connect(lambda: choose_restore(window, self.host.care))
        other.add(Row(look, say("settings.backup.from"), say("settings.backup.from_remark"), self.back))
        self._facts: BackupFacts | None = None
        window.care.backed_up.connect(self.renew)

    def renew(self) -> None:
        self.host.jobs.work(lambda p: self.host.care.backup(), self._show, self._on_none, owner=self, name="backup")

    def _on_none(self, error: Exception) -> None:
        self.days.setEnabled(False)
        self.last.say(self.say("settings.backup.unknown"), error_sentence(self.host.tools.texts, error))

    def _show(self, facts: BackupFacts) -> None:
        self._facts = facts
        self.days.setEnabled(True)
        self.days.set_value(facts.days)
        texts = self.host.tools.texts
        if facts.last is None:
            self.last.say(self.say("settings.backup.none"), self.say("settings.backup.none_remark"))
            return
        at, today = facts.last.at.astimezone(), self.host.tools.clock.now().date()
        title = self.say("settings.backup.last", when=when(texts, at.date(), today), time=f"{at:%H:%M}")
        remark = self.say(
            "settings.backup.facts", path=facts.last.path, size=size_text(facts.last.size), n=facts.last.files
        )
        self.last.say(title, remark)

    def _on_days(self, days: int) -> None:
        care = self.host.care
        self.host.ask(self, lambda: care.choose("backup", "days", days), lambda _: window_looks(self.host))


def choose_backup(window: MainWindow, care: Care) -> None:
    """Asks for a stick or folder and backs up there."""
    folder = QFileDialog.getExistingDirectory(window, window.texts.say("settings.backup.choose"))
    if folder:
        back_up_to(window, care, Path(folder))


def back_up_to(window: MainWindow, care: Care, folder: Path) -> None:
    """An errand with its bar and 停."""
    errands, say = window.errands, window.texts.say

    def report(step: str, done: int, total: int) -> None:
        key = "settings.backup.reading" if step == "verify" else "settings.backup.writing"
        window.line.report(done // 1024, total // 1024, say(key, done=done // 1_048_576, total=total // 1_048_576))

    def done(last: LastBackup) -> None:
        from safetyapp.ui.errands import show_outside

        errands.end()
        window.care.backed_up.emit()
        sentence = say("settings.backup.done", path=last.path, size=size_text(last.size))
        window.toast.say(sentence, say("window.export.open"), lambda: show_outside(folder))

    if errands.begin("backup"):
        errands.run(lambda progress: care.back_up(folder, progress), done, "backup", report)


def choose_restore(window: MainWindow, care: Care) -> None:
    """Asks for a backup, says what is in it, unpacks and compares it, and opens it in place of what is here."""
    say = window.texts.say
    name, _ = QFileDialog.getOpenFileName(window, say("settings.backup.from"), "", say("settings.backup.filter"))
    if name:
        ask_restore(window, care, Path(name))


def ask_restore(window: MainWindow, care: Care, file: Path) -> None:
    """The question, once the file has said what it is."""

    def show(contents: BackupContents) -> None:
        dialog = RestoreDialog(window, window.texts, file, contents, lambda: restore(window, care, file))
        dialog.open()

    window.jobs.work(
        lambda p: care.read_backup(file), show, window.errands.tell_trouble, owner=window, name="read-backup"
    )


def restore(window: MainWindow, care: Care, file: Path) -> None:
    """Everything is unpacked and compared first; only then the window closes for the change of places."""
    errands, say = window.errands, window.texts.say

    def report(step: str, done: int, total: int) -> None:
        text = say("settings.backup.unpacking", done=done // 1_048_576, total=total // 1_048_576)
        window.line.report(done // 1024, total // 1024, text)

    def work(progress: Progress) -> Path:
        return care.unpack_backup(file, progress)

    def done(unpacked: Path) -> None:
        errands.end()
        window.reopen(lambda: care.restore(unpacked))

    if errands.begin("restore"):
        errands.run(work, done, "restore", report)


class RestoreDialog(SheetDialog):
    """What is in the backup, what becomes of what is here; the harmless button first."""

    def __init__(
        self,
        parent: MainWindow,
        texts: Texts,
        file: Path,
        contents: BackupContents,
        go: Callable[[], object],
    ) -> None:
        say = texts.say
        look = parent.look
        super().__init__(look, say("settings.backup.ask"), parent, width=480)
        at = contents.made_at
        who = contents.person or say("settings.backup.nobody")
        facts = say(
            "settings.backup.contents",
            who=who,
            at=date_time(texts, at),
            n=contents.files,
            size=size_text(contents.size),
        )
        self.body.addWidget(Label(look, file.name, Style.STRONG, wrap=True))
        self.body.addWidget(Label(look, facts, Style.BODY, wrap=True))
        self.body.addWidget(Label(look, say("settings.backup.aside"), Style.BODY, "ink2", wrap=True))
        keep = self.add_button(say("settings.backup.keep"))
        keep.clicked.connect(self.reject)
        self.go = self.add_button(say("settings.backup.go", day=full_date(texts, at.date())), Kind.PRIMARY)
        self.go.clicked.connect(self.accept)
        self.accepted.connect(go)
        self.finished.connect(self.deleteLater)
        keep.setFocus()
