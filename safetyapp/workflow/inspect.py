"""Filling an inspection: start it, answer items, fill tables, describe findings, attach photos.

Each call has committed when it returns.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

from safetyapp.domain.address import item_of, rows_of
from safetyapp.domain.answer_kinds import AnswerKind, AnswerSpec, Outcome, Reading
from safetyapp.domain.form import Form, Item, ItemId
from safetyapp.domain.inspection import (
    Answer,
    Finding,
    FormRef,
    Inspection,
    InspectionId,
    InspectionType,
    Photo,
    PhotoLink,
    ReadingValue,
)
from safetyapp.domain.judging import answer_at, outcome_at, propose_finding
from safetyapp.domain.problem import Problem
from safetyapp.domain.reckoned import Reckon, Reckoned
from safetyapp.domain.school import Person, School
from safetyapp.domain.values import BadValue, read_measure, read_value
from safetyapp.workflow import tables
from safetyapp.workflow.opened import Open, open_with, reopened, save_item, save_whole
from safetyapp.workflow.ports import Clock, Store

Wording = Callable[[Form, Item, Answer, Inspection, Reckoned], str]
"""Proposes the sentence a finding starts with."""


def start(
    store: Store,
    clock: Clock,
    reckon: Reckon,
    new_id: Callable[[], str],
    school: School,
    form: Form,
    inspector: Person,
    site: str = "",
    type_: InspectionType = InspectionType.ROUTINE,
) -> Open:
    """Begins a draft of `form` at `school`, today: tables have their fixed rows and the classes of the roster, and what
    has a default starts with it."""
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
    draft = tables.filled(open_with(store, reckon, inspection, form), now)
    store.start_draft(draft.inspection, form, draft.marks())
    return draft


def answer(
    store: Store,
    clock: Clock,
    wording: Wording,
    draft: Open,
    address: str,
    text: str,
    *,
    note: str | None = None,
    case: str = "",
    readings: Mapping[str, str] | None = None,
) -> Open:
    """Answers one item; when it fails, a finding is proposed; a proposal that nobody touched follows the answer.

    `note`, `case` and `readings` keep their former values where they are not given. Findings of an item that passes
    again stay in the draft, and return with the next fail. Raises Problem bad-value, unknown-item, unknown-row, and
    Store's.
    """
    place = draft.place(address)
    item = place.item
    now = clock.now()
    if item.answer.kind is AnswerKind.TABLE:
        return _keep(store, wording, draft, tables.with_rows(draft, place.address, text, now), place.address, now)
    if item.read_only or (item.calculate and not item.trigger):
        raise Problem("bad-value", item=address, value=text, reason="not_asked")
    before = draft.inspection.answers.get(place.address)
    try:
        value = read_value(item.answer, text, now.date(), draft.offered(place.address))
        read = _read_readings(draft.form, item, readings or {}, now.date())
    except BadValue as error:
        raise Problem("bad-value", item=address, value=error.text, reason=error.reason) from None
    if case and case not in {c.id for c in item.answer.cases}:
        raise Problem("bad-value", item=address, value=case, reason="unknown_case")
    former = before or Answer(place.address, value, now)
    given = Answer(
        place.address,
        value,
        now,
        case=case or former.case,
        readings=former.readings if readings is None else read,
        note=former.note if note is None else note,
    )
    changed = draft.with_changes(draft.inspection.with_answer(given), place.address)
    rule = changed.reckoned.broken.get(place.address)
    if rule is not None and not item.answer.readings:  # with readings it may hang on those that come next: a gap then
        raise Problem("bad-value", item=address, value=text, reason="constraint", rule=rule.zh, rule_en=rule.en)
    return _keep(store, wording, draft, changed, place.address, now)


def _keep(store: Store, wording: Wording, before: Open, after: Open, address: ItemId, now: datetime) -> Open:
    """Commits the answer and all that follows from it, in one transaction: what is calculated once when this is
    answered, the rows that tables now have, and the findings that are called for."""
    kept = _following(after, address, now)
    alone = kept is after and after.item(address).answer.kind is not AnswerKind.TABLE
    called_for = [_proposed(wording, before, kept, failing) for failing in _failing(before, kept, address)]
    new = [finding for finding in called_for if finding not in kept.inspection.findings]
    if new:
        changed = kept.inspection
        for finding in new:
            changed = changed.with_finding(finding)
        kept = kept.with_changes(changed, *(finding.item for finding in new))
        alone = alone and all(finding.item == address for finding in new)
    return save_item(store, kept, address, now) if alone else save_whole(store, kept, now)


def _following(draft: Open, address: ItemId, now: datetime) -> Open:
    """The draft after what follows from an answer at `address`: what is calculated once, and the rows that are counted;
    the same object where nothing does."""
    return tables.followed(_triggered(draft, address, now), now)


def _triggered(draft: Open, address: ItemId, now: datetime) -> Open:
    """The draft after what is calculated once, when the item at `address` is answered, has been calculated."""
    targets = draft.order.triggered.get(item_of(address))
    if not targets:
        return draft
    answers = dict(draft.inspection.answers)
    changed: list[ItemId] = []
    for target, value in draft.reckoned.triggered.items():
        former = answers.get(target)
        if item_of(target) not in targets or value == (former.value if former else ""):
            continue
        if not in_line(draft, target, address):
            continue
        changed.append(target)
        if value:
            answers[target] = replace(former, value=value, answered_at=now) if former else Answer(target, value, now)
        else:
            del answers[target]
    return draft.with_changes(replace(draft.inspection, answers=answers), *changed) if changed else draft


def in_line(draft: Open, one: str, other: str) -> bool:
    """Whether two addresses stand in the same rows of the tables that they share."""
    paths = draft.order.paths
    tables_of = zip(paths[item_of(one)].tables, paths[item_of(other)].tables, strict=False)
    shared = sum(1 for a, b in tables_of if a.id == b.id)
    return rows_of(one)[:shared] == rows_of(other)[:shared]


def _failing(before: Open, after: Open, address: ItemId) -> list[ItemId]:
    """What fails and may want a finding: what has been answered just now, and what is calculated and has none yet, or
    has another value than before."""
    targets = after.order.triggered.get(item_of(address), frozenset())
    was, answers = before.inspection.answers, after.inspection.answers
    found = [a for a in after.reckoned.triggered if item_of(a) in targets and answers.get(a) is not was.get(a)]
    if after.order.judged:
        told = {finding.item for finding in after.inspection.findings}
        former = before.reckoned.calculated
        found += [
            a
            for a, value in after.reckoned.calculated.items()
            if _may_fail(after.order.judged.get(item_of(a)), value) and (a not in told or former.get(a) != value)
        ]
    return [a for a in dict.fromkeys((*found, address)) if _fails(after, a)]


def _may_fail(kind: AnswerKind | None, value: str) -> bool:
    """Whether a calculated value is worth judging, seen without looking closely: a table may have it 500 times. `kind`
    is that of an item that is judged, None for any other."""
    return value == Outcome.FAIL if kind is AnswerKind.CONFORMITY else kind is not None


def _fails(draft: Open, address: ItemId) -> bool:
    place = draft.find(address)
    if place is None or place.skip is not None:
        return False
    return outcome_at(draft.form, draft.inspection, place, draft.reckoned) is Outcome.FAIL


def _proposed(wording: Wording, before: Open, after: Open, address: ItemId) -> Finding:
    """The item's first finding: a new one, or the one that stands, worded anew when its words were only proposed."""
    item, text = after.item(address), _worded(wording, after, address)
    assert text is not None, "what has no answer does not fail"
    found = after.inspection.findings_of(address)
    if not found:
        last = after.earlier.get(item.id)
        repeats = last.id if last else ""
        return propose_finding(after.form, item, address, after.inspection, text, repeats=repeats)
    return replace(found[0], text=text) if found[0].text == _worded(wording, before, address) else found[0]


