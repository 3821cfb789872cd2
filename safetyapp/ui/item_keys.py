"""What a key means in the list of items: move, answer, type a value, open, or ask the screen for something."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

from safetyapp.domain.answer_kinds import AnswerKind, Outcome
from safetyapp.domain.form import ItemId
from safetyapp.ui.item_rows import Row, Way
from safetyapp.ui.row_words import OK

DIGITS = {Qt.Key(Qt.Key.Key_1 + n): n + 1 for n in range(9)}
VALUE_BEGINS = tuple("0123456789.-+")
PLAIN = (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)
MOVES = {Qt.Key.Key_Down: 1, Qt.Key.Key_J: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_K: -1}
ASKS = {
    Qt.Key.Key_P: "photo", Qt.Key.Key_N: "note", Qt.Key.Key_PageDown: "section+", Qt.Key.Key_PageUp: "section-",
    Qt.Key.Key_Escape: "close", Qt.Key.Key_Home: "first", Qt.Key.Key_End: "last", Qt.Key.Key_Slash: "jump",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Move:
    """To another row, so many down."""

    by: int


@dataclass(frozen=True, slots=True)
class Ask:
    """Something that the screen does, see `ItemView.asked`."""

    what: str


@dataclass(frozen=True, slots=True)
class Type:
    """The first character of a value."""

    item: ItemId
    text: str


@dataclass(frozen=True, slots=True)
class Give:
    """An answer; None takes it away."""

    item: ItemId
    value: str | None


@dataclass(frozen=True, slots=True)
class Choose:
    """One of the answers on offer under the row, by its number from 1."""

    item: ItemId
    place: int


@dataclass(frozen=True, slots=True)
class OpenUp:
    """Show what is inside."""

    item: ItemId


Stroke: TypeAlias = Move | Ask | Type | Give | Choose | OpenUp


def stroke(event: QKeyEvent, row: Row | None) -> Stroke | None:
    """What a key means while `row` is the current one; None when the list has no use for it."""
    key = Qt.Key(event.key())
    if event.modifiers() not in PLAIN:
        return None
    if row is not None and row.is_field and event.text()[:1] in VALUE_BEGINS:
        return Type(row.id, event.text())
    if key in MOVES:
        return Move(MOVES[key])
    if key in ASKS:
        return Ask(ASKS[key])
    if row is None:
        return None
    if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
        return OpenUp(row.id)
    return None if row.way is Way.SHOWN else _answering(key, row)


def _answering(key: Qt.Key, row: Row) -> Stroke | None:
    values = choice_values(row)
    if key in DIGITS and row.is_choice:
        place = DIGITS[key]
        return Give(row.id, values[place - 1]) if place <= len(values) else None
    if key in DIGITS and row.way is Way.PANEL and row.picks:
        return Choose(row.id, DIGITS[key])
    if key == Qt.Key.Key_Space and row.kind is AnswerKind.ACKNOWLEDGE:
        return Give(row.id, values[0])
    if key == Qt.Key.Key_X:
        return Give(row.id, Outcome.NA) if row.may_not_apply else None
    if key == Qt.Key.Key_0 or (key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace) and row.answer is not None):
        return None if row.way in (Way.TABLE, Way.PHOTOS) else Give(row.id, None)
    return None


def choice_values(row: Row) -> tuple[str, ...]:
    """What the choices side by side of a row answer, from the left."""
    if row.kind is AnswerKind.CONFORMITY:
        return (Outcome.PASS, Outcome.FAIL, Outcome.NA)
    return (OK,) if row.kind is AnswerKind.ACKNOWLEDGE else tuple(pick.id for pick in row.picks)
