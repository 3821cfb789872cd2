"""The marks of the photo that is being annotated: what is chosen, what a key or the mouse does to it, and undo.

Canvas and panel show what stands here and ask here for changes; nothing here paints or saves.
"""

from __future__ import annotations

from dataclasses import replace
from enum import Enum

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QUndoCommand, QUndoStack

from safetyapp.domain.photo_marks import (
    LONGEST_TEXT,
    MOST_MARKS,
    NO_MARKS,
    SIDE,
    Crop,
    Mark,
    MarkColour,
    MarkKind,
    PhotoMarks,
    Thickness,
    clipped,
    clipped_crop,
    moved,
    sized,
    turned,
)

NOTHING = -1
CROP = -2
"""What `chosen` says when it is no mark."""


class Tool(Enum):
    """What a drag on the picture makes: its key, its icon, the name of its texts."""

    SELECT = ("V", "pointer", "select")
    ARROW = ("A", "arrow-up-right", "arrow")
    CIRCLE = ("O", "circle", "circle")
    BOX = ("R", "square", "box")
    TEXT = ("T", "typography", "text")
    HIDE = ("B", "blur", "hide")
    CROP = ("C", "crop", "crop")

    @property
    def key(self) -> str:
        return self.value[0]

    @property
    def icon(self) -> str:
        return self.value[1]

    @property
    def word(self) -> str:
        return self.value[2]


ICONS = {
    MarkKind.ARROW: Tool.ARROW.icon, MarkKind.CIRCLE: Tool.CIRCLE.icon, MarkKind.BOX: Tool.BOX.icon,
    MarkKind.TEXT: Tool.TEXT.icon, MarkKind.MOSAIC: Tool.HIDE.icon, MarkKind.BLACK: Tool.HIDE.icon,
}  # fmt: skip
_KINDS = {
    Tool.ARROW: MarkKind.ARROW, Tool.CIRCLE: MarkKind.CIRCLE, Tool.BOX: MarkKind.BOX, Tool.TEXT: MarkKind.TEXT,
}  # fmt: skip


class _Step(QUndoCommand):
    """One change. Nudges of one sitting at one mark carry the same `sitting` and are one step."""

    def __init__(
        self, marking: Marking, before: PhotoMarks, after: PhotoMarks, chosen: tuple[int, int], sitting: str
    ) -> None:
        super().__init__()
        self.marking, self.before, self.after, self.chosen, self.sitting = marking, before, after, chosen, sitting

    def id(self) -> int:
        return 1 if self.sitting else -1

    def mergeWith(self, other: QUndoCommand) -> bool:
        if not isinstance(other, _Step) or other.sitting != self.sitting:
            return False
        self.after, self.chosen = other.after, (self.chosen[0], other.chosen[1])
        return True

    def redo(self) -> None:
        self.marking.take(self.after, self.chosen[1])

    def undo(self) -> None:
        self.marking.take(self.before, self.chosen[0])


