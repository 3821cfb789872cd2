"""The file itself: one writer, versions, migrations with their copy, and what the world can do to it."""

from __future__ import annotations

import json
import shutil
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlite_utils import Migrations

from safetyapp.domain.document import DocumentQuery
from safetyapp.domain.form import Form, ItemId, with_address
from safetyapp.domain.inspection import Answer, Inspection, InspectionId, PhotoLink, Sha256
from safetyapp.domain.print_job import PrintLogEntry
from safetyapp.domain.problem import Problem
from safetyapp.store import doctor, lock
from safetyapp.store.database import APPLICATION_ID, DATABASE_FILE, VERSION, Database, found_version
from safetyapp.store.migrations import MIGRATIONS
from safetyapp.store.store import Mode, SqliteStore
from tests.domain.examples import NOON, draft, small_form
from tests.store.examples import small_photo
from tests.store.make_old_database import EXPECTED_ANSWERS, EXPECTED_DOCUMENTS, EXPECTED_ROWS

ROOT = Path(__file__).parent.parent.parent
OLD = ROOT / "tests" / "data" / "store" / "version-1.sqlite3"
FORM = small_form()
D1 = InspectionId("d1")
MODES: tuple[Mode, ...] = ("write", "read")
A1 = ItemId("A-1")


def raw(folder: Path) -> sqlite3.Connection:
    return sqlite3.connect(folder / DATABASE_FILE, isolation_level=None)


def dump(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as connection:
        return list(connection.iterdump())


def code_of(told: pytest.ExceptionInfo[Problem]) -> str:
    return told.value.code


# how it is opened


def test_settings_of_the_file(tmp_path: Path) -> None:
    with SqliteStore.open(tmp_path) as store:
        pragmas = ("journal_mode", "synchronous", "foreign_keys", "application_id", "user_version")
        found = store.database.write(lambda c: [c.execute(f"PRAGMA {name}").fetchone()[0] for name in pragmas])
    assert found == ["wal", 2, 1, APPLICATION_ID, VERSION]


def test_known_version_is_the_number_of_migrations(tmp_path: Path) -> None:
    with SqliteStore.open(tmp_path) as store:
        (applied,) = store.database.read(lambda c: c.execute("SELECT count(*) FROM _sqlite_migrations").fetchone())
    assert applied == VERSION


def test_every_table_has_strict_types(tmp_path: Path) -> None:
    with SqliteStore.open(tmp_path) as store:
        loose = store.database.read(
            lambda c: [
                name
                for _, name, kind, _, _, strict in c.execute("PRAGMA table_list")
                if kind == "table" and not strict and not name.startswith("_") and not name.startswith("sqlite_")
            ]
        )
    assert loose == []


def test_closing_leaves_one_file(tmp_path: Path) -> None:
    store = SqliteStore.open(tmp_path)
    store.start_draft(draft(FORM), FORM, "oooooo")
    store.drafts()
    store.close()
    store.close()
    assert {p.name for p in tmp_path.iterdir()} == {DATABASE_FILE, lock.LOCK_FILE}
    for call in (store.drafts, lambda: store.delete_draft(D1, NOON)):
        with pytest.raises(RuntimeError, match="closed"):
            call()


def test_closing_waits_for_what_is_being_written(tmp_path: Path) -> None:
    store = SqliteStore.open(tmp_path)
    store.start_draft(draft(FORM), FORM, "oooooo")
    begun, go_on, closed = threading.Event(), threading.Event(), threading.Event()

    def slow(connection: sqlite3.Connection) -> None:
        connection.execute("UPDATE drafts SET site = 'kept'")
        begun.set()
        assert go_on.wait(20)

    writing = threading.Thread(target=store.database.write, args=(slow,))
    writing.start()
    assert begun.wait(20)
    closing = threading.Thread(target=lambda: (store.close(), closed.set()))
    closing.start()
    assert not closed.is_set()
    go_on.set()
    writing.join()
    closing.join()
    with SqliteStore.open(tmp_path) as again:
        assert again.draft(D1) == draft(FORM, site="kept")


def test_writers_take_turns(tmp_path: Path) -> None:
    with SqliteStore.open(tmp_path) as store:
        store.database.write(lambda c: c.execute("CREATE TABLE turns (n INTEGER) STRICT"))

        def count(connection: sqlite3.Connection) -> None:
            (most,) = connection.execute("SELECT coalesce(max(n), 0) FROM turns").fetchone()
            connection.execute("INSERT INTO turns VALUES (?)", (most + 1,))

        threads = [threading.Thread(target=lambda: [store.database.write(count) for _ in range(25)]) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        rows = store.database.read(lambda c: c.execute("SELECT n FROM turns ORDER BY rowid").fetchall())
    assert [n for (n,) in rows] == list(range(1, 101))


def test_a_write_inside_a_write_is_our_mistake(tmp_path: Path) -> None:
    with SqliteStore.open(tmp_path) as store:
        database = store.database
        with pytest.raises(RuntimeError, match="inside"):
            database.write(lambda c: database.write(lambda c: None))
        database.write(lambda c: c.execute("UPDATE drafts SET site = ''"))


def test_a_reader_cannot_write(tmp_path: Path) -> None:
    with SqliteStore.open(tmp_path) as store, pytest.raises(Problem) as told:
        store.database.read(lambda c: c.execute("DELETE FROM drafts"))
    assert code_of(told) == "read-only"


def test_a_failed_write_changes_nothing_and_the_next_one_works(tmp_path: Path) -> None:
    with SqliteStore.open(tmp_path) as store:
        store.start_draft(draft(FORM), FORM, "oooooo")

        def half(connection: sqlite3.Connection) -> None:
            connection.execute("UPDATE drafts SET site = 'changed'")
            raise LookupError("ours")

        with pytest.raises(LookupError, match="ours"):
            store.database.write(half)
        with pytest.raises(sqlite3.IntegrityError):
            store.database.write(lambda c: c.execute("UPDATE drafts SET form_sha256 = 'none'"))
        assert store.draft(D1) == draft(FORM)
        store.save_head(draft(FORM, site="楼"), NOON)
        assert store.draft(D1) == draft(FORM, site="楼")


def test_starting_imports_nothing_heavy(tmp_path: Path) -> None:
    SqliteStore.open(tmp_path).close()
    program = """if True:
        import sys
        from pathlib import Path
        from safetyapp.store.store import SqliteStore
        from safetyapp.domain.document import DocumentQuery
        with SqliteStore.open(Path(sys.argv[1])) as store:
            store.drafts(), store.documents(DocumentQuery()), store.schools(), store.waiting(), store.me()
        heavy = {"PIL", "msgspec", "sqlite_utils", "reportlab", "filelock", "asyncio", "pillow_heif", "logging"}
        print(sorted(heavy & set(sys.modules)))
    """
    done = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path)], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout == "[]\n"


