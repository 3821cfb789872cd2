"""Annotating a photo: with keys alone, from the item to the signed page; with the pointer; and when something fails."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from PIL import Image
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from safetyapp.domain.inspection import PhotoLink
from safetyapp.domain.photo_marks import SIDE, MarkColour, MarkKind, PhotoMarks, Thickness, pixels
from safetyapp.domain.record import Record
from safetyapp.ui.annotate import AnnotateScreen
from safetyapp.ui.annotate_model import CROP, NOTHING, Tool
from safetyapp.ui.fill import FillScreen
from safetyapp.ui.fill_photos import Source
from safetyapp.ui.jobs import Jobs
from safetyapp.ui.keys_dialog import KeysDialog
from safetyapp.ui.look import Look
from safetyapp.ui.sign import SignScreen
from safetyapp.ui.sign_pad import Way
from tests.documents.reading import plain, text_of
from tests.store.examples import detailed_photo, sample
from tests.store.test_burning import detail
from tests.ui.fill_stage import Stage, answer_all, item, make_stage, picture_file, press
from tests.ui.test_fill_look import _unnamed

K = Qt.Key
ALT, CTRL, SHIFT = (
    Qt.KeyboardModifier.AltModifier,
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.ShiftModifier,
)
LEFT, PLAIN = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
F12 = item("F-12")
pytestmark = pytest.mark.gui


@pytest.fixture
def stage(tmp_path: Path, look: Look, jobs: Jobs) -> Iterator[Stage]:
    made = make_stage(tmp_path, look, jobs)
    yield made
    made.store.full = made.store.broken = False
    made.close()


@pytest.fixture
def signing_stage(tmp_path: Path, look: Look, jobs: Jobs) -> Iterator[Stage]:
    """With a key of the person's own."""
    SignScreen.left.clear()
    made = make_stage(tmp_path, look, jobs, person=None)
    yield made
    made.close()


def _open(stage: Stage, *paths: Path, screen: FillScreen | None = None) -> tuple[FillScreen, AnnotateScreen]:
    """Photos at F-12, and Enter on the first of them."""
    fill = screen or stage.screen()
    fill.go_to("F-12")
    press(fill, K.Key_2)
    fill.photos.take(F12, [Source(path.name, path) for path in paths])
    stage.jobs.settle(20)
    fill.body.photos.thumbs()[0].setFocus()
    press(fill, K.Key_Return)
    stage.jobs.settle(20)
    annotate = fill.photos.annotate
    assert annotate.isVisible()
    return fill, annotate


def _links(stage: Stage) -> tuple[PhotoLink, ...]:
    return stage.kept().inspection.photos_of(F12)


def _marks(stage: Stage, place: int = 0) -> PhotoMarks:
    """What the disk has, after what is typed has been handed over."""
    found = _links(stage)[place].marks
    assert found is not None
    return found


