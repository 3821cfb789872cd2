"""A key map to look at: found by a word, copied, printed."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from safetyapp.texts import Texts
from safetyapp.ui.key_maps import described
from safetyapp.ui.look import Look
from safetyapp.ui.metrics import Style
from safetyapp.ui.parts import KeyCap, Label, SearchField


class KeyList(QWidget):
    """The maps of some screens below a search field; the keys that work everywhere stand last, once."""

    def __init__(self, look: Look, texts: Texts, screens: Sequence[str]) -> None:
        super().__init__()
        self._look, self._texts = look, texts
        px = look.metrics.px
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px(8))
        self.search = SearchField(look, texts.say("keys.search"))
        self.search.textChanged.connect(self._filter)
        column.addWidget(self.search)
        inside = QWidget()
        inside.setProperty("surface", "1")
        inside.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._column = QVBoxLayout(inside)
        self._column.setContentsMargins(0, 0, px(8), 0)
        self._column.setSpacing(px(4))
        self.rows: list[tuple[str, QWidget, int]] = []
        """What can be found in each, the row, and the number of its heading."""
        self._headings: list[QWidget] = []
        for number, screen in enumerate(screens):
            own, rest = described(texts, screen)
            self._add_group(*own)
            if number == len(screens) - 1:
                self._add_group(*rest)
        self.none = Label(look, texts.say("keys.none"), Style.BODY, "ink2")
        self.none.hide()
        self._column.addWidget(self.none)
        self._column.addStretch(1)
        self._area = QScrollArea()
        self._area.setWidgetResizable(True)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setAccessibleName(texts.say("keys.title"))
        self._area.setWidget(inside)
        column.addWidget(self._area, 1)

    def _add_group(self, heading: str, rows: Sequence[tuple[str, str]]) -> None:
        label = Label(self._look, heading, Style.SMALL_STRONG, "ink2")
        self._column.addWidget(label)
        self._headings.append(label)
        for keys, what in rows:
            row = _KeyRow(self._look, keys, what)
            self._column.addWidget(row)
            self.rows.append((f"{keys} {what}".lower().replace("  ", " "), row, len(self._headings) - 1))

    def _filter(self, text: str) -> None:
        words = text.lower().replace("+", " ").split()
        shown = set()
        for found, row, heading in self.rows:
            fits = all(word in found for word in words)
            row.setVisible(fits)
            if fits:
                shown.add(heading)
        for number, label in enumerate(self._headings):
            label.setVisible(number in shown)
        self.none.setVisible(not shown)


class _KeyRow(QWidget):
    """Caps at the left, what they do at the right."""

    def __init__(self, look: Look, keys: str, what: str) -> None:
        super().__init__()
        px = look.metrics.px
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(px(8))
        caps = QWidget()
        inner = QHBoxLayout(caps)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(px(4))
        for key in keys.split("  "):
            inner.addWidget(KeyCap(look, key))
        inner.addStretch(1)
        caps.setMinimumWidth(px(150))
        row.addWidget(caps)
        row.addWidget(Label(look, what, Style.BODY, wrap=True), 1)


def copy_text(text: str) -> None:
    QGuiApplication.clipboard().setText(text)


def print_text(parent: QWidget, title: str, text: str) -> bool:
    """Asks for a printer and prints plain text; False when the person changed their mind or there is none."""
    from PySide6.QtGui import QTextDocument
    from PySide6.QtPrintSupport import QPrintDialog, QPrinter, QPrinterInfo

    if not QPrinterInfo.availablePrinterNames():
        return False
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setDocName(title)
    dialog = QPrintDialog(printer, parent)
    dialog.setWindowTitle(title)
    try:
        if dialog.exec() != QPrintDialog.DialogCode.Accepted:
            return False
    finally:
        dialog.deleteLater()
    document = QTextDocument()
    document.setPlainText(text)
    document.print_(printer)
    return True
