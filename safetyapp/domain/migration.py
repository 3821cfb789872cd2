"""Moving a draft to another version of its form: what is carried over, what has no place any more, what is newly asked.

Pure: an inspection and two forms in, an inspection and a list out. What is dropped stays in the draft's history.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from safetyapp.domain.address import item_of
from safetyapp.domain.answer_kinds import AnswerKind, Outcome
from safetyapp.domain.form import Form, Item, ItemId
from safetyapp.domain.inspection import Answer, FormRef, Inspection
from safetyapp.domain.places import Path, paths
from safetyapp.domain.values import BadValue, read_value


class DropReason(StrEnum):
    """Why an answer is not carried over: the new version has no such item, asks for another kind of answer there, does
    not offer what was chosen, or has put the item into another table or out of one."""

    GONE = "gone"
    KIND = "kind"
    CHOICE = "choice"
    MOVED = "moved"


@dataclass(frozen=True, slots=True)
class Dropped:
    """What has no place in the new version: an answer (`value`, empty where there was none) with its findings and
    photos; `question` is what was asked."""

    address: ItemId
    value: str
    reason: DropReason
    question: str


@dataclass(frozen=True, slots=True)
class Migration:
    """What moving does. `reworded` are carried items whose question or limits differ: worth a second look."""

    inspection: Inspection
    carried: tuple[ItemId, ...]
    reworded: tuple[ItemId, ...]
    dropped: tuple[Dropped, ...]
    asked: tuple[ItemId, ...]


def migrate(inspection: Inspection, old: Form, new: Form) -> Migration:
    """The inspection under `new`. An answer is carried when the item is still there, wants the same kind of answer, and
    takes the value; findings and photos go where their item goes."""
    before, after = paths(old), paths(new)
    carried: dict[ItemId, Answer] = {}
    dropped: list[Dropped] = []
    reworded: list[ItemId] = []
    alive: set[ItemId] = set()
    for address in dict.fromkeys(_addresses(inspection)):
        answer, item = inspection.answers.get(address), item_of(address)
        was, now = before.get(item), after.get(item)
        reason = _reason(was, now) or (_refused(new, now.item, answer, inspection) if now and answer else None)
        if reason is not None or was is None or now is None:
            question = was.item.question.zh if was else ""
            dropped.append(Dropped(address, answer.value if answer else "", reason or DropReason.GONE, question))
            continue
        alive.add(address)
        if answer is not None:
            carried[address] = _kept(answer, was.item, now.item, new)
            if _asks(old, was.item) != _asks(new, now.item):
                reworded.append(address)
    moved = replace(
        inspection,
        form=FormRef(new.id, new.version, new.sha256),
        answers=carried,
        findings=tuple(f for f in inspection.findings if f.item in alive),
        photos=tuple(link for link in inspection.photos if link.item in alive),
    )
    asked = tuple(item for item, path in after.items() if item not in before and path.item.answer.kind.is_asked)
    return Migration(moved, tuple(carried), tuple(reworded), tuple(dropped), asked)


def _reason(was: Path | None, now: Path | None) -> DropReason | None:
    """Why nothing that stood at an item can be carried over, whatever was answered."""
    if was is None or now is None:
        return DropReason.GONE
    if was.item.answer.kind is not now.item.answer.kind:
        return DropReason.KIND
    return DropReason.MOVED if [t.id for t in was.tables] != [t.id for t in now.tables] else None


def _refused(new: Form, now: Item, answer: Answer, inspection: Inspection) -> DropReason | None:
    if now.answer.kind.is_file or now.answer.kind is AnswerKind.TABLE or answer.value == Outcome.NA:
        return None
    try:
        read_value(now.answer, answer.value, inspection.inspected_on, new.choice_list(now.answer.choice_list))
    except BadValue as error:
        # a day that was ahead, a number below zero: it was taken once, and stays
        is_other = error.reason in ("not_offered", "not_all_ranked", "not_a_choice", "off_step")
        return DropReason.CHOICE if is_other else None
    return None


def _kept(answer: Answer, was: Item, now: Item, new: Form) -> Answer:
    """The answer without the limit case and readings that the item no longer has; choices in the new list's order."""
    cases = {case.id for case in now.answer.cases}
    read = {reading.id: (reading.kind, reading.choice_list) for reading in was.answer.readings}
    wanted = {reading.id: (reading.kind, reading.choice_list) for reading in now.answer.readings}
    value, offered = answer.value, new.choice_list(now.answer.choice_list)
    if now.answer.kind is AnswerKind.CHOICES and offered is not None:
        order = [choice.id for choice in offered.choices]
        value = " ".join(sorted(value.split(), key=lambda c: order.index(c) if c in order else len(order)))
    return replace(
        answer,
        value=value,
        case=answer.case if answer.case in cases else "",
        readings=tuple(r for r in answer.readings if r.id in wanted and wanted[r.id] == read.get(r.id)),
    )


def _asks(form: Form, item: Item) -> object:
    """What a person saw when answering."""
    return item.question, item.answer, form.choice_list(item.answer.choice_list)


def _addresses(inspection: Inspection) -> Iterator[ItemId]:
    yield from inspection.answers
    yield from (f.item for f in inspection.findings)
    yield from (link.item for link in inspection.photos)
