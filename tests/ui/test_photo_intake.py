"""How photos come in: from a watched folder into the tray, from there to items; what is known of each, what is refused,
a disk that is nearly full, and two hundred at once."""

from __future__ import annotations

import hashlib
import importlib.util
import os
import tempfile
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QFileDialog

from safetyapp.domain.form import ItemId
from safetyapp.ui import camera
from safetyapp.ui.fill import FillScreen
from safetyapp.ui.fill_photos import Source
from safetyapp.ui.jobs import Jobs
from safetyapp.ui.look import Look
from safetyapp.ui.sheet_dialog import ListDialog
from safetyapp.ui.sign import SignScreen
from safetyapp.workflow.photo_watch import recall_watch
from tests.ui.fill_stage import Stage, item, make_stage, press, until
from tests.ui.watchdog import Watchdog

K = Qt.Key
CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
EXIF, TAKEN = 0x8769, 0x9003
pytestmark = pytest.mark.gui


@pytest.fixture
def stage(tmp_path: Path, look: Look, jobs: Jobs) -> Iterator[Stage]:
    made = make_stage(tmp_path, look, jobs)
    yield made
    made.close()


def _photo(path: Path, number: int = 0, taken: datetime | None = None) -> Path:
    """A small picture of its own, dated by its camera when `taken` says so."""
    path.parent.mkdir(parents=True, exist_ok=True)
    exif = Image.Exif()
    if taken is not None:
        exif.get_ifd(EXIF)[TAKEN] = f"{taken:%Y:%m:%d %H:%M:%S}"
    colour = (number * 7 % 256, number // 32, 90)
    Image.new("RGB", (48, 36), colour).save(path, "JPEG", exif=exif, comment=str(number))
    return path


def _to_tray(screen: FillScreen, *paths: Path) -> None:
    screen.photos.intake.take(None, [Source(path.name, path) for path in paths], False)


def _names(screen: FillScreen) -> list[str]:
    return [one.name for one in screen.incoming.tray.waiting]


def _count(stage: Stage, at: str) -> int:
    return len(stage.kept().inspection.photos_of(item(at)))


def test_a_watched_folder_fills_the_tray(stage: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    card = tmp_path / "DCIM"
    first = _photo(card / "100APPLE" / "IMG_1.JPG", 1)
    old = _photo(card / "IMG_0.JPG", 0)
    os.utime(old, (1_600_000_000, 1_600_000_000))
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(card))
    screen = stage.screen()
    watch, header = screen.incoming.watch, screen.header
    watch.quickest = 10
    assert header.tray_button.words() == "托盘"
    press(screen, (K.Key_P, CTRL | SHIFT))
    assert header.tray_button.words() == "看着 DCIM"
    until(lambda: _names(screen) == ["IMG_1.JPG"])
    assert header.tray_button.words() == "看着 DCIM · 1 张新"
    whole = _photo(tmp_path / "IMG_2.JPG", 2).read_bytes()
    (card / "IMG_2.JPG").write_bytes(whole[:300])  # half copied, and left so for a while
    (card / "broken.jpg").write_bytes(whole[:200])
    (card / "the first again.jpg").write_bytes(first.read_bytes())
    until(lambda: "broken.jpg" in screen.trouble.text() or "IMG_2.JPG" in screen.trouble.text(), 20)
    assert _names(screen) == ["IMG_1.JPG"]
    (card / "IMG_2.JPG").write_bytes(whole)
    until(lambda: _names(screen) == ["IMG_1.JPG", "IMG_2.JPG"], 20)
    card.rename(tmp_path / "pulled out")
    until(lambda: header.tray_button.words() == "DCIM 拔掉了")
    assert screen.toast.text() == "DCIM 拔掉了，插回就接着收"
    (tmp_path / "pulled out").rename(card)
    until(lambda: header.tray_button.words() == "看着 DCIM · 2 张新")
    assert sorted(p.name for p in card.rglob("*.*")) == [
        "IMG_0.JPG", "IMG_1.JPG", "IMG_2.JPG", "broken.jpg", "the first again.jpg",
    ]  # fmt: skip
    until(lambda: recall_watch(stage.tools.workspace).is_on)
    screen.shut()
    again = stage.screen()
    until(lambda: again.header.tray_button.words() == "看着 DCIM · 2 张新")
    press(again, (K.Key_P, CTRL | SHIFT))
    assert again.toast.text() == "不再看着 DCIM"
    assert again.header.tray_button.words() == "托盘 2"
    assert stage.jobs.settle()
    assert not recall_watch(stage.tools.workspace).is_on


def test_from_the_tray_to_items_with_the_keyboard(stage: Stage, tmp_path: Path) -> None:
    screen = stage.screen()
    screen.go_to("F-11")
    press(screen, K.Key_1)
    answered = screen.keeper.shown.inspection.answers[ItemId("F-11")].answered_at
    times = [None, *(answered - timedelta(minutes=n) for n in (4, 3, 2)), answered - timedelta(days=3)]
    _to_tray(screen, *(_photo(tmp_path / f"{n}.jpg", n, taken) for n, taken in enumerate(times)))
    assert stage.jobs.settle()
    assert _names(screen) == ["4.jpg", "1.jpg", "2.jpg", "3.jpg", "0.jpg"]
    assert screen.toast.text() == "5 张进了托盘。"
    screen.go_to("F-12")
    press(screen, (K.Key_T, CTRL))
    panel = screen.incoming.tray.panel
    assert panel is not None
    until(lambda: panel.list.rows.rowCount() == 5)
    assert panel.list.hasFocus()
    spoken = [panel.list.rows.data(panel.list.rows.index(n), Qt.ItemDataRole.AccessibleTextRole) for n in range(5)]
    assert "（相机时钟）" in str(spoken[0])
    assert "相机时钟慢 3 天" in str(spoken[0])
    assert str(spoken[1]).endswith("→ F-11 拍后 4 分钟答的（按相机时钟）")
    assert "（文件时间）" in str(spoken[4])
    press(screen, K.Key_Space, K.Key_Space)
    assert panel.count.text() == "选了 2 张"
    press(screen, K.Key_Return)
    assert _count(stage, "F-12") == 2
    assert screen.toast.text() == "2 张归到 F-12"
    until(lambda: panel.list.rows.rowCount() == 3)
    screen.undo()
    until(lambda: panel.list.rows.rowCount() == 5)
    assert _count(stage, "F-12") == 0
    panel.list.clearSelection()
    panel.list.setFocus()
    press(screen, "17", K.Key_Return)
    assert _count(stage, "F-17") == 1
    until(lambda: panel.list.rows.rowCount() == 4)
    assert panel.list.hasFocus()
    press(screen, "zz9", K.Key_Return)
    assert screen.toast.text() == "没有题号 zz9"
    press(screen, K.Key_Escape, (K.Key_A, CTRL), (K.Key_Return, CTRL))
    assert stage.jobs.settle()
    there = _count(stage, "F-11")
    assert there >= 2
    until(lambda: panel.list.rows.rowCount() == 4 - there)
    press(screen, K.Key_Delete)
    left = 4 - there - 1
    until(lambda: panel.list.rows.rowCount() == left)
    assert "从托盘拿掉 1 张" in screen.toast.text()
    assert len(stage.tools.store.tray(stage.opened.inspection.id)) == 4
    screen.toast._action.click()
    until(lambda: panel.list.rows.rowCount() == left + 1)
    assert stage.jobs.settle()
    press(screen, K.Key_Escape)
    assert not panel.isVisible()
    assert screen.view.hasFocus()
    waiting = _names(screen)
    stage.opened = stage.kept()
    again = stage.screen()  # as after a crash: all is read from the disk
    assert _names(again) == waiting
    assert stage.tools.store.tray(stage.opened.inspection.id)


def test_what_is_left_in_the_tray_is_said_before_signing(stage: Stage, tmp_path: Path) -> None:
    screen = stage.screen()
    _to_tray(screen, *(_photo(tmp_path / f"{n}.jpg", n) for n in range(3)))
    stage.opened = stage.kept()
    sign = SignScreen(stage.tools, stage.look, stage.jobs, stage.opened)
    stage.screens.append(sign)
    sign.show()
    until(lambda: any("托盘里还有 3 张照片没有归到题目" in note.title for note in sign.work.gaps.notes))
    note = next(note for note in sign.work.gaps.notes if "托盘" in note.title)
    assert not note.blocks
    wanted: list[str] = []
    sign.back_requested.connect(wanted.append)
    button = next(b for b in sign.work.gaps.buttons if b.words() == "看托盘")
    button.click()
    screen.go_to(wanted[0])
    assert screen.incoming.tray.is_open()


def test_what_is_said_of_a_photo(stage: Stage, tmp_path: Path) -> None:
    screen = stage.screen()
    now = stage.tools.clock.now()
    wrong = _photo(tmp_path / "wrong clock.jpg", 1, now - timedelta(days=40))
    large = _photo(tmp_path / "large.jpg", 2, now)
    large.write_bytes(large.read_bytes() + os.urandom(21_000_000))
    screen.go_to("F-12")
    screen.photos.take(item("F-12"), [Source(wrong.name, wrong), Source(large.name, large)])
    assert stage.jobs.settle(20)
    assert screen.toast.text() == "large.jpg 有 21 MB，超过 20 MB，打印用的已缩小，原图另存。"
    strip = screen.body.photos
    assert strip.doubt.isVisible()
    assert strip.doubt.text() == "相机时钟慢 40 天"
    for said in (strip.thumbs()[1].toolTip(), strip.thumbs()[1].accessibleName()):
        assert f"{now:%m-%d %H:%M}（相机时钟）" in said
    screen.photos.take(item("F-17"), [Source(wrong.name, wrong)])
    assert stage.jobs.settle()
    assert screen.toast.text() == "wrong clock.jpg 也在 F-12。"
    screen.go_to("F-17")
    press(screen, K.Key_Return)
    assert "也在 F-12" in screen.body.photos.thumbs()[0].accessibleName()
    assert screen.body.photos.thumbs()[0].is_elsewhere
    press(screen, (K.Key_T, CTRL))
    panel = screen.incoming.tray.panel
    assert panel is not None
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path)) for path in (wrong, _photo(tmp_path / "new.jpg", 9))])
    copy, left, plain = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    QApplication.sendEvent(panel, QDragEnterEvent(panel.rect().center(), copy, mime, left, plain))
    QApplication.sendEvent(panel, QDropEvent(QPointF(panel.rect().center()), copy, mime, left, plain))
    assert stage.jobs.settle()
    assert _names(screen) == ["new.jpg"]
    assert screen.toast.text() == "new.jpg 进了托盘。wrong clock.jpg 也在 F-12、F-17。"


