"""Finalising, importing and exporting, on the fakes: all of it, or nothing at all."""

from dataclasses import replace
from pathlib import Path

import pytest

from safetyapp.domain.answer_kinds import AnswerKind
from safetyapp.domain.document import DocumentQuery, DocumentState
from safetyapp.domain.form import ItemId
from safetyapp.domain.problem import Cancelled, Problem
from safetyapp.domain.progress import Step
from safetyapp.domain.verdict import Verdict, VerdictKind
from safetyapp.workflow import inspect
from safetyapp.workflow.exchange import Exported, export_documents, file_name, import_documents
from safetyapp.workflow.finalise import Finalised, code_points, finalise, unprintable
from tests.domain.examples import CLASSES, column, drill_form, form_of, school
from tests.fakes import FakeSigner, FakeStore
from tests.store.examples import small_photo
from tests.workflow.desk import Desk


def complete(folder: Path) -> Desk:
    desk = Desk(folder)
    for item, value in (("A-1", "pass"), ("A-2", "1"), ("A-3", "2026-11-01"), ("B-1", "fail"), ("B-2", "na")):
        desk.answer(item, value)
    return desk


def sign(desk: Desk, signer: FakeSigner, **options: object) -> Finalised:
    return finalise(desk.store, signer, desk.clock, desk.draft, (), "口令", "0.1.0", **options)  # type: ignore[arg-type]


def test_a_complete_draft_becomes_a_document_in_the_outbox(tmp_path: Path) -> None:
    desk, steps = complete(tmp_path), []
    made = sign(desk, FakeSigner(), progress=lambda step, done, total: steps.append(step))
    assert made.verdict.is_valid
    (row,) = desk.store.documents(DocumentQuery())
    assert (row, row.state, row.findings, row.majors) == (made.row, DocumentState.WAITING, 1, 1)
    assert (desk.store.waiting(), desk.store.drafts()) == (1, ())
    assert [r.item for r in desk.store.ledger()] == ["B-1"]
    assert steps[-1] == Step.CHECK


def test_files_and_photos_that_count_travel_with_the_document(tmp_path: Path) -> None:
    form = form_of(
        column("voice", AnswerKind.AUDIO),
        column("hide", AnswerKind.TEXT),
        column("secret", AnswerKind.AUDIO, when="${hide} != 'yes'", required=""),
    )
    desk, signer = Desk(tmp_path, form), FakeSigner()
    for address, data in (("voice", b"sound"), ("secret", b"not for you")):
        source = tmp_path / f"{address}.m4a"
        source.write_bytes(data)
        desk.draft = inspect.attach_file(desk.store, desk.clock, desk.wording, desk.draft, address, source)
        desk.draft = inspect.attach_photo(desk.store, desk.clock, desk.draft, address, small_photo(len(data)))
    desk.answer("hide", "yes")
    sign(desk, signer)
    assert list(signer.files.values()) == [b"sound"]
    assert list(signer.photos) == [desk.draft.inspection.photos_of(ItemId("voice"))[0].photo.printed]


def test_what_no_font_has_is_known_before_and_said_after(tmp_path: Path) -> None:
    desk, signer = complete(tmp_path), FakeSigner()
    assert unprintable(signer, desk.clock, desk.draft, "0.1.0") == ()
    desk.answer("A-1", "pass", note="\U0001f6d2 走廊 \U0001f525\U0001f525")
    assert unprintable(signer, desk.clock, desk.draft, "0.1.0") == ("\U0001f525", "\U0001f6d2")
    made = sign(desk, signer)
    assert code_points(made.replaced) == ("U+1F525", "U+1F6D2")
    assert made.verdict.record_json is not None
    assert "\U0001f6d2 走廊" in made.verdict.record_json.decode()


def test_rows_calculations_and_findings_of_rows_are_signed(tmp_path: Path) -> None:
    desk, signer = Desk(tmp_path, drill_form(), school(classes=CLASSES)), FakeSigner()
    desk.fill(arrived_at_1="40", arrived_at_2="37", calm_at_2="fail", how_many="0", state="good", classes_all="all")
    made = sign(desk, signer).verdict.record
    assert made is not None
    assert [f.item for f in made.findings] == ["calm@2", "everybody"]
    assert {c.item: c.value for c in made.calculated} == {"short@1": "0", "short@2": "1"}
    assert [(row.item, row.form) for row in desk.store.ledger()] == [("calm", "drill"), ("everybody", "drill")]


def test_an_incomplete_draft_is_named_and_stays(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    with pytest.raises(Problem) as refused:
        sign(desk, FakeSigner())
    assert (refused.value.code, refused.value.facts) == ("incomplete", {"count": 4, "first": "A-1"})
    assert len(desk.store.drafts()) == 1


def test_cancelling_leaves_the_draft_as_it_was(tmp_path: Path) -> None:
    desk = complete(tmp_path)

    def stop(step: str, done: int, total: int) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        sign(desk, FakeSigner(), progress=stop)
    assert (len(desk.store.drafts()), desk.store.documents(DocumentQuery())) == (1, ())
    assert sign(desk, FakeSigner()).verdict.is_valid


def test_what_does_not_verify_is_not_kept(tmp_path: Path) -> None:
    class Doubtful(FakeSigner):
        def verify(self, data: bytes) -> Verdict:
            return replace(super().verify(data), kind=VerdictKind.ALTERED, why="altered")

    desk = complete(tmp_path)
    with pytest.raises(Problem, match="not-verified"):
        sign(desk, Doubtful())
    assert (len(desk.store.drafts()), desk.store.documents(DocumentQuery())) == (1, ())


def test_a_final_draft_takes_no_more_answers(tmp_path: Path) -> None:
    desk = complete(tmp_path)
    sign(desk, FakeSigner())
    with pytest.raises(Problem, match="draft-final"):
        inspect.answer(desk.store, desk.clock, desk.wording, desk.draft, "A-1", "pass")


def test_documents_travel_by_folder_and_twice_is_harmless(tmp_path: Path) -> None:
    desk, signer = complete(tmp_path / "laptop"), FakeSigner()
    made = sign(desk, signer)
    (path,) = export_documents(desk.store, DocumentQuery(), tmp_path / "stick").written
    assert path.name == file_name(made.row)
    assert export_documents(desk.store, DocumentQuery(), tmp_path / "stick") == Exported((path,), ())
    office = FakeStore(tmp_path / "office")
    first = import_documents(office, signer, [tmp_path / "stick"])
    assert ([r.id for r in first.new], first.known, first.refused) == ([made.row.id], (), ())
    assert office.documents(DocumentQuery())[0].state is DocumentState.IMPORTED
    again = import_documents(office, signer, [tmp_path / "stick"])
    assert (again.new, again.known) == ((), (path,))


def test_a_refused_file_is_named_and_stays_where_it_is(tmp_path: Path) -> None:
    bad = tmp_path / "坏.pdf"
    bad.write_bytes(b"no pdf at all")
    office = FakeStore(tmp_path / "office")
    done = import_documents(office, FakeSigner(), [bad, tmp_path / "missing.pdf"])
    assert [r.path.name for r in done.refused] == ["坏.pdf", "missing.pdf"]
    assert (bad.read_bytes(), office.documents(DocumentQuery())) == (b"no pdf at all", ())
