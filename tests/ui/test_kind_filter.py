"""Every kind of document has its words, and the list can be held to one kind."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtTest import QSignalSpy
from pytestqt.qtbot import QtBot

from safetyapp.domain.document import DocumentKind, DocumentState
from safetyapp.texts import LANGUAGES, Texts
from safetyapp.ui.documents import DocumentsScreen
from safetyapp.ui.jobs import Jobs
from safetyapp.ui.kind_filter import DAILY, OTHERS, KindFilter
from safetyapp.ui.look import Look
from safetyapp.ui.metrics import Style
from safetyapp.ui.recent_list import recent_facts
from safetyapp.ui.tools import Tools
from safetyapp.ui.window import MainWindow
from safetyapp.workflow.finalise import describe_document
from tests.documents.papers import SIGNED_BY, make_paper

pytestmark = pytest.mark.gui


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_kind_has_its_words(look: Look, language: str) -> None:
    say = Texts(language).say
    names = [say(f"documents_screen.kind.{kind.value}") for kind in DocumentKind]
    short = [say(f"documents_screen.kinds.{kind.value}") for kind in DocumentKind]
    assert len(set(names)) == len(set(short)) == len(DocumentKind)
    micro, tile = look.font_metrics(Style.MICRO), look.metrics.px(34) - 2
    for kind in DocumentKind:
        for line in say(f"documents_screen.tile.{kind.value}").split("|"):
            assert micro.horizontalAdvance(line) <= tile, line
    assert {*DAILY, *OTHERS} == set(DocumentKind)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_row_of_kinds_fits_the_narrowest_list(look: Look, language: str, qtbot: QtBot) -> None:
    shown = KindFilter(look, Texts(language))
    qtbot.addWidget(shown)
    for kind in (None, *DocumentKind):
        shown.show_kind(kind)
        assert shown.sizeHint().width() <= look.metrics.px(316 - 24), kind


def test_menu_and_segment_say_the_same(look: Look, qtbot: QtBot) -> None:
    shown = KindFilter(look, Texts("zh"))
    qtbot.addWidget(shown)
    spy = QSignalSpy(shown.chosen)
    acts = {act.text(): act for act in shown.menu().actions()}
    assert set(acts) == {"审核意见", "送达回证", "整改回复", "延期批复", "复查意见书", "督办通知", "作废说明"}
    acts["复查意见书"].trigger()
    assert (shown.kind, shown.segment.value()) == (DocumentKind.REINSPECTION, None)
    assert shown.more.accessibleName() == "复查意见"
    shown.segment.buttons()[2].click()
    assert shown.kind is DocumentKind.RECTIFICATION_NOTICE
    assert shown.more.accessibleName() == "更多"
    assert [spy.at(n)[0] for n in range(spy.count())] == ["reinspection", "rectification-notice"]


def test_the_list_is_held_to_a_kind(
    tools: Tools, open_window: Callable[[Tools], MainWindow], jobs: Jobs, tmp_path: Path
) -> None:
    for kind in SIGNED_BY:
        paper = make_paper(kind, tmp_path).paper
        data = f"%PDF-1.7\n{kind}".encode()
        tools.store.keep_document(describe_document(paper, data, DocumentState.IMPORTED), data, ())
    window = open_window(tools)
    window.go("documents")
    assert jobs.settle()
    screen = window.findChild(DocumentsScreen)
    assert screen is not None
    index = screen.index
    assert index.rows.rowCount() == 8
    spoken = [index.rows.index(n).data() for n in range(8)]
    assert any(str(row).startswith("送达回证，") for row in spoken)
    next(b for b in index.kinds.segment.buttons() if b.option.text == "通知书").click()
    assert jobs.settle()
    assert [row and row.kind for row in index.rows.rows] == [DocumentKind.RECTIFICATION_NOTICE]
    next(act for act in index.kinds.menu().actions() if act.text() == "作废说明").trigger()
    assert jobs.settle()
    assert [row and row.kind for row in index.rows.rows] == [DocumentKind.VOID]
    index.kinds.segment.buttons()[1].click()
    assert jobs.settle()
    assert index.nothing.isVisible()
    index.show_all()
    assert jobs.settle()
    assert (index.rows.rowCount(), index.kinds.kind) == (8, None)


def test_a_paper_without_findings_does_not_claim_that_there_are_none(tmp_path: Path) -> None:
    texts = Texts("zh")
    receipt = describe_document(make_paper(DocumentKind.SERVICE_RECEIPT, tmp_path).paper, b"", DocumentState.IMPORTED)
    assert recent_facts(texts, receipt) == "11-25 · 王演示"
    report = replace(receipt, kind=DocumentKind.INSPECTION_REPORT)
    assert "无隐患" in recent_facts(texts, report)