def test_a_batch_ends_in_one_list_and_the_good_ones_are_kept(stage: Stage, tmp_path: Path) -> None:
    screen = stage.screen()
    screen.go_to("F-12")
    good = [_photo(tmp_path / f"{n}.jpg", n) for n in range(2)]
    broken, empty, paper, bomb = (tmp_path / name for name in ("坏的.jpg", "空的.jpg", "说明.docx", "大.png"))
    broken.write_bytes(b"\xff\xd8\xff\xe0 not much of a picture")
    empty.write_bytes(b"")
    paper.write_bytes(b"PK\3\4")
    Image.new("1", (12_000, 11_000)).save(bomb)
    files = [good[0], broken, empty, paper, bomb, good[1]]
    screen.photos.take(item("F-12"), [Source(path.name, path) for path in files])
    assert _count(stage, "F-12") == 2
    assert screen.trouble.text() == "4 张没有收：坏的.jpg、空的.jpg、说明.docx 等"
    screen.trouble._buttons[0].click()
    dialog = next(w for w in screen.findChildren(ListDialog) if w.isVisible())
    assert [name for name, _ in dialog.rows] == ["坏的.jpg", "空的.jpg", "说明.docx", "大.png"]
    assert [why.split("，")[-1] for _, why in dialog.rows][2:] == [
        "说明.docx 不是照片",
        "照片 大.png 超过 120 百万像素",
    ]
    dialog.close()
    screen.undo()
    assert _count(stage, "F-12") == 0  # what came at once goes at once


