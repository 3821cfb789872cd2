"""常用语 under the cursor: sentences that fit what is being written; Tab or Enter takes one, typing goes on otherwise.

It never has the focus and is no popup window: an input method goes on undisturbed. While it is not there, no key is
its own; while an input method composes, it is not there.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPersistentModelIndex, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QInputMethodEvent, QKeyEvent, QPainter, QTextCursor
from PySide6.QtWidgets import (
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPlainTextEdit,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from safetyapp.domain.phrases import LEAST, Field, Wording, fragments, offered
from safetyapp.texts import Texts
from safetyapp.ui.look import Look
from safetyapp.ui.metrics import Style
from safetyapp.ui.parts import key_cap_width, paint_key_cap

Offer = Callable[[str], tuple[str, ...]]
"""What is offered for what has been typed, best first."""
WritingField: TypeAlias = QPlainTextEdit | QLineEdit
Index: TypeAlias = QModelIndex | QPersistentModelIndex
_MOVES = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}
_TAKES = (Qt.Key.Key_Tab, Qt.Key.Key_Return, Qt.Key.Key_Enter)
_PLAIN = (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)


@dataclass(slots=True)
class Phrases:
    """What may be put into the two texts of a finding; `used` comes a moment later than the form's own."""

    text: tuple[str, ...] = ()
    action: tuple[str, ...] = ()
    used: tuple[Wording, ...] = ()

    def offered(self, field: Field, typed: str) -> tuple[str, ...]:
        """What fits what has been typed, best first."""
        own = self.text if field is Field.TEXT else self.action
        return offered(own, (wording for wording in self.used if wording.field is field), typed)


class _Rows(QStyledItemDelegate):
    """A sentence in full, however many lines it takes; the chosen one on the ground of what is selected, with its
    key."""

    def __init__(self, look: Look, parent: QListWidget) -> None:
        super().__init__(parent)
        self._look, self._list = look, parent

    def _flags(self) -> int:
        return int(Qt.AlignmentFlag.AlignVCenter) | int(Qt.TextFlag.TextWrapAnywhere)

    def _room(self, width: int) -> int:
        px = self._look.metrics.px
        return max(px(80), width - px(10) - px(18) - key_cap_width(self._look, "Tab"))

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        px, width = self._look.metrics.px, self._list.width() - 2 * self._list.frameWidth()
        box = QRect(0, 0, self._room(width), px(2000))
        text = str(index.data() or "")
        height = self._look.font_metrics(Style.BODY).boundingRect(box, self._flags(), text).height()
        return QSize(width, max(px(32), height + px(10)))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        look, px, rect = self._look, self._look.metrics.px, option.rect
        painter.save()
        is_current = index.row() == self._list.currentRow()
        if is_current:
            painter.fillRect(rect, look.colour("bg_selected"))
        painter.setFont(look.font(Style.BODY))
        is_there = bool(index.flags() & Qt.ItemFlag.ItemIsSelectable)
        painter.setPen(look.colour("ink" if is_there else "ink3"))
        box = QRect(rect.x() + px(10), rect.y(), self._room(rect.width()), rect.height())
        painter.drawText(box, self._flags(), str(index.data() or ""))
        if is_current and is_there:
            x = rect.right() - key_cap_width(look, "Tab") - px(6)
            paint_key_cap(painter, x, rect.center().y(), "Tab", look, look.colour("ink2"))
        painter.restore()


