"""Documents, with really signed files: list, search, pages, verdict, saving, importing what was changed."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog
from pytestqt.qtbot import QtBot

from safetyapp.app import build_tools
from safetyapp.domain.answer_kinds import AnswerKind
from safetyapp.domain.document import DocumentRow
from safetyapp.domain.inspection import Ink
from safetyapp.domain.verdict import Verdict, VerdictKind
from safetyapp.ui.documents import DocumentsScreen
from safetyapp.ui.jobs import Jobs
from safetyapp.ui.look import Look
from safetyapp.ui.preview import PagesView
from safetyapp.ui.tools import Tools
from safetyapp.ui.window import MainWindow
from safetyapp.workflow import inspect
from safetyapp.workflow.finalise import Finalised, finalise
from safetyapp.workflow.ports import DocumentQuery
from tests.ui.conftest import PASSPHRASE, press, some_schools, type_text
from tests.ui.fill_stage import until
from tests.ui.watchdog import Watchdog


def sign_one(tools: Tools, school: int) -> DocumentRow:
    """An inspection in which everything passes but one item."""
    me = tools.store.me()
    assert me is not None
    place = some_schools(5)[school]
    draft = inspect.start(tools.store, tools.clock, tools.reckon, tools.new_id, place, tools.form("fire"), me)
    today = tools.clock.now().date()
    failed = False
    for item in draft.form.items():
        if not item.applies_to(place):
            continue
        value = "pass"
        limits = item.answer.limits_for(place)
        if item.answer.kind is AnswerKind.DATE:
            value = today.isoformat()
        elif item.answer.kind.is_number:
            value = str(limits.minimum if limits.minimum is not None else limits.maximum or 1)
        elif not failed and item.severity.value == "general" and item.photo.value == "none":
            value, failed = "fail", True
        draft = inspect.answer(tools.store, tools.clock, tools.wording, draft, item.id, value)
    for finding in draft.inspection.findings:
        told = replace(finding, text="走廊堆放纸箱", place="教学楼二层")
        draft = inspect.describe(tools.store, tools.clock, draft, told)
    draft = inspect.set_head(
        tools.store, tools.clock, draft, escort="周陪同", opinion="按期整改", school_opinion="无异议"
    )
    now = tools.clock.now()
    inks = (Ink(me.name, "inspector", now, refused="手签", witness=""), Ink("周陪同", "escort", now, refused="手签"))
    done = finalise(tools.store, tools.signer, tools.clock, draft, inks, PASSPHRASE, tools.app_version)
    return done.row


@pytest.fixture(scope="session")
def signed_workspace(identity: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two signed reports."""
    folder = tmp_path_factory.mktemp("signed") / "workspace"
    shutil.copytree(identity, folder)
    tools = build_tools(folder)
    tools.store.save_schools(some_schools(5))
    sign_one(tools, 0)
    sign_one(tools, 2)
    tools.store.close()
    return folder


@pytest.fixture
def workspace(signed_workspace: Path, tmp_path: Path) -> Path:
    folder = tmp_path / "workspace"
    shutil.copytree(signed_workspace, folder)
    return folder


@pytest.fixture
def window(open_window: Callable[[Tools], MainWindow], tools: Tools) -> MainWindow:
    return open_window(tools)


@pytest.fixture
def screen(window: MainWindow, jobs: Jobs, qtbot: QtBot) -> DocumentsScreen:
    """Documents, with its first file open and judged."""
    window.go("documents")
    made = window.documents
    assert made is not None
    wait_shown(made, jobs, qtbot)
    return made


def wait_shown(screen: DocumentsScreen, jobs: Jobs, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: screen.pages.is_rendered and screen.panel.verdict is not None, timeout=20_000)
    assert jobs.settle()


def test_the_first_document_is_open_verified_and_drawn(screen: DocumentsScreen) -> None:
    assert screen.current() is not None
    assert screen.panel.verdict is not None
    assert screen.panel.verdict.kind is VerdictKind.VALID
    assert screen.panel.block.title.text() == "签名有效，内容未改动"
    assert screen.pages.count >= 2
    assert screen.middle.page_field.text() == "1"
    picture = screen.pages.viewport().grab().toImage()
    colours = {picture.pixelColor(x, 60).name() for x in range(0, picture.width(), 3)}
    assert "#ffffff" in colours
    assert len(colours) > 1


