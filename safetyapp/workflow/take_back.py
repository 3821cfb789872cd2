"""Undo in a draft: what stood at an item, or at several places at once, stands there again."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from safetyapp.domain.address import item_of
from safetyapp.domain.form import ItemId
from safetyapp.domain.inspection import Inspection
from safetyapp.workflow import tables
from safetyapp.workflow.inspect import in_line
from safetyapp.workflow.opened import Open, save_item, save_whole
from safetyapp.workflow.ports import Clock, Store


def put_back(store: Store, clock: Clock, draft: Open, item: ItemId, former: Inspection) -> Open:
    """Undo: the item's answer and findings as they were in `former`, and what followed from its answer: what was
    calculated once, the rows that were counted, the findings of calculated items."""
    places = _hanging_on(draft, item, former)
    changed = _as_before(draft, places, former)
    now = clock.now()
    kept = tables.followed(changed, now)
    alone = kept is changed and places == {item}
    return save_item(store, kept, item, now) if alone else save_whole(store, kept, now)


def put_back_all(store: Store, clock: Clock, draft: Open, places: Collection[ItemId], former: Inspection) -> Open:
    """The answers and findings at several places as they were in `former`, in one transaction; `places` names all that
    changed since, with what followed from it."""
    return save_whole(store, _as_before(draft, places, former), clock.now())


def differing(before: Inspection, after: Inspection) -> frozenset[ItemId]:
    """Where answers or findings differ."""
    places = {a for a in before.answers.keys() | after.answers.keys() if before.answers.get(a) != after.answers.get(a)}
    return frozenset(places | {f.item for f in set(before.findings) ^ set(after.findings)})


def _as_before(draft: Open, places: Collection[ItemId], former: Inspection) -> Open:
    current = draft.inspection
    answers = {a: answer for a, answer in current.answers.items() if a not in places}
    answers |= {a: former.answers[a] for a in places if a in former.answers}
    findings = [f for f in current.findings if f.item not in places] + [f for f in former.findings if f.item in places]
    findings.sort(key=lambda f: (f.item, f.ordinal))
    return draft.with_changes(replace(current, answers=answers, findings=tuple(findings)), *places)


def _hanging_on(draft: Open, item: ItemId, former: Inspection) -> frozenset[ItemId]:
    """The item's place, and those that may have changed with its answer since `former` and are other now."""
    now, order = draft.inspection, draft.order
    targets = order.triggered.get(item_of(item), frozenset())
    changed = {a for a in now.answers.keys() | former.answers.keys() if now.answers.get(a) != former.answers.get(a)}
    followed = {
        a for a in changed if item_of(a) in order.counted or (item_of(a) in targets and in_line(draft, a, item))
    }
    told = {f.item for f in set(now.findings) ^ set(former.findings)}
    return frozenset({item, *followed, *(a for a in told if a in followed or item_of(a) in order.judged)})
