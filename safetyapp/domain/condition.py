"""When an item is asked: the part of XLSForm's expression language that compares answers.

`${F-50} = 'pass' and not(${F-51} = 'na')`. Anything else is a mistake in the form, found when the form is read.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

_TOKEN = re.compile(r"\s*(?:(\$\{[^}]+\})|('[^']*'|\"[^\"]*\")|(!=|=|\(|\))|([A-Za-z_]+)|(\S))")


class ConditionError(ValueError):
    """The text is no condition; `args[0]` says where it stops making sense."""


class Condition(Protocol):
    """Something that holds or not, given the answers by item id (an unanswered item is the empty text)."""

    def holds(self, values: Mapping[str, str]) -> bool: ...

    def names(self) -> frozenset[str]: ...


@dataclass(frozen=True, slots=True)
class Compare:
    """`${item} = 'text'`, or `!=`."""

    item: str
    text: str
    equal: bool

    def holds(self, values: Mapping[str, str]) -> bool:
        return (values.get(self.item, "") == self.text) is self.equal

    def names(self) -> frozenset[str]:
        return frozenset({self.item})


@dataclass(frozen=True, slots=True)
class Not:
    part: Condition

    def holds(self, values: Mapping[str, str]) -> bool:
        return not self.part.holds(values)

    def names(self) -> frozenset[str]:
        return self.part.names()


@dataclass(frozen=True, slots=True)
class Both:
    """`a and b`, or `a or b` when `every` is False."""

    left: Condition
    right: Condition
    every: bool

    def holds(self, values: Mapping[str, str]) -> bool:
        if self.every:
            return self.left.holds(values) and self.right.holds(values)
        return self.left.holds(values) or self.right.holds(values)

    def names(self) -> frozenset[str]:
        return self.left.names() | self.right.names()


def parse_condition(text: str) -> Condition:
    """The condition that `text` writes. Raises ConditionError."""
    tokens = [next(g for g in m if g) for m in _TOKEN.findall(text)]
    if len(tokens) > 400:
        raise ConditionError("condition too long")
    condition, rest = _either(tokens, 0)
    if rest:
        raise ConditionError(f"unexpected {rest[0]!r}")
    return condition


def _either(tokens: list[str], depth: int) -> tuple[Condition, list[str]]:
    left, rest = _every(tokens, depth)
    while rest and rest[0] == "or":
        right, rest = _every(rest[1:], depth)
        left = Both(left, right, every=False)
    return left, rest


def _every(tokens: list[str], depth: int) -> tuple[Condition, list[str]]:
    left, rest = _single(tokens, depth)
    while rest and rest[0] == "and":
        right, rest = _single(rest[1:], depth)
        left = Both(left, right, every=True)
    return left, rest


def _single(tokens: list[str], depth: int) -> tuple[Condition, list[str]]:
    if not tokens or depth > 40:
        raise ConditionError("unfinished" if depth <= 40 else "nested too deeply")
    if tokens[0] == "not" and tokens[1:2] == ["("]:
        inner, rest = _bracket(tokens[1:], depth)
        return Not(inner), rest
    if tokens[0] == "(":
        return _bracket(tokens, depth)
    if tokens[0].startswith("${") and len(tokens) >= 3 and tokens[1] in ("=", "!=") and tokens[2][0] in "'\"":
        return Compare(tokens[0][2:-1].strip(), tokens[2][1:-1], tokens[1] == "="), tokens[3:]
    raise ConditionError(f"unexpected {tokens[0]!r}")


def _bracket(tokens: list[str], depth: int) -> tuple[Condition, list[str]]:
    inner, rest = _either(tokens[1:], depth + 1)
    if rest[:1] != [")"]:
        raise ConditionError("missing )")
    return inner, rest[1:]
