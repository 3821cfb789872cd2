"""Filling an inspection, on the fakes: each call has committed when it returns."""

import contextlib
from dataclasses import replace
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safetyapp.domain.form import Form, ItemId, Severity, with_address
from safetyapp.domain.marks import State
from safetyapp.domain.problem import Problem
from safetyapp.domain.school import SchoolKind
from safetyapp.texts import Texts
from safetyapp.workflow import inspect
from safetyapp.workflow.catalogue import import_schools
from safetyapp.workflow.opened import resume
from safetyapp.workflow.take_back import put_back
from tests.domain.examples import RECKON, TODAY, school, small_form
from tests.fakes import FakeStore
from tests.workflow.desk import Desk


def without_conditions(form: Form) -> Form:
    sections = tuple(
        replace(section, items=tuple(replace(item, when="") for item in section.items)) for section in form.sections
    )
    return with_address(replace(form, sections=sections))


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def test_an_answer_is_kept_when_the_call_returns(desk: Desk) -> None:
    desk.answer("A-1", "pass")
    assert desk.kept().inspection.answers[ItemId("A-1")].value == "pass"


def test_a_fail_proposes_a_finding_with_what_was_measured(desk: Desk) -> None:
    desk.answer("A-2", "0.8")
    (finding,) = desk.kept().inspection.findings
    assert finding.text == "实测 0.8 米，低于下限 0.90 米（A-2是否符合）"
    assert (finding.severity, finding.place, finding.deadline) == (Severity.GENERAL, "教学楼", date(2026, 11, 27))


def test_the_inspectors_note_becomes_the_finding(desk: Desk) -> None:
    desk.answer("A-1", "fail", note="走廊堆放纸箱6个")
    assert desk.kept().inspection.findings[0].text == "走廊堆放纸箱6个"


def test_too_old_and_readings_out_of_limit_are_worded(desk: Desk) -> None:
    desk.answer("A-3", "2010-01-01", case="water")
    assert "超过 2191 天" in desk.draft.inspection.findings[0].text
    desk.answer("B-1", "fail")
    desk.answer("B-2", "pass", readings={"pressure": "0.02"})
    assert "末端压力实测 0.02 MPa，低于下限 0.05 MPa" in desk.draft.inspection.findings_of(ItemId("B-2"))[0].text


def test_a_proposal_follows_the_answer_until_somebody_writes(desk: Desk) -> None:
    desk.answer("A-2", "0.8")
    desk.answer("A-2", "0.7")
    (finding,) = desk.kept().inspection.findings
    assert finding.text.startswith("实测 0.7 米")
    desk.draft = inspect.describe(desk.store, desk.clock, desk.draft, replace(finding, text="门扇变形"))
    desk.answer("A-2", "0.6")
    assert desk.kept().inspection.findings[0].text == "门扇变形"


def test_readings_stay_until_they_are_given_anew(desk: Desk) -> None:
    desk.answer("B-2", "pass", readings={"pressure": "0.06"})
    desk.answer("B-2", "pass", note="已复测")
    assert len(desk.kept().inspection.answers[ItemId("B-2")].readings) == 1
    desk.answer("B-2", "pass", readings={})
    assert desk.kept().inspection.answers[ItemId("B-2")].readings == ()


def test_a_finding_survives_a_change_of_mind(desk: Desk) -> None:
    desk.answer("A-1", "fail", note="第一次写的")
    desk.answer("A-1", "pass")
    desk.answer("A-1", "fail")
    assert [f.text for f in desk.kept().inspection.findings] == ["第一次写的"]


@pytest.mark.parametrize(
    ("item", "text", "options", "reason"),
    [
        ("A-2", "wide", {}, "not_a_number"),
        ("A-3", "2027-01-01", {}, "in_the_future"),
        ("A-3", "2020-01-01", {"case": "foam"}, "unknown_case"),
        ("B-2", "pass", {"readings": {"heat": "3"}}, "unknown_case"),
    ],
)
def test_what_is_no_answer_changes_nothing(
    desk: Desk, item: str, text: str, options: dict[str, object], reason: str
) -> None:
    with pytest.raises(Problem) as refused:
        desk.answer(item, text, **options)
    assert (refused.value.code, refused.value.facts["reason"]) == ("bad-value", reason)
    assert desk.kept().inspection.answers == {}
    assert Texts("zh").explain(refused.value).what