class Marking(QObject):
    """The marks of one photo at a time."""

    changed = Signal()
    """The marks are others."""
    chosen_changed = Signal()
    steps_changed = Signal()
    """What can be undone and redone is other; told after the change itself."""
    tool_changed = Signal()
    words_wanted = Signal()
    """A text was put on the picture: somebody may want to write it."""

    def __init__(self, words: str, parent: QObject | None = None) -> None:
        """`words` are what a new text says until it is written."""
        super().__init__(parent)
        self._words = words
        self.marks = NO_MARKS
        self.chosen = NOTHING
        self.tool = Tool.SELECT
        self.colour, self.thickness = MarkColour.RED, Thickness.MEDIUM
        self.hiding = MarkKind.MOSAIC
        self.size = (1600, 1200)
        """Pixels of the picture as it is shown, after its turns."""
        self._stacks: dict[object, QUndoStack] = {}
        self.steps = QUndoStack(self)
        self._sitting = 0

    def open(self, photo: object, marks: PhotoMarks) -> None:
        """Another photo; its undo is kept as long as the screen is open."""
        if photo not in self._stacks:
            self._stacks[photo] = QUndoStack(self)
            self._stacks[photo].indexChanged.connect(self.steps_changed)
        self.steps = self._stacks[photo]
        self.marks = marks
        self.choose(NOTHING)
        self.changed.emit()

    def forget(self) -> None:
        """The screen closes: what was undone stays undone."""
        for stack in self._stacks.values():
            stack.clear()
            stack.deleteLater()
        self._stacks.clear()
        self.steps = QUndoStack(self)

    def take(self, marks: PhotoMarks, chosen: int) -> None:
        """For undo and redo: these are the marks now."""
        self.marks = marks
        self.changed.emit()
        self.choose(chosen if chosen < len(marks.marks) else NOTHING)

    def mark(self) -> Mark | None:
        """The chosen mark."""
        return self.marks.marks[self.chosen] if 0 <= self.chosen < len(self.marks.marks) else None

    def choose(self, chosen: int) -> None:
        if chosen == CROP and self.marks.crop is None:
            chosen = NOTHING
        if chosen != self.chosen:
            self._sitting += 1
        self.chosen = chosen
        self.chosen_changed.emit()

    def use(self, tool: Tool) -> None:
        """The tool of the next drag. V once more chooses the next mark."""
        if tool is Tool.SELECT and self.tool is tool and self.marks.marks:
            self.choose((self.chosen + 1) % len(self.marks.marks) if self.chosen >= 0 else 0)
        elif tool is not self.tool or tool is Tool.SELECT:
            self.tool = tool
            self.choose(NOTHING)
        self.tool_changed.emit()

    # what is put on

    def put_in_middle(self) -> None:
        """Enter: what the tool makes, in the middle of the picture."""
        if self.tool is Tool.CROP:
            if self.marks.crop is None:
                edge = SIDE // 10
                self.set_crop(Crop(edge, edge, SIDE - edge, SIDE - edge))
            else:
                self.choose(CROP)
            return
        middle, reach = SIDE // 2, SIDE // 10
        kind = self.kind()
        if kind is None:
            return
        if kind is MarkKind.ARROW:
            made = self.new(middle - 2 * reach, middle + 2 * reach, middle, middle)
        elif kind is MarkKind.TEXT:
            made = self.new(middle, middle, middle, middle)
        else:
            made = self.new(middle - reach, middle - reach, middle + reach, middle + reach)
        while any((m.x1, m.y1) == (made.x1, made.y1) for m in self.marks.marks) and made != moved(made, 300, 300):
            made = moved(made, 300, 300)  # not exactly over another one
        self.add(made)

    def kind(self) -> MarkKind | None:
        """What the tool makes; None for choosing and cropping."""
        return self.hiding if self.tool is Tool.HIDE else _KINDS.get(self.tool)

    def new(self, x1: int, y1: int, x2: int, y2: int) -> Mark:
        """What the tool would make there."""
        kind = self.kind()
        assert kind is not None
        words = self._words if kind is MarkKind.TEXT else ""
        return clipped(Mark(kind, x1, y1, x2, y2, self.colour, self.thickness, words))

    def add(self, mark: Mark) -> None:
        if len(self.marks.marks) >= MOST_MARKS:
            return
        self._push(replace(self.marks, marks=(*self.marks.marks, mark)), len(self.marks.marks))
        if mark.kind is MarkKind.TEXT:
            self.words_wanted.emit()

    def set_crop(self, crop: Crop | None, sitting: str = "") -> None:
        kept = clipped_crop(crop) if crop is not None else None
        self._push(replace(self.marks, crop=kept), CROP if kept is not None else NOTHING, sitting)

    # what is done to what is chosen

    def change(self, mark: Mark, sitting: str = "") -> None:
        """The chosen mark becomes this one."""
        if self.mark() is None or mark == self.mark():
            return
        marks = list(self.marks.marks)
        marks[self.chosen] = mark
        self._push(replace(self.marks, marks=tuple(marks)), self.chosen, sitting)

    def push(self, across: int, down: int) -> None:
        """Moves what is chosen by pixels of the picture."""
        dx, dy = self._units(across, down)
        mark, crop = self.mark(), self.marks.crop
        if mark is not None:
            self.change(moved(mark, dx, dy), "push")
        elif self.chosen == CROP and crop is not None:
            frame = moved(Mark(MarkKind.BOX, crop.x1, crop.y1, crop.x2, crop.y2), dx, dy)
            self.set_crop(Crop(frame.x1, frame.y1, frame.x2, frame.y2), "push")

    def stretch(self, across: int, down: int) -> None:
        """Makes what is chosen larger or smaller by pixels of the picture."""
        dx, dy = self._units(across, down)
        mark, crop = self.mark(), self.marks.crop
        if mark is not None and mark.kind is MarkKind.TEXT:
            sizes = list(Thickness)
            step = sizes.index(mark.thickness) + (1 if across + down > 0 else -1)
            if 0 <= step < len(sizes):
                self.set_thickness(sizes[step])
        elif mark is not None:
            self.change(sized(mark, dx, dy), "stretch")
        elif self.chosen == CROP and crop is not None:
            self.set_crop(replace(crop, x2=crop.x2 + dx, y2=crop.y2 + dy), "stretch")

    def remove(self) -> None:
        """Del."""
        if self.chosen == CROP:
            self.set_crop(None)
        elif self.mark() is not None:
            marks = [mark for place, mark in enumerate(self.marks.marks) if place != self.chosen]
            self._push(replace(self.marks, marks=tuple(marks)), min(self.chosen, len(marks) - 1))

    def turn(self) -> None:
        """A quarter clockwise, with all that is on the picture."""
        self._push(turned(self.marks), self.chosen)

    def set_colour(self, colour: MarkColour) -> None:
        self.colour = colour
        mark = self.mark()
        if mark is not None and not mark.kind.hides:
            self.change(replace(mark, colour=colour))
        self.tool_changed.emit()

    def set_thickness(self, thickness: Thickness) -> None:
        self.thickness = thickness
        mark = self.mark()
        if mark is not None and not mark.kind.hides:
            self.change(replace(mark, thickness=thickness))
        self.tool_changed.emit()

    def set_hiding(self, kind: MarkKind) -> None:
        self.hiding = kind
        mark = self.mark()
        if mark is not None and mark.kind.hides:
            self.change(replace(mark, kind=kind))
        self.tool_changed.emit()

    def write(self, words: str) -> None:
        """The words of the chosen text."""
        mark = self.mark()
        if mark is not None and mark.kind is MarkKind.TEXT:
            self.change(replace(mark, text=words[:LONGEST_TEXT]), "write")

    def drop_empty(self) -> None:
        """Texts that say nothing are not there."""
        kept = tuple(mark for mark in self.marks.marks if mark.kind is not MarkKind.TEXT or mark.text.strip())
        if kept != self.marks.marks:
            self._push(replace(self.marks, marks=kept), NOTHING)

    def _units(self, across: int, down: int) -> tuple[int, int]:
        width, height = self.size
        return round(across * SIDE / max(1, width)), round(down * SIDE / max(1, height))

    def _push(self, marks: PhotoMarks, chosen: int, sitting: str = "") -> None:
        if marks == self.marks:
            self.choose(chosen)
            return
        named = f"{sitting} {chosen} {self._sitting}" if sitting else ""
        self.steps.push(_Step(self, self.marks, marks, (self.chosen, chosen), named))
