"""A form's expressions made ready: a rule for each, in the order in which they can be computed; who looks at what."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from enum import Enum, auto

from safetyapp.domain.answer_kinds import AnswerKind
from safetyapp.domain.form import ALWAYS, Form, Item
from safetyapp.domain.values import BadValue, read_value
from safetyapp.forms.expressions import Expression, ExpressionError, read_expression
from safetyapp.forms.expressions_bind import At, Binder, Compute, Standing
from safetyapp.forms.expressions_nodes import MOST_STEPS, ChoiceNode, Instance
from safetyapp.forms.expressions_parse import QUOTED, Call
from safetyapp.forms.expressions_schema import Schema, Spot
from safetyapp.forms.expressions_values import EvaluationError, Value
from safetyapp.forms.reckon_circles import circles, in_order


class Kind(Enum):
    """What a rule decides. Only WHEN and CALCULATE are looked at by other rules."""

    WHEN = auto()
    CALCULATE = auto()
    TRIGGERED = auto()
    CONSTRAINT = auto()
    REQUIRED = auto()
    FILTER = auto()
    QUESTION = auto()
    HINT = auto()
    COUNT = auto()
    LEAST = auto()
    MOST = auto()
    DEFAULT = auto()


_STEPS_IN_ALL = 20_000_000
_FEWEST_STEPS = 20_000
"""A form of very many rules has less for each, so that opening it cannot be made to take minutes."""

FIELDS = {
    Kind.WHEN: "when",
    Kind.CALCULATE: "calculate",
    Kind.TRIGGERED: "calculate",
    Kind.CONSTRAINT: "constraint",
    Kind.REQUIRED: "required",
    Kind.FILTER: "choice_filter",
    Kind.QUESTION: "question",
    Kind.HINT: "hint",
    Kind.COUNT: "count",
    Kind.LEAST: "least",
    Kind.MOST: "most",
    Kind.DEFAULT: "default",
}
"""The key of the form file that each kind stands under."""


@dataclass(frozen=True, slots=True)
class Quoted:
    """A text that quotes answers: pieces of text, and between them the spots and what gives their nodes."""

    pieces: tuple[str | tuple[Spot, Compute], ...]


@dataclass(slots=True, eq=False)
class Rule:
    """One expression of one item. `looks_at` and `earlier` as in Binder; `circle` numbers the rules that look at one
    another through the rows of a table; `literal` is a default that is no expression."""

    kind: Kind
    spot: Spot
    compute: Compute
    looks_at: dict[Spot, int] = field(default_factory=dict)
    earlier: dict[Spot, int] = field(default_factory=dict)
    is_volatile: bool = False
    zh: Quoted | None = None
    en: Quoted | None = None
    literal: str = ""
    number: int = -1
    circle: int = -1
    tables: tuple[Spot, ...] = ()

    def __post_init__(self) -> None:
        self.tables = self.spot.tables[: self.spot.rule_depth]


@dataclass(frozen=True, slots=True)
class Finding:
    """Something wrong in an expression, and where it stands."""

    item: str
    field: str
    code: str
    zh: str
    en: str
    warning: bool = False


class Plan:
    """A form ready to be reckoned. Any number of threads may use it: only `lists`, the choices as nodes, is filled as
    they are asked for, always with the same."""

    def __init__(self, form: Form) -> None:
        self.form = form
        self.schema = Schema(form)
        self.findings: list[Finding] = []
        self.lists: dict[str, ChoiceNode] = {}
        found = list(self._rules())
        cells = [r for r in found if r.kind in (Kind.WHEN, Kind.CALCULATE)]
        sinks = [r for r in found if r.kind not in (Kind.WHEN, Kind.CALCULATE)]
        self.deciding = {(r.kind, r.spot): r for r in cells}
        self.rules, self.circles = self._ordered(cells)
        self.rules += sinks
        for number, rule in enumerate(self.rules):
            rule.number = number
        self.readers: dict[Spot, list[tuple[int, int]]] = {}
        for rule in self.rules:
            for spot, common in {**rule.looks_at, **rule.earlier}.items():
                self.readers.setdefault(spot, []).append((rule.number, common))
        self.guarded: dict[Spot, list[Spot]] = {}
        self.of_item: dict[str, list[Spot]] = {}
        self.inside: dict[Spot, list[int]] = {}
        for spot in self.schema.spots:
            if spot in self.readers:
                for gate in spot.gates:
                    self.guarded.setdefault(gate, []).append(spot)
            if spot.item is not None:
                self.of_item.setdefault(spot.item_id, []).append(spot)
        for rule in self.rules:
            for table in rule.tables:
                self.inside.setdefault(table, []).append(rule.number)
        self.steps = max(_FEWEST_STEPS, min(MOST_STEPS, _STEPS_IN_ALL // max(1, len(self.rules))))
        self.volatile = [r.number for r in self.rules if r.is_volatile]

    def decides(self, spot: Spot) -> Iterator[Rule]:
        """The rules that what is seen at a spot follows from."""
        if (rule := self.deciding.get((Kind.CALCULATE, spot))) is not None:
            yield rule
        for gate in spot.gates:
            if (rule := self.deciding.get((Kind.WHEN, gate))) is not None:
                yield rule

    def _ordered(self, cells: list[Rule]) -> tuple[list[Rule], list[list[Rule]]]:
        """The rules, each after those it looks at; rules in a circle together (see `Rule.circle`)."""
        strict = {r: [d for s in r.looks_at for d in self.decides(s)] for r in cells}
        every = {r: strict[r] + [d for s in r.earlier for d in self.decides(s)] for r in cells}
        ordered: list[Rule] = []
        found: list[list[Rule]] = []
        for group in circles(cells, every):
            if len(group) > 1 or group[0] in every[group[0]]:
                group = in_order(sorted(group, key=lambda r: r.spot.order), strict)
                for rule in group:
                    rule.circle = len(found)
                found.append(group)
            ordered += group
        return ordered, found

    # --- rules ---

    def _rules(self) -> Iterator[Rule]:
        for spot in self.schema.spots:
            if spot.is_section:
                section = next(s for s in self.form.sections if s.id == spot.item_id)
                yield from self._rule(Kind.WHEN, spot, section.when)
            elif spot.item is not None and not spot.reading:
                yield from self._rules_of(spot, spot.item)

    def _rules_of(self, spot: Spot, item: Item) -> Iterator[Rule]:
        kind = item.answer.kind
        yield from self._rule(Kind.WHEN, spot, item.when)
        yield from self._rule(Kind.TRIGGERED if item.trigger else Kind.CALCULATE, spot, item.calculate)
        for rule in self._rule(Kind.CONSTRAINT, spot, item.constraint):
            rule.looks_at.setdefault(spot, spot.rule_depth)  # it speaks of an answer that is there
            self._quote(rule, item.constraint_message.zh, item.constraint_message.en, "constraint_message")
            yield rule
        yield from self._rule(Kind.LEAST, spot, item.least)
        yield from self._rule(Kind.MOST, spot, item.most)
        yield from self._rule(Kind.REQUIRED, spot, "" if item.required == ALWAYS else item.required)
        if item.answer.choice_list in self.schema.lists:
            yield from self._rule(Kind.FILTER, spot, item.choice_filter)
        for which, words in ((Kind.QUESTION, item.question), (Kind.HINT, item.hint)):
            if "${" in words.zh + words.en:
                rule = Rule(which, spot, _nothing)
                self._quote(rule, words.zh, words.en, FIELDS[which])
                yield rule
        if kind is AnswerKind.TABLE:
            yield from self._rule(Kind.COUNT, spot, item.rows.count)
        if item.default and kind.is_asked and kind not in (AnswerKind.TABLE, AnswerKind.PHOTO):
            yield from self._default(spot, item)

    def _rule(self, kind: Kind, spot: Spot, text: str) -> Iterator[Rule]:
        if not text:
            return
        try:
            expression = read_expression(text)
        except ExpressionError as error:
            self._note(spot, FIELDS[kind], error.code, error.zh, error.en, error.position)
            yield Rule(kind, spot, _fails)
            return
        yield self._bound(kind, spot, expression)

    def _bound(self, kind: Kind, spot: Spot, expression: Expression) -> Rule:
        item = spot.item
        binder = Binder(self.schema, spot, item.answer.choice_list if item and kind is Kind.FILTER else "")
        compute = binder.whole(expression.tree)
        for t in binder.troubles:
            self._note(spot, FIELDS[kind], t.code, t.zh, t.en, t.position, t.warning)
        return Rule(kind, spot, compute, binder.looks_at, binder.earlier, binder.is_volatile)

    def _note(self, spot: Spot, where: str, code: str, zh: str, en: str, position: int, warning: bool = False) -> None:
        if position:
            zh, en = f"{zh}（第 {position + 1} 字处）", f"{en} (at character {position + 1})"
        self.findings.append(Finding(spot.item_id, where, code, zh, en, warning))

    def _default(self, spot: Spot, item: Item) -> Iterator[Rule]:
        """A default that its kind can take is a literal, else an expression; for free text only what asks for an answer
        or calls a function is one."""
        offered = self.schema.choices.get(item.answer.choice_list)
        expression, wrong = None, None
        try:
            expression = read_expression(item.default)
        except ExpressionError as error:
            wrong = error
        if item.answer.kind in (AnswerKind.TEXT, AnswerKind.BARCODE):
            literal = expression is None or not ("${" in item.default or isinstance(expression.tree, Call))
        else:
            try:
                read_value(item.answer, item.default, date(9999, 12, 31), offered)
                literal = True
            except BadValue:
                literal = False
        if literal:
            yield Rule(Kind.DEFAULT, spot, _nothing, literal=item.default)
        elif expression is not None:
            yield self._bound(Kind.DEFAULT, spot, expression)
        elif wrong is not None:
            self._note(spot, "default", wrong.code, wrong.zh, wrong.en, wrong.position)

    def _quote(self, rule: Rule, zh: str, en: str, where: str) -> None:
        binder = Binder(self.schema, rule.spot)
        rule.zh, rule.en = self._quoted(binder, zh), self._quoted(binder, en)
        rule.looks_at = {
            s: min(binder.looks_at.get(s, 99), rule.looks_at.get(s, 99)) for s in {**rule.looks_at, **binder.looks_at}
        }
        for t in {(t.code, t.zh): t for t in binder.troubles}.values():
            self._note(rule.spot, where, t.code, t.zh, t.en, 0, t.warning)

    def _quoted(self, binder: Binder, text: str) -> Quoted:
        pieces: list[str | tuple[Spot, Compute]] = []
        at = 0
        for match in QUOTED.finditer(text):
            pieces.append(text[at : match.start()])
            at = match.end()
            bound = binder.bind(read_expression(match[0]).tree, Standing(binder.own))
            if bound.spots:
                pieces.append((bound.spots[0][0], bound.compute))
        pieces.append(text[at:])
        return Quoted(tuple(pieces))


def _nothing(_: Instance, __: At) -> Value:
    return ""


def _fails(_: Instance, __: At) -> Value:
    raise EvaluationError("not an expression")
