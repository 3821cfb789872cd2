"""A class roster against the classes that are kept: what is added, what changes, and what stays."""

from __future__ import annotations

from pathlib import Path

import pytest

from safetyapp.domain.problem import Problem
from safetyapp.domain.school import School, SchoolClass, SchoolId
from safetyapp.workflow.roster import RosterChange, import_roster
from tests.fakes.store import FakeStore

ID = SchoolId("1101")
FIRST = SchoolClass("一（1）班", "教学楼1层101", 40, "张示例", "东楼梯")
SECOND = SchoolClass("一（2）班", "教学楼1层102", 41, "李示例", "东楼梯")


@pytest.fixture
def store(tmp_path: Path) -> FakeStore:
    store = FakeStore(tmp_path)
    store.save_schools([School(ID, "甲子小学", classes=(FIRST, SECOND)), School(SchoolId("1102"), "乙丑中学")])
    return store


def classes(store: FakeStore, school: SchoolId = ID) -> tuple[SchoolClass, ...]:
    kept = store.school(school)
    assert kept is not None
    return kept.classes


def test_added_updated_unchanged(store: FakeStore) -> None:
    third = SchoolClass("二（1）班", enrolled=38)
    moved = SchoolClass("一(2)班", "综合楼2层", 42)
    change = import_roster(store, ID, [third, FIRST, moved])
    merged = SchoolClass("一(2)班", "综合楼2层", 42, "李示例", "东楼梯")  # what the roster does not know is kept
    assert change == RosterChange((third,), (merged,), (FIRST,), ())
    assert classes(store) == (third, FIRST, merged)
    assert classes(store, SchoolId("1102")) == ()


def test_the_same_again_changes_nothing(store: FakeStore) -> None:
    assert import_roster(store, ID, [FIRST, SECOND]) == RosterChange((), (), (FIRST, SECOND), ())
    assert classes(store) == (FIRST, SECOND)


def test_a_class_that_it_does_not_name_stays_unless_it_is_whole(store: FakeStore) -> None:
    assert import_roster(store, ID, [SECOND]).others == (FIRST,)
    assert classes(store) == (SECOND, FIRST)
    assert import_roster(store, ID, [SECOND], whole=True).others == (FIRST,)
    assert classes(store) == (SECOND,)


def test_a_dry_run_says_the_same_and_keeps_nothing(store: FakeStore) -> None:
    third = SchoolClass("二（1）班")
    assert import_roster(store, ID, [third], whole=True, dry_run=True) == RosterChange(
        (third,), (), (), (FIRST, SECOND)
    )
    assert classes(store) == (FIRST, SECOND)


def test_an_unknown_school(store: FakeStore) -> None:
    with pytest.raises(Problem) as caught:
        import_roster(store, SchoolId("9"), [FIRST])
    assert caught.value.code == "unknown-school"
