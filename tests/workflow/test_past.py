"""What was found at a school before, read from the reports that are kept."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from safetyapp.domain.answer_kinds import Outcome
from safetyapp.domain.document import DocumentQuery
from safetyapp.domain.form import ItemId, Severity
from safetyapp.workflow import inspect
from safetyapp.workflow.finalise import finalise
from safetyapp.workflow.past import REPORTS, read_past
from tests.domain.examples import school, small_form
from tests.fakes import FakeSigner
from tests.store.examples import other_school, small_photo
from tests.workflow.desk import Desk

A1, B1 = ItemId("A-1"), ItemId("B-1")


def report(desk: Desk, signer: FakeSigner, a1: str, photo: bool = False, fixed: bool = False) -> None:
    """A report of the clock's day; the clock goes on for a month."""
    for item, value in ((A1, a1), ("A-2", "1"), ("A-3", desk.clock.now().date().isoformat()), (B1, "pass")):
        desk.answer(item, value)
    if photo or fixed:
        for number, after in enumerate((False, True)):
            desk.draft = inspect.attach_photo(
                desk.store, desk.clock, desk.draft, A1, small_photo(number), after=after and fixed
            )
    if fixed:
        (finding,) = desk.draft.inspection.findings_of(A1)
        desk.draft = inspect.describe(desk.store, desk.clock, desk.draft, replace(finding, fixed_on_spot=True))
    finalise(desk.store, signer, desk.clock, desk.draft, (), "口令", "0.1.0")
    desk.clock.forward(days=30)
    desk.start(small_form())


def test_the_last_three_answers_and_what_stands_open(tmp_path: Path) -> None:
    desk, signer = Desk(tmp_path), FakeSigner()
    started = desk.draft.inspection.inspected_on
    for a1, photo, fixed in (
        ("fail", False, False),
        ("pass", False, False),
        ("fail", True, True),
        ("pass", True, False),
    ):
        report(desk, signer, a1, photo, fixed)
    past = read_past(desk.store, signer, desk.draft.inspection)
    answers = past[A1].answers
    days = [started + timedelta(days=30 * n) for n in (3, 2, 1)]
    assert [(a.on, a.outcome, a.who) for a in answers] == [
        (days[0], Outcome.PASS, "张示例"), (days[1], Outcome.FAIL, "张示例"), (days[2], Outcome.PASS, "张示例"),
    ]  # fmt: skip
    assert len(answers) == REPORTS
    assert (answers[1].level, answers[1].closed) == (Severity.GENERAL, True)
    assert [row.found_on for row in past[A1].open] == [started]
    assert past[A1].found_in_a_year == 2
    assert (past[A1].photos_on, len(past[A1].photos)) == (days[0], 2)
    assert past[B1].open == ()
    assert past[B1].found_in_a_year == 0


def test_other_schools_and_files_that_are_gone_say_nothing(tmp_path: Path) -> None:
    desk, signer = Desk(tmp_path), FakeSigner()
    desk.start(small_form(), other_school())
    report(desk, signer, "fail")
    assert read_past(desk.store, signer, desk.draft.inspection) == {}
    desk.start(small_form(), school())
    report(desk, signer, "fail")
    (row, *_) = desk.store.documents(DocumentQuery(school=school().id))
    desk.store.document_path(row.sha256).unlink()
    past = read_past(desk.store, signer, desk.draft.inspection)
    assert past[A1].answers == ()
    assert len(past[A1].open) == 1  # the ledger knows


def test_of_a_report_and_its_correction_only_the_last_counts(tmp_path: Path) -> None:
    desk, signer = Desk(tmp_path), FakeSigner()
    report(desk, signer, "fail")
    (first, *_) = desk.store.documents(DocumentQuery())
    inspection = desk.draft.inspection
    corrected = inspect.start(
        desk.store, desk.clock, desk.draft.reckon, lambda: "again", inspection.school, desk.draft.form,
        inspection.inspector,
    )  # fmt: skip
    desk.draft = corrected.with_changes(replace(corrected.inspection, supersedes=first.id))
    report(desk, signer, "pass")
    past = read_past(desk.store, signer, desk.draft.inspection)
    assert [a.outcome for a in past[A1].answers] == [Outcome.PASS]
    assert past[A1].open == ()
