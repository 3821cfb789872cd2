"""The left of Documents: the list with search, kind and period; more of it as it is scrolled, and how many."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QListView, QSizePolicy, QStackedLayout, QVBoxLayout, QWidget

from safetyapp.domain.document import DocumentKind, DocumentQuery, DocumentRow
from safetyapp.ui.document_list import DocumentDelegate, DocumentList, DocumentsModel
from safetyapp.ui.jobs import Jobs
from safetyapp.ui.kind_filter import KindFilter
from safetyapp.ui.look import Look
from safetyapp.ui.metrics import Style
from safetyapp.ui.parts import Button, EmptyState, Kind, Label, Line, Option, SearchField, Segment
from safetyapp.ui.tools import Tools

PAGE = 200


@dataclass(frozen=True, slots=True)
class _Found:
    """One answer of the store."""

    rows: tuple[DocumentRow, ...]
    total: int
    waiting: int
    rivals: tuple[tuple[DocumentRow, ...], ...]


class DocumentIndex(QWidget):
    """Asks the store for what is searched and shows it; the search field itself stands where the screen puts it."""

    import_wanted = Signal()
    settled = Signal()
    """The current document, or that there is none, has been so for a moment."""
    opened = Signal()
    """A click on a document."""
    key_pressed = Signal(int, bool)
    """A key that the list leaves to the screen, and whether with Shift."""
    chosen = Signal(int)
    """How many documents are chosen; the current one alone is one."""
    print_wanted = Signal(object)
    """Print all that is found: the DocumentQuery."""
    counted = Signal(int)
    """How many documents there are, when nothing is filtered."""

    def __init__(self, tools: Tools, look: Look, jobs: Jobs) -> None:
        super().__init__()
        self._tools, self._look, self._jobs = tools, look, jobs
        self._say = tools.texts.say
        self._query = DocumentQuery(limit=PAGE)
        self._asked = 0
        self._wanted = ""
        self.shown = ""
        """The hash of the document that is open: it stays the current one when the list is asked for again."""
        self._build_search()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._build_filters())
        column.addWidget(Line(look))
        column.addWidget(self._build_list(), 1)
        column.addWidget(Line(look))
        column.addLayout(self._build_footer())
        self._settle_timer = QTimer(self)
        self._settle_timer.setSingleShot(True)
        self._settle_timer.setInterval(90)
        self._settle_timer.timeout.connect(self.settled)

    # building

    def _build_search(self) -> None:
        px = self._look.metrics.px
        self.search = SearchField(self._look, self._say("documents_screen.search"), "Ctrl K")
        self.search.setMinimumWidth(px(140))
        self.search.setMaximumWidth(px(260))
        self.search.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._search_timer = QTimer(self)
        self._search_timer.setSingleShot(True)
        self._search_timer.setInterval(200)
        self._search_timer.timeout.connect(self._on_search)
        self.search.textChanged.connect(lambda _: self._search_timer.start())
        self.search.returnPressed.connect(self._on_search)

    def _build_filters(self) -> QWidget:
        px, say = self._look.metrics.px, self._say
        bar = QWidget()
        lines = QVBoxLayout(bar)
        lines.setContentsMargins(px(12), px(7), px(12), px(7))
        lines.setSpacing(px(6))
        self.kinds = KindFilter(self._look, self._tools.texts)
        self.kinds.chosen.connect(self._on_kind)
        lines.addWidget(self.kinds)
        line = QHBoxLayout()
        options = [Option(name, say(f"documents_screen.{name}")) for name in ("all", "month", "year")]
        self.period = Segment(self._look, options, "all", name=say("documents_screen.period"), height=28)
        self.period.chosen.connect(self._on_period)
        line.addWidget(self.period)
        line.addStretch(1)
        lines.addLayout(line)
        return bar

    def _build_list(self) -> QWidget:
        px, say, look = self._look.metrics.px, self._say, self._look
        pages = QWidget()
        self._pages = QStackedLayout(pages)
        self.list = DocumentList()
        self.rows = DocumentsModel(self._tools.texts, self.list)
        self.rows.more_wanted.connect(self._fetch_more)
        self.list.setModel(self.rows)
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
        self.list.setSelectionMode(QListView.SelectionMode.ExtendedSelection)
        self.list.selectionModel().currentChanged.connect(self._on_current)
        self.list.selectionModel().selectionChanged.connect(lambda *_: self.chosen.emit(len(self.selected())))
        self.list.key_pressed.connect(self.key_pressed)
        self.list.clicked.connect(lambda _: self.opened.emit())
        look.theme_changed.connect(self.list.viewport().update)
        self._pages.addWidget(self.list)
        self.empty = EmptyState(look, "files", say("documents_screen.empty"), say("documents_screen.import"))
        self.empty.pressed.connect(self.import_wanted)
        self._pages.addWidget(self.empty)
        self.nothing = EmptyState(look, "search", say("documents_screen.nothing_fits"), say("documents_screen.clear"))
        self.nothing.pressed.connect(self.show_all)
        self._pages.addWidget(self.nothing)
        self._pages.addWidget(QWidget())
        self._pages.setCurrentIndex(3)
        return pages

    def _build_footer(self) -> QHBoxLayout:
        px = self._look.metrics.px
        self._footer = Label(self._look, "", Style.SMALL, "ink2")
        foot = QHBoxLayout()
        foot.setContentsMargins(px(14), px(4), px(10), px(4))
        foot.addWidget(self._footer, 1)
        self.print_button = Button(self._look, "", kind=Kind.LINK, height=28)
        self.print_button.clicked.connect(lambda: self.print_wanted.emit(self._query))
        self.print_button.hide()
        foot.addWidget(self.print_button)
        return foot

    # asking

    def current(self) -> DocumentRow | None:
        row = self.list.currentIndex().row()
        return self.rows.rows[row] if 0 <= row < len(self.rows.rows) else None

    def selected(self) -> tuple[DocumentRow, ...]:
        """The chosen documents from top to bottom; at least the current one, if there is any."""
        places = sorted(index.row() for index in self.list.selectedIndexes())
        if not places:
            current = self.current()
            return (current,) if current is not None else ()
        return tuple(self.rows.rows[place] for place in places if place < len(self.rows.rows))

    def first_stop(self) -> QWidget:
        """Where the keys go first."""
        return self.list if self.rows.rows else self.empty.button or self.search

    def reload(self) -> None:
        """Asks again for what the list shows; the document that is open stays open."""
        self._asked += 1
        asked, query, store = self._asked, self._query, self._tools.store

        def run() -> _Found:
            return _Found(store.documents(query), store.count_documents(query), store.waiting(), store.rivals())

        def done(found: _Found) -> None:
            if asked == self._asked:
                self._on_found(found)

        self._jobs.data(run, done, owner=self, name="documents")

    def look_for(self, sha256: str) -> None:
        """Makes this document the current one; takes every filter away, so that it stands in the list."""
        self._wanted = sha256
        self._clear_filters()
        self.reload()

    def search_for(self, text: str) -> None:
        self.search.setText(text)
        self._on_search()

    def show_all(self) -> None:
        """Takes every filter away."""
        self._clear_filters()
        self.reload()
        self.list.setFocus()

    def _fetch_more(self, offset: int) -> None:
        asked, store = self._asked, self._tools.store
        query = replace(self._query, offset=offset)

        def done(rows: tuple[DocumentRow, ...]) -> None:
            if asked == self._asked:
                self.rows.add_rows(rows)

        self._jobs.data(lambda: store.documents(query), done, owner=self, name="documents")

    def _on_found(self, found: _Found) -> None:
        wanted = self._wanted or self.shown
        self.rows.set_rivals(found.rivals)
        self.rows.set_rows(found.rows, found.total)
        filtered = bool(self._query.text or self._query.since or self._query.kind)
        if not filtered:
            self.counted.emit(found.total)
        self._footer.setText(self._say("documents_screen.footer", waiting=found.waiting, total=found.total))
        self._pages.setCurrentIndex(0 if found.rows else 2 if filtered else 1)
        self.print_button.set_words(self._say("print.found", n=found.total))
        self.print_button.setVisible(found.total > 1)
        place = self.rows.place_of(wanted)
        self._wanted = ""
        if found.rows:
            self.list.setCurrentIndex(self.rows.index(max(0, place)))
        else:
            self.settled.emit()

    def _on_search(self) -> None:
        self._search_timer.stop()
        text = self.search.text().strip()
        if text != self._query.text:
            self._query = replace(self._query, text=text)
            self.reload()

    def _on_kind(self, kind: DocumentKind | None) -> None:
        self._query = replace(self._query, kind=kind)
        self.reload()

    def _on_period(self, period: object) -> None:
        now = self._tools.clock.now()
        since: datetime | None = None
        if period == "month":
            since = now - timedelta(days=30)
        elif period == "year":
            since = now.replace(month=1, day=1, hour=0, minute=0, second=0, microsecond=0)
        self._query = replace(self._query, since=since)
        self.reload()

    def _clear_filters(self) -> None:
        self.search.blockSignals(True)
        self.search.clear()
        self.search.blockSignals(False)
        self.search.update()
        self.period.set_value("all")
        self.kinds.show_kind(None)
        self._query = DocumentQuery(limit=PAGE)

    def _on_current(self, *_: object) -> None:
        self.list.viewport().update()
        self._settle_timer.start()