def test_with_keys_alone_from_the_item_to_the_signed_page(signing_stage: Stage, tmp_path: Path) -> None:
    stage = signing_stage
    answer_all(stage)
    window = stage.window()
    window.open_fill(stage.opened.inspection.id)
    stage.jobs.settle()
    fill = window.work
    assert isinstance(fill, FillScreen)
    photo = tmp_path / "走廊.jpg"
    photo.write_bytes(detailed_photo((1600, 1200)))
    fill, annotate = _open(stage, photo, screen=fill)
    assert annotate.canvas.hasFocus()
    burns = stage.store.burns
    press(fill, K.Key_A, K.Key_Return, (K.Key_Right, SHIFT), K.Key_Down)
    press(fill, K.Key_B, K.Key_Return)
    for _ in range(20):
        press(fill, (K.Key_Right, ALT | SHIFT), (K.Key_Down, ALT | SHIFT))
    annotate.flush()
    marks = _marks(stage)
    assert [mark.kind for mark in marks.marks] == [MarkKind.ARROW, MarkKind.MOSAIC]
    assert (marks.marks[0].x1, marks.marks[0].y2) == (3000 + 62, 5000 + 8)  # 10 and 1 px of 1600 x 1200
    press(fill, K.Key_T, K.Key_Return)
    assert annotate.panel.words.hasFocus()
    press(fill, "1.1 m", K.Key_Return)
    assert annotate.canvas.hasFocus()
    annotate.flush()
    assert _marks(stage).marks[-1].text == "1.1 m"
    press(fill, (K.Key_Z, CTRL), (K.Key_Z, CTRL))  # the words, then the text itself
    annotate.flush()
    assert _marks(stage) == marks
    press(fill, (K.Key_Y, CTRL), (K.Key_Z, CTRL), (K.Key_F9, PLAIN))  # keys of the screen below do nothing here
    assert annotate.isVisible()
    assert window.work is fill
    assert stage.store.burns == burns  # nothing is burnt while one draws
    press(fill, K.Key_Escape)
    assert not annotate.isVisible()
    thumb = fill.body.photos.thumbs()[0]
    assert thumb.hasFocus()
    assert thumb.link is not None
    assert thumb.link.marks == marks
    fill.body.finding.place.setCurrentText("教学楼")
    press(fill, (K.Key_Z, CTRL))
    stage.jobs.settle(20)
    copy = stage.tools.store.print_of(_links(stage)[0])
    unmarked = stage.tools.store.printed_path(_links(stage)[0].photo).read_bytes()
    burnt = stage.tools.store.printed_path(copy).read_bytes()
    press(fill, K.Key_F9)
    stage.jobs.settle()
    sign = window.work
    assert isinstance(sign, SignScreen)
    for box in (sign.inspectors.boxes[0], sign.escort.box):
        box.choose(Way.PAPER)
    sign.key.field.setText("correct horse battery")
    sign.sign()
    assert stage.jobs.settle(60)
    assert sign.done is not None
    data = stage.tools.store.document_path(sign.done.row.sha256).read_bytes()
    record = stage.tools.signer.verify(data).record
    assert isinstance(record, Record)
    assert [(link.photo.printed, link.marks) for link in record.photos] == [(copy.printed, marks)]
    with pikepdf.open(BytesIO(data)) as pdf:
        pictures = [image.read_raw_bytes() for page in pdf.pages for image in page.get_images().values()]
    assert burnt in pictures
    assert unmarked not in pictures
    assert "已打码、已标注" in plain(text_of(data, tmp_path))
    for secret in (b"Secret Maker", b"secret comment"):
        assert secret not in data
    shown = tmp_path / "shown.jpg"
    shown.write_bytes(burnt)
    hidden = marks.marks[1]
    with Image.open(shown) as image:
        area = pixels(hidden.x1 + 90, hidden.y1 + 90, hidden.x2 - 90, hidden.y2 - 90, *image.size)
        assert detail(image.crop(area)) < 6
        assert detail(image.crop((0, 0, 1600, 300))) > 25


