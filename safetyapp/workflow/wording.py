"""The sentence that a finding starts with, proposed from the answer that failed; the inspector edits it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Protocol

from safetyapp.domain.answer_kinds import Limits, Outcome
from safetyapp.domain.form import Form, Item
from safetyapp.domain.inspection import Answer, Inspection
from safetyapp.domain.judging import limits_at
from safetyapp.domain.reckoned import Reckoned
from safetyapp.domain.values import SCALES, typed, within


class Say(Protocol):
    """Gives a sentence by key, see safetyapp.texts."""

    def __call__(self, key: str, **facts: object) -> str: ...


def propose_text(say: Say, form: Form, item: Item, answer: Answer, inspection: Inspection, reckoned: Reckoned) -> str:
    """The inspector's own note when there is one; else what was measured against which limit, or what was chosen; else
    the question."""
    if answer.note.strip():
        return answer.note.strip()
    question = item.question.zh.rstrip("？?")
    on = inspection.inspected_on
    value = typed(item.answer.kind, answer.value)
    if isinstance(value, Decimal | date) and item.answer.kind not in SCALES:
        limits = limits_at(item, answer.item, inspection.school, answer.case, reckoned)
        if not within(value, limits, on):
            return _measured(say, "", value, limits, on, unit=item.answer.unit.zh, question=question)
    for reading in item.answer.readings:
        read = next((typed(reading.kind, r.value) for r in answer.readings if r.id == reading.id), None)
        if isinstance(read, Decimal | date) and not within(read, reading.limits, on):
            facts = {"unit": reading.unit.zh, "label": reading.label.zh, "question": question}
            return _measured(say, "reading_", read, reading.limits, on, **facts)
    if chosen := _failing_choices(form, item, answer):
        return say("findings.chosen", question=question, value="、".join(chosen))
    return say("findings.conformity", question=question)


def _failing_choices(form: Form, item: Item, answer: Answer) -> list[str]:
    """What was chosen that is a fail, in the answer itself or in a reading."""
    lists = {reading.id: reading.choice_list for reading in item.answer.readings}
    given = [(item.answer.choice_list, answer.value), *((lists.get(r.id, ""), r.value) for r in answer.readings)]
    failing: list[str] = []
    for list_id, value in given:
        offered = form.choice_list(list_id) if list_id else None
        chosen = [offered.choice(c) for c in value.split()] if offered else []
        failing += [c.label.zh for c in chosen if c is not None and c.outcome is Outcome.FAIL]
    return failing


def _measured(say: Say, prefix: str, value: Decimal | date, limits: Limits, on: date, **facts: str) -> str:
    if isinstance(value, date):
        text = value.isoformat()
        if limits.not_expired and value < on:
            return say(f"findings.{prefix}expired", value=text, age=(on - value).days, **facts)
        return say(f"findings.{prefix}old", value=text, age=(on - value).days, limit=limits.max_age_days, **facts)
    text = format(value, "f")
    if limits.minimum is not None and value < limits.minimum:
        return say(f"findings.{prefix}below", value=text, limit=format(limits.minimum, "f"), **facts)
    return say(f"findings.{prefix}above", value=text, limit=format(limits.maximum or Decimal(0), "f"), **facts)
