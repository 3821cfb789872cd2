"""What the panel of Documents says of a document's way: how it stands and whose turn it is, and where copies lie."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from safetyapp.domain.document import DocumentRow, DocumentState
from safetyapp.domain.put_out import PutOut
from safetyapp.texts import Texts
from safetyapp.ui.dates import date_time
from safetyapp.ui.look import Look
from safetyapp.ui.metrics import Style
from safetyapp.ui.parts import Button, IconLabel, Label

SHOWN = 4
_ICONS = {DocumentState.WAITING: "cloud-off", DocumentState.IMPORTED: "file-import"}


class StateBlock(QWidget):
    """State and next step in words, the copies newest first, and 存到U盘."""

    export_wanted = Signal()

    def __init__(self, look: Look, texts: Texts) -> None:
        super().__init__()
        self._texts, self._say = texts, texts.say
        px = look.metrics.px
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px(4))
        row = QHBoxLayout()
        row.setSpacing(px(8))
        self._icon = IconLabel(look, "cloud-off", 20)
        row.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        self.state = Label(look, "", Style.COMPACT_STRONG, wrap=True)
        row.addWidget(self.state, 1)
        column.addLayout(row)
        self.next_step = Label(look, "", Style.SMALL, "ink2", wrap=True)
        column.addWidget(self.next_step)
        self.copies = [Label(look, "", Style.SMALL, "ink2", wrap=True) for _ in range(SHOWN)]
        for label in self.copies:
            column.addWidget(label)
        self.not_sent = Label(look, self._say("documents_more.out.not_sent"), Style.SMALL, "ink2", wrap=True)
        column.addWidget(self.not_sent)
        self.export = Button(look, self._say("window.export.button"), icon="usb", keys="Ctrl E")
        self.export.clicked.connect(self.export_wanted)
        out = QHBoxLayout()
        out.addWidget(self.export)
        out.addStretch(1)
        column.addSpacing(px(4))
        column.addLayout(out)
        self.show_copies(())

    def show_state(self, row: DocumentRow) -> None:
        self._icon.set_icon(_ICONS.get(row.state, "files"))
        self.state.setText(self._say(f"documents_screen.state.{row.state.value}"))
        self.next_step.setText(self._say(f"documents_more.next.{row.state.value}"))

    def show_copies(self, entries: tuple[PutOut, ...]) -> None:
        """Newest first."""
        for place, label in enumerate(self.copies):
            there = place < len(entries)
            label.setVisible(there)
            if there:
                at = date_time(self._texts, entries[place].at)[5:]
                label.setText(self._say("documents_more.out.log", at=at, place=entries[place].place))
                label.setToolTip(entries[place].path)
        self.not_sent.setVisible(bool(entries))
