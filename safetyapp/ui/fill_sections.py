"""The sections 类别 at the left of Fill: name, how many of how many, mosaic. Narrow, it is the mosaics alone."""

from __future__ import annotations

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import QListView, QMenu, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from safetyapp.domain.form import ItemId
from safetyapp.ui.item_model import Index, ItemModel
from safetyapp.ui.look import Look
from safetyapp.ui.metrics import Style
from safetyapp.ui.mosaic import Snap, mark_at, mosaic_height, paint_mosaic
from safetyapp.ui.words import fits

MARKS_ONLY = 52
"""px at 100 %: the width at which only mosaics are shown, three in a line."""


class SectionModel(QAbstractListModel):
    """One row per section, read from the item model."""

    def __init__(self, items: ItemModel, parent: QWidget) -> None:
        super().__init__(parent)
        self._items = items
        self._marks = [self._marks_of(n) for n in range(len(items.sections))]

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._marks)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return self.title(index.row())
        if role == Qt.ItemDataRole.AccessibleTextRole:
            marks = self._marks[index.row()]
            return self._items.texts.say(
                "fill.section_spoken", title=self.title(index.row()), n=len(marks),
                done=len(marks) - marks.count("o"), findings=marks.count("g") + marks.count("M"),
            )  # fmt: skip
        return None

    def title(self, number: int) -> str:
        return f"{number + 1} {self._items.sections[number].title.in_language(self._items.texts.language)}"

    def marks(self, number: int) -> str:
        return self._marks[number]

    def count_text(self, number: int) -> str:
        marks = self._marks[number]
        if marks.count("n") == len(marks):
            return self._items.texts.say("fill.section_na")
        return f"{len(marks) - marks.count('o')}/{len(marks)}"

    def refresh(self) -> None:
        """Looks at the items again; tells only of sections that look different."""
        for number in range(len(self._marks)):
            marks = self._marks_of(number)
            if marks != self._marks[number]:
                self._marks[number] = marks
                index = self.index(number)
                self.dataChanged.emit(index, index)

    def _marks_of(self, number: int) -> str:
        return "".join(row.mark for row in self._items.section_rows(number))


class _Painter(QStyledItemDelegate):
    def __init__(self, look: Look, sections: SectionList) -> None:
        super().__init__(sections)
        self._look, self._list = look, sections

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        px = self._look.metrics.px
        width = self._list.viewport().width()
        marks = self._list.sections.marks(index.row())
        if self._list.marks_only:
            return QSize(width, mosaic_height(self._look, len(marks), px(28)) + px(12))
        lines = mosaic_height(self._look, len(marks), width - px(28))
        return QSize(width, px(35) + lines)

    def mosaic_rect(self, rect: QRect) -> QRect:
        px = self._look.metrics.px
        if self._list.marks_only:
            return QRect(rect.x() + px(10), rect.y() + px(6), px(28), rect.height() - px(12))
        return QRect(rect.x() + px(14), rect.y() + px(28), rect.width() - px(28), rect.height() - px(35))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        look, px, number = self._look, self._look.metrics.px, index.row()
        rect: QRect = option.rect
        sections, current = self._list.sections, number == self._list.section
        painter.save()
        if current:
            painter.fillRect(rect, look.colour("bg_selected"))
            snap = Snap.of(painter)
            painter.fillRect(rect.x(), rect.y(), max(1, round(snap.length(px(3)))), rect.height(), look.colour("brand"))
        elif number == self._list.hover:
            painter.fillRect(rect, look.colour("bg_hover"))
        marks = sections.marks(number)
        if not self._list.marks_only:
            count = sections.count_text(number)
            wide = look.font_metrics(Style.SMALL).horizontalAdvance(count)
            line = QRect(rect.x() + px(14), rect.y() + px(6), rect.width() - px(24), px(20))
            painter.setFont(look.font(Style.SMALL))
            is_done = "o" not in marks and marks.count("n") < len(marks)
            painter.setPen(look.colour("brand" if is_done else "ink2"))
            flags = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            painter.drawText(line, flags, count)
            style = Style.STRONG if current else Style.BODY
            painter.setFont(look.font(style))
            painter.setPen(look.colour("ink"))
            title = fits(look.font_metrics(style), sections.title(number), line.width() - wide - px(8))
            painter.drawText(line, Qt.AlignmentFlag.AlignVCenter, title)
        mark = self._list.mark if current else -1
        paint_mosaic(painter, self.mosaic_rect(rect), marks, look, mark)
        if index == self._list.currentIndex() and self._list.hasFocus():
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(look.colour("focus"), px(2)))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(rect.adjusted(px(2), px(2), -px(2), -px(2)), px(4), px(4))
        painter.restore()


