"""What an item asks for: the kind of answer, its unit and limits, cases, further readings, and the list it offers."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from safetyapp.domain.answer_kinds import AnswerKind, AnswerSpec, ChoiceList, LimitCase, Limits, Reading
from safetyapp.domain.values import LONGEST_TEXT
from safetyapp.domain.words import Words
from safetyapp.forms.fields import Fields
from safetyapp.forms.read_choices import has_fail
from safetyapp.forms.read_legal import read_applies
from safetyapp.forms.so_far import SoFar, once
from safetyapp.forms.yaml_tree import Node

_LIMIT_KEYS = ("min", "max", "max_age_days", "not_expired")
_ANSWER_KEYS = (
    *("kind", "unit", *_LIMIT_KEYS, "cases", "readings", "signed", "future", "list", "other", "step", "max_length"),
)
_CASE_KEYS = ("id", "label", *_LIMIT_KEYS, "applies")
_READING_KEYS = ("id", "label", "kind", "unit", *_LIMIT_KEYS, "required", "signed", "list")

_TEXTS = frozenset({AnswerKind.TEXT, AnswerKind.BARCODE})
_SCALES = frozenset({AnswerKind.RANGE, AnswerKind.SCORE})
_WITH_UNIT = frozenset({AnswerKind.INTEGER, AnswerKind.DECIMAL})
_OF_READINGS = frozenset(
    {AnswerKind.INTEGER, AnswerKind.DECIMAL, AnswerKind.DURATION, AnswerKind.DATE, AnswerKind.TIME}
    | {AnswerKind.DATETIME, AnswerKind.TEXT, AnswerKind.CHOICE}
)


def is_judged(answer: AnswerSpec, lists: Mapping[str, ChoiceList]) -> bool:
    """Whether an answer may come to a fail: then the item has to say what follows from it. `lists` are the form's."""
    if answer.kind is AnswerKind.CONFORMITY or has_fail(lists.get(answer.choice_list)):
        return True
    if any(reading.limits != Limits() or has_fail(lists.get(reading.choice_list)) for reading in answer.readings):
        return True
    return answer.kind not in _SCALES and (answer.limits != Limits() or bool(answer.cases))


def read_answer(node: Node, item_id: str, what: str, so_far: SoFar) -> AnswerSpec:
    """What stands under `answer`; `item_id` is the item's name in expressions, `what` how it is called in messages."""
    fields = Fields(node, so_far.notes, _ANSWER_KEYS, f"{what}.answer")
    kind = _kind(fields)
    limits = _limits(fields, kind)
    case_ids: set[str] = set()
    cases = fields.each("cases", lambda n: _read_case(n, kind, what, case_ids, so_far), most=50)
    readings = fields.each("readings", lambda n: _read_reading(n, item_id, what, so_far), most=20)
    if cases and not (kind is AnswerKind.DATE or (kind.is_number and kind not in _SCALES)):
        fields.wrong("cases", "bad-limit", "只能用于数和日期", "are for numbers and dates only")
    answer = AnswerSpec(
        kind=kind,
        unit=_unit(fields, kind),
        limits=limits,
        cases=cases,
        readings=readings,
        signed=_truth(fields, "signed", kind.is_number),
        future=_truth(fields, "future", kind is AnswerKind.DATE),
        choice_list=_list(fields, kind, so_far),
        other=_truth(fields, "other", kind.is_choice),
        step=_step(fields, kind, limits),
        max_length=fields.whole("max_length", 1, LONGEST_TEXT) if _fits(fields, "max_length", kind in _TEXTS) else None,
    )
    _check_other(fields, answer, so_far)
    _check_sign(fields, answer)
    return answer


def _read_case(node: Node, kind: AnswerKind, what: str, seen: set[str], so_far: SoFar) -> LimitCase | None:
    fields = Fields(node, so_far.notes, _CASE_KEYS, f"{what}.case")
    if not fields.is_mapping:
        return None
    case_id = fields.id("id")
    once(case_id, seen, fields)
    return LimitCase(case_id, fields.words("label"), _limits(fields, kind), read_applies(fields))


