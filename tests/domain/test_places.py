"""Where answers stand: addresses, and every place of a form with its tables, groups and what is closed."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safetyapp.domain.address import at, item_of, rows_of
from safetyapp.domain.answer_kinds import AnswerKind
from safetyapp.domain.form import Form, ItemId
from safetyapp.domain.inspection import Inspection
from safetyapp.domain.places import Skip, paths, place_at, places, row_ids, skipped
from safetyapp.domain.reckoned import NOTHING, Reckoned
from safetyapp.domain.school import Applies, SchoolFact
from tests.domain.examples import answered, column, draft, drill_form, form_of, reckoned, school, small_form

IDS = st.from_regex(r"[A-Za-z][A-Za-z0-9_.-]{0,12}", fullmatch=True)
ROWS = st.lists(st.integers(1, 999_999).map(str), max_size=4).map(tuple)
BOARDING = (Applies(has=(SchoolFact.BOARDING,)),)


@given(IDS, ROWS)
def test_an_address_says_item_and_rows(item: str, rows: tuple[str, ...]) -> None:
    address = at(item, rows)
    assert (item_of(address), rows_of(address)) == (item, rows)


@given(st.tuples(IDS, ROWS), st.tuples(IDS, ROWS))
def test_two_places_never_share_an_address(
    one: tuple[str, tuple[str, ...]], other: tuple[str, tuple[str, ...]]
) -> None:
    assert (at(*one) == at(*other)) == (one == other)


def drill(form: Form) -> Inspection:
    """Two classes (the second came first), of which one brought two things; one exit."""
    found = draft(form)
    for address, value in {
        "classes": "2 1",
        "things@1": "1 4",
        "how-many": "1",
        "exits": "1",
        "width@1": "1.5",
    }.items():
        found = answered(found, address, value)
    return found


def test_places_stand_in_the_order_of_form_and_rows() -> None:
    form = drill_form()
    inspection = drill(form)
    found = [p.address for p in places(form, inspection, reckoned(form, inspection))]
    assert found == [
        *("classes-all", "classes"),
        *("name@2", "enrolled@2", "arrived@2", "short@2", "calm@2", "things@2"),
        *("name@1", "enrolled@1", "arrived@1", "short@1", "calm@1", "things@1"),
        *("thing@1.1", "count@1.1", "thing@1.4", "count@1.4"),
        *("how-many", "exits", "width@1", "posts", "rest", "note", "state", "everybody"),
    ]  # fmt: skip
    assert row_ids(inspection, ItemId("things@1")) == ("1", "4")
    assert row_ids(inspection, ItemId("things@2")) == ()


def test_what_a_condition_closes_is_closed_with_all_that_is_in_it() -> None:
    form = drill_form()
    inspection = answered(answered(drill(form), "classes-all", "no"), "state", "worn")
    shut = skipped(form, inspection, reckoned(form, inspection))
    assert shut == {"note": Skip.CONDITION, "state": Skip.CONDITION}
    closed = Reckoned(closed=frozenset({ItemId("classes"), ItemId("things@1")}))
    assert {a for a, why in skipped(form, inspection, closed).items() if why is Skip.CONDITION} >= {
        "classes", "name@1", "things@2", "thing@1.4",
    }  # fmt: skip
    section = Reckoned(closed=frozenset({ItemId("only")}))
    asked = [p for p in places(form, inspection, section) if p.item.answer.kind.is_asked]
    assert len(skipped(form, inspection, section)) == len(asked)


def test_what_the_school_has_not_is_skipped_with_the_reason_and_unknown_is_asked() -> None:
    form = small_form()
    inspection = draft(form)
    assert skipped(form, inspection, reckoned(form, inspection)) == {"A-4": Skip.SCHOOL, "B-2": Skip.CONDITION}
    unknown = draft(form, school=school(lacks=frozenset()))
    assert "A-4" not in skipped(form, unknown, NOTHING)
    boarding = draft(form, school=school(lacks=frozenset(), has=frozenset({SchoolFact.BOARDING})))
    assert "A-4" not in skipped(form, boarding, NOTHING)


def test_a_skipped_item_may_be_answered_all_the_same_also_in_a_group() -> None:
    one, other = column("one", AnswerKind.CONFORMITY), column("other", AnswerKind.CONFORMITY)
    form = form_of(
        column("g", AnswerKind.GROUP, applies=BOARDING, items=(one, other)), replace(one, id=ItemId("alone"))
    )
    inspection = answered(draft(form), "one", "fail")
    assert skipped(form, inspection, NOTHING) == {"other": Skip.SCHOOL}
    closed = Reckoned(closed=frozenset({ItemId("g")}))
    assert skipped(form, inspection, closed) == {"one": Skip.CONDITION, "other": Skip.CONDITION}


@pytest.mark.parametrize(
    "address",
    [
        *("name", "name@3", "name@", "name@1.1", "thing@1", "thing@1.2", "thing@2.1", "how-many@1"),
        *("nowhere", "nowhere@1", "@1", "", "name@1@1", "name@.1", "only"),
    ],
)  # fmt: skip
def test_there_is_nothing_where_no_row_is(address: str) -> None:
    form = drill_form()
    assert place_at(paths(form), ItemId(address), drill(form), NOTHING) is None


@given(
    st.fixed_dictionaries(
        {
            "classes": st.sampled_from(["", "1", "2 1", "1 2 3"]),
            "things@1": st.sampled_from(["", "1", "4 2"]),
            "things@3": st.sampled_from(["", "7"]),
            "classes-all": st.sampled_from(["yes", "no"]),
            "how-many": st.sampled_from(["0", "2"]),
        }
    ),
    st.sets(st.sampled_from(["only", "classes", "things@1", "thing@1.1", "rest", "exits", "name@2"])),
    st.booleans(),
)
def test_a_place_found_is_the_place_walked_to(answers: dict[str, str], closed: set[str], boards: bool) -> None:
    plain = drill_form()
    section = plain.sections[0]
    items = tuple(replace(i, applies=BOARDING) if i.id in ("rest", "classes", "posts") else i for i in section.items)
    form = replace(plain, sections=(replace(section, items=items),))
    has = frozenset({SchoolFact.BOARDING} if boards else ())
    inspection = draft(form, school=school(has=has, lacks=frozenset(SchoolFact) - has))
    for address, value in answers.items():
        inspection = answered(inspection, address, value)
    result = Reckoned(closed=frozenset(map(ItemId, closed)))
    known = paths(form)
    walked = list(places(form, inspection, result))
    assert [place_at(known, p.address, inspection, result) for p in walked] == walked
    assert len({p.address for p in walked}) == len(walked)
    assert set(known) == {item.id for item in form.every_item()}
