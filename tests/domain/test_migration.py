"""A draft under another version of its form: what is carried, what is worth a second look, what has no place."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safetyapp.domain.answer_kinds import (
    AnswerKind,
    AnswerSpec,
    Choice,
    ChoiceList,
    LimitCase,
    Limits,
    Outcome,
    Reading,
)
from safetyapp.domain.form import Form, Item, ItemId, Severity
from safetyapp.domain.inspection import Finding, Inspection, Photo, PhotoLink, Sha256
from safetyapp.domain.migration import Dropped, DropReason, Migration, migrate
from safetyapp.domain.words import Words
from tests.domain.examples import STATES, TODAY, answered, column, draft, form_of, read

PHOTO = Photo(Sha256("a" * 64), Sha256("b" * 64), 4, 3, 9, "image/jpeg")


def moved(
    old: Item, new: Item | None, value: str, at: str = "x", lists: tuple[ChoiceList, ...] = (STATES,), **more: object
) -> Migration:
    was = form_of(old)
    now = form_of(*([new] if new else []), version="2", choices=lists)
    return migrate(answered(draft(was), at, value, **more), was, now)


def of(kind: AnswerKind, **spec: object) -> Item:
    choice_list = "states" if kind.is_choice else ""
    return column("x", kind, answer=AnswerSpec(kind, choice_list=choice_list, **spec))  # type: ignore[arg-type]


def test_an_answer_is_carried_with_its_version() -> None:
    old = of(AnswerKind.CONFORMITY)
    done = moved(old, old, "fail", note="东门")
    assert (done.carried, done.reworded, done.dropped, done.asked) == (("x",), (), (), ())
    assert done.inspection.answers[ItemId("x")].note == "东门"
    assert done.inspection.form.version == "2"


@pytest.mark.parametrize(
    "new",
    [
        replace(of(AnswerKind.DECIMAL), question=Words("改了问法")),
        of(AnswerKind.DECIMAL, limits=Limits(maximum=Decimal(3))),
        of(AnswerKind.DECIMAL, unit=Words("厘米")),
    ],
)
def test_what_is_asked_otherwise_is_carried_and_named(new: Item) -> None:
    done = moved(of(AnswerKind.DECIMAL), new, "5")
    assert (done.carried, done.reworded, done.dropped) == (("x",), ("x",), ())


def test_a_list_whose_words_differ_is_worth_a_second_look() -> None:
    other = ChoiceList("states", (Choice("good", Words("很好")), *STATES.choices[1:]))
    done = moved(of(AnswerKind.CHOICE), of(AnswerKind.CHOICE), "good", lists=(other,))
    assert (done.carried, done.reworded) == (("x",), ("x",))


@pytest.mark.parametrize(
    ("old", "new", "value", "reason"),
    [
        (of(AnswerKind.TEXT), None, "写过", DropReason.GONE),
        (of(AnswerKind.TEXT), of(AnswerKind.INTEGER), "3", DropReason.KIND),
        (of(AnswerKind.CHOICE), of(AnswerKind.CHOICES), "good", DropReason.KIND),
        (of(AnswerKind.SCORE, limits=Limits(maximum=Decimal(10))),
         of(AnswerKind.SCORE, limits=Limits(maximum=Decimal(5))), "8", DropReason.CHOICE),
        (of(AnswerKind.CHOICE, other=True), of(AnswerKind.CHOICE), "other", DropReason.CHOICE),
    ],
)  # fmt: skip
def test_what_has_no_place_is_dropped_with_its_reason(
    old: Item, new: Item | None, value: str, reason: DropReason
) -> None:
    done = moved(old, new, value)
    assert done.dropped == (Dropped(ItemId("x"), value, reason, "x"),)
    assert (done.carried, dict(done.inspection.answers)) == ((), {})


@pytest.mark.parametrize(
    ("kind", "value"),
    [(AnswerKind.CHOICE, "worn"), (AnswerKind.CHOICES, "good worn"), (AnswerKind.RANK, "odd none worn good")],
)
def test_what_is_not_offered_any_more_is_dropped(kind: AnswerKind, value: str) -> None:
    shorter = ChoiceList("states", (STATES.choices[0], *STATES.choices[2:]))
    assert [d.reason for d in moved(of(kind), of(kind), value, lists=(shorter,)).dropped] == [DropReason.CHOICE]
    assert moved(of(kind), of(kind), value).dropped == ()


def test_choices_are_spelled_in_the_order_of_the_new_list() -> None:
    turned = ChoiceList("states", STATES.choices[::-1])
    done = moved(of(AnswerKind.CHOICES), of(AnswerKind.CHOICES), "good worn", lists=(turned,))
    assert done.inspection.answers[ItemId("x")].value == "worn good"


def test_a_value_that_a_rule_forbids_now_is_carried() -> None:
    done = moved(of(AnswerKind.DECIMAL, signed=True), of(AnswerKind.DECIMAL), "-3")
    assert (done.carried, done.reworded) == (("x",), ("x",))


def test_cases_and_readings_stay_only_where_they_mean_the_same() -> None:
    def asked(case: str, *readings: Reading) -> Item:
        return of(AnswerKind.DECIMAL, cases=(LimitCase(case, Words(case), Limits()),), readings=readings)

    one, two = (Reading(n, Words(n), AnswerKind.DECIMAL) for n in ("one", "two"))
    old = asked("a", one, two)
    given: dict[str, Any] = {"case": "a", "readings": (read("one", "1"), read("two", "2"))}
    same = moved(old, old, "3", **given).inspection.answers[ItemId("x")]
    assert (same.case, same.readings) == ("a", given["readings"])
    other = moved(old, asked("b", replace(one, kind=AnswerKind.TEXT), two), "3", **given)
    assert other.inspection.answers[ItemId("x")].case == ""
    assert other.inspection.answers[ItemId("x")].readings == (read("two", "2"),)
    assert other.reworded == ("x",)


def table(table_id: str, *items: Item) -> Item:
    return column(table_id, AnswerKind.TABLE, items=items)


def test_what_moves_into_or_out_of_a_table_is_dropped_and_groups_do_not_matter() -> None:
    x = of(AnswerKind.CONFORMITY)
    assert [d.reason for d in moved(x, table("t", x), "fail").dropped] == [DropReason.MOVED]
    assert [d.reason for d in moved(table("t", x), x, "fail", at="x@1").dropped] == [DropReason.MOVED]
    assert [d.reason for d in moved(table("t", x), table("u", x), "fail", at="x@1").dropped] == [DropReason.MOVED]
    assert [d.reason for d in moved(table("t", x), table("u", table("t", x)), "fail", at="x@1").dropped] == [
        DropReason.MOVED
    ]
    for old, new in ((x, column("g", AnswerKind.GROUP, items=(x,))), (column("g", AnswerKind.GROUP, items=(x,)), x)):
        assert moved(old, new, "fail").carried == ("x",)
    assert moved(table("t", x), column("g", AnswerKind.GROUP, items=(table("t", x),)), "fail", at="x@1").carried == (
        "x@1",
    )


def test_what_is_newly_asked_is_named() -> None:
    new = form_of(
        of(AnswerKind.TEXT), table("t", column("c", AnswerKind.TEXT)), column("n", AnswerKind.NOTE), version="2"
    )
    old = form_of(of(AnswerKind.TEXT))
    assert migrate(draft(old), old, new).asked == ("t", "c")


def everything() -> tuple[Form, Inspection]:
    """Every place with an answer, a finding, a photo, in all mixtures."""
    cells = [column(f"c{n}", AnswerKind.CONFORMITY) for n in range(3)]
    plain = [column(f"p{n}", AnswerKind.CONFORMITY) for n in range(4)]
    form = form_of(*plain, table("t", *cells))
    inspection = answered(draft(form), "t", "1 2")
    photos = []
    for n, address in enumerate(["p0", "p1", "p2", "p3", "c0@1", "c1@1", "c2@2", "c0@9"]):
        where = ItemId(address)
        if n % 2 == 0:
            inspection = answered(inspection, address, "fail")
        if n % 3 != 1:
            inspection = inspection.with_finding(Finding(where, 1, address, Severity.GENERAL, "", TODAY))
        if n % 4 >= 1:
            photos.append(PhotoLink(where, PHOTO, 0))
    return form, replace(inspection, photos=tuple(photos))


@given(st.data())
def test_nothing_is_lost_unnamed(data: st.DataObject) -> None:
    """Whatever the new version looks like: all that stood somewhere is carried or named as dropped, never both."""
    old, inspection = everything()
    kinds = st.sampled_from([AnswerKind.CONFORMITY, AnswerKind.TEXT, None])
    top: list[Item] = []
    inside: list[Item] = []
    for item_id in ("p0", "p1", "p2", "p3", "c0", "c1", "c2", "new"):
        kind = data.draw(kinds)
        if kind is not None:
            data.draw(st.sampled_from([top, inside])).append(column(item_id, kind))
    new = form_of(*top, *([table("t", *inside)] if data.draw(st.booleans()) else inside), version="2")
    done = migrate(inspection, old, new)
    standing = {*inspection.answers, *(f.item for f in inspection.findings), *(p.item for p in inspection.photos)}
    after = done.inspection
    alive = {*after.answers, *(f.item for f in after.findings), *(p.item for p in after.photos)}
    dropped = {d.address for d in done.dropped}
    assert alive | dropped == standing
    assert alive & dropped == set()
    assert len(dropped) == len(done.dropped)
    assert set(done.carried) == set(after.answers)
    for address in alive:
        assert after.findings_of(address) == inspection.findings_of(address)
        assert after.photos_of(address) == inspection.photos_of(address)
    again = migrate(after, new, new)
    assert (again.dropped, again.reworded, again.asked) == ((), (), ())
    assert again.inspection == after
    assert Outcome.FAIL.value in {a.value for a in inspection.answers.values()}
