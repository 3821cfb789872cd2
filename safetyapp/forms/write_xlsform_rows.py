"""The parts of an XLSForm workbook that follow from a form's data: columns, choices, facts asked for, what is extra."""

from __future__ import annotations

import mimetypes
import re
from collections.abc import Iterable, Mapping
from typing import Any

from safetyapp.domain.answer_kinds import Limits
from safetyapp.domain.basis import Basis
from safetyapp.domain.form import Form, Item, PhotoRule, Severity
from safetyapp.domain.school import Applies
from safetyapp.domain.words import Words
from safetyapp.forms.expressions_schema import FACTS
from safetyapp.forms.read_answers import is_judged

_ZH, _EN = "中文 (zh)", "English (en)"
_TRANSLATED = ("label", "hint", "guidance_hint", "required_message", "constraint_message")
FURTHER = (
    *("safety_basis", "safety_severity", "safety_criterion", "safety_candidate", "safety_reason", "safety_action"),
    *("safety_days", "safety_photo", "safety_applies", "safety_weight", "safety_veto", "safety_confidence"),
    *("safety_least", "safety_most", "safety_config_note"),
)
"""Columns of ours: pyxform passes over what it does not know."""
SURVEY_COLUMNS = (
    *("type", "name"),
    *(f"{name}::{language}" for name in _TRANSLATED for language in (_ZH, _EN)),
    *("relevant", "required", "constraint", "calculation", "trigger", "default", "readonly", "choice_filter"),
    *("repeat_count", "appearance", "parameters", "media::image", "media::audio", "media::video", *FURTHER),
)
_CHOICE_COLUMNS = (
    *("list_name", "name", f"label::{_ZH}", f"label::{_EN}", "media::image", "media::audio", "media::video"),
)
CONFORMITY_CHOICES = (
    ("pass", Words("合格", "Pass")),
    ("fail", Words("不合格", "Fail")),
    ("na", Words("不适用", "Not applicable")),
)
_TRUTHS = (("true", Words("有", "Yes")), ("false", Words("没有", "No")))
_FACT = re.compile(r"\$\{\s*((?:school|inspection)\.[\w-]+)\s*\}")
_TYPES_OF_FACTS = {
    "inspection.date": "today",
    "inspection.started": "start",
    "inspection.inspector": "username",
    "school.students": "integer",
    "school.classes": "integer",
}
FACTS_LIST = "school_fact"


def both(column: str, words: Words) -> dict[str, str]:
    """A text under the columns of its languages."""
    return {f"{column}::{_ZH}": words.zh, f"{column}::{_EN}": words.en}


def fact_rows(form: Form) -> list[dict[str, Any]]:
    """A question for every fact of the school or the inspection that an expression asks for."""
    return [_fact_row(name) for name in _facts(form)]


def _facts(form: Form) -> list[str]:
    texts = [s.when for s in form.sections]
    for item in form.every_item():
        texts += [item.when, item.required, item.constraint, item.calculate, item.choice_filter, item.default]
        texts += [item.rows.count, item.question.zh, item.question.en, item.hint.zh, item.hint.en]
        texts += [item.constraint_message.zh, item.constraint_message.en]
    named = dict.fromkeys(name for text in texts for name in _FACT.findall(text))
    return [name for name in FACTS if name in named]


def _fact_row(name: str) -> dict[str, Any]:
    if FACTS[name] is not None:
        kind = f"select_one {FACTS_LIST}"
    else:
        kind = _TYPES_OF_FACTS.get(name, "calculate" if name == "inspection.id" else "text")
    row: dict[str, Any] = {"type": kind, "name": name}
    if kind == "calculate":
        row["calculation"] = "uuid()"
    return row if kind in ("today", "start", "username", "calculate") else row | both("label", Words(name, name))


def choice_rows(form: Form, lists: Mapping[str, str]) -> tuple[tuple[str, ...], list[dict[str, Any]]]:
    """The columns and rows of the choices sheet: the lists that are used, and those of ours."""
    rows: list[dict[str, Any]] = []
    columns: dict[str, None] = {}
    for offered in form.choices:
        name = lists.get(offered.id)
        for choice in offered.choices if name else ():
            row: dict[str, Any] = {"list_name": name, "name": choice.id, **both("label", choice.label)}
            if choice.media:
                kind = (mimetypes.guess_type(choice.media)[0] or "image/").partition("/")[0]
                row[f"media::{kind if kind in ('audio', 'video') else 'image'}"] = choice.media
            own = dict(choice.columns)
            if choice.outcome is not None:
                own["safety_outcome"] = choice.outcome.value
            columns.update(dict.fromkeys(own))
            rows.append(row | own)
    if "" in lists:
        rows += [{"list_name": lists[""], "name": name, **both("label", label)} for name, label in CONFORMITY_CHOICES]
    if any(FACTS[name] is not None for name in _facts(form)):
        rows += [{"list_name": FACTS_LIST, "name": name, **both("label", label)} for name, label in _TRUTHS]
    return (*_CHOICE_COLUMNS, *(c for c in columns if c not in _CHOICE_COLUMNS)), rows


def further(item: Item, form: Form) -> dict[str, str]:
    """What XLSForm has no word for, in columns of ours."""
    judged = is_judged(item.answer, {c.id: c for c in form.choices})
    found = {
        "safety_basis": "; ".join(_cited(form, item.basis)),
        "safety_severity": item.severity.value if judged or item.severity is not Severity.GENERAL else "",
        "safety_criterion": "; ".join(_cited(form, (item.criterion,) if item.criterion else ())),
        "safety_candidate": item.candidate.zh,
        "safety_reason": item.reason.zh,
        "safety_action": item.action.zh,
        "safety_days": str(item.days) if judged or item.days else "",
        "safety_photo": item.photo.value if item.photo is not PhotoRule.NONE else "",
        "safety_applies": item.applies_text.zh or " | ".join(_clause(a) for a in item.applies),
        "safety_weight": str(item.weight) if item.weight is not None else "",
        "safety_veto": item.veto,
        "safety_confidence": item.confidence,
        "safety_least": item.least,
        "safety_most": item.most,
        "safety_config_note": item.config_note.zh,
    }
    return {name: text for name, text in found.items() if text}


def _cited(form: Form, bases: Iterable[Basis]) -> list[str]:
    return [text for text in (form.cite(basis) for basis in bases) if text]


def _clause(clause: Applies) -> str:
    return " & ".join([*("/".join(k.value for k in clause.kinds),), *(f.value for f in clause.has)]).strip(" &")


def limits_in_words(limits: Limits, unit: Words) -> Words:
    """What passes, for the hint; empty when everything does and there is no unit."""
    low, high = limits.minimum, limits.maximum
    zh, en = [], []
    if low is not None or high is not None:
        bounds = f"{low if low is not None else ''}–{high if high is not None else ''}"
        zh.append(f"合格范围 {bounds}")
        en.append(f"passes within {bounds}")
    if limits.max_age_days is not None:
        zh.append(f"不早于 {limits.max_age_days} 天前")
        en.append(f"not more than {limits.max_age_days} days ago")
    if limits.not_expired:
        zh.append("不得过期")
        en.append("must not have expired")
    if unit.zh:
        zh.append(f"单位 {unit.zh}")
        en.append(f"unit {unit.en or unit.zh}")
    return Words("，".join(zh), ", ".join(en))
