"""Lines of Chinese: how they are filled and how they are drawn; where they may break says documents/breaking.py.

What may not be broken is cut only where it is longer than the line; full-width punctuation is squeezed at the margins
and beside its like; lines are spread evenly. What was typed is what is printed: nothing is replaced but a character
that no face has.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache

from safetyapp.documents.breaking import CLOSING, OPENING, after_spaces, cut, find_breaks, trimmed
from safetyapp.documents.fonts import FontRole, FontSet, Glyph, current_fonts, glyphs, printable

SQUEEZE = 0.5
"""How much of a full-width punctuation mark is blank, in ems."""

JOINT = 0.09
"""The space between a Chinese character and a Latin word, in ems; from 0.1 on, readers copy it out as a space."""

WIDEST_GAP = 0.3
"""A line that would need wider gaps than this, in ems, stays ragged."""


class Align(Enum):
    """How the lines of a paragraph stand. JUSTIFY leaves the last line at the left."""

    LEFT = "left"
    CENTER = "center"
    RIGHT = "right"
    JUSTIFY = "justify"


@dataclass(frozen=True, slots=True)
class Run:
    """Text of one role."""

    text: str
    role: FontRole = FontRole.SONG


@dataclass(frozen=True, slots=True)
class Piece:
    """Characters of one face, `x` from the line's left edge, `kerns` extra points after a character (by its index)."""

    face: str
    x: float
    text: str
    spacing: float
    kerns: tuple[tuple[int, float], ...]


@dataclass(frozen=True, slots=True)
class Line:
    """A set line. `text` is what it shows, `left` and `right` where its ink box begins and ends."""

    text: str
    size: float
    left: float
    right: float
    pieces: tuple[Piece, ...]

    @property
    def width(self) -> float:
        return self.right - self.left


def text_width(text: str, size: float, role: FontRole = FontRole.SONG) -> float:
    """The width of text on one line."""
    line = one_line((Run(text, role),), size)
    return line.right


def one_line(runs: Iterable[Run], size: float) -> Line:
    """Everything on one line, whatever its width."""
    lines = break_lines(runs, float("inf"), size, align=Align.LEFT)
    return lines[0]


@lru_cache(maxsize=512)
def _one_line(text: str, role: FontRole, size: float, fonts: FontSet) -> Line:
    return one_line((Run(text, role),), size)


def set_line(text: str, size: float, role: FontRole = FontRole.SONG) -> Line:
    """One line of one role; lines that come often (labels, heads) are set once."""
    return _one_line(text, role, size, current_fonts())


def elided(text: str, fits: Callable[[str], bool]) -> str:
    """The text, or as much of its beginning and end as fits with … between; empty when nothing fits."""
    if fits(text):
        return text
    kept = bisect_left(range(len(text)), True, key=lambda count: not fits(_without_middle(text, count))) - 1
    return _without_middle(text, kept) if kept > 0 else ""


