"""Answers as text: what a person typed, read into the one spelling that is kept, compared, reckoned with and signed."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import TypeAlias

from safetyapp.domain.answer_kinds import OTHER, AnswerKind, AnswerSpec, ChoiceList, Limits, Outcome

LONGEST_TEXT = 4000
_LONGEST_TYPED = 60_000
"""Characters of any answer as it is typed: a trace of 500 points, a table of 5,000 rows."""

Value: TypeAlias = Outcome | Decimal | date | str


class BadValue(ValueError):
    """A text that is no answer to this item; `reason` is a key of the texts under `bad_value`: not_a_number, negative,
    not_whole, not_a_date, in_the_future, too_long_ago, not_a_time, not_a_datetime, not_a_duration, not_a_choice,
    not_offered, not_all_ranked, not_a_position, not_a_file, not_a_row, needs_a_photo, not_asked, empty, too_long,
    bad_text, off_step, unknown_case, constraint."""

    def __init__(self, reason: str, text: str) -> None:
        super().__init__(reason, text)
        self.reason = reason
        self.text = text


def typed(kind: AnswerKind, text: str) -> Value:
    """A kept text as what it means: an outcome, a number, a day, or for every other kind the text itself."""
    if kind is AnswerKind.CONFORMITY:
        return Outcome(text)
    if text == Outcome.NA and kind not in _FREE:
        return Outcome.NA
    if kind.is_number:
        return Decimal(text)
    return date.fromisoformat(text) if kind is AnswerKind.DATE else text


_FREE = frozenset({AnswerKind.TEXT, AnswerKind.BARCODE, AnswerKind.CALCULATION, AnswerKind.CHOICES, AnswerKind.RANK})


def read_value(spec: AnswerSpec, text: str, today: date, offered: ChoiceList | None = None) -> str:
    """What a person typed as an answer, in its one spelling. Raises BadValue.

    Full-width digits are welcome everywhere. Days may be written 2026-11-05, 20261105, 11-5, 1105 (the last such day)
    or -19 (days ago); times 8:05, 0805, 8点05; durations 90, 1:30 (minutes and seconds), 1:02:03, 2分30秒; choices by
    id or label, several with spaces or commas between. `offered` is the item's choice list. The limits of a RANGE or
    SCORE are its scale: a number beside it is no answer.
    """
    if len(text) > _LONGEST_TYPED:
        raise BadValue("too_long", text[:200])
    kind = spec.kind
    if kind in (AnswerKind.TEXT, AnswerKind.BARCODE):
        return _read_text(text, spec.max_length or LONGEST_TEXT)
    folded = unicodedata.normalize("NFKC", text).strip()
    if not folded and kind is not AnswerKind.TABLE:
        raise BadValue("empty", text)
    if kind.is_choice:
        return _read_choices(spec, text, folded, offered)
    if folded.lower() == Outcome.NA and kind in _MAY_NOT_APPLY:
        return Outcome.NA.value
    match kind:
        case AnswerKind.CONFORMITY:
            if folded.lower() not in (Outcome.PASS, Outcome.FAIL):
                raise BadValue("not_a_choice", text)
            return folded.lower()
        case AnswerKind.ACKNOWLEDGE:
            if folded.lower() not in ("ok", "yes", "true", "1", "pass", "是", "已知晓"):
                raise BadValue("not_a_choice", text)
            return "OK"
        case AnswerKind.POSITION:
            return _read_position(folded)
        case AnswerKind.TRACE | AnswerKind.SHAPE:
            return _read_line(folded, 3 if kind is AnswerKind.SHAPE else 2)
        case AnswerKind.TABLE:
            return _read_rows(folded)
        case AnswerKind.PHOTO:
            raise BadValue("needs_a_photo", text)
        case AnswerKind.NOTE | AnswerKind.CALCULATION | AnswerKind.GROUP:
            raise BadValue("not_asked", text)
    if kind.is_file:
        kept = text.strip()  # a file keeps its name as it is written
        if not re.fullmatch(r"[0-9a-f]{64}/[^/\\\x00-\x1f]{1,200}", kept):
            raise BadValue("not_a_file", text)
        return kept
    if kind in SCALES:
        return _read_scale(spec, folded)
    return read_measure(kind, folded, today, spec.signed, spec.future or spec.limits.not_expired)


SCALES = frozenset({AnswerKind.RANGE, AnswerKind.SCORE})
"""Kinds whose limits say what can be answered, not what passes."""

_MAY_NOT_APPLY = frozenset(
    {AnswerKind.CONFORMITY, AnswerKind.DATE, AnswerKind.TIME, AnswerKind.DATETIME, AnswerKind.DURATION}
    | {kind for kind in AnswerKind if kind.is_number}
)


def read_measure(kind: AnswerKind, text: str, today: date, signed: bool = False, future: bool = False) -> str:
    """A number, day, time, instant or duration in its one spelling; a number below zero only where that is `signed`,
    for of a count or a length there is no less than nothing; a day ahead only where that is `future`. Raises BadValue.
    """
    folded = unicodedata.normalize("NFKC", text).strip()
    match kind:
        case AnswerKind.DATE:
            return _read_day(folded, today, future).isoformat()
        case AnswerKind.TIME:
            return _read_time(folded)
        case AnswerKind.DATETIME:
            return _read_instant(folded)
        case AnswerKind.DURATION:
            return _read_duration(folded)
        case AnswerKind.TEXT:
            return _read_text(text, LONGEST_TEXT)
    number = _read_number(folded)
    if number < 0 and not signed:
        raise BadValue("negative", folded)
    if kind is AnswerKind.INTEGER:
        if number != number.to_integral_value():
            raise BadValue("not_whole", folded)
        return str(int(number))
    return format(number, "f")


def _read_scale(spec: AnswerSpec, folded: str) -> str:
    """A number on the scale from minimum to maximum; its steps are counted from the minimum."""
    number, first, last = _read_number(folded), spec.limits.minimum or Decimal(0), spec.limits.maximum
    if number < first or (last is not None and number > last) or (spec.step and (number - first) % spec.step):
        raise BadValue("off_step", folded)
    return format(number, "f")


def _read_rows(folded: str) -> str:
    parts = folded.split()
    if not all(re.fullmatch(r"[0-9]{1,6}", part) and int(part) for part in parts):
        raise BadValue("not_a_row", folded[:200])
    return " ".join(dict.fromkeys(str(int(part)) for part in parts))


def within(value: Decimal | date, limits: Limits, on: date) -> bool:
    """Whether a number or a day keeps the limits on the day of the inspection."""
    if isinstance(value, Decimal):
        low, high = limits.minimum, limits.maximum
        return (low is None or value >= low) and (high is None or value <= high)
    if limits.not_expired and value < on:
        return False
    return limits.max_age_days is None or (on - value).days <= limits.max_age_days


def _read_text(text: str, longest: int) -> str:
    kept = text.replace("\r\n", "\n").replace("\r", "\n").strip()
    if not kept:
        raise BadValue("empty", text)
    if len(kept) > longest:
        raise BadValue("too_long", kept[:200])
    if any((unicodedata.category(c) in ("Cc", "Cs") and c not in "\n\t") or _is_no_character(c) for c in kept):
        raise BadValue("bad_text", kept[:200])
    return kept


def _is_no_character(char: str) -> bool:
    """What Unicode will never use; a character that this Python only does not know yet may be in somebody's name."""
    code = ord(char)
    return code & 0xFFFE == 0xFFFE or 0xFDD0 <= code <= 0xFDEF


