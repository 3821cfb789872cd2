"""What the people of the demo district answer: what the story tells, else what passes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Any

from safetyapp.domain.address import at
from safetyapp.domain.answer_kinds import AnswerKind, ChoiceList, Limits, Outcome, Reading
from safetyapp.domain.judging import is_required, limits_at
from safetyapp.domain.places import Place, row_ids
from safetyapp.workflow.opened import Open

Told = Mapping[str, Any]
"""By item id: a value, or for a column of a table a list of values, one per row; an empty text leaves it unanswered."""


def value_at(draft: Open, place: Place, told: Told) -> str | None:
    """What is answered at a place; None when it is left open, as what need not be answered is."""
    item = place.item
    if item.id in told:
        value = told[item.id]
        if isinstance(value, list):
            value = value[_row_number(draft, place) % len(value)]
        return str(value) or None
    if item.read_only or item.calculate or item.answer.kind is AnswerKind.TABLE:
        return None
    if place.address in draft.inspection.answers:  # from the roster, or by default
        return None
    if not is_required(item, place.address, draft.reckoned):
        return None
    return passing_value(draft, place)


def _row_number(draft: Open, place: Place) -> int:
    """The place of a column's row in its table, from 0."""
    if not place.rows:
        return 0
    table = draft.order.paths[place.item.id].tables[-1]
    return row_ids(draft.inspection, at(table.id, place.rows[:-1])).index(place.rows[-1])


def passing_value(draft: Open, place: Place) -> str:
    """A value that keeps the limits."""
    spec, inspection = place.item.answer, draft.inspection
    kind = spec.kind
    if kind is AnswerKind.CONFORMITY:
        return Outcome.PASS.value
    if kind.is_choice:
        return _choice(draft.offered(place.address))
    if kind is AnswerKind.ACKNOWLEDGE:
        return "OK"
    if kind is AnswerKind.SCORE:
        return format(max(Decimal(0), (spec.limits.maximum or Decimal(10)) - 1), "f")
    return _measure(kind, limits_at(place.item, place.address, inspection.school, "", draft.reckoned), draft)


def passing_readings(draft: Open, place: Place) -> dict[str, str]:
    """Values for everything that is read beside the answer."""
    return {reading.id: _reading(draft, reading) for reading in place.item.answer.readings}


def _reading(draft: Open, reading: Reading) -> str:
    if reading.kind.is_choice:
        return _choice(draft.form.choice_list(reading.choice_list))
    return _measure(reading.kind, reading.limits, draft)


def _choice(offered: ChoiceList | None) -> str:
    choices = offered.choices if offered else ()
    good = next((c for c in choices if c.outcome is Outcome.PASS), None)
    return (good or choices[0]).id


def _measure(kind: AnswerKind, limits: Limits, draft: Open) -> str:
    on = draft.inspection.inspected_on
    match kind:
        case AnswerKind.DATE:
            ahead = limits.not_expired
            age = min(limits.max_age_days or 30, 200) // 2
            return (on + timedelta(days=200) if ahead else on - timedelta(days=age)).isoformat()
        case AnswerKind.TIME:
            return "10:00"
        case AnswerKind.DATETIME:
            return f"{on.isoformat()} 10:00"
        case AnswerKind.TEXT | AnswerKind.BARCODE:
            return "见现场记录"
        case AnswerKind.POSITION:
            return "39.9100 116.6600"
    bound = limits.minimum if limits.minimum is not None else limits.maximum
    return format(bound, "f") if bound is not None else "1"


def told_of(story: Mapping[str, Any], form: str) -> Told:
    """What the story tells of a form's items."""
    told: Told = story.get("answers", {}).get(form, {})
    return told
