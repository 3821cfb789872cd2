"""A person's path on a real screen: the program in a process of its own, an X server, and keys from outside."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pytest

from safetyapp.app import build_tools, create_workspace
from safetyapp.domain.answer_kinds import AnswerKind
from safetyapp.domain.form import Form
from safetyapp.domain.school import Role
from tests.project import ROOT
from tests.ui.fill_stage import SCHOOL, good_value

PASSPHRASE = "kuaiche8"
MOST_STROKES = 40
NAMES = {"-": "minus", ".": "period"}
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not (shutil.which("Xvfb") and shutil.which("xdotool")), reason="only where there is X"),
]


@dataclass
class Person:
    """Somebody at the keyboard of a display; `strokes` counts the keys that answer nothing."""

    display: str
    strokes: list[str] = field(default_factory=list)

    def _tool(self, *arguments: str) -> str:
        env = {**os.environ, "DISPLAY": self.display}
        return subprocess.run(["xdotool", *arguments], env=env, capture_output=True, text=True).stdout

    def press(self, *keys: str) -> None:
        self.strokes += keys
        self._tool("key", "--delay", "30", *keys)

    def answer(self, *keys: str) -> None:
        """Keys that are the answers themselves."""
        self._tool("key", "--delay", "6", *keys)

    def window(self) -> str:
        return self._tool("search", "--onlyvisible", "--name", "校安检").strip()

    def look_at(self, window: str) -> None:
        """Without a window manager nobody gives a window its size and the keys."""
        self._tool("windowsize", "--sync", window, "1366", "768")
        self._tool("windowfocus", "--sync", window)


def come(about: Callable[[], object], seconds: float = 20.0) -> None:
    """Asks again until it has come about."""
    end = time.monotonic() + seconds
    while not about():
        assert time.monotonic() < end, "it has not come about"
        time.sleep(0.02)


def rest(process: int) -> None:
    """Until the program has nothing to do: two looks at its processor time find the same."""
    ticks = -1
    while ticks != (now := _ticks(process)):
        ticks = now
        time.sleep(0.12)


def _ticks(process: int) -> int:
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12])


@pytest.fixture
def person() -> Iterator[Person]:
    reading, writing = os.pipe()
    command = ["Xvfb", "-displayfd", str(writing), "-screen", "0", "1366x768x24", "-nolisten", "tcp"]
    server = subprocess.Popen(command, pass_fds=(writing,), stderr=subprocess.DEVNULL)
    os.close(writing)
    try:
        with os.fdopen(reading) as said:
            yield Person(f":{said.readline().strip()}")
    finally:
        server.terminate()
        server.wait(10)


def asked(workspace: Path, question: str) -> int:
    """A number out of the database, while the program writes it."""
    with closing(sqlite3.connect(f"file:{workspace / 'safetyapp.sqlite3'}?mode=ro", uri=True)) as database:
        return int(database.execute(question).fetchone()[0])


def answers(form: Form) -> list[str]:
    """The keys that answer every item so that it passes: 1 for a choice, else what is typed, and Enter."""
    keys: list[str] = []
    for item in form.items():
        if item.answer.kind is AnswerKind.CONFORMITY:
            keys.append("1")
            continue
        typed = "-3" if item.answer.kind is AnswerKind.DATE else good_value(item, date(2026, 1, 1))
        keys += [NAMES.get(char, char) for char in typed] + ["Return"] * (1 + len(item.answer.readings))
    return keys


def test_from_the_start_to_a_signed_pdf(person: Person, tmp_path: Path) -> None:
    workspace = tmp_path / "workspace"
    create_workspace(workspace, Role.INSPECTOR, "张示例", PASSPHRASE)
    tools = build_tools(workspace)
    tools.store.save_schools([SCHOOL])
    form = tools.form("fire")
    tools.store.close()
    env = {**os.environ, "DISPLAY": person.display, "QT_QPA_PLATFORM": "xcb", "SAFETYAPP_WORKSPACE": str(workspace)}
    program = subprocess.Popen([sys.executable, str(ROOT / "main.py")], env=env | {"SAFETYAPP_LANGUAGE": "zh"})
    try:
        come(person.window)
        person.look_at(person.window())
        rest(program.pid)
        person.press("Return")  # on the most pressing cell
        come(lambda: asked(workspace, "SELECT count(*) FROM drafts WHERE form_id = 'fire'"))
        rest(program.pid)
        person.answer(*answers(form))
        of_items = "SELECT count(*) FROM answers WHERE item NOT LIKE '%/%'"
        come(lambda: asked(workspace, of_items) == sum(1 for _ in form.items()) == 60)
        rest(program.pid)
        person.press("F9")
        for keys in (
            ("Tab", "Tab", "Return"), ("Down", "Return"),  # the inspector signs on paper
            ("Tab", "Tab", "Tab", "Return"), ("Down", "Down", "Return"),  # so does who went along
            ("Tab", "Tab", "Tab", *PASSPHRASE, "ctrl+Return"),
        ):  # fmt: skip
            rest(program.pid)
            person.press(*keys)
        come(lambda: asked(workspace, "SELECT count(*) FROM documents WHERE state = 'waiting'"))
    finally:
        program.terminate()
        program.wait(20)
    (document,) = (workspace / "documents").rglob("*.pdf")
    verdict = build_tools(workspace).signer.verify(document.read_bytes())
    assert verdict.is_valid
    assert len(person.strokes) <= MOST_STROKES, person.strokes
