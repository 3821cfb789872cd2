"""What paper cannot show is known from the text alone, and is what the pages then replace."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from safetyapp.documents.material import Material
from safetyapp.documents.pages import lay_out
from safetyapp.documents.unprintable import unprintable
from safetyapp.domain.document import DocumentKind
from safetyapp.domain.form import ItemId
from safetyapp.domain.words import Words
from tests.documents.examples import Example, make_example
from tests.documents.papers import BARE, SIGNED_BY, make_paper


@pytest.fixture
def example(tmp_path: Path) -> Example:
    return make_example(tmp_path, photos=0, fixed=0)


def _replaced(example: Example) -> set[str]:
    return lay_out(Material(example.record, example.form, example.photos, example.inks, "")).replaced


def test_rare_names_and_joiners_are_printable(example: Example) -> None:
    assert unprintable(example.record, example.form) == ()
    joined = replace(example.record, opinion="e\u0301\u200b\ufe0f\x07\t走廊\r\n龑㛃𬭎")
    assert unprintable(joined, example.form) == ()


def test_it_is_what_the_pages_replace(example: Example) -> None:
    record = replace(
        example.record,
        opinion="停用\U0001f525",
        findings=(replace(example.record.findings[0], text="走廊\U0001f6d2\ue000"), *example.record.findings[1:]),
    )
    marked = replace(example, record=record)
    assert set(unprintable(record, example.form)) == _replaced(marked)
    assert "\U0001f6d2" in unprintable(record, example.form)


def test_the_forms_chinese_counts_and_its_english_does_not(example: Example) -> None:
    form, first = example.form, example.form.sections[0].items[0]
    asked = replace(first, question=Words("有\U0001f525吗", "any \U0001f6d2?"))
    section = replace(form.sections[0], items=(asked, *form.sections[0].items[1:]))
    changed = replace(form, sections=(section, *form.sections[1:]))
    assert changed.item(ItemId(first.id)) == asked
    assert unprintable(example.record, changed) == ("\U0001f525",)
    assert _replaced(replace(example, form=changed)) <= {"\U0001f525"}


@pytest.mark.parametrize("kind", SIGNED_BY)
def test_a_paper_of_every_kind_can_be_asked(kind: DocumentKind, tmp_path: Path) -> None:
    record = make_paper(kind, tmp_path, BARE).paper
    assert unprintable(record, None) == ()
    assert unprintable(replace(record, title=f"{record.title}\U0001f525"), None) == ("\U0001f525",)
