"""Where one is in Sign: the stepper of its header, what finalising will do, and its steps as they tick."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from safetyapp.domain.progress import Step
from safetyapp.texts import Texts
from safetyapp.ui.icons import paint_icon
from safetyapp.ui.look import Look
from safetyapp.ui.metrics import Style
from safetyapp.ui.parts import IconLabel, Label


class Stepper(QWidget):
    """核对 › 签字 › 定稿: done ones ticked, the present one filled."""

    def __init__(self, look: Look, texts: Texts) -> None:
        super().__init__()
        self._look = look
        self._words = [texts.say(f"sign.steps.{name}") for name in ("check", "sign", "done")]
        self.step = 0
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        look.theme_changed.connect(self.update)
        self.show_step(0)

    def show_step(self, step: int) -> None:
        self.step = step
        self.setAccessibleName(f"{step + 1}/3 {self._words[min(step, 2)]}")
        self.update()

    def sizeHint(self) -> QSize:
        px = self._look.metrics.px
        words = sum(self._look.font_metrics(Style.STRONG).horizontalAdvance(word) for word in self._words)
        return QSize(words + 3 * px(30) + 2 * px(36) + px(8), px(32))

    def paintEvent(self, event: QPaintEvent) -> None:
        look, px = self._look, self._look.metrics.px
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        x, middle, side = px(2), self.height() // 2, px(22)
        for number, word in enumerate(self._words):
            circle = QRectF(x + 0.5, middle - side / 2 + 0.5, side - 1, side - 1)
            done, now = number < self.step, number == self.step
            painter.setBrush(look.colour("brand" if now else "bg_surface"))
            painter.setPen(QPen(look.colour("brand" if done or now else "line_strong"), 1))
            painter.drawEllipse(circle)
            if done:
                paint_icon(painter, x + px(4), middle - px(7), "check", px(14), look.theme.brand)
            else:
                painter.setFont(look.font(Style.SMALL))
                painter.setPen(look.colour("on_brand" if now else "ink2"))
                painter.drawText(circle, Qt.AlignmentFlag.AlignCenter, str(number + 1))
            x += side + px(8)
            style = Style.STRONG if now else Style.BODY
            painter.setFont(look.font(style))
            painter.setPen(look.colour("ink" if now else "ink2"))
            wide = look.font_metrics(style).horizontalAdvance(word)
            painter.drawText(QRect(x, 0, wide + px(2), self.height()), Qt.AlignmentFlag.AlignVCenter, word)
            x += wide + px(12)
            if number < 2:
                paint_icon(painter, x, middle - px(8), "chevron-right", px(16), look.theme.ink2)
                x += px(24)
        painter.end()


class WillPart(QWidget):
    """定稿会做什么."""

    def __init__(self, look: Look, texts: Texts) -> None:
        super().__init__()
        px, say = look.metrics.px, texts.say
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px(6))
        column.addWidget(Label(look, say("sign.will.title"), Style.STRONG))
        for icon, key in (("file-plus", "pdf"), ("lock", "lock"), ("inbox", "outbox")):
            row = QHBoxLayout()
            row.setSpacing(px(8))
            row.addWidget(IconLabel(look, icon, 16, "ink2"), 0, Qt.AlignmentFlag.AlignTop)
            row.addWidget(Label(look, say(f"sign.will.{key}"), Style.COMPACT, "ink2", wrap=True), 1)
            column.addLayout(row)
        column.addStretch(1)


class StepsPart(QWidget):
    """The four steps of finalising; each line ticks when the next begins."""

    def __init__(self, look: Look, texts: Texts, title: str = "") -> None:
        super().__init__()
        self._texts = texts
        px = look.metrics.px
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px(6))
        if title:
            column.addWidget(Label(look, title, Style.STRONG))
        self._lines: list[tuple[IconLabel, Label, Label]] = []
        for step in Step:
            row = QHBoxLayout()
            row.setSpacing(px(8))
            icon = IconLabel(look, "dots", 16, "ink3")
            words = Label(look, texts.say(f"sign.progress.{step.value}"), Style.COMPACT, "ink2")
            count = Label(look, "", Style.SMALL, "ink2", elide=Qt.TextElideMode.ElideNone)
            row.addWidget(icon)
            row.addWidget(words, 1)
            row.addWidget(count)
            column.addLayout(row)
            self._lines.append((icon, words, count))
        column.addStretch(1)
        self.done = 0

    def begin(self) -> None:
        self.done = 0
        self.report(Step.PAGES.value, 0, 0)

    def report(self, name: str, done: int, total: int) -> None:
        """What finalising says of itself."""
        steps = [step.value for step in Step]
        if name not in steps:
            return
        here = steps.index(name)
        complete = total > 0 and done >= total
        self.done = here + 1 if complete else here
        for number, (icon, words, count) in enumerate(self._lines):
            finished = number < self.done
            now = number == here and not finished
            icon.set_icon("check" if finished else "dots", "brand" if finished else "ink" if now else "ink3")
            words.set_colour("ink" if finished or now else "ink2")
            step = self._texts.say(f"sign.progress.{steps[number]}")
            words.setAccessibleName(
                self._texts.say("sign.progress.done_name" if finished else "sign.progress.now_name", step=step)
                if finished or now
                else step
            )
            shown = now and total > 1
            count.setText(self._texts.say("sign.progress.count", n=done, all=total) if shown else "")
