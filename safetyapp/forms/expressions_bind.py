"""An expression's tree bound to a form: a function that computes it, the answers it looks at, and what is wrong in it.

`${name}` means the answer in the same row where the expression and the named item stand in one table; from outside it
means those of all rows. A path from the root (`/data/table/column`) passes through the expression's own row too, one
that climbs out (`../../table/column`) or has a predicate on the table passes through all rows. Places that a condition
has closed are in no list of nodes, and so count as empty.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from safetyapp.forms.expressions_nodes import ChoiceNode, Instance, Node
from safetyapp.forms.expressions_parse import (
    AND,
    EQUALITY,
    OR,
    ORDER,
    SUM,
    UNION,
    Call,
    Chain,
    Literal,
    Negate,
    Path,
    Reference,
    Step,
    Tree,
)
from safetyapp.forms.expressions_schema import Schema, Source, Spot
from safetyapp.forms.expressions_values import NAN, EvaluationError, Value, compare, to_number, to_truth

At: TypeAlias = "Node | ChoiceNode"
Compute: TypeAlias = Callable[[Instance, At], Value]
Spots: TypeAlias = "tuple[tuple[Spot, int], ...]"
"""Where nodes may come from; with each, how many leading row ids are those of the place the expression belongs to."""


MOST_PLACES = 200_000
"""Places of a form that the steps of one expression may lead to, all together."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something wrong in an expression; a `warning` lets the form open all the same."""

    code: str
    zh: str
    en: str
    position: int
    warning: bool = False


