"""One reckoning: rules are computed in their order, from the first that has to be to the last that follows from it."""

from __future__ import annotations

import heapq
import math
from collections.abc import Callable, Iterable
from dataclasses import replace
from decimal import Decimal
from typing import TypeVar

from safetyapp.domain.address import at, item_of, rows_of
from safetyapp.domain.answer_kinds import AnswerKind, Limits, Outcome
from safetyapp.domain.form import ItemId
from safetyapp.domain.inspection import Inspection
from safetyapp.domain.reckoned import NOTHING, Reckoned
from safetyapp.domain.values import BadValue, read_value
from safetyapp.domain.words import Words
from safetyapp.forms.expressions_nodes import ChoiceNode, Instance, Node, shown_as
from safetyapp.forms.expressions_schema import Spot
from safetyapp.forms.expressions_values import (
    EvaluationError,
    Value,
    number_text,
    read_moment,
    to_number,
    to_text,
    to_truth,
)
from safetyapp.forms.reckon_plan import Kind, Plan, Quoted, Rule

Rows = tuple[str, ...]
T = TypeVar("T")

_MOST_ROWS_WANTED = 100_000
_LONGEST_KEPT = 20_000
_STEPS_OF_TABLE = 5_000_000
_FEWEST_STEPS = 2_000
_STEPS_OF_ALL = 10_000_000
"""What one reckoning may look at, less than ten seconds' work. After it every evaluation has _STEPS_AFTER: enough for
what is usual in a row, too little for what used the others up."""
_STEPS_AFTER = 50
_FAILURES = (EvaluationError, RecursionError, ArithmeticError, ValueError)


