"""What a person does with findings in Fill: write, add another, delete one, take over the last place."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt

from safetyapp.domain.inspection import Finding
from safetyapp.domain.judging import propose_finding
from safetyapp.ui.fill_editor import OpenItem
from safetyapp.ui.fill_parts import FillParts
from safetyapp.ui.fill_proposals import Proposals


class FindingDesk(QObject):
    """Works at the finding that the editor shows."""

    def __init__(
        self, parts: FillParts, editor: OpenItem, proposals: Proposals, undo: Callable[[], None], parent: QObject
    ) -> None:
        super().__init__(parent)
        self._parts, self._editor, self._proposals, self._undo = parts, editor, proposals, undo
        self._texts, self._keeper, self._body, self._toast = parts.texts, parts.keeper, parts.body, parts.toast
        self._body.finding.written.connect(self._on_written)
        self._body.another_wanted.connect(self.add)
        self._body.drop_wanted.connect(self._on_drop)

    def _on_written(self, finding: object) -> None:
        if isinstance(finding, Finding):
            self._proposals.remember(finding)
            self._keeper.describe(finding)

    def add(self) -> None:
        """One more finding at a failing item."""
        row = self._parts.view.current_row()
        if row is None or not row.fails:
            self._toast.say(self._texts.say("fill.needs_fail"), icon="info-circle")
            return
        self._body.flush()
        inspection = self._keeper.shown.inspection
        ordinal = max((f.ordinal for f in inspection.findings_of(row.id)), default=0) + 1
        self._editor.ordinal = ordinal
        last = self._keeper.shown.earlier.get(row.item.id)
        made = propose_finding(
            self._parts.model.form, row.item, row.id, inspection, "", ordinal, repeats=last.id if last else ""
        )  # fmt: skip
        self._keeper.describe(made, "another")
        self._editor.open(focus=False)
        self._body.finding.place.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_drop(self) -> None:
        row, place = self._parts.view.current_row(), self._body.place
        if row is None or place is None or len(row.findings) < 2:
            return
        self._body.flush()
        number = [f.ordinal for f in row.findings].index(place.ordinal) + 1
        self._editor.ordinal = next(f.ordinal for f in row.findings if f.ordinal != place.ordinal)
        self._keeper.drop_finding(row.id, place.ordinal)
        sentence = self._texts.say("fill.field.finding_dropped", item=row.id, n=number)
        self._toast.say(sentence, self._texts.say("fill.photo.undo"), self._undo)

    def copy_place(self) -> None:
        """Ctrl+D: the place of the last finding."""
        row, place = self._parts.view.current_row(), self._body.place
        if row is None or not row.fails:
            self._toast.say(self._texts.say("fill.needs_fail"), icon="info-circle")
            return
        if not self._editor.is_open():
            self._editor.open(focus=False)
            place = self._body.place
        here = next((f.place for f in row.findings if place and f.ordinal == place.ordinal), "")
        last = next((p for p in self._proposals.places() if p != here), "")
        if not last:
            self._toast.say(self._texts.say("fill.first_place"), icon="info-circle")
            return
        self._body.finding.set_place(last)