# history


def test_history_keeps_every_former_answer_and_finding(tmp_path: Path) -> None:
    from tests.store.suite import finding

    with SqliteStore.open(tmp_path) as store:
        store.start_draft(draft(FORM), FORM, "oooooo")
        fail, fine = Answer(A1, "fail", NOON), Answer(A1, "pass", NOON)
        later = NOON + timedelta(minutes=1)
        store.save_answer(D1, A1, fail, (finding(),), "Mooooo", NOON)
        store.save_answer(D1, A1, fail, (finding(),), "Mooooo", NOON)
        store.save_answer(D1, A1, fail, (finding(text="改过"),), "Mooooo", later)
        store.save_answer(D1, A1, fine, (), "pooooo", later)
        store.save_answer(D1, A1, None, (), "oooooo", later)
        store.save_head(draft(FORM, site="楼"), later)
        told = [(former.item, former.what) for former in store.history(D1)]
        assert told == [
            ("A-1", "finding"), ("A-1", "answer"), ("A-1", "finding"), ("A-1", "answer"), ("", "head"),
        ]  # fmt: skip
        texts = [former.value for former in store.history(D1) if former.what == "finding"]
        assert ["灭火器压力不足" in texts[0], "改过" in texts[1]] == [True, True]
        assert {former.replaced_at for former in store.history(D1)} == {later}
        for statement in ("DELETE FROM history", "UPDATE history SET former = ''"):
            with pytest.raises(sqlite3.IntegrityError, match="only grows"):
                store.database.write(lambda c, s=statement: c.execute(s))  # type: ignore[misc]


def test_the_print_log_is_never_changed(tmp_path: Path) -> None:
    with SqliteStore.open(tmp_path) as store:
        store.log_print([PrintLogEntry("job", "0" * 64, "1", "表", "校", "张示例", NOON, 1, 4, "打印机")])
        for statement in ("DELETE FROM print_log", "UPDATE print_log SET copies = 0"):
            with pytest.raises(sqlite3.IntegrityError, match="only grows"):
                store.database.write(lambda c, s=statement: c.execute(s))  # type: ignore[misc]