def test_all_tools_by_key_and_by_pointer(stage: Stage, tmp_path: Path) -> None:
    fill, annotate = _open(stage, sample("iphone_13_pro_max.HEIC"), picture_file(tmp_path))
    marking, canvas = annotate.marking, annotate.canvas
    # by key: every tool, colour and thickness of the chosen one, turn, crop, remove
    undo, redo = annotate.header.undo_button, annotate.header.redo_button
    press(fill, K.Key_O, K.Key_Return)
    assert (undo.isEnabled(), redo.isEnabled()) == (True, False)
    undo.click()
    assert (undo.isEnabled(), redo.isEnabled()) == (False, True)
    redo.click()
    annotate.canvas.setFocus()
    marking.set_colour(MarkColour.YELLOW)
    marking.set_thickness(Thickness.THICK)
    press(fill, K.Key_R, K.Key_Return, K.Key_C, K.Key_Return)
    assert marking.chosen == CROP
    press(fill, (K.Key_Left, ALT | SHIFT), K.Key_W)
    annotate.flush()
    marks = _marks(stage)
    assert [(m.kind, m.colour, m.thickness) for m in marks.marks] == [
        (MarkKind.CIRCLE, MarkColour.YELLOW, Thickness.THICK), (MarkKind.BOX, MarkColour.YELLOW, Thickness.THICK),
    ]  # fmt: skip
    assert marks.turns == 1
    assert marks.crop is not None
    press(fill, K.Key_Delete, K.Key_V, K.Key_V)  # the crop goes; V once more takes the first mark
    assert marking.marks.crop is None
    assert marking.chosen == 0
    press(fill, K.Key_V, K.Key_Delete)
    assert [m.kind for m in marking.marks.marks] == [MarkKind.CIRCLE]
    press(fill, K.Key_F1)
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, KeysDialog)
    press(dialog, K.Key_Escape)
    assert fill.window().focusWidget() is canvas
    fill.activateWindow()
    assert QTest.qWaitForWindowActive(fill)
    canvas.setFocus()
    # by pointer: drag a new one, move it, take its corner, choose by a press beside all
    view = canvas.viewport()

    def at(x: int, y: int) -> QPoint:
        width, height = marking.size
        return canvas.mapFromScene(QPointF(x * width / SIDE, y * height / SIDE))

    def drag(start: QPoint, *way: QPoint) -> None:
        QTest.mousePress(view, LEFT, PLAIN, start)
        for point in way:
            QTest.mouseMove(view, point)
        QTest.mouseRelease(view, LEFT, PLAIN, way[-1])

    press(fill, K.Key_B)
    marking.set_hiding(MarkKind.BLACK)
    drag(at(1000, 1000), at(2000, 2000), at(3000, 3000))
    made = marking.mark()
    assert made is not None
    assert made.kind is MarkKind.BLACK
    assert all(
        abs(a - b) < 60 for a, b in zip((made.x1, made.y1, made.x2, made.y2), (1000, 1000, 3000, 3000), strict=True)
    )
    drag(at(2000, 2000), at(3000, 2500), at(3000, 3000))
    moved = marking.mark()
    assert moved is not None
    assert abs(moved.x1 - 2000) < 60
    assert abs(moved.y1 - 2000) < 60
    drag(at(moved.x2, moved.y2), at(6000, 6000), at(7000, 8000))
    sized = marking.mark()
    assert sized is not None
    assert (sized.x1, sized.y1) == (moved.x1, moved.y1)
    assert abs(sized.x2 - 7000) < 60
    press(fill, K.Key_V)
    QTest.mouseClick(view, LEFT, PLAIN, at(200, 9000))
    assert marking.chosen == NOTHING
    QTest.mouseClick(view, LEFT, PLAIN, at(5000, 5000))
    assert marking.mark() == sized
    press(fill, K.Key_T)
    QTest.mouseClick(view, LEFT, PLAIN, at(5000, 9000))
    assert annotate.panel.words.hasFocus()
    annotate.panel.words.clear()
    marking.write("")
    press(fill, K.Key_Escape)
    assert annotate.isVisible()  # from the field to the picture
    # the original while Space is held; zoom; the next photo, and its own undo
    QTest.keyPress(canvas, K.Key_Space)
    assert canvas.is_bare()
    assert marking.size == (1200, 1600)
    QTest.keyRelease(canvas, K.Key_Space)
    assert not canvas.is_bare()
    percent = canvas.percent()
    press(fill, K.Key_Plus)
    assert canvas.percent() > percent
    press(fill, K.Key_0)
    assert canvas.percent() == percent
    marking.choose(NOTHING)
    press(fill, K.Key_V, K.Key_PageDown)
    stage.jobs.settle(20)
    assert [m.kind for m in _marks(stage).marks] == [MarkKind.CIRCLE, MarkKind.BLACK]  # words that say nothing are gone
    assert annotate.link() == _links(stage)[1]
    assert not annotate.header.undo_button.isEnabled()
    press(fill, K.Key_W)
    # the caption by its segment and by hand
    annotate.panel.label.buttons()[0].click()
    assert _links(stage)[1].caption == "远景"
    annotate.panel.caption.setFocus()
    annotate.panel.caption.selectAll()
    press(fill, "door", K.Key_Return)
    assert (_links(stage)[1].caption, canvas.hasFocus()) == ("door", True)
    press(fill, K.Key_Left)
    stage.jobs.settle(20)
    assert annotate.header.undo_button.isEnabled()
    assert _unnamed(annotate) == []
    annotate.header.done.click()
    stage.jobs.settle(20)
    # the strip says what the draft says: putting photos in order keeps their marks
    strip = fill.body.photos
    assert [link.marks is not None for link in strip.links] == [True, True]
    first, second = _links(stage)
    strip.move_photo(0, 1)
    assert [link.marks for link in _links(stage)] == [second.marks, first.marks]
    # one sitting is one step of undo for the screen below
    fill.undo()
    fill.undo()
    assert [link.marks for link in _links(stage)] == [None, None]