@dataclass(frozen=True, slots=True)
class Bound:
    """A tree that can be computed; `spots` for what gives nodes."""

    compute: Compute
    spots: Spots | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a part of an expression stands: at its own place, or, `nested`, at what a predicate is about."""

    spots: Spots
    nested: bool = False


class Binder:
    """Binds expressions that belong to one spot. What it finds out is in `looks_at` (with how many row ids in common),
    `earlier` (looked at in other rows by number, as running totals do), `is_volatile` (asks for now), `is_local` (hangs
    on the place itself, not only on what is looked at) and `troubles`."""

    def __init__(self, schema: Schema, spot: Spot, choice_list: str = "") -> None:
        self.schema = schema
        self.spot = spot
        self.tables = spot.tables[: spot.rule_depth]
        self.own: Spots = ((spot, spot.rule_depth),)
        self.choice_list = choice_list
        self.looks_at: dict[Spot, int] = {}
        self.earlier: dict[Spot, int] = {}
        self.is_volatile = False
        self.is_local = False
        self.is_too_much = False
        self.left = MOST_PLACES
        self.troubles: list[Trouble] = []

    def whole(self, tree: Tree) -> Compute:
        """The function that computes a whole expression."""
        if self.choice_list and self.choice_list in self.schema.lists:
            item = self.schema.lists[self.choice_list].children["root"].children["item"]
            return self.bind(tree, Standing(((item, 0),))).compute
        return self.bind(tree, Standing(self.own)).compute

    def wrong(self, code: str, zh: str, en: str, position: int, warning: bool = False) -> None:
        self.troubles.append(Trouble(code, zh, en, position, warning))

    def note(self, spots: Spots) -> None:
        """Remembers that the expression depends on these."""
        for spot, common in spots:
            self.looks_at[spot] = min(common, self.looks_at.get(spot, common))

    def bind(self, tree: Tree, at: Standing) -> Bound:
        match tree:
            case Literal():
                value = tree.value
                return Bound(lambda i, n: value)
            case Reference():
                return self.reference(tree, at)
            case Path():
                return self.path(tree, at)
            case Call():
                from safetyapp.forms.xpath_functions_special import bind_call

                return bind_call(self, tree, at)
            case Negate():
                operand = self.bind(tree.operand, at).compute
                return Bound(lambda i, n: -to_number(i, operand(i, n)))
        return self.chain(tree, at)

    def chain(self, tree: Chain, at: Standing) -> Bound:
        first = self.bind(tree.first, at)
        rest = [(operator, self.bind(operand, at)) for operator, operand in tree.rest]
        start, pairs = first.compute, [(operator, bound.compute) for operator, bound in rest]
        match tree.level:
            case level if level in (OR, AND):
                return Bound(_logic([start, *(c for _, c in pairs)], level == OR))
            case level if level in (EQUALITY, ORDER):
                return Bound(_comparison(start, pairs))
            case level if level == UNION:
                spots = tuple(s for bound in (first, *(b for _, b in rest)) for s in bound.spots or ())
                return Bound(_union([start, *(c for _, c in pairs)]), spots)
        return Bound(_arithmetic(start, pairs, tree.level == SUM))

    # --- names ---

    def reference(self, tree: Reference, at: Standing) -> Bound:
        spot = self.schema.named.get(tree.name)
        if spot is None:
            if tree.name.startswith("last-saved#"):
                zh, en = "不保存上一次的答案，总是空的", "No earlier answers are kept: always empty"
                self.wrong("last-saved", zh, en, tree.position, warning=True)
            else:
                self.unknown(tree.name, tree.position)
            return Bound(lambda i, n: [], ())
        around = spot.tables[:-1] if spot.is_table else spot.tables
        common, nested = _common(self.tables, around), 0
        if at.nested and len(at.spots) == 1:
            nested = _common(at.spots[0][0].tables, around)
        if nested and nested >= common:
            spots = ((spot, min(nested, at.spots[0][1])),)
            self.note(spots)
            return Bound(_nodes_of(spot, nested, from_node=True), spots)
        spots = ((spot, common),)
        self.note(spots)
        return Bound(_nodes_of(spot, common, from_node=False), spots)

    def unknown(self, name: str, position: int) -> None:
        self.wrong("unknown-name", f"没有叫“{name}”的项目", f"There is nothing named '{name}'", position)

    # --- paths ---

    def path(self, tree: Path, at: Standing) -> Bound:
        steps = list(tree.steps)
        spots: Spots
        start: Compute
        if tree.absolute:
            root = self.schema.root
            spots, start = ((root, 0),), lambda i, n: [Node(root, ())]
            alone = len(steps) == 1 and steps[0].test in self.schema.direct
            if steps and steps[0].axis == "child" and not alone:  # the form itself: data, or what the form is called
                steps = [replace(steps[0], axis="self", test="*"), *steps[1:]] if steps[0].predicates else steps[1:]
        elif tree.start is not None:
            bound = self.bind(tree.start, at)
            spots, start = bound.spots or (), bound.compute
            if bound.spots is None:
                self.wrong("not-a-path", "这里只能是路径", "Only a path can stand here", tree.position)
        else:
            spots, start = at.spots, lambda i, n: [n]
            self.is_local = self.is_local or (not at.nested and at.spots != self.own)
        filters = [self.bind(f, Standing(spots, nested=True)).compute for f in tree.filters]
        moves: list[Callable[[Instance, list[At]], list[At]]] = []
        pinned = tree.absolute
        nests = tree.start is not None and not isinstance(tree.start, Reference)
        if isinstance(tree.start, Call):
            nests = tree.start.name != "randomize"  # whose order is wanted
        for place, step in enumerate(steps):
            before = spots
            spots = self.reached(step, spots)
            if self.is_too_much:
                return Bound(_fails, ())
            if before and not spots:
                self.missing(step, before)
            predicates = [self.bind(p, Standing(spots, nested=True)).compute for p in step.predicates]
            pin = self._pinned(step, spots) if pinned and place < len(steps) - 1 else None
            pinned = pinned and step.axis == "child" and not predicates
            if pin is not None:
                spots = ((pin, pin.depth),)
            moves.append(_move(step, predicates, pin, nests))
            nests = nests or step.axis.startswith(("ancestor", "descendant"))
        self.note(tuple((s, c) for s, c in spots if s.source is not Source.COLUMN))
        gated = any(s.gates for s, _ in spots)
        return Bound(_walk(start, filters, moves, gated), spots)

    def _pinned(self, step: Step, spots: Spots) -> Spot | None:
        """The table around the expression's own place that a step from the root passes through."""
        table = spots[0][0] if len(spots) == 1 else None
        fits = table is not None and table.is_table and table in self.tables
        return table if fits and step.axis == "child" and not step.predicates else None

    def missing(self, step: Step, before: Spots) -> None:
        if all(s.source is Source.COLUMN for s, _ in before):
            name = step.test
            zh, en = f"选项没有“{name}”这一列", f"The choices have no column '{name}'"
            self.wrong("unknown-column", zh, en, step.position, warning=True)
        else:
            self.unknown(".." if step.axis == "parent" else step.test, step.position)

    def reached(self, step: Step, spots: Spots) -> Spots:
        """Where a step may lead."""
        found: dict[Spot, int] = {}
        if step.axis.endswith("-sibling"):  # those beside one another have the same: thousands of them, millions
            spots = tuple({s.parent: (s, c) for s, c in sorted(spots, key=lambda x: -x[1])}.values())
        for spot, common in spots:
            targets = self._targets(step, spot)
            if not self.spend(len(targets)):
                return ()
            for target in targets:
                kept = min(common, target.depth)
                found[target] = min(kept, found.get(target, kept))
        return tuple(found.items())

    def spend(self, places: int) -> bool:
        """Whether the expression may still look at so many places more."""
        self.left -= places
        self.schema.left -= places
        if self.left >= 0 and self.schema.left >= 0:
            return True
        if not self.is_too_much:
            self.is_too_much = True
            zh, en = "牵涉的项目太多（“//”和“*”用得太多）", "Looks at too many items ('//' and '*' too often)"
            self.wrong("looks-at-too-much", zh, en, 0)
        return False

    def _targets(self, step: Step, spot: Spot) -> list[Spot]:
        up = spot.parent
        match step.axis:
            case "self":
                found = [spot]
            case "parent":
                found = [up] if up else []
            case "ancestor" | "ancestor-or-self":
                found = spot.line() if step.axis.endswith("self") else spot.line()[1:]
            case "descendant" | "descendant-or-self":
                found = [spot, *spot.inside] if step.axis.endswith("self") else spot.inside
            case "following-sibling" | "preceding-sibling":
                found = list(up.children.values()) if up else []
            case _ if step.test == "*":
                found = list(spot.children.values())
            case _:
                child = self.schema.child(spot, step.test)
                return [child] if child else []
        return [s for s in found if step.test in ("*", s.name)]


