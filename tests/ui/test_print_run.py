"""Pages on paper: as they look in the preview, in their order, from any page on, one at a time in memory."""

from __future__ import annotations

from pathlib import Path

import pikepdf
import pytest
from PIL import Image, ImageChops, ImageStat
from PySide6.QtCore import QTimer
from PySide6.QtPrintSupport import QAbstractPrintDialog, QPrintDialog, QPrinterInfo
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from safetyapp.documents.preview import PageRenderer
from safetyapp.domain.print_job import PrintDocument, PrintJob, sequence
from safetyapp.domain.problem import Cancelled, Problem
from safetyapp.ui import print_run
from safetyapp.ui.jobs import Jobs
from safetyapp.ui.print_dialog import as_chosen, ask_printer, make_dialog, make_ready
from safetyapp.ui.print_run import DPI, PrintRun
from safetyapp.ui.tools import Pages
from tests.documents.examples import make_example
from tests.documents.reading import draw
from tests.store.examples import document
from tests.ui.paper import PaperPrinter, marked_pdf, pages_shown


@pytest.fixture
def coarse(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where it only matters which pages come."""
    monkeypatch.setattr(print_run, "DPI", 50)


def count_of(data: bytes) -> int:
    with PageRenderer(data) as renderer:
        return renderer.count


class Paper:
    """A job over some PDFs: prints it and says how it ended."""

    def __init__(self, jobs: Jobs, *files: bytes, **options: object) -> None:
        self.jobs, self.files = jobs, files
        self.job = PrintJob(
            "job",
            tuple(PrintDocument(document(n)[0], count_of(data)) for n, data in enumerate(files)),
            **options,  # type: ignore[arg-type]
        )
        self.open = self.most = 0

    def pages(self, data: bytes) -> Pages:
        paper, renderer = self, PageRenderer(data)

        class Counted:
            count = renderer.count
            size = staticmethod(renderer.size)
            render = staticmethod(renderer.render)

            def close(self) -> None:
                paper.open -= 1
                renderer.close()

        self.open += 1
        self.most = max(self.most, self.open)
        return Counted()

    def print(self, printer: PaperPrinter, start: int = 0, stop: int | None = None) -> tuple[int, Exception | None]:
        make_ready(printer, "test")
        run = PrintRun(self.jobs, self.job, printer, lambda number: self.files[number], self.pages, start)
        told: list[tuple[int, Exception | None]] = []
        run.ended.connect(lambda index, error: told.append((index, error)))
        if stop is not None:
            run.progressed.connect(lambda done, total: run.job.cancel() if done >= stop else None)
        run.begin()
        assert self.jobs.settle(30)
        assert self.open == 0
        (ended,) = told
        run.deleteLater()
        return ended


def picture(data: bytes, page: int, width: int) -> Image.Image:
    with PageRenderer(data) as renderer:
        drawn = renderer.render(page, width)
    return Image.frombuffer("RGB", (drawn.width, drawn.height), drawn.data, "raw", "BGRX", drawn.stride, 1)


def ink(image: Image.Image) -> float:
    """How black the paper is altogether."""
    return 255 - ImageStat.Stat(image.convert("L")).mean[0]


def painted(paper: Path) -> Image.Image:
    """What was painted on the first page, point for point: its bands, put together again."""
    with pikepdf.open(paper) as pdf:
        shown = pdf.pages[0].Resources.XObject
        images = sorted((shown[name] for name in shown.keys()), key=lambda image: image.objgen)  # noqa: SIM118
        bands = [pikepdf.PdfImage(image).as_pil_image().convert("RGB") for image in images]
    whole = Image.new("RGB", (bands[0].width, sum(band.height for band in bands)))
    for number, band in enumerate(bands):
        whole.paste(band, (0, sum(other.height for other in bands[:number])))
    return whole


def test_a_printed_page_is_the_previewed_one_with_its_handwriting(jobs: Jobs, tmp_path: Path) -> None:
    signed, unsigned = (draw(make_example(tmp_path, photos=0, findings=1, with_inks=with_)) for with_ in (True, False))
    target = tmp_path / "paper.pdf"
    assert Paper(jobs, signed, ranges=((1, 1),)).print(PaperPrinter(target)) == (1, None)
    here, bare = (picture(data, 0, round(595.276 * DPI / 72)) for data in (signed, unsigned))
    assert ImageChops.difference(painted(target), here).getbbox() is None
    names = (0, round(here.height * 0.6), here.width, round(here.height * 0.93))
    assert ink(painted(target).crop(names)) > ink(bare.crop(names)) + 0.5, "handwriting"
    there, here = picture(target.read_bytes(), 0, 595), picture(signed, 0, 595)
    assert there.size == here.size
    apart = ImageStat.Stat(ImageChops.difference(there, here).convert("L")).mean[0]
    shifted = ImageStat.Stat(ImageChops.difference(ImageChops.offset(there, 2, 2), here).convert("L")).mean[0]
    assert apart < shifted / 2, "every line stands on paper where it stands on the page"


@pytest.mark.usefixtures("coarse")
def test_copies_of_many_documents_come_in_order_and_one_file_is_open(jobs: Jobs, tmp_path: Path) -> None:
    files = [marked_pdf(n, pages) for n, pages in enumerate((2, 1))]
    paper = Paper(jobs, *files, copies=2)
    assert paper.print(PaperPrinter(tmp_path / "paper.pdf")) == (6, None)
    shown = pages_shown((tmp_path / "paper.pdf").read_bytes())
    assert shown == [(0, 1), (0, 2), (0, 1), (0, 2), (1, 1), (1, 1)]
    assert paper.most == 1


@pytest.mark.parametrize("how", ["jam", "stop"])
@pytest.mark.usefixtures("coarse")
def test_it_goes_on_where_it_stopped(jobs: Jobs, tmp_path: Path, how: str) -> None:
    files = [marked_pdf(n, 2) for n in range(2)]
    paper = Paper(jobs, *files, copies=2)
    printer = PaperPrinter(tmp_path / "paper.pdf", pages=3 if how == "jam" else None)
    stopped, error = paper.print(printer, stop=3 if how == "stop" else None)
    assert stopped == 3
    if how == "jam":
        assert isinstance(error, Problem)
        assert error.code == "printer-silent"
    else:
        assert isinstance(error, Cancelled)
    assert paper.print(printer, start=stopped) == (8, None)
    parts = [(tmp_path / name).read_bytes() for name in ("paper.pdf", "paper-2.pdf")]
    shown = [pages_shown(part) for part in parts]
    assert shown == [[(0, 1), (0, 2), (0, 1)], [(0, 2), (1, 1), (1, 2), (1, 1), (1, 2)]]


@pytest.mark.usefixtures("coarse")
def test_on_both_sides_each_copy_begins_on_a_new_sheet(jobs: Jobs, tmp_path: Path) -> None:
    data = marked_pdf(0, 1)
    paper = Paper(jobs, data, copies=2, both_sides=True)
    assert paper.print(PaperPrinter(tmp_path / "paper.pdf")) == (4, None)
    assert pages_shown((tmp_path / "paper.pdf").read_bytes()) == [(0, 1), (-1, 0)] * 2


def test_a_page_that_lies_across_is_turned(jobs: Jobs, tmp_path: Path) -> None:
    data = marked_pdf(1, 1, wide=True)
    Paper(jobs, data).print(PaperPrinter(tmp_path / "paper.pdf"))
    with PageRenderer((tmp_path / "paper.pdf").read_bytes()) as renderer:
        width, height = renderer.size(0)
    assert width < height
    there, here = picture((tmp_path / "paper.pdf").read_bytes(), 0, 595), picture(data, 0, 842)
    turned = here.rotate(90, expand=True).resize(there.size)
    assert ImageStat.Stat(ImageChops.difference(there, turned).convert("L")).mean[0] < 4


def test_what_was_chosen_is_ours_to_do(qapp: QApplication, tmp_path: Path) -> None:
    from PySide6.QtGui import QPageRanges
    from PySide6.QtPrintSupport import QPrinter

    printer = PaperPrinter(tmp_path / "paper.pdf", copies=3, both_sides=True)
    printer.setCollateCopies(False)
    job = PrintJob("job", (PrintDocument(document(0)[0], 9),))
    all_pages = as_chosen(job, printer)
    assert (all_pages.copies, all_pages.collate, all_pages.both_sides, all_pages.ranges) == (3, False, True, ())
    assert printer.copyCount() == 1
    printer.setPrintRange(QPrinter.PrintRange.PageRange)
    printer.setPageRanges(QPageRanges.fromString("1-3,5"))
    assert as_chosen(job, printer).ranges == ((1, 3), (5, 5))
    assert printer.printRange() is QPrinter.PrintRange.AllPages
    assert len(sequence(as_chosen(job, printer))) == 10


@pytest.mark.parametrize(("documents", "copies"), [(1, 3), (2, 1)])
def test_the_dialogue_asks_what_can_be_chosen(qtbot: QtBot, tmp_path: Path, documents: int, copies: int) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    job = PrintJob("job", (PrintDocument(document(0)[0], 9),) * documents, copies=copies)
    printer = PaperPrinter(tmp_path / "paper.pdf")
    dialog = make_dialog(printer, parent, "打印：2 份文书", job)
    option = QAbstractPrintDialog.PrintDialogOption
    assert dialog.testOption(option.PrintPageRange) is (documents == 1)
    assert not dialog.testOption(option.PrintSelection)
    assert dialog.windowTitle() == "打印：2 份文书"
    if documents == 1:
        assert (dialog.minPage(), dialog.maxPage()) == (1, 9)
    QTimer.singleShot(0, dialog, dialog.accept)
    assert dialog.exec() == QPrintDialog.DialogCode.Accepted
    assert as_chosen(job, printer).copies == copies
    dialog.deleteLater()


@pytest.mark.skipif(bool(QPrinterInfo.availablePrinterNames()), reason="there is a printer here")
def test_no_printer_is_said(qtbot: QtBot) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    with pytest.raises(Problem) as told:
        ask_printer(parent, "打印", PrintJob("job", ()))
    assert told.value.code == "no-printer"


@pytest.mark.usefixtures("coarse")
def test_a_document_that_cannot_be_read_stops_there(jobs: Jobs, tmp_path: Path) -> None:
    paper = Paper(jobs, marked_pdf(0, 1), marked_pdf(1, 1))
    paper.files = (paper.files[0], b"no pdf")
    stopped, error = paper.print(PaperPrinter(tmp_path / "paper.pdf"))
    assert stopped == 1
    assert isinstance(error, Problem)
    assert error.code == "unreadable-pages"
    assert pages_shown((tmp_path / "paper.pdf").read_bytes()) == [(0, 1)]
