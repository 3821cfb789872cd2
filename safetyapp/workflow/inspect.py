"""Filling an inspection: start it, answer items, describe findings, attach photos.

Each call has committed when it returns.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from safetyapp.domain.form import Form, Item, ItemId, Severity
from safetyapp.domain.inspection import (
    Answer,
    BadValue,
    Finding,
    FormRef,
    Inspection,
    InspectionId,
    InspectionType,
    Outcome,
    Photo,
    PhotoLink,
    ReadingValue,
    Skip,
    judge,
    marks_of,
    outcomes,
    propose_finding,
    read_measure,
    read_value,
    skipped,
)
from safetyapp.domain.problem import Problem
from safetyapp.domain.school import Person, School
from safetyapp.workflow.ports import Clock, Store

Wording = Callable[[Form, Item, Answer, Inspection], str]
"""Proposes the sentence a finding starts with."""


@dataclass(frozen=True, slots=True)
class Order:
    """A form's items in a row, and where each stands."""

    items: tuple[Item, ...]
    places: Mapping[ItemId, int]
    has_conditions: bool

    @classmethod
    def of(cls, form: Form) -> Order:
        items = tuple(form.items())
        return cls(items, {item.id: n for n, item in enumerate(items)}, any(item.when for item in items))


@dataclass(frozen=True, slots=True)
class Open:
    """A draft that is open: the inspection as it is kept, and the form version it began with.

    `order` and `known_marks` are what has been worked out of them already.
    """

    inspection: Inspection
    form: Form
    order: Order | None = field(default=None, compare=False, repr=False)
    known_marks: str = field(default="", compare=False, repr=False)

    def item(self, item_id: str) -> Item:
        """Raises Problem unknown-item."""
        place = self.order.places.get(ItemId(item_id)) if self.order else None
        item = self.form.item(item_id) if self.order is None or place is None else self.order.items[place]
        if item is None:
            raise Problem("unknown-item", item=item_id, form=self.form.title.zh)
        return item

    def marks(self) -> str:
        """The mosaic as letters, see domain.draft.DraftRow."""
        if self.known_marks:
            return self.known_marks
        results = outcomes(self.form, self.inspection)
        not_asked = skipped(self.form, self.inspection)
        majors = _majors(self.inspection)
        return marks_of([item.id for item in self.form.items()], results, not_asked, majors)

    def with_item(self, changed: Inspection, item: ItemId) -> Open:
        """The draft after one item has changed. Only its own letter is worked out anew, unless another item may open
        or close by it: a form of a thousand items is as quick as one of sixty."""
        order = self.order or Order.of(self.form)
        if order.has_conditions:
            return Open(changed, self.form, order)
        place = order.places[item]
        asked = order.items[place]
        answer = changed.answers.get(item)
        result = {item: judge(asked, answer, changed.school, changed.inspected_on)} if answer else {}
        not_asked = {} if answer or asked.applies_to(changed.school) else {item: Skip.SCHOOL}
        letter = marks_of([item], result, not_asked, _majors(changed))
        marks = self.marks()
        return Open(changed, self.form, order, marks[:place] + letter + marks[place + 1 :])


def _majors(inspection: Inspection) -> frozenset[ItemId]:
    return frozenset(f.item for f in inspection.findings if f.severity is Severity.MAJOR)


def start(
    store: Store,
    clock: Clock,
    new_id: Callable[[], str],
    school: School,
    form: Form,
    inspector: Person,
    site: str = "",
    type_: InspectionType = InspectionType.ROUTINE,
) -> Open:
    """Begins a draft of `form` at `school`, today."""
    now = clock.now()
    inspection = Inspection(
        id=InspectionId(new_id()),
        form=FormRef(form.id, form.version, form.sha256),
        school=school,
        started_at=now,
        inspected_on=now.date(),
        inspector=inspector,
        site=site,
        type=type_,
    )
    store.start_draft(inspection, form)
    return Open(inspection, form)


def resume(store: Store, draft: str) -> Open:
    """Opens a draft with the form version it began with. Raises Problem unknown-draft."""
    inspection = store.draft(InspectionId(draft))
    form = store.form(inspection.form.sha256) if inspection else None
    if inspection is None or form is None:
        raise Problem("unknown-draft", draft=draft)
    return Open(inspection, form)


def answer(
    store: Store,
    clock: Clock,
    wording: Wording,
    draft: Open,
    item_id: str,
    text: str,
    *,
    note: str | None = None,
    case: str = "",
    readings: Mapping[str, str] | None = None,
) -> Open:
    """Answers one item; when it fails, a finding is proposed; a proposal that nobody touched follows the answer.

    `note`, `case` and `readings` keep their former values where they are not given. Findings of an item that passes
    again stay in the draft, and return with the next fail. Raises Problem bad-value, unknown-item, and Store's.
    """
    item = draft.item(item_id)
    now = clock.now()
    before = draft.inspection.answers.get(item.id)
    try:
        value = read_value(item.answer, text, now.date())
        read = _read_readings(item, readings or {}, now.date())
    except BadValue as error:
        raise Problem("bad-value", item=item_id, value=error.text, reason=error.reason) from None
    if case and case not in {c.id for c in item.answer.cases}:
        raise Problem("bad-value", item=item_id, value=case, reason="unknown_case")
    former = before or Answer(item.id, value, now)
    given = Answer(
        item.id,
        value,
        now,
        case=case or former.case,
        readings=former.readings if readings is None else read,
        note=former.note if note is None else note,
    )
    changed = draft.inspection.with_answer(given)
    if judge(item, given, changed.school, changed.inspected_on) is Outcome.FAIL:
        changed = changed.with_finding(_proposed(wording, draft, item, before, changed))
    return _save_item(store, clock, draft.with_item(changed, item.id), item.id)


