"""The rail at the left: the screens that exist, what waits to be sent, and the person."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import (
    QFrame,
    QListView,
    QPushButton,
    QSizePolicy,
    QStyledItemDelegate,
    QVBoxLayout,
    QWidget,
)

from safetyapp.ui.icons import paint_icon
from safetyapp.ui.metrics import Style
from safetyapp.ui.viewport import give_viewport, is_hovered
from safetyapp.ui.words import CENTRED, fits

if TYPE_CHECKING:  # Today opens with this module: what only types need is not loaded with it
    from collections.abc import Sequence

    from PySide6.QtGui import QKeyEvent, QPaintEvent
    from PySide6.QtWidgets import QStyleOptionViewItem

    from safetyapp.texts import Texts
    from safetyapp.ui.look import Look

Index = QModelIndex | QPersistentModelIndex
ROOT = QModelIndex()


class Place(NamedTuple):
    """One screen in the rail."""

    key: str
    icon: str
    text: str


class RailModel(QAbstractListModel):
    """The places and how many things wait in each."""

    def __init__(self, places: Sequence[Place], parent: QWidget) -> None:
        super().__init__(parent)
        self.places = tuple(places)

    def rowCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else len(self.places)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return self.places[index.row()].text
        if role == Qt.ItemDataRole.ToolTipRole:
            return f"{self.places[index.row()].text}  Alt+{index.row() + 1}"
        return None


class RailDelegate(QStyledItemDelegate):
    """Icon above word; the active place has a ground and a bar."""

    def __init__(self, look: Look, parent: QListView) -> None:
        super().__init__(parent)
        self._look, self._view = look, parent

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(self._look.metrics.rail, self._look.metrics.rail_item)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        look, px = self._look, self._look.metrics.px
        model = index.model()
        assert isinstance(model, RailModel)
        place = model.places[index.row()]
        rect: QRect = option.rect
        active = self._view.currentIndex().row() == index.row()
        painter.save()
        if active or is_hovered(self._view, rect):
            painter.fillRect(rect, look.colour("rail_active"))
        if active:
            painter.fillRect(rect.left(), rect.top(), px(3), rect.height(), look.colour("rail_mark"))
        ink = "#FFFFFF" if active else look.theme.rail_ink
        side = look.metrics.icon
        top = rect.top() + (rect.height() - side - look.metrics.line(Style.SMALL) - px(3)) // 2
        paint_icon(painter, rect.left() + (rect.width() - side) // 2, top, place.icon, side, ink)
        painter.setFont(look.font(Style.SMALL))
        painter.setPen(ink)
        line = QRect(rect.left(), top + side + px(3), rect.width(), look.metrics.line(Style.SMALL))
        painter.drawText(line, CENTRED, place.text)
        if self._view.hasFocus() and active:
            painter.setPen(QPen(look.colour("rail_mark"), px(2)))
            painter.drawRect(rect.adjusted(px(5), px(3), -px(3), -px(3)))
        painter.restore()


class RailList(QListView):
    """The places: a real list, so that arrows and screen readers work."""

    chosen = Signal(str)

    def __init__(self, look: Look, texts: Texts, places: Sequence[Place], parent: QWidget) -> None:
        super().__init__(parent)
        self._look = look
        give_viewport(self)
        self._rows = RailModel(places, self)
        self.setModel(self._rows)
        self.setItemDelegate(RailDelegate(look, self))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setMouseTracking(True)
        self.setUniformItemSizes(True)
        self.setAccessibleName(texts.say("window.rail.name"))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setProperty("rail", "1")
        self.setStyleSheet("QListView { background: transparent; }")
        self.setMaximumHeight(look.metrics.rail_item * len(places))
        self.setMinimumHeight(look.metrics.rail_item)  # what does not fit is scrolled to
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, False)
        self.clicked.connect(self._on_clicked)
        look.theme_changed.connect(self.viewport().update)

    def set_place(self, key: str) -> None:
        row = next((n for n, place in enumerate(self._rows.places) if place.key == key), -1)
        self.setCurrentIndex(self._rows.index(row) if row >= 0 else ROOT)
        self.viewport().update()

    def leave_out(self, key: str) -> None:
        """Takes away a place that is not for this person."""
        self._rows.beginResetModel()
        self._rows.places = tuple(place for place in self._rows.places if place.key != key)
        self._rows.endResetModel()
        self.setMaximumHeight(self._look.metrics.rail_item * len(self._rows.places))
        self.setCurrentIndex(self._rows.index(0))

    def sizeHint(self) -> QSize:
        return QSize(self._look.metrics.rail, self._look.metrics.rail_item * len(self._rows.places))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        before = self.currentIndex().row()
        super().keyPressEvent(event)
        if self.currentIndex().row() != before or event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._on_clicked(self.currentIndex())

    def _on_clicked(self, index: Index) -> None:
        if index.isValid():
            self.chosen.emit(self._rows.places[index.row()].key)


class RailButton(QPushButton):
    """Something at the foot of the rail: icon above word, or a person's first letter in a circle."""

    def __init__(self, look: Look, icon: str, text: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._look, self._icon, self._words = look, icon, text
        self.letter = ""
        self.is_here = False
        """Its screen is shown."""
        self.setFixedSize(look.metrics.rail, look.metrics.rail_item)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setAccessibleName(text)
        look.theme_changed.connect(self.update)

    def set_words(self, text: str, icon: str = "") -> None:
        self._words = text
        self._icon = icon or self._icon
        self.setAccessibleName(text)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        look, px = self._look, self._look.metrics.px
        painter = QPainter(self)
        if self.underMouse() or self.isDown() or self.is_here:
            painter.fillRect(self.rect(), look.colour("rail_active"))
        if self.is_here:
            painter.fillRect(0, 0, px(3), self.height(), look.colour("rail_mark"))
        ink = "#FFFFFF" if self.underMouse() or self.is_here else look.theme.rail_ink
        if self.letter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            side = px(34)
            circle = QRect((self.width() - side) // 2, (self.height() - side) // 2, side, side)
            painter.setPen(QPen(look.colour("rail_ink"), 1))
            painter.setBrush(look.colour("rail_active"))
            painter.drawEllipse(circle)
            painter.setPen("#FFFFFF")
            painter.setFont(look.font(Style.BODY))
            painter.drawText(circle, Qt.AlignmentFlag.AlignCenter, self.letter)
        else:
            side = look.metrics.icon
            top = (self.height() - side - look.metrics.line(Style.SMALL) - px(3)) // 2
            paint_icon(painter, (self.width() - side) // 2, top, self._icon, side, ink)
            painter.setFont(look.font(Style.SMALL))
            painter.setPen(ink)
            line = QRect(0, top + side + px(3), self.width(), look.metrics.line(Style.SMALL))
            text = fits(look.font_metrics(Style.SMALL), self._words, self.width() - px(4))
            painter.drawText(line, CENTRED, text)
        if self.hasFocus():
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(look.colour("rail_mark"), px(2)))
            painter.drawRect(self.rect().adjusted(px(5), px(3), -px(3), -px(3)))
        painter.end()


class Rail(QWidget):
    """The whole rail."""

    chosen = Signal(str)
    person_pressed = Signal()
    waiting_pressed = Signal()
    settings_pressed = Signal()

    def __init__(self, look: Look, texts: Texts, places: Sequence[Place], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look, self._texts = look, texts
        px = look.metrics.px
        self.setFixedWidth(look.metrics.rail)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, px(8), 0, px(8))
        column.setSpacing(0)
        self.places = RailList(look, texts, places, self)
        self.places.chosen.connect(self.chosen)
        column.addWidget(self.places)
        column.addStretch(1)
        self.waiting = RailButton(look, "cloud-off", "", self)
        self.waiting.clicked.connect(self.waiting_pressed)
        column.addWidget(self.waiting)
        self.settings = RailButton(look, "settings", texts.say("window.rail.settings"), self)
        self.settings.setToolTip(f"{texts.say('window.rail.settings')}  Ctrl+,")
        self.settings.clicked.connect(self.settings_pressed)
        column.addWidget(self.settings)
        self.person = RailButton(look, "user", texts.say("window.rail.nobody"), self)
        self.person.clicked.connect(self.person_pressed)
        column.addWidget(self.person)
        self.set_waiting(0)
        look.theme_changed.connect(self.update)

    def set_waiting(self, count: int) -> None:
        say = self._texts.say
        if count:
            self.waiting.set_words(say("window.rail.waiting", n=count), "cloud-off")
            self.waiting.setToolTip(say("window.rail.waiting_hint"))
        else:
            self.waiting.set_words(say("window.rail.nothing_waiting"), "check")
            self.waiting.setToolTip("")

    def set_place(self, key: str) -> None:
        """Where one is: a place of the list, or settings at the foot."""
        self.places.set_place(key)
        self.settings.is_here = key == "settings"
        self.settings.update()

    def set_person(self, name: str) -> None:
        say = self._texts.say
        self.person.letter = name[:1]
        self.person.set_words(say("window.rail.person", name=name) if name else say("window.rail.nobody"))
        self.person.setToolTip(name)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._look.colour("rail"))
        painter.end()
