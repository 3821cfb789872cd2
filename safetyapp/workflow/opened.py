"""A draft that is open: what a person fills, what its form's expressions come to, and how it is committed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from safetyapp.domain.address import item_of
from safetyapp.domain.answer_kinds import AnswerKind, ChoiceList
from safetyapp.domain.form import Form, Item, ItemId
from safetyapp.domain.inspection import Inspection, InspectionId
from safetyapp.domain.ledger import LedgerRow
from safetyapp.domain.marks import Marks, Mosaic, State
from safetyapp.domain.places import Path, Place, paths, place_at
from safetyapp.domain.problem import Problem
from safetyapp.domain.reckoned import NOTHING, Reckon, Reckoned
from safetyapp.workflow.ports import Store

WHOLE = ItemId("")
"""Where remarks on a whole report stand."""


@dataclass(frozen=True, slots=True)
class Order:
    """A form's items: every one by id, where those that are asked stand in a row, and what is worked out once so that
    no answer has to walk the form. `judged` are the calculated items that may fail, with their kinds, `triggered` those
    that are calculated once when the item is answered that they are named under, `counted` the tables whose rows an
    expression counts."""

    items: Mapping[ItemId, Item]
    places: Mapping[ItemId, int]
    has_expressions: bool
    paths: Mapping[ItemId, Path]
    mosaic: Mosaic = field(compare=False, repr=False)
    judged: Mapping[ItemId, AnswerKind]
    triggered: Mapping[ItemId, frozenset[ItemId]]
    counted: frozenset[ItemId]

    @classmethod
    def of(cls, form: Form) -> Order:
        known = paths(form)
        items = {item_id: path.item for item_id, path in known.items()}
        triggered: dict[ItemId, set[ItemId]] = {}
        for item in items.values():
            if item.trigger:
                triggered.setdefault(ItemId(item.trigger), set()).add(item.id)
        calculated = [i for i in items.values() if i.calculate and not i.trigger and i.answer.kind.is_asked]
        return cls(
            items,
            {item.id: n for n, item in enumerate(form.asked())},
            form.has_expressions(),
            known,
            Mosaic(form, known),
            {item.id: item.answer.kind for item in calculated},
            {item: frozenset(targets) for item, targets in triggered.items()},
            frozenset(i.id for i in items.values() if i.answer.kind is AnswerKind.TABLE and i.rows.count),
        )


@dataclass(frozen=True, slots=True)
class Open:
    """A draft that is open: the inspection as it is kept, the form version it began with, and what the form's
    expressions come to.

    `earlier` is the last finding of each item at this school before this inspection; `remarks` are what the office has
    said of the report that this one corrects, by item, of the whole under WHOLE. `reckon`, `order` and
    `known_marks` are the means to go on, and what has been worked out already.
    """

    inspection: Inspection
    form: Form
    reckoned: Reckoned
    reckon: Reckon = field(compare=False, repr=False)
    order: Order = field(compare=False, repr=False)
    earlier: Mapping[ItemId, LedgerRow] = field(default_factory=dict, compare=False, repr=False)
    remarks: Mapping[ItemId, tuple[str, ...]] = field(default_factory=dict, compare=False, repr=False)
    known_marks: Marks | None = field(default=None, compare=False, repr=False)

    def item(self, address: str) -> Item:
        """The item that stands at an address. Raises Problem unknown-item."""
        item = self.order.items.get(item_of(address))
        if item is None:
            raise Problem("unknown-item", item=address, form=self.form.title.zh)
        return item

    def place(self, address: str) -> Place:
        """The place at an address. Raises Problem unknown-item, and unknown-row where the table has no such row."""
        item = self.item(address)
        found = self.find(ItemId(address))
        if found is None:
            raise Problem("unknown-row", item=address, question=item.question.zh)
        return found

    def find(self, address: ItemId) -> Place | None:
        """The place at an address; None where there is none."""
        return place_at(self.order.paths, address, self.inspection, self.reckoned)

    def marks(self) -> str:
        """The mosaic as letters, see domain.draft.DraftRow."""
        return self._marks().letters

    def _marks(self) -> Marks:
        return self.known_marks or self.order.mosaic.marks(State(self.inspection, self.reckoned))

    def offered(self, address: str) -> ChoiceList | None:
        """The answers on offer at an address, what a filter hides left out."""
        item = self.item(address)
        choices = self.form.choice_list(item.answer.choice_list)
        left = self.reckoned.offered.get(ItemId(address))
        if choices is None or left is None:
            return choices
        return ChoiceList(choices.id, tuple(c for c in choices.choices if c.id in left))

    def with_changes(self, changed: Inspection, *addresses: ItemId) -> Open:
        """The draft after the answers, findings or photos at these addresses have changed, whatever follows from it
        included. Only what has changed is worked out anew."""
        reckoned = self.reckoned
        if self.order.has_expressions:
            reckoned = self.reckon(self.form, changed, reckoned, frozenset(addresses))
        before, now = State(self.inspection, self.reckoned), State(changed, reckoned)
        marks = self.order.mosaic.after(self._marks(), before, now, addresses)
        return replace(self, inspection=changed, reckoned=reckoned, known_marks=marks)


def reopened(draft: Open, inspection: Inspection) -> Open:
    """The draft with another inspection of its form, everything worked out anew."""
    reckoned = draft.reckon(draft.form, inspection, None, frozenset()) if draft.order.has_expressions else NOTHING
    marks = draft.order.mosaic.marks(State(inspection, reckoned))
    return replace(draft, inspection=inspection, reckoned=reckoned, known_marks=marks)


def open_with(store: Store, reckon: Reckon, inspection: Inspection, form: Form) -> Open:
    """The inspection, opened: its expressions reckoned, the school's earlier findings at hand."""
    earlier, remarks = _earlier(store, inspection, form), _remarks(store, inspection)
    bare = Open(inspection, form, NOTHING, reckon, Order.of(form), earlier, remarks)
    return reopened(bare, inspection)


