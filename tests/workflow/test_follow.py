"""What follows from an answer: calculated values and their findings, triggered ones, refusals, what is found again."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from safetyapp.domain.answer_kinds import AnswerKind, AnswerSpec, Limits, Reading
from safetyapp.domain.form import FormId, Item, ItemId
from safetyapp.domain.gaps import gaps
from safetyapp.domain.inspection import InspectionId
from safetyapp.domain.problem import Problem
from safetyapp.domain.school import School
from safetyapp.domain.words import Words
from safetyapp.texts import Texts
from safetyapp.workflow import inspect
from safetyapp.workflow.opened import open_with
from tests.domain.examples import CLASSES, RECKON, TODAY, column, drill_form, form_of, school, small_form
from tests.fakes import FakeStore
from tests.store.examples import document, other_school
from tests.workflow.desk import Desk

TOTAL = column(
    "total",
    AnswerKind.DECIMAL,
    answer=AnswerSpec(AnswerKind.DECIMAL, Words("人"), Limits(maximum=Decimal(10))),
    calculate="${a} + ${b}",
    question=Words("一共${a}加${b}"),
)
NUMBERS = (column("a", AnswerKind.INTEGER), column("b", AnswerKind.INTEGER))


def refused(desk: Desk, address: str, text: str, **options: object) -> Problem:
    before = desk.kept()
    with pytest.raises(Problem) as told:
        desk.answer(address, text, **options)
    assert desk.kept() == before
    assert told.value.code == "bad-value"
    assert Texts("zh").explain(told.value).what
    return told.value


# what is calculated


def test_a_calculated_item_that_fails_proposes_its_finding(tmp_path: Path) -> None:
    desk = Desk(tmp_path, form_of(*NUMBERS, TOTAL))
    desk.fill(a="4", b="5")
    assert desk.findings("total") == ()
    desk.answer("b", "7")
    (finding,) = desk.findings("total")
    assert finding.text == "实测 11 人，超过上限 10 人（一共4加7）"
    assert desk.draft.marks() == "ppg"


def test_a_proposal_follows_the_calculation_until_somebody_writes(tmp_path: Path) -> None:
    desk = Desk(tmp_path, form_of(*NUMBERS, TOTAL))
    desk.fill(a="4", b="7")
    desk.answer("b", "8")
    assert desk.findings("total")[0].text.startswith("实测 12 人")
    written = replace(desk.findings("total")[0], text="人太多")
    desk.draft = inspect.describe(desk.store, desk.clock, desk.draft, written)
    desk.answer("b", "9")
    assert desk.findings("total") == (written,)
    desk.answer("b", "1")
    desk.answer("b", "9")
    assert desk.findings("total") == (written,)


def test_undo_takes_the_finding_of_a_calculation_back(tmp_path: Path) -> None:
    desk = Desk(tmp_path, form_of(*NUMBERS, TOTAL))
    before = desk.fill(a="4", b="5")
    after = desk.answer("b", "8")
    desk.undo("b", before)
    assert (desk.value("b"), desk.findings("total")) == ("5", ())
    desk.undo("b", after)
    assert (desk.value("b"), desk.findings("total")) == ("8", after.inspection.findings)


def test_a_failing_calculation_of_every_row_proposes_findings_for_each(tmp_path: Path) -> None:
    late = column("late", AnswerKind.CONFORMITY, calculate="if(${secs} > ${limit}, 'fail', 'pass')")
    table = column("t", AnswerKind.TABLE, items=(column("secs", AnswerKind.INTEGER), late))
    desk = Desk(tmp_path, form_of(column("limit", AnswerKind.INTEGER), table))
    desk.answer("t", "+3")
    desk.fill(secs_at_1="50", secs_at_2="70", secs_at_3="90")
    desk.answer("limit", "60")
    assert {f.item for f in desk.kept().inspection.findings} == {"late@2", "late@3"}
    desk.answer("t", "1 2")
    assert desk.draft.marks() == "pg"
    desk.answer("limit", "80")
    assert desk.draft.marks() == "pp"


def test_what_is_calculated_or_read_only_takes_no_answer(tmp_path: Path) -> None:
    desk = Desk(tmp_path, form_of(*NUMBERS, TOTAL, column("r", AnswerKind.TEXT, read_only=True, default="x")))
    for address in ("total", "r"):
        assert refused(desk, address, "3").facts["reason"] == "not_asked"


def test_what_cannot_be_calculated_does_not_stop_finalising(tmp_path: Path) -> None:
    share = replace(TOTAL, calculate="${a} div ${b}")
    desk = Desk(tmp_path, form_of(*NUMBERS, share))
    desk.fill(a="4", b="0")
    assert gaps(desk.draft.form, desk.draft.inspection, desk.draft.reckoned) == ()


def test_the_day_of_the_inspection_is_reckoned_with(tmp_path: Path) -> None:
    form = form_of(
        column("c", AnswerKind.CONFORMITY, calculate="if(${inspection.date} > '2026-11-24', 'fail', 'pass')")
    )
    desk = Desk(tmp_path, form)
    assert desk.draft.marks() == "p"
    on = desk.draft.inspection.inspected_on + timedelta(days=1)
    desk.draft = inspect.set_head(desk.store, desk.clock, desk.draft, inspected_on=on)
    assert desk.kept().marks() == "g"


# what is calculated once


def triggered(**changes: object) -> tuple[Item, ...]:
    then = column("then", AnswerKind.CONFORMITY, calculate="if(${a} > 3, 'fail', 'pass')", trigger="a")
    return *NUMBERS, replace(then, **changes)  # type: ignore[arg-type]


def test_a_trigger_calculates_once_and_the_answer_may_be_changed(tmp_path: Path) -> None:
    desk = Desk(tmp_path, form_of(*triggered()))
    desk.answer("b", "9")
    assert desk.value("then") is None
    desk.answer("a", "5")
    assert desk.value("then") == "fail"
    assert [f.item for f in desk.kept().inspection.findings] == ["then"]
    desk.answer("then", "pass", note="复核过")
    desk.answer("b", "1")
    assert desk.value("then") == "pass"
    desk.answer("a", "6")
    assert (desk.value("then"), desk.answers()[ItemId("then")].note) == ("fail", "复核过")


def test_undo_takes_back_what_was_triggered(tmp_path: Path) -> None:
    desk = Desk(tmp_path, form_of(*triggered()))
    start = desk.draft
    first = desk.answer("a", "1")
    second = desk.answer("a", "5")
    desk.undo("a", first)
    assert (desk.values(), desk.kept().inspection.findings) == ({"a": "1", "then": "pass"}, ())
    desk.undo("a", start)
    assert desk.values() == {}
    desk.undo("a", second)
    assert desk.values() == {"a": "5", "then": "fail"}
    assert desk.kept().inspection == second.inspection


def test_clearing_a_trigger_calculates_too(tmp_path: Path) -> None:
    desk = Desk(tmp_path, form_of(*triggered(calculate="if(${a} > 3, 'fail', '')")))
    desk.answer("a", "5")
    desk.clear("a")
    assert desk.values() == {}


def test_a_trigger_in_a_row_calculates_in_its_row_and_around_it(tmp_path: Path) -> None:
    cells = (
        column("k", AnswerKind.INTEGER),
        column("twice", AnswerKind.INTEGER, calculate="${k} * 2", trigger="k"),
    )
    other = column(
        "u", AnswerKind.TABLE, items=(column("v", AnswerKind.INTEGER, calculate="count(${k})", trigger="k"),)
    )
    last = column("sum", AnswerKind.INTEGER, calculate="sum(${k})", trigger="k")
    desk = Desk(tmp_path, form_of(column("t", AnswerKind.TABLE, items=cells), other, last))
    desk.answer("t", "+2")
    desk.answer("u", "+2")
    desk.answer("k@2", "4")
    assert {a: v for a, v in desk.values().items() if a not in ("t", "u")} == {
        "k@2": "4", "twice@2": "8", "sum": "4", "v@1": "2", "v@2": "2",
    }  # fmt: skip


def test_a_trigger_in_a_row_leaves_the_other_rows_alone(tmp_path: Path) -> None:
    cells = (
        column("k", AnswerKind.INTEGER),
        column("times", AnswerKind.INTEGER, calculate="${k} * ${factor}", trigger="k"),
    )
    form = form_of(column("factor", AnswerKind.INTEGER), column("t", AnswerKind.TABLE, items=cells))
    desk = Desk(tmp_path, form)
    desk.answer("t", "+2")
    desk.fill(factor="2", k_at_1="1", k_at_2="1")
    before = desk.answer("factor", "3")
    desk.answer("k@2", "4")
    assert (desk.value("times@1"), desk.value("times@2")) == ("2", "12")
    desk.undo("k@2", before)
    assert (desk.value("times@1"), desk.value("times@2")) == ("2", "2")


# what is refused


@pytest.fixture
def drill(tmp_path: Path) -> Desk:
    return Desk(tmp_path, drill_form(), school(classes=CLASSES))


def test_an_answer_against_its_rule_is_refused_and_the_old_one_stays(drill: Desk) -> None:
    drill.answer("arrived@1", "39", note="一人请假")
    problem = refused(drill, "arrived@1", "41")
    assert (problem.facts["reason"], problem.facts["rule"]) == ("constraint", "多于应到")
    assert drill.value("arrived@1") == "39"
    assert drill.answers()[ItemId("arrived@1")].note == "一人请假"


def test_an_answer_that_breaks_the_rule_of_another_is_kept_and_is_a_gap(drill: Desk) -> None:
    drill.answer("arrived@1", "39")
    drill.answer("enrolled@1", "30")
    told = [(g.item, g.kind) for g in gaps(drill.draft.form, drill.draft.inspection, drill.draft.reckoned)]
    assert ("arrived@1", "constraint") in told


def test_a_rule_that_hangs_on_readings_is_a_gap_only(tmp_path: Path) -> None:
    reading = Reading("p", Words("压力"), AnswerKind.DECIMAL)
    spec = AnswerSpec(AnswerKind.CONFORMITY, readings=(reading,))
    asked = column("x", AnswerKind.CONFORMITY, answer=spec, constraint="${x.p} > 1 or . = 'fail'")
    desk = Desk(tmp_path, form_of(asked))
    desk.answer("x", "pass")
    assert [g.kind for g in gaps(desk.draft.form, desk.draft.inspection, desk.draft.reckoned)] == ["constraint"]
    desk.answer("x", "pass", readings={"p": "2"})
    assert gaps(desk.draft.form, desk.draft.inspection, desk.draft.reckoned) == ()


def test_a_filter_decides_what_is_offered(tmp_path: Path) -> None:
    spec = AnswerSpec(AnswerKind.CHOICE, choice_list="states")
    asked = column("x", AnswerKind.CHOICE, answer=spec, choice_filter="name != ${hide}", required="")
    desk = Desk(tmp_path, form_of(column("hide", AnswerKind.TEXT), asked))
    desk.answer("x", "odd")
    desk.answer("hide", "odd")
    assert [(g.item, g.kind) for g in gaps(desk.draft.form, desk.draft.inspection, desk.draft.reckoned)] == [
        ("x", "choice")
    ]
    assert refused(desk, "x", "odd").facts["reason"] == "not_offered"
    desk.answer("x", "good")


@pytest.mark.parametrize("address", ["a@1", "a@", "t@1", "c", "c@9", "c@1.1"])
def test_an_address_without_a_place_is_named(tmp_path: Path, address: str) -> None:
    desk = Desk(tmp_path, form_of(*NUMBERS, column("t", AnswerKind.TABLE, items=(column("c", AnswerKind.TEXT),))))
    desk.answer("t", "+1")
    calls = [
        lambda: desk.answer(address, "1"),
        lambda: desk.clear(address),
        lambda: inspect.attach_photo(desk.store, desk.clock, desk.draft, address, b"x"),
        lambda: inspect.attach_file(desk.store, desk.clock, desk.wording, desk.draft, address, tmp_path),
    ]
    for call in calls:
        with pytest.raises(Problem, match="unknown-row"):
            call()


# files


def test_a_file_answers_its_item(tmp_path: Path) -> None:
    desk = Desk(tmp_path / "w", form_of(column("voice", AnswerKind.AUDIO)))
    source = tmp_path / "口令（一）.m4a"
    source.write_bytes(b"sound")
    desk.draft = inspect.attach_file(desk.store, desk.clock, desk.wording, desk.draft, "voice", source)
    sha256, _, name = (desk.value("voice") or "").partition("/")
    assert name == source.name
    assert desk.store.file_path(sha256).read_bytes() == b"sound"  # type: ignore[arg-type]


# what is found again


def found_before(store: FakeStore, number: int, at: School | None = None, **changes: object) -> str:
    row, data, (one,), _ = document(number, at=at)
    one = replace(one, id=f"{row.id}/1", **{"form": "small", "item": "A-1", **changes})  # type: ignore[arg-type]
    store.keep_document(row, data, (one,))
    return one.id


def repeats(store: FakeStore, **changes: object) -> str:
    """What the first finding of a new draft says that it repeats."""
    desk = Desk(store.folder, small_form(), store=store)
    begun = replace(desk.draft.inspection, **changes)  # type: ignore[arg-type]
    desk.draft = open_with(store, RECKON, begun, desk.draft.form)
    desk.answer("A-1", "fail")
    return desk.draft.inspection.findings[0].repeats


@pytest.fixture
def store(tmp_path: Path) -> FakeStore:
    return FakeStore(tmp_path / "repeats")


def test_a_finding_names_the_last_one_of_its_item_at_its_school(store: FakeStore) -> None:
    found_before(store, 1)
    last = found_before(store, 2)
    assert repeats(store) == last


@pytest.mark.parametrize(
    ("at", "changes"),
    [
        (other_school(), {}),
        (None, {"item": "A-2"}),
        (None, {"form": "other"}),
        (None, {"found_on": TODAY + timedelta(days=1)}),
    ],
    ids=["school", "item", "form", "later"],
)
def test_what_was_found_elsewhere_or_later_is_not_found_again(
    store: FakeStore, at: School | None, changes: dict[str, object]
) -> None:
    found_before(store, 1, at, **changes)
    assert repeats(store) == ""


def test_the_drafts_own_document_and_the_one_it_puts_right_are_not_found_again(store: FakeStore) -> None:
    other = found_before(store, 1)
    found_before(store, 2)
    desk = Desk(store.folder, small_form(), store=store)
    right = replace(desk.draft.inspection, supersedes=InspectionId("doc-000002"))
    assert open_with(store, RECKON, right, desk.draft.form).earlier[ItemId("A-1")].id == other
    own = replace(desk.draft.inspection, id=InspectionId("doc-000002"))
    assert open_with(store, RECKON, own, desk.draft.form).earlier[ItemId("A-1")].id == other


def test_every_row_names_the_same_earlier_finding(store: FakeStore) -> None:
    form = form_of(column("t", AnswerKind.TABLE, items=(column("c", AnswerKind.CONFORMITY),)), id=FormId("small"))
    earlier = found_before(store, 1, item="c")
    desk = Desk(store.folder, form, store=store)
    desk.answer("t", "+2")
    desk.fill(c_at_1="fail", c_at_2="fail")
    assert [f.repeats for f in desk.kept().inspection.findings] == [earlier, earlier]
