"""The built-in fire checklist against a table drawn from the domain notes by another way than the form was."""

from __future__ import annotations

import csv
from decimal import Decimal
from pathlib import Path

import pytest

from safetyapp.domain.form import AnswerKind, Applies, Form, Item, Severity
from safetyapp.domain.school import School, SchoolFact, SchoolId, SchoolKind
from safetyapp.forms.check import check_form
from safetyapp.forms.read_yaml import read_form

ROOT = Path(__file__).parents[2]
FIRE = ROOT / "forms" / "fire.yaml"

with (ROOT / "tests/data/forms/fire_items.csv").open(encoding="utf-8", newline="") as _file:
    TABLE = list(csv.DictReader(_file))


@pytest.fixture(scope="module")
def fire() -> Form:
    return read_form(FIRE)


def item(form: Form, item_id: str) -> Item:
    found = form.item(item_id)
    assert found is not None
    return found


def school(kind: SchoolKind = SchoolKind.PRIMARY, has: str = "", lacks: str = "") -> School:
    return School(
        SchoolId("s"),
        "示例小学",
        kind,
        has=frozenset(SchoolFact(fact) for fact in has.split()),
        lacks=frozenset(SchoolFact(fact) for fact in lacks.split()),
    )


def test_has_sixty_items_in_fourteen_sections(fire: Form) -> None:
    assert len(list(fire.items())) == 60 == len(TABLE)
    assert [str(i.id) for i in fire.items()] == [f"F-{n:02}" for n in range(1, 61)]
    titles = "管理制度/巡查检查/疏散/器材/设施/电气/厨房燃气/宿舍/实验室/控制室/微型消防站/车道/施工与装修/档案"
    assert "/".join(section.title.zh for section in fire.sections) == titles


@pytest.mark.parametrize("row", TABLE, ids=[row["id"] for row in TABLE])
def test_item_is_as_in_the_table(fire: Form, row: dict[str, str]) -> None:
    found = item(fire, row["id"])
    limits = found.answer.limits_for(School(SchoolId("s"), "某校", SchoolKind.PRIMARY, lacks=frozenset(SchoolFact)))
    assert found.question.zh == row["question"]
    assert found.answer.kind == row["kind"]
    assert found.days == int(row["days"])
    assert found.severity == row["severity"]
    assert found.photo == row["photo"]
    assert found.applies_text.zh == row["applies"]
    assert (found.applies == ()) is row["applies"].startswith("全部")
    assert (limits.minimum, limits.maximum) == tuple(Decimal(row[key]) if row[key] else None for key in ("min", "max"))
    if row["max_age"]:
        assert limits.max_age_days == int(row["max_age"])
    elif found.answer.kind is AnswerKind.DATE:
        assert found.answer.choices()


def test_every_major_item_names_a_clause_of_the_guide(fire: Form) -> None:
    major = [i for i in fire.items() if i.severity is Severity.MAJOR]
    assert len(major) == 16
    for i in major:
        assert i.criterion is not None
        assert i.criterion.document == "guide-2024"
        assert i.criterion.verified
        assert i.criterion.clause.startswith("第三条(一)")


def test_everything_is_there_in_both_languages(fire: Form) -> None:
    for i in fire.items():
        for words in (i.question, i.method, i.reason, i.action, i.applies_text):
            assert words.zh
            assert words.en
        assert i.basis
        assert fire.citations(i.basis)
        assert i.confidence


def test_superseded_documents_are_not_printed_and_unread_clauses_are_marked(fire: Form) -> None:
    assert {d.id for d in fire.documents if d.superseded} == {"bj-fire-2011", "station-2015"}
    assert fire.citations(item(fire, "F-33").basis) == ("北京市消防条例", "DB11/T 065-2022")
    assert "GB 50099-2011 8.8.1（待核）" in fire.citations(item(fire, "F-15").basis)
    assert "公安部令第61号第二十五条" in fire.citations(item(fire, "F-08").basis)
    assert not any("十项规定第四" in c for i in fire.items() for c in fire.citations(i.basis))


