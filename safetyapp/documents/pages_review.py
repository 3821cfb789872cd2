"""The pages of what the office says of a document: the review 审核意见 with its remarks, and that it is void 作废."""

from __future__ import annotations

from collections.abc import Sequence

from safetyapp.documents import answers, wording
from safetyapp.documents.flow import Cell, Column, Flow, TableLook, baseline, set_cell
from safetyapp.documents.fonts import FontRole
from safetyapp.documents.material import Material
from safetyapp.documents.pages_annex import draw_missing
from safetyapp.documents.pages_form import LABEL, Field, form_row, handwriting, row_height, words
from safetyapp.documents.pages_frame import begin, draw_feet
from safetyapp.documents.pages_seal import draw_seal, seal_height
from safetyapp.documents.sheet import Sheets
from safetyapp.documents.typeset import Align, Line, Run, break_lines, set_line, text_width
from safetyapp.documents.wording import say
from safetyapp.domain.address import rows_of
from safetyapp.domain.paper import DocumentRef
from safetyapp.domain.review import Remark, Review, Void

_TEXT, _LEADING = 12.0, 20.0
_REMARKS_LOOK = TableLook(size=10.5, leading=15.0, pad_x=6.0, pad_y=5.0)
_BAND, _WORD = 64.0, 30.0
_ROW = 34.0
_KEPT = 3
"""Lines of the last text that stay with the seal."""


def lay_out_review(record: Review, material: Material) -> Sheets:
    """Which report, what was decided and why, the remarks. Raises Problem ink-broken."""
    flow = begin(record, material.record_hash, record.title)
    flow.y += 4
    _draw_head(flow, record, record.report, record.report_title, "review")
    _draw_verdict(flow, say("review.decision"), say(f"review.{record.decision.value}"))
    reason = _set(record.reason.strip() or say("none"), flow.width)
    flow.heading(say("review.reason"), keep=_LEADING, level=1)
    if record.remarks:
        flow.lines(reason, _LEADING)
        _draw_remarks(flow, record, _inks(flow, record, material))
        _end(flow, record, material)
    else:
        flow.lines(reason[:-_KEPT], _LEADING)
        _end(flow, record, material, reason[-_KEPT:])
    return flow.sheets


def lay_out_void(record: Void, material: Material) -> Sheets:
    """Which document is void and why, and what takes its place. Raises Problem ink-broken."""
    flow = begin(record, material.record_hash, record.title)
    flow.y += 4
    wide = flow.width - LABEL
    _draw_head(flow, record, record.voided, record.voided_title, "void")
    form_row(flow, [Field(say("void.replaced_by"), words(record.replaced_by or say("none"), wide), wide)], least=_ROW)
    _draw_verdict(flow, say("void.state"), say("void.void"))
    flow.heading(say("void.reason"), keep=_LEADING, level=1)
    flow.lines(_set(record.reason.strip() or say("none"), flow.width), _LEADING)
    flow.y += 6
    _end(flow, record, material, _set(say("void.register", number=record.voided.number), flow.width))
    return flow.sheets


def _draw_head(flow: Flow, record: Review | Void, ref: DocumentRef, title: str, kind: str) -> None:
    """Whose document it is, which one by name, number and the fingerprint of its file, and who says so."""
    wide, half = flow.width - LABEL, flow.width / 2 - LABEL
    named = say("service.named", title=title, number=ref.number)
    rows = [
        (f"{kind}.school", record.school.name),
        (f"{kind}.document", named),
        (f"{kind}.fingerprint", wording.fingerprint(ref.sha256)),
        *([("review.supersedes", record.supersedes)] if record.supersedes else []),
    ]
    for key, text in rows:
        form_row(flow, [Field(say(key), words(text, wide), wide)], least=_ROW)
    pair = [(f"{kind}.by", record.author.name), (f"{kind}.on", wording.day(record.dated_on))]
    form_row(flow, [Field(say(key), words(text, half), half) for key, text in pair], least=_ROW)
    files = say("list").join(file.name for file in record.files)
    if files:
        form_row(flow, [Field(say("review.files"), words(files, wide), wide)], least=_ROW)