def _earlier(store: Store, inspection: Inspection, form: Form) -> dict[ItemId, LedgerRow]:
    """What the draft itself, or the document that it puts right, found is not something found again."""
    own = (inspection.id, inspection.supersedes)
    rows = store.ledger(inspection.school.id)
    before = [r for r in rows if r.form == form.id and r.document not in own and r.found_on <= inspection.inspected_on]
    return {ItemId(row.item): row for row in sorted(before, key=lambda r: (r.found_on, r.id))}


def _remarks(store: Store, inspection: Inspection) -> dict[ItemId, tuple[str, ...]]:
    """Of the last review that sent the corrected report back."""
    if inspection.supersedes is None:
        return {}
    found: dict[ItemId, tuple[str, ...]] = {}
    for sent_back in store.returned(inspection.inspector.id, inspection.supersedes)[:1]:
        for remark in sent_back.said.remarks:
            where = remark.item or WHOLE
            found[where] = (*found.get(where, ()), remark.text)
        if sent_back.said.reason:
            found[WHOLE] = (sent_back.said.reason, *found.get(WHOLE, ()))
    return found


def resume(store: Store, reckon: Reckon, draft: str) -> Open:
    """Opens a draft with the form version it began with. Raises Problem unknown-draft."""
    inspection = store.draft(InspectionId(draft))
    form = store.form(inspection.form.sha256) if inspection else None
    if inspection is None or form is None:
        raise Problem("unknown-draft", draft=draft)
    return open_with(store, reckon, inspection, form)


def save_item(store: Store, draft: Open, item: ItemId, at: datetime) -> Open:
    """Commits one item's answer and findings as they stand in the open draft."""
    inspection = draft.inspection
    store.save_answer(
        inspection.id, item, inspection.answers.get(item), inspection.findings_of(item), draft.marks(), at
    )
    return draft


def save_whole(store: Store, draft: Open, at: datetime) -> Open:
    """Commits everything that has changed, in one transaction."""
    store.save_draft(draft.inspection, draft.form, draft.marks(), at)
    return draft
