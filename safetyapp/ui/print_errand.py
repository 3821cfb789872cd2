"""Printing for the window: what is wanted is looked at, asked about, printed page by page, logged, and goes on after a
jam."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QFileDialog

from safetyapp.domain.print_job import COVER, Place, PrintJob, count_pages, sequence, sheet_start
from safetyapp.domain.problem import Cancelled, Problem
from safetyapp.ui.dates import error_sentence
from safetyapp.ui.print_dialog import as_chosen, ask_printer, make_ready
from safetyapp.ui.print_run import PrintRun, printer_name
from safetyapp.ui.print_sheets import BatchSheet, ResumeSheet
from safetyapp.ui.print_words import file_proposed, job_name, place_words
from safetyapp.workflow.exchange import kept_document
from safetyapp.workflow.printing import Prepared, log_printed, merge_documents, prepare, with_cover

if TYPE_CHECKING:
    from safetyapp.domain.document import DocumentQuery, DocumentRow
    from safetyapp.domain.progress import Progress
    from safetyapp.ui.errands import Errands
    from safetyapp.ui.jobs import Jobs
    from safetyapp.ui.news import News
    from safetyapp.ui.tools import Tools

KEY = "print"
"""Under which the trouble bar says where printing stopped."""


@dataclass(frozen=True, slots=True)
class Batch:
    """A job that has begun: its list, its printer, and how far it came; `next` is the side to go on with."""

    job: PrintJob
    cover: bytes
    printer: QPrinter
    next: int = 0
    reached: int = 0


class PrintErrand(QObject):
    """Works for the errands of a window: theirs are the bar and the dialog that is open."""

    def __init__(self, tools: Tools, jobs: Jobs, errands: Errands, news: News) -> None:
        super().__init__(errands)
        self._tools, self._jobs, self._errands, self._news = tools, jobs, errands, news
        self._say = tools.texts.say
        self.ask: Callable[[str, PrintJob], QPrinter | None] = partial(ask_printer, errands.window)
        """The system's print dialogue; where there is none, whatever hands out a printer."""
        self.run: PrintRun | None = None
        self.last: Batch | None = None
        """What was printed last: paper may have jammed after the printer had taken everything."""

    # what is wanted

    def print_rows(self, rows: Sequence[DocumentRow]) -> None:
        """Prints documents in this order; of several, asks how."""
        self._prepare(lambda: tuple(rows))

    def print_found(self, query: DocumentQuery) -> None:
        """Prints all that a list has found, not only what it has loaded."""
        store, wanted = self._tools.store, replace(query, limit=1_000_000, offset=0)
        self._prepare(lambda: store.documents(wanted))

    def _prepare(self, rows: Callable[[], tuple[DocumentRow, ...]]) -> None:
        tools = self._tools

        def work(progress: Progress) -> Prepared:
            return prepare(tools.store, tools.prints, rows(), progress)

        if self._errands.begin("print"):
            self._errands.run(work, self._on_prepared, "print")

    def _on_prepared(self, done: Prepared) -> None:
        self._errands.end()
        if not done.refused:
            self._ask_how(done)
        elif not done.documents and len(done.refused) == 1:
            refused = done.refused[0]
            self._errands.tell_trouble(Problem(refused.why, path=str(refused.path), reason=refused.reason))
        else:
            self._errands.show_refused(
                self._say("print.refused.title", n=len(done.refused)), self._say("print.refused.kept"), done.refused
            )
            assert self._errands.dialog is not None
            self._errands.dialog.finished.connect(lambda _: QTimer.singleShot(0, self, lambda: self._ask_how(done)))

    def _ask_how(self, done: Prepared) -> None:
        job = PrintJob(self._tools.new_id(), done.documents)
        if len(done.documents) == 1:
            self._ask_printer(job, False)
        elif done.documents:
            sheet = BatchSheet(self._errands.look, self._tools.texts, job, self._errands.window)
            sheet.print_wanted.connect(lambda cover: self._later(self._ask_printer, job, cover))
            sheet.file_wanted.connect(lambda cover, both: self._later(self._ask_file, job, cover, both))
            self._errands.show_dialog(sheet)

    def _later(self, then: Callable[..., None], *facts: object) -> None:
        """Once the dialog that asked is gone."""
        QTimer.singleShot(0, self, lambda: then(*facts))

    # to the printer

    def _ask_printer(self, job: PrintJob, cover: bool) -> None:
        printer = self._printer(job)
        if printer is None:
            return
        chosen, tools = as_chosen(job, printer), self._tools
        if not sequence(chosen):
            self._news.toast.say(self._say("print.no_pages"), icon="info-circle")
            return

        def work(progress: Progress) -> tuple[PrintJob, bytes]:
            if not cover:
                return chosen, b""
            me = tools.store.me()
            return with_cover(chosen, tools.prints, me.name if me else "", tools.clock.now())

        def done(made: tuple[PrintJob, bytes]) -> None:
            self._errands.end()
            self._print(Batch(made[0], made[1], printer))

        if self._errands.begin("print"):
            self._errands.run(work, done, "print")

    def _printer(self, job: PrintJob) -> QPrinter | None:
        try:
            return self.ask(self._say("print.title", what=job_name(self._tools.texts, job)), job)
        except Problem as problem:
            sentence = error_sentence(self._tools.texts, problem)
            save = (self._say("print.save_file"), lambda: self._ask_file(job, len(job.documents) > 1, False))
            self._news.trouble.show_trouble(sentence, [save], KEY)
            return None

    def _print(self, batch: Batch) -> None:
        if not self._errands.begin("print"):
            return
        self._news.trouble.clear(KEY)
        self._news.toast.hide()  # it may offer to print again what is no longer the last
        self.last = batch
        tools, job = self._tools, batch.job
        make_ready(batch.printer, job_name(tools.texts, job))

        def read(number: int) -> bytes:
            return batch.cover if number == COVER else kept_document(tools.store, job.documents[number].row)

        run = self.run = PrintRun(self._jobs, job, batch.printer, read, tools.pages, batch.next, self)
        run.progressed.connect(self._on_progress)
        run.ended.connect(lambda stop, error: self._on_ended(batch, stop, error))
        self._errands.occupy(run.job)
        run.begin()

    def _on_progress(self, done: int, total: int) -> None:
        place = self.run.place if self.run is not None else None
        if place is not None and self.last is not None:
            where = place_words(self._tools.texts, self.last.job, place)
            text = self._say("print.progress", page=min(done + 1, total), pages=total, where=where)
            self._news.line.report(done, total, text)

    def _on_ended(self, batch: Batch, stop: int, error: Exception | None) -> None:
        self._errands.end()
        run, self.run = self.run, None
        if run is not None:
            run.deleteLater()
        job, errands = batch.job, self._errands
        following = sheet_start(job, stop) if error is not None else stop
        self.last = replace(batch, next=following, reached=max(batch.reached, stop))
        self._jobs.data(
            lambda: self._log(batch, stop),
            lambda _: errands.printed.emit(job.id),
            errands.tell_trouble,
            owner=self,
            name="print-log",
        )
        if error is None:
            pages = count_pages(sequence(job)[batch.next :])
            said = self._say("print.done", n=len(job.documents), pages=pages, printer=printer_name(batch.printer))
            self._news.toast.say(said, self._say("print.again_from"), lambda: self.resume(), icon="printer")
        else:
            self._tell_stopped(error)

    def _log(self, batch: Batch, stop: int) -> None:
        """On any thread."""
        tools = self._tools
        log_printed(tools.store, tools.clock, batch.job, batch.next, stop, batch.reached, printer_name(batch.printer))

    # after a jam

    def _tell_stopped(self, error: Exception) -> None:
        last = self.last
        assert last is not None
        texts, say = self._tools.texts, self._say
        sides = sequence(last.job)
        where = place_words(texts, last.job, sides[min(last.next, len(sides) - 1)])
        done, total = count_pages(sides[: last.reached]), count_pages(sides)
        why = say("print.stopped.by_hand") if isinstance(error, Cancelled) else error_sentence(texts, error)
        sentence = say("print.stopped.at", why=why, where=where, done=done, total=total)
        actions = [(say("print.go_on"), lambda: self.resume()), (say("print.other_printer"), self.change_printer)]
        self._news.trouble.show_trouble(sentence, actions, KEY)

    def resume(self, sha256: str = "") -> None:
        """接着打: asks from which page, and prints the rest. Proposed is where it stopped, or the first page of a
        document."""
        last = self.last
        if last is None or self._errands.is_busy or self._errands.dialog is not None:
            return
        sides = sequence(last.job)
        at = last.next if last.next < len(sides) else 0
        number = next((n for n, d in enumerate(last.job.documents) if d.row.sha256 == sha256), None)
        if number is not None:
            at = next((index for index, side in enumerate(sides) if side.document == number), at)
        sheet = ResumeSheet(self._errands.look, self._tools.texts, last.job, at, self._errands.window)
        sheet.go_on_wanted.connect(lambda place: self._later(self._go_on, place))
        self._errands.show_dialog(sheet)

    def _go_on(self, place: Place) -> None:
        last = self.last
        assert last is not None
        self._print(replace(last, next=sheet_start(last.job, sequence(last.job).index(place))))

    def change_printer(self) -> None:
        """换打印机: the same job goes on at another printer, as many copies as were wanted."""
        last = self.last
        if last is None or self._errands.is_busy:
            return
        printer = self._printer(last.job)
        if printer is None:
            return
        both_sides = as_chosen(last.job, printer).both_sides
        job = replace(last.job, both_sides=both_sides)
        old, sides = sequence(last.job), sequence(job)
        at = sides.index(old[last.next]) if last.next < len(old) else 0
        reached = sides.index(old[last.reached]) if last.reached < len(old) and old[last.reached] in sides else at
        self._print(Batch(job, last.cover, printer, sheet_start(job, at), reached))

    # into one file

    def _ask_file(self, job: PrintJob, cover: bool, both_sides: bool) -> None:
        texts = self._tools.texts
        proposed = file_proposed(texts, job, self._tools.clock.now().date())
        name, _ = QFileDialog.getSaveFileName(
            self._errands.window, self._say("print.save_title"), proposed, self._say("window.import.filter")
        )
        if name:
            self.save_file(replace(job, both_sides=both_sides), cover, Path(name))

    def save_file(self, job: PrintJob, cover: bool, target: Path) -> None:
        """Writes one PDF of all documents, to be printed elsewhere."""
        tools = self._tools

        def work(progress: Progress) -> PrintJob:
            wanted, data, now, me = job, None, tools.clock.now(), tools.store.me()
            if cover:
                wanted, data = with_cover(job, tools.prints, me.name if me else "", now)
            merge_documents(tools.store, tools.prints, wanted, data, target, now, progress)
            return wanted

        def done(made: PrintJob) -> None:
            from safetyapp.ui.errands import show_outside

            self._errands.end()
            self._news.trouble.clear(KEY)
            pages = count_pages(sequence(made))
            said = self._say("print.saved", n=len(made.documents), pages=pages, path=str(target))
            self._news.toast.say(said, self._say("window.export.open"), lambda: show_outside(target.parent))

        if self._errands.begin("print"):
            self._errands.run(work, done, "print")

    def shut(self) -> None:
        """The window ends: what was painted is printed."""
        run, batch = self.run, self.last
        if run is not None and batch is not None:
            self.run = None
            run.shut(lambda stop: self._log(batch, stop))
