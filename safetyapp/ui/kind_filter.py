"""Which kind of document a list shows: those that are wanted every day side by side, the others in a menu."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QMenu, QWidget

from safetyapp.domain.document import DocumentKind
from safetyapp.texts import Texts
from safetyapp.ui.look import Look
from safetyapp.ui.parts import Button, Option, Segment

DAILY = (DocumentKind.INSPECTION_REPORT, DocumentKind.RECTIFICATION_NOTICE)
OTHERS = tuple(kind for kind in DocumentKind if kind not in DAILY)
_ALL = "all"


class KindFilter(QWidget):
    """`chosen(kind)` when a person chooses: a DocumentKind, or None for all."""

    chosen = Signal(object)

    def __init__(self, look: Look, texts: Texts) -> None:
        super().__init__()
        self._say = texts.say
        self.kind: DocumentKind | None = None
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(look.metrics.px(4))
        options = [Option(_ALL, self._say("documents_screen.all"))]
        options += [Option(kind, self._say(f"documents_screen.kinds.{kind.value}")) for kind in DAILY]
        self.segment = Segment(look, options, _ALL, name=self._say("documents_screen.kinds.name"), height=28)
        self.segment.chosen.connect(lambda value: self._choose(None if value == _ALL else DocumentKind(value)))
        row.addWidget(self.segment)
        self.more = Button(look, self._say("documents_screen.kinds.more"), icon="chevron-down", height=28)
        self.more.clicked.connect(self._open)
        row.addWidget(self.more)
        row.addStretch(1)

    def show_kind(self, kind: DocumentKind | None) -> None:
        """Shows what is chosen, without the signal."""
        self.kind = kind
        self.segment.set_value(_ALL if kind is None else kind)
        self.more.set_words(self._say(f"documents_screen.kinds.{kind.value if kind in OTHERS else 'more'}"))

    def _choose(self, kind: DocumentKind | None) -> None:
        self.show_kind(kind)
        self.chosen.emit(kind)

    def menu(self) -> QMenu:
        """The other kinds, made anew for each opening."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for kind in OTHERS:
            act = QAction(self._say(f"documents_screen.kind.{kind.value}"), menu)
            act.setCheckable(True)
            act.setChecked(kind is self.kind)
            act.toggled.connect(partial(self._on_toggled, kind))
            menu.addAction(act)
        return menu

    def _on_toggled(self, kind: DocumentKind, checked: bool) -> None:
        self._choose(kind if checked else None)

    def _open(self) -> None:
        self.menu().popup(self.more.mapToGlobal(QPoint(0, self.more.height())))
