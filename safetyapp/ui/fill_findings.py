"""What a person does with findings in Fill: write, add another, delete one, take over the last place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt

from safetyapp.domain.inspection import Finding, propose_finding
from safetyapp.ui.item_model import Row
from safetyapp.ui.tools import Tools

if TYPE_CHECKING:
    from safetyapp.ui.fill import FillScreen


class FindingDesk(QObject):
    """Works for one FillScreen; remembers the places that were written in this sitting, the latest first."""

    def __init__(self, tools: Tools, screen: FillScreen) -> None:
        super().__init__(screen)
        self._tools, self._texts, self._screen = tools, tools.texts, screen
        self._recent_places: list[str] = []
        screen.body.finding.written.connect(self._on_written)
        screen.body.another_wanted.connect(self.add)
        screen.body.drop_wanted.connect(self._on_drop)

    def places(self) -> tuple[str, ...]:
        """Places used before in this draft, the latest first, then those of the school."""
        inspection = self._screen.keeper.shown.inspection
        used = [f.place for f in reversed(inspection.findings) if f.place]
        every = [*self._recent_places, *used, inspection.site, *inspection.school.sites]
        return tuple(dict.fromkeys(place for place in every if place))

    def phrases(self, row: Row) -> tuple[str, ...]:
        """What may be put into 隐患描述: the proposed sentence, and what was written before in this draft."""
        inspection, form = self._screen.keeper.shown.inspection, self._screen.model.form
        proposed = [self._tools.wording(form, row.item, row.answer, inspection)] if row.answer is not None else []
        written = [f.text for f in reversed(inspection.findings) if f.text and f.item != row.id]
        return tuple(dict.fromkeys(text for text in [*proposed, *written[:6]] if text))

    def _on_written(self, finding: object) -> None:
        if not isinstance(finding, Finding):
            return
        if finding.place and (not self._recent_places or self._recent_places[0] != finding.place):
            known = self._screen.keeper.shown.inspection.findings_of(finding.item)
            if any(f.ordinal == finding.ordinal and f.place != finding.place for f in known):
                rest = [p for p in self._recent_places if p != finding.place]
                self._recent_places = [finding.place, *rest][:8]
        self._screen.keeper.describe(finding)

    def add(self) -> None:
        """One more finding at a failing item."""
        row = self._screen.view.current_row()
        if row is None or not row.fails:
            self._screen.toast.say(self._texts.say("fill.needs_fail"), icon="info-circle")
            return
        self._screen.body.flush()
        inspection = self._screen.keeper.shown.inspection
        ordinal = max((f.ordinal for f in inspection.findings_of(row.id)), default=0) + 1
        self._screen.ordinal = ordinal
        self._screen.keeper.describe(
            propose_finding(self._screen.model.form, row.item, inspection, "", ordinal), "another"
        )
        self._screen.open_item(focus=False)
        self._screen.body.finding.place.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_drop(self) -> None:
        row, place = self._screen.view.current_row(), self._screen.body.place
        if row is None or place is None or len(row.findings) < 2:
            return
        self._screen.body.flush()
        number = [f.ordinal for f in row.findings].index(place.ordinal) + 1
        self._screen.ordinal = next(f.ordinal for f in row.findings if f.ordinal != place.ordinal)
        self._screen.keeper.drop_finding(row.id, place.ordinal)
        sentence = self._texts.say("fill.field.finding_dropped", item=row.id, n=number)
        self._screen.toast.say(sentence, self._texts.say("fill.photo.undo"), self._screen.undo)

    def copy_place(self) -> None:
        """Ctrl+D: the place of the last finding."""
        row, place = self._screen.view.current_row(), self._screen.body.place
        if row is None or not row.fails:
            self._screen.toast.say(self._texts.say("fill.needs_fail"), icon="info-circle")
            return
        if not self._screen.is_open():
            self._screen.open_item(focus=False)
            place = self._screen.body.place
        here = next((f.place for f in row.findings if place and f.ordinal == place.ordinal), "")
        last = next((p for p in self.places() if p != here), "")
        if not last:
            self._screen.toast.say(self._texts.say("fill.first_place"), icon="info-circle")
            return
        self._screen.body.finding.set_place(last)
