"""Reads a drill out of its record's draft: groups, times, posts and sums, as the form reckons them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, time, timedelta

from safetyapp.domain.address import at
from safetyapp.domain.drill import (
    CLASSES,
    DAY,
    FIRE,
    GOAL,
    KIND,
    OTHERS,
    OVER,
    POINTS,
    POSTS,
    PROBLEMS,
    SIGNAL,
    START,
    Columns,
    Drill,
    Group,
    Point,
    Post,
)
from safetyapp.domain.drill_codes import codes_of
from safetyapp.domain.form import ItemId
from safetyapp.domain.inspection import Answer, Inspection
from safetyapp.domain.places import row_ids
from safetyapp.domain.reckoned import Reckoned


def drill_of(inspection: Inspection, reckoned: Reckoned) -> Drill:
    """The drill that a draft of the drill record holds."""
    answers = inspection.answers
    kind = _text(answers, KIND)
    start, signal = time_at(answers, START), time_at(answers, START if kind == FIRE else SIGNAL)
    groups = tuple(_groups(inspection, reckoned, signal))
    since = SIGNAL if kind != FIRE and time_at(answers, SIGNAL) else START
    return Drill(
        kind=kind,
        points=tuple(_points(answers, reckoned)),
        groups=groups,
        posts=tuple(_posts(inspection)),
        problems=len(row_ids(inspection, PROBLEMS)),
        goal=_number(_text(answers, GOAL)),
        started_at=instant_of(answers[START]) if start else None,
        signal_at=instant_of(answers[since]) if start else None,
        over_at=instant_of(answers[OVER]) if time_at(answers, OVER) else None,
        evacuation=_number(reckoned.calculated.get(ItemId("evacuation-seconds"), "")),
        counting=_number(reckoned.calculated.get(ItemId("count-seconds"), "")),
        expected=sum(group.expected or 0 for group in groups),
        reported=_number(reckoned.calculated.get(ItemId("head-count"), "")) or 0,
    )


def last_out(drill: Drill) -> str:
    """When everybody who was awaited had arrived: the clock time of the last; "" while somebody is still to come."""
    start = drill.point(START)
    arrived = [group.arrived for group in drill.groups if group.arrived]
    if start is None or not start.value or not arrived or drill.awaited:
        return ""
    return max(arrived, key=lambda moment: seconds_between(start.value, moment))


def seconds_between(one: str, other: str) -> int:
    """Seconds from one time of day to another, which comes later: as the form's expressions take it."""
    return (_seconds(other) - _seconds(one)) % DAY


def instant_of(answer: Answer) -> datetime:
    """When the time of day that was answered was: the last such time before it was answered."""
    moment = time.fromisoformat(answer.value)
    found = datetime.combine(answer.answered_at.date(), moment, answer.answered_at.tzinfo)
    late = found - answer.answered_at.replace(microsecond=0)
    return found - timedelta(days=1) if late > timedelta(0) else found


def _groups(inspection: Inspection, reckoned: Reckoned, signal: str) -> Iterator[Group]:
    rows = [(columns, row) for columns in (CLASSES, OTHERS) for row in row_ids(inspection, columns.table)]
    names = [_text(inspection.answers, at(columns.name, (row,))) for columns, row in rows]
    codes = codes_of([name if columns is CLASSES else "" for name, (columns, _) in zip(names, rows, strict=True)])
    for (columns, row), name, code in zip(rows, names, codes, strict=True):
        yield _group(inspection, reckoned, signal, columns, row, name, code)


def _group(
    inspection: Inspection, reckoned: Reckoned, signal: str, columns: Columns, row: str, name: str, code: str
) -> Group:
    answers = inspection.answers

    def text(column: ItemId | None) -> str:
        return _text(answers, at(column, (row,))) if column is not None else ""

    entered, arrived = _number(text(columns.entered)), text(columns.arrived)
    whereabouts = at(columns.whereabouts, (row,))
    expected = entered
    if columns.expected != columns.entered and entered is not None:
        expected = _number(reckoned.calculated.get(at(columns.expected, (row,)), ""))
    after: int | None = None
    if columns.since_signal is not None:
        after = _number(reckoned.calculated.get(at(columns.since_signal, (row,)), ""))
    elif arrived and signal:
        after = seconds_between(signal, arrived)
    changed = (answers.get(at(column, (row,))) for column in (columns.arrived, columns.counted))
    return Group(
        row=row,
        columns=columns,
        code=code,
        name=name,
        place=text(columns.place),
        entered=entered,
        absent=_number(text(columns.absent)) or 0,
        absent_reason=text(columns.absent_reason),
        expected=expected,
        arrived=arrived,
        after=after,
        counted=_number(text(columns.counted)),
        whereabouts=text(columns.whereabouts),
        must_explain=whereabouts in reckoned.demanded,
        edited=any(answer is not None and bool(answer.note) for answer in changed),
    )


def _points(answers: Mapping[ItemId, Answer], reckoned: Reckoned) -> Iterator[Point]:
    for point in POINTS:
        if point in reckoned.closed:
            continue
        answer = answers.get(point)
        elapsed = _number(reckoned.calculated.get(ItemId(f"elapsed-{point}"), ""))
        required = point == START or point in reckoned.demanded
        yield Point(point, time_at(answers, point), elapsed, required, answer is not None and bool(answer.note))


def _posts(inspection: Inspection) -> Iterator[Post]:
    answers = inspection.answers
    for row in row_ids(inspection, POSTS):
        seconds = _number(_text(answers, at("congestion-seconds", (row,))))
        jammed = answers.get(at("post-congested", (row,)))
        is_jammed = jammed is not None and jammed.value == "yes" and seconds is None
        kind = answers.get(at("post-kind", (row,)))
        yield Post(
            row,
            "" if kind is None else kind.note or kind.value,
            _text(answers, at("post-place", (row,))),
            seconds,
            jammed.answered_at.replace(microsecond=0) if is_jammed and jammed is not None else None,
        )


def _text(answers: Mapping[ItemId, Answer], address: ItemId) -> str:
    answer = answers.get(address)
    return answer.value if answer is not None else ""


def time_at(answers: Mapping[ItemId, Answer], address: ItemId) -> str:
    """A time of day that was answered; "" for none and for 不适用."""
    value = _text(answers, address)
    return value if ":" in value else ""


def _number(text: str) -> int | None:
    try:
        return int(text)
    except ValueError:
        return None


def _seconds(moment: str) -> int:
    parsed = time.fromisoformat(moment)
    return parsed.hour * 3600 + parsed.minute * 60 + parsed.second
