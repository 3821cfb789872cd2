"""The buttons of the stopwatch: one per class, in the order of the roster, and one per group that is in no class."""

from __future__ import annotations

from math import ceil

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QScrollArea, QWidget

from safetyapp.domain.drill import Drill, Group, GroupState
from safetyapp.domain.form import ItemId
from safetyapp.texts import Texts
from safetyapp.ui import drill_words
from safetyapp.ui.look import Look
from safetyapp.ui.metrics import Style
from safetyapp.ui.parts import Chip, chip_width, fits, key_cap_width, paint_chip, paint_key_cap, paint_wrapped
from safetyapp.ui.words import LINE, MIDDLE

LEAST = (96, 72)
"""px of the smallest button."""
TALLEST = 110
GAP = 8
RIGHT = int(Qt.AlignmentFlag.AlignRight) | LINE


class Tile(QAbstractButton):
    """One group: name and number on top, people and time below. What it does when it is pressed is the grid's."""

    has_focus_ring = True

    def __init__(self, look: Look, texts: Texts, parent: QWidget) -> None:
        super().__init__(parent)
        self._look, self._texts = look, texts
        self.shown: Group | None = None
        self._is_newest = False
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    def show_group(self, group: Group, is_newest: bool) -> None:
        if group == self.shown and is_newest == self._is_newest:
            return
        self.shown, self._is_newest = group, is_newest
        self.setAccessibleName(drill_words.spoken(self._texts, group))
        self.setToolTip(" ".join(part for part in (group.name, group.place, group.whereabouts) if part))
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        event.ignore()  # the screen's: digits are class numbers, Space is the signal

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        event.ignore()

    def paintEvent(self, event: QPaintEvent) -> None:
        group, look, px = self.shown, self._look, self._look.metrics.px
        if group is None:
            return
        state = group.state
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        hot = self.underMouse() or self.isDown()
        ground, edge, width = "bg_surface", "line_strong", 1
        if state in (GroupState.COMPLETE, GroupState.EXPLAINED):
            ground, edge = "brand_tint", "brand"
        elif state is GroupState.ARRIVED:
            edge, width = "brand", 2
        elif state is GroupState.DIFFERS:
            edge, width = "trouble", 2
        elif state is GroupState.NOBODY:
            ground, edge = "bg_sunken", "line"
        if hot and ground == "bg_surface":
            ground = "bg_hover"
        painter.setBrush(look.colour(ground))
        painter.setPen(QPen(look.colour(edge), px(width)))
        half = px(width) / 2
        radius = look.metrics.radius
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(half, half, -half, -half), radius, radius)
        inside = self.rect().adjusted(px(9), px(6), -px(9), -px(6))
        self._paint_head(painter, inside, group)
        self._paint_foot(painter, inside, group)
        painter.end()

    def _paint_head(self, painter: QPainter, inside: QRect, group: Group) -> None:
        look, px, texts = self._look, self._look.metrics.px, self._texts
        line = look.metrics.line(Style.BODY)
        cap = key_cap_width(look, group.code)
        colour = QColor(look.colour("ink2"))
        paint_key_cap(painter, inside.right() - cap + 1, inside.top() + line // 2, group.code, look, colour)
        name, room = drill_words.name_of(texts, group), inside.width() - cap - px(6)
        painter.setPen(look.colour("ink"))
        strong, metrics = look.font(Style.STRONG), look.font_metrics(Style.STRONG)
        wide = metrics.horizontalAdvance(name)
        foot = look.metrics.line(Style.H2)
        chip = self._chip(group)
        small = self._two_lines(inside.height() - foot) if wide > room and not (chip and chip[1]) else None
        if small is not None:
            two = fits(look.font_metrics(small), name, 2 * room - px(16), MIDDLE)
            paint_wrapped(painter, QPointF(inside.topLeft()), room, two, look, small)
            top = inside.top() + 2 * look.metrics.line(small)
        else:
            painter.setFont(strong)
            where = QRect(inside.left(), inside.top(), room, line)
            painter.drawText(where, LINE, fits(metrics, name, room, MIDDLE))
            top = inside.top() + line
        beside = inside.left() + wide + px(6) if wide <= room else inside.right()
        self._paint_chip(painter, inside, group, QRect(beside, top, inside.left() + room - beside, foot))

    def _two_lines(self, room: int) -> Style | None:
        """The largest style in which two lines have room."""
        styles = (Style.COMPACT_STRONG, Style.SMALL_STRONG)
        return next((style for style in styles if 2 * self._look.metrics.line(style) <= room), None)

    def _chip(self, group: Group) -> tuple[Chip, str] | None:
        if group.state is GroupState.DIFFERS:
            return Chip.TROUBLE, drill_words.difference(self._texts, group)
        if group.state is GroupState.EXPLAINED:
            return Chip.OUTLINE, drill_words.difference(self._texts, group)
        if self._is_newest:
            return Chip.OK, self._texts.say("drill.head.just")
        return Chip.NEUTRAL, self._texts.say("drill.edited") if group.edited else ""

    def _paint_chip(self, painter: QPainter, inside: QRect, group: Group, beside: QRect) -> None:
        """Beside the name, under it, or at least its first words in the foot's place."""
        found = self._chip(group)
        if found is None or not found[1]:
            return
        kind, text = found
        look, px = self._look, self._look.metrics.px
        wide, high = chip_width(look, kind, text), look.metrics.line(Style.SMALL) + px(2)
        line = look.metrics.line(Style.BODY)
        if wide <= beside.width():
            rect = QRect(beside.left(), inside.top() + (line - high) // 2, wide, high)
        elif inside.bottom() - look.metrics.line(Style.H2) - beside.top() >= high:
            rect = QRect(inside.left(), beside.top() + px(1), min(wide, inside.width()), high)
        elif kind in (Chip.TROUBLE, Chip.OUTLINE):  # no room: in place of the people, which it says too
            rect = QRect(inside.left(), inside.bottom() - high, min(wide, inside.width()), high)
        else:
            return
        text = fits(look.font_metrics(Style.SMALL), text, rect.width() - px(10))
        paint_chip(painter, rect, kind, text, look)

    def _covers_foot(self, group: Group, inside: QRect) -> bool:
        found = self._chip(group)
        if found is None or found[0] not in (Chip.TROUBLE, Chip.OUTLINE):
            return False
        look, px = self._look, self._look.metrics.px
        name = look.font_metrics(Style.STRONG).horizontalAdvance(drill_words.name_of(self._texts, group))
        room = inside.width() - key_cap_width(look, group.code) - px(6) - name - px(6)
        high = look.metrics.line(Style.SMALL) + px(2)
        under = inside.height() - look.metrics.line(Style.H2) - look.metrics.line(Style.BODY)
        return chip_width(look, found[0], found[1]) > room and under < high

    def _paint_foot(self, painter: QPainter, inside: QRect, group: Group) -> None:
        look, texts = self._look, self._texts
        if self._covers_foot(group, inside):
            return
        high = look.metrics.line(Style.H2)
        foot = QRect(inside.left(), inside.bottom() - high + 1, inside.width(), high)
        time = drill_words.moment(texts, group)
        style = Style.H2 if group.arrived else Style.COMPACT_STRONG
        painter.setFont(look.font(style))
        painter.setPen(look.colour("brand" if group.arrived else "ink"))
        painter.drawText(foot, RIGHT, time)
        taken = look.font_metrics(style).horizontalAdvance(time) + look.metrics.px(6)
        people, room = drill_words.figures(texts, group), foot.width() - taken
        metrics = look.font_metrics(Style.SMALL)
        if metrics.horizontalAdvance(people) > room and group.counted is None and group.expected:
            people = str(group.expected)
        painter.setFont(look.font(Style.SMALL))
        painter.setPen(look.colour("ink2"))
        painter.drawText(foot.adjusted(0, look.metrics.px(3), 0, 0), LINE, fits(metrics, people, room))


class DrillGrid(QScrollArea):
    """The buttons in fixed places. One of them is current and takes the keys; arrows go from one to the next."""

    pressed = Signal(str)
    """The group by its id."""

    def __init__(self, look: Look, texts: Texts, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look, self._texts = look, texts
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._inside = QWidget()
        self.setWidget(self._inside)
        self.tiles: list[Tile] = []
        self._ids: tuple[ItemId, ...] = ()
        self._columns = 1
        self._current = 0
        look.theme_changed.connect(self._inside.update)

    def show_drill(self, drill: Drill, newest: ItemId | None) -> None:
        """Shows every group as it is; `newest` is the one that came last."""
        ids = tuple(group.id for group in drill.groups)
        if ids != self._ids:
            self._make(drill)
            self._ids = ids
        for tile, group in zip(self.tiles, drill.groups, strict=True):
            tile.show_group(group, group.id == newest)
        self.setAccessibleName(self._texts.say("drill.head.grid", n=len(ids)))

    def _make(self, drill: Drill) -> None:
        for tile in self.tiles[len(drill.groups) :]:
            tile.hide()
            tile.deleteLater()
        del self.tiles[len(drill.groups) :]
        while len(self.tiles) < len(drill.groups):
            tile = Tile(self._look, self._texts, self._inside)
            tile.clicked.connect(lambda _=False, tile=tile: self._on_clicked(tile))
            tile.show()
            self.tiles.append(tile)
        self._current = min(self._current, max(0, len(self.tiles) - 1))
        self._mark_stop()
        self._place()

    @property
    def current(self) -> Group | None:
        return self.tiles[self._current].shown if self.tiles else None

    def focus_current(self) -> None:
        """The keys go to the current button."""
        if self.tiles:
            self.tiles[self._current].setFocus(Qt.FocusReason.OtherFocusReason)

    def go_to(self, group: ItemId) -> None:
        """Makes a group's button the current one."""
        if group in self._ids:
            self._go(self._ids.index(group))

    def take_arrow(self, key: int) -> bool:
        """Goes to the next button in a direction; False for another key."""
        by = {
            Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Up: -self._columns, Qt.Key.Key_Down: self._columns,
        }.get(Qt.Key(key))  # fmt: skip
        if by is None or not self.tiles:
            return False
        wanted = self._current + by
        if 0 <= wanted < len(self.tiles):
            self._go(wanted)
        elif key == Qt.Key.Key_Down and self._current // self._columns < (len(self.tiles) - 1) // self._columns:
            self._go(len(self.tiles) - 1)
        return True

    def holds_focus(self) -> bool:
        focused = self.window().focusWidget()
        return isinstance(focused, Tile) and focused in self.tiles

    def _go(self, number: int) -> None:
        self._current = number
        self._mark_stop()
        tile = self.tiles[number]
        tile.setFocus(Qt.FocusReason.OtherFocusReason)
        self.ensureWidgetVisible(tile, 0, self._look.metrics.px(GAP))

    def _mark_stop(self) -> None:
        """Tab stops at the current button only."""
        for number, tile in enumerate(self.tiles):
            here = number == self._current
            tile.setFocusPolicy(Qt.FocusPolicy.StrongFocus if here else Qt.FocusPolicy.ClickFocus)

    def _on_clicked(self, tile: Tile) -> None:
        self._current = self.tiles.index(tile)
        self._mark_stop()
        if tile.shown is not None:
            self.pressed.emit(tile.shown.id)

    # places

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def _place(self) -> None:
        """As large as they can be without scrolling; when they cannot, as small as they may be."""
        px, count = self._look.metrics.px, len(self.tiles)
        gap, pad, room = px(GAP), px(6), self.viewport().size()
        if not count or room.width() <= 0:
            return
        wide, high = room.width() - 2 * pad, room.height() - 2 * pad
        most = max(1, (wide + gap) // (px(LEAST[0]) + gap))
        fitting = (c for c in range(min(3, most), most + 1) if self._height(c) <= high)
        columns = self._columns = next(fitting, most)
        rows = ceil(count / columns)
        side = (wide - (columns - 1) * gap) // columns
        tall = min(px(TALLEST), max(px(LEAST[1]), (high - (rows - 1) * gap) // rows))
        for number, tile in enumerate(self.tiles):
            row, column = divmod(number, columns)
            tile.setGeometry(pad + column * (side + gap), pad + row * (tall + gap), side, tall)
        self._inside.setFixedSize(QSize(room.width(), 2 * pad + rows * (tall + gap) - gap))

    def _height(self, columns: int) -> int:
        px = self._look.metrics.px
        rows = ceil(len(self.tiles) / columns)
        return rows * (px(LEAST[1]) + px(GAP)) - px(GAP)
