"""XLSForm's language held to libxml2's XPath 1.0: the same tree, the same expression, the same result.

Random trees of answers and random expressions; each is written twice, once for us and once for lxml. Most of it is the
same text. Where ODK means something other than XPath 1.0 says, lxml is asked for what ODK means in XPath's own words,
in one place each:

- `Words.truth`: a single node is true when it is answered and not 0 (XPath: any node is true);
- `Words.compared`: what is not there compares as the empty text (XPath: never true); an answer of a number's kind
  compares as a number; numbers that differ by less than 1e-12 are equal;
- `Words.text`: what only holds others has no text (XPath: the texts of all within, one after the other);
- `sum` leaves out what is no number (XPath: the whole sum is no number);
- `Maker.path`: what a condition has closed is in no list of nodes, but counts where it stands (`@closed`); a path from
  the root passes through the row the expression stands in (`@row`); `//x` begins below the form's own element.

Left out, because nothing in XPath means it: texts that are days or times (numbers of days in ODK), `position()` and
`last()` outside a predicate, truths ordered against nodes, several nodes in `concat`, and stepping over a section.
libxml2's own ways are left out too: 1e10 for large numbers, numbers written with an exponent.
"""

from __future__ import annotations

import math
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache, partial
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from safetyapp.domain.address import at
from safetyapp.domain.answer_kinds import AnswerKind
from safetyapp.domain.form import Form, Item
from safetyapp.forms.expressions import read_expression
from safetyapp.forms.expressions_bind import Binder
from safetyapp.forms.expressions_nodes import Instance, Node
from safetyapp.forms.expressions_schema import Schema, Spot
from safetyapp.forms.expressions_values import Value
from safetyapp.forms.reckon import make_reckoner
from tests.forms.reckoned_examples import KIND, form, group, inspection, item, table, value


class PlainSchema(Schema):
    """Without stepping over sections, which XPath has no word for."""

    def child(self, spot: Spot, name: str) -> Spot | None:
        return spot.children.get(name)


@dataclass(repr=False)
class World:
    """A form, its answers, the same as elements, and the place where expressions stand."""

    form: Form
    answers: dict[str, str]
    closed: frozenset[str]
    root: etree._Element
    address: dict[etree._Element, tuple[str, tuple[str, ...]]]
    element: dict[tuple[str, tuple[str, ...]], etree._Element]
    schema: Schema
    spot: Spot
    rows: tuple[str, ...]

    def instance(self) -> Instance:
        made = Instance(self.schema, inspection(self.form, self.answers), {})
        made.closed.update(self.closed)  # type: ignore[arg-type]
        return made

    def ours(self, expression: str) -> Value:
        instance = self.instance()
        compute = Binder(self.schema, self.spot).whole(read_expression(expression).tree)
        instance.begin(Node(self.spot, self.rows))
        return compute(instance, instance.here)

    def theirs(self, expression: str) -> Any:
        here = self.element[self.spot.name, self.rows]
        return etree.XPath(expression)(here, here=[here])


TEXTS = ["", "a", "b", "a b", "b a  c", "7", "-3", "2.5", " x　y ", "是", "yes", "0", "c-1"]
NUMBERS = ["", "0", "7", "-3", "2.5", "10"]


@st.composite
def items(draw: Any, depth: int, count: list[int]) -> tuple[Item, ...]:
    made: list[Item] = []
    for _ in range(draw(st.integers(1, 3))):
        count[0] += 1
        number = count[0]
        when = {"when": "1"} if draw(st.integers(0, 4)) == 0 else {}
        match draw(st.sampled_from("xxnngt" if depth else "xxn")):
            case "x":
                made.append(item(f"x{number}", **when))
            case "n":
                made.append(item(f"n{number}", KIND.DECIMAL, **when))
            case "g":
                made.append(group(f"g{number}", *draw(items(depth - 1, count)), **when))
            case _:
                made.append(table(f"t{number}", *draw(items(depth - 1, count)), **when))
    return tuple(made)


