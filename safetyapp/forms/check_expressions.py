"""What is wrong in a form's expressions: each mistake with the item and the key it stands under.

Line numbers are the readers' business: they know where an item stands in their file.
"""

from __future__ import annotations

from typing import NamedTuple

from safetyapp.domain.form import Form
from safetyapp.forms.reckon_circles import circles, way_round
from safetyapp.forms.reckon_plan import FIELDS, Kind, Plan, Rule


class ExpressionMistake(NamedTuple):
    """`item` is the id of an item or section; `field` the key of the form file: when, calculate, constraint, required,
    choice_filter, count, default, question, hint, constraint_message, trigger."""

    item: str
    field: str
    code: str
    zh: str
    en: str


def mistakes_in(form: Form) -> tuple[ExpressionMistake, ...]:
    """What keeps the form from being opened, in the order of the form. Codes: those of ExpressionError and
    unknown-name, unknown-function, wrong-arguments, not-a-path, not-in-table, not-a-choice, bad-pattern,
    looks-at-too-much, expression-circle."""
    return check_expressions(form)[0]


def warnings_in(form: Form) -> tuple[ExpressionMistake, ...]:
    """What somebody should look at: unknown-column, unknown-list, always-empty, last-saved, filter-circle."""
    return check_expressions(form)[1]


def check_expressions(form: Form) -> tuple[tuple[ExpressionMistake, ...], tuple[ExpressionMistake, ...]]:
    """Mistakes and warnings, for whoever wants both (the form is read once)."""
    plan = Plan(form)
    mistakes = [ExpressionMistake(f.item, f.field, f.code, f.zh, f.en) for f in plan.findings if not f.warning]
    warnings = [ExpressionMistake(f.item, f.field, f.code, f.zh, f.en) for f in plan.findings if f.warning]
    mistakes += _triggers(plan)
    for way in _ways_round(plan, with_filters=False):
        names = _named(way)
        zh, en = f"互相依赖，绕成了圈：{names}", f"These hang on one another: {names}"
        mistakes.append(ExpressionMistake(way[0].spot.item_id, FIELDS[way[0].kind], "expression-circle", zh, en))
    if not any(m.code == "expression-circle" for m in mistakes):
        for way in _ways_round(plan, with_filters=True):
            names = _named(way)
            zh, en = f"选项筛选绕成了圈：{names}", f"The choices on offer hang on one another: {names}"
            warnings.append(ExpressionMistake(way[0].spot.item_id, FIELDS[way[0].kind], "filter-circle", zh, en))
    order = {spot.item_id: spot.order for spot in reversed(plan.schema.spots)}

    def place(mistake: ExpressionMistake) -> int:
        return order.get(mistake.item, 0)

    return tuple(sorted(mistakes, key=place)), tuple(sorted(warnings, key=place))


def _triggers(plan: Plan) -> list[ExpressionMistake]:
    found: list[ExpressionMistake] = []
    for spot in plan.schema.spots:
        item = spot.item
        if item is not None and not spot.reading and item.trigger and item.trigger not in plan.of_item:
            zh, en = f"没有叫“{item.trigger}”的项目", f"There is nothing named '{item.trigger}'"
            found.append(ExpressionMistake(item.id, "trigger", "unknown-name", zh, en))
    return found


def _named(way: list[Rule]) -> str:
    """A way round as people read it: A → B → A."""
    names = [rule.spot.name for rule in way]
    kept = [name for place, name in enumerate(names) if place == 0 or name != names[place - 1]]
    return " → ".join(kept if len(kept) > 1 else kept * 2)


def _ways_round(plan: Plan, with_filters: bool) -> list[list[Rule]]:
    """A way round each circle. Looking at other rows by number (`indexed-repeat`) makes none: a running total is no
    circle. How many rows a table has hangs on its count; what a question offers on its filter."""
    kinds = (Kind.WHEN, Kind.CALCULATE, Kind.COUNT, *([Kind.FILTER] if with_filters else []))
    rules = [r for r in plan.rules if r.kind in kinds]
    by_place = {(r.kind, r.spot): r for r in rules}
    hangs_on: dict[Rule, list[Rule]] = {}
    for rule in rules:
        found = hangs_on.setdefault(rule, [])
        for spot in rule.looks_at:
            found += plan.decides(spot)
            found += [c for t in spot.tables if (c := by_place.get((Kind.COUNT, t))) is not None]
            if (filtered := by_place.get((Kind.FILTER, spot))) is not None:
                found.append(filtered)
    groups = [g for g in circles(rules, hangs_on) if len(g) > 1 or g[0] in hangs_on[g[0]]]
    return [way_round(sorted(group, key=lambda r: r.spot.order), hangs_on) for group in groups]
