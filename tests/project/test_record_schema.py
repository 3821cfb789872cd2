"""The published schema is the record's: written from it, true of every record, false of what is none."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from safetyapp.documents.authority import read_certificate
from safetyapp.documents.inside import decode_record
from safetyapp.documents.revision import NotGenuine
from safetyapp.documents.verify import verify
from safetyapp.domain.canonical import canonical_json
from safetyapp.domain.document import DocumentKind
from tests.documents.examples import make_example
from tests.documents.written import checklist_example, drill_example, survey_example
from tests.project.record_schema import FOLDER, path_of, schema_of, spelled
from tests.store.examples import HANDED_ONCE

SCHEMA = schema_of(DocumentKind.INSPECTION_REPORT)


@pytest.mark.parametrize("kind", DocumentKind)
def test_the_published_schema_is_today_s(kind: DocumentKind) -> None:
    """Fails when the record changed: a published format stays as it is, what is new gets a new number."""
    assert path_of(kind).read_text(encoding="utf-8") == spelled(schema_of(kind))
    jsonschema.Draft202012Validator.check_schema(schema_of(kind))


def test_nothing_else_is_published() -> None:
    known = {path_of(kind, number).name for kind in DocumentKind for number in range(1, 1000)}
    assert {path.name for path in FOLDER.glob("*.json")} <= known


@pytest.mark.parametrize("make", [make_example, checklist_example, drill_example, survey_example])
def test_records_of_every_kind_of_form_fit(make: Callable[..., Any], tmp_path: Path) -> None:
    record = json.loads(canonical_json(make(tmp_path).record))
    jsonschema.validate(record, SCHEMA, format_checker=jsonschema.FormatChecker())


def test_every_record_of_the_demo_fits(demo_made_once: Path) -> None:
    office = demo_made_once / "office"
    trust = (read_certificate(office / "keys" / "ca.pem"),)
    documents = sorted((office / "documents").rglob("*.pdf"))
    assert len(documents) >= 4
    for path in documents:
        verdict = verify(path.read_bytes(), trust)
        assert verdict.record_json is not None
        jsonschema.validate(json.loads(verdict.record_json), SCHEMA)


def _set(*keys: Any, to: Any) -> Callable[[Any], None]:
    def change(record: Any) -> None:
        for key in keys[:-1]:
            record = record[key]
        record[keys[-1]] = to

    return change


def _drop(*keys: Any) -> Callable[[Any], None]:
    def change(record: Any) -> None:
        for key in keys[:-1]:
            record = record[key]
        del record[keys[-1]]

    return change


@pytest.mark.parametrize(
    "change",
    [
        _drop("site"),
        _drop("supersedes"),
        _drop("findings", 0, "number"),
        _set("more", to=1),
        _set("school", "more", to=1),
        _set("kind", to="other"),
        _set("format", to=2),
        _set("made_at", to="2026-11-24 15:42:07"),
        _set("made_at", to="2026-11-24T15:42:07Z"),
        _set("inspected_on", to="24.11.2026"),
        _set("findings", 0, "severity", to="terrible"),
        _set("findings", 0, "number", to="1"),
        _set("answers", 0, "outcome", to=None),
        _set("answers", 0, "readings", to=[["only"]]),
        _set("school", "has", to=["gas", "gas"]),
        _set("inks", 0, "strokes", to=[[[1, 2]]]),
        _set("score", to={}),
    ],
)
def test_what_is_no_record_does_not_fit(change: Callable[[Any], None], tmp_path: Path) -> None:
    record = json.loads(canonical_json(make_example(tmp_path, findings=2, photos=0).record))
    jsonschema.validate(record, SCHEMA)
    broken = copy.deepcopy(record)
    change(broken)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(broken, SCHEMA)


def test_hand_overs_fit_and_are_read_back(tmp_path: Path) -> None:
    plain = make_example(tmp_path, findings=1, photos=0).record
    for record in (plain, replace(plain, handed_over=(HANDED_ONCE, HANDED_ONCE))):
        spelled_ = canonical_json(record)
        jsonschema.validate(json.loads(spelled_), SCHEMA, format_checker=jsonschema.FormatChecker())
        assert decode_record(spelled_) == record
    empty = {**json.loads(canonical_json(plain)), "handed_over": []}
    with pytest.raises(NotGenuine):  # another spelling of saying nothing
        decode_record(json.dumps(empty, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode())
