"""What changed between two versions of a form, so that an office sees it before the new one takes effect."""

from __future__ import annotations

import json
from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from enum import StrEnum
from typing import TypeAlias

from safetyapp.domain.basis import Basis
from safetyapp.domain.canonical import to_plain
from safetyapp.domain.form import Form, Item
from safetyapp.domain.words import Words


class ChangeKind(StrEnum):
    """What happened to a part of the form. MOVED: it stands elsewhere; it may have been changed as well."""

    ADDED = "added"
    REMOVED = "removed"
    MOVED = "moved"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field of a part: its name as form files have it (`question.zh`, `answer.min`), and its text before and after;
    empty where there was or is none."""

    field: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Change:
    """One part: an item, section, document, choice, grade or rule, by its id (a choice's is `list/choice`). `text` is
    what people call it, in Chinese. A MOVED part's first field is `place`."""

    kind: ChangeKind
    id: str
    text: str = ""
    fields: tuple[FieldChange, ...] = ()


@dataclass(frozen=True, slots=True)
class FormChanges:
    """Everything that differs, in the order of the new form, what was removed behind it. `form` and `scoring` are the
    fields of the form itself and of its scoring; grades count as parts of their own."""

    form: tuple[FieldChange, ...] = ()
    sections: tuple[Change, ...] = ()
    items: tuple[Change, ...] = ()
    documents: tuple[Change, ...] = ()
    choices: tuple[Change, ...] = ()
    scoring: tuple[FieldChange, ...] = ()
    grades: tuple[Change, ...] = ()
    due: tuple[Change, ...] = ()

    def __bool__(self) -> bool:
        return any(getattr(self, field.name) for field in fields(self))


Said: TypeAlias = Mapping[str, tuple[object, str]]
"""The fields of a part, each with its spelling in records, which is compared, and the text that is shown for it."""


@dataclass(frozen=True, slots=True)
class _Part:
    """A part with what it is compared by: its holder (a section, group or table) and its fields."""

    text: str
    fields: Said
    holder: str = ""
    holder_text: str = ""


Parts: TypeAlias = dict[str, _Part]


def changes(old: Form, new: Form) -> FormChanges:
    """What `new` changes against `old`; nothing (false) when both say the same. Pure."""
    return FormChanges(
        form=_fields(_head(old), _head(new)),
        sections=_compare(_sections(old), _sections(new)),
        items=_compare(_items(old), _items(new)),
        documents=_compare(_documents(old), _documents(new)),
        choices=_compare(_choices(old), _choices(new)),
        scoring=_fields(_scoring(old), _scoring(new)),
        grades=_compare(_grades(old), _grades(new)),
        due=_compare(_due(old), _due(new)),
    )


def listed(found: FormChanges) -> Iterator[tuple[str, str, str]]:
    """The changes one by one, as (what happened, to what, detail): the value of a ChangeKind, the part's id (`form`,
    `scoring`, `document/ID` …), and the field with its text before and after, or what people call the part."""
    for name, own in (("form", found.form), ("scoring", found.scoring)):
        for field in own:
            yield ChangeKind.CHANGED.value, name, _detail(field)
    groups = (
        ("section/", found.sections),
        ("", found.items),
        ("document/", found.documents),
        ("choice/", found.choices),
        ("grade/", found.grades),
        ("due/", found.due),
    )
    for before, group in groups:
        for change in group:
            name = before + change.id
            if change.kind in (ChangeKind.ADDED, ChangeKind.REMOVED):
                yield change.kind.value, name, change.text
            for field in change.fields:
                kind = ChangeKind.MOVED if field.field == _PLACE else ChangeKind.CHANGED
                yield kind.value, name, _detail(field)


_PLACE = "place"


def _detail(field: FieldChange) -> str:
    return f"{field.field}: {field.old or '—'} → {field.new or '—'}"


def _compare(old: Parts, new: Parts) -> tuple[Change, ...]:
    """What was added, moved or changed in the new order, then what was removed."""
    still = _unmoved(old, new)
    found: list[Change] = []
    before = _places(old)
    after = _places(new)
    for name, part in new.items():
        if name not in old:
            found.append(Change(ChangeKind.ADDED, name, part.text))
            continue
        changed = _fields(old[name].fields, part.fields)
        if name not in still:
            moved = FieldChange(_PLACE, before[name], after[name])
            found.append(Change(ChangeKind.MOVED, name, part.text, (moved, *changed)))
        elif changed:
            found.append(Change(ChangeKind.CHANGED, name, part.text, changed))
    found += [Change(ChangeKind.REMOVED, name, part.text) for name, part in old.items() if name not in new]
    return tuple(found)


def _places(parts: Parts) -> dict[str, str]:
    """Where each part stands, as people say it: its holder and the part before it."""
    last: dict[str, str] = {}
    places: dict[str, str] = {}
    for name, part in parts.items():
        behind = last.get(part.holder, "")
        places[name] = " › ".join(text for text in (part.holder_text, behind) if text) or "1"
        last[part.holder] = name
    return places


def _unmoved(old: Parts, new: Parts) -> set[str]:
    """The parts that stand where they stood: as many as possible in the same holder and the same order."""
    place = {name: number for number, name in enumerate(old)}
    of_holder: dict[str, list[str]] = {}
    for name, part in new.items():
        if name in old and old[name].holder == part.holder:
            of_holder.setdefault(part.holder, []).append(name)
    return {name for names in of_holder.values() for name in _longest_in_order(names, lambda n: place[n])}


def _longest_in_order(names: list[str], place: Callable[[str], int]) -> list[str]:
    """The most of the names whose places rise: what is left over is the fewest that can have been moved."""
    ends: list[int] = []
    last_of: list[str] = []
    before: dict[str, str | None] = {}
    for name in names:
        length = bisect_left(ends, place(name))
        before[name] = last_of[length - 1] if length else None
        ends[length : length + 1] = [place(name)]
        last_of[length : length + 1] = [name]
    kept: list[str] = []
    name_or_none: str | None = last_of[-1] if last_of else None
    while name_or_none is not None:
        kept.append(name_or_none)
        name_or_none = before[name_or_none]
    return kept


def _fields(old: Said, new: Said) -> tuple[FieldChange, ...]:
    nothing = (None, "")
    pairs = ((name, old.get(name, nothing), new.get(name, nothing)) for name in dict.fromkeys((*old, *new)))
    return tuple(FieldChange(name, before[1], after[1]) for name, before, after in pairs if before[0] != after[0])


# --- the parts of a form ---


def _head(form: Form) -> Said:
    lists = " ".join(one.id for one in form.choices)
    own = _said(form, form, without=("documents", "sections", "choices", "due", "scoring", "sha256"))
    return own | {"choices": (lists, lists)}


def _sections(form: Form) -> Parts:
    return {s.id: _Part(s.title.zh, _said(s, form, without=("id", "items"))) for s in form.sections}


def _items(form: Form) -> Parts:
    found: Parts = {}

    def add(items: tuple[Item, ...], holder: str, called: str) -> None:
        for item in items:
            said = _said(item, form, without=("id", "items"))
            found[item.id] = _Part(item.question.zh, said, holder, called)
            add(item.items, item.id, item.id)

    for section in form.sections:
        add(section.items, f"section/{section.id}", section.title.zh)
    return found


def _documents(form: Form) -> Parts:
    return {d.id: _Part(d.title, _said(d, form, without=("id",))) for d in form.documents}


def _choices(form: Form) -> Parts:
    return {
        f"{one.id}/{choice.id}": _Part(choice.label.zh, _said(choice, form, without=("id",)), one.id, one.id)
        for one in form.choices
        for choice in one.choices
    }


def _scoring(form: Form) -> Said:
    return _said(form.scoring, form, without=("grades",)) if form.scoring else {}


def _grades(form: Form) -> Parts:
    grades = form.scoring.grades if form.scoring else ()
    return {grade.id: _Part(grade.label.zh, _said(grade, form, without=("id",))) for grade in grades}


def _due(form: Form) -> Parts:
    return {rule.id: _Part(rule.what.zh, _said(rule, form, without=("id",))) for rule in form.due}


def _said(value: object, form: Form, without: tuple[str, ...] = ()) -> dict[str, tuple[object, str]]:
    """The fields of a value, those of a value within it under its name: `answer.min`. What is empty is left out."""
    found: dict[str, tuple[object, str]] = {}
    assert is_dataclass(value)
    for field in fields(value):
        inner = getattr(value, field.name)
        if field.name in without or inner is None or inner is False or inner in ("", ()):
            continue
        if is_dataclass(inner) and not isinstance(inner, Basis):
            found |= {f"{field.name}.{name}": said for name, said in _said(inner, form).items()}
        else:
            found[field.name] = (to_plain(inner, sparse=True), _text(inner, form))
    return found


def _text(value: object, form: Form) -> str:
    """A field as people read it; what has no words of its own in the spelling of records."""
    match value:
        case Basis():
            document = form.document(value.document)
            name = (document.short or document.title) if document is not None else value.document
            return f"{name} {value.clause}".strip() + ("" if value.verified else "（待核）")
        case Words():
            return f"{value.zh} / {value.en}" if value.en else value.zh
        case tuple():
            return "\n".join(_text(one, form) for one in value)
    plain = to_plain(value, sparse=True)
    return plain if isinstance(plain, str) else json.dumps(plain, ensure_ascii=False, sort_keys=True)
