"""The cards of Sign: the stepper, the two who sign, the certificate with its passphrase, the steps that tick."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QAction, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from safetyapp.domain.progress import Step
from safetyapp.texts import Texts
from safetyapp.ui import icons
from safetyapp.ui.icons import paint_icon
from safetyapp.ui.look import Look
from safetyapp.ui.metrics import Style
from safetyapp.ui.parts import Card, Chip, ChipLabel, IconLabel, Label, Option, Segment
from safetyapp.ui.sign_pad import InkBox, OtherWay
from safetyapp.ui.tools import Tools

TRIES = 5
WAIT = timedelta(minutes=1)


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


class PersonCard(Card):
    """A card with a title, facts or fields at its right, and a pad."""

    def __init__(self, look: Look, title: str) -> None:
        super().__init__(look)
        px = look.metrics.px
        self.top = QHBoxLayout()
        self.top.setContentsMargins(px(12), px(9), px(12), px(7))
        self.top.setSpacing(px(8))
        self.top.addWidget(Label(look, title, Style.STRONG, elide=Qt.TextElideMode.ElideNone))
        self.body.addLayout(self.top)
        self.inner = QVBoxLayout()
        self.inner.setContentsMargins(px(12), 0, px(12), px(12))
        self.body.addLayout(self.inner, 1)


class InspectorCard(PersonCard):
    """检查员: one pad each for the inspector and those who came along."""

    companions_changed = Signal(object)
    full_wanted = Signal(object)
    signed = Signal()
    """Something was written on one of the pads, or taken away."""

    def __init__(self, look: Look, tools: Tools, name: str, companions: Sequence[str]) -> None:
        super().__init__(look, tools.texts.say("sign.pad.inspector"))
        self._look, self._tools = look, tools
        self._say = tools.texts.say
        self._name = name
        self._who = Label(look, name, Style.BODY, "ink2")
        self.companions = QLineEdit(self._say("fill.people_joint").join(companions))
        self.companions.setPlaceholderText(self._say("sign.pad.companions_hint"))
        self.companions.setAccessibleName(self._say("sign.pad.companions"))
        self.companions.setMaxLength(200)
        self.companions.editingFinished.connect(self._on_companions)
        self._tabs: Segment | None = None
        self.top.addWidget(self._who)
        self.top.addWidget(self.companions, 1)
        self._tab_place = QHBoxLayout()
        self.top.addLayout(self._tab_place)
        self._stack = QStackedWidget()
        self.inner.addWidget(self._stack, 1)
        self.boxes: list[InkBox] = []
        self._set_people([name, *companions])

    def people(self) -> list[str]:
        return [box.who for box in self.boxes]

    def _set_people(self, names: list[str]) -> None:
        """Pads stay with their names: adding a person loses nobody's signature."""
        known = {box.who: box for box in self.boxes}
        self.boxes = []
        for number, name in enumerate(names):
            box = known.pop(name, None)
            if box is None:
                role = "inspector" if number == 0 else "companion"
                box = InkBox(self._tools, self._look, role, other="sign.pad.my_other_way")
                box.set_who(name)
                box.changed.connect(self._on_changed)
                box.full_wanted.connect(lambda box=box: self.full_wanted.emit(box))
                self._stack.addWidget(box)
            self.boxes.append(box)
        for gone in known.values():
            self._stack.removeWidget(gone)
            gone.deleteLater()
        self._make_tabs()

    def _make_tabs(self) -> None:
        chosen = 0 if self._tabs is None else min(int(str(self._tabs.value() or 0)), len(self.boxes) - 1)
        if self._tabs is not None:
            self._tab_place.removeWidget(self._tabs)
            self._tabs.hide()
            self._tabs.deleteLater()
            self._tabs = None
        self._who.setVisible(len(self.boxes) == 1)
        if len(self.boxes) > 1:
            options = [Option(n, box.who, icon="check" if box.is_ready() else "") for n, box in enumerate(self.boxes)]
            self._tabs = Segment(self._look, options, chosen, name=self._say("sign.pad.inspector"), height=28)
            self._tabs.chosen.connect(self._on_tab)
            self._tab_place.addWidget(self._tabs)
        self._show_box(chosen)

    def _on_tab(self, value: object) -> None:
        if isinstance(value, int):
            self._show_box(value)

    def _show_box(self, number: int) -> None:
        box = self.boxes[number]
        self._stack.setCurrentWidget(box)

    def show_person(self, box: InkBox) -> None:
        number = self.boxes.index(box)
        if self._tabs is not None:
            self._tabs.set_value(number)
        self._show_box(number)

    def _on_changed(self) -> None:
        self.signed.emit()
        if self._tabs is not None:
            shown = self._stack.currentWidget()
            self._make_tabs()
            if isinstance(shown, InkBox) and shown in self.boxes:
                self.show_person(shown)

    def _on_companions(self) -> None:
        text = self.companions.text()
        for mark in ("，", ",", ";", "；", "\t"):
            text = text.replace(mark, "、")
        names = list(dict.fromkeys(name.strip() for name in text.split("、") if name.strip()))
        names = [name for name in names if name != self._name]
        if names != self.people()[1:]:
            self._set_people([self._name, *names])
            self.companions_changed.emit(tuple(names))


