"""What the READMEs tell people to type exists, in both languages alike."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.project import ROOT

READMES = ("README.md", "README.zh.md")
TEST_COMMAND = "make test"


def _commands(name: str) -> list[str]:
    """The lines of the fenced blocks, without comments."""
    blocks = re.findall(r"^```(?:sh|powershell)?\n(.*?)^```", (ROOT / name).read_text(encoding="utf-8"), re.M | re.S)
    lines = (line.split("#")[0].strip() for block in blocks for line in block.splitlines())
    return [line for line in lines if line]


def _targets() -> set[str]:
    return set(re.findall(r"^([a-z][\w-]*):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M))


@pytest.mark.parametrize("name", READMES)
def test_every_make_target_named_is_there(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    named = set(re.findall(r"`make ([a-z][\w-]*)`", text))
    named |= {command.split()[1] for command in _commands(name) if command.startswith("make ")}
    assert {"run", "test", "test-qt68", "check", "bench"} <= named
    assert named <= _targets()


@pytest.mark.parametrize("name", READMES)
def test_every_picture_and_page_linked_is_there(name: str) -> None:
    links = re.findall(r"\]\(([^)#:]+)\)", (ROOT / name).read_text(encoding="utf-8"))
    assert links
    assert [link for link in links if not (ROOT / link).exists()] == []


def test_both_languages_show_the_same_commands() -> None:
    assert _commands("README.md") == _commands("README.zh.md")


def test_every_verb_shown_is_a_verb() -> None:
    """Verbs are looked up in the command line's own help, which needs no workspace."""
    from safetyapp.verbs.table import VERBS

    names = {str(name).split()[0] for name in VERBS}
    shown = {command.split()[1] for command in _commands("README.md") if re.match(r"safetyapp [a-z]", command)}
    assert shown
    assert shown <= names


def test_ci_runs_the_command_of_the_readme() -> None:
    script: Path = ROOT / ".ci" / "run"
    lines = [line.strip() for line in script.read_text(encoding="utf-8").splitlines()]
    assert TEST_COMMAND in _commands("README.md")
    assert f"exec {TEST_COMMAND}" in lines
    assert script.stat().st_mode & 0o111
