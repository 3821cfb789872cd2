"""The keys of Fill: which act anywhere on the screen, which the strip names just now, and where Tab goes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from safetyapp.texts import Texts
from safetyapp.ui.fill_parts import FillParts
from safetyapp.ui.item_model import Row


def bind(screen: QWidget, keys: Mapping[str, Callable[[], None]]) -> None:
    """Only keys that no text field wants; digits and letters are the list's own."""
    for key, call in keys.items():
        shortcut = QShortcut(QKeySequence(key), screen)
        shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        shortcut.activated.connect(call)


def hints(texts: Texts, row: Row, inside: bool) -> tuple[tuple[tuple[str, ...], str], ...]:
    """The keys that act at a row, with what they do; `inside` when the editor stands under it."""
    say = texts.say
    first = (("1", "2", "3"), say("fill.keys.answer")) if row.is_choice else (("0–9",), say("fill.keys.number"))
    found: list[tuple[tuple[str, ...], str]] = [first]
    if not row.is_choice:
        found.append((("Enter",), say("fill.keys.next")))
        found.append(((say("fill.na_key"),), say("fill.keys.na")))
    found.append((("↑", "↓"), say("fill.keys.move")))
    if row.is_choice:
        found.append((("Enter",), say("fill.keys.open")))
    if inside:
        found.append((("Esc",), say("fill.keys.close")))
    found.append((("P",), say("fill.keys.photo")))
    found.append((("N",), say("fill.keys.note")))
    found.append((("Ctrl Z",), say("fill.keys.undo")))
    if inside and row.fails:
        found.append((("Ctrl D",), say("fill.keys.place")))
    return tuple(found)


class TabChain:
    """Header, sections, filter, list, value, fields in reading order, photos, help: as the eye goes."""

    def __init__(self, parts: FillParts) -> None:
        self._parts = parts
        self._chain: list[int] = []

    def renew(self) -> None:
        """Follows the fields that the editor has now."""
        parts, header = self._parts, self._parts.header
        chain: Sequence[QWidget] = [
            header.back_button, header.jump, header.jump_button, header.open_button, header.fail_button,
            header.help_button, header.sign_button, parts.sections, *parts.pane.show_segment.buttons(), parts.view,
            parts.field, *parts.body.stops(), parts.help.stop(),
        ]  # fmt: skip
        ids = [id(w) for w in chain]
        if ids != self._chain:
            self._chain = ids
            for before, after in pairwise(chain):
                QWidget.setTabOrder(before, after)