def test_a_disk_that_is_nearly_full_keeps_its_room_for_text(stage: Stage, tmp_path: Path) -> None:
    screen = stage.screen()
    screen.go_to("F-12")
    press(screen, K.Key_2)
    strip = screen.body.photos
    assert strip.add.isEnabled()
    stage.store.free = 120_400_000
    files = [_photo(tmp_path / f"{n}.jpg", n) for n in range(3)]
    screen.photos.take(item("F-12"), [Source(path.name, path) for path in files])
    assert _count(stage, "F-12") == 0
    sentence = "磁盘快满了（剩 120 MB），先不能拍照；文字还能写。"
    assert screen.trouble.text() == sentence
    assert not strip.add.isEnabled()
    assert strip.add.accessibleDescription() == sentence
    screen.go_to("F-11")
    press(screen, K.Key_1)
    assert stage.kept().inspection.answers[ItemId("F-11")].value == "pass"
    stage.store.free = 300_000_000
    screen.photos.room.look()
    assert stage.jobs.settle()
    assert screen.trouble.text() == ""
    assert strip.add.isEnabled()


def test_a_camera_is_offered_only_where_there_is_one(stage: Stage) -> None:
    screen = stage.screen()
    installed = importlib.util.find_spec(camera.MODULE) is not None
    assert camera.load() is installed
    if not installed:
        assert screen.body.photos.camera is None
        assert screen.photos.shoot is None
    shots: list[int] = []
    screen.photos.shoot = lambda: shots.append(1)
    screen.body.photos.show_camera(screen.photos.shoot)
    screen.go_to("F-12")
    press(screen, K.Key_P)
    screen.editor.open(focus=False)
    assert screen.body.photos.camera is not None
    screen.body.photos.camera.click()
    assert shots == [1, 1]


