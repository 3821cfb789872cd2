"""The functions of XLSForm's language (docs.getodk.org, "Form operators and functions"), what each takes and gives.

A function gets the instance, the node the expression stands at, and its arguments' values. Those that must see their
arguments unevaluated (if, coalesce, once, indexed-repeat …) are in `xpath_functions_special`.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from decimal import ROUND_HALF_DOWN, ROUND_HALF_UP, Decimal, InvalidOperation
from typing import TypeAlias

from safetyapp.forms.expressions_nodes import ChoiceNode, Instance, Node
from safetyapp.forms.expressions_values import (
    NAN,
    EvaluationError,
    Value,
    number_text,
    text_number,
    to_number,
    to_text,
    to_truth,
    words_of,
)

At: TypeAlias = "Node | ChoiceNode"
Run: TypeAlias = Callable[[Instance, At, list[Value]], Value]


@dataclass(frozen=True, slots=True)
class Function:
    """How many arguments a function takes (`most` None: any number) and what computes it; `nodes`: the first argument
    must be a path."""

    run: Run
    fewest: int
    most: int | None
    nodes: bool = False


def _numeric(function: Callable[..., float]) -> Run:
    def run(instance: Instance, _: At, arguments: list[Value]) -> Value:
        numbers = [to_number(instance, a) for a in arguments]
        if any(math.isnan(n) for n in numbers):
            return NAN
        try:
            return float(function(*numbers))
        except OverflowError:
            return math.inf
        except (ValueError, ZeroDivisionError):
            return NAN

    return run


def _textual(function: Callable[..., Value]) -> Run:
    def run(instance: Instance, _: At, arguments: list[Value]) -> Value:
        texts = [to_text(instance, a) for a in arguments]
        instance.spend(sum(len(t) for t in texts) >> 6)
        made = function(*texts)
        return instance.checked(made) if isinstance(made, str) else made

    return run


def _each_text(instance: Instance, values: list[Value]) -> list[str]:
    found: list[str] = []
    for value in values:
        if isinstance(value, list):
            found += [instance.text_of(node) for node in value]
            instance.spend(len(value))
        else:
            found.append(to_text(instance, value))
    return found


def _each_number(instance: Instance, values: list[Value]) -> list[float]:
    found: list[float] = []
    for value in values:
        if isinstance(value, list):
            instance.spend(len(value))
            found += [text_number(instance.text_of(node), instance.zone) for node in value]
        else:
            found.append(to_number(instance, value))
    return [n for n in found if not math.isnan(n)]


def _nodes(value: Value) -> list[Node | ChoiceNode]:
    if not isinstance(value, list):
        raise EvaluationError("a path is wanted")
    return value  # type: ignore[return-value]  # the two kinds of nodes are all there are


# --- text ---


def _concat(instance: Instance, _: At, arguments: list[Value]) -> Value:
    return instance.checked("".join(_each_text(instance, arguments)))


def _join(instance: Instance, _: At, arguments: list[Value]) -> Value:
    separator = to_text(instance, arguments[0])
    return instance.checked(separator.join(_each_text(instance, arguments[1:])))


def _own_or_first(instance: Instance, at: At, arguments: list[Value]) -> str:
    return to_text(instance, arguments[0]) if arguments else instance.text_of(at)


def _string(instance: Instance, at: At, arguments: list[Value]) -> Value:
    return _own_or_first(instance, at, arguments)


def _string_length(instance: Instance, at: At, arguments: list[Value]) -> Value:
    return float(len(_own_or_first(instance, at, arguments)))


def _normalize_space(instance: Instance, at: At, arguments: list[Value]) -> Value:
    return " ".join(words_of(_own_or_first(instance, at, arguments)))


def _substr(instance: Instance, _: At, arguments: list[Value]) -> Value:
    text = to_text(instance, arguments[0])
    bounds = [to_number(instance, a) for a in arguments[1:]]
    if any(math.isnan(b) for b in bounds):
        return ""
    start, end = ([int(max(-1e9, min(1e9, b))) for b in bounds] + [len(text)])[:2]
    return text[start:end]


def _substring(instance: Instance, _: At, arguments: list[Value]) -> Value:
    """XPath's own: counts from 1, rounds."""
    text = to_text(instance, arguments[0])
    start = _half_up(to_number(instance, arguments[1]), 0)
    end = start + _half_up(to_number(instance, arguments[2]), 0) if len(arguments) > 2 else math.inf
    if math.isnan(start) or not end > 1 or start > len(text):  # NaN is not above 1
        return ""
    return text[int(max(start, 1)) - 1 : int(min(end, len(text) + 1)) - 1]


def _translate(instance: Instance, _: At, arguments: list[Value]) -> Value:
    text, old, new = (to_text(instance, a) for a in arguments)
    instance.spend(len(old) + (len(text) >> 4))
    table: dict[int, str | None] = {}
    for place, character in enumerate(old):
        table.setdefault(ord(character), new[place] if place < len(new) else None)
    return text.translate(table)