def test_saving_a_whole_draft_writes_only_what_differs(tmp_path: Path) -> None:
    from tests.store.suite import finding

    with SqliteStore.open(tmp_path) as store:
        photo = store.take_in(small_photo(), NOON)
        begun = draft(FORM, photos=(PhotoLink(A1, photo, 0),)).with_answer(Answer(A1, "fail", NOON))
        begun = begun.with_finding(finding()).with_answer(Answer(ItemId("cell@1"), "3", NOON))
        store.start_draft(begun, FORM, "oooooo")

        def written(changed: Inspection, form: Form = FORM) -> list[str]:
            """The statements that write, in order; the draft's own row aside."""
            said: list[str] = []
            store.database.write(lambda c: c.set_trace_callback(said.append))
            store.save_draft(changed, form, "gooooo", later)
            store.database.write(lambda c: c.set_trace_callback(None))
            writes = [s.split()[:4] for s in said if s.split()[0] in ("INSERT", "DELETE", "UPDATE")]
            return [" ".join(words) for words in writes if "drafts" not in words]

        later = NOON + timedelta(minutes=1)
        assert written(begun) == []
        assert store.history(D1) == ()
        second = begun.with_answer(Answer(A1, "pass", later))
        assert written(second) == [
            "INSERT INTO answers (draft,",
            "INSERT INTO history (draft,",
            "INSERT OR REPLACE INTO",
        ]
        third = second.without_answer(ItemId("cell@1")).with_answer(Answer(ItemId("cell@2"), "4", later))
        assert len(written(third)) == 3
        assert len(written(replace(third, findings=()))) == 2
        assert len(written(replace(third, findings=(), photos=()))) == 2
        told = [(former.item, former.what) for former in store.history(D1)]
        assert told == [("A-1", "answer"), ("cell@1", "answer"), ("A-1", "finding"), ("A-1", "photos")]
        new = with_address(replace(FORM, version="2"))
        assert len(written(replace(third, findings=(), photos=()), new)) == 2
        former = store.history(D1)[-1]
        assert (former.what, json.loads(former.value)) == ("form", {"version": "1", "sha256": FORM.sha256})


def test_a_whole_draft_is_saved_whole_or_not_at_all(tmp_path: Path) -> None:
    with SqliteStore.open(tmp_path) as store:
        store.start_draft(draft(FORM), FORM, "oooooo")
        photo = store.take_in(small_photo(), NOON)
        unknown = replace(photo, original=Sha256("0" * 64))  # no such photo is kept: the last thing that is written
        changed = replace(draft(FORM), photos=(PhotoLink(A1, unknown, 0),)).with_answer(Answer(A1, "fail", NOON))
        with pytest.raises(sqlite3.IntegrityError):
            store.save_draft(changed, with_address(replace(FORM, version="2")), "gooooo", NOON)
        assert store.draft(D1) == draft(FORM)
        assert (store.history(D1), store.drafts()[0].marks) == ((), "oooooo")


# versions and migrations


def test_a_newer_database_is_refused_and_left_alone(tmp_path: Path) -> None:
    shutil.copy(OLD, tmp_path / DATABASE_FILE)
    with closing(raw(tmp_path)) as connection:
        connection.execute(f"PRAGMA user_version = {VERSION + 3}")
    before = (tmp_path / DATABASE_FILE).read_bytes()
    for mode in MODES:
        with pytest.raises(Problem) as told:
            SqliteStore.open(tmp_path, mode)
        assert code_of(told) == "database-newer"
        assert told.value.facts == {"path": str(tmp_path / DATABASE_FILE), "found": VERSION + 3, "known": VERSION}
    assert (tmp_path / DATABASE_FILE).read_bytes() == before
    assert not (tmp_path / "backups").exists()


@pytest.mark.parametrize("content", [b"no database at all" * 100, b"SQLite format 3\0" + b"\xee" * 5000, b"short"])
def test_what_is_no_database_is_refused_and_left_alone(tmp_path: Path, content: bytes) -> None:
    (tmp_path / DATABASE_FILE).write_bytes(content)
    for mode in MODES:
        with pytest.raises(Problem) as told:
            SqliteStore.open(tmp_path, mode)
        assert code_of(told) == "database-broken"
    assert (tmp_path / DATABASE_FILE).read_bytes() == content


def test_the_database_of_another_program_is_refused(tmp_path: Path) -> None:
    with closing(raw(tmp_path)) as connection:
        connection.execute("CREATE TABLE theirs (x)")
    before = (tmp_path / DATABASE_FILE).read_bytes()
    with pytest.raises(Problem) as told:
        SqliteStore.open(tmp_path)
    assert code_of(told) == "database-broken"
    assert (tmp_path / DATABASE_FILE).read_bytes() == before


