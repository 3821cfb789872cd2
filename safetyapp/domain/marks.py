"""The mosaic 格图 as letters, and how it is kept up to date: after an answer only what has changed is worked out anew.

A form of a thousand items, or a table of five hundred rows, is as quick as one of sixty.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from safetyapp.domain.address import at, item_of
from safetyapp.domain.answer_kinds import AnswerKind, Outcome
from safetyapp.domain.form import Form, ItemId, Severity
from safetyapp.domain.inspection import Inspection
from safetyapp.domain.judging import is_required, outcome_at
from safetyapp.domain.places import Path, Place, place_at, places, row_ids, walk
from safetyapp.domain.reckoned import Reckoned

V = TypeVar("V")

_LETTERS = {Outcome.PASS: "p", Outcome.NA: "n", Outcome.FAIL: "g", Outcome.NOTED: "p"}
_MANY = 400
"""So many changed places at once, and everything is worked out anew."""


@dataclass(frozen=True, slots=True)
class State:
    """A draft at one moment: what is answered, and what the form's expressions come to with it."""

    inspection: Inspection
    reckoned: Reckoned


@dataclass(frozen=True, slots=True)
class Marks:
    """One letter for each item that is asked, see domain.draft.DraftRow; a table is one item. `tallies` counts the
    letters of what stands in each table's rows, by the address of the outermost table."""

    letters: str
    tallies: Mapping[ItemId, Mapping[str, int]] = field(default_factory=dict)


