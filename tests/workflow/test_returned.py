"""What the office sends back: what its review says is known, the corrected draft holds all, and is begun only once."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from safetyapp.domain.document import DocumentId, DocumentKind, DocumentRow, DocumentState
from safetyapp.domain.duty import Duty, Stand
from safetyapp.domain.form import ItemId, Severity
from safetyapp.domain.inspection import PhotoLink
from safetyapp.domain.ledger import rows_of
from safetyapp.domain.paper import DocumentRef, FindingRef
from safetyapp.domain.problem import Cancelled, Problem
from safetyapp.domain.progress import no_progress
from safetyapp.domain.record import Author, make_record
from safetyapp.domain.response import FindingResponse, Response
from safetyapp.domain.review import Decision, Remark, Review
from safetyapp.domain.school import PersonId, Role, SchoolId
from safetyapp.store import doctor
from safetyapp.store.store import SqliteStore
from safetyapp.workflow import inspect
from safetyapp.workflow.correct import correct
from safetyapp.workflow.exchange import import_documents
from safetyapp.workflow.finalise import describe_document
from safetyapp.workflow.opened import WHOLE, resume
from safetyapp.workflow.papers import read_papers
from safetyapp.workflow.postpone import postpone
from tests.domain.examples import RECKON, TODAY, school
from tests.fakes import FakeSigner, FakeStore
from tests.fakes.signer import read_record
from tests.store.examples import small_photo
from tests.workflow.desk import INSPECTOR, Desk

OFFICE = Author(PersonId("o1"), "王演示", Role.OFFICE, "f" * 64)
SIGNER = FakeSigner()


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    made = Desk(tmp_path)
    made.answer("A-1", "fail")
    made.answer("A-2", "1.15")
    photo = made.store.take_in(small_photo(), made.clock.now())
    link = PhotoLink(ItemId("A-1"), photo, 1)
    made.store.save_photos(made.draft.inspection.id, ItemId("A-1"), (link,), made.clock.now())
    made.draft = resume(made.store, RECKON, made.draft.inspection.id)
    return made


def signed(desk: Desk) -> DocumentRow:
    """The desk's draft as a document; the draft is closed."""
    draft = desk.draft
    author = SIGNER.author(INSPECTOR)
    record = make_record(draft.inspection, draft.form, draft.reckoned, author, (), desk.clock.now(), "0.1")
    data = SIGNER.seal(record, draft.form, {}, {}, {}, SIGNER.passphrase, no_progress)
    row = describe_document(record, data, DocumentState.WAITING)
    desk.store.keep_document(row, data, rows_of(record), closes=draft.inspection.id)
    return row


def review(desk: Desk, report: DocumentRow, decision: Decision = Decision.RETURNED, number: int = 1) -> bytes:
    record = Review(
        id=DocumentId(f"review-{number}"),
        made_at=desk.clock.now() + timedelta(hours=number),
        author=OFFICE,
        school=desk.draft.inspection.school,
        title="安全检查记录审核意见",
        dated_on=TODAY,
        app_version="0.1",
        issuer="区教委安全办",
        report=DocumentRef(DocumentId(report.id), report.sha256, DocumentKind.INSPECTION_REPORT, report.number),
        report_title=report.title,
        decision=decision,
        reason="证据不足",
        remarks=(Remark(ItemId("A-1"), "问", "缺照片"), Remark(None, "", "陪同人没写")),
    )
    return SIGNER.seal(record, None, {}, {}, {}, SIGNER.passphrase, no_progress)


def take_in(desk: Desk, folder: Path, data: bytes) -> None:
    file = folder / "来件.pdf"
    file.write_bytes(data)
    assert len(import_documents(desk.store, SIGNER, [file]).new) == 1


def test_a_returned_report_is_corrected_with_all_it_held(desk: Desk, tmp_path: Path) -> None:
    report, before = signed(desk), desk.draft.inspection
    assert desk.store.returned(INSPECTOR.id) == ()
    take_in(desk, tmp_path, review(desk, report))
    (sent_back,) = desk.store.returned(INSPECTOR.id)
    assert (sent_back.report.sha256, sent_back.by, len(sent_back.said.remarks)) == (report.sha256, "王演示", 2)
    assert read_papers(desk.store, SIGNER) == 0, "its words were kept as it came in"

    made = correct(desk.store, desk.clock, RECKON, lambda: "again", report, INSPECTOR)
    assert made.inspection.supersedes == report.id
    for same in ("answers", "findings", "photos", "form", "school", "inspected_on", "site"):
        assert getattr(made.inspection, same) == getattr(before, same)
    assert made.remarks == {ItemId("A-1"): ("缺照片",), WHOLE: ("证据不足", "陪同人没写")}
    kept = resume(desk.store, RECKON, "again")
    assert (kept.inspection, kept.remarks) == (made.inspection, made.remarks)
    once_more = correct(desk.store, desk.clock, RECKON, lambda: "third", report, INSPECTOR)
    assert once_more.inspection.id == "again", "begun once"

    desk.draft = kept
    signed(desk)
    assert desk.store.returned(INSPECTOR.id) == (), "the corrected one takes its place"


def test_a_later_review_takes_the_first_back(desk: Desk, tmp_path: Path) -> None:
    report = signed(desk)
    take_in(desk, tmp_path, review(desk, report))
    take_in(desk, tmp_path, review(desk, report, Decision.ACCEPTED, 2))
    assert desk.store.returned(INSPECTOR.id) == ()


