"""The stopwatch with the keys a person presses: from a new drill to the signed record, and what a kill leaves."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from openpyxl import Workbook
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QWidget

from safetyapp.domain.clock_watch import ClockWatch
from safetyapp.domain.document import DocumentQuery
from safetyapp.domain.drill import CLASSES, DRILL, Drill, GroupState
from safetyapp.domain.drill_reading import drill_of
from safetyapp.domain.form import ItemId
from safetyapp.domain.school import Role, School, SchoolClass, SchoolId, SchoolKind
from safetyapp.ui.drill import DrillScreen
from safetyapp.ui.drill_pad import GroupPad
from safetyapp.ui.drills import DrillsScreen
from safetyapp.ui.jobs import Jobs
from safetyapp.ui.look import Look
from safetyapp.ui.sign import SignScreen
from safetyapp.ui.tools import Tools
from safetyapp.ui.window import MainWindow
from safetyapp.workflow import drill as work
from safetyapp.workflow.opened import resume
from tests.project import ROOT
from tests.ui.conftest import PASSPHRASE
from tests.ui.drill_stage import SCHOOL, HandClock, drill_tools, written
from tests.ui.fill_stage import Unsteady, draw, until

K = Qt.Key


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def tools(workspace: Path, clock: HandClock) -> Iterator[Tools]:
    made = drill_tools(workspace, clock)
    made.store.save_schools([SCHOOL])
    yield made
    made.store.close()


@pytest.fixture
def window(open_window: Callable[[Tools], MainWindow], tools: Tools) -> MainWindow:
    made = open_window(tools)
    made.resize(1366, 720)
    return made


def press(window: QWidget, *keys: object) -> None:
    """Keys where the focus is, in a dialog too."""
    for key in keys:
        asked = QApplication.activeModalWidget() or window
        target = asked.focusWidget() or asked
        if isinstance(key, str) and key.isascii():
            QTest.keyClicks(target, key)
        elif isinstance(key, str):
            insert = getattr(target, "insert", None)
            assert insert is not None, f"{target} takes no text"
            insert(key)
        elif isinstance(key, tuple):
            QTest.keyClick(target, *key)
        else:
            QTest.keyClick(target, key)
        QCoreApplication.processEvents()


def stopwatch(window: MainWindow, clock: HandClock) -> DrillScreen:
    """The stopwatch that is open, its steady clock going with the hand's."""
    until(lambda: isinstance(window.work, DrillScreen))
    screen = window.work
    assert isinstance(screen, DrillScreen)
    began = clock.at
    screen.steady = lambda: (clock.at - began).total_seconds()
    screen._watch = ClockWatch(clock.at, 0)
    window.jobs.settle()
    return screen


def start(window: MainWindow, clock: HandClock) -> DrillScreen:
    """A drill begun in the store and opened; the kitchen has two people, the others nobody."""
    tools = window._tools
    me, form = tools.store.me(), tools.form(DRILL)
    assert me is not None
    draft = work.prepare(tools.store, tools.clock, tools.reckon, tools.new_id, SCHOOL, form, me, "fire", "120")
    written(tools, draft)
    window.go("drills")
    window.jobs.settle()
    window.open_drill(draft.inspection.id)
    return stopwatch(window, clock)


