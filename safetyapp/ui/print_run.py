"""Prints one job page by page: drawn and painted on the page thread, so that the window stays free and stops anywhere.

One document is open at a time, and one page at 300 dpi in memory, however long the job is.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, QRectF, Signal
from PySide6.QtGui import QImage, QPainter
from PySide6.QtPrintSupport import QPrinter

from safetyapp.domain.print_job import BLANK, COVER, Place, PrintJob, count_pages, fit, sequence
from safetyapp.domain.problem import Cancelled, Problem
from safetyapp.ui.jobs import CLOSING, Job, Jobs
from safetyapp.ui.tools import Pages

DPI = 300
BAND = 200
"""Rows painted at once: painting holds the interpreter, and the window must have its turn in between."""

ReadDocument = Callable[[int], bytes]
"""The bytes of the document with this number in the job, or of the list for COVER."""


class PrintRun(QObject):
    """Prints the sides of a job from `start` on. `job.cancel()` stops it after the page that is being painted; what was
    painted is printed."""

    progressed = Signal(int, int)
    """Pages painted by this run, and how many it has."""
    ended = Signal(int, object)
    """The side (its index) that would have been next, and the error that stopped it: None when it is done, Cancelled
    when a person stopped it."""

    def __init__(
        self,
        jobs: Jobs,
        job: PrintJob,
        printer: QPrinter,
        read: ReadDocument,
        open_pages: Callable[[bytes], Pages],
        start: int = 0,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._jobs = jobs
        self._sides = sequence(job)
        self._next = start
        self._start = start
        self._total = count_pages(self._sides[start:])
        self._session = _Session(printer, read, open_pages)
        self.job = Job("print")

    def begin(self) -> None:
        self._go_on()

    @property
    def place(self) -> Place | None:
        """What is painted next; None at the end."""
        return self._sides[self._next] if self._next < len(self._sides) else None

    def _go_on(self) -> None:
        place = self.place
        if self.job.is_cancelled or place is None:
            self._end(Cancelled() if place is not None else None)
            return
        session = self._session
        self._jobs.render(lambda: session.print(place), self._on_printed, self._end, owner=self, name="print")

    def _on_printed(self, _: None) -> None:
        self._next += 1
        self.progressed.emit(count_pages(self._sides[self._start : self._next]), self._total)
        self._go_on()

    def _end(self, error: Exception | None) -> None:
        session = self._session

        def done(_: None) -> None:
            self.ended.emit(self._next, error)

        self._jobs.render(session.close, done, lambda worse: self.ended.emit(self._next, worse), self, CLOSING)

    def shut(self, then: Callable[[int], object]) -> None:
        """The window ends: what was painted is printed, and the open file let go; nobody is told that it ended, but
        `then` is called on the page thread with the side that would have been next."""
        self.job.cancel()
        session, start = self._session, self._start

        def close() -> None:
            session.close()
            then(start + session.painted)

        self._jobs.render(close, name=CLOSING)


class _Session:
    """The printer while it prints, and the document that is open. Touched on the page thread only."""

    def __init__(self, printer: QPrinter, read: ReadDocument, open_pages: Callable[[bytes], Pages]) -> None:
        self._printer, self._read, self._open_pages = printer, read, open_pages
        self._painter: QPainter | None = None
        self._pages: Pages | None = None
        self._number = COVER - 1
        self._closed = False
        self.painted = 0
        """Sides."""

    def print(self, place: Place) -> None:
        """Raises Problem printer-silent, and what reading and drawing the document raise."""
        if self._closed:
            raise Cancelled
        pages = None if place.page == BLANK else self._open(place.document)
        self._turn()
        if pages is not None:
            self._paint(pages, place.page - 1)
        if self._printer.printerState() in (QPrinter.PrinterState.Error, QPrinter.PrinterState.Aborted):
            raise self._silent()
        self.painted += 1

    def close(self) -> None:
        """Ends the job at the printer: what was painted comes out."""
        self._closed = True
        self._let_go()
        if self._painter is not None:
            painter, self._painter = self._painter, None
            painter.end()

    def _turn(self) -> None:
        """The next side of paper, the first one included."""
        if self._painter is None:
            painter = QPainter()
            if not painter.begin(self._printer):
                raise self._silent()
            painter.setRenderHint(QPainter.RenderHint.LosslessImageRendering)
            self._painter = painter
        elif not self._printer.newPage():
            raise self._silent()

    def _open(self, number: int) -> Pages:
        if self._pages is None or number != self._number:
            self._let_go()
            self._pages, self._number = self._open_pages(self._read(number)), number
        return self._pages

    def _let_go(self) -> None:
        if self._pages is not None:
            self._pages.close()
            self._pages = None

    def _paint(self, pages: Pages, page: int) -> None:
        """The page at 300 dpi in its place, band by band."""
        assert self._painter is not None
        size = pages.size(page)
        width, height, line, data = pages.render(page, round(size[0] * DPI / 72))
        printer, painter = self._printer, self._painter
        paper = printer.paperRect(QPrinter.Unit.Point)
        placed = fit(size, (paper.width(), paper.height()))
        # a point of the picture is a whole number of the printer's, where its resolution is a multiple of ours: else
        # letters blur and bands show their edges
        point = 72 / DPI * placed.width / (size[1] if placed.turned else size[0])
        painter.save()
        painter.scale(printer.logicalDpiX() / 72 * point, printer.logicalDpiY() / 72 * point)
        painter.translate(round(placed.x / point), round(placed.y / point))
        if placed.turned:
            painter.translate(0, width)
            painter.rotate(-90)
        whole = memoryview(data)
        for top in range(0, height, BAND):
            rows = min(BAND, height - top)
            band = bytes(whole[top * line : (top + rows) * line])
            image = QImage(band, width, rows, line, QImage.Format.Format_RGB32)
            painter.drawImage(QRectF(0, top, width, rows), image)
        painter.restore()

    def _silent(self) -> Problem:
        return Problem("printer-silent", printer=printer_name(self._printer))


def printer_name(printer: QPrinter) -> str:
    """Of a printer its name, of one that writes a file the file's."""
    return printer.printerName() or Path(printer.outputFileName()).name