def _proposed(wording: Wording, draft: Open, item: Item, before: Answer | None, changed: Inspection) -> Finding:
    """The item's first finding: a new one, or the one that stands, worded anew when its words were only proposed."""
    text = wording(draft.form, item, changed.answers[item.id], changed)
    found = changed.findings_of(item.id)
    if not found:
        return propose_finding(draft.form, item, changed, text)
    untouched = before is not None and found[0].text == wording(draft.form, item, before, draft.inspection)
    return replace(found[0], text=text) if untouched else found[0]


def put_back(store: Store, clock: Clock, draft: Open, item: ItemId, former: Inspection) -> Open:
    """Undo: the item's answer and findings as they were in `former`."""
    changed = draft.inspection.without_answer(item)
    if item in former.answers:
        changed = changed.with_answer(former.answers[item])
    others = tuple(f for f in changed.findings if f.item != item)
    changed = replace(changed, findings=others)
    for finding in former.findings_of(item):
        changed = changed.with_finding(finding)
    return _save_item(store, clock, draft.with_item(changed, item), item)


def clear(store: Store, clock: Clock, draft: Open, item_id: str) -> Open:
    """Takes an answer back; its findings stay in the draft."""
    item = draft.item(item_id)
    return _save_item(store, clock, draft.with_item(draft.inspection.without_answer(item.id), item.id), item.id)


def describe(store: Store, clock: Clock, draft: Open, finding: Finding) -> Open:
    """Saves a finding as the inspector wrote it (adds it when its ordinal is new)."""
    draft.item(finding.item)
    changed = draft.with_item(draft.inspection.with_finding(finding), finding.item)
    return _save_item(store, clock, changed, finding.item)


def drop_finding(store: Store, clock: Clock, draft: Open, item: ItemId, ordinal: int) -> Open:
    """Takes a finding away (the history keeps it)."""
    changed = draft.with_item(draft.inspection.without_finding(item, ordinal), item)
    return _save_item(store, clock, changed, item)


def attach_photo(
    store: Store,
    clock: Clock,
    draft: Open,
    item_id: str,
    source: Path | bytes,
    *,
    after: bool = False,
    caption: str = "",
) -> Open:
    """Takes a photo in and links it to the item. Slow (a decode): not for a window's own thread."""
    item = draft.item(item_id)
    return link_photo(store, clock, draft, item.id, store.take_in(source, clock.now()), after=after, caption=caption)


def link_photo(
    store: Store, clock: Clock, draft: Open, item: ItemId, photo: Photo, *, after: bool = False, caption: str = ""
) -> Open:
    """Links a photo that is in already; the same photo twice at one item is one."""
    links = draft.inspection.photos_of(item)
    if any(link.photo.original == photo.original and link.after == after for link in links):
        return draft
    return arrange_photos(store, clock, draft, item, (*links, PhotoLink(item, photo, len(links), after, caption)))


def arrange_photos(store: Store, clock: Clock, draft: Open, item: ItemId, links: tuple[PhotoLink, ...]) -> Open:
    """The item's photos in the given order: reordered, captioned, or with some left out."""
    ordered = tuple(replace(link, position=position) for position, link in enumerate(links))
    store.save_photos(draft.inspection.id, item, ordered, clock.now())
    others = tuple(link for link in draft.inspection.photos if link.item != item)
    return replace(draft, inspection=replace(draft.inspection, photos=others + ordered))


def set_head(store: Store, clock: Clock, draft: Open, **changes: object) -> Open:
    """Changes what belongs to the whole draft: site, type, companions, escort, opinion, school_opinion."""
    changed = replace(draft.inspection, **changes)  # type: ignore[arg-type]  # names are checked by replace itself
    store.save_head(changed, clock.now())
    return replace(draft, inspection=changed)


def _save_item(store: Store, clock: Clock, draft: Open, item: ItemId) -> Open:
    inspection = draft.inspection
    store.save_answer(
        inspection.id, item, inspection.answers.get(item), inspection.findings_of(item), draft.marks(), clock.now()
    )
    return draft


def _read_readings(item: Item, readings: Mapping[str, str], today: date) -> tuple[ReadingValue, ...]:
    known = {r.id: r for r in item.answer.readings}
    unknown = next((name for name in readings if name not in known), None)
    if unknown is not None:
        raise BadValue("unknown_case", unknown)
    return tuple(
        ReadingValue(name, read_measure(known[name].kind, text.strip(), today, known[name].signed))
        for name, text in readings.items()
    )
