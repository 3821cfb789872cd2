"""Writing forms: what is read back is the same form, with the same address, and people can read it too."""

from __future__ import annotations

import inspect
import re
from dataclasses import fields, replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from safetyapp.domain.answer_kinds import AnswerSpec, Choice, ChoiceList, LimitCase, Limits, Reading
from safetyapp.domain.basis import Basis, LegalDocument
from safetyapp.domain.form import ALWAYS, Form, Item, Media, Rows, Section
from safetyapp.domain.schedule import DueRule, Every
from safetyapp.domain.school import Applies
from safetyapp.domain.scoring import Grade, Scoring
from safetyapp.forms import write_yaml
from safetyapp.forms.read_yaml import read_form
from safetyapp.forms.write_yaml import write_form
from safetyapp.forms.yaml_text import yaml_text
from tests.forms.made_forms import AWKWARD, forms

BUILT_IN = sorted((Path(__file__).parents[2] / "forms").glob("*.yaml"))


@settings(max_examples=75, deadline=None, suppress_health_check=list(HealthCheck))
@given(forms())
def test_what_is_read_back_is_the_same_form(form: Form) -> None:
    text = write_form(form)
    assert read_form(text.encode()) == form
    assert write_form(read_form(text.encode())) == text


PARTS: list[type] = [Form, Section, Item, Media, Rows, AnswerSpec, Limits, LimitCase, Reading, Choice, ChoiceList]
PARTS += [LegalDocument, Basis, Applies, DueRule, Every, Scoring, Grade]


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.__name__)
def test_no_field_of_the_model_is_forgotten(part: type) -> None:
    """A field that comes to the model later is neither written nor made by the strategy: then this says so."""
    written = set(re.findall(r"\.(\w+)", inspect.getsource(write_yaml)))
    assert {field.name for field in fields(part)} - written - {"sha256"} == set()


@pytest.mark.parametrize("path", BUILT_IN, ids=lambda path: path.stem)
def test_the_built_in_forms_come_back_the_same(path: Path) -> None:
    form = read_form(path)
    assert read_form(write_form(form).encode()) == form


@pytest.mark.parametrize("text", AWKWARD)
def test_awkward_texts_mean_the_same_to_any_reader_of_yaml(text: str) -> None:
    from ruamel.yaml import YAML

    value = {"a": text, "b": [text], "c": {text if "\n" not in text else "k": text}}
    assert YAML(typ="safe", pure=True).load(yaml_text(value)) == value


def test_looks_like_the_built_in_ones() -> None:
    lines = write_form(read_form(BUILT_IN[0].parent / "fire.yaml")).split("\n")
    assert lines[:6] == [
        "format: 1",
        "id: fire",
        f'version: "{read_form(BUILT_IN[0].parent / "fire.yaml").version}"',
        "title:",
        "  zh: 消防安全检查表",
        "  en: Fire safety checklist",
    ]
    assert '          min: "0.90"' in lines
    assert "          unit: {zh: 米, en: m}" in lines
    assert "        criterion: {document: guide-2024, clause: 第三条(一)1, verified: true}" in lines
    assert "    in_force: 2009-05-01" in lines
    assert not any(line.endswith(" ") for line in lines)


def test_an_expression_that_reads_like_a_truth_stays_an_expression() -> None:
    form = read_form(BUILT_IN[0].parent / "fire.yaml")
    section = form.sections[0]
    for required, written in (("", "required: false"), ("true", 'required: "true"'), (ALWAYS, "")):
        items = (replace(section.items[0], required=required), *section.items[1:])
        text = write_form(replace(form, sections=(replace(section, items=items), *form.sections[1:])))
        assert [line.strip() for line in text.split("\n") if "required: " in line and "          " not in line] == (
            [written] if written else []
        )
