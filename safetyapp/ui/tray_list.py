"""The photos in the tray as a list: picture, name, when it was taken by which clock, and the item that is proposed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import (
    QEvent,
    QItemSelectionModel,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import QAbstractItemView, QFrame, QListView, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from safetyapp.domain.form import ItemId
from safetyapp.domain.inspection import PhotoLink, Sha256
from safetyapp.domain.photo_tray import Proposal, TrayPhoto
from safetyapp.texts import Texts
from safetyapp.ui.icons import paint_icon
from safetyapp.ui.look import Look
from safetyapp.ui.metrics import Style
from safetyapp.ui.mosaic import paint_hairline
from safetyapp.ui.parts import Chip, chip_width, paint_chip
from safetyapp.ui.photo_thumbs import THUMB, Thumbs, middle_of
from safetyapp.ui.row_list import Index, RowsModel, RowText, paint_focus, paint_texts
from safetyapp.ui.words import MIDDLE


@dataclass(frozen=True, slots=True)
class TrayRow:
    """A photo with what is said beside it; `doubt` is empty while its clock may be right."""

    one: TrayPhoto
    proposal: Proposal | None
    captured: str
    proposed: str
    doubt: str

    @property
    def link(self) -> PhotoLink:
        """As those who show pictures want it."""
        return PhotoLink(ItemId(""), self.one.photo, 0, caption=self.one.name)


class TrayModel(RowsModel[TrayRow]):
    """The rows, by the time they were taken."""

    def __init__(self, texts: Texts, parent: QWidget) -> None:
        super().__init__(parent)
        self._texts = texts

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole):
            return None
        row = self.rows[index.row()]
        joint = self._texts.say("photos.facts_joint")
        facts = joint.join(part for part in (row.captured, row.doubt, row.proposed) if part)
        return self._texts.say("photos.tray.row", name=row.one.name, facts=facts)


class _TrayDelegate(QStyledItemDelegate):
    def __init__(self, look: Look, thumbs: Thumbs, view: TrayList) -> None:
        super().__init__(view)
        self._look, self._thumbs, self._view = look, thumbs, view

    def _lines(self) -> tuple[int, int, int]:
        metrics = self._look.metrics
        return metrics.line(Style.COMPACT_STRONG), metrics.line(Style.SMALL), metrics.chip

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        px, (name, small, chip) = self._look.metrics.px, self._lines()
        words = name + 2 * small + (chip + px(4) if self._view.rows.rows[index.row()].doubt else 0)
        return QSize(px(200), max(words, px(THUMB[1])) + px(16))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        look, px = self._look, self._look.metrics.px
        row = self._view.rows.rows[index.row()]
        rect: QRect = option.rect
        chosen = self._view.selectionModel().isSelected(index)
        painter.save()
        painter.fillRect(rect, look.colour("bg_selected" if chosen else "bg_surface"))
        paint_hairline(painter, rect.left(), rect.right() + 1, rect.bottom() + 1, look.colour("line"))
        mark = QRect(rect.x() + px(10), rect.y() + px(8), px(18), px(18))
        if chosen:
            paint_icon(painter, mark.x(), mark.y(), "check", px(18), look.theme.brand)
        picture = self._thumbs.get(row.link, self._view.viewport().update, self._view)
        box = QRect(mark.right() + px(6), rect.y() + px(8), px(THUMB[0]), px(THUMB[1]))
        painter.fillRect(box, look.colour("bg_sunken"))
        if picture is not None:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawPixmap(box, picture, middle_of(picture.size(), box.size()))
        left, top = box.right() + px(12), rect.y() + px(8)
        room = rect.right() - px(12) - left
        name, small, chip = self._lines()
        words = QRect(left, top, room, name + 2 * small)
        paint_texts(
            painter,
            look,
            words,
            RowText(row.one.name, Style.COMPACT_STRONG, "ink", MIDDLE),
            RowText(row.captured, Style.SMALL, "ink2", MIDDLE),
            RowText(row.proposed, Style.SMALL, "ink" if row.proposal else "ink2", MIDDLE),
        )
        if row.doubt:
            wide = min(room, chip_width(look, Chip.OUTLINE, row.doubt, "alert-circle"))
            at = QRect(left, words.bottom() + 1 + px(4), wide, chip)
            paint_chip(painter, at, Chip.OUTLINE, row.doubt, look, "alert-circle")
        paint_focus(painter, look, self._view, index, rect)
        painter.restore()


class TrayList(QListView):
    """Space ticks and goes on, Shift with an arrow ticks a run, Ctrl+A all; characters begin an item's number."""

    chosen_changed = Signal()
    placed = Signal()
    """Enter: to the current item."""
    proposed_wanted = Signal()
    out_wanted = Signal()
    enlarged = Signal(int)
    typed = Signal(str)
    left = Signal()

    def __init__(self, look: Look, texts: Texts, thumbs: Thumbs, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self.rows = TrayModel(texts, self)
        self.setModel(self.rows)
        self.setItemDelegate(_TrayDelegate(look, thumbs, self))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, False)
        self.setAccessibleName(texts.say("photos.tray.list_name"))
        self.setTabKeyNavigation(False)
        self.selectionModel().selectionChanged.connect(lambda *_: self.chosen_changed.emit())
        look.theme_changed.connect(self.viewport().update)

    def show_rows(self, rows: tuple[TrayRow, ...]) -> None:
        """Other rows; what was ticked stays so, and the place in the list is kept."""
        if rows == self.rows.rows:
            return
        ticked = {row.one.photo.original for row in self.ticked()}
        place = self.currentIndex().row()
        here = self.rows.rows[place].one.photo.original if 0 <= place < len(self.rows.rows) else None
        self.rows.set_rows(rows)
        names = [row.one.photo.original for row in rows]
        if rows:
            now = names.index(here) if here in names else min(max(place, 0), len(rows) - 1)
            flag = QItemSelectionModel.SelectionFlag
            self.selectionModel().setCurrentIndex(self.rows.index(now), flag.NoUpdate)
            for number, name in enumerate(names):
                if name in ticked:
                    self.selectionModel().select(self.rows.index(number), flag.Select)
        self.chosen_changed.emit()

    def ticked(self) -> list[TrayRow]:
        """Those that are ticked, in the order of the list."""
        numbers = sorted(index.row() for index in self.selectionModel().selectedIndexes())
        return [self.rows.rows[n] for n in numbers if n < len(self.rows.rows)]

    def chosen(self) -> list[TrayRow]:
        """Those that are ticked; the current one when none is."""
        place = self.currentIndex().row()
        return self.ticked() or ([self.rows.rows[place]] if 0 <= place < len(self.rows.rows) else [])

    def choose(self, originals: Sequence[Sha256]) -> None:
        """Ticks these."""
        flag = QItemSelectionModel.SelectionFlag
        for number, row in enumerate(self.rows.rows):
            if row.one.photo.original in originals:
                self.selectionModel().select(self.rows.index(number), flag.Select)

    def event(self, event: QEvent) -> bool:
        """Ctrl+Enter means another thing on the screen below."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
            if control and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                event.accept()
                return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, flags = Qt.Key(event.key()), event.modifiers()
        control = bool(flags & Qt.KeyboardModifier.ControlModifier)
        shift = bool(flags & Qt.KeyboardModifier.ShiftModifier)
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            (self.proposed_wanted if control else self.placed).emit()
        elif key is Qt.Key.Key_Space:
            self._tick()
        elif key in (Qt.Key.Key_Up, Qt.Key.Key_Down) and not shift and not control:
            self._step(-1 if key is Qt.Key.Key_Up else 1)
        elif key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.out_wanted.emit()
        elif key is Qt.Key.Key_F4 and self.currentIndex().isValid():
            self.enlarged.emit(self.currentIndex().row())
        elif key is Qt.Key.Key_Escape:
            self.left.emit()
        elif not control and event.text().isprintable() and event.text().strip():
            self.typed.emit(event.text())
        else:
            super().keyPressEvent(event)

    def _tick(self) -> None:
        index = self.currentIndex()
        if index.isValid():
            self.selectionModel().select(index, QItemSelectionModel.SelectionFlag.Toggle)
            self._step(1)

    def _step(self, by: int) -> None:
        """Moves without unticking what was ticked."""
        place = min(max(self.currentIndex().row() + by, 0), len(self.rows.rows) - 1)
        if place >= 0:
            self.selectionModel().setCurrentIndex(self.rows.index(place), QItemSelectionModel.SelectionFlag.NoUpdate)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        if index.isValid():
            self.enlarged.emit(index.row())
