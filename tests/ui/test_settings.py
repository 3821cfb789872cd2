"""Settings: what is changed holds at once; backups, keys, deleted drafts and a broken file in the real window."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtTest import QTest

from safetyapp.app import build_tools
from safetyapp.documents import authority
from safetyapp.domain.school import School
from safetyapp.settings import Choices, read_choices
from safetyapp.store.backup import last_backup
from safetyapp.ui.jobs import Jobs
from safetyapp.ui.look import Mode
from safetyapp.ui.settings_backup import BackupPage, RestoreDialog, ask_restore, back_up_to
from safetyapp.ui.settings_key import KeyPage
from safetyapp.ui.settings_log import LogPage
from safetyapp.ui.settings_pages import DraftsPage, LookPage
from safetyapp.ui.settings_paper import PaperPage
from safetyapp.ui.settings_parts import Page
from safetyapp.ui.settings_screen import PAGES, SettingsScreen
from safetyapp.ui.tools import Tools
from safetyapp.ui.window import MainWindow
from safetyapp.ui.window_memory import recall
from safetyapp.workflow.inspect import start as begin
from tests.documents.certificates import new_key
from tests.documents.tokens import make_pkcs12
from tests.fakes.clock import FakeClock
from tests.ui.conftest import PASSPHRASE, press
from tests.ui.test_window import unnamed

CTRL = Qt.KeyboardModifier.ControlModifier


def shown(window: MainWindow, jobs: Jobs, name: str = "") -> SettingsScreen:
    window.settings(name)
    assert jobs.settle(20)
    assert window.settings_screen is not None
    return window.settings_screen


def page(window: MainWindow, jobs: Jobs, name: str) -> Page:
    return shown(window, jobs, name).pages[name]


def test_look_is_changed_at_once_and_the_same_page_comes_back(window: MainWindow, jobs: Jobs) -> None:
    QTest.keyClick(window, Qt.Key.Key_Comma, CTRL)
    assert jobs.settle()
    screen = window.settings_screen
    assert screen is not None
    assert window.stack.currentWidget() is screen
    assert screen.nav.hasFocus()
    look = screen.pages["look"]
    assert isinstance(look, LookPage)
    look.mode.buttons()[1].click()
    assert window.look.mode is Mode.DARK
    look.percent.buttons()[1].click()
    look = page(window, jobs, "look")
    assert isinstance(look, LookPage)
    assert (window.look.percent, look.percent.value()) == (125, 125)
    look.language.buttons()[1].click()
    assert window.texts.language == "en"
    assert recall(window.tools.workspace)[:3] == ("dark", 125, "en")
    window.settings("backup")
    window.set_language("zh")
    assert jobs.settle()
    screen = window.settings_screen
    assert screen is not None
    assert (window.stack.currentWidget(), screen.page) == (screen, "backup")
    press(window, Qt.Key.Key_Escape)
    assert window.stack.currentWidget() is window.today


def test_every_page_opens_has_names_and_fits_the_smallest_screen(window: MainWindow, jobs: Jobs) -> None:
    window.resize(1280, 640)
    for percent in (100, 200):
        window.set_percent(percent)
        for name, _, _ in PAGES:
            screen = shown(window, jobs, name)
            QCoreApplication.processEvents()
            made = screen.pages[name]
            assert unnamed(window) == [], name
            assert window.width() <= 1280, name
            inside = made.widget()
            assert inside is not None
            assert inside.minimumSizeHint().width() <= made.width(), name
            assert all(pane.isVisible() for pane in screen.panes())


def test_a_setting_is_found_by_a_word_in_either_language(window: MainWindow, jobs: Jobs) -> None:
    screen = shown(window, jobs)
    QTest.keyClick(window, Qt.Key.Key_F, CTRL)
    assert screen.search.hasFocus()
    QTest.keyClicks(screen.search, "restore")
    assert [screen.nav.item(n).isHidden() for n in range(screen.nav.count())].count(False) == 1
    press(window, Qt.Key.Key_Return)
    assert screen.page == "backup"
    screen.search.setText("时间戳")
    screen.search.returnPressed.emit()
    assert screen.page == "paper"


def test_a_backup_is_made_said_and_taken_back(window: MainWindow, tools: Tools, jobs: Jobs, tmp_path: Path) -> None:
    care, me = window.care, tools.store.me()
    care.look_at_backup()
    assert jobs.settle()
    assert window.news.notes.text() == "", "nothing has been inspected yet"
    assert me is not None
    clock = FakeClock(datetime.now().astimezone() - timedelta(days=9))
    begin(tools.store, clock, tools.reckon, tools.new_id, tools.store.schools()[0], tools.form("fire"), me)
    care.look_at_backup()
    assert jobs.settle()
    assert "没有备份过" in window.news.notes.text()
    window.news.notes.buttons[0].click()
    assert jobs.settle()
    screen = window.settings_screen
    assert screen is not None
    made = screen.pages["backup"]
    assert isinstance(made, BackupPage)
    assert "还没有" in made.last.title.text()
    back_up_to(window, care.desk, tmp_path / "stick")
    assert jobs.settle(20)
    last = last_backup(tools.workspace)
    assert last is not None
    assert last.path in window.toast.text()
    assert last.path in made.last.remark.text()
    assert window.news.notes.text() == ""
    log = page(window, jobs, "log")
    assert isinstance(log, LogPage)
    assert [sentence for _, sentence in window.news.told if last.path in sentence]

    shown(window, jobs, "backup")
    made.days.buttons()[2].click()
    assert jobs.settle()
    assert read_choices(tools.workspace).backup_days == 14
    ask_restore(window, care.desk, Path(last.path))
    assert jobs.settle(20)
    (dialog,) = window.findChildren(RestoreDialog)
    assert dialog.focusWidget().accessibleName() == "不恢复"  # type: ignore[union-attr]
    dialog.go.click()
    assert jobs.settle(20)
    assert window.afterwards is not None
    assert not window.isVisible()
    tools.store.close()
    again = window.afterwards()("zh")
    assert len(again.store.schools()) == 5
    assert list(tools.workspace.parent.glob("workspace-before-*"))
    again.store.close()


def test_a_deleted_draft_comes_back(window: MainWindow, tools: Tools, schools: tuple[School, ...], jobs: Jobs) -> None:
    window.start(schools[0].id, "fire")
    assert jobs.settle()
    window.leave_work()
    (draft,) = tools.store.drafts()
    tools.store.delete_draft(draft.id, tools.clock.now())
    made = page(window, jobs, "drafts")
    assert isinstance(made, DraftsPage)
    made.buttons[0].setFocus()
    press(window, Qt.Key.Key_Space)
    assert jobs.settle()
    assert [row.id for row in tools.store.drafts()] == [draft.id]
    assert made.buttons == []
    assert "已找回" in window.toast.text()


def test_another_key_is_checked_before_it_is_used(
    open_window: Callable[[Tools], MainWindow], workspace: Path, jobs: Jobs, tmp_path: Path
) -> None:
    tools = replace(build_tools(workspace), warm_up=lambda: None)
    window = open_window(tools)
    me, keys, key = tools.store.me(), tools.workspace / "keys", new_key()
    assert me is not None
    moment = datetime.now().astimezone() - timedelta(seconds=5)
    certificate = authority.certify(keys, me, key.public_key(), PASSPHRASE, moment)
    file = make_pkcs12(tmp_path / "张.p12", key, certificate, "证书口令")
    made = page(window, jobs, "key")
    assert isinstance(made, KeyPage)
    assert "张示例" in made.holder.title.text()
    assert not made.own.isEnabled()
    made.ask_file(file)
    dialog = made.dialog
    assert dialog is not None
    dialog.fields[0].setText("不对")
    press(dialog, Qt.Key.Key_Return)
    assert jobs.settle()
    assert "口令" in dialog.remark.text()
    assert dialog.isVisible()
    dialog.fields[0].setText("证书口令")
    dialog.go.click()
    assert jobs.settle()
    assert made.dialog is None
    assert made.facts is not None
    assert (made.facts.kind, made.facts.fingerprint) == ("pkcs12", authority.fingerprint(certificate))
    made.own.click()
    assert jobs.settle()
    assert made.facts.kind == "own"
    window.close()
    tools.store.close()


def test_choices_of_paper_are_written_and_a_broken_file_is_named(window: MainWindow, tools: Tools, jobs: Jobs) -> None:
    made = page(window, jobs, "paper")
    assert isinstance(made, PaperPage)
    made.allow.click()
    assert jobs.settle()
    made.url.setFocus()
    made.url.setText("http://127.0.0.1:9/tsr")
    press(window, Qt.Key.Key_Return)
    assert jobs.settle()
    assert read_choices(tools.workspace) == Choices(True, "http://127.0.0.1:9/tsr")
    made.test.click()
    assert jobs.settle(20)
    assert "没有取到" in made.tested.title.text()
    made.url.setText("nowhere")
    made.url.editingFinished.emit()
    assert jobs.settle()
    assert "nowhere" in window.trouble.text()
    file = tools.workspace / "settings.toml"
    file.write_text("[fonts\n", "utf-8")
    shown(window, jobs, "paper")
    assert not made.allow.isEnabled()
    assert str(file) in made._allow_row.remark.text()
    assert file.read_text("utf-8") == "[fonts\n"


def test_days_left_are_said_when_they_get_few(window: MainWindow, jobs: Jobs) -> None:
    made = page(window, jobs, "key")
    assert isinstance(made, KeyPage)
    facts = made.facts
    assert facts is not None
    for days, said in ((400, "还有 400 天"), (20, "还剩 20 天"), (3, "还剩 3 天"), (-2, "过期 2 天")):
        made._show(facts._replace(days=days))
        assert made.chip.text() == said
        window.care.note_key(facts._replace(days=days))
        assert ("签名证书" in window.news.notes.text()) is (days <= 30)
