"""区里退回 on Today: the reports that the office sent back, and what leads to correcting them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from safetyapp.ui.buttons import Button, Kind
from safetyapp.ui.drafts_card import buttons_in, empty_layout
from safetyapp.ui.metrics import Style
from safetyapp.ui.surfaces import Card, Line
from safetyapp.ui.words import Label

if TYPE_CHECKING:
    from safetyapp.texts import Texts
    from safetyapp.ui.look import Look
    from safetyapp.ui.today_dates import ReturnedRow

SHOWN = 2


class ReturnedCard(Card):
    """`correct(address of the report)` on 去修改; `changed` when its buttons are others."""

    correct = Signal(str)
    changed = Signal()

    def __init__(self, look: Look, texts: Texts) -> None:
        super().__init__(look, texts.say("duty.returned.title"), icon="arrow-left")
        self._look, self._say = look, texts.say
        self._all = False
        self._shown: tuple[ReturnedRow, ...] = ()
        self._rows = QVBoxLayout()
        self._rows.setSpacing(0)
        self.body.addLayout(self._rows)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)

    def show_rows(self, rows: tuple[ReturnedRow, ...]) -> None:
        self._shown = rows
        self.setVisible(bool(rows))
        empty_layout(self._rows)
        self.facts.setText(self._say("duty.returned.facts", n=len(rows)))
        shown = rows if self._all else rows[:SHOWN]
        for number, row in enumerate(shown):
            if number:
                self._rows.addWidget(Line(self._look))
            self._rows.addWidget(self._row(row))
        hidden = len(rows) - len(shown)
        if hidden:
            more = Button(self._look, self._say("duty.returned.more", n=hidden), kind=Kind.LINK)
            more.clicked.connect(self._on_more)
            self._rows.addWidget(more, 0, Qt.AlignmentFlag.AlignHCenter)
        self.changed.emit()

    def buttons(self) -> list[Button]:
        """From above."""
        return buttons_in(self._rows)

    def _row(self, shown: ReturnedRow) -> QWidget:
        px, say = self._look.metrics.px, self._say
        box = QWidget()
        row = QHBoxLayout(box)
        row.setContentsMargins(px(16), px(6), px(12), px(6))
        row.setSpacing(px(10))
        words = QVBoxLayout()
        words.setSpacing(px(1))
        title = Label(self._look, shown.title, Style.COMPACT_STRONG, elide=Qt.TextElideMode.ElideMiddle)
        title.setToolTip(shown.title)
        words.addWidget(title)
        facts = Label(self._look, shown.facts, Style.SMALL, "ink2")
        facts.setToolTip(shown.facts)
        words.addWidget(facts)
        row.addLayout(words, 1)
        go = Button(self._look, say("duty.returned.go"))
        report = shown.report
        go.setAccessibleName(say("duty.returned.name", school=report.school, title=report.title, facts=shown.facts))
        go.clicked.connect(lambda: self.correct.emit(report.sha256))
        row.addWidget(go, 0, Qt.AlignmentFlag.AlignVCenter)
        return box

    def _on_more(self) -> None:
        self._all = True
        self.show_rows(self._shown)
