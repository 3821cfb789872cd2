"""Our forms as XLSForm workbooks: pyxform takes them, and what they do not say is named."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from openpyxl import load_workbook

from safetyapp.domain.form import Form
from safetyapp.forms.read_yaml import read_form
from safetyapp.forms.write_xlsform import write_xlsform
from safetyapp.forms.xlsform import read_xlsform
from tests.forms.examples import GOOD
from tests.forms.made_forms import forms
from tests.forms.xlsform_books import book, opened

BUILT_IN = sorted((Path(__file__).parents[2] / "forms").glob("*.yaml"))


def converted(data: bytes) -> str:
    """pyxform's XForm; raises what pyxform raises."""
    from pyxform.xls2xform import convert  # type: ignore[import-untyped]

    return str(convert(data, file_type=".xlsx").xform)


def rows_of(data: bytes, sheet: str = "survey") -> dict[str, dict[str, Any]]:
    """The rows of a sheet by their name."""
    cells = load_workbook(BytesIO(data))[sheet].iter_rows(values_only=True)
    head = [str(h) for h in next(cells)]
    rows = [dict(zip(head, row, strict=True)) for row in cells]
    return {str(row["name"]): {k: v for k, v in row.items() if v is not None} for row in rows if row.get("name")}


@pytest.mark.parametrize("path", BUILT_IN, ids=lambda path: path.stem)
def test_built_in_forms_are_taken_by_pyxform_and_come_back_with_every_item(path: Path) -> None:
    form = read_form(path)
    data, lost = write_xlsform(form)
    assert "<h:html" in converted(data)
    back = opened(data, "f.xlsx")
    assert {i.id for i in form.every_item()} <= {i.id for i in back.every_item()} | {s.id for s in back.sections}
    assert [s.id for s in back.sections if not s.id.startswith("part-")] == [s.id for s in form.sections]
    assert (back.id, back.version, back.title.zh) == (form.id, form.version, form.title.zh)
    assert len(set(lost)) == len(lost)


def test_same_form_gives_the_same_sheets() -> None:
    form = read_form(GOOD.encode(), "f.yaml")
    assert rows_of(write_xlsform(form)[0]) == rows_of(write_xlsform(form)[0])


def test_item_that_is_judged_asks_for_the_finding_and_says_its_limits() -> None:
    form = read_form(GOOD.encode(), "f.yaml")
    data, lost = write_xlsform(form)
    rows = rows_of(data)
    assert rows["A-01"]["type"] == "select_one conformity"
    assert rows["A-01"]["label::中文 (zh)"] == "是否有制度？"
    assert rows["A-01"]["label::English (en)"] == "Are there rules?"
    assert rows["A-01"]["safety_severity"] == "major"
    assert rows["A-01"]["safety_basis"] == "示例法第一条"
    assert rows["A-01.finding"]["relevant"] == "${A-01} = 'fail'"
    assert rows["A-02"]["relevant"] == "${A-01} = 'pass'"
    assert rows["A-02"]["constraint"] == ". >= 0"  # a value out of its limits has to be written down
    assert "0.90–4.0" in rows["A-02"]["hint::中文 (zh)"]
    assert ("A-02", "judging by limits") in lost
    assert set(rows_of(data, "choices")) == {"pass", "fail", "na"}


def test_texts_that_look_like_formulas_stay_texts() -> None:
    form = opened(book([("type", "name", "label"), ("text", "q", "Q")]))
    spoilt = read_form(_yaml_of(form).replace("question: Q", "question: '=1+1'").encode(), "f.yaml")
    assert opened(write_xlsform(spoilt)[0]).item("q").question.zh == "=1+1"


def _yaml_of(form: Form) -> str:
    from safetyapp.forms.write_yaml import write_form

    return write_form(form)


def test_xlsform_that_was_read_comes_back_as_it_was() -> None:
    head = (
        *(
            "type",
            "name",
            "label::中文 (zh)",
            "label::English (en)",
            "hint::中文 (zh)",
            "required",
            "relevant",
            "constraint",
        ),
        *("calculation", "default", "choice_filter", "appearance", "repeat_count", "parameters"),
    )
    rows: list[tuple[object, ...]] = [
        head,
        ("begin group", "g", "组", "Group"),
        ("select_one l", "a", "甲", "A", "提示", "yes", None, None, None, "x", None, "minimal"),
        ("select_multiple l", "b", "乙", "B", None, "${a} = 'x'", "${a} != ''", None, None, None, "k = ${a}"),
        ("range", "c", "丙", "C", None, None, None, None, None, None, None, None, None, "start=0 end=10 step=2"),
        ("end group", None),
        ("begin group", "h", "又一组", "Another"),
        ("integer", "n", "个", "N", None, None, None, ". < 9"),
        ("begin repeat", "r", "行", "Rows", None, None, None, None, None, None, None, None, "${n}"),
        ("text", "t", "文", "T"),
        ("end repeat", None),
        ("calculate", "s", None, None, None, None, None, None, "count(${r})"),
        ("end group", None),
    ]
    choices = [
        ("list_name", "name", "label::中文 (zh)", "label::English (en)", "k"),
        ("l", "x", "叉", "X", "x"),
        ("l", "y", "丫", "Y", "x"),
    ]
    form = opened(book(rows, choices, {"form_id": "f", "version": "1", "form_title": "表"}))
    data, lost = write_xlsform(form)
    assert lost == []
    assert opened(data) == form


def test_facts_of_the_school_are_asked_for() -> None:
    text = GOOD.replace("${A-01} = 'pass'", "${school.boarding} = 'true' and ${inspection.date} > '2020-01-01'")
    data, _ = write_xlsform(read_form(text.encode(), "f.yaml"))
    rows = rows_of(data)
    assert rows["school.boarding"]["type"] == "select_one school_fact"
    assert rows["inspection.date"]["type"] == "today"
    assert "school.boarding" in converted(data)


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(forms())
def test_any_form_is_taken_by_pyxform(form: Form) -> None:
    _, notes = read_xlsform(write_xlsform(form)[0], "f.xlsx")
    assert [m for m in notes.mistakes if m.code in ("bad-xlsform", "not-xlsform")] == []
