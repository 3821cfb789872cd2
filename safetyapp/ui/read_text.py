"""A text to read: headings with two-line rows below them, scrolled, selected and copied; for hundreds of rows."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QTextEdit, QWidget

from safetyapp.ui.look import Look
from safetyapp.ui.metrics import Style
from safetyapp.ui.sheet_dialog import Group


class ReadText(QTextEdit):
    """One text instead of a label for every row: quick with hundreds, and the keys of any text move in it."""

    has_focus_ring = False

    def __init__(self, look: Look, groups: Sequence[Group], name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self.groups = tuple(groups)
        self.setReadOnly(True)
        self.setTabChangesFocus(True)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFrameShape(QTextEdit.Shape.NoFrame)
        self.setAccessibleName(name)
        self.setFont(look.font(Style.COMPACT))
        self.document().setDocumentMargin(look.metrics.px(8))
        self.setMinimumHeight(look.metrics.px(90))
        self._write()
        look.theme_changed.connect(self._write)

    def plain(self) -> str:
        """All of it, one row a line, as it is copied."""
        lines: list[str] = []
        for heading, rows in self.groups:
            lines += [heading] if heading else []
            lines += ["\t".join(part for part in row if part) for row in rows]
        return "\n".join(lines)

    def _write(self) -> None:
        bar = self.verticalScrollBar().value()
        self.setHtml("".join(self._group(n, group) for n, group in enumerate(self.groups)))
        self.verticalScrollBar().setValue(bar)

    def _group(self, number: int, group: Group) -> str:
        look, px = self._look, self._look.metrics.px
        heading, rows = group
        size = look.metrics.text(Style.BODY)
        top = px(12) if number else 0
        parts = []
        if heading:
            style = f"margin-top:{top}px;margin-bottom:{px(4)}px;font-size:{size}px;font-weight:600"
            parts.append(f'<p style="{style};color:{look.theme.ink}">{_html(heading)}</p>')
        for first, second in rows:
            weight = 600 if second else 400
            parts.append(
                f'<p style="margin-top:{px(4)}px;margin-bottom:0;font-weight:{weight};color:{look.theme.ink}">'
                f"{_html(first)}</p>"
            )
            if second:
                below = f"margin-top:0;margin-bottom:{px(2)}px;margin-left:{px(12)}px;color:{look.theme.ink2}"
                parts.append(f'<p style="{below}">{_html(second)}</p>')
        return "".join(parts)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter and Esc are the dialog's; the arrows scroll, also where no cursor is seen."""
        bar = self.verticalScrollBar()
        step = {Qt.Key.Key_Down: bar.singleStep(), Qt.Key.Key_Up: -bar.singleStep()}.get(Qt.Key(event.key()))
        if step is not None and event.modifiers() == Qt.KeyboardModifier.NoModifier:
            bar.setValue(bar.value() + step)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Escape):
            event.ignore()
        else:
            super().keyPressEvent(event)


def _html(text: str) -> str:
    return escape(text).replace("\n", "<br>")
