"""What a person does to a cell of Today beside starting: its menu, putting off, taking that back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from safetyapp.ui.dates import full_date, month_day
from safetyapp.ui.postpone_dialog import PostponeDialog
from safetyapp.ui.today_facts import CellState

if TYPE_CHECKING:
    from safetyapp.domain.duty import Duty, Postponed
    from safetyapp.ui.jobs import Jobs
    from safetyapp.ui.look import Look
    from safetyapp.ui.today_facts import Cell, SchoolRow
    from safetyapp.ui.tools import FormTitle, Tools

Act = Callable[[], object]


class DutyActs(QObject):
    """`changed` when a day was changed; `said(sentence, words of the undo button, what undoes)`."""

    changed = Signal()
    said = Signal(str, str, object)

    def __init__(self, tools: Tools, look: Look, jobs: Jobs, screen: QWidget) -> None:
        super().__init__(screen)
        self._tools, self._look, self._jobs, self._screen = tools, look, jobs, screen
        self._say = tools.texts.say
        self._last: tuple[Duty, Postponed] | None = None
        self.menu: QMenu | None = None
        self.dialog: PostponeDialog | None = None

    def open_menu(self, cell: Cell, at: QPoint, start: Act, report: Act, postpone: Act) -> None:
        """The menu of a cell; `start` is what Enter does there."""
        if self.menu is not None:
            self.menu.deleteLater()
        menu = self.menu = QMenu(self._screen)
        first = "continue" if cell.draft else "correct" if cell.state is CellState.RETURNED else "start"
        self._add(menu, self._say(f"duty.menu.{first}"), "Enter", start)
        self._add(menu, self._say("duty.menu.report"), "F7", report, enabled=bool(cell.report))
        self._add(menu, self._say("duty.menu.postpone"), "F4", postpone, enabled=may_postpone(cell))
        put_off = cell.duty.postponed if cell.duty is not None else None
        if put_off is not None:
            self._add(menu, self._say("duty.menu.take_back"), "", lambda: self.take_back(put_off))
        menu.setActiveAction(menu.actions()[0])
        menu.popup(at)

    def _add(self, menu: QMenu, text: str, keys: str, act: Act, enabled: bool = True) -> None:
        action = QAction(f"{text}\t{keys}" if keys else text, menu)
        action.setEnabled(enabled)
        action.triggered.connect(lambda: act())
        menu.addAction(action)

    def ask(self, row: SchoolRow, form: FormTitle, cell: Cell) -> None:
        """Asks for the other day."""
        duty, texts = cell.duty, self._tools.texts
        if duty is None or not may_postpone(cell) or self.dialog is not None:
            return
        day = full_date(texts, duty.asked_on)
        what = self._say("duty.postpone.what", school=row.school.name, form=form.title, date=day)
        today = self._tools.clock.now().date()
        dialog = self.dialog = PostponeDialog(self._look, texts, what, today, self._screen)
        dialog.postponed.connect(lambda until, reason: self._postpone(duty, until, reason))
        dialog.finished.connect(self._on_finished)
        dialog.open()

    def _on_finished(self) -> None:
        if self.dialog is not None:
            self.dialog.deleteLater()
            self.dialog = None

    def _postpone(self, duty: Duty, until: date, reason: str) -> None:
        tools = self._tools

        def run() -> Postponed:
            from safetyapp.workflow.postpone import postpone

            return postpone(tools.store, tools.clock, duty, until, reason)

        def done(put_off: Postponed) -> None:
            self._last = duty, put_off
            day = month_day(tools.texts, put_off.until)
            undo = self._say("duty.postpone.undo")
            self.changed.emit()
            self.said.emit(self._say("duty.postpone.done", date=day), undo, lambda: self._undo(duty, put_off))

        self._jobs.data(run, done, owner=self, name="postpone")

    def undo(self) -> None:
        """Takes back what was put off last."""
        if self._last is not None:
            self._undo(*self._last)

    def _undo(self, duty: Duty, put_off: Postponed) -> None:
        """As it was before: the day that an earlier word had set counts again."""
        self.take_back(put_off, duty.postponed)

    def take_back(self, put_off: Postponed, former: Postponed | None = None) -> None:
        """The day that counted before counts again."""
        store = self._tools.store
        self._last = None

        def run() -> None:
            if former is not None:
                store.postpone(former)
            else:
                store.take_back(put_off)

        def done(_: None) -> None:
            self.changed.emit()
            self.said.emit(self._say("duty.postpone.undone"), "", None)

        self._jobs.data(run, done, owner=self, name="take-back")


def may_postpone(cell: Cell) -> bool:
    """Whether the cell owes something that has a day."""
    owing = (CellState.OVERDUE, CellState.TODAY, CellState.SOON, CellState.LATER)
    return cell.duty is not None and cell.state in owing
