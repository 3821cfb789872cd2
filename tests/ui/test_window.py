"""The window as a whole: first start, going places, theme and scale, files dropped, names for screen readers."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QAccessible, QAccessibleInterface, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from safetyapp.app import build_tools
from safetyapp.domain.problem import Problem
from safetyapp.domain.school import School, SchoolId
from safetyapp.ui.first_start import strength
from safetyapp.ui.jobs import Jobs
from safetyapp.ui.look import Look, Mode
from safetyapp.ui.metrics import Style
from safetyapp.ui.parts import Button, Kind
from safetyapp.ui.tools import Tools
from safetyapp.ui.window import MainWindow
from safetyapp.ui.window_memory import Memory, recall, remember
from tests.ui.conftest import PASSPHRASE, press, type_text
from tests.ui.fill_stage import until
from tests.ui.watchdog import Watchdog

ALT = Qt.KeyboardModifier.AltModifier


def test_first_start_makes_an_identity_and_then_shows_today(
    open_window: Callable[[Tools], MainWindow], jobs: Jobs, tmp_path: Path
) -> None:
    tools = replace(build_tools(tmp_path / "new"), warm_up=lambda: None)
    window = open_window(tools)
    first = window.first
    assert first is not None
    assert not window.rail.isVisible()
    assert first.name.hasFocus()
    first.language_wanted.emit("en")
    assert window.first is not first
    assert window.first is not None
    window.first.language_wanted.emit("zh")
    first = window.first
    assert first is not None
    type_text(window, "王检查")
    press(window, Qt.Key.Key_Return)
    assert first.passphrase.hasFocus()
    type_text(window, "short")
    assert "8" in first._strength.text()
    press(window, Qt.Key.Key_Return)
    first.passphrase.setText(PASSPHRASE)
    press(window, Qt.Key.Key_Return)
    assert first.again.hasFocus()
    type_text(window, PASSPHRASE + "x")
    assert not first.go.isEnabled()
    first.again.setText(PASSPHRASE)
    first.again.setFocus()
    press(window, Qt.Key.Key_Return)
    assert jobs.settle(20)
    assert window.first is None
    me = tools.store.me()
    assert me is not None
    assert me.name == "王检查"
    assert window.rail.isVisible()
    assert window.rail.person.letter == "王"
    window.close()
    jobs.settle()
    tools.store.close()


def test_another_language_keeps_what_was_typed(open_window: Callable[[Tools], MainWindow], tmp_path: Path) -> None:
    tools = replace(build_tools(tmp_path / "new"), warm_up=lambda: None)
    window = open_window(tools)
    assert window.first is not None
    window.first.name.setText("王检查")
    window.first.passphrase.setText(PASSPHRASE)
    window.first.language.click()
    until(lambda: window.texts.language == "en")
    assert window.first is not None
    assert window.first.typed() == ("王检查", PASSPHRASE, "")
    window.close()
    tools.store.close()


@pytest.mark.parametrize(
    ("passphrase", "word"),
    [("", "short"), ("abc1234", "short"), ("aaaaaaaaaaaa", "weak"), ("abcdefgh", "weak"), ("correct horse", "fair"),
     ("longenough1", "fair"), ("校园安全检查", "fair"), ("correct horse battery", "good")],
)  # fmt: skip
def test_strength_in_words(passphrase: str, word: str) -> None:
    assert strength(passphrase) == word


def test_alt_digits_and_escape_go_places(window: MainWindow, jobs: Jobs) -> None:
    QTest.keyClick(window, Qt.Key.Key_2, ALT)
    assert jobs.settle()
    assert window.stack.currentWidget() is window.documents
    assert "文书" in window.windowTitle()
    press(window, Qt.Key.Key_Escape)
    assert window.stack.currentWidget() is window.today
    assert window.windowTitle().startswith("校安检")


def test_the_name_of_the_program_stands_once_in_the_title(window: MainWindow) -> None:
    assert window.windowTitle() == "校安检 — 今日"
    assert QApplication.applicationDisplayName() != "校安检", "Qt would write it behind every title"


def test_qts_own_dialogs_speak_the_language_of_the_window(window: MainWindow) -> None:
    words = ("&Look in:", "Files of &type:", "File &name:", "&Open", "&Save", "&Choose")
    said = [QCoreApplication.translate("QFileDialog", word) for word in words]
    assert [word for word, text in zip(words, said, strict=True) if text == word] == []
    window.set_language("en")
    assert [QCoreApplication.translate("QFileDialog", word) for word in words] == list(words)


@pytest.mark.parametrize("percent", [100, 125, 150, 200])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_words_of_the_rail_fit(window: MainWindow, look: Look, percent: int, language: str) -> None:
    window.set_language(language)
    window.set_percent(percent)
    say = window.texts.say
    words = [say(f"window.rail.{key}") for key in ("today", "documents", "nothing_waiting")]
    words.append(say("window.rail.waiting", n=99))
    room = window.rail.width() - look.metrics.px(4)
    metrics = look.font_metrics(Style.SMALL)
    assert [word for word in words if metrics.horizontalAdvance(word) > room] == []
    window.set_percent(100)


def test_the_rail_works_with_arrows(window: MainWindow, jobs: Jobs) -> None:
    window.rail.places.setFocus()
    press(window, Qt.Key.Key_Down)
    assert jobs.settle()
    assert window.stack.currentWidget() is window.documents


def test_f6_walks_the_panes(window: MainWindow) -> None:
    seen = []
    for _ in range(3):
        press(window, Qt.Key.Key_F6)
        seen.append(window.focusWidget())
    assert window.rail.places in seen
    assert window.today.search in seen
    assert len(set(map(id, seen))) == len(seen)


def test_one_errand_at_a_time_and_stop_leaves_what_came_in(window: MainWindow, jobs: Jobs, tmp_path: Path) -> None:
    for n in range(200):
        (tmp_path / f"{n}.pdf").write_bytes(b"no document")
    window.errands.import_documents([tmp_path])
    window.errands.import_documents([tmp_path])
    assert window.toast.text() == "还有一件事在做，做完再来。"
    window.line.stopped.emit()
    assert jobs.settle(10)
    assert not window.errands.is_busy
    assert window.toast.text().startswith("导入停了")
    assert window.errands.dialog is None


def test_a_change_during_loading_is_not_missed(window: MainWindow, jobs: Jobs, tools: Tools) -> None:
    window.today.reload()
    tools.store.save_schools([School(SchoolId("x"), "新来的小学")])
    window.today.reload()
    assert jobs.settle()
    assert window.today.row_of("x") is not None


def test_f1_lists_the_keys(window: MainWindow) -> None:
    press(window, Qt.Key.Key_F1)
    assert window.dialog is not None
    press(window.dialog, Qt.Key.Key_Escape)
    assert window.dialog is None


@pytest.mark.alone
def test_theme_follows_at_once_and_is_remembered(window: MainWindow, look: Look, workspace: Path) -> None:
    with Watchdog() as dog:
        window.set_mode(Mode.DARK)
        QCoreApplication.processEvents()
    assert look.theme.is_dark
    assert recall(workspace).mode == "dark"
    assert dog.worst < 400
    window.set_mode(Mode.LIGHT)


def test_scale_and_language_rebuild_the_same_place(window: MainWindow, jobs: Jobs, look: Look) -> None:
    window.go("documents")
    window.set_percent(150)
    assert jobs.settle()
    assert window.stack.currentWidget() is window.documents
    assert window.rail.width() == 108
    window.set_language("en")
    assert jobs.settle()
    assert window.documents is not None
    assert window.windowTitle().endswith("Documents")
    window.set_percent(100)
    assert jobs.settle()
    texts = window._tools.texts
    assert texts.language == "en"


def test_the_menu_offers_what_there_is(window: MainWindow) -> None:
    menu = window.make_menu()
    offered = [a.text() for a in menu.actions() if not a.isSeparator()]
    assert offered == [
        "颜色",
        "文字大小",
        "语言 Language",
        "导入学校名单…",
        "导入检查表…",
        "导入文书…",
        "设置",
        "这一页的按键",
    ]
    menu.close()
    menu.deleteLater()


def test_memory_survives_nonsense(tmp_path: Path) -> None:
    assert recall(tmp_path) == Memory()
    odd_size = {"mode": "dark", "percent": 7, "language": "", "place": [], "maximised": False}
    for text in ("{", "[]", '{"mode": "pink"}', json.dumps(odd_size)):
        (tmp_path / "window.json").write_text(text)
        assert recall(tmp_path) == Memory()
    memory = Memory("dark", 150, "en", (1, 2, 1300, 700), True)
    remember(tmp_path, memory)
    assert recall(tmp_path) == memory
    remember(tmp_path / "nowhere", memory)


def drop(window: MainWindow, jobs: Jobs, *paths: Path) -> None:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    event = QDropEvent(
        QPointF(50, 50), Qt.DropAction.CopyAction, mime, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    )
    window.dropEvent(event)
    QTest.qWait(5)
    assert jobs.settle(30)


def test_what_is_no_document_is_listed_with_the_reason(window: MainWindow, jobs: Jobs, tmp_path: Path) -> None:
    odd = tmp_path / "一页.pdf"
    odd.write_bytes(b"hello")
    drop(window, jobs, odd)
    dialog = window.errands.dialog
    assert dialog is not None
    assert dialog.rows[0][0] == "一页.pdf"
    assert dialog.rows[0][1] == "不是 PDF 文件"
    assert odd.exists()
    assert "没有导入 1" in window.toast.text()
    press(dialog, Qt.Key.Key_Escape)


def test_an_empty_folder_is_said_plainly(window: MainWindow, jobs: Jobs, tmp_path: Path) -> None:
    (tmp_path / "leer").mkdir()
    drop(window, jobs, tmp_path / "leer")
    assert window.toast.text() == "那里没有 PDF 文书。"


def test_trouble_says_what_is_safe_and_goes_when_closed(window: MainWindow, jobs: Jobs) -> None:
    def fail() -> None:
        raise Problem("not-written", path="/x", reason="磁盘已满")

    jobs.data(fail)
    assert jobs.settle()
    assert "磁盘已满" in window.trouble.text()
    assert "工作区里的文书都在" in window.trouble.text()
    window.errands.tell_trouble(RuntimeError("x"))
    assert "(+1)" in window.trouble._sentence.text()
    for _ in range(2):
        window.trouble._close.click()
    assert not window.trouble.isVisible()


def test_an_unknown_draft_is_trouble_and_no_crash(window: MainWindow, jobs: Jobs) -> None:
    window.open_fill("nothing")
    assert jobs.settle()
    assert window.work is None
    assert window.trouble.text()


def walk(interface: QAccessibleInterface | None) -> Iterator[QAccessibleInterface]:
    if interface is None or not interface.isValid():
        return
    yield interface
    for n in range(min(interface.childCount(), 60)):
        yield from walk(interface.child(n))


def unnamed(window: QWidget) -> list[str]:
    """Controls that a screen reader would find without a name."""
    found = []
    for node in walk(QAccessible.queryAccessibleInterface(window)):
        state = node.state()
        if state.focusable and not state.invisible and not node.text(QAccessible.Text.Name).strip():
            found.append(f"{node.role()} {node.object()}")
    return found


def test_every_control_has_a_name(window: MainWindow, jobs: Jobs) -> None:
    assert unnamed(window) == []
    window.go("documents")
    assert jobs.settle()
    assert unnamed(window) == []
    window.choose()
    assert window.dialog is not None
    assert unnamed(window.dialog) == []
    window.dialog.reject()


@pytest.mark.parametrize("percent", [100, 150, 200])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_nothing_makes_the_window_wider_than_the_smallest_screen(
    window: MainWindow, jobs: Jobs, percent: int, language: str
) -> None:
    window.resize(1280, 640)
    window.set_language(language)
    window.set_percent(percent)
    for place in ("today", "documents"):
        window.go(place)
        assert jobs.settle()
        QCoreApplication.processEvents()
        assert (window.width(), window.height()) == (1280, 640)
        least = window.minimumSizeHint()
        assert least.width() <= 1280
        assert least.height() <= 640
    window.set_percent(100)


def test_at_most_one_filled_button(window: MainWindow, jobs: Jobs) -> None:
    for place in ("today", "documents"):
        window.go(place)
        assert jobs.settle()
        screen = window.stack.currentWidget()
        filled = [b for b in screen.findChildren(Button) if b.kind is Kind.PRIMARY and b.isVisible()]
        assert len(filled) <= 1


def test_the_place_of_the_window_is_remembered(
    open_window: Callable[[Tools], MainWindow], tools: Tools, schools: tuple[School, ...], workspace: Path, jobs: Jobs
) -> None:
    window = open_window(tools)
    window.setGeometry(3, 4, 1290, 650)
    window.close()
    assert recall(workspace).place == (3, 4, 1290, 650)
    again = open_window(tools)
    assert again.size() == window.size()


def test_closing_waits_for_what_is_not_saved(window: MainWindow, jobs: Jobs) -> None:
    unsaved = [True]

    class Work(QWidget):
        def flush(self) -> None: ...

        def has_unsaved(self) -> bool:
            return unsaved[0]

    window._show_work(Work())
    window.close()
    assert window.isVisible()
    window._close_timer.stop()
    unsaved[0] = False
    window._on_close_time()
    assert not window.isVisible()


def test_copies_of_the_workspace_are_independent(identity: Path, workspace: Path) -> None:
    assert identity != workspace
    shutil.rmtree(workspace / "nothing", ignore_errors=True)
