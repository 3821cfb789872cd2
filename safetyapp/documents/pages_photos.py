"""Photos on a page: numbered through the document, in rows that fill their width, before and after side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from safetyapp.documents import wording
from safetyapp.documents.flow import Flow, baseline
from safetyapp.documents.fonts import FontRole
from safetyapp.documents.typeset import Align, Line, Run, break_lines, elided, set_line
from safetyapp.documents.wording import say
from safetyapp.domain.inspection import PhotoLink, Sha256
from safetyapp.domain.problem import Problem
from safetyapp.domain.record import Record

GAP = 7.0
NARROWEST = 88.0
"""The least width of a caption, in points; two fit beside a finding's text."""

_CAPTION, _CAPTION_LEADING = 7.6, 10.0
_CAPTION_LINES, _SMALLEST_CAPTION = 2, 4.4
_PAIR_HEIGHT = 168.0
_FEW, _HEIGHT_OF_FEW, _HEIGHT_OF_MANY = 6, 122.0, 92.0
_STRETCH = 1.15
"""How much taller than asked a row may be to fill its width."""

PAIR_HEAD = 15.0
"""The height of 改前 and 改后 above their columns."""


@dataclass(frozen=True, slots=True)
class Print:
    """A photo as it is placed."""

    link: PhotoLink
    width: float
    height: float
    caption: list[Line]
    cell: float
    """The width it takes in its row: its own, or what its caption needs."""

    @property
    def tall(self) -> float:
        return self.height + 3 + _CAPTION_LEADING * len(self.caption)


PhotoRow = Sequence[Print | None]
"""Photos side by side; None is the empty half of a pair."""


def print_key(link: PhotoLink) -> str:
    """What makes a picture on paper one of its own: the same photo with other marks is another."""
    return f"{link.photo.original}/{link.photo.printed}"


class Named:
    """The photos of a document as its findings name them: by the original's hash. Where the same photo stands at
    several findings with other marks, each means its own."""

    def __init__(self, links: Sequence[PhotoLink]) -> None:
        self._known: dict[tuple[str, ...], PhotoLink] = {}
        for link in reversed(links):  # of equals the first counts
            item, original, stage = str(link.item), str(link.photo.original), _stage(link.after)
            for key in ((item, original, stage), (item, original), ("", original, stage), (original,)):
                self._known[key] = link

    def find(self, item: str, original: str, after: bool | None = None) -> PhotoLink | None:
        """The photo at this item, else the same one elsewhere; in this stage where it is in both. None when the
        document has it nowhere."""
        keys = [(item, original), (original,)]
        if after is not None:
            stage = _stage(after)
            keys = [(item, original, stage), (item, original), ("", original, stage), (original,)]
        return next((self._known[key] for key in keys if key in self._known), None)

    def key(self, item: str, original: str, after: bool | None = None) -> str:
        """The `print_key` of that photo; that of none for a photo that is not there."""
        link = self.find(item, original, after)
        return print_key(link) if link is not None else f"{original}/"


def _stage(after: bool) -> str:
    return "after" if after else "before"


def number_photos(record: Record) -> dict[str, int]:
    """照片1, 照片2 … by `print_key`: those of findings in their order, then the others."""
    numbers: dict[str, int] = {}
    named = Named(record.photos)
    for finding in record.findings:
        for originals, after in ((finding.photos, False), (finding.after_photos, True)):
            for original in originals:
                numbers.setdefault(named.key(finding.item, original, after), len(numbers) + 1)
    for link in record.photos:
        numbers.setdefault(print_key(link), len(numbers) + 1)
    return numbers


def row_height(row: PhotoRow) -> float:
    """What a row takes of the page, with its captions and the gap below."""
    return max(p.tall for p in row if p is not None) + GAP


def usual_height(count: int) -> float:
    """How tall so many photos are wished in rows that are as wide as the page."""
    return _HEIGHT_OF_FEW if count <= _FEW else _HEIGHT_OF_MANY


