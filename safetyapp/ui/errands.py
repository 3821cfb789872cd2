"""What takes a while and belongs to no screen: documents in, documents out to a stick, school lists and forms in.

One errand at a time; it shows a bar with 停, and ends in a toast, a list of what was refused, or the trouble bar.
"""

from __future__ import annotations

from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from safetyapp.domain.document import DocumentQuery
from safetyapp.domain.problem import Cancelled, Problem
from safetyapp.ui.dates import error_sentence, explained

if TYPE_CHECKING:  # Today opens with this module: what only types need is not loaded with it
    from collections.abc import Callable, Sequence
    from typing import Any

    from PySide6.QtWidgets import QWidget

    from safetyapp.domain.document import DocumentRow
    from safetyapp.domain.progress import Progress
    from safetyapp.texts import Texts
    from safetyapp.ui.form_errand import FormErrand
    from safetyapp.ui.handover_errand import HandoverErrand
    from safetyapp.ui.jobs import Job, Jobs
    from safetyapp.ui.look import Look
    from safetyapp.ui.news import News
    from safetyapp.ui.print_errand import PrintErrand
    from safetyapp.ui.schools_dialog import SchoolsPlan
    from safetyapp.ui.sheet_dialog import SheetDialog
    from safetyapp.ui.tools import Tools
    from safetyapp.workflow.catalogue import CatalogueChange
    from safetyapp.workflow.exchange import Imported, Refused
    from safetyapp.workflow.ports import Store
    from safetyapp.workflow.put_out import PutOutcome

LISTS = (".xlsx", ".xlsm", ".csv")
FORMS = (".yaml", ".yml")
MAYBE_FORMS = (".xlsx", ".xlsm", ".xls")
"""Workbooks: a form, or a list of schools; only what is inside says which."""
HANDED = (".xajdraft",)
"""Drafts that a colleague handed over (domain.handed)."""
OLD_LISTS = (".xls", ".et", ".ods")
PICTURES = (".jpg", ".jpeg", ".png", ".heic", ".heif", ".webp", ".bmp", ".tif", ".tiff")


def is_document(path: Path) -> bool:
    """A file or folder in which documents are looked for."""
    return path.suffix.lower() == ".pdf" or path.is_dir()


def is_taken(path: Path) -> bool:
    """Whether something that is dropped is taken in at all."""
    return is_document(path) or path.suffix.lower() in (*LISTS, *FORMS, *MAYBE_FORMS, *HANDED)


def is_handed(path: Path) -> bool:
    """A draft that a colleague handed over."""
    return path.suffix.lower() in HANDED and not path.is_dir()


