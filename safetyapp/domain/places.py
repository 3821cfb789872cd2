"""Every place of an inspection where an answer may stand: items one after the other, those of a table once per row."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from safetyapp.domain.address import at, rows_of
from safetyapp.domain.answer_kinds import AnswerKind
from safetyapp.domain.form import Form, Item, ItemId
from safetyapp.domain.inspection import Inspection
from safetyapp.domain.reckoned import Reckoned


class Skip(StrEnum):
    """Why an item is not asked."""

    SCHOOL = "school"
    CONDITION = "condition"


@dataclass(frozen=True, slots=True)
class Place:
    """A place for an answer: its address, the item, the rows it stands in, and why it is not asked (None: it is)."""

    address: ItemId
    item: Item
    rows: tuple[str, ...] = ()
    skip: Skip | None = None


def row_ids(inspection: Inspection, table: ItemId) -> tuple[str, ...]:
    """The rows of a table, in order; `table` is its address."""
    answer = inspection.answers.get(table)
    return tuple(answer.value.split()) if answer else ()


def has_row(inspection: Inspection, table: ItemId, row: str) -> bool:
    """Whether a table has a row; quicker than listing its rows."""
    answer = inspection.answers.get(table)
    return answer is not None and f" {row} " in f" {answer.value} "


def places(form: Form, inspection: Inspection, reckoned: Reckoned) -> Iterator[Place]:
    """Every place in the form's order: items, groups before their members, tables before their rows.

    What a school does not have is not asked, unless it has been answered all the same; what a condition closes is not
    asked, answered or not; members go with their group, columns with their table.
    """
    for section in form.sections:
        shut = Skip.CONDITION if ItemId(section.id) in reckoned.closed else None
        yield from walk(section.items, (), shut, inspection, reckoned)


def walk(
    items: tuple[Item, ...], rows: tuple[str, ...], shut: Skip | None, inspection: Inspection, reckoned: Reckoned
) -> Iterator[Place]:
    """The places of some items standing in `rows`; `shut` says why none of them is asked, when that is so."""
    for item in items:
        address = at(item.id, rows)
        skip = _skip(item, address, shut, inspection, reckoned)
        yield Place(address, item, rows, skip)
        if item.answer.kind is AnswerKind.GROUP:
            yield from walk(item.items, rows, skip, inspection, reckoned)
        elif item.answer.kind is AnswerKind.TABLE:
            for row in row_ids(inspection, address):
                yield from walk(item.items, (*rows, row), skip, inspection, reckoned)


def _skip(item: Item, address: ItemId, shut: Skip | None, inspection: Inspection, reckoned: Reckoned) -> Skip | None:
    if shut is Skip.CONDITION or address in reckoned.closed:
        return Skip.CONDITION
    if address in inspection.answers:
        return None
    return shut if shut or item.applies_to(inspection.school) else Skip.SCHOOL


@dataclass(frozen=True, slots=True)
class Path:
    """How an item is reached: its section, and the groups and tables it stands in, outermost first."""

    item: Item
    section: ItemId
    above: tuple[Item, ...] = ()

    @property
    def tables(self) -> tuple[Item, ...]:
        return tuple(item for item in self.above if item.answer.kind is AnswerKind.TABLE)


def paths(form: Form) -> dict[ItemId, Path]:
    """The path of every item at every depth, in the form's order."""
    found: dict[ItemId, Path] = {}

    def down(items: tuple[Item, ...], section: ItemId, above: tuple[Item, ...]) -> None:
        for item in items:
            found[item.id] = Path(item, section, above)
            down(item.items, section, (*above, item))

    for section in form.sections:
        down(section.items, ItemId(section.id), ())
    return found


def place_at(known: Mapping[ItemId, Path], address: ItemId, inspection: Inspection, reckoned: Reckoned) -> Place | None:
    """The place at an address, as `places` would give it, found without walking; None where there is none (an item that
    is not known, a row that is not there)."""
    rows = rows_of(address)
    path = known.get(ItemId(address.partition("@")[0]))
    if path is None or at(path.item.id, rows) != address:
        return None
    shut = Skip.CONDITION if path.section in reckoned.closed else None
    depth = 0
    for outer in path.above:
        around = at(outer.id, rows[:depth])
        shut = _skip(outer, around, shut, inspection, reckoned)
        if outer.answer.kind is AnswerKind.TABLE:
            if depth == len(rows) or not has_row(inspection, around, rows[depth]):
                return None
            depth += 1
    if depth != len(rows):
        return None
    return Place(address, path.item, rows, _skip(path.item, address, shut, inspection, reckoned))


def skipped(form: Form, inspection: Inspection, reckoned: Reckoned) -> dict[ItemId, Skip]:
    """The places that are not asked, and why."""
    return {p.address: p.skip for p in places(form, inspection, reckoned) if p.skip and p.item.answer.kind.is_asked}
