"""How a form is scored: the method, the full mark and the grades."""

from __future__ import annotations

from decimal import Decimal

from safetyapp.domain.scoring import Grade, ScoreMethod, Scoring
from safetyapp.forms.fields import Fields
from safetyapp.forms.so_far import SoFar, once
from safetyapp.forms.yaml_tree import Node


def read_scoring(fields: Fields, so_far: SoFar) -> None:
    """Reads `scoring` into what is known of the form."""
    node = fields.node("scoring")
    if node is None:
        return
    inner = Fields(node, so_far.notes, ("method", "full", "grades", "note"), "scoring")
    if not inner.is_mapping:
        return
    inner.node("method", required=True)
    method = inner.choice("method", ScoreMethod, "unknown-method", ScoreMethod.POINTS)
    full = inner.decimal("full", required=True)
    if full is not None and full <= 0:
        inner.wrong("full", "bad-number", "要大于0", "must be above 0")
    seen: set[str] = set()
    grades = inner.each("grades", lambda n: _read_grade(n, seen, so_far), most=20)
    if grades and len({grade.at_least for grade in grades}) < len(grades):
        inner.wrong("grades", "bad-grades", "有两个等级分数线相同", "has two grades with the same points")
    so_far.scoring = Scoring(method, full or Decimal(100), grades, inner.words("note", required=False))


def _read_grade(node: Node, seen: set[str], so_far: SoFar) -> Grade | None:
    fields = Fields(node, so_far.notes, ("id", "label", "at_least"), "scoring.grade")
    if not fields.is_mapping:
        return None
    grade_id = fields.id("id")
    once(grade_id, seen, fields)
    mark = fields.decimal("at_least", required=True)
    return Grade(grade_id, fields.words("label"), Decimal(0) if mark is None else mark)


def read_weight(fields: Fields, so_far: SoFar) -> Decimal | None:
    """What a pass of the item earns or a fail costs."""
    weight = fields.decimal("weight")
    if weight is None:
        return None
    so_far.scored += 1
    if weight < 0:
        fields.wrong("weight", "bad-weight", "不能小于0", "must not be below 0")
    if so_far.scoring is None:
        no_scoring(fields, "weight", so_far)
    return weight


def read_veto(fields: Fields, so_far: SoFar) -> str:
    """The grade at which a fail of the item caps the form."""
    grade = fields.text("veto")
    if not grade:
        return ""
    if so_far.scoring is None or so_far.scoring.grade(grade) is None:
        fields.wrong("veto", "unknown-grade", "不在 scoring 的等级里", "is not among the grades of the scoring")
    return grade


def no_scoring(fields: Fields, key: str, so_far: SoFar) -> None:
    """Warns of an item that scores in a form that has no scoring."""
    zh, en = f"{fields.what} 有分值，但检查表没有 scoring", f"{fields.what} scores, but the form has no scoring"
    so_far.notes.warning(fields.line_of(key), "no-scoring", zh, en)


def check_scored(fields: Fields, so_far: SoFar) -> None:
    """Warns of a scoring that nothing counts into."""
    if so_far.scoring is not None and not so_far.scored:
        zh, en = "没有一项带分值（weight 或 score）", "No item has a weight or asks for a score"
        so_far.notes.warning(fields.line_of("scoring"), "nothing-scored", zh, en)
