"""Signing: from a complete draft to a signed file, and every way it may not come to that."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QImage, QPointingDevice, QTabletEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from safetyapp.documents import authority
from safetyapp.documents.key_change import use_token
from safetyapp.domain.judging import outcomes
from safetyapp.domain.verdict import VerdictKind
from safetyapp.ui.jobs import Jobs
from safetyapp.ui.look import Look
from safetyapp.ui.sign import SignScreen
from safetyapp.ui.sign_pad import Way
from safetyapp.ui.sign_people import PersonChoice, join_escort, split_escort
from safetyapp.ui.words import Label
from safetyapp.workflow import inspect
from safetyapp.workflow.exchange import file_name
from safetyapp.workflow.finalise import Finalised
from safetyapp.workflow.inspect import set_head
from tests.documents.tokens import PIN, make_token
from tests.store.examples import document
from tests.ui.fill_stage import Stage, answer_all, draw, item, make_stage, press, until
from tests.ui.test_fill_look import _unnamed

K = Qt.Key
CTRL = Qt.KeyboardModifier.ControlModifier
PASSPHRASE = "correct horse battery"
pytestmark = pytest.mark.gui


@pytest.fixture
def stage(tmp_path: Path, look: Look, jobs: Jobs) -> Iterator[Stage]:
    SignScreen.left.clear()
    made = make_stage(tmp_path, look, jobs, person=None)
    yield made
    made.store.broken = False
    made.close()


def _screen(stage: Stage, but: tuple[str, ...] = ()) -> SignScreen:
    answer_all(stage, but=but)
    stage.opened = set_head(stage.tools.store, stage.tools.clock, stage.opened, escort="周陪同（总务主任）")
    screen = SignScreen(stage.tools, stage.look, stage.jobs, stage.opened)
    stage.screens.append(screen)
    screen.resize(1366, 688)
    screen.show()
    screen.activateWindow()
    QApplication.processEvents()
    stage.jobs.settle(20)
    return screen


def _sign_all(screen: SignScreen, passphrase: str = PASSPHRASE) -> None:
    for box in screen.inspectors.boxes:
        screen.inspectors.show_person(box)
        QApplication.processEvents()
        draw(box.pad)
    draw(screen.escort.box.pad)
    screen.key.field.setText(passphrase)


def test_a_complete_draft_becomes_a_signed_document(stage: Stage) -> None:
    screen = _screen(stage)
    got: list[Finalised] = []
    screen.document_finalised.connect(got.append)
    _sign_all(screen)
    screen.print_requested.connect(lambda row: pytest.fail("nothing is signed yet"))
    press(screen, (K.Key_P, CTRL))
    screen.print_requested.disconnect()
    screen.work.opinion.field.setPlainText("情况属实。")
    screen.key.field.setFocus()
    press(screen, (K.Key_Return, CTRL))
    until(lambda: screen.final.stop_button.isVisible() or screen.done is not None)
    assert not screen.final.sign_button.isVisible()
    assert stage.jobs.settle(60)
    assert screen.done is not None
    assert screen.done.verdict.kind is VerdictKind.VALID
    record = screen.done.verdict.record
    assert record is not None
    assert record.school_opinion == "情况属实。"
    assert [(ink.role, ink.name, bool(ink.image)) for ink in record.inks] == [
        ("inspector", "张示例", True), ("escort", "周陪同", True),
    ]  # fmt: skip
    assert record.inks[0].strokes
    data = stage.tools.store.document_path(screen.done.row.sha256).read_bytes()
    assert data.startswith(b"%PDF-")
    assert stage.tools.signer.verify(data).is_valid
    assert stage.tools.store.waiting() == 1
    assert stage.tools.store.drafts() == ()
    assert screen.head.today.hasFocus()
    wanted: list[object] = []
    screen.print_requested.connect(wanted.append)
    press(screen, (K.Key_P, CTRL))
    screen.head.print.click()
    assert wanted == [screen.done.row] * 2
    screen.save_requested.connect(wanted.append)
    press(screen, (K.Key_S, CTRL))
    assert wanted == [screen.done.row] * 3
    assert any(label.text() == file_name(screen.done.row) for label in screen.result.findChildren(Label))
    screen.head.open.click()
    assert got == [screen.done]


def test_what_paper_cannot_show_is_said_before_and_after(stage: Stage) -> None:
    answer_all(stage)
    stage.opened = inspect.answer(
        stage.tools.store, stage.tools.clock, stage.tools.wording, stage.kept(), item("F-01"), "pass",
        note="推车\U0001f6d2",
    )  # fmt: skip
    screen = SignScreen(stage.tools, stage.look, stage.jobs, stage.opened)
    stage.screens.append(screen)
    screen.resize(1366, 688)
    screen.show()
    QApplication.processEvents()
    stage.jobs.settle(20)
    note = screen.work.gaps.notes[0]
    assert (note.title, note.what.split("：")[1].split("。")[0]) == ("1 个字没有字体能印", "U+1F6D2")
    screen.inspectors.boxes[0].choose(Way.PAPER)
    screen.escort.box.choose(Way.PAPER)
    screen.work.own_opinion.field.setPlainText("限期七日改完 \U0001f525")
    screen.key.field.setText(PASSPHRASE)
    screen.sign()
    assert stage.jobs.settle(60)
    assert screen.done is not None
    assert screen.result.replaced.text() == "2 个字没有字体能印，页面上印成〓：U+1F525 U+1F6D2"


def test_gaps_block_and_lead_back(stage: Stage) -> None:
    screen = _screen(stage, but=("F-20", "F-21"))
    back: list[str] = []
    screen.back_requested.connect(back.append)
    assert screen.head.stepper.step == 0
    assert not screen.final.sign_button.isVisible()
    assert screen.work.blocked.to_first.isVisible()
    screen.sign()
    assert screen.done is None
    screen.work.blocked.to_first.click()
    stage.jobs.settle()
    screen.work.gaps.buttons[1].click()
    stage.jobs.settle()
    assert back == ["F-20", "F-21"]


def test_reminders_do_not_block(stage: Stage) -> None:
    screen = _screen(stage)
    assert screen.head.stepper.step == 1
    titles = [note.title for note in screen.work.gaps.notes]
    assert titles == ["F-12 还缺部位、照片 1 张"]
    assert not any(note.blocks for note in screen.work.gaps.notes)


def test_what_is_missing_is_said_one_after_another(stage: Stage) -> None:
    screen = _screen(stage)
    screen.sign()
    assert "张示例还没有签字" in screen.trouble.text()
    assert screen.inspectors.boxes[0].pad.hasFocus()
    draw(screen.inspectors.boxes[0].pad)
    screen.sign()
    assert "周陪同还没有签字" in screen.trouble.text()
    screen.escort.box.choose(Way.REFUSED)
    screen.sign()
    assert screen.trouble.text() == "拒签要写原因和见证人。"
    screen.escort.box.reason.setText("认为不属实")
    screen.escort.box.witness.setText("王见证")
    screen.sign()
    assert screen.key.text() == "请输入签名口令。"
    screen.key.field.setText(PASSPHRASE)
    screen.sign()
    assert stage.jobs.settle(60)
    assert screen.done is not None
    record = screen.done.verdict.record
    assert record is not None
    assert (record.inks[1].refused, record.inks[1].witness, record.inks[1].image) == ("认为不属实", "王见证", None)


def test_without_a_mouse_the_lines_stay_empty_for_paper(stage: Stage) -> None:
    screen = _screen(stage)
    screen.inspectors.boxes[0].choose(Way.PAPER)
    screen.escort.box.choose(Way.PAPER)
    screen.key.field.setFocus()
    press(screen, PASSPHRASE, K.Key_Return)
    assert stage.jobs.settle(60)
    assert screen.done is not None
    assert screen.done.verdict.record is not None
    assert screen.done.verdict.record.inks == ()


def test_wrong_passphrases_are_counted(stage: Stage) -> None:
    screen = _screen(stage)
    before = stage.kept().inspection
    _sign_all(screen, "falsch")
    for left in (4, 3, 2, 1):
        screen.sign()
        stage.jobs.settle(60)
        assert screen.key.text() == f"口令不对，还可试 {left} 次；第 5 次后要等 1 分钟。"
        assert screen.key.field.hasFocus()
    screen.sign()
    stage.jobs.settle(60)
    assert screen.key.text().startswith("口令错了 5 次，60 秒后再试")
    screen.key.field.setText(PASSPHRASE)
    screen.sign()
    stage.jobs.settle(60)
    assert screen.done is None
    assert stage.kept().inspection == before
    assert stage.tools.store.waiting() == 0
    another = _screen(stage)  # as after another start: nothing of the first is left but what the store has
    assert stage.jobs.settle()
    _sign_all(another)
    another.sign()
    stage.jobs.settle(60)
    assert another.key.text().startswith("口令错了 5 次")
    assert another.done is None


def test_a_token_is_asked_for_its_pin(stage: Stage, tmp_path: Path) -> None:
    tools, keys = stage.tools, stage.tools.workspace / "keys"
    me, now = tools.store.me(), datetime.now().astimezone()
    assert me is not None

    def certify(public: Any) -> x509.Certificate:
        return authority.certify(keys, me, public, PASSPHRASE, now - timedelta(minutes=1))

    with make_token(tmp_path / "softhsm", certify) as token:
        use_token(keys, token.curve, PIN, tools.workspace / "trust", me, now)
        screen = _screen(stage)
        key = screen.key
        assert (key.label.text(), key.field.accessibleName()) == ("UKey 的 PIN 码", "UKey 的 PIN 码")
        said = [label.text() for label in key.findChildren(Label)] + [key.field.actions()[-1].toolTip()]
        assert not any("口令" in text for text in said), said
        _sign_all(screen, "")
        screen.sign()
        assert key.text() == "请输入 UKey 的 PIN 码。"
        key.field.setText("000000")
        screen.sign()
        assert stage.jobs.settle(60)
        assert key.text() == "PIN 码不对。连续输错几次，UKey 会锁住。"
        key.field.setFocus()
        press(screen, "1")
        assert key.text().startswith("先插上 UKey")
        (keys / "token.toml").write_text(
            (keys / "token.toml").read_text(encoding="utf-8").replace("张的UKey", "拔了"), encoding="utf-8"
        )
        screen.sign()
        assert stage.jobs.settle(60)
        assert screen.trouble.text() == "没有定稿：没有找到 UKey“拔了”。草稿没有变化。"
        (keys / "token.toml").write_text(
            (keys / "token.toml").read_text(encoding="utf-8").replace("拔了", "张的UKey"), encoding="utf-8"
        )
        key.field.setText(PIN)
        screen.sign()
        assert stage.jobs.settle(60)
        assert screen.done is not None
        assert screen.done.verdict.certificate == authority.fingerprint(token.certificates["01"])


def test_a_failing_store_finalises_nothing(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    screen = _screen(stage)

    def fail(*_: Any, **__: Any) -> bool:
        raise OSError("no space")

    monkeypatch.setattr(stage.store.store, "keep_document", fail)
    _sign_all(screen)
    screen.sign()
    stage.jobs.settle(60)
    assert screen.done is None
    assert screen.trouble.text().startswith("没有定稿：")
    assert screen.trouble.text().endswith("草稿没有变化。")
    assert screen.final.sign_button.isVisible()
    assert len(stage.tools.store.drafts()) == 1


def test_stop_leaves_nothing(stage: Stage) -> None:
    sealing, gate = threading.Event(), threading.Event()
    signer = stage.tools.signer

    class Slow:
        def __getattr__(self, name: str) -> Any:
            return getattr(signer, name)

        def seal(self, *given: Any) -> bytes:
            sealing.set()
            assert gate.wait(20)
            return signer.seal(*given)

    stage.tools = replace(stage.tools, signer=Slow())
    screen = _screen(stage)
    _sign_all(screen)
    screen.sign()
    until(sealing.is_set, 20)
    screen.final.stop_button.click()
    gate.set()
    stage.jobs.settle(60)
    assert screen.done is None
    assert screen.trouble.text() == "已停。没有定稿，草稿没有变化。"
    assert len(stage.tools.store.drafts()) == 1


def test_companions_get_pads_and_keep_ink(stage: Stage) -> None:
    screen = _screen(stage)
    draw(screen.inspectors.boxes[0].pad)
    screen.inspectors.companions.setText("李样本, 王例")
    screen.inspectors.companions.editingFinished.emit()
    assert screen.inspectors.people() == ["张示例", "李样本", "王例"]
    assert not screen.inspectors.boxes[0].pad.is_empty()
    assert stage.kept().inspection.companions == ("李样本", "王例")
    screen.inspectors.companions.setText("欧阳示例样本、司马样本示例、上官演示用、诸葛测试员、王例")
    screen.inspectors.companions.editingFinished.emit()
    choice = screen.inspectors._tabs
    assert isinstance(choice, PersonChoice)
    assert [choice.itemText(n) for n in range(2)] == ["张示例 · 已签", "欧阳示例样本"]
    choice.setFocus()
    press(screen, K.Key_Down)
    draw(screen.inspectors.boxes[1].pad)
    assert choice is not screen.inspectors._tabs
    assert screen.work.widget().minimumSizeHint().width() <= 1280
    screen.inspectors.companions.setText("")
    screen.inspectors.companions.editingFinished.emit()
    assert screen.inspectors.people() == ["张示例"]


def test_ink_is_kept_as_strokes_and_as_a_picture(stage: Stage) -> None:
    screen = _screen(stage)
    pad = screen.inspectors.boxes[0].pad
    draw(pad, 3)
    strokes = pad.strokes()
    assert len(strokes) == 3
    assert all(len(stroke) > 5 for stroke in strokes)
    assert all(isinstance(n, int) for stroke in strokes for point in stroke for n in point)
    times = [point[2] for stroke in strokes for point in stroke]
    assert times == sorted(times)
    assert pad.image().startswith(b"\x89PNG")
    screen.inspectors.boxes[0].again.click()
    assert pad.is_empty()
    assert pad.image() == b""


def test_a_pen_that_presses_leaves_a_thicker_line_in_the_picture(stage: Stage) -> None:
    """What is kept looks as it did on the pad: the picture is drawn with the pressure that the pen told."""
    device = QPointingDevice.primaryPointingDevice()
    pad = _screen(stage).inspectors.boxes[0].pad

    def write(pressure: float) -> float:
        """Ink in the picture, as the share of its height that is dark."""
        pad.clear()
        kinds = (QEvent.Type.TabletPress, *(QEvent.Type.TabletMove,) * 30, QEvent.Type.TabletRelease)
        for n, kind in enumerate(kinds):
            at = QPointF(20 + 4 * n, 40)
            event = QTabletEvent(
                kind, device, at, at, pressure, 0, 0, 0, 0, 0, Qt.KeyboardModifier.NoModifier,
                Qt.MouseButton.LeftButton, Qt.MouseButton.LeftButton,
            )  # fmt: skip
            QApplication.sendEvent(pad, event)
        image = QImage.fromData(pad.image())
        column = [image.pixelColor(image.width() * 3 // 4, y).value() for y in range(image.height())]
        return sum(255 - value for value in column) / 255

    assert write(1.0) > 1.8 * write(0.1) > 0
    assert all(len(point) == 3 for stroke in pad.strokes() for point in stroke)


def test_full_window_pad(stage: Stage) -> None:
    screen = _screen(stage)
    box = screen.escort.box
    box.full.click()
    assert screen.full.isVisible()
    assert screen.full.title.text() == "周陪同"
    draw(screen.full.pad)
    for key in (K.Key_Tab,) * 4:  # whoever holds the laptop reaches the pad and its two buttons, nothing else
        press(screen, key)
        assert screen.full.isAncestorOf(screen.focusWidget())
    screen.key.field.setText(PASSPHRASE)
    QTest.keyClick(screen.focusWidget(), K.Key_Return, CTRL)
    assert stage.jobs.settle()
    assert (screen.done, screen.full.isVisible()) == (None, True)
    screen.full.ready.click()
    assert not screen.full.isVisible()
    assert screen.work.isEnabled()
    assert box.pad.hasFocus()
    assert len(box.pad.strokes()) == 2


def test_escort_is_one_line_in_the_report() -> None:
    for name, position in (("周陪同", "总务主任"), ("周陪同", ""), ("", "")):
        assert split_escort(join_escort(name, position)) == (name, position)


def test_back_keeps_what_was_written(stage: Stage) -> None:
    screen = _screen(stage)
    back: list[str] = []
    screen.back_requested.connect(back.append)
    screen.work.opinion.field.setPlainText("先看看")
    screen.escort.position.setText("副校长")
    screen.go_back()
    stage.jobs.settle()
    assert back == [""]
    kept = stage.kept().inspection
    assert (kept.school_opinion, kept.escort) == ("先看看", "周陪同（副校长）")
    assert len(outcomes(stage.opened.form, kept, stage.opened.reckoned)) == 60
    assert item("F-01") in kept.answers


def test_caps_lock_is_said(stage: Stage) -> None:
    screen = _screen(stage)
    screen.key.field.setFocus()
    QTest.keyClick(screen.key.field, "A")
    assert screen.key.text() == "大写锁定开着"
    QTest.keyClick(screen.key.field, "a")
    assert screen.key.text() != "大写锁定开着"


@pytest.mark.parametrize(("width", "height", "percent"), [(1280, 640, 100), (1366, 688, 150), (1366, 688, 200)])
def test_sizes_and_names(stage: Stage, width: int, height: int, percent: int) -> None:
    stage.look.set_percent(percent)
    screen = _screen(stage)
    screen.resize(width, height)
    QApplication.processEvents()
    assert screen.width() == width
    assert _unnamed(screen) == []
    if percent == 100:
        bottom = screen.final.sign_button.mapTo(screen, screen.final.sign_button.rect().bottomRight())
        assert bottom.y() <= height
        assert bottom.x() <= width


def test_the_inspectors_own_opinion_goes_into_the_record(stage: Stage) -> None:
    screen = _screen(stage)
    _sign_all(screen)
    screen.work.own_opinion.field.setPlainText("限期七日改完。")
    screen.sign()
    assert stage.jobs.settle(60)
    assert screen.done is not None
    record = screen.done.verdict.record
    assert record is not None
    assert record.opinion == "限期七日改完。"
    assert record.school_opinion == ""


def test_the_window_stays_while_something_is_not_kept(stage: Stage, tmp_path: Path) -> None:
    screen = _screen(stage)
    assert not screen.has_unsaved()
    stage.store.broken = True
    screen.work.opinion.field.setPlainText("很重要的意见")
    screen.flush()
    stage.jobs.settle()
    assert screen.has_unsaved()
    screen.rescue.write(tmp_path / "意见.json")
    stage.jobs.settle()
    assert "很重要的意见" in (tmp_path / "意见.json").read_text(encoding="utf-8")
    assert not screen.has_unsaved()
    stage.store.broken = False
    screen.keeper.retry()
    assert stage.kept().inspection.school_opinion == "很重要的意见"


def test_the_window_stays_while_it_is_made_final_and_when_that_failed(stage: Stage) -> None:
    screen = _screen(stage)
    _sign_all(screen, "wrong passphrase")
    screen.sign()
    until(lambda: screen._job is not None)
    screen.flush()
    assert screen.has_unsaved()
    assert stage.jobs.settle(60)
    assert screen.done is None
    assert screen.has_unsaved()  # nobody has read yet why
    until(lambda: not screen.has_unsaved())
    screen.key.field.setText(PASSPHRASE)
    screen.sign()
    assert stage.jobs.settle(60)
    assert screen.done is not None
    assert not screen.has_unsaved()


def _again(stage: Stage, screen: SignScreen) -> SignScreen:
    stage.opened = stage.kept()
    made = SignScreen(stage.tools, stage.look, stage.jobs, stage.opened)
    stage.screens.append(made)
    made.resize(1366, 688)
    made.show()
    QApplication.processEvents()
    stage.jobs.settle(20)
    QApplication.processEvents()
    return made


def test_ink_is_kept_while_nothing_changes(stage: Stage) -> None:
    screen = _screen(stage)
    draw(screen.inspectors.boxes[0].pad)
    screen.escort.box.choose(Way.REFUSED)
    screen.escort.box.reason.setText("不认可")
    strokes, at = screen.inspectors.boxes[0].strokes(), screen.inspectors.boxes[0].signed_at
    screen.go_back()
    stage.jobs.settle()
    back = _again(stage, screen)
    assert back.inspectors.boxes[0].strokes() == strokes
    assert back.inspectors.boxes[0].signed_at == at
    assert back.escort.box.way is Way.REFUSED
    assert back.escort.box.reason.text() == "不认可"
    assert back.trouble.text() == ""


def test_ink_under_other_content_is_not_kept_and_that_is_said(stage: Stage) -> None:
    screen = _screen(stage)
    draw(screen.inspectors.boxes[0].pad)
    screen.go_back()
    stage.jobs.settle()
    inspect.answer(
        stage.tools.store, stage.tools.clock, stage.tools.wording, stage.kept(), item("F-01"), "pass", note="补记"
    )
    back = _again(stage, screen)
    assert back.inspectors.boxes[0].pad.is_empty()
    assert back.trouble.text() == "上次签字以后内容改过，要重新签字。"


def test_what_was_missing_is_no_longer_said_once_it_is_there(stage: Stage) -> None:
    screen = _screen(stage)
    _sign_all(screen)
    screen.escort.name.clear()
    screen.sign()
    assert screen.trouble.text().startswith("请写陪同人姓名")
    screen.escort.name.setFocus()
    press(screen, "周")
    assert screen.trouble.text() == ""
    screen.inspectors.boxes[0].pad.clear()
    screen.sign()
    assert screen.trouble.text()
    draw(screen.inspectors.boxes[0].pad)
    assert screen.trouble.text() == ""


def test_a_clock_that_is_behind_the_last_document_is_doubted(stage: Stage) -> None:
    made_at = stage.tools.clock.now() + timedelta(hours=1)
    row, data, ledger, _ = document(1, made_at=made_at)
    assert _screen(stage).key.clock.isHidden()
    stage.tools.store.keep_document(row, data, ledger)
    screen = _screen(stage)
    assert screen.key.clock.isVisible()
    assert f"{made_at:%H:%M}" in screen.key.clock.toolTip()


def test_tab_reaches_the_way_back(stage: Stage) -> None:
    screen = _screen(stage)
    screen.setFocus()
    assert screen.inspectors.boxes[0].pad.hasFocus()
    seen: list[QWidget | None] = []
    for _ in range(40):
        seen.append(QApplication.focusWidget())
        press(screen, K.Key_Tab)
    assert screen.head.back in seen
    assert screen.final.sign_button in seen
