"""The functions of XLSForm's language about days and times. No clock is read: today is the day of the inspection.

All moments are taken on the inspection's clock; a day is a whole number of days since 1970-01-01 there.
"""

from __future__ import annotations

import math
from datetime import date, datetime, time

from safetyapp.forms.expressions_nodes import Instance
from safetyapp.forms.expressions_values import (
    NAN,
    EvaluationError,
    Value,
    days_of,
    moment_of,
    read_moment,
    read_time,
    seconds_of,
    text_number,
    to_number,
    to_text,
)
from safetyapp.forms.xpath_functions import At, Function

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def _moment(instance: Instance, value: Value) -> date | datetime | None:
    """The moment that a value is; None for nothing. Raises EvaluationError for what is none."""
    if isinstance(value, float | bool):
        return None if math.isnan(value) else moment_of(float(value), instance.zone)
    text = to_text(instance, value)
    if text in ("", "NaN"):
        return None
    moment = read_moment(text, instance.zone)
    if moment is None:
        days = text_number(text)
        if math.isnan(days) or ":" in text:
            raise EvaluationError("no day")
        return moment_of(days, instance.zone)
    return moment


def _instant_text(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds")


def _today(instance: Instance, _: At, __: list[Value]) -> Value:
    return instance.inspection.inspected_on.isoformat()


def _now(instance: Instance, _: At, __: list[Value]) -> Value:
    return _instant_text(instance.now())


def _date(instance: Instance, _: At, arguments: list[Value]) -> Value:
    moment = _moment(instance, arguments[0])
    if isinstance(moment, datetime):
        return moment.date().isoformat()
    return "" if moment is None else moment.isoformat()


def _date_time(instance: Instance, _: At, arguments: list[Value]) -> Value:
    moment = _moment(instance, arguments[0])
    if moment is None:
        return ""
    if not isinstance(moment, datetime):
        moment = datetime.combine(moment, time(), instance.zone)
    return _instant_text(moment)


def _decimal_date_time(instance: Instance, _: At, arguments: list[Value]) -> Value:
    if isinstance(arguments[0], float):
        return arguments[0]
    moment = _moment(instance, arguments[0])
    return NAN if moment is None else days_of(moment)


def _decimal_time(instance: Instance, _: At, arguments: list[Value]) -> Value:
    text = to_text(instance, arguments[0])
    clock = read_time(text)
    if clock is not None:
        return seconds_of(clock) / 86_400
    moment = _moment(instance, arguments[0])
    if moment is None:
        return NAN
    return days_of(moment) % 1 if isinstance(moment, datetime) else 0.0


def _time_seconds(instance: Instance, _: At, arguments: list[Value]) -> Value:
    """Ours: seconds since midnight, 0 to 86399."""
    clock = read_time(to_text(instance, arguments[0]))
    return NAN if clock is None else float(int(seconds_of(clock)))


def _days_between(instance: Instance, _: At, arguments: list[Value]) -> Value:
    """Ours: whole days from the first day to the second."""
    start, end = (_moment(instance, a) for a in arguments)
    return NAN if start is None or end is None else float(end.toordinal() - start.toordinal())


def _format(instance: Instance, _: At, arguments: list[Value]) -> Value:
    value, pattern = arguments[0], to_text(instance, arguments[1])
    instance.spend(len(pattern) >> 1)
    clock = read_time(to_text(instance, value)) if not isinstance(value, float) else None
    moment = datetime.combine(date(1970, 1, 1), clock) if clock is not None else _moment(instance, value)
    return "" if moment is None else instance.checked(formatted(moment, pattern))


def formatted(moment: date | datetime, pattern: str) -> str:
    """A moment written as ODK's format says; months and days of the week in English."""
    at = moment if isinstance(moment, datetime) else datetime.combine(moment, time())
    texts = {
        "Y": f"{at.year:04d}",
        "y": f"{at.year % 100:02d}",
        "m": f"{at.month:02d}",
        "n": str(at.month),
        "b": _MONTHS[at.month - 1],
        "d": f"{at.day:02d}",
        "e": str(at.day),
        "a": _DAYS[at.weekday()],
        "H": f"{at.hour:02d}",
        "h": str(at.hour),
        "M": f"{at.minute:02d}",
        "S": f"{at.second:02d}",
        "3": f"{at.microsecond // 1000:03d}",
        "%": "%",
    }
    pieces = pattern.split("%")
    made = [pieces[0]]
    place = 1
    while place < len(pieces):
        piece = pieces[place]
        if piece == "" and place + 1 < len(pieces):  # %%
            made.append("%" + pieces[place + 1])
            place += 2
            continue
        made.append(texts.get(piece[:1], "%" + piece[:1]) + piece[1:])
        place += 1
    return "".join(made)


def _number_or_text(instance: Instance, at: At, arguments: list[Value]) -> Value:
    return to_number(instance, arguments[0])


TIME_FUNCTIONS: dict[str, Function] = {
    "today": Function(_today, 0, 0),
    "now": Function(_now, 0, 0),
    "date": Function(_date, 1, 1),
    "date-time": Function(_date_time, 1, 1),
    "decimal-date-time": Function(_decimal_date_time, 1, 1),
    "decimal-date": Function(_number_or_text, 1, 1),
    "decimal-time": Function(_decimal_time, 1, 1),
    "format-date": Function(_format, 2, 2),
    "format-date-time": Function(_format, 2, 2),
    "time-seconds": Function(_time_seconds, 1, 1),
    "days-between": Function(_days_between, 2, 2),
}
