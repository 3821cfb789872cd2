"""What a version of a form changes against another, in words: grouped by what was added, removed, moved, changed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from safetyapp.domain.form_changes import Change, ChangeKind, FieldChange, FormChanges
from safetyapp.texts import Texts
from safetyapp.ui.sheet_dialog import Group

PARTS = ("sections", "items", "documents", "choices", "grades", "due")
_LONGEST = 300
"""Letters of a text before and after that are shown."""


def counted(found: FormChanges) -> dict[str, int]:
    """How many parts were added, removed, moved and changed; the form's own fields and its scoring count as one each
    where anything of them is changed."""
    counts = {kind.value: 0 for kind in ChangeKind}
    for part in PARTS:
        for change in getattr(found, part):
            counts[change.kind.value] += 1
    counts[ChangeKind.CHANGED.value] += bool(found.form) + bool(found.scoring)
    return counts


def groups(texts: Texts, found: FormChanges) -> list[Group]:
    """Each kind of part and what happened to it: `检查项 · 新增（3）`, the form itself first."""
    say = texts.say
    made: list[Group] = []
    own: tuple[tuple[str, Sequence[FieldChange]], ...] = (("form", found.form), ("scoring", found.scoring))
    for name, fields in own:
        if fields:
            made.append((say(f"window.forms.part.{name}"), [("", line) for line in _lines(texts, fields)]))
    for part in PARTS:
        for kind in ChangeKind:
            changes: list[Change] = [c for c in getattr(found, part) if c.kind is kind]
            if changes:
                title = say(
                    "window.forms.group", part=say(f"window.forms.part.{part}"),
                    what=say(f"window.forms.kind.{kind.value}"), n=len(changes),
                )  # fmt: skip
                made.append((title, [_row(texts, change) for change in changes]))
    return [(heading, [row for row in rows if any(row)]) for heading, rows in made]


def _row(texts: Texts, change: Change) -> tuple[str, str]:
    first = "  ".join(part for part in (change.id, " ".join(change.text.split())) if part)
    return first, "\n".join(_lines(texts, change.fields))


def _lines(texts: Texts, fields: Sequence[FieldChange]) -> Iterator[str]:
    nothing = texts.say("window.forms.nothing")
    for field in fields:
        old, new = (_value(texts, field.field, text) or nothing for text in (field.old, field.new))
        yield texts.say("window.forms.change", field=field_word(texts, field.field), old=old, new=new)


def field_word(texts: Texts, field: str) -> str:
    """What people call a field of a form file; one that has no word is named as the file names it."""
    name, english = re.subn(r"\.en$", "", re.sub(r"\.zh$", "", field))
    try:
        word = texts.say(f"window.forms.field.{name.replace('.', '_')}")
    except KeyError:
        return field
    return texts.say("window.forms.in_english", field=word) if english else word


def _value(texts: Texts, field: str, text: str) -> str:
    short = text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
    if field not in ("severity", "answer.kind", "photo") and short not in ("true", "false"):
        return short
    try:
        return texts.say(f"window.forms.value.{short}")
    except KeyError:
        return short
