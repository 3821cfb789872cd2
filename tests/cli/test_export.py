"""Documents out to a stick, and back into a workspace that lost one, by the command line."""

from __future__ import annotations

import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.cli.conftest import Run


@pytest.fixture
def office(demo_made_once: Path, tmp_path: Path) -> Path:
    """A copy of the office's workspace, with a document of every built-in form in it."""
    return Path(shutil.copytree(demo_made_once / "office", tmp_path / "office"))


def test_what_cannot_be_exported_is_named_and_the_rest_is_written(run: Run, office: Path, tmp_path: Path) -> None:
    first, *others = sorted((office / "documents").glob("*/*.pdf"))
    whole = first.read_bytes()
    first.unlink()
    said = run("export", "--to", tmp_path / "stick", "--workspace", office, "--json")
    assert said.exit == 1
    written = {Path(path).read_bytes() for path in said.data["exported"]}
    assert written == {other.read_bytes() for other in others}
    (failed,) = said.data["failed"]
    assert (failed["path"], failed["code"]) == (str(first), "missing-document")
    assert str(first) in run("export", "--to", tmp_path / "stick", "--workspace", office).out
    (tmp_path / "again.pdf").write_bytes(whole)
    back = run("import", tmp_path / "again.pdf", "--workspace", office, "--json")
    assert (back.exit, back.data["known"], back.data["restored"]) == (0, *[[str(tmp_path / "again.pdf")]] * 2)
    assert run("doctor", "--workspace", office, "--json").data == {"ok": True, "problems": []}
    assert run("export", "--to", tmp_path / "stick", "--workspace", office, "--json").data["failed"] == []


def test_a_file_where_the_folder_should_be_is_told(run: Run, office: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    said = run("export", "--to", tmp_path / "file", "--workspace", office, "--json")
    assert (said.exit, said.data["exported"]) == (1, [])
    assert {failed["code"] for failed in said.data["failed"]} == {"not-written"}


@pytest.mark.skipif(os.name != "posix", reason="pipes and devices are files on POSIX")
def test_a_device_or_a_pipe_is_no_document_and_no_list(run: Run, office: Path, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.xlsx"
    os.mkfifo(pipe)
    for path in (pipe, Path("/dev/zero")):
        assert run("verify", path, "--workspace", office).exit != 0
    assert run("schools", "import", pipe, "--workspace", office).exit != 0


@pytest.mark.parametrize("table", ["ledger", "documents", "me"])
def test_a_table_that_is_gone_is_told(run: Run, office: Path, table: str) -> None:
    with closing(sqlite3.connect(office / "safetyapp.sqlite3")) as connection:
        connection.execute(f"DROP TABLE {table}")
    for options in ([], ["--repair"]):
        said = run("doctor", *options, "--workspace", office, "--json")
        assert (said.exit, said.data["ok"]) == (1, False)
        assert any("safetyapp.sqlite3" in problem for problem in said.data["problems"])
    if table != "me":
        said = run("findings", "--workspace", office)
        assert (said.exit, said.err.count("\n")) == (2, 1)
