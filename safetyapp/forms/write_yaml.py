"""A `Form` as the text of its YAML file, in the shape and order of the built-in ones.

What is read back is the same form. What equals its default is left out, but what an item that is judged has to say.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from safetyapp.domain.answer_kinds import AnswerSpec, Choice, ChoiceList, LimitCase, Limits, Reading
from safetyapp.domain.basis import Basis, DocumentStatus, LegalDocument
from safetyapp.domain.form import ALWAYS, NO_ROWS, Form, Item, Media, PhotoRule, Rows, RowSource, Section, Severity
from safetyapp.domain.schedule import DueRule, Every
from safetyapp.domain.school import Applies
from safetyapp.domain.scoring import Scoring
from safetyapp.domain.words import Words
from safetyapp.forms.read_answers import is_judged
from safetyapp.forms.yaml_text import FALSE, Flow, Quoted, yaml_text


def write_form(form: Form) -> str:
    """The YAML text: `read_form` makes the same form of it, if it takes such a form at all."""
    plain = plain_form(form)
    head = {key: plain.pop(key) for key in _HEAD if key in plain}
    return yaml_text(head) + "".join("\n" + yaml_text({key: part}) for key, part in plain.items())


_HEAD = ("format", "id", "version", "title", "category", "description")
"""The keys that stand together at the top; each of the others begins after an empty line."""


def plain_form(form: Form) -> dict[str, Any]:
    """The form as its file has it: keys and values in their order, what equals its default left out."""
    lists = {one.id: one for one in form.choices}
    return _kept(
        format=form.format,
        id=str(form.id),
        version=Quoted(form.version),
        title=_words(form.title),
        category=form.category,
        description=_words(form.description),
        documents={d.id: _document(d) for d in form.documents},
        choices={one.id: [_choice(c) for c in one.choices] for one in lists.values()},
        due=[_due(rule) for rule in form.due],
        scoring=_scoring(form.scoring) if form.scoring else None,
        sections=[_section(section, lists) for section in form.sections],
    )


def _kept(**values: Any) -> dict[str, Any]:
    """The keys with something behind them; `from_` and `with_` stand for what Python keeps for itself."""
    return {key.rstrip("_"): value for key, value in values.items() if not _is_nothing(value)}


def _is_nothing(value: object) -> bool:
    return value is None or value is False or (isinstance(value, str | list | dict) and not value)


def _words(words: Words, flow: bool = False) -> Any:
    if not words.en:
        return words.zh
    both = {"zh": words.zh, "en": words.en}
    return Flow(both) if flow else both


def _document(document: LegalDocument) -> dict[str, Any]:
    return _kept(
        title=document.title,
        short=document.short,
        number=document.number,
        in_force=document.in_force,
        edition=document.edition,
        status=document.status.value if document.status is not DocumentStatus.UNVERIFIED else None,
        superseded=document.superseded,
        note=document.note,
    )


def _choice(choice: Choice) -> Flow:
    return Flow(
        _kept(
            id=choice.id,
            label=_words(choice.label, flow=True),
            outcome=choice.outcome.value if choice.outcome else None,
            media=choice.media,
            with_=Flow(dict(choice.columns)) if choice.columns else None,
        )
    )


def _due(rule: DueRule) -> dict[str, Any]:
    return _kept(
        id=rule.id,
        by=rule.by.value,
        every=Flow(_every(rule.every)),
        applies=_applies(rule.applies),
        what=_words(rule.what),
        basis=_bases(rule.basis),
        recommended=rule.recommended,
        by_anyone=rule.by_anyone,
        confidence=rule.confidence,
    )


def _every(every: Every) -> dict[str, Any]:
    if every.period is None:
        return {"days": every.days}
    return _kept(count=every.count, unit=every.period.value, opening=every.opening)


def _scoring(scoring: Scoring) -> dict[str, Any]:
    grades = [Flow({"id": g.id, "label": _words(g.label, flow=True), "at_least": g.at_least}) for g in scoring.grades]
    return {"method": scoring.method.value, "full": scoring.full} | _kept(grades=grades, note=_words(scoring.note))


def _section(section: Section, lists: Mapping[str, ChoiceList]) -> dict[str, Any]:
    return _kept(
        id=section.id,
        title=_words(section.title),
        when=section.when,
        items=[_item(item, lists) for item in section.items],
    )


def _item(item: Item, lists: Mapping[str, ChoiceList]) -> dict[str, Any]:
    judged = is_judged(item.answer, lists) or bool(item.least or item.most)
    return _kept(
        id=str(item.id),
        question=_words(item.question),
        hint=_words(item.hint),
        method=_words(item.method),
        answer=_answer(item.answer),
        basis=_bases(item.basis),
        severity=item.severity.value if judged or item.severity is not Severity.GENERAL else None,
        reason=_words(item.reason),
        criterion=_basis(item.criterion) if item.criterion else None,
        candidate=_words(item.candidate),
        action=_words(item.action),
        days=item.days if judged or item.days else None,
        photo=item.photo.value if item.photo is not PhotoRule.NONE else None,
        photo_note=_words(item.photo_note),
        applies=_applies(item.applies),
        applies_text=_words(item.applies_text),
        when=item.when,
        **_behaviour(item),
        weight=item.weight,
        veto=item.veto,
        roster=item.roster,
        confidence=item.confidence,
        config_note=_words(item.config_note),
        rows=_rows(item.rows) if item.rows != NO_ROWS else None,
        items=[_item(member, lists) for member in item.items],
    )


def _behaviour(item: Item) -> dict[str, Any]:
    return {
        "required": _required(item),
        "required_message": _words(item.required_message),
        "default": item.default,
        "calculate": item.calculate,
        "trigger": item.trigger,
        "read_only": item.read_only,
        "least": item.least,
        "most": item.most,
        "constraint": item.constraint,
        "constraint_message": _words(item.constraint_message),
        "choice_filter": item.choice_filter,
        "appearance": item.appearance,
        "media": [_media(media) for media in item.media],
    }


def _required(item: Item) -> Any:
    """What differs from the rule: asked items are required, others are not."""
    if item.required == (ALWAYS if item.answer.kind.is_asked else ""):
        return None
    return item.required or FALSE


def _media(media: Media) -> Flow:
    return Flow(_kept(kind=media.kind, file=media.file, caption=_words(media.caption, flow=True)))


def _rows(rows: Rows) -> dict[str, Any]:
    return _kept(
        from_=rows.source.value if rows.source is not RowSource.NONE else None,
        fixed=[_words(words, flow=True) for words in rows.fixed],
        count=rows.count,
        min=rows.minimum or None,
        max=rows.maximum,
        title=_words(rows.title, flow=True),
    )


def _answer(answer: AnswerSpec) -> dict[str, Any]:
    return _kept(
        kind=answer.kind.value,
        unit=_words(answer.unit, flow=True),
        **_limits(answer.limits),
        cases=[_case(case) for case in answer.cases],
        readings=[_reading(reading) for reading in answer.readings],
        signed=answer.signed,
        future=answer.future,
        list=answer.choice_list,
        other=answer.other,
        step=answer.step,
        max_length=answer.max_length,
    )


def _limits(limits: Limits) -> dict[str, Any]:
    return {
        "min": limits.minimum,
        "max": limits.maximum,
        "max_age_days": limits.max_age_days,
        "not_expired": limits.not_expired,
    }


def _case(case: LimitCase) -> dict[str, Any]:
    return _kept(id=case.id, label=_words(case.label), **_limits(case.limits), applies=_applies(case.applies))


def _reading(reading: Reading) -> dict[str, Any]:
    return _kept(
        id=reading.id,
        label=_words(reading.label),
        kind=reading.kind.value,
        unit=_words(reading.unit, flow=True),
        **_limits(reading.limits),
        required=reading.required,
        signed=reading.signed,
        list=reading.choice_list,
    )


def _bases(bases: tuple[Basis, ...]) -> list[Flow]:
    return [_basis(basis) for basis in bases]


def _basis(basis: Basis) -> Flow:
    return Flow(_kept(document=basis.document, clause=basis.clause, verified=basis.verified))


def _applies(clauses: tuple[Applies, ...]) -> list[Flow]:
    return [Flow(_kept(kinds=[k.value for k in a.kinds], has=[f.value for f in a.has])) for a in clauses]
