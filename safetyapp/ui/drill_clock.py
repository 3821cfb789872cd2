"""The clock of the stopwatch: a large figure, and a bar with the goal's mark."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from safetyapp.domain.drill import Drill
from safetyapp.texts import Texts
from safetyapp.ui import drill_words
from safetyapp.ui.look import Look, make_font
from safetyapp.ui.metrics import Style
from safetyapp.ui.parts import fits
from safetyapp.ui.words import LINE

RIGHT = int(Qt.AlignmentFlag.AlignRight) | LINE
SIDE = 300
"""px of the column that it stands in."""


class ClockFace(QWidget):
    """How long it takes, as large as the width allows; below it the bar with the goal's mark. It is told the time and
    counts nothing."""

    def __init__(self, look: Look, texts: Texts, flat: bool = False, parent: QWidget | None = None) -> None:
        """`flat`: label and bar beside the figure instead of above and below it."""
        super().__init__(parent)
        self._look, self._texts, self._flat = look, texts, flat
        self._drill: Drill | None = None
        self._seconds: int | None = None
        self.last: int | None = None
        """Seconds of the school's last evacuation, where it is known."""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        look.theme_changed.connect(self.update)

    @property
    def seconds(self) -> int | None:
        """What it shows; None before the signal."""
        return self._seconds

    def show_time(self, drill: Drill, now: datetime) -> None:
        seconds = drill.elapsed(now)
        if drill is self._drill and seconds == self._seconds:
            return
        self._drill, self._seconds = drill, seconds
        say = self._texts.say
        said = drill_words.clock_label(self._texts, drill)
        figure = drill_words.clock(seconds or 0)
        self.setAccessibleName(say("drill.clock.name"))
        self.setAccessibleDescription(f"{said} {figure}")
        self.update()

    def sizeHint(self) -> QSize:
        px = self._look.metrics.px
        return QSize(px(SIDE), px(84 if self._flat else 148))

    def minimumSizeHint(self) -> QSize:
        return QSize(self._look.metrics.px(200), self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        drill = self._drill
        if drill is None:
            return
        look, px = self._look, self._look.metrics.px
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        pad = px(16)
        figure = drill_words.clock(self._seconds or 0)
        colour = "ink" if drill.started_at is not None else "ink3"
        small = look.metrics.line(Style.SMALL)
        if self._flat:
            size = px(44 if self.width() < px(420) else 60 if self.width() < px(560) else 72)
            metrics = self._figure(painter, size)
            wide = metrics.horizontalAdvance("00:00" if len(figure) <= 5 else "0:00:00")
            painter.setPen(look.colour(colour))
            painter.drawText(QRect(pad, 0, wide + px(4), self.height()), LINE, figure)
            left = pad + wide + px(20)
            self._label(painter, QRect(left, px(8), self.width() - left - pad, small), drill)
            self._bar(painter, QRect(left, px(14) + small, self.width() - left - pad, 0), drill)
        else:
            self._label(painter, QRect(pad, px(12), self.width() - 2 * pad, small), drill)
            room = self.width() - 2 * pad
            size = px(60)
            metrics = self._figure(painter, size)
            if metrics.horizontalAdvance(figure) > room:
                size = max(px(28), size * room // metrics.horizontalAdvance(figure))
                metrics = self._figure(painter, size)
            painter.setPen(look.colour(colour))
            top = px(14) + small
            painter.drawText(QRect(pad - px(2), top, room + px(4), px(66)), LINE, figure)
            self._bar(painter, QRect(pad, top + px(70), room, 0), drill)
        painter.end()

    def _figure(self, painter: QPainter, size: int) -> QFontMetrics:
        painter.setFont(make_font(size, Style.DISPLAY.value[2]))
        return painter.fontMetrics()

    def _label(self, painter: QPainter, where: QRect, drill: Drill) -> None:
        painter.setFont(self._look.font(Style.SMALL))
        painter.setPen(self._look.colour("ink2"))
        text = drill_words.clock_label(self._texts, drill)
        if drill.evacuation is not None:
            text = f"{text}{self._texts.say('window.dot')}{self._texts.say('drill.clock.took', n=drill.evacuation)}"
        painter.drawText(where, LINE, fits(self._look.font_metrics(Style.SMALL), text, where.width()))

    def _bar(self, painter: QPainter, at: QRect, drill: Drill) -> None:
        """The time as a bar, the goal as a mark on it; below, how many groups are here."""
        look, px, say = self._look, self._look.metrics.px, self._texts.say
        high, radius = px(8), px(4)
        whole = QRectF(at.left(), at.top(), at.width(), high)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(look.colour("bg_sunken"))
        painter.drawRoundedRect(whole, radius, radius)
        seconds, goal = self._seconds or 0, drill.goal or 0
        scale = max(goal * 5 / 4, seconds, 1)
        painter.setBrush(look.colour("brand"))
        if seconds:
            took = drill.evacuation if drill.evacuation is not None else seconds
            done = QRectF(whole.left(), whole.top(), whole.width() * min(1.0, took / scale), high)
            painter.drawRoundedRect(done, radius, radius)
        if goal:
            x = round(whole.left() + whole.width() * goal / scale)
            painter.fillRect(QRectF(x, whole.top() - px(3), px(2), high + px(6)), look.colour("ink"))
        painter.setFont(look.font(Style.SMALL))
        painter.setPen(look.colour("ink2"))
        line = QRect(at.left(), at.top() + high + px(6), at.width(), look.metrics.line(Style.SMALL))
        expected = [group for group in drill.groups if group.expected != 0]
        here = sum(1 for group in expected if group.arrived)
        right = say("drill.clock.goal", n=goal) if goal else ""
        if self.last is not None:
            right = f"{right}  {say('drill.clock.last', n=self.last)}".strip()
        metrics = look.font_metrics(Style.SMALL)
        left = say("drill.clock.groups", done=here, all=len(expected))
        painter.drawText(line, LINE, fits(metrics, left, line.width()))
        if metrics.horizontalAdvance(left) + px(8) + metrics.horizontalAdvance(right) > line.width():
            right = say("drill.clock.goal", n=goal) if goal else ""
        if metrics.horizontalAdvance(left) + px(8) + metrics.horizontalAdvance(right) <= line.width():
            painter.drawText(line, RIGHT, right)
