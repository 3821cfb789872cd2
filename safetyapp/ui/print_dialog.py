"""The system's print dialogue: printer, copies, pages, both sides. The copies we print ourselves."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from PySide6.QtGui import QPageRanges, QPageSize
from PySide6.QtPrintSupport import QAbstractPrintDialog, QPrintDialog, QPrinter, QPrinterInfo
from PySide6.QtWidgets import QWidget

from safetyapp.domain.print_job import PrintJob
from safetyapp.domain.problem import Problem


def ask_printer(parent: QWidget, title: str, job: PrintJob) -> QPrinter | None:
    """Asks; None when the person changed their mind. Raises Problem no-printer."""
    if not QPrinterInfo.availablePrinterNames():
        raise Problem("no-printer")
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    dialog = make_dialog(printer, parent, title, job)
    try:
        return printer if dialog.exec() == QPrintDialog.DialogCode.Accepted else None
    finally:
        dialog.deleteLater()


def make_dialog(printer: QPrinter, parent: QWidget, title: str, job: PrintJob) -> QPrintDialog:
    """The dialogue for a job; pages can be chosen where there is one document only."""
    printer.setCopyCount(job.copies)
    dialog = QPrintDialog(printer, parent)
    dialog.setWindowTitle(title)
    options = QAbstractPrintDialog.PrintDialogOption
    dialog.setOption(options.PrintSelection, False)
    dialog.setOption(options.PrintCurrentPage, False)
    alone = len(job.documents) == 1
    dialog.setOption(options.PrintPageRange, alone)
    if alone:
        dialog.setMinMax(1, job.documents[0].pages)
    return dialog


def as_chosen(job: PrintJob, printer: QPrinter) -> PrintJob:
    """The job with what the person chose. The printer itself is left with one copy of all pages: a job that goes on
    after a jam has to know which copy it was at."""
    copies, collate = max(1, printer.copyCount()), printer.collateCopies()
    both_sides = printer.duplex() in (QPrinter.DuplexMode.DuplexLongSide, QPrinter.DuplexMode.DuplexShortSide)
    ranges: tuple[tuple[int, int], ...] = ()
    if printer.printRange() is QPrinter.PrintRange.PageRange:
        ranges = tuple((chosen.from_, chosen.to) for chosen in printer.pageRanges().toRangeList())
    printer.setCopyCount(1)
    printer.setPrintRange(QPrinter.PrintRange.AllPages)
    printer.setPageRanges(QPageRanges())
    return replace(job, copies=copies, collate=collate, both_sides=both_sides, ranges=ranges)


def make_ready(printer: QPrinter, title: str) -> None:
    """Before printing: the paper's corner is where we measure from; a file is not written over by the next run."""
    printer.setFullPage(True)
    printer.setDocName(title)
    printer.setCreator("safetyapp")
    name = printer.outputFileName()
    if name and Path(name).exists() and Path(name).stat().st_size:
        printer.setOutputFileName(str(_free(Path(name))))


def _free(path: Path) -> Path:
    number = 2
    while (other := path.with_name(f"{path.stem}-{number}{path.suffix}")).exists():
        number += 1
    return other