@st.composite
def worlds(draw: Any) -> World:
    of = form(*draw(items(2, [0])))
    answers: dict[str, str] = {}
    closed: set[str] = set()
    root = etree.Element("data")
    address: dict[etree._Element, tuple[str, tuple[str, ...]]] = {root: ("data", ())}

    def fill(up: etree._Element, member: Item, rows: tuple[str, ...], is_closed: bool) -> None:
        kind = member.answer.kind
        if member.when and draw(st.booleans()):
            closed.add(at(member.id, rows))
            is_closed = True
        if kind is AnswerKind.TABLE:
            ids = draw(st.lists(st.sampled_from("123"), max_size=3, unique=True))
            answers[at(member.id, rows)] = " ".join(ids)
            for row in ids:
                one = etree.SubElement(up, member.id, row=row, **({"closed": "1"} if is_closed else {}))
                address[one] = (member.id, (*rows, row))
                for inner in member.items:
                    fill(one, inner, (*rows, row), is_closed)
            return
        one = etree.SubElement(up, member.id, **({"closed": "1"} if is_closed else {}))
        address[one] = (member.id, rows)
        if kind is AnswerKind.GROUP:
            for inner in member.items:
                fill(one, inner, rows, is_closed)
            return
        if kind is AnswerKind.DECIMAL:
            one.set("number", "1")
        one.text = draw(st.sampled_from(NUMBERS if kind is AnswerKind.DECIMAL else TEXTS))
        if one.text:
            answers[at(member.id, rows)] = one.text

    section = etree.SubElement(root, "main")
    address[section] = ("main", ())
    for member in of.sections[0].items:
        fill(section, member, (), False)
    schema = PlainSchema(of)
    leaves = [a for e, a in address.items() if len(e) == 0 and not schema_spot(schema, a[0]).is_table]
    name, rows = draw(st.sampled_from(leaves or [("main", ())]))
    back = {a: e for e, a in address.items()}
    return World(of, answers, frozenset(closed), root, address, back, schema, schema_spot(schema, name), rows)


def schema_spot(schema: Schema, name: str) -> Spot:
    return next((s for s in schema.spots if s.name == name), schema.root)


@dataclass(frozen=True)
class Words:
    """An expression in both languages, and what it gives: nodes, text, number, whole (a number without a fraction,
    whose text is the same everywhere) or truth."""

    ours: str
    theirs: str
    sort: str

    def truth(self) -> str:
        """In lxml's words: whether this is true for ODK."""
        x = self.theirs
        if self.sort == "nodes":
            return f"(count({x}) > 1 or boolean(({x})[not(*)][. != ''][not(@number) or number(.) != 0]))"
        if self.sort in ("number", "whole"):
            return f"({x} > {TINY} or {x} < -{TINY})"
        return f"boolean({x})"

    def text(self) -> str:
        return f"string(({self.theirs})[1][not(*)])" if self.sort == "nodes" else self.theirs

    def number(self) -> str:
        return f"number({self.text()})"

    def compared(self, operator: str, other: Words) -> str:
        """In lxml's words: how ODK compares the two."""
        a, b = self, other
        if "truth" in (a.sort, b.sort):
            if operator in ("=", "!="):
                return f"{a.truth()} {operator} {b.truth()}"
            return f"{a.number()} {operator} {b.number()}"
        if a.sort == b.sort == "nodes":
            return (
                f"({a.leaves()} {operator} {b.leaves()} or ({a.nothing()} and '' {operator} {b.leaves()})"
                f" or ({b.nothing()} and {a.leaves()} {operator} '')"
                f" or ({a.nothing()} and {b.nothing()} and '' {operator} ''))"
            )
        if a.sort == "nodes":
            return a._with_value(f"{{}} {operator} {{}}", other)
        if b.sort == "nodes":
            return b._with_value(f"{{1}} {operator} {{0}}", self)
        if {a.sort, b.sort} & {"number", "whole"} and operator in ("=", "!="):
            x, y = a.number(), b.number()
            same = f"({x} = {y} or ({x} - {y} < {TINY} and {y} - {x} < {TINY}))"
            return same if operator == "=" else f"not({same})"
        return f"{a.theirs} {operator} {b.theirs}"

    def _with_value(self, pattern: str, value: Words) -> str:
        texts = f"({self.theirs})[not(*)][not(@number) or . = '']"
        numbers = f"({self.theirs})[@number][. != '']"
        return (
            f"({pattern.format(texts, value.theirs)} or {pattern.format(numbers, value.number())}"
            f" or ({self.nothing()} and {pattern.format(repr(''), value.theirs)}))"
        )

    def leaves(self) -> str:
        return f"({self.theirs})[not(*)]"

    def nothing(self) -> str:
        return f"(not({self.theirs}) or ({self.theirs})[*])"


