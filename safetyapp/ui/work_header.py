"""The head of a work that has the window to itself: the way back, what it is about, and what the work adds."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from safetyapp.ui.look import Look
from safetyapp.ui.metrics import Style
from safetyapp.ui.parts import Button, Kind, Label
from safetyapp.ui.surfaces import paint_bar


class WorkHeader(QWidget):
    """`back`, two lines (`title`, `facts`), and what is added to `row` at the right. 48 px, or 52 as the heads of
    screens are; `gap`, in px at 100 %, parts the words from `back`; `cut` says where a title too long is cut."""

    def __init__(
        self,
        look: Look,
        back: str,
        title: str = "",
        facts: str = "",
        *,
        is_tall: bool = False,
        gap: int = 6,
        cut: Qt.TextElideMode = Qt.TextElideMode.ElideRight,
    ) -> None:
        super().__init__()
        self._look = look
        px = look.metrics.px
        self.setFixedHeight(look.metrics.header if is_tall else look.metrics.work_header)
        self.row = QHBoxLayout(self)
        self.row.setContentsMargins(px(12), 0, px(16 if is_tall else 12), 1)
        self.row.setSpacing(px(10))
        self.back = Button(look, back, icon="arrow-left", kind=Kind.ICON)
        self.title = Label(look, title, Style.STRONG, elide=cut)
        self.facts = Label(look, facts, Style.SMALL, "ink2")
        names = QVBoxLayout()
        names.setSpacing(0)
        names.addStretch(1)
        names.addWidget(self.title)
        names.addWidget(self.facts)
        names.addStretch(1)
        self.row.addWidget(self.back)
        if gap:
            self.row.addSpacing(px(gap))
        self.row.addLayout(names, 1)
        look.theme_changed.connect(self.update)

    def paintEvent(self, event: QPaintEvent) -> None:
        paint_bar(self, self._look, "bg_surface")
