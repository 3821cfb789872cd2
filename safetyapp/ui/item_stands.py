"""Where the items of a form stand in the list of Fill: found once for a draft, before anything is answered."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from safetyapp.domain.answer_kinds import AnswerKind
from safetyapp.domain.form import Item, ItemId, Section


@dataclass(frozen=True, slots=True)
class Stand:
    """Where an item stands in the list: its section, how deep, and the groups that it goes with. `closers` are what a
    condition may close it by: itself, its groups, its section."""

    item: Item
    section: int
    depth: int
    groups: tuple[ItemId, ...]
    closers: tuple[ItemId, ...]
    is_asked: bool


def stands(sections: Sequence[Section]) -> Iterator[Stand]:
    """Items one after the other, groups before their members."""

    def walk(items: tuple[Item, ...], section: int, groups: tuple[ItemId, ...]) -> Iterator[Stand]:
        around = (*groups, ItemId(sections[section].id))
        for item in items:
            yield Stand(item, section, len(groups), groups, (item.id, *around), item.answer.kind.is_asked)
            if item.answer.kind is AnswerKind.GROUP:
                yield from walk(item.items, section, (*groups, item.id))

    for number, section in enumerate(sections):
        yield from walk(section.items, number, ())


def bounds(stands: Sequence[Stand], sections: int) -> list[tuple[int, int]]:
    """Where the rows of each section begin and end."""
    found, first = [], 0
    for number in range(sections):
        last = first
        while last < len(stands) and stands[last].section == number:
            last += 1
        found.append((first, last))
        first = last
    return found


def homes(stands: Sequence[Stand]) -> dict[ItemId, list[int]]:
    """Which rows look at an item: its own, or the table that it stands in; members look at their groups, and all of a
    section at that section."""
    found: dict[ItemId, list[int]] = {}

    def inside(item: Item, place: int) -> None:
        for column in item.items:
            found.setdefault(column.id, []).append(place)
            inside(column, place)

    for place, stand in enumerate(stands):
        found.setdefault(stand.item.id, []).append(place)
        for group in stand.groups:
            found.setdefault(group, []).append(place)
        if stand.item.answer.kind is AnswerKind.TABLE:
            inside(stand.item, place)
    return found
