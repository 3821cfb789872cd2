"""The keys of Fill: which act anywhere on the screen, which the strip names just now, and where Tab goes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from safetyapp.texts import Texts
from safetyapp.ui.fill_parts import FillParts
from safetyapp.ui.item_fields import WORDED
from safetyapp.ui.item_keys import choice_values
from safetyapp.ui.item_rows import Row, Way


def bind(screen: QWidget, keys: Mapping[str, Callable[[], None]]) -> None:
    """Only keys that no text field wants; digits and letters are the list's own."""
    for key, call in keys.items():
        shortcut = QShortcut(QKeySequence(key), screen)
        shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        shortcut.activated.connect(call)


def hints(texts: Texts, row: Row, inside: bool) -> tuple[tuple[tuple[str, ...], str], ...]:
    """The keys that act at a row, with what they do; `inside` when the editor stands under it."""
    say = texts.say
    found: list[tuple[tuple[str, ...], str]] = []
    if row.is_choice:
        found.append((tuple(str(n + 1) for n in range(len(choice_values(row)))), say("fill.keys.answer")))
    elif row.is_field and row.kind in WORDED:
        found.append((("Enter",), say("fill.keys.write")))
    elif row.is_field:
        found.append((("0–9",), say("fill.keys.number")))
        found.append((("Enter",), say("fill.keys.next")))
    elif row.way is Way.PANEL and row.picks:
        found.append((("1–9",), say("fill.keys.choose")))
    if row.is_field and row.may_not_apply:
        found.append(((say("fill.na_key"),), say("fill.keys.na")))
    found.append((("↑", "↓"), say("fill.keys.move")))
    if not row.is_field and row.way is not Way.SHOWN:
        found.append((("Enter",), say("fill.keys.open")))
    if inside:
        found.append((("Esc",), say("fill.keys.close")))
    found.append((("P",), say("fill.keys.photo")))
    found.append((("N",), say("fill.keys.note")))
    found.append((("Ctrl Z",), say("fill.keys.undo")))
    if inside and row.fails:
        found.append((("Ctrl D",), say("fill.keys.place")))
    if not inside:
        found.append((("Ctrl Shift 1",), say("fill_aids.keys.rest")))
    return tuple(found)


def table_hints(texts: Texts) -> tuple[tuple[tuple[str, ...], str], ...]:
    """The keys that act in a table."""
    say = texts.say
    return (
        (("Enter",), say("fill.keys.cell")), (("Tab",), say("fill.keys.next_cell")),
        (("Ctrl Enter",), say("fill.keys.row")), (("Ctrl Del",), say("fill.keys.no_row")),
        (("F8",), say("fill.keys.next_open")), (("Ctrl Z",), say("fill.keys.undo")), (("Esc",), say("fill.keys.back")),
    )  # fmt: skip


class TabChain:
    """Header, sections, filter, list, value, fields in reading order, photos, help: as the eye goes."""

    def __init__(self, parts: FillParts) -> None:
        self._parts = parts
        self._chain: list[int] = []
        self.news: tuple[QWidget, ...] = ()
        """What stands under the header just now."""

    def renew(self) -> None:
        """Follows the fields that the editor has now."""
        parts, header = self._parts, self._parts.header
        chain: Sequence[QWidget] = [
            header.back, header.jump, header.jump_button, header.tray_button, header.open_button,
            header.fail_button, header.help_button, header.sign_button, *self.news, parts.sections,
            *parts.pane.show_segment.buttons(), parts.view, parts.field, *parts.body.stops(), parts.help.stop(),
        ]  # fmt: skip
        ids = [id(w) for w in chain]
        if ids != self._chain:
            self._chain = ids
            for before, after in pairwise(chain):
                QWidget.setTabOrder(before, after)
