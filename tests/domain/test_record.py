"""The record has one spelling; the ledger is the same whatever the order or repetition of documents."""

from __future__ import annotations

import json
from dataclasses import fields, make_dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from safetyapp.domain.answer_kinds import AnswerKind, AnswerSpec, Limits, Outcome
from safetyapp.domain.canonical import canonical_json, to_plain
from safetyapp.domain.form import Form, Item, ItemId, Section, with_address
from safetyapp.domain.handover import HandOver
from safetyapp.domain.inspection import Inspection, InspectionId, Photo, PhotoLink, Sha256
from safetyapp.domain.judging import propose_finding
from safetyapp.domain.ledger import FindingState, counting, fold, version_of
from safetyapp.domain.places import Skip
from safetyapp.domain.record import Author, Record, RecordedFile, make_record
from safetyapp.domain.school import PersonId, Role
from safetyapp.domain.scoring import Grade, ScoreMethod, Scoring
from safetyapp.domain.words import Words
from tests.domain.examples import (
    CLASSES,
    NOON,
    TODAY,
    answered,
    column,
    draft,
    drill_form,
    form_of,
    reckoned,
    school,
    small_form,
)

AUTHOR = Author(PersonId("p1"), "张示例", Role.INSPECTOR, "ab" * 32)
HASH = "0123456789abcdef" * 4


def recorded(form: Form, inspection: Inspection) -> Record:
    return make_record(inspection, form, reckoned(form, inspection), AUTHOR, (), NOON, "0.1.0")


def record(number: int = 1, supersedes: str | None = None, fixed: bool = False) -> Record:
    form = small_form()
    item = form.item("B-1")
    assert item is not None
    inspection = draft(form, id=InspectionId(f"d{number}"), supersedes=supersedes)
    values = {"A-1": "pass", "A-2": "1.10", "A-3": "2026-11-24", "B-1": "fail", "B-2": "na"}
    for item_id, value in values.items():
        inspection = answered(inspection, item_id, value)
    finding = replace(propose_finding(form, item, item.id, inspection, "飞线充电"), fixed_on_spot=fixed)
    return recorded(form, inspection.with_finding(finding))


def drilled() -> tuple[Form, Inspection]:
    """A drill with rows, some of which are gone, calculated values and a score."""
    scored = column("manner", AnswerKind.SCORE, answer=AnswerSpec(AnswerKind.SCORE, limits=Limits(maximum=Decimal(5))))
    voice = column("voice", AnswerKind.AUDIO, required="")
    asked = column("asked", AnswerKind.CONFORMITY, question=Words("${how-many}个出口都开了？"))
    plain = drill_form()
    (section,) = plain.sections
    form = with_address(
        replace(
            plain,
            sections=(replace(section, items=(*section.items, scored, voice, asked)),),
            scoring=Scoring(ScoreMethod.POINTS, Decimal(5), (Grade("fine", Words("合格"), Decimal(3)),)),
        )
    )
    inspection = draft(form, school=school(classes=CLASSES))
    values = {
        "classes": "2 1", "name@1": "一班", "name@2": "二班", "name@3": "三班（撤掉的）", "enrolled@1": "40",
        "arrived@1": "40", "enrolled@2": "38", "arrived@2": "37", "calm@2": "fail", "things@1": "3",
        "thing@1.3": "喇叭", "count@1.3": "1", "how-many": "1", "exits": "1", "width@1": "1.5", "classes-all": "no",
        "note": "不算了", "manner": "3.5", "voice": f"{HASH}/口令.m4a", "asked": "fail",
    }  # fmt: skip
    for address, value in values.items():
        inspection = answered(inspection, address, value)
    for address in ("calm@2", "everybody", "asked", "calm@3"):
        item = form.item(address.partition("@")[0])
        assert item is not None
        inspection = inspection.with_finding(propose_finding(form, item, ItemId(address), inspection, f"{address}不行"))
    return form, inspection


