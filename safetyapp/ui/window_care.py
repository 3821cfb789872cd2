"""What a window does beside its screens: the log, calm notes, the demonstration, help, and faults of the program.

Made after the first paint, or when it is asked for; the start knows nothing of it.
"""

from __future__ import annotations

import logging
import re
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QMessageLogContext, QObject, QtMsgType, Signal, qInstallMessageHandler

from safetyapp.domain.fault import fault_of

if TYPE_CHECKING:
    from safetyapp.domain.progress import Progress
    from safetyapp.domain.school import Role
    from safetyapp.ui.care_tools import BackupFacts, Care, DemoFacts, KeyFacts
    from safetyapp.ui.crash_card import CrashCard
    from safetyapp.ui.note_bar import NoteBar
    from safetyapp.ui.window import MainWindow

log = logging.getLogger(__name__)
WARN_DAYS = 30
"""Days that a certificate still holds from which on it is said at the start."""
_LEVELS = {
    QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.ERROR,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}


class WindowCare(QObject):
    """The one of a window; it outlives the rebuilding of the screens."""

    backed_up = Signal()
    """A backup has been made; settings show it."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._crashed: Path | None = None
        self._demo: DemoFacts | None = None
        self._backup: BackupFacts | None = None
        self._key_days = WARN_DAYS + 1
        self._closed: set[str] = set()
        """The notes that were closed in this session."""
        self.card: CrashCard | None = None
        self._former_handler: object = None
        self._hears_qt = False
        self.backed_up.connect(self.look_at_backup)

    @cached_property
    def desk(self) -> Care:
        return self._window.tools.care()

    def _say(self, key: str, **facts: object) -> str:
        return self._window.texts.say(key, **facts)

    # the log

    def begin(self) -> None:
        """After the first paint of a real start: the log is kept from now on, and how the last run ended is said."""
        self._window.jobs.work(
            lambda p: self.desk.begin_log(), self._on_log, lambda e: None, owner=self, name="begin-log"
        )

    def _on_log(self, crashed: Path | None) -> None:
        self._crashed = crashed
        self._former_handler = qInstallMessageHandler(_on_qt_message)
        self._hears_qt = True
        if self._crashed is not None:
            log.warning("the last run did not end by itself")
        self.look_around()

    def end(self) -> None:
        """The window is gone: it ended by itself."""
        if self._hears_qt:
            self._hears_qt = False
            qInstallMessageHandler(self._former_handler)  # type: ignore[arg-type]  # None: Qt's own again
        self.desk.end_log()

    # calm notes

    @property
    def bar(self) -> NoteBar:
        """In the column of the screens that stand now, under the trouble bar."""
        bar = self._window.news.notes
        bar.closed = self._closed
        return bar

    def look_around(self) -> None:
        """What there is to say of this workspace, asked on a worker."""
        window = self._window
        window.jobs.work(lambda p: self.desk.demo(), self._on_demo, lambda e: None, owner=self, name="demo-facts")
        self.look_at_backup()
        window.jobs.work(lambda p: self.desk.key(), self.note_key, lambda e: None, owner=self, name="key-facts")

    def note_key(self, key: KeyFacts) -> None:
        """A certificate that ends soon is said before somebody stands at a school and cannot sign."""
        self._key_days = key.days
        self.show_notes()

    def look_at_backup(self) -> None:
        def failed(error: Exception) -> None:
            """A broken settings file is said where it can be mended, and where something is signed."""

        self._window.jobs.work(lambda p: self.desk.backup(), self._on_backup, failed, owner=self, name="backup-facts")

    def _on_demo(self, facts: DemoFacts) -> None:
        self._demo = facts
        self._window.show_title()
        self.show_notes()

    def _on_backup(self, facts: BackupFacts) -> None:
        self._backup = facts
        self.show_notes()

    @property
    def is_demo(self) -> bool:
        return self._demo is not None and self._demo.is_here

    def show_notes(self) -> None:
        """Says them in the screens that stand now. In a demonstration nobody is reminded of backups."""
        window, say = self._window, self._say
        if window.first is not None:
            return
        from safetyapp.ui.errands import show_outside

        crashed = self._crashed
        if crashed is not None:
            sentence = say("crash.last", path=str(crashed))
            self.bar.note("crash", sentence, [(say("window.export.open"), lambda: show_outside(crashed.parent))])
        if self._demo is not None and self._demo.is_here:
            sentence = say("first.demo.here", word=self._demo.passphrase)
            actions = [(say("first.demo.leave"), self.leave_demo), (say("first.demo.delete"), self.delete_demo)]
            self.bar.note("demo", sentence, actions if self._demo.is_there else ())
        if self._key_days <= WARN_DAYS:
            days = self._key_days
            sentence = say("settings.key.ends", n=days) if days >= 0 else say("settings.key.ended", n=-days)
            self.bar.note("key", sentence, [(say("settings.key.go_there"), lambda: window.settings("key"))])
        elif "notes" in window.news.__dict__:
            self.bar.note("key", "")
        if self._backup is not None and self._backup.is_due and not self.is_demo:
            last = self._backup.last
            now = window.tools.clock.now()
            sentence = say("settings.backup.due", n=(now - last.at).days) if last else say("settings.backup.due_never")
            self.bar.note("backup", sentence, [(say("settings.backup.go_there"), lambda: window.settings("backup"))])
        elif "notes" in window.news.__dict__:
            self.bar.note("backup", "")
        self.arrange()

    def arrange(self) -> None:
        """Work has the window for itself."""
        window = self._window
        if "notes" in window.news.__dict__:
            bar = window.news.notes
            bar.setVisible(bar.has_notes() and window.work is None and window.first is None)

    # the demonstration

    def build_demo(self, role: Role) -> None:
        """Builds it when it is not there, with a bar and 停, and opens it."""
        window, say, desk = self._window, self._say, self.desk

        def report(step: str, done: int, total: int) -> None:
            window.line.report(done, total, say("first.demo.progress", done=done + 1, total=total))

        def work(progress: Progress) -> DemoFacts:
            return desk.build_demo(progress)

        def done(facts: DemoFacts) -> None:
            window.errands.end()
            window.reopen(lambda: desk.open_demo(role))

        if window.errands.begin("demo"):
            window.errands.run(work, done, "demo", report)

    def leave_demo(self) -> None:
        self._window.reopen(self.desk.leave_demo)

    def delete_demo(self) -> None:
        """One click: everything in it is invented, and it can be built again."""
        self._window.reopen(self.desk.delete_demo)

    # what the first start offers besides

    def choose_restore(self) -> None:
        from safetyapp.ui.settings_backup import choose_restore

        choose_restore(self._window, self.desk)

    def choose_join(self) -> None:
        from safetyapp.ui.join_dialog import JoinDialog

        window = self._window
        dialog = JoinDialog(window.look, window.texts, window.jobs, lambda: self.desk, window)
        dialog.joined.connect(window._on_identity_made)
        dialog.open()

    def choose_verify(self) -> None:
        from safetyapp.ui.verify_dialog import VerifyDialog

        window = self._window
        VerifyDialog(window.look, window.texts, window.jobs, self.desk.verify_file, window).open()

    # faults

    def on_fault(self, error: Exception) -> None:
        """Says it in a card; what comes while it is open is counted and logged."""
        fault = fault_of(error)
        log.error("fault %s", fault.id, exc_info=error)
        if self.card is not None:
            self.card.count()
            return
        from safetyapp.ui.crash_card import CrashCard

        window = self._window
        self.card = CrashCard(
            window.look,
            window.texts,
            fault,
            self.desk.log_file(),
            window.tools.app_version,
            lambda: window.reopen(self.desk.again),
            window,
        )
        self.card.finished.connect(self._on_card_closed)
        self.card.open()

    def _on_card_closed(self) -> None:
        card, self.card = self.card, None
        if card is not None:
            card.deleteLater()


def _on_qt_message(kind: QtMsgType, context: QMessageLogContext, message: str) -> None:
    """Qt's own words into the log, without paths: they may hold a person's name."""
    plain = re.sub(r"\S*[/\\]\S*", "…", message)
    logging.getLogger("safetyapp.qt").log(_LEVELS.get(kind, logging.DEBUG), "%s", plain)
