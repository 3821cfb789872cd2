"""What an expression computes with: texts, numbers, truths and lists of nodes, and how one becomes another.

The rules are ODK's: an empty answer is the empty text and no number; texts that are a day, an instant or a time of day
are numbers of days since 1970-01-01, so that `${opened} < today()` compares days.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from decimal import Decimal
from typing import Protocol, TypeAlias

LONGEST_TEXT = 100_000
"""Characters of a text that an expression may make."""
EPOCH = date(1970, 1, 1)
_SECONDS = 86_400
NAN = math.nan


class EvaluationError(Exception):
    """What is asked for cannot be computed; never leaves `forms`."""


class Element(Protocol):
    """A node of an instance: an answer, a group, a row; or a choice or a column of one."""

    @property
    def name(self) -> str: ...
    @property
    def is_number(self) -> bool: ...


class Valuer(Protocol):
    """Says the text of a node."""

    def text_of(self, node: Element) -> str: ...
    @property
    def zone(self) -> tzinfo | None: ...


Value: TypeAlias = "str | float | bool | list[Element]"
Atom: TypeAlias = str | float | bool

_BLANKS = re.compile(r"[ \t\r\n]+")
_NUMBER = re.compile(r"\s*-?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)\s*", re.ASCII)
_DAY = re.compile(r"(-?[0-9]{4})-([0-9]{1,2})-([0-9]{1,2})", re.ASCII)
_OFFSET = r"(?:Z|[+-][0-9]{2}(?::?[0-9]{2})?)"
_INSTANT = re.compile(
    rf"([0-9]{{4}}-[0-9]{{1,2}}-[0-9]{{1,2}})[T ]([0-9]{{1,2}}:[0-9]{{2}}(?::[0-9]{{2}}(?:\.[0-9]+)?)?)\s*({_OFFSET})?"
)
_TIME = re.compile(rf"([0-9]{{1,2}}):([0-9]{{2}})(?::([0-9]{{2}})(?:\.([0-9]{{1,6}})[0-9]*)?)?\s*{_OFFSET}?")


def to_text(of: Valuer, value: Value) -> str:
    """A value as text; of several nodes the first one's."""
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return of.text_of(value[0]) if value else ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return number_text(value)