def photo(number: int) -> Photo:
    return Photo(Sha256(f"{number:064x}"), Sha256(f"{number + 1:064x}"), 4, 3, 9, "image/jpeg")


def test_a_record_reads_back_from_its_canonical_json() -> None:
    for made in (record(), recorded(*drilled())):
        data = canonical_json(made)
        assert msgspec.convert(json.loads(data), Record) == made
        assert canonical_json(msgspec.convert(json.loads(data), Record)) == data


def test_a_record_says_rows_calculations_and_score() -> None:
    made = recorded(*drilled())
    answers = {a.item: (a.value, a.outcome) for a in made.answers}
    assert answers[ItemId("classes")] == ("2 1", Outcome.NOTED)
    assert answers[ItemId("everybody")] == ("fail", Outcome.FAIL)
    assert answers[ItemId("thing@1.3")] == ("喇叭", Outcome.NOTED)
    assert answers[ItemId("name@2")] == ("二班", Outcome.NOTED)
    assert not {"name@3", "note", "short@1"} & set(answers)
    assert [a.item for a in made.answers][:3] == ["classes-all", "classes", "name@2"]
    assert {c.item: c.value for c in made.calculated} == {"short@2": "1", "short@1": "0"}
    assert made.score is not None
    assert (made.score.points, made.score.grade, made.score.grade_label) == (Decimal("3.50"), "fine", "合格")
    assert {s.item: s.why for s in made.skipped} == {"note": Skip.CONDITION, "state": Skip.CONDITION}


def test_findings_follow_the_form_and_those_of_rows_that_are_gone_are_left_out() -> None:
    made = recorded(*drilled())
    assert [(f.number, f.item) for f in made.findings] == [(1, "calm@2"), (2, "everybody"), (3, "asked")]
    assert made.findings[2].question == "1个出口都开了？"


def test_photos_of_rows_that_are_gone_and_of_what_is_closed_are_left_out() -> None:
    form, inspection = drilled()
    places = ("asked", "calm@2", "calm@3", "note", "things@1", "everybody")
    links = tuple(PhotoLink(ItemId(place), photo(n), 0) for n, place in enumerate(places))
    made = recorded(form, replace(inspection, photos=(PhotoLink(ItemId("calm@2"), photo(9), 1), *links)))
    assert [(p.item, p.position) for p in made.photos] == [
        ("calm@2", 0), ("calm@2", 1), ("things@1", 0), ("everybody", 0), ("asked", 0),
    ]  # fmt: skip


def test_kept_files_are_named_once() -> None:
    form, inspection = drilled()
    assert recorded(form, inspection).files == (RecordedFile(HASH, "口令.m4a"),)
    assert record().files == ()


def test_a_form_reads_back_and_its_address_follows_its_content() -> None:
    for form in (small_form(), drilled()[0]):
        for sparse in (False, True):
            assert msgspec.convert(json.loads(canonical_json(form, sparse)), Form) == form
        assert with_address(form).sha256 == form.sha256
        assert with_address(replace(form, version="2")).sha256 != form.sha256


def later(plain: type, **added: object) -> type:
    """The dataclass as a later program may have it: with more fields, all of which have defaults."""
    old = [(f.name, f.type, f) for f in fields(plain)]
    return make_dataclass(plain.__name__, [*old, *((n, object, v) for n, v in added.items())], frozen=True)


def test_a_form_keeps_its_address_when_forms_can_say_more() -> None:
    new_item, new_section = later(Item, colour="", sizes=(), weighty=None), later(Section, page=0)
    new_form, new_spec = later(Form, licence=Words("")), later(AnswerSpec, decimals=2)

    def moved(thing: object, into: type, **changes: object) -> object:
        return into(**{f.name: getattr(thing, f.name) for f in fields(thing)} | changes)  # type: ignore[arg-type]

    def item(old: Item) -> object:
        return moved(old, new_item, answer=moved(old.answer, new_spec), items=tuple(map(item, old.items)))

    for form in (small_form(), drilled()[0]):
        sections = tuple(moved(s, new_section, items=tuple(map(item, s.items))) for s in form.sections)
        new = moved(form, new_form, sections=sections)
        # the plain answer is a default itself: a later program still leaves it out, as an equal of its own default
        plain = canonical_json(new, sparse=True).replace(b'"answer":{"kind":"conformity"},', b"")
        assert plain == canonical_json(form, sparse=True)
        assert canonical_json(new) != canonical_json(form)


