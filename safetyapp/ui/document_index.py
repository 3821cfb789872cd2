"""The left of Documents: the list with search, kind and period; more of it as it is scrolled, and how many."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QListView, QSizePolicy, QStackedLayout, QVBoxLayout, QWidget

from safetyapp.domain.document import DocumentKind, DocumentQuery, DocumentRow, DocumentState
from safetyapp.ui.document_filter import Choices, FilterChips, FilterDialog
from safetyapp.ui.document_list import PAGE, DocumentDelegate, DocumentList, DocumentsModel
from safetyapp.ui.jobs import Jobs
from safetyapp.ui.kind_filter import KindFilter
from safetyapp.ui.look import Look
from safetyapp.ui.metrics import Style
from safetyapp.ui.parts import Button, EmptyState, Kind, Label, Line, Option, SearchField, Segment
from safetyapp.ui.tools import Tools

LISTED, EMPTY, NOTHING, UNREAD = range(4)
"""What stands in the place of the list."""


@dataclass(frozen=True, slots=True)
class _Found:
    """One answer of the store."""

    rows: tuple[DocumentRow, ...]
    offset: int
    total: int
    waiting: int
    returned: int
    place: int
    """Of the wanted document; 0 where it is not among what is found."""
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
        self._school = ""
        """The name of the school that is filtered by."""
        self.filter_dialog: FilterDialog | None = None
        self.shown = ""
        """The hash of the document that is open: it stays the current one when the list is asked for again."""
        self._look_timer = QTimer(self)
        self._look_timer.setSingleShot(True)
        self._look_timer.setInterval(15)
        self._look_timer.timeout.connect(self._fetch_visible)
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
        self._settle_timer.timeout.connect(self._on_settled)

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
        self.filter_button = Button(self._look, say("documents_more.filter.button"), icon="filter", height=28)
        self.filter_button.clicked.connect(self.open_filter)
        line.addWidget(self.filter_button)
        lines.addLayout(line)
        self.chips = FilterChips(self._look, self._tools.texts)
        self.chips.changed.connect(lambda query: self._on_filtered(query, self._school))
        lines.addWidget(self.chips)
        return bar

    def _build_list(self) -> QWidget:
        px, say, look = self._look.metrics.px, self._say, self._look
        pages = QWidget()
        self._pages = QStackedLayout(pages)
        self.list = DocumentList()
        self.rows = DocumentsModel(self._tools.texts, self.list)
        self.list.setModel(self.rows.of_view)
        self.list.setItemDelegate(DocumentDelegate(look, self._tools.texts, self.rows, self.list))
        self.list.setProperty("app", "1")
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.list.setUniformItemSizes(True)
        self.list.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self.list.setMouseTracking(True)
        self.list.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setAccessibleName(say("documents_screen.list"))
        self.list.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, False)
        self.list.verticalScrollBar().setSingleStep(px(31))
        self.list.setSelectionMode(QListView.SelectionMode.ExtendedSelection)
        self.list.selectionModel().currentChanged.connect(self._on_current)
        self.list.selectionModel().selectionChanged.connect(lambda *_: self.chosen.emit(self.selected_count()))
        self.list.rows_painted.connect(self._look_timer.start)
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
        self._pages.setCurrentIndex(UNREAD)
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
        """None also while it is on its way."""
        return self.rows.row(self.list.currentIndex().row())

    @property
    def query(self) -> DocumentQuery:
        """What is looked for now."""
        return self._query

    @property
    def is_filtered(self) -> bool:
        return self._query != DocumentQuery(limit=PAGE)

    def selected_count(self) -> int:
        """How many are chosen, counted by ranges: of a hundred thousand rows none is looked at."""
        chosen = sum(height for _, height in self._chosen())
        return chosen or int(self.current() is not None)

    def _chosen(self) -> list[tuple[int, int]]:
        """First row and height of each range that is chosen."""
        ranges = self.list.selectionModel().selection()
        return [(ranges.at(n).top(), ranges.at(n).height()) for n in range(ranges.count())]

    def with_selected(self, then: Callable[[tuple[DocumentRow, ...]], object]) -> None:
        """Hands on the chosen documents from top to bottom, at least the current one if there is any; at once where
        they are known, else when they have been read."""
        parts = sorted(self._chosen())
        if not parts:
            parts = [(self.list.currentIndex().row(), 1)] if self.current() is not None else []
        here = [self.rows.row(place) for top, height in parts for place in range(top, top + height)]
        known = tuple(row for row in here if row is not None)
        if len(known) == len(here):
            if known:
                then(known)
            return
        queries, store = [replace(self._query, offset=top, limit=height) for top, height in parts], self._tools.store
        self._jobs.data(
            lambda: tuple(row for query in queries for row in store.documents(query)), then, owner=self, name="chosen"
        )

    def first_stop(self) -> QWidget:
        """Where the keys go first."""
        stops = {LISTED: self.list, EMPTY: self.empty.button, NOTHING: self.nothing.button}
        return stops.get(self._pages.currentIndex()) or self.search

    def reload(self) -> None:
        """Asks again for what the list shows; the document that is open stays open."""
        self._asked += 1
        asked, query, store = self._asked, self._query, self._tools.store

        wanted = self._wanted or self.shown

        def run() -> _Found:
            place = (store.place_of(query, wanted) if wanted else None) or 0
            offset = place // PAGE * PAGE
            return _Found(
                store.documents(replace(query, offset=offset)), offset, store.count_documents(query), store.waiting(),
                store.count_documents(DocumentQuery(state=DocumentState.RETURNED)), place, store.rivals(),
            )  # fmt: skip

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

    def _fetch_visible(self) -> None:
        """Asks for the pages that can be seen, and only for these: whoever drags the bar passes many."""
        height, step = self.list.viewport().height(), max(1, self._look.metrics.document_row)
        first = max(0, self.list.verticalScrollBar().value() // step)
        last = min(self.rows.rowCount() - 1, first + height // step + 1)
        for page in self.rows.pages_lacking(first, last) if last >= 0 else ():
            self._fetch(page * PAGE)

    def _fetch(self, offset: int) -> None:
        asked, store = self._asked, self._tools.store
        query = replace(self._query, offset=offset)

        def done(rows: tuple[DocumentRow, ...]) -> None:
            if asked == self._asked:
                self.rows.put_rows(rows, offset)
                self.list.viewport().update()
                if 0 <= self.list.currentIndex().row() - offset < len(rows):
                    self._settle_timer.start()

        self._jobs.data(lambda: store.documents(query), done, owner=self, name="documents")

    def _on_found(self, found: _Found) -> None:
        self.rows.set_rivals(found.rivals)
        self.rows.set_rows(found.rows, found.total, found.offset)
        filtered = self.is_filtered
        if not filtered:
            self.counted.emit(found.total)
        self._footer.setText(self._footer_words(found))
        waited = self._pages.currentIndex() == UNREAD and self.search.hasFocus() and not self.search.text()
        self._pages.setCurrentIndex(LISTED if found.total else NOTHING if filtered else EMPTY)
        if waited:
            self.first_stop().setFocus()
        self.print_button.set_words(self._say("print.found", n=found.total))
        self.print_button.setVisible(found.total > 1)
        self._wanted = ""
        if found.rows:
            self.list.setCurrentIndex(self.rows.index(found.place))
        else:
            self.settled.emit()

    def _footer_words(self, found: _Found) -> str:
        say, dot = self._say, self._say("window.dot")
        parts = [say("documents_more.footer.waiting", n=found.waiting)]
        if found.returned:
            parts.append(say("documents_more.footer.returned", n=found.returned))
        return dot.join([*parts, say("documents_more.footer.total", n=found.total)])

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
        self._query = replace(self._query, since=since, until=None)
        self.chips.show_query(replace(self._query, since=None), self._school)  # the segment says it
        self.reload()

    def open_filter(self) -> None:
        """Ctrl+F: asks for school, days, state and signer."""
        if self.filter_dialog is not None:
            return
        store, now = self._tools.store, self._tools.clock.now()

        def run() -> Choices:
            schools = sorted(((school.id, school.name) for school in store.schools()), key=lambda one: one[1])
            return Choices(tuple(schools), store.document_authors(), now.date(), now.tzinfo)

        self._jobs.data(run, self._show_filter, owner=self, name="choices")

    def _show_filter(self, choices: Choices) -> None:
        dialog = FilterDialog(self._look, self._tools.texts, choices, self._query, self.window())
        self.filter_dialog = dialog
        dialog.confirmed.connect(self._on_filtered)
        dialog.finished.connect(self._on_filter_closed)
        dialog.open()

    def _on_filter_closed(self) -> None:
        if self.filter_dialog is not None:
            self.filter_dialog.deleteLater()
        self.filter_dialog = None

    def _on_filtered(self, query: DocumentQuery, school: str) -> None:
        self._query, self._school = query, school
        self._show_conditions()
        self.reload()
        self.list.setFocus()

    def _show_conditions(self) -> None:
        self.chips.show_query(self._query, self._school)
        self.period.set_value("all")  # a chip says since when

    def _clear_filters(self) -> None:
        self.search.blockSignals(True)
        self.search.clear()
        self.search.blockSignals(False)
        self.search.update()
        self.period.set_value("all")
        self.kinds.show_kind(None)
        self._query = DocumentQuery(limit=PAGE)
        self.chips.show_query(self._query, "")

    def _on_settled(self) -> None:
        """Where the current document is still on its way it is waited for."""
        if self.current() is not None or not self.rows.rows:
            self.settled.emit()

    def _on_current(self, *_: object) -> None:
        self.list.viewport().update()
        self._settle_timer.start()