TINY = "0.000000000001"


def both(ours: str, sort: str) -> Words:
    return Words(ours, ours, sort)


Draw = Callable[[st.SearchStrategy[Any]], Any]
_UP = ("parent::*", "ancestor::*", "ancestor-or-self::*", "..", "../..")
_OVER = ("following-sibling::*", "preceding-sibling::*")
_DOWN = ("*", "descendant::*", "descendant-or-self::*", ".//*", "child::*")


_one_of = lru_cache(maxsize=None)(st.sampled_from)


@dataclass
class Maker:
    """Makes expressions for a world."""

    world: World
    draw: Draw
    names: list[str] = field(default_factory=list)
    odk: bool = False

    def __post_init__(self) -> None:
        self.names = [s.name for s in self.world.schema.spots if s.item is not None]
        spot = self.world.spot
        self.tables = spot.tables[: spot.rule_depth]

    def pick(self, *of: Any) -> Any:
        return self.draw(_one_of(of))

    def chance(self, of: int) -> bool:
        return bool(self.draw(_one_of(range(of))) == 0)

    def any(self, depth: int, nested: bool) -> Words:
        sort = self.pick("nodes", "nodes", "text", "number", "whole", "truth")
        return getattr(self, sort)(depth, nested)  # type: ignore[no-any-return]

    # --- nodes ---

    def nodes(self, depth: int, nested: bool) -> Words:
        if depth <= 0:
            return self.path(0, nested)
        match self.pick("path", "path", "path", "path", "union", "filter"):
            case "union":
                a, b = self.nodes(depth - 1, nested), self.nodes(depth - 1, nested)
                return Words(f"({a.ours} | {b.ours})", f"({a.theirs} | {b.theirs})", "nodes")
            case "filter":
                inner, (o, t) = self.nodes(depth - 1, nested), self.predicate(depth - 1)
                steps = self.further(depth - 1) if self.chance(2) else ("", "")
                return Words(f"({inner.ours}){o}{steps[0]}", f"({inner.theirs}){t}{steps[1]}[not(@closed)]", "nodes")
        return self.path(depth, nested)

    def path(self, depth: int, nested: bool) -> Words:
        match self.pick("here", "here", "root", "root", "all", "name", "current"):
            case "here":
                start = self.pick(".", *_UP, *_OVER, *_DOWN, *self.names)
                return self._made(start, depth)
            case "root":
                return self.from_root(depth)
            case "all":
                name = self.pick("*", *self.names)
                ours, theirs = self.predicate(depth - 1) if depth > 0 and self.chance(2) else ("", "")
                return Words(f"//{name}{ours}", f"/*//{name}{theirs}[not(@closed)]", "nodes")
            case "current":
                more = self.further(depth, 1)
                return Words(f"current(){more[0]}", f"$here{more[1]}[not(@closed)]", "nodes")
        return self.reference(nested)

    def _made(self, start: str, depth: int) -> Words:
        ours, theirs = self.predicate(depth - 1) if depth > 0 and start not in (".", "..", "../..") else ("", "")
        more = self.further(depth) if self.chance(2) else ("", "")
        return Words(start + ours + more[0], _plainly(start) + theirs + more[1] + "[not(@closed)]", "nodes")

    def further(self, depth: int, fewest: int = 0) -> tuple[str, str]:
        """More steps."""
        ours = theirs = ""
        for _ in range(self.pick(*range(fewest, 3))):
            step = self.pick(*_UP, *_OVER, *_DOWN, "self::*", *self.names, *(f"ancestor::{n}" for n in self.names[:2]))
            joint = self.pick("/", "/", "/", "//") if not step.startswith(".") else "/"
            o, t = self.predicate(depth - 1) if depth > 0 and not step.endswith(".") and self.chance(2) else ("", "")
            ours = ours + joint + step + o
            theirs += {"/": "/", "//": "/descendant-or-self::*/"}[joint] + _plainly(step) + t
        return ours, theirs

    def from_root(self, depth: int) -> Words:
        """A path from the root along real names: through the own row's tables, unless a predicate stands there."""
        spot = schema_spot(self.world.schema, self.pick(*self.names))
        line = spot.line()[::-1][1:]
        line = line[: self.pick(*range(len(line), 0, -1))]
        more = self.further(depth) if self.chance(3) else ("", "")
        ours = theirs = "/data"
        plain = True
        for place, one in enumerate(line):
            has_next = place < len(line) - 1 or bool(more[0])
            o, t = self.predicate(depth - 1) if depth > 0 and self.chance(4) else ("", "")
            if plain and not o and has_next and one in self.tables:
                row = self.world.rows[one.depth - 1]
                t = f"[@row = '{row}']"
            plain = plain and not o
            ours, theirs = f"{ours}/{one.name}{o}", f"{theirs}/{one.name}{t}"
        return Words(ours + more[0], theirs + more[1] + "[not(@closed)]", "nodes")

    def reference(self, nested: bool) -> Words:
        """`${name}`: in the same row where both stand in one table. (Within predicates only outside of tables: there
        it means the row that the predicate is about.)"""
        spots = [schema_spot(self.world.schema, n) for n in self.names]
        fitting = [s for s in spots if not nested or not (s.tables[:-1] if s.is_table else s.tables)]
        if not fitting:
            return both(".", "nodes") if not nested else Words(".", "self::*[not(@closed)]", "nodes")
        spot = self.pick(*fitting)
        around = spot.tables[:-1] if spot.is_table else spot.tables
        theirs, still = "", True
        for one in spot.line()[::-1]:
            theirs += f"/{one.name}"
            still = still and not (one.is_table and (one not in self.tables or one not in around))
            if still and one.is_table:
                theirs += f"[@row = '{self.world.rows[one.depth - 1]}']"
        if spot.is_table and self.chance(2) and spot not in self.tables and not nested:
            columns = [s for s in spot.children.values() if not s.is_table]
            if columns:  # the row that the predicate is about
                column, operator, value = self.pick(*columns), self.pick("=", "!=", "<"), self.value(1, False)
                inner = Words("", f"{column.name}[not(@closed)]", "nodes").compared(operator, value)
                ours = f"${{{spot.name}}}[${{{column.name}}} {operator} {value.ours}]"
                return Words(ours, f"({theirs}[not(@closed)])[{inner}]", "nodes")
        return Words(f"${{{spot.name}}}", f"{theirs}[not(@closed)]", "nodes")

    def predicate(self, depth: int) -> tuple[str, str]:
        match self.pick("number", "place", "truth", "truth", "any", "last"):
            case "number":
                number = self.pick("1", "2", "3")
                return f"[{number}]", f"[{number}]"
            case "last":
                return "[last()]", "[last()]"
            case "place":
                text = f"[position() {self.pick('=', '<', '!=', '>=')} {self.pick('1', '2', 'last()', 'last() - 1')}]"
                return text, text
            case "truth":
                inner = self.truth(depth, True)
            case _:
                inner = self.pick(self.nodes, self.text, self.number)(depth, True)
        meant = inner.truth() if inner.sort == "nodes" else inner.theirs
        return f"[{inner.ours}]", f"[{meant}]"

    # --- values ---

    def value(self, depth: int, nested: bool) -> Words:
        return self.pick(self.text, self.number, self.whole)(depth, nested)  # type: ignore[no-any-return]

    def as_text(self, depth: int, nested: bool) -> tuple[str, str]:
        """An argument that is taken as a text."""
        made = self.pick(self.nodes, self.text, self.text, self.whole, self.truth)(depth, nested)
        return made.ours, made.text() if made.sort != "truth" else made.theirs

    def text(self, depth: int, nested: bool) -> Words:
        if depth <= 0 or self.chance(4):
            return both("'" + self.pick(*TEXTS) + "'", "text")
        name = self.pick(
            *("string", "concat", "substring", "substring-before", "substring-after", "translate"),
            *("normalize-space", "name", "local-name"),
            *(("if", "coalesce", "selected-at", "substr", "join") if self.odk else ()),
        )
        args: list[tuple[str, str]]
        match name:
            case "string" | "normalize-space":
                args = [self.as_text(depth - 1, nested)]
            case "name" | "local-name":
                made = self.nodes(depth - 1, nested)
                args = [(made.ours, made.theirs)]
            case "concat":
                args = [self.as_text(depth - 1, nested) for _ in range(2)]
                args = [(f"string({o})", t) for o, t in args]
            case "substring" | "substr":
                args = [self.as_text(depth - 1, nested)]
                bounds = [self.pick(self.whole, self.number)(depth - 1, nested) for _ in range(self.pick(1, 2))]
                args += [(b.ours, b.theirs) for b in bounds]
            case "translate":
                args = [self.as_text(depth - 1, nested), *[(t, t) for t in (self.letters(), self.letters())]]
            case "if":
                asked = self.any(depth - 1, nested)
                args = [(asked.ours, asked.truth()), *(self.as_text(depth - 1, nested) for _ in range(2))]
                args[1:] = [(f"string({o})", f"string({t})") for o, t in args[1:]]
            case "join":
                made = self.nodes(depth - 1, nested)
                args = [("'-'", "'-'"), (made.ours, made.theirs)]
            case "selected-at":
                number = self.whole(0, nested)
                args = [self.as_text(depth - 1, nested), (number.ours, number.theirs)]
            case "coalesce":
                args = [(f"string({o})", t) for o, t in (self.as_text(depth - 1, nested) for _ in range(2))]
            case _:
                args = [self.as_text(depth - 1, nested), self.as_text(depth - 1, nested)]
        return self.call(name, args, "text")

    def letters(self) -> str:
        return "'" + self.pick("", "", *"abxy7 -是") + self.pick("", *"abc7 ") + self.pick("", *"bx-") + "'"

    @staticmethod
    def call(name: str, args: list[tuple[str, str]], sort: str) -> Words:
        ours, theirs = (", ".join(a[side] for a in args) for side in (0, 1))
        return Words(f"{name}({ours})", f"{name}({theirs})", sort)

    def whole(self, depth: int, nested: bool) -> Words:
        if depth <= 0 or self.chance(3):
            return both(self.pick("0", "1", "2", "3", "7", "10", "-1"), "whole")
        match self.pick("+", "-", "*", "minus", "count", "length", *(("chosen",) if self.odk else ())):
            case "minus":
                inner = self.whole(depth - 1, nested)
                signs = self.pick("-", "--", "- - -")
                return Words(f"({signs}{inner.ours})", f"({signs}{inner.theirs})", "whole")
            case "count":
                made = self.nodes(depth - 1, nested)
                return self.call("count", [(made.ours, made.theirs)], "whole")
            case "length":
                return self.call("string-length", [self.as_text(depth - 1, nested)], "whole")
            case "chosen":
                return self.call("count-selected", [self.as_text(depth - 1, nested)], "whole")
            case operator:
                a, b = self.whole(depth - 1, nested), self.whole(depth - 1, nested)
                return Words(f"({a.ours} {operator} {b.ours})", f"({a.theirs} {operator} {b.theirs})", "whole")

    def number(self, depth: int, nested: bool) -> Words:
        if depth <= 0 or self.chance(5):
            return both(self.pick("0.5", "2.5", ".25", "-1.5", "4.", "7"), "number")
        of_more = ("min", "max", "count-non-empty", "if-number", "int", "pow", "abs") if self.odk else ()
        match self.pick("whole", "number", "chain", "chain", "minus", "sum", "floor", "ceiling", "round", *of_more):
            case "whole":
                made = self.whole(depth - 1, nested)
                return Words(made.ours, made.theirs, "number")
            case "number":
                ours, theirs = self.as_text(depth - 1, nested)
                return Words(f"number({ours})", f"number({theirs})", "number")
            case "chain":
                (a, x), (b, y) = self.operand(depth - 1, nested), self.operand(depth - 1, nested)
                joint = self.pick("+", "-", "*", "div", "mod")
                if self.chance(3):
                    (c, z), more = self.operand(0, nested), self.pick("+", "-", "*", "div", "mod")
                    return Words(f"({a} {joint} {b} {more} {c})", f"({x} {joint} {y} {more} {z})", "number")
                return Words(f"({a} {joint} {b})", f"({x} {joint} {y})", "number")
            case "minus":
                ours, theirs = self.operand(depth - 1, nested)
                signs = self.pick("-", "--", "- -")
                return Words(f"({signs}{ours})", f"({signs}{theirs})", "number")
            case "sum":
                made = self.nodes(depth - 1, nested)
                return Words(f"sum({made.ours})", f"sum({made.leaves()}[number(.) = number(.)])", "number")
            case "min" | "max" | "count-non-empty" as name:
                made = self.nodes(depth - 1, nested)
                return self.call(name, [(made.ours, made.theirs)], "number")
            case "if-number":
                asked, a, b = self.any(depth - 1, nested), *(self.number(depth - 1, nested) for _ in range(2))
                return self.call("if", [(asked.ours, asked.truth()), (a.ours, a.theirs), (b.ours, b.theirs)], "number")
            case "pow":
                return self.call("pow", [self.operand(0, nested), (p := self.pick("0", "1", "2", "3"), p)], "number")
            case name:
                return self.call(name, [self.operand(depth - 1, nested)], "number")

    def operand(self, depth: int, nested: bool) -> tuple[str, str]:
        """What is taken as a number."""
        made = self.pick(self.nodes, self.number, self.number, self.whole, self.text, self.truth)(depth, nested)
        return made.ours, made.number()

    def truth(self, depth: int, nested: bool) -> Words:
        if depth <= 0:
            return both(self.pick("true()", "false()"), "truth")
        of_more = ("selected", "regex", "ends-with", "checklist") if self.odk else ()
        match self.pick("compare", "compare", "compare", "and", "or", "not", "boolean", "contains", *of_more):
            case "compare":
                return self.comparison(depth, nested)
            case "and" | "or" as joint:
                parts = [self.any(depth - 1, nested) for _ in range(self.pick(2, 2, 3))]
                ours, theirs = (p.ours for p in parts), (p.truth() for p in parts)
                return Words(f"({f' {joint} '.join(ours)})", f"({f' {joint} '.join(theirs)})", "truth")
            case "not" | "boolean" as name:
                inner = self.any(depth - 1, nested)
                return self.call(name, [(inner.ours, inner.truth())], "truth")
            case "contains":
                name = self.pick("contains", "starts-with")
                return self.call(name, [self.as_text(depth - 1, nested), self.as_text(depth - 1, nested)], "truth")
            case "regex":
                pattern = self.pick("'[a-c]+'", "'-?[0-9]+(\\.[0-9])?'", "'(a|b)( |c)*.?'", "''", "'.*是{1,2}'")
                return self.call("regex", [self.as_text(depth - 1, nested), (pattern, pattern)], "truth")
            case "checklist":
                bounds = [(n, n) for n in (self.pick("-1", "0", "1"), self.pick("-1", "1", "2"))]
                said = [self.as_text(0, nested) for _ in range(2)]
                return self.call("checklist", bounds + [(f"string({o})", f"string({t})") for o, t in said], "truth")
            case name:
                made = (self.as_text(depth - 1, nested), self.as_text(depth - 1, nested))
                return self.call(name, [(f"string({o})", f"string({t})") for o, t in made], "truth")

    def comparison(self, depth: int, nested: bool) -> Words:
        operator = self.pick("=", "!=", "<", "<=", ">", ">=")
        a, b = self.any(depth - 1, nested), self.any(depth - 1, nested)
        if operator not in ("=", "!=") and "truth" in (a.sort, b.sort) and "nodes" in (a.sort, b.sort):
            operator = "="  # see above: left out
        return Words(f"({a.ours} {operator} {b.ours})", f"({a.compared(operator, b)})", "truth")


