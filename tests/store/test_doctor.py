"""What the doctor finds, what it mends, and that it deletes nothing a person made."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from safetyapp.domain.document import DocumentQuery
from safetyapp.domain.form import ItemId
from safetyapp.domain.inspection import Answer, InspectionId, PhotoLink
from safetyapp.domain.ledger import fold
from safetyapp.domain.photo_marks import Mark, MarkKind, PhotoMarks, marks_json
from safetyapp.domain.problem import Problem
from safetyapp.domain.record import Record
from safetyapp.store import doctor
from safetyapp.store.database import DATABASE_FILE
from safetyapp.store.store import SqliteStore
from tests.domain.examples import NOON, draft, small_form
from tests.fakes.signer import read_record
from tests.store.examples import document, small_photo

FORM = small_form()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    with SqliteStore.open(tmp_path) as opened:
        for row, data, ledger, _ in (document(0), document(1), document(2, supersedes="doc-000001")):
            opened.keep_document(row, data, ledger)
        opened.take_in(small_photo(), NOON)
        opened.keep_ink(b"ink")
        yield opened


def codes(store: SqliteStore, deep: bool = True) -> list[str]:
    return [problem.code for problem in doctor.check(store, deep, read_record)]


def only(folder: Path) -> Path:
    (path,) = (p for p in folder.glob("*/*") if p.is_file())
    return path


def answer_with_file(store: SqliteStore, data: bytes, item: str = "A-1") -> Path:
    """A draft, made when there is none yet, that names the kept file."""
    address = store.keep_file(data)
    if store.draft(InspectionId("d1")) is None:
        store.start_draft(draft(FORM), FORM, "oooooo")
    answer = Answer(ItemId(item), f"{address}/录音.m4a", NOON)
    store.save_answer(InspectionId("d1"), answer.item, answer, (), "pooooo", NOON)
    return store.file_path(address)


def test_files_that_answers_name_are_looked_at(store: SqliteStore) -> None:
    first, second = answer_with_file(store, b"one"), answer_with_file(store, b"two", "cell@3.1")
    answer_with_file(store, b"two", "cell@3.2")
    assert codes(store) == codes(store, deep=False) == []
    first.write_bytes(b"two")
    second.unlink()
    assert sorted(codes(store)) == ["damaged-file", "missing-file"]
    assert codes(store, deep=False) == ["missing-file"]
    assert sorted(p.code for p in doctor.repair(store, read_record)) == ["damaged-file", "missing-file"]
    store.keep_file(b"one")
    store.keep_file(b"two")
    assert codes(store) == []


def test_a_file_that_no_answer_names_is_left_where_it_is(store: SqliteStore) -> None:
    """Its answer may come back by undo, or out of the history."""
    path = store.file_path(store.keep_file(b"nobody's"))
    text = Answer(ItemId("A-2"), "x" * 64 + "/no hash", NOON)
    answer_with_file(store, b"one")
    store.save_answer(InspectionId("d1"), text.item, text, (), "ppoooo", NOON)
    part = path.with_name("ab-x.part")
    part.write_bytes(b"half")
    assert codes(store) == ["leftover"]
    assert doctor.repair(store, read_record) == ()
    assert path.read_bytes() == b"nobody's"
    assert not part.exists()


def test_a_sound_workspace_has_no_problems(store: SqliteStore) -> None:
    assert codes(store) == codes(store, deep=False) == []
    assert doctor.repair(store, read_record) == ()


def test_damaged_and_missing_files_are_named(store: SqliteStore) -> None:
    first, second, _ = (store.document_path(row.sha256) for row in store.documents(DocumentQuery()))
    first.write_bytes(first.read_bytes()[:-1])
    second.unlink()
    only(store.folder / "photos").write_bytes(b"other")
    only(store.folder / "inks").write_bytes(b"other")
    assert sorted(codes(store)) == ["damaged-document", "damaged-ink", "damaged-photo", "missing-document"]
    assert codes(store, deep=False) == ["missing-document"]
    only(store.folder / "photos").unlink()
    assert sorted(p.code for p in doctor.repair(store, read_record)) == [
        "damaged-document", "damaged-ink", "missing-document", "missing-photo",
    ]  # fmt: skip


@pytest.mark.parametrize("kind", ["prints", "thumbs"])
@pytest.mark.parametrize("how", ["missing", "damaged"])
def test_copies_are_made_again_from_the_original(store: SqliteStore, kind: str, how: str) -> None:
    path = only(store.folder / kind)
    whole = path.read_bytes()
    if how == "missing":
        path.unlink()
    else:
        path.write_bytes(whole[:-9])
    if (kind, how) != ("thumbs", "damaged"):  # a thumbnail has no hash of its own
        assert codes(store) == ["missing-copy"]
        assert doctor.repair(store, read_record) == ()
        assert path.read_bytes() == whole


def test_a_photo_whose_files_were_lost_is_whole_when_it_is_taken_in_again(store: SqliteStore) -> None:
    for kind in ("photos", "prints", "thumbs"):
        only(store.folder / kind).unlink()
    assert codes(store) == ["missing-photo", "lost-copy", "lost-copy"]
    store.take_in(small_photo(), NOON)
    assert codes(store) == []


@pytest.mark.parametrize("deep", [True, False])
def test_a_copy_is_not_promised_from_an_original_that_is_damaged(store: SqliteStore, deep: bool) -> None:
    original = only(store.folder / "photos")
    original.write_bytes(original.read_bytes()[:-9])
    only(store.folder / "thumbs").unlink()
    assert codes(store, deep) == ["damaged-photo", "lost-copy"]
    assert [problem.code for problem in doctor.repair(store, read_record)] == ["damaged-photo", "lost-copy"]
    store.take_in(small_photo(), NOON)
    assert codes(store) == []


@pytest.mark.parametrize("table", ["documents", "ledger", "photos", "schools", "document_search", "history"])
def test_a_table_that_is_gone_is_told(store: SqliteStore, table: str) -> None:
    """As a tool of somebody else's may do it; the connections of the store see it at once."""
    with closing(sqlite3.connect(store.folder / DATABASE_FILE)) as other:
        other.execute("PRAGMA foreign_keys = OFF")
        other.execute(f"DROP TABLE {table}")
    for deep in (True, False):
        assert codes(store, deep).count("database-broken") == 1
    assert "database-broken" in [problem.code for problem in doctor.repair(store, read_record)]