def _read_reading(node: Node, item_id: str, what: str, so_far: SoFar) -> Reading | None:
    fields = Fields(node, so_far.notes, _READING_KEYS, f"{what}.reading")
    if not fields.is_mapping:
        return None
    reading_id = fields.id("id")
    if item_id and reading_id:
        so_far.take_name(f"{item_id}.{reading_id}", fields)
    kind = _kind(fields)
    if kind not in _OF_READINGS and fields.has("kind") and fields.text("kind") == kind:
        known = ", ".join(k.value for k in AnswerKind if k in _OF_READINGS)
        fields.wrong("kind", "unknown-kind", f"只能是 {known}", f"can be {known}")
    return Reading(
        id=reading_id,
        label=fields.words("label"),
        kind=kind,
        unit=_unit(fields, kind),
        limits=_limits(fields, kind),
        required=fields.truth("required"),
        signed=_truth(fields, "signed", kind.is_number),
        choice_list=_list(fields, kind, so_far),
    )


def _kind(fields: Fields) -> AnswerKind:
    fields.node("kind", required=True)
    return fields.choice("kind", AnswerKind, "unknown-kind", AnswerKind.CONFORMITY)


def _unit(fields: Fields, kind: AnswerKind) -> Words:
    words = fields.words("unit", required=False)
    if kind in _WITH_UNIT and not words.zh:
        fields.notes.warning(fields.line, "no-unit", f"{fields.what} 没有单位", f"{fields.what} has no unit")
    return words


def _limits(fields: Fields, kind: AnswerKind) -> Limits:
    low, high = fields.decimal("min"), fields.decimal("max")
    limits = Limits(low, high, fields.whole("max_age_days", 1, 36_500), fields.truth("not_expired"))
    for key in _LIMIT_KEYS:
        fits = kind.is_number if key in ("min", "max") else kind is AnswerKind.DATE
        if fields.has(key) and not fits:
            fields.wrong(key, "bad-limit", f"不能用于 {kind.value}", f"does not fit an answer of kind {kind.value}")
    if low is not None and high is not None and low > high:
        fields.wrong("min", "bad-limit", "大于 max", "is larger than max")
    for key, value in (("min", low), ("max", high)):
        if kind is AnswerKind.INTEGER and value is not None and value != value.to_integral_value():
            fields.wrong(key, "bad-limit", "应当是整数", "should be a whole number")
        if value is None and (kind is AnswerKind.RANGE or (kind is AnswerKind.SCORE and key == "max")):
            fields.node(key, required=True)
    return limits


def _step(fields: Fields, kind: AnswerKind, limits: Limits) -> Decimal | None:
    step = fields.decimal("step")
    if not _fits(fields, "step", kind in _SCALES) or step is None:
        return None
    low, high = limits.minimum or Decimal(0), limits.maximum
    if step <= 0 or (high is not None and step > high - low):
        fields.wrong("step", "bad-limit", "要大于0且不超过范围", "must be above 0 and not wider than the range")
    return step


def _list(fields: Fields, kind: AnswerKind, so_far: SoFar) -> str:
    if not _fits(fields, "list", kind.is_choice):
        return ""
    list_id = fields.text("list", required=kind.is_choice)
    so_far.use_list(list_id, fields)
    return list_id


def _truth(fields: Fields, key: str, fits: bool) -> bool:
    return fields.truth(key) if _fits(fields, key, fits) else False


def _fits(fields: Fields, key: str, fits: bool) -> bool:
    """Whether a key may stand at an answer of this kind; noted when it stands there all the same."""
    if fields.has(key) and not fits:
        fields.wrong(key, "misplaced", "不能用于这种回答", "does not fit this kind of answer")
        return False
    return True


def _check_other(fields: Fields, answer: AnswerSpec, so_far: SoFar) -> None:
    offered = so_far.lists.get(answer.choice_list)
    if answer.other and offered is not None and offered.choice("other") is not None:
        fields.wrong("other", "duplicate-id", "选项表里已有 other", "would be twice on the list")


def _check_sign(fields: Fields, answer: AnswerSpec) -> None:
    """A limit below zero is of no use where nothing below zero can be entered."""
    low = answer.limits.minimum
    if answer.kind.is_number and not answer.signed and low is not None and low < 0:
        fields.notes.warning(
            fields.line_of("min"),
            "not-signed",
            f"{fields.what} 的下限小于0，要写 signed: true 才能填负数",
            f"{fields.what} has a limit below zero; numbers below zero need signed: true",
        )
