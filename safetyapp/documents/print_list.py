"""The cover list 打印清单 of what is printed together: which documents, in which order, how many pages and copies."""

from __future__ import annotations

from datetime import datetime

from safetyapp.documents import wording
from safetyapp.documents.flow import LEFT, RIGHT, Column, Flow, TableLook, set_cell
from safetyapp.documents.fonts import FontRole, fonts_of
from safetyapp.documents.sheet import A4, MM, Sheets
from safetyapp.documents.typeset import Align, Run, break_lines, set_line
from safetyapp.documents.wording import say
from safetyapp.domain.print_job import PrintJob, pages_of

_LOOK = TableLook(size=10.0, leading=14.0, pad_x=4.5, pad_y=3.4, head=FontRole.HEI)


def cover_list(job: PrintJob, by: str, at: datetime, allow_system_fonts: bool = False) -> tuple[bytes, int]:
    """The pages of the list as a PDF, and how many there are."""
    with fonts_of(allow_system_fonts):
        sheets = _lay_out(job, by, at)
        return sheets.write(lambda done, total: None), len(sheets.pages)


def _lay_out(job: PrintJob, by: str, at: datetime) -> Sheets:
    sheets = Sheets()
    flow = Flow(sheets, lambda: None)
    flow.turn()
    flow.y = 20 * MM
    title = say("print_list.title")
    sheets.bookmark(title, flow.y)
    flow.lines(break_lines([Run(title, FontRole.TITLE)], flow.width, 21.0, align=Align.CENTER), 30.0)
    counts = [len(pages_of(job, number)) for number in range(len(job.documents))]
    told = say("print_list.counts", documents=len(counts), copies=job.copies, pages=sum(counts) * job.copies)
    signed = say("print_list.by", name=by, date=wording.day(at.date()), time=wording.clock_time(at)).strip()
    flow.y += 6
    flow.lines(break_lines([Run(told)], flow.width, 10.5, align=Align.CENTER), 16.0)
    flow.lines(break_lines([Run(signed)], flow.width, 10.5, align=Align.CENTER), 16.0)
    flow.y += 8
    _draw_table(flow, job, counts)
    flow.y += 10
    remark = break_lines([Run(say("print_list.remark"))], flow.width, 9.5)
    flow.need(len(remark) * 14.0)
    flow.lines(remark, 14.0)
    _draw_feet(sheets)
    return sheets


def _draw_table(flow: Flow, job: PrintJob, counts: list[int]) -> None:
    narrow = 38.0
    room = flow.width - 30.0 - 2 * narrow
    columns = [
        Column(say("print_list.number"), 30.0, Align.CENTER),
        Column(say("print_list.school"), room * 0.36, Align.LEFT),
        Column(say("print_list.document"), room * 0.33, Align.LEFT),
        Column(say("print_list.code"), room * 0.31, Align.LEFT),
        Column(say("print_list.pages"), narrow, Align.CENTER),
        Column(say("print_list.copies"), narrow, Align.CENTER),
    ]
    rows = []
    for number, (document, pages) in enumerate(zip(job.documents, counts, strict=True), start=1):
        row = document.row
        texts = (str(number), row.school, row.title, row.number, str(pages), str(job.copies))
        rows.append(
            [set_cell(text.strip() or say("empty"), column, _LOOK) for text, column in zip(texts, columns, strict=True)]
        )
    flow.table(columns, rows, _LOOK)


def _draw_feet(sheets: Sheets) -> None:
    total = len(sheets.pages)
    for count, page in enumerate(sheets.pages, start=1):
        name, shown = set_line(say("print_list.title"), 8.0), set_line(say("page", page=count, pages=total), 8.0)
        sheets.rule(LEFT, 279.3 * MM, A4[0] - RIGHT, 279.3 * MM, 0.4, 0.55, on=page)
        sheets.line(LEFT, 283.2 * MM, name, 0.25, on=page)
        sheets.line(A4[0] - RIGHT - shown.right, 283.2 * MM, shown, 0.25, on=page)