@pytest.mark.parametrize(
    ("table", "read"),
    [
        ("ledger", lambda store: store.ledger()),
        ("documents", lambda store: store.ledger()),
        ("documents", lambda store: store.documents(DocumentQuery())),
        ("document_search", lambda store: store.documents(DocumentQuery(text="货架"))),
        ("schools", lambda store: store.schools()),
        ("drafts", lambda store: store.drafts()),
        ("photos", lambda store: store.take_in(small_photo(), NOON)),
    ],
)
def test_reading_a_table_that_is_gone_is_a_problem(
    store: SqliteStore, table: str, read: Callable[[SqliteStore], object]
) -> None:
    with closing(sqlite3.connect(store.folder / DATABASE_FILE)) as other:
        other.execute(f"DROP TABLE {table}")
    with pytest.raises(Problem) as told:
        read(store)
    assert told.value.code == "database-broken"


def test_a_copy_that_another_program_version_made_is_replaced(store: SqliteStore) -> None:
    """Its bytes differ then, and so does its name."""
    store.database.write(lambda c: c.execute("UPDATE photos SET printed = ?", ("b" * 64,)))
    assert codes(store) == ["missing-copy", "leftover"]
    assert doctor.repair(store, read_record) == ()


def test_projections_are_rebuilt(store: SqliteStore) -> None:
    ledger, query = store.ledger(), DocumentQuery(text="货架")
    found = store.documents(query)
    assert len(found) == 3
    store.database.write(lambda c: c.execute("UPDATE ledger SET state = 'closed' WHERE document = 'doc-000000'"))
    store.database.write(lambda c: c.execute("DELETE FROM ledger WHERE document = 'doc-000002'"))
    store.database.write(lambda c: c.execute("INSERT INTO document_search (document_search) VALUES ('delete-all')"))
    assert sorted(codes(store)) == ["stale-ledger", "stale-ledger", "stale-search"]
    assert store.documents(query) == ()
    assert doctor.repair(store, read_record) == ()
    assert (store.ledger(), store.documents(query)) == (ledger, found)
    records = [read_record(store.document_path(row.sha256).read_bytes()) for row in store.documents(DocumentQuery())]
    assert store.ledger() == fold(records)


