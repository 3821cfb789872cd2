"""The functions that decide themselves which of their arguments are computed, and calls in general."""

from __future__ import annotations

import hashlib
import math
import uuid

from safetyapp.domain.address import at as address_at
from safetyapp.forms.expressions_bind import At, Binder, Bound, Compute, Spots, Standing
from safetyapp.forms.expressions_nodes import ChoiceNode, Instance, Node
from safetyapp.forms.expressions_parse import (
    QUOTED,
    UNION,
    Call,
    Chain,
    ExpressionError,
    Literal,
    Path,
    Reference,
    Tree,
    parse,
)
from safetyapp.forms.expressions_schema import Source, Spot
from safetyapp.forms.expressions_values import (
    NAN,
    EvaluationError,
    Value,
    is_empty,
    to_number,
    to_text,
    to_truth,
    words_of,
)
from safetyapp.forms.xpath_functions import FUNCTIONS, Function
from safetyapp.forms.xpath_functions_earth import EARTH_FUNCTIONS
from safetyapp.forms.xpath_functions_time import TIME_FUNCTIONS

_PLAIN: dict[str, Function] = {**FUNCTIONS, **TIME_FUNCTIONS, **EARTH_FUNCTIONS}
_SPECIAL: dict[str, tuple[int, int | None]] = {
    "if": (3, 3),
    "coalesce": (1, None),
    "once": (1, 1),
    "position": (0, 1),
    "last": (0, 0),
    "current": (0, 0),
    "instance": (1, 1),
    "indexed-repeat": (3, 11),
    "randomize": (1, 2),
    "random": (0, 0),
    "uuid": (0, 1),
    "jr:choice-name": (2, 2),
}
NAMES = frozenset(_PLAIN) | frozenset(_SPECIAL)
"""Every function there is."""
_NEEDS_FILES = {
    "pulldata": ("这里没有 pulldata 要的表格，结果总是空的", "There is no table for pulldata: always empty"),
    "extract-signed": ("不验签名，结果总是空的", "Signed texts are not verified here: always empty"),
    "jr:itext": ("这里没有 itext 译文表，结果总是空的", "There is no itext here: always empty"),
    "deviceid": ("不记录设备号，结果总是空的", "No device id is known: always empty"),
    "property": ("只有 property('username') 有值", "Only property('username') is known"),
}


def bind_call(binder: Binder, call: Call, at: Standing) -> Bound:
    """A call, bound. An unknown function or a wrong number of arguments is noted and gives nothing."""
    name, given = call.name, len(call.arguments)
    plain = _PLAIN.get(name)
    fewest, most = (plain.fewest, plain.most) if plain else _SPECIAL.get(name, (0, None))
    if name not in NAMES:
        binder.wrong("unknown-function", f"没有函数“{name}”", f"There is no function '{name}'", call.position)
    elif given < fewest or (most is not None and given > most) or not _fits(name, given):
        zh, en = f"函数“{name}”的参数个数不对（{given} 个）", f"'{name}' cannot take {given} arguments"
        binder.wrong("wrong-arguments", zh, en, call.position)
    elif plain is not None:
        return _plain(binder, call, plain, at)
    else:
        return _SPECIAL_BINDERS[name](binder, call, at)
    for argument in call.arguments:  # what else is wrong
        binder.bind(argument, at)
    return Bound(_fails, ())


def _fits(name: str, given: int) -> bool:
    return given % 2 == 1 if name == "indexed-repeat" else given % 2 == 0 if name == "weighted-checklist" else True


def _fails(_: Instance, __: At) -> Value:
    raise EvaluationError("cannot be computed")


