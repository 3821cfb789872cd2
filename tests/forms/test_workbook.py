"""The workbook that offices edit: what is written and read back is the same form, with the same address."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from safetyapp.domain.answer_kinds import AnswerKind, Outcome
from safetyapp.domain.basis import DocumentStatus
from safetyapp.domain.form import Form, PhotoRule, RowSource, Severity
from safetyapp.domain.schedule import Doer, Period
from safetyapp.domain.school import SchoolFact, SchoolKind
from safetyapp.domain.scoring import ScoreMethod
from safetyapp.forms import read_due, read_items, read_legal, read_workbook_lines, workbook_words
from safetyapp.forms.read_yaml import read_form
from safetyapp.forms.workbook import is_ours, read_workbook, write_workbook
from safetyapp.forms.workbook_lines import both, lines_of, parts_of, quoted, split_both, unquoted
from safetyapp.forms.workbook_places import CellNotes
from safetyapp.forms.workbook_sheets import (
    BLOCKS,
    CHOICE_COLUMNS,
    DOCUMENT_COLUMNS,
    DUE_COLUMNS,
    FORM_ROWS,
    ITEM_COLUMNS,
    SHEETS,
)
from safetyapp.forms.workbook_words import Wording, folded
from tests.forms.made_forms import AWKWARD, forms

BUILT_IN = sorted((Path(__file__).parents[2] / "forms").glob("*.yaml"))
TEXTS = st.one_of(st.sampled_from(AWKWARD), st.text(st.characters(exclude_categories=("Cc", "Cs")), min_size=1))
TEXTS = TEXTS.map(str.strip).filter(bool)


def come_back(form: Form) -> Form:
    found, notes = read_workbook(write_workbook(form), "form.xlsx")
    assert found is not None, [str(m) for m in notes.mistakes]
    return found


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(forms())
def test_what_is_read_back_is_the_same_form(form: Form) -> None:
    found = come_back(form)
    assert found == form
    assert found.sha256 == form.sha256


@pytest.mark.parametrize("path", BUILT_IN, ids=lambda path: path.stem)
def test_the_built_in_forms_come_back_the_same(path: Path) -> None:
    form = read_form(path)
    found = come_back(form)
    assert found == form
    assert found.sha256 == form.sha256


@settings(max_examples=150, deadline=None)
@given(TEXTS, TEXTS, st.lists(TEXTS, min_size=1, max_size=4))
def test_texts_stand_in_lines_without_loss(zh: str, en: str, parts: list[str]) -> None:
    assert unquoted(quoted(zh)) == zh
    assert split_both(both(zh, en)) == (zh, en)
    assert split_both(both(zh, "")) == (zh, "")
    line = "；".join(quoted(part) for part in parts)
    assert lines_of(line) == [line]
    assert [unquoted(part) for part in parts_of(line)] == parts


@pytest.mark.parametrize("text", ['门宽 5"', '"干粉"灭火器', "a；b", "x / y", "C:\\new", '"', "：开头", "=1+1"])
def test_signs_that_split_lines_are_quoted(text: str) -> None:
    assert split_both(both(text, text)) == (text, text)


def test_cells_are_texts_whatever_they_look_like() -> None:
    import openpyxl

    book = openpyxl.load_workbook(io.BytesIO(write_workbook(read_form(BUILT_IN[0].parent / "fire.yaml"))))
    assert book.sheetnames == list(SHEETS)
    for sheet in book:
        kinds = {cell.data_type for row in sheet.iter_rows() for cell in row if cell.value is not None}
        assert kinds == {"s"}, sheet.title
        assert sheet.freeze_panes
        assert not sheet.merged_cells.ranges
    items = book["项目"]
    assert items.freeze_panes == "D3"
    assert items["A1"].value == "类别 *"
    assert items["B2"].value == "id"
    assert items["B1"].comment is not None
    offered = {rule.formula1 for rule in items.data_validations.dataValidation}
    assert any("合格判断" in formula for formula in offered)
    assert '"一般,重大候选,重大"' in offered
    assert any(formula.startswith("'检查表'!$A$") for formula in offered)
    assert items["B3"].number_format == "@"
    assert items.column_dimensions["K"].number_format == "@"
    assert all(len(formula) <= 257 for formula in offered)


def test_a_text_that_looks_like_a_formula_is_marked_as_text() -> None:
    from dataclasses import replace

    import openpyxl

    from safetyapp.domain.words import Words

    form = read_form(BUILT_IN[0].parent / "fire.yaml")
    for text in ("=1+1", "+86", "@a", "#N/A", "-1", "=cmd|' /C calc'!A0", "_x000D_", "1" * 4000):
        changed = replace(form, title=Words(text), description=Words(text, text))
        data = write_workbook(changed)
        cell = openpyxl.load_workbook(io.BytesIO(data))["检查表"]["B4"]
        assert cell.data_type == "s"
        assert cell.quotePrefix is (text[0] in "=+@-")
        found, _ = read_workbook(data, "x.xlsx")
        assert found is not None
        assert (found.title, found.description) == (changed.title, changed.description)


# --- the tables of data ---


def paths(columns: tuple[object, ...]) -> set[str]:
    return {column.path[0] for column in columns}  # type: ignore[attr-defined]


def test_whatever_a_form_file_can_say_has_a_column() -> None:
    from safetyapp.forms import read_answers, read_choices, read_yaml

    assert set(read_items.ITEM_KEYS) - {"items"} == paths(ITEM_COLUMNS) - {"section", "parent"}
    answer = {column.path[1] for column in ITEM_COLUMNS if column.path[0] == "answer"}
    assert answer == set(read_answers._ANSWER_KEYS)
    assert set(read_due._DUE_KEYS) == paths(DUE_COLUMNS)
    assert set(read_legal._DOCUMENT_KEYS) | {"id"} == paths(DOCUMENT_COLUMNS)
    assert set(read_choices._CHOICE_KEYS) - {"with"} == paths(CHOICE_COLUMNS) - {"list"}
    assert set(read_answers._CASE_KEYS) - {"id", "label"} == set(read_workbook_lines._CASE_WORDS)
    assert set(read_answers._READING_KEYS) - {"id", "label"} == set(read_workbook_lines._READING_WORDS)
    assert set(read_items._ROW_KEYS) == set(read_workbook_lines._ROW_WORDS)
    assert set(read_legal._BASIS_KEYS) == {"document", "clause", "verified"}
    elsewhere = {"documents", "choices", "due", "sections"}
    assert set(read_yaml._FORM_KEYS) - elsewhere == paths(FORM_ROWS)
    assert set(read_yaml._SECTION_KEYS) - {"items"} == paths(BLOCKS["类别表"])


@pytest.mark.parametrize("columns", [FORM_ROWS, ITEM_COLUMNS, CHOICE_COLUMNS, DOCUMENT_COLUMNS, *BLOCKS.values()])
def test_heads_are_not_mixed_up(columns: tuple[object, ...]) -> None:
    words = [folded(word) for c in columns for word in (c.key, *c.heads)]  # type: ignore[attr-defined]
    assert len(set(words)) == len(words), [w for w in words if words.count(w) > 1]


WORDINGS = [one for one in vars(workbook_words).values() if isinstance(one, Wording)]


@pytest.mark.parametrize("wording", WORDINGS)
def test_no_word_means_two_things(wording: Wording) -> None:
    words = [folded(w) for value, written in wording.words.items() for w in {value, *written.split("|")}]
    assert sorted(set(words)) == sorted(words)
    assert all(wording.value(wording.word(value)) == value for value in wording.words)


@pytest.mark.parametrize(
    ("wording", "values"),
    [
        (workbook_words.KINDS, AnswerKind),
        (workbook_words.SEVERITIES, Severity),
        (workbook_words.PHOTOS, PhotoRule),
        (workbook_words.STATUSES, DocumentStatus),
        (workbook_words.METHODS, ScoreMethod),
        (workbook_words.DOERS, Doer),
        (workbook_words.PERIODS, Period),
        (workbook_words.SOURCES, RowSource),
        (workbook_words.SCHOOLS, SchoolKind),
        (workbook_words.FACTS, SchoolFact),
    ],
)
def test_every_value_has_a_word(wording: Wording, values: type) -> None:
    assert list(wording.words) == [value.value for value in values]  # type: ignore[attr-defined]


def test_the_other_closed_sets_have_their_words() -> None:
    assert set(workbook_words.OUTCOMES.words) == {o.value for o in Outcome} - {"noted"}
    assert set(workbook_words.ROSTER.words) == set(read_items.ROSTER)
    assert set(workbook_words.MEDIA.words) == set(read_items._MEDIA)
    assert not any(w in workbook_words.FACTS._by_word for w in workbook_words.SCHOOLS._by_word)


def test_places_are_cells() -> None:
    notes = CellNotes("form.xlsx", ("检查表", "项目"))
    notes.mistake(notes.place("项目", 14, 4), "a", "甲", "A")
    there, _ = notes.place_named(notes.place("项目", 3, 1))
    notes.mistake(notes.place("检查表", 2, 28), "b", f"在{there}用过", "B")
    notes.mistake(0, "c", "丙", "C")
    assert [m.where for m in notes.mistakes] == ["form.xlsx", "form.xlsx:检查表!AB2", "form.xlsx:项目!D14"]
    assert notes.mistakes[1].message == "在 项目!A3 用过。B."


def test_is_ours_looks_at_the_sheets(tmp_path: Path) -> None:
    import openpyxl

    ours = tmp_path / "ours.xlsx"
    ours.write_bytes(write_workbook(read_form(BUILT_IN[0])))
    assert is_ours(ours)
    other = tmp_path / "survey.xlsx"
    book = openpyxl.Workbook()
    book.active.title = "survey"
    book.create_sheet("项目")
    book.save(other)
    assert not is_ours(other)
    (tmp_path / "text.xlsx").write_bytes(b"nothing")
    assert not is_ours(tmp_path / "text.xlsx")
    assert not is_ours(tmp_path / "missing.xlsx")
