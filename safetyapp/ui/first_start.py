"""The first start: doors side by side (work on your own, have a look first), and a few small things below them."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF, QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from safetyapp.domain.school import Person, Role
from safetyapp.ui.care_tools import DemoFacts
from safetyapp.ui.jobs import Jobs
from safetyapp.ui.look import Look
from safetyapp.ui.metrics import Style
from safetyapp.ui.mosaic import paint_shape
from safetyapp.ui.parts import Button, Card, IconLabel, Kind, Label, Option, PrimaryButton, ProgressLine, Segment
from safetyapp.ui.tools import Tools
from safetyapp.ui.words import paint_wrapped

LEAST = 8


def strength(passphrase: str) -> str:
    """The key of the word for a passphrase: short, weak, fair, good. Length counts most; Chinese counts double."""
    weight = sum(1 if c.isascii() else 2 for c in passphrase)
    kinds = sum(
        (
            any(c.islower() for c in passphrase),
            any(c.isupper() for c in passphrase),
            any(c.isdigit() for c in passphrase),
            any(not c.isalnum() for c in passphrase),
            any(not c.isascii() for c in passphrase),
        )
    )
    if weight < LEAST:
        return "short"
    if len(set(passphrase)) < 5 or weight < 10:
        return "weak"
    return "good" if weight >= 16 or (weight >= 12 and kinds >= 3) else "fair"


class FirstStart(QWidget):
    """Name and passphrase; makes the key on a worker."""

    identity_made = Signal(object)
    language_wanted = Signal(str)
    demo_wanted = Signal(object)
    """Build the demonstration if need be and open it in this Role."""
    demo_delete_wanted = Signal()
    join_wanted = Signal()
    """Join the district by an enrolment file."""
    restore_wanted = Signal()
    verify_wanted = Signal()

    def __init__(self, tools: Tools, look: Look, jobs: Jobs, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tools, self._look, self._jobs = tools, look, jobs
        say, px = tools.texts.say, look.metrics.px
        self._say = say
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        self._picture = _Picture(look, tools)
        row.addWidget(self._picture)
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(px(44), px(44), px(44), px(24))
        column.setSpacing(px(8))
        column.addWidget(Label(look, say("first.title"), Style.H1, wrap=True))
        column.addWidget(Label(look, say("first.about"), Style.BODY, "ink2", wrap=True))
        column.addSpacing(px(8))
        self._doors = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._doors.setSpacing(px(20))
        card = self._door("school", say("first.own.title"), say("first.own.about"))
        self.name = self._field(card, say("window.first.name"), say("window.first.name_hint"))
        self.passphrase = self._field(card, say("window.first.pass"), "", secret=True)
        self._strength = self._remark(card)
        self.again = self._field(card, say("window.first.again"), "", secret=True)
        self._same = self._remark(card)
        self.go = PrimaryButton(look, say("window.first.go"), keys="Enter", height=40)
        self.go.clicked.connect(self._on_go)
        card.body.addStretch(1)
        card.body.addSpacing(px(8))
        card.body.addWidget(self.go)
        self._build_join_door()
        self._build_demo_door()
        column.addLayout(self._doors)
        self.line = ProgressLine(look, say("window.stop"))
        column.addWidget(self.line)
        column.addStretch(1)
        column.addSpacing(px(8))
        column.addLayout(self._build_links())
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(inside)
        row.addWidget(area, 1)
        for field in (self.name, self.passphrase, self.again):
            field.textChanged.connect(self._on_changed)
            field.returnPressed.connect(self._on_enter)
        self._busy = False
        self._on_changed()
        self.name.setFocus()

    def _door(self, icon: str, title: str, about: str) -> Card:
        """One way to begin: as wide as the others."""
        look, px = self._look, self._look.metrics.px
        card = Card(look)
        card.body.setContentsMargins(px(24), px(20), px(24), px(24))
        card.body.setSpacing(px(4))
        card.body.addWidget(IconLabel(look, icon, 24, "brand"))
        card.body.addSpacing(px(4))
        card.body.addWidget(Label(look, title, Style.H2, wrap=True))
        card.body.addWidget(Label(look, about, Style.COMPACT, "ink2", wrap=True))
        card.body.addSpacing(px(8))
        self._doors.addWidget(card, 1)
        return card

    def _build_join_door(self) -> None:
        door = self._door("files", self._say("join.door"), self._say("join.door_about"))
        door.body.addStretch(1)
        self.join = Button(self._look, self._say("join.door_go"), height=40)
        self.join.clicked.connect(self.join_wanted)
        door.body.addWidget(self.join)

    def _build_demo_door(self) -> None:
        say, look = self._say, self._look
        door = self._door("flask", say("first.demo.door"), say("first.demo.about"))
        door.body.addStretch(1)
        door.body.addWidget(Label(look, say("first.demo.role"), Style.SMALL, "ink2"))
        roles = [Option(role, say(f"first.demo.{role.value}")) for role in (Role.INSPECTOR, Role.OFFICE)]
        self.role = Segment(look, roles, Role.INSPECTOR, name=say("first.demo.role"))
        door.body.addWidget(self.role)
        door.body.addSpacing(look.metrics.px(8))
        self.demo = Button(look, say("first.demo.build"), height=40)
        self.demo.clicked.connect(lambda: self.demo_wanted.emit(self.role.value()))
        door.body.addWidget(self.demo)
        self.demo_delete = Button(look, say("first.demo.delete"), icon="trash", kind=Kind.LINK)
        self.demo_delete.clicked.connect(self.demo_delete_wanted)
        self.demo_delete.hide()
        door.body.addWidget(self.demo_delete, 0, Qt.AlignmentFlag.AlignHCenter)

    def _build_links(self) -> QGridLayout:
        """Small things that need no identity; under each other where it is narrow."""
        say, look = self._say, self._look
        self._links = QGridLayout()
        self._links.setHorizontalSpacing(look.metrics.px(20))
        self.restore = Button(look, say("first.link.restore"), icon="database", kind=Kind.LINK)
        self.restore.clicked.connect(self.restore_wanted)
        self.verify = Button(look, say("first.link.verify"), icon="shield-check", kind=Kind.LINK)
        self.verify.clicked.connect(self.verify_wanted)
        other = "en" if self._tools.texts.language == "zh" else "zh"
        self.language = Button(look, say("window.first.other_language"), icon="language", kind=Kind.LINK)
        self.language.clicked.connect(lambda: self.language_wanted.emit(other))
        for place, button in enumerate((self.restore, self.verify, self.language)):
            self._links.addWidget(button, 0, place + (place == 2), Qt.AlignmentFlag.AlignLeft)
        self._links.setColumnStretch(2, 1)
        return self._links

    def ask_for_demo(self) -> None:
        """A demonstration that is there is opened, not built; and it can be deleted."""
        care = self._tools.care

        def show(facts: DemoFacts) -> None:
            self.demo.set_words(self._say("first.demo.go_on" if facts.is_there else "first.demo.build"))
            self.demo_delete.setVisible(facts.is_there)

        self._jobs.work(lambda progress: care().demo(), show, lambda error: None, owner=self, name="demo-facts")

    def _field(self, card: Card, title: str, hint: str, secret: bool = False) -> QLineEdit:
        card.body.addWidget(Label(self._look, title, Style.SMALL, "ink2"))
        field = QLineEdit()
        field.setAccessibleName(title)
        field.setPlaceholderText(hint)
        if secret:
            field.setEchoMode(QLineEdit.EchoMode.Password)
        card.body.addWidget(field)
        if not secret:
            card.body.addSpacing(self._look.metrics.px(10))
        return field

    def _remark(self, card: Card) -> Label:
        label = Label(self._look, "", Style.SMALL, "ink2", wrap=True)
        label.setMinimumHeight(self._look.metrics.line(Style.SMALL))
        card.body.addWidget(label)
        card.body.addSpacing(self._look.metrics.px(4))
        return label

    def typed(self) -> tuple[str, ...]:
        """What stands in the fields, for the same screen in another language."""
        return tuple(field.text() for field in (self.name, self.passphrase, self.again))

    def set_typed(self, texts: tuple[str, ...]) -> None:
        for field, text in zip((self.name, self.passphrase, self.again), texts, strict=True):
            field.setText(text)

    def is_complete(self) -> bool:
        """Whether the fields allow to go on."""
        passphrase = self.passphrase.text()
        good = strength(passphrase) != "short" and passphrase == self.again.text()
        return bool(self.name.text().strip()) and good

    def _on_changed(self) -> None:
        passphrase, again = self.passphrase.text(), self.again.text()
        self._strength.setText(self._say(f"window.strength.{strength(passphrase)}") if passphrase else "")
        if again:
            self._same.setText(self._say("window.first.same" if again == passphrase else "window.first.differs"))
        else:
            self._same.setText("")
        self.go.setEnabled(self.is_complete() and not self._busy)

    def _on_enter(self) -> None:
        """Enter goes to the next field that wants something, and at last does it."""
        if self.is_complete():
            self._on_go()
            return
        fields = (self.name, self.passphrase, self.again)
        wanting = next((f for f in fields if not f.text().strip()), None)
        if wanting is None:
            wanting = self.passphrase if strength(self.passphrase.text()) == "short" else self.again
        wanting.setFocus()

    def _on_go(self) -> None:
        if self._busy or not self.is_complete():
            return
        self._set_busy(True)
        make, name, passphrase = self._tools.start_identity, self.name.text().strip(), self.passphrase.text()
        self.line.begin(self._say("window.first.making"), can_stop=False)
        self._jobs.work(lambda progress: make(name, passphrase), self._on_made, self._on_failed, owner=self)

    def _on_made(self, person: Person) -> None:
        self.passphrase.clear()
        self.again.clear()
        self.line.end()
        self._set_busy(False)
        self.identity_made.emit(person)

    def _on_failed(self, error: Exception) -> None:
        self.line.end()
        self._set_busy(False)
        self._jobs.trouble.emit(error)

    def _set_busy(self, busy: bool) -> None:
        self._busy = busy
        for widget in (self.name, self.passphrase, self.again, self.language, self.join, self.demo, self.restore):
            widget.setEnabled(not busy)
        self.go.setEnabled(not busy and self.is_complete())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        breadth = self._look.metrics.breadth(self.width())
        self._picture.setVisible(breadth >= 1300)
        beside = breadth >= 900
        directions = QBoxLayout.Direction
        self._doors.setDirection(directions.LeftToRight if beside else directions.TopToBottom)


class _Picture(QWidget):
    """The dark side: mark, name, and the mosaic that everything here ends in."""

    MARKS = "pppppgpppppppppppMppppppnppppppppgppppppppoooooooooooo"

    def __init__(self, look: Look, tools: Tools) -> None:
        super().__init__()
        self._look = look
        self._say = tools.texts.say
        self._version = tools.app_version
        self.setFixedWidth(look.metrics.px(352))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        look.theme_changed.connect(self.update)

    def paintEvent(self, event: QPaintEvent) -> None:
        look, px = self._look, self._look.metrics.px
        painter = QPainter(self)
        painter.fillRect(self.rect(), look.colour("rail"))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        left, y = px(36), px(44)
        side = px(52)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(look.colour("brand"))
        painter.drawRoundedRect(left, y, side, side, px(8), px(8))
        paint_mark(painter, QRectF(left, y, side, side), look)
        y += side + px(18)
        painter.setPen("#FFFFFF")
        painter.setFont(look.font(Style.FIGURE))
        name = self._say("window.name")
        if look.font_metrics(Style.FIGURE).horizontalAdvance(name) > self.width() - 2 * left:
            painter.setFont(look.font(Style.H1))
        painter.drawText(left, y, self.width() - left, px(38), Qt.AlignmentFlag.AlignVCenter, name)
        y += px(44)
        painter.setPen(look.colour("rail_ink"))
        paint_wrapped(
            painter,
            QRectF(left, y, 1, 1).topLeft(),
            self.width() - 2 * left,
            self._say("window.slogan"),
            look,
            Style.BODY,
        )
        foot = self.height() - px(24)
        painter.setFont(look.font(Style.SMALL))
        lines = (self._say("window.first.version", version=self._version), self._say("window.first.local"))
        for text in lines:
            foot -= px(20)
            painter.drawText(left, foot, self.width() - left, px(20), Qt.AlignmentFlag.AlignVCenter, text)
        self._paint_mosaic(painter, left, foot - px(18) - px(166))
        painter.end()

    def _paint_mosaic(self, painter: QPainter, left: int, top: int) -> None:
        look, px = self._look, self._look.metrics.px
        size, pitch = px(23), px(29)
        if top < px(250):
            return
        for index, mark in enumerate(self.MARKS[:50]):
            box = QRectF(left + (index % 10) * pitch, top + (index // 10) * pitch, size, size)
            if mark in "gM":
                colour = look.colour("major_fill" if mark == "M" else "minor_fill")
                paint_shape(painter, box, mark, colour)
                continue
            edge = QColor(look.colour("rail_ink"))
            edge.setAlphaF(0.35)
            painter.setPen(QPen(edge, 1) if mark == "o" else Qt.PenStyle.NoPen)
            if mark == "o":
                painter.setBrush(Qt.BrushStyle.NoBrush)
            else:
                painter.setBrush(look.colour("rail_mark" if mark == "p" else "rail_active"))
            painter.setOpacity(0.7 if mark == "p" else 1.0)
            painter.drawRoundedRect(box, px(2), px(2))
            painter.setOpacity(1.0)


def paint_mark(painter: QPainter, box: QRectF, look: Look) -> None:
    """The mark of the program: three squares and a tick."""
    unit = box.width() / 52
    painter.save()
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(look.colour("on_brand"))
    for x, y in ((13, 13), (28, 13), (13, 28)):
        painter.drawRect(QRectF(box.x() + x * unit, box.y() + y * unit, 11 * unit, 11 * unit))
    pen = QPen(look.colour("on_brand"), 3.4 * unit)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    tick = ((28.5, 34), (32, 37.5), (38.5, 30.5))
    painter.drawPolyline(QPolygonF([QPointF(box.x() + x * unit, box.y() + y * unit) for x, y in tick]))
    painter.restore()
