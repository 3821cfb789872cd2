"""今日 Today: where to go, and what waits. Shows facts that a function loads on the data thread."""

from __future__ import annotations

from functools import cached_property, partial
from itertools import pairwise
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QBoxLayout,
    QFrame,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from safetyapp.ui.buttons import Button, Kind
from safetyapp.ui.dates import long_day
from safetyapp.ui.drafts_card import DraftsCard, padded
from safetyapp.ui.recent_list import RecentList
from safetyapp.ui.school_words import school_count
from safetyapp.ui.surfaces import Card, Header, SearchField
from safetyapp.ui.today_facts import TodayFacts
from safetyapp.ui.today_loading import TodayLoader
from safetyapp.ui.today_outbox import OutboxCard
from safetyapp.ui.today_where import WhereCard

if TYPE_CHECKING:
    from PySide6.QtCore import QPoint
    from PySide6.QtGui import QKeyEvent, QResizeEvent

    from safetyapp.domain.document import DocumentRow
    from safetyapp.ui.jobs import Jobs
    from safetyapp.ui.look import Look
    from safetyapp.ui.rivals_card import RivalsCard
    from safetyapp.ui.surfaces import EmptyState
    from safetyapp.ui.today_dates import VisitRow
    from safetyapp.ui.today_duties import DutyActs
    from safetyapp.ui.today_facts import Cell, SchoolRow
    from safetyapp.ui.today_more import DatedParts
    from safetyapp.ui.tools import FormTitle, Tools


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
    correction_wanted = Signal(str)
    """Correct the report with this address."""
    document_opened = Signal(str)
    documents_wanted = Signal(str)
    """All documents, searched for a text."""
    schools_wanted = Signal()
    export_wanted = Signal()
    said = Signal(str, str, object)
    """A sentence for the toast, the words of its button, what that does."""
    loaded = Signal(object)
    """The TodayFacts that are shown now."""

    def __init__(self, tools: Tools, look: Look, jobs: Jobs, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tools = tools
        self._look = look
        self._jobs = jobs
        self._say = tools.texts.say
        self.facts = TodayFacts(tools.clock.now().date())
        self._loader = TodayLoader(tools, jobs, self)
        self._loader.loaded.connect(self.show_facts)
        self.dated: DatedParts | None = None
        """The parts that come with the dates."""
        self.rivals: RivalsCard | None = None
        self._shown_rivals: tuple[tuple[DocumentRow, ...], ...] = ()
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
        for keys, act in (
            ("F2", self.focus_search),
            ("F3", self.switch_view),
            ("F4", self._postpone),
            ("F7", self._open_report),
            ("Ctrl+Z", self._undo),
            ("Ctrl+J", self.give),
        ):
            QShortcut(QKeySequence(keys), self, act, context=Qt.ShortcutContext.WidgetWithChildrenShortcut)
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
        where = self._where = WhereCard(self._look, self._tools.texts)
        self._split.addWidget(where, 1)
        where.build()
        self.matrix = where.matrix
        self.matrix.chosen.connect(self._on_cell)
        self.matrix.left_upwards.connect(self.focus_search)
        self.matrix.menu_wanted.connect(self._open_menu)
        where.schools_wanted.connect(self.schools_wanted)
        where.clear_wanted.connect(self.search.clear)
        where.elsewhere_wanted.connect(lambda: self.documents_wanted.emit(self.search.text().strip()))
        where.controls_changed.connect(self._order_tabs)

    def _build_right(self) -> None:
        px, say = self._look.metrics.px, self._say
        self._right = QWidget()
        self._split.addWidget(self._right)
        column = self._column = QVBoxLayout(self._right)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px(12))
        self._continue = DraftsCard(self._look, self._tools.texts)
        self._continue.opened.connect(self.draft_opened)
        self._continue.give_wanted.connect(self.give_wanted)
        self._continue.back_wanted.connect(self.back_wanted)
        self._continue.changed.connect(self._order_tabs)
        column.addWidget(self._continue)
        self._recent = Card(self._look, say("today.recent.title"), icon="files")
        column.addWidget(self._recent, 1)
        self._all_button = Button(self._look, say("today.recent.all"), kind=Kind.LINK)
        self._all_button.clicked.connect(lambda: self.documents_wanted.emit(""))
        self._recent.head.addWidget(self._all_button)
        self.recent_list = RecentList(self._look, self._tools.texts)
        self.recent_list.opened.connect(self.document_opened)
        self._recent.body.addWidget(self.recent_list, 1)
        self._recent_empty = padded(self._look, say("today.recent.empty"))
        self._recent.body.addWidget(self._recent_empty)
        self.recent_list.setMinimumHeight(px(44))
        self._outbox = OutboxCard(self._look, self._tools.texts)
        column.addWidget(self._outbox)
        self.export_button = self._outbox.export_button
        self.export_button.clicked.connect(self.export_wanted)

    @property
    def empty(self) -> EmptyState:
        """What stands there while no school is known."""
        return self._where.empty

    # facts

    def reload(self) -> None:
        """Reads everything again; what is shown stays until it is there."""
        self._loader.reload()

    def want_dates(self) -> None:
        """From now on everything is read at once."""
        self._loader.wants_dates = True

    def load_dates(self) -> None:
        """What has days, after the first paint: the schools stand there already."""
        self._loader.load_dates(self.facts)

    def show_facts(self, facts: TodayFacts) -> None:
        """What the screen shows from now on."""
        texts = self._tools.texts
        first = not self.facts.forms
        self.facts = facts
        schools = school_count(texts, [row.school for row in facts.rows])
        self._header.facts.setText(self._say("today.facts", day=long_day(texts, facts.today), schools=schools))
        if facts.dates is not None:
            self._dated_parts().show_facts(facts)
        self._where.show_facts(facts)
        self._show_drafts()
        self._show_recent()
        self._outbox.show_waiting(facts.waiting, facts.documents)
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
            self._where.table().setFocus()
        elif self.facts.forms and self.empty.button is not None:
            self.empty.button.setFocus()

    def panes(self) -> tuple[QWidget, ...]:
        """Where F6 goes, in reading order."""
        going: list[QWidget] = [*self._continue.buttons()[:1]]
        if self.dated is not None:
            going = [*self.dated.returned.buttons()[:1], *going, self.dated.recheck.list]
        return (self.search, self._where.table(), *going, self.recent_list, self.export_button)

    def focus_search(self) -> None:
        self.search.setFocus()
        self.search.selectAll()

    def _dated_parts(self) -> DatedParts:
        if self.dated is None:
            from safetyapp.ui.today_more import DatedParts

            dated = self.dated = DatedParts(self._look, self._tools.texts, self._where)
            self._where.take_dated(dated)
            column = self._column
            column.insertWidget(0, dated.returned)
            column.insertWidget(column.indexOf(self._recent), dated.recheck, 1)
            dated.returned.correct.connect(self.correction_wanted)
            dated.returned.changed.connect(self._order_tabs)
            dated.recheck.list.opened.connect(self.document_opened)
            dated.visits.begun.connect(self._begin)
            dated.visits.left_upwards.connect(self.focus_search)
            dated.visits.copied.connect(lambda n: self.said.emit(self._say("duty.visits.copied", n=n), "", None))
            self._order_tabs()
            self._arrange()
        return self.dated

    def switch_view(self) -> None:
        """F3: matrix, or visits."""
        if self.dated is not None:
            self.dated.switch()

    def _show_drafts(self) -> None:
        say, names = self._say, dict[str, str]()
        for draft in self.facts.drafts:
            known = self.row_of(draft.school_id)
            if known is not None and known.apart:
                names[draft.school_id] = say("today.continue.one_of", school=draft.school, apart=known.apart)
        self._continue.show_drafts(self.facts.drafts, names)

    def _order_tabs(self) -> None:
        """Tab goes as the eye does: head, table, then the cards from above. Call it when a control has come."""
        returned: list[Button] = []
        recheck: list[QWidget] = []
        if self.dated is not None:
            returned, recheck = self.dated.returned.buttons(), [self.dated.recheck.list]
        going = [
            self.search, self.start_button, *self._where.controls(),
            *(self.rivals.buttons if self.rivals is not None else ()), *returned, *self._continue.buttons(), *recheck,
            self._all_button, self.recent_list, self.export_button,
        ]  # fmt: skip
        for before, after in pairwise(going):
            QWidget.setTabOrder(before, after)

    def _show_recent(self) -> None:
        facts = self.facts
        self._recent.facts.setText(self._say("today.recent.facts", n=facts.documents) if facts.documents else "")
        self.recent_list.set_rows(facts.recent)
        self.recent_list.setVisible(bool(facts.recent))
        self._recent_empty.setVisible(not facts.recent)
        # what is to be done comes before what was done
        self._recent.setVisible(not (facts.dates is not None and facts.dates.rechecks))

    # what a person does

    def _on_filter(self, text: str) -> None:
        self._where.set_filter(text)

    def _on_cell(self, school: str, column: int) -> None:
        row = self.row_of(school)
        if row is None or column >= len(row.cells):
            return
        cell = row.cells[column]
        if cell.draft:
            self.draft_opened.emit(cell.draft)
        elif cell.returned:
            self.correction_wanted.emit(cell.returned)
        else:
            self.start_wanted.emit(school, self.facts.forms[column].id)

    @cached_property
    def acts(self) -> DutyActs:
        """What can be done to a cell beside starting."""
        from safetyapp.ui.today_duties import DutyActs

        made = DutyActs(self._tools, self._look, self._jobs, self)
        made.changed.connect(self.reload)
        made.said.connect(self.said)
        return made

    def _current_cell(self) -> tuple[SchoolRow, FormTitle, Cell] | None:
        school, column = self.matrix.current_place()
        row = self.row_of(school)
        if row is None or not 0 < column <= len(row.cells) or self._where.table() is not self.matrix:
            return None
        return row, self.facts.forms[column - 1], row.cells[column - 1]

    def _open_menu(self, school: str, column: int, at: QPoint) -> None:
        found = self._current_cell()
        if found is not None:
            start = partial(self._on_cell, school, column)
            self.acts.open_menu(found[2], at, start, self._open_report, self._postpone)

    def _postpone(self) -> None:
        """F4."""
        found = self._current_cell()
        if found is not None:
            self.acts.ask(*found)

    def _open_report(self) -> None:
        """F7."""
        found = self._current_cell()
        if found is not None and found[2].report:
            self.document_opened.emit(found[2].report)

    def _undo(self) -> None:
        self.acts.undo()

    def _begin(self, visit: VisitRow) -> None:
        """The first thing of a visit."""
        from safetyapp.domain.visits import TaskKind

        task = visit.first
        if task.kind is TaskKind.DRAFT:
            self.draft_opened.emit(task.ref)
        elif task.kind is TaskKind.RETURNED:
            self.correction_wanted.emit(task.ref)
        elif task.kind is TaskKind.RECHECK:
            self.document_opened.emit(task.ref)
        else:
            self.start_wanted.emit(task.school, task.form)

    def give(self) -> None:
        """Ctrl+J: hands over the draft on whose button or cell the keys are, else the newest that is ours."""
        focused = self.focusWidget()
        draft = focused.property("draft") if isinstance(focused, Button) else None
        if focused is self.matrix and (found := self._current_cell()) is not None:
            draft = found[2].draft
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

    def row_of(self, school: str) -> SchoolRow | None:
        return next((row for row in self.facts.rows if row.school.id == school), None)

    def _take_key(self, event: QKeyEvent) -> bool:
        """In the filter: down into the table, or on to the documents."""
        into_table = (Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if event.key() in into_table and self.matrix.rows.rowCount():
            self._where.table().setFocus()
            return True
        return event.key() in into_table[1:] and self._where.search_elsewhere()

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
        if self.dated is not None:
            self.dated.recheck.setMinimumHeight(metrics.px(36 + 44 * rows + 8 + 30))
        self._where.setMinimumHeight(metrics.px(240 if across else 300))
        self._header.facts.setVisible(breadth >= 760)
        self._where.fold(breadth >= 1180)