def _plainly(step: str) -> str:
    """A step in lxml's words: only elements, as there are neither documents nor texts among our nodes."""
    return {".": "self::*", "..": "parent::*", "../..": "parent::*/parent::*", ".//*": "self::*//*"}.get(step, step)


def agree(world: World, words: Words) -> None:
    ours, theirs = world.ours(words.ours), world.theirs(words.theirs)
    said = f"{words.ours}\n  for lxml: {words.theirs}\n  {etree.tostring(world.root, encoding='unicode')}"
    said += f"\n  at {world.spot.name} {world.rows}\n  ours {shown(world, ours)}, lxml {shown(world, theirs)}"
    if words.sort == "nodes":
        assert shown(world, ours) == shown(world, theirs), said
    elif words.sort in ("number", "whole"):
        assert isinstance(ours, float), said
        same = (math.isnan(ours) and math.isnan(theirs)) or math.isclose(ours, theirs, rel_tol=1e-9, abs_tol=1e-9)
        assert same, said
    else:
        assert type(ours) is (bool if words.sort == "truth" else str), said
        assert ours == theirs, said


def shown(world: World, value: Any) -> Any:
    if not isinstance(value, list):
        return value
    return [world.address[n] if isinstance(n, etree._Element) else (n.name, n.rows) for n in value]