def _plain(binder: Binder, call: Call, function: Function, at: Standing) -> Bound:
    outside = binder.looks_at, binder.is_local
    binder.looks_at, binder.is_local = {}, False
    arguments = [binder.bind(a, at) for a in call.arguments]
    is_same = call.name in _OF_MANY and not at.nested and not binder.is_local and not any(binder.looks_at.values())
    seen, binder.looks_at = binder.looks_at, outside[0]
    binder.note(tuple(seen.items()))
    binder.is_local = binder.is_local or outside[1]
    if function.nodes and not _gives_nodes(call.arguments[0]):
        zh, en = f"“{call.name}”的参数应是路径", f"'{call.name}' wants a path"
        binder.wrong("not-a-path", zh, en, call.position)
    if call.name in _NEEDS_FILES and not (call.name == "property" and call.arguments == (Literal("username"),)):
        zh, en = _NEEDS_FILES[call.name]
        binder.wrong("always-empty", zh, en, call.position, warning=True)
    if call.name == "regex" and isinstance(call.arguments[1], Literal):
        _check_pattern(binder, str(call.arguments[1].value), call.position)
    if not call.arguments and call.name in ("string", "string-length", "normalize-space", "number"):
        binder.note(tuple((s, c) for s, c in at.spots if s.source is not Source.COLUMN))
    binder.is_volatile = binder.is_volatile or call.name == "now"
    run, computes = function.run, [a.compute for a in arguments]

    def compute(instance: Instance, node: At) -> Value:
        given = [c(instance, node) for c in computes]
        instance.spend(1 + (len(given) >> 1) + sum([len(g) >> 4 for g in given if isinstance(g, str)]))
        return run(instance, node, given)

    if is_same and (binder.tables or binder.choice_list):
        return Bound(_remembered(compute))
    return Bound(compute, arguments[0].spots if call.name == "depend" else None)


_OF_MANY = frozenset({"sum", "max", "min", "count", "count-non-empty", "join", "concat"})


def _remembered(compute: Compute) -> Compute:
    """What is the same in all rows, computed once for them: a share of the sum over thousands of rows would otherwise
    add them up thousands of times."""
    key = object()

    def remember(instance: Instance, node: At) -> Value:
        if key not in instance.memory:
            left = instance.left
            instance.left = instance.steps_once or left
            try:
                instance.memory[key] = compute(instance, node)
            except EvaluationError as error:  # no use trying again in every row
                instance.memory[key] = error
            if instance.steps_once:
                instance.left = left
        instance.spend(1)
        value = instance.memory[key]
        if isinstance(value, EvaluationError):
            raise value
        return value

    return remember


def _gives_nodes(tree: Tree) -> bool:
    if isinstance(tree, Call):
        return tree.name in ("current", "instance", "indexed-repeat", "randomize", "depend", "once", "if", "coalesce")
    return isinstance(tree, Path | Reference) or (isinstance(tree, Chain) and tree.level == UNION)


def _check_pattern(binder: Binder, text: str, position: int) -> None:
    from safetyapp.forms.expressions_regex import BadPattern, pattern

    try:
        pattern(text)
    except BadPattern as error:
        binder.wrong("bad-pattern", f"正则表达式用不了（{error}）", f"The regular expression fails: {error}", position)


def _if(binder: Binder, call: Call, at: Standing) -> Bound:
    condition, then, otherwise = (binder.bind(a, at) for a in call.arguments)
    asks, yes, no = condition.compute, then.compute, otherwise.compute

    def compute(instance: Instance, node: At) -> Value:
        instance.spend(1)
        return yes(instance, node) if to_truth(instance, asks(instance, node)) else no(instance, node)

    return Bound(compute, (then.spots or ()) + (otherwise.spots or ()))


def _coalesce(binder: Binder, call: Call, at: Standing) -> Bound:
    parts = [binder.bind(a, at).compute for a in call.arguments]

    def compute(instance: Instance, node: At) -> Value:
        instance.spend(1 + (len(parts) >> 1))
        for part in parts:
            value = part(instance, node)
            if not is_empty(instance, value):
                return value
        return ""

    return Bound(compute, ())


def _once(binder: Binder, call: Call, at: Standing) -> Bound:
    """What stands there already, else the argument. (What is calculated anew each time stands nowhere.)"""
    inner = binder.bind(call.arguments[0], at).compute
    binder.note(binder.own)
    binder.is_local = True

    def compute(instance: Instance, node: At) -> Value:
        here = instance.here
        if isinstance(here, Node):
            answer = instance.answers.get(address_at(here.spot.name, here.rows))
            if answer is not None and answer.value:
                return answer.value
        return inner(instance, node)

    return Bound(compute)


