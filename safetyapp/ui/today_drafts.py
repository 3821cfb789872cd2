"""What else can be done with a draft on Today: hand it to a colleague, take it back. Loaded when it is first wanted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QMenu, QWidget

from safetyapp.ui.buttons import Button
from safetyapp.ui.metrics import Style
from safetyapp.ui.words import Label

if TYPE_CHECKING:
    from PySide6.QtWidgets import QVBoxLayout

    from safetyapp.domain.draft import DraftRow
    from safetyapp.ui.drafts_card import DraftsCard


def offer_menu(card: DraftsCard, draft: str, at: QWidget, place: QPoint) -> QMenu:
    """The menu of a draft's row: 继续, 交给同事…"""
    say = card.say
    menu = QMenu(at)
    menu.addAction(say("today.continue.go"), lambda: card.opened.emit(draft))
    give = menu.addAction(say("handover.give_to"), lambda: card.give_wanted.emit(draft))
    give.setShortcut("Ctrl+J")
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    menu.popup(at.mapToGlobal(place))
    return menu


def given_sentence(card: DraftsCard, draft: DraftRow) -> str:
    """已交给 李示例 11-24 15:10."""
    at = draft.given_at
    time = f"{card.say('window.month_day', month=at.month, day=at.day)} {at:%H:%M}" if at is not None else ""
    return card.say("handover.with", to=draft.given_to, time=time)


def add_given(card: DraftsCard, words: QVBoxLayout, draft: DraftRow) -> Button:
    """Says below a draft with whom it is; answers with the way to take it back."""
    look, sentence = card.look, given_sentence(card, draft)
    line = Label(look, sentence, Style.SMALL, "ink2", wrap=True)
    words.addWidget(line)
    back = Button(look, card.say("handover.take_back"))
    at = sentence.rpartition(draft.given_to)[2].strip()
    facts = {"school": draft.school, "title": draft.title, "to": draft.given_to, "time": at}
    back.setAccessibleName(card.say("handover.take_back_name", **facts))
    back.clicked.connect(lambda: card.back_wanted.emit(draft.id))
    return back
