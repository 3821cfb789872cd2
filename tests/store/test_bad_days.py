"""What may never happen: an answer that was shown as saved is gone after a kill or on a full disk."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from safetyapp.domain.form import ItemId
from safetyapp.domain.inspection import Answer, InspectionId
from safetyapp.domain.problem import Problem
from safetyapp.store import doctor
from safetyapp.store.store import SqliteStore
from tests.domain.examples import NOON, draft, small_form
from tests.store.examples import document

ROOT = Path(__file__).parent.parent.parent
FORM = small_form()
D1, A1 = InspectionId("d1"), ItemId("A-1")

linux_only = pytest.mark.skipif(sys.platform != "linux", reason="forks, or mounts file systems of its own")


@linux_only
@pytest.mark.slow
def test_200_kills_lose_nothing(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.store.torture", str(tmp_path), "200", "20261124"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["wrong"] == []
    assert told["after_repair"] == []
    assert told["commits"] > 400
    assert told["photos"] > 20


def _namespace() -> list[str]:
    """The command that gives a process mounts of its own, as this machine allows it."""
    ways = (
        ["unshare", "--mount", "--map-root-user"],
        ["unshare", "--mount"],
        ["sudo", "-n", "-E", "unshare", "--mount"],
    )
    for way in ways:
        if shutil.which(way[0]) and subprocess.run([*way, "true"], capture_output=True, check=False).returncode == 0:
            return way
    pytest.skip("this machine lets nobody mount: neither root, nor user namespaces, nor sudo")


@pytest.fixture(scope="module")
def bad_disk(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    folder = tmp_path_factory.mktemp("disk")
    done = subprocess.run(
        [*_namespace(), sys.executable, "-m", "tests.store.bad_disk", str(folder)],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    seen: dict[str, Any] = json.loads(done.stdout)
    return seen


@linux_only
def test_on_a_full_disk_nothing_saved_is_lost_and_nothing_half_kept(bad_disk: dict[str, Any]) -> None:
    full = bad_disk["full"]
    every = ("answer", "whole", "file", "photo", "document", "ink", "marked")
    assert full["codes"] == dict.fromkeys(every, "disk-full")
    assert full["here"] == {
        "old_answer": True, "last_said": True, "photos": 1, "documents": 0, "parts": [],
        "nothing_of_the_whole": True, "files": [], "marks": True,
    }  # fmt: skip
    assert full["after"] == dict.fromkeys(every, "done")
    assert full["problems"] == []
    assert full["opening"] in ("done", "disk-full")
    assert full["reading"] == "done"


@linux_only
def test_a_write_protected_disk_can_be_read(bad_disk: dict[str, Any]) -> None:
    assert bad_disk["read_only"] == {
        "write": "read-only",
        "new": "read-only",
        "drafts": ["d1"],
        "files": ["safetyapp.sqlite3", "workspace.lock"],
    }


def test_when_the_database_may_not_grow_the_old_state_stays(tmp_path: Path) -> None:
    """The engine's own limit stands for the full disk where nothing can be mounted."""
    with SqliteStore.open(tmp_path) as store:
        store.start_draft(draft(FORM), FORM, "oooooo")
        row, data, ledger, _ = document()
        store.database.write(lambda c: c.execute("PRAGMA max_page_count = 1").fetchone())

        def write_much() -> None:
            for n in range(100):
                answer = Answer(A1, "fail", NOON, note=f"{n} " + "很长" * 5000)
                store.save_answer(D1, A1, answer, (), "gooooo", NOON)

        with pytest.raises(Problem) as told:
            write_much()
        assert told.value.code == "disk-full"
        kept = store.draft(D1)
        assert kept is not None
        assert kept.answers.keys() <= {A1}
        store.database.write(lambda c: c.execute("PRAGMA max_page_count = 1073741823").fetchone())
        store.save_answer(D1, A1, Answer(A1, "pass", NOON), (), "pooooo", NOON)
        assert store.keep_document(row, data, ledger, D1)
        assert doctor.check(store, deep=True) == ()


@pytest.mark.skipif(os.name != "posix", reason="permissions of folders are another thing elsewhere")
def test_a_folder_without_permission_is_told(tmp_path: Path) -> None:
    """In a process without the rights of root, since those know no permissions."""
    folder = tmp_path / "workspace"
    with SqliteStore.open(folder) as store:
        store.start_draft(draft(FORM), FORM, "oooooo")
    program = """if True:
        import sys
        from pathlib import Path
        from safetyapp.domain.problem import Problem
        from safetyapp.store.store import SqliteStore
        import os
        folder = Path(sys.argv[1])
        if os.geteuid() == 0:
            os.setuid(65534)
        for path in (folder, folder / "new"):
            try:
                SqliteStore.open(path)
            except Problem as problem:
                print(problem.code)
        print(*(row.id for row in SqliteStore.open(folder, "read").drafts()))
    """
    for parent in (folder, *folder.parents):
        if parent == Path("/tmp") or len(parent.parts) <= 2:
            break
        parent.chmod(0o755)
    for path in folder.iterdir():
        path.chmod(0o444)
    folder.chmod(0o555)
    try:
        done = subprocess.run(
            [sys.executable, "-c", program, str(folder)], cwd=ROOT, capture_output=True, text=True, check=False
        )
    finally:
        folder.chmod(0o755)
    assert done.stdout.split() == ["read-only", "read-only", "d1"], done.stderr


def test_an_ordinary_mistake_of_ours_is_no_problem_of_the_world(tmp_path: Path) -> None:
    with SqliteStore.open(tmp_path) as store, pytest.raises(sqlite3.OperationalError, match="no such table"):
        store.database.write(lambda c: c.execute("DELETE FROM nowhere"))
