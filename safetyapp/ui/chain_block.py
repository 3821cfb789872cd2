"""来龙去脉 in the panel of Documents: what belongs to the open document, line by line; Enter or a click opens one."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QRect, QSize, QStringListModel, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPen
from PySide6.QtWidgets import (
    QFrame,
    QListView,
    QSizePolicy,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from safetyapp.domain.chain import Chain, ChainLine
from safetyapp.texts import Texts
from safetyapp.ui.dates import month_day
from safetyapp.ui.look import Look
from safetyapp.ui.metrics import Style
from safetyapp.ui.parts import Label, fits
from safetyapp.ui.words import LINE, MIDDLE

Index = QModelIndex | QPersistentModelIndex


class ChainBlock(QWidget):
    """Title, lines, and what is left out or disputed."""

    opened = Signal(str)
    """The hash of a document that is to be shown."""

    def __init__(self, look: Look, texts: Texts) -> None:
        super().__init__()
        self._look, self._texts, self._say = look, texts, texts.say
        self.chain = Chain(())
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, look.metrics.px(8))
        column.setSpacing(look.metrics.px(4))
        column.addWidget(Label(look, self._say("documents_more.chain.title"), Style.COMPACT_STRONG))
        self.list = _ChainList()
        self._words = QStringListModel(self.list)
        self.list.setModel(self._words)
        self.list.setItemDelegate(_ChainDelegate(look, texts, self, self.list))
        self.list.chosen.connect(self._on_chosen)
        self.list.clicked.connect(lambda index: self._on_chosen(index.row()))
        look.theme_changed.connect(self.list.viewport().update)
        column.addWidget(self.list)
        self.remark = Label(look, "", Style.SMALL, "ink2", wrap=True)
        column.addWidget(self.remark)
        self.hide()

    def show_chain(self, chain: Chain) -> None:
        say = self._say
        self.chain = chain
        self._words.setStringList([*(line_words(self._texts, line) for line in chain.lines), *self._to_come()])
        height = self.list.sizeHintForRow(0) if self.row_count() else 0
        self.list.setFixedHeight(max(1, height * self.row_count()))
        here = next((place for place, line in enumerate(chain.lines) if line.is_current), 0)
        self.list.setCurrentIndex(self._words.index(here))
        said = [say("documents_more.chain.conflict")] if any(line.conflicts for line in chain.lines) else []
        if chain.is_cut:
            said.append(say("documents_more.chain.cut", n=len(chain.lines)))
        self.remark.setText("\n".join(said))
        self.remark.setVisible(bool(said))
        self.list.setAccessibleName(say("documents_more.chain.name", n=len(chain.lines)))
        self.setVisible(bool(chain.lines))

    def row_count(self) -> int:
        """The lines, and one for all that is to come."""
        return len(self.chain.lines) + len(self._to_come())

    def _to_come(self) -> list[str]:
        kinds = [self._say(f"documents_screen.kind.{kind.value}") for kind in self.chain.next_kinds]
        return [self._say("window.dot").join(kinds)] if kinds else []

    def _on_chosen(self, place: int) -> None:
        if 0 <= place < len(self.chain.lines) and not self.chain.lines[place].is_current:
            self.opened.emit(self.chain.lines[place].row.sha256)


def line_words(texts: Texts, line: ChainLine) -> str:
    """A line as it is read aloud."""
    row, say = line.row, texts.say
    state = say(state_key(line))
    return say(
        "documents_more.chain.line", kind=kind_words(texts, line), day=month_day(texts, row.inspected_on),
        who=row.author, state=state,
    )  # fmt: skip


def state_key(line: ChainLine) -> str:
    """How the document stands, or what it decided; of the open one that it is open."""
    if line.is_current:
        return "documents_more.chain.current"
    return f"documents_screen.state.{line.said or line.row.state.value}"


def kind_words(texts: Texts, line: ChainLine) -> str:
    kind = texts.say(f"documents_screen.kind.{line.row.kind.value}")
    return texts.say("documents_more.chain.correction") + kind if line.row.supersedes else kind


class _ChainDelegate(QStyledItemDelegate):
    """A dot on a line that goes through all of them; kind and day, below it who and how it stands."""

    def __init__(self, look: Look, texts: Texts, block: ChainBlock, view: QListView) -> None:
        super().__init__(view)
        self._look, self._texts, self._block, self._view = look, texts, block, view

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        metrics = self._look.metrics
        return QSize(0, metrics.line(Style.COMPACT) + metrics.line(Style.SMALL) + metrics.px(10))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        look, px, say = self._look, self._look.metrics.px, self._texts.say
        chain, rect, place = self._block.chain, option.rect, index.row()
        line = chain.lines[place] if place < len(chain.lines) else None
        painter.save()
        painter.fillRect(rect, look.colour("bg_surface"))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        dot = QPoint(rect.left() + px(6), rect.top() + px(5) + look.metrics.line(Style.COMPACT) // 2)
        painter.setPen(QPen(look.colour("line_strong"), 1))
        if place:
            painter.drawLine(dot.x(), rect.top(), dot.x(), dot.y() - px(5))
        if place < self._block.row_count() - 1:
            painter.drawLine(dot.x(), dot.y() + px(5), dot.x(), rect.bottom() + 1)
        here = line is not None and line.is_current
        filled = "brand" if here else "line_strong" if line is not None else "bg_surface"
        painter.setPen(QPen(look.colour("brand" if here else "line_strong"), px(1)))
        painter.setBrush(look.colour(filled))
        painter.drawEllipse(dot, px(5) if here else px(4), px(5) if here else px(4))
        left = rect.left() + px(20)
        room = rect.right() - left
        upper, lower = look.metrics.line(Style.COMPACT), look.metrics.line(Style.SMALL)
        style = Style.COMPACT_STRONG if here else Style.COMPACT
        if line is None:
            first, second = str(index.data()), say("documents_more.chain.next")
        else:
            first = f"{kind_words(self._texts, line)} {month_day(self._texts, line.row.inspected_on)}"
            second = say("documents_more.chain.more", who=line.row.author, state=say(state_key(line)))
        painter.setFont(look.font(style))
        painter.setPen(look.colour("ink" if line is not None else "ink2"))
        top = rect.top() + px(5)
        painter.drawText(QRect(left, top, room, upper), LINE, fits(look.font_metrics(style), first, room, MIDDLE))
        painter.setFont(look.font(Style.SMALL))
        painter.setPen(look.colour("ink2"))
        said = fits(look.font_metrics(Style.SMALL), second, room)
        painter.drawText(QRect(left, top + upper, room, lower), LINE, said)
        if self._view.hasFocus() and self._view.currentIndex().row() == place:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(look.colour("focus"), px(2)))
            painter.drawRect(rect.adjusted(px(1), px(1), -px(1), -px(1)))
        painter.restore()


class _ChainList(QListView):
    """One stop for Tab; ↑↓ inside, Enter opens."""

    chosen = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setUniformItemSizes(True)
        self.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, False)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.chosen.emit(self.currentIndex().row())
        elif event.text().isprintable() and event.text():
            event.ignore()
        else:
            super().keyPressEvent(event)