class EscortCard(PersonCard):
    """学校陪同人: name, position, a pad; 对方不签… offers the other ways."""

    escort_changed = Signal(str)

    def __init__(self, look: Look, tools: Tools, escort: str) -> None:
        super().__init__(look, tools.texts.say("sign.pad.escort"))
        say, px = tools.texts.say, look.metrics.px
        self.box = InkBox(tools, look, "escort")
        name, position = split_escort(escort)
        self.name = self._field(say("sign.pad.escort_name"), name)
        self.position = self._field(say("sign.pad.escort_role"), position)
        self.name.setMinimumWidth(px(80))
        self.position.setMinimumWidth(px(80))
        self.top.addWidget(self.name, 1)
        self.top.addWidget(self.position, 1)
        self.other = OtherWay(look, tools, self.box, "sign.pad.other_way", refuse=True)
        self.top.addWidget(self.other)
        self.inner.addWidget(self.box, 1)
        self.box.set_who(name)

    def _field(self, name: str, text: str) -> QLineEdit:
        field = QLineEdit(text)
        field.setPlaceholderText(name)
        field.setAccessibleName(name)
        field.setMaxLength(60)
        field.editingFinished.connect(self._on_edited)
        return field

    def _on_edited(self) -> None:
        self.box.set_who(self.name.text().strip())
        self.escort_changed.emit(self.escort())

    def escort(self) -> str:
        return join_escort(self.name.text().strip(), self.position.text().strip())


def join_escort(name: str, position: str) -> str:
    """周陪同（总务主任）: as it is written in the report."""
    return f"{name}（{position}）" if name and position else name


def split_escort(escort: str) -> tuple[str, str]:
    """The inverse of `join_escort`."""
    if escort.endswith("）") and "（" in escort:
        name, _, position = escort[:-1].partition("（")
        return name, position
    return escort, ""


class Tries:
    """Wrong passphrases: after the fifth there is a minute to wait."""

    def __init__(self) -> None:
        self.wrong = 0
        self._until: datetime | None = None

    def miss(self, now: datetime) -> int:
        """One more wrong one; answers how many are left."""
        self.wrong += 1
        if self.wrong >= TRIES:
            self._until = now + WAIT
            self.wrong = 0
            return 0
        return TRIES - self.wrong

    def hit(self) -> None:
        self.wrong, self._until = 0, None

    def wait(self, now: datetime) -> int:
        """Seconds to wait still."""
        if self._until is None:
            return 0
        left = (self._until - now).total_seconds()
        if left <= 0 or left > WAIT.total_seconds():  # a clock that was set back must not lock anybody out
            self._until = None
            return 0
        return max(1, round(left))


