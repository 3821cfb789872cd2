"""An inspection 检查 while it is a draft 草稿.

Answers 检查结果, findings 隐患, photos 照片, and what is still missing to finalise.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import NewType, TypeAlias

from safetyapp.domain.condition import parse_condition
from safetyapp.domain.form import AnswerKind, AnswerSpec, Form, FormId, Item, ItemId, Limits, PhotoRule, Severity
from safetyapp.domain.school import WHOLE_SCHOOL, Person, School

InspectionId = NewType("InspectionId", str)
Sha256 = NewType("Sha256", str)


class Outcome(StrEnum):
    """What an answer comes to: 合格, 不合格, 不适用."""

    PASS = "pass"
    FAIL = "fail"
    NA = "na"


AnswerValue: TypeAlias = Outcome | Decimal | date


class BadValue(ValueError):
    """A text that is no answer to this item; `reason` is not_a_number, negative, not_whole, not_a_date, in_the_future,
    too_long_ago, not_a_choice, too_long or unknown_case."""

    def __init__(self, reason: str, text: str) -> None:
        super().__init__(reason, text)
        self.reason = reason
        self.text = text


@dataclass(frozen=True, slots=True)
class ReadingValue:
    """What was read for one of the item's further values."""

    id: str
    value: Decimal | date


@dataclass(frozen=True, slots=True)
class Answer:
    """检查结果 of one item. `case` names the limits chosen by the inspector, when the item offers several."""

    item: ItemId
    value: AnswerValue
    answered_at: datetime
    case: str = ""
    readings: tuple[ReadingValue, ...] = ()
    note: str = ""

    def text(self) -> str:
        """The value as it is stored and compared."""
        return value_text(self.value)


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
    """A photo's place in an inspection: at an item, before (or, `after`, showing it fixed). `position` orders them."""

    item: ItemId
    photo: Photo
    position: int
    after: bool = False
    caption: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """隐患. `ordinal` counts the findings of one item from 1. Level MAJOR rests on `criterion`, a clause or an
    expert opinion; going below the item's own level needs `severity_reason`."""

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


def value_text(value: AnswerValue) -> str:
    """An answer's or reading's value as text: pass, 1.15, 2026-11-05."""
    match value:
        case Outcome():
            return value.value
        case Decimal():
            return format(value, "f")
    return value.isoformat()


def value_from_text(text: str) -> AnswerValue:
    """The inverse of `value_text`."""
    if text in (Outcome.PASS, Outcome.FAIL, Outcome.NA):
        return Outcome(text)
    return date.fromisoformat(text) if re.fullmatch(r"\d{4}-\d\d-\d\d", text) else Decimal(text)


def read_value(spec: AnswerSpec, text: str, today: date) -> AnswerValue:
    """What a person typed as an answer: pass/fail/na, a number (full-width digits welcome), a day.

    Days may be written 2026-11-05, 20261105, 11-5, 1105 (the last such day) or -19 (days ago). Raises BadValue.
    """
    typed = unicodedata.normalize("NFKC", text).strip()
    if len(typed) > 200:
        raise BadValue("too_long", text)
    if typed.lower() == Outcome.NA:
        return Outcome.NA
    if spec.kind is AnswerKind.CONFORMITY:
        try:
            return Outcome(typed.lower())
        except ValueError:
            raise BadValue("not_a_choice", text) from None
    return read_measure(spec.kind, typed, today, spec.signed)


def read_measure(kind: AnswerKind, typed: str, today: date, signed: bool = False) -> Decimal | date:
    """A number or a day from text; below zero only where that is `signed`, for of a count or a length there is no less
    than nothing. Raises BadValue."""
    typed = unicodedata.normalize("NFKC", typed).strip()
    if kind is AnswerKind.DATE:
        return _read_day(typed, today)
    if not re.fullmatch(r"[+-]?(\d{1,15}([.。]\d{0,9})?|[.]\d{1,9})", typed, re.ASCII):
        raise BadValue("not_a_number", typed)
    number = Decimal(typed.replace("。", "."))
    if number < 0 and not signed:
        raise BadValue("negative", typed)
    if kind is AnswerKind.INTEGER and number != number.to_integral_value():
        raise BadValue("not_whole", typed)
    return number


def _read_day(typed: str, today: date) -> date:
    if re.fullmatch(r"-\d{1,5}", typed, re.ASCII):
        return _not_too_old(today - timedelta(days=int(typed[1:])), typed)
    numbers = [int(n) for n in re.findall(r"\d+", typed)] if re.fullmatch(r"[\d\-/.年月日 ]+", typed) else []
    if len(numbers) == 1 and typed.isdigit() and len(typed) == 8:
        numbers = [int(typed[:4]), int(typed[4:6]), int(typed[6:])]
    elif len(numbers) == 1 and typed.isdigit() and len(typed) in (3, 4):
        numbers = [int(typed[:-2]), int(typed[-2:])]
    try:
        match numbers:
            case [year, month, day]:
                found = date(year, month, day)
            case [month, day]:
                found = date(today.year, month, day)
                if found > today:
                    found = date(today.year - 1, month, day)
            case _:
                raise BadValue("not_a_date", typed)
    except BadValue:
        raise
    except (ValueError, OverflowError):
        raise BadValue("not_a_date", typed) from None
    if found > today:
        raise BadValue("in_the_future", typed)
    return _not_too_old(found, typed)


def _not_too_old(found: date, typed: str) -> date:
    """No building, report or extinguisher that is asked about is older than this: it is a slip of the hand."""
    if found.year < 1949:
        raise BadValue("too_long_ago", typed)
    return found