class PhrasePopup(QListWidget):
    """One list for several fields; each tells what it offers."""

    def __init__(self, look: Look, texts: Texts, parent: QWidget) -> None:
        super().__init__(parent)
        self._look, self._texts = look, texts
        self._offers: dict[WritingField, Offer] = {}
        self._field: WritingField | None = None
        self._replaced = 0
        self._size = QSize()
        self._composing = False
        self._taking = False
        self.setProperty("popup", "1")
        self.setItemDelegate(_Rows(look, self))
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setMouseTracking(True)
        self.setResizeMode(QListWidget.ResizeMode.Adjust)
        self.setVerticalScrollMode(QListWidget.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(texts.say("fill_aids.phrases.list"))
        self.itemClicked.connect(lambda _: self.take())
        self.hide()

    def attach(self, field: WritingField, offer: Offer) -> None:
        """Offers for a field while it is written in."""
        self._offers[field] = offer
        field.installEventFilter(self)

    def typed(self, field: WritingField) -> None:
        """A person has written in the field."""
        if self._taking or self._composing or not field.hasFocus():
            return
        found, replaced = self._fitting(field, LEAST)
        if found:
            self._show(field, found, replaced)
        else:
            self.close_it()

    def _fitting(self, field: WritingField, least: int) -> tuple[tuple[str, ...], int]:
        """What fits the longest part before the cursor that anything fits, and how long that is."""
        for begun in fragments(*_written(field)):
            found = self._offers[field](begun) if len(begun.strip()) >= least else ()
            if found:
                return found, len(begun)
        return (), 0

    def offer(self, field: WritingField, untouched: str = "") -> None:
        """Ctrl+;: what fits, or everything where nothing does. `untouched` is a proposal that one taken replaces."""
        field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        text, _ = _written(field)
        if untouched and text == untouched:
            _put_cursor_at_end(field)
            self._show(field, self._offers[field](""), len(text))
            return
        found, replaced = self._fitting(field, 1)
        self._show(field, found or self._offers[field](""), replaced)

    def offered(self) -> list[str]:
        """What it shows; nothing while it is not there."""
        return [] if self.isHidden() else [self.item(n).text() for n in range(self.count())]

    def take(self) -> None:
        """Puts the chosen sentence in the place of what was begun."""
        field, item, replaced = self._field, self.currentItem(), self._replaced
        self.close_it()
        if field is None or item is None or not item.flags() & Qt.ItemFlag.ItemIsSelectable:
            return
        self._taking = True
        if isinstance(field, QLineEdit):
            field.setSelection(field.cursorPosition() - replaced, replaced) if replaced else field.deselect()
            field.insert(item.text())
            field.textEdited.emit(field.text())  # `insert` is no stroke to the field
        else:
            cursor = field.textCursor()
            cursor.clearSelection()
            cursor.movePosition(QTextCursor.MoveOperation.Left, QTextCursor.MoveMode.KeepAnchor, replaced)
            cursor.insertText(item.text())
            field.setTextCursor(cursor)
        self._taking = False

    def close_it(self) -> None:
        """Takes the list away; to be called by whoever moves the field under it."""
        if not self.isHidden():
            self.hide()

    def _show(self, field: WritingField, found: tuple[str, ...], replaced: int) -> None:
        self.close_it()
        self._field, self._replaced, self._size = field, replaced, field.size()
        self.clear()
        for text in found:
            self.addItem(text)
        if not found:
            nothing = QListWidgetItem(self._texts.say("fill_aids.phrases.none"))
            nothing.setFlags(Qt.ItemFlag.NoItemFlags)
            self.addItem(nothing)
        self.setCurrentRow(0)
        window = field.window()
        if self.parent() is not window:
            self.setParent(window)
        self._place(field, window)
        self.show()
        self.raise_()

    def _place(self, field: WritingField, window: QWidget) -> None:
        px = self._look.metrics.px
        corner = field.mapTo(window, QPoint(0, 0))
        at = QRect(corner, field.size())
        width = min(max(field.width(), px(280)), window.width() - 2 * px(8))
        self.resize(width, px(100))
        height = sum(self.sizeHintForRow(n) for n in range(self.count())) + 2 * self.frameWidth() + px(2)
        bars = Qt.ScrollBarPolicy
        below, above = window.height() - at.bottom() - px(8), at.top() - px(4)
        room = below if height <= below or below >= above else above
        self.setVerticalScrollBarPolicy(bars.ScrollBarAsNeeded if height > room else bars.ScrollBarAlwaysOff)
        height = min(height, room)
        top = at.bottom() + px(4) if room == below else at.top() - height - px(4)
        left = max(px(8), min(corner.x(), window.width() - width - px(8)))
        self.setGeometry(left, top, width, height)
        self.doItemsLayout()  # the rows were measured when they came in, before the width was known

    def sizeHint(self) -> QSize:
        return QSize(self._look.metrics.px(280), self._look.metrics.px(100))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if kind == QEvent.Type.InputMethod and isinstance(event, QInputMethodEvent):
            self._composing = bool(event.preeditString())
            if self._composing:
                self.close_it()
        elif kind in (QEvent.Type.FocusOut, QEvent.Type.Hide) or self._is_resized(kind):
            self._composing = False
            self.close_it()
        elif kind == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and not self.isHidden():
            return self._key(event)
        return super().eventFilter(watched, event)

    def _is_resized(self, kind: QEvent.Type) -> bool:
        return kind == QEvent.Type.Resize and self._field is not None and self._field.size() != self._size

    def _key(self, event: QKeyEvent) -> bool:
        key = Qt.Key(event.key())
        if event.modifiers() not in _PLAIN:
            return False
        if key in _TAKES:
            self.take()
        elif key in _MOVES:
            self.setCurrentRow((self.currentRow() + _MOVES[key]) % self.count())
        elif key == Qt.Key.Key_Escape:
            self.close_it()
        else:
            return False
        return True


def _written(field: WritingField) -> tuple[str, int]:
    """The text, and where the cursor stands in it."""
    if isinstance(field, QLineEdit):
        return field.text(), field.cursorPosition()
    return field.toPlainText(), field.textCursor().position()


def _put_cursor_at_end(field: WritingField) -> None:
    if isinstance(field, QLineEdit):
        field.end(False)
    else:
        field.moveCursor(QTextCursor.MoveOperation.End)
