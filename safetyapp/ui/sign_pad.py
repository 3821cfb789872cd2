"""Who signs, and how: a pad for each person, or the line left empty for paper, or a refusal with its witness."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from PySide6.QtCore import QEvent, QObject, QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QMenu, QStackedLayout, QVBoxLayout, QWidget

from safetyapp.domain.inspection import Ink, Sha256
from safetyapp.ui.ink import Point, SignaturePad, Strokes
from safetyapp.ui.look import Look
from safetyapp.ui.metrics import Style
from safetyapp.ui.parts import Button, Kind, Label, PrimaryButton
from safetyapp.ui.tools import Tools


class Way(Enum):
    """How a person's line is filled."""

    SCREEN = "screen"
    PAPER = "paper"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Written:
    """What a person left in a box: handwriting with the size of its pad, or another way."""

    way: Way
    points: tuple[tuple[Point, ...], ...]
    size: QSize
    signed_at: datetime | None
    reason: str
    witness: str


class InkBox(QWidget):
    """A pad with its foot: when it was signed, 全屏签字, 重签. Instead of it, the note of another way."""

    changed = Signal()
    full_wanted = Signal()

    def __init__(self, tools: Tools, look: Look, role: str, *, other: str = "") -> None:
        super().__init__()
        self._tools, self._look, self._texts = tools, look, tools.texts
        self.role = role
        self.who = ""
        self.way = Way.SCREEN
        self.signed_at: datetime | None = None
        px, say = look.metrics.px, tools.texts.say
        self._stack = QStackedLayout(self)
        self._stack.setContentsMargins(0, 0, 0, 0)

        paper = QWidget()
        column = QVBoxLayout(paper)
        column.setContentsMargins(px(2), px(2), px(2), px(2))
        column.setSpacing(0)
        self.pad = SignaturePad()
        self.pad.foot = px(10)
        self.pad.setMinimumHeight(px(84))
        column.addWidget(self.pad, 1)
        foot = QHBoxLayout()
        foot.setContentsMargins(px(12), px(5), px(8), px(6))
        foot.setSpacing(px(8))
        self._hint = Label(look, say("sign.pad.hint"), Style.SMALL, "ink2")
        foot.addWidget(self._hint, 1)
        self.full = Button(look, say("sign.pad.full"), icon="maximize", kind=Kind.ICON, height=32)
        self.full.clicked.connect(self.full_wanted)
        foot.addWidget(self.full)
        self.other: OtherWay | None = None
        if other:
            self.other = OtherWay(look, tools, self, other, refuse=False)
            foot.addWidget(self.other)
        self.again = Button(look, say("sign.pad.again"), icon="eraser", height=32)
        self.again.clicked.connect(self.pad.clear)
        foot.addWidget(self.again)
        column.addLayout(foot)
        self._stack.addWidget(paper)

        instead = QWidget()
        lines = QVBoxLayout(instead)
        lines.setContentsMargins(px(12), px(12), px(12), px(8))
        lines.setSpacing(px(4))
        self._note = Label(look, say("sign.pad.paper_note"), Style.BODY, "ink2", wrap=True)
        lines.addWidget(self._note)
        self.reason, self._reason_label = self._line("sign.pad.refuse_reason")
        self.witness, self._witness_label = self._line("sign.pad.refuse_witness")
        pair = QHBoxLayout()
        pair.setSpacing(px(8))
        for label, field in ((self._reason_label, self.reason), (self._witness_label, self.witness)):
            half = QVBoxLayout()
            half.setSpacing(px(2))
            half.addWidget(label)
            half.addWidget(field)
            pair.addLayout(half, 1)
        lines.addLayout(pair)
        lines.addStretch(1)
        self.back = Button(look, say("sign.pad.write"), kind=Kind.LINK, height=28)
        self.back.clicked.connect(lambda: self.choose(Way.SCREEN))
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self.back)
        lines.addLayout(row)
        self._stack.addWidget(instead)
        self.pad.changed.connect(self._on_written)
        self.pad.installEventFilter(self)
        look.theme_changed.connect(self.update)

    def _line(self, key: str) -> tuple[QLineEdit, Label]:
        field = QLineEdit()
        field.setAccessibleName(self._texts.say(key))
        field.setMaxLength(200)
        field.textEdited.connect(lambda _: self.changed.emit())
        return field, Label(self._look, self._texts.say(key), Style.SMALL, "ink2")

    def set_who(self, name: str) -> None:
        self.who = name
        self.pad.setAccessibleName(self._texts.say("sign.pad.name", who=name))

    def choose(self, way: Way) -> None:
        """On the screen, on paper, or not at all."""
        self.way = way
        self._stack.setCurrentIndex(0 if way is Way.SCREEN else 1)
        self._note.setVisible(way is Way.PAPER)
        for part in (self._reason_label, self.reason, self._witness_label, self.witness):
            part.setVisible(way is Way.REFUSED)
        first = {Way.SCREEN: self.pad, Way.PAPER: self.back, Way.REFUSED: self.reason}[way]
        first.setFocus(Qt.FocusReason.OtherFocusReason)
        self.changed.emit()

    def is_ready(self) -> bool:
        if self.way is Way.SCREEN:
            return not self.pad.is_empty()
        return self.way is Way.PAPER or bool(self.reason.text().strip() and self.witness.text().strip())

    def show_signed(self) -> None:
        time = self.signed_at.strftime("%Y-%m-%d %H:%M") if self.signed_at else ""
        self._hint.setText(self._texts.say("sign.pad.signed", time=time) if time else self._texts.say("sign.pad.hint"))

    def _on_written(self) -> None:
        self.signed_at = None if self.pad.is_empty() else self._tools.clock.now()
        self.show_signed()
        self.changed.emit()

    def as_ink(self, image: Sha256 | None) -> Ink | None:
        """What goes into the record; nothing when the line stays empty for paper."""
        now = self._tools.clock.now()
        if self.way is Way.PAPER:
            return None
        if self.way is Way.REFUSED:
            reason, witness = self.reason.text().strip(), self.witness.text().strip()
            return Ink(self.who, self.role, now, refused=reason, witness=witness)
        return Ink(self.who, self.role, self.signed_at or now, image=image, strokes=self.strokes())

    def written(self) -> Written | None:
        """What is in it, for `put_back`; nothing when it was not touched."""
        if self.way is Way.SCREEN and self.pad.is_empty():
            return None
        reason, witness = self.reason.text(), self.witness.text()
        return Written(self.way, self.pad.points(), self.pad.size(), self.signed_at, reason, witness)

    def put_back(self, written: Written) -> None:
        """Shows what was left before, signed when it was signed."""
        if written.points:
            small, large = self.pad.size(), written.size
            scale = min(small.width() / max(1, large.width()), small.height() / max(1, large.height()), 1.0)
            self.pad.set_points(written.points, scale)
            self.signed_at = written.signed_at
            self.show_signed()
        self.reason.setText(written.reason)
        self.witness.setText(written.witness)
        if written.way is not self.way:
            self.choose(written.way)

    def strokes(self) -> Strokes:
        return self.pad.strokes()

    def image(self) -> bytes:
        return self.pad.image() if self.way is Way.SCREEN else b""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.FocusIn, QEvent.Type.FocusOut):
            self.update()
        return False

    def paintEvent(self, event: QPaintEvent) -> None:
        look = self._look
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        focused = self.pad.hasFocus()
        width = look.metrics.px(2) if focused else 1
        painter.setPen(QPen(look.colour("focus" if focused else "line_strong"), width))
        painter.setBrush(look.colour("bg_surface"))
        inset = width / 2
        box = QRectF(self.rect()).adjusted(inset, inset, -inset, -inset)
        painter.drawRoundedRect(box, look.metrics.radius, look.metrics.radius)
        painter.end()


