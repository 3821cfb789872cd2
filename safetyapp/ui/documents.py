"""文书 Documents: the list, the pages, and what verifying says. Read-only: signed things do not move."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from safetyapp.domain.chain import Chain
from safetyapp.domain.document import DocumentRow
from safetyapp.domain.print_job import PrintLogEntry
from safetyapp.domain.problem import Problem
from safetyapp.domain.put_out import PutOut
from safetyapp.domain.verdict import Verdict
from safetyapp.ui.dates import error_sentence
from safetyapp.ui.document_index import DocumentIndex
from safetyapp.ui.document_pages import DocumentPages
from safetyapp.ui.jobs import Job, Jobs
from safetyapp.ui.look import Look
from safetyapp.ui.parts import Button, Header, Line
from safetyapp.ui.tools import Tools
from safetyapp.ui.verdict_panel import NARROWEST, VerdictPanel
from safetyapp.workflow.exchange import file_name


class DocumentsScreen(QWidget):
    """The screen. Importing, exporting and saving are errands of the window, asked for by signals."""

    import_wanted = Signal()
    export_wanted = Signal(object, object)
    """The DocumentRows that are chosen, and the DocumentQuery where something is filtered, else None."""
    save_wanted = Signal(object, object)
    """A DocumentRow and the Path it shall be saved to."""
    view_outside_wanted = Signal(object)
    print_wanted = Signal(object)
    """DocumentRows, in the order of the list."""
    print_found_wanted = Signal(object)
    """A DocumentQuery: all that it finds."""
    print_again_wanted = Signal(str)
    """Of the job that was printed last, from this document on."""
    copied = Signal(str)

    def __init__(self, tools: Tools, look: Look, jobs: Jobs, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tools, self._look, self._jobs = tools, look, jobs
        self._say = tools.texts.say
        self._shown: DocumentRow | None = None
        self._verdicts: dict[str, Verdict] = {}
        self._verifying: Job | None = None
        self._in_detail = False
        self._last_print = ""
        self.index = DocumentIndex(tools, look, jobs)
        self.list, self.search = self.index.list, self.index.search
        self.middle = DocumentPages(tools, look, jobs)
        self.pages = self.middle.view
        self.panel = VerdictPanel(look, tools.texts)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addWidget(self._build_header())
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.index)
        self._edge = Line(look, standing=True)
        row.addWidget(self._edge)
        row.addWidget(self.middle, 1)
        self._edge2 = Line(look, standing=True)
        row.addWidget(self._edge2)
        row.addWidget(self.panel)
        outer.addLayout(row, 1)
        self._connect()
        here = Qt.ShortcutContext.WidgetWithChildrenShortcut
        QShortcut(QKeySequence("Ctrl+S"), self, self.choose_save, context=here)
        QShortcut(QKeySequence("Ctrl+F"), self, self.index.open_filter, context=here)
        QShortcut(QKeySequence("Ctrl+E"), self, self.choose_export, context=here)
        QShortcut(QKeySequence("Ctrl+P"), self, self.choose_print, context=here)
        QShortcut(QKeySequence("F4"), self, self._toggle_panel, context=here)
        self._arrange()

    def _build_header(self) -> QWidget:
        say, look = self._say, self._look
        self._header = Header(look, say("documents_screen.title"))
        self._header.row.addWidget(self.search, 1)
        self.import_button = Button(look, say("documents_screen.import"), icon="file-import")
        self.import_button.clicked.connect(self.import_wanted)
        self._header.row.addWidget(self.import_button)
        self.print_button = Button(look, say("print.button"), icon="printer", keys="Ctrl P")
        self.print_button.clicked.connect(self.choose_print)
        self.print_button.setEnabled(False)
        self._header.row.addWidget(self.print_button)
        self.save_button = Button(look, say("documents_screen.save_as"), icon="download", keys="Ctrl S")
        self.save_button.clicked.connect(self.choose_save)
        self.save_button.setEnabled(False)
        self._header.row.addWidget(self.save_button)
        return self._header

    def _connect(self) -> None:
        index, middle, panel = self.index, self.middle, self.panel
        index.import_wanted.connect(self.import_wanted)
        index.settled.connect(self._show_current)
        index.opened.connect(self._on_opened)
        index.key_pressed.connect(self._on_list_key)
        index.chosen.connect(self._on_chosen)
        index.print_wanted.connect(self.print_found_wanted)
        index.counted.connect(lambda n: self._header.facts.setText(self._say("documents_screen.facts", n=n)))
        middle.failed.connect(self._on_pages_failed)
        middle.back.clicked.connect(self.show_list)
        middle.panel_button.clicked.connect(self._toggle_panel)
        panel.again_wanted.connect(self.verify_again)
        panel.export_wanted.connect(self.choose_export)
        panel.chain.opened.connect(self.show_document)
        panel.copied.connect(self.copied)
        panel.prints.again_wanted.connect(self._on_print_again)
        panel.view_outside_wanted.connect(self._on_view_outside)

    # the list

    def reload(self) -> None:
        """Asks again for what the list shows; the document that is open stays open."""
        self.index.reload()

    def show_document(self, sha256: str) -> None:
        """Opens this document; takes every filter away, so that it stands in the list."""
        self._in_detail = True
        self.index.look_for(sha256)
        self._arrange()

    def search_for(self, text: str) -> None:
        self.index.search_for(text)

    def focus_first(self) -> None:
        if self.isVisible():
            self.index.first_stop().setFocus()

    def panes(self) -> tuple[QWidget, ...]:
        """Where F6 goes, in reading order."""
        return (self.search, self.list, self.pages, self.panel.again, self.panel.chain.list)

    def focus_search(self) -> None:
        self.show_list()
        self.search.setFocus()
        self.search.selectAll()

    def shut(self) -> None:
        """Before the window ends: lets the open file go."""
        self.pages.shut()

    def _on_opened(self) -> None:
        """Opens the pages; where list and pages alternate, the keys go to the pages."""
        self._in_detail = True
        self._arrange()
        if not self.index.isVisible():
            self.pages.setFocus()

    def _on_list_key(self, key: int, shift: bool) -> None:
        if key == Qt.Key.Key_Space:
            self.pages.turn(-1 if shift else 1)
        elif key == Qt.Key.Key_V:
            self.verify_again()
        elif key == Qt.Key.Key_Slash:
            self.focus_search()
        else:
            self._on_opened()
            self.pages.setFocus()

    # the document

    def current(self) -> DocumentRow | None:
        """The document that stands current in the list."""
        return self.index.current()

    def _show_current(self) -> None:
        row = self.current()
        if row is not None and self._shown is not None and row.sha256 == self._shown.sha256:
            return
        self._shown = row
        self.index.shown = row.sha256 if row is not None else ""
        self.save_button.setEnabled(row is not None)
        self.print_button.setEnabled(row is not None)
        if row is None:
            self.middle.close_file()
            self.panel.show_nothing()
            return
        self.panel.show_document(row, self._verdicts.get(row.sha256))
        self.panel.prints.show_entries(())
        self.panel.state.show_copies(())
        self.load_prints()
        self.load_put_out()
        self._load_chain(row)
        store = self._tools.store

        def read() -> bytes:
            return _read(store.document_path(row.sha256))

        def done(data: bytes) -> None:
            if self._shown is row:
                self.middle.open(data)
                if row.sha256 not in self._verdicts:
                    self._verify(row, data)

        def failed(error: Exception) -> None:
            if self._shown is row:
                self._on_pages_failed(error)

        self._jobs.data(read, done, failed, owner=self, name="read-document")

    def verify_again(self) -> None:
        """V: judges the bytes on the disk once more."""
        row, store = self._shown, self._tools.store
        if row is None:
            return
        self._verdicts.pop(row.sha256, None)
        self.panel.show_document(row, None)

        def done(data: bytes) -> None:
            self._verify(row, data)

        path = store.document_path(row.sha256)
        self._jobs.data(lambda: _read(path), done, self._on_pages_failed, owner=self, name="read")

    def _verify(self, row: DocumentRow, data: bytes) -> None:
        signer = self._tools.signer
        if self._verifying is not None:
            self._verifying.cancel()

        def done(verdict: Verdict) -> None:
            self._verdicts[row.sha256] = verdict
            if self._shown is not None and self._shown.sha256 == row.sha256:
                self.panel.show_document(self._shown, verdict)

        self._verifying = self._jobs.work(
            lambda progress: signer.verify(data), done, lambda error: None, owner=self, name="verify"
        )

    def _on_pages_failed(self, error: Exception) -> None:
        why = error_sentence(self._tools.texts, error)
        if isinstance(error, Problem) and error.code == "missing-document":
            why = self._say("documents_screen.missing", path=str(error.facts["path"]))
        self.middle.show_sentence(self._say("documents_screen.broken", why=why))

    def _on_view_outside(self) -> None:
        if self._shown is not None:
            self.view_outside_wanted.emit(self._tools.store.document_path(self._shown.sha256))

    def load_prints(self, job: str = "") -> None:
        """Asks the print log about the document that is open; `job` is the one that was printed last."""
        self._last_print = job or self._last_print
        row, store = self._shown, self._tools.store
        if row is None:
            return

        def done(entries: tuple[PrintLogEntry, ...]) -> None:
            if self._shown is row:
                self.panel.prints.show_entries(entries, self._last_print)

        self._jobs.data(lambda: store.print_log(row.sha256), done, owner=self, name="print-log")

    def load_put_out(self) -> None:
        """Asks where copies of the open document lie."""
        row, store = self._shown, self._tools.store
        if row is None:
            return

        def done(entries: tuple[PutOut, ...]) -> None:
            if self._shown is row:
                self.panel.state.show_copies(entries)

        self._jobs.data(lambda: store.put_out(row.sha256, 4), done, owner=self, name="put-out")

    def _load_chain(self, row: DocumentRow) -> None:
        store = self._tools.store

        def run() -> Chain:
            from safetyapp.workflow.relations import chain_of

            return chain_of(store, row.sha256)

        def done(chain: Chain) -> None:
            if self._shown is row:
                self.panel.chain.show_chain(chain)

        self._jobs.data(run, done, owner=self, name="chain")

    def choose_export(self) -> None:
        """Ctrl+E: puts what is chosen, what is found or what waits on a stick."""
        query = replace(self.index.query, limit=1_000_000) if self.index.is_filtered else None
        if self.index.selected_count():
            self.index.with_selected(lambda rows: self.export_wanted.emit(rows, query))
        else:
            self.export_wanted.emit((), query)

    def choose_print(self) -> None:
        """Ctrl+P: prints what is chosen in the list."""
        self.index.with_selected(self.print_wanted.emit)

    def _on_print_again(self) -> None:
        if self._shown is not None:
            self.print_again_wanted.emit(self._shown.sha256)

    def _on_chosen(self, count: int) -> None:
        many = count > 1
        self.print_button.set_words(self._say("print.button_many", n=count) if many else self._say("print.button"))

    def choose_save(self) -> None:
        """Ctrl+S: asks where, proposes a readable name."""
        row = self._shown
        if row is None:
            return
        name, _ = QFileDialog.getSaveFileName(
            self, self._say("documents_screen.save_as_title"), file_name(row), self._say("window.import.filter")
        )
        if name:
            self.save_wanted.emit(row, Path(name))

    # width

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_V and not event.modifiers():
            self.verify_again()
        elif event.key() == Qt.Key.Key_Slash and not event.modifiers():
            self.focus_search()
        else:
            super().keyPressEvent(event)

    def show_list(self) -> None:
        self._in_detail = False
        self._arrange()

    def go_back(self) -> bool:
        """Esc: one level back inside the screen, if there is one."""
        if self._in_detail and not self.index.isVisible():
            self.show_list()
            self.list.setFocus()
            return True
        return False

    def _toggle_panel(self) -> None:
        button = self.middle.panel_button
        button.setChecked(self.panel.isHidden() if not button.isHidden() else False)
        self._arrange()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        """Three columns; below 1280 the panel comes by its button, below 1000 list and detail alternate."""
        metrics = self._look.metrics
        breadth = metrics.breadth(self.width() + metrics.rail)
        wide, alternate = breadth >= 1200, breadth < 1000
        self.index.setFixedWidth(max(1, self.width()) if alternate else metrics.px(358 if breadth >= 1366 else 316))
        self.index.setVisible(not alternate or not self._in_detail)
        self.middle.setVisible(not alternate or self._in_detail)
        self._edge.setVisible(not alternate)
        self.middle.panel_button.setVisible(not wide)
        if wide:
            self.middle.panel_button.setChecked(False)
        show = wide or (self.middle.panel_button.isChecked() and self.middle.isVisibleTo(self))
        self.panel.setVisible(show)
        self._edge2.setVisible(show)
        self.panel.setFixedWidth(metrics.px(300 if breadth >= 1366 else NARROWEST))
        self.middle.fold(has_list_beside=not alternate, narrow=alternate and show, breadth=breadth)
        self._header.facts.setVisible(breadth >= 900)
        # where list and document alternate there is room for the buttons of one of them
        self.search.setVisible(not alternate or not self._in_detail)
        self.import_button.setVisible(not alternate or not self._in_detail)
        self.save_button.setVisible(not alternate or self._in_detail)
        self.save_button.set_keys("Ctrl S" if breadth >= 1000 else "")
        self.print_button.set_keys("Ctrl P" if breadth >= 1000 else "")


def _read(path: Path) -> bytes:
    """The bytes as they are, whether they are still what was signed or not. Raises Problem missing-document,
    unreadable-file."""
    try:
        return path.read_bytes()
    except FileNotFoundError as error:
        raise Problem("missing-document", path=str(path)) from error
    except OSError as error:
        raise Problem("unreadable-file", path=str(path), reason=error.strerror or type(error).__name__) from error
