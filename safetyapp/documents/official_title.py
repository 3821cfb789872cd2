"""Where the title of an official paper is broken: in the shape of a trapezoid or a diamond, no word cut in two.

GB/T 9704-2012 asks for 词意完整, 排列对称 and 梯形或菱形. What is a word nobody marks, so names that the record
holds and a short list of office words are kept whole where the line allows it.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence

from safetyapp.documents.breaking import find_breaks, trimmed
from safetyapp.documents.fonts import FontRole
from safetyapp.documents.typeset import text_width

_CUT_WORD, _CUT_NAME = 60.0, 25.0
"""What a break inside a word costs, and inside a name longer than a line, against the squares of ems that a line
differs from the shape."""

_ONE_MORE = 25.0
_STEP = 0.14
"""How much longer than the mean a line of the shape is than its neighbour."""


def break_title(text: str, width: float, size: float, whole: Iterable[str], spare: int = 2) -> list[str]:
    """The lines of a title, as few as its words allow: up to `spare` more than it needs. `whole` is not cut where it
    fits into a line."""
    room = width / size
    ems = [text_width(c, 1.0, FontRole.TITLE) for c in text]
    starts = [0.0]
    for em in ems:
        starts.append(starts[-1] + em)
    if starts[-1] <= room:
        return [text]
    costs = _costs(text, whole, room)
    # a word longer than a line may be cut anywhere
    places = [0, *find_breaks(text)[0], len(text)]
    if any(starts[b] - starts[a] > room for a, b in itertools.pairwise(places)):
        places = list(range(len(text) + 1))
    best: tuple[float, list[int]] | None = None
    fewest = int(starts[-1] / room) + 1
    for count in range(fewest, len(text) + 1):
        if best is not None and count > fewest + spare:
            break
        for shape in _shapes(count):
            found = _fit(text, starts, places, costs, room, [starts[-1] * part for part in shape])
            if found is not None and (best is None or found[0] + _ONE_MORE * (count - fewest) < best[0]):
                best = (found[0] + _ONE_MORE * (count - fewest), found[1])
    cuts = best[1] if best else places
    return [text[a:b].strip() for a, b in itertools.pairwise(cuts)]


def _costs(text: str, whole: Iterable[str], room: float) -> dict[int, float]:
    """What it costs to break at each place; 的 and 等 stay with what is before them."""
    costs = {place: _CUT_WORD for place, c in enumerate(text) if place and c in "的等之"}
    for word in whole:
        cost = _CUT_NAME if text_width(word, 1.0, FontRole.TITLE) > room else _CUT_WORD
        at = text.find(word) if word else -1
        while at >= 0:
            for place in range(at + 1, at + len(word)):
                costs[place] = costs.get(place, 0.0) + cost
            at = text.find(word, at + 1)
    return costs


def _shapes(count: int) -> list[list[float]]:
    """The parts of the title's length that the lines of each allowed shape take: growing, shrinking, diamond."""
    middle = (count - 1) / 2
    up = [1 + _STEP * (place - middle) for place in range(count)]
    tall = [1 - _STEP * abs(place - middle) for place in range(count)]
    shapes = [up, up[::-1]] if count == 2 else [tall, up, up[::-1]] if count <= 4 else [tall]
    floors = [[max(0.3, part) for part in shape] for shape in shapes]
    return [[part / sum(shape) for part in shape] for shape in floors]


def _fit(
    text: str,
    starts: Sequence[float],
    places: Sequence[int],
    costs: Mapping[int, float],
    room: float,
    wanted: Sequence[float],
) -> tuple[float, list[int]] | None:
    """The cheapest way to fill the shape: its cost and where its lines begin and end; None where it does not fit."""
    reached: dict[int, tuple[float, list[int]]] = {0: (0.0, [0])}
    for target in wanted:
        following: dict[int, tuple[float, list[int]]] = {}
        for begin, (cost, way) in reached.items():
            for end in places:
                if end <= begin:
                    continue
                length = starts[trimmed(text, begin, end)] - starts[begin]
                if length > room:
                    break
                total = cost + (length - target) ** 2 + costs.get(end, 0.0)
                if end not in following or total < following[end][0]:
                    following[end] = (total, [*way, end])
        reached = following
    return reached.get(len(text))