def test_drill_is_due_twice_a_year_at_a_key_unit(fire: Form) -> None:
    drill = item(fire, "F-04").answer
    assert drill.limits_for(school()).max_age_days == 365
    assert drill.limits_for(school(has="key_unit")).max_age_days == 183


def test_doors_of_kindergartens_are_wider(fire: Form) -> None:
    doors = item(fire, "F-15").answer
    assert doors.limits_for(school(SchoolKind.KINDERGARTEN)).minimum == Decimal("1.20")
    assert doors.limits_for(school()).minimum == Decimal("0.90")


@pytest.mark.parametrize(
    ("case", "low", "high"),
    [("", "0.07", None), ("static", "0.07", None), ("dynamic", "0.25", "0.50"), ("dynamic-high-rise", "0.35", "0.50")],
)
def test_hydrant_pressure_is_static_unless_the_inspector_says_otherwise(
    fire: Form, case: str, low: str, high: str | None
) -> None:
    limits = item(fire, "F-24").answer.limits_for(school(), case)
    assert (limits.minimum, limits.maximum) == (Decimal(low), Decimal(high) if high else None)


@pytest.mark.parametrize(
    ("item_id", "case", "days"),
    [
        ("F-21", "", 3652),
        ("F-21", "clean-agent", 3652),
        ("F-21", "water", 2191),
        ("F-21", "carbon-dioxide", 4383),
        ("F-22", "", 730),
        ("F-22", "dry-powder-first", 1826),
        ("F-22", "carbon-dioxide", 730),
        ("F-22", "carbon-dioxide-first", 1826),
        ("F-22", "water", 365),
        ("F-22", "water-first", 1095),
    ],
)
def test_extinguishers_age_by_their_type(fire: Form, item_id: str, case: str, days: int) -> None:
    assert item(fire, item_id).answer.limits_for(school(), case).max_age_days == days


@pytest.mark.parametrize(
    ("item_id", "reading", "kind"),
    [
        ("F-14", "stairs", "integer"),
        ("F-16", "delay", "decimal"),
        ("F-28", "end-pressure", "decimal"),
        ("F-37", "temperature", "decimal"),
        ("F-38", "trip-time", "decimal"),
        ("F-40", "calibrated-on", "date"),
        ("F-46", "on-duty", "integer"),
        ("F-54", "clear-height", "decimal"),
    ],
)
def test_further_readings(fire: Form, item_id: str, reading: str, kind: str) -> None:
    (found,) = item(fire, item_id).answer.readings
    assert (found.id, found.kind, found.required) == (reading, kind, False)


@pytest.mark.parametrize(
    ("item_id", "applies"),
    [
        ("F-08", (Applies(has=(SchoolFact.BOARDING,)),)),
        ("F-18", (Applies(kinds=(SchoolKind.KINDERGARTEN,)), Applies(has=(SchoolFact.BOARDING,)))),
        ("F-40", (Applies(has=(SchoolFact.CANTEEN, SchoolFact.GAS)),)),
        ("F-42", (Applies(has=(SchoolFact.CANTEEN, SchoolFact.BOTTLED_GAS)),)),
        ("F-52", (Applies(has=(SchoolFact.KEY_UNIT,)), Applies(has=(SchoolFact.CONTROL_ROOM,)))),
        ("F-56", (Applies(has=(SchoolFact.CONSTRUCTION,)),)),
    ],
)
def test_where_items_are_asked(fire: Form, item_id: str, applies: tuple[Applies, ...]) -> None:
    assert item(fire, item_id).applies == applies


def test_nap_rooms_are_asked_about_in_kindergartens_and_primary_schools_only(fire: Form) -> None:
    alarms = item(fire, "F-27")
    assert alarms.applies_to(school(SchoolKind.KINDERGARTEN, has="nap_room", lacks="boarding"))
    assert not alarms.applies_to(school(SchoolKind.HIGH, has="nap_room", lacks="boarding"))
    assert alarms.applies_to(school(SchoolKind.HIGH, has="boarding"))


def test_check_finds_nothing_but_unread_clauses() -> None:
    report = check_form(FIRE)
    assert report.ok
    assert report.errors == ()
    assert {w.code for w in report.warnings} == {"unread-clause"}
