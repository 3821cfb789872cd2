"""The start: what is loaded when Today is painted, and that its rows are in that paint."""

from __future__ import annotations

import gc
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from safetyapp.domain.problem import Problem
from safetyapp.domain.school import School
from safetyapp.texts import Texts
from safetyapp.ui import start
from safetyapp.ui.jobs import Jobs
from safetyapp.ui.look import Look
from safetyapp.ui.start import refusal
from safetyapp.ui.tools import Tools
from safetyapp.ui.window import MainWindow

ROOT = Path(__file__).parent.parent.parent

HEAVY = (
    "PIL", "aiohttp", "asyncio", "cryptography", "lxml", "msgspec", "openpyxl", "pikepdf", "pyhanko", "reportlab",
    "ruamel", "sqlite_utils",
    "safetyapp.documents", "safetyapp.domain.form", "safetyapp.domain.inspection", "safetyapp.domain.ledger",
    "safetyapp.domain.record", "safetyapp.store.drafts", "safetyapp.store.ledger", "safetyapp.store.photos",
    "safetyapp.care", "safetyapp.ui.care_tools", "safetyapp.ui.window_care", "safetyapp.ui.settings_screen",
    "safetyapp.ui.crash_card", "safetyapp.ui.note_bar", "safetyapp.ui.key_maps", "logging.handlers", "faulthandler",
    "safetyapp.ui.choose", "safetyapp.ui.documents", "safetyapp.ui.fill", "safetyapp.ui.first_start",
    "safetyapp.ui.keys_dialog", "safetyapp.ui.print_errand", "safetyapp.ui.schools_dialog", "safetyapp.ui.sheet_dialog",
    "safetyapp.ui.sign", "safetyapp.workflow", "PySide6.QtPrintSupport",
)  # fmt: skip
"""What Today does without; each takes time that a person waits."""

DRIVER = """
import sys
from functools import partial
from pathlib import Path
from PySide6.QtWidgets import QApplication
from safetyapp.app import build_tools
from safetyapp.ui import start

def end():
    window = next(w for w in QApplication.topLevelWidgets() if isinstance(w, start.MainWindow))
    print(len(window.today.facts.rows), "rows", "loaded:", *sys.modules)
    QApplication.quit()

start._end = end
sys.exit(start.run(partial(build_tools, Path(sys.argv[1])), "zh", quit_after_paint=True))
"""


def _run(*command: str) -> str:
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=True)
    return done.stdout


def test_today_is_painted_before_anything_heavy_is_loaded(
    tools: Tools, schools: tuple[School, ...], workspace: Path
) -> None:
    tools.forms()  # compiled once, as on the second start of a laptop
    tools.store.close()
    rows, loaded = _run(sys.executable, "-c", DRIVER, str(workspace)).split("loaded:")
    assert rows.split() == [str(len(schools)), "rows"]
    names = loaded.split()
    assert "safetyapp.ui.today" in names
    assert [name for name in names if name.startswith(tuple(f"{h}." for h in HEAVY)) or name in HEAVY] == []


def test_pyside_does_not_look_at_every_import() -> None:
    asked = "import builtins, safetyapp.ui.qt_import as q; print(builtins.__import__ is builtins.__feature_import__)"
    assert _run(sys.executable, "-c", asked).split() == ["False"]


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("code", ["read-only", "workspace-open", "disk-full"])
def test_what_does_not_open_is_said_whole_and_in_one_language(language: str, code: str, qtbot: QtBot) -> None:
    texts = Texts(language)
    box = refusal(Problem(code, path="D:/工作区", reason=""), texts)
    qtbot.addWidget(box)
    stop = "。" if language == "zh" else "."
    assert box.windowTitle()
    assert [button.text() for button in box.buttons()] == ["知道了" if language == "zh" else "OK"]
    assert box.text().endswith(stop)
    lines = box.informativeText().split("\n")
    assert len(lines) == 2
    assert all(line.endswith(stop) and not line.endswith(stop * 2) for line in lines)
    assert "没有保存" not in box.informativeText(), "nothing was to be saved"


def test_a_workspace_that_does_not_open_ends_with_two(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[Problem] = []
    monkeypatch.setattr(start, "_say", lambda problem, texts: said.append(problem))

    def build(language: str) -> Tools:
        raise Problem("workspace-open", path="x")

    assert start.run(build, "zh") == 2
    assert [problem.code for problem in said] == ["workspace-open"]
    assert QApplication.applicationDisplayName() != Texts("zh").say("window.name")


def test_cycles_are_collected_on_the_windows_thread_only(jobs: Jobs, qtbot: QtBot) -> None:
    seen: list[str] = []
    kept: list[object] = []  # what is let go again does not count as new

    def note(phase: str, facts: dict[str, int]) -> None:
        seen.append(threading.current_thread().name)

    gc.callbacks.append(note)
    try:
        for _ in range(4):
            jobs.work(lambda progress: kept.append([[i] for i in range(200_000)]))
        assert jobs.settle(20)
        qtbot.waitUntil(lambda: bool(seen))
    finally:
        gc.callbacks.remove(note)
    assert set(seen) == {threading.main_thread().name}


def test_painted_comes_once_and_with_the_rows(
    tools: Tools, schools: tuple[School, ...], look: Look, jobs: Jobs
) -> None:
    window = MainWindow(tools, look, jobs)
    seen: list[int] = []
    window.painted.connect(lambda: seen.append(len(window.today.facts.rows)))
    window.show()
    assert jobs.settle()
    window.repaint()
    assert jobs.settle()
    assert seen == [len(schools)]
    window.close()
