"""A drill recorded in the window from its first field to the signed document, with the keys a person presses."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QFileDialog

from safetyapp.domain.answer_kinds import AnswerKind
from safetyapp.domain.form import ItemId
from safetyapp.domain.gaps import GapKind, gaps
from safetyapp.ui.fill import FillScreen
from safetyapp.ui.item_rows import Row, Way
from safetyapp.ui.jobs import Jobs
from safetyapp.ui.look import Look
from safetyapp.ui.sign import SignScreen
from tests.ui.fill_stage import Stage, draw, item, make_stage, press, until
from tests.ui.kinds import PLACED

K = Qt.Key
CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def stage(tmp_path: Path, look: Look, jobs: Jobs, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_: ([], ""))
    made = make_stage(tmp_path, look, jobs, person=None, form_id="drill-record", school=PLACED)
    yield made
    made.close()


def _text_for(row: Row) -> str:
    """Something that a person might type there."""
    wanted = {
        AnswerKind.TIME: "093105", AnswerKind.DATE: "-3", AnswerKind.INTEGER: "0", AnswerKind.DECIMAL: "1",
        AnswerKind.SCORE: "9", AnswerKind.DURATION: "95", AnswerKind.TEXT: "已说明",
        AnswerKind.DATETIME: "2026-11-24 9:30",
    }  # fmt: skip
    return wanted.get(row.kind, "1")


def _answer(screen: FillScreen, row: Row) -> None:
    """The current row, by keyboard."""
    if row.is_field:
        press(screen, K.Key_Return, (K.Key_A, CTRL), _text_for(row), K.Key_Return)
    elif row.way is Way.PANEL and row.kind is AnswerKind.CHOICE and len(row.picks) > 7:
        press(screen, K.Key_Return, row.picks[0].label, K.Key_Return)
    elif row.way is Way.PANEL and row.kind is AnswerKind.TEXT:
        press(screen, K.Key_Return, "已说明", K.Key_Escape)
    else:
        press(screen, "1")


def test_a_drill_from_start_to_signed(stage: Stage, qapp: QApplication) -> None:
    screen = stage.screen()
    screen.keeper.answer(item("kind"), "fire")
    screen.keeper.answer(item("mode"), "live")
    screen.go_to("T0")
    press(screen, "093000", K.Key_Return)
    for _ in range(400):
        screen.flush()
        place = next((r for r in screen.model.every if r.is_open), None)
        if place is None:
            break
        if place.way is Way.TABLE:
            screen.go_to(place.id)
            _fill_table(screen, place.id)
        else:
            screen.go_to(place.id)
            _answer(screen, place)
        row = screen.model.row_of(place.id)
        assert not row.is_open, f"{row.id} {row.kind} {row.missing} {row.refused} {row.rule}"
    shown = screen.keeper.shown
    assert [g for g in gaps(shown.form, shown.inspection, shown.reckoned) if g.kind.blocks] == []
    until(lambda: "·" in screen.header.score.text())
    signed: list[object] = []
    screen.sign_requested.connect(signed.append)
    press(screen, K.Key_F9)
    until(lambda: bool(signed))
    sign = SignScreen(stage.tools, stage.look, stage.jobs, screen.keeper.kept)
    stage.screens.append(sign)
    sign.resize(1366, 688)
    sign.show()
    qapp.processEvents()
    assert sign.work.blocked is None
    draw(sign.inspectors.boxes[0].pad)
    sign.escort.name.setText("周陪同")
    draw(sign.escort.box.pad)
    sign.key.field.setText("correct horse battery")
    sign.sign()
    until(lambda: sign.done is not None or bool(sign.trouble.text()), 60)
    assert sign.done is not None, sign.trouble.text()
    assert sign.done.verdict.is_valid


def _fill_table(screen: FillScreen, table: ItemId) -> None:
    press(screen, K.Key_Return)
    page = screen.tables.page
    assert page is not None
    assert page.isVisible()
    if not page.model.rowCount():
        press(screen, (K.Key_Return, CTRL))
    for _ in range(300):
        if not page.next_open():
            break
        cell = page.current()
        assert cell is not None
        if cell.is_field:
            press(screen, _text_for(cell), K.Key_Return)
        elif cell.way is Way.PANEL and cell.kind is AnswerKind.TEXT:
            press(screen, K.Key_Return, "已说明", K.Key_Escape)
        else:
            press(screen, "1")
        now = page.model.cell(*(page.model.place_of(cell.id) or (0, 0)))
        assert not now.is_open, f"{now.id} {now.kind} {now.missing} {now.refused} {now.rule}"
    press(screen, K.Key_Escape)
    assert not page.isVisible()
    assert GapKind.ROWS not in screen.model.row_of(table).missing