def _row_number(instance: Instance, node: At) -> float:
    if isinstance(node, ChoiceNode):
        return node.place + 1.0
    spot = node.spot
    if spot.is_table and len(node.rows) == spot.depth:
        return instance.rows(spot, node.rows[:-1]).get(node.rows[-1], 0) + 1.0
    return 1.0


def _position(binder: Binder, call: Call, at: Standing) -> Bound:
    if call.arguments:
        argument = binder.bind(call.arguments[0], at).compute

        def compute(instance: Instance, node: At) -> Value:
            nodes = argument(instance, node)
            if not isinstance(nodes, list):
                raise EvaluationError("a path is wanted")
            return _row_number(instance, nodes[0]) if nodes else NAN  # type: ignore[arg-type]  # a node of either kind

        return Bound(compute)
    if at.nested or binder.choice_list:
        binder.is_local = binder.is_local or not at.nested
        return Bound(lambda i, n: float(i.position))
    depth = len(binder.tables)
    binder.is_local = True
    if depth:
        binder.note(((binder.tables[-1], depth - 1),))
    return Bound(
        lambda i, n: _row_number(i, Node(binder.tables[-1], i.here.rows)) if depth and isinstance(i.here, Node) else 1.0
    )


def _last(_: Binder, __: Call, ___: Standing) -> Bound:
    return Bound(lambda i, n: float(i.size))


def _current(binder: Binder, _: Call, __: Standing) -> Bound:
    binder.is_local = True
    return Bound(lambda i, n: [i.here], binder.own)


def _instance(binder: Binder, call: Call, at: Standing) -> Bound:
    name = call.arguments[0]
    list_id = str(name.value) if isinstance(name, Literal) else ""
    spot = binder.schema.lists.get(list_id)
    if spot is None:
        zh, en = f"没有选项表“{list_id}”，结果总是空的", f"There is no choice list '{list_id}': always empty"
        binder.wrong("unknown-list", zh, en, call.position, warning=True)
        return Bound(lambda i, n: [], ())
    return Bound(lambda i, n: [i.choices(list_id)], ((spot, 0),))


def _spot_of(binder: Binder, tree: Tree, at: Standing) -> tuple[Spot | None, Spots]:
    """The one spot that a name or path means, without depending on it."""
    kept = dict(binder.looks_at)
    spots = binder.bind(tree, at).spots or ()
    binder.looks_at = kept
    return (spots[0][0] if len(spots) == 1 else None), spots


def _indexed_repeat(binder: Binder, call: Call, at: Standing) -> Bound:
    target, _ = _spot_of(binder, call.arguments[0], at)
    numbers: dict[Spot, Compute] = {}
    for place in range(1, len(call.arguments), 2):
        table, _ = _spot_of(binder, call.arguments[place], at)
        number = binder.bind(call.arguments[place + 1], at).compute
        if target is None or table is None or table not in target.tables:
            zh, en = "第一个参数要在所给的表格里", "The first argument must stand in the table that is named"
            binder.wrong("not-in-table", zh, en, call.position)
            return Bound(_fails, ())
        numbers[table] = number
    if target is None:
        return Bound(_fails, ())
    tables = target.tables
    common = min(tables.index(t) for t in numbers)
    binder.is_local = True
    binder.earlier[target] = min(common, binder.earlier.get(target, common))

    def compute(instance: Instance, node: At) -> Value:
        here = instance.here
        rows: tuple[str, ...] = ()
        for depth, table in enumerate(tables):
            instance.spend(1)
            if table in numbers:
                row = instance.row(table, rows, to_number(instance, numbers[table](instance, node)))
                if row is None:
                    return []
                rows = (*rows, row)
            elif isinstance(here, Node) and here.spot.tables[depth : depth + 1] == (table,) and len(here.rows) > depth:
                rows = (*rows, here.rows[depth])
            else:
                return []
        return [Node(target, rows)] if instance.is_open(target, rows) else []

    return Bound(compute, ((target, common),))


def _shuffled(instance: Instance, nodes: list[At], seed: int) -> list[At]:
    """The shuffle of ODK's specification: Fisher-Yates inside out, numbers by Park and Miller."""
    state = seed % 2_147_483_647
    if state <= 0:
        state += 2_147_483_646
    made: list[At] = []
    for node in nodes:
        state = state * 16_807 % 2_147_483_647
        place = int((state - 1) / 2_147_483_646 * (len(made) + 1))
        made.append(node)
        made[place], made[-1] = node, made[place]
    instance.spend(len(made))
    return made


