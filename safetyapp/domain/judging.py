"""What answers come to: outcomes, the finding a fail starts with, and the score. The mosaic 格图 is in `marks`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from safetyapp.domain.answer_kinds import AnswerKind, ChoiceList, Limits, Outcome
from safetyapp.domain.form import ALWAYS, Form, Item, ItemId, Severity
from safetyapp.domain.inspection import Answer, Finding, Inspection
from safetyapp.domain.places import Place, places
from safetyapp.domain.reckoned import NOTHING, Reckoned
from safetyapp.domain.school import WHOLE_SCHOOL, School
from safetyapp.domain.scoring import Score, Scored, add_up
from safetyapp.domain.values import SCALES, typed, within

_WORST_FIRST = (Outcome.FAIL, Outcome.PASS, Outcome.NA)


def limits_at(item: Item, address: ItemId, school: School, case: str, reckoned: Reckoned) -> Limits:
    """The limits that count at an address: those that expressions give, else those of the chosen case or the school."""
    usual = item.answer.limits_for(school, case)
    found = reckoned.limits.get(address)
    return usual if found is None else replace(usual, minimum=found.minimum, maximum=found.maximum)


def judge(form: Form, item: Item, answer: Answer, school: School, on: date, reckoned: Reckoned = NOTHING) -> Outcome:
    """What the answer comes to on day `on`: the choice itself, or the value against the limits that count at this
    school; a reading out of its limits, or a choice of its list that is a fail, fails the item too. NOTED where there
    is nothing to judge."""
    value = typed(item.answer.kind, answer.value)
    if value is Outcome.NA:
        return Outcome.NA
    if answer.readings and _fails_by_reading(form, item, answer, on):
        return Outcome.FAIL
    if isinstance(value, Outcome):
        return value
    if isinstance(value, str):
        return _judge_choices(form.choice_list(item.answer.choice_list), answer.value)
    limit = limits_at(item, answer.item, school, answer.case, reckoned)
    if limit == Limits() or item.answer.kind in SCALES:
        return Outcome.NOTED
    return Outcome.PASS if within(value, limit, on) else Outcome.FAIL


def _fails_by_reading(form: Form, item: Item, answer: Answer, on: date) -> bool:
    known = {r.id: r for r in item.answer.readings}
    for given in answer.readings:
        reading = known.get(given.id)
        if reading is None:
            continue
        read = typed(reading.kind, given.value)
        if isinstance(read, Decimal | date):
            if not within(read, reading.limits, on):
                return True
        elif _judge_choices(form.choice_list(reading.choice_list), given.value) is Outcome.FAIL:
            return True
    return False


def _judge_choices(offered: ChoiceList | None, value: str) -> Outcome:
    """The worst that any of the chosen comes to."""
    chosen = [offered.choice(c) for c in value.split()] if offered else []
    came_to = {choice.outcome for choice in chosen if choice is not None}
    return next((outcome for outcome in _WORST_FIRST if outcome in came_to), Outcome.NOTED)


def outcomes(form: Form, inspection: Inspection, reckoned: Reckoned) -> dict[ItemId, Outcome]:
    """The outcome of every place that is asked and answered, in the form's order; photos that were taken count."""
    return {
        place.address: outcome
        for place in places(form, inspection, reckoned)
        if place.skip is None and (outcome := outcome_at(form, inspection, place, reckoned)) is not None
    }


def is_required(item: Item, address: ItemId, reckoned: Reckoned) -> bool:
    """Whether the place must be answered before finalising; what is calculated or only read answers itself."""
    if address in reckoned.demanded:
        return True
    return item.required == ALWAYS and not item.read_only and (not item.calculate or item.trigger != "")


def answer_at(inspection: Inspection, place: Place, reckoned: Reckoned) -> Answer | None:
    """What a person answered at a place, or what is calculated there; None while there is neither."""
    calculated = reckoned.calculated.get(place.address)
    if calculated is None:
        return inspection.answers.get(place.address)
    given = inspection.answers.get(place.address)
    try:
        typed(place.item.answer.kind, calculated)
    except (ValueError, ArithmeticError):  # an empty text or NaN: not known yet
        return None
    if place.item.answer.kind in (AnswerKind.CALCULATION, AnswerKind.NOTE) or calculated == "":
        return None
    note = given.note if given else ""
    return Answer(place.address, calculated, given.answered_at if given else inspection.started_at, note=note)


def outcome_at(form: Form, inspection: Inspection, place: Place, reckoned: Reckoned) -> Outcome | None:
    """What stands at a place comes to; None when nothing stands there."""
    answer = answer_at(inspection, place, reckoned)
    if answer is not None:
        return judge(form, place.item, answer, inspection.school, inspection.inspected_on, reckoned)
    taken = place.item.answer.kind is AnswerKind.PHOTO and inspection.photos_of(place.address)
    return Outcome.NOTED if taken else None


def score_of(form: Form, inspection: Inspection, reckoned: Reckoned) -> Score | None:
    """The score of a form that has a scoring; None for one that has none."""
    if form.scoring is None:
        return None
    results = outcomes(form, inspection, reckoned)
    return add_up(
        form.scoring,
        (
            _scored(place, inspection, reckoned, results)
            for place in places(form, inspection, reckoned)
            if place.skip is None and _counts(place.item)
        ),
    )


def _counts(item: Item) -> bool:
    return item.weight is not None or item.veto != "" or item.answer.kind is AnswerKind.SCORE


def _scored(place: Place, inspection: Inspection, reckoned: Reckoned, results: Mapping[ItemId, Outcome]) -> Scored:
    item, answer = place.item, answer_at(inspection, place, reckoned)
    weight, points = item.weight or Decimal(0), None
    if item.answer.kind is AnswerKind.SCORE:
        best = item.answer.limits.maximum or Decimal(0)
        weight = item.weight if item.weight is not None else best
        given = typed(AnswerKind.SCORE, answer.value) if answer else None
        points = given * weight / best if isinstance(given, Decimal) and best else Decimal(0)
    return Scored(place.address, weight, results.get(place.address), points, item.veto)


def propose_finding(
    form: Form, item: Item, address: ItemId, inspection: Inspection, text: str, ordinal: int = 1, repeats: str = ""
) -> Finding:
    """The finding that a fail starts with: level, action, deadline, basis and criterion come from the item.

    `text` is the sentence that the caller proposes; the deadline is the inspection's day plus the item's days.
    """
    criterion = form.cite(item.criterion) if item.criterion and item.severity is Severity.MAJOR else ""
    return Finding(
        item=address,
        ordinal=ordinal,
        text=text,
        severity=item.severity,
        action=item.action.zh,
        deadline=inspection.inspected_on + timedelta(days=item.days),
        place="" if inspection.site == WHOLE_SCHOOL else inspection.site,
        basis=form.citations(item.basis),
        criterion=criterion,
        repeats=repeats,
    )
