"""Photos at an item: dropped, pasted, chosen, put in order, taken away; the broken ones are said."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication, QImage
from PySide6.QtWidgets import QApplication, QFileDialog

from safetyapp.ui.fill_photos import Source
from safetyapp.ui.jobs import Jobs
from safetyapp.ui.look import Look
from tests.ui.fill_stage import Stage, item, make_stage, picture_file, press

K = Qt.Key
CTRL = Qt.KeyboardModifier.ControlModifier
pytestmark = pytest.mark.gui


@pytest.fixture
def stage(tmp_path: Path, look: Look, jobs: Jobs) -> Iterator[Stage]:
    made = make_stage(tmp_path, look, jobs)
    yield made
    QGuiApplication.clipboard().clear()
    made.close()


def _files(*paths: Path) -> QMimeData:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    return mime


def test_drop_anywhere_on_an_item(stage: Stage, tmp_path: Path) -> None:
    screen = stage.screen()
    screen.go_to("F-11")
    index = screen.model.index_of(item("F-12"))
    at = QPointF(screen.view.visualRect(index).center())
    mime = _files(picture_file(tmp_path))
    copy, left, plain = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    QApplication.sendEvent(screen.view.viewport(), QDragEnterEvent(at.toPoint(), copy, mime, left, plain))
    QApplication.sendEvent(screen.view.viewport(), QDropEvent(at, copy, mime, left, plain))
    links = stage.kept().inspection.photos_of(item("F-12"))
    assert len(links) == 1
    assert screen.current_item() == "F-12"
    assert screen.body.photos.isVisible()
    assert len(screen.body.photos.thumbs()) == 1


def test_paste_a_picture_in_the_list_and_in_the_text(stage: Stage) -> None:
    screen = stage.screen()
    image = QImage(300, 200, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.darkGreen)
    QGuiApplication.clipboard().setImage(image)
    screen.go_to("F-12")
    press(screen, (K.Key_V, CTRL))
    assert len(stage.kept().inspection.photos_of(item("F-12"))) == 1
    image.fill(Qt.GlobalColor.darkRed)
    QGuiApplication.clipboard().setImage(image)
    screen.go_to("F-17")
    press(screen, K.Key_2)
    before = screen.body.finding.text.toPlainText()
    press(screen, (K.Key_V, CTRL))
    assert len(stage.kept().inspection.photos_of(item("F-17"))) == 1
    assert screen.body.finding.text.toPlainText() == before


def test_paste_without_a_picture_says_so(stage: Stage) -> None:
    screen = stage.screen()
    QGuiApplication.clipboard().setText("只有字")
    screen.go_to("F-12")
    press(screen, (K.Key_V, CTRL))
    assert screen.toast.text() == "剪贴板里没有图片。"


def test_p_opens_the_file_dialog(stage: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = picture_file(tmp_path)
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_: ([str(path)], ""))
    screen = stage.screen()
    screen.go_to("F-20")
    press(screen, K.Key_P)
    assert len(stage.kept().inspection.photos_of(item("F-20"))) == 1


def test_a_broken_photo_is_said_and_the_others_come_in(stage: Stage, tmp_path: Path) -> None:
    screen = stage.screen()
    broken = tmp_path / "坏的.jpg"
    broken.write_bytes(b"\xff\xd8\xff\xe0 not much of a picture")
    good = [picture_file(tmp_path, f"{n}.jpg", 200 + n * 20) for n in range(2)]
    screen.go_to("F-12")
    screen.photos.take(item("F-12"), [Source(p.name, p) for p in (good[0], broken, good[1])])
    assert len(stage.kept().inspection.photos_of(item("F-12"))) == 2
    assert screen.trouble.text().count("坏的.jpg") == 1
    assert not screen.photos.intake.is_busy


def test_order_captions_removal_and_undo(stage: Stage, tmp_path: Path) -> None:
    screen = stage.screen()
    files = [picture_file(tmp_path, f"{n}.jpg", 200 + n * 20) for n in range(3)]
    screen.go_to("F-12")
    press(screen, K.Key_2)
    screen.photos.take(item("F-12"), [Source(p.name, p) for p in files])
    first, second, third = [link.photo.original for link in stage.kept().inspection.photos_of(item("F-12"))]
    strip = screen.body.photos
    strip.thumbs()[0].setFocus()
    press(screen, (K.Key_Right, CTRL))
    assert [link.photo.original for link in stage.kept().inspection.photos_of(item("F-12"))] == [second, first, third]
    assert strip.thumbs()[1].hasFocus()
    strip.set_caption(0, "远景")
    assert stage.kept().inspection.photos_of(item("F-12"))[0].caption == "远景"
    assert strip.links == stage.kept().inspection.photos_of(item("F-12"))
    press(screen, K.Key_Delete)
    assert len(stage.kept().inspection.photos_of(item("F-12"))) == 2
    assert screen.toast.text() == "已拿掉照片"
    screen.undo()
    assert len(stage.kept().inspection.photos_of(item("F-12"))) == 3


def test_enlarge_and_back(stage: Stage, tmp_path: Path) -> None:
    screen = stage.screen()
    screen.go_to("F-12")
    press(screen, K.Key_2)
    screen.photos.take(item("F-12"), [Source(str(n), picture_file(tmp_path, f"{n}.jpg", 200 + n)) for n in range(2)])
    stage.jobs.settle()
    screen.body.photos.thumbs()[0].setFocus()
    press(screen, K.Key_Return)
    assert screen.photos.is_annotating()
    stage.jobs.settle()
    press(screen, K.Key_Right, K.Key_Escape)
    assert not screen.photos.is_annotating()
    assert screen.body.photos.thumbs()[0].hasFocus()


def test_fixed_on_the_spot_wants_an_after_photo(stage: Stage, tmp_path: Path) -> None:
    screen = stage.screen()
    screen.go_to("F-12")
    press(screen, K.Key_2)
    assert screen.body.photos.add_after.isHidden()
    screen.body.finding.fixed.click()
    assert screen.body.photos.add_after.isVisible()
    screen.photos.take(item("F-12"), [Source("后.jpg", picture_file(tmp_path))], after=True)
    assert len(stage.kept().inspection.photos_of(item("F-12"), after=True)) == 1


def test_stop_leaves_the_rest_out(stage: Stage, tmp_path: Path) -> None:
    screen = stage.screen()
    files = [picture_file(tmp_path, f"{n}.jpg", 200 + n * 10) for n in range(5)]
    screen.go_to("F-12")
    screen.photos.take(item("F-12"), [Source(p.name, p) for p in files])
    screen.photos.intake.stop()
    assert len(stage.kept().inspection.photos_of(item("F-12"))) == 1
    assert screen.toast.text() == "已停，加进了 1 张"


def test_papers_lists_and_folders_are_the_windows(stage: Stage, tmp_path: Path) -> None:
    screen = stage.screen()
    screen.go_to("F-12")
    press(screen, K.Key_2)
    at = screen.view.visualRect(screen.view.currentIndex()).center()
    copy, left, plain = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    text = screen.body.finding.text
    for name, taken in (("a.pdf", False), ("a.xlsx", False), ("a.csv", False), ("folder", False), ("a.JPG", True)):
        mime = _files(tmp_path / name)
        for target in (screen.view.viewport(), screen.body.photos):
            event = QDragEnterEvent(at, copy, mime, left, plain)
            event.ignore()
            QApplication.sendEvent(target, event)
            assert event.isAccepted() is taken, (name, target)
        assert text.canInsertFromMimeData(mime) is taken
    papers = _files(tmp_path / "a.pdf")
    QApplication.sendEvent(screen.view.viewport(), QDropEvent(QPointF(at), copy, papers, left, plain))
    assert not stage.kept().inspection.photos_of(item("F-12"))
    assert screen.trouble.text() == ""


def test_a_photo_that_is_gone_is_said(stage: Stage, tmp_path: Path) -> None:
    screen = stage.screen()
    screen.photos.take_mime("F-12", _files(tmp_path / "没了.jpg"), False)
    assert not stage.kept().inspection.photos_of(item("F-12"))
    assert screen.trouble.text() == "没了.jpg：找不到这个文件，可能已被移走或删掉"


def test_the_same_photo_twice_is_said(stage: Stage, tmp_path: Path) -> None:
    screen = stage.screen()
    path = picture_file(tmp_path)
    for _ in range(2):
        screen.photos.take_mime("F-12", _files(path), False)
        stage.jobs.settle()
    assert screen.toast.text() == "走廊.jpg 已经在这里。"
    assert len(stage.kept().inspection.photos_of(item("F-12"))) == 1
