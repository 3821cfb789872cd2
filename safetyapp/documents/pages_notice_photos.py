"""The annex of a notice: 附：隐患照片, the photos of every finding in the order of the table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from safetyapp.documents.flow import Flow
from safetyapp.documents.pages_photos import PhotoPrinter, row_height
from safetyapp.documents.wording import say
from safetyapp.domain.inspection import PhotoLink, Sha256
from safetyapp.domain.notice import Notice, NoticedFinding
from safetyapp.domain.problem import Problem

_HEIGHTS, _HEIGHT_OF_MANY = ((6, 184.0), (12, 140.0)), 108.0
"""How tall photos are wished, in points, for up to so many."""

_GAP = 4.0
_LONGEST_PLACE = 14
"""Characters; a longer place is read in the table, where the photo's number leads."""


def number_notice_photos(record: Notice) -> dict[str, int]:
    """照片1, 照片2 … by the original's hash: those of findings in their order, then the others."""
    numbers: dict[str, int] = {}
    for original in (
        *(photo for finding in record.findings for photo in finding.photos),
        *(link.photo.original for link in record.photos),
    ):
        numbers.setdefault(original, len(numbers) + 1)
    return numbers


def draw_notice_photos(flow: Flow, record: Notice, numbers: Mapping[str, int], photos: Mapping[Sha256, Path]) -> None:
    """A fresh page and as many more as the photos need; nothing without photos. One that several findings share stands
    at the first. Raises Problem photo-missing."""
    if not numbers:
        return
    links = {link.photo.original: link for link in reversed(record.photos)}
    of: dict[str, NoticedFinding] = {}
    for finding in record.findings:
        for original in finding.photos:
            of.setdefault(original, finding)
            if original not in links:
                raise Problem("photo-missing", item=finding.finding.finding)
    told = [_told(links[Sha256(original)], of.get(original)) for original in numbers]
    height = next((tall for most, tall in _HEIGHTS if len(told) <= most), _HEIGHT_OF_MANY)
    printer = PhotoPrinter(flow, numbers, record.inspected_on, photos)
    rows = printer.rows(told, flow.width, height)
    flow.turn()
    flow.heading(say("notice.photos"), keep=row_height(rows[0]), size=12.5)
    flow.y += 3
    for row in rows:
        tall = row_height(row) + _GAP
        flow.need(tall)
        printer.place(row, flow.left, flow.y)
        flow.y += tall


def _told(link: PhotoLink, finding: NoticedFinding | None) -> PhotoLink:
    """The photo with the finding's number and, where that is short, its place before its caption."""
    if finding is None:
        return link
    place = " ".join(finding.finding.place.split())
    parts = (
        say("notice.photo_of", number=finding.finding.number),
        place if len(place) <= _LONGEST_PLACE else "",
        link.caption.strip(),
    )
    return replace(link, caption="　".join(part for part in parts if part))
