"""F1: the keys of the screen, and those that work everywhere; where to read more, and the version."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QWidget

from safetyapp.texts import Texts
from safetyapp.ui.key_list import KeyList, copy_text, print_text
from safetyapp.ui.key_maps import as_text
from safetyapp.ui.look import Look
from safetyapp.ui.metrics import Style
from safetyapp.ui.parts import Kind, Label
from safetyapp.ui.sheet_dialog import SheetDialog


class KeysDialog(SheetDialog):
    """The map of one screen; typing finds a key, Esc closes."""

    def __init__(
        self,
        look: Look,
        texts: Texts,
        screen: str,
        version: str,
        manual: Path | None,
        said: Callable[[str], object],
        parent: QWidget | None,
    ) -> None:
        say = texts.say
        super().__init__(look, say("keys.of", screen=say(f"keys.screen.{screen}")), parent, width=480)
        self.list = KeyList(look, texts, (screen,))
        self.body.addWidget(self.list, 1)
        more = [say("keys.version", name=say("window.name"), version=version)] if version else []
        more += [say("keys.manual", path=str(manual))] if manual is not None else []
        if more:
            self.body.addWidget(Label(look, "\n".join(more), Style.SMALL, "ink2", wrap=True))
        text, title = as_text(texts, (screen,)), say("keys.title")

        def copy() -> None:
            copy_text(text)
            said(say("keys.copied"))

        def print_out() -> None:
            if not print_text(self, title, text):
                said(say("keys.not_printed"))

        self.copy = self.add_button(say("keys.copy"))
        self.copy.clicked.connect(copy)
        self.print = self.add_button(say("keys.print"))
        self.print.clicked.connect(print_out)
        close = self.add_button(say("window.close"), Kind.PRIMARY)
        close.clicked.connect(self.accept)
        self.fit(520, 620)
        self.list.search.setFocus()
