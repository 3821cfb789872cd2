"""How days, sizes and problems are said to people; one function each."""

from __future__ import annotations

from datetime import date, datetime

from safetyapp.domain.problem import Problem
from safetyapp.texts import Texts


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
    return f"{size / 1_048_576:.1f} MB" if size >= 1_048_576 else f"{max(1, round(size / 1024))} KB"


def error_sentence(texts: Texts, error: Exception) -> str:
    """What happened, what is safe, what to do; a fault of our own is named as one."""
    if isinstance(error, Problem):
        try:
            said = texts.explain(error)
        except KeyError:
            return texts.say("window.unexpected", name=error.code)
        return texts.say("window.sentence", what=said.what, kept=said.kept, next=said.next)
    return texts.say("window.unexpected", name=type(error).__name__)
