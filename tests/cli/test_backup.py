"""The verbs backup and restore, and choices written by the program."""

from pathlib import Path

import pytest

from safetyapp.domain.problem import Problem
from safetyapp.settings import Choices, read_choices, write_choice
from tests.cli.conftest import Run


def test_a_workspace_is_backed_up_and_taken_back(inspector: Run, tmp_path: Path) -> None:
    made = inspector("backup", tmp_path / "stick" / "b.zip", "--json")
    assert (made.exit, made.data["ok"], made.data["problems"]) == (0, True, [])
    assert inspector("backup", tmp_path / "stick" / "b.zip").exit == 2
    school = inspector("schools", "list", "--json").data[0]["id"]
    assert inspector("inspect", "start", "--school", school, "--form", "fire").exit == 0
    back = inspector("restore", tmp_path / "stick" / "b.zip", "--json")
    assert back.exit == 0
    assert Path(back.data["aside"], "safetyapp.sqlite3").is_file()
    assert inspector("doctor").exit == 0
    assert inspector("schools", "list", "--json").data
    assert not list(tmp_path.glob(".*.restoring"))


def test_one_choice_is_changed_and_the_rest_stays_as_it_was_written(tmp_path: Path) -> None:
    file = tmp_path / "settings.toml"
    write_choice(tmp_path, "backup", "days", 14)
    assert read_choices(tmp_path) == Choices(backup_days=14)
    file.write_text('# mine\n[fonts]\nsystem = true # allowed\n\n[timestamp]\nurl = "http://a.example"\n', "utf-8")
    write_choice(tmp_path, "timestamp", "url", "https://b.example/tsr")
    write_choice(tmp_path, "backup", "days", 3)
    assert read_choices(tmp_path) == Choices(True, "https://b.example/tsr", 3)
    assert file.read_text("utf-8").startswith("# mine\n[fonts]\nsystem = true # allowed\n\n[timestamp]\n")
    before = file.read_bytes()
    with pytest.raises(Problem, match="bad-setting"):
        write_choice(tmp_path, "timestamp", "url", "nowhere")
    assert file.read_bytes() == before
    file.write_text("[fonts\n", "utf-8")
    with pytest.raises(Problem, match="settings-broken"):
        write_choice(tmp_path, "fonts", "system", True)
    assert file.read_text("utf-8") == "[fonts\n", "a file with a mistake is never written over"