def _examples(number: int) -> Any:
    slow = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]
    return settings(max_examples=number, deadline=None, suppress_health_check=slow)


@given(st.data())
@_examples(150)
def test_xpath_is_what_libxml2_says(data: Any) -> None:
    world = data.draw(worlds())
    maker = Maker(world, data.draw)
    for make in (maker.nodes, maker.text, maker.number, maker.truth):
        agree(world, make(3, False))


@given(st.data())
@_examples(80)
def test_every_operator_between_every_two_kinds_of_values(data: Any) -> None:
    world = data.draw(worlds())
    maker = Maker(world, data.draw)
    values = [Words("//*", "/*//*[not(@closed)]", "nodes"), *(maker.nodes(1, False) for _ in range(3))]
    values += [both(text, "whole") for text in ("-7", "3", "-0", "0")]
    values += [both("2.5", "number"), both("'-3'", "text"), both("'a'", "text"), both("''", "text")]
    operator = maker.pick("+", "-", "*", "div", "mod", "=", "!=", "<", "<=", ">", ">=")
    for a in values:
        for b in values:
            if operator[0] in "=!<>":
                words = Words(f"{a.ours} {operator} {b.ours}", a.compared(operator, b), "truth")
            else:
                words = Words(f"{a.ours} {operator} {b.ours}", f"{a.number()} {operator} {b.number()}", "number")
            agree(world, words)


