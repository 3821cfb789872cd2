"""Which unanswered items may be passed at once: none that could be major, and none that wants a look of its own."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from safetyapp.domain.answer_kinds import AnswerKind, AnswerSpec, Reading
from safetyapp.domain.form import Form, Item, ItemId, PhotoRule, Section, Severity, with_address
from safetyapp.domain.places import places
from safetyapp.domain.rest import LeftOut, rest_of
from safetyapp.domain.words import Words
from tests.domain.examples import GUIDE, answered, draft, drill_form, form_of, item, reckoned, small_form

CHOICE = AnswerSpec(AnswerKind.CONFORMITY)
ITEMS = (
    item("C-1", CHOICE),
    item("C-2", CHOICE, photo=PhotoRule.ON_FAIL),
    item("C-3", CHOICE, photo=PhotoRule.ALWAYS),
    item("C-4", CHOICE, severity=Severity.MAJOR, criterion=GUIDE),
    item("C-5", CHOICE, severity=Severity.CANDIDATE),
    item("C-6", AnswerSpec(AnswerKind.DECIMAL)),
    item("C-7", replace(CHOICE, readings=(Reading("r", Words("压力"), AnswerKind.DECIMAL),))),
    item("C-8", CHOICE, when="${C-1} = 'pass'"),
    item("C-9", AnswerSpec(AnswerKind.NOTE)),
)


def made(*items: Item) -> Form:
    plain = form_of(*items)
    two = Section("two", Words("另一类"), (item("D-1", CHOICE),))
    return with_address(replace(plain, sections=(*plain.sections, two), documents=small_form().documents))


def test_what_is_left_out_and_why() -> None:
    form = made(*ITEMS)
    inspection = draft(form)
    rest = rest_of(form, inspection, reckoned(form, inspection))
    assert rest.passing == ("C-1", "C-2", "D-1")
    assert rest.left == {
        "C-3": LeftOut.PHOTO, "C-4": LeftOut.MAJOR, "C-5": LeftOut.MAJOR, "C-6": LeftOut.VALUE, "C-7": LeftOut.VALUE,
    }  # fmt: skip
    assert rest.counts()[LeftOut.MAJOR] == 2


def test_a_section_what_was_open_and_what_could_not_be_read() -> None:
    form = made(*ITEMS)
    inspection = answered(draft(form), "C-1", "pass")
    known = reckoned(form, inspection)
    assert rest_of(form, inspection, known, "only").passing == ("C-2", "C-8")
    assert rest_of(form, inspection, known, "two").passing == ("D-1",)
    rest = rest_of(form, inspection, known, open_before=[ItemId("C-2")], unread=[ItemId("C-8")])
    assert rest.passing == ("D-1",)
    assert (rest.left[ItemId("C-2")], rest.left[ItemId("C-8")]) == (LeftOut.OPEN, LeftOut.VALUE)


def test_cells_of_a_table_and_what_is_calculated_are_no_part_of_it() -> None:
    form = drill_form()
    inspection = answered(draft(form), "classes", "1 2")
    rest = rest_of(form, inspection, reckoned(form, inspection))
    assert rest.passing == ()
    assert not any("@" in address for address in rest.left)
    assert "everybody" not in rest.left


@given(st.dictionaries(st.sampled_from([i.id for i in ITEMS if i.answer.kind is AnswerKind.CONFORMITY]),
                       st.sampled_from(("pass", "fail", "na"))))  # fmt: skip
def test_passing_the_rest_touches_only_what_is_open_and_harmless(answers: dict[ItemId, str]) -> None:
    form = made(*ITEMS)
    inspection = draft(form)
    for address, value in answers.items():
        inspection = answered(inspection, address, value)
    known = reckoned(form, inspection)
    rest = rest_of(form, inspection, known)
    asked = {
        p.address for p in places(form, inspection, known)
        if p.skip is None and p.item.answer.kind.is_asked and p.address not in answers
    }  # fmt: skip
    assert {*rest.passing, *rest.left} == asked
    assert not set(rest.passing) & set(rest.left)
    items = {i.id: i for i in form.items()}
    assert all(items[a].severity is Severity.GENERAL and items[a].photo is not PhotoRule.ALWAYS for a in rest.passing)
    for address in rest.passing:
        inspection = answered(inspection, address, "pass")
    after = rest_of(form, inspection, reckoned(form, inspection))
    assert set(after.passing) <= {"C-8"}  # only what that has opened
