"""An inspection 检查 while it is a draft 草稿: answers 检查结果, findings 隐患, photos 照片.

What they come to is said in `judging`, what is missing in `gaps`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from typing import NewType

from safetyapp.domain.canonical import OPTIONAL
from safetyapp.domain.form import FormId, ItemId, Severity
from safetyapp.domain.handover import HandOver
from safetyapp.domain.photo_marks import PhotoMarks
from safetyapp.domain.school import Person, School

InspectionId = NewType("InspectionId", str)
Sha256 = NewType("Sha256", str)

LARGEST_ANSWER_FILE = 20_000_000
"""Bytes of a file that answers an item: it travels inside the signed document."""


@dataclass(frozen=True, slots=True)
class ReadingValue:
    """What was read for one of the item's further values, in its one spelling (domain.values)."""

    id: str
    value: str


@dataclass(frozen=True, slots=True)
class Answer:
    """检查结果 of one item, or of one in a table's row: `item` is its address (domain.address).

    `value` is the text of its kind's one spelling (domain.values); `case` names the limits chosen by the inspector,
    when the item offers several.
    """

    item: ItemId
    value: str
    answered_at: datetime
    case: str = ""
    readings: tuple[ReadingValue, ...] = ()
    note: str = ""


class CaptureClock(StrEnum):
    """Which clock said when a photo was taken."""

    CAMERA = "camera"
    FILE = "file"
    LAPTOP = "laptop"


@dataclass(frozen=True, slots=True)
class Photo:
    """照片 as it was taken in: the original is kept byte for byte, the copy for print is upright and of the right size.

    `width` and `height` are pixels of the print copy; `size` is bytes of the original.
    """

    original: Sha256
    printed: Sha256
    width: int
    height: int
    size: int
    media_type: str
    taken_at: datetime | None = None
    taken_by_clock: CaptureClock | None = None


@dataclass(frozen=True, slots=True)
class PhotoLink:
    """A photo's place in an inspection: at an item, before (or, `after`, showing it fixed). `position` orders them.
    `marks` are what was drawn, hidden, cut off or turned; in a record, `photo` then tells of the marked copy."""

    item: ItemId
    photo: Photo
    position: int
    after: bool = False
    caption: str = ""
    marks: PhotoMarks | None = field(default=None, metadata=OPTIONAL)


@dataclass(frozen=True, slots=True)
class Finding:
    """隐患. `ordinal` counts the findings of one item from 1. Level MAJOR rests on `criterion`, a clause or an
    expert opinion; going below the item's own level needs `severity_reason`. `repeats` 复发 is the id of the last
    finding of the same item at the same school."""

    item: ItemId
    ordinal: int
    text: str
    severity: Severity
    action: str
    deadline: date
    place: str = ""
    basis: tuple[str, ...] = ()
    criterion: str = ""
    severity_reason: str = ""
    fixed_on_spot: bool = False
    repeats: str = ""


class InspectionType(StrEnum):
    """检查类型."""

    ROUTINE = "routine"
    SPECIAL = "special"
    HOLIDAY = "holiday"
    RECHECK = "recheck"


@dataclass(frozen=True, slots=True)
class FormRef:
    """A form by id, version and content."""

    id: FormId
    version: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Ink:
    """A handwritten signature 手写签名: strokes as points (x, y in 1/10 px, milliseconds from the first), its image's
    hash, and who wrote it. `refused` says why there is none, `witness` who saw that."""

    name: str
    role: str
    signed_at: datetime
    image: Sha256 | None = None
    strokes: tuple[tuple[tuple[int, int, int], ...], ...] = ()
    refused: str = ""
    witness: str = ""


@dataclass(frozen=True, slots=True)
class Inspection:
    """检查: the draft that an inspector fills. Its id stays with it to the hub and back."""

    id: InspectionId
    form: FormRef
    school: School
    started_at: datetime
    inspected_on: date
    inspector: Person
    type: InspectionType = InspectionType.ROUTINE
    companions: tuple[str, ...] = ()
    escort: str = ""
    site: str = ""
    answers: Mapping[ItemId, Answer] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()
    photos: tuple[PhotoLink, ...] = ()
    opinion: str = ""
    school_opinion: str = ""
    supersedes: InspectionId | None = None
    hand_overs: tuple[HandOver, ...] = ()

    @property
    def given(self) -> HandOver | None:
        """The hand-over that is open: the draft is a colleague's until he has taken it, or it is taken back."""
        return self.hand_overs[-1] if self.hand_overs and self.hand_overs[-1].is_open else None

    def findings_of(self, item: ItemId) -> tuple[Finding, ...]:
        return tuple(f for f in self.findings if f.item == item)

    def photos_of(self, item: ItemId, after: bool | None = None) -> tuple[PhotoLink, ...]:
        return tuple(p for p in self.photos if p.item == item and after in (None, p.after))

    def with_answer(self, answer: Answer) -> Inspection:
        return replace(self, answers={**self.answers, answer.item: answer})

    def without_answer(self, item: ItemId) -> Inspection:
        return replace(self, answers={k: v for k, v in self.answers.items() if k != item})

    def with_finding(self, finding: Finding) -> Inspection:
        """The finding in its place: findings stand in order of item text as given, then ordinal."""
        rest = [f for f in self.findings if (f.item, f.ordinal) != (finding.item, finding.ordinal)]
        return replace(self, findings=tuple(sorted([*rest, finding], key=lambda f: (f.item, f.ordinal))))

    def without_finding(self, item: ItemId, ordinal: int) -> Inspection:
        return replace(self, findings=tuple(f for f in self.findings if (f.item, f.ordinal) != (item, ordinal)))
