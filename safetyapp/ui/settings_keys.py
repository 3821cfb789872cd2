"""The page of Settings with the keys of every screen."""

from __future__ import annotations

from safetyapp.ui.key_list import KeyList, copy_text, print_text
from safetyapp.ui.key_maps import SCREENS, as_text
from safetyapp.ui.parts import Button
from safetyapp.ui.settings_parts import Page, Row


class KeysPage(Page):
    """Searched, copied, printed."""

    def build(self) -> None:
        say, look, px = self.say, self.look, self.look.metrics.px
        card = self.card(say("keys.title"))
        self.copy = Button(look, say("keys.copy"), icon="copy")
        self.copy.clicked.connect(self._copy)
        self.print = Button(look, say("keys.print"), icon="printer")
        self.print.clicked.connect(self._print)
        card.add(Row(look, say("keys.all"), "", self.copy, self.print))
        screens = tuple(screen for screen in SCREENS if screen != "first")
        self.list = KeyList(look, self.host.tools.texts, screens)
        self.list.setContentsMargins(px(16), px(12), px(16), px(12))
        self.list.setMinimumHeight(px(380))
        card.add(self.list)
        self._text = as_text(self.host.tools.texts, screens)

    def _copy(self) -> None:
        copy_text(self._text)
        self.host.window.toast.say(self.say("keys.copied"))

    def _print(self) -> None:
        if not print_text(self, self.say("keys.title"), self._text):
            self.host.window.toast.say(self.say("keys.not_printed"), icon="info-circle")