AXES = (
    *("self", "child", "parent", "ancestor", "ancestor-or-self", "descendant", "descendant-or-self"),
    *("following-sibling", "preceding-sibling"),
)


@given(worlds())
@_examples(60)
def test_every_axis_counts_its_own_way(world: World) -> None:
    for axis in AXES:
        for place in ("", "[1]", "[2]", "[last()]", "[position() > 1]"):
            for path in (f"{axis}::*{place}", f"/data/main/*/{axis}::*{place}"):
                if not path.startswith("/data") or not world.spot.tables:  # else by way of the own row
                    agree(world, Words(path, f"{path}[not(@closed)]", "nodes"))


# --- what ODK adds, in plain Python as its documentation says it ---


def _first(value: Any) -> str:
    """The text of an argument as lxml hands it over."""
    if isinstance(value, list):
        return (value[0].text or "") if value and not len(value[0]) else ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"{value + 0.0:.15g}" if isinstance(value, float) else str(value)


def _numbers(nodes: list[Any]) -> list[float]:
    texts = [n.text.strip() for n in nodes if not len(n) and n.text]
    return [float(t) for t in texts if re.fullmatch(r"-?(\d+\.?\d*|\.\d+)", t)]


def _words(value: Any) -> list[str]:
    return [w for w in re.split(r"[ \t\r\n]+", _first(value)) if w]


