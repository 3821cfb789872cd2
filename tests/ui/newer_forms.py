"""Other versions of the built-in fire form, as an office would send them, and the files they come in."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from safetyapp.domain.form import Form, ItemId, with_address
from safetyapp.domain.words import Words
from safetyapp.forms.write_yaml import write_form

GONE, REWORDED, NEW = ItemId("F-01"), ItemId("F-02"), ItemId("F-99")
"""What the newer version has no more, asks differently, and asks for the first time."""


def newer(form: Form, version: str = "99") -> Form:
    """A version with one item less, one asked differently and one more."""
    first, *others = form.sections
    items = [item for item in first.items if item.id != GONE]
    items = [replace(i, question=Words("换了说法？", "Asked otherwise?")) if i.id == REWORDED else i for i in items]
    items.append(replace(items[0], id=NEW, question=Words("新加的一项？", "A new one?")))
    return with_address(replace(form, version=version, sections=(replace(first, items=tuple(items)), *others)))


def reworded(form: Form, version: str) -> Form:
    """Every question in other words: as many changes as there are items."""
    sections = [
        replace(s, items=tuple(replace(i, question=Words(i.question.zh + "？？", i.question.en)) for i in s.items))
        for s in form.sections
    ]
    return with_address(replace(form, version=version, sections=tuple(sections)))


def form_file(folder: Path, form: Form, name: str = "") -> Path:
    path = folder / (name or f"{form.id}-v{form.version}.yaml")
    path.write_text(write_form(form), encoding="utf-8")
    return path