def test_a_page_that_is_damaged_is_told_when_it_is_read(tmp_path: Path) -> None:
    shutil.copy(OLD, tmp_path / DATABASE_FILE)
    with closing(raw(tmp_path)) as connection:
        (page,) = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'drafts'").fetchone()
    with (tmp_path / DATABASE_FILE).open("r+b") as file:
        file.seek(4096 * (page - 1))
        file.write(b"\xaa" * 4096)
    with SqliteStore.open(tmp_path) as store:
        with pytest.raises(Problem) as told:
            store.drafts()
        assert code_of(told) == "database-broken"
        assert {problem.code for problem in doctor.check(store, deep=False)} <= {"database-broken", "damaged-database"}
        assert doctor.check(store, deep=False)


def test_a_first_start_that_was_cut_off_begins_again(tmp_path: Path) -> None:
    with closing(raw(tmp_path)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
    with SqliteStore.open(tmp_path) as store:
        assert store.drafts() == ()
    assert not (tmp_path / "backups").exists()


def test_databases_of_old_releases_open_with_all_they_hold(tmp_path: Path) -> None:
    shutil.copy(OLD, tmp_path / DATABASE_FILE)
    with SqliteStore.open(tmp_path) as store:
        kept = store.draft(D1)
        assert kept is not None
        assert {item: answer.value for item, answer in kept.answers.items()} == EXPECTED_ANSWERS
        form = store.form(kept.form.sha256)
        assert form is not None
        assert [item.id for item in form.items()] == ["A-1", "A-2", "A-3", "A-4", "B-1", "B-2"]
        assert [row.id for row in store.documents(DocumentQuery())] == EXPECTED_DOCUMENTS
        assert [row.id for row in store.documents(DocumentQuery(text="货架"))] == EXPECTED_DOCUMENTS
        assert [row.repeats for row in store.ledger()] == ["doc-9/1"]
        assert [len(at.classes) for at in store.schools()] == [2, 0]
        rows = store.draft(InspectionId("d2"))
        assert rows is not None
        assert {item: answer.value for item, answer in rows.answers.items()} == EXPECTED_ROWS
        drill = store.form(rows.form.sha256)
        assert drill is not None
        assert with_address(drill).sha256 == rows.form.sha256  # what a form says has the same address for ever
        assert with_address(form).sha256 == kept.form.sha256
        assert [former.what for former in store.history(D1)] == ["answer", "photos"]
        assert [p.code for p in doctor.check(store, deep=False)] == [
            "missing-document"
        ] * 2  # the files are not stored here


def future(fails: bool = False) -> Migrations:
    """What a later release might add: the released steps and two more."""
    later = Migrations("safetyapp")
    later._migrations.extend(MIGRATIONS._migrations)

    @later()
    def step_3_weather(db) -> None:  # type: ignore[no-untyped-def]
        db.execute("ALTER TABLE drafts ADD COLUMN weather TEXT NOT NULL DEFAULT '晴'")

    @later()
    def step_4_loud_sites(db) -> None:  # type: ignore[no-untyped-def]
        db.execute("UPDATE drafts SET site = site || '！'")
        if fails:
            db.execute("SELECT no_such_function()")

    return later


def test_a_migration_keeps_the_data_and_a_copy_from_before(tmp_path: Path) -> None:
    shutil.copy(OLD, tmp_path / DATABASE_FILE)
    with closing(Database.open(tmp_path, version=VERSION + 2, migrations=future)) as database:
        rows = database.read(lambda c: c.execute("SELECT id, site, weather FROM drafts WHERE id = 'd1'").fetchall())
        assert rows == [("d1", "教学楼！", "晴")]
        applied = database.read(lambda c: c.execute("SELECT name FROM _sqlite_migrations ORDER BY id").fetchall())
        assert [name for (name,) in applied] == [
            "step_1_first_release",
            "step_2_print_log",
            "step_4_photo_marks",
            "step_3_weather",
            "step_4_loud_sites",
        ]
    assert found_version(tmp_path, VERSION + 2) == VERSION + 2
    (copy,) = (tmp_path / "backups").iterdir()
    assert copy.name == f"version-1-before-{VERSION + 2}-1.sqlite3"
    assert dump(copy) == dump(OLD)


def test_the_copy_holds_what_stands_in_the_log_only(tmp_path: Path) -> None:
    shutil.copy(OLD, tmp_path / DATABASE_FILE)
    with closing(raw(tmp_path)) as other:
        other.execute("PRAGMA journal_mode = WAL")
        other.execute("PRAGMA wal_autocheckpoint = 0")
        other.execute("UPDATE drafts SET site = '操场'")
        Database.open(tmp_path, version=VERSION + 2, migrations=future).close()
    (copy,) = (tmp_path / "backups").iterdir()
    assert any("操场" in line for line in dump(copy))


def test_a_migration_that_fails_leaves_the_old_database(tmp_path: Path) -> None:
    shutil.copy(OLD, tmp_path / DATABASE_FILE)
    before = dump(tmp_path / DATABASE_FILE)
    for _ in range(2):
        with pytest.raises(sqlite3.OperationalError, match="no_such_function"):
            Database.open(tmp_path, version=VERSION + 2, migrations=lambda: future(fails=True))
    assert dump(tmp_path / DATABASE_FILE) == before
    assert found_version(tmp_path) == 1
    assert sorted(p.name for p in (tmp_path / "backups").iterdir()) == [
        f"version-1-before-{VERSION + 2}-1.sqlite3",
        f"version-1-before-{VERSION + 2}-2.sqlite3",
    ]
    with SqliteStore.open(tmp_path) as store:
        assert len(store.drafts()) == 2


# other processes


def in_another_process(program: str, folder: Path) -> subprocess.Popen[str]:
    start = """import sys
from pathlib import Path
from safetyapp.store.store import SqliteStore
folder = Path(sys.argv[1])
"""
    return subprocess.Popen(
        [sys.executable, "-c", start + program, str(folder)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def test_one_process_writes_others_read(tmp_path: Path) -> None:
    held = "store = SqliteStore.open(folder)\nprint('open', flush=True)\nsys.stdin.read()\n"
    with in_another_process(held, tmp_path) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "open\n"
        with pytest.raises(Problem) as told:
            SqliteStore.open(tmp_path)
        assert (code_of(told), told.value.facts) == ("workspace-open", {"path": str(tmp_path)})
        with pytest.raises(Problem) as told:
            SqliteStore.open(tmp_path, wait=0.2)
        assert code_of(told) == "workspace-open"
        with SqliteStore.open(tmp_path, "read") as reader:
            assert reader.drafts() == ()
            for call in (
                lambda: reader.start_draft(draft(FORM), FORM, "oooooo"),
                lambda: reader.take_in(b"x", NOON),
                lambda: reader.keep_ink(b"x"),
                lambda: reader.keep_file(b"x"),
                lambda: reader.save_draft(draft(FORM), FORM, "oooooo", NOON),
                lambda: doctor.repair(reader),
            ):
                with pytest.raises(Problem) as told:
                    call()
                assert code_of(told) == "read-only"
        other.kill()
        other.wait()
        SqliteStore.open(tmp_path).close()  # the lock died with its process


def test_what_a_killed_process_committed_is_read_without_the_right_to_write(tmp_path: Path) -> None:
    """Its last commits stand in the log only; reading must find them there."""
    saves = """
from tests.domain.examples import NOON, draft, small_form
store = SqliteStore.open(folder)
store.start_draft(draft(small_form()), small_form(), "oooooo")
print('saved', flush=True)
sys.stdin.read()
"""
    with in_another_process(saves, tmp_path) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "saved\n"
        other.kill()
    assert (tmp_path / f"{DATABASE_FILE}-wal").stat().st_size > 0
    with SqliteStore.open(tmp_path, "read") as store:
        assert store.draft(D1) == draft(FORM)


def test_waiting_ends_when_the_other_lets_go(tmp_path: Path) -> None:
    store = SqliteStore.open(tmp_path)
    waits = "print('waiting', flush=True)\nSqliteStore.open(folder, wait=60).close()\nprint('had it')\n"
    with in_another_process(waits, tmp_path) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "waiting\n"
        store.close()
        assert other.communicate()[0] == "had it\n"


def test_the_same_process_cannot_open_twice(tmp_path: Path) -> None:
    with SqliteStore.open(tmp_path), pytest.raises(Problem) as told:
        SqliteStore.open(tmp_path)
    assert code_of(told) == "workspace-open"


def test_reading_where_nothing_is(tmp_path: Path) -> None:
    with pytest.raises(Problem) as told:
        SqliteStore.open(tmp_path / "none", "read")
    assert code_of(told) == "no-workspace"
    assert not (tmp_path / "none").exists()


def test_a_program_that_holds_the_file_is_told(tmp_path: Path) -> None:
    with SqliteStore.open(tmp_path, busy=0.01) as store, closing(raw(tmp_path)) as other:
        store.start_draft(draft(FORM), FORM, "oooooo")
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(Problem) as told:
            store.save_head(draft(FORM, site="楼"), NOON)
        assert code_of(told) == "database-locked"
        assert store.draft(D1) == draft(FORM)
        other.execute("ROLLBACK")
        store.save_head(draft(FORM, site="楼"), NOON)