def test_a_record_that_cannot_be_read_is_told_and_keeps_its_rows(store: SqliteStore) -> None:
    def read(data: bytes) -> Record:
        record = read_record(data)
        if record.id == "doc-000000":
            raise Problem("no-record", path=record.id, why="newer")
        return record

    ledger = store.ledger()
    assert [problem.code for problem in doctor.repair(store, read)] == ["no-record"]
    assert store.ledger() == ledger


def test_leftovers_are_cleared_away_and_what_may_matter_is_set_aside(store: SqliteStore) -> None:
    _, data, *_ = document(9)
    stray = store.document_path("a" * 64)
    stray.parent.mkdir()
    stray.write_bytes(data)
    part = stray.with_name("a1-x.part")
    part.write_bytes(b"half")
    assert codes(store) == ["leftover", "leftover"]
    assert doctor.repair(store, read_record) == ()
    assert not part.exists()
    assert (store.folder / "leftovers" / stray.relative_to(store.folder)).read_bytes() == data


def test_marked_copies_are_looked_at_and_made_again(store: SqliteStore) -> None:
    photo = store.take_in(small_photo(3, (400, 300)), NOON)
    link = PhotoLink(ItemId("A-1"), photo, 0, marks=PhotoMarks((Mark(MarkKind.BLACK, 0, 0, 5000, 5000),)))
    copy = store.print_of(link)
    path, thumb = store.printed_path(copy), store.thumb_of(link)
    whole = path.read_bytes()
    assert codes(store) == []
    path.write_bytes(b"other")
    thumb.unlink()
    assert codes(store) == ["missing-copy"] * 2
    assert codes(store, deep=False) == ["missing-copy"]
    assert doctor.repair(store, read_record) == ()
    assert path.read_bytes() == whole
    assert thumb.exists()


def test_a_marked_copy_whose_writer_was_cut_off_leaves_nothing_half(store: SqliteStore, tmp_path: Path) -> None:
    """The files stand, the row does not: as when the power goes between the two."""
    photo = store.take_in(small_photo(3, (400, 300)), NOON)
    link = PhotoLink(ItemId("A-1"), photo, 0, marks=PhotoMarks(turns=1))
    copy = store.print_of(link)
    store.database.write(lambda c: c.execute("DELETE FROM marked_copies"))
    assert codes(store) == ["leftover"] * 2
    assert store.print_of(link) == copy
    assert codes(store) == []
    store.database.write(lambda c: c.execute("DELETE FROM marked_copies"))
    assert doctor.repair(store, read_record) == ()
    assert not store.printed_path(copy).exists()
    assert store.print_of(link) == copy
    assert codes(store) == []


def test_former_marks_are_in_the_history(store: SqliteStore) -> None:
    store.start_draft(draft(FORM), FORM, "oooooo")
    photo, d1, a1 = store.take_in(small_photo(), NOON), InspectionId("d1"), ItemId("A-1")
    first, second = PhotoMarks(turns=1), PhotoMarks((Mark(MarkKind.BOX, 0, 0, 500, 500),))
    for marks in (first, second, None):
        store.save_photos(d1, a1, (PhotoLink(a1, photo, 0, marks=marks),), NOON)
    told = [json.loads(former.value)[0].get("marks") for former in store.history(d1)]
    assert told == [json.loads(marks_json(first)), json.loads(marks_json(second))]
