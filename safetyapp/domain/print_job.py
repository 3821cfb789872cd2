"""What is to be printed, sheet by sheet, where a stopped job goes on, and what the print log says of it."""

from __future__ import annotations

from collections.abc import Container, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from safetyapp.domain.document import DocumentRow

COVER = -1
"""The place of the cover list among the documents of a job."""
BLANK = 0
"""The page of an empty back, which lets the next copy begin on a new sheet."""

_TOLERANCE = 2.9
"""Points: paper that is smaller by less than a millimetre takes the page at its own size."""


@dataclass(frozen=True, slots=True)
class PrintDocument:
    """A document of a job, and how many pages it has."""

    row: DocumentRow
    pages: int


class Place(NamedTuple):
    """One side of a sheet: the document (from 0, or COVER), the copy (from 1) and the page (from 1, or BLANK)."""

    document: int
    copy: int
    page: int


@dataclass(frozen=True, slots=True)
class PrintJob:
    """Documents in their order. `ranges` are first and last pages of each document, all of it when there is none;
    `cover_pages` counts those of the list that comes first, 0 without one. `collate`: copy by copy, not page by
    page."""

    id: str
    documents: tuple[PrintDocument, ...]
    copies: int = 1
    both_sides: bool = False
    collate: bool = True
    ranges: tuple[tuple[int, int], ...] = ()
    cover_pages: int = 0


@dataclass(frozen=True, slots=True)
class PrintLogEntry:
    """That a document was printed: `copies` came out whole, `pages` in all. `is_reprint`: some of it had been printed
    before. `job` is shared by what was printed together, also when it was stopped and went on later."""

    job: str
    sha256: str
    number: str
    title: str
    school: str
    who: str
    at: datetime
    copies: int
    pages: int
    printer: str
    is_reprint: bool = False


class Fitted(NamedTuple):
    """Where a page stands on the paper, from its top left corner; `turned`: a quarter to the left."""

    turned: bool
    x: float
    y: float
    width: float
    height: float


def pages_of(job: PrintJob, document: int) -> tuple[int, ...]:
    """The pages of a document (or COVER) that are printed, in order, each once."""
    if document == COVER:
        return tuple(range(1, job.cover_pages + 1))
    count = job.documents[document].pages
    if not job.ranges:
        return tuple(range(1, count + 1))
    wanted = {page for first, last in job.ranges for page in range(max(1, first), min(last, count) + 1)}
    return tuple(sorted(wanted))


def sequence(job: PrintJob) -> tuple[Place, ...]:
    """Every side in the order in which it leaves the printer. Printed on both sides, two neighbours are a sheet, and
    each copy begins on a new one."""
    cover = _sides(job, COVER, 1)
    return cover + tuple(place for n in range(len(job.documents)) for place in _sides(job, n, job.copies))


def _sides(job: PrintJob, document: int, copies: int) -> tuple[Place, ...]:
    pages, sides = list(pages_of(job, document)), 2 if job.both_sides else 1
    pages += [BLANK] * (-len(pages) % sides)
    sheets = [pages[at : at + sides] for at in range(0, len(pages), sides)]
    if job.collate:
        order = [(copy, sheet) for copy in range(1, copies + 1) for sheet in sheets]
    else:
        order = [(copy, sheet) for sheet in sheets for copy in range(1, copies + 1)]
    return tuple(Place(document, copy, page) for copy, sheet in order for page in sheet)


def sheet_start(job: PrintJob, index: int) -> int:
    """The front of the sheet whose side has this index in the sequence: printing goes on with a whole sheet."""
    return index - index % 2 if job.both_sides else index


def remaining(job: PrintJob, place: Place) -> tuple[Place, ...]:
    """What is still to be printed when printing goes on at a place. Raises ValueError for one that is not printed."""
    sides = sequence(job)
    return sides[sheet_start(job, sides.index(place)) :]


def count_pages(places: Iterable[Place]) -> int:
    """How many pages people see; empty backs do not count."""
    return sum(1 for place in places if place.page != BLANK)


def log_entries(
    job: PrintJob,
    start: int,
    stop: int,
    *,
    reached: int,
    printed_before: Container[str],
    who: str,
    at: datetime,
    printer: str,
) -> tuple[PrintLogEntry, ...]:
    """What the log says after the sides from `start` up to `stop` have been printed. The job had come as far as
    `reached` before, and the documents with these hashes had been printed by others."""
    sides = sequence(job)
    last = {(place.document, place.copy): index for index, place in enumerate(sides) if place.page != BLANK}
    indices: dict[int, list[int]] = {}
    for index in range(start, stop):
        if sides[index].page != BLANK and sides[index].document != COVER:
            indices.setdefault(sides[index].document, []).append(index)
    entries = []
    for number, printed in indices.items():
        row = job.documents[number].row
        again = row.sha256 in printed_before or printed[0] < reached
        whole = sum(1 for copy in range(1, job.copies + 1) if start <= last[number, copy] < stop)
        entries.append(
            PrintLogEntry(
                job.id, row.sha256, row.number, row.title, row.school, who, at, whole, len(printed), printer, again
            )
        )
    return tuple(entries)


def fit(page: tuple[float, float], paper: tuple[float, float]) -> Fitted:
    """A page at its own size in the middle of the paper, made smaller only where the paper is smaller; a page that
    lies across is turned. All sizes in points."""
    turned = (page[0] > page[1]) != (paper[0] > paper[1]) and page[0] != page[1]
    width, height = (page[1], page[0]) if turned else page
    scale = min(1.0, paper[0] / width, paper[1] / height)
    if width - paper[0] < _TOLERANCE and height - paper[1] < _TOLERANCE:
        scale = 1.0
    width, height = width * scale, height * scale
    return Fitted(turned, (paper[0] - width) / 2, (paper[1] - height) / 2, width, height)
