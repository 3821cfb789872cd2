"""XLSForm's expression language read into a tree: XPath 1.0 with `${name}`, bounded before anything is built."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NoReturn, TypeAlias

LONGEST = 10_000
"""Characters of one expression."""
MOST_TOKENS = 4_000
DEEPEST = 100
"""Brackets within brackets (a chain of 60 `if` within `if` occurs in real forms)."""


class ExpressionError(ValueError):
    """An expression that cannot be used: a stable `code`, what to say, and the character it is about (from 0)."""

    def __init__(self, code: str, zh: str, en: str, position: int = 0) -> None:
        super().__init__(en)
        self.code = code
        self.zh = zh
        self.en = en
        self.position = position


@dataclass(frozen=True, slots=True)
class Literal:
    """A text or a number."""

    value: str | float


@dataclass(frozen=True, slots=True)
class Reference:
    """`${name}`."""

    name: str
    position: int


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a path; `test` is a name, or `*` for any element."""

    axis: str
    test: str
    predicates: tuple[Tree, ...]
    position: int


@dataclass(frozen=True, slots=True)
class Path:
    """Steps from the root (`absolute`), from where the expression stands, or from what `start` gives."""

    start: Tree | None
    absolute: bool
    filters: tuple[Tree, ...]
    steps: tuple[Step, ...]
    position: int


@dataclass(frozen=True, slots=True)
class Call:
    """A function and its arguments."""

    name: str
    arguments: tuple[Tree, ...]
    position: int


@dataclass(frozen=True, slots=True)
class Negate:
    """`-x`."""

    operand: Tree


@dataclass(slots=True)
class Chain:
    """Operators of one strength, from left to right: `a - b + c`. A long one is no deep one."""

    level: int
    first: Tree
    rest: list[tuple[str, Tree]]


Tree: TypeAlias = Literal | Reference | Path | Call | Negate | Chain

OR, AND, EQUALITY, ORDER, SUM, PRODUCT, UNION = range(7)

_LEVELS = {
    "or": OR,
    "and": AND,
    **dict.fromkeys(("=", "!="), EQUALITY),
    **dict.fromkeys(("<", "<=", ">", ">="), ORDER),
    **dict.fromkeys(("+", "-"), SUM),
    **dict.fromkeys(("*", "div", "mod"), PRODUCT),
}
_WORD_OPERATORS = frozenset({"or", "and", "div", "mod"})
_AXES = frozenset(
    {
        *("child", "parent", "self", "descendant", "descendant-or-self", "ancestor", "ancestor-or-self"),
        *("following-sibling", "preceding-sibling"),
    }
)
_TOKEN = re.compile(
    r"""\s*(?:
    (?P<ref>\$\{[^{}]*\})
  | (?P<number>\d+(?:\.\d*)?|\.\d+)
  | (?P<text>"[^"]*"|'[^']*')
  | (?P<name>[^\W\d][\w.\-·]*(?::(?!:)(?:[^\W\d][\w.\-·]*|\*))?)
  | (?P<op>//|\.\.|::|<=|>=|!=|[/.()\[\]@,|+\-<>=*])
    )""",
    re.VERBOSE,
)
_END = "end"
_CURLY = str.maketrans({"“": '"', "”": '"', "‘": "'", "’": "'"})


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    position: int


def parse(text: str) -> Tree:
    """The tree of an expression. Raises ExpressionError: empty-expression, expression-too-long, expression-too-deep,
    bad-expression."""
    if len(text) > LONGEST:
        _refuse("expression-too-long", f"算式超过 {LONGEST} 字", f"The expression is longer than {LONGEST} characters")
    try:
        return _tree(text)
    except ExpressionError as error:  # spreadsheets put curly quotes in unasked; within straight ones they are text
        if error.code != "bad-expression" or (straight := text.translate(_CURLY)) == text:
            raise
    return _tree(straight)


def _tree(text: str) -> Tree:
    tokens = _tokens(text)
    if len(tokens) == 1:
        _refuse("empty-expression", "算式是空的", "The expression is empty")
    parser = _Parser(tokens)
    try:
        tree = parser.expression()
        parser.expect(_END)
    except RecursionError:
        _too_deep(0)
    return tree


