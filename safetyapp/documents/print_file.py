"""One PDF of many signed documents, for printing: their pages in order behind a cover list. It is no signed document.

Signatures, records and attached files stay where they are; the signed files are opened to read, never to write.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from safetyapp.documents.archive import PRODUCER
from safetyapp.documents.sheet import A4
from safetyapp.documents.wording import say
from safetyapp.domain.print_job import BLANK, COVER, Place, PrintJob, sequence
from safetyapp.domain.problem import Problem
from safetyapp.domain.progress import Progress

AT_ONCE = 60
"""Files: some systems let a program open no more than 256; and after each such part a person can stop."""


def page_count(path: Path) -> int:
    """How many pages a document has. Raises Problem unreadable-pages."""
    with _opened(path) as pdf:
        return len(pdf.pages)


def merge(
    job: PrintJob, cover: bytes | None, paths: Sequence[Path], target: Path, at: datetime, progress: Progress
) -> None:
    """Writes every side of the job to `target`; `paths` are the documents' files in their order. Raises Problem
    unreadable-pages, OSError."""
    groups = [(number, tuple(sides)) for number, sides in groupby(sequence(job), key=lambda place: place.document)]
    with TemporaryDirectory(dir=target.parent, prefix=".print-") as name:
        folder = Path(name)
        (folder / "cover.pdf").write_bytes(cover or b"")
        _write_blank(folder / "blank.pdf")
        parts: list[Path] = []
        for first in range(0, len(groups), AT_ONCE):
            progress("merge", first, len(groups))
            parts.append(folder / f"{len(parts)}.pdf")
            wanted: list[str] = []
            for number, sides in groups[first : first + AT_ONCE]:
                wanted += _selection(sides, folder, None if number == COVER else paths[number])
            _join(wanted, parts[-1])
        progress("merge", len(groups), len(groups))
        _join([str(part) for part in parts], folder / "whole.pdf")
        _finish(job, folder / "whole.pdf", [(number, len(sides)) for number, sides in groups], target, at)


def _selection(sides: Sequence[Place], folder: Path, document: Path | None) -> list[str]:
    """The sides as qpdf is asked for them: files, each with a list of pages."""
    file = str(document or folder / "cover.pdf")
    wanted: list[str] = []
    for is_blank, run in groupby(sides, key=lambda side: side.page == BLANK):
        wanted += [str(folder / "blank.pdf")] if is_blank else [file, ",".join(str(side.page) for side in run)]
    return wanted


def _join(wanted: Sequence[str], target: Path) -> None:
    """qpdf joins the pages: it goes from file to file and never holds them all, as copying pages here would."""
    import pikepdf

    if not wanted:
        _write_blank(target)
        return
    options = ["--remove-unreferenced-resources=no", "--stream-data=preserve"]
    try:
        pikepdf.Job(["qpdf", "--empty", "--pages", *wanted, "--", *options, str(target)]).run()
    except (pikepdf.PdfError, RuntimeError) as error:
        raise Problem("unreadable-pages") from error


def _write_blank(target: Path) -> None:
    import pikepdf

    with pikepdf.new() as pdf:
        pdf.add_blank_page(page_size=A4)
        pdf.save(target)


def _finish(job: PrintJob, whole: Path, counts: Sequence[tuple[int, int]], target: Path, at: datetime) -> None:
    """Takes away what belonged to the signed files, and says what this file is and where each document begins."""
    import pikepdf

    with _opened(whole) as pdf:
        for page in pdf.pages:
            _strip(page)
        for entry in ("/AcroForm", "/AF", "/Names", "/StructTreeRoot"):
            if entry in pdf.Root:
                del pdf.Root[entry]
        with pdf.open_outline() as outline:
            page_number = 0
            for number, count in counts:
                outline.root.append(pikepdf.OutlineItem(_name(job, number), page_number))
                page_number += count
        title = job.documents[0].row.title if job.documents else ""
        pdf.docinfo["/Title"] = say("print_list.file", title=title, n=len(job.documents))
        pdf.docinfo["/Subject"] = say("print_list.remark")
        pdf.docinfo["/Creator"] = pdf.docinfo["/Producer"] = PRODUCER
        pdf.docinfo["/CreationDate"] = at.strftime("D:%Y%m%d%H%M%S")
        pdf.Root.ViewerPreferences = pikepdf.Dictionary(DisplayDocTitle=True)
        pdf.Root.Lang = pikepdf.String("zh-CN")
        pdf.save(
            target,
            min_version="1.7",
            compress_streams=False,
            stream_decode_level=pikepdf.StreamDecodeLevel.none,
            object_stream_mode=pikepdf.ObjectStreamMode.generate,
        )


def _strip(page: Any) -> None:
    """Without the field of the signature, which would look like a broken one here, and what leads back to the file.

    Handwriting is drawn on the page itself and stays.
    """
    if "/Annots" in page:
        kept = [one for one in page.Annots if str(one.get("/Subtype", "")) != "/Widget"]
        if kept:
            page.Annots = kept
        else:
            del page["/Annots"]
    for entry in ("/AF", "/StructParents", "/B"):
        if entry in page:
            del page[entry]


def _name(job: PrintJob, number: int) -> str:
    if number == COVER:
        return say("print_list.title")
    row = job.documents[number].row
    return " ".join(f"{number + 1} {row.school} {row.title} {row.number}".split())


@contextmanager
def _opened(source: Path) -> Iterator[Any]:
    import pikepdf

    try:
        # as a stream: files mapped into memory would all be in it at the end
        mode = pikepdf.AccessMode.stream
        pdf = pikepdf.open(source, access_mode=mode, attempt_recovery=False, suppress_warnings=True)
    except (pikepdf.PdfError, ValueError) as error:
        raise Problem("unreadable-pages") from error
    with pdf:
        yield pdf
