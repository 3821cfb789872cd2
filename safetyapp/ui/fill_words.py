"""What the Fill screen says about an item: limits, judgement, what is missing, the row as a screen reader hears it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum

from safetyapp.domain.form import AnswerKind, Item, Limits, Reading, Severity
from safetyapp.domain.inspection import AnswerValue, BadValue, GapKind, Outcome, Skip, read_measure, within
from safetyapp.domain.problem import Problem
from safetyapp.domain.school import School
from safetyapp.texts import Texts


class Tone(Enum):
    """What a judgement is painted as."""

    NONE = ""
    PASS = "pass"
    GENERAL = "general"
    MAJOR = "major"
    NA = "na"


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a value comes to, in a word or two."""

    tone: Tone
    text: str


NO_JUDGEMENT = Judgement(Tone.NONE, "")


def number_text(value: Decimal) -> str:
    """A number without an exponent."""
    return format(value, "f")


def value_line(value: AnswerValue | None) -> str:
    """A value as the field shows it; a choice is no text of a field."""
    match value:
        case Decimal():
            return number_text(value)
        case date():
            return value.isoformat()
    return ""


def limits_text(texts: Texts, limits: Limits) -> str:
    """`下限 30`, `上限 2`, `0.25–0.50`, `31 天内`; empty when nothing is limited."""
    if limits.max_age_days is not None:
        years = round(limits.max_age_days / 365.25)
        if years >= 2 and abs(limits.max_age_days - 365.25 * years) <= 2:
            return texts.say("fill.limit.years", n=years)
        return texts.say("fill.limit.age", n=limits.max_age_days)
    low, high = limits.minimum, limits.maximum
    if low is not None and high is not None:
        return texts.say("fill.limit.between", low=number_text(low), high=number_text(high))
    if low is not None:
        return texts.say("fill.limit.min", n=number_text(low))
    return texts.say("fill.limit.max", n=number_text(high)) if high is not None else ""


def judge_value(texts: Texts, value: Decimal | date, limits: Limits, on: date, severity: Severity) -> Judgement:
    """A number or a day against its limits, with by how much it misses them."""
    failed = Tone.MAJOR if severity is Severity.MAJOR else Tone.GENERAL
    if isinstance(value, Decimal):
        if within(value, limits, on):
            bare = limits == Limits()
            return NO_JUDGEMENT if bare else Judgement(Tone.PASS, texts.say("fill.outcome.pass"))
        if limits.minimum is not None and value < limits.minimum:
            return Judgement(failed, texts.say("fill.judge.short", n=number_text(limits.minimum - value)))
        over = value - limits.maximum if limits.maximum is not None else Decimal(0)
        return Judgement(failed, texts.say("fill.judge.over", n=number_text(over)))
    age = (on - value).days
    if within(value, limits, on):
        return Judgement(Tone.PASS, texts.say("fill.judge.days", n=age))
    late = age - (limits.max_age_days or 0)
    return Judgement(failed, texts.say("fill.judge.days_over", n=late))


def judge_answer(
    texts: Texts, item: Item, value: AnswerValue, case: str, school: School, on: date, severity: Severity
) -> Judgement:
    """The answer's own value; readings beside it are judged by themselves."""
    if value is Outcome.NA:
        return Judgement(Tone.NA, texts.say("fill.outcome.na"))
    if isinstance(value, Outcome):
        return NO_JUDGEMENT
    return judge_value(texts, value, item.answer.limits_for(school, case), on, severity)


def judge_reading(texts: Texts, reading: Reading, value: Decimal | date, on: date, severity: Severity) -> Judgement:
    """One of the further values; one that has no limits is only written down."""
    if reading.limits == Limits():
        return NO_JUDGEMENT
    return judge_value(texts, value, reading.limits, on, severity)


def bad_value_text(texts: Texts, reason: str, kind: AnswerKind) -> str:
    """The sentence beside a field that could not be read."""
    if reason == "not_a_number" and kind is AnswerKind.INTEGER:
        reason = "not_whole"
    known = ("not_a_number", "negative", "not_whole", "not_a_date", "in_the_future", "too_long_ago", "too_long")
    return texts.say(f"fill.bad.{reason if reason in known else 'other'}")


def why(texts: Texts, error: object) -> str:
    """What happened, ended by a full stop."""
    if not isinstance(error, Problem):
        return texts.say("window.unexpected", name=type(error).__name__)
    try:
        what = texts.explain(error).what
    except KeyError:
        what = error.code
    end = texts.say("fill.full_stop")
    return what if what.endswith(end) else what + end


def skip_text(texts: Texts, item: Item, skip: Skip) -> str:
    """Why an item is not asked at this school."""
    if skip is Skip.SCHOOL:
        who = item.applies_text.in_language(texts.language)
        return texts.say("fill.skip.school", who=who) if who else texts.say("fill.skip.school_bare")
    return texts.say("fill.skip.condition")


def missing_text(texts: Texts, kinds: tuple[GapKind, ...]) -> str:
    """`还差：部位、照片`, or nothing."""
    seen = list(dict.fromkeys(kinds))
    if not seen:
        return ""
    joined = texts.say("fill.comma").join(texts.say(f"fill.gap.{kind.value}") for kind in seen)
    return texts.say("fill.missing", what=joined)


def weekday(texts: Texts, day: date) -> str:
    return texts.say(f"fill.weekday.{day.isoweekday()}")


def long_day(texts: Texts, day: date) -> str:
    """`2026-11-27 周五`, in English the weekday first."""
    return texts.say("fill.day", date=day.isoformat(), weekday=weekday(texts, day))


def clock_text(moment: datetime) -> str:
    return moment.strftime("%H:%M:%S")


def read_or_reason(kind: AnswerKind, text: str, today: date, signed: bool) -> tuple[Decimal | date | None, str]:
    """The value that a text says, or the reason why it says none."""
    try:
        return read_measure(kind, text, today, signed), ""
    except BadValue as error:
        return None, error.reason


def try_measure(kind: AnswerKind, text: str, today: date, signed: bool) -> Decimal | date | None:
    """What is being typed, as far as it can be read already."""
    return read_or_reason(kind, text, today, signed)[0]