def quoted_names(text: str) -> tuple[str, ...]:
    """The names in a text that quotes answers: `How old is ${child}?`."""
    return tuple(m[1] for m in QUOTED.finditer(text))


QUOTED = re.compile(r"\$\{\s*([^{}\s]+)\s*\}")


def _refuse(code: str, zh: str, en: str, position: int = 0) -> NoReturn:
    raise ExpressionError(code, zh, en, position)


def _too_deep(position: int) -> NoReturn:
    _refuse("expression-too-deep", f"括号套得太深（超过 {DEEPEST} 层）", f"Nested deeper than {DEEPEST}", position)


def _tokens(text: str) -> list[_Token]:
    found: list[_Token] = []
    position, end = 0, len(text.rstrip())
    while position < end:
        match = _TOKEN.match(text, position)
        if match is None or match.lastgroup is None:
            rest = text[position:].lstrip()
            at = len(text) - len(rest)
            _refuse("bad-expression", f"看不懂“{rest[:10]}”", f"Cannot read '{rest[:10]}'", at)
        kind = match.lastgroup
        found.append(_Token(kind, match[kind], match.start(kind)))
        if len(found) > MOST_TOKENS:
            _refuse("expression-too-long", f"算式超过 {MOST_TOKENS} 个词", f"More than {MOST_TOKENS} words", position)
        position = match.end()
    found.append(_Token(_END, "", len(text)))
    return found


