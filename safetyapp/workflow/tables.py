"""The rows of tables: those a form fixes, one per class of the roster, as many as an expression wants, or by hand."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import NoReturn

from safetyapp.domain.address import at, item_of
from safetyapp.domain.answer_kinds import AnswerKind
from safetyapp.domain.form import Item, ItemId, RowSource, ungrouped
from safetyapp.domain.inspection import Answer, Inspection
from safetyapp.domain.places import Place, places, row_ids, walk
from safetyapp.domain.problem import Problem
from safetyapp.domain.school import SchoolClass
from safetyapp.domain.values import BadValue, read_value
from safetyapp.workflow.opened import Open

MOST_ROWS = 5000
MOST_ROWS_IN_ALL = 20_000
"""Of all tables of a draft together: tables in tables multiply."""
_LAST_ID = 999_999
_ROUNDS = 10
"""So often what follows may change what follows: a count that hangs on a count, a default on a default."""


@dataclass(frozen=True, slots=True)
class _Row:
    """A row that has just come into a table."""

    table: Place
    id: str


def filled(draft: Open, now: datetime) -> Open:
    """The draft with the rows that its tables begin with, and its defaults."""
    return followed(_begun(draft, now, None), now)


def begun_at(draft: Open, items: Iterable[ItemId], now: datetime) -> Open:
    """The draft after its form is another version: tables without rows begin, tables with fixed rows have those
    that were not named before, and these items, asked for the first time, have their defaults."""
    begun = _begun(_with_fixed(draft, now), now, None, frozenset(items))
    return followed(begun, now)


def _with_fixed(draft: Open, now: datetime) -> Open:
    """The draft with a row for every name of a fixed row that none of a table's rows has."""
    for place in list(_standing(draft, None)):
        fixed, columns = place.item.rows.fixed, list(ungrouped(place.item.items))
        if not fixed or not columns or place.address not in draft.inspection.answers:
            continue
        rows, answers = row_ids(draft.inspection, place.address), draft.inspection.answers
        here = {a.value for row in rows if (a := answers.get(at(columns[0].id, (*place.rows, row)))) is not None}
        names = [words.zh for words in fixed if words.zh not in here]
        ids = _free_ids(draft.inspection, place, rows, len(names))
        texts = {at(columns[0].id, (*place.rows, row)): name for row, name in zip(ids, names, strict=True)}
        if names:
            draft = _with_row_ids(draft, [(place, (*rows, *ids))], now)
            draft = _answered(draft, texts, now)
    return draft


def followed(draft: Open, now: datetime) -> Open:
    """The draft with as many rows as the counting expressions want; unchanged (the same object) where they already are.

    Rows that are wanted no more are taken off at the end; what was answered in them stays in the draft and returns with
    the row. Raises Problem too-many-rows.
    """
    if not draft.order.counted:
        return draft
    for _ in range(_ROUNDS):  # a count may hang on rows of another table; `forms check` refuses circles
        wanted: list[tuple[Place, tuple[str, ...]]] = []
        coming = 0
        for address, count in draft.reckoned.row_counts.items():
            place = draft.find(address)
            if place is not None and _is_there(draft, place):
                rows, bounded = row_ids(draft.inspection, address), min(count, MOST_ROWS)
                coming += max(0, bounded - len(rows))
                if coming > MOST_ROWS_IN_ALL:
                    _too_many(place, MOST_ROWS_IN_ALL)
                if len(rows) != bounded:
                    wanted.append((place, _counted(rows, bounded)))
        if not wanted:
            break
        draft = _with_row_ids(draft, wanted, now)
    return draft


