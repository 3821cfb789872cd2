"""同一份检查有两份报告: said on Today as long as both are here, with the one that counts."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from safetyapp.domain.document import DocumentRow
from safetyapp.texts import Texts
from safetyapp.ui.buttons import Button, Kind
from safetyapp.ui.dates import month_day
from safetyapp.ui.look import Look
from safetyapp.ui.metrics import Style
from safetyapp.ui.surfaces import Card, Line
from safetyapp.ui.words import Label

SHOWN = 3
"""How many are told one by one."""


class RivalsCard(Card):
    """Each inspection that two people reported: who signed when, and which report counts."""

    opened = Signal(str)

    def __init__(self, look: Look, texts: Texts, rivals: Sequence[Sequence[DocumentRow]]) -> None:
        super().__init__(look, texts.say("handover.rivals.title"), icon="info-circle")
        self._look, self._texts, self._say = look, texts, texts.say
        self.buttons: list[Button] = []
        self.said: list[str] = []
        px = look.metrics.px
        for number, rows in enumerate(rivals[:SHOWN]):
            if number:
                self.body.addWidget(Line(look))
            self.body.addLayout(self._line(rows))
        foot = QHBoxLayout()
        foot.setContentsMargins(px(16), 0, px(12), px(10))
        foot.addWidget(Label(look, self._say("handover.rivals.why"), Style.SMALL, "ink2", wrap=True))
        self.body.addLayout(foot)

    def _line(self, rows: Sequence[DocumentRow]) -> QHBoxLayout:
        px, say, first = self._look.metrics.px, self._say, rows[0]
        line = QHBoxLayout()
        line.setContentsMargins(px(16), px(6), px(12), px(6))
        line.setSpacing(px(10))
        words = QVBoxLayout()
        words.setSpacing(0)
        facts = {"school": first.school, "title": first.title}
        day = month_day(self._texts, first.inspected_on)
        words.addWidget(Label(self._look, say("handover.rivals.line", day=day, **facts), Style.COMPACT, wrap=True))
        for number, row in enumerate(rows):
            time = f"{month_day(self._texts, row.made_at.date())} {row.made_at:%H:%M}"
            told = say(f"handover.rivals.{'other' if number else 'counts'}", author=row.author, time=time)
            self.said.append(told)
            words.addWidget(Label(self._look, told, Style.SMALL, "ink2", wrap=True))
        line.addLayout(words, 1)
        look = Button(self._look, say("handover.rivals.look"), kind=Kind.LINK, height=32)
        look.setAccessibleName(say("handover.rivals.look_name", **facts))
        look.clicked.connect(lambda: self.opened.emit(first.sha256))
        line.addWidget(look, 0, Qt.AlignmentFlag.AlignTop)
        self.buttons.append(look)
        return line
