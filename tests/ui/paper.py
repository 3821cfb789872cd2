"""Printers for tests: each writes a PDF, and some stop on the way; and what their paper shows."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtGui import QPageSize
from PySide6.QtPrintSupport import QPrinter

from safetyapp.documents.preview import PageRenderer
from safetyapp.documents.sheet import Sheets
from safetyapp.domain.print_job import PrintJob


class PaperPrinter(QPrinter):
    """A printer whose paper is a PDF. It takes `pages` sides of paper before it jams; None never does."""

    def __init__(self, target: Path, *, copies: int = 1, pages: int | None = None, both_sides: bool = False) -> None:
        super().__init__(QPrinter.PrinterMode.HighResolution)
        self.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
        self.setOutputFileName(str(target))
        self.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
        self.setCopyCount(copies)
        self._left = pages
        self._both_sides = both_sides

    def newPage(self) -> bool:
        if self._left is not None:
            self._left -= 1
            if self._left < 1:
                self._left = None  # somebody takes the crumpled sheet out
                return False
        return super().newPage()

    def duplex(self) -> QPrinter.DuplexMode:
        """The engine of PDF files knows none."""
        return QPrinter.DuplexMode.DuplexLongSide if self._both_sides else QPrinter.DuplexMode.DuplexNone


def hands_out(*printers: QPrinter) -> Callable[[str, PrintJob], QPrinter]:
    """Stands for the system's dialogue: a person who takes these, one after the other."""
    waiting = list(printers)
    return lambda title, job: waiting.pop(0)


def marked_pdf(number: int, pages: int, wide: bool = False) -> bytes:
    """Pages that say which they are: squares at the top count the document, bars below them the page."""
    sheets = Sheets()
    for page in range(1, pages + 1):
        sheets.new_page(wide)
        for n in range(number + 1):
            sheets.filled(60 + 90 * n, 60, 70, 70)
        for n in range(page):
            sheets.filled(60 + 90 * n, 300, 70, 140)
    return sheets.write(lambda done, total: None)


def pages_shown(paper: bytes) -> list[tuple[int, int]]:
    """Document and page that each page of paper shows; (-1, 0) for an empty one."""
    with PageRenderer(paper) as renderer:
        found = []
        for page in range(renderer.count):
            drawn = renderer.render(page, 595)
            row, bar = (sum(drawn.data[y * drawn.stride + 4 * x] < 128 for x in range(95, 560, 90)) for y in (95, 370))
            found.append((row - 1, bar))
        return found
