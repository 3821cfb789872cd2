"""The menu of the person at the foot of the rail: theme, text size, language, files in, keys."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu

from safetyapp.texts import LANGUAGES
from safetyapp.ui.look import Mode
from safetyapp.ui.metrics import SCALES

if TYPE_CHECKING:
    from safetyapp.ui.window import MainWindow


def person_menu(window: MainWindow) -> QMenu:
    """The menu, made anew for each opening: it shows what is chosen now."""
    say, look, errands = window.texts.say, window.look, window.errands
    menu = QMenu(window)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    themes = _Choice(menu, say("window.menu.theme"))
    for mode in (Mode.SYSTEM, Mode.LIGHT, Mode.DARK):
        themes.add(say(f"window.menu.{mode.value}"), look.mode is mode, partial(window.set_mode, mode))
    sizes = _Choice(menu, say("window.menu.size"))
    for percent in SCALES:
        text = say("window.menu.percent", n=percent)
        sizes.add(text, look.percent == percent, partial(window.set_percent, percent))
    languages = _Choice(menu, say("window.menu.language"))
    for language in LANGUAGES:
        chosen = window.texts.language == language
        languages.add(say(f"window.menu.{language}"), chosen, partial(window.set_language, language))
    menu.addSeparator()
    menu.addAction(say("today.where.import"), errands.choose_schools)
    menu.addAction(say("window.menu.forms"), errands.choose_forms)
    menu.addAction(say("window.menu.documents"), errands.choose_documents)
    menu.addSeparator()
    menu.addAction(say("window.rail.settings"), lambda: window.settings())
    menu.addAction(say("window.menu.keys"), window.show_keys)
    return menu


class _Choice:
    """A menu inside the menu, of which one entry holds."""

    def __init__(self, menu: QMenu, title: str) -> None:
        self._menu = menu.addMenu(title)
        self._group = QActionGroup(menu)

    def add(self, text: str, chosen: bool, choose: Callable[[], None]) -> None:
        act = QAction(text, self._menu)
        act.setCheckable(True)
        act.setChecked(chosen)
        act.triggered.connect(lambda checked: choose())
        self._group.addAction(act)
        self._menu.addAction(act)