def _read_choices(spec: AnswerSpec, text: str, folded: str, offered: ChoiceList | None) -> str:
    choices = offered.choices if offered else ()
    known = {c.id: c.id for c in choices}
    if spec.other:
        known[OTHER] = OTHER
    labels = ((label, c.id) for c in choices for label in (c.label.zh, c.label.en) if label)
    by_label = {unicodedata.normalize("NFKC", label).strip(): choice for label, choice in labels}

    def one(part: str) -> str:
        found = known.get(part) or by_label.get(part)
        if found is None:
            raise BadValue("not_offered", part[:200])
        return found

    if spec.kind is AnswerKind.CHOICE:
        return Outcome.NA.value if folded.lower() == Outcome.NA and Outcome.NA.value not in known else one(folded)
    parts = [p.strip() for p in re.split(r"[,、;\n]", folded) if p.strip()]
    if not all(p in known or p in by_label for p in parts):  # a label may hold spaces, and so may what is between
        parts = folded.replace(",", " ").replace("、", " ").replace(";", " ").split()
    chosen = list(dict.fromkeys(one(p) for p in parts))
    if not chosen:
        raise BadValue("empty", text)
    if spec.kind is AnswerKind.RANK and len(chosen) != len(known):
        raise BadValue("not_all_ranked", text)
    if spec.kind is AnswerKind.CHOICES:  # in the order of the list, so that the same choice has one spelling
        chosen = [c for c in known if c in chosen]
    return " ".join(chosen)


def _read_number(folded: str) -> Decimal:
    if not re.fullmatch(r"[+-]?(\d{1,15}([.。]\d{0,9})?|[.]\d{1,9})", folded, re.ASCII):
        raise BadValue("not_a_number", folded)
    number = Decimal(folded.replace("。", "."))
    return number if number else abs(number)  # there is one nought, not one below it as well


def _read_position(folded: str) -> str:
    parts = [p for p in re.split(r"[\s,，]+", folded) if p]
    if not 2 <= len(parts) <= 4:
        raise BadValue("not_a_position", folded)
    try:
        numbers = [_read_number(p) for p in parts]
    except BadValue:
        raise BadValue("not_a_position", folded) from None
    if abs(numbers[0]) > 90 or abs(numbers[1]) > 180 or (len(numbers) == 4 and numbers[3] < 0):
        raise BadValue("not_a_position", folded)
    return " ".join(format(n, "f") for n in numbers)


