"""今日 Today: where to go, and what waits. Shows facts that a function loads on the data thread."""

from __future__ import annotations

from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QPainter, QPen, QShortcut
from PySide6.QtWidgets import (
    QBoxLayout,
    QFrame,
    QHBoxLayout,
    QScrollArea,
    QSizePolicy,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from safetyapp.ui.buttons import Button, Kind
from safetyapp.ui.dates import long_day
from safetyapp.ui.matrix import Matrix
from safetyapp.ui.metrics import Style
from safetyapp.ui.mosaic import MosaicWidget
from safetyapp.ui.recent_list import RecentList
from safetyapp.ui.school_words import school_count
from safetyapp.ui.surfaces import Card, EmptyState, Header, Line, SearchField
from safetyapp.ui.today_facts import CellState, TodayFacts, load
from safetyapp.ui.words import IconLabel, Label

if TYPE_CHECKING:
    from PySide6.QtCore import QPoint
    from PySide6.QtGui import QKeyEvent, QPaintEvent, QResizeEvent

    from safetyapp.domain.document import DocumentRow
    from safetyapp.domain.draft import DraftRow
    from safetyapp.ui.jobs import Jobs
    from safetyapp.ui.look import Look
    from safetyapp.ui.rivals_card import RivalsCard
    from safetyapp.ui.today_facts import SchoolRow
    from safetyapp.ui.tools import Tools

SHOWN_DRAFTS = 3


class TodayScreen(QWidget):
    """The screen. It asks for things by signals; the window does them."""

    inspection_wanted = Signal()
    """开始检查: choose school and form."""
    start_wanted = Signal(str, str)
    """Start this form (second) at this school (first)."""
    draft_opened = Signal(str)
    give_wanted = Signal(str)
    """Hand this draft to a colleague."""
    back_wanted = Signal(str)
    """Take this draft back from the colleague."""
    document_opened = Signal(str)
    documents_wanted = Signal(str)
    """All documents, searched for a text."""
    schools_wanted = Signal()
    export_wanted = Signal()
    loaded = Signal(object)
    """The TodayFacts that are shown now."""

    def __init__(self, tools: Tools, look: Look, jobs: Jobs, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tools = tools
        self._look = look
        self._jobs = jobs
        self._say = self.say = tools.texts.say
        self.look = look
        self.facts = TodayFacts(tools.clock.now().date())
        self._all_drafts = False
        self.rivals: RivalsCard | None = None
        self._shown_rivals: tuple[tuple[DocumentRow, ...], ...] = ()
        self._states: list[EmptyState] = []
        """What stands in place of the table, so far."""
        self._loading = False
        self._stale = False
        px = look.metrics.px
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addWidget(self._build_header())
        # each part is put in its place before it is filled: a full one is dressed and laid out anew with every move
        self._scroll = QScrollArea()
        outer.addWidget(self._scroll, 1)
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._inside = QWidget()
        self._scroll.setWidget(self._inside)
        self._split = QBoxLayout(QBoxLayout.Direction.LeftToRight, self._inside)
        self._split.setContentsMargins(px(16), px(12), px(16), px(12))
        self._split.setSpacing(px(12))
        self._build_where()
        self._build_right()
        here = Qt.ShortcutContext.WidgetWithChildrenShortcut
        QShortcut(QKeySequence("F2"), self, self.focus_search, context=here)
        QShortcut(QKeySequence("Ctrl+T"), self, self.give, context=here)
        self._arrange()

    # building

    def _build_header(self) -> QWidget:
        px = self._look.metrics.px
        self._header = Header(self._look, self._say("today.title"))
        self.search = SearchField(self._look, self._say("today.search"), "Ctrl K")
        self.search.setMinimumWidth(px(150))
        self.search.setMaximumWidth(px(250))
        self.search.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.search.textChanged.connect(self._on_filter)
        self.search.take_key = self._take_key
        self._header.row.addWidget(self.search, 1)
        self.start_button = Button(self._look, self._say("today.start"), icon="plus", keys="Ctrl N", kind=Kind.PRIMARY)
        self.start_button.clicked.connect(self.inspection_wanted)
        self._header.row.addWidget(self.start_button)
        return self._header

    def _build_where(self) -> None:
        px, say = self._look.metrics.px, self._say
        self._where = Card(self._look, say("today.where.title"))
        self._split.addWidget(self._where, 1)
        pages = QWidget()
        self._where.body.addWidget(pages, 1)
        self._pages = QStackedLayout(pages)
        self._pages.setContentsMargins(0, 0, 0, 0)
        self.matrix = Matrix(self._look, self._tools.texts)
        self.matrix.chosen.connect(self._on_cell)
        self.matrix.left_upwards.connect(self.focus_search)
        self._pages.addWidget(self.matrix)
        self._where.body.addWidget(Line(self._look))
        foot = QWidget()
        self._where.body.addWidget(foot)
        foot.setMinimumHeight(px(36))
        row = QHBoxLayout(foot)
        row.setContentsMargins(px(16), 0, px(16), 0)
        row.setSpacing(px(16))
        for state, key in ((CellState.FILLING, "filling"), (CellState.DONE, "done"), (CellState.OPEN, "open")):
            row.addWidget(_Swatch(self._look, state))
            row.addSpacing(-px(10))
            row.addWidget(Label(self._look, say(f"today.where.legend_{key}"), Style.SMALL, "ink2"))
        row.addStretch(1)
        self._elsewhere = Button(self._look, "", kind=Kind.LINK, icon="search")
        self._elsewhere.clicked.connect(lambda: self.documents_wanted.emit(self.search.text().strip()))
        self._elsewhere.hide()
        row.addWidget(self._elsewhere)
        self._hint = Label(self._look, say("today.where.hint"), Style.SMALL, "ink2")
        row.addWidget(self._hint)

    def _build_right(self) -> None:
        px, say = self._look.metrics.px, self._say
        self._right = QWidget()
        self._split.addWidget(self._right)
        column = self._column = QVBoxLayout(self._right)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px(12))
        self._continue = Card(self._look, say("today.continue.title"), icon="pencil")
        column.addWidget(self._continue)
        self._drafts = QVBoxLayout()
        self._drafts.setContentsMargins(0, 0, 0, 0)
        self._drafts.setSpacing(0)
        self._continue.body.addLayout(self._drafts)
        self._continue.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self._recent = Card(self._look, say("today.recent.title"), icon="files")
        column.addWidget(self._recent, 1)
        self._all_button = Button(self._look, say("today.recent.all"), kind=Kind.LINK)
        self._all_button.clicked.connect(lambda: self.documents_wanted.emit(""))
        self._recent.head.addWidget(self._all_button)
        self.recent_list = RecentList(self._look, self._tools.texts)
        self.recent_list.opened.connect(self.document_opened)
        self._recent.body.addWidget(self.recent_list, 1)
        self._recent_empty = self._padded(say("today.recent.empty"))
        self._recent.body.addWidget(self._recent_empty)
        self.recent_list.setMinimumHeight(px(44))
        self._outbox = Card(self._look)
        column.addWidget(self._outbox)
        self._fill_outbox(self._outbox)

    def _fill_outbox(self, card: Card) -> None:
        px, say = self._look.metrics.px, self._say
        row = QHBoxLayout()
        card.body.addLayout(row)
        row.setContentsMargins(px(16), px(10), px(12), px(10))
        row.setSpacing(px(10))
        self._outbox_icon = IconLabel(self._look, "cloud-off", 20)
        row.addWidget(self._outbox_icon)
        words = QVBoxLayout()
        words.setSpacing(0)
        self._outbox_title = Label(self._look, say("today.outbox.empty"), Style.STRONG)
        self._outbox_hint = Label(self._look, say("today.outbox.hint"), Style.SMALL, "ink2")
        words.addStretch(1)
        words.addWidget(self._outbox_title)
        words.addWidget(self._outbox_hint)
        words.addStretch(1)
        row.addLayout(words, 1)
        self.export_button = Button(self._look, say("window.export.button"), icon="usb")
        self.export_button.clicked.connect(self.export_wanted)
        row.addWidget(self.export_button)
        card.setAccessibleName(say("today.outbox.title", n=0))

    @cached_property
    def empty(self) -> EmptyState:
        """No school is known yet."""
        say = self._say
        made = EmptyState(self._look, "school", say("today.where.empty"), say("today.where.import"), primary=True)
        made.pressed.connect(self.schools_wanted)
        self._add_state(made)
        return made

    @cached_property
    def _nothing(self) -> EmptyState:
        """No school fits the filter."""
        made = EmptyState(self._look, "search", "", self._say("today.where.clear"))
        made.pressed.connect(self.search.clear)
        self._add_state(made)
        return made

    def _add_state(self, state: EmptyState) -> None:
        self._pages.addWidget(state)
        self._states.append(state)
        self._order_tabs()

    # facts

    def reload(self) -> None:
        """Reads everything again; what is shown stays until it is there."""
        tools = self._tools
        if self._loading:
            self._stale = True
        else:
            self._loading, self._stale = True, False
            self._jobs.data(lambda: load(tools), self._on_loaded, self._on_load_failed, owner=self, name="today")

    def _on_load_failed(self, error: Exception) -> None:
        self._loading = False
        self._jobs.trouble.emit(error)

    def _on_loaded(self, facts: TodayFacts) -> None:
        self._loading = False
        if self._stale:
            self.reload()
        else:
            self.show_facts(facts)

    def show_facts(self, facts: TodayFacts) -> None:
        """What the screen shows from now on."""
        texts = self._tools.texts
        place = self.matrix.current_place()
        first = not self.facts.forms
        forms_or_rows_changed = (facts.forms, facts.rows) != (self.facts.forms, self.facts.rows)
        self.facts = facts
        schools = school_count(texts, [row.school for row in facts.rows])
        self._header.facts.setText(self._say("today.facts", day=long_day(texts, facts.today), schools=schools))
        self._where.facts.setText(
            self._say("today.where.facts", drafts=len(facts.drafts), done=facts.done_this_year) if facts.rows else ""
        )
        if forms_or_rows_changed:
            self.matrix.rows.set_rows(facts.forms, facts.rows)
            self.matrix.keep_current(*place)
        self._show_page()
        self._show_drafts()
        self._show_recent()
        self._show_outbox()
        is_filling = any(not draft.given_to for draft in facts.drafts)
        primary = Kind.NORMAL if is_filling or not facts.rows else Kind.PRIMARY
        self.start_button.set_kind(primary)
        self.start_button.setEnabled(bool(facts.rows))
        self.loaded.emit(facts)
        focused = self.focusWidget()
        if first or focused is None or not focused.isVisible():
            self.focus_first()

    def focus_first(self) -> None:
        """Where the keys should go when the screen comes up."""
        if not self.isVisible():
            return
        if self.facts.rows:
            self.matrix.setFocus()
        elif self.facts.forms and self.empty.button is not None:
            self.empty.button.setFocus()

    def panes(self) -> tuple[QWidget, ...]:
        """Where F6 goes, in reading order."""
        buttons = [b for b in self._continue.findChildren(Button) if b.isVisible()]
        return (self.search, self.matrix, *buttons[:1], self.recent_list, self.export_button)

    def focus_search(self) -> None:
        self.search.setFocus()
        self.search.selectAll()

    def _show_page(self) -> None:
        if not self.facts.rows:
            self._pages.setCurrentWidget(self.empty)
        elif not self.matrix.rows.rowCount():
            text = self.search.text().strip()
            self._nothing.sentence.setText(self._say("today.where.nothing_fits", text=text))
            self._pages.setCurrentWidget(self._nothing)
        else:
            self._pages.setCurrentWidget(self.matrix)

    def _show_drafts(self) -> None:
        _empty(self._drafts)
        drafts = self.facts.drafts
        self._continue.facts.setText(self._say("today.continue.facts", n=len(drafts)) if drafts else "")
        drafts = (*(d for d in drafts if not d.given_to), *(d for d in drafts if d.given_to))
        shown = drafts if self._all_drafts else drafts[:SHOWN_DRAFTS]
        for number, draft in enumerate(shown):
            if number:
                self._drafts.addWidget(Line(self._look))
            self._drafts.addWidget(self._draft_row(draft, newest=number == 0))
        if not drafts:
            self._drafts.addWidget(self._padded(self._say("today.continue.empty")))
        hidden = len(drafts) - len(shown)
        if hidden:
            more = Button(self._look, self._say("today.continue.more", n=hidden), kind=Kind.LINK)
            more.clicked.connect(self._on_more_drafts)
            self._drafts.addWidget(more, 0, Qt.AlignmentFlag.AlignHCenter)
        self._order_tabs()

    def _order_tabs(self) -> None:
        """Tab goes as the eye does: head, table, then the cards from above. Call it when a control has come."""
        table: list[QWidget] = [self.matrix]
        table += [page.button for page in self._states if page.button is not None]
        going = [
            self.search, self.start_button, *table, self._elsewhere,
            *(self.rivals.buttons if self.rivals is not None else ()), *_buttons(self._drafts), self._all_button,
            self.recent_list, self.export_button,
        ]  # fmt: skip
        for before, after in pairwise(going):
            QWidget.setTabOrder(before, after)

    def _padded(self, text: str) -> QWidget:
        px = self._look.metrics.px
        box = QWidget()
        column = QVBoxLayout(box)
        column.setContentsMargins(px(16), px(12), px(16), px(12))
        column.addWidget(Label(self._look, text, Style.COMPACT, "ink2", wrap=True))
        return box

    def _draft_row(self, draft: DraftRow, newest: bool) -> QWidget:
        px, say = self._look.metrics.px, self._say
        box = QWidget()
        row = QHBoxLayout(box)
        row.setContentsMargins(px(16), px(8), px(12), px(8))
        row.setSpacing(px(10))
        words = QVBoxLayout()
        words.setSpacing(px(5))
        line = QHBoxLayout()
        line.setSpacing(px(5))
        known = self.row_of(draft.school_id)
        school = draft.school
        if known is not None and known.apart:
            school = say("today.continue.one_of", school=draft.school, apart=known.apart)
        where = Label(self._look, school, Style.COMPACT_STRONG, elide=Qt.TextElideMode.ElideMiddle)
        where.setToolTip(school)
        line.addWidget(where)
        title = say("window.dot").lstrip() + draft.title
        line.addWidget(Label(self._look, title, Style.COMPACT_STRONG, elide=Qt.TextElideMode.ElideNone))
        line.addStretch(1)
        count = say("window.of", done=draft.answered, total=len(draft.marks))
        line.addWidget(Label(self._look, count, Style.SMALL, "ink2", elide=Qt.TextElideMode.ElideNone))
        words.addLayout(line)
        words.addWidget(MosaicWidget(self._look, draft.marks))
        if draft.given_to:
            from safetyapp.ui.today_drafts import add_given

            row.addLayout(words, 1)
            row.addWidget(add_given(self, words, draft), 0, Qt.AlignmentFlag.AlignVCenter)
            return box
        words.addStretch(1)
        row.addLayout(words, 1)
        go = Button(self._look, say("today.continue.go"), kind=Kind.PRIMARY if newest else Kind.NORMAL)
        facts = {"school": school, "title": draft.title, "answered": draft.answered, "total": len(draft.marks)}
        go.setAccessibleName(say("today.continue.name", **facts))
        go.clicked.connect(lambda: self.draft_opened.emit(draft.id))
        go.setProperty("draft", draft.id)
        for part in (go, box):
            part.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
            part.customContextMenuRequested.connect(lambda at, part=part: self._offer(draft.id, part, at))
        row.addWidget(go, 0, Qt.AlignmentFlag.AlignVCenter)
        return box

    def _offer(self, draft: str, at: QWidget, place: QPoint) -> None:
        """What else can be done with a draft: the right button, or the menu key on 继续."""
        from safetyapp.ui.today_drafts import offer_menu

        offer_menu(self, draft, at, place)

    def give(self) -> None:
        """Ctrl+T: hands over the draft on whose button or cell the keys are, else the newest that is ours."""
        focused = self.focusWidget()
        draft = focused.property("draft") if isinstance(focused, Button) else None
        if focused is self.matrix:
            school, column = self.matrix.current_place()
            row = self.row_of(school)
            draft = row.cells[column - 1].draft if row is not None and 0 < column <= len(row.cells) else ""
        if not draft:
            draft = next((row.id for row in self.facts.drafts if not row.given_to), "")
        if draft:
            self.give_wanted.emit(draft)

    def show_rivals(self, rivals: tuple[tuple[DocumentRow, ...], ...]) -> None:
        """Says that one inspection has two reports, as long as it has."""
        if rivals == self._shown_rivals:
            return
        self._shown_rivals = rivals
        if self.rivals is not None:
            self.rivals.hide()
            self.rivals.deleteLater()
            self.rivals = None
        if rivals:
            from safetyapp.ui.rivals_card import RivalsCard

            self.rivals = RivalsCard(self._look, self._tools.texts, rivals)
            self.rivals.opened.connect(self.document_opened)
            self._column.insertWidget(0, self.rivals)
        self._order_tabs()

    def _on_more_drafts(self) -> None:
        self._all_drafts = True
        self._show_drafts()

    def _show_recent(self) -> None:
        facts = self.facts
        self._recent.facts.setText(self._say("today.recent.facts", n=facts.documents) if facts.documents else "")
        self.recent_list.set_rows(facts.recent)
        self.recent_list.setVisible(bool(facts.recent))
        self._recent_empty.setVisible(not facts.recent)

    def _show_outbox(self) -> None:
        facts, say = self.facts, self._say
        title = say("today.outbox.title", n=facts.waiting) if facts.waiting else say("today.outbox.empty")
        self._outbox_title.setText(title)
        self._outbox.setAccessibleName(title)
        self._outbox_hint.setVisible(facts.waiting > 0)
        self._outbox_icon.set_icon("cloud-off" if facts.waiting else "check")
        self.export_button.setEnabled(facts.documents > 0)

    # what a person does

    def _on_filter(self, text: str) -> None:
        place = self.matrix.current_place()
        self.matrix.rows.set_filter(text)
        self.matrix.keep_current(*place)
        self._elsewhere.setVisible(bool(text.strip()))
        self._hint.setVisible(not text.strip())
        self._elsewhere.set_words(self._say("today.search_documents", text=text.strip()[:12]))
        self._show_page()

    def _on_cell(self, school: str, column: int) -> None:
        row = self.row_of(school)
        if row is None or column >= len(row.cells):
            return
        cell = row.cells[column]
        if cell.draft:
            self.draft_opened.emit(cell.draft)
        else:
            self.start_wanted.emit(school, self.facts.forms[column].id)

    def row_of(self, school: str) -> SchoolRow | None:
        return next((row for row in self.facts.rows if row.school.id == school), None)

    def _take_key(self, event: QKeyEvent) -> bool:
        """In the filter: down into the table, or on to the documents."""
        into_table = (Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if event.key() in into_table and self.matrix.rows.rowCount():
            self.matrix.setFocus()
            return True
        if event.key() in into_table[1:] and self._elsewhere.isVisible():
            self._elsewhere.click()
            return True
        return False

    # width

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        """Two columns, or one below the breakpoint; the rail's width belongs to the client width of the design."""
        metrics = self._look.metrics
        breadth = metrics.breadth(self.width() + metrics.rail)
        across = breadth >= 1024
        wanted = QBoxLayout.Direction.LeftToRight if across else QBoxLayout.Direction.TopToBottom
        if self._split.direction() is not wanted:
            self._split.setDirection(wanted)
        if across:
            self._right.setFixedWidth(metrics.px(424 if breadth >= 1366 else 372 if breadth >= 1280 else 320))
        else:
            self._right.setMinimumWidth(0)
            self._right.setMaximumWidth(16_777_215)
        rows = 1 if across else 3
        self._recent.setMinimumHeight(metrics.px(36 + 44 * rows + 8))
        self._where.setMinimumHeight(metrics.px(240 if across else 300))
        self._header.facts.setVisible(breadth >= 760)
        self._hint.setVisible(breadth >= 1180 and not self.search.text().strip())


class _Swatch(QWidget):
    """The little square of the legend."""

    def __init__(self, look: Look, state: CellState) -> None:
        super().__init__()
        self._look, self._state = look, state
        self.setFixedSize(look.metrics.px(12), look.metrics.px(12))
        look.theme_changed.connect(self.update)

    def paintEvent(self, event: QPaintEvent) -> None:
        look = self._look
        painter = QPainter(self)
        box = self.rect().adjusted(0, 0, -1, -1)
        edge = {CellState.FILLING: "brand", CellState.DONE: "brand_tint", CellState.OPEN: "line_strong"}[self._state]
        painter.setPen(QPen(look.colour(edge), 1))
        painter.setBrush(look.colour("brand_tint" if self._state is CellState.DONE else "bg_surface"))
        painter.drawRect(box)
        painter.end()


def _buttons(layout: QVBoxLayout) -> list[Button]:
    """The buttons in a layout and in its rows, from above."""
    found: list[Button] = []
    for n in range(layout.count()):
        item = layout.itemAt(n)
        widget = item.widget() if item is not None else None
        if isinstance(widget, Button):
            found.append(widget)
        elif widget is not None:
            found += widget.findChildren(Button)
    return found


def _empty(layout: QVBoxLayout) -> None:
    """Takes every widget out of a layout."""
    while (item := layout.takeAt(0)) is not None:
        widget = item.widget()
        if widget is not None:
            widget.hide()
            widget.deleteLater()