def test_the_doctor_reads_anew_what_papers_say(tmp_path: Path) -> None:
    with SqliteStore.open(tmp_path / "workspace") as store:
        desk = Desk(tmp_path, store=store)
        desk.answer("A-1", "fail")
        report = signed(desk)
        data = review(desk, report)
        record = SIGNER.verify(data).record
        assert record is not None
        row = describe_document(record, data, DocumentState.IMPORTED)
        store.keep_document(row, data, ())
        store.keep_said(row.sha256, None)
        assert store.returned(INSPECTOR.id) == ()
        assert doctor.repair(store, read_record) == ()
        (found,) = store.returned(INSPECTOR.id)
        assert found.report.id == report.id


def test_only_its_author_corrects_a_report_and_only_where_it_was_filled(desk: Desk, tmp_path: Path) -> None:
    report = signed(desk)
    other = replace(INSPECTOR, id=PersonId("p2"), name="李示例")
    with pytest.raises(Problem, match="other-person"):
        correct(desk.store, desk.clock, RECKON, lambda: "again", report, other)
    with pytest.raises(Problem, match="report-elsewhere"):
        correct(FakeStore(tmp_path / "elsewhere"), desk.clock, RECKON, lambda: "again", report, INSPECTOR)


def test_papers_that_came_before_are_looked_into_later(desk: Desk) -> None:
    report = signed(desk)
    for number in (1, 2):
        data = review(desk, report, number=number)
        record = SIGNER.verify(data).record
        assert record is not None
        desk.store.keep_document(describe_document(record, data, DocumentState.IMPORTED), data, ())

    def stop(step: str, done: int, total: int) -> None:
        if done:
            raise Cancelled

    with pytest.raises(Cancelled):
        read_papers(desk.store, SIGNER, stop)
    (left,) = desk.store.unread_papers(10)
    desk.store.document_path(left).rename(desk.store.document_path(left).with_suffix(".away"))
    assert read_papers(desk.store, SIGNER) == 0, "a file that is gone is asked again"
    assert desk.store.unread_papers(10) == (left,)
    desk.store.document_path(left).write_bytes(b"broken")
    assert read_papers(desk.store, SIGNER) == 1
    assert desk.store.unread_papers(10) == ()


def test_what_a_school_answers_is_to_be_checked_again(desk: Desk, tmp_path: Path) -> None:
    far, draft = TODAY + timedelta(days=30), desk.draft.inspection
    finding = replace(draft.findings[0], deadline=far)
    desk.store.save_answer(draft.id, finding.item, draft.answers[finding.item], (finding,), "", desk.clock.now())
    desk.draft = resume(desk.store, RECKON, draft.id)
    report = signed(desk)
    assert desk.store.rechecks(TODAY, 9) == ()
    (row,) = desk.store.ledger()
    ref = FindingRef(row.id, 1, row.place, row.text, Severity.GENERAL, far)
    photo = small_photo().hex()[:64]
    record = Response(
        id=DocumentId("response-1"),
        made_at=desk.clock.now(),
        author=Author(PersonId("x1"), "赵校长", Role.SCHOOL, "f" * 64),
        school=school(),
        title="整改回复",
        dated_on=TODAY,
        app_version="0.1",
        notice=DocumentRef(DocumentId("n"), "0" * 64, DocumentKind.RECTIFICATION_NOTICE, "1号"),
        addressed_to="区教委",
        findings=(FindingResponse(ref, "已清走", completed_on=TODAY, after_photos=(photo, photo[::-1])),),
        principal="赵校长",
    )
    take_in(desk, tmp_path, SIGNER.seal(record, None, {}, {}, {}, SIGNER.passphrase, no_progress))
    (again,) = desk.store.rechecks(TODAY, 9)
    assert again.answered is not None
    assert (again.finding.id, again.document, again.answered.photos) == (row.id, report.sha256, 2)


def test_putting_off_wants_a_later_day_and_a_reason(desk: Desk) -> None:
    day = desk.clock.now().date()
    duty = Duty(SchoolId("s1"), "fire", Stand.OVERDUE, day, -3, None, day - timedelta(days=3))
    for until, reason in ((day, "封校"), (day + timedelta(days=400), "封校"), (day + timedelta(days=3), "  ")):
        with pytest.raises(Problem, match="bad-postponement"):
            postpone(desk.store, desk.clock, duty, until, reason)
    assert desk.store.postponed() == ()
    kept = postpone(desk.store, desk.clock, duty, day + timedelta(days=3), " 学校  封校 ")
    assert (kept.due_on, kept.reason) == (duty.asked_on, "学校 封校")
    assert desk.store.postponed() == (kept,)


def test_a_corrected_draft_can_be_filled_on(desk: Desk, tmp_path: Path) -> None:
    report = signed(desk)
    take_in(desk, tmp_path, review(desk, report))
    made = correct(desk.store, desk.clock, RECKON, lambda: "again", report, INSPECTOR)
    inspect.answer(desk.store, desk.clock, desk.wording, made, "A-1", "pass")
    assert resume(desk.store, RECKON, "again").inspection.answers[ItemId("A-1")].value == "pass"
    signed_one = desk.store.draft(desk.draft.inspection.id)
    assert signed_one is not None
    assert signed_one.answers[ItemId("A-1")].value == "fail", "what was signed stays"
