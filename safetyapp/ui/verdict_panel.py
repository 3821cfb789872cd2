"""What verifying a document says, and what is known of it: verdict, signer, time, certificate, coverage, state."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QGridLayout, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from safetyapp.domain.document import DocumentRow
from safetyapp.domain.verdict import Verdict, VerdictKind
from safetyapp.texts import Texts
from safetyapp.ui.chain_block import ChainBlock
from safetyapp.ui.dates import date_time
from safetyapp.ui.look import Look
from safetyapp.ui.metrics import Style
from safetyapp.ui.parts import Button, IconLabel, Kind, Label, Line, announce
from safetyapp.ui.print_log_block import PrintLogBlock
from safetyapp.ui.state_block import StateBlock

if TYPE_CHECKING:
    from safetyapp.ui.details_dialog import DetailsDialog

NARROWEST = 268
"""px of the panel beside the pages where there is least room."""
_TONES = {
    VerdictKind.VALID: ("brand_tint", "brand", "shield-check"),
    VerdictKind.UNKNOWN_SIGNER: ("bg_sunken", "ink", "shield-question"),
    VerdictKind.UNSIGNED: ("bg_sunken", "ink", "shield-question"),
    VerdictKind.ALTERED: ("trouble", "on_trouble", "shield-x"),
    VerdictKind.REVOKED: ("trouble", "on_trouble", "shield-x"),
    VerdictKind.UNREADABLE: ("trouble", "on_trouble", "shield-x"),
}
"""(ground, ink, icon). Colour never decides alone: the title names the fact."""
_CHECKING = ("bg_sunken", "ink2", "shield-check")
_APPENDED = ("appended", "appended-record", "appended-pages", "appended-signature")
_TITLED = (
    "revocations-broken", "expired-at-signing", "signed-before-certificate", "role-may-not-sign", *_APPENDED,
)  # fmt: skip
"""Reasons with a title of their own: that of their kind would say something else."""


class VerdictBlock(QWidget):
    """The verdict in one coloured block: title, and the sentence that explains it."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self._ground = _CHECKING[0]
        px = look.metrics.px
        row = QHBoxLayout(self)
        row.setContentsMargins(px(14), px(12), px(14), px(12))
        row.setSpacing(px(8))
        self._icon = IconLabel(look, _CHECKING[2], 20)
        row.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.setSpacing(px(2))
        self.title = Label(look, "", Style.STRONG, wrap=True)
        self.remark = Label(look, "", Style.SMALL, wrap=True)
        words.addWidget(self.title)
        words.addWidget(self.remark)
        row.addLayout(words, 1)
        look.theme_changed.connect(self.update)

    def say(self, tone: tuple[str, str, str], title: str, remark: str) -> None:
        self._ground, ink, icon = tone
        self._icon.set_icon(icon, ink)
        for label, text in ((self.title, title), (self.remark, remark)):
            label.set_colour(ink)
            label.setText(text)
        self.remark.setVisible(bool(remark))
        self.setAccessibleName(f"{title}。{remark}" if remark else title)
        self.update()
        announce(self)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._look.colour(self._ground))
        painter.end()


def say_verdict(block: VerdictBlock, texts: Texts, verdict: Verdict) -> None:
    """The verdict in its block: title, and the sentence that explains it."""
    remark = texts.say("documents_screen.verdict.offline")
    if not verdict.is_valid:
        with suppress(KeyError):
            remark = texts.say(f"verdict.{verdict.why}", **dict(verdict.facts))
    title = verdict.why if verdict.why in _TITLED else verdict.kind.value
    block.say(_TONES[verdict.kind], texts.say(f"documents_screen.verdict.{title}"), remark)


