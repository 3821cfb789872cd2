"""With no display the program says so and does the main job: one inspection to a verified signed PDF."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from safetyapp.cli import has_display
from tests.cli.conftest import Run
from tests.project import ROOT

SCREENS = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")


def start(workspace: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if name not in SCREENS}
    kept |= {"SAFETYAPP_WORKSPACE": str(workspace), "SAFETYAPP_LANGUAGE": "zh", "PYTHONIOENCODING": "utf-8"}
    command = [sys.executable, str(ROOT / "main.py")]
    return subprocess.run(command, capture_output=True, encoding="utf-8", env={**kept, **environment}, timeout=120)


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="there is always a display on Windows and macOS")
def test_the_main_job_without_a_display(tmp_path: Path) -> None:
    done = start(tmp_path / "workspace")
    assert done.returncode == 0, done.stderr
    assert "没有显示器" in done.stdout
    (document,) = (tmp_path / "headless" / "documents").glob("*/*.pdf")
    assert str(document) in done.stdout
    assert "valid" in done.stdout
    assert not (tmp_path / "workspace").exists()


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="there is always a display on Windows and macOS")
def test_in_somebodys_own_workspace_only_with_the_passphrase(inspector: Run, tmp_path: Path) -> None:
    done = start(tmp_path / "workspace", SAFETYAPP_PASSPHRASE="口令-1")
    assert done.returncode == 0, done.stderr
    assert len(list((tmp_path / "workspace" / "documents").glob("*/*.pdf"))) == 1
    assert len(inspector("documents", "--json").data) == 1
    start(tmp_path / "workspace", SAFETYAPP_PASSPHRASE="")
    assert len(inspector("documents", "--json").data) == 1


@pytest.mark.parametrize(
    ("platform", "environ", "shown"),
    [
        ("linux", {}, False),
        ("linux", {"DISPLAY": ""}, False),
        ("linux", {"DISPLAY": ":0"}, True),
        ("linux", {"WAYLAND_DISPLAY": "wayland-0"}, True),
        ("win32", {}, True),
    ],
)
def test_where_a_window_can_be_shown(platform: str, environ: dict[str, str], shown: bool) -> None:
    assert has_display(platform, environ) is shown
