"""What takes a while and belongs to no screen: documents in, documents out to a stick, school lists in.

One errand at a time; it shows a bar with 停, and ends in a toast, a list of what was refused, or the trouble bar.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from safetyapp.domain.document import DocumentQuery
from safetyapp.domain.problem import Cancelled, Problem
from safetyapp.ui.dates import error_sentence

if TYPE_CHECKING:  # Today opens with this module: what only types need is not loaded with it
    from collections.abc import Sequence

    from PySide6.QtWidgets import QWidget

    from safetyapp.domain.document import DocumentRow
    from safetyapp.domain.progress import Progress
    from safetyapp.texts import Texts
    from safetyapp.ui.jobs import Job, Jobs
    from safetyapp.ui.look import Look
    from safetyapp.ui.news import News
    from safetyapp.ui.schools_dialog import SchoolsDialog, SchoolsPlan
    from safetyapp.ui.sheet_dialog import ListDialog
    from safetyapp.ui.tools import Tools
    from safetyapp.workflow.catalogue import CatalogueChange
    from safetyapp.workflow.exchange import Imported, Refused

LISTS = (".xlsx", ".xlsm", ".csv")


class Errands(QObject):
    """Runs the errands of a window and tells how they ended."""

    documents_changed = Signal()
    schools_changed = Signal()

    def __init__(
        self,
        tools: Tools,
        look: Look,
        jobs: Jobs,
        window: QWidget,
        news: News,
    ) -> None:
        super().__init__(window)
        self._tools = tools
        self._look = look
        self._jobs = jobs
        self._window = window
        self._news = news
        self._say = tools.texts.say
        self._job: Job | None = None
        self._errand = ""
        self.dialog: SchoolsDialog | ListDialog | None = None
        """The dialog that is open now; None when there is none."""
        news.stopped.connect(self._on_stopped)

    @property
    def is_busy(self) -> bool:
        return self._job is not None

    def toast(self, sentence: str) -> None:
        self._news.toast.say(sentence)

    def tell_trouble(self, error: Exception) -> None:
        """The trouble bar says what failed, what is safe and what to do; the details can be copied."""
        sentence = error_sentence(self._tools.texts, error)

        def copy() -> None:
            from PySide6.QtGui import QGuiApplication

            code = error.code if isinstance(error, Problem) else type(error).__name__
            QGuiApplication.clipboard().setText(f"{self._tools.app_version} {code}: {sentence}")
            self._news.toast.say(self._say("window.copied"))

        self._news.trouble.show_trouble(sentence, [(self._say("window.details"), copy)])

    def take_in(self, paths: Sequence[Path]) -> None:
        """Files dropped or chosen: school lists are read as such, everything else as documents."""
        lists = [path for path in paths if path.suffix.lower() in LISTS]
        if lists:
            self.read_schools(lists[0])
        elif paths:
            self.import_documents(paths)

    # documents in

    def choose_documents(self) -> None:
        """Asks for files and imports them."""
        from PySide6.QtWidgets import QFileDialog

        names, _ = QFileDialog.getOpenFileNames(
            self._window, self._say("window.import.choose"), "", self._say("window.import.filter")
        )
        if names:
            self.import_documents([Path(name) for name in names])

    def import_documents(self, paths: Sequence[Path]) -> None:
        """Takes in PDF files and folders of them."""
        tools, wanted = self._tools, tuple(paths)

        def run(progress: Progress) -> Imported:
            from safetyapp.workflow.exchange import import_documents

            return import_documents(tools.store, tools.signer, wanted, progress)

        def report(step: str, done: int, total: int) -> None:
            text = self._say("window.import.progress", done=done + 1, total=total)
            self._news.line.report(done, total, text)

        if self._begin("import"):
            self._job = self._jobs.work(run, self._on_imported, self._on_failed, report, owner=self, name="import")

    def _on_imported(self, done: Imported) -> None:
        self._end()
        self.documents_changed.emit()
        total = len(done.new) + len(done.known) + len(done.refused)
        if total == 0:
            self._news.toast.say(self._say("window.import.nothing"), icon="inbox")
            return
        sentence = self._say("window.import.summary", total=total, new=len(done.new))
        if done.known:
            sentence += self._say("window.import.known", n=len(done.known))
        if done.refused:
            sentence += self._say("window.import.refused", n=len(done.refused))
        self._news.toast.say(sentence)
        if done.refused:
            self._show_refused(done.refused)

    def _show_refused(self, refused: Sequence[Refused]) -> None:
        from safetyapp.ui.sheet_dialog import ListDialog

        rows = [(file.path.name, refused_sentence(self._tools.texts, file)) for file in refused]
        self.dialog = ListDialog(
            self._look,
            self._tools.texts,
            self._say("window.import.refused_title", n=len(refused)),
            self._say("window.import.refused_kept"),
            rows,
            self._window,
        )
        self.dialog.finished.connect(self._on_dialog_finished)
        self.dialog.open()

    # documents out

    def choose_export(self) -> None:
        """Asks for a folder and writes every document there."""
        from PySide6.QtWidgets import QFileDialog

        folder = QFileDialog.getExistingDirectory(self._window, self._say("window.export.choose"))
        if folder:
            self.export_to(Path(folder))

    def export_to(self, folder: Path) -> None:
        """Writes every document into a folder; what is there already is left."""
        tools = self._tools

        def run(progress: Progress) -> tuple[Path, ...]:
            from safetyapp.workflow.exchange import export_documents

            return export_documents(tools.store, DocumentQuery(limit=1_000_000), folder, progress)

        def report(step: str, done: int, total: int) -> None:
            self._news.line.report(done, total, self._say("window.export.progress", done=done + 1, total=total))

        def done(written: tuple[Path, ...]) -> None:
            self._end()
            if not written:
                self._news.toast.say(self._say("window.export.nothing"), icon="inbox")
                return
            sentence = self._say("window.export.done", n=len(written), folder=str(folder))
            self._news.toast.say(sentence, self._say("window.export.open"), lambda: show_outside(folder))

        if self._begin("export"):
            self._job = self._jobs.work(run, done, self._on_failed, report, owner=self, name="export")

    def save_as(self, row: DocumentRow, target: Path) -> None:
        """Writes one document where the person wants it."""
        store = self._tools.store

        def run() -> Path:
            from safetyapp.workflow.exchange import write_whole

            write_whole(target, store.document_path(row.sha256).read_bytes())
            return target

        def done(path: Path) -> None:
            sentence = self._say("documents_screen.saved", path=str(path))
            self._news.toast.say(sentence, self._say("window.export.open"), lambda: show_outside(path.parent))

        self._jobs.data(run, done, self.tell_trouble, owner=self, name="save-as")

    # schools in

    def choose_schools(self) -> None:
        """Asks for a school list, shows what was understood, and imports it when the person agrees."""
        from PySide6.QtWidgets import QFileDialog

        name, _ = QFileDialog.getOpenFileName(
            self._window, self._say("window.schools.choose"), "", self._say("window.schools.filter")
        )
        if name:
            self.read_schools(Path(name))

    def read_schools(self, path: Path) -> None:
        """Reads a list and shows the plan."""
        tools = self._tools

        def run(progress: Progress) -> SchoolsPlan:
            from safetyapp.ui.schools_dialog import SchoolsPlan
            from safetyapp.workflow.catalogue import import_schools

            read = tools.read_schools(path)
            return SchoolsPlan(path.name, read, import_schools(tools.store, read.schools, dry_run=True))

        if self._begin("schools", can_stop=False):
            self._job = self._jobs.work(run, self._on_schools_read, self._on_failed, owner=self, name="schools")

    def _on_schools_read(self, plan: SchoolsPlan) -> None:
        from safetyapp.ui.schools_dialog import SchoolsDialog

        self._end()
        self.dialog = SchoolsDialog(self._look, self._tools.texts, plan, self._window)
        self.dialog.confirmed.connect(self._on_schools_confirmed)
        self.dialog.finished.connect(self._on_dialog_finished)
        self.dialog.open()

    def _on_schools_confirmed(self, plan: SchoolsPlan) -> None:
        store = self._tools.store

        def done(change: CatalogueChange) -> None:
            added, updated = len(change.added), len(change.updated)
            self._news.toast.say(self._say("window.schools.done", added=added, updated=updated))
            self.schools_changed.emit()

        def run() -> CatalogueChange:
            from safetyapp.workflow.catalogue import import_schools

            return import_schools(store, plan.read.schools)

        self._jobs.data(run, done, self.tell_trouble, owner=self, name="schools")

    # the one bar

    def _begin(self, errand: str, can_stop: bool = True) -> bool:
        """False, and said so, while another errand is under way."""
        if self._job is not None:
            self._news.toast.say(self._say("window.busy"), icon="info-circle")
            return False
        self._errand = errand
        self._news.line.begin(self._say(f"window.{errand}.begin"), can_stop)
        return True

    def _end(self) -> None:
        self._job = None
        self._news.line.end()

    def _on_stopped(self) -> None:
        if self._job is not None:
            self._job.cancel()

    def _on_failed(self, error: Exception) -> None:
        self._end()
        self.documents_changed.emit()
        if isinstance(error, Cancelled):
            self._news.toast.say(self._say(f"window.{self._errand}.stopped"), icon="info-circle")
        else:
            self.tell_trouble(error)

    def _on_dialog_finished(self) -> None:
        if self.dialog is not None:
            self.dialog.deleteLater()
        self.dialog = None


def refused_sentence(texts: Texts, refused: Refused) -> str:
    """Why a file was not taken in, as a sentence."""
    facts = dict(refused.verdict.facts) if refused.verdict else {}
    try:
        return texts.say(f"verdict.{refused.why}", **facts)
    except KeyError:
        return error_sentence(texts, Problem(refused.why, path=str(refused.path), reason=""))


def show_outside(path: Path) -> None:
    """Opens a file or folder with the system's program."""
    from PySide6.QtCore import QUrl
    from PySide6.QtGui import QDesktopServices

    QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))