def _worded(wording: Wording, draft: Open, address: ItemId) -> str | None:
    """The words proposed for what stands at an address; None where nothing does. A question that quotes answers is
    taken with what it quotes."""
    place = draft.find(address)
    answer = answer_at(draft.inspection, place, draft.reckoned) if place else None
    if place is None or answer is None:
        return None
    question = draft.reckoned.wordings.get(address)
    item = replace(place.item, question=question) if question is not None else place.item
    return wording(draft.form, item, answer, draft.inspection, draft.reckoned)


def clear(store: Store, clock: Clock, draft: Open, item_id: str) -> Open:
    """Takes an answer back; its findings stay in the draft. Raises Problem fixed-rows for a table whose rows are not
    free."""
    address, now = draft.place(item_id).address, clock.now()
    is_table = draft.item(address).answer.kind is AnswerKind.TABLE
    if is_table:
        changed = tables.with_rows(draft, address, "", now)
    else:
        changed = draft.with_changes(draft.inspection.without_answer(address), address)
    kept = _following(changed, address, now)
    alone = kept is changed and not is_table
    return save_item(store, kept, address, now) if alone else save_whole(store, kept, now)


def describe(store: Store, clock: Clock, draft: Open, finding: Finding) -> Open:
    """Saves a finding as the inspector wrote it (adds it when its ordinal is new)."""
    draft.item(finding.item)
    changed = draft.with_changes(draft.inspection.with_finding(finding), finding.item)
    return save_item(store, changed, finding.item, clock.now())