class SectionList(QListView):
    """Up and down choose, Enter or a click goes there; a click on a mark goes to that item."""

    section_wanted = Signal(int)
    item_wanted = Signal(str)
    not_applicable_wanted = Signal(int)
    rest_wanted = Signal(int)

    def __init__(self, look: Look, items: ItemModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look, self._items = look, items
        self.section, self.mark, self.hover = 0, -1, -1
        self.marks_only = False
        self.sections = SectionModel(items, self)
        self.setModel(self.sections)
        self._painter = _Painter(look, self)
        self.setItemDelegate(self._painter)
        self.setProperty("app", "1")
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setSelectionMode(QListView.SelectionMode.NoSelection)
        self.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, False)
        self.setMouseTracking(True)
        self.setViewportMargins(0, look.metrics.px(8), 0, 0)
        self.setTabKeyNavigation(False)
        say = items.texts.say
        self.setAccessibleName(say("fill.sections_name", n=len(items.sections)))

    def show_place(self, section: int, mark: int) -> None:
        """The section and the item in it where the person is."""
        if (section, mark) == (self.section, self.mark):
            return
        former, self.section, self.mark = self.section, section, mark
        for number in {former, section}:
            self.viewport().update(self.visualRect(self.sections.index(number)))
        if not self.hasFocus():
            self.setCurrentIndex(self.sections.index(section))
            self.scrollTo(self.sections.index(section))

    def set_marks_only(self, only: bool) -> None:
        if only != self.marks_only:
            self.marks_only = only
            self.setVerticalScrollBarPolicy(
                Qt.ScrollBarPolicy.ScrollBarAlwaysOff if only else Qt.ScrollBarPolicy.ScrollBarAsNeeded
            )
            self.doItemsLayout()

    def item_at(self, point: QPoint) -> ItemId | None:
        index = self.indexAt(point)
        if not index.isValid():
            return None
        rows = self._items.section_rows(index.row())
        place = mark_at(self._look, self._painter.mosaic_rect(self.visualRect(index)), len(rows), point)
        return rows[place].id if place >= 0 else None

    def mousePressEvent(self, event: QMouseEvent) -> None:
        point = event.position().toPoint()
        index, item = self.indexAt(point), self.item_at(point)
        if event.button() != Qt.MouseButton.LeftButton or not index.isValid():
            return
        if item is not None:
            self.item_wanted.emit(item)
        else:
            self.section_wanted.emit(index.row())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        point = event.position().toPoint()
        number = self.indexAt(point).row()
        if number != self.hover:
            former, self.hover = self.hover, number
            for place in (former, number):
                if place >= 0:
                    self.viewport().update(self.visualRect(self.sections.index(place)))
        item = self.item_at(point)
        if item is not None:
            row = self._items.row_of(item)
            self.setToolTip(f"{item} {self._items.answer_word(row)}")
        else:
            self.setToolTip("")

    def leaveEvent(self, event: object) -> None:
        self.hover = -1
        self.viewport().update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.section_wanted.emit(self.currentIndex().row())
        elif event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Home, Qt.Key.Key_End):
            super().keyPressEvent(event)
            self.viewport().update()
        elif event.key() == Qt.Key.Key_Menu:
            self.offer_menu(self.currentIndex(), self.visualRect(self.currentIndex()).center())
        else:
            event.ignore()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self.offer_menu(self.indexAt(event.pos()), event.pos())

    def offer_menu(self, index: QModelIndex, at: QPoint) -> None:
        if not index.isValid():
            return
        menu = QMenu(self)
        number = index.row()
        rest = menu.addAction(self._items.texts.say("fill_aids.rest.menu"))
        rest.setEnabled(any(row.is_open and row.is_choice for row in self._items.section_rows(index.row())))
        rest.triggered.connect(lambda: self.rest_wanted.emit(index.row()))
        action = menu.addAction(self._items.texts.say("fill.section_all_na"))
        action.setEnabled(any(row.is_open for row in self._items.section_rows(number)))
        action.triggered.connect(lambda: self.not_applicable_wanted.emit(number))
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(self.viewport().mapToGlobal(at))

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.viewport().update()
