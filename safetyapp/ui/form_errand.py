"""Forms in by the window: a file is read on a worker, shown, and kept when the person says so."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from safetyapp.domain.form_changes import changes
from safetyapp.ui.form_dialog import FormDialog, FormPlan, RefusedFormDialog

if TYPE_CHECKING:
    from safetyapp.domain.progress import Progress
    from safetyapp.ui.errands import Errands
    from safetyapp.ui.jobs import Jobs
    from safetyapp.ui.tools import Tools


class FormErrand(QObject):
    """Works for the errands of a window: theirs are the bar, the dialog that is open, and what waits."""

    def __init__(self, tools: Tools, jobs: Jobs, errands: Errands) -> None:
        super().__init__(errands)
        self._tools, self._jobs, self._errands = tools, jobs, errands
        self._say = tools.texts.say

    def sort(self, paths: Sequence[Path], then: Callable[[Sequence[Path]], None]) -> None:
        """Hands `then` those of the files that are forms: a workbook says so only inside."""
        is_form = self._tools.is_form_file

        def run(progress: Progress) -> list[Path]:
            return [path for path in paths if is_form(path)]

        def done(forms: list[Path]) -> None:
            self._errands.end()
            then(forms)

        if self._errands.begin("forms", can_stop=False):
            self._errands.run(run, done, "forms")

    def read(self, path: Path) -> None:
        """Shows what a file holds."""
        read_form = self._tools.read_form

        def run(progress: Progress) -> FormPlan:
            found = read_form(path)
            if found.form is None or found.former is None:
                return FormPlan(path.name, found)
            return FormPlan(path.name, found, changes(found.former, found.form))

        if self._errands.begin("forms", can_stop=False):
            self._errands.run(run, self._on_read, "forms")

    def _on_read(self, plan: FormPlan) -> None:
        errands = self._errands
        errands.end()
        if plan.read.form is None:
            refused = RefusedFormDialog(errands.look, self._tools.texts, plan, errands.window)
            refused.copied.connect(partial(errands.toast, self._say("window.forms.copied")))
            errands.show_dialog(refused)
            return
        dialog = FormDialog(errands.look, self._tools.texts, plan, errands.window)
        dialog.confirmed.connect(self._on_confirmed)
        errands.show_dialog(dialog)

    def _on_confirmed(self, plan: FormPlan) -> None:
        form, tools, errands = plan.read.form, self._tools, self._errands
        assert form is not None

        def done(_: None) -> None:
            title = form.title.in_language(tools.texts.language)
            errands.toast(self._say("window.forms.done", title=title, version=form.version))
            errands.forms_changed.emit()

        self._jobs.data(lambda: tools.add_form(form), done, errands.tell_trouble, owner=self, name="add-form")