def _draw_verdict(flow: Flow, label: str, word: str) -> None:
    """The word that matters, large, in a heavy frame below the head table."""
    flow.y += 12
    flow.need(_BAND)
    sheets = flow.sheets
    sheets.bookmark(f"{label}{say('colon')}{word}", flow.y - 4, 1)
    sheets.box(flow.left, flow.y, flow.width, _BAND, 1.4)
    sheets.rule(flow.left + LABEL, flow.y, flow.left + LABEL, flow.y + _BAND)
    sheets.line(flow.left + 7, flow.y + baseline(_BAND, 10.5), set_line(label, 10.5, FontRole.HEI))
    characters = [set_line(character, _WORD, FontRole.HEI) for character in word]
    gap = _WORD * 0.6
    x = flow.left + LABEL + (flow.width - LABEL - sum(c.right for c in characters) - gap * (len(word) - 1)) / 2
    for character in characters:
        sheets.line(x, flow.y + baseline(_BAND, _WORD), character)
        x += character.right + gap
    flow.y += _BAND


def _set(text: str, width: float) -> list[Line]:
    return break_lines([Run(text.strip())], width, _TEXT, indent=2 * _TEXT)


def _draw_remarks(flow: Flow, record: Review, inks: Sequence[Cell]) -> None:
    look = _REMARKS_LOOK
    flow.heading(say("review.remarks", count=len(record.remarks)), keep=60, level=1)
    names = [_item(remark) for remark in record.remarks]
    longest = max(text_width(name, look.size) for name in names)
    widths = (max(52.0, min(longest + 2 * look.pad_x + 1, 110.0)), 0.0, flow.width * 0.48)
    columns = [
        Column(say(f"review.column.{key}"), width or flow.width - sum(widths), align)
        for key, width, align in zip(
            ("item", "question", "text"), widths, (Align.CENTER, Align.JUSTIFY, Align.JUSTIFY), strict=True
        )
    ]
    rows = [
        [
            set_cell(text, column, look)
            for text, column in zip((name, remark.question.strip(), remark.text.strip()), columns, strict=True)
        ]
        for name, remark in zip(names, record.remarks, strict=True)
    ]
    if len(rows) > 1 and _room_after(flow, columns, rows) < _seal(flow, record, inks):
        flow.table(columns, rows[:-1], look)
        flow.turn()  # the seal never stands alone: the last remark goes with it
        rows = rows[-1:]
    flow.table(columns, rows, look)


def _room_after(flow: Flow, columns: Sequence[Column], rows: Sequence[Sequence[Cell]]) -> float:
    """What would be left of the page below the table."""
    trial = Flow(Sheets(), lambda: None)
    trial.turn()
    trial.y = flow.y
    trial.table(columns, rows, _REMARKS_LOOK)
    return trial.room


def _seal(flow: Flow, record: Review | Void, inks: Sequence[Cell]) -> float:
    """What handwriting and seal take of the page."""
    signed = sum(6 + row_height(_signature(flow, cell)) for cell in inks)
    return signed + 8 + seal_height(record.issuer, flow.width, _TEXT)


def _signature(flow: Flow, cell: Cell) -> list[Field]:
    return [Field(say("review.signature"), cell, flow.width - LABEL)]


def _item(remark: Remark) -> str:
    """The item's id, with its rows inside a table; of a remark on the whole, that it is so."""
    if remark.item is None:
        return say("review.whole")
    rows = rows_of(remark.item)
    name = answers.item_id(remark.item)
    return say("review.item_rows", item=name, rows=say("comma").join(rows)) if rows else name


def _inks(flow: Flow, record: Review | Void, material: Material) -> list[Cell]:
    return handwriting(record.inks, material.inks, flow.width - LABEL)


def _end(flow: Flow, record: Review | Void, material: Material, last: Sequence[Line] = ()) -> None:
    """The last text with the handwriting and the seal, together on one page."""
    inks = _inks(flow, record, material)
    flow.need(len(last) * _LEADING + _seal(flow, record, inks))
    flow.lines(last, _LEADING)
    for cell in inks:
        flow.y += 6
        form_row(flow, _signature(flow, cell))
    flow.y += 8
    draw_seal(flow, record.issuer, record.dated_on, _TEXT)
    draw_missing(flow)
    draw_feet(flow.sheets, material.record_hash)
