"""When a form is due: who has to do it, how often, at which schools, and what says so."""

from __future__ import annotations

from safetyapp.domain.schedule import Doer, DueRule, Every, Period
from safetyapp.forms.fields import Fields
from safetyapp.forms.read_legal import read_applies, read_bases
from safetyapp.forms.so_far import SoFar, once
from safetyapp.forms.yaml_tree import Node

_DUE_KEYS = ("id", "by", "every", "what", "applies", "basis", "recommended", "confidence", "by_anyone")


def read_due(fields: Fields, so_far: SoFar) -> tuple[DueRule, ...]:
    """The rules under `due`."""
    seen: set[str] = set()
    return fields.each("due", lambda n: _read_rule(n, seen, so_far), most=50)


def _read_rule(node: Node, seen: set[str], so_far: SoFar) -> DueRule | None:
    fields = Fields(node, so_far.notes, _DUE_KEYS, "due")
    if not fields.is_mapping:
        return None
    rule_id = fields.id("id")
    once(rule_id, seen, fields)
    fields.what = f"due.{rule_id}" if rule_id else fields.what
    fields.node("by", required=True)
    recommended = fields.truth("recommended")
    return DueRule(
        id=rule_id,
        by=fields.choice("by", Doer, "unknown-doer", Doer.SCHOOL),
        every=_read_every(fields, so_far),
        what=fields.words("what"),
        applies=read_applies(fields),
        basis=read_bases(fields, so_far, expected=not recommended),
        recommended=recommended,
        confidence=fields.text("confidence"),
        by_anyone=fields.truth("by_anyone"),
    )


def _read_every(fields: Fields, so_far: SoFar) -> Every:
    node = fields.node("every", required=True)
    if node is None:
        return Every()
    inner = Fields(node, so_far.notes, ("count", "unit", "days", "opening"), f"{fields.what}.every")
    if not inner.is_mapping:
        return Every()
    period = inner.choice("unit", Period, "unknown-period", Period.YEAR) if inner.has("unit") else None
    count, days = inner.whole("count", 1, 1000), inner.whole("days", 1, 36_500)
    if not inner.has("unit") and not inner.has("days"):
        zh, en = "要写 unit（周期）或 days（天数）", "needs a unit or a number of days"
        so_far.notes.mistake(inner.line, "no-period", f"{inner.what} {zh}", f"{inner.what} {en}")
    elif inner.has("days") and (inner.has("unit") or inner.has("count")):
        inner.wrong("days", "bad-period", "不能和 unit、count 同时写", "cannot stand beside a unit or a count")
    opening = inner.truth("opening")
    if opening and period is None:
        inner.wrong("opening", "bad-period", "要和 unit 同时写", "needs a unit")
    return Every(period, count or 1, days or 0, opening)