@given(st.sampled_from(["", "0", "1"]), st.sampled_from([None, Decimal(0), Decimal("0.0")]), st.booleans())
def test_what_differs_from_its_default_is_never_left_out(when: str, weight: Decimal | None, read_only: bool) -> None:
    form = form_of(column("x", AnswerKind.TEXT, when=when, weight=weight, read_only=read_only))
    assert msgspec.convert(json.loads(canonical_json(form, sparse=True)), Form) == form


def test_canonical_json_has_sorted_keys_no_spaces_and_no_floats() -> None:
    assert canonical_json({"b": 1, "a": [True, None, "中"]}) == '{"a":[true,null,"中"],"b":1}'.encode()
    assert to_plain(Decimal("4.0")) == "4.0"
    for bad in ({"a": 1.5}, datetime(2026, 11, 24), {"a": {1.5}}):
        with pytest.raises(TypeError):
            canonical_json(bad)


def test_findings_are_numbered_and_those_of_a_passed_item_are_left_out() -> None:
    made = record()
    assert [(f.number, f.item) for f in made.findings] == [(1, "B-1")]
    assert {s.item for s in made.skipped} == {"A-4"}
    form = small_form()
    inspection = answered(draft(form), "B-1", "pass")
    item = form.item("B-1")
    assert item is not None
    kept = inspection.with_finding(propose_finding(form, item, item.id, inspection, "改好了"))
    assert recorded(form, kept).findings == ()


def test_the_ledger_counts_an_item_whichever_row_it_failed_in() -> None:
    form, inspection = drilled()
    (calm, *_) = inspection.findings_of(ItemId("calm@2"))
    inspection = inspection.with_finding(replace(calm, repeats="d0/4"))
    rows = fold([recorded(form, inspection)])
    assert [(r.item, r.form, r.repeats) for r in rows] == [
        ("calm", "drill", "d0/4"), ("everybody", "drill", ""), ("asked", "drill", ""),
    ]  # fmt: skip


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


def handed(made: Record, times: int) -> Record:
    one = HandOver(PersonId("p1"), "张示例", "李样本", NOON, taken_by=PersonId("p2"), taken_at=NOON)
    return replace(made, handed_over=(one,) * times)


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["p1", "p2", "p3"]), st.integers(0, 2), st.integers(0, 3), st.sampled_from([None, "d0"])
        ),
        max_size=7,
    ),
    st.randoms(use_true_random=False),
)
def test_of_two_people_under_one_id_one_counts_whatever_the_order(
    drawn: list[tuple[str, int, int, str | None]], random: Random
) -> None:
    """Whose draft was handed over most often, of equals whoever signed first: said here by looking at all of them."""
    made = [
        replace(handed(by(who, record(1)), times), made_at=NOON + timedelta(minutes=minute), supersedes=supersedes)
        for who, times, minute, supersedes in drawn
    ]
    mixed = [*made, *made]
    random.shuffle(mixed)
    found = fold(mixed)
    assert found == fold(made)
    assert len({row.id for row in found}) == len(found) == (1 if made else 0)
    if made:
        most = max(len(r.handed_over) for r in made)
        first = min((r.made_at, r.author.person) for r in made if len(r.handed_over) == most)
        counts = [r for _, r in counting((version_of(r), r) for r in mixed)]
        assert [r.author.person for r in counts] == [first[1]]


def test_a_record_says_of_hand_overs_only_where_there_were_some() -> None:
    assert b"handed_over" not in canonical_json(record())
    assert json.loads(canonical_json(handed(record(), 1)))["handed_over"][0]["taker"] == "李样本"


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
