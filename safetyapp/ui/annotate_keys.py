"""The keys of Annotate: which there are, which are left to the window, and what each does to the marks."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QKeyCombination, Qt

from safetyapp.domain.photo_marks import MarkKind
from safetyapp.ui.annotate_model import NOTHING, Marking, Tool

ARROWS = {
    Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0), Qt.Key.Key_Up: (0, -1), Qt.Key.Key_Down: (0, 1),
}  # fmt: skip
_TOOLS = {Qt.Key(getattr(Qt.Key, f"Key_{tool.key}")): tool for tool in Tool}
_CTRL, _ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier
_SHIFT = Qt.KeyboardModifier.ShiftModifier
OF_THE_WINDOW = {
    *(QKeyCombination(_CTRL, key) for key in (Qt.Key.Key_N, Qt.Key.Key_K, Qt.Key.Key_L, Qt.Key.Key_Comma)),
    *(QKeyCombination(_ALT, Qt.Key(Qt.Key.Key_1 + place)) for place in range(6)),
}


def press(
    marking: Marking,
    key: Qt.Key,
    modifiers: Qt.KeyboardModifier,
    step: Callable[[int], None],
    write: Callable[[], None],
) -> None:
    """A key that does something to the picture. `step` goes to another photo, `write` to the words of the chosen
    text."""
    mark = marking.mark()
    if modifiers & _CTRL:
        if key == Qt.Key.Key_Y or (key == Qt.Key.Key_Z and modifiers & _SHIFT):
            marking.steps.redo()
        elif key == Qt.Key.Key_Z:
            marking.steps.undo()
    elif key in ARROWS:
        far = 10 if modifiers & _SHIFT else 1
        across, down = (way * far for way in ARROWS[key])
        if marking.chosen == NOTHING:
            step(ARROWS[key][0])
        elif modifiers & _ALT:
            marking.stretch(across, down)
        else:
            marking.push(across, down)
    elif key in _TOOLS:
        marking.use(_TOOLS[key])
    elif key == Qt.Key.Key_W:
        marking.turn()
    elif key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
        marking.remove()
    elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
        if marking.tool is Tool.SELECT and mark is not None and mark.kind is MarkKind.TEXT:
            write()
        else:
            marking.put_in_middle()