class Run:
    """Computes what is due. `pending` holds, by a rule's number, the rows where it is to be computed, or the beginnings
    of rows (the empty one: everywhere)."""

    def __init__(self, plan: Plan, inspection: Inspection, former: Reckoned | None) -> None:
        self.plan = plan
        self.instance = Instance(plan.schema, inspection, plan.lists)
        self.instance.steps = self.instance.steps_once = plan.steps
        old = former or NOTHING
        self.instance.closed.update(old.closed)
        self.instance.calculated.update(old.calculated)
        self.broken = dict(old.broken)
        self.demanded = set(old.demanded)
        self.offered = dict(old.offered)
        self.wordings = dict(old.wordings)
        self.row_counts = dict(old.row_counts)
        self.limits = dict(old.limits)
        self.defaults = dict(old.defaults)
        self.triggered = dict(old.triggered)
        self.left = _STEPS_OF_ALL
        self.pending: dict[int, set[Rows]] = {}
        self.queue: list[int] = []
        self._deciders: dict[Kind, Callable[[Rule, Rows, ItemId], None]] = {
            Kind.CONSTRAINT: self._constraint,
            Kind.REQUIRED: self._required,
            Kind.FILTER: self._filter,
            Kind.QUESTION: self._question,
            Kind.HINT: self._hint,
            Kind.COUNT: self._count,
            Kind.LEAST: self._limit,
            Kind.MOST: self._limit,
            Kind.DEFAULT: self._default,
            Kind.TRIGGERED: self._triggered,
        }

    def result(self) -> Reckoned:
        return Reckoned(
            closed=frozenset(self.instance.closed),
            calculated=self.instance.calculated,
            broken=self.broken,
            demanded=frozenset(self.demanded),
            offered=self.offered,
            wordings=self.wordings,
            row_counts=self.row_counts,
            limits=self.limits,
            defaults=self.defaults,
            triggered=self.triggered,
        )

    # --- what is due ---

    def everything(self) -> None:
        """Computes every rule everywhere."""
        for number in range(len(self.plan.rules)):
            self.due(number, ())
        self.go_on()

    def only(self, changed: Iterable[ItemId]) -> None:
        """Computes what follows from these answers, which are other than they were."""
        for number in self.plan.volatile:
            self.due(number, ())
        for address in changed:
            spots = self.plan.of_item.get(item_of(address), [])
            rows = rows_of(address)
            if not spots or len(rows) != spots[0].rule_depth:
                continue
            if spots[0].is_table:
                self.rows_changed(spots[0], rows)
            if self.instance.exists(spots[0].tables, rows):
                for spot in spots:
                    self.seen_anew(spot, rows)
        self.go_on()

    def due(self, number: int, rows: Rows) -> None:
        waiting = self.pending.get(number)
        if waiting is None:
            self.pending[number] = {rows}
            heapq.heappush(self.queue, number)
        elif () not in waiting:
            waiting.add(rows)

    def seen_anew(self, spot: Spot, rows: Rows) -> None:
        """What is seen at a spot has changed in these rows."""
        for number, common in self.plan.readers.get(spot, ()):
            self.due(number, rows[:common])

    def rows_changed(self, table: Spot, around: Rows) -> None:
        """A table has other rows: what was found out inside is forgotten, and computed for those that are there now."""
        inside = {s.name for s in table.inside}
        depth = len(around)

        def is_gone(address: str) -> bool:
            address = address.partition("#")[0]
            return item_of(address) in inside and rows_of(address)[:depth] == around

        kept = self.instance
        for held in (kept.closed, self.demanded):
            held.difference_update([a for a in held if is_gone(a)])
        _forget(kept.calculated, is_gone)
        _forget(self.broken, is_gone)
        _forget(self.offered, is_gone)
        _forget(self.wordings, is_gone)
        _forget(self.row_counts, is_gone)
        _forget(self.limits, is_gone)
        _forget(self.defaults, is_gone)
        _forget(self.triggered, is_gone)
        for number in self.plan.inside.get(table, ()):
            self.due(number, around)
        for spot in (table, *table.inside):
            self.seen_anew(spot, around)

    def go_on(self) -> None:
        while self.queue:
            number = heapq.heappop(self.queue)
            if number not in self.pending:
                continue  # computed with its circle
            rule = self.plan.rules[number]
            self.instance.memory.clear()
            if rule.circle >= 0:
                self.go_round(self.plan.circles[rule.circle])
                continue
            for rows in self.places_of(rule, self.pending.pop(number)):
                self.decide(rule, rows)

    def places_of(self, rule: Rule, beginnings: set[Rows]) -> Iterable[Rows]:
        tables, depth = rule.tables, len(rule.tables)
        if not depth:
            return [()]
        found: dict[Rows, None] = {}
        for rows in sorted(beginnings, key=len):
            if not self.instance.exists(tables, rows):
                continue
            if len(rows) == depth:
                found[rows] = None
            else:
                found.update(dict.fromkeys(self.instance.spread(tables, rows)))
        return found

    def go_round(self, circle: list[Rule]) -> None:
        """Rules that look at other rows of one another: all anew, row after row, so that the result never hangs on what
        was there before."""
        instance = self.instance
        before: dict[tuple[Rule, Rows], str] = {}
        places: list[tuple[tuple[int, ...], int, Rule, Rows]] = []
        for step, rule in enumerate(circle):
            self.pending.pop(rule.number, None)
            for rows in self.places_of(rule, {()}):
                order = tuple(instance.rows(t, rows[:d])[rows[d]] for d, t in enumerate(rule.tables))
                places.append((order, step, rule, rows))
                before[rule, rows] = self.seen(rule, rows)
                self.forget(rule, rows)
        instance.steps_once = 0
        for _, _, rule, rows in sorted(places, key=lambda p: p[:2]):
            instance.memory.clear()  # what has just been found out may be in it
            self.decide(rule, rows)
        instance.steps_once = instance.steps
        for rule in circle:
            self.pending.pop(rule.number, None)
        for (rule, rows), old in before.items():
            if self.seen(rule, rows) != old:
                self.tell(rule, rows)
        for rule in circle:
            self.pending.pop(rule.number, None)

    def seen(self, rule: Rule, rows: Rows) -> str:
        address = at(rule.spot.name, rows)
        if rule.kind is Kind.WHEN:
            return "closed" if address in self.instance.closed else ""
        return self.instance.calculated.get(address, "")

    def forget(self, rule: Rule, rows: Rows) -> None:
        address = at(rule.spot.name, rows)
        if rule.kind is Kind.WHEN:
            self.instance.closed.discard(address)
        else:
            self.instance.calculated.pop(address, None)

    # --- rules ---

    def decide(self, rule: Rule, rows: Rows) -> None:
        instance, address = self.instance, at(rule.spot.name, rows)
        steps = self.steps(rule, rows) if rows else self.plan.steps
        if self.left <= 0:
            steps = min(steps, _STEPS_AFTER)
        instance.begin(Node(rule.spot, rows), steps)
        self.decide_by(rule, rows, address)
        self.left -= steps - max(0, instance.left)

    def decide_by(self, rule: Rule, rows: Rows, address: ItemId) -> None:
        instance = self.instance
        if rule.kind is Kind.CALCULATE:
            text = self.kept(rule, self.value(rule))
            if text != instance.calculated.get(address, ""):
                self.seen_anew(rule.spot, rows)
            instance.calculated[address] = text
        elif rule.kind is Kind.WHEN:
            is_closed = self.truth(rule) is False  # what cannot be computed is better asked than lost
            if is_closed != (address in instance.closed):
                (instance.closed.add if is_closed else instance.closed.discard)(address)
                self.tell(rule, rows)
        else:
            self._deciders[rule.kind](rule, rows, address)

    def steps(self, rule: Rule, rows: Rows) -> int:
        """What an evaluation in a row may look at: the more rows there are, the less. It hangs on nothing but the
        tables around, with whose rows all inside is computed anew."""
        count = 1
        for depth, table in enumerate(rule.tables):
            count *= len(self.instance.rows(table, rows[:depth])) or 1
        return max(_FEWEST_STEPS, min(self.plan.steps, _STEPS_OF_TABLE // count))

    def tell(self, rule: Rule, rows: Rows) -> None:
        """What a rule found out has changed."""
        if rule.kind is Kind.CALCULATE:
            self.seen_anew(rule.spot, rows)
            return
        for spot in self.plan.guarded.get(rule.spot, ()):
            self.seen_anew(spot, rows)

    def value(self, rule: Rule) -> Value | None:
        """What a rule's expression comes to; None when it cannot be computed."""
        try:
            return rule.compute(self.instance, self.instance.here)
        except _FAILURES:
            return None

    def truth(self, rule: Rule) -> bool | None:
        value = self.value(rule)
        return None if value is None else to_truth(self.instance, value)

    def kept(self, rule: Rule, value: Value | None) -> str:
        """A calculated value in the one spelling of the item's kind; empty for what is none of it."""
        if value is None or rule.spot.item is None:
            return ""
        kind = rule.spot.item.answer.kind
        if kind.is_number:
            number = to_number(self.instance, value)
            if not math.isfinite(number):
                return ""
            return number_text(math.trunc(number) if kind is AnswerKind.INTEGER else number)
        text = to_text(self.instance, value)
        if kind is AnswerKind.DATE:
            moment = read_moment(text, self.instance.zone)
            return "" if moment is None else moment.isoformat()[:10]
        if kind is AnswerKind.CONFORMITY:
            return text if text in (Outcome.PASS, Outcome.FAIL, Outcome.NA) else ""
        return "" if text == "NaN" or len(text) > _LONGEST_KEPT else text

    def _constraint(self, rule: Rule, rows: Rows, address: ItemId) -> None:
        instance = self.instance
        holds: bool | None = None
        if address in instance.answers and instance.text_of(Node(rule.spot, rows)) != "":
            holds = self.truth(rule) if instance.is_open(rule.spot, rows) else None
        if holds is False:
            self.broken[address] = self.quoted(rule)
        else:
            self.broken.pop(address, None)

    def _required(self, rule: Rule, rows: Rows, address: ItemId) -> None:
        if self.truth(rule):
            self.demanded.add(address)
        else:
            self.demanded.discard(address)

    def _filter(self, rule: Rule, rows: Rows, address: ItemId) -> None:
        """A choice for which the filter cannot be computed stays on offer."""
        instance, item = self.instance, rule.spot.item
        assert item is not None, "only items have choices"
        root = instance.choices(item.answer.choice_list).children[0]
        instance.left += 20 * len(root.children)
        instance.size = len(root.children)
        left: list[str] = []
        for place, choice in enumerate(root.children, start=1):
            instance.position = place
            if self._is_left(rule, choice):
                left.append(choice.children[0].text)
        self.offered[address] = tuple(left)

    def _is_left(self, rule: Rule, choice: ChoiceNode) -> bool:
        try:
            return to_truth(self.instance, rule.compute(self.instance, choice))
        except _FAILURES:
            return True

    def _question(self, rule: Rule, rows: Rows, address: ItemId) -> None:
        self.wordings[address] = self.quoted(rule)

    def _hint(self, rule: Rule, rows: Rows, address: ItemId) -> None:
        self.wordings[ItemId(f"{address}#hint")] = self.quoted(rule)

    def quoted(self, rule: Rule) -> Words:
        """The texts of a rule, with the answers they quote."""
        return Words(self._filled(rule.zh, "zh"), self._filled(rule.en, "en"))

    def _filled(self, text: Quoted | None, language: str) -> str:
        if text is None:
            return ""
        made: list[str] = []
        for piece in text.pieces:
            if isinstance(piece, str):
                made.append(piece)
                continue
            spot, compute = piece
            try:
                nodes = compute(self.instance, self.instance.here)
            except _FAILURES:
                continue
            if isinstance(nodes, list):
                shown = [self._shown(spot, n, language) for n in nodes if isinstance(n, Node)]
                made.append(("、" if language == "zh" else ", ").join(s for s in shown if s))
        return "".join(made)

    def _shown(self, spot: Spot, node: Node, language: str) -> str:
        return shown_as(self.instance, spot, node.rows, self.instance.text_of(node)).in_language(language)

    def _count(self, rule: Rule, rows: Rows, address: ItemId) -> None:
        value = self.value(rule)
        number = math.nan if value is None else to_number(self.instance, value)
        wanted = int(max(0, min(number, _MOST_ROWS_WANTED))) if not math.isnan(number) else 0
        self.row_counts[address] = wanted

    def _limit(self, rule: Rule, rows: Rows, address: ItemId) -> None:
        """An end of the limits; none where it cannot be computed: what nobody knows yet fails nobody."""
        value = self.value(rule)
        number = math.nan if value is None else to_number(self.instance, value)
        end = Decimal(number_text(number)) if math.isfinite(number) else None
        usual = self.limits.get(address, Limits())
        is_least = rule.kind is Kind.LEAST
        self.limits[address] = replace(usual, minimum=end) if is_least else replace(usual, maximum=end)

    def _default(self, rule: Rule, rows: Rows, address: ItemId) -> None:
        item, instance = rule.spot.item, self.instance
        assert item is not None, "only items have defaults"
        value = rule.literal or self.value(rule)
        text = self.kept(rule, value) if not rule.literal else rule.literal
        try:
            offered = self.plan.schema.choices.get(item.answer.choice_list)
            self.defaults[address] = read_value(item.answer, text, instance.inspection.inspected_on, offered)
        except BadValue:
            self.defaults.pop(address, None)

    def _triggered(self, rule: Rule, rows: Rows, address: ItemId) -> None:
        self.triggered[address] = self.kept(rule, self.value(rule))


def _forget(found: dict[ItemId, T], is_gone: Callable[[str], bool]) -> None:
    for address in [a for a in found if is_gone(a)]:
        del found[address]
