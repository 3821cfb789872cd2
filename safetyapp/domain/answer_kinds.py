"""What an item may ask for: the kind of answer, its limits, its choices, and what an answer comes to."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from safetyapp.domain.school import Applies, School
from safetyapp.domain.words import NO_WORDS, Words


class Outcome(StrEnum):
    """What an answer comes to: 合格, 不合格, 不适用; NOTED 已记录 where there is nothing to judge."""

    PASS = "pass"
    FAIL = "fail"
    NA = "na"
    NOTED = "noted"


class AnswerKind(StrEnum):
    """What an item wants as its answer. Behind each: how the answer is written as text.

    A POSITION is `latitude longitude [altitude [accuracy]]` in degrees and metres, a TRACE or SHAPE several of them
    with `;` between; a DURATION is in seconds; CHOICES and RANK are choice ids with spaces between; a file (AUDIO,
    VIDEO, FILE, SIGNATURE) is `sha256/name`; a TABLE is the ids of its rows in order with spaces between.
    """

    CONFORMITY = "conformity"
    CHOICE = "choice"
    CHOICES = "choices"
    RANK = "rank"
    TEXT = "text"
    BARCODE = "barcode"
    INTEGER = "integer"
    DECIMAL = "decimal"
    RANGE = "range"
    SCORE = "score"
    DURATION = "duration"
    DATE = "date"
    TIME = "time"
    DATETIME = "datetime"
    POSITION = "position"
    TRACE = "trace"
    SHAPE = "shape"
    PHOTO = "photo"
    AUDIO = "audio"
    VIDEO = "video"
    FILE = "file"
    SIGNATURE = "signature"
    ACKNOWLEDGE = "acknowledge"
    NOTE = "note"
    CALCULATION = "calculation"
    TABLE = "table"
    GROUP = "group"

    @property
    def is_number(self) -> bool:
        return self in _NUMBERS

    @property
    def is_asked(self) -> bool:
        """Whether a person answers it: notes, calculations and groups stand there for others."""
        return self not in (AnswerKind.NOTE, AnswerKind.CALCULATION, AnswerKind.GROUP)

    @property
    def is_choice(self) -> bool:
        return self in (AnswerKind.CHOICE, AnswerKind.CHOICES, AnswerKind.RANK)

    @property
    def is_file(self) -> bool:
        """Whether the answer is a kept file; photos are linked to the item instead."""
        return self in (AnswerKind.AUDIO, AnswerKind.VIDEO, AnswerKind.FILE, AnswerKind.SIGNATURE)

    @property
    def has_items(self) -> bool:
        return self in (AnswerKind.TABLE, AnswerKind.GROUP)


_NUMBERS = frozenset({AnswerKind.INTEGER, AnswerKind.DECIMAL, AnswerKind.RANGE, AnswerKind.SCORE, AnswerKind.DURATION})


@dataclass(frozen=True, slots=True)
class Limits:
    """What still passes: numbers between minimum and maximum; dates not older than `max_age_days`, or, `not_expired`,
    not before the day of the inspection."""

    minimum: Decimal | None = None
    maximum: Decimal | None = None
    max_age_days: int | None = None
    not_expired: bool = False


@dataclass(frozen=True, slots=True)
class LimitCase:
    """Other limits for a case: found from the school (`applies`), or chosen by the inspector (no `applies`)."""

    id: str
    label: Words
    limits: Limits
    applies: tuple[Applies, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """A further value written down beside the answer, with limits of its own. `signed`: it may be below zero.

    `choice_list` names the answers on offer of a reading of kind CHOICE.
    """

    id: str
    label: Words
    kind: AnswerKind
    unit: Words = NO_WORDS
    limits: Limits = Limits()
    required: bool = False
    signed: bool = False
    choice_list: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """One of the answers on offer. `outcome` says what choosing it comes to (None: nothing to judge); `columns` are the
    further columns that a choice filter looks at."""

    id: str
    label: Words
    outcome: Outcome | None = None
    media: str = ""
    columns: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class ChoiceList:
    """The answers on offer, in order."""

    id: str
    choices: tuple[Choice, ...]

    def choice(self, choice_id: str) -> Choice | None:
        return next((c for c in self.choices if c.id == choice_id), None)


@dataclass(frozen=True, slots=True)
class AnswerSpec:
    """The kind of answer, its unit and limits.

    `signed`: a number may be below zero, as temperatures are. `future`: a day may lie ahead. `choice_list` names the
    answers on offer; `other` adds 其他, whose words stand in the answer's note. `step` is that of a RANGE or SCORE,
    `max_length` that of a text.
    """

    kind: AnswerKind
    unit: Words = NO_WORDS
    limits: Limits = Limits()
    cases: tuple[LimitCase, ...] = ()
    readings: tuple[Reading, ...] = ()
    signed: bool = False
    future: bool = False
    choice_list: str = ""
    other: bool = False
    step: Decimal | None = None
    max_length: int | None = None

    def limits_for(self, school: School, case: str = "") -> Limits:
        """The limits that count: the chosen case, else the first case that the school's facts call for, else the
        first case of those to choose from when the item itself has no limits, else the item's own."""
        chosen = next((c for c in self.cases if c.id == case), None)
        if chosen is None:
            chosen = next((c for c in self.cases if any(a.matches(school) is True for a in c.applies)), None)
        if chosen is None and self.limits == Limits():
            chosen = next((c for c in self.cases if not c.applies), None)
        return chosen.limits if chosen else self.limits

    def choices(self) -> tuple[LimitCase, ...]:
        """The cases that the inspector chooses between."""
        return tuple(c for c in self.cases if not c.applies)


OTHER = "other"
"""The id of the choice that `AnswerSpec.other` adds."""
