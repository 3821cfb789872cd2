"""The end of a paper that an office stamps: its name and the day, with a place for the seal that stays blank."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from safetyapp.documents import wording
from safetyapp.documents.flow import Flow, baseline
from safetyapp.documents.sheet import MM
from safetyapp.documents.typeset import Align, Line, Run, balanced, break_lines, set_line

SEAL = 42 * MM
"""The diameter of a seal, an office's or a school's, in points."""

_LEADING = 22.0
_ASIDE = 40 * MM
"""How far the seal's middle lies from the right margin, unless a long name moves it."""


@dataclass(frozen=True, slots=True)
class SealPlace:
    """The circle that a seal covers: its page (from 0) and its middle, in points from the page's top left."""

    page: int
    x: float
    y: float
    radius: float = SEAL / 2


def seal_height(issuer: str, width: float, size: float) -> float:
    """What name, day and seal take of a page that is `width` points wide."""
    return max(SEAL, (len(_name(issuer, width, size)[0]) + 1) * _LEADING)


def draw_seal(flow: Flow, issuer: str, dated_on: date, size: float = 12.0) -> SealPlace:
    """Name and day at the right, in the middle of the circle; the whole height stays free of all else."""
    height = seal_height(issuer, flow.width, size)
    flow.need(height)
    lines, middle = _name(issuer, flow.width, size)
    day = set_line(wording.day(dated_on), size)
    x = flow.left + middle
    y = flow.y + (height - (len(lines) + 1) * _LEADING) / 2
    for line in (*lines, day):
        flow.sheets.line(x - (line.left + line.right) / 2, y + baseline(_LEADING, size), line)
        y += _LEADING
    place = SealPlace(len(flow.sheets.pages) - 1, x, flow.y + height / 2)
    flow.y += height
    return place


def _name(issuer: str, width: float, size: float) -> tuple[list[Line], float]:
    """The issuer's name in lines, and how far from the left margin their middle lies."""
    name = " ".join(issuer.split())
    lines = break_lines([Run(name)], width * 0.62, size, align=Align.LEFT)
    if len(lines) > 1:
        lines = balanced(name, width * 0.62, size)
    widest = max(line.width for line in lines)
    return lines, width - max(_ASIDE, widest / 2 + 1.5 * size)
