"""A record read along its form: every place one after the other with what stands there.

What the record says of places that the form has not is passed over: the pages show the form that was filled.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from safetyapp.domain.address import at, item_of
from safetyapp.domain.answer_kinds import AnswerKind, Outcome
from safetyapp.domain.form import Form, Item, ItemId, Section, Severity, ungrouped
from safetyapp.domain.inspection import PhotoLink, Sha256
from safetyapp.domain.places import Skip
from safetyapp.domain.record import Record, RecordedAnswer

PRINTED_NOTE = "print"
"""A note (AnswerKind.NOTE) is printed when its appearance has this word; others are for the screen."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A place: its item, the rows it stands in, and what the record says of it."""

    address: ItemId
    item: Item
    rows: tuple[str, ...] = ()
    answer: RecordedAnswer | None = None
    calculated: str | None = None
    skip: Skip | None = None
    photos: tuple[PhotoLink, ...] = ()

    @property
    def kind(self) -> AnswerKind:
        return self.item.answer.kind

    @property
    def outcome(self) -> Outcome | None:
        return self.answer.outcome if self.answer else None

    @property
    def is_empty(self) -> bool:
        """Asked, and nothing stands there."""
        told = self.answer or self.calculated or self.photos or self.kind in (AnswerKind.NOTE, AnswerKind.GROUP)
        return self.skip is None and not told

    @property
    def row_ids(self) -> tuple[str, ...]:
        """The rows of a table."""
        return tuple(self.answer.value.split()) if self.answer and self.kind is AnswerKind.TABLE else ()


@dataclass(frozen=True, slots=True)
class Filled:
    """A form with the record that was made with it. `files` gives the kept files that answers name, `sizes` their
    bytes, `numbers` the number of every photo by `pages_photos.print_key`."""

    record: Record
    form: Form
    files: Mapping[Sha256, Path] = field(default_factory=dict)
    sizes: Mapping[str, int] = field(default_factory=dict)
    numbers: Mapping[str, int] = field(default_factory=dict)
    _answers: dict[ItemId, RecordedAnswer] = field(default_factory=dict, init=False, repr=False)
    _calculated: dict[ItemId, str] = field(default_factory=dict, init=False, repr=False)
    _skipped: dict[ItemId, Skip] = field(default_factory=dict, init=False, repr=False)
    _photos: dict[ItemId, list[PhotoLink]] = field(default_factory=dict, init=False, repr=False)
    _items: dict[ItemId, Item] = field(default_factory=dict, init=False, repr=False)
    _parents: dict[ItemId, Item] = field(default_factory=dict, init=False, repr=False)

    def __post_init__(self) -> None:
        self._answers.update((a.item, a) for a in self.record.answers)
        self._calculated.update((c.item, c.value) for c in self.record.calculated)
        self._skipped.update((s.item, s.why) for s in self.record.skipped)
        for link in self.record.photos:
            self._photos.setdefault(link.item, []).append(link)
        for item in self.form.every_item():
            self._items.setdefault(item.id, item)
        for table in self._items.values():
            if table.answer.kind is AnswerKind.TABLE:
                self._parents.update((column.id, table) for column in ungrouped(table.items))

    def entry(self, item: Item, rows: tuple[str, ...] = ()) -> Entry:
        address = at(item.id, rows)
        photos = tuple(self._photos.get(address, ()))
        answer, calculated = self._answers.get(address), self._calculated.get(address)
        return Entry(address, item, rows, answer, calculated, self._skipped.get(address), photos)

    def section(self, section: Section) -> tuple[Entry, ...]:
        """The entries of a section in order: groups before their members; a table without its rows."""
        return tuple(self._entries(section.items))

    def _entries(self, items: tuple[Item, ...], rows: tuple[str, ...] = ()) -> Iterator[Entry]:
        for item in items:
            if item.answer.kind is AnswerKind.GROUP:
                members = tuple(self._entries(item.items, rows))
                asked = [m for m in members if m.kind.is_asked]
                if asked and all(m.skip for m in asked):  # the group was closed, and all that stands in it
                    yield from asked
                else:
                    yield self.entry(item, rows)
                    yield from members
            elif item.answer.kind is not AnswerKind.NOTE or _is_printed(item):
                yield self.entry(item, rows)

    def row(self, table: Item, rows: tuple[str, ...]) -> tuple[Entry, ...]:
        """The entries of one row of a table, in the order of its columns."""
        return tuple(e for e in self._entries(table.items, rows) if e.kind is not AnswerKind.GROUP)

    def item(self, address: str) -> Item | None:
        return self._items.get(item_of(address))

    def worst(self, entry: Entry) -> tuple[Outcome | None, Severity | None]:
        """What an entry came to, a table by the worst that stands in its rows; and the highest level found there."""
        if entry.kind is not AnswerKind.TABLE:
            return entry.outcome, self._level(entry.address)
        inside = [e for row in entry.row_ids for e in self.row(entry.item, (*entry.rows, row))]
        worst, level = self.worst_of(inside)
        return worst or entry.outcome, level

    def worst_of(self, entries: Sequence[Entry]) -> tuple[Outcome | None, Severity | None]:
        """The worst that any of the entries came to, when any was judged."""
        found = [self.worst(e) for e in entries if e.skip is None]
        came_to = {outcome for outcome, _ in found}
        worst = next((o for o in (Outcome.FAIL, Outcome.PASS) if o in came_to), None)
        return worst, _highest([level for _, level in found])

    def _level(self, address: ItemId) -> Severity | None:
        return _highest([f.severity for f in self.record.findings if f.item == address])

    def table_of(self, address: str) -> Item | None:
        """The table in whose row an address stands."""
        return self._parents.get(item_of(address))


def _is_printed(note: Item) -> bool:
    """A note under a condition is not printed: the record does not say whether it held."""
    return PRINTED_NOTE in note.appearance.split() and not note.when


_LEVELS = (Severity.MAJOR, Severity.CANDIDATE, Severity.GENERAL)


def _highest(levels: list[Severity | None]) -> Severity | None:
    return next((level for level in _LEVELS if level in levels), None)


def may_be_judged(form: Form, item: Item) -> bool:
    """Whether an answer to the item can be a pass or a fail."""
    kind, spec = item.answer.kind, item.answer
    if kind is AnswerKind.CONFORMITY:
        return True
    if kind.has_items:
        return any(may_be_judged(form, inner) for inner in item.items)
    if kind.is_choice:
        offered = form.choice_list(spec.choice_list)
        return offered is not None and any(c.outcome is not None for c in offered.choices)
    limited = [spec.limits, *(case.limits for case in spec.cases), *(reading.limits for reading in spec.readings)]
    return kind is not AnswerKind.SCORE and any(limit != type(limit)() for limit in limited)


def is_checklist(form: Form) -> bool:
    """Whether a form is there to judge: at least half of what it asks can fail. Others (a survey, the record of a
    drill) are printed as what was written down."""
    asked = list(form.asked())
    return 2 * sum(1 for item in asked if may_be_judged(form, item)) >= max(1, len(asked))
