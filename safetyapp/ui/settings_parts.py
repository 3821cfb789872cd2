"""What the pages of Settings are made of: pages of cards in one or two columns, rows of title, remark and control."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from safetyapp.ui.metrics import Style
from safetyapp.ui.parts import Card, IconLabel, Label, Line

if TYPE_CHECKING:
    from safetyapp.ui.care_tools import Care
    from safetyapp.ui.jobs import Jobs
    from safetyapp.ui.look import Look
    from safetyapp.ui.tools import Tools
    from safetyapp.ui.window import MainWindow


@dataclass(frozen=True, slots=True)
class Host:
    """What every page is handed."""

    window: MainWindow
    tools: Tools
    look: Look
    jobs: Jobs
    care: Care

    def ask(self, owner: QWidget, run: Callable[[], Any], done: Callable[[Any], object]) -> None:
        """Runs on a worker; an error is said by the trouble bar."""
        self.jobs.work(lambda progress: run(), done, self.window.errands.tell_trouble, owner=owner, name="care")


class Row(QWidget):
    """One setting: an icon where it tells something, title over remark, and its controls at the right; below them where
    it is narrow."""

    def __init__(self, look: Look, title: str, remark: str = "", *controls: QWidget, icon: str = "") -> None:
        super().__init__()
        self._look = look
        px = look.metrics.px
        self._box = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._box.setContentsMargins(px(16), px(10), px(16), px(10))
        self._box.setSpacing(px(12))
        left = QHBoxLayout()
        left.setSpacing(px(12))
        if icon:
            left.addWidget(IconLabel(look, icon, 20, "brand"), 0, Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.setSpacing(px(2))
        self.title = Label(look, title, Style.STRONG if icon else Style.BODY, wrap=True)
        self.remark = Label(look, remark, Style.SMALL, "ink2", wrap=True)
        if not remark:  # shown before it has a parent it would be a window of its own
            self.remark.hide()
        words.addWidget(self.title)
        words.addWidget(self.remark)
        left.addLayout(words, 1)
        self._box.addLayout(left, 1)
        self._controls = QHBoxLayout()
        self._controls.setSpacing(px(8))
        for control in controls:
            self._controls.addWidget(control)
        self._has_controls = bool(controls)
        if controls:
            self._box.addLayout(self._controls)

    def say(self, title: str, remark: str = "") -> None:
        self.title.setText(title)
        self.remark.setText(remark)
        self.remark.setVisible(bool(remark))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        wanted = self._controls.sizeHint().width() if self._has_controls else 0
        beside = self.width() - wanted >= self._look.metrics.px(170)
        directions = QBoxLayout.Direction
        self._box.setDirection(directions.LeftToRight if beside else directions.TopToBottom)
        self._controls.setAlignment(Qt.AlignmentFlag.AlignRight if beside else Qt.AlignmentFlag.AlignLeft)


class SettingsCard(Card):
    """A titled card of rows with hairlines between them."""

    def __init__(self, look: Look, title: str) -> None:
        super().__init__(look, title)
        self._look = look

    def add(self, row: QWidget) -> None:
        if self.body.count():
            self.body.addWidget(Line(self._look))
        self.body.addWidget(row)


class Page(QScrollArea):
    """One page: its cards side by side where there is room, else below each other. It scrolls."""

    def __init__(self, host: Host) -> None:
        super().__init__()
        self.host, self.look, self.say = host, host.look, host.tools.texts.say
        px = self.look.metrics.px
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        inside = QWidget()
        self._box = QBoxLayout(QBoxLayout.Direction.LeftToRight, inside)
        self._box.setContentsMargins(px(16), px(12), px(16), px(12))
        self._box.setSpacing(px(12))
        self._cards: list[QWidget] = []
        self.setWidget(inside)
        self.build()
        if len(self._cards) == 1:
            self._cards[0].setMaximumWidth(px(900))
            self._box.addStretch(0)

    def build(self) -> None:
        """Makes the cards."""
        raise NotImplementedError

    def card(self, title: str) -> SettingsCard:
        made = SettingsCard(self.look, title)
        self._box.addWidget(made, 1, Qt.AlignmentFlag.AlignTop)
        self._cards.append(made)
        return made

    def renew(self) -> None:
        """What it shows may be another now: asked each time the page is shown."""

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        directions = QBoxLayout.Direction
        beside = self.look.metrics.breadth(self.width()) >= 860
        self._box.setDirection(directions.LeftToRight if beside else directions.TopToBottom)


def clear(card: SettingsCard, keep: int = 0) -> None:
    """Takes the rows of a card away, all but the first `keep` widgets."""
    while card.body.count() > keep:
        item = card.body.takeAt(keep)
        widget = item.widget() if item is not None else None
        if widget is not None:
            widget.hide()
            widget.deleteLater()
