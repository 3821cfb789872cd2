"""Printing as a person does it: Ctrl+P, several at once, a jam, another printer, one PDF, and what the log says."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from safetyapp.documents.preview import PageRenderer
from safetyapp.domain.document import DocumentRow
from safetyapp.domain.print_job import Place, PrintJob, PrintLogEntry
from safetyapp.domain.problem import Problem
from safetyapp.ui import print_run
from safetyapp.ui.documents import DocumentsScreen
from safetyapp.ui.jobs import Jobs
from safetyapp.ui.print_sheets import BatchSheet, ResumeSheet
from safetyapp.ui.tools import Tools
from safetyapp.ui.window import MainWindow
from tests.domain.examples import NOON, school
from tests.store.examples import document
from tests.ui.conftest import NAME, press
from tests.ui.paper import PaperPrinter, hands_out, marked_pdf, pages_shown
from tests.ui.watchdog import Watchdog

PAGES = (2, 1, 1)
CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


@pytest.fixture(autouse=True)
def coarse(monkeypatch: pytest.MonkeyPatch) -> None:
    """What matters here is which pages come, not how sharp they are."""
    monkeypatch.setattr(print_run, "DPI", 50)


@pytest.fixture
def rows(tools: Tools) -> tuple[DocumentRow, ...]:
    """Three kept documents, the newest first, whose pages say which they are."""
    made = []
    for n, pages in enumerate(PAGES):
        row, _, ledger, _ = document(n, at=school(name=f"{'甲乙丙'[n]}子小学"))
        data = marked_pdf(n, pages)
        row = replace(row, sha256=hashlib.sha256(data).hexdigest(), made_at=NOON - timedelta(minutes=n), size=len(data))
        tools.store.keep_document(row, data, ledger)
        made.append(row)
    return tuple(made)


@pytest.fixture
def window(open_window: Callable[[Tools], MainWindow], tools: Tools, rows: tuple[DocumentRow, ...]) -> MainWindow:
    return open_window(tools)


@pytest.fixture
def screen(window: MainWindow, jobs: Jobs, qtbot: QtBot) -> DocumentsScreen:
    window.go("documents")
    made = window.documents
    assert made is not None
    qtbot.waitUntil(lambda: made.pages.is_rendered and made.panel.verdict is not None, timeout=20_000)
    assert jobs.settle()
    made.list.setFocus()
    return made


def give(window: MainWindow, *printers: QPrinter) -> None:
    window.errands.prints.ask = hands_out(*printers)


def wait_idle(window: MainWindow, jobs: Jobs) -> None:
    """Dialogs open and printing goes on a moment after what asked for it."""
    for _ in range(3):
        assert jobs.settle(30)
        QCoreApplication.processEvents()
    assert not window.errands.is_busy


def log(tools: Tools) -> list[tuple[str, int, int, bool]]:
    return [(e.school, e.copies, e.pages, e.is_reprint) for e in tools.store.print_log()]


def choose_all(window: MainWindow) -> None:
    press(window, Qt.Key.Key_Down, SHIFT)
    press(window, Qt.Key.Key_Down, SHIFT)


def test_ctrl_p_prints_the_document_and_the_panel_says_so(
    window: MainWindow, screen: DocumentsScreen, jobs: Jobs, tools: Tools, rows: tuple[DocumentRow, ...], tmp_path: Path
) -> None:
    before = tools.store.document_path(rows[0].sha256).read_bytes()
    assert screen.panel.prints.isHidden()
    give(window, PaperPrinter(tmp_path / "1.pdf", copies=2), PaperPrinter(tmp_path / "2.pdf"))
    press(window, Qt.Key.Key_P, CONTROL)
    wait_idle(window, jobs)
    assert pages_shown((tmp_path / "1.pdf").read_bytes()) == [(0, 1), (0, 2), (0, 1), (0, 2)]
    assert window.toast.text() == "已送打印机 1.pdf：1 份文书，4 页"
    assert screen.panel.prints.summary.text().startswith("打印过 1 次，最近 ")
    (entry,) = tools.store.print_log(rows[0].sha256)
    assert (entry.who, entry.printer, entry.number, entry.is_reprint) == (NAME, "1.pdf", rows[0].number, False)
    QTest.mouseClick(screen.print_button, Qt.MouseButton.LeftButton)
    wait_idle(window, jobs)
    assert log(tools) == [(rows[0].school, 1, 2, True), (rows[0].school, 2, 4, False)]
    assert screen.panel.prints.summary.text().startswith("打印过 2 次")
    assert screen.panel.prints.lines[0].text().endswith("重印")
    assert not screen.panel.prints.lines[1].text().endswith("重印")
    assert tools.store.document_path(rows[0].sha256).read_bytes() == before
    screen.list.setFocus()
    press(window, Qt.Key.Key_Down)
    wait_idle(window, jobs)
    QTest.qWait(120)
    wait_idle(window, jobs)
    assert screen.panel.prints.isHidden()


def test_several_are_printed_together_behind_their_list(
    window: MainWindow, screen: DocumentsScreen, jobs: Jobs, tools: Tools, tmp_path: Path
) -> None:
    give(window, PaperPrinter(tmp_path / "1.pdf"))
    choose_all(window)
    assert screen.print_button.words() == "打印 3 份"
    press(window, Qt.Key.Key_P, CONTROL)
    wait_idle(window, jobs)
    sheet = window.errands.dialog
    assert isinstance(sheet, BatchSheet)
    assert sheet.cover.isChecked()
    press(sheet, Qt.Key.Key_Return)
    QTest.qWait(150)  # a button that Enter presses is seen to go down
    wait_idle(window, jobs)
    shown = pages_shown((tmp_path / "1.pdf").read_bytes())
    assert shown[1:] == [(0, 1), (0, 2), (1, 1), (2, 1)]
    assert shown[0] not in shown[1:]
    assert [entry[0] for entry in log(tools)] == ["丙子小学", "乙子小学", "甲子小学"]
    assert len({entry.job for entry in tools.store.print_log()}) == 1


def test_after_a_jam_it_goes_on_from_there(
    window: MainWindow, screen: DocumentsScreen, jobs: Jobs, tools: Tools, tmp_path: Path
) -> None:
    give(window, PaperPrinter(tmp_path / "1.pdf", copies=2, pages=4))
    choose_all(window)
    press(window, Qt.Key.Key_P, CONTROL)
    wait_idle(window, jobs)
    sheet = window.errands.dialog
    assert isinstance(sheet, BatchSheet)
    sheet.cover.setChecked(False)
    sheet.print_button.click()
    wait_idle(window, jobs)
    said = window.trouble.text()
    assert "打印机“1.pdf”没有响应" in said
    assert "停在《小检查表》（乙子小学）第 1 份第 1 页，没有丢；共 8 页，已打 4 页。" in said
    assert log(tools) == [("甲子小学", 2, 4, False)]
    go_on, _ = window.trouble._buttons
    go_on.click()
    again = window.errands.dialog
    assert isinstance(again, ResumeSheet)
    assert again.place() == Place(1, 1, 1)
    again.document.setCurrentIndex(0)
    again.copy.setCurrentIndex(1)
    again.page.setCurrentIndex(1)
    again.go_button.click()
    wait_idle(window, jobs)
    assert pages_shown((tmp_path / "1.pdf").read_bytes()) == [(0, 1), (0, 2)] * 2
    rest = pages_shown((tmp_path / "1-2.pdf").read_bytes())
    assert rest == [(0, 2), (1, 1), (1, 1), (2, 1), (2, 1)]
    assert window.trouble.text() == ""
    assert log(tools)[:3] == [("丙子小学", 2, 2, False), ("乙子小学", 2, 2, False), ("甲子小学", 1, 1, True)]


def test_another_printer_takes_the_rest(
    window: MainWindow, screen: DocumentsScreen, jobs: Jobs, tools: Tools, tmp_path: Path
) -> None:
    both = PaperPrinter(tmp_path / "2.pdf", both_sides=True)
    give(window, PaperPrinter(tmp_path / "1.pdf", copies=2, pages=3), both)
    press(window, Qt.Key.Key_P, CONTROL)
    wait_idle(window, jobs)
    assert "第 2 份第 2 页" in window.trouble.text()
    window.trouble._buttons[1].click()
    wait_idle(window, jobs)
    assert pages_shown((tmp_path / "1.pdf").read_bytes()) == [(0, 1), (0, 2), (0, 1)]
    assert pages_shown((tmp_path / "2.pdf").read_bytes()) == [(0, 1), (0, 2)], "a whole sheet"
    assert [entry.printer for entry in tools.store.print_log()] == ["2.pdf", "1.pdf"]


def test_stopping_says_where_and_a_done_job_can_be_printed_from_any_page(
    window: MainWindow, screen: DocumentsScreen, jobs: Jobs, tools: Tools, tmp_path: Path
) -> None:
    give(window, PaperPrinter(tmp_path / "1.pdf", copies=40))
    press(window, Qt.Key.Key_P, CONTROL)
    prints = window.errands.prints
    while prints.run is None or len(log(tools)) or prints.run._next < 1:
        QCoreApplication.processEvents()
    window.news.stopped.emit()
    wait_idle(window, jobs)
    printed = pages_shown((tmp_path / "1.pdf").read_bytes())
    assert 0 < len(printed) < 80
    assert window.trouble.text().startswith("打印已停。停在《小检查表》（甲子小学）")
    assert f"已打 {len(printed)} 页" in window.trouble.text()
    assert log(tools) == [("甲子小学", len(printed) // 2, len(printed), False)]
    assert not screen.panel.prints.again.isHidden()
    screen.panel.prints.again.click()
    sheet = window.errands.dialog
    assert isinstance(sheet, ResumeSheet)
    assert sheet.place() == Place(0, 1, 1)
    press(sheet, Qt.Key.Key_Escape)
    wait_idle(window, jobs)


def test_all_that_is_listed_goes_into_one_pdf(
    window: MainWindow, screen: DocumentsScreen, jobs: Jobs, tools: Tools, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    target, proposed = tmp_path / "合.pdf", list[str]()

    def ask(parent: object, title: str, name: str, *rest: object) -> tuple[str, str]:
        proposed.append(name)
        return str(target), ""

    monkeypatch.setattr(QFileDialog, "getSaveFileName", ask)
    assert screen.index.print_button.words() == "打印列出的 3 份…"
    screen.index.print_button.click()
    wait_idle(window, jobs)
    sheet = window.errands.dialog
    assert isinstance(sheet, BatchSheet)
    sheet.new_sheets.setChecked(True)
    sheet.file_button.click()
    wait_idle(window, jobs)
    assert pages_shown(target.read_bytes())[2:] == [(0, 1), (0, 2), (1, 1), (-1, 0), (2, 1), (-1, 0)]
    assert proposed[0].startswith("打印件-3份-")
    assert window.toast.text().startswith("已把 3 份文书装成 5 页")
    assert tools.store.print_log() == ()


def test_a_damaged_document_is_left_out_and_said(
    window: MainWindow, screen: DocumentsScreen, jobs: Jobs, tools: Tools, rows: tuple[DocumentRow, ...], tmp_path: Path
) -> None:
    tools.store.document_path(rows[0].sha256).write_bytes(b"other")
    press(window, Qt.Key.Key_P, CONTROL)
    wait_idle(window, jobs)
    assert str(tools.store.document_path(rows[0].sha256)) in window.trouble.text()
    choose_all(window)
    press(window, Qt.Key.Key_P, CONTROL)
    wait_idle(window, jobs)
    refused = window.errands.dialog
    assert refused is not None
    assert refused.windowTitle() == "有 1 份打不了"
    press(refused, Qt.Key.Key_Escape)
    wait_idle(window, jobs)
    sheet = window.errands.dialog
    assert isinstance(sheet, BatchSheet)
    assert sheet.windowTitle() == "打印 2 份文书"
    press(sheet, Qt.Key.Key_Escape)
    wait_idle(window, jobs)
    assert tools.store.print_log() == ()


def test_without_a_printer_one_pdf_is_offered(
    window: MainWindow, screen: DocumentsScreen, jobs: Jobs, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def none(title: str, job: PrintJob) -> QPrinter | None:
        raise Problem("no-printer")

    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "一.pdf"), ""))
    window.errands.prints.ask = none
    press(window, Qt.Key.Key_P, CONTROL)
    wait_idle(window, jobs)
    assert "这台电脑上没有打印机" in window.trouble.text()
    window.trouble._buttons[0].click()
    wait_idle(window, jobs)
    assert pages_shown((tmp_path / "一.pdf").read_bytes()) == [(0, 1), (0, 2)]
    assert window.trouble.text() == ""


def test_changing_ones_mind_prints_nothing(
    window: MainWindow, screen: DocumentsScreen, jobs: Jobs, tools: Tools
) -> None:
    window.errands.prints.ask = lambda title, job: None
    press(window, Qt.Key.Key_P, CONTROL)
    wait_idle(window, jobs)
    assert tools.store.print_log() == ()
    assert window.errands.prints.last is None


def test_a_window_that_ends_logs_what_is_on_paper(
    window: MainWindow, screen: DocumentsScreen, jobs: Jobs, tools: Tools, tmp_path: Path
) -> None:
    give(window, PaperPrinter(tmp_path / "1.pdf", copies=40))
    press(window, Qt.Key.Key_P, CONTROL)
    prints = window.errands.prints
    while prints.run is None or prints.run._next < 1:
        QCoreApplication.processEvents()
    window.shut()
    jobs.close()
    with PageRenderer((tmp_path / "1.pdf").read_bytes()) as paper:
        printed = paper.count
    assert 0 < printed < 80
    assert log(tools) == [("甲子小学", printed // 2, printed, False)]


@pytest.mark.alone
@pytest.mark.slow
def test_printing_does_not_hold_the_window(
    window: MainWindow, screen: DocumentsScreen, jobs: Jobs, tmp_path: Path,
    record_property: Callable[[str, object], None], monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(print_run, "DPI", 300)
    give(window, PaperPrinter(tmp_path / "1.pdf", copies=2))
    with Watchdog() as dog:
        press(window, Qt.Key.Key_P, CONTROL)
        wait_idle(window, jobs)
    record_property("worst_gap_ms", round(dog.worst))
    assert dog.worst < 250


def test_the_log_of_a_document_is_said_in_lines(screen: DocumentsScreen, rows: tuple[DocumentRow, ...]) -> None:
    block = screen.panel.prints
    one = PrintLogEntry("j", rows[0].sha256, "1", "表", "校", "张示例", NOON, 2, 12, "教务处 M7400")
    block.show_entries(tuple(replace(one, job=f"j{n}", is_reprint=n > 0) for n in range(9, -1, -1)))
    assert block.summary.text() == "打印过 10 次，最近 2026-11-24 12:00"
    assert block.lines[0].text() == "11-24 12:00　张示例　2 份 12 页　教务处 M7400　重印"
    assert sum(not line.isHidden() for line in block.lines) == 6
