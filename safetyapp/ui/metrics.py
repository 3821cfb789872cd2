"""Sizes: every length and type size at 100 %, times the person's text scale. No literal sizes stand in widgets."""

from __future__ import annotations

from enum import Enum
from typing import NamedTuple

SCALES = (100, 125, 150, 200)


class Style(Enum):
    """A type style: (px at 100 %, line height at 100 %, weight). Only 400 and 600 exist in the bundled font."""

    DISPLAY = (60, 66, 600)
    FIGURE = (26, 34, 600)
    H1 = (20, 28, 600)
    H2 = (16, 26, 600)
    BODY = (14, 20, 400)
    STRONG = (14, 20, 600)
    COMPACT = (13, 18, 400)
    COMPACT_STRONG = (13, 18, 600)
    SMALL = (12, 16, 400)
    SMALL_STRONG = (12, 16, 600)
    MICRO = (11, 14, 400)
    MICRO_STRONG = (11, 14, 600)


class Metrics(NamedTuple):
    """Lengths for one text scale (1.0 to 2.0)."""

    scale: float = 1.0

    def px(self, length: float) -> int:
        """A length of the design in px of this scale; what was at least 1 stays at least 1."""
        return max(1, round(length * self.scale)) if length > 0 else 0

    def text(self, style: Style) -> int:
        return self.px(style.value[0])

    def line(self, style: Style) -> int:
        return self.px(style.value[1])

    def breadth(self, width: int) -> float:
        """A client width as the breakpoints count it: 1366, 1280, 1024, 854."""
        return width / self.scale

    # the named sizes of the design

    @property
    def control(self) -> int:
        return self.px(32)

    @property
    def chip(self) -> int:
        return self.px(22)

    @property
    def header(self) -> int:
        return self.px(52)

    @property
    def work_header(self) -> int:
        return self.px(48)

    @property
    def rail(self) -> int:
        return self.px(72)

    @property
    def rail_item(self) -> int:
        """As high as it is wide enough for; at the largest text the screen is not high enough for that."""
        return self.px(56 if self.scale < 2 else 46)

    @property
    def row(self) -> int:
        return self.px(48)

    @property
    def document_row(self) -> int:
        return self.px(62)

    @property
    def icon(self) -> int:
        return self.px(20)

    @property
    def radius_chip(self) -> int:
        return self.px(3)

    @property
    def radius(self) -> int:
        return self.px(4)

    @property
    def radius_card(self) -> int:
        return self.px(6)
