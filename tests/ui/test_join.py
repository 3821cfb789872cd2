"""加入区里 at the first start: the office's file is compared and answered by a request; the answer opens the window."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from safetyapp.app import build_tools
from safetyapp.cli import main
from safetyapp.domain.school import Role
from safetyapp.ui.jobs import Jobs
from safetyapp.ui.join_dialog import JoinDialog
from safetyapp.ui.tools import Tools
from safetyapp.ui.window import MainWindow
from tests.cli.conftest import PASSPHRASE, Said
from tests.cli.test_sync_verbs import District, grant
from tests.ui.conftest import press
from tests.ui.test_window import unnamed


@pytest.fixture
def district(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> District:
    monkeypatch.setenv("SAFETYAPP_PASSPHRASE", PASSPHRASE)

    def run(*arguments: object) -> Said:
        capsys.readouterr()
        code = main([str(a) for a in arguments])
        return Said(code, *capsys.readouterr())

    made = District(tmp_path, run)
    assert made.on("office", "init", "--role", "office", "--name", "王演示").exit == 0
    return made


def test_an_inspector_joins_by_two_files(
    open_window: Callable[[Tools], MainWindow], jobs: Jobs, district: District, tmp_path: Path
) -> None:
    offer = district.offer("张示例", "inspector")
    tools = replace(build_tools(tmp_path / "laptop"), warm_up=lambda: None)
    window = open_window(tools)
    assert window.first is not None
    window.first.join.setFocus()
    press(window, Qt.Key.Key_Space)
    (dialog,) = window.findChildren(JoinDialog)
    assert unnamed(dialog) == []
    assert not dialog.go.isEnabled()

    (tmp_path / "letter.json").write_text("{}", encoding="utf-8")
    dialog.look_at(tmp_path / "letter.json")
    assert jobs.settle()
    assert "不是可用的登记文件" in dialog.remark.text()
    dialog.look_at(offer)
    assert jobs.settle()
    assert dialog.facts is not None
    assert (dialog.facts.name, dialog.facts.role, dialog.facts.makes_key) == ("张示例", Role.INSPECTOR, True)
    assert "核对指纹" in dialog.remark.text()
    QTest.keyClicks(dialog.passphrase, "one two three four")
    QTest.keyClicks(dialog.again, "one two three")
    assert not dialog.go.isEnabled()
    QTest.keyClicks(dialog.again, " four")
    assert dialog.go.isEnabled()
    press(dialog, Qt.Key.Key_Return)  # nobody answers at the hub's address
    assert jobs.settle(20)
    assert dialog.go.isEnabled()
    assert tools.store.me() is None

    dialog.write_request(tmp_path / "request.json")
    assert jobs.settle(20)
    assert str(tmp_path / "request.json") in dialog.remark.text()
    dialog.look_at(grant(district, tmp_path / "request.json", tmp_path / "answer.json"))
    assert jobs.settle()
    assert not dialog.facts.makes_key
    dialog.go.setFocus()
    press(dialog, Qt.Key.Key_Space)
    assert jobs.settle(20)
    me = tools.store.me()
    assert me is not None
    assert (me.name, me.role) == ("张示例", Role.INSPECTOR)
    assert window.first is None
    assert window.stack.currentWidget() is window.today
    tools.store.close()
