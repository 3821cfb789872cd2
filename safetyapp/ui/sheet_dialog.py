"""Small dialogs of our own: a frame with a title, a body and verb buttons, and a list of what was said about files."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QFrame, QHBoxLayout, QPlainTextEdit, QScrollArea, QVBoxLayout, QWidget

from safetyapp.texts import Texts
from safetyapp.ui.look import Look
from safetyapp.ui.metrics import Style
from safetyapp.ui.parts import Button, FocusRing, Kind, Label, Line

MOST_ROWS = 40
"""Of a list in which each row has labels of its own."""


class SheetDialog(QDialog):
    """A titled dialog: `body` takes the content, `foot` the buttons (right-aligned). Esc closes it, harmlessly."""

    def __init__(self, look: Look, title: str, parent: QWidget | None, width: int = 560) -> None:
        super().__init__(parent)
        px = look.metrics.px
        self.look = look
        self.setWindowTitle(title)
        self.setProperty("surface", "1")
        outer = QVBoxLayout(self)
        outer.setContentsMargins(px(20), px(16), px(20), px(16))
        outer.setSpacing(px(12))
        outer.addWidget(Label(look, title, Style.H2, wrap=True))
        self.body = QVBoxLayout()
        self.body.setSpacing(px(8))
        outer.addLayout(self.body, 1)
        self.foot = QHBoxLayout()
        self.foot.setSpacing(px(8))
        self.foot.addStretch(1)
        outer.addLayout(self.foot)
        room = parent.window().width() - px(40) if parent else px(width)
        self.setMinimumWidth(min(px(width), max(px(320), room)))
        self.ring = FocusRing(look, self)

    def fit(self, width: int, height: int) -> None:
        """The size at 100 %, as far as the screen has room."""
        px, room = self.look.metrics.px, self.screen().availableGeometry()
        self.resize(min(px(width), room.width() - px(16)), min(px(height), room.height() - px(24)))

    def add_button(self, text: str, kind: Kind = Kind.NORMAL) -> Button:
        """A verb button at the right of the foot."""
        button = Button(self.look, text, kind=kind)
        self.foot.addWidget(button)
        return button


class ListDialog(SheetDialog):
    """What was said about each of several files: name and sentence."""

    def __init__(
        self,
        look: Look,
        texts: Texts,
        title: str,
        remark: str,
        rows: Sequence[tuple[str, str]],
        parent: QWidget | None,
    ) -> None:
        super().__init__(look, title, parent)
        self.rows = tuple(rows)
        if remark:
            self.body.addWidget(Label(look, remark, Style.COMPACT, "ink2", wrap=True))
        self.body.addWidget(rows_area(look, rows, title) if len(rows) <= MOST_ROWS else rows_text(rows, title), 1)
        close = self.add_button(texts.say("window.close"), Kind.PRIMARY)
        close.clicked.connect(self.accept)
        close.setFocus()
        self.fit(560, min(520, 170 + 50 * len(rows)))


Group = tuple[str, Sequence[tuple[str, str]]]
"""A heading, empty for none, and the two-line rows below it."""


def rows_area(look: Look, rows: Sequence[tuple[str, str]], name: str) -> QScrollArea:
    """A scrolling list of two-line rows, for a few dozen of them."""
    return groups_area(look, [("", rows)], name)


def rows_text(rows: Sequence[tuple[str, str]], name: str) -> QPlainTextEdit:
    """The same for hundreds of them, as one text: a label for each would hold the window up."""
    text = QPlainTextEdit("\n".join(f"{first}\n{second}\n" if second else first for first, second in rows))
    text.setReadOnly(True)
    text.setFrameShape(QFrame.Shape.NoFrame)
    text.setAccessibleName(name)
    return text


def groups_area(look: Look, groups: Sequence[Group], name: str) -> QScrollArea:
    """A scrolling list of groups of two-line rows."""
    px = look.metrics.px
    inside = QWidget()
    inside.setProperty("surface", "1")
    inside.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
    column = QVBoxLayout(inside)
    column.setContentsMargins(0, 0, px(8), 0)
    column.setSpacing(0)
    for number, (heading, rows) in enumerate(groups):
        if heading:
            column.addSpacing(px(14 if number else 0))
            column.addWidget(Label(look, heading, Style.STRONG, wrap=True))
        for first, second in rows:
            column.addSpacing(px(6))
            column.addWidget(Label(look, first, Style.COMPACT_STRONG if second else Style.COMPACT, wrap=True))
            if second:
                column.addWidget(Label(look, second, Style.COMPACT, "ink2", wrap=True))
            column.addSpacing(px(6))
            column.addWidget(Line(look))
    column.addStretch(1)
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setAccessibleName(name)
    area.setWidget(inside)
    return area
