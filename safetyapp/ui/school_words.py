"""What is said about a school in one short line."""

from __future__ import annotations

from safetyapp.domain.school import School, SchoolFact
from safetyapp.texts import Texts

_TOLD = (SchoolFact.BOARDING, SchoolFact.CANTEEN, SchoolFact.LABORATORY)
"""The facts that change how an inspector packs; only the first one known is told."""


def school_facts(texts: Texts, school: School) -> str:
    """830 人 · 小学 · 有食堂."""
    say = texts.say
    parts = []
    if school.students is not None:
        parts.append(say("today.school.students", n=f"{school.students:,}"))
    kind = say(f"today.kind.{school.kind.value}")
    if kind:
        parts.append(kind)
    told = next((fact for fact in _TOLD if fact in school.has), None)
    if told is not None:
        parts.append(say(f"today.school.{told.value}"))
    if school.street and len(parts) < 3:
        parts.append(school.street)
    return say("window.dot").join(parts)


def matches(school: School, text: str) -> bool:
    """Whether a person who typed `text` may mean this school: every word stands in its name, street or code."""
    where = f"{school.name} {school.street} {school.code}".casefold()
    return all(word in where for word in text.casefold().split())