class Mosaic:
    """Works out the marks of one form's drafts. `known` are the form's paths (domain.places)."""

    def __init__(self, form: Form, known: Mapping[ItemId, Path]) -> None:
        self._form = form
        self._known = known
        self._position = {item.id: n for n, item in enumerate(form.asked())}
        self._members: dict[ItemId, list[ItemId]] = {}
        for item in self._position:
            path = known[item]
            for above in (path.section, *(i.id for i in path.above)):
                self._members.setdefault(above, []).append(item)

    def marks(self, state: State) -> Marks:
        """Everything anew."""
        letters: list[str] = []
        tallies: dict[ItemId, Mapping[str, int]] = {}
        majors = _majors(state.inspection)
        for place in places(self._form, state.inspection, state.reckoned):
            if place.rows or not place.item.answer.kind.is_asked:
                continue
            if place.item.answer.kind is AnswerKind.TABLE:
                tallies[place.address] = self._tally(place, state, majors)
            letters.append(self._letter(place, state, majors, tallies))
        return Marks("".join(letters), tallies)

    def after(self, marks: Marks, before: State, now: State, changed: Iterable[ItemId]) -> Marks:
        """The marks of `now`; `marks` are those of `before`, `changed` the addresses that were answered since."""
        touched = {*changed, *_reckoned_anew(before.reckoned, now.reckoned)}
        if len(touched) > _MANY:
            return self.marks(now)
        was, majors = _majors(before.inspection), _majors(now.inspection)
        outer: set[ItemId] = set()  # places with a letter of their own
        anew: set[ItemId] = set()  # tables to be counted anew
        cells: dict[ItemId, set[ItemId]] = {}
        for address in touched:
            path = self._known.get(item_of(address))
            if path is None:
                outer.update(self._members.get(address, ()))  # a section
                anew.update(self._members.get(address, ()))
                continue
            tables = path.tables
            if not tables:
                outer.update((path.item.id, *self._members.get(path.item.id, ())))
                if address in before.reckoned.closed or address in now.reckoned.closed:
                    anew.update((path.item.id, *self._members.get(path.item.id, ())))
                elif path.item.answer.kind is AnswerKind.TABLE:
                    inside = self._rows_differing(path, (), before, now)
                    cells.setdefault(path.item.id, set()).update(inside)
            elif path.item.answer.kind.has_items:  # a table or a group in a table
                anew.add(tables[0].id)
            else:
                cells.setdefault(tables[0].id, set()).add(address)
        tallies = dict(marks.tallies)
        for table, addresses in cells.items():
            if table not in anew:
                tallies[table] = self._recount(tallies[table], addresses, (before, was), (now, majors))
        outer |= cells.keys() | (anew & self._position.keys())
        letters = marks.letters
        for item in outer & self._position.keys():
            place = place_at(self._known, item, now.inspection, now.reckoned)
            assert place is not None, "outside tables every item has its place"
            if item in anew and place.item.answer.kind is AnswerKind.TABLE:
                tallies[item] = self._tally(place, now, majors)
            position = self._position[item]
            letters = letters[:position] + self._letter(place, now, majors, tallies) + letters[position + 1 :]
        return Marks(letters, tallies)

    def _letter(
        self, place: Place, state: State, majors: frozenset[ItemId], tallies: Mapping[ItemId, Mapping[str, int]]
    ) -> str:
        if place.skip is not None:
            return "n"
        if place.item.answer.kind is not AnswerKind.TABLE:
            return self._of_one(place, state, majors)
        if not row_ids(state.inspection, place.address):
            return "o"  # a table is open while it has no row
        tally = tallies[place.address]
        return next((letter for letter in "Mgo" if tally.get(letter)), "p")

    def _of_one(self, place: Place, state: State, majors: frozenset[ItemId]) -> str:
        outcome = outcome_at(self._form, state.inspection, place, state.reckoned)
        if outcome is None:
            return "o"
        return "M" if outcome is Outcome.FAIL and place.address in majors else _LETTERS[outcome]

    def _of_cell(self, place: Place, state: State, majors: frozenset[ItemId]) -> str:
        """The letter that a place in a row counts as: open only while it must be answered; empty when it does not
        count."""
        kind = place.item.answer.kind
        if place.skip is not None or not kind.is_asked or kind is AnswerKind.TABLE:
            return ""
        letter = self._of_one(place, state, majors)
        return "" if letter == "o" and not is_required(place.item, place.address, state.reckoned) else letter

    def _tally(self, table: Place, state: State, majors: frozenset[ItemId]) -> Mapping[str, int]:
        inside = walk((table.item,), table.rows, table.skip, state.inspection, state.reckoned)
        counted = Counter(self._of_cell(p, state, majors) for p in inside if p.rows != table.rows)
        return {letter: count for letter, count in counted.items() if letter}

    def _recount(
        self,
        tally: Mapping[str, int],
        addresses: Iterable[ItemId],
        before: tuple[State, frozenset[ItemId]],
        now: tuple[State, frozenset[ItemId]],
    ) -> Mapping[str, int]:
        counted = Counter(tally)
        for address in addresses:
            for (state, majors), one in ((before, -1), (now, 1)):
                place = place_at(self._known, address, state.inspection, state.reckoned)
                letter = self._of_cell(place, state, majors) if place else ""
                if letter:
                    counted[letter] += one
        return counted

    def _rows_differing(self, path: Path, rows: tuple[str, ...], before: State, now: State) -> Iterator[ItemId]:
        """The places in the rows that a table has lost or won."""
        table = at(path.item.id, rows)
        was, are = (set(row_ids(state.inspection, table)) for state in (before, now))
        for row in was ^ are:
            state = before if row in was else now
            inside = walk(path.item.items, (*rows, row), None, state.inspection, state.reckoned)
            yield from (place.address for place in inside)


def _majors(inspection: Inspection) -> frozenset[ItemId]:
    return frozenset(f.item for f in inspection.findings if f.severity is Severity.MAJOR)


def _reckoned_anew(before: Reckoned, now: Reckoned) -> Iterator[ItemId]:
    """Where letters may differ because something follows otherwise from the answers."""
    if before is now:
        return
    yield from before.closed ^ now.closed
    yield from before.demanded ^ now.demanded
    yield from _differing(before.calculated, now.calculated)


def _differing(before: Mapping[ItemId, V], now: Mapping[ItemId, V]) -> Iterator[ItemId]:
    if before is now:
        return
    yield from (address for address, value in now.items() if before.get(address) != value)
    yield from before.keys() - now.keys()