def _selected_at(value: Any, place: float) -> str:
    words = _words(value)
    return words[int(place)] if 0 <= place < len(words) else ""


def _substr(value: Any, start: float, end: float = math.inf) -> str:
    if math.isnan(start) or math.isnan(end):
        return ""
    text = _first(value)
    return text[int(max(-99, min(99, start))) : int(max(-99, min(99, end)))]


def _checklist(low: float, high: float, *said: str) -> bool:
    ticked = sum(1 for s in said if s in ("yes", "true") or _numbers([_Leaf(s)]) > [0.0])
    return (low == -1 or ticked >= low) and (high == -1 or ticked <= high)


class _Leaf:
    def __init__(self, text: str) -> None:
        self.text = text

    def __len__(self) -> int:
        return 0


MEANT: dict[str, Callable[..., Any]] = {
    "if": lambda asked, yes, no: yes if asked else no,
    "coalesce": lambda a, b: next((t for t in (_first(a), _first(b)) if t not in ("", "NaN")), ""),
    "selected": lambda value, wanted: wanted.strip() in (_words(value) or [""]),
    "selected-at": _selected_at,
    "count-selected": lambda value: float(len(_words(value))),
    "regex": lambda value, pattern: bool(re.fullmatch(pattern, _first(value))),
    "ends-with": lambda value, end: _first(value).endswith(_first(end)),
    "substr": _substr,
    "join": lambda joint, nodes: joint.join("" if len(n) else n.text or "" for n in nodes),
    "min": lambda nodes: min(_numbers(nodes), default=math.nan),
    "max": lambda nodes: max(_numbers(nodes), default=math.nan),
    "count-non-empty": lambda nodes: float(sum(1 for n in nodes if not len(n) and n.text)),
    "int": lambda n: float(math.trunc(n)) if math.isfinite(n) else n,
    "abs": abs,
    "pow": lambda a, b: math.nan if math.isnan(a) else a**b,
    "checklist": _checklist,
}