def _randomize(binder: Binder, call: Call, at: Standing) -> Bound:
    bound = binder.bind(call.arguments[0], at)
    seed = binder.bind(call.arguments[1], at).compute if len(call.arguments) > 1 else None
    binder.is_local = True

    def compute(instance: Instance, node: At) -> Value:
        nodes = bound.compute(instance, node)
        if not isinstance(nodes, list):
            raise EvaluationError("a path is wanted")
        number = to_number(instance, seed(instance, node)) if seed else float(_lot(instance, call.position, "shuffle"))
        if not math.isfinite(number):
            raise EvaluationError("no seed")
        return _shuffled(instance, nodes, int(number))  # type: ignore[arg-type, return-value]  # nodes of one kind

    return Bound(compute, bound.spots)


def _lot(instance: Instance, position: int, what: str) -> int:
    """A number drawn once for ever for this place of this inspection (64 bits)."""
    return int.from_bytes(_drawn(instance, position, what)[:8], "big")


def _drawn(instance: Instance, position: int, what: str) -> bytes:
    instance.spend(4)
    here = instance.here
    place = address_at(here.spot.name, here.rows) if isinstance(here, Node) else here.name
    return hashlib.sha256(f"{instance.inspection.id}|{place}|{position}|{what}".encode()).digest()


def _random(binder: Binder, call: Call, _: Standing) -> Bound:
    binder.is_local = True
    return Bound(lambda i, n: (_lot(i, call.position, "random") >> 11) / (1 << 53))


_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"


def _uuid(binder: Binder, call: Call, at: Standing) -> Bound:
    length = binder.bind(call.arguments[0], at).compute if call.arguments else None
    binder.is_local = True

    def compute(instance: Instance, node: At) -> Value:
        drawn = _drawn(instance, call.position, "uuid")
        if length is None:
            return str(uuid.UUID(bytes=drawn[:16], version=4))
        wanted = to_number(instance, length(instance, node))
        if not 0 <= wanted <= 1000:
            raise EvaluationError("too long")
        instance.spend(int(wanted))
        number = int.from_bytes(hashlib.shake_256(drawn).digest(int(wanted) + 8), "big")
        made = []
        for _ in range(int(wanted)):
            number, letter = divmod(number, len(_LETTERS))
            made.append(_LETTERS[letter])
        return "".join(made)

    return Bound(compute)


def _choice_name(binder: Binder, call: Call, at: Standing) -> Bound:
    value = binder.bind(call.arguments[0], at).compute
    question = call.arguments[1]
    if isinstance(question, Literal):  # ODK wants it in quotes: '${colour}'
        text = str(question.value).strip()
        quoted = QUOTED.fullmatch(text)
        try:
            question = Reference(quoted[1], call.position) if quoted else parse(text)
        except ExpressionError:
            question = Reference(text, call.position)
    spot, _ = _spot_of(binder, question, at)
    list_id = spot.item.answer.choice_list if spot is not None and spot.item is not None else ""
    offered = binder.schema.choices.get(list_id)
    if offered is None:
        zh, en = "第二个参数要是选择题，例如 '${颜色}'", "The second argument must be a choice question: '${colour}'"
        binder.wrong("not-a-choice", zh, en, call.position)
        return Bound(_fails)
    labels = {c.id: c.label for c in offered.choices}

    def compute(instance: Instance, node: At) -> Value:
        chosen = words_of(to_text(instance, value(instance, node)))
        instance.spend(len(chosen))
        return ", ".join(labels[c].in_language(instance.language) for c in chosen if c in labels)

    return Bound(compute)


_SPECIAL_BINDERS = {
    "if": _if,
    "coalesce": _coalesce,
    "once": _once,
    "position": _position,
    "last": _last,
    "current": _current,
    "instance": _instance,
    "indexed-repeat": _indexed_repeat,
    "randomize": _randomize,
    "random": _random,
    "uuid": _uuid,
    "jr:choice-name": _choice_name,
}
