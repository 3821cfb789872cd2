"""Help: every shortcut that a screen binds is in its key map, and none is there that does not exist."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QKeySequence, QShortcut
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from safetyapp.domain.school import School
from safetyapp.texts import Texts
from safetyapp.ui.jobs import Jobs
from safetyapp.ui.key_maps import ANYWHERE, IN_WORK, SCREENS, Key, qt_keys
from safetyapp.ui.keys_dialog import KeysDialog
from safetyapp.ui.window import MainWindow
from safetyapp.workflow.opened import resume
from tests.ui.conftest import press
from tests.ui.test_window import unnamed

CTRL = Qt.KeyboardModifier.ControlModifier
SAME = {"Ctrl+Enter": "Ctrl+Return"}
"""The Enter of the number pad does the same."""


def told(keys: tuple[Key, ...]) -> set[str]:
    return {QKeySequence(qt_keys(caps)).toString() for key in keys if not key.typed for caps in key.caps}


def bound(screen: QWidget, *, deep: bool = True) -> set[str]:
    how = Qt.FindChildOption.FindChildrenRecursively if deep else Qt.FindChildOption.FindDirectChildrenOnly
    found = {s.key().toString() for s in screen.findChildren(QShortcut, options=how)}
    return {SAME.get(keys, keys) for keys in found}


def test_the_key_maps_are_what_the_screens_bind(window: MainWindow, schools: tuple[School, ...], jobs: Jobs) -> None:
    assert bound(window, deep=False) == told(ANYWHERE)
    assert told(IN_WORK) <= told(ANYWHERE)
    assert bound(window.today) == told(SCREENS["today"])
    for name in ("documents", "drills", "settings"):
        window.go(name)
        assert jobs.settle()
        screen = window.stack.currentWidget()
        assert window.screen_name() == name
        assert bound(screen) == told(SCREENS[name]), name
    window.start(schools[0].id, "fire")
    assert jobs.settle()
    assert window.work is not None
    assert window.screen_name() == "fill"
    assert bound(window.work) == told(SCREENS["fill"])
    (draft,) = window.tools.store.drafts()
    window.leave_work()
    assert jobs.settle()
    window.start_drill(schools[0].id, "fire", "120")
    assert jobs.settle()
    assert window.work is not None
    assert window.screen_name() == "drill"
    assert bound(window.work) == told(SCREENS["drill"])
    window.leave_work()
    assert jobs.settle()
    window.open_sign(resume(window.tools.store, window.tools.reckon, draft.id))
    assert jobs.settle()
    assert window.screen_name() == "sign"
    assert bound(window.work) == told(SCREENS["sign"])


def test_every_key_says_what_it_does_in_both_languages() -> None:
    for keys in (ANYWHERE, *SCREENS.values()):
        for key in keys:
            assert Texts("zh").say(key.text) != Texts("en").say(key.text)
            assert all(not QKeySequence(qt_keys(caps)).isEmpty() for caps in key.caps if not key.typed)


def test_f1_shows_the_keys_of_the_screen_and_finds_one(window: MainWindow, jobs: Jobs) -> None:
    press(window, Qt.Key.Key_F1)
    dialog = window.dialog
    assert isinstance(dialog, KeysDialog)
    assert "今日" in dialog.windowTitle()
    assert unnamed(dialog) == []
    QTest.keyClicks(dialog.list.search, "ctrl n")
    assert [found for found, row, _ in dialog.list.rows if row.isVisibleTo(dialog)] == ["ctrl n 开始检查"]
    dialog.list.search.setText("没有这个")
    assert dialog.list.none.isVisible()
    dialog.copy.click()
    copied = QGuiApplication.clipboard().text()
    assert "Ctrl N" in copied
    assert "今日" in copied
    press(dialog, Qt.Key.Key_Escape)
    press(dialog, Qt.Key.Key_Escape)
    assert window.dialog is None


def test_in_fill_f1_is_the_item_and_ctrl_f1_the_keys(
    window: MainWindow, schools: tuple[School, ...], jobs: Jobs
) -> None:
    window.start(schools[0].id, "fire")
    assert jobs.settle()
    press(window, Qt.Key.Key_F1)
    assert window.dialog is None
    press(window, Qt.Key.Key_F1, CTRL)
    assert isinstance(window.dialog, KeysDialog)
    assert "填写" in window.dialog.windowTitle()
    window.dialog.reject()
