"""Rows of tables: what they begin with, how they come and go; nothing answered in them is lost or shown twice."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safetyapp.domain.address import rows_of
from safetyapp.domain.answer_kinds import AnswerKind, AnswerSpec
from safetyapp.domain.form import Form, Item, ItemId, Rows, RowSource
from safetyapp.domain.inspection import Photo, PhotoLink, Sha256
from safetyapp.domain.places import row_ids
from safetyapp.domain.problem import Problem
from safetyapp.domain.school import Applies, SchoolClass, SchoolFact
from safetyapp.domain.words import Words
from safetyapp.workflow import inspect
from safetyapp.workflow.opened import Open
from tests.domain.examples import CLASSES, column, drill_form, form_of, school
from tests.workflow.desk import Desk

BOARDING = (Applies(has=(SchoolFact.BOARDING,)),)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path, drill_form(), school(classes=CLASSES))


def refused(desk: Desk, address: str, text: str) -> str:
    before = desk.kept()
    with pytest.raises(Problem) as told:
        desk.answer(address, text)
    assert desk.kept() == before
    return str(told.value.facts.get("reason", told.value.code))


# the start


def test_a_draft_begins_with_roster_fixed_rows_and_defaults(desk: Desk) -> None:
    assert desk.values() == {
        "classes": "1 2",
        "name@1": "一班",
        "enrolled@1": "40",
        "name@2": "二班",
        "enrolled@2": "38",
        "posts": "1 2",
        "post@1": "总指挥",
        "there@1": "pass",
        "post@2": "疏散引导",
        "there@2": "pass",
    }
    assert desk.store.drafts()[0].marks == desk.draft.marks() == "oooopoog"


def test_without_a_roster_the_minimum_begins(tmp_path: Path) -> None:
    desk = Desk(tmp_path, drill_form(), school())
    assert desk.value("classes") == "1"
    assert desk.value("name@1") is None


def of_roster(*columns: Item, **rows: object) -> Form:
    return form_of(column("t", AnswerKind.TABLE, rows=Rows(RowSource.ROSTER, **rows), items=columns))  # type: ignore[arg-type]


def test_what_a_column_cannot_take_is_left_to_the_person(tmp_path: Path) -> None:
    form = of_roster(column("n", AnswerKind.INTEGER, roster="name"), column("e", AnswerKind.INTEGER, roster="enrolled"))
    desk = Desk(tmp_path, form, school(classes=(SchoolClass("三班", enrolled=7), SchoolClass("12"))))
    assert desk.values() == {"t": "1 2", "e@1": "7", "n@2": "12"}


def test_columns_in_a_group_are_filled_too_and_fixed_rows_stand_first(tmp_path: Path) -> None:
    group = column("g", AnswerKind.GROUP, items=(column("n", AnswerKind.TEXT, roster="name"),))
    form = of_roster(group, column("w", AnswerKind.TEXT, roster="route"), fixed=(Words("领队"),))
    desk = Desk(tmp_path, form, school(classes=CLASSES))
    assert desk.values() == {"t": "1 2 3", "n@1": "领队", "n@2": "一班", "w@2": "东侧楼梯", "n@3": "二班"}


def test_tables_in_rows_begin_with_their_rows(tmp_path: Path) -> None:
    inner = column(
        "inner", AnswerKind.TABLE, rows=Rows(fixed=(Words("前门"), Words("后门"))),
        items=(column("door", AnswerKind.TEXT), column("open", AnswerKind.CONFORMITY, default="pass")),
    )  # fmt: skip
    desk = Desk(tmp_path, of_roster(column("n", AnswerKind.TEXT, roster="name"), inner), school(classes=CLASSES[:1]))
    one = {"door@1.1": "前门", "open@1.1": "pass", "door@1.2": "后门", "open@1.2": "pass"}
    assert desk.values() == {"t": "1", "n@1": "一班", "inner@1": "1 2", **one}
    desk.answer("t", "+1")
    two = {address.replace("@1", "@2"): value for address, value in one.items()}
    assert desk.values() == {"t": "1 2", "n@1": "一班", "inner@1": "1 2", "inner@2": "1 2", **one, **two}


def test_what_the_school_has_not_does_not_begin(tmp_path: Path) -> None:
    cell = column("c", AnswerKind.TEXT, default="x", applies=BOARDING)
    group = column("g", AnswerKind.GROUP, applies=BOARDING, items=(column("d", AnswerKind.TEXT, default="x"),))
    table = column("t", AnswerKind.TABLE, applies=BOARDING, rows=Rows(minimum=1), items=(column("e", AnswerKind.TEXT),))
    counted = replace(table, id=ItemId("u"), rows=Rows(count="2"), items=(column("f", AnswerKind.TEXT),))
    desk = Desk(tmp_path, form_of(cell, group, table, counted))
    assert desk.values() == {}
    assert desk.draft.marks() == "nnnn"
    everything = Desk(
        tmp_path / "b", form_of(cell, group, table, counted), school(has=frozenset(SchoolFact), lacks=frozenset())
    )
    assert everything.values() == {"c": "x", "d": "x", "t": "1", "u": "1 2"}


def test_a_default_may_follow_from_another_default_and_from_the_roster(tmp_path: Path) -> None:
    form = form_of(
        column("b", AnswerKind.INTEGER, default="${a} + 1"),
        column("c", AnswerKind.TEXT, default="if(${b} = 8, 'eight', 'none')"),
        column("a", AnswerKind.INTEGER, default="7"),
        column("s", AnswerKind.INTEGER, default="${school.students}"),
    )
    desk = Desk(tmp_path, form, school(students=900))
    assert desk.values() == {"a": "7", "b": "8", "c": "eight", "s": "900"}


def test_a_default_is_only_where_one_starts(desk: Desk) -> None:
    desk.clear("there@1")
    desk.answer("there@2", "fail")
    assert desk.value("there@1") is None


# rows by hand


def test_rows_are_added_at_the_end_with_ids_of_their_own(desk: Desk) -> None:
    desk.answer("classes", "+1")
    assert desk.value("classes") == "1 2 3"
    desk.answer("classes", "+2")
    assert desk.value("classes") == "1 2 3 4 5"
    assert refused(desk, "classes", "+4") == "too-many-rows"
    assert refused(desk, "classes", "1 2 3 4 5 6 7 8 9") == "too-many-rows"


def test_a_new_row_has_its_defaults_and_old_rows_are_left_alone(desk: Desk) -> None:
    desk.answer("things@1", "+1")
    assert desk.value("count@1.1") == "1"
    desk.clear("count@1.1")
    desk.answer("things@1", "+1")
    assert (desk.value("count@1.1"), desk.value("count@1.2")) == (None, "1")
    desk.answer("things@2", "+1")
    assert (desk.value("count@1.1"), desk.value("count@2.1")) == (None, "1")


def test_a_row_that_comes_back_is_as_it_was_left(desk: Desk) -> None:
    desk.answer("things@1", "+1")
    desk.answer("thing@1.1", "喇叭")
    desk.clear("count@1.1")
    desk.answer("things@1", "-1")
    desk.answer("things@1", "1 7")
    assert (desk.value("thing@1.1"), desk.value("count@1.1"), desk.value("count@1.7")) == ("喇叭", None, "1")


def test_what_was_answered_in_a_row_that_is_gone_never_shows_in_a_new_one(desk: Desk) -> None:
    desk.fill(arrived_at_2="38")
    before = desk.draft
    desk.answer("classes", "-2")
    assert desk.value("classes") == "1"
    assert desk.draft.find(ItemId("arrived@2")) is None
    assert refused(desk, "arrived@2", "5") == "unknown-row"
    desk.answer("classes", "+1")
    assert desk.value("classes") == "1 3"
    assert desk.value("arrived@3") is None
    desk.undo("classes", before)
    assert desk.value("classes") == "1 2"
    assert desk.value("arrived@2") == "38"


def test_a_row_with_only_a_finding_or_a_photo_is_used_as_well(desk: Desk) -> None:
    desk.answer("classes", "+2")
    photo = Photo(Sha256("a" * 64), Sha256("b" * 64), 4, 3, 9, "image/jpeg")
    link = PhotoLink(ItemId("things@4"), photo, 0)
    desk.draft = inspect.arrange_photos(desk.store, desk.clock, desk.draft, link.item, (link,))
    desk.answer("calm@3", "fail")
    desk.clear("calm@3")
    desk.answer("classes", "1 2")
    desk.answer("classes", "+1")
    assert desk.value("classes") == "1 2 5"


def test_rows_are_put_in_another_order_and_keep_their_answers(desk: Desk) -> None:
    desk.fill(arrived_at_1="39", arrived_at_2="38")
    desk.answer("classes", "2 1")
    assert desk.value("classes") == "2 1"
    assert (desk.value("arrived@1"), desk.value("arrived@2")) == ("39", "38")
    desk.answer("classes", "2")
    desk.answer("classes", "1 2")
    assert (desk.value("arrived@1"), desk.value("arrived@2")) == ("39", "38")


@pytest.mark.parametrize("text", ["-3", "two", "1 -2", "0", "+", "1.5"])
def test_what_names_no_rows_is_refused(desk: Desk, text: str) -> None:
    assert refused(desk, "classes", text) == "not_a_row"


def test_ids_come_to_an_end_and_begin_anew_in_the_gaps(desk: Desk) -> None:
    desk.answer("classes", "1 999999")
    desk.answer("classes", "+1")
    assert desk.value("classes") == "1 999999 3"  # 2 was a class before, with its name
    desk.answer("classes", "-999999")
    assert desk.value("classes") == "1 3"


def test_rows_that_the_form_sets_cannot_be_changed_by_hand(desk: Desk) -> None:
    assert refused(desk, "posts", "+1") == "fixed-rows"
    assert refused(desk, "exits", "1 2") == "fixed-rows"
    with pytest.raises(Problem, match="fixed-rows"):
        desk.clear("posts")


def test_clearing_a_table_takes_its_rows(desk: Desk) -> None:
    desk.clear("classes")
    assert desk.value("classes") == ""
    assert desk.value("name@1") == "一班"


# rows that are counted


def test_counted_rows_grow_shrink_and_come_back(desk: Desk) -> None:
    desk.answer("how-many", "3")
    assert desk.value("exits") == "1 2 3"
    desk.fill(width_at_1="1.5", width_at_3="1.2")
    desk.answer("how-many", "1")
    assert desk.value("exits") == "1"
    assert desk.value("width@3") == "1.2"
    desk.answer("how-many", "3")
    assert desk.value("exits") == "1 2 3"
    assert desk.draft.find(ItemId("width@3")) is not None
    desk.clear("how-many")
    assert desk.value("exits") == ""
    desk.answer("how-many", "2")
    assert (desk.value("exits"), desk.value("width@1")) == ("1 2", "1.5")


def test_undo_of_a_count_brings_rows_and_answers_back(desk: Desk) -> None:
    desk.answer("how-many", "3")
    desk.answer("width@3", "1.2")
    before = desk.draft
    desk.answer("how-many", "1")
    after = desk.draft
    desk.undo("how-many", before)
    assert (desk.value("how-many"), desk.value("exits"), desk.value("width@3")) == ("3", "1 2 3", "1.2")
    desk.undo("how-many", after)
    assert (desk.value("how-many"), desk.value("exits")) == ("1", "1")


def test_a_count_that_hangs_on_a_counted_table(tmp_path: Path) -> None:
    inner = column("b", AnswerKind.TABLE, rows=Rows(count="count(${a}) * 2"), items=(column("y", AnswerKind.TEXT),))
    form = form_of(
        inner,
        column("n", AnswerKind.INTEGER),
        column("a", AnswerKind.TABLE, rows=Rows(count="${n}"), items=(column("x", AnswerKind.TEXT, default="1"),)),
    )
    desk = Desk(tmp_path, form)
    desk.answer("n", "2")
    assert (desk.value("a"), desk.value("b"), desk.value("x@2")) == ("1 2", "1 2 3 4", "1")
    desk.answer("n", "1")
    assert (desk.value("a"), desk.value("b")) == ("1", "1 2")


def test_a_count_of_rows_added_by_hand(tmp_path: Path) -> None:
    form = form_of(
        column("t", AnswerKind.TABLE, items=(column("x", AnswerKind.TEXT),)),
        column("u", AnswerKind.TABLE, rows=Rows(count="count(${t})"), items=(column("y", AnswerKind.TEXT),)),
    )
    desk = Desk(tmp_path, form)
    desk.answer("t", "+3")
    assert desk.value("u") == "1 2 3"
    desk.answer("t", "-2")
    assert desk.value("u") == "1 2"


def test_a_count_in_a_row_counts_for_that_row(tmp_path: Path) -> None:
    inner = column("in", AnswerKind.TABLE, rows=Rows(count="${n}"), items=(column("x", AnswerKind.TEXT, default="k"),))
    table = column(
        "t", AnswerKind.TABLE, rows=Rows(minimum=2), items=(column("n", AnswerKind.INTEGER, default="1"), inner)
    )
    desk = Desk(tmp_path, form_of(table))
    assert (desk.value("in@1"), desk.value("in@2")) == ("1", "1")
    desk.answer("n@2", "2")
    assert (desk.value("in@1"), desk.value("in@2"), desk.value("x@2.2")) == ("1", "1 2", "k")


def test_no_count_makes_more_rows_than_a_table_may_have(tmp_path: Path) -> None:
    cell = column("x", AnswerKind.TEXT, answer=AnswerSpec(AnswerKind.TEXT), required="")
    form = form_of(
        column("n", AnswerKind.INTEGER), column("t", AnswerKind.TABLE, rows=Rows(count="${n}"), items=(cell,))
    )
    desk = Desk(tmp_path, form)
    desk.answer("n", "70000")
    assert len((desk.value("t") or "").split()) == 5000


ROWS = st.tuples(
    st.sampled_from(["classes", "things@1", "things@3"]),
    st.sampled_from(["+1", "+2", "-1", "-2", "-3", "2 1", "1"]),
)
CELLS = st.tuples(
    st.sampled_from(["arrived@1", "arrived@2", "arrived@3", "count@1.1", "how-many"]), st.sampled_from(["1", "2", "3"])
)
STEPS = st.lists(st.one_of(ROWS, CELLS, st.just(("undo", ""))), max_size=14)


@given(STEPS)
def test_whatever_is_done_undo_comes_back_to_it_and_no_id_is_used_twice(steps: list[tuple[str, str]]) -> None:
    with TemporaryDirectory() as folder:
        desk = Desk(Path(folder), drill_form(), school(classes=CLASSES))
        done: list[tuple[str, Open]] = []
        standing: dict[str, str] = {}  # what was answered by hand, wherever it is now
        for address, text in steps:
            before = desk.draft
            if address == "undo":
                if done:
                    item, former = done.pop()
                    desk.undo(item, former)
                    assert shown(desk.draft) == shown(former)
                    standing = {a: v for a, v in desk.values().items() if a in standing}
                continue
            try:
                desk.answer(address, text)
            except Problem:
                assert desk.draft is before
                continue
            done.append((address, before))
            if "@" in address and not address.startswith("things"):
                standing[address] = text
            assert standing.items() <= desk.values().items()
            if text.startswith("+"):
                table = ItemId(address)
                new = set(row_ids(desk.draft.inspection, table)) - set(row_ids(before.inspection, table))
                inside = [rows_of(a)[len(rows_of(table))] for a in standing if len(rows_of(a)) > len(rows_of(table))]
                assert address != "classes" or not new & set(inside)
        desk.kept()


def shown(draft: Open) -> dict[str, str]:
    """What a person sees: what stands in rows that are gone is not seen."""
    return {a: answer.value for a, answer in draft.inspection.answers.items() if draft.find(a) is not None}
