"""Schools 学校, their sites 场所, and the people 人员 who inspect or answer for them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import NewType

SchoolId = NewType("SchoolId", str)
PersonId = NewType("PersonId", str)
WHOLE_SCHOOL = "全校"
"""The site of an inspection that went everywhere, as it is recorded and printed; no place to find a hazard again."""


class SchoolKind(StrEnum):
    """办学类型, as the district's lists name it."""

    KINDERGARTEN = "kindergarten"
    PRIMARY = "primary"
    MIDDLE = "middle"
    HIGH = "high"
    NINE_YEAR = "nine_year"
    COMPLETE = "complete"
    VOCATIONAL = "vocational"
    SPECIAL = "special"
    OTHER = "other"


class SchoolFact(StrEnum):
    """What a school has; decides which items are asked there."""

    BOARDING = "boarding"
    CANTEEN = "canteen"
    GAS = "gas"
    BOTTLED_GAS = "bottled_gas"
    LABORATORY = "laboratory"
    CONTROL_ROOM = "control_room"
    HYDRANTS = "hydrants"
    ALARM_SYSTEM = "alarm_system"
    PUMPS_OR_SPRINKLERS = "pumps_or_sprinklers"
    AUTOMATIC_SYSTEMS = "automatic_systems"
    FIRE_FACILITIES = "fire_facilities"
    ACCESS_CONTROL = "access_control"
    EBIKES = "ebikes"
    CONSTRUCTION = "construction"
    NAP_ROOM = "nap_room"
    KEY_UNIT = "key_unit"
    SCHOOL_BUS = "school_bus"
    BOUGHT_IN_MEALS = "bought_in_meals"
    CONTROLLED_CHEMICALS = "controlled_chemicals"
    SERVER_ROOM = "server_room"


@dataclass(frozen=True, slots=True)
class SchoolClass:
    """A class 班级 of the roster 花名册: where it sits, how many belong to it, who leads it, which way it leaves."""

    name: str
    place: str = ""
    enrolled: int | None = None
    teacher: str = ""
    route: str = ""


@dataclass(frozen=True, slots=True)
class School:
    """One school or one campus 校区 of it.

    `has` and `lacks` hold what is known; a fact in neither is unknown, and what depends on it is asked.
    """

    id: SchoolId
    name: str
    kind: SchoolKind = SchoolKind.OTHER
    code: str = ""
    campus_of: SchoolId | None = None
    street: str = ""
    address: str = ""
    head: str = ""
    phone: str = ""
    students: int | None = None
    has: frozenset[SchoolFact] = frozenset()
    lacks: frozenset[SchoolFact] = frozenset()
    sites: tuple[str, ...] = ()
    classes: tuple[SchoolClass, ...] = ()

    def fact(self, fact: SchoolFact) -> bool | None:
        """True, False, or None when nobody has said."""
        if fact in self.has:
            return True
        return False if fact in self.lacks else None


@dataclass(frozen=True, slots=True)
class Applies:
    """A clause of applicability: the school is of one of `kinds` (empty: any) and has every fact of `has`."""

    kinds: tuple[SchoolKind, ...] = ()
    has: tuple[SchoolFact, ...] = ()

    def matches(self, school: School) -> bool | None:
        """True, False, or None when the school's kind or a fact it needs is unknown."""
        known = [school.fact(fact) for fact in self.has]
        if self.kinds:
            known.append(None if school.kind is SchoolKind.OTHER else school.kind in self.kinds)
        if False in known:
            return False
        return None if None in known else True


class Role(StrEnum):
    """What a person may do."""

    INSPECTOR = "inspector"
    OFFICE = "office"
    SCHOOL = "school"


@dataclass(frozen=True, slots=True)
class Person:
    """Someone who signs or is named in a document."""

    id: PersonId
    name: str
    role: Role = Role.INSPECTOR


def normal_name(name: str) -> str:
    """A name without the differences people do not mean: width, spaces, kinds of brackets."""
    import unicodedata

    folded = unicodedata.normalize("NFKC", name)
    return "".join(c for c in folded if not c.isspace()).replace("[", "(").replace("]", ")")


def school_id(name: str, code: str = "") -> SchoolId:
    """The id of a school from its code 学校标识码, else from its name: the same list read twice gives the same ids."""
    if code:
        return SchoolId(code)
    import hashlib  # only where a list is read: it takes longer than this whole module

    return SchoolId("n" + hashlib.sha256(normal_name(name).encode()).hexdigest()[:12])