class VerdictPanel(QFrame):
    """The right column of Documents."""

    again_wanted = Signal()
    export_wanted = Signal()
    view_outside_wanted = Signal()
    copied = Signal(str)

    def __init__(self, look: Look, texts: Texts, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look, self._texts = look, texts
        self._say = texts.say
        px = look.metrics.px
        self.setProperty("surface", "1")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        self.block = VerdictBlock(look)
        outer.addWidget(self.block)
        outer.addWidget(Line(look))
        inside = QWidget()
        inside.setProperty("surface", "1")
        inside.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        column = QVBoxLayout(inside)
        column.setContentsMargins(px(14), px(12), px(14), px(16))
        column.setSpacing(px(6))
        self._signature = Facts(look)
        column.addWidget(self._signature)
        self.details = Button(look, self._say("documents_more.details.button"), kind=Kind.LINK, height=28)
        self.details.clicked.connect(self.show_details)
        self.again = Button(look, self._say("documents_screen.verdict.again"), kind=Kind.LINK, keys="V", height=28)
        self.again.clicked.connect(self.again_wanted)
        words = self.details.sizeHint().width() + px(10) + self.again.sizeHint().width()
        # English is longer than Chinese: then one stands below the other
        across = words <= px(NARROWEST - 2 * 14)
        links = QBoxLayout(QBoxLayout.Direction.LeftToRight if across else QBoxLayout.Direction.TopToBottom)
        links.setSpacing(px(10 if across else 0))
        for button in (self.details, self.again):
            links.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
        links.addStretch(1)
        column.addLayout(links)
        column.addSpacing(px(4))
        column.addWidget(Line(look))
        column.addSpacing(px(4))
        self.chain = ChainBlock(look, texts)
        column.addWidget(self.chain)
        column.addWidget(Line(look))
        column.addSpacing(px(4))
        self._outside = Button(
            look, self._say("documents_screen.view_outside"), kind=Kind.LINK, icon="external-link", height=28
        )
        self._outside.clicked.connect(self.view_outside_wanted)
        self.state = StateBlock(look, texts)
        self.state.export_wanted.connect(self.export_wanted)
        column.addWidget(self.state)
        column.addSpacing(px(4))
        column.addWidget(Line(look))
        column.addSpacing(px(4))
        self.prints = PrintLogBlock(look, texts)
        column.addWidget(self.prints)
        out = QHBoxLayout()
        out.addWidget(self._outside)
        out.addStretch(1)
        column.addLayout(out)
        column.addStretch(1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(inside)
        self._inside = inside
        outer.addWidget(area, 1)
        self._row: DocumentRow | None = None
        self.dialog: DetailsDialog | None = None
        self.verdict: Verdict | None = None
        self.show_nothing()

    def show_nothing(self) -> None:
        self._row = None
        self.verdict = None
        self.block.hide()
        self._inside.hide()

    def show_document(self, row: DocumentRow, verdict: Verdict | None) -> None:
        """What is known of the document; the verdict comes when there is one."""
        say = self._say
        self._row, self.verdict = row, verdict
        self.block.show()
        self._inside.show()
        if verdict is None:
            self.block.say(_CHECKING, say("documents_screen.verdict.checking"), "")
            self._signature.show_facts([(say("documents_screen.verdict.signer"), row.author)])
        else:
            self._say_verdict(verdict)
        self.state.show_state(row)
        self.again.setEnabled(verdict is not None)

    def _say_verdict(self, verdict: Verdict) -> None:
        say, texts = self._say, self._texts
        say_verdict(self.block, texts, verdict)
        facts = [(say("documents_screen.verdict.signer"), verdict.signer)]
        if verdict.signed_at is not None:
            clock = say("documents_screen.verdict.clock", time=date_time(texts, verdict.signed_at))
            facts.append((say("documents_screen.verdict.time"), clock))
        if verdict.held is not None:
            facts.append((say("documents_screen.verdict.certificate"), verdict.held.issuer))
        if verdict.is_valid:
            facts.append((say("documents_screen.verdict.coverage"), say("documents_screen.verdict.whole")))
        self._signature.show_facts([(name, value) for name, value in facts if value])

    def show_details(self) -> None:
        """看证书与指纹: issuer, serial number, validity, fingerprints, and what is known of the document."""
        if self._row is None or self.dialog is not None:
            return
        from safetyapp.ui.details_dialog import DetailsDialog

        self.dialog = DetailsDialog(self._look, self._texts, self._row, self.verdict, self.window())
        self.dialog.copied.connect(self.copied)
        self.dialog.finished.connect(self._on_details_closed)
        self.dialog.open()

    def _on_details_closed(self) -> None:
        if self.dialog is not None:
            self.dialog.deleteLater()
        self.dialog = None


class Facts(QWidget):
    """Names and values in two columns."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self._labels: list[tuple[Label, Label]] = []
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(look.metrics.px(10))
        self._grid.setVerticalSpacing(look.metrics.px(4))
        self._grid.setColumnStretch(1, 1)

    def show_facts(self, facts: Sequence[tuple[str, str]]) -> None:
        while len(self._labels) < len(facts):
            name = Label(self._look, "", Style.COMPACT, "ink2", elide=Qt.TextElideMode.ElideNone)
            value = Label(self._look, "", Style.COMPACT, wrap=True)
            line = len(self._labels)
            self._grid.addWidget(name, line, 0, Qt.AlignmentFlag.AlignTop)
            self._grid.addWidget(value, line, 1)
            self._labels.append((name, value))
        for line, (name, value) in enumerate(self._labels):
            there = line < len(facts)
            name.setVisible(there)
            value.setVisible(there)
            if there:
                name.setText(facts[line][0])
                value.setText(facts[line][1])
