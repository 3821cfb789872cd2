"""The mosaic as letters, and that keeping it up to date comes to the same as working it out anew."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from safetyapp.domain.answer_kinds import AnswerKind
from safetyapp.domain.form import Form, ItemId, Severity
from safetyapp.domain.inspection import Finding, Inspection
from safetyapp.domain.marks import Mosaic, State
from safetyapp.domain.places import paths
from safetyapp.domain.school import Applies, SchoolFact
from tests.domain.examples import RECKON, TODAY, answered, column, draft, drill_form, form_of, reckoned, small_form


def letters(form: Form, inspection: Inspection) -> str:
    return Mosaic(form, paths(form)).marks(State(inspection, reckoned(form, inspection))).letters


def finding(address: str, severity: Severity) -> Finding:
    return Finding(ItemId(address), 1, "不行", severity, "", TODAY)


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ({}, "ooonon"),
        ({"A-1": "pass", "A-2": "0.5", "A-3": "na", "A-4": "pass"}, "pgnpon"),
        ({"B-1": "fail"}, "ooongo"),
    ],
)
def test_letters(answers: dict[str, str], expected: str) -> None:
    form = small_form()
    inspection = draft(form)
    for address, value in answers.items():
        inspection = answered(inspection, address, value)
    assert letters(form, inspection) == expected


def test_a_major_finding_counts_only_while_its_item_fails() -> None:
    form = small_form()
    inspection = answered(draft(form), "B-1", "fail").with_finding(finding("B-1", Severity.MAJOR))
    assert letters(form, inspection) == "ooonMo"
    assert letters(form, answered(inspection, "B-1", "pass")) == "ooonpn"


@pytest.mark.parametrize(
    ("answers", "major", "letter"),
    [
        ({}, None, "o"),
        ({"t": ""}, None, "o"),
        ({"t": "1"}, None, "o"),
        ({"t": "1", "a@1": "pass"}, None, "p"),
        ({"t": "1 2", "a@1": "pass"}, None, "o"),
        ({"t": "1", "a@1": "pass", "a@2": "fail"}, "a@2", "p"),
        ({"t": "1 2", "a@1": "na", "a@2": "pass"}, None, "p"),
        ({"t": "1 2", "a@1": "fail"}, None, "g"),
        ({"t": "1 2", "a@1": "fail", "a@2": "fail"}, "a@2", "M"),
        ({"t": "1", "a@1": "pass", "in@1": "5"}, None, "o"),
        ({"t": "1", "a@1": "pass", "in@1": "5", "c@1.5": "fail"}, None, "g"),
        ({"t": "1", "a@1": "pass", "in@1": "5", "c@1.5": "fail"}, "c@1.5", "M"),
        ({"t": "1", "a@1": "pass", "b@1": "fail"}, None, "g"),
    ],
)
def test_a_table_is_as_bad_as_its_worst_cell_and_open_while_one_is_missing(
    answers: dict[str, str], major: str | None, letter: str
) -> None:
    inner = column("in", AnswerKind.TABLE, required="", items=(column("c", AnswerKind.CONFORMITY),))
    optional = column("b", AnswerKind.CONFORMITY, required="")
    form = form_of(column("t", AnswerKind.TABLE, items=(column("a", AnswerKind.CONFORMITY), optional, inner)))
    inspection = draft(form)
    for address, value in answers.items():
        inspection = answered(inspection, address, value)
    if major:
        inspection = inspection.with_finding(finding(major, Severity.MAJOR))
    assert letters(form, inspection) == letter


def test_a_draft_row_counts_what_is_answered() -> None:
    form = drill_form()
    assert letters(form, draft(form)) == "ooooooop"  # everybody: nobody has to come, nobody is missing
    assert letters(form, answered(draft(form), "classes-all", "no")) == "poooonnp"


BOARDING = (Applies(has=(SchoolFact.BOARDING,)),)


def wide_form() -> Form:
    """The drill with parts that a school may not have, a section that closes, and rows whose cells close."""
    plain = drill_form()
    (section,) = plain.sections
    inner = column("late", AnswerKind.CONFORMITY, when="${arrived} < ${enrolled}")
    group = column("pair", AnswerKind.GROUP, when="${arrived} != 3", items=(column("left", AnswerKind.CONFORMITY),))
    items = tuple(
        replace(i, items=(*i.items, inner, group)) if i.id == "classes" else replace(i, applies=BOARDING)
        if i.id in ("rest", "posts") else i
        for i in section.items
    )  # fmt: skip
    last = replace(section, id="last", when="${note} != 'shut'", items=(column("end", AnswerKind.CONFORMITY),))
    table = column(
        "end-table", AnswerKind.TABLE, items=(column("cell", AnswerKind.CONFORMITY, required="${end} = 'fail'"),)
    )
    return replace(
        form_of(), sections=(replace(section, items=items), replace(last, items=(*last.items, table))), sha256="w"
    )


def test_what_an_expression_demands_or_comes_to_changes_letters() -> None:
    cell = column("cell", AnswerKind.CONFORMITY, required="${a} = 'fail'")
    late = column("late", AnswerKind.CONFORMITY, calculate="if(${a} = 'fail', 'fail', 'pass')")
    form = form_of(column("a", AnswerKind.CONFORMITY), column("t", AnswerKind.TABLE, items=(cell,)), late)
    inspection = answered(draft(form), "t", "1")
    state = State(inspection, reckoned(form, inspection))
    mosaic = Mosaic(form, paths(form))
    marks = mosaic.marks(state)
    assert marks.letters == "opp"
    for value, expected in (("fail", "gog"), ("pass", "ppp")):
        changed = answered(inspection, "a", value)
        now = State(changed, RECKON(form, changed, state.reckoned, frozenset({ItemId("a")})))
        marks, state = mosaic.after(marks, state, now, {ItemId("a")}), now
        assert marks.letters == expected


STEPS = st.one_of(
    st.tuples(st.sampled_from(["classes", "things@1", "things@2", "posts", "exits", "end-table"]),
              st.sampled_from(["", "1", "2 1", "1 2 3", "3"])),
    st.tuples(st.sampled_from(["calm@1", "calm@2", "left@1", "late@1", "late@2", "there@1", "end", "cell@1", "cell@3"]),
              st.sampled_from(["pass", "fail", "na", None])),
    st.tuples(st.sampled_from(["arrived@1", "arrived@2", "enrolled@1", "enrolled@2", "count@1.1", "how-many"]),
              st.sampled_from(["1", "3", "5", None])),
    st.tuples(st.sampled_from(["classes-all", "note", "thing@2.1"]), st.sampled_from(["no", "shut", "x", None])),
    st.tuples(st.sampled_from(["M calm@1", "M calm@2", "M end", "M cell@1"]), st.sampled_from(["", None])),
)  # fmt: skip


@settings(max_examples=300)
@given(st.lists(STEPS, max_size=25), st.booleans())
def test_kept_up_to_date_is_the_same_as_anew(steps: list[tuple[str, str | None]], boards: bool) -> None:
    form = WIDE
    mosaic = Mosaic(form, paths(form))
    has = frozenset({SchoolFact.BOARDING} if boards else ())
    plain = draft(form)
    inspection = replace(plain, school=replace(plain.school, has=has, lacks=frozenset(SchoolFact) - has))
    for address, rows in {"classes": "2 1", "things@1": "1", "end-table": "1 3"}.items():
        inspection = answered(inspection, address, rows)
    state = State(inspection, RECKON(form, inspection, None, frozenset()))
    marks = mosaic.marks(state)
    for where, value in steps:
        address = ItemId(where.removeprefix("M "))
        if where.startswith("M "):
            level = finding(address, Severity.MAJOR)
            changed = inspection.without_finding(address, 1) if value is None else inspection.with_finding(level)
        elif value is None:
            changed = inspection.without_answer(address)
        else:
            changed = answered(inspection, address, value)
        now = State(changed, RECKON(form, changed, state.reckoned, frozenset({address})))
        marks = mosaic.after(marks, state, now, {address})
        inspection, state = changed, now
        fresh = mosaic.marks(now)
        assert marks.letters == fresh.letters
        kept = {t: {k: n for k, n in tally.items() if n} for t, tally in marks.tallies.items()}
        assert kept == {t: dict(tally) for t, tally in fresh.tallies.items()}


WIDE = wide_form()