def _read_line(folded: str, fewest: int) -> str:
    points = [p for p in re.split(r"[;；\n]+", folded) if p.strip()]
    if not fewest <= len(points) <= 500:
        raise BadValue("not_a_position", folded[:200])
    return ";".join(_read_position(p) for p in points)


def _read_time(folded: str) -> str:
    numbers = _clock_numbers(folded)
    try:
        read = time(numbers[0], numbers[1], numbers[2] if len(numbers) == 3 else 0)
    except ValueError:
        raise BadValue("not_a_time", folded) from None
    return read.strftime("%H:%M:%S" if len(numbers) == 3 else "%H:%M")


def _clock_numbers(folded: str) -> list[int]:
    if re.fullmatch(r"\d{3,4}|\d{6}", folded, re.ASCII):
        padded = folded.zfill(4)
        return [int(padded[n : n + 2]) for n in range(0, len(padded), 2)]
    if re.fullmatch(r"\d{1,2}点", folded, re.ASCII):
        return [int(folded[:-1]), 0]
    found = re.fullmatch(r"(\d{1,2})[:点时.](\d{1,2})(?:分)?(?:[:.]?(\d{1,2})(?:[.]\d+)?秒?)?", folded, re.ASCII)
    if not found:
        raise BadValue("not_a_time", folded)
    return [int(n) for n in found.groups() if n is not None]


def _read_instant(folded: str) -> str:
    found = re.fullmatch(r"(\d{4}-\d{1,2}-\d{1,2})[T ]+([\d:.]+?)(Z|[+-]\d\d:?\d\d)?", folded, re.ASCII)
    if not found:
        raise BadValue("not_a_datetime", folded)
    try:
        year, month, day = (int(n) for n in found[1].split("-"))
        text = f"{date(year, month, day).isoformat()}T{_read_time(found[2])}"
        zone = "+00:00" if found[3] == "Z" else found[3] or ""
        zone = zone if ":" in zone or not zone else f"{zone[:3]}:{zone[3:]}"
        return datetime.fromisoformat(text + zone).isoformat(timespec="auto" if text.count(":") > 1 else "minutes")
    except (BadValue, ValueError):
        raise BadValue("not_a_datetime", folded) from None


def _read_duration(folded: str) -> str:
    """Seconds: 90, 1:30, 1:02:03, 2分30秒, 1小时, 5.5秒."""
    if re.fullmatch(r"\d{1,9}([.]\d{1,3})?", folded, re.ASCII):
        return format(Decimal(folded), "f")
    if re.fullmatch(r"\d{1,4}(:\d{1,2}){1,2}", folded, re.ASCII):
        parts = [int(n) for n in folded.split(":")]
        if max(parts[1:]) < 60:
            return str(sum(n * 60**power for power, n in enumerate(reversed(parts))))
    found = re.fullmatch(
        r"(?:(\d{1,4})(?:小时|时|h))?\s*(?:(\d{1,4})(?:分钟|分|m(?:in)?|'))?\s*(?:(\d{1,5}(?:[.]\d{1,3})?)(?:秒钟|秒|s|\"|''))?",
        folded,
    )
    if not found or not any(found.groups()):
        raise BadValue("not_a_duration", folded)
    hours, minutes, seconds = (Decimal(n or 0) for n in found.groups())
    return format(hours * 3600 + minutes * 60 + seconds, "f")


def _read_day(typed_text: str, today: date, future: bool) -> date:
    if re.fullmatch(r"-\d{1,5}", typed_text, re.ASCII):
        return _not_too_old(today - timedelta(days=int(typed_text[1:])), typed_text, future)
    written = re.fullmatch(r"[\d\-/.年月日 ]+", typed_text)
    numbers = [int(n) for n in re.findall(r"\d+", typed_text)] if written else []
    if len(numbers) == 1 and typed_text.isdigit() and len(typed_text) == 8:
        numbers = [int(typed_text[:4]), int(typed_text[4:6]), int(typed_text[6:])]
    elif len(numbers) == 1 and typed_text.isdigit() and len(typed_text) in (3, 4):
        numbers = [int(typed_text[:-2]), int(typed_text[-2:])]
    try:
        match numbers:
            case [year, month, day]:
                found = date(year, month, day)
            case [month, day]:
                found = date(today.year, month, day)
                if found > today and not future:
                    found = date(today.year - 1, month, day)
            case _:
                raise BadValue("not_a_date", typed_text)
    except BadValue:
        raise
    except (ValueError, OverflowError):
        raise BadValue("not_a_date", typed_text) from None
    if found > today and not future:
        raise BadValue("in_the_future", typed_text)
    return _not_too_old(found, typed_text, future)


def _not_too_old(found: date, typed_text: str, future: bool) -> date:
    """No building, report or extinguisher that is asked about is older than this: it is a slip of the hand."""
    if found.year < 1949 and not future:
        raise BadValue("too_long_ago", typed_text)
    return found
