"""The list of documents: model that pages, painted rows, keys."""

from __future__ import annotations

from PySide6.QtCore import (
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    QStringListModel,
    Qt,
    Signal,
)
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from safetyapp.domain.document import DocumentRow
from safetyapp.texts import Texts
from safetyapp.ui.look import Look
from safetyapp.ui.metrics import Style
from safetyapp.ui.mosaic import paint_hairline
from safetyapp.ui.parts import (
    chip_width,
    fits,
    paint_chip,
)
from safetyapp.ui.recent_list import recent_facts, state_chip
from safetyapp.ui.words import CENTRED, LINE, MIDDLE

Index = QModelIndex | QPersistentModelIndex


PAGE = 200
"""Rows that are asked for at once."""


class DocumentsModel(QObject):
    """As many rows as there are; those that were looked at are there, the others come page by page when they are.

    What the view is given is Qt's own model, `of_view`, which holds a row's words for whoever reads the screen aloud: a
    view asks its model about every row whenever it lays itself out, and asking one written in Python a hundred thousand
    times holds the window up.
    """

    def __init__(self, texts: Texts, parent: QWidget) -> None:
        super().__init__(parent)
        self._texts = texts
        self.of_view = QStringListModel(self)
        self.rows: list[DocumentRow | None] = []
        self._asked: set[int] = set()
        self._rivals: dict[str, bool] = {}

    def set_rivals(self, rivals: tuple[tuple[DocumentRow, ...], ...]) -> None:
        """The reports that share their inspection with somebody else's, the one that counts first."""
        self._rivals = {row.sha256: number == 0 for rows in rivals for number, row in enumerate(rows)}

    def facts_of(self, row: DocumentRow) -> str:
        """11-24 · 5 条隐患; before it, that there are two reports of this inspection, and whether this one counts."""
        facts, counts = recent_facts(self._texts, row), self._rivals.get(row.sha256)
        if counts is None:
            return facts
        told = self._texts.say(f"handover.rivals.{'this_counts' if counts else 'this_other'}")
        return self._texts.say("window.dot").join((told, facts))

    def set_rows(self, rows: tuple[DocumentRow, ...], total: int, offset: int = 0) -> None:
        """Everything anew, of which these rows are known."""
        total = max(total, offset + len(rows))
        self.rows = [None] * total
        self._asked = {offset // PAGE}
        self.of_view.setStringList([])
        self.of_view.insertRows(0, total)
        self.put_rows(rows, offset)

    def put_rows(self, rows: tuple[DocumentRow, ...], offset: int) -> None:
        """A page has come; the view is to be painted anew."""
        rows = rows[: max(0, len(self.rows) - offset)]
        self.rows[offset : offset + len(rows)] = rows
        self.of_view.blockSignals(True)  # nothing is laid out anew: every row is as high as any other
        for place, row in enumerate(rows, offset):
            self.of_view.setData(self.of_view.index(place), self._words(row))
        self.of_view.blockSignals(False)

    def pages_lacking(self, first: int, last: int) -> tuple[int, ...]:
        """The pages between two rows that nobody has asked for; they count as asked from now on."""
        lacking = tuple(page for page in range(first // PAGE, last // PAGE + 1) if page not in self._asked)
        self._asked.update(lacking)
        return lacking

    def row(self, place: int) -> DocumentRow | None:
        return self.rows[place] if 0 <= place < len(self.rows) else None

    def rowCount(self) -> int:
        return len(self.rows)

    def index(self, place: int) -> QModelIndex:
        return self.of_view.index(place)

    def _words(self, row: DocumentRow) -> str:
        say = self._texts.say
        return say(
            "documents_screen.row",
            kind=say(f"documents_screen.kind.{row.kind.value}"),
            school=row.school,
            title=row.title,
            facts=self.facts_of(row),
            state=say(f"documents_screen.state.{row.state.value}"),
        )


class DocumentDelegate(QStyledItemDelegate):
    """Kind tile, school · form, date · facts, state chip."""

    def __init__(self, look: Look, texts: Texts, rows: DocumentsModel, parent: QListView) -> None:
        super().__init__(parent)
        self._look, self._texts, self._rows, self._view = look, texts, rows, parent

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(0, self._look.metrics.document_row)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        look, px = self._look, self._look.metrics.px
        row = self._rows.row(index.row())
        rect: QRect = option.rect
        if row is None:
            self._paint_absent(painter, rect, index.row() == self._view.currentIndex().row())
            return
        state: QStyle.StateFlag = option.state
        current = self._view.currentIndex().row() == index.row()
        chosen = current or bool(state & QStyle.StateFlag.State_Selected)
        hovered = bool(state & QStyle.StateFlag.State_MouseOver)
        painter.save()
        painter.fillRect(rect, look.colour("bg_selected" if chosen else "bg_hover" if hovered else "bg_app"))
        paint_hairline(painter, rect.left(), rect.right() + 1, rect.bottom() + 1, look.colour("line"))
        if current:
            painter.fillRect(rect.left(), rect.top(), px(3), rect.height(), look.colour("brand"))
        tile = QRect(rect.left() + px(14), rect.top() + (rect.height() - px(40)) // 2, px(34), px(40))
        self._paint_tile(painter, tile, self._texts.say(f"documents_screen.tile.{row.kind.value}"))
        text = self._texts.say(f"documents_screen.state.{row.state.value}")
        kind = state_chip(row.state)
        wide = chip_width(look, kind, text)
        chip = QRect(rect.right() - px(12) - wide, rect.center().y() - px(11), wide, look.metrics.chip)
        paint_chip(painter, chip, kind, text, look)
        left = tile.right() + px(10)
        room = chip.left() - px(10) - left
        upper, lower = look.metrics.line(Style.STRONG), look.metrics.line(Style.SMALL)
        top = rect.top() + (rect.height() - upper - lower) // 2
        painter.setPen(look.colour("ink"))
        painter.setFont(look.font(Style.COMPACT_STRONG))
        name = self._texts.say("documents_screen.of", school=row.school, title=row.title)
        said = fits(look.font_metrics(Style.COMPACT_STRONG), name, room, MIDDLE)
        painter.drawText(QRect(left, top, room, upper), LINE, said)
        painter.setPen(look.colour("ink2"))
        painter.setFont(look.font(Style.SMALL))
        facts = fits(look.font_metrics(Style.SMALL), self._rows.facts_of(row), room)
        painter.drawText(QRect(left, top + upper, room, lower), LINE, facts)
        if current and self._view.hasFocus():
            painter.setPen(QPen(look.colour("focus"), px(2)))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(rect.adjusted(px(1), px(1), -px(1), -px(2)))
        painter.restore()

    def _paint_absent(self, painter: QPainter, rect: QRect, current: bool) -> None:
        """A row that is still on its way: its shape, without words."""
        look, px = self._look, self._look.metrics.px
        painter.fillRect(rect, look.colour("bg_selected" if current else "bg_app"))
        paint_hairline(painter, rect.left(), rect.right() + 1, rect.bottom() + 1, look.colour("line"))
        if current:
            painter.fillRect(rect.left(), rect.top(), px(3), rect.height(), look.colour("brand"))
        middle = rect.center().y()
        for box in (
            QRect(rect.left() + px(14), middle - px(20), px(34), px(40)),
            QRect(rect.left() + px(58), middle - px(13), rect.width() * 2 // 5, px(10)),
            QRect(rect.left() + px(58), middle + px(5), rect.width() // 4, px(8)),
        ):
            painter.fillRect(box, look.colour("bg_sunken"))

    def _paint_tile(self, painter: QPainter, tile: QRect, words: str) -> None:
        look, px = self._look, self._look.metrics.px
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(look.colour("line_strong"), 1))
        painter.setBrush(look.colour("bg_surface"))
        box = QRectF(tile).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.drawRoundedRect(box, look.metrics.radius_chip, look.metrics.radius_chip)
        painter.setPen(look.colour("ink2"))
        painter.setFont(look.font(Style.MICRO))
        lines = words.split("|")
        step = look.metrics.line(Style.MICRO) + px(1)
        y = tile.top() + (tile.height() - step * len(lines)) // 2
        for line in lines:
            painter.drawText(QRect(tile.left(), y, tile.width(), step), CENTRED, line)
            y += step
        painter.restore()


class DocumentList(QListView):
    """The list; letters and Space are not a search here but keys of the screen."""

    key_pressed = Signal(int, bool)
    rows_painted = Signal()
    """Other rows may be seen now."""

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        self.rows_painted.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        held = event.modifiers() & (Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier)
        if not held and event.key() in _KEYS_OF_SCREEN:
            self.key_pressed.emit(event.key(), bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier))
        elif not held and event.text().isprintable() and event.text():
            event.ignore()
        else:
            super().keyPressEvent(event)


_KEYS_OF_SCREEN = (Qt.Key.Key_Space, Qt.Key.Key_V, Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Slash)
