"""Moving a draft to another version of its form: shown first, then done in one step, and what is dropped is kept."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from safetyapp.domain.answer_kinds import AnswerKind
from safetyapp.domain.form import Form, FormId, Item, ItemId, Rows, with_address
from safetyapp.domain.migration import DropReason
from safetyapp.domain.problem import Problem
from safetyapp.domain.words import Words
from safetyapp.store.store import SqliteStore
from safetyapp.workflow import inspect, migrate
from tests.domain.examples import CLASSES, column, drill_form, form_of, school
from tests.store.examples import small_photo
from tests.workflow.desk import Desk


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    with SqliteStore.open(tmp_path) as opened:
        yield opened


@pytest.fixture
def desk(store: SqliteStore) -> Desk:
    return Desk(store.folder, drill_form(), school(classes=CLASSES), store)


def changed(form: Form, *added: Item, **items: Item | None) -> Form:
    """Another version: some items other or gone (`_` stands for a dash), some added at the end."""
    new = {name.replace("_", "-"): item for name, item in items.items()}
    (section,) = form.sections
    kept = [new.get(item.id, item) for item in section.items]
    every = (*(item for item in kept if item is not None), *added)
    return with_address(replace(form, version="2", sections=(replace(section, items=every),)))


def move(desk: Desk, new: Form) -> migrate.Moved:
    moved = migrate.move(desk.store, desk.clock, desk.draft, new)
    desk.draft = moved.draft
    return moved


def test_a_preview_changes_nothing_and_says_what_moving_does(desk: Desk) -> None:
    desk.fill(arrived_at_1="39", how_many="1")
    before = desk.kept()
    new = changed(desk.draft.form, column("more", AnswerKind.TEXT), how_many=None)
    shown = migrate.preview(desk.draft, new)
    assert desk.kept() == before
    moved = move(desk, new)
    assert moved.migration == shown
    assert [(d.address, d.reason) for d in shown.dropped] == [("how-many", DropReason.GONE)]
    assert shown.asked == ("more",)
    assert desk.kept().form == new
    assert desk.value("arrived@1") == "39"


def test_only_a_version_of_the_same_form_will_do(desk: Desk) -> None:
    other = replace(drill_form(), id=FormId("other"))
    for call in (lambda: migrate.preview(desk.draft, other), lambda: move(desk, other)):
        with pytest.raises(Problem, match="other-form"):
            call()


def test_all_that_is_dropped_is_in_the_history(desk: Desk, store: SqliteStore) -> None:
    desk.fill(calm_at_1="fail", arrived_at_1="39", state="good", note="雨天")
    desk.draft = inspect.attach_photo(store, desk.clock, desk.draft, "calm@1", small_photo())
    form = desk.draft.form
    classes = form.item("classes")
    assert classes is not None
    fewer = replace(classes, items=tuple(i for i in classes.items if i.id not in ("calm", "arrived", "short")))
    moved = move(desk, changed(form, classes=fewer, rest=None, everybody=None))
    assert {(d.address, d.value) for d in moved.migration.dropped} == {
        ("calm@1", "fail"), ("arrived@1", "39"), ("state", "good"), ("note", "雨天"), ("everybody", ""),
    }  # fmt: skip
    told = {(former.item, former.what) for former in store.history(desk.draft.inspection.id)}
    assert told >= {
        ("calm@1", "answer"), ("calm@1", "finding"), ("calm@1", "photos"), ("arrived@1", "answer"),
        ("state", "answer"), ("note", "answer"), ("everybody", "finding"), ("", "form"),
    }  # fmt: skip
    former = next(f for f in store.history(desk.draft.inspection.id) if (f.item, f.what) == ("calm@1", "answer"))
    assert '"value":"fail"' in former.value


def test_what_is_newly_asked_begins_as_in_a_new_draft(desk: Desk) -> None:
    desk.clear("there@2")
    row = column("r", AnswerKind.TEXT)
    table = column("list", AnswerKind.TABLE, rows=Rows(fixed=(Words("甲"), Words("乙"))), items=(row,))
    counted = column(
        "counted", AnswerKind.TABLE, rows=Rows(count="2"), items=(column("s", AnswerKind.TEXT, default="k"),)
    )
    move(desk, changed(desk.draft.form, column("new", AnswerKind.TEXT, default="开始"), table, counted))
    assert (desk.value("new"), desk.value("list"), desk.value("r@2"), desk.value("s@2")) == ("开始", "1 2", "乙", "k")
    assert desk.value("there@2") is None  # what somebody took away does not come back


def test_a_fixed_row_that_is_new_is_added(desk: Desk) -> None:
    posts = desk.draft.form.item("posts")
    assert posts is not None
    fixed = (Words("总指挥"), Words("救护"), Words("疏散引导"))
    desk.answer("there@2", "fail")
    move(desk, changed(desk.draft.form, posts=replace(posts, rows=Rows(fixed=fixed))))
    assert (desk.value("posts"), desk.value("post@3"), desk.value("there@3")) == ("1 2 3", "救护", "pass")
    assert desk.value("there@2") == "fail"


def test_counts_follow_the_new_version(desk: Desk) -> None:
    desk.answer("how-many", "2")
    exits = desk.draft.form.item("exits")
    assert exits is not None
    move(desk, changed(desk.draft.form, exits=replace(exits, rows=Rows(count="${how-many} + 1"))))
    assert desk.value("exits") == "1 2 3"


def test_moving_back_and_forth_loses_only_what_was_named(desk: Desk) -> None:
    desk.fill(arrived_at_1="39", how_many="1", width_at_1="1.5")
    old, values = desk.draft.form, desk.values()
    moved = move(desk, changed(old, how_many=None, exits=None))
    gone = {d.address for d in moved.migration.dropped}
    assert gone == {"how-many", "exits", "width@1"}
    move(desk, old)
    assert desk.values() == {a: v for a, v in values.items() if a not in gone}


def test_a_table_that_is_a_table_no_more(store: SqliteStore) -> None:
    cell = column("c", AnswerKind.CONFORMITY)
    old = form_of(column("t", AnswerKind.TABLE, items=(cell,)))
    desk = Desk(store.folder, old, store=store)
    desk.answer("t", "+1")
    desk.answer("c@1", "fail")
    moved = move(desk, with_address(replace(form_of(cell), version="2")))
    assert {(d.address, d.reason) for d in moved.migration.dropped} == {
        ("t", DropReason.GONE), ("c@1", DropReason.MOVED),
    }  # fmt: skip
    assert (desk.values(), desk.draft.marks()) == ({}, "o")
    assert desk.draft.inspection.findings_of(ItemId("c@1")) == ()