def test_keys_move_pages_and_zoom(screen: DocumentsScreen, window: MainWindow, jobs: Jobs, qtbot: QtBot) -> None:
    screen.list.setFocus()
    press(window, Qt.Key.Key_Space)
    assert screen.pages.verticalScrollBar().value() > 0
    press(window, Qt.Key.Key_Return)
    assert screen.pages.hasFocus()
    press(window, Qt.Key.Key_End)
    qtbot.waitUntil(lambda: screen.pages.current_page() == screen.pages.count)
    fitted = screen.pages.percent()
    press(window, Qt.Key.Key_Plus)
    assert screen.pages.percent() > fitted
    press(window, Qt.Key.Key_0)
    assert screen.pages.percent() == fitted
    press(window, Qt.Key.Key_Home)
    assert screen.pages.current_page() == 1
    wait_shown(screen, jobs, qtbot)


def test_a_typed_page_is_gone_to(screen: DocumentsScreen, jobs: Jobs, qtbot: QtBot) -> None:
    screen.middle.page_field.setFocus()
    screen.middle.page_field.setText("2")
    QTest.keyClick(screen.middle.page_field, Qt.Key.Key_Return)
    assert screen.pages.current_page() == 2
    wait_shown(screen, jobs, qtbot)


def test_search_in_chinese_and_back(screen: DocumentsScreen, window: MainWindow, jobs: Jobs, qtbot: QtBot) -> None:
    assert screen.index.rows.rowCount() == 2
    QTest.keyClick(window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    type_text(window, "丙寅")
    press(window, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: screen.index.rows.rowCount() == 1)
    wait_shown(screen, jobs, qtbot)
    row = screen.current()
    assert row is not None
    assert row.school == "丙寅幼儿园"
    screen.search_for("没有这样的")
    assert jobs.settle()
    assert screen.index.nothing.isVisible()
    screen.index.show_all()
    qtbot.waitUntil(lambda: screen.index.rows.rowCount() == 2)
    wait_shown(screen, jobs, qtbot)


def test_v_verifies_again(screen: DocumentsScreen, window: MainWindow, jobs: Jobs, qtbot: QtBot) -> None:
    screen.list.setFocus()
    press(window, Qt.Key.Key_V)
    assert screen.panel.verdict is None
    wait_shown(screen, jobs, qtbot)
    assert screen.panel.verdict is not None


def test_save_as_writes_the_same_bytes(
    screen: DocumentsScreen,
    window: MainWindow,
    jobs: Jobs,
    tools: Tools,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    target = tmp_path / "副本.pdf"
    proposed: list[str] = []

    def ask(parent: object, title: str, name: str, *rest: object) -> tuple[str, str]:
        proposed.append(name)
        return str(target), ""

    monkeypatch.setattr(QFileDialog, "getSaveFileName", ask)
    screen.list.setFocus()
    press(window, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    assert jobs.settle()
    row = screen.current()
    assert row is not None
    assert row.school in proposed[0]
    assert target.read_bytes() == tools.store.document_path(row.sha256).read_bytes()
    assert "副本.pdf" in window.toast.text()


def test_a_file_that_is_gone_is_said(
    screen: DocumentsScreen, window: MainWindow, jobs: Jobs, tools: Tools, qtbot: QtBot
) -> None:
    row = screen.index.rows.row(1)
    assert row is not None
    tools.store.document_path(row.sha256).unlink()
    screen.list.setFocus()
    press(window, Qt.Key.Key_Down)
    qtbot.waitUntil(lambda: screen.middle.sentence() != "")
    assert jobs.settle()
    assert screen.middle.sentence()


@pytest.mark.alone
def test_walking_through_documents_does_not_hold_the_window(
    screen: DocumentsScreen,
    window: MainWindow,
    jobs: Jobs,
    qtbot: QtBot,
    record_property: Callable[[str, object], None],
) -> None:
    screen.list.setFocus()
    with Watchdog() as dog:
        for key in (Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_Down):
            press(window, key)
            QTest.qWait(120)
        wait_shown(screen, jobs, qtbot)
    record_property("worst_gap_ms", round(dog.worst))
    assert dog.worst < 250


def test_out_to_a_stick_and_in_again(
    window: MainWindow, screen: DocumentsScreen, jobs: Jobs, tmp_path: Path, identity: Path, tools: Tools
) -> None:
    stick = tmp_path / "stick"
    window.errands.export_to(stick)
    assert jobs.settle(20)
    files = sorted(stick.glob("*.pdf"))
    assert len(files) == 2
    assert "已存 2 份" in window.toast.text()
    changed = bytearray(files[0].read_bytes())
    place = changed.find(b"stream") + 20
    changed[place] ^= 1
    (stick / "改过.pdf").write_bytes(bytes(changed))
    window.errands.import_documents([stick])
    assert jobs.settle(30)
    assert window.toast.text() == "导入 3 份：新 0，已有 2，没有导入 1"
    dialog = window.errands.dialog
    assert dialog is not None
    assert dialog.rows[0][0] == "改过.pdf"
    assert dialog.rows[0][1]
    press(dialog, Qt.Key.Key_Escape)
    assert tools.store.count_documents(DocumentQuery()) == 2


def test_today_opens_a_recent_document(window: MainWindow, jobs: Jobs, qtbot: QtBot) -> None:
    recent = window.today.recent_list
    assert recent.isVisible()
    assert window.rail.waiting.accessibleName() == "待发 2"
    recent.setFocus()
    press(window, Qt.Key.Key_Down)
    press(window, Qt.Key.Key_Return)
    assert window.documents is not None
    wait_shown(window.documents, jobs, qtbot)
    row = window.documents.current()
    assert row is not None
    assert row.sha256 == window.today.facts.recent[1].sha256


def test_a_finalised_document_is_shown_at_once(window: MainWindow, jobs: Jobs, tools: Tools, qtbot: QtBot) -> None:
    row = tools.store.documents(DocumentQuery())[1]
    verdict = tools.signer.verify(tools.store.document_path(row.sha256).read_bytes())
    window._on_document_finalised(Finalised(row, verdict))
    assert window.documents is not None
    wait_shown(window.documents, jobs, qtbot)
    shown = window.documents.current()
    assert shown is not None
    assert shown.sha256 == row.sha256
    assert window.rail.isVisible()


def test_narrow_list_and_detail_alternate(screen: DocumentsScreen, window: MainWindow, jobs: Jobs) -> None:
    window.resize(960, 640)
    QCoreApplication.processEvents()
    assert screen.index.isVisible()
    assert not screen.middle.isVisible()
    screen.list.setFocus()
    press(window, Qt.Key.Key_Return)
    assert screen.middle.isVisible()
    assert not screen.index.isVisible()
    press(window, Qt.Key.Key_Escape)
    assert screen.index.isVisible()
    press(window, Qt.Key.Key_Escape)
    assert window.stack.currentWidget() is window.today
    assert jobs.settle()


class Counted:
    """Pages that know how many of them are open; opening takes until `gate` is."""

    open = 0
    gate = threading.Event()

    def __init__(self, data: bytes) -> None:
        Counted.open += 1
        assert Counted.gate.wait(20)

    @property
    def count(self) -> int:
        return 1

    def render(self, page: int, width: int) -> tuple[int, int, int, bytes]:
        return 1, 1, 4, bytes(4)

    def close(self) -> None:
        Counted.open -= 1


@pytest.mark.parametrize("when", ["before it is opened", "while it is opened", "when it is open"])
def test_no_file_stays_open_when_the_program_ends(look: Look, qapp: QApplication, when: str) -> None:
    jobs = Jobs()
    view = PagesView(look, jobs, Counted)
    Counted.gate.clear()
    view.open(b"1")
    if when != "before it is opened":
        until(lambda: Counted.open == 1)
    if when == "when it is open":
        Counted.gate.set()
        assert jobs.settle()
    view.open(b"2")
    if when == "when it is open":
        assert jobs.settle()
    view.shut()
    view.open(b"3")  # was being read while the window closed
    Counted.gate.set()
    jobs.close()
    assert Counted.open == 0
    view.deleteLater()


def test_a_window_that_ends_lets_every_file_go(window: MainWindow, jobs: Jobs, qtbot: QtBot) -> None:
    Counted.gate.set()
    window._tools = replace(window._tools, pages=Counted)
    window.go("documents")
    assert window.documents is not None
    qtbot.waitUntil(lambda: Counted.open == 1, timeout=5000)
    window.shut()
    jobs.close()
    assert Counted.open == 0


@pytest.mark.parametrize(
    ("kind", "why", "title"),
    [
        (VerdictKind.UNKNOWN_SIGNER, "unknown-signer", "不能判断：签署人不在信任名单里"),
        (VerdictKind.UNKNOWN_SIGNER, "expired-at-signing", "不能采信：签名时证书已过期"),
        (VerdictKind.UNKNOWN_SIGNER, "signed-before-certificate", "不能采信：签名时证书还没生效"),
        (VerdictKind.UNKNOWN_SIGNER, "revocations-broken", "不能判断：吊销名单有错"),
        (VerdictKind.ALTERED, "role-may-not-sign", "签名无效：签署人没有资格"),
        (VerdictKind.ALTERED, "content-changed", "签名无效：内容被改动"),
    ],
)
def test_the_title_names_the_reason(screen: DocumentsScreen, kind: VerdictKind, why: str, title: str) -> None:
    row = screen.current()
    assert row is not None
    facts = tuple((name, "某") for name in ("signer", "at", "on", "path", "reason"))
    screen.panel.show_document(row, Verdict(kind, why, row.sha256, facts))
    assert screen.panel.block.title.text() == title
    assert "某" in screen.panel.block.remark.text() or why == "content-changed"