def _without_middle(text: str, kept: int) -> str:
    return text[: kept - kept // 2] + "…" + text[len(text) - kept // 2 :]


def break_lines(
    runs: Iterable[Run],
    width: float,
    size: float,
    *,
    indent: float = 0.0,
    hang: float = 0.0,
    align: Align = Align.JUSTIFY,
    tracking: float = 0.0,
) -> list[Line]:
    """The lines of the runs in `width` points; a line end in the text begins a new paragraph.

    `indent` moves the first line of every paragraph, `hang` the others. `tracking` is added behind every character
    that is not Latin, in points. At least one line, which may be empty.
    """
    lines: list[Line] = []
    for paragraph in _paragraphs(runs):
        lines.extend(_Paragraph(paragraph, size, tracking).break_into(width, indent, hang, align))
    return lines


def balanced(text: str, width: float, size: float, role: FontRole = FontRole.SONG) -> list[Line]:
    """A title in as few lines as `width` allows, all of nearly one length, in the middle: no last line of one
    character."""
    lines = break_lines([Run(text, role)], width, size, align=Align.CENTER)
    narrower = width
    while len(lines) > 1 and (narrower := narrower - size / 2) > size:
        parts = break_lines([Run(text, role)], narrower, size, align=Align.LEFT)
        if len(parts) > len(lines):
            break
        lines = [line for p in parts for line in break_lines([Run(p.text, role)], width, size, align=Align.CENTER)]
    return lines


def _paragraphs(runs: Iterable[Run]) -> list[list[tuple[str, FontRole]]]:
    paragraphs: list[list[tuple[str, FontRole]]] = [[]]
    for run in runs:
        first, *rest = printable(run.text).split("\n")
        paragraphs[-1].append((first, run.role))
        paragraphs.extend([(part, run.role)] for part in rest)
    return paragraphs


class _Paragraph:
    """Characters with their glyphs, where they may part, and how far each moves the next."""

    def __init__(self, parts: Sequence[tuple[str, FontRole]], size: float, tracking: float = 0.0) -> None:
        self.size = size
        self.tracking = tracking
        self.characters = "".join(text for text, _ in parts)
        self.glyphs: list[Glyph] = []
        for text, role in parts:
            known = glyphs(role)
            self.glyphs += [known[c] for c in text]
        self.breaks, self.latin = find_breaks(self.characters)
        self.advances = [glyph.width for glyph in self.glyphs]
        self._tighten()
        if tracking:
            for place, narrow in enumerate(self.latin):
                self.advances[place] += 0.0 if narrow else tracking / size
        self.starts = [0.0]
        at = 0.0
        for advance in self.advances:
            at += advance
            self.starts.append(at)

    def _tighten(self) -> None:
        """Squeezes punctuation beside its like, and opens the joints of Chinese and Latin."""
        text, advances, latin = self.characters, self.advances, self.latin
        for i in range(len(text) - 1):
            a, b = text[i], text[i + 1]
            if a in CLOSING or b in OPENING:
                if (a in CLOSING and (b in CLOSING or b in OPENING) and self.glyphs[i].width > 0.9) or (
                    a in OPENING and b in OPENING and self.glyphs[i + 1].width > 0.9
                ):
                    advances[i] -= SQUEEZE
            elif latin[i] != latin[i + 1] and _is_hanzi(b if latin[i] else a) and (a if latin[i] else b).isalnum():
                advances[i] += JOINT

    def break_into(self, width: float, indent: float, hang: float, align: Align) -> list[Line]:
        lines: list[Line] = []
        start, count, offset = 0, len(self.characters), indent
        while True:
            end, following = self._fill(start, (width - offset) / self.size, bool(lines))
            last = following >= count
            lines.append(self._set(start, end, offset, width, align, bool(lines), last))
            if last:
                return lines
            start, offset = following, hang

    def _fill(self, start: int, room: float, continued: bool) -> tuple[int, int]:
        """Where the line that begins at `start` ends, and where the next begins."""
        count = len(self.characters)
        cut = self._start_cut(start, continued)
        limit = self.starts[start] + cut + room + 1e-6
        if self._end_of(count) <= limit:
            return trimmed(self.characters, start, count), count
        # a mark at the end may give up its blank half, so look that much further and step back
        low = bisect_right(self.breaks, start)
        high = bisect_right(self.breaks, bisect_right(self.starts, limit + SQUEEZE + JOINT))
        for index in range(high - 1, low - 1, -1):
            stop = self.breaks[index]
            end = trimmed(self.characters, start, stop)
            if end > start and self._end_of(end) <= limit:
                return end, after_spaces(self.characters, stop)
        return self._emergency(start, limit)

    def _emergency(self, start: int, limit: float) -> tuple[int, int]:
        """A piece longer than the line is cut."""
        text = self.characters
        furthest = start + 1
        while furthest < len(text) and self._end_of(furthest + 1) <= limit:
            furthest += 1
        if furthest >= len(text):
            return len(text), len(text)
        stop = cut(text, start, furthest)
        return trimmed(text, start, stop), after_spaces(text, stop)

    def _start_cut(self, start: int, continued: bool) -> float:
        """The blank half of an opening mark at the start of a line hangs out."""
        if continued and start < len(self.characters) and self.characters[start] in OPENING:
            return SQUEEZE if self.glyphs[start].width > 0.9 else 0.0
        return 0.0

    def _end_of(self, end: int) -> float:
        """Where the ink box of a line that ends before `end` stops."""
        if end == 0:
            return 0.0
        width = self.glyphs[end - 1].width
        if self.characters[end - 1] in CLOSING and width > 0.9:
            width -= SQUEEZE
        return self.starts[end - 1] + width

    def _set(
        self, start: int, end: int, offset: float, width: float, align: Align, continued: bool, last: bool
    ) -> Line:
        size = self.size
        cut = self._start_cut(start, continued)
        natural = (self._end_of(end) - self.starts[start] - cut) * size if end > start else 0.0
        slack = width - offset - natural
        gap, left = 0.0, offset
        if align is Align.JUSTIFY and not last and slack > 0:
            gap = self._gap(start, end, slack)
        elif align is Align.CENTER:
            left = offset + slack / 2
        elif align is Align.RIGHT:
            left = offset + slack
        pieces, stretch = self._pieces(start, end, left - cut * size, gap)
        return Line(self.characters[start:end], size, left, left + natural + stretch, pieces)

    def _gap(self, start: int, end: int, slack: float) -> float:
        places = sum(1 for i in range(start, end - 1) if not (self.latin[i] and self.latin[i + 1]))
        gap = slack / places if places else 0.0
        return gap if gap <= WIDEST_GAP * self.size else 0.0

    def _pieces(self, start: int, end: int, x: float, gap: float) -> tuple[tuple[Piece, ...], float]:
        """The drawn pieces, and how much wider the gaps have made the line."""
        pieces: list[Piece] = []
        size, latin, stretch = self.size, self.latin, 0.0
        at = start
        while at < end:
            face, narrow = self.glyphs[at].face, latin[at]
            begin, piece_x = at, x
            spacing = 0.0 if narrow else gap + self.tracking
            kerns: list[tuple[int, float]] = []
            drawn: list[str] = []
            while at < end and self.glyphs[at].face == face and latin[at] == narrow:
                glyph = self.glyphs[at]
                drawn.append(glyph.character)
                advance = self.advances[at] * size
                if gap and at < end - 1 and not (narrow and latin[at + 1]):
                    advance += gap
                    stretch += gap
                extra = advance - glyph.width * size - spacing
                if extra > 1e-6 or extra < -1e-6:
                    kerns.append((at - begin, extra))
                x += advance
                at += 1
            pieces.append(Piece(face, piece_x, "".join(drawn), spacing, tuple(kerns)))
        return tuple(pieces), stretch


def _is_hanzi(character: str) -> bool:
    return character >= "\u3400" and (character <= "\u9fff" or character >= "\U00020000")
