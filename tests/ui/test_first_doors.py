"""The doors of the first start: a demonstration beside the workspace, a backup taken back, a document only verified."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt

from safetyapp.app import build_tools
from safetyapp.care.desk import DEMO_MARK
from safetyapp.domain.problem import Cancelled
from safetyapp.domain.progress import Progress
from safetyapp.domain.verdict import VerdictKind
from safetyapp.ui.jobs import Jobs
from safetyapp.ui.tools import Tools
from safetyapp.ui.verify_dialog import VerifyDialog
from safetyapp.ui.window import MainWindow
from tests.ui.conftest import press
from tests.ui.test_window import unnamed

OLD = Path(__file__).parent.parent / "old" / "inspection-report-1.pdf"


def small_demo(identity: Path, folder: Path, language: str, progress: Progress) -> None:
    """As the real one, with nothing inspected yet."""
    progress("demo", 0, 1)
    for name in ("laptop-1", "office"):
        shutil.copytree(identity, folder / name)
        (folder / name / DEMO_MARK).touch()
    (folder / "passphrase.txt").write_text("演示口令\n", "utf-8")


def test_the_demonstration_is_built_opened_left_and_deleted(
    open_window: Callable[[Tools], MainWindow], jobs: Jobs, identity: Path, tmp_path: Path
) -> None:
    home = tmp_path / "data" / "workspace"
    tools = replace(build_tools(home, make_demo=partial(small_demo, identity)), warm_up=lambda: None)
    window = open_window(tools)
    first = window.first
    assert first is not None
    assert unnamed(window) == []
    first.role.buttons()[1].setChecked(True)
    first.demo.setFocus()
    press(window, Qt.Key.Key_Space)
    assert jobs.settle(20)
    assert window.afterwards is not None
    tools.store.close()

    office = replace(window.afterwards()("zh"), warm_up=lambda: None)
    assert office.workspace == tmp_path / "data" / "demo" / "office"
    demo = open_window(office)
    demo.care.look_around()
    assert jobs.settle()
    assert demo.windowTitle().endswith("（演示工作区）")
    assert "演示口令" in demo.news.notes.text()
    assert office.signer._watermark() == "演示"  # type: ignore[attr-defined]
    assert tools.signer._watermark() == ""  # type: ignore[attr-defined]
    demo.news.notes.buttons[1].click()
    assert jobs.settle()
    assert demo.afterwards is not None
    office.store.close()
    again = demo.afterwards()("zh")
    assert again.workspace == home
    assert not (tmp_path / "data" / "demo").exists()
    assert home.exists()
    again.store.close()


def test_a_stopped_demonstration_leaves_the_first_start_as_it_was(
    open_window: Callable[[Tools], MainWindow], jobs: Jobs, tmp_path: Path
) -> None:
    def stopped(folder: Path, language: str, progress: Progress) -> None:
        raise Cancelled

    tools = replace(build_tools(tmp_path / "data" / "workspace", make_demo=stopped), warm_up=lambda: None)
    window = open_window(tools)
    assert window.first is not None
    window.first.name.setText("王检查")
    window.first.demo.click()
    assert jobs.settle()
    assert window.first is not None
    assert window.first.name.text() == "王检查"
    assert "停了" in window.toast.text()
    assert window.isVisible()
    window.close()
    tools.store.close()


def test_a_folder_named_demo_that_is_not_ours_is_never_deleted(tmp_path: Path) -> None:
    (tmp_path / "demo").mkdir()
    (tmp_path / "demo" / "mine.txt").write_text("x", "utf-8")
    tools = build_tools(tmp_path / "workspace")
    assert not tools.care().demo().is_there
    tools.care().delete_demo()
    assert (tmp_path / "demo" / "mine.txt").exists()
    tools.store.close()


def test_a_document_is_judged_without_an_identity_and_nothing_is_kept(
    open_window: Callable[[Tools], MainWindow], jobs: Jobs, tmp_path: Path
) -> None:
    tools = replace(build_tools(tmp_path / "workspace"), warm_up=lambda: None)
    window = open_window(tools)
    assert window.first is not None
    window.first.verify.click()
    (dialog,) = window.findChildren(VerifyDialog)
    assert unnamed(dialog) == []
    dialog.look_at(OLD)
    assert jobs.settle(20)
    verdict = tools.signer.verify(OLD.read_bytes())
    assert verdict.kind is VerdictKind.UNKNOWN_SIGNER
    assert dialog.block.isVisible()
    assert dialog.block.title.text()
    assert tools.store.waiting() == 0
    dialog.look_at(tmp_path / "gone.pdf")
    assert jobs.settle()
    assert "gone.pdf" in dialog.name.text()
    dialog.accept()
    window.close()
    tools.store.close()