def _before(text: str, target: str) -> str:
    head, found, _ = text.partition(target) if target else ("", "", "")
    return head if found else ""


def _after(text: str, target: str) -> str:
    return text.partition(target)[2] if target else text


def _regex(instance: Instance, _: At, arguments: list[Value]) -> Value:
    from safetyapp.forms.expressions_regex import BadPattern, pattern

    text, wanted = to_text(instance, arguments[0]), to_text(instance, arguments[1])
    try:
        found = pattern(wanted)
        instance.spend(len(found.states) >> 2)
        return found.matches(text, instance.spend)
    except BadPattern as error:
        raise EvaluationError(str(error)) from None


# --- choices ---


def _selected(instance: Instance, _: At, arguments: list[Value]) -> Value:
    wanted = to_text(instance, arguments[1]).strip()
    return any(wanted in (words_of(text) or [""]) for text in _each_text(instance, arguments[:1]))


def _selected_at(instance: Instance, _: At, arguments: list[Value]) -> Value:
    chosen, place = words_of(to_text(instance, arguments[0])), to_number(instance, arguments[1])
    return chosen[int(place)] if math.isfinite(place) and 0 <= place < len(chosen) else ""


def _count_selected(instance: Instance, _: At, arguments: list[Value]) -> Value:
    return float(len(words_of(to_text(instance, arguments[0]))))


# --- logic ---


def _checked_one(instance: Instance, value: Value) -> bool:
    """What counts for a checklist: the text "yes" (as documented), and what is true or a number above 0."""
    if isinstance(value, bool):
        return value
    if isinstance(value, float):
        return value > 0
    text = to_text(instance, value)
    return text in ("yes", "true") or text_number(text) > 0


def _spread(values: list[Value]) -> list[Value]:
    """A list of nodes as one value for each."""
    found: list[Value] = []
    for value in values:
        found += [[node] for node in value] if isinstance(value, list) and value else [value]
    return found


def _between(low: float, count: float, high: float) -> bool:
    return (low == -1 or count >= low) and (high == -1 or count <= high)


def _checklist(instance: Instance, _: At, arguments: list[Value]) -> Value:
    low, high = (to_number(instance, a) for a in arguments[:2])
    instance.spend(sum(len(a) for a in arguments if isinstance(a, list)))
    return _between(low, sum(_checked_one(instance, a) for a in _spread(arguments[2:])), high)


def _weighted_checklist(instance: Instance, _: At, arguments: list[Value]) -> Value:
    low, high = (to_number(instance, a) for a in arguments[:2])
    instance.spend(sum(len(a) for a in arguments if isinstance(a, list)))
    if len(arguments) == 4 and isinstance(arguments[2], list) and isinstance(arguments[3], list):
        pairs = list(zip(_spread([arguments[2]]), _spread([arguments[3]]), strict=False))
    else:
        pairs = list(zip(arguments[2::2], arguments[3::2], strict=False))
    weights = [to_number(instance, weight) for value, weight in pairs if _checked_one(instance, value)]
    return _between(low, sum(w for w in weights if not math.isnan(w)), high)


# --- numbers ---


def _half_up(number: float, places: int) -> float:
    if not math.isfinite(number):
        return number
    if abs(places) > 30:
        return NAN
    try:
        exact = Decimal(repr(number)).quantize(
            Decimal(1).scaleb(-places), rounding=ROUND_HALF_DOWN if number < 0 else ROUND_HALF_UP
        )
    except InvalidOperation:
        return number
    return float(exact)


def _round(instance: Instance, _: At, arguments: list[Value]) -> Value:
    places = to_number(instance, arguments[1]) if len(arguments) > 1 else 0.0
    return _half_up(to_number(instance, arguments[0]), int(places) if math.isfinite(places) else 99)


def _int(number: float) -> float:
    return float(math.trunc(number)) if math.isfinite(number) else number


def _power(base: float, exponent: float) -> float:
    raised = base**exponent
    return raised if isinstance(raised, float) else NAN


def _log(number: float) -> float:
    return -math.inf if number == 0 else math.log(number)


def _log10(number: float) -> float:
    return -math.inf if number == 0 else math.log10(number)


def _thousands(instance: Instance, _: At, arguments: list[Value]) -> Value:
    number = to_number(instance, arguments[0])
    if not math.isfinite(number):
        return ""
    whole, point, rest = number_text(number).partition(".")
    return f"{int(whole):,}{point}{rest}" if whole != "-0" else f"-0{point}{rest}"


# --- nodes ---


def _sum(instance: Instance, _: At, arguments: list[Value]) -> Value:
    _nodes(arguments[0])
    return math.fsum(_each_number(instance, arguments))


def _max(instance: Instance, _: At, arguments: list[Value]) -> Value:
    return max(_each_number(instance, arguments), default=NAN)


def _min(instance: Instance, _: At, arguments: list[Value]) -> Value:
    return min(_each_number(instance, arguments), default=NAN)


