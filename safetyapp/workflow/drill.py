"""Timing a drill: each stroke of the stopwatch is an answer of the drill record's draft, committed when it returns."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime

from safetyapp.domain.address import at, item_of
from safetyapp.domain.answer_kinds import OTHER, AnswerKind, Outcome
from safetyapp.domain.document import DocumentKind, DocumentQuery, DocumentRow
from safetyapp.domain.drill import CLASSES, DRILL, GOAL, KIND, LAST_OUT, MODE, POSTS, PROBLEMS, START, Drill
from safetyapp.domain.drill_reading import drill_of, last_out
from safetyapp.domain.drill_strokes import cells_of, is_drill, newest_stroke
from safetyapp.domain.form import Form, Item, ItemId
from safetyapp.domain.inspection import Answer, InspectionId
from safetyapp.domain.judging import propose_finding
from safetyapp.domain.places import row_ids
from safetyapp.domain.problem import Problem
from safetyapp.domain.reckoned import Reckon
from safetyapp.domain.school import Person, School, SchoolClass, SchoolId
from safetyapp.domain.values import BadValue, read_value
from safetyapp.workflow import inspect, tables
from safetyapp.workflow.inspect import Wording
from safetyapp.workflow.opened import Open, save_item, save_whole
from safetyapp.workflow.ports import Clock, Store

NO_NOTES: Mapping[ItemId, str] = {}
GOAL_MET, SLOWEST = ItemId("goal-met"), ItemId("longest-class")


def prepare(
    store: Store,
    clock: Clock,
    reckon: Reckon,
    new_id: Callable[[], str],
    school: School,
    form: Form,
    person: Person,
    kind: str,
    goal: str = "",
) -> Open:
    """Begins the record of a drill that is going to be timed; without a goal the form's own counts. Raises Problem
    bad-value."""
    draft = inspect.start(store, clock, reckon, new_id, school, form, person)
    given = {KIND: kind, MODE: "live"}
    return stroke(store, clock, draft, {**given, GOAL: goal} if goal else given)


def is_timed(draft: Open) -> bool:
    """Whether a stopwatch can fill the draft: its form has all that is timed, and the drill is a live one."""
    start = draft.find(START) if is_drill(draft.form) else None
    return start is not None and start.skip is None


def stroke(
    store: Store, clock: Clock, draft: Open, values: Mapping[ItemId, str], notes: Mapping[ItemId, str] = NO_NOTES
) -> Open:
    """Answers some items at one instant, in one transaction; "" takes an answer away. The last arrival is T4 too, and
    T4 follows when a time is put right. `notes` are what answers are marked with. Raises Problem bad-value."""
    before, now = drill_of(draft.inspection, draft.reckoned), clock.now()
    changed = _given(draft, values, now, notes)
    changed = _with_last_out(before, changed, values, now)
    only = next(iter(values)) if len(values) == 1 else None
    if only is not None and changed.inspection.answers.get(LAST_OUT) is draft.inspection.answers.get(LAST_OUT):
        return save_item(store, changed, only, now)
    if only == LAST_OUT:
        return save_item(store, changed, only, now)
    return save_whole(store, changed, now)


def _given(draft: Open, values: Mapping[ItemId, str], now: datetime, notes: Mapping[ItemId, str]) -> Open:
    answers = dict(draft.inspection.answers)
    for address, text in values.items():
        place = draft.place(address)
        if not text:
            answers.pop(place.address, None)
            continue
        try:
            value = read_value(place.item.answer, text, now.date(), draft.offered(address))
        except BadValue as error:
            raise Problem("bad-value", item=address, value=error.text, reason=error.reason) from None
        answers[place.address] = Answer(place.address, value, now, note=notes.get(address, ""))
    changed = draft.with_changes(replace(draft.inspection, answers=answers), *values)
    for address, text in values.items():
        rule = changed.reckoned.broken.get(address)
        if rule is not None and text:
            raise Problem("bad-value", item=address, value=text, reason="constraint", rule=rule.zh, rule_en=rule.en)
    return changed


def _with_last_out(before: Drill, changed: Open, values: Mapping[ItemId, str], now: datetime) -> Open:
    """T4 is the arrival of the last, unless a person said another."""
    if LAST_OUT in values:
        return changed
    after = drill_of(changed.inspection, changed.reckoned)
    point, former, wanted = after.point(LAST_OUT), last_out(before), last_out(after)
    if point is None or former == wanted or point.value not in ("", former):
        return changed
    if not wanted and not point.value:
        return changed
    return _given(changed, {LAST_OUT: wanted}, now, NO_NOTES)


def jam(store: Store, clock: Clock, draft: Open, post: str, kind: str = "", place: str = "") -> Open:
    """拥堵 begins at a post: the one of a row, or a new one of a kind (of none on the list: only its place)."""
    if post:
        row = (post,)
        cells = {at("post-congested", row): "yes", at("congestion-seconds", row): ""}
        return stroke(store, clock, draft, cells)
    given = {"post-kind": kind or OTHER, "post-place": place, "post-congested": "yes"}
    return add_row(store, clock, draft, POSTS, given, place if not kind else "")


def end_jam(store: Store, clock: Clock, draft: Open) -> Open:
    """拥堵 is over: its seconds are kept."""
    post = drill_of(draft.inspection, draft.reckoned).jam
    if post is None or post.jammed_at is None:
        return draft
    seconds = max(0, int((clock.now() - post.jammed_at).total_seconds()))
    return stroke(store, clock, draft, {at("congestion-seconds", (post.row,)): str(seconds)})


def add_row(store: Store, clock: Clock, draft: Open, table: ItemId, cells: Mapping[str, str], other: str = "") -> Open:
    """Another row of a table with what stands in it, in one transaction; `other` are the words of a choice that is not
    on the list. Raises Problem bad-value, too-many-rows."""
    now = clock.now()
    grown = tables.with_rows(draft, table, "+1", now)
    row = (row_ids(grown.inspection, table)[-1],)
    given = {at(item, row): text for item, text in cells.items() if text}
    changed = _given(grown, given, now, {at(item, row): other for item in cells if other and cells[item] == OTHER})
    return save_whole(store, changed, now)


def add_classes(store: Store, clock: Clock, draft: Open, classes: Sequence[SchoolClass]) -> Open:
    """Rows for classes that the draft began without."""
    now = clock.now()
    grown = tables.with_rows(draft, CLASSES.table, f"+{len(classes)}", now)
    rows = row_ids(grown.inspection, CLASSES.table)[-len(classes) :]
    given: dict[ItemId, str] = {}
    for row, one in zip(rows, classes, strict=True):
        enrolled = "" if one.enrolled is None else str(one.enrolled)
        texts = {"class": one.name, "place": one.place, "enrolled": enrolled, "teacher": one.teacher}
        given |= {at(item, (row,)): text for item, text in {**texts, "route": one.route}.items() if text}
    return save_whole(store, _given(grown, given, now, NO_NOTES), now)


def take_back(store: Store, clock: Clock, draft: Open, former: Sequence[tuple[Answer, datetime]] = ()) -> Open:
    """Takes the newest stroke of the draft back, whoever made it and whenever; the same draft when there is none.
    `former` are the answers that were replaced (Store.former_answers): what the stroke had replaced stands again, and
    rows that it had added go with it."""
    addresses = newest_stroke(draft.inspection)
    if not addresses:
        return draft
    at_once = draft.inspection.answers[addresses[0]].answered_at
    answers = {a: answer for a, answer in draft.inspection.answers.items() if a not in addresses}
    answers |= {answer.item: answer for answer, at in former if at == at_once and answer.item in addresses}
    changed = draft.with_changes(replace(draft.inspection, answers=answers), *addresses)
    now = clock.now()
    for table in (POSTS, PROBLEMS):
        rows = row_ids(changed.inspection, table)
        emptied = {r for r in rows if any(item_of(a) in cells_of(table) and a.endswith(f"@{r}") for a in addresses)}
        left = [row for row in rows if row not in emptied or _has_cells(changed, table, row)]
        if len(left) < len(rows):
            changed = tables.with_rows(changed, table, " ".join(left), now)
    return save_whole(store, changed, now)


def _has_cells(draft: Open, table: ItemId, row: str) -> bool:
    inside = {item.id for item in draft.item(table).items}
    return any(a.endswith(f"@{row}") and item_of(a) in inside for a in draft.inspection.answers)


def note_problem(store: Store, clock: Clock, wording: Wording, draft: Open, text: str, judged: str = "") -> Open:
    """A problem that was seen: a finding 隐患 of one of the judged items, which fails by it, or else a row of the
    record's own list of problems. Raises Problem bad-value."""
    if not judged:
        return add_row(store, clock, draft, PROBLEMS, {"problem": text})
    failed = inspect.answer(store, clock, wording, draft, judged, Outcome.FAIL)
    found = failed.inspection.findings_of(ItemId(judged))
    first = found[0]
    if draft.inspection.findings_of(ItemId(judged)):
        item = failed.item(judged)
        first = propose_finding(failed.form, item, item.id, failed.inspection, text, found[-1].ordinal + 1)
    return inspect.describe(store, clock, failed, replace(first, text=text))


