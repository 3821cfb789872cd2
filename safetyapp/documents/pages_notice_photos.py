"""The annex of a notice: 附：隐患照片, the photos of every finding in the order of the table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from safetyapp.documents.flow import Flow
from safetyapp.documents.pages_photos import Named, PhotoPrinter, Print, print_key, row_height
from safetyapp.documents.wording import say
from safetyapp.domain.inspection import Sha256
from safetyapp.domain.notice import Notice, NoticedFinding
from safetyapp.domain.problem import Problem

_HEIGHTS, _HEIGHT_OF_MANY = ((6, 184.0), (12, 140.0)), 108.0
"""How tall photos are wished, in points, for up to so many."""

_GAP = 4.0
_LONGEST_PLACE, _WITH_PLACE = 14, 150.0
"""Characters, and the least width of a photo in points; another place is read in the table, where the photo's number
leads."""


def number_notice_photos(record: Notice) -> dict[str, int]:
    """照片1, 照片2 … by `print_key`: those of findings in their order, then the others."""
    numbers: dict[str, int] = {}
    named = Named(record.photos)
    for key in (
        *(named.key(finding.finding.finding, photo) for finding in record.findings for photo in finding.photos),
        *(print_key(link) for link in record.photos),
    ):
        numbers.setdefault(key, len(numbers) + 1)
    return numbers


def draw_notice_photos(flow: Flow, record: Notice, numbers: Mapping[str, int], photos: Mapping[Sha256, Path]) -> None:
    """A fresh page and as many more as the photos need; nothing without photos. One that several findings share stands
    at the first. Raises Problem photo-missing."""
    if not numbers:
        return
    links = {print_key(link): link for link in reversed(record.photos)}
    named = Named(record.photos)
    of: dict[str, NoticedFinding] = {}
    for finding in record.findings:
        for original in finding.photos:
            key = named.key(finding.finding.finding, original)
            of.setdefault(key, finding)
            if key not in links:
                raise Problem("photo-missing", item=finding.finding.finding)
    height = next((tall for most, tall in _HEIGHTS if len(numbers) <= most), _HEIGHT_OF_MANY)
    printer = PhotoPrinter(flow, numbers, record.inspected_on, photos)
    placed = printer.rows([links[key] for key in numbers], flow.width, height)
    rows = [[_told(printer, one, of) for one in row if one is not None] for row in placed]
    flow.turn()
    flow.heading(say("notice.photos"), keep=row_height(rows[0]), size=12.5)
    flow.y += 3
    for row in rows:
        tall = row_height(row) + _GAP
        flow.need(tall)
        printer.place(row, flow.left, flow.y)
        flow.y += tall


def _told(printer: PhotoPrinter, print_: Print, of: Mapping[str, NoticedFinding]) -> Print:
    """The photo with its finding's number, which is never shortened, and, where there is room, the place."""
    link = print_.link
    finding = of.get(print_key(link))
    if finding is None:
        return print_
    place = " ".join(finding.finding.place.split())
    if len(place) <= _LONGEST_PLACE and print_.width >= _WITH_PLACE:
        link = replace(link, caption="　".join(part for part in (place, link.caption.strip()) if part))
    stage = say("notice.photo_of", number=finding.finding.number)
    return printer.print(link, print_.width, print_.height, stage)