def test_undo_puts_answer_and_findings_back(desk: Desk) -> None:
    before = desk.answer("A-1", "pass").inspection
    desk.answer("A-1", "fail")
    desk.draft = put_back(desk.store, desk.clock, desk.draft, ItemId("A-1"), before)
    kept = desk.kept().inspection
    assert kept.answers[ItemId("A-1")].value == "pass"
    assert kept.findings == ()


def test_clear_leaves_the_finding_in_the_draft(desk: Desk) -> None:
    desk.answer("A-1", "fail", note="x")
    desk.draft = inspect.clear(desk.store, desk.clock, desk.draft, "A-1")
    assert ItemId("A-1") not in desk.kept().inspection.answers
    assert len(desk.kept().inspection.findings) == 1


def test_describing_and_dropping_findings(desk: Desk) -> None:
    desk.answer("A-1", "fail", note="一")
    first = desk.draft.inspection.findings[0]
    desk.draft = inspect.describe(desk.store, desk.clock, desk.draft, replace(first, ordinal=2, text="二"))
    assert [f.text for f in desk.kept().inspection.findings] == ["一", "二"]
    desk.draft = inspect.drop_finding(desk.store, desk.clock, desk.draft, ItemId("A-1"), 1)
    assert [f.text for f in desk.kept().inspection.findings] == ["二"]


def test_the_mosaic_shows_every_item_in_its_place(desk: Desk) -> None:
    assert desk.draft.marks() == "ooonon"
    desk.answer("A-1", "pass")
    desk.answer("A-2", "0.5")
    desk.answer("B-1", "fail")
    assert desk.draft.marks() == "pgonMo"
    assert desk.store.drafts()[0].marks == "pgonMo"


@given(
    st.lists(
        st.tuples(st.sampled_from(["A-1", "A-2", "A-3", "A-4", "B-1"]), st.sampled_from(["na", "1", "0", "", "fail"])),
        max_size=12,
    ),
    st.booleans(),
)
def test_marks_kept_up_to_date_are_the_marks_worked_out_anew(steps: list[tuple[str, str]], conditions: bool) -> None:
    """For a form with conditions and for one without."""
    with TemporaryDirectory() as folder:
        form = small_form() if conditions else without_conditions(small_form())
        desk = Desk(Path(folder), form)
        for item, text in steps:
            with contextlib.suppress(Problem):
                if text:
                    desk.answer(item, text)
                else:
                    desk.draft = inspect.clear(desk.store, desk.clock, desk.draft, item)
        draft = desk.draft
        assert draft.marks() == draft.order.mosaic.marks(State(draft.inspection, draft.reckoned)).letters


def test_the_head_of_a_draft(desk: Desk) -> None:
    desk.draft = inspect.set_head(
        desk.store, desk.clock, desk.draft, escort="周陪同（总务主任）", companions=("李样本",)
    )
    assert desk.kept().inspection.escort == "周陪同（总务主任）"


def test_an_unknown_draft_or_item_is_named(desk: Desk) -> None:
    with pytest.raises(Problem, match="unknown-draft"):
        resume(desk.store, RECKON, "nowhere")
    with pytest.raises(Problem, match="unknown-item"):
        desk.answer("Z-9", "pass")


def test_importing_a_list_twice_changes_nothing_and_keeps_what_the_list_does_not_know(tmp_path: Path) -> None:
    store = FakeStore(tmp_path)
    assert len(import_schools(store, [school()]).added) == 1
    bare = school(sites=(), name="甲子小学（新名）", kind=SchoolKind.PRIMARY)
    assert import_schools(store, [bare], dry_run=True).updated[0].sites == ("教学楼",)
    assert store.schools()[0].name == "甲子小学"
    import_schools(store, [bare])
    change = import_schools(store, [bare])
    assert (change.added, change.updated, len(change.unchanged)) == ((), (), 1)
    assert store.schools()[0].sites == ("教学楼",)


def test_today_is_the_clocks(desk: Desk) -> None:
    assert desk.draft.inspection.inspected_on == TODAY