def judged_items(draft: Open) -> tuple[Item, ...]:
    """The items of the record that a problem can be a finding of: those that judge what was seen."""
    return tuple(
        item
        for item in draft.form.every_item()
        if item.answer.kind is AnswerKind.CONFORMITY and item.veto and item.id not in draft.reckoned.closed
    )


def past_seconds(store: Store, reckon: Reckon, school: SchoolId, most: int = 6) -> tuple[tuple[date, int], ...]:
    """The evacuation times of a school's last drills that were recorded here, oldest first."""
    found: list[tuple[date, int]] = []
    for row in store.documents(DocumentQuery(kind=DocumentKind.INSPECTION_REPORT, school=school)):
        seconds = evacuation_of(store, reckon, row) if row.form == DRILL else None
        if seconds is not None:
            found.append((row.inspected_on, seconds))
        if len(found) == most:
            break
    return tuple(reversed(found))


def evacuation_of(store: Store, reckon: Reckon, row: DocumentRow) -> int | None:
    """The evacuation time that a drill's document says, by the draft that it closed; None where that was not filled
    here."""
    inspection = store.draft(InspectionId(row.id))
    form = store.form(inspection.form.sha256) if inspection is not None else None
    if inspection is None or form is None:
        return None
    return drill_of(inspection, reckon(form, inspection, None, frozenset())).evacuation


def conclude(store: Store, clock: Clock, wording: Wording, draft: Open) -> Open:
    """Before the record is signed: answers `what_follows`."""
    for item, value in what_follows(draft).items():
        draft = inspect.answer(store, clock, wording, draft, item, value)
    return draft


def what_follows(draft: Open) -> Mapping[ItemId, str]:
    """What the times say and nobody has answered yet, or what was answered when the times were others: whether the goal
    was met, and which class was the slowest."""
    follows: dict[ItemId, str] = {}
    drill = drill_of(draft.inspection, draft.reckoned)
    is_open = GOAL_MET not in draft.inspection.answers or GOAL_MET in draft.reckoned.broken
    if drill.evacuation is not None and drill.goal is not None and is_open:
        follows[GOAL_MET] = Outcome.PASS if drill.evacuation <= drill.goal else Outcome.FAIL
    timed = [group for group in drill.groups if group.columns is CLASSES and group.after is not None]
    slowest = max(timed, key=lambda group: group.after or 0, default=None)
    if slowest is not None and slowest.name and SLOWEST not in draft.inspection.answers:
        follows[SLOWEST] = slowest.name
    return follows