class PhotoPrinter:
    """Sets photos with their captions and draws them; of one that was taken on `day` only the time is told."""

    def __init__(self, flow: Flow, numbers: Mapping[str, int], day: date, photos: Mapping[Sha256, Path]) -> None:
        self._flow = flow
        self._day = day
        self._numbers = numbers
        self._photos = photos

    def rows(self, links: Sequence[PhotoLink], width: float, height: float, stage: str = "") -> list[PhotoRow]:
        """Rows of photos of one height each, near `height`, that fill `width`; the last may stay short."""
        return [[self.print(link, w, h, stage) for link, w, h in row] for row in _rows(links, width, height)]

    def pairs(self, before: Sequence[PhotoLink], after: Sequence[PhotoLink], width: float) -> list[PhotoRow]:
        """Before at the left, after at the right; where one has no fellow its half stays empty."""
        cell = (width - GAP) / 2
        return [
            [
                self._fitted(links[place], cell, say(f"photo.{stage}")) if place < len(links) else None
                for links, stage in ((before, "before"), (after, "after"))
            ]
            for place in range(max(len(before), len(after)))
        ]

    def head_pairs(self, x: float, y: float, width: float, *, without_before: bool) -> None:
        """改前 and 改后 above their columns; says so when nobody took a photo before."""
        sheets, half = self._flow.sheets, (width + GAP) / 2
        for place, stage in enumerate(("before", "after")):
            word = set_line(say(f"photo.{stage}"), 9.0, FontRole.HEI)
            sheets.line(x + place * half, y + baseline(PAIR_HEAD - 3, 9.0), word)
        if without_before:
            sheets.line(x, y + PAIR_HEAD + 9, set_line(say("photo.no_before"), 9.0), 0.3)

    def place(self, row: PhotoRow, x: float, y: float) -> None:
        """Draws a row with its captions. Raises Problem photo-missing."""
        sheets = self._flow.sheets
        half = max((print_.cell for print_ in row if print_), default=0.0)
        for print_ in row:
            if print_ is None:
                x += half + GAP
                continue
            path = self._photos.get(print_.link.photo.printed)
            if path is None:
                raise Problem("photo-missing", item=print_.link.item)
            sheets.picture(path, x, y, print_.width, print_.height)
            at = y + print_.height + 3
            for line in print_.caption:
                sheets.line(x, at + baseline(_CAPTION_LEADING, line.size), line)
                at += _CAPTION_LEADING
            x += print_.cell + GAP

    def print(self, link: PhotoLink, width: float, height: float, stage: str = "") -> Print:
        """The photo in this size."""
        cell = max(width, NARROWEST)
        return Print(link, width, height, self._caption(link, cell, stage), cell)

    def _fitted(self, link: PhotoLink, cell: float, stage: str) -> Print:
        photo = link.photo
        scale = min(cell / photo.width, _PAIR_HEIGHT / photo.height)
        return Print(link, photo.width * scale, photo.height * scale, self._caption(link, cell, stage), cell)

    def _caption(self, link: PhotoLink, width: float, stage: str) -> list[Line]:
        """At most two lines: a caption that is longer gives up its middle; then, if need be, it is set smaller."""
        number, words = self._numbers[print_key(link)], " ".join(link.caption.split())

        def lines(said: str, size: float = _CAPTION) -> list[Line]:
            text = wording.caption(replace(link, caption=said), number, self._day, stage)
            return break_lines([Run(text)], width, size, align=Align.LEFT)

        set_ = lines(words)
        if len(set_) <= _CAPTION_LINES:
            return set_
        set_ = lines(elided(words, lambda said: len(lines(said)) <= _CAPTION_LINES))
        size = _CAPTION
        while len(set_) > _CAPTION_LINES and size > _SMALLEST_CAPTION:
            size -= 0.4
            set_ = lines("", size)
        return set_


def _rows(links: Sequence[PhotoLink], width: float, height: float) -> list[list[tuple[PhotoLink, float, float]]]:
    """Photos in rows. A row takes one more as long as that brings it nearer to the height that is wished; a narrow
    photo takes as much of its row as its caption needs."""
    rows: list[list[PhotoLink]] = []
    for link in links:
        if rows and _wants(rows[-1], link, width, height):
            rows[-1].append(link)
        else:
            rows.append([link])
    return [_row(row, height * _STRETCH if row is not rows[-1] or len(rows) == 1 else height, width) for row in rows]


def _wants(row: Sequence[PhotoLink], link: PhotoLink, width: float, height: float) -> bool:
    if _cells([*row, link], height) <= width:
        return True
    without, within = _fill(row, width, _STRETCH * height), _fill([*row, link], width, height)
    return within > height * 0.5 and abs(within - height) < abs(without - height)


def _fill(links: Sequence[PhotoLink], width: float, tallest: float) -> float:
    """The height at which photos fill a width, at most `tallest`; 0 when their captions alone are wider."""
    low, high = 0.0, tallest
    if _cells(links, high) > width:
        for _ in range(30):
            middle = (low + high) / 2
            low, high = (middle, high) if _cells(links, middle) <= width else (low, middle)
        return low
    return tallest


def _row(links: Sequence[PhotoLink], tallest: float, width: float) -> list[tuple[PhotoLink, float, float]]:
    """The photos as tall as `width` allows, at most `tallest`."""
    high = _fill(links, width, tallest) or tallest
    return [(link, high * link.photo.width / link.photo.height, high) for link in links]


def _cells(links: Sequence[PhotoLink], height: float) -> float:
    """The width that photos of this height take in a row."""
    ratios = (link.photo.width / link.photo.height for link in links)
    return sum(max(height * ratio, NARROWEST) for ratio in ratios) + GAP * (len(links) - 1)
