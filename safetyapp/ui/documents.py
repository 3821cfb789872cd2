"""文书 Documents: the list, the pages, and what verifying says. Read-only: signed things do not move."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from PySide6.QtCore import (
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QIntValidator, QKeyEvent, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import (
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QListView,
    QSizePolicy,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from safetyapp.domain.document import DocumentQuery, DocumentRow
from safetyapp.domain.verdict import Verdict
from safetyapp.ui.dates import error_sentence
from safetyapp.ui.document_list import DocumentDelegate, DocumentList, DocumentsModel
from safetyapp.ui.jobs import Job, Jobs
from safetyapp.ui.look import Look
from safetyapp.ui.metrics import Style
from safetyapp.ui.parts import (
    Button,
    EmptyState,
    Header,
    Kind,
    Label,
    Line,
    Option,
    SearchField,
    Segment,
)
from safetyapp.ui.preview import PagesView
from safetyapp.ui.tools import Tools
from safetyapp.ui.verdict_panel import VerdictPanel
from safetyapp.workflow.exchange import file_name

PAGE = 200
KEYS = (
    ("↑ ↓", "documents_screen.keys.move"),
    ("Space", "documents_screen.keys.page"),
    ("Ctrl S", "documents_screen.keys.save"),
    ("V", "documents_screen.keys.again"),
    ("+ − 0", "documents_screen.keys.zoom"),
)


@dataclass(frozen=True, slots=True)
class _Found:
    """One answer of the store."""

    rows: tuple[DocumentRow, ...]
    total: int
    waiting: int


class DocumentsScreen(QWidget):
    """The screen. Importing, exporting and saving are errands of the window, asked for by signals."""

    import_wanted = Signal()
    export_wanted = Signal()
    save_wanted = Signal(object, object)
    """A DocumentRow and the Path it shall be saved to."""
    view_outside_wanted = Signal(object)
    copied = Signal(str)

    keys = KEYS

    def __init__(self, tools: Tools, look: Look, jobs: Jobs, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tools, self._look, self._jobs = tools, look, jobs
        self._say = tools.texts.say
        self._query = DocumentQuery(limit=PAGE)
        self._asked = 0
        self._wanted = ""
        self._shown: DocumentRow | None = None
        self._verdicts: dict[str, Verdict] = {}
        self._verifying: Job | None = None
        self._in_detail = False
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addWidget(self._build_header())
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        self._left = self._build_list()
        row.addWidget(self._left)
        self._edge = Line(look, standing=True)
        row.addWidget(self._edge)
        self._middle = self._build_pages()
        row.addWidget(self._middle, 1)
        self._edge2 = Line(look, standing=True)
        row.addWidget(self._edge2)
        self.panel = VerdictPanel(look, tools.texts)
        self.panel.again_wanted.connect(self.verify_again)
        self.panel.export_wanted.connect(self.export_wanted)
        self.panel.copied.connect(self.copied)
        self.panel.view_outside_wanted.connect(self._on_view_outside)
        row.addWidget(self.panel)
        outer.addLayout(row, 1)
        self._show_timer = QTimer(self)
        self._show_timer.setSingleShot(True)
        self._show_timer.setInterval(90)
        self._show_timer.timeout.connect(self._show_current)
        self._search_timer = QTimer(self)
        self._search_timer.setSingleShot(True)
        self._search_timer.setInterval(200)
        self._search_timer.timeout.connect(self._on_search)
        here = Qt.ShortcutContext.WidgetWithChildrenShortcut
        QShortcut(QKeySequence("Ctrl+S"), self, self.choose_save, context=here)
        QShortcut(QKeySequence("F4"), self, self._toggle_panel, context=here)
        self._arrange()

    # building

    def _build_header(self) -> QWidget:
        px, say, look = self._look.metrics.px, self._say, self._look
        self._header = Header(look, say("documents_screen.title"))
        self.search = SearchField(look, say("documents_screen.search"), "Ctrl K")
        self.search.setMinimumWidth(px(140))
        self.search.setMaximumWidth(px(260))
        self.search.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.search.textChanged.connect(lambda _: self._search_timer.start())
        self.search.returnPressed.connect(self._on_search)
        self._header.row.addWidget(self.search, 1)
        self.import_button = Button(look, say("documents_screen.import"), icon="file-import")
        self.import_button.clicked.connect(self.import_wanted)
        self._header.row.addWidget(self.import_button)
        self.save_button = Button(look, say("documents_screen.save_as"), icon="download", keys="Ctrl S")
        self.save_button.clicked.connect(self.choose_save)
        self.save_button.setEnabled(False)
        self._header.row.addWidget(self.save_button)
        return self._header

    def _build_list(self) -> QWidget:
        px, say, look = self._look.metrics.px, self._say, self._look
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        bar = QWidget()
        line = QHBoxLayout(bar)
        line.setContentsMargins(px(12), px(7), px(12), px(7))
        self.period = Segment(
            look,
            [Option(name, say(f"documents_screen.{name}")) for name in ("all", "month", "year")],
            "all",
            name=say("documents_screen.period"),
            height=28,
        )
        self.period.chosen.connect(self._on_period)
        line.addWidget(self.period)
        line.addStretch(1)
        column.addWidget(bar)
        column.addWidget(Line(look))
        pages = QWidget()
        self._list_pages = QStackedLayout(pages)
        self.list = DocumentList()
        self._rows = DocumentsModel(self._tools.texts, self.list)
        self._rows.more_wanted.connect(self._fetch_more)
        self.list.setModel(self._rows)
        self.list.setItemDelegate(DocumentDelegate(look, self._tools.texts, self.list))
        self.list.setProperty("app", "1")
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.list.setUniformItemSizes(True)
        self.list.setMouseTracking(True)
        self.list.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setAccessibleName(say("documents_screen.list"))
        self.list.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, False)
        self.list.verticalScrollBar().setSingleStep(px(31))
        self.list.selectionModel().currentChanged.connect(self._on_current)
        self.list.key_pressed.connect(self._on_list_key)
        self.list.clicked.connect(self._on_clicked)
        look.theme_changed.connect(self.list.viewport().update)
        self._list_pages.addWidget(self.list)
        self.empty = EmptyState(look, "files", say("documents_screen.empty"), say("documents_screen.import"))
        self.empty.pressed.connect(self.import_wanted)
        self._list_pages.addWidget(self.empty)
        nothing = EmptyState(look, "search", say("documents_screen.nothing_fits"), say("documents_screen.clear"))
        nothing.pressed.connect(self._on_clear)
        self._list_pages.addWidget(nothing)
        self._list_pages.addWidget(QWidget())
        self._list_pages.setCurrentIndex(3)
        column.addWidget(pages, 1)
        column.addWidget(Line(look))
        self._footer = Label(look, "", Style.SMALL, "ink2")
        foot = QHBoxLayout()
        foot.setContentsMargins(px(14), px(8), px(14), px(8))
        foot.addWidget(self._footer)
        column.addLayout(foot)
        return left

    def _build_pages(self) -> QWidget:
        px, say, look = self._look.metrics.px, self._say, self._look
        middle = QWidget()
        column = QVBoxLayout(middle)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        bar = QWidget()
        bar.setProperty("surface", "1")
        bar.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        bar.setFixedHeight(px(38))
        row = QHBoxLayout(bar)
        row.setContentsMargins(px(12), 0, px(12), 0)
        row.setSpacing(px(6))
        self._back = Button(look, say("documents_screen.back_to_list"), icon="arrow-left", height=28)
        self._back.clicked.connect(self.show_list)
        row.addWidget(self._back)
        first = Label(look, say("documents_screen.page.first"), Style.COMPACT)
        row.addWidget(first)
        self.page_field = QLineEdit()
        self.page_field.setValidator(QIntValidator(1, 9999, self.page_field))
        self.page_field.setAccessibleName(say("documents_screen.page.number"))
        self.page_field.setFixedSize(px(44), px(28))
        self.page_field.setProperty("small", "1")
        self.page_field.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.page_field.returnPressed.connect(self._on_page_typed)
        row.addWidget(self.page_field)
        self._pages_text = Label(look, "", Style.COMPACT, elide=Qt.TextElideMode.ElideNone)
        row.addWidget(self._pages_text)
        row.addStretch(1)
        zoom_out = Button(look, say("documents_screen.page.zoom_out"), icon="zoom-out", kind=Kind.ICON, height=28)
        zoom_in = Button(look, say("documents_screen.page.zoom_in"), icon="zoom-in", kind=Kind.ICON, height=28)
        self._percent = Label(look, "", Style.COMPACT, align=Qt.AlignmentFlag.AlignHCenter)
        self._percent.setFixedWidth(px(48))
        self._fit = Button(
            look, say("documents_screen.page.fit"), icon="arrow-autofit-width", height=28, kind=Kind.LINK
        )
        for widget in (zoom_out, self._percent, zoom_in, self._fit):
            row.addWidget(widget)
        self._page_tools: tuple[QWidget, ...] = (
            first, self.page_field, self._pages_text, zoom_out, self._percent, zoom_in
        )  # fmt: skip
        self._panel_button = Button(
            look, say("documents_screen.check_panel"), icon="shield-check", height=28, keys="F4"
        )
        self._panel_button.setCheckable(True)
        self._panel_button.clicked.connect(self._toggle_panel)
        row.addWidget(self._panel_button)
        column.addWidget(bar)
        column.addWidget(Line(look))
        self._page_bar = bar
        stack = QWidget()
        self._page_stack = QStackedLayout(stack)
        self.pages = PagesView(look, self._jobs, self._tools.pages)
        self.pages.page_changed.connect(self._on_page_changed)
        self.pages.zoom_changed.connect(self._on_zoom_changed)
        self.pages.failed.connect(self._on_pages_failed)
        zoom_in.clicked.connect(self.pages.zoom_in)
        zoom_out.clicked.connect(self.pages.zoom_out)
        self._fit.clicked.connect(self.pages.fit_width)
        self._page_stack.addWidget(self.pages)
        self._no_page = EmptyState(look, "files", say("documents_screen.pick"))
        self._page_stack.addWidget(self._no_page)
        self._page_stack.setCurrentIndex(1)
        column.addWidget(stack, 1)
        return middle

    # the list

    def reload(self) -> None:
        """Asks again for what the list shows; the document that is open stays open."""
        self._load()

    def show_document(self, sha256: str) -> None:
        """Opens this document; takes every filter away, so that it stands in the list."""
        self._wanted = sha256
        self._clear_filters()
        self._in_detail = True
        self._load()
        self._arrange()

    def search_for(self, text: str) -> None:
        self.search.setText(text)
        self._on_search()

    def focus_first(self) -> None:
        if self.isVisible():
            (self.list if self._rows.rows else self.empty.button or self.search).setFocus()

    def panes(self) -> tuple[QWidget, ...]:
        """Where F6 goes, in reading order."""
        return (self.search, self.list, self.pages, self.panel.again)

    def focus_search(self) -> None:
        self.show_list()
        self.search.setFocus()
        self.search.selectAll()

    def shut(self) -> None:
        """Before the window ends: lets the open file go."""
        self.pages.shut()

    def _load(self) -> None:
        self._asked += 1
        asked, query, store = self._asked, self._query, self._tools.store

        def run() -> _Found:
            return _Found(store.documents(query), store.count_documents(query), store.waiting())

        def done(found: _Found) -> None:
            if asked == self._asked:
                self._on_found(found)

        self._jobs.data(run, done, owner=self, name="documents")

    def _fetch_more(self, offset: int) -> None:
        asked, store = self._asked, self._tools.store
        query = replace(self._query, offset=offset)

        def done(rows: tuple[DocumentRow, ...]) -> None:
            if asked == self._asked:
                self._rows.add_rows(rows)

        self._jobs.data(lambda: store.documents(query), done, owner=self, name="documents")

    def _on_found(self, found: _Found) -> None:
        wanted = self._wanted or (self._shown.sha256 if self._shown else "")
        self._rows.set_rows(found.rows, found.total)
        filtered = bool(self._query.text or self._query.since)
        if not filtered:
            self._header.facts.setText(self._say("documents_screen.facts", n=found.total))
        self._footer.setText(self._say("documents_screen.footer", waiting=found.waiting, total=found.total))
        self._list_pages.setCurrentIndex(0 if found.rows else 2 if filtered else 1)
        place = self._rows.place_of(wanted)
        self._wanted = ""
        if found.rows:
            self.list.setCurrentIndex(self._rows.index(max(0, place)))
        else:
            self._show_current()

    def _on_search(self) -> None:
        self._search_timer.stop()
        text = self.search.text().strip()
        if text != self._query.text:
            self._query = replace(self._query, text=text)
            self._load()

    def _on_period(self, period: object) -> None:
        now = self._tools.clock.now()
        since: datetime | None = None
        if period == "month":
            since = now - timedelta(days=30)
        elif period == "year":
            since = now.replace(month=1, day=1, hour=0, minute=0, second=0, microsecond=0)
        self._query = replace(self._query, since=since)
        self._load()

    def _clear_filters(self) -> None:
        self.search.blockSignals(True)
        self.search.clear()
        self.search.blockSignals(False)
        self.search.update()
        self.period.set_value("all")
        self._query = DocumentQuery(limit=PAGE)

    def _on_clear(self) -> None:
        self._clear_filters()
        self._load()
        self.list.setFocus()

    def _on_current(self, *_: object) -> None:
        self.list.viewport().update()
        self._show_timer.start()

    def _on_clicked(self, *_: object) -> None:
        """Opens the pages; where list and pages alternate, the keys go to the pages."""
        self._in_detail = True
        self._arrange()
        if not self._left.isVisible():
            self.pages.setFocus()

    def _on_list_key(self, key: int, shift: bool) -> None:
        if key == Qt.Key.Key_Space:
            self.pages.turn(-1 if shift else 1)
        elif key == Qt.Key.Key_V:
            self.verify_again()
        else:
            self._on_clicked()
            self.pages.setFocus()

    # the document

    def current(self) -> DocumentRow | None:
        row = self.list.currentIndex().row()
        return self._rows.rows[row] if 0 <= row < len(self._rows.rows) else None

    def _show_current(self) -> None:
        row = self.current()
        if row is not None and self._shown is not None and row.sha256 == self._shown.sha256:
            return
        self._shown = row
        self.save_button.setEnabled(row is not None)
        if row is None:
            self.pages.close_file()
            self._no_page.sentence.setText(self._say("documents_screen.pick"))
            self._page_stack.setCurrentIndex(1)
            self.panel.show_nothing()
            return
        self.panel.show_document(row, self._verdicts.get(row.sha256))
        store = self._tools.store

        def read() -> bytes:
            return store.document_path(row.sha256).read_bytes()

        def done(data: bytes) -> None:
            if self._shown is row:
                self._page_stack.setCurrentIndex(0)
                self.pages.open(data)
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

        self._jobs.data(
            lambda: store.document_path(row.sha256).read_bytes(), done, self._on_pages_failed, owner=self, name="read"
        )

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
        if isinstance(error, FileNotFoundError) and error.filename:
            why = self._say("documents_screen.missing", path=error.filename)
        self._no_page.sentence.setText(self._say("documents_screen.broken", why=why))
        self._page_stack.setCurrentIndex(1)

    def _on_view_outside(self) -> None:
        if self._shown is not None:
            self.view_outside_wanted.emit(self._tools.store.document_path(self._shown.sha256))

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

    # pages

    def _on_page_changed(self, page: int, count: int) -> None:
        if not self.page_field.hasFocus() or not self.page_field.isModified():
            self.page_field.setText(str(page) if count else "")
        self._pages_text.setText(self._say("documents_screen.page.of", n=count) if count else "")
        self.pages.setAccessibleName(self._say("documents_screen.page_name", page=page, pages=count))

    def _on_page_typed(self) -> None:
        self.pages.go_to(int(self.page_field.text() or 1))
        self.page_field.setModified(False)
        self.pages.setFocus()

    def _on_zoom_changed(self, percent: int, fitted: bool) -> None:
        self._percent.setText(self._say("documents_screen.page.percent", n=percent))
        self._fit.setEnabled(not fitted)

    # width

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_V and not event.modifiers():
            self.verify_again()
        else:
            super().keyPressEvent(event)

    def show_list(self) -> None:
        self._in_detail = False
        self._arrange()

    def go_back(self) -> bool:
        """Esc: one level back inside the screen, if there is one."""
        if self._in_detail and not self._left.isVisible():
            self.show_list()
            self.list.setFocus()
            return True
        return False

    def _toggle_panel(self) -> None:
        self._panel_button.setChecked(self.panel.isHidden() if not self._panel_button.isHidden() else False)
        self._arrange()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        """Three columns; below 1280 the panel comes by its button, below 1000 list and detail alternate."""
        metrics = self._look.metrics
        breadth = metrics.breadth(self.width() + metrics.rail)
        wide, alternate = breadth >= 1200, breadth < 1000
        self._left.setFixedWidth(max(1, self.width()) if alternate else metrics.px(358 if breadth >= 1366 else 316))
        self._left.setVisible(not alternate or not self._in_detail)
        self._middle.setVisible(not alternate or self._in_detail)
        self._back.setVisible(alternate)
        self._edge.setVisible(not alternate)
        self._panel_button.setVisible(not wide)
        if wide:
            self._panel_button.setChecked(False)
        show = wide or (self._panel_button.isChecked() and self._middle.isVisibleTo(self))
        self.panel.setVisible(show)
        self._edge2.setVisible(show)
        self.panel.setFixedWidth(metrics.px(300 if breadth >= 1366 else 268))
        narrow_bar = alternate and show
        self._fit.setVisible(not narrow_bar)
        for tool in self._page_tools:
            tool.setVisible(not narrow_bar or breadth >= 880)
        self._header.facts.setVisible(breadth >= 900)
        self.save_button.set_keys("Ctrl S" if breadth >= 1000 else "")
