"""Words across every page of a document that is nobody's paper, light enough to read what stands there."""

from __future__ import annotations

import math

from safetyapp.documents.fonts import FontRole
from safetyapp.documents.sheet import Sheets
from safetyapp.documents.typeset import set_line

_SIZE, _GREY, _ANGLE = 96.0, 0.90, 40.0


def draw_watermark(sheets: Sheets, words: str) -> None:
    """Three times down each page, slanted, and under what the page says: written first."""
    turn = math.radians(_ANGLE)
    cosine, sine = math.cos(turn), math.sin(turn)
    line = set_line(words, _SIZE, FontRole.HEI)
    for page in sheets.pages:
        content, page.marks = page.marks, []
        for height in (0.2, 0.5, 0.8):
            x = (page.width - line.right * cosine) / 2
            y = page.height * height - line.right * sine / 2
            page.marks.append(f"q {cosine:.4f} {sine:.4f} {-sine:.4f} {cosine:.4f} {x:.2f} {y:.2f} cm")
            sheets.line(0, page.height, line, _GREY, on=page)
            page.marks.append("Q")
        page.marks += content
