"""What Fill offers to put into a finding: places and sentences that were written before, and the proposed wording."""

from __future__ import annotations

from safetyapp.domain.inspection import Finding
from safetyapp.ui.fill_keeper import Keeper
from safetyapp.ui.item_rows import Row
from safetyapp.ui.tools import Tools


class Proposals:
    """Offers from one draft; remembers the places that were written in this sitting, the latest first."""

    def __init__(self, tools: Tools, keeper: Keeper) -> None:
        self._tools, self._keeper = tools, keeper
        self._recent_places: list[str] = []

    def places(self) -> tuple[str, ...]:
        """Places used before in this draft, the latest first, then those of the school."""
        inspection = self._keeper.shown.inspection
        used = [f.place for f in reversed(inspection.findings) if f.place]
        every = [*self._recent_places, *used, inspection.site, *inspection.school.sites]
        return tuple(dict.fromkeys(place for place in every if place))

    def phrases(self, row: Row) -> tuple[str, ...]:
        """What may be put into 隐患描述: the proposed sentence, and what was written before in this draft."""
        shown = self._keeper.shown
        inspection, form, proposed = shown.inspection, shown.form, []
        if row.answer is not None:
            proposed = [self._tools.wording(form, row.item, row.answer, inspection, shown.reckoned)]
        written = [f.text for f in reversed(inspection.findings) if f.text and f.item != row.id]
        return tuple(dict.fromkeys(text for text in [*proposed, *written[:6]] if text))

    def remember(self, finding: Finding) -> None:
        """The place of a finding that is about to be written, when it is another than before."""
        if not finding.place or (self._recent_places and self._recent_places[0] == finding.place):
            return
        known = self._keeper.shown.inspection.findings_of(finding.item)
        if any(f.ordinal == finding.ordinal and f.place != finding.place for f in known):
            rest = [p for p in self._recent_places if p != finding.place]
            self._recent_places = [finding.place, *rest][:8]