def with_rows(draft: Open, table: ItemId, text: str, now: datetime) -> Open:
    """The draft with other rows in a table: `+1` adds one (or more) at the end, `-3` takes row 3 away, `1 3 2` says
    which and in what order. Raises Problem bad-value, too-many-rows, and fixed-rows where their number is not free."""
    place = draft.place(table)
    if place.item.rows.count or place.item.rows.fixed:
        raise Problem("fixed-rows", item=table, question=place.item.question.zh)
    rows = row_ids(draft.inspection, table)
    if added := re.fullmatch(r"\+([0-9]{1,4})", text.strip()):
        count = int(added[1])
        _bound(place, len(rows) + count)
        if _rows_in_all(draft) + count > MOST_ROWS_IN_ALL:
            _too_many(place, MOST_ROWS_IN_ALL)
        free = _free_ids(draft.inspection, place, rows, count)
        changed = _answered(draft, {place.address: " ".join((*rows, *free))}, now)
        return _begun(changed, now, [_Row(place, row) for row in free])
    if taken := re.fullmatch(r"-([0-9]{1,6})", text.strip()):
        if taken[1] not in rows:
            raise Problem("bad-value", item=table, value=text, reason="not_a_row")
        return _with_row_ids(draft, [(place, tuple(r for r in rows if r != taken[1]))], now)
    try:
        value = read_value(place.item.answer, text, now.date())
    except BadValue as error:
        raise Problem("bad-value", item=table, value=error.text, reason=error.reason) from None
    wanted = tuple(value.split())
    _bound(place, len(wanted))
    return _with_row_ids(draft, [(place, wanted)], now)


def _bound(place: Place, wanted: int) -> None:
    most = min(place.item.rows.maximum or MOST_ROWS, MOST_ROWS)
    if wanted > most:
        _too_many(place, most)


def _too_many(place: Place, most: int) -> NoReturn:
    raise Problem("too-many-rows", item=place.address, question=place.item.question.zh, most=most)


def _rows_in_all(draft: Open) -> int:
    """How many rows the tables of a draft have together."""
    tables = {item.id for item in draft.order.items.values() if item.answer.kind is AnswerKind.TABLE}
    return sum(len(a.value.split()) for address, a in draft.inspection.answers.items() if item_of(address) in tables)


def _with_row_ids(draft: Open, wanted: Sequence[tuple[Place, tuple[str, ...]]], now: datetime) -> Open:
    """Other rows in some tables at once. A row that was never there before begins as rows begin; one that comes back
    has what was answered in it."""
    new: list[_Row] = []
    if _rows_in_all(draft) + sum(len(rows) for _, rows in wanted) > MOST_ROWS_IN_ALL:
        _too_many(wanted[0][0], MOST_ROWS_IN_ALL)
    for place, rows in wanted:
        here = set(row_ids(draft.inspection, place.address))
        if come := [row for row in rows if row not in here]:
            used = _used(draft.inspection, place)
            new += [_Row(place, row) for row in come if int(row) not in used]
    changed = _answered(draft, {place.address: " ".join(rows) for place, rows in wanted}, now)
    return _begun(changed, now, new) if new else changed


def _begun(draft: Open, now: datetime, new: Sequence[_Row] | None, only: frozenset[ItemId] | None = None) -> Open:
    """Tables with the rows they begin with, then defaults: everywhere, or in new rows; `only` bounds the defaults."""
    if any(path.item.answer.kind is AnswerKind.TABLE for path in draft.order.paths.values()):
        draft = _with_first_rows(draft, now, new)
    mine: dict[ItemId, str] = {}
    for _ in range(_ROUNDS):  # a default may follow from another one, which may only now be known
        given = {
            place.address: value
            for place in _standing(draft, new)
            if (value := draft.reckoned.defaults.get(place.address, ""))
            and mine.get(place.address) != value
            and (place.address in mine or place.address not in draft.inspection.answers)
            and (only is None or place.item.id in only)
            and _is_there(draft, place)
        }
        if not given:
            break
        mine |= given
        draft = _answered(draft, given, now)
    return draft


def _with_first_rows(draft: Open, now: datetime, new: Sequence[_Row] | None) -> Open:
    """Level by level: the tables in a table begin when its rows are there."""
    while True:
        begin = [
            (place, _first_rows(draft.inspection, place))
            for place in _standing(draft, new)
            if place.item.answer.kind is AnswerKind.TABLE
            and place.address not in draft.inspection.answers
            and _is_there(draft, place)
        ]
        begin = [(place, rows) for place, rows in begin if rows]
        if not begin:
            return draft
        draft = _answered(draft, {place.address: " ".join(rows) for place, rows in begin}, now)
        texts: dict[ItemId, str] = {}
        for place, rows in begin:
            for row, named in zip(rows, _names(draft.inspection, place), strict=False):
                for column, text in named:
                    address = at(column.id, (*place.rows, row))
                    value = _taken(draft, column, address, text, now)
                    if value is not None and address not in draft.inspection.answers:
                        texts[address] = value
        draft = _answered(draft, texts, now)


