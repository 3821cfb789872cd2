"""该查哪里 on Today: the card with the matrix or the visits, its legend, and what stands there when there is no row."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedLayout, QWidget

from safetyapp.ui.buttons import Button, Kind
from safetyapp.ui.matrix import Matrix
from safetyapp.ui.metrics import Style
from safetyapp.ui.surfaces import Card, EmptyState, Line
from safetyapp.ui.today_facts import TodayFacts
from safetyapp.ui.today_legend import Legend
from safetyapp.ui.words import Label

if TYPE_CHECKING:
    from safetyapp.texts import Texts
    from safetyapp.ui.look import Look
    from safetyapp.ui.today_more import DatedParts


class WhereCard(Card):
    """Schools and forms. What a person does in the matrix and the visits, their own signals say."""

    schools_wanted = Signal()
    clear_wanted = Signal()
    elsewhere_wanted = Signal()
    """Search the documents for what the filter says."""
    controls_changed = Signal()

    def __init__(self, look: Look, texts: Texts) -> None:
        super().__init__(look, texts.say("today.where.title"))
        self._look, self._texts, self._say = look, texts, texts.say
        self._shown: TodayFacts | None = None
        self._filter = ""
        self._is_wide = True
        self._states: list[EmptyState] = []
        """What stands in place of the table, so far."""
        self.dated: DatedParts | None = None

    def build(self) -> None:
        """Fills it, once it is in its place."""
        px, say = self._look.metrics.px, self._say
        pages = QWidget()
        self.body.addWidget(pages, 1)
        self._pages = QStackedLayout(pages)
        self._pages.setContentsMargins(0, 0, 0, 0)
        self.matrix = Matrix(self._look, self._texts)
        self._pages.addWidget(self.matrix)
        self.body.addWidget(Line(self._look))
        foot = QWidget()
        self.body.addWidget(foot)
        foot.setMinimumHeight(px(36))
        row = QHBoxLayout(foot)
        row.setContentsMargins(px(16), 0, px(16), 0)
        row.setSpacing(px(16))
        self._legend = Legend(self._look, self._texts)
        row.addWidget(self._legend)
        row.addStretch(1)
        self._elsewhere = Button(self._look, "", kind=Kind.LINK, icon="search")
        self._elsewhere.clicked.connect(self.elsewhere_wanted)
        self._elsewhere.hide()
        row.addWidget(self._elsewhere)
        self._hint = Label(self._look, say("today.where.hint"), Style.SMALL, "ink2")
        row.addWidget(self._hint)

    @cached_property
    def empty(self) -> EmptyState:
        """No school is known yet."""
        say = self._say
        made = EmptyState(self._look, "school", say("today.where.empty"), say("today.where.import"), primary=True)
        made.pressed.connect(self.schools_wanted)
        self._add_state(made)
        return made

    @cached_property
    def nothing(self) -> EmptyState:
        """No school fits the filter."""
        made = EmptyState(self._look, "search", "", self._say("today.where.clear"))
        made.pressed.connect(self.clear_wanted)
        self._add_state(made)
        return made

    def _add_state(self, state: EmptyState) -> None:
        self._pages.addWidget(state)
        self._states.append(state)
        self.controls_changed.emit()

    def take_dated(self, dated: DatedParts) -> None:
        """The switch and the visits, which come with the dates."""
        self.dated = dated
        self.head.addWidget(dated.segment)
        for page in dated.pages():
            self._pages.addWidget(page)
        dated.view_changed.connect(self._on_view)

    # what it shows

    def show_facts(self, facts: TodayFacts) -> None:
        """The rows; the current cell stays so, and the first time that days are known it is the most pressing one."""
        former, self._shown = self._shown, facts
        place, form = self.matrix.current_place(), self.matrix.current_form()
        self.facts.setText(self._head_facts(facts))
        if former is None or (facts.forms, facts.rows) != (former.forms, former.rows):
            self.matrix.rows.set_rows(facts.forms, facts.rows)
            untouched = former is None or not former.rows or place == (former.rows[0].school.id, 1)
            if facts.dates is not None and (former is None or former.dates is None) and untouched:
                self.matrix.go_to_first()
            else:
                self.matrix.keep_current(*place, form)
        self._legend.set_dated(facts.dates is not None and facts.dates.asks)
        self._say_hint()
        self.show_page()

    def _head_facts(self, facts: TodayFacts) -> str:
        say, dates = self._say, facts.dates
        if not facts.rows:
            return ""
        if dates is None or not dates.asks:
            return say("today.where.facts", drafts=len(facts.drafts), done=facts.done_this_year)
        parts = [
            say(f"duty.head.{key}", n=n)
            for key, n in (("overdue", dates.overdue), ("today", dates.today), ("week", dates.week))
            if n
        ]
        if dates.rechecks and not parts:
            return say("duty.head.only_rechecks")
        return say("window.dot").join(parts) or say("duty.head.all_done")

    def show_page(self) -> None:
        if self._shown is None or not self._shown.rows:
            self._pages.setCurrentWidget(self.empty)
        elif not self.matrix.rows.rowCount():
            self.nothing.sentence.setText(self._say("today.where.nothing_fits", text=self._filter))
            self._pages.setCurrentWidget(self.nothing)
        else:
            self._pages.setCurrentWidget(self.table())

    def table(self) -> QWidget:
        """What stands there: the matrix, or the visits."""
        if self.dated is not None and self.dated.shows_visits:
            return self.dated.visits_page()
        return self.matrix

    def controls(self) -> list[QWidget]:
        """In the order of Tab."""
        table: list[QWidget] = [self.matrix]
        if self.dated is not None:
            table = [*self.dated.segment.buttons(), self.matrix, *self.dated.pages()]
        table += [page.button for page in self._states if page.button is not None]
        return [*table, self._elsewhere]

    # what a person does

    def set_filter(self, text: str) -> None:
        """Only the schools that fit."""
        self._filter = text.strip()
        place = self.matrix.current_place()
        self.matrix.rows.set_filter(text)
        self.matrix.keep_current(*place)
        if self.dated is not None:
            self.dated.filter(text)
        self._elsewhere.setVisible(bool(self._filter))
        self._elsewhere.set_words(self._say("today.search_documents", text=self._filter[:12]))
        self.fold(self._is_wide)
        self.show_page()

    def search_elsewhere(self) -> bool:
        """Whether the documents could be offered and were taken."""
        if self._elsewhere.isVisible():
            self._elsewhere.click()
            return True
        return False

    def fold(self, wide: bool) -> None:
        """The hint stands there when there is room."""
        self._is_wide = wide
        self._hint.setVisible(wide and not self._filter)

    def _on_view(self) -> None:
        self.show_page()
        self._legend.setVisible(self.dated is None or not self.dated.shows_visits)
        self._say_hint()
        self.table().setFocus()

    def _say_hint(self) -> None:
        asks = self._shown is not None and self._shown.dates is not None and self._shown.dates.asks
        visits = self.dated is not None and self.dated.shows_visits
        if visits:
            self._hint.setText(self._say("duty.head.visits_hint"))
        elif asks:
            self._hint.setText(self._say("duty.head.hint"))
        elif self._shown is not None and self._shown.dates is not None:
            self._hint.setText(self._say("duty.head.no_plan"))
