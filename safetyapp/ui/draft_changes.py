"""Which places of a draft look different after a step: what to show anew out of a thousand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from safetyapp.domain.form import ItemId
from safetyapp.domain.inspection import Finding, PhotoLink
from safetyapp.domain.reckoned import Reckoned
from safetyapp.workflow.opened import Open


def changed_addresses(before: Open, after: Open) -> set[ItemId]:
    """The addresses (and the ids of sections) at which two states of one draft differ."""
    found = _differing(before.inspection.answers, after.inspection.answers)
    if before.inspection.findings is not after.inspection.findings:
        found |= _moved(before.inspection.findings, after.inspection.findings)
    if before.inspection.photos is not after.inspection.photos:
        found |= _moved(before.inspection.photos, after.inspection.photos)
    if before.reckoned is not after.reckoned:
        found |= _reckoned_anew(before.reckoned, after.reckoned)
    return found


def _reckoned_anew(before: Reckoned, after: Reckoned) -> set[ItemId]:
    found: set[ItemId] = set(before.closed ^ after.closed)
    found |= before.demanded ^ after.demanded
    for was, now in (
        (before.calculated, after.calculated), (before.broken, after.broken), (before.offered, after.offered),
        (before.row_counts, after.row_counts), (before.wordings, after.wordings), (before.limits, after.limits),
    ):  # fmt: skip
        if was is not now:
            found |= {ItemId(a.partition("#")[0]) for a in _differing(was, now)}
    return found


def _differing(before: Mapping[ItemId, object], after: Mapping[ItemId, object]) -> set[ItemId]:
    missing = object()
    found = {a for a, value in after.items() if (was := before.get(a, missing)) is not value and was != value}
    if len(before) + len(found) != len(after):  # something may have gone
        found |= before.keys() - after.keys()
    return found


def _moved(before: Iterable[Finding | PhotoLink], after: Iterable[Finding | PhotoLink]) -> set[ItemId]:
    was, now = {id(x): x for x in before}, {id(x): x for x in after}
    changed = [x for key, x in was.items() if key not in now] + [x for key, x in now.items() if key not in was]
    return {x.item for x in changed}
