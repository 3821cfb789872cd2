"""What belongs to a document, how it stands, what it is filtered by, and how it goes out: with the keys of a person."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from safetyapp.domain.document import DocumentId, DocumentKind, DocumentQuery, DocumentRow, DocumentState
from safetyapp.domain.links import Link, LinkRole
from safetyapp.ui.documents import DocumentsScreen
from safetyapp.ui.jobs import Jobs
from safetyapp.ui.out_dialog import OutDialog
from safetyapp.ui.tools import Tools
from safetyapp.ui.window import MainWindow
from tests.domain.examples import NOON
from tests.ui.conftest import press, some_schools
from tests.ui.fill_stage import until
from tests.ui.watchdog import Watchdog

CTRL = Qt.KeyboardModifier.ControlModifier


def keep(
    tools: Tools, name: str, kind: DocumentKind, day: int, *links: Link, by: str = "李样本", school: int = 0,
    state: DocumentState = DocumentState.IMPORTED,
) -> DocumentRow:  # fmt: skip
    """A document of a file that nobody will read."""
    data = f"%PDF-1.7 {name}".encode()
    at = NOON + timedelta(days=day)
    place = some_schools(5)[school]
    row = DocumentRow(
        DocumentId(name), hashlib.sha256(data).hexdigest(), kind, f"号{name}", place.id, place.name, "消防安全检查表",
        at, at.date(), by, state, len(data), 2, 1, author_id=by,
    )  # fmt: skip
    tools.store.keep_document(row, data, (), links=links)
    return row


@pytest.fixture
def rows(tools: Tools) -> list[DocumentRow]:
    report = keep(tools, "r1", DocumentKind.INSPECTION_REPORT, 0, by="张示例", state=DocumentState.WAITING)
    link = Link(LinkRole.REVIEWED, report.id, report.sha256, "accepted")
    review = keep(tools, "w1", DocumentKind.REVIEW, 1, link)
    other = keep(tools, "w2", DocumentKind.REVIEW, 2, replace(link, said="returned"), by="王演示")
    named = Link(LinkRole.NOTICED, report.id, report.sha256)
    notice = keep(tools, "n1", DocumentKind.RECTIFICATION_NOTICE, 3, named)
    alone = keep(tools, "r2", DocumentKind.INSPECTION_REPORT, 4, school=1, state=DocumentState.WAITING)
    return [report, review, other, notice, alone]


@pytest.fixture
def screen(
    open_window: Callable[[Tools], MainWindow], tools: Tools, rows: list[DocumentRow], jobs: Jobs
) -> DocumentsScreen:
    tools.store.save_schools(some_schools(5))
    window = open_window(tools)
    window.resize(1366, 768)
    window.go("documents")
    assert jobs.settle()
    made = window.documents
    assert made is not None
    settle(made, jobs)
    return made


def settle(screen: DocumentsScreen, jobs: Jobs) -> None:
    """Until what was chosen has been so for a moment and everything was read."""
    for _ in range(3):
        assert jobs.settle(20)
        until(lambda: not screen.index._settle_timer.isActive())
    assert jobs.settle(20)


def test_the_chain_is_walked_with_the_keys(screen: DocumentsScreen, rows: list[DocumentRow], jobs: Jobs) -> None:
    block, window = screen.panel.chain, screen.window()
    assert [line.row.id for line in block.chain.lines] == ["r2"]
    screen.list.setFocus()
    press(window, Qt.Key.Key_Down)
    settle(screen, jobs)
    assert [line.row.id for line in block.chain.lines] == ["r1", "w1", "w2", "n1"]
    assert "两份都列出" in block.remark.text()
    words = [block.list.model().index(n, 0).data() for n in range(block.row_count())]
    assert words[0].startswith("检查记录 11-24，张示例，需要处理")
    assert [word.rpartition("，")[2] for word in words[1:3]] == ["已通过", "退回待改"]
    assert words[3].endswith("你正在看")
    assert words[4] == "送达回证 · 整改回复 · 复查意见书"
    for _ in range(6):
        if block.list.hasFocus():
            break
        press(window, Qt.Key.Key_F6)
    assert block.list.hasFocus()
    for _ in range(3):
        press(window, Qt.Key.Key_Up)
    press(window, Qt.Key.Key_Return)
    settle(screen, jobs)
    current = screen.current()
    assert current is not None
    assert current.id == "r1"
    assert [line.row.id for line in block.chain.lines if line.is_current] == ["r1"]
    assert screen.panel.state.state.text() == "需要处理"
    assert "请区里说明" in screen.panel.state.next_step.text()


def test_the_filter_is_typed_said_and_taken_away(screen: DocumentsScreen, jobs: Jobs, tools: Tools) -> None:
    index, window = screen.index, screen.window()
    screen.list.setFocus()
    press(window, Qt.Key.Key_F, CTRL)
    assert jobs.settle()
    dialog = index.filter_dialog
    assert dialog is not None
    assert dialog.school.hasFocus()
    dialog.school.setEditText("甲子")
    dialog.until.setFocus()
    dialog.until.setText("没有这天")
    press(dialog, Qt.Key.Key_Return)
    until(lambda: bool(dialog.wrong.text()))
    assert index.filter_dialog is dialog
    assert dialog.until.hasFocus()
    dialog.until.setText("2026-11-26")
    dialog.author.setCurrentText("李样本")
    press(dialog, Qt.Key.Key_Return)
    until(lambda: index.filter_dialog is None)
    settle(screen, jobs)
    assert [row and row.id for row in index.rows.rows] == ["w1"]
    assert [button.accessibleName() for button in index.chips.buttons] == [
        "去掉条件：学校 甲子小学", "去掉条件：2026-11-26 止", "去掉条件：签署人 李样本", "清除条件",
    ]  # fmt: skip
    index.chips.buttons[2].setFocus()
    press(window, Qt.Key.Key_Space)
    until(lambda: len(index.chips.buttons) == 3)
    settle(screen, jobs)
    assert [row and row.id for row in index.rows.rows] == ["w2", "w1", "r1"]
    index.chips.buttons[-1].click()
    settle(screen, jobs)
    assert index.rows.rowCount() == 5
    assert not index.chips.isVisible()
    index._on_filtered(replace(index.query, state=DocumentState.WAITING), "")
    settle(screen, jobs)
    assert [row and row.id for row in index.rows.rows] == ["r2"]


def test_chosen_documents_go_out_and_it_is_said_where(
    screen: DocumentsScreen, jobs: Jobs, tools: Tools, tmp_path: Path
) -> None:
    window = screen.window()
    assert isinstance(window, MainWindow)
    stick = tmp_path / "KINGSTON"
    stick.mkdir()
    screen.list.setFocus()
    press(window, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    press(window, Qt.Key.Key_E, CTRL)
    settle(screen, jobs)
    dialog = window.errands.dialog
    assert isinstance(dialog, OutDialog)
    assert [dialog.which.itemText(n) for n in range(dialog.which.count())] == [
        "选中的 2 份", "待发的 1 份", "全部 5 份",
    ]  # fmt: skip
    assert not dialog.go.isEnabled() or dialog.drives
    dialog.add_folder(stick)
    assert dialog.go.hasFocus()
    assert dialog.go.isEnabled()
    press(dialog, Qt.Key.Key_Return)
    until(lambda: window.errands.dialog is None)
    settle(screen, jobs)
    assert len(list(stick.iterdir())) == 2
    assert window.toast.text() == "已存 2 份到 KINGSTON，逐份读回核对过"
    assert screen.panel.state.copies[0].text().endswith("存到 KINGSTON")
    assert screen.panel.state.not_sent.isVisibleTo(screen)
    assert tools.store.waiting() == 1
    window.activateWindow()
    assert QTest.qWaitForWindowActive(window)
    press(window, Qt.Key.Key_E, CTRL)
    settle(screen, jobs)
    assert window.errands.dialog is not None
    press(window.errands.dialog, Qt.Key.Key_Escape)
    assert window.errands.dialog is None


def test_a_thousand_files_dropped_hold_nobody_up(
    screen: DocumentsScreen, jobs: Jobs, tools: Tools, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    window = screen.window()
    assert isinstance(window, MainWindow)
    folder = tmp_path / "来件"
    folder.mkdir()
    for n in range(1_000):
        (folder / f"{n:04}.pdf").write_bytes(b"%PDF-1.7 r1" if n % 4 else f"%PDF-1.7 broken {n}".encode())
    with Watchdog() as dog:
        window.errands.take_in([folder])
        assert jobs.settle(30)
    record_property("worst_gap_ms", round(dog.worst))
    assert window.toast.text() == "导入 1000 份：新 0，已有 750，没有导入 250"
    assert window.errands.dialog is not None
    press(window.errands.dialog, Qt.Key.Key_Escape)
    assert tools.store.count_documents(DocumentQuery()) == 5
    assert dog.worst < 100
