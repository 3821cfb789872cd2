"""What the panel of Documents says of printing: how often, when last, and the last few times line by line."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from safetyapp.domain.print_job import PrintLogEntry
from safetyapp.texts import Texts
from safetyapp.ui.look import Look
from safetyapp.ui.metrics import Style
from safetyapp.ui.parts import Button, Kind, Label
from safetyapp.ui.print_words import log_line, log_summary

SHOWN = 6


class PrintLogBlock(QWidget):
    """Hidden while the document was never printed. A job that is still known can be printed again from some page."""

    again_wanted = Signal()

    def __init__(self, look: Look, texts: Texts) -> None:
        super().__init__()
        self._texts = texts
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, look.metrics.px(8))
        column.setSpacing(look.metrics.px(4))
        self.summary = Label(look, "", Style.COMPACT_STRONG, wrap=True)
        column.addWidget(self.summary)
        self.lines = [Label(look, "", Style.SMALL, "ink2", wrap=True) for _ in range(SHOWN)]
        for line in self.lines:
            column.addWidget(line)
        self.again = Button(look, texts.say("print.again_from"), kind=Kind.LINK, icon="printer", height=28)
        self.again.clicked.connect(self.again_wanted)
        row = QHBoxLayout()
        row.addWidget(self.again)
        row.addStretch(1)
        column.addLayout(row)
        self.hide()

    def show_entries(self, entries: tuple[PrintLogEntry, ...], known: str = "") -> None:
        """Newest first; `known` is the job that can be printed again."""
        self.again.setVisible(bool(entries) and entries[0].job == known)
        self.summary.setText(log_summary(self._texts, entries))
        for line, label in enumerate(self.lines):
            there = line < len(entries)
            label.setVisible(there)
            label.setText(log_line(self._texts, entries[line]) if there else "")
        self.setVisible(bool(entries))
        self.setAccessibleName(self.summary.text())
