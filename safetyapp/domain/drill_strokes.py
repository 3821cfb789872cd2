"""The strokes of a drill's stopwatch among the answers of its record: which was the newest, to take it back."""

from __future__ import annotations

from datetime import datetime

from safetyapp.domain.address import item_of, rows_of
from safetyapp.domain.drill import CLASSES, GOAL, KIND, MODE, OTHERS, POINTS, POSTS, PROBLEMS, START
from safetyapp.domain.drill_reading import instant_of, time_at
from safetyapp.domain.form import Form, ItemId
from safetyapp.domain.inspection import Inspection
from safetyapp.domain.places import has_row

_STROKES = frozenset({
    *POINTS, CLASSES.arrived, CLASSES.counted, CLASSES.whereabouts, OTHERS.arrived, OTHERS.counted, OTHERS.whereabouts,
    OTHERS.entered, ItemId("post-kind"), ItemId("post-place"), ItemId("post-congested"), ItemId("congestion-seconds"),
    ItemId("problem"),
})  # fmt: skip
"""The items that a stroke of the stopwatch answers."""


def is_drill(form: Form) -> bool:
    """Whether a form has what the stopwatch answers."""
    items = {item.id for item in form.every_item()}
    tables = {CLASSES.table, OTHERS.table, POSTS, PROBLEMS}
    wanted = {KIND, MODE, GOAL, CLASSES.name, CLASSES.entered, CLASSES.expected, OTHERS.name, *tables, *_STROKES}
    return wanted <= items


def newest_stroke(inspection: Inspection) -> tuple[ItemId, ...]:
    """The addresses that the last stroke of the stopwatch answered, told by when they were; empty when none is left.
    What was answered before the drill started is no stroke of it."""
    answers = inspection.answers
    start = answers.get(START)
    if start is None or not time_at(answers, START):
        return ()
    since = instant_of(start)
    strokes = [a for a in answers.values() if item_of(a.item) in _STROKES and _stands(inspection, a.item)]
    newest = max((a.answered_at for a in strokes if a.answered_at >= since), default=None)
    return tuple(sorted(a.item for a in strokes if a.answered_at == newest)) if newest is not None else ()


def newest_at(inspection: Inspection) -> datetime | None:
    """When anything of the draft was answered last."""
    return max((answer.answered_at for answer in inspection.answers.values()), default=None)


def _stands(inspection: Inspection, address: ItemId) -> bool:
    """Whether the row that a cell stands in is still there."""
    rows = rows_of(address)
    if not rows:
        return True
    tables = (CLASSES.table, OTHERS.table, POSTS, PROBLEMS)
    return any(has_row(inspection, table, rows[0]) for table in tables if item_of(address) in _CELLS[table])


_CELLS = {
    CLASSES.table: frozenset({CLASSES.arrived, CLASSES.counted, CLASSES.whereabouts}),
    OTHERS.table: frozenset({OTHERS.arrived, OTHERS.counted, OTHERS.whereabouts, OTHERS.entered}),
    POSTS: frozenset(map(ItemId, ("post-kind", "post-place", "post-congested", "congestion-seconds"))),
    PROBLEMS: frozenset({ItemId("problem")}),
}
"""The cells that strokes answer, by table."""


def cells_of(table: ItemId) -> frozenset[ItemId]:
    """The columns of a table that strokes answer."""
    return _CELLS[table]
