"""The annex 附件 of an official paper: the photos of its findings, from a new page, inside the text area."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from safetyapp.documents.flow import Flow
from safetyapp.documents.fonts import FontRole
from safetyapp.documents.official import (
    BOTTOM,
    LARGE,
    LEFT,
    WIDTH,
    Grid,
    Row,
    fitted,
    set_rows,
)
from safetyapp.documents.pages_photos import GAP, Named, PhotoPrinter, PhotoRow, print_key, row_height
from safetyapp.documents.sheet import MM
from safetyapp.documents.typeset import Run
from safetyapp.documents.wording import say
from safetyapp.domain.inspection import PhotoLink, Sha256
from safetyapp.domain.notice import Extension, Notice, Supervision

_HEIGHTS = (150.0, 140.0, 130.0, 120.0, 110.0, 100.0)
"""How tall photos are wished, in points: the tallest that lets all stand on one page."""

_HEIGHT_OF_MANY = 118.0
_FOOT = 28 * MM
"""What is left to the foot on an even page."""


def number_photos(paper: Notice | Supervision | Extension) -> dict[str, int]:
    """照片1, 照片2 … by `print_key`: those of findings in their order, then the others."""
    named = Named(paper.photos)
    numbers: dict[str, int] = {}
    for finding in paper.findings if isinstance(paper, Notice) else ():
        for original in finding.photos:
            link = named.find(finding.finding.finding, original)
            if link is not None:
                numbers.setdefault(print_key(link), len(numbers) + 1)
    for link in paper.photos:
        numbers.setdefault(print_key(link), len(numbers) + 1)
    return numbers


def draw_annex(
    grid: Grid,
    paper: Notice | Supervision | Extension,
    title: str,
    numbers: Mapping[str, int],
    photos: Mapping[Sha256, Path],
) -> float:
    """附件 at the head of a new page, the title on the third line, then the photos in rows. Returns where they end on
    the last page. Raises Problem photo-missing."""
    grid.turn()
    grid.put(set_rows(Run(say("official.annex"), FontRole.HEI), indent=0.0, mark=title)[0])
    grid.put(Row())
    grid.centre(fitted(title, WIDTH, LARGE, FontRole.TITLE))
    grid.put(Row())
    y = grid.y
    printer = PhotoPrinter(Flow(grid.sheets, lambda: None), numbers, paper.dated_on, photos)
    links = {print_key(link): link for link in reversed(paper.photos)}
    stages = _stages(paper)
    shown = [links[key] for key in numbers]
    room = BOTTOM - y - (_FOOT if grid.count % 2 == 0 else 0.0)
    for plain in _rows(printer, shown, room):
        row = [printer.print(p.link, p.width, p.height, stages.get(print_key(p.link), "")) for p in plain if p]
        if y + row_height(row) - GAP > BOTTOM:
            grid.turn()
            y = grid.y
        printer.place(row, LEFT, y)
        y += row_height(row)
    return y - GAP


def _rows(printer: PhotoPrinter, links: Sequence[PhotoLink], room: float) -> list[PhotoRow]:
    """The rows of a grid that ends within `room` where that is possible."""
    for height in _HEIGHTS:
        rows = printer.rows(links, WIDTH, height)
        if sum(row_height(row) for row in rows) - GAP <= room:
            return rows
    return printer.rows(links, WIDTH, _HEIGHT_OF_MANY)


def _stages(paper: Notice | Supervision | Extension) -> dict[str, str]:
    """第1项: which finding of the notice a photo shows, by `print_key`; the first that names it."""
    stages: dict[str, str] = {}
    named = Named(paper.photos)
    for noticed in paper.findings if isinstance(paper, Notice) else ():
        for original in noticed.photos:
            stages.setdefault(
                named.key(noticed.finding.finding, original), say("official.item_number", n=noticed.finding.number)
            )
    return stages