def _count(instance: Instance, _: At, arguments: list[Value]) -> Value:
    return float(len(_nodes(arguments[0])))


def _count_non_empty(instance: Instance, _: At, arguments: list[Value]) -> Value:
    nodes = _nodes(arguments[0])
    instance.spend(len(nodes))
    return float(sum(1 for node in nodes if instance.text_of(node)))


def _name(instance: Instance, at: At, arguments: list[Value]) -> Value:
    nodes = _nodes(arguments[0]) if arguments else [at]
    return nodes[0].name if nodes else ""


def _boolean_from_string(text: str) -> Value:
    return text.lower() == "true" or text == "1"


def _empty(_: Instance, __: At, ___: list[Value]) -> Value:
    return ""


def _property(instance: Instance, _: At, arguments: list[Value]) -> Value:
    """What a device would tell: here only who inspects is known."""
    return instance.inspection.inspector.name if to_text(instance, arguments[0]) == "username" else ""


FUNCTIONS: dict[str, Function] = {
    "true": Function(lambda i, at, a: True, 0, 0),
    "false": Function(lambda i, at, a: False, 0, 0),
    "boolean": Function(lambda i, at, a: to_truth(i, a[0]), 1, 1),
    "not": Function(lambda i, at, a: not to_truth(i, a[0]), 1, 1),
    "boolean-from-string": Function(_textual(_boolean_from_string), 1, 1),
    "number": Function(lambda i, at, a: to_number(i, a[0] if a else i.text_of(at)), 0, 1),
    "string": Function(_string, 0, 1),
    "concat": Function(_concat, 1, None),
    "join": Function(_join, 1, None),
    "substr": Function(_substr, 2, 3),
    "substring": Function(_substring, 2, 3),
    "substring-before": Function(_textual(_before), 2, 2),
    "substring-after": Function(_textual(_after), 2, 2),
    "string-length": Function(_string_length, 0, 1),
    "translate": Function(_translate, 3, 3),
    "normalize-space": Function(_normalize_space, 0, 1),
    "contains": Function(_textual(lambda text, part: part in text), 2, 2),
    "starts-with": Function(_textual(lambda text, part: text.startswith(part)), 2, 2),
    "ends-with": Function(_textual(lambda text, part: text.endswith(part)), 2, 2),
    "regex": Function(_regex, 2, 2),
    "selected": Function(_selected, 2, 2),
    "is-selected": Function(_selected, 2, 2),
    "selected-at": Function(_selected_at, 2, 2),
    "count-selected": Function(_count_selected, 1, 1),
    "checklist": Function(_checklist, 2, None),
    "weighted-checklist": Function(_weighted_checklist, 2, None),
    "round": Function(_round, 1, 2),
    "int": Function(_numeric(_int), 1, 1),
    "floor": Function(_numeric(lambda n: float(math.floor(n)) if math.isfinite(n) else n), 1, 1),
    "ceiling": Function(_numeric(lambda n: float(math.ceil(n)) if math.isfinite(n) else n), 1, 1),
    "abs": Function(_numeric(abs), 1, 1),
    "pow": Function(_numeric(_power), 2, 2),
    "log": Function(_numeric(_log), 1, 1),
    "log10": Function(_numeric(_log10), 1, 1),
    "sin": Function(_numeric(math.sin), 1, 1),
    "cos": Function(_numeric(math.cos), 1, 1),
    "tan": Function(_numeric(math.tan), 1, 1),
    "asin": Function(_numeric(math.asin), 1, 1),
    "acos": Function(_numeric(math.acos), 1, 1),
    "atan": Function(_numeric(math.atan), 1, 1),
    "atan2": Function(_numeric(math.atan2), 2, 2),
    "sqrt": Function(_numeric(math.sqrt), 1, 1),
    "exp": Function(_numeric(math.exp), 1, 1),
    "exp10": Function(_numeric(lambda n: 10.0**n), 1, 1),
    "pi": Function(lambda i, at, a: math.pi, 0, 0),
    "thousandsep": Function(_thousands, 1, 1),
    "sum": Function(_sum, 1, 1, nodes=True),
    "max": Function(_max, 1, None),
    "min": Function(_min, 1, None),
    "count": Function(_count, 1, 1, nodes=True),
    "count-non-empty": Function(_count_non_empty, 1, 1, nodes=True),
    "name": Function(_name, 0, 1),
    "local-name": Function(_name, 0, 1),
    "depend": Function(lambda i, at, a: a[0], 1, None),
    "pulldata": Function(_empty, 4, 4),
    "extract-signed": Function(_empty, 2, 2),
    "jr:itext": Function(_empty, 1, 1),
    "property": Function(_property, 1, 1),
    "deviceid": Function(_empty, 0, 0),
    "version": Function(lambda i, at, a: i.form.version, 0, 0),
}
"""About texts, numbers, choices and lists of nodes; `xpath_functions_time` and `xpath_functions_earth` add theirs."""
