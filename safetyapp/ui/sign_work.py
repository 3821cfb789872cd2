"""The sheet of Sign: at its left what was found, at its right who signs, what they say and the card that finalises."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QBoxLayout, QScrollArea, QVBoxLayout, QWidget

from safetyapp.domain.gaps import Gap
from safetyapp.ui.look import Look
from safetyapp.ui.sign_finalise import FinaliseCard
from safetyapp.ui.sign_opinions import OpinionCard
from safetyapp.ui.sign_pad import InkBox, Way
from safetyapp.ui.sign_people import EscortCard, InspectorCard
from safetyapp.ui.sign_review import BlockedCard, GapsCard, TotalsCard
from safetyapp.ui.tools import Tools
from safetyapp.workflow.opened import Open

UNBOUND = 16777215
"""QWIDGETSIZE_MAX: no limit."""


class SignWork(QScrollArea):
    """Holds what one signs with, and knows what of it is still missing. While something blocks there is nothing to
    sign with, only the way to it."""

    item_wanted = Signal(str)
    changed = Signal()
    """A signature, a name or the passphrase was written or taken away."""

    def __init__(self, tools: Tools, look: Look, opened: Open, blocking: Sequence[Gap]) -> None:
        super().__init__()
        self._tools, self._look = tools, look
        self._say = tools.texts.say
        px = look.metrics.px
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        inside = QWidget()
        self._columns = QBoxLayout(QBoxLayout.Direction.LeftToRight, inside)
        self._columns.setContentsMargins(px(16), px(12), px(16), px(12))
        self._columns.setSpacing(px(12))
        self._columns.addWidget(self._build_left(opened))
        self._columns.addWidget(self._build_right(opened, blocking), 1)
        self.setWidget(inside)
        for changed in (self.escort.name.textEdited, self.final.key.field.textEdited, self.escort.box.changed):
            changed.connect(lambda *_: self.changed.emit())
        self.inspectors.signed.connect(self.changed)

    def _build_left(self, opened: Open) -> QWidget:
        look, texts = self._look, self._tools.texts
        self._left = QWidget()
        left = QVBoxLayout(self._left)
        left.setContentsMargins(0, 0, 0, 0)
        left.setSpacing(look.metrics.px(12))
        totals = TotalsCard(look, texts, opened)
        totals.item_wanted.connect(self.item_wanted)
        self.gaps = GapsCard(look, texts, opened)
        self.gaps.item_wanted.connect(self.item_wanted)
        left.addWidget(totals)
        left.addWidget(self.gaps, 1)
        return self._left

    def _build_right(self, opened: Open, blocking: Sequence[Gap]) -> QWidget:
        look, texts, px, inspection = self._look, self._tools.texts, self._look.metrics.px, opened.inspection
        whole = QWidget()
        right = QVBoxLayout(whole)
        right.setContentsMargins(0, 0, 0, 0)
        right.setSpacing(px(12))
        self.blocked: BlockedCard | None = None
        if blocking:
            self.blocked = BlockedCard(look, texts, blocking)
            self.blocked.item_wanted.connect(self.item_wanted)
            right.addWidget(self.blocked)
        self._pads = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._pads.setSpacing(px(12))
        self.inspectors = InspectorCard(look, self._tools, inspection.inspector.name, inspection.companions)
        self.escort = EscortCard(look, self._tools, inspection.escort)
        self._pads.addWidget(self.inspectors, 1)
        self._pads.addWidget(self.escort, 1)
        right.addLayout(self._pads, 3)
        self._opinions = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._opinions.setSpacing(px(12))
        self.own_opinion = OpinionCard(look, texts, "own_opinion", inspection.opinion)
        self.opinion = OpinionCard(look, texts, "opinion", inspection.school_opinion)
        self._opinions.addWidget(self.own_opinion, 1)
        self._opinions.addWidget(self.opinion, 1)
        right.addLayout(self._opinions)
        self.final = FinaliseCard(look, texts, inspection.inspector.name)
        right.addWidget(self.final, 2)
        self._signing: tuple[QWidget, ...] = (self.inspectors, self.escort, self.own_opinion, self.opinion)
        for part in (*self._signing, self.final):
            part.setVisible(not blocking)
        if blocking:
            right.addStretch(5)
        return whole

    def boxes(self) -> list[InkBox]:
        """Where there is to be signed."""
        return [*self.inspectors.boxes, self.escort.box]

    def opinions(self) -> dict[str, str]:
        """What stands in the opinions, by their names in the draft."""
        cards = {"opinion": self.own_opinion, "school_opinion": self.opinion}
        return {name: card.field.toPlainText().strip() for name, card in cards.items()}

    def first_stop(self) -> QWidget:
        """Where the keys go first."""
        return self.blocked.to_first if self.blocked is not None else self.inspectors.boxes[0].pad

    def missing(self) -> tuple[QWidget, str] | None:
        """What keeps from signing, and where it stands."""
        for box in self.inspectors.boxes:
            if not box.is_ready():
                return box.pad, self._say("sign.pad.missing_ink", who=box.who)
        box, name = self.escort.box, self.escort.name
        if box.way is not Way.PAPER and not name.text().strip():
            return name, self._say("sign.pad.missing_name")
        if box.way is Way.REFUSED and not box.is_ready():
            return (box.witness if box.reason.text().strip() else box.reason), self._say("sign.pad.missing_reason")
        if not box.is_ready():
            return box.pad, self._say("sign.pad.missing_ink", who=name.text().strip())
        if not self.final.key.field.text():
            return self.final.key.field, self.final.key.words("empty")
        return None

    def lead_to(self, part: QWidget) -> None:
        """Shows what is missing and puts the keys there."""
        for box in self.inspectors.boxes:
            if part is box.pad:
                self.inspectors.show_person(box)
        part.setFocus(Qt.FocusReason.OtherFocusReason)
        self.ensureWidgetVisible(part)

    def set_busy(self, busy: bool) -> None:
        """While it is made final nothing on the sheet can be changed."""
        for part in (*self._signing, self._left):
            part.setEnabled(not busy)
        self.final.set_busy(busy)

    def fold(self, breadth: float) -> None:
        """Left and right beside each other, or one under the other; so the pads and the opinions."""
        px, directions = self._look.metrics.px, QBoxLayout.Direction
        beside = breadth >= 1024
        self._columns.setDirection(directions.LeftToRight if beside else directions.TopToBottom)
        for pair in (self._pads, self._opinions):
            pair.setDirection(directions.LeftToRight if breadth >= 760 else directions.TopToBottom)
        width = px(368 if breadth >= 1300 else 300) if beside else UNBOUND
        self._left.setMaximumWidth(width)
        self._left.setMinimumWidth(width if beside else 0)
        self.gaps.setMaximumHeight(UNBOUND if beside else px(240))