@pytest.fixture
def quick_disk() -> Iterator[Path]:
    """Where a write costs nothing, if the computer has such a place: what is measured is the window."""
    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None) as folder:
        yield Path(folder)


@pytest.mark.alone
def test_two_hundred_photos_leave_the_window_free(quick_disk: Path, look: Look, jobs: Jobs) -> None:
    stage = make_stage(quick_disk, look, jobs)
    screen = stage.screen()
    files = [_photo(quick_disk / f"{n:03}.jpg", n) for n in range(200)]
    screen.go_to("F-12")
    assert jobs.settle()
    QApplication.processEvents()
    bar: list[str] = []
    screen.photos.intake.progressed.connect(lambda n, every: bar.append(f"{n}/{every}"))
    with Watchdog() as dog:
        screen.photos.take(item("F-12"), [Source(path.name, path) for path in files[:40]])
        screen.photos.intake.take(None, [Source(path.name, path) for path in files[40:]], False)
        until(lambda: not screen.photos.intake.is_busy, 60)
        assert jobs.settle()
        for name in ("F-11", "F-12", "F-13", "F-12"):
            screen.go_to(name)
            QApplication.processEvents()
        press(screen, (K.Key_T, CTRL), K.Key_End, K.Key_Escape)
    assert bar[-1] == "200/200"
    shown = [link.photo for link in stage.kept().inspection.photos_of(item("F-12"))]
    assert [photo.original for photo in shown] == [hashlib.sha256(path.read_bytes()).hexdigest() for path in files[:40]]
    assert len(_names(screen)) == 160
    assert len(stage.tools.store.tray(stage.opened.inspection.id)) == 160
    stage.close()
    assert dog.worst < 150, "on a computer that does nothing else it is below 50"
