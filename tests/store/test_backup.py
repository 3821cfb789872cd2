"""The workspace in one file and back: consistent while people work, read back, never over anything that is there."""

from __future__ import annotations

import json
import os
import shutil
import zipfile
from collections.abc import Callable, Iterator
from datetime import timedelta
from errno import EFBIG
from pathlib import Path
from typing import NamedTuple

import pytest

from safetyapp.domain.backup import LastBackup, is_due
from safetyapp.domain.document import DocumentQuery
from safetyapp.domain.inspection import InspectionId
from safetyapp.domain.problem import Cancelled, Problem
from safetyapp.store import backup, doctor
from safetyapp.store.store import SqliteStore
from tests.domain.examples import NOON, draft, small_form
from tests.store.examples import document, small_photo

FORM = small_form()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    with SqliteStore.open(tmp_path / "workspace") as opened:
        row, data, ledger, _ = document()
        opened.keep_document(row, data, ledger)
        opened.take_in(small_photo(), NOON)
        opened.keep_ink(b"ink")
        (opened.folder / "keys").mkdir()
        (opened.folder / "keys" / "person.key").write_bytes(b"locked")
        for left_out in ("compiled/x.bin", "logs/safetyapp.log", "incoming/a.part"):
            (opened.folder / left_out).parent.mkdir(exist_ok=True)
            (opened.folder / left_out).write_bytes(b"-")
        yield opened


@pytest.fixture
def packed(store: SqliteStore, tmp_path: Path) -> Path:
    return Path(backup.back_up(store, tmp_path / "stick" / "b.zip", NOON).path)


def refused(call: Callable[[], object]) -> str:
    with pytest.raises(Problem) as told:
        call()
    return told.value.code


def test_a_backup_made_while_somebody_writes_is_one_state_and_comes_back_whole(
    store: SqliteStore, tmp_path: Path
) -> None:
    """A document that comes in while files are being packed is in none of its parts, or sound all the same."""

    def busy(step: str, done: int, total: int) -> None:
        if step == "backup" and not store.drafts():
            store.start_draft(draft(FORM), FORM, "oooooo")
            row, data, ledger, _ = document(7)
            store.keep_document(row, data, ledger)

    before = backup.changes(store)
    made = backup.back_up(store, tmp_path / "stick" / "b.zip", NOON, busy)
    assert backup.last_backup(store.folder) == made
    assert made.changes == before != backup.changes(store)
    contents = backup.unpack(Path(made.path), tmp_path / "back")
    assert contents.files == made.files
    assert (tmp_path / "back/keys/person.key").read_bytes() == b"locked"
    if os.name == "posix":
        assert (tmp_path / "back/keys/person.key").stat().st_mode & 0o077 == 0
    assert not (tmp_path / "back/compiled").exists()
    assert not (tmp_path / "back/logs").exists()
    with SqliteStore.open(tmp_path / "back") as back:
        assert [row.id for row in back.documents(DocumentQuery())] == ["doc-000000"]
        assert back.drafts() == ()
        assert backup.last_backup(back.folder) == made, "what comes back has been backed up"
        assert backup.changes(back) == made.changes
        assert {problem.code for problem in doctor.check(back, deep=True)} <= {"leftover"}
    assert not list(store.folder.glob(".backup-*"))