class Errands(QObject):
    """Runs the errands of a window and tells how they ended."""

    documents_changed = Signal()
    schools_changed = Signal()
    forms_changed = Signal()
    put_out_changed = Signal()
    """Copies were put somewhere."""
    drafts_changed = Signal()
    draft_taken = Signal(str)
    """A colleague's draft is here now, by its id."""
    printed = Signal(str)
    """The print log has grown by this job."""

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
        self.look = look
        self._jobs = jobs
        self.window = window
        self._news = news
        self._say = tools.texts.say
        self._job: Job | None = None
        self._errand = ""
        self._left_out: list[tuple[str, str]] = []
        """Of what was dropped together: the files that are not taken in, and why; said after the documents are in."""
        self._next_list: Path | None = None
        """Of what was dropped together: the school list, read after that."""
        self.forms_waiting: list[Path] = []
        """Of what was dropped together: the forms, read last."""
        self.handed_waiting: list[Path] = []
        """Of what was dropped together: colleagues' drafts, shown one after the other when all else is in."""
        self.dialog: SheetDialog | None = None
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

            from safetyapp.domain.fault import fault_of

            code = error.code if isinstance(error, Problem) else fault_of(error).text()
            QGuiApplication.clipboard().setText(f"{self._tools.app_version} {code}: {sentence}")
            self._news.toast.say(self._say("window.copied"))

        self._news.trouble.show_trouble(sentence, [(self._say("window.details"), copy)])

    def take_in(self, paths: Sequence[Path]) -> None:
        """Files dropped together. The documents come in, then what is not taken in is said, then a school list is
        shown."""
        if self.is_busy:
            self._news.toast.say(self._say("window.busy"), icon="info-circle")
            return
        if any(path.suffix.lower() in MAYBE_FORMS + FORMS for path in paths):
            self.forms.sort(paths, lambda forms: self._take_in(paths, forms))
        else:
            self._take_in(paths, ())

    def _take_in(self, paths: Sequence[Path], forms: Sequence[Path]) -> None:
        """The same when it is known which of the files are forms; they come last."""
        self.handed_waiting = [path for path in paths if is_handed(path)]
        paths = [path for path in paths if path not in forms and not is_handed(path)]
        self.forms_waiting = list(forms)
        lists = [path for path in paths if path.suffix.lower() in LISTS and not path.is_dir()]
        documents = [path for path in paths if is_document(path)]
        self._next_list = lists[0] if lists else None
        self._left_out = [(path.name, self._say("window.import.one_list", name=lists[0].name)) for path in lists[1:]]
        for path in paths:
            if not is_document(path) and path not in lists:
                end = path.suffix.lower()
                why = "old_list" if end in OLD_LISTS else "picture" if end in PICTURES else "other"
                self._left_out.append((path.name, self._say(f"window.import.{why}")))
        if documents:
            self.import_documents(documents)
        else:
            self._go_on([])

    def _go_on(self, refused: Sequence[Refused]) -> None:
        """After the documents: names what was not taken in, else reads the school list that came with them."""
        rows = self._refused_rows(refused) + self._left_out
        self._left_out = []
        if rows:
            say = self._say
            self._show_list(say("window.import.refused_title", n=len(rows)), say("window.import.refused_kept"), rows)
        elif self._next_list is not None:
            path, self._next_list = self._next_list, None
            self.read_schools(path)
        elif self.forms_waiting:
            self.forms.read(self.forms_waiting.pop(0))
        elif self.handed_waiting:
            self.handovers.read(self.handed_waiting.pop(0))

    # forms in

    @cached_property
    def forms(self) -> FormErrand:
        """Made when the first form comes."""
        from safetyapp.ui.form_errand import FormErrand

        return FormErrand(self._tools, self._jobs, self)

    @cached_property
    def handovers(self) -> HandoverErrand:
        """Made when the first draft goes or comes."""
        from safetyapp.ui.handover_errand import HandoverErrand

        return HandoverErrand(self._tools, self._jobs, self, self._news)

    @cached_property
    def prints(self) -> PrintErrand:
        """Made when something is printed first."""
        from safetyapp.ui.print_errand import PrintErrand

        return PrintErrand(self._tools, self._jobs, self, self._news)

    def choose_forms(self) -> None:
        """Asks for form files and shows what they hold."""
        from PySide6.QtWidgets import QFileDialog

        names, _ = QFileDialog.getOpenFileNames(
            self.window, self._say("window.forms.choose"), "", self._say("window.forms.filter")
        )
        if names:
            self.read_forms([Path(name) for name in names])

    def read_forms(self, paths: Sequence[Path]) -> None:
        """Shows what the files hold, one after the other."""
        if self.is_busy:
            self._news.toast.say(self._say("window.busy"), icon="info-circle")
            return
        self.forms_waiting += paths
        self._go_on([])

    # documents in

    def choose_documents(self) -> None:
        """Asks for files and imports them."""
        from PySide6.QtWidgets import QFileDialog

        names, _ = QFileDialog.getOpenFileNames(
            self.window, self._say("window.import.choose"), "", self._say("window.import.filter")
        )
        if names:
            self.take_in([Path(name) for name in names])

    def import_documents(self, paths: Sequence[Path]) -> None:
        """Takes in PDF files and folders of them."""
        tools, wanted = self._tools, tuple(paths)

        def run(progress: Progress) -> Imported:
            from safetyapp.workflow.exchange import import_documents

            return import_documents(tools.store, tools.signer, wanted, progress)

        def done(imported: Imported) -> None:
            new = {row.id for row in imported.new}
            store = tools.store
            self._jobs.data(  # only when something is new
                lambda: sum(rows[0].id in new for rows in store.rivals()) if new else 0,
                lambda n: self._on_imported(imported, n), self._on_failed, owner=self, name="rivals",
            )  # fmt: skip

        def report(step: str, done: int, total: int) -> None:
            text = self._say("window.import.progress", done=done + 1, total=total)
            self._news.line.report(done, total, text)

        if self.begin("import"):
            self._job = self._jobs.work(run, done, self._on_failed, report, owner=self, name="import")

    def _on_imported(self, done: Imported, rivals: int) -> None:
        """`rivals`: how many of the new report an inspection that somebody else has reported too."""
        self.end()
        self.documents_changed.emit()
        total = len(done.new) + len(done.known) + len(done.refused)
        if total == 0:
            self._news.toast.say(self._say("window.import.nothing"), icon="inbox")
            self._go_on(done.refused)
            return
        sentence = self._say("window.import.summary", total=total, new=len(done.new))
        for key, files in (("known", done.known), ("restored", done.restored), ("refused", done.refused)):
            if files:
                sentence += self._say(f"window.import.{key}", n=len(files))
        if rivals:
            sentence += self._say("handover.rivals.came", n=rivals)
        self._news.toast.say(sentence)
        self._go_on(done.refused)

    def _refused_rows(self, refused: Sequence[Refused]) -> list[tuple[str, str]]:
        return [(file.path.name, refused_sentence(self._tools.texts, file)) for file in refused]

    def _show_list(self, title: str, remark: str, rows: Sequence[tuple[str, str]]) -> None:
        from safetyapp.ui.sheet_dialog import ListDialog

        self.show_dialog(ListDialog(self.look, self._tools.texts, title, remark, rows, self.window))

    def show_refused(self, title: str, remark: str, refused: Sequence[Refused]) -> None:
        """Each with its reason."""
        self._show_list(title, remark, self._refused_rows(refused))

    def show_dialog(self, dialog: SheetDialog) -> None:
        """Opens a dialog of an errand; what waits goes on when it is closed."""
        self.dialog = dialog
        dialog.finished.connect(self._on_dialog_finished)
        dialog.open()

    # documents out

    def choose_export(self, rows: Sequence[DocumentRow] = (), query: DocumentQuery | None = None) -> None:
        """存到U盘: asks which documents (these rows, all that the query finds, all that wait) and where to."""
        if self.is_busy or self.dialog is not None:
            self._news.toast.say(self._say("window.busy"), icon="info-circle")
            return
        from safetyapp.ui.out_dialog import OutDialog

        store = self._tools.store
        dialog = OutDialog(self.look, self._tools.texts, self._jobs, store, rows, query, self.window)
        dialog.confirmed.connect(lambda which, folder, place: self.put_out(which.read, folder, place))
        self.show_dialog(dialog)

    def export_to(self, folder: Path) -> None:
        """Writes every document into a folder; what is there already is left."""
        self.put_out(lambda store: store.documents(DocumentQuery(limit=1_000_000)), folder, folder.name)

    def put_out(self, read: Callable[[Store], Sequence[DocumentRow]], folder: Path, place: str) -> None:
        """Writes the documents that are read into a folder or a drive, which people call `place`."""
        tools = self._tools

        def run(progress: Progress) -> PutOutcome:
            from safetyapp.workflow.put_out import put_out

            return put_out(tools.store, tools.clock, read(tools.store), folder, place, progress)

        def report(step: str, done: int, total: int) -> None:
            self._news.line.report(done, total, self._say("window.export.progress", done=done + 1, total=total))

        if self.begin("export"):
            done = partial(self._on_put_out, folder=folder, place=place)
            self._job = self._jobs.work(run, done, self._on_failed, report, owner=self, name="export")

    def _on_put_out(self, outcome: PutOutcome, folder: Path, place: str) -> None:
        self.end()
        self.put_out_changed.emit()
        say, texts, n = self._say, self._tools.texts, len(outcome.arrived)
        rows = [(f"{row.school} {row.title}", error_sentence(texts, why)) for row, why in outcome.failed]
        if outcome.problem is not None:
            why = explained(texts, outcome.problem).what
            rows += [(f"{row.school} {row.title}", say("documents_more.out.left")) for row in outcome.left[:200]]
            title = say("documents_more.out.cut_title", n=n, left=len(outcome.left) + len(outcome.failed))
            self._show_list(title, say("documents_more.out.cut_kept", why=why, n=n), rows)
            return
        if rows:
            self._show_list(say("window.export.failed_title", n=len(rows)), say("window.export.failed_kept"), rows)
        if outcome.stopped:
            self._news.toast.say(say("documents_more.out.stopped", n=n, left=len(outcome.left)), icon="info-circle")
        elif n:
            sentence = say("documents_more.out.done", n=n, place=place)
            if outcome.there:
                sentence += say("documents_more.out.there", n=outcome.there)
            self._news.toast.say(sentence, say("window.export.open"), lambda: show_outside(folder))
        elif not rows:
            self._news.toast.say(say("window.export.nothing"), icon="inbox")

    def save_as(self, row: DocumentRow, target: Path) -> None:
        """Writes one document where the person wants it."""
        store = self._tools.store

        def run() -> Path:
            from safetyapp.workflow.exchange import kept_document, write_whole

            write_whole(target, kept_document(store, row))
            return target

        def done(path: Path) -> None:
            sentence = self._say("documents_screen.saved", path=str(path))
            self._news.toast.say(sentence, self._say("window.export.open"), lambda: show_outside(path.parent))

        self._jobs.data(run, done, self.tell_trouble, owner=self, name="save-as")

    def choose_stick(self, row: DocumentRow) -> None:
        """Asks for a folder and writes one document there, under its own name."""
        from PySide6.QtWidgets import QFileDialog

        from safetyapp.workflow.exchange import file_name

        folder = QFileDialog.getExistingDirectory(self.window, self._say("window.export.choose"))
        if folder:
            self.save_as(row, Path(folder) / file_name(row))

    # schools in

    def choose_schools(self) -> None:
        """Asks for a school list, shows what was understood, and imports it when the person agrees."""
        from PySide6.QtWidgets import QFileDialog

        name, _ = QFileDialog.getOpenFileName(
            self.window, self._say("window.schools.choose"), "", self._say("window.schools.filter")
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

        if self.begin("schools", can_stop=False):
            self._job = self._jobs.work(run, self._on_schools_read, self._on_failed, owner=self, name="schools")

    def _on_schools_read(self, plan: SchoolsPlan) -> None:
        from safetyapp.ui.schools_dialog import SchoolsDialog

        self.end()
        dialog = SchoolsDialog(self.look, self._tools.texts, plan, self.window)
        dialog.confirmed.connect(self._on_schools_confirmed)
        self.show_dialog(dialog)

    def _on_schools_confirmed(self, plan: SchoolsPlan) -> None:
        store = self._tools.store

        def done(change: CatalogueChange) -> None:
            from safetyapp.ui.schools_dialog import campuses_remark

            facts = {"added": len(change.added), "updated": len(change.updated)}
            campuses = campuses_remark(self._tools.texts, plan.read.schools)
            self._news.toast.say(self._say("window.schools.done", campuses=campuses, **facts))
            self.schools_changed.emit()

        def run() -> CatalogueChange:
            from safetyapp.workflow.catalogue import import_schools

            return import_schools(store, plan.read.schools)

        self._jobs.data(run, done, self.tell_trouble, owner=self, name="schools")

    # the one bar

    def begin(self, errand: str, can_stop: bool = True) -> bool:
        """False, and said so, while another errand is under way."""
        if self._job is not None:
            self._news.toast.say(self._say("window.busy"), icon="info-circle")
            return False
        self._errand = errand
        self._news.line.begin(self._say(f"window.{errand}.begin"), can_stop)
        return True

    def run(
        self,
        work: Callable[[Progress], Any],
        done: Callable[[Any], None],
        name: str,
        report: Progress | None = None,
    ) -> None:
        """The work of the errand that has begun, on a worker; `done` ends it, `report` moves the bar."""
        self._job = self._jobs.work(work, done, self._on_failed, report, owner=self, name=name)

    def occupy(self, job: Job) -> None:
        """The errand that has begun runs elsewhere; 停 cancels this job."""
        self._job = job

    def shut(self) -> None:
        """The window ends: what is being printed stops after its page."""
        if "prints" in self.__dict__:
            self.prints.shut()

    def end(self) -> None:
        self._job = None
        self._news.line.end()

    def _on_stopped(self) -> None:
        if self._job is not None:
            self._job.cancel()

    def _on_failed(self, error: Exception) -> None:
        self.end()
        self.documents_changed.emit()
        if isinstance(error, Cancelled):
            self._news.toast.say(self._say(f"window.{self._errand}.stopped"), icon="info-circle")
        else:
            self.tell_trouble(error)
        self._go_on([])

    def _on_dialog_finished(self) -> None:
        if self.dialog is not None:
            self.dialog.deleteLater()
        self.dialog = None
        self._go_on([])


def refused_sentence(texts: Texts, refused: Refused) -> str:
    """Why a file was not taken in, as a sentence."""
    facts = dict(refused.verdict.facts) if refused.verdict else {}
    try:
        return texts.say(f"verdict.{refused.why}", **facts)
    except KeyError:
        return error_sentence(texts, Problem(refused.why, path=str(refused.path), reason=refused.reason))


def show_outside(path: Path) -> None:
    """Opens a file or folder with the system's program."""
    from PySide6.QtCore import QUrl
    from PySide6.QtGui import QDesktopServices

    QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))