def test_what_odk_adds_is_what_its_documentation_says() -> None:
    functions = etree.FunctionNamespace(None)
    for name, meant in MEANT.items():
        functions[name] = partial(_called, meant)

    @given(st.data())
    @_examples(120)
    def check(data: Any) -> None:
        world = data.draw(worlds())
        maker = Maker(world, data.draw, odk=True)
        for make in (maker.text, maker.number, maker.truth):
            agree(world, make(3, False))

    try:
        check()
    finally:
        for name in MEANT:
            del functions[name]


def _called(meant: Callable[..., Any], _: Any, *given: Any) -> Any:
    """A function of ours as lxml calls it: with where it stands first."""
    return meant(*given)


# --- what these comparisons and the checks of cost brought to light ---


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("string(${word} | ${number})", "hello world"),
        ("string(${number} | ${word})", "hello world"),  # the first in the form, not the first that is named
        ("name((ancestor::*)[1])", "data"),
        ("name(ancestor::*[1])", "main"),
        ("string(/data/main/clock/preceding-sibling::*)", "hello world"),
        ("boolean(--'0')", "false"),
        ("string(1 div -0)", "-Infinity"),
        ("string(/data/main/word/text())", "hello world"),
        ("count(/data/main/empty/text())", "0"),
        ("count(/data[false()]/main)", "0"),
        ("normalize-space(' a　b ')", "a　b"),
        ("count-selected('一　二 三')", "2"),
        ("""concat("见“附件”", '')""", "见“附件”"),
    ],
)
def test_what_was_once_computed_wrongly(expression: str, expected: str) -> None:
    assert value(expression) == expected


_LONG = "a " * 4_500
DEAR = {
    "a long sum": "count(//*[//*[" + "+".join(["1"] * 1_300) + " = 9]])",
    "many arguments": "count(//*[//*[max(" + ",".join(["1"] * 1_800) + ") = 5]])",
    "a part of a long text": f"count(//*[//*[substring('{_LONG}', 2) = 'x']])",
    "words of a long text": f"count(//*[//*[selected('{_LONG}', 'x')]])",
    "a long format": "count(//*[//*[format-date(today(), '" + "%a" * 4_500 + "') = 'x']])",
    "siblings": "count(//*" + "/following-sibling::*" * 400 + ")",
    "everything": "sum(" + "|".join(["//*"] * 900) + ")",
}


@pytest.mark.parametrize("name", DEAR)
def test_a_form_with_a_dear_expression_is_ready_and_computed_in_a_second(name: str) -> None:
    of = form(*(item(f"q{n}") for n in range(1_000)), item("h", constraint=DEAR[name]))
    looked = inspection(of, {f"q{n}": "abcabc" * 20 for n in range(1_000)} | {"h": "x"})
    start = time.process_time()
    make_reckoner()(of, looked, None, frozenset())
    assert time.process_time() - start < 1