def _common(a: Sequence[Spot], b: Sequence[Spot]) -> int:
    count = 0
    for one, other in zip(a, b, strict=False):
        if one is not other:
            break
        count += 1
    return count


def _fails(_: Instance, __: At) -> Value:
    raise EvaluationError("looks at too much")


def _nodes_of(spot: Spot, common: int, from_node: bool) -> Compute:
    """The nodes of a spot in the rows around."""
    tables, gated, single = spot.tables, bool(spot.gates), common == spot.depth

    def compute(instance: Instance, at: At) -> Value:
        standing = at if from_node else instance.here
        rows = standing.rows[:common] if isinstance(standing, Node) else ()
        if single:
            instance.left -= 1
            return [] if gated and not instance.is_open(spot, rows) else [Node(spot, rows)]
        every = instance.spread(tables, rows, counts=True)
        if gated:
            every = [r for r in every if instance.is_open(spot, r)]
        return [Node(spot, r) for r in every]

    return compute


def _walk(
    start: Compute, filters: list[Compute], moves: list[Callable[[Instance, list[At]], list[At]]], gated: bool
) -> Compute:
    def compute(instance: Instance, at: At) -> Value:
        value = start(instance, at)
        if not isinstance(value, list):
            raise EvaluationError("a path is wanted")
        nodes: list[At] = value  # type: ignore[assignment]  # the two kinds of nodes are all there are
        if filters:
            nodes = _filtered(instance, nodes, filters)
        for move in moves:
            nodes = move(instance, nodes)
        if gated:
            nodes = [n for n in nodes if not isinstance(n, Node) or instance.is_open(n.spot, n.rows)]
        return nodes  # type: ignore[return-value]  # nodes of one kind, as they came

    return compute


def _filtered(instance: Instance, nodes: list[At], predicates: list[Compute]) -> list[At]:
    outside = instance.position, instance.size
    try:
        for predicate in predicates:
            kept: list[At] = []
            instance.spend(2 * len(nodes))
            for place, node in enumerate(nodes, start=1):
                instance.position, instance.size = place, len(nodes)
                value = predicate(instance, node)
                if value == place if isinstance(value, float) else to_truth(instance, value):
                    kept.append(node)
            nodes = kept
    finally:  # what fails for one choice of a filter leaves the others theirs
        instance.position, instance.size = outside
    return nodes