def drop_finding(store: Store, clock: Clock, draft: Open, item: ItemId, ordinal: int) -> Open:
    """Takes a finding away (the history keeps it)."""
    changed = draft.with_changes(draft.inspection.without_finding(item, ordinal), item)
    return save_item(store, changed, item, clock.now())


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
    address = draft.place(item_id).address
    return link_photo(store, clock, draft, address, store.take_in(source, clock.now()), after=after, caption=caption)


def link_photo(
    store: Store, clock: Clock, draft: Open, item: ItemId, photo: Photo, *, after: bool = False, caption: str = ""
) -> Open:
    """Links a photo that is in already; the same photo twice at one item is one."""
    if any(link.photo.original == photo.original and link.after == after for link in draft.inspection.photos_of(item)):
        return draft
    return link_photos(store, clock, draft, item, (photo,), after=after, caption=caption)


def link_photos(
    store: Store, clock: Clock, draft: Open, item: ItemId, photos: Sequence[Photo], *, after: bool = False,
    caption: str = "",
) -> Open:  # fmt: skip
    """Links photos that are in already, behind those of the item, in one transaction; what is there is left out."""
    links = list(draft.inspection.photos_of(item))
    there = {link.photo.original for link in links if link.after == after}
    for photo in photos:
        if photo.original not in there:
            there.add(photo.original)
            links.append(PhotoLink(item, photo, len(links), after, caption))
    return arrange_photos(store, clock, draft, item, tuple(links))


def arrange_photos(store: Store, clock: Clock, draft: Open, item: ItemId, links: tuple[PhotoLink, ...]) -> Open:
    """The item's photos in the given order: reordered, captioned, or with some left out."""
    ordered = tuple(replace(link, position=position) for position, link in enumerate(links))
    store.save_photos(draft.inspection.id, item, ordered, clock.now())
    photos = [*(link for link in draft.inspection.photos if link.item != item), *ordered]
    photos.sort(key=lambda link: (link.item, link.position))  # as they are kept
    return draft.with_changes(replace(draft.inspection, photos=tuple(photos)), item)


def attach_file(store: Store, clock: Clock, wording: Wording, draft: Open, address: str, source: Path) -> Open:
    """Answers an item that wants a file (sound, film, signature, any file) with one: it is kept byte for byte."""
    draft.place(address)
    sha256 = store.keep_file(source)
    return answer(store, clock, wording, draft, address, f"{sha256}/{_plain_name(source.name)}")


def _plain_name(name: str) -> str:
    """A file's name without what no file name may hold, its ending kept."""
    plain = "".join("_" if c in '/\\:*?"<>|' or not c.isprintable() else c for c in name).strip(" .") or "file"
    return plain if len(plain) <= 120 else plain[:100] + plain[-20:]


def set_head(store: Store, clock: Clock, draft: Open, **changes: object) -> Open:
    """Changes what belongs to the whole draft: site, type, companions, escort, opinion, school_opinion."""
    changed = replace(draft.inspection, **changes)  # type: ignore[arg-type]  # names are checked by replace itself
    store.save_head(changed, clock.now())
    if changed.inspected_on == draft.inspection.inspected_on:
        return replace(draft, inspection=changed)
    return reopened(draft, changed)  # days are judged, and expressions reckoned, by the day of the inspection


def _read_readings(form: Form, item: Item, readings: Mapping[str, str], today: date) -> tuple[ReadingValue, ...]:
    known = {r.id: r for r in item.answer.readings}
    unknown = next((name for name in readings if name not in known), None)
    if unknown is not None:
        raise BadValue("unknown_case", unknown)
    return tuple(ReadingValue(name, _read_reading(form, known[name], text, today)) for name, text in readings.items())


def _read_reading(form: Form, reading: Reading, text: str, today: date) -> str:
    if reading.kind.is_choice:
        return read_value(AnswerSpec(reading.kind), text, today, form.choice_list(reading.choice_list))
    return read_measure(reading.kind, text.strip(), today, reading.signed, reading.limits.not_expired)
