"""Answers in words: what a field shows of a kept text, and what a row or a cell says of it."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

from safetyapp.domain.answer_kinds import OTHER, AnswerKind, ChoiceList, Outcome
from safetyapp.domain.inspection import Answer
from safetyapp.texts import Texts

MAY_NOT_APPLY = frozenset(
    {AnswerKind.CONFORMITY, AnswerKind.CHOICE, AnswerKind.DATE, AnswerKind.TIME, AnswerKind.DATETIME}
    | {kind for kind in AnswerKind if kind.is_number}
)
"""The kinds that 不适用 is an answer to."""


def field_text(texts: Texts, kind: AnswerKind, value: str) -> str:
    """A kept text as a field shows it: it can be read again from there. 不适用 is no text of a field."""
    if kind is AnswerKind.CONFORMITY or (value == Outcome.NA and kind in MAY_NOT_APPLY):
        return ""
    match kind:
        case AnswerKind.DURATION:
            return duration_text(texts, value)
        case AnswerKind.DATETIME:
            shown = value.replace("T", " ")
            return shown[:19] if shown[16:17] == ":" else shown[:16]
        case AnswerKind.TRACE | AnswerKind.SHAPE:
            return value.replace(";", "\n")
    return value


def duration_text(texts: Texts, value: str) -> str:
    """Seconds as 1小时2分3秒, what is zero left out; parts of a second stay a number."""
    try:
        seconds = Decimal(value)
    except InvalidOperation:
        return value
    if seconds != seconds.to_integral_value():
        return format(seconds, "f")
    whole = int(seconds)
    parts = (("hours", whole // 3600), ("minutes", whole % 3600 // 60), ("seconds", whole % 60))
    said = "".join(texts.say(f"fill.duration.{name}", n=n) for name, n in parts if n)
    return said or texts.say("fill.duration.seconds", n=0)


def label_of(texts: Texts, offered: ChoiceList | None, choice_id: str) -> str:
    """A choice by its label; one that is offered no more by its id."""
    if choice_id == OTHER and (offered is None or offered.choice(OTHER) is None):
        return texts.say("fill.choice.other")
    choice = offered.choice(choice_id) if offered is not None else None
    return choice.label.in_language(texts.language) if choice is not None else choice_id


def chosen_words(texts: Texts, kind: AnswerKind, answer: Answer, offered: ChoiceList | None) -> str:
    """The chosen answers by their labels, 其他 with its own words."""
    if answer.value == Outcome.NA and kind is AnswerKind.CHOICE and not (offered and offered.choice("na")):
        return texts.say("fill.outcome.na")
    labels = []
    for place, choice_id in enumerate(answer.value.split(), start=1):
        label = label_of(texts, offered, choice_id)
        if choice_id == OTHER and answer.note:
            label = texts.say("fill.choice.other_is", what=answer.note)
        labels.append(f"{place} {label}" if kind is AnswerKind.RANK else label)
    return texts.say("fill.comma").join(labels)


def file_name(value: str) -> str:
    """The name under which a kept file came."""
    return value.partition("/")[2]


def answer_words(texts: Texts, kind: AnswerKind, answer: Answer, offered: ChoiceList | None) -> str:
    """What a row, a cell or a screen reader says of an answer, on one line."""
    say, value = texts.say, answer.value
    if kind is AnswerKind.CONFORMITY or (value == Outcome.NA and kind in MAY_NOT_APPLY and not kind.is_choice):
        return say(f"fill.outcome.{value}")
    if kind.is_choice:
        return chosen_words(texts, kind, answer, offered)
    if kind.is_file:
        return file_name(value)
    match kind:
        case AnswerKind.ACKNOWLEDGE:
            return say("fill.acknowledged")
        case AnswerKind.TRACE | AnswerKind.SHAPE:
            return say("fill.points", n=value.count(";") + 1)
        case AnswerKind.TABLE:
            return say("fill.table.rows", n=len(value.split()))
        case AnswerKind.TEXT:
            return " ".join(value.split())
    return field_text(texts, kind, value)
