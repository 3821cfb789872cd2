"""接着填 on Today: the drafts with their mosaics; the newest is the screen's filled button."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from safetyapp.ui.buttons import Button, Kind
from safetyapp.ui.metrics import Style
from safetyapp.ui.mosaic import MosaicWidget
from safetyapp.ui.surfaces import Card, Line
from safetyapp.ui.words import Label

if TYPE_CHECKING:
    from collections.abc import Mapping

    from PySide6.QtCore import QPoint

    from safetyapp.domain.draft import DraftRow
    from safetyapp.texts import Texts
    from safetyapp.ui.look import Look

SHOWN = 3


class DraftsCard(Card):
    """`opened(draft id)` when a person goes on; `give_wanted` and `back_wanted` to hand it to a colleague and to take
    it back; `changed` when its buttons are others."""

    opened = Signal(str)
    give_wanted = Signal(str)
    back_wanted = Signal(str)
    changed = Signal()

    def __init__(self, look: Look, texts: Texts) -> None:
        super().__init__(look, texts.say("today.continue.title"), icon="pencil")
        self.look, self.say = look, texts.say
        self._drafts: tuple[DraftRow, ...] = ()
        self._names: Mapping[str, str] = {}
        self._all = False
        self._rows = QVBoxLayout()
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._rows.setSpacing(0)
        self.body.addLayout(self._rows)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)

    def show_drafts(self, drafts: tuple[DraftRow, ...], names: Mapping[str, str]) -> None:
        """`names` of schools by id, where the draft's own does not tell two apart. Those that are with a colleague come
        last."""
        drafts = (*(d for d in drafts if not d.given_to), *(d for d in drafts if d.given_to))
        self._drafts, self._names = drafts, names
        empty_layout(self._rows)
        self.facts.setText(self.say("today.continue.facts", n=len(drafts)) if drafts else "")
        shown = drafts if self._all else drafts[:SHOWN]
        for number, draft in enumerate(shown):
            if number:
                self._rows.addWidget(Line(self.look))
            self._rows.addWidget(self._row(draft, newest=number == 0))
        if not drafts:
            self._rows.addWidget(padded(self.look, self.say("today.continue.empty")))
        hidden = len(drafts) - len(shown)
        if hidden:
            more = Button(self.look, self.say("today.continue.more", n=hidden), kind=Kind.LINK)
            more.clicked.connect(self._on_more)
            self._rows.addWidget(more, 0, Qt.AlignmentFlag.AlignHCenter)
        self.changed.emit()

    def buttons(self) -> list[Button]:
        """From above."""
        return buttons_in(self._rows)

    def _row(self, draft: DraftRow, newest: bool) -> QWidget:
        px, say = self.look.metrics.px, self.say
        box = QWidget()
        row = QHBoxLayout(box)
        row.setContentsMargins(px(16), px(8), px(12), px(8))
        row.setSpacing(px(10))
        words = QVBoxLayout()
        words.setSpacing(px(5))
        line = QHBoxLayout()
        line.setSpacing(px(5))
        school = self._names.get(draft.school_id, draft.school)
        where = Label(self.look, school, Style.COMPACT_STRONG, elide=Qt.TextElideMode.ElideMiddle)
        where.setToolTip(school)
        line.addWidget(where)
        title = say("window.dot").lstrip() + draft.title
        line.addWidget(Label(self.look, title, Style.COMPACT_STRONG, elide=Qt.TextElideMode.ElideNone))
        line.addStretch(1)
        count = say("window.of", done=draft.answered, total=len(draft.marks))
        line.addWidget(Label(self.look, count, Style.SMALL, "ink2", elide=Qt.TextElideMode.ElideNone))
        words.addLayout(line)
        words.addWidget(MosaicWidget(self.look, draft.marks))
        if draft.given_to:
            from safetyapp.ui.today_drafts import add_given

            row.addLayout(words, 1)
            row.addWidget(add_given(self, words, draft), 0, Qt.AlignmentFlag.AlignVCenter)
            return box
        words.addStretch(1)
        row.addLayout(words, 1)
        go = Button(self.look, say("today.continue.go"), kind=Kind.PRIMARY if newest else Kind.NORMAL)
        facts = {"school": school, "title": draft.title, "answered": draft.answered, "total": len(draft.marks)}
        go.setAccessibleName(say("today.continue.name", **facts))
        go.clicked.connect(lambda: self.opened.emit(draft.id))
        go.setProperty("draft", draft.id)
        for part in (go, box):
            part.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
            part.customContextMenuRequested.connect(lambda at, part=part: self._offer(draft.id, part, at))
        row.addWidget(go, 0, Qt.AlignmentFlag.AlignVCenter)
        return box

    def _offer(self, draft: str, at: QWidget, place: QPoint) -> None:
        """What else can be done with a draft: the right button, or the menu key on 继续."""
        from safetyapp.ui.today_drafts import offer_menu

        offer_menu(self, draft, at, place)

    def _on_more(self) -> None:
        self._all = True
        self.show_drafts(self._drafts, self._names)


def padded(look: Look, text: str) -> QWidget:
    """A sentence in the body of a card."""
    px = look.metrics.px
    box = QWidget()
    column = QVBoxLayout(box)
    column.setContentsMargins(px(16), px(12), px(16), px(12))
    column.addWidget(Label(look, text, Style.COMPACT, "ink2", wrap=True))
    return box


def buttons_in(layout: QVBoxLayout) -> list[Button]:
    """The buttons in a layout and in its rows, from above."""
    found: list[Button] = []
    for n in range(layout.count()):
        item = layout.itemAt(n)
        widget = item.widget() if item is not None else None
        if isinstance(widget, Button):
            found.append(widget)
        elif widget is not None:
            found += widget.findChildren(Button)
    return found


def empty_layout(layout: QVBoxLayout) -> None:
    """Takes every widget out of a layout."""
    while (item := layout.takeAt(0)) is not None:
        widget = item.widget()
        if widget is not None:
            widget.hide()
            widget.deleteLater()
