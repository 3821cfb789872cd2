"""Drafts to a colleague and from one, by the window: asked first, done on a worker with a bar, told afterwards."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from safetyapp.ui.dates import date_time
from safetyapp.ui.handover_dialogs import BackDialog, GiveDialog, TakeDialog

if TYPE_CHECKING:
    from collections.abc import Callable

    from safetyapp.domain.progress import Progress
    from safetyapp.ui.errands import Errands
    from safetyapp.ui.jobs import Jobs
    from safetyapp.ui.news import News
    from safetyapp.ui.tools import Tools
    from safetyapp.workflow.handover import Given, Incoming
    from safetyapp.workflow.opened import Open


class HandoverErrand(QObject):
    """Works for the errands of a window: theirs are the bar, the dialog that is open, and what waits."""

    def __init__(self, tools: Tools, jobs: Jobs, errands: Errands, news: News) -> None:
        super().__init__(errands)
        self._tools, self._jobs, self._errands, self._news = tools, jobs, errands, news
        self._say = tools.texts.say
        self.folder = Path.home()
        """Where the last file went."""

    # to a colleague

    def ask(self, draft_id: str, leave: Callable[[], None] | None = None) -> None:
        """交给同事…: to whom, and where the file goes. `leave` shuts the screen that fills it, before it goes."""
        tools = self._tools

        def run() -> Open:
            from safetyapp.workflow import opened

            return opened.resume(tools.store, tools.reckon, draft_id)

        def done(draft: Open) -> None:
            if draft.inspection.given is not None:
                self.ask_back(draft_id)
                return
            dialog = GiveDialog(self._errands.look, tools.texts, draft, self.folder, self._errands.window)
            if leave is not None:
                dialog.confirmed.connect(lambda *_: leave())
            dialog.confirmed.connect(partial(self.give, draft_id))
            self._errands.show_dialog(dialog)

        if self._errands.is_busy:
            self._news.toast.say(self._say("window.busy"), icon="info-circle")
        elif self._errands.dialog is None:
            self._jobs.data(run, done, self._errands.tell_trouble, owner=self, name="hand-over")

    def give(self, draft_id: str, taker: str, folder: Path) -> None:
        """Writes the file; from then on the draft is the colleague's."""
        tools, self.folder = self._tools, folder

        def run(progress: Progress) -> Given:
            from safetyapp.workflow.handover import give

            return give(
                tools.store, tools.signer, tools.clock, draft_id, taker, folder, tools.app_version, progress
            )  # fmt: skip

        def done(given: Given) -> None:
            from safetyapp.ui.errands import show_outside

            self._errands.end()
            sentence = self._say("handover.given", to=given.hand_over.taker, path=str(given.path))
            self._news.toast.say(sentence, self._say("window.export.open"), partial(show_outside, folder))
            self._errands.drafts_changed.emit()

        if self._errands.begin("give"):
            self._errands.run(run, done, "give", partial(self._report, "give"))

    def _report(self, errand: str, step: str, done: int, total: int) -> None:
        self._news.line.report(done, total, self._say(f"handover.{errand}_progress", done=done, total=total))

    # back

    def ask_back(self, draft_id: str) -> None:
        """收回…: asked, since two may then go on with the same draft."""
        tools = self._tools

        def run() -> Open:
            from safetyapp.workflow import opened

            return opened.resume(tools.store, tools.reckon, draft_id)

        def done(draft: Open) -> None:
            given = draft.inspection.given
            if given is None or self._errands.dialog is not None:
                return
            time = date_time(tools.texts, given.at)
            dialog = BackDialog(self._errands.look, tools.texts, draft, time, self._errands.window)
            dialog.confirmed.connect(partial(self.take_back, draft_id))
            self._errands.show_dialog(dialog)

        self._jobs.data(run, done, self._errands.tell_trouble, owner=self, name="hand-over")

    def take_back(self, draft_id: str) -> None:
        """The draft is ours again."""
        store, clock = self._tools.store, self._tools.clock

        def run() -> None:
            from safetyapp.workflow.handover import take_back

            take_back(store, clock, draft_id)

        def done(_: None) -> None:
            self._news.toast.say(self._say("handover.is_back"))
            self._errands.drafts_changed.emit()

        self._jobs.data(run, done, self._errands.tell_trouble, owner=self, name="take-back")

    # from a colleague

    def read(self, path: Path) -> None:
        """Shows what a file holds."""
        tools = self._tools

        def run(progress: Progress) -> Incoming:
            from safetyapp.workflow.handover import look

            return look(tools.store, tools.reckon, path, progress)

        if self._errands.begin("taken"):
            self._errands.run(run, self._on_read, "taken", partial(self._report, "read"))

    def _on_read(self, incoming: Incoming) -> None:
        self._errands.end()
        dialog = TakeDialog(self._errands.look, self._tools.texts, incoming, self._errands.window)
        dialog.confirmed.connect(self._on_confirmed)
        self._errands.show_dialog(dialog)

    def _on_confirmed(self, incoming: Incoming) -> None:
        tools = self._tools

        def run(progress: Progress) -> Open:
            from safetyapp.workflow.handover import take

            return take(tools.store, tools.clock, tools.reckon, incoming, progress)

        def done(draft: Open) -> None:
            self._errands.end()
            self._errands.drafts_changed.emit()
            self._errands.draft_taken.emit(draft.inspection.id)

        if self._errands.begin("taken"):
            self._errands.run(run, done, "taken", partial(self._report, "take"))