def test_what_is_there_is_never_written_over_and_a_stopped_one_leaves_nothing(
    store: SqliteStore, packed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = packed.read_bytes()
    assert refused(lambda: backup.back_up(store, packed, NOON)) == "backup-there"
    assert packed.read_bytes() == before
    assert refused(lambda: backup.back_up(store, store.folder / "x" / "b.zip", NOON)) == "backup-inside"
    for step in ("backup", "verify"):
        with pytest.raises(Cancelled):
            backup.back_up(store, tmp_path / "stick/c.zip", NOON, stop_at(step))
    (tmp_path / "file").write_bytes(b"")
    assert refused(lambda: backup.back_up(store, tmp_path / "file" / "d.zip", NOON)) == "not-written"

    def too_large(step: str, done: int, total: int) -> None:
        raise OSError(EFBIG, "File too large")

    assert refused(lambda: backup.back_up(store, tmp_path / "stick/f.zip", NOON, too_large)) == "backup-file-limit"

    class Usage(NamedTuple):
        free: int

    monkeypatch.setattr(shutil, "disk_usage", lambda path: Usage(1000))
    assert refused(lambda: backup.back_up(store, tmp_path / "stick/e.zip", NOON)) == "backup-no-room"
    assert refused(lambda: backup.unpack(packed, tmp_path / "back")) == "backup-no-room"
    assert [path.name for path in (tmp_path / "stick").iterdir()] == ["b.zip"]
    assert not (tmp_path / "back").exists()


def stop_at(step: str) -> Callable[[str, int, int], None]:
    def report(now: str, done: int, total: int) -> None:
        if now == step:
            raise Cancelled

    return report


def test_a_stick_that_keeps_other_bytes_than_it_was_given_is_found_out(store: SqliteStore, tmp_path: Path) -> None:
    """Between writing and reading back a byte turns over."""
    target = tmp_path / "b.zip"

    def rot(step: str, done: int, total: int) -> None:
        if step == "verify" and done * 2 == total:
            part = target.with_name("b.zip.part")
            data = bytearray(part.read_bytes())
            data[data.index(b"locked")] ^= 1
            part.write_bytes(data)

    assert refused(lambda: backup.back_up(store, target, NOON, rot)) == "backup-damaged"
    assert not list(tmp_path.glob("b.zip*"))
    assert backup.last_backup(store.folder) is None


@pytest.mark.parametrize(
    ("harm", "code"),
    [
        (lambda told: told.update(database=99), "backup-newer"),
        (lambda told: told.update(format=99), "backup-newer"),
        (lambda told: told["files"][0].update(path="../out"), "not-a-backup"),
        (lambda told: told["files"][0].update(path="C:\\out"), "not-a-backup"),
        (lambda told: told["files"][1].update(sha256="0" * 64), "backup-damaged"),
        (lambda told: told["files"][1].update(size=1), "backup-damaged"),
        (lambda told: told["files"][1].update(path="keys/other"), "backup-damaged"),
        (lambda told: told.pop("files"), "not-a-backup"),
    ],
)
def test_a_backup_that_is_not_what_it_says_changes_nothing(
    packed: Path, tmp_path: Path, harm: Callable[[dict[str, object]], object], code: str
) -> None:
    harmed = tmp_path / "harmed.zip"
    with zipfile.ZipFile(packed) as old, zipfile.ZipFile(harmed, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            if name == backup.MANIFEST:
                told = json.loads(data)
                harm(told)
                data = json.dumps(told).encode()
            new.writestr(name, data)
    assert refused(lambda: backup.unpack(harmed, tmp_path / "back")) == code
    assert not (tmp_path / "back").exists()


def test_a_foreign_file_and_none_are_named(tmp_path: Path) -> None:
    (tmp_path / "x.zip").write_bytes(b"no zip")
    assert refused(lambda: backup.read_contents(tmp_path / "x.zip")) == "not-a-backup"
    assert refused(lambda: backup.read_contents(tmp_path / "gone.zip")) == "unreadable-file"


def test_the_workspace_that_was_there_goes_aside(store: SqliteStore, packed: Path, tmp_path: Path) -> None:
    store.start_draft(draft(FORM), FORM, "oooooo")
    backup.unpack(packed, tmp_path / "back")
    assert refused(lambda: backup.take_place(tmp_path / "back", store.folder, NOON)) == "workspace-open"
    store.close()
    aside = backup.take_place(tmp_path / "back", store.folder, NOON)
    assert aside is not None
    with SqliteStore.open(aside) as before, SqliteStore.open(store.folder) as now:
        assert [row.id for row in before.drafts()] == [InspectionId("d1")]
        assert now.drafts() == ()
    assert not (tmp_path / "back").exists()


def test_when_to_remind(store: SqliteStore) -> None:
    week, long_ago = timedelta(days=7, seconds=1), NOON - timedelta(days=90)
    old = LastBackup(NOON - week, "D:/b.zip", 3, 100, "1.0")
    assert is_due(old, "2.0", long_ago, NOON)
    assert not is_due(old, "1.0", long_ago, NOON), "nothing has changed since"
    assert not is_due(old, "2.0", long_ago, NOON, days=8)
    assert not is_due(old, "2.0", long_ago, NOON, days=0), "the person wants none"
    assert is_due(None, "1.0", NOON - week, NOON)
    assert not is_due(None, "1.0", NOON - timedelta(days=6), NOON)
    assert not is_due(None, "1.0", None, NOON), "there is nothing yet"
    first = backup.first_work(store)
    store.start_draft(draft(FORM), FORM, "oooooo")
    again = backup.first_work(store)
    assert first is not None
    assert again == min(first, draft(FORM).started_at)
