"""本校历次 beside an item: what the help panel says of the reports before, read off the window's thread."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from safetyapp.domain.answer_kinds import Outcome
from safetyapp.domain.form import Severity
from safetyapp.domain.inspection import Photo, PhotoLink
from safetyapp.domain.ledger import FindingState, LedgerRow
from safetyapp.ui.jobs import Jobs
from safetyapp.ui.look import Look
from safetyapp.ui.photo_thumbs import Thumb
from safetyapp.workflow.past import ItemPast, PastAnswer
from tests.store.examples import document
from tests.ui.fill_stage import SCHOOL, Stage, item, make_stage, picture_file


@pytest.fixture
def stage(tmp_path: Path, look: Look, jobs: Jobs) -> Iterator[Stage]:
    made = make_stage(tmp_path, look, jobs)
    yield made
    made.close()


def test_the_last_answers_and_what_stands_open(stage: Stage, tmp_path: Path) -> None:
    on = stage.opened.inspection.inspected_on
    open_row = LedgerRow(
        "d1/1", "d1", SCHOOL.id, SCHOOL.name, "fire", "F-12", "二层东侧", "走廊堆物", Severity.GENERAL,
        FindingState.OPEN, on - timedelta(days=40), on - timedelta(days=9), None,
    )  # fmt: skip
    photo: Photo = stage.tools.store.take_in(picture_file(tmp_path), stage.tools.clock.now())
    past = ItemPast(
        (
            PastAnswer(on - timedelta(days=40), "张示例", "fail", Outcome.FAIL, Severity.GENERAL, closed=False),
            PastAnswer(on - timedelta(days=70), "李样本", "pass", Outcome.PASS),
            PastAnswer(on - timedelta(days=100), "张示例", "fail", Outcome.FAIL, Severity.MAJOR, closed=True),
        ),
        (open_row,), 2, (PhotoLink(item("F-12"), photo, 0),), on - timedelta(days=40),
    )  # fmt: skip
    value = ItemPast((PastAnswer(on - timedelta(days=40), "张示例", "18", Outcome.FAIL, Severity.GENERAL),))
    screen = stage.screen()
    screen.go_to("F-12")
    assert "本校历次" not in screen.help.shown_text()  # nothing is kept of this school yet
    screen.past._on_read({item("F-12"): past, item("F-16"): value})
    days = [(on - timedelta(days=n)).isoformat() for n in (40, 70, 100)]
    assert screen.past.part.text().splitlines() == [
        "本校历次",
        f"{days[0]}  不合格  没有销号  张示例",
        f"{days[1]}  合格  李样本",
        f"{days[2]}  不合格  已销号  张示例",
        "一年内第 3 次，将记为复发隐患",
        "还没销号的隐患",
        "二层东侧  走廊堆物",
        f"期限 {open_row.deadline.isoformat()}，逾期 9 天",
        f"上次照片 {(on - timedelta(days=40)).strftime('%m-%d')}",
    ]
    (thumb,) = screen.past.part.findChildren(Thumb)
    assert thumb.isVisible()
    stage.jobs.settle()
    screen.go_to("F-16")
    assert "18 分钟" in screen.past.part.text()
    screen.go_to("F-01")
    assert screen.past.part.isHidden()


def test_what_the_ledger_knows_is_read_when_the_draft_opens(stage: Stage) -> None:
    row, data, (finding,), _ = document(0, at=SCHOOL, text="走廊堆放课桌")
    on = stage.opened.inspection.inspected_on
    finding = replace(finding, form="fire", item="F-12", found_on=on - timedelta(days=5), deadline=on)
    stage.tools.store.keep_document(replace(row, form="fire", inspected_on=on - timedelta(days=5)), data, (finding,))
    screen = stage.screen()
    screen.go_to("F-12")
    assert stage.jobs.settle()
    QApplication.processEvents()
    assert "走廊堆放课桌" in screen.past.part.text()
    assert f"期限 {on.isoformat()}" in screen.past.part.text()


def test_it_says_when_it_could_not_be_read(stage: Stage) -> None:
    screen = stage.screen()
    screen.go_to("F-12")
    screen.past.part._past = None
    screen.past._show_again()
    assert "正在找本校历次…" in screen.help.shown_text()
    screen.past._on_failed()
    assert "本校历次没有读出来。" in screen.help.shown_text()
