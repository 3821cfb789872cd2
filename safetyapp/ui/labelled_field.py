"""How fields stand in an editor: a small label over each, two side by side where there is room."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QVBoxLayout, QWidget

from safetyapp.ui.look import Look
from safetyapp.ui.metrics import Style
from safetyapp.ui.parts import Label


class Pair(QWidget):
    """Two parts side by side, or under each other when it is narrow."""

    def __init__(self, look: Look, left: QWidget, right: QWidget) -> None:
        super().__init__()
        self._box = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(look.metrics.px(14))
        self._gap = (look.metrics.px(14), look.metrics.px(6))
        self._box.addWidget(left, 1)
        self._box.addWidget(right, 1)

    def renew_layout(self) -> None:
        """Its height after a change of direction or content, now and not with the next event."""
        self._box.invalidate()
        self._box.activate()

    def set_beside(self, beside: bool) -> None:
        directions = QBoxLayout.Direction
        self._box.setDirection(directions.LeftToRight if beside else directions.TopToBottom)
        self._box.setSpacing(self._gap[0] if beside else self._gap[1])


class Field(QWidget):
    """A small label over a control; `at_right` stands at the end of the label's line."""

    def __init__(self, look: Look, label: str, control: QWidget, at_right: QWidget | None = None) -> None:
        super().__init__()
        px = look.metrics.px
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px(3))
        top = QHBoxLayout()
        top.setSpacing(px(8))
        self.label = Label(look, label, Style.SMALL, "ink2", elide=Qt.TextElideMode.ElideNone)
        self.extra = Label(look, "", Style.SMALL, "ink3")
        top.addWidget(self.label)
        top.addWidget(self.extra, 1)
        if at_right is not None:
            top.addWidget(at_right)
        holder = QWidget()
        holder.setLayout(top)
        top.setContentsMargins(0, 0, 0, 0)
        holder.setFixedHeight(px(18))
        column.addWidget(holder)
        column.addWidget(control)