def _move(
    step: Step, predicates: list[Compute], pin: Spot | None, nests: bool
) -> Callable[[Instance, list[At]], list[At]]:
    """A step; `nests` when it may start from nodes that stand within one another."""
    axis, test = step.axis, step.test
    is_backward = axis.startswith(("ancestor", "preceding"))
    is_in_order = axis == "self" or (axis == "child" and not nests)

    def move(instance: Instance, nodes: list[At]) -> list[At]:
        if pin is not None:
            here = instance.here
            return [Node(pin, here.rows[: pin.depth])] if nodes and isinstance(here, Node) else []
        found: list[At] = []
        for node in nodes:
            reached = instance.children(node, test) if axis == "child" else _along(instance, node, axis, test)
            found += _filtered(instance, reached, predicates) if predicates else reached
        if len(nodes) > 1 and not is_in_order:
            return _ordered(instance, found)
        return found[::-1] if is_backward else found

    return move


def _along(instance: Instance, node: At, axis: str, test: str) -> list[At]:
    found: list[At]
    match axis:
        case "self":
            found = [node]
        case "parent":
            up = instance.parent(node)
            found = [] if up is None else [up]
        case "ancestor" | "ancestor-or-self":
            found = [node] if axis.endswith("self") else []
            above = instance.parent(node)
            while above is not None:
                found.append(above)
                above = instance.parent(above)
        case "descendant" | "descendant-or-self":
            found = _below(instance, node)[0 if axis.endswith("self") else 1 :]
        case _:
            parent = instance.parent(node)
            beside = instance.children(parent, "*") if parent is not None else []
            keys = [n.key() for n in beside]
            place = keys.index(node.key()) if node.key() in keys else len(keys)
            found = beside[place + 1 :] if axis == "following-sibling" else beside[:place][::-1]
    instance.spend(len(found))
    return found if test == "*" else [n for n in found if n.name == test]


def _below(instance: Instance, node: At) -> list[At]:
    """A node and all within it, in document order."""
    found: list[At] = []
    waiting = [node]
    while waiting:
        one = waiting.pop()
        found.append(one)
        waiting += reversed(instance.children(one, "*"))
    return found


def _ordered(instance: Instance, nodes: list[At]) -> list[At]:
    """Each node once, in the order of the form: the first one is what counts as a text."""
    seen = {instance.place_of(node): node for node in nodes}
    return [seen[place] for place in sorted(seen)]


def _union(parts: list[Compute]) -> Compute:
    def compute(instance: Instance, at: At) -> Value:
        found: list[At] = []
        for part in parts:
            value = part(instance, at)
            if not isinstance(value, list):
                raise EvaluationError("a path is wanted")
            found += value  # type: ignore[arg-type]  # the two kinds of nodes are all there are
        instance.spend(len(found))
        return _ordered(instance, found)  # type: ignore[return-value]  # nodes of one kind, as they came

    return compute


def _logic(parts: list[Compute], any_of: bool) -> Compute:
    def compute(instance: Instance, at: At) -> Value:
        instance.spend(len(parts) >> 1)
        for part in parts:
            if to_truth(instance, part(instance, at)) is any_of:
                return any_of
        return not any_of

    return compute


def _comparison(start: Compute, pairs: list[tuple[str, Compute]]) -> Compute:
    def compute(instance: Instance, at: At) -> Value:
        instance.spend(len(pairs) >> 1)
        value = start(instance, at)
        for operator, operand in pairs:
            other = operand(instance, at)
            if isinstance(value, list) and isinstance(other, list):
                instance.spend(len(value) + len(other))
            value = compare(instance, operator, value, other)
        return value

    return compute


def _arithmetic(start: Compute, pairs: list[tuple[str, Compute]], is_sum: bool) -> Compute:
    def compute(instance: Instance, at: At) -> Value:
        instance.spend(len(pairs) >> 1)
        number = to_number(instance, start(instance, at))
        for operator, operand in pairs:
            other = to_number(instance, operand(instance, at))
            if is_sum:
                number = number + other if operator == "+" else number - other
            else:
                number = _multiplied(number, operator, other)
        return number

    return compute


def _multiplied(a: float, operator: str, b: float) -> float:
    if operator == "*":
        return a * b
    if operator == "mod":
        return NAN if b == 0 or math.isinf(a) or math.isnan(a + b) else math.fmod(a, b)
    if b == 0:  # there are two noughts: 1 div -0 is -Infinity
        return NAN if a == 0 or math.isnan(a) else math.copysign(math.inf, a) * math.copysign(1, b)
    return a / b