class PassphraseField(QLineEdit):
    """Hidden text with an eye to show it. `caps` tells when Caps Lock seems to be on."""

    caps = Signal(bool)

    def __init__(self, look: Look, texts: Texts) -> None:
        super().__init__()
        self._look, self._texts = look, texts
        self.setEchoMode(QLineEdit.EchoMode.Password)
        self.setAccessibleName(texts.say("sign.key.passphrase"))
        self.setMaxLength(1000)
        self._eye = QAction(self)
        self._eye.setCheckable(True)
        self._eye.toggled.connect(self._on_eye)
        self.addAction(self._eye, QLineEdit.ActionPosition.TrailingPosition)
        look.theme_changed.connect(self._renew)
        self._renew()

    def _renew(self) -> None:
        shown = self._eye.isChecked()
        self._eye.setIcon(icons.icon("eye-off" if shown else "eye", self._look.theme.ink2, self._look.metrics.px(16)))
        self._eye.setText(self._texts.say("sign.key.hide" if shown else "sign.key.show"))
        self._eye.setToolTip(self._eye.text())

    def _on_eye(self, shown: bool) -> None:
        self.setEchoMode(QLineEdit.EchoMode.Normal if shown else QLineEdit.EchoMode.Password)
        self._renew()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        text = event.text()
        if len(text) == 1 and text.isascii() and text.isalpha():
            shifted = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self.caps.emit(text.isupper() is not shifted)
        super().keyPressEvent(event)


class KeyPart(QWidget):
    """用我的证书签署: whose certificate, and the passphrase."""

    def __init__(self, look: Look, texts: Texts, name: str) -> None:
        super().__init__()
        self._texts, self._name = texts, name
        say, px = texts.say, look.metrics.px
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px(3))
        top = QHBoxLayout()
        top.setSpacing(px(8))
        top.addWidget(Label(look, say("sign.key.title"), Style.STRONG, elide=Qt.TextElideMode.ElideNone))
        self.clock = ChipLabel(look, Chip.OUTLINE, say("sign.key.clock"), "alert-circle")
        self.clock.hide()
        top.addWidget(self.clock)
        top.addStretch(1)
        column.addLayout(top)
        self._who = Label(look, name, Style.SMALL, "ink2")
        column.addWidget(self._who)
        column.addSpacing(px(4))
        column.addWidget(Label(look, say("sign.key.passphrase"), Style.SMALL, "ink2"))
        self.field = PassphraseField(look, texts)
        column.addWidget(self.field)
        self._said = Label(look, say("sign.key.forgot"), Style.SMALL, "ink2", wrap=True)
        column.addWidget(self._said)
        column.addStretch(1)
        self.field.caps.connect(self._on_caps)
        self.field.textEdited.connect(lambda _: self._on_edited())
        self._is_wrong = False

    def show_certificate(self, fingerprint: str) -> None:
        self._who.setText(self._texts.say("sign.key.who", name=self._name, fingerprint=fingerprint[:8]))

    def say_wrong(self, sentence: str) -> None:
        self._is_wrong = True
        self._said.set_colour("ink")
        self._said.setText(sentence)
        self._set_frame(True)

    def text(self) -> str:
        return self._said.text()

    def _on_edited(self) -> None:
        if self._is_wrong:
            self._is_wrong = False
            self._said.set_colour("ink2")
            self._said.setText(self._texts.say("sign.key.forgot"))
            self._set_frame(False)

    def _on_caps(self, on: bool) -> None:
        if not self._is_wrong:
            self._said.setText(self._texts.say("sign.key.caps" if on else "sign.key.forgot"))

    def _set_frame(self, wrong: bool) -> None:
        self.field.setProperty("wrong", "1" if wrong else "0")
        self.field.style().unpolish(self.field)
        self.field.style().polish(self.field)


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