def _standing(draft: Open, new: Sequence[_Row] | None) -> Iterator[Place]:
    """Every place, or those in the new rows."""
    if new is None:
        yield from places(draft.form, draft.inspection, draft.reckoned)
        return
    for row in new:
        within = (*row.table.rows, row.id)
        yield from walk(row.table.item.items, within, None, draft.inspection, draft.reckoned)


def _is_there(draft: Open, place: Place) -> bool:
    """Whether the school has what is asked there: what starts by itself must not make it asked."""
    path = draft.order.paths[place.item.id]
    return all(item.applies_to(draft.inspection.school) for item in (*path.above, path.item))


def _first_rows(inspection: Inspection, place: Place) -> tuple[str, ...]:
    rows = place.item.rows
    classes = inspection.school.classes if rows.source is RowSource.ROSTER else ()
    count = max(len(rows.fixed) + len(classes), rows.minimum)
    return tuple(str(n) for n in range(1, count + 1))


def _names(inspection: Inspection, place: Place) -> Iterator[list[tuple[Item, str]]]:
    """What the rows begin with, one after the other: the names of fixed rows, then what the roster says."""
    columns = list(ungrouped(place.item.items))
    for words in place.item.rows.fixed:
        yield [(columns[0], words.zh)] if columns else []
    if place.item.rows.source is RowSource.ROSTER:
        for one in inspection.school.classes:
            yield [(column, text) for column in columns if (text := _of_class(one, column.roster))]


def _of_class(one: SchoolClass, part: str) -> str:
    match part:
        case "name":
            return one.name
        case "place":
            return one.place
        case "enrolled":
            return "" if one.enrolled is None else str(one.enrolled)
        case "teacher":
            return one.teacher
        case "route":
            return one.route
    return ""


def _taken(draft: Open, column: Item, address: ItemId, text: str, now: datetime) -> str | None:
    """What the roster says, where the column can take it: a text that is none of its kind is left for the person."""
    try:
        return read_value(column.answer, text, now.date(), draft.offered(address))
    except BadValue:
        return None


def _counted(rows: tuple[str, ...], count: int) -> tuple[str, ...]:
    """So many rows. Nobody takes a counted row away by hand: the next one is the one that was there before, if any."""
    if count <= len(rows):
        return rows[:count]
    first = max((int(row) for row in rows), default=0) + 1
    return (*rows, *(str(n) for n in range(first, first + count - len(rows))))


def _free_ids(inspection: Inspection, place: Place, rows: tuple[str, ...], count: int) -> list[str]:
    """Row ids that were never used here: what was answered in a row that is gone must not show in a new one."""
    used = _used(inspection, place) | {int(row) for row in rows}
    first = max(used, default=0) + 1
    if first + count - 1 <= _LAST_ID:
        return [str(n) for n in range(first, first + count)]
    free = (n for n in range(1, _LAST_ID + 1) if n not in used)
    return [str(n) for n, _ in zip(free, range(count), strict=False)]


def _used(inspection: Inspection, place: Place) -> set[int]:
    """The rows of a table in which something stands or stood: an answer, a finding, a photo."""
    depth, inside = len(place.rows), {item.id for item in _deep(place.item.items)}
    addresses = (
        *inspection.answers,
        *(finding.item for finding in inspection.findings),
        *(link.item for link in inspection.photos),
    )
    used: set[int] = set()
    for address in addresses:
        item, _, within = address.partition("@")
        if within and item in inside:
            rows = within.split(".")
            if len(rows) > depth and (not depth or tuple(rows[:depth]) == place.rows):
                used.add(int(rows[depth]))
    return used


def _deep(items: tuple[Item, ...]) -> Iterator[Item]:
    for item in items:
        yield item
        yield from _deep(item.items)


def _answered(draft: Open, values: Mapping[ItemId, str], now: datetime) -> Open:
    """The draft with these answers, all in one step."""
    if not values:
        return draft
    given = {address: Answer(address, value, now) for address, value in values.items()}
    return draft.with_changes(replace(draft.inspection, answers={**draft.inspection.answers, **given}), *given)
