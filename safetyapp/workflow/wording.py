"""The sentence that a finding starts with, proposed from the answer that failed; the inspector edits it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Protocol

from safetyapp.domain.form import Form, Item, Limits
from safetyapp.domain.inspection import Answer, Inspection, Outcome, value_text, within


class Say(Protocol):
    """Gives a sentence by key, see safetyapp.texts."""

    def __call__(self, key: str, **facts: object) -> str: ...


def propose_text(say: Say, form: Form, item: Item, answer: Answer, inspection: Inspection) -> str:
    """The inspector's own note when there is one; else what was measured against which limit; else the question."""
    if answer.note.strip():
        return answer.note.strip()
    question = item.question.zh.rstrip("？?")
    on = inspection.inspected_on
    if not isinstance(answer.value, Outcome):
        limits = item.answer.limits_for(inspection.school, answer.case)
        return _measured(say, "", answer.value, limits, on, unit=item.answer.unit.zh, question=question)
    for reading in item.answer.readings:
        value = next((r.value for r in answer.readings if r.id == reading.id), None)
        if value is not None and not within(value, reading.limits, on):
            facts = {"unit": reading.unit.zh, "label": reading.label.zh, "question": question}
            return _measured(say, "reading_", value, reading.limits, on, **facts)
    return say("findings.conformity", question=question)


def _measured(say: Say, prefix: str, value: Decimal | date, limits: Limits, on: date, **facts: str) -> str:
    text = value_text(value)
    if isinstance(value, date):
        return say(f"findings.{prefix}old", value=text, age=(on - value).days, limit=limits.max_age_days, **facts)
    if limits.minimum is not None and value < limits.minimum:
        return say(f"findings.{prefix}below", value=text, limit=format(limits.minimum, "f"), **facts)
    return say(f"findings.{prefix}above", value=text, limit=format(limits.maximum or Decimal(0), "f"), **facts)