def test_the_same_photo_may_be_hidden_here_and_not_there(stage: Stage, tmp_path: Path) -> None:
    path = picture_file(tmp_path)
    fill = stage.screen()
    fill.go_to("F-17")
    fill.photos.take(item("F-17"), [Source(path.name, path)])
    stage.jobs.settle(20)
    fill, annotate = _open(stage, path, screen=fill)
    press(fill, K.Key_B, K.Key_Return)
    annotate.flush()
    assert annotate.panel._elsewhere.text() == "F-17 也用了这张照片，那里没有打码。"
    press(fill, K.Key_Escape)
    inspection = stage.kept().inspection
    assert inspection.photos_of(item("F-17"))[0].marks is None
    assert inspection.photos_of(F12)[0].marks is not None


def test_a_broken_file_and_a_full_disk_are_said_and_the_marks_stay(stage: Stage, tmp_path: Path) -> None:
    fill, annotate = _open(stage, picture_file(tmp_path), picture_file(tmp_path, "2.jpg", 240))
    second = _links(stage)[1]
    press(fill, K.Key_B, K.Key_Return)
    stage.store.full = True
    press(fill, K.Key_Escape)
    assert len(_marks(stage).marks) == 1
    stage.jobs.settle(20)
    assert fill.trouble.text().startswith("标注存好了，印刷用的图没有做成：")
    stage.store.full = False
    fill.trouble.clear()
    stage.tools.store.printed_path(second.photo).write_bytes(b"half")
    fill.body.photos.thumbs()[0].setFocus()
    press(fill, K.Key_Return, K.Key_PageDown)
    stage.jobs.settle(20)
    assert annotate.canvas._said == "这张照片打不开（文件不完整）"
    press(fill, K.Key_A, K.Key_Return, K.Key_W, K.Key_Delete, (K.Key_Z, CTRL), K.Key_Left)
    stage.jobs.settle(20)
    assert annotate.canvas.has_picture()
    # what cannot be saved is said over the picture, and goes in once it can
    stage.store.broken = True
    press(fill, K.Key_O, K.Key_Return)
    annotate.flush()
    stage.jobs.settle(20)
    assert annotate.trouble.text().startswith("没有存上：")
    stage.store.broken = False
    fill.keeper.retry()
    assert len(_marks(stage).marks) == 2
    assert annotate.trouble.text() == ""
    assert _links(stage)[1].marks is None


def test_it_fits_with_letters_twice_as_large(stage: Stage, tmp_path: Path) -> None:
    stage.look.set_percent(200)
    try:
        fill, annotate = _open(stage, picture_file(tmp_path))
        least = annotate.minimumSizeHint()
        assert least.width() <= 1280
        assert least.height() <= 640
        assert annotate.header.more.isVisible()
        press(fill, K.Key_V)
        stops = [button for button in annotate.tools.stops() if button.focusPolicy() & Qt.FocusPolicy.TabFocus]
        assert [stop.accessibleName() for stop in stops] == ["选择", "转 90°"]
        assert annotate.marking.tool is Tool.SELECT
        wanted = [annotate.header.stops()[0], stops[0], annotate.canvas, annotate.bar, annotate.panel]
        annotate.header.back.setFocus()
        seen = []
        for _ in range(40):
            focus = QApplication.focusWidget()
            owner = next((part for part in wanted if focus is part or part.isAncestorOf(focus)), None)
            if owner is not None and owner not in seen:
                seen.append(owner)
            QTest.keyClick(focus, K.Key_Tab)
        assert seen == wanted
    finally:
        stage.look.set_percent(100)
