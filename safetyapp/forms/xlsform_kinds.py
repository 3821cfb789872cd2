"""Which kind of answer each question type of XLSForm asks for, and what its default and its numbers become."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from safetyapp.domain.answer_kinds import AnswerKind, AnswerSpec, ChoiceList, Limits
from safetyapp.domain.values import BadValue, read_value
from safetyapp.forms.xlsform_elements import Element

SELECTS = {
    "select one": AnswerKind.CHOICE,
    "select one external": AnswerKind.CHOICE,
    "select all that apply": AnswerKind.CHOICES,
    "rank": AnswerKind.RANK,
}
_INPUTS = {
    "string": AnswerKind.TEXT,
    "int": AnswerKind.INTEGER,
    "decimal": AnswerKind.DECIMAL,
    "date": AnswerKind.DATE,
    "time": AnswerKind.TIME,
    "dateTime": AnswerKind.DATETIME,
    "barcode": AnswerKind.BARCODE,
    "geopoint": AnswerKind.POSITION,
    "geotrace": AnswerKind.TRACE,
    "geoshape": AnswerKind.SHAPE,
}
_UPLOADS = {"image": AnswerKind.PHOTO, "audio": AnswerKind.AUDIO, "video": AnswerKind.VIDEO}
_SIGNED = frozenset({AnswerKind.INTEGER, AnswerKind.DECIMAL, AnswerKind.RANGE})

METADATA = {
    "start": "${inspection.started}",
    "end": "now()",
    "today": "${inspection.date}",
    "username": "${inspection.inspector}",
}
"""What pyxform's `jr:preloadParams` is here; everything else about the device is not known and stays empty."""
NOT_KNOWN = "''"

_PLAIN_DECIMAL = 12


def type_of(element: Element) -> Mapping[str, Any]:
    """What pyxform's dictionary of question types says of an element."""
    from pyxform.question_type_dictionary import QUESTION_TYPE_DICT

    found = QUESTION_TYPE_DICT.get(element.type)
    return found if found is not None else {}


def preload_of(element: Element) -> str:
    """What is filled in by the program: start, end, today, username, deviceid, …; empty for what is not."""
    bind = {**type_of(element).get("bind", {}), **element.part("bind")}
    return str(bind.get("jr:preloadParams", "")).removeprefix("uri:") if bind.get("jr:preload") else ""


def kind_of(element: Element) -> AnswerKind:
    """The kind of answer; CALCULATION for everything that a person does not see."""
    if element.type in SELECTS:
        return SELECTS[element.type]
    known = type_of(element)
    control: Mapping[str, Any] = known.get("control", {})
    bind = {**known.get("bind", {}), **element.part("bind")}
    match control.get("tag", ""):
        case "upload":
            appearance = str(element.part("control").get("appearance", ""))
            kind = _UPLOADS.get(str(control.get("mediatype", "")).partition("/")[0], AnswerKind.FILE)
            signed = kind is AnswerKind.PHOTO and "signature" in appearance.split()
            return AnswerKind.SIGNATURE if signed else kind
        case "trigger" if element.type != "background-geopoint":
            return AnswerKind.ACKNOWLEDGE
        case "range":
            return AnswerKind.RANGE
        case "select1":
            return AnswerKind.CHOICE
        case "select":
            return AnswerKind.CHOICES
        case "input":
            is_note = known.get("bind", {}).get("readonly") == "true()"
            return AnswerKind.NOTE if is_note else _INPUTS.get(str(bind.get("type", "string")), AnswerKind.TEXT)
    return AnswerKind.CALCULATION


def spec_of(kind: AnswerKind, list_id: str = "") -> AnswerSpec:
    """The kind with what every form may take: numbers below zero, days ahead."""
    return AnswerSpec(kind, signed=kind in _SIGNED, future=kind is AnswerKind.DATE, choice_list=list_id)


def range_of(element: Element) -> tuple[AnswerSpec, str]:
    """What a range asks for, and the constraint that keeps its ends and steps.

    A range whose numbers have too many places to be written is a plain number under that constraint.
    """
    given = element.raw.get("parameters")
    parameters = given if isinstance(given, Mapping) else {}
    ends = [_number(parameters.get("start"), "1"), _number(parameters.get("end"), "10")]
    low, high = min(ends), max(ends)
    step = abs(_number(parameters.get("step"), "1"))
    rule = within_ends(low, high)
    steps_from_zero = step > 0 and ends[0] % step == 0
    if step > 0 and not steps_from_zero and all(n == n.to_integral_value() for n in (ends[0], step)):
        rule += f" and (. - {_plain(ends[0])}) mod {_plain(step)} = 0"
    if not all(_is_short(n) for n in (low, high, step)):
        return AnswerSpec(AnswerKind.DECIMAL, signed=True), rule
    fits = steps_from_zero and 0 < step <= high - low
    spec = AnswerSpec(AnswerKind.RANGE, limits=Limits(low, high), signed=True, step=step if fits else None)
    return spec, rule


def within_ends(low: Decimal, high: Decimal) -> str:
    """The constraint that keeps a range within its ends."""
    return f". >= {_plain(low)} and . <= {_plain(high)}"


def is_literal(spec: AnswerSpec, text: str, offered: ChoiceList | None) -> bool:
    """Whether a default can be taken as an answer."""
    try:
        read_value(spec, text, date(9999, 12, 31), offered)
    except BadValue:
        return False
    return True


def _number(value: Any, otherwise: str) -> Decimal:
    try:
        found = Decimal(str(value))
    except InvalidOperation:
        return Decimal(otherwise)
    return found if found.is_finite() else Decimal(otherwise)


def _is_short(number: Decimal) -> bool:
    whole, _, places = _plain(abs(number)).partition(".")
    return len(whole) <= _PLAIN_DECIMAL and len(places) <= 9


def _plain(number: Decimal) -> str:
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
