"""其余全部合格: which of the items that are not answered yet may be passed at once, and which must be looked at."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum

from safetyapp.domain.answer_kinds import AnswerKind
from safetyapp.domain.form import Form, Item, ItemId, PhotoRule, Severity
from safetyapp.domain.inspection import Inspection
from safetyapp.domain.judging import outcome_at
from safetyapp.domain.places import Place, places, walk
from safetyapp.domain.reckoned import Reckoned


class LeftOut(StrEnum):
    """Why an unanswered item is not passed with the rest: a fail there is major or may be, it was found failing before
    and that stands open, it wants a photo, or a value of its own."""

    MAJOR = "major"
    OPEN = "open"
    PHOTO = "photo"
    VALUE = "value"


@dataclass(frozen=True, slots=True)
class Rest:
    """The items to pass, in the form's order, and those that are left for a person, with the first reason that
    counts."""

    passing: tuple[ItemId, ...]
    left: Mapping[ItemId, LeftOut]

    def counts(self) -> Mapping[LeftOut, int]:
        """How many are left out for each reason."""
        return Counter(self.left.values())


def rest_of(
    form: Form,
    inspection: Inspection,
    reckoned: Reckoned,
    section: str = "",
    open_before: Collection[ItemId] = (),
    unread: Collection[ItemId] = (),
) -> Rest:
    """What is unanswered and asked, in a section or (without one) in the whole form. `open_before` are the items with
    a finding of this school that stands open, `unread` those where something was typed that could not be read. A place
    in a table is never passed so."""
    passing: list[ItemId] = []
    left: dict[ItemId, LeftOut] = {}
    wanted = _of_section(form, inspection, reckoned, section)
    for place in places(form, inspection, reckoned):
        if place.rows or place.skip is not None or not _is_open(form, inspection, place, reckoned):
            continue
        if wanted is not None and place.address not in wanted:
            continue
        why = LeftOut.VALUE if place.address in unread else _why_not(place.item, open_before)
        if why is None:
            passing.append(place.address)
        else:
            left[place.address] = why
    return Rest(tuple(passing), left)


def _of_section(form: Form, inspection: Inspection, reckoned: Reckoned, section: str) -> frozenset[ItemId] | None:
    if not section:
        return None
    items = next((s.items for s in form.sections if s.id == section), ())
    return frozenset(place.address for place in walk(items, (), None, inspection, reckoned))


def _is_open(form: Form, inspection: Inspection, place: Place, reckoned: Reckoned) -> bool:
    kind = place.item.answer.kind
    if not kind.is_asked or kind in (AnswerKind.TABLE, AnswerKind.GROUP) or place.item.read_only:
        return False
    if place.item.calculate or place.address in inspection.answers:
        return False
    return outcome_at(form, inspection, place, reckoned) is None


def _why_not(item: Item, open_before: Collection[ItemId]) -> LeftOut | None:
    if item.answer.kind is not AnswerKind.CONFORMITY or item.answer.readings:
        return LeftOut.VALUE
    if item.severity is not Severity.GENERAL:
        return LeftOut.MAJOR
    if item.id in open_before:
        return LeftOut.OPEN
    return LeftOut.PHOTO if item.photo is PhotoRule.ALWAYS else None
