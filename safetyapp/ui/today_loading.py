"""Reads what Today shows, away from the window: the schools first, what has days after the first paint."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from safetyapp.ui.today_facts import load

if TYPE_CHECKING:
    from safetyapp.domain.progress import Progress
    from safetyapp.ui.jobs import Jobs
    from safetyapp.ui.today_dates import Rules
    from safetyapp.ui.today_facts import TodayFacts
    from safetyapp.ui.tools import Tools


class TodayLoader(QObject):
    """Schools, documents and forms are read on the data thread; what is due is worked out beside it, so that nobody's
    answer waits for it. What comes while something else changed is read once more before it is shown."""

    loaded = Signal(object)
    """TodayFacts, with dates once they are wanted."""

    def __init__(self, tools: Tools, jobs: Jobs, parent: QObject) -> None:
        super().__init__(parent)
        self._tools, self._jobs = tools, jobs
        self._loading = False
        self._stale = False
        self._reading = False
        self.wants_dates = False
        """Whether the first paint is over."""

    def reload(self) -> None:
        """Everything again."""
        self._start(None)

    def load_dates(self, facts: TodayFacts) -> None:
        """What has days, for facts that are shown already; only the first time, then `reload` brings it."""
        if not self.wants_dates:
            self.wants_dates = True
            self._start(facts if facts.forms else None)

    def _start(self, facts: TodayFacts | None) -> None:
        if self._loading:
            self._stale = True
            return
        self._loading, self._stale = True, False
        tools, wants_dates = self._tools, self.wants_dates

        def run() -> tuple[TodayFacts, Rules | None]:
            read = facts if facts is not None else load(tools)
            if not wants_dates:
                return read, None
            from safetyapp.ui.today_dates import read_rules

            return read, read_rules(tools, read)

        self._jobs.data(run, self._on_read, self._on_failed, owner=self, name="today")

    def _on_read(self, found: tuple[TodayFacts, Rules | None]) -> None:
        facts, rules = found
        if rules is None:
            self._show(facts)
            return
        tools = self._tools

        def run(progress: Progress) -> TodayFacts:
            from safetyapp.ui.today_dates import load_dates

            return load_dates(tools, facts, rules)

        self._jobs.work(run, self._show, self._on_failed, owner=self, name="today-dates")

    def _show(self, facts: TodayFacts) -> None:
        self._loading = False
        if self._stale or (self.wants_dates and facts.dates is None):
            self.reload()
            return
        self.loaded.emit(facts)
        if facts.dates is not None:
            self._read_papers()

    def _on_failed(self, error: Exception) -> None:
        self._loading = False
        self._jobs.trouble.emit(error)

    def _read_papers(self) -> None:
        """Looks into reviews and responses that nobody has looked into; what they say is shown then."""
        if self._reading:
            return
        self._reading = True
        tools = self._tools

        def run(progress: Progress) -> int:
            from safetyapp.workflow.papers import read_papers

            return read_papers(tools.store, tools.signer, progress)

        def done(read: int) -> None:
            self._reading = False
            if read:
                self.reload()

        def failed(error: Exception) -> None:  # they are asked again the next time
            self._reading = False

        self._jobs.work(run, done, failed, owner=self, name="papers")
