"""A newer version of the form that a draft follows: said calmly, shown before it is done, done only when wanted."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from safetyapp.ui.fill_leaving import Leaving
from safetyapp.ui.fill_parts import FillParts
from safetyapp.ui.fill_words import why

if TYPE_CHECKING:
    from safetyapp.domain.form import Form
    from safetyapp.domain.migration import Migration
    from safetyapp.domain.progress import Progress
    from safetyapp.ui.move_dialog import MoveDialog, VersionBar
    from safetyapp.workflow.migrate import Moved
    from safetyapp.workflow.opened import Open


class VersionDesk(QObject):
    """Works for one Fill screen. The draft is moved on the data thread, with everything of it on the disk."""

    moved = Signal(object, str, str)
    """The draft (Open) as it stands under the newer version, the item that was current, and what to say."""

    def __init__(
        self, parts: FillParts, leaving: Leaving, show: Callable[[QWidget, tuple[QWidget, ...]], None], screen: QWidget
    ) -> None:
        """`show` puts a bar under the header, with the controls in it that Tab goes to."""
        super().__init__(screen)
        self._parts, self._leaving, self._show, self._screen = parts, leaving, show, screen
        self._say = parts.texts.say
        self._newer: Form | None = None
        self.bar: VersionBar | None = None
        self.dialog: MoveDialog | None = None

    def look(self) -> None:
        """Asks for a newer version; the bar says so when there is one."""
        newer_form, form = self._parts.tools.newer_form, self._parts.keeper.shown.form
        self._parts.jobs.data(
            lambda: newer_form(form), self._on_looked, lambda error: None, owner=self, name="newer-form"
        )

    def _on_looked(self, newer: Form | None) -> None:
        if newer is None or (self._newer is not None and self._newer.sha256 == newer.sha256):
            return
        from safetyapp.ui.move_dialog import VersionBar

        self._newer = newer
        old = self._parts.keeper.shown.form.version
        key = "fill.version.bar_same" if old == newer.version else "fill.version.bar"
        sentence = self._say(key, new=newer.version, old=old)
        if self.bar is None:
            self.bar = VersionBar(self._parts.look, self._parts.texts)
            self.bar.move_wanted.connect(self.ask)
            self.bar.put_off.connect(self._on_put_off)
            self._show(self.bar, self.bar.stops())
        self.bar.say(sentence)

    def _on_put_off(self) -> None:
        self._parts.pane.focus_list()

    def ask(self) -> None:
        """Shows what moving would do."""
        self._leaving.when_kept("move", self._look_ahead)

    def _look_ahead(self) -> None:
        draft, newer = self._parts.keeper.kept, self._newer
        if newer is None or self.dialog is not None:
            return

        def run(progress: Progress) -> Migration:
            from safetyapp.workflow.migrate import preview

            return preview(draft, newer)

        def done(plan: Migration) -> None:
            self._show_plan(draft, newer, plan)

        self._parts.jobs.work(run, done, self._on_failed, owner=self, name="preview")

    def _show_plan(self, draft: Open, newer: Form, plan: Migration) -> None:
        from safetyapp.ui.move_dialog import MoveDialog

        if self._parts.keeper.shown.inspection is not draft.inspection:
            self.ask()  # something was written in the meantime
            return
        self.dialog = MoveDialog(self._parts.look, self._parts.texts, draft, newer, plan, self._screen)
        self.dialog.accepted.connect(lambda: self._move(newer))
        self.dialog.finished.connect(self._on_closed)
        self.dialog.open()

    def _on_closed(self) -> None:
        if self.dialog is not None:
            self.dialog.deleteLater()
        self.dialog = None

    def _move(self, newer: Form) -> None:
        """Once more everything goes to the disk first: from then on nothing can be written until it is moved."""
        self._leaving.when_kept("move", lambda: self._commit(newer))

    def _commit(self, newer: Form) -> None:
        parts = self._parts
        self._screen.setEnabled(False)
        self._leaving.flush()
        if parts.keeper.is_waiting():  # something was written while the disk was busy
            self._screen.setEnabled(True)
            self._move(newer)
            return
        draft, store, clock, item = parts.keeper.kept, parts.tools.store, parts.tools.clock, parts.view.current_item()

        def run() -> Moved:
            from safetyapp.workflow.migrate import move

            return move(store, clock, draft, newer)

        def done(moved: Moved) -> None:
            said = self._say("fill.version.done", new=newer.version, carried=len(moved.migration.carried))
            self.moved.emit(moved.draft, item or "", said)

        parts.jobs.data(run, done, self._on_failed, owner=self, name="move-draft")

    def _on_failed(self, error: Exception) -> None:
        self._screen.setEnabled(True)
        self._parts.trouble.show_trouble(why(self._parts.texts, error), key="version")
        self._parts.pane.focus_list()
