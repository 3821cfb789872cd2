"""What Fill offers to put into a finding: places and sentences that were written before, and the proposed wording."""

from __future__ import annotations

from safetyapp.domain.address import item_of
from safetyapp.domain.inspection import Finding
from safetyapp.domain.phrases import Field, Wording
from safetyapp.ui.fill_parts import FillParts
from safetyapp.ui.item_rows import Row
from safetyapp.ui.phrase_popup import Phrases


class Proposals:
    """Offers from one draft and the ledger; remembers the places that were written in this sitting, the latest
    first."""

    def __init__(self, parts: FillParts) -> None:
        self._parts, self._tools, self._keeper = parts, parts.tools, parts.keeper
        self._recent_places: list[str] = []
        self._item = ""
        self._phrases = Phrases()

    def places(self) -> tuple[str, ...]:
        """Places used before in this draft, the latest first, then those of the school."""
        inspection = self._keeper.shown.inspection
        used = [f.place for f in reversed(inspection.findings) if f.place]
        every = [*self._recent_places, *used, inspection.site, *inspection.school.sites]
        return tuple(dict.fromkeys(place for place in every if place))

    def phrases(self, row: Row) -> Phrases:
        """The item's own sentences, and what was written before at it and in its form: asked of the store when another
        item comes up, and filled in as soon as it is known."""
        if row.id != self._item:
            self._item, self._phrases = row.id, Phrases()
            self._look_up(row.item.id, self._phrases)
        shown = self._keeper.shown
        if row.answer is not None:
            self._phrases.text = (
                self._tools.wording(shown.form, row.item, row.answer, shown.inspection, shown.reckoned),
            )
        self._phrases.action = (row.item.action.zh,)
        return self._phrases

    def _look_up(self, item: str, phrases: Phrases) -> None:
        store, inspection = self._tools.store, self._keeper.shown.inspection
        written = tuple(
            Wording(f.text, Field.TEXT, False, 1, inspection.inspected_on)
            for f in inspection.findings
            if f.text and item_of(f.item) != item
        )

        own = {text for f in inspection.findings if item_of(f.item) == item for text in (f.text, f.action)}

        def fill(used: tuple[Wording, ...]) -> None:
            """What stands only here is no proposal for itself."""
            others = (w for w in used if not (w.same_item and w.count == 1 and w.text in own))
            phrases.used = (*others, *written)

        self._parts.jobs.data(
            lambda: store.wordings(inspection.form.id, item), fill, lambda _: fill(()), owner=self._keeper, name="words"
        )

    def remember(self, finding: Finding) -> None:
        """The place of a finding that is about to be written, when it is another than before."""
        if not finding.place or (self._recent_places and self._recent_places[0] == finding.place):
            return
        known = self._keeper.shown.inspection.findings_of(finding.item)
        if any(f.ordinal == finding.ordinal and f.place != finding.place for f in known):
            rest = [p for p in self._recent_places if p != finding.place]
            self._recent_places = [finding.place, *rest][:8]
