"""The record has one spelling; the ledger is the same whatever the order or repetition of documents."""

import json
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from safetyapp.domain.canonical import canonical_json, to_plain
from safetyapp.domain.form import Form, ItemId, with_address
from safetyapp.domain.inspection import Answer, InspectionId, Outcome, propose_finding
from safetyapp.domain.ledger import FindingState, fold
from safetyapp.domain.record import Author, Record, make_record
from safetyapp.domain.school import PersonId, Role
from tests.domain.examples import NOON, TODAY, draft, small_form

AUTHOR = Author(PersonId("p1"), "张示例", Role.INSPECTOR, "ab" * 32)


def record(number: int = 1, supersedes: str | None = None, fixed: bool = False) -> Record:
    form = small_form()
    item = form.item("B-1")
    assert item is not None
    inspection = draft(form, id=InspectionId(f"d{number}"), supersedes=supersedes)
    for item_id, value in (("A-1", Outcome.PASS), ("A-2", Decimal("1.10")), ("A-3", TODAY), ("B-1", Outcome.FAIL)):
        inspection = inspection.with_answer(Answer(ItemId(item_id), value, NOON))  # type: ignore[arg-type]
    inspection = inspection.with_answer(Answer(ItemId("B-2"), Outcome.NA, NOON))
    finding = replace(propose_finding(form, item, inspection, "飞线充电"), fixed_on_spot=fixed)
    return make_record(inspection.with_finding(finding), form, AUTHOR, (), NOON, "0.1.0")


def test_a_record_reads_back_from_its_canonical_json() -> None:
    made = record()
    data = canonical_json(made)
    assert msgspec.convert(json.loads(data), Record) == made
    assert canonical_json(msgspec.convert(json.loads(data), Record)) == data


def test_a_form_reads_back_and_its_address_follows_its_content() -> None:
    form = small_form()
    assert msgspec.convert(json.loads(canonical_json(form)), Form) == form
    assert with_address(form).sha256 == form.sha256
    assert with_address(replace(form, version="2")).sha256 != form.sha256


def test_canonical_json_has_sorted_keys_no_spaces_and_no_floats() -> None:
    assert canonical_json({"b": 1, "a": [True, None, "中"]}) == '{"a":[true,null,"中"],"b":1}'.encode()
    assert to_plain(Decimal("4.0")) == "4.0"
    with pytest.raises(TypeError):
        canonical_json({"a": 1.5})
    with pytest.raises(TypeError):
        canonical_json(datetime(2026, 11, 24))


def test_findings_are_numbered_and_those_of_a_passed_item_are_left_out() -> None:
    made = record()
    assert [(f.number, f.item) for f in made.findings] == [(1, "B-1")]
    assert {s.item for s in made.skipped} == {"A-4"}


def test_the_ledger_knows_open_closed_and_overdue() -> None:
    (opened,) = fold([record()])
    assert opened.state is FindingState.OPEN
    assert opened.overdue_days(TODAY) == 0
    assert opened.overdue_days(TODAY + timedelta(days=9)) == 9
    (closed,) = fold([record(fixed=True)])
    assert (closed.state, closed.closed_on, closed.overdue_days(date(2030, 1, 1))) == (FindingState.CLOSED, TODAY, 0)


def by(person: str, made: Record) -> Record:
    return replace(made, author=replace(made.author, person=PersonId(person)))


def test_only_its_author_replaces_a_report() -> None:
    first = record(1)
    later = replace(by("other", record(1)), made_at=NOON + timedelta(days=1), findings=())
    assert fold([later, first]) == fold([first, later]) == fold([first])
    claims = replace(by("other", record(2, supersedes="d1")), findings=())
    assert fold([claims, first]) == fold([first])
    renewed = replace(first.author, certificate="cd" * 32)  # the same person with a new certificate
    assert fold([first, replace(later, author=renewed)]) == ()
    both = fold([first, by("other", first)])
    assert both == fold([by("other", first), first])
    assert [row.id for row in both] == ["d1/1", "d1/1"]


@given(st.lists(st.sampled_from([1, 2, 3, 4, 5, 6, 7]), min_size=0, max_size=12))
def test_the_ledger_is_the_same_for_any_order_and_repetition(order: list[int]) -> None:
    records = {1: record(1), 2: record(2, supersedes="d1"), 3: record(3, fixed=True), 4: record(3)}
    records |= {5: by("other", records[1]), 6: by("other", records[2]), 7: by("other", record(9, supersedes="d3"))}
    given_set = [records[n] for n in order]
    once = [records[n] for n in sorted(set(order))]
    assert fold(given_set) == fold(once)
    if 2 in order:
        assert [row.document for row in fold(given_set)].count("d1") == (5 in order and 6 not in order)
    if 3 in order or 4 in order:
        assert "d3" in {row.document for row in fold(given_set)}