class OtherWay(Button):
    """对方不签…: a menu of the other ways."""

    def __init__(self, look: Look, tools: Tools, box: InkBox, key: str, refuse: bool) -> None:
        super().__init__(look, tools.texts.say(key), kind=Kind.LINK, height=28)
        self._say = tools.texts.say
        self.box = box
        self._refuse = refuse
        self.clicked.connect(self.offer)

    def offer(self) -> None:
        menu = QMenu(self)
        ways = [(Way.REFUSED, "sign.pad.refuse")] if self._refuse else []
        for way, key in [*ways, (Way.PAPER, "sign.pad.paper"), (Way.SCREEN, "sign.pad.write")]:
            action = menu.addAction(self._say(key))
            action.setCheckable(True)
            action.setChecked(way is self.box.way)
            action.triggered.connect(lambda _=False, way=way: self.box.choose(way))
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(self.mapToGlobal(QPoint(0, self.height())))


class FullPad(QFrame):
    """The pad over the whole window, for handing the laptop over: nothing else is seen."""

    covers = Signal(bool)
    """It lies over everything now, or has gone again: what is below must not be reached meanwhile."""

    def __init__(self, look: Look, tools: Tools, parent: QWidget) -> None:
        super().__init__(parent)
        self._look, self._say = look, tools.texts.say
        px, say = look.metrics.px, tools.texts.say
        self.setProperty("surface", "1")
        self.setAutoFillBackground(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(px(24), px(16), px(24), px(16))
        column.setSpacing(px(12))
        self.title = Label(look, "", Style.H1, wrap=True)
        column.addWidget(self.title)
        column.addWidget(Label(look, say("sign.pad.full_hint"), Style.BODY, "ink2", wrap=True))
        self.pad = SignaturePad()
        self.pad.foot = px(80)
        column.addWidget(self.pad, 1)
        row = QHBoxLayout()
        row.addStretch(1)
        again = Button(look, say("sign.pad.again"), icon="eraser", height=40)
        again.clicked.connect(self.pad.clear)
        self.ready = PrimaryButton(look, say("sign.pad.full_done"), icon="check", height=40)
        self.ready.clicked.connect(self.leave)
        row.addWidget(again)
        row.addWidget(self.ready)
        column.addLayout(row)
        self._box: InkBox | None = None
        self.hide()

    def hand_over(self, box: InkBox) -> None:
        """Shows the pad of one person."""
        self._box = box
        self.title.setText(box.who)
        self.pad.setAccessibleName(self._say("sign.pad.name", who=box.who))
        self.pad.clear()
        self.covers.emit(True)
        host = self.parentWidget()
        if host is not None:
            self.setGeometry(host.rect())
        self.show()
        self.raise_()
        self.pad.setFocus(Qt.FocusReason.OtherFocusReason)

    def leave(self) -> None:
        """Back to the small pad with what was written; nothing written changes nothing."""
        box, self._box = self._box, None
        self.hide()
        self.covers.emit(False)
        if box is None:
            return
        if not self.pad.is_empty():
            small = box.pad
            scale = min(small.width() / max(1, self.pad.width()), small.height() / max(1, self.pad.height()))
            box.pad.set_points(self.pad.points(), scale)
        box.pad.setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.leave()
        else:
            super().keyPressEvent(event)
