"""What a person puts on a photo 标注: arrows, circles, boxes, words, redactions 打码, a crop, quarter turns.

Places are whole numbers from 0 to SIDE across and down the picture as it stands upright after its turns, whatever its
size in pixels: the same marks fit the thumbnail, the screen and the print. A crop takes nothing away from them, so it
can be changed later. Drawing is the business of others: `store.burning` for paper, `ui.annotate_paint` for the screen.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from enum import StrEnum
from math import hypot

from safetyapp.domain.canonical import canonical_json

SIDE = 10_000
"""The far edge of a picture, across and down."""
LEAST = 120
"""The least side of an area, and the least reach of an arrow: what is smaller could not be hit again."""
LONGEST_TEXT = 40
"""Characters of one text mark."""
MOST_MARKS = 60
"""Marks of one photo."""
BLOCKS_ACROSS = 6
"""Blocks of a mosaic along the shorter side of its box: a face of six blocks is nobody's, one of twelve still might
be somebody's to who knows the person."""


class MarkKind(StrEnum):
    ARROW = "arrow"
    CIRCLE = "circle"
    BOX = "box"
    TEXT = "text"
    MOSAIC = "mosaic"
    BLACK = "black"

    @property
    def hides(self) -> bool:
        """Whether it is a redaction: what lies below must not be seen again."""
        return self in (MarkKind.MOSAIC, MarkKind.BLACK)

    @property
    def has_area(self) -> bool:
        return self not in (MarkKind.ARROW, MarkKind.TEXT)


class MarkColour(StrEnum):
    RED = "red"
    YELLOW = "yellow"
    WHITE = "white"

    @property
    def paint(self) -> str:
        return {"red": "#D81E06", "yellow": "#FFD400", "white": "#FFFFFF"}[self.value]

    @property
    def outline(self) -> str:
        """What sets the colour off from any picture; words on the colour are written in it too."""
        return "#FFFFFF" if self is MarkColour.RED else "#17252B"


class Thickness(StrEnum):
    THIN = "thin"
    MEDIUM = "medium"
    THICK = "thick"


@dataclass(frozen=True, slots=True)
class Mark:
    """One mark. An arrow points from (x1, y1) to (x2, y2); circle, box and redaction fill the area between the two; a
    text stands around (x1, y1), which is (x2, y2) as well. A redaction has no use for colour and thickness."""

    kind: MarkKind
    x1: int
    y1: int
    x2: int
    y2: int
    colour: MarkColour = MarkColour.RED
    thickness: Thickness = Thickness.MEDIUM
    text: str = ""


@dataclass(frozen=True, slots=True)
class Crop:
    """The part of a picture that is kept, x1 < x2 and y1 < y2."""

    x1: int
    y1: int
    x2: int
    y2: int


@dataclass(frozen=True, slots=True)
class PhotoMarks:
    """All that is done to one photo at one place. `turns` counts quarters clockwise, 0 to 3; marks and crop are placed
    on the picture as turned. Later marks lie over earlier ones, every redaction under all of them."""

    marks: tuple[Mark, ...] = ()
    crop: Crop | None = None
    turns: int = 0

    @property
    def hides(self) -> bool:
        return any(mark.kind.hides for mark in self.marks)

    @property
    def draws(self) -> bool:
        return any(not mark.kind.hides for mark in self.marks)

    @property
    def redactions(self) -> tuple[Mark, ...]:
        return tuple(mark for mark in self.marks if mark.kind.hides)

    @property
    def drawings(self) -> tuple[Mark, ...]:
        return tuple(mark for mark in self.marks if not mark.kind.hides)


NO_MARKS = PhotoMarks()


def or_none(marks: PhotoMarks) -> PhotoMarks | None:
    """None for marks that change nothing: a photo is then printed as it was taken in."""
    return None if marks == NO_MARKS else marks


