"""Regular expressions whose time is bounded by length of pattern times length of text, whatever the pattern.

`(a+)+$` hangs Python's own `re`; here all ways through a pattern are followed at once, one character at a time (Ken
Thompson's construction). What that cannot do, looking ahead and referring back, is refused.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NoReturn, TypeAlias

LONGEST_PATTERN = 1_000
LONGEST_SUBJECT = 10_000
_MOST_STATES = 2_000
_MOST_STEPS = 400_000
_DEEPEST = 50

Test: TypeAlias = Callable[[str], bool]


class BadPattern(ValueError):
    """A pattern that is not understood; says in English what."""


@dataclass(slots=True)
class _State:
    """Goes on to `then` when `test` takes the next character; without a test, or at an edge (^ $), to all of them."""

    test: Test | None = None
    edge: str = ""
    then: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Pattern:
    """A pattern ready to be matched."""

    states: tuple[_State, ...]
    start: int
    accept: int

    def matches(self, text: str, spend: Callable[[int], None] | None = None) -> bool:
        """Whether the whole text fits. Raises BadPattern when text and pattern together are too long; `spend` is told
        what each character costs, and may raise what it likes."""
        if len(text) > LONGEST_SUBJECT:
            raise BadPattern("the text is too long")
        live = self._reach([self.start], 0, len(text))
        left = _MOST_STEPS
        for place, character in enumerate(text):
            left -= len(live)
            if spend is not None:
                spend((len(live) >> 1) + 1)
            if left < 0:
                raise BadPattern("pattern and text are too long together")
            ways = [
                target
                for number in live
                if (test := self.states[number].test) is not None and test(character)
                for target in self.states[number].then
            ]
            if not ways:
                return False
            live = self._reach(ways, place + 1, len(text))
        return self.accept in live

    def _reach(self, numbers: list[int], place: int, length: int) -> set[int]:
        seen: set[int] = set()
        waiting = list(numbers)
        while waiting:
            number = waiting.pop()
            if number in seen:
                continue
            seen.add(number)
            state = self.states[number]
            shut = (state.edge == "^" and place != 0) or (state.edge == "$" and place != length)
            if state.test is None and not shut:
                waiting.extend(state.then)
        return seen


@lru_cache(maxsize=256)
def pattern(text: str) -> Pattern:
    """The pattern, read. Raises BadPattern."""
    if len(text) > LONGEST_PATTERN:
        raise BadPattern("the pattern is too long")
    return _Reader(text).pattern()


_Piece: TypeAlias = Callable[[], tuple[int, int]]
"""Builds a piece of the machine anew (a repeated piece is built several times): its first and last state."""


class _Reader:
    def __init__(self, text: str) -> None:
        self.text = text
        self.place = 0
        self.depth = 0
        self.states: list[_State] = []

    def pattern(self) -> Pattern:
        build = self.alternatives()
        if self.place < len(self.text):
            self.wrong("an unmatched ')'")
        start, accept = build()
        return Pattern(tuple(self.states), start, accept)

    def wrong(self, what: str) -> NoReturn:
        raise BadPattern(f"{what} at character {self.place + 1}")

    def state(self, test: Test | None = None, edge: str = "") -> int:
        if len(self.states) >= _MOST_STATES:
            raise BadPattern("the pattern repeats too much")
        self.states.append(_State(test, edge))
        return len(self.states) - 1

    def peek(self) -> str:
        return self.text[self.place] if self.place < len(self.text) else ""

    def take(self) -> str:
        character = self.peek()
        if not character:
            self.wrong("the pattern ends too early")
        self.place += 1
        return character

    def alternatives(self) -> _Piece:
        ways = [self.sequence()]
        while self.peek() == "|":
            self.place += 1
            ways.append(self.sequence())
        if len(ways) == 1:
            return ways[0]

        def build() -> tuple[int, int]:
            first, last = self.state(), self.state()
            for way in ways:
                start, end = way()
                self.states[first].then.append(start)
                self.states[end].then.append(last)
            return first, last

        return build

    def sequence(self) -> _Piece:
        pieces: list[_Piece] = []
        while self.peek() not in ("", "|", ")"):
            pieces.append(self.repeated(self.single()))

        def build() -> tuple[int, int]:
            first = last = self.state()
            for piece in pieces:
                start, end = piece()
                self.states[last].then.append(start)
                last = end
            return first, last

        return build

    def repeated(self, piece: _Piece) -> _Piece:
        while self.peek() in ("*", "+", "?", "{"):
            low, high = self.bounds()
            if self.peek() in ("?", "+"):  # lazy and possessive: the same for a whole match, but for odd corners
                self.place += 1
            piece = self.times(piece, low, high)
        return piece

    def bounds(self) -> tuple[int, int | None]:
        match self.take():
            case "*":
                return 0, None
            case "+":
                return 1, None
            case "?":
                return 0, 1
        end = self.text.find("}", self.place)
        low, comma, high = self.text[self.place : max(end, self.place)].partition(",")
        if end < 0 or not low.isascii() or not low.isdigit() or len(low) > 4 or len(high) > 4:
            self.wrong("a count like {2} or {1,3} is wanted")
        if high and not (high.isascii() and high.isdigit() and int(high) >= int(low)):
            self.wrong("a count like {2} or {1,3} is wanted")
        self.place = end + 1
        return int(low), (int(high) if high else None) if comma else int(low)

    def times(self, piece: _Piece, low: int, high: int | None) -> _Piece:
        def build() -> tuple[int, int]:
            first = last = self.state()
            for _ in range(low):
                start, end = piece()
                self.states[last].then.append(start)
                last = end
            if high is None:
                start, end = piece()
                after = self.state()
                self.states[last].then += [start, after]
                self.states[end].then += [start, after]
                return first, after
            skip = self.state()
            for _ in range(high - low):
                start, end = piece()
                self.states[last].then += [start, skip]
                last = end
            self.states[last].then.append(skip)
            return first, skip

        return build

    def single(self) -> _Piece:
        character = self.take()
        match character:
            case "(":
                return self.group()
            case "[":
                return self.one(self.char_class())
            case ".":
                return self.one(lambda c: c not in "\n\r\u0085\u2028\u2029")
            case "^" | "$":
                return self.edge(character)
            case "\\":
                return self.one(self.escape())
            case "*" | "+" | "?":
                self.wrong(f"nothing to repeat before '{character}'")
        return self.one(lambda c: c == character)

    def one(self, test: Test) -> _Piece:
        def build() -> tuple[int, int]:
            first, last = self.state(test), self.state()
            self.states[first].then.append(last)
            return first, last

        return build

    def edge(self, which: str) -> _Piece:
        def build() -> tuple[int, int]:
            first, last = self.state(None, which), self.state()
            self.states[first].then.append(last)
            return first, last

        return build

    def group(self) -> _Piece:
        self.depth += 1
        if self.depth > _DEEPEST:
            self.wrong("brackets too deep")
        if self.peek() == "?":
            if self.text[self.place : self.place + 2] != "?:":
                self.wrong("looking ahead or behind is not supported")
            self.place += 2
        inside = self.alternatives()
        if self.peek() != ")":
            self.wrong("')' is missing")
        self.place += 1
        self.depth -= 1
        return inside

    def escape(self) -> Test:
        character = self.take()
        if character in _CLASSES:
            return _CLASSES[character]
        if character in "pP":
            return self.property(character == "P")
        if character in "xu":
            digits = self.text[self.place : self.place + (2 if character == "x" else 4)]
            try:
                wanted = chr(int(digits, 16))
            except ValueError:
                self.wrong("a hexadecimal number is wanted")
            self.place += len(digits)
            return lambda c: c == wanted
        if character.isalnum() and character not in _CONTROLS:
            self.wrong(f"'\\{character}' is not supported")
        meant = _CONTROLS.get(character, character)
        return lambda c: c == meant

    def property(self, negated: bool) -> Test:
        if self.take() != "{":
            self.wrong("'{' is wanted")
        end = self.text.find("}", self.place)
        name = self.text[self.place : end] if end > 0 else ""
        self.place = end + 1
        test = _PROPERTIES.get(name.removeprefix("Is").removeprefix("script="))
        if test is None:
            self.wrong(f"the property '{name}' is not supported")
        return (lambda c: not test(c)) if negated else test

    def char_class(self) -> Test:
        negated = self.peek() == "^"
        self.place += negated
        tests: list[Test] = []
        first = True
        while self.peek() != "]" or first:
            first = False
            if self.peek() == "[":
                self.place += 1
                tests.append(self.char_class())
                continue
            tests.append(self.member())
        self.place += 1
        return lambda c: any(test(c) for test in tests) != negated

    def member(self) -> Test:
        low = self.take()
        if low == "\\":
            if self.peek() not in _CONTROLS and self.peek().isalnum():
                return self.escape()
            low = self.take()
            low = _CONTROLS.get(low, low)
        if self.peek() != "-" or self.text[self.place + 1 : self.place + 2] in ("]", ""):
            return lambda c: c == low
        self.place += 1
        high = self.take()
        if high == "\\":
            high = self.take()
        if high < low:
            self.wrong(f"'{low}-{high}' runs backwards")
        return lambda c: low <= c <= high


_CONTROLS = {"n": "\n", "r": "\r", "t": "\t", "f": "\f"}


def _is_digit(c: str) -> bool:
    return "0" <= c <= "9"


def _is_word(c: str) -> bool:
    return c == "_" or (c.isascii() and c.isalnum())


def _is_space(c: str) -> bool:
    return c in " \t\n\x0b\f\r"


def _is_han(c: str) -> bool:
    return "\u4e00" <= c <= "\u9fff" or "\u3400" <= c <= "\u4dbf" or "\U00020000" <= c <= "\U000323af" or c in "〇々"


_CLASSES: dict[str, Test] = {
    "d": _is_digit,
    "D": lambda c: not _is_digit(c),
    "w": _is_word,
    "W": lambda c: not _is_word(c),
    "s": _is_space,
    "S": lambda c: not _is_space(c),
}
_PROPERTIES: dict[str, Test] = {
    "L": str.isalpha,
    "Alpha": lambda c: c.isascii() and c.isalpha(),
    "Alphabetic": str.isalpha,
    "Lu": str.isupper,
    "Upper": str.isupper,
    "Ll": str.islower,
    "Lower": str.islower,
    "N": str.isnumeric,
    "Nd": str.isdecimal,
    "Digit": _is_digit,
    "Alnum": lambda c: c.isascii() and c.isalnum(),
    "Han": _is_han,
}