def test_a_drill_by_keys_from_its_start_to_the_signed_record(window: MainWindow, clock: HandClock) -> None:
    tools, jobs = window._tools, window.jobs
    press(window, (K.Key_3, Qt.KeyboardModifier.AltModifier))
    jobs.settle()
    assert isinstance(window.stack.currentWidget(), DrillsScreen)
    press(window, "n", K.Key_Tab, "90", K.Key_Return)
    screen = stopwatch(window, clock)
    assert (screen.drill.kind, screen.drill.goal, screen.drill.started_at) == ("fire", 90, None)
    press(window, K.Key_Escape)
    until(lambda: window.work is None)
    jobs.settle()
    (row,) = tools.store.drafts()
    written(tools, resume(tools.store, tools.reckon, row.id))
    press(window, K.Key_Return)
    screen = stopwatch(window, clock)

    press(window, "11", K.Key_Return)
    assert QApplication.activeModalWidget() is not None, "before the signal only the expected numbers"
    press(window, K.Key_Escape, K.Key_F5)
    assert screen.drill.point(ItemId("T5")).value == ""  # type: ignore[union-attr]
    press(window, K.Key_Space, K.Key_Space)
    assert screen.drill.groups[0].arrived == "", "Space is the signal and nothing else"
    clock.later(12)
    press(window, K.Key_F3)
    for code in ("32", "11", "12", "21", "22", "31"):
        clock.later(10)
        press(window, *code, K.Key_Return)
    assert [g.after for g in screen.drill.groups[:6]] == [32, 42, 52, 62, 72, 22]
    press(window, "9", "9", K.Key_Return)
    assert screen.toast.text().startswith("没有 99")
    press(window, K.Key_Backspace)
    assert screen.drill.of_code("31").arrived == ""  # type: ignore[union-attr]
    press(window, *"31", K.Key_Return)
    clock.later(6)
    press(window, *"01", K.Key_Return)
    assert screen.drill.evacuation == screen.side.clock.seconds == screen.drill.elapsed(clock.at) == 78

    for code in ("11", "12", "21", "22", "31", "01"):
        press(window, *code, K.Key_Return, K.Key_Return)
    press(window, *"32", K.Key_Return, "31", K.Key_Return)
    pad = QApplication.activeModalWidget()
    assert isinstance(pad, GroupPad), "it asks where the missing are"
    press(window, K.Key_Escape, K.Key_F5, K.Key_F6, K.Key_F7)
    assert screen.count.numbers == screen.side.count.numbers == (191, 190, 1)
    press(window, K.Key_F9)
    assert "三(2) 人数有差额" in screen.trouble.text()
    assert screen.grid.current is not None
    assert screen.grid.current.state is GroupState.DIFFERS
    press(window, K.Key_Return, "1人在卫生室", K.Key_Return, K.Key_F9)
    until(lambda: isinstance(window.work, SignScreen))
    sign = window.work
    assert isinstance(sign, SignScreen)
    assert sign.work.blocked is None
    jobs.settle()
    draw(sign.inspectors.boxes[0].pad)
    sign.escort.name.setText("周陪同")
    draw(sign.escort.box.pad)
    sign.key.field.setText(PASSPHRASE)
    press(window, (K.Key_Return, Qt.KeyboardModifier.ControlModifier))
    until(lambda: sign.done is not None or bool(sign.trouble.text()), 30)
    assert sign.done is not None, sign.trouble.text()
    assert sign.done.verdict.is_valid
    record = sign.done.verdict.record
    answers = {a.item: a.value for a in record.answers}  # type: ignore[union-attr]
    assert (answers["goal-met"], answers["whereabouts@6"]) == ("pass", "1人在卫生室")
    assert {c.item: c.value for c in record.calculated}["evacuation-seconds"] == "78"  # type: ignore[union-attr]
    assert work.past_seconds(tools.store, tools.reckon, SCHOOL.id) == ((clock.at.date(), 78),)
    assert len(tools.store.documents(DocumentQuery())) == 1


def test_what_is_put_right_noted_and_taken_back_also_later(window: MainWindow, clock: HandClock) -> None:
    screen = start(window, clock)
    press(window, K.Key_Space)
    clock.later(40)
    press(window, *"11", K.Key_Return)
    press(window, "g", "2")
    clock.later(9)
    press(window, "g", "n", "西楼梯太暗", K.Key_Return)
    assert (screen.drill.posts[0].seconds, screen.drill.problems) == (9, 1)
    press(window, "n", "西门锁着", K.Key_Tab, K.Key_Down, K.Key_Down)
    dialog = QApplication.activeModalWidget()
    assert dialog is not None
    dialog.save()  # type: ignore[attr-defined]
    (finding,) = screen.keeper.shown.inspection.findings
    assert (finding.item, finding.text) == ("red-exit", "西门锁着")
    press(window, *"11", K.Key_Return)
    pad = QApplication.activeModalWidget()
    assert isinstance(pad, GroupPad)
    was = pad.group.arrived
    early = f"{clock.at - timedelta(seconds=20):%H:%M:%S}"
    pad.field(CLASSES.arrived).setText(early)
    press(window, K.Key_Return)
    answer = screen.keeper.shown.inspection.answers[ItemId("arrived-at@1")]
    assert (answer.value, answer.note) == (early, f"手工改，原 {was}")
    assert screen.drill.groups[0].edited
    screen.leave()
    until(lambda: window.work is None)
    draft = screen.keeper.kept.inspection.id
    window.jobs.settle()
    window.open_drill(draft)
    screen = stopwatch(window, clock)
    press(window, K.Key_Backspace)
    assert screen.drill.groups[0].counted is None, "arrival and number were one stroke"
    assert screen.drill.groups[0].arrived == was
    press(window, K.Key_Backspace, K.Key_Backspace, K.Key_Backspace)
    assert (screen.drill.problems, screen.drill.posts) == (0, ())
    press(window, K.Key_Backspace)
    assert screen.drill.groups[0].arrived == ""
    press(window, (K.Key_Y, Qt.KeyboardModifier.ControlModifier))
    assert screen.drill.groups[0].arrived == was
    press(window, K.Key_Backspace, K.Key_Backspace)
    assert screen.drill.started_at is None
    press(window, K.Key_Backspace)
    assert screen.toast.text() == "没有可撤销的了"


