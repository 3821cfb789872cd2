"""What is said about a school in one short line."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from safetyapp.domain.school import School, SchoolFact
from safetyapp.texts import Texts

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_TOLD = (SchoolFact.BOARDING, SchoolFact.CANTEEN, SchoolFact.LABORATORY)
"""The facts that change how an inspector packs; only the first one known is told."""


CODE_SHOWN = 4
"""The digits at the end of a code that tell two schools of one name apart."""


def same_names(schools: Iterable[School]) -> frozenset[str]:
    """The names that more than one of these schools has."""
    return frozenset(name for name, count in Counter(s.name for s in schools).items() if count > 1)


def apart(texts: Texts, school: School) -> str:
    """示例街道 · 代码尾号 1234: what tells a school from another of the same name."""
    say = texts.say
    own = say("today.school.code", end=school.code[-CODE_SHOWN:]) if school.code else school.address
    return say("window.dot").join(part for part in (school.street, own) if part)


def school_count(texts: Texts, schools: Sequence[School]) -> str:
    """60 所学校，6 个校区: a campus is no school of its own."""
    campuses = sum(1 for school in schools if school.campus_of is not None)
    key = "today.school.count_campuses" if campuses else "today.school.count"
    return texts.say(key, n=len(schools) - campuses, campuses=campuses)


def school_facts(texts: Texts, school: School, same: frozenset[str] = frozenset()) -> str:
    """830 人 · 小学 · 有食堂; first what tells it apart, where its name is one of the `same`."""
    say = texts.say
    first = apart(texts, school) if school.name in same else ""
    parts = [first] if first else []
    if school.students is not None:
        parts.append(say("today.school.students", n=f"{school.students:,}"))
    kind = say(f"today.kind.{school.kind.value}")
    if kind:
        parts.append(kind)
    told = next((fact for fact in _TOLD if fact in school.has), None)
    if told is not None:
        parts.append(say(f"today.school.{told.value}"))
    if school.street and len(parts) < 3 and not first:
        parts.append(school.street)
    return say("window.dot").join(parts)


def matches(school: School, text: str) -> bool:
    """Whether a person who typed `text` may mean this school: every word stands in its name, street or code."""
    where = f"{school.name} {school.street} {school.code}".casefold()
    return all(word in where for word in text.casefold().split())
