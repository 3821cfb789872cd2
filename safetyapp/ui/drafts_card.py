"""接着填 on Today: the drafts with their mosaics; the newest is the screen's filled button."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from safetyapp.ui.buttons import Button, Kind
from safetyapp.ui.metrics import Style
from safetyapp.ui.mosaic import MosaicWidget
from safetyapp.ui.rows_card import RowsCard
from safetyapp.ui.words import Label

if TYPE_CHECKING:
    from collections.abc import Mapping

    from PySide6.QtCore import QPoint

    from safetyapp.domain.draft import DraftRow
    from safetyapp.texts import Texts
    from safetyapp.ui.look import Look

SHOWN = 3


class DraftsCard(RowsCard):
    """`opened(draft id)` when a person goes on; `give_wanted` and `back_wanted` to hand it to a colleague and to take
    it back."""

    opened = Signal(str)
    give_wanted = Signal(str)
    back_wanted = Signal(str)

    def __init__(self, look: Look, texts: Texts) -> None:
        super().__init__(look, texts, "today.continue.title", "pencil", SHOWN, "today.continue.more")

    def show_drafts(self, drafts: tuple[DraftRow, ...], names: Mapping[str, str]) -> None:
        """`names` of schools by id, where the draft's own does not tell two apart. Those that are with a colleague come
        last."""
        drafts = (*(d for d in drafts if not d.given_to), *(d for d in drafts if d.given_to))
        self.facts.setText(self.say("today.continue.facts", n=len(drafts)) if drafts else "")
        self.fill(
            [
                partial(self._row, draft, names.get(draft.school_id, draft.school), newest=number == 0)
                for number, draft in enumerate(drafts)
            ]
            or [partial(padded, self.look, self.say("today.continue.empty"))]
        )

    def _row(self, draft: DraftRow, school: str, newest: bool) -> QWidget:
        px, say = self.look.metrics.px, self.say
        box = QWidget()
        row = QHBoxLayout(box)
        row.setContentsMargins(px(16), px(8), px(12), px(8))
        row.setSpacing(px(10))
        words = QVBoxLayout()
        words.setSpacing(px(5))
        line = QHBoxLayout()
        line.setSpacing(px(5))
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


def padded(look: Look, text: str) -> QWidget:
    """A sentence in the body of a card."""
    px = look.metrics.px
    box = QWidget()
    column = QVBoxLayout(box)
    column.setContentsMargins(px(16), px(12), px(16), px(12))
    column.addWidget(Label(look, text, Style.COMPACT, "ink2", wrap=True))
    return box