def test_the_clock_goes_by_the_wall_and_a_jump_is_said(window: MainWindow, clock: HandClock) -> None:
    screen = start(window, clock)
    press(window, K.Key_Space)
    clock.later(3600)
    screen.tick()
    assert (screen.side.clock.seconds, screen.trouble.text()) == (3600, ""), "it slept"
    steady = screen.steady()
    screen.steady = lambda: steady
    clock.later(-30)
    screen.tick()
    assert screen.trouble.text().startswith("时钟跳了 -30 秒")
    press(window, *"11", K.Key_Return, K.Key_Backspace)
    assert screen.drill.started_at is not None, "of two strokes the later is later, whatever the clock says"
    screen.toggle_reduced()
    assert (screen.side.isVisible(), screen.face.seconds) == (False, 3570)


def test_what_the_disk_refuses_stays_and_is_said(
    window: MainWindow, clock: HandClock, look: Look, jobs: Jobs, tools: Tools
) -> None:
    screen = start(window, clock)
    draft = screen.keeper.kept
    store = Unsteady(tools.store)
    screen = DrillScreen(replace(tools, store=store), look, jobs, draft)  # type: ignore[arg-type]
    store.broken = True
    screen.start()
    screen.tap(screen.drill.groups[0].id)
    until(lambda: screen.trouble.text() != "")
    assert screen.trouble.text().startswith("没有存上")
    assert screen.has_unsaved()
    assert screen.drill.groups[0].arrived
    jobs.settle()
    store.broken = False
    screen.keeper.retry()
    until(lambda: not screen.has_unsaved())
    assert resume(tools.store, tools.reckon, draft.inspection.id).inspection == screen.keeper.shown.inspection
    assert screen.trouble.text() == ""
    screen.shut()
    screen.deleteLater()


def test_without_a_roster(
    open_window: Callable[[Tools], MainWindow], tools: Tools, clock: HandClock, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    bare = School(SchoolId("s9"), "乙丑小学", SchoolKind.PRIMARY)
    tools.store.save_schools([bare])
    book = Workbook()
    for row in (("班级", "人数"), ("一(1)", 40), ("一(2)", 38), ("合计", 78)):
        book.active.append(row)
    book.save(tmp_path / "名单.xlsx")
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(tmp_path / "名单.xlsx"), ""))
    window = open_window(tools)
    window.start_drill("s9", "fire", "")
    screen = stopwatch(window, clock)
    assert screen.no_roster.sentence.isVisible()
    press(window, K.Key_Return)
    until(lambda: screen.desk.dialog is not None)
    press(window, K.Key_Return)
    until(lambda: len(screen.drill.groups) == 7)
    assert [(g.name, g.expected) for g in screen.drill.groups[:2]] == [("一(1)", 40), ("一(2)", 38)]
    kept = tools.store.school(bare.id)
    assert kept is not None
    assert kept.classes == (SchoolClass("一(1)", "", 40), SchoolClass("一(2)", "", 38))
    screen.take_back()
    assert len(screen.drill.groups) == 5
    screen.desk.roster.ask_blank()
    press(window, "3", K.Key_Return, K.Key_Space, *"02", K.Key_Return)
    assert [g.state for g in screen.drill.groups[:3]] == [
        GroupState.WAITING, GroupState.ARRIVED, GroupState.WAITING,
    ]  # fmt: skip


def test_after_a_kill_everything_that_was_saved_is_there_and_the_clock_goes_on(
    tools: Tools, look: Look, jobs: Jobs, clock: HandClock
) -> None:
    me, form = tools.store.me(), tools.form(DRILL)
    assert me is not None
    draft = work.prepare(tools.store, tools.clock, tools.reckon, tools.new_id, SCHOOL, form, me, "fire")
    draft_id = draft.inspection.id
    tools.store.close()
    command = [sys.executable, "-m", "tests.ui.drill_killed", str(tools.workspace), draft_id]
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        told: dict[str, str] = {}
        for line in child.stdout:
            item, value = line.split()
            told[item] = value
            if len(told) == 5:
                child.kill()
                break
        for line in child.stdout:
            if line.endswith("\n"):
                item, value = line.split()
                told[item] = value
    again = drill_tools(tools.workspace, clock)
    try:
        opened = resume(again.store, again.reckon, draft_id)
        assert {item: opened.inspection.answers[ItemId(item)].value for item in told} == told
        clock.at = clock.now() + timedelta(seconds=100)
        screen = DrillScreen(again, look, jobs, opened, again.store.former_answers(opened.inspection.id))
        drill: Drill = drill_of(opened.inspection, opened.reckoned)
        assert drill.started_at is not None
        assert screen.side.clock.seconds == int((clock.at - drill.started_at).total_seconds()) > 90
        screen.shut()
        screen.deleteLater()
    finally:
        again.store.close()


def test_the_office_times_no_drills(open_window: Callable[[Tools], MainWindow], tools: Tools) -> None:
    me = tools.store.me()
    assert me is not None
    tools.store.save_me(replace(me, role=Role.OFFICE))
    window = open_window(tools)
    assert window.rail.places.model().rowCount() == 2
    press(window, (K.Key_3, Qt.KeyboardModifier.AltModifier))
    assert window.stack.currentWidget() is window.today
