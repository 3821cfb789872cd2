"""A hundred thousand documents in the list: every key answers at once, wherever one goes."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from bench.crowd import LAST, crowd_schools, fill
from safetyapp.app import build_tools
from safetyapp.domain.document import DocumentKind, DocumentQuery, DocumentState
from safetyapp.domain.school import Person, PersonId, SchoolId
from safetyapp.ui.documents import DocumentsScreen
from safetyapp.ui.jobs import Jobs
from safetyapp.ui.tools import Tools
from safetyapp.ui.window import MainWindow
from tests.ui.conftest import press, type_text
from tests.ui.watchdog import Watchdog

COUNT = 100_000
LIMIT_MS = 50
"""No block is longer; one of them may be where other processes take the machine meanwhile."""

pytestmark = pytest.mark.alone


@pytest.fixture(scope="session")
def crowd(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("crowd") / "workspace"
    tools = build_tools(folder)
    tools.store.save_me(Person(PersonId("p1"), "张示例"))
    tools.store.save_schools(crowd_schools(20))
    tools.store.close()
    fill(folder, COUNT, 20, ledger=False)
    return folder


@pytest.fixture
def tools(crowd: Path) -> Iterator[Tools]:
    made = replace(build_tools(crowd), warm_up=lambda: None)
    yield made
    made.store.close()


@pytest.fixture
def screen(open_window: Callable[[Tools], MainWindow], tools: Tools, jobs: Jobs) -> DocumentsScreen:
    window = open_window(tools)
    window.resize(1366, 768)
    window.go("documents")
    assert jobs.settle()
    made = window.documents
    assert made is not None
    return made


def quickest(act: Callable[[], object]) -> float:
    """Milliseconds, the best of some: what the question costs, not what the machine was busy with."""
    best = 9.0
    for _ in range(5):
        began = time.perf_counter()
        act()
        best = min(best, time.perf_counter() - began)
    return best * 1000


def test_every_question_is_answered_at_once(tools: Tools) -> None:
    store = tools.store
    queries = (
        DocumentQuery(), DocumentQuery(offset=COUNT - 100), DocumentQuery(kind=DocumentKind.RECTIFICATION_NOTICE),
        DocumentQuery(state=DocumentState.IMPORTED, kind=DocumentKind.REVIEW), DocumentQuery(author="王演示"),
        DocumentQuery(since=LAST - timedelta(days=900), until=LAST - timedelta(days=800)),
        DocumentQuery(school=SchoolId("s0003"), text="烟道"), DocumentQuery(text="灭火"),
        DocumentQuery(text="疏散 甲子"), DocumentQuery(text="没有的"),
    )  # fmt: skip
    took = {f"page {n}": quickest(lambda q=q: store.documents(q)) for n, q in enumerate(queries)}  # type: ignore[misc]
    took |= {f"count {n}": quickest(lambda q=q: store.count_documents(q)) for n, q in enumerate(queries)}  # type: ignore[misc]
    took["place"] = quickest(lambda: store.place_of(DocumentQuery(), f"{5:064x}"))
    took["authors"] = quickest(store.document_authors)
    took["last"] = quickest(store.last_documents)
    took["done"] = quickest(lambda: store.days_done(date(2026, 9, 1)))
    took["hazards"] = quickest(lambda: store.open_hazards(LAST.date()))
    assert max(took.values()) < 30, took


def test_a_hundred_thousand_documents_hold_nobody_up(
    screen: DocumentsScreen, jobs: Jobs, record_property: Callable[[str, object], None]
) -> None:
    index, window = screen.index, screen.window()
    gaps: dict[str, float] = {}

    def watched(name: str, act: Callable[[], object]) -> None:
        with Watchdog() as dog:
            act()
            assert jobs.settle(20)
            QTest.qWait(60)
            assert jobs.settle(20)
        gaps[name] = round(dog.worst)

    index.list.setFocus()
    assert index.rows.rowCount() == COUNT
    watched("end", lambda: press(window, Qt.Key.Key_End))
    last = index.current()
    assert last is not None
    assert int(last.id) == 0
    watched("page up", lambda: [press(window, Qt.Key.Key_PageUp) for _ in range(30)])
    assert index.current() is not None
    bar = index.list.verticalScrollBar()
    watched("drag", lambda: [(bar.setValue(bar.maximum() * n // 40), QTest.qWait(2)) for n in range(40)])
    watched("home", lambda: press(window, Qt.Key.Key_Home))
    watched("all", lambda: press(window, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier))
    assert index.selected_count() == COUNT
    press(window, Qt.Key.Key_Home)
    watched("slash", lambda: press(window, Qt.Key.Key_Slash))
    for text in ("灭火", "张示", "学", "甲子 疏散"):
        watched(text, lambda text=text: (screen.search.setText(text), press(window, Qt.Key.Key_Return)))
        assert 0 < index.rows.rowCount() <= COUNT, text
        assert index.rows.row(0) is not None
    type_text(window, "不存在")
    watched("nothing", lambda: press(window, Qt.Key.Key_Return))
    assert index.nothing.isVisible()
    watched("clear", index.show_all)
    assert index.rows.rowCount() == COUNT
    late = f"{COUNT - 90_000:064x}"
    watched("look for", lambda: screen.show_document(late))
    found = index.current()
    assert found is not None
    assert found.sha256 == late
    assert index.list.visualRect(index.list.currentIndex()).intersects(index.list.viewport().rect())
    record_property("worst_gaps_ms", gaps)
    assert statistics.median(gaps.values()) < LIMIT_MS, gaps
    assert max(gaps.values()) < 3 * LIMIT_MS, gaps
    assert screen._tools.store.count_documents(DocumentQuery()) == COUNT