def clipped(mark: Mark) -> Mark:
    """The mark inside the picture, its corners in order, no smaller than can be seen."""
    x1, y1, x2, y2 = (_within(edge) for edge in (mark.x1, mark.y1, mark.x2, mark.y2))
    if mark.kind is MarkKind.TEXT:
        return replace(mark, x1=x1, y1=y1, x2=x1, y2=y1, text=mark.text[:LONGEST_TEXT])
    if mark.kind is MarkKind.ARROW:
        if abs(x2 - x1) < LEAST and abs(y2 - y1) < LEAST:
            x2 = x1 + LEAST if x1 + LEAST <= SIDE else x1 - LEAST
        return replace(mark, x1=x1, y1=y1, x2=x2, y2=y2)
    (x1, x2), (y1, y2) = _stretch(x1, x2), _stretch(y1, y2)
    return replace(mark, x1=x1, y1=y1, x2=x2, y2=y2)


def clipped_crop(crop: Crop) -> Crop | None:
    """The crop inside the picture; None where it keeps all of it."""
    (x1, x2), (y1, y2) = (
        _stretch(_within(one), _within(other), SIDE // 20) for one, other in ((crop.x1, crop.x2), (crop.y1, crop.y2))
    )
    return None if (x1, y1, x2, y2) == (0, 0, SIDE, SIDE) else Crop(x1, y1, x2, y2)


def moved(mark: Mark, across: int, down: int) -> Mark:
    """The mark pushed by so much, in its size; at the edge it stops."""
    across = _push(mark.x1, mark.x2, across)
    down = _push(mark.y1, mark.y2, down)
    return replace(mark, x1=mark.x1 + across, y1=mark.y1 + down, x2=mark.x2 + across, y2=mark.y2 + down)


def sized(mark: Mark, across: int, down: int) -> Mark:
    """The mark with its second corner, or its point, pushed by so much. A text has one size; it stays."""
    if mark.kind is MarkKind.TEXT:
        return mark
    if mark.kind.has_area:  # the corner never goes past the other one
        return clipped(
            replace(mark, x2=max(mark.x2 + across, mark.x1 + LEAST), y2=max(mark.y2 + down, mark.y1 + LEAST))
        )
    return clipped(replace(mark, x2=mark.x2 + across, y2=mark.y2 + down))


def turned(marks: PhotoMarks, quarters: int = 1) -> PhotoMarks:
    """The picture and all that is on it, so many quarters further clockwise."""
    for _ in range(quarters % 4):
        marks = PhotoMarks(
            marks=tuple(_turned(mark) for mark in marks.marks),
            crop=_turned_crop(marks.crop) if marks.crop else None,
            turns=(marks.turns + 1) % 4,
        )
    return marks


def pixels(x1: int, y1: int, x2: int, y2: int, width: int, height: int) -> tuple[int, int, int, int]:
    """The area in pixels of a picture, outwards to whole ones: left, top, right, bottom."""
    return (
        x1 * width // SIDE,
        y1 * height // SIDE,
        min(width, -(-x2 * width // SIDE)),
        min(height, -(-y2 * height // SIDE)),
    )


def block_side(width: int, height: int) -> int:
    """Pixels of a mosaic's block for a box of so many pixels: never under a twelfth of the shorter side."""
    return max(1, -(-min(width, height) // BLOCKS_ACROSS))


def line_pixels(thickness: Thickness, shorter: int) -> float:
    """The width of a line on a picture whose shorter side has so many pixels."""
    return max(1.5, shorter * {Thickness.THIN: 0.006, Thickness.MEDIUM: 0.010, Thickness.THICK: 0.016}[thickness])


def text_pixels(thickness: Thickness, shorter: int) -> float:
    """The height of a text's letters on such a picture."""
    return max(8.0, shorter * {Thickness.THIN: 0.034, Thickness.MEDIUM: 0.046, Thickness.THICK: 0.064}[thickness])


Point = tuple[float, float]


def arrow_points(start: Point, tip: Point, width: float, grow: float = 0.0) -> tuple[Point, ...]:
    """The outline of an arrow with a shaft of this width, in the same measure; `grow` makes it so much wider all
    around, for what sets it off."""
    (x1, y1), (x2, y2) = start, tip
    length = max(1e-6, hypot(x2 - x1, y2 - y1))
    ux, uy = (x2 - x1) / length, (y2 - y1) / length
    head = min(width * 4.5, length * 0.7)
    half, wing = width / 2 + grow, head * 0.45 + grow * 1.6
    neck = length - head - grow * 0.6
    along = ((-grow, half), (neck, half), (neck, wing), (length + grow * 2.2, 0.0))
    side = [(x1 + ux * a - uy * b, y1 + uy * a + ux * b) for a, b in along]
    other = [(x1 + ux * a + uy * b, y1 + uy * a - ux * b) for a, b in along[-2::-1]]
    return (*side, *other)


def label_corner(middle: Point, size: Point, crop: Crop | None, picture: Point) -> Point:
    """Where the box of a text begins that stands around `middle`: pushed inside what is kept of a picture, so that no
    word is cut off."""
    kept = crop or Crop(0, 0, SIDE, SIDE)
    edges = ((kept.x1, kept.x2), (kept.y1, kept.y2))
    left, top = (
        min(max(m - s / 2, low * p / SIDE), max(low * p / SIDE, high * p / SIDE - s))
        for m, s, p, (low, high) in zip(middle, size, picture, edges, strict=True)
    )
    return left, top


def marks_json(marks: PhotoMarks | None) -> str:
    """The one spelling of marks; empty for none."""
    return canonical_json(marks).decode() if marks is not None else ""


def read_marks(text: str) -> PhotoMarks | None:
    """The inverse of `marks_json`. Raises ValueError for what is no spelling of marks."""
    if not text:
        return None
    try:
        plain = json.loads(text)
        crop = plain["crop"]
        marks = PhotoMarks(
            marks=tuple(_mark(one) for one in plain["marks"]),
            crop=Crop(*(_whole(crop[name]) for name in ("x1", "y1", "x2", "y2"))) if crop is not None else None,
            turns=_whole(plain["turns"]),
        )
    except (KeyError, TypeError) as error:
        raise ValueError("no marks") from error
    if marks_json(marks) != text:
        raise ValueError("marks in another spelling")
    return marks


def _mark(plain: dict[str, object]) -> Mark:
    x1, y1, x2, y2 = (_whole(plain[name]) for name in ("x1", "y1", "x2", "y2"))
    colour, thickness = MarkColour(str(plain["colour"])), Thickness(str(plain["thickness"]))
    return Mark(MarkKind(str(plain["kind"])), x1, y1, x2, y2, colour, thickness, str(plain["text"]))


def _whole(value: object) -> int:
    if type(value) is not int:
        raise TypeError("not a whole number")
    return value


def _within(edge: int) -> int:
    return min(max(edge, 0), SIDE)


def _stretch(one: int, other: int, least: int = LEAST) -> tuple[int, int]:
    """The two in order and at least so far apart, inside the picture."""
    low, high = min(one, other), max(one, other)
    if high - low < least:
        high = min(SIDE, low + least)
        low = high - least
    return low, high


def _push(one: int, other: int, by: int) -> int:
    return min(max(by, -min(one, other)), SIDE - max(one, other))


def _turned(mark: Mark) -> Mark:
    x1, y1, x2, y2 = SIDE - mark.y1, mark.x1, SIDE - mark.y2, mark.x2
    if mark.kind.has_area:
        x1, x2, y1, y2 = min(x1, x2), max(x1, x2), min(y1, y2), max(y1, y2)
    return replace(mark, x1=x1, y1=y1, x2=x2, y2=y2)


def _turned_crop(crop: Crop) -> Crop:
    return Crop(SIDE - crop.y2, crop.x1, SIDE - crop.y1, crop.x2)