def number_text(number: float) -> str:
    """A number without exponent and without the dust of binary fractions: 0.1 + 0.2 is 0.3."""
    if math.isnan(number):
        return "NaN"
    if math.isinf(number):
        return "Infinity" if number > 0 else "-Infinity"
    if number == int(number) and abs(number) < 1e15:
        return str(int(number))
    text = format(Decimal(f"{number:.15g}"), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def to_number(of: Valuer, value: Value) -> float:
    """A value as number; NaN where it is none."""
    if isinstance(value, bool):
        return 1.0 if value else 0.0
    if isinstance(value, float):
        return value
    return text_number(to_text(of, value), of.zone)


def text_number(text: str, zone: tzinfo | None = None) -> float:
    """The number that a text is, a day or an instant as days since 1970-01-01 and a time of day as part of a day."""
    if not text or len(text) > 100:
        return NAN
    if _NUMBER.fullmatch(text):
        return float(text)
    moment = read_moment(text, zone)
    if moment is not None:
        return days_of(moment)
    clock = read_time(text)
    return NAN if clock is None else seconds_of(clock) / _SECONDS


def to_truth(of: Valuer, value: Value) -> bool:
    """A value as truth: an answer that is there and is not 0, a text that is not empty, several nodes."""
    if isinstance(value, bool):
        return value
    if isinstance(value, list):
        if len(value) != 1:
            return bool(value)
        text = of.text_of(value[0])
        value = text_number(text) if text and value[0].is_number else text
    if isinstance(value, str):
        return value != ""
    return not math.isnan(value) and abs(value) > 1e-12


def words_of(text: str) -> list[str]:
    """A text's words, as choices are kept: parted by blanks, tabs, line ends, not by full-width blanks."""
    return [word for word in _BLANKS.split(text) if word]


def is_empty(of: Valuer, value: Value) -> bool:
    """Whether there is nothing: the empty text, no number, no answered node."""
    return to_text(of, value) in ("", "NaN")


def atoms(of: Valuer, value: Value) -> Sequence[Atom]:
    """What a comparison looks at: each node's text, as number where a number is asked for; else the value itself."""
    if not isinstance(value, list):
        return (value,)
    found: list[Atom] = []
    for node in value:
        text = of.text_of(node)
        found.append(text_number(text) if text and node.is_number else text)
    return found


def compare(of: Valuer, operator: str, left: Value, right: Value) -> bool:
    """`=` `!=` `<` `<=` `>` `>=`. With several nodes: whether it holds for any of them; an unanswered single one counts
    as the empty text."""
    if isinstance(left, bool) or isinstance(right, bool):
        if operator in ("=", "!="):
            return (to_truth(of, left) == to_truth(of, right)) == (operator == "=")
        return _ordered(operator, to_number(of, left), to_number(of, right))
    lefts, rights = atoms(of, left) or ("",), atoms(of, right) or ("",)
    if operator in ("=", "!="):
        wanted = operator == "="
        if len(lefts) == 1 and len(rights) == 1:
            return _same(of, lefts[0], rights[0]) == wanted
        if len(lefts) == 1 or len(rights) == 1:
            return any(_same(of, a, b) == wanted for a in lefts for b in rights)
        return _many_same(of, lefts, rights, wanted)
    return _many_ordered(operator, _numbers(of, lefts), _numbers(of, rights))


def _same(of: Valuer, a: Atom, b: Atom) -> bool:
    if isinstance(a, str) and isinstance(b, str):
        return a == b
    x, y = to_number(of, a), to_number(of, b)
    return x == y or abs(x - y) < 1e-12


def _many_same(of: Valuer, lefts: Sequence[Atom], rights: Sequence[Atom], same: bool) -> bool:
    """As for single ones, without looking at every pair: two lists of thousands would be millions."""
    a = {_key(of, x) for x in lefts}
    b = {_key(of, x) for x in rights}
    return not a.isdisjoint(b) if same else len(a | b) > 1


def _key(of: Valuer, value: Atom) -> str:
    return value if isinstance(value, str) else number_text(to_number(of, value))


def _numbers(of: Valuer, values: Sequence[Atom]) -> list[float]:
    return [n for n in (to_number(of, v) for v in values) if not math.isnan(n)]


def _many_ordered(operator: str, lefts: list[float], rights: list[float]) -> bool:
    if not lefts or not rights:
        return False
    if operator.startswith("<"):
        return _ordered(operator, min(lefts), max(rights))
    return _ordered(operator, max(lefts), min(rights))


def _ordered(operator: str, a: float, b: float) -> bool:
    match operator:
        case "<":
            return a < b
        case "<=":
            return a <= b
        case ">":
            return a > b
    return a >= b


def read_moment(text: str, zone: tzinfo | None = None) -> date | datetime | None:
    """The day or instant that a text is (an instant on the clock of `zone`, the inspection's), or None."""
    if len(text) > 40:
        return None
    try:
        if found := _DAY.fullmatch(text):
            return date(int(found[1]), int(found[2]), int(found[3]))
        if found := _INSTANT.fullmatch(text):
            year, month, day = (int(n) for n in found[1].split("-"))
            clock = read_time(found[2])
            if clock is None:
                return None
            moment = datetime.combine(date(year, month, day), clock)
            if not found[3]:
                return moment.replace(tzinfo=zone)
            aware = moment.replace(tzinfo=_zone(found[3]))
            return aware.astimezone(zone) if zone is not None else aware
    except (ValueError, OverflowError):
        return None
    return None


def _zone(text: str) -> tzinfo:
    if text == "Z":
        return UTC
    offset = timedelta(hours=int(text[1:3]), minutes=int(text[3:].strip(":") or 0))
    return timezone(-offset if text[0] == "-" else offset)


def read_time(text: str) -> time | None:
    """The time of day that a text is, or None."""
    found = _TIME.fullmatch(text) if len(text) <= 40 else None
    if found is None:
        return None
    try:
        return time(int(found[1]), int(found[2]), int(found[3] or 0), int((found[4] or "0").ljust(6, "0")))
    except ValueError:
        return None


def days_of(moment: date | datetime) -> float:
    """Days since 1970-01-01 on the clock the moment is written with."""
    days = moment.toordinal() - EPOCH.toordinal()
    return days + seconds_of(moment.time()) / _SECONDS if isinstance(moment, datetime) else float(days)


def seconds_of(clock: time) -> float:
    """Seconds since midnight."""
    return clock.hour * 3600 + clock.minute * 60 + clock.second + clock.microsecond / 1e6


def moment_of(days: float, zone: tzinfo | None) -> datetime:
    """The instant so many days after 1970-01-01 on the clock of `zone`. Raises EvaluationError out of all years."""
    try:
        whole = datetime(1970, 1, 1, tzinfo=zone) + timedelta(days=days)
    except (OverflowError, ValueError):
        raise EvaluationError("no such day") from None
    micros = round(whole.microsecond / 1000) * 1000  # days as a fraction carry no more than milliseconds
    return whole.replace(microsecond=0) + timedelta(microseconds=micros)
