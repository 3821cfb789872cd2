"""区里退回 on Today: the reports that the office sent back, and what leads to correcting them."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from safetyapp.ui.buttons import Button
from safetyapp.ui.metrics import Style
from safetyapp.ui.rows_card import RowsCard
from safetyapp.ui.words import Label

if TYPE_CHECKING:
    from safetyapp.texts import Texts
    from safetyapp.ui.look import Look
    from safetyapp.ui.today_dates import ReturnedRow

SHOWN = 2


class ReturnedCard(RowsCard):
    """`correct(address of the report)` on 去修改."""

    correct = Signal(str)

    def __init__(self, look: Look, texts: Texts) -> None:
        super().__init__(look, texts, "duty.returned.title", "arrow-left", SHOWN, "duty.returned.more")

    def show_rows(self, rows: tuple[ReturnedRow, ...]) -> None:
        self.setVisible(bool(rows))
        self.facts.setText(self.say("duty.returned.facts", n=len(rows)))
        self.fill([partial(self._row, row) for row in rows])

    def _row(self, shown: ReturnedRow) -> QWidget:
        px, say = self.look.metrics.px, self.say
        box = QWidget()
        row = QHBoxLayout(box)
        row.setContentsMargins(px(16), px(6), px(12), px(6))
        row.setSpacing(px(10))
        words = QVBoxLayout()
        words.setSpacing(px(1))
        title = Label(self.look, shown.title, Style.COMPACT_STRONG, elide=Qt.TextElideMode.ElideMiddle)
        title.setToolTip(shown.title)
        words.addWidget(title)
        facts = Label(self.look, shown.facts, Style.SMALL, "ink2")
        facts.setToolTip(shown.facts)
        words.addWidget(facts)
        row.addLayout(words, 1)
        go = Button(self.look, say("duty.returned.go"))
        report = shown.report
        go.setAccessibleName(say("duty.returned.name", school=report.school, title=report.title, facts=shown.facts))
        go.clicked.connect(lambda: self.correct.emit(report.sha256))
        row.addWidget(go, 0, Qt.AlignmentFlag.AlignVCenter)
        return box
