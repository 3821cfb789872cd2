"""The parts of Today that come with the dates: what was sent back, what to check again, the visits and their switch."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QWidget

from safetyapp.ui.segment import Option, Segment
from safetyapp.ui.surfaces import EmptyState
from safetyapp.ui.today_recheck import RecheckCard
from safetyapp.ui.today_returned import ReturnedCard
from safetyapp.ui.today_visits import VisitList

if TYPE_CHECKING:
    from safetyapp.texts import Texts
    from safetyapp.ui.look import Look
    from safetyapp.ui.today_dates import VisitRow
    from safetyapp.ui.today_facts import TodayFacts


class DatedParts(QObject):
    """`view_changed` when a person has switched between matrix and visits."""

    view_changed = Signal()

    def __init__(self, look: Look, texts: Texts, parent: QObject) -> None:
        super().__init__(parent)
        say = texts.say
        self.returned = ReturnedCard(look, texts)
        self.recheck = RecheckCard(look, texts)
        self.visits = VisitList(look, texts)
        self._all_done = EmptyState(look, "check", say("duty.head.all_done"))
        self._all_done.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        options = (Option(False, say("duty.head.matrix")), Option(True, say("duty.head.visits")))
        self.segment = Segment(look, options, False, name=say("duty.head.view"), height=28)
        self.segment.chosen.connect(lambda value: self.view_changed.emit())
        self._say = say
        self._rows: tuple[VisitRow, ...] = ()
        self._filter = ""

    @property
    def shows_visits(self) -> bool:
        return self.segment.value() is True

    def switch(self) -> None:
        """From the one view to the other, as a press on the switch does."""
        if not self.segment.isHidden():
            self.segment.set_value(not self.shows_visits)
            self.view_changed.emit()

    def pages(self) -> tuple[QWidget, ...]:
        """What may stand in the place of the matrix."""
        return (self.visits, self._all_done)

    def visits_page(self) -> QWidget:
        """The visits, or what is said when there is none."""
        if self.visits.visits.rowCount():
            return self.visits
        none = self._say("duty.visits.none_fits", text=self._filter) if self._filter else ""
        said = none or self._say("duty.head.all_done")
        self._all_done.sentence.setText(said)
        self._all_done.setAccessibleName(said)
        return self._all_done

    def show_facts(self, facts: TodayFacts) -> None:
        dates = facts.dates
        if dates is None:
            return
        self.returned.show_rows(dates.returned)
        self.recheck.show_dates(dates)
        self.recheck.setVisible(bool(dates.rechecks))
        self._rows = dates.visits
        self.visits.set_rows(self._rows, self._filter)
        self.segment.setVisible(dates.asks or bool(dates.visits))
        if self.segment.isHidden() and self.shows_visits:
            self.segment.set_value(False)

    def filter(self, text: str) -> None:
        self._filter = text.strip()
        self.visits.set_rows(self._rows, self._filter)
