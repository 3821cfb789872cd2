"""How days, sizes and problems are said to people; one function each."""

from __future__ import annotations

import errno
import os
import re
from datetime import date, datetime
from typing import TYPE_CHECKING

from safetyapp.domain.problem import Problem

if TYPE_CHECKING:
    from safetyapp.texts import Explained, Texts

_TWO_LANGUAGES = re.compile(r"(?<=。)\s*(?=['\"“‘(]?[A-Z])")
"""Between the halves of "中文。English."."""
_ENDS = re.compile(r"(?<=。)(?=['\"“‘(]?[!-~])")
_QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"|“[^”]*”|‘[^’]*’")
_CHINESE = re.compile(r"[\u3000-\u9fff]")
_REASONS = {
    os.strerror(errno.ENOENT): "gone",
    os.strerror(errno.EACCES): "locked",
    os.strerror(errno.EPERM): "forbidden",
    os.strerror(errno.ENOSPC): "full",
    os.strerror(errno.EROFS): "protected",
    os.strerror(errno.EIO): "failing",
    os.strerror(errno.EISDIR): "folder",
}
"""What the system says of a file, and our words for it."""


def month_day(texts: Texts, day: date) -> str:
    """11-24, as lists say it."""
    return texts.say("window.month_day", month=day.month, day=day.day)


def full_date(texts: Texts, day: date) -> str:
    """2026-11-24."""
    return texts.say("window.date", year=day.year, month=day.month, day=day.day)


def date_time(texts: Texts, at: datetime) -> str:
    """2026-11-24 15:03, by the clock that said it, as the paper has it."""
    return texts.say("window.date_time", year=at.year, month=at.month, day=at.day, hour=at.hour, minute=at.minute)


def long_day(texts: Texts, day: date) -> str:
    """11月24日 周二."""
    weekday = texts.say("window.weekdays").split()[day.weekday()]
    return texts.say("window.long_day", month=day.month, day=day.day, weekday=weekday)


def when(texts: Texts, day: date, today: date) -> str:
    """今天, 昨天, 3 天前, 11-20, 去年11-03: what a person needs to find it again."""
    ago = (today - day).days
    if ago == 0:
        return texts.say("today.where.today")
    if ago == 1:
        return texts.say("today.where.yesterday")
    if 1 < ago < 7:
        return texts.say("today.where.days_ago", n=ago)
    text = month_day(texts, day)
    if day.year == today.year:
        return text
    return texts.say("today.where.last_year", date=text) if day.year == today.year - 1 else full_date(texts, day)


def size_text(size: int) -> str:
    """3.4 MB."""
    if size >= 1_073_741_824:
        return f"{size / 1_073_741_824:.1f} GB"
    return f"{size / 1_048_576:.1f} MB" if size >= 1_048_576 else f"{max(1, round(size / 1024))} KB"


def in_language(said: str, language: str) -> str:
    """The half of "中文。English." that the person reads; what is not written in two halves stays whole."""
    for end in _ENDS.finditer(said):  # the English half may begin with a name in small letters
        if not _CHINESE.search(_QUOTED.sub("", said[end.end() :])):
            return said[end.end() :] if language == "en" else said[: end.end()]
    halves = _TWO_LANGUAGES.split(said, maxsplit=1)
    return halves[-1 if language == "en" else 0]


def explained(texts: Texts, problem: Problem) -> Explained:
    """What happened, what was kept, what to do: in one language, whatever the facts were written in. Raises KeyError
    for a problem that has no sentence."""
    facts = {name: _fact(texts, name, value) for name, value in problem.facts.items()}
    return texts.explain(Problem(problem.code, **facts))


def _fact(texts: Texts, name: str, value: object) -> object:
    if not isinstance(value, str):
        return value
    if name == "reason" and not value:
        return texts.say("window.reason.unknown")
    if name == "reason" and value in _REASONS:
        return texts.say(f"window.reason.{_REASONS[value]}")
    half = in_language(value, texts.language)
    return value if half == value else half.rstrip("。.")


def error_sentence(texts: Texts, error: Exception) -> str:
    """What happened, what is safe, what to do; a fault of our own is named as one."""
    if isinstance(error, Problem):
        try:
            said = explained(texts, error)
        except KeyError:
            return texts.say("window.unexpected", name=error.code)
        return texts.say("window.sentence", what=said.what, kept=said.kept, next=said.next)
    return texts.say("window.unexpected", name=type(error).__name__)
