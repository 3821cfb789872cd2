"""Scores 评分: points or deductions, vetoes 否决项 that cap the grade 等级, and what they add up to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from safetyapp.domain.answer_kinds import Outcome
from safetyapp.domain.words import NO_WORDS, Words

_CENT = Decimal("0.01")


class ScoreMethod(StrEnum):
    """POINTS: what was earned is added up. DEDUCT: what fails cost, and what scores lack, is taken from the full mark,
    not below zero.
    PERCENT: the share of what could be earned, of the full mark; what does not apply is left out of both."""

    POINTS = "points"
    DEDUCT = "deduct"
    PERCENT = "percent"


@dataclass(frozen=True, slots=True)
class Grade:
    """等级: reached with at least so many points."""

    id: str
    label: Words
    at_least: Decimal


@dataclass(frozen=True, slots=True)
class Scoring:
    """How a form is scored. `grades` stand in any order."""

    method: ScoreMethod
    full: Decimal
    grades: tuple[Grade, ...] = ()
    note: Words = NO_WORDS

    def grade(self, grade_id: str) -> Grade | None:
        return next((g for g in self.grades if g.id == grade_id), None)


@dataclass(frozen=True, slots=True)
class Scored:
    """One item as scoring sees it: what it can earn or cost, what it came to (None: not answered), and for a score item
    the points given."""

    item: str
    weight: Decimal
    outcome: Outcome | None
    points: Decimal | None = None
    veto: str = ""


@dataclass(frozen=True, slots=True)
class Score:
    """What it adds up to: points of so many possible, the grade (empty when there is none), the items that vetoed, and
    how many items that count are not answered yet: until then the grade says little."""

    points: Decimal
    possible: Decimal
    grade: str = ""
    vetoes: tuple[str, ...] = ()
    waiting: int = 0


def add_up(scoring: Scoring, items: Iterable[Scored]) -> Score:
    """The score, rounded to hundredths (half up). Pure: the same answers give the same score."""
    every = tuple(items)
    live = [s for s in every if s.outcome is not Outcome.NA]
    possible = sum((s.weight for s in live), Decimal(0))
    earned = sum((_earned(s) for s in live), Decimal(0))
    match scoring.method:
        case ScoreMethod.POINTS:
            points, of = earned, possible
        case ScoreMethod.DEDUCT:
            lost = sum((_lost(s) for s in live), Decimal(0))
            points, of = max(Decimal(0), scoring.full - lost), scoring.full
        case ScoreMethod.PERCENT:
            points, of = (earned * scoring.full / possible if possible else Decimal(0)), scoring.full
    points = points.quantize(_CENT, ROUND_HALF_UP)
    vetoed = tuple(s.item for s in every if s.veto and s.outcome is Outcome.FAIL)
    caps = [s.veto for s in every if s.veto and s.outcome is Outcome.FAIL]
    return Score(points, of, _grade(scoring, points, caps), vetoed, sum(1 for s in every if s.outcome is None))


def _earned(scored: Scored) -> Decimal:
    if scored.points is not None:
        return scored.points
    return scored.weight if scored.outcome is Outcome.PASS else Decimal(0)


def _lost(scored: Scored) -> Decimal:
    if scored.points is not None and scored.outcome is Outcome.NOTED:
        return scored.weight - scored.points
    return scored.weight if scored.outcome is Outcome.FAIL else Decimal(0)


def _grade(scoring: Scoring, points: Decimal, caps: list[str]) -> str:
    """The best grade that the points reach, not above the lowest that a veto allows."""
    best_first = sorted(scoring.grades, key=lambda g: g.at_least, reverse=True)
    reached = next((place for place, g in enumerate(best_first) if points >= g.at_least), len(best_first) - 1)
    capped = [place for place, g in enumerate(best_first) if g.id in caps]
    return best_first[max([reached, *capped])].id if best_first else ""