class _Parser:
    """Reads tokens from left to right. Operators go over a stack of their own, so that only brackets are depth."""

    def __init__(self, tokens: list[_Token]) -> None:
        self.tokens = tokens
        self.place = 0
        self.depth = 0

    @property
    def token(self) -> _Token:
        return self.tokens[self.place]

    def take(self) -> _Token:
        token = self.tokens[self.place]
        self.place += 1
        return token

    def next_is(self, *texts: str) -> bool:
        return self.token.kind == "op" and self.token.text in texts

    def accept(self, text: str) -> bool:
        if self.next_is(text):
            self.place += 1
            return True
        return False

    def expect(self, what: str) -> None:
        token = self.token
        if (token.kind == _END) if what == _END else self.accept(what):
            return
        shown = token.text or "…"
        if what == _END:
            _refuse("bad-expression", f"“{shown}”是多余的", f"'{shown}' does not belong here", token.position)
        _refuse("bad-expression", f"“{shown}”前面缺少“{what}”", f"'{what}' is missing before '{shown}'", token.position)

    def expression(self) -> Tree:
        self.depth += 1
        if self.depth > DEEPEST:
            _too_deep(self.token.position)
        operands, operators = [self.signed()], list[str]()
        while (operator := self.operator()) is not None:
            while operators and _LEVELS[operators[-1]] >= _LEVELS[operator]:
                _reduce(operands, operators)
            operators.append(operator)
            operands.append(self.signed())
        while operators:
            _reduce(operands, operators)
        self.depth -= 1
        return operands[0]

    def operator(self) -> str | None:
        token = self.token
        if token.text in _LEVELS and (token.kind == "op" or (token.kind == "name" and token.text in _WORD_OPERATORS)):
            self.place += 1
            return token.text
        return None

    def signed(self) -> Tree:
        minuses = 0
        while self.accept("-"):
            minuses += 1
        tree = self.path()
        while self.accept("|"):
            tree = _joined(UNION, tree, "|", self.path())
        if minuses % 2:
            return Negate(tree)
        return Negate(Negate(tree)) if minuses else tree  # what is negated twice is a number all the same

    def path(self) -> Tree:
        token = self.token
        if self.next_is("/", "//"):
            return Path(None, True, (), self.steps(absolute=True), token.position)
        start = self.primary()
        if start is None:
            return Path(None, False, (), self.steps(), token.position)
        filters = self.predicates()
        if not filters and not self.next_is("/", "//"):
            return start
        return Path(start, False, filters, self.steps(after=True), token.position)

    def primary(self) -> Tree | None:
        """A value that is no step: text, number, `${name}`, brackets, a function; None where a step begins."""
        token = self.token
        match token.kind:
            case "number":
                self.place += 1
                return Literal(float(token.text))
            case "text":
                self.place += 1
                return Literal(token.text[1:-1])
            case "ref":
                self.place += 1
                name = token.text[2:-1].strip()
                if not name or any(c.isspace() for c in name):
                    _refuse("bad-expression", "“${}”里要写名称", "A name is missing in '${}'", token.position)
                return Reference(name, token.position)
            case "name" if self._is_call():
                return self.call()
        if self.accept("("):
            tree = self.expression()
            self.expect(")")
            return tree
        return None

    def _is_call(self) -> bool:
        following = self.tokens[self.place + 1]
        return following.kind == "op" and following.text == "(" and self.token.text not in ("node", "text")

    def call(self) -> Tree:
        name = self.take()
        self.expect("(")
        arguments: list[Tree] = []
        while not self.next_is(")"):
            if arguments:
                self.expect(",")
            arguments.append(self.expression())
        self.expect(")")
        return Call(name.text, tuple(arguments), name.position)

    def steps(self, absolute: bool = False, after: bool = False) -> tuple[Step, ...]:
        found: list[Step] = []
        if not absolute and not after:
            found.append(self.step())
        elif absolute and self.accept("/"):
            if not self._begins_step():
                return ()
            found.append(self.step())
        while self.next_is("/", "//"):
            slash = self.take()
            if slash.text == "//":
                found.append(Step("descendant-or-self", "*", (), slash.position))
            found.append(self.step())
        return tuple(found)

    def _begins_step(self) -> bool:
        return self.token.kind == "name" or self.next_is(".", "..", "*")

    def step(self) -> Step:
        token = self.token
        if self.accept("."):
            return Step("self", "*", self.predicates(), token.position)
        if self.accept(".."):
            return Step("parent", "*", self.predicates(), token.position)
        if self.next_is("@"):
            _refuse("bad-expression", "不支持属性“@”", "Attributes ('@') are not supported", token.position)
        axis = "child"
        following = self.tokens[min(self.place + 1, len(self.tokens) - 1)]
        if token.kind == "name" and following.kind == "op" and following.text == "::":
            axis = token.text
            if axis not in _AXES:
                _refuse("bad-expression", f"不认识轴“{axis}”", f"Unknown axis '{axis}'", token.position)
            self.place += 2
        if self.token.text == "text" and self._is_text_test():
            self.place += 3
            return self._text(axis, token.position)
        return Step(axis, self.node_test(), self.predicates(), token.position)

    def _is_text_test(self) -> bool:
        return [t.text for t in self.tokens[self.place + 1 : self.place + 3]] == ["(", ")"]

    def _text(self, axis: str, position: int) -> Step:
        """`text()`: there are no nodes for texts, so it is the answered element itself."""
        inside = {"child": "self", "descendant": "descendant-or-self"}.get(axis)
        if inside is None:
            _refuse("bad-expression", f"轴“{axis}”后不能是 text()", f"text() cannot follow '{axis}'", position)
        answered = Call("string-length", (), position)
        return Step(inside, "*", (Chain(ORDER, answered, [(">", Literal(0.0))]), *self.predicates()), position)

    def node_test(self) -> str:
        token = self.token
        if self.accept("*"):
            return "*"
        if token.kind != "name":
            shown = token.text or "…"
            _refuse("bad-expression", f"“{shown}”处应是一个值", f"A value is expected at '{shown}'", token.position)
        self.place += 1
        if self.accept("("):  # node()
            self.expect(")")
            return "*"
        return token.text.rpartition(":")[2]

    def predicates(self) -> tuple[Tree, ...]:
        found: list[Tree] = []
        while self.accept("["):
            found.append(self.expression())
            self.expect("]")
        return tuple(found)


def _reduce(operands: list[Tree], operators: list[str]) -> None:
    operator, right, left = operators.pop(), operands.pop(), operands.pop()
    operands.append(_joined(_LEVELS[operator], left, operator, right))


def _joined(level: int, left: Tree, operator: str, right: Tree) -> Chain:
    if isinstance(left, Chain) and left.level == level:
        left.rest.append((operator, right))
        return left
    return Chain(level, left, [(operator, right)])
