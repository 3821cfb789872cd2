"""What is still missing to finalise 定稿 an inspection."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from safetyapp.domain.answer_kinds import OTHER, AnswerKind, Outcome
from safetyapp.domain.form import Form, Item, ItemId, PhotoRule, Severity
from safetyapp.domain.inspection import Inspection
from safetyapp.domain.judging import is_required, outcome_at
from safetyapp.domain.places import Place, places, row_ids
from safetyapp.domain.reckoned import Reckoned


class GapKind(StrEnum):
    """What is missing, or stands there and cannot stay (CONSTRAINT: an answer that breaks its rule; CHOICE: one that is
    no longer on offer; DEADLINE: a day before the inspection). PLACE and PHOTO are reminders, the others block
    finalising."""

    UNANSWERED = "unanswered"
    CONSTRAINT = "constraint"
    CHOICE = "choice"
    OTHER_WORDS = "other_words"
    READING = "reading"
    ROWS = "rows"
    FINDING = "finding"
    TEXT = "text"
    CRITERION = "criterion"
    SEVERITY_REASON = "severity_reason"
    DEADLINE = "deadline"
    AFTER_PHOTO = "after_photo"
    PLACE = "place"
    PHOTO = "photo"

    @property
    def blocks(self) -> bool:
        return self not in (GapKind.PLACE, GapKind.PHOTO)


@dataclass(frozen=True, slots=True)
class Gap:
    """One thing missing at an item; `item` is its address."""

    item: ItemId
    kind: GapKind


def gaps(form: Form, inspection: Inspection, reckoned: Reckoned) -> tuple[Gap, ...]:
    """What is missing to finalise, in the order of the form; `gap.kind.blocks` tells must from reminder."""
    found: list[Gap] = []
    for place in places(form, inspection, reckoned):
        if place.skip is None and place.item.answer.kind.is_asked:
            found.extend(Gap(place.address, kind) for kind in gaps_at(form, place, inspection, reckoned))
    return tuple(found)


def gaps_at(form: Form, place: Place, inspection: Inspection, reckoned: Reckoned) -> list[GapKind]:
    """What is missing at one place that is asked."""
    item, address = place.item, place.address
    if item.answer.kind is AnswerKind.TABLE:
        fewest = max(item.rows.minimum, reckoned.row_counts.get(address, 0), int(address in reckoned.demanded))
        short = [GapKind.ROWS] if len(row_ids(inspection, address)) < fewest else []
        return [*short, GapKind.CONSTRAINT] if address in reckoned.broken else short
    outcome = outcome_at(form, inspection, place, reckoned)
    missing: list[GapKind] = []
    if outcome is None and is_required(item, address, reckoned):
        missing.append(GapKind.UNANSWERED)
    if address in reckoned.broken:
        missing.append(GapKind.CONSTRAINT)
    missing.extend(_gaps_of_answer(item, address, inspection, reckoned))
    if outcome is Outcome.FAIL:
        missing.extend(_gaps_of_fail(item, address, inspection))
    if _wants_photo(item, outcome) and not inspection.photos_of(address, after=False):
        missing.append(GapKind.PHOTO)
    return missing


def _wants_photo(item: Item, outcome: Outcome | None) -> bool:
    if item.photo is PhotoRule.ALWAYS:
        return outcome is not Outcome.NA
    return item.photo is PhotoRule.ON_FAIL and outcome is Outcome.FAIL


def _gaps_of_answer(item: Item, address: ItemId, inspection: Inspection, reckoned: Reckoned) -> list[GapKind]:
    answer = inspection.answers.get(address)
    if answer is None:
        return []
    missing: list[GapKind] = []
    chosen = answer.value.split() if item.answer.kind.is_choice else []
    offered = reckoned.offered.get(address)
    if offered is not None and answer.value != Outcome.NA and not _fits(item.answer.kind, chosen, offered):
        missing.append(GapKind.CHOICE)
    if item.answer.other and OTHER in chosen and not answer.note.strip():
        missing.append(GapKind.OTHER_WORDS)
    read = {r.id for r in answer.readings}
    if answer.value != Outcome.NA and any(r.required and r.id not in read for r in item.answer.readings):
        missing.append(GapKind.READING)
    return missing


def _fits(kind: AnswerKind, chosen: list[str], offered: tuple[str, ...]) -> bool:
    """Whether what was chosen is on offer now; a ranking also ranks all that is."""
    given = {choice for choice in chosen if choice != OTHER}
    return given == set(offered) - {OTHER} if kind is AnswerKind.RANK else given <= set(offered)


def _gaps_of_fail(item: Item, address: ItemId, inspection: Inspection) -> list[GapKind]:
    findings = inspection.findings_of(address)
    missing: list[GapKind] = [] if findings else [GapKind.FINDING]
    for finding in findings:
        if not finding.text.strip():
            missing.append(GapKind.TEXT)
        if finding.severity is Severity.MAJOR and not finding.criterion.strip():
            missing.append(GapKind.CRITERION)
        if is_lowered(item.severity, finding.severity) and not finding.severity_reason:
            missing.append(GapKind.SEVERITY_REASON)
        if finding.deadline < inspection.inspected_on:
            missing.append(GapKind.DEADLINE)
        if finding.fixed_on_spot and not inspection.photos_of(address, after=True):
            missing.append(GapKind.AFTER_PHOTO)
        if not finding.place.strip():
            missing.append(GapKind.PLACE)
    return missing


_LEVELS = (Severity.GENERAL, Severity.CANDIDATE, Severity.MAJOR)


def is_lowered(usual: Severity, chosen: Severity) -> bool:
    """Whether a finding stands below its item's own level, which needs a reason."""
    return _LEVELS.index(chosen) < _LEVELS.index(usual)