def within(value: Decimal | date, limits: Limits, on: date) -> bool:
    """Whether a number or a day keeps the limits on the day of the inspection."""
    if isinstance(value, Decimal):
        low, high = limits.minimum, limits.maximum
        return (low is None or value >= low) and (high is None or value <= high)
    return limits.max_age_days is None or (on - value).days <= limits.max_age_days


def judge(item: Item, answer: Answer, school: School, on: date) -> Outcome:
    """What the answer comes to on day `on`: the choice itself, or the value against the limits that count at this
    school; a reading out of its limits fails the item too."""
    if answer.value is Outcome.NA:
        return Outcome.NA
    if isinstance(answer.value, Outcome):
        outcome = answer.value
    else:
        kept = within(answer.value, item.answer.limits_for(school, answer.case), on)
        outcome = Outcome.PASS if kept else Outcome.FAIL
    limits = {r.id: r.limits for r in item.answer.readings}
    if any(r.id in limits and not within(r.value, limits[r.id], on) for r in answer.readings):
        return Outcome.FAIL
    return outcome


def outcomes(form: Form, inspection: Inspection) -> dict[ItemId, Outcome]:
    """The outcome of every answered item."""
    answers = inspection.answers
    return {
        item.id: judge(item, answers[item.id], inspection.school, inspection.inspected_on)
        for item in form.items()
        if item.id in answers
    }


class Skip(StrEnum):
    """Why an item is not asked."""

    SCHOOL = "school"
    CONDITION = "condition"


def skipped(form: Form, inspection: Inspection) -> dict[ItemId, Skip]:
    """The items that are not asked, and why. An item that has been answered all the same is not skipped."""
    values = {str(k): a.text() for k, a in inspection.answers.items()}
    result: dict[ItemId, Skip] = {}
    for item in form.items():
        if item.id in inspection.answers:
            continue
        if not item.applies_to(inspection.school):
            result[item.id] = Skip.SCHOOL
        elif item.when and not parse_condition(item.when).holds(values):
            result[item.id] = Skip.CONDITION
    return result


class GapKind(StrEnum):
    """What is missing. The first group blocks finalising, the second is a reminder."""

    UNANSWERED = "unanswered"
    FINDING = "finding"
    TEXT = "text"
    CRITERION = "criterion"
    SEVERITY_REASON = "severity_reason"
    AFTER_PHOTO = "after_photo"
    PLACE = "place"
    PHOTO = "photo"

    @property
    def blocks(self) -> bool:
        return self not in (GapKind.PLACE, GapKind.PHOTO)


@dataclass(frozen=True, slots=True)
class Gap:
    """One thing missing at an item."""

    item: ItemId
    kind: GapKind


def gaps(form: Form, inspection: Inspection) -> tuple[Gap, ...]:
    """What is missing to finalise, in the order of the form; `gap.kind.blocks` tells must from reminder."""
    results = outcomes(form, inspection)
    not_asked = skipped(form, inspection)
    found: list[Gap] = []
    for item in form.items():
        if item.id in not_asked:
            continue
        outcome = results.get(item.id)
        if outcome is None:
            found.append(Gap(item.id, GapKind.UNANSWERED))
        elif outcome is Outcome.FAIL:
            found.extend(Gap(item.id, kind) for kind in _gaps_of_fail(item, inspection))
    return tuple(found)


def _gaps_of_fail(item: Item, inspection: Inspection) -> list[GapKind]:
    findings = inspection.findings_of(item.id)
    missing: list[GapKind] = [] if findings else [GapKind.FINDING]
    for finding in findings:
        if not finding.text.strip():
            missing.append(GapKind.TEXT)
        if finding.severity is Severity.MAJOR and not finding.criterion.strip():
            missing.append(GapKind.CRITERION)
        if item.severity is Severity.MAJOR and finding.severity is Severity.GENERAL and not finding.severity_reason:
            missing.append(GapKind.SEVERITY_REASON)
        if finding.fixed_on_spot and not inspection.photos_of(item.id, after=True):
            missing.append(GapKind.AFTER_PHOTO)
        if not finding.place.strip():
            missing.append(GapKind.PLACE)
    if item.photo is PhotoRule.ON_FAIL and not inspection.photos_of(item.id, after=False):
        missing.append(GapKind.PHOTO)
    return missing


def propose_finding(form: Form, item: Item, inspection: Inspection, text: str, ordinal: int = 1) -> Finding:
    """The finding that a fail starts with: level, action, deadline, basis and criterion come from the item.

    `text` is the sentence that the caller proposes; the deadline is the inspection's day plus the item's days.
    """
    criterion = form.cite(item.criterion) if item.criterion and item.severity is Severity.MAJOR else ""
    return Finding(
        item=item.id,
        ordinal=ordinal,
        text=text,
        severity=item.severity,
        action=item.action.zh,
        deadline=inspection.inspected_on + timedelta(days=item.days),
        place="" if inspection.site == WHOLE_SCHOOL else inspection.site,
        basis=form.citations(item.basis),
        criterion=criterion,
    )


def marks_of(
    order: Sequence[ItemId],
    outcomes: Mapping[ItemId, Outcome],
    skipped: Mapping[ItemId, object],
    majors: frozenset[ItemId],
) -> str:
    """The mosaic 格图 as letters, see domain.draft.DraftRow."""
    letters = {Outcome.PASS: "p", Outcome.NA: "n", Outcome.FAIL: "g"}

    def letter(item: ItemId) -> str:
        if item in skipped:
            return "n"
        if item not in outcomes:
            return "o"
        return "M" if outcomes[item] is Outcome.FAIL and item in majors else letters[outcomes[item]]

    return "".join(letter(item) for item in order)
