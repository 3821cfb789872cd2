"""What the Fill screen says about an item: limits, judgement, what is missing, the row as a screen reader hears it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum

from safetyapp.domain.answer_kinds import AnswerKind, AnswerSpec, ChoiceList, Limits, Outcome, Reading
from safetyapp.domain.form import Item, Severity
from safetyapp.domain.gaps import GapKind
from safetyapp.domain.inspection import Answer
from safetyapp.domain.judging import limits_at
from safetyapp.domain.places import Skip
from safetyapp.domain.problem import Problem
from safetyapp.domain.reckoned import Reckoned
from safetyapp.domain.school import School
from safetyapp.domain.values import SCALES, BadValue, read_value, typed, within
from safetyapp.texts import Texts
from safetyapp.ui.value_words import duration_text


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


def amount(texts: Texts, kind: AnswerKind, value: Decimal) -> str:
    """A number as its kind says it: a length of time in minutes and seconds."""
    return duration_text(texts, number_text(value)) if kind is AnswerKind.DURATION else number_text(value)


def limits_text(texts: Texts, limits: Limits, kind: AnswerKind = AnswerKind.DECIMAL) -> str:
    """`下限 30`, `上限 2`, `0.25–0.50`, `31 天内`; empty when nothing is limited."""
    if limits.not_expired:
        return texts.say("fill.limit.not_expired")
    if limits.max_age_days is not None:
        years = round(limits.max_age_days / 365.25)
        if years >= 2 and abs(limits.max_age_days - 365.25 * years) <= 2:
            return texts.say("fill.limit.years", n=years)
        return texts.say("fill.limit.age", n=limits.max_age_days)
    low, high = limits.minimum, limits.maximum
    if low is not None and high is not None:
        return texts.say("fill.limit.between", low=amount(texts, kind, low), high=amount(texts, kind, high))
    if low is not None:
        return texts.say("fill.limit.min", n=amount(texts, kind, low))
    return texts.say("fill.limit.max", n=amount(texts, kind, high)) if high is not None else ""


def judge_value(
    texts: Texts, value: Decimal | date, limits: Limits, on: date, severity: Severity,
    kind: AnswerKind = AnswerKind.DECIMAL,
) -> Judgement:  # fmt: skip
    """A number or a day against its limits, with by how much it misses them."""
    failed = Tone.MAJOR if severity is Severity.MAJOR else Tone.GENERAL
    if isinstance(value, Decimal):
        if within(value, limits, on):
            bare = limits == Limits()
            return NO_JUDGEMENT if bare else Judgement(Tone.PASS, texts.say("fill.outcome.pass"))
        if limits.minimum is not None and value < limits.minimum:
            return Judgement(failed, texts.say("fill.judge.short", n=amount(texts, kind, limits.minimum - value)))
        over = value - limits.maximum if limits.maximum is not None else Decimal(0)
        return Judgement(failed, texts.say("fill.judge.over", n=amount(texts, kind, over)))
    age = (on - value).days
    if limits.not_expired and age > 0:
        return Judgement(failed, texts.say("fill.judge.expired", n=age))
    if within(value, limits, on):
        ahead = "fill.judge.expires" if limits.not_expired else "fill.judge.ahead"
        said = texts.say(ahead, n=-age) if limits.not_expired or age < 0 else texts.say("fill.judge.days", n=age)
        return Judgement(Tone.NA if limits == Limits() else Tone.PASS, said)
    late = age - (limits.max_age_days or 0)
    return Judgement(failed, texts.say("fill.judge.days_over", n=late))


def judge_answer(
    texts: Texts, item: Item, answer: Answer, school: School, on: date, severity: Severity, reckoned: Reckoned
) -> Judgement:
    """The answer's own value; readings beside it are judged by themselves."""
    value = typed(item.answer.kind, answer.value)
    if value is Outcome.NA:
        return Judgement(Tone.NA, texts.say("fill.outcome.na"))
    if not isinstance(value, Decimal | date) or item.answer.kind in SCALES:
        return NO_JUDGEMENT
    limits = limits_at(item, answer.item, school, answer.case, reckoned)
    return judge_value(texts, value, limits, on, severity, item.answer.kind)


def judge_reading(texts: Texts, reading: Reading, text: str, on: date, severity: Severity) -> Judgement:
    """One of the further values; one that has no limits is only written down."""
    value = typed(reading.kind, text)
    if reading.limits == Limits() or not isinstance(value, Decimal | date):
        return NO_JUDGEMENT
    return judge_value(texts, value, reading.limits, on, severity, reading.kind)


def bad_value_text(texts: Texts, reason: str, kind: AnswerKind) -> str:
    """The sentence beside a field that could not be read."""
    if reason == "not_a_number" and kind is AnswerKind.INTEGER:
        reason = "not_whole"
    return texts.say(f"fill.bad.{reason if reason in KNOWN_REASONS else 'other'}")


KNOWN_REASONS = (
    "not_a_number", "negative", "not_whole", "not_a_date", "in_the_future", "too_long_ago", "too_long", "not_a_time",
    "not_a_datetime", "not_a_duration", "not_a_position", "not_all_ranked", "not_offered", "off_step", "bad_text",
)  # fmt: skip


def refusal_text(texts: Texts, error: Problem, kind: AnswerKind) -> str:
    """Why an answer was not taken: a rule of the form in its own words, else what could not be read."""
    reason = str(error.facts.get("reason", ""))
    if reason == "constraint":
        rule = str(error.facts.get("rule_en" if texts.language == "en" else "rule", "")) or str(error.facts["rule"])
        return rule or texts.say("fill.bad.constraint")
    return bad_value_text(texts, reason, kind)


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


def read_or_reason(spec: AnswerSpec, text: str, today: date, offered: ChoiceList | None) -> tuple[str | None, str]:
    """The answer that a text says, in its one spelling, or the reason why it says none."""
    try:
        return read_value(spec, text, today, offered), ""
    except BadValue as error:
        return None, error.reason


def spec_of(reading: Reading) -> AnswerSpec:
    """A further value, asked for like an item."""
    return AnswerSpec(
        reading.kind,
        unit=reading.unit,
        limits=reading.limits,
        signed=reading.signed,
        choice_list=reading.choice_list,
    )
