"""The work that fills the window alone: choosing what to inspect, filling a draft, checking and signing it.

Which screen is shown otherwise stands in window.py.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from safetyapp.domain.problem import Problem
from safetyapp.ui.window_frame import WindowFrame

if TYPE_CHECKING:  # Today opens with this module: what only types need is not loaded with it
    from collections.abc import Callable

    from PySide6.QtWidgets import QStackedWidget, QWidget

    from safetyapp.domain.school import Person
    from safetyapp.ui.choose import ChooseDialog
    from safetyapp.ui.errands import Errands
    from safetyapp.ui.fill import FillScreen
    from safetyapp.ui.keys_dialog import KeysDialog
    from safetyapp.ui.today import TodayScreen
    from safetyapp.ui.tools import Tools
    from safetyapp.workflow import opened
    from safetyapp.workflow.finalise import Finalised


class WorkWindow(WindowFrame):
    """A window in which an inspection is begun, filled and signed."""

    stack: QStackedWidget
    today: TodayScreen
    errands: Errands
    _tools: Tools
    _me: Person | None
    _opening = False
    _place: str
    dialog: ChooseDialog | KeysDialog | None = None

    def go(self, key: str) -> None:
        raise NotImplementedError

    def open_document(self, sha256: str) -> None:
        raise NotImplementedError

    def _arrange_shell(self) -> None:
        """The rail and the title belong to what is shown."""
        raise NotImplementedError

    # inspections

    def choose(self) -> None:
        """Ctrl+N: school, form and site."""
        facts = self.today.facts
        if self._me is None or self.work is not None or self.dialog is not None:
            return
        if not facts.rows:
            self.go("today")
            return
        from safetyapp.ui.choose import ChooseDialog

        dialog = ChooseDialog(self.look, self._tools.texts, facts, self)
        dialog.start_wanted.connect(self.start)
        dialog.draft_opened.connect(self.open_fill)
        self._open_dialog(dialog)

    def _open_dialog(self, dialog: ChooseDialog | KeysDialog) -> None:
        self.dialog = dialog
        dialog.finished.connect(self._on_dialog_finished)
        dialog.open()

    def _on_dialog_finished(self) -> None:
        if self.dialog is not None:
            self.dialog.deleteLater()
            self.dialog = None

    def start(self, school_id: str, form_id: str, site: str = "") -> None:
        """Begins a draft and opens it."""
        tools = self._tools

        def run() -> opened.Open:
            from safetyapp.domain.school import SchoolId
            from safetyapp.workflow import inspect

            school, me = tools.store.school(SchoolId(school_id)), tools.store.me()
            if school is None:
                raise Problem("unknown-school", school=school_id)
            if me is None:
                raise Problem("no-identity")
            form = tools.form(form_id)
            return inspect.start(tools.store, tools.clock, tools.reckon, tools.new_id, school, form, me, site)

        self._open_work(run)

    def correct(self, sha256: str) -> None:
        """去修改: opens the draft that corrects a report which the office has sent back, at the first remark."""
        tools = self._tools

        def run() -> opened.Open:
            from safetyapp.workflow.correct import correct

            report, me = tools.store.document(sha256), tools.store.me()
            if report is None:
                raise Problem("no-such-document", document=sha256)
            if me is None:
                raise Problem("no-identity")
            return correct(tools.store, tools.clock, tools.reckon, tools.new_id, report, me)

        self._open_work(run, to_remark=True)

    def open_fill(self, draft_id: str, item: str = "") -> None:
        """Opens a draft, at an item when one is named."""
        tools = self._tools

        def run() -> opened.Open:
            from safetyapp.workflow import opened

            draft = opened.resume(tools.store, tools.reckon, draft_id)
            given = draft.inspection.given
            if given is not None:
                raise Problem("draft-given", draft=draft_id, to=given.taker)
            return draft

        self._open_work(run, item)

    def _open_work(self, run: Any, item: str = "", to_remark: bool = False) -> None:
        if self._opening:
            return
        self._opening = True

        def done(draft: opened.Open) -> None:
            self._opening = False
            remarked = next((str(i) for i in draft.order.items if i in draft.remarks), "") if to_remark else ""
            self._show_fill(draft, item or remarked)

        def failed(error: Exception) -> None:
            self._opening = False
            if isinstance(error, Problem) and error.code == "draft-given":
                self.errands.handovers.ask_back(str(error.facts["draft"]))
            else:
                self.errands.tell_trouble(error)

        self.jobs.data(run, done, failed, owner=self, name="open-draft")

    def _show_fill(self, draft: opened.Open, item: str) -> FillScreen:
        from safetyapp.ui.fill import FillScreen

        screen = FillScreen(self._tools, self.look, self.jobs, draft, self)
        screen.back_requested.connect(self.leave_work)
        screen.sign_requested.connect(self.open_sign)
        screen.give_requested.connect(self._on_give_requested)
        screen.draft_moved.connect(self._on_draft_moved)
        self._show_soon(screen, lambda: screen.go_to(item) if item else None)
        return screen

    def _on_give_requested(self, draft: opened.Open) -> None:
        """Everything is on the disk: Fill is left once the person has said to whom."""
        self.errands.handovers.ask(draft.inspection.id, self.leave_work)

    def _on_draft_moved(self, draft: opened.Open, item: str, said: str) -> None:
        """The draft follows another version of its form now: shown anew, at the same item where it is still there."""
        self._show_fill(draft, item).toast.say(said)

    # drills

    def start_drill(self, school_id: str, kind: str, goal: str) -> None:
        """Begins the record of a drill and opens its stopwatch."""
        tools = self._tools

        def run() -> tuple[opened.Open, Any, Any]:
            from safetyapp.domain.drill import DRILL
            from safetyapp.domain.school import SchoolId
            from safetyapp.workflow import drill

            school, me = tools.store.school(SchoolId(school_id)), tools.store.me()
            if school is None:
                raise Problem("unknown-school", school=school_id)
            if me is None:
                raise Problem("no-identity")
            form = tools.form(DRILL)
            made = drill.prepare(
                tools.store, tools.clock, tools.reckon, tools.new_id, school, form, me, kind, goal
            )  # fmt: skip
            return made, (), drill.past_seconds(tools.store, tools.reckon, school.id)

        self._open_stopwatch(run)

    def open_drill(self, draft_id: str) -> None:
        """Opens the stopwatch of a drill that has begun."""
        tools = self._tools

        def run() -> tuple[opened.Open, Any, Any]:
            from safetyapp.workflow import drill, opened

            draft = opened.resume(tools.store, tools.reckon, draft_id)
            past = drill.past_seconds(tools.store, tools.reckon, draft.inspection.school.id)
            return draft, tools.store.former_answers(draft.inspection.id), past

        self._open_stopwatch(run)

    def _open_stopwatch(self, run: Any) -> None:
        if self._opening or self.work is not None:
            return
        self._opening = True

        def done(found: tuple[opened.Open, Any, Any]) -> None:
            self._opening = False
            from safetyapp.ui.drill import DrillScreen
            from safetyapp.workflow.drill import is_timed

            draft, former, past = found
            if not is_timed(draft):
                self._show_fill(draft, "")
                return
            screen = DrillScreen(self._tools, self.look, self.jobs, draft, former, self)
            screen.show_past(past)
            draft_id = draft.inspection.id
            screen.back_requested.connect(self.leave_work)
            screen.sheet_requested.connect(lambda item: self.open_fill(draft_id, item))
            screen.sign_requested.connect(self.open_sign)
            self._show_work(screen)

        def failed(error: Exception) -> None:
            self._opening = False
            self.errands.tell_trouble(error)

        self.jobs.data(run, done, failed, owner=self, name="open-drill")

    def open_sign(self, draft: opened.Open) -> None:
        """检查并签字."""
        if self._opening:
            return
        from safetyapp.ui.sign import SignScreen

        screen = SignScreen(self._tools, self.look, self.jobs, draft, self)
        draft_id = draft.inspection.id
        screen.back_requested.connect(lambda item: self.open_fill(draft_id, item))
        screen.document_finalised.connect(self._on_document_finalised)
        screen.print_requested.connect(lambda row: self.errands.prints.print_rows((row,)))
        screen.save_requested.connect(lambda row: self.errands.choose_stick(row))
        screen.leave_requested.connect(self.leave_work)
        self._show_soon(screen)

    def _show_soon(self, screen: QWidget, then: Callable[[], object] = lambda: None) -> None:
        """A large screen is made in one turn of the event loop and shown in the next, so that neither holds the window
        up for long."""
        self._opening = True

        def show(_: object) -> None:
            self._opening = False
            self._show_work(screen)
            then()

        self.jobs.data(lambda: None, show, owner=self, name="show")

    def _show_work(self, screen: QWidget) -> None:
        old, self.work = self.work, screen
        self.stack.addWidget(screen)
        self.stack.setCurrentWidget(screen)
        self._drop(old)
        self._arrange_shell()
        screen.setFocus()

    def leave_work(self) -> None:
        """Back to where the work was begun; what was filled is kept."""
        old, self.work = self.work, None
        self._drop(old)
        self.go("drills" if self._place == "drills" else "today")

    def _on_document_finalised(self, finalised: Finalised) -> None:
        old, self.work = self.work, None
        self._drop(old)
        self.today.reload()
        self.open_document(finalised.row.sha256)

    def _drop(self, screen: QWidget | None) -> None:
        if screen is not None:
            for ending in ("flush", "shut"):
                end = getattr(screen, ending, None)
                if end is not None:
                    end()
            self.stack.removeWidget(screen)
            screen.hide()
            screen.deleteLater()
