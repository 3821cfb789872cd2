"""The left of the stopwatch: the clock, the time line, the head-count, what is jammed, the last drills."""

from __future__ import annotations

from datetime import date, datetime

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from safetyapp.domain.drill import START, Drill, Point
from safetyapp.domain.form import Form, ItemId
from safetyapp.texts import Texts
from safetyapp.ui import drill_words
from safetyapp.ui.drill_clock import SIDE, ClockFace
from safetyapp.ui.look import Look
from safetyapp.ui.metrics import Style
from safetyapp.ui.parts import Button, Label, Line, fits, key_cap_width, paint_key_cap
from safetyapp.ui.words import LINE

RIGHT = int(Qt.AlignmentFlag.AlignRight) | LINE
POINT_ROW = 36
COUNTS = ("expected", "reported", "missing")
LEAST_TREND = 76


class PointLine(QAbstractButton):
    """One time of the time line: records it, or opens what was recorded."""

    has_focus_ring = True

    def __init__(self, look: Look, texts: Texts, point: ItemId, words: str, keys: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._look, self._texts, self.point = look, texts, point
        self._words, self._keys = words, keys
        self._value, self._is_next, self._is_set = "", False, False
        self.setFixedHeight(look.metrics.px(POINT_ROW))
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        look.theme_changed.connect(self.update)

    def show_point(self, drill: Drill, point: Point, is_next: bool) -> None:
        say = self._texts.say
        value = drill_words.point_text(self._texts, drill, point)
        self._value, self._is_next, self._is_set = value, is_next, bool(point.value)
        told = f"{point.value} {value}" if point.value and point.value != value else value
        none = say("drill.point.none")
        self.setAccessibleName(say("drill.point.spoken", id=self.point, what=self._words, time=told or none))
        self.setAccessibleDescription(self._keys)
        self.setToolTip(f"{self._words}  {point.value}".strip())
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            event.ignore()

    def sizeHint(self) -> QSize:
        return QSize(self._look.metrics.px(SIDE), self._look.metrics.px(POINT_ROW))

    def paintEvent(self, event: QPaintEvent) -> None:
        look, px = self._look, self._look.metrics.px
        painter = QPainter(self)
        hot = self.underMouse() or self.isDown()
        is_start = self._is_next and self.point == START  # the one filled button until the signal is given
        ground = "bg_hover" if hot else "bg_selected" if self._is_next else "bg_surface"
        if is_start:
            ground = "brand_hover" if hot else "brand"
        painter.fillRect(self.rect(), look.colour(ground))
        painter.fillRect(0, self.height() - 1, self.width(), 1, look.colour("line"))
        inside = self.rect().adjusted(px(16), 0, -px(16), -1)
        painter.setFont(look.font(Style.COMPACT_STRONG))
        lead_ink = "brand" if self._is_set or self._is_next else "ink2"
        painter.setPen(look.colour("on_brand" if is_start else lead_ink))
        painter.drawText(inside, LINE, str(self.point))
        right = 0
        if self._value:
            style = Style.COMPACT_STRONG if self._is_set else Style.COMPACT
            painter.setFont(look.font(style))
            painter.setPen(look.colour("ink" if self._is_set else "ink2"))
            painter.drawText(inside, RIGHT, self._value)
            right = look.font_metrics(style).horizontalAdvance(self._value)
        elif self._keys:
            right = key_cap_width(look, self._keys)
            x = inside.right() - right + 1
            cap = look.colour("on_brand" if is_start else "ink2")
            paint_key_cap(painter, x, self.height() // 2, self._keys, look, cap)
        painter.setFont(look.font(Style.COMPACT))
        word_ink = "ink" if self._is_set or self._is_next else "ink2"
        painter.setPen(look.colour("on_brand" if is_start else word_ink))
        lead = px(34)
        words = inside.adjusted(lead, 0, -right - px(6), 0)
        painter.drawText(words, LINE, fits(look.font_metrics(Style.COMPACT), self._words, words.width()))
        painter.end()


class HeadCount(QWidget):
    """应到, 已报, 差额: three numbers that add up."""

    def __init__(self, look: Look, texts: Texts, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look, self._texts = look, texts
        self._numbers = (0, 0, 0)
        self._unknown = 0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        look.theme_changed.connect(self.update)

    @property
    def numbers(self) -> tuple[int, int, int]:
        return self._numbers

    def show_drill(self, drill: Drill) -> None:
        self._numbers = (drill.expected, drill.reported, drill.missing)
        self._unknown = sum(1 for group in drill.groups if group.expected is None)
        expected, reported, missing = self._numbers
        said = self._texts.say("drill.count.spoken", expected=expected, reported=reported, missing=missing)
        self.setAccessibleName(said)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self._look.metrics.px(260), self._look.metrics.px(84))

    def minimumSizeHint(self) -> QSize:
        px = self._look.metrics.px
        return QSize(3 * (self._widest() + px(10)) + px(32), self.sizeHint().height())

    def _widest(self) -> int:
        """The width of the widest of the three, label or number."""
        small, large = self._look.font_metrics(Style.SMALL), self._look.font_metrics(Style.H1)
        labels = (small.horizontalAdvance(self._texts.say(f"drill.count.{key}")) for key in COUNTS)
        return max(*labels, *(large.horizontalAdvance(str(max(number, 1000))) for number in self._numbers))

    def paintEvent(self, event: QPaintEvent) -> None:
        look, px, say = self._look, self._look.metrics.px, self._texts.say
        painter = QPainter(self)
        inside = self.rect().adjusted(px(16), px(8), -px(16), -px(6))
        small, line = look.metrics.line(Style.SMALL), look.metrics.line(Style.COMPACT)
        top = QRect(inside.left(), inside.top(), inside.width(), line)
        painter.setFont(look.font(Style.COMPACT_STRONG))
        painter.setPen(look.colour("ink"))
        painter.drawText(top, LINE, say("drill.count.title"))
        painter.setFont(look.font(Style.SMALL))
        painter.setPen(look.colour("ink2"))
        who = say("drill.count.unknown", n=self._unknown) if self._unknown else say("drill.count.who")
        taken = look.font_metrics(Style.COMPACT_STRONG).horizontalAdvance(say("drill.count.title")) + px(10)
        if taken + look.font_metrics(Style.SMALL).horizontalAdvance(who) <= inside.width():
            painter.drawText(top, RIGHT, who)
        third = max(self._widest() + px(10), inside.width() // 3)
        for number, (value, key) in enumerate(zip(self._numbers, COUNTS, strict=True)):
            left = inside.left() + number * third
            painter.setFont(look.font(Style.SMALL))
            painter.setPen(look.colour("ink2"))
            painter.drawText(QRect(left, top.bottom() + px(4), third, small), LINE, say(f"drill.count.{key}"))
            painter.setFont(look.font(Style.H1))
            painter.setPen(look.colour("ink"))
            where = QRect(left, top.bottom() + px(4) + small, third, look.metrics.line(Style.H1))
            painter.drawText(where, LINE, str(value))
        painter.end()


class Trend(QWidget):
    """The school's last evacuation times as bars from nought, each with its seconds."""

    def __init__(self, look: Look, texts: Texts, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look, self._texts = look, texts
        self.times: tuple[tuple[date, int], ...] = ()
        self.setMinimumHeight(0)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        look.theme_changed.connect(self.update)

    def show_times(self, times: tuple[tuple[date, int], ...]) -> None:
        self.times = times
        say = self._texts.say
        said = [say("drill.clock.trend_spoken", date=day.isoformat(), n=seconds) for day, seconds in times]
        self.setAccessibleName(say("drill.clock.trend", n=len(times)))
        self.setAccessibleDescription(say("fill.comma_spoken").join(said))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        look, px = self._look, self._look.metrics.px
        if not self.times or self.height() < px(LEAST_TREND):
            return
        painter = QPainter(self)
        inside = self.rect().adjusted(px(16), px(8), -px(16), -px(6))
        small, micro = look.metrics.line(Style.SMALL), look.metrics.line(Style.MICRO)
        painter.setFont(look.font(Style.SMALL))
        painter.setPen(look.colour("ink2"))
        painter.drawText(
            inside, int(Qt.AlignmentFlag.AlignTop), self._texts.say("drill.clock.trend", n=len(self.times))
        )
        painter.setFont(look.font(Style.MICRO))
        most = max(seconds for _, seconds in self.times) or 1
        step = min(px(44), inside.width() // len(self.times))
        high = min(px(60), inside.height() - small - micro - px(6))
        for number, (_, seconds) in enumerate(self.times):
            bar = max(1, high * seconds // most)
            left, foot = inside.left() + number * step, inside.top() + small + px(4) + micro + high
            newest = number == len(self.times) - 1
            painter.fillRect(
                QRect(left, foot - bar, step - px(8), bar), look.colour("brand" if newest else "line_strong")
            )
            painter.setPen(look.colour("ink"))
            text = QRect(left, foot - bar - micro, step - px(8), micro)
            painter.drawText(text, int(Qt.AlignmentFlag.AlignCenter) | LINE, str(seconds))
        painter.end()


class DrillSide(QScrollArea):
    """The column; it scrolls where the screen is low."""

    point_pressed = Signal(str)
    jam_pressed = Signal()
    problem_pressed = Signal()

    def __init__(self, look: Look, texts: Texts, form: Form, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        px, say = look.metrics.px, texts.say
        self._look, self._texts, self._form = look, texts, form
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        inside = QWidget()
        inside.setProperty("surface", "1")
        inside.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setWidget(inside)
        self.setFixedWidth(px(SIDE))
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self.clock = ClockFace(look, texts)
        column.addWidget(self.clock)
        column.addWidget(Line(look))
        self._lines_column = QVBoxLayout()
        self._lines_column.setSpacing(0)
        column.addLayout(self._lines_column)
        self.lines: list[PointLine] = []
        self.count = HeadCount(look, texts)
        column.addWidget(self.count)
        column.addWidget(Line(look))
        self.trend = Trend(look, texts)
        column.addWidget(self.trend, 1)
        self._jam = Label(look, "", Style.COMPACT_STRONG, wrap=True)
        self._jam.hide()
        told = QVBoxLayout()
        told.setContentsMargins(px(16), px(4), px(16), px(4))
        told.addWidget(self._jam)
        column.addLayout(told)
        column.addWidget(Line(look))
        foot = QHBoxLayout()
        foot.setContentsMargins(px(12), px(8), px(12), px(8))
        foot.setSpacing(px(8))
        self.jam_button = Button(look, say("drill.jam.button"), icon="flag", keys="G")
        self.jam_button.clicked.connect(self.jam_pressed)
        self.problem_button = Button(look, say("drill.problem.button"), icon="notes", keys="N")
        self.problem_button.clicked.connect(self.problem_pressed)
        foot.addWidget(self.jam_button, 1)
        foot.addWidget(self.problem_button, 1)
        column.addLayout(foot)

    def show_drill(self, drill: Drill, now: datetime) -> None:
        self._make_lines(drill)
        following = next_point(drill)
        for line, point in zip(self.lines, drill.points, strict=True):
            line.show_point(drill, point, following is not None and point.id == following.id)
        self.count.show_drill(drill)
        self.show_time(drill, now)

    def show_time(self, drill: Drill, now: datetime) -> None:
        """Only what moves by itself."""
        self.clock.show_time(drill, now)
        jam = drill.jam
        self._jam.setVisible(jam is not None)
        self.jam_button.set_words(self._texts.say("drill.jam.end" if jam is not None else "drill.jam.button"))
        self._fold_foot()
        if jam is not None and jam.jammed_at is not None:
            where = drill_words.post_label(self._texts, self._form, jam)
            seconds = max(0, int((now - jam.jammed_at).total_seconds()))
            self._jam.setText(self._texts.say("drill.jam.now", where=where, time=drill_words.minutes(seconds)))

    def _fold_foot(self) -> None:
        """The keys go where the words leave no room for them."""
        px, buttons = self._look.metrics.px, (self.jam_button, self.problem_button)
        for button, keys in zip(buttons, ("G", "N"), strict=True):
            button.set_keys(keys)
        if sum(button.sizeHint().width() for button in buttons) + px(32) > self.width():
            for button in buttons:
                button.set_keys("")

    def _make_lines(self, drill: Drill) -> None:
        if [line.point for line in self.lines] == [point.id for point in drill.points]:
            return
        for line in self.lines:
            self._lines_column.removeWidget(line)
            line.hide()
            line.deleteLater()
        self.lines = []
        for point in drill.points:
            words = drill_words.point_label(self._texts, self._form, point.id)
            keys = self._texts.say("drill.point.keys") if point.id == "T0" else f"F{point.id[1:]}"
            line = PointLine(self._look, self._texts, point.id, words, keys, self)
            line.clicked.connect(lambda _=False, point=point.id: self.point_pressed.emit(point))
            self._lines_column.addWidget(line)
            self.lines.append(line)


def next_point(drill: Drill) -> Point | None:
    """The time of the time line that comes next: the first required one that is not recorded."""
    if drill.started_at is None:
        return drill.point(START)
    return next(iter(drill.missing_points), None)
