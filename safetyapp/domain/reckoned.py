"""What the expressions of a form come to with the answers of one inspection, and the one function that says so.

The function itself lives in `forms`: expressions are evaluated by a library.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

from safetyapp.domain.answer_kinds import Limits
from safetyapp.domain.form import Form, ItemId
from safetyapp.domain.words import Words

if TYPE_CHECKING:
    from safetyapp.domain.inspection import Inspection


@dataclass(frozen=True, slots=True)
class Reckoned:
    """All keys are addresses (domain.address); what is not named follows from no expression.

    `closed`: the condition does not hold, what was answered there does not count (also a section, by its id).
    `calculated`: the values of calculations and of every other item with a `calculate`. `broken`: the constraint does
    not hold, with what to say. `demanded`: must be answered, by an expression. `offered`: the choice ids that a filter
    leaves, in order. `wordings`: questions (and hints, under `address#hint`) that quote other answers. `row_counts`:
    how many rows an expression wants of a table. `limits`: the least and the most of a number that pass here, where
    expressions say so. `defaults`: what starts in a place, by its `default`, literal or reckoned. `triggered`: what an
    item with a `trigger` would be calculated to now; it becomes its answer when the trigger is answered.
    """

    closed: frozenset[ItemId] = frozenset()
    calculated: Mapping[ItemId, str] = field(default_factory=dict)
    broken: Mapping[ItemId, Words] = field(default_factory=dict)
    demanded: frozenset[ItemId] = frozenset()
    offered: Mapping[ItemId, tuple[str, ...]] = field(default_factory=dict)
    wordings: Mapping[ItemId, Words] = field(default_factory=dict)
    row_counts: Mapping[ItemId, int] = field(default_factory=dict)
    limits: Mapping[ItemId, Limits] = field(default_factory=dict)
    defaults: Mapping[ItemId, str] = field(default_factory=dict)
    triggered: Mapping[ItemId, str] = field(default_factory=dict)


NOTHING = Reckoned()

Reckon: TypeAlias = "Callable[[Form, Inspection, Reckoned | None, frozenset[ItemId]], Reckoned]"
"""`(form, inspection, former, changed)`: everything anew, or, with the former result and the addresses that have
changed since, only what depends on them. Pure; never raises for what a person answered."""
