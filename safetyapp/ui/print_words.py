"""How printing is said: a job by its name, a place in it, and a line of the print log."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from safetyapp.domain.print_job import COVER, Place, PrintJob, PrintLogEntry
from safetyapp.ui.dates import date_time, month_day

if TYPE_CHECKING:
    from safetyapp.texts import Texts


def job_name(texts: Texts, job: PrintJob) -> str:
    """甲子小学 消防安全检查表, or 12 份文书."""
    if len(job.documents) == 1:
        row = job.documents[0].row
        return texts.say("print.one", school=row.school, title=row.title)
    return texts.say("print.many", n=len(job.documents))


def place_words(texts: Texts, job: PrintJob, place: Place) -> str:
    """《消防安全检查表》（甲子小学）第 2 份第 1 页."""
    if place.document == COVER:
        return texts.say("print.place.list", page=max(1, place.page))
    row = job.documents[place.document].row
    facts = {"title": row.title, "school": row.school, "page": max(1, place.page), "copy": place.copy}
    return texts.say("print.place.copy" if job.copies > 1 else "print.place.page", **facts)


def file_proposed(texts: Texts, job: PrintJob, day: date) -> str:
    """打印件-12份-20261124.pdf."""
    return texts.say("print.file_name", n=len(job.documents), day=f"{day:%Y%m%d}")


def log_summary(texts: Texts, entries: tuple[PrintLogEntry, ...]) -> str:
    """打印过 2 次，最近 2026-11-24 15:03; empty when it never was."""
    if not entries:
        return ""
    times = len({entry.job for entry in entries})
    return texts.say("print.log.summary", n=times, when=date_time(texts, entries[0].at))


def log_line(texts: Texts, entry: PrintLogEntry) -> str:
    """11-24 15:03　张示例　2 份 12 页　教务处　重印."""
    facts = {"day": month_day(texts, entry.at.date()), "time": f"{entry.at:%H:%M}", "who": entry.who}
    line = texts.say("print.log.line", copies=entry.copies, pages=entry.pages, printer=entry.printer, **facts)
    return line + texts.say("print.log.again") if entry.is_reprint else line
