"""The pages of a rectification notice 整改通知书 as a form: stub 存根联, a line to tear along, the school's copy.

What is asked of the school is said in the office's own sentences; here are only labels, a table and places to sign.
"""

from __future__ import annotations

from collections.abc import Sequence

from safetyapp.documents import wording
from safetyapp.documents.flow import Column, Flow, TableLook, baseline, set_cell
from safetyapp.documents.fonts import FontRole
from safetyapp.documents.material import Material
from safetyapp.documents.pages_annex import draw_missing
from safetyapp.documents.pages_form import Field, form_row, handwriting, row_height, words
from safetyapp.documents.pages_frame import draw_code, draw_feet, running_head
from safetyapp.documents.pages_notice_photos import draw_notice_photos, number_notice_photos
from safetyapp.documents.pages_photos import Named
from safetyapp.documents.pages_seal import draw_seal, seal_height
from safetyapp.documents.sheet import MM, Sheets
from safetyapp.documents.typeset import Align, Line, Run, balanced, break_lines, elided, set_line, text_width
from safetyapp.documents.wording import say
from safetyapp.domain.any_record import number_of
from safetyapp.domain.form import Severity
from safetyapp.domain.notice import Notice, NoticedFinding

TEXT, LEADING = 12.0, 20.0
_STUB_LOOK = TableLook(size=10.5, leading=14.5, pad_x=6.5, pad_y=4.4, head=FontRole.HEI)
_FINDINGS_LOOK = TableLook(size=9.6, leading=13.2, pad_x=4.2, pad_y=3.4)
_SERVED_LOOK = TableLook(size=10.5, leading=15.0, pad_x=7.0, pad_y=6.0)
_FACTS = 8.6
_STUB_LABEL = 60.0
_TEAR = 13.0
_TITLE, _SMALLEST_TITLE = 26.0, 16.0
_SERVED_ROW = 28.0
_KEPT, _MOST_KEPT = 3, 10
"""Lines of the last text that stay with the seal and the places to sign: whole paragraphs, unless they are longer."""

_ENDS = tuple("。！？")


def lay_out_notice(record: Notice, material: Material) -> Sheets:
    """All pages of the form. Raises Problem photo-missing, ink-broken."""
    sheets = Sheets()
    flow = Flow(sheets, lambda: running_head(flow, record, record.title))
    flow.turn()
    flow.y = 14 * MM
    numbers = number_notice_photos(record)
    _draw_stub(flow, record)
    _draw_tear(flow, number_of(record))
    _draw_copy_head(flow, record, material.record_hash)
    _draw_opening(flow, record)
    _draw_findings(flow, record, numbers)
    _draw_facts(flow, record)
    _draw_demands(flow, record, material)
    draw_notice_photos(flow, record, numbers, material.photos)
    draw_missing(flow)
    copies = say("notice.copies", count=_count(record.copies))
    print_ = wording.fingerprint(material.record_hash)
    draw_feet(sheets, material.record_hash, say("notice.footer", copies=copies, fingerprint=print_))
    return sheets


def _count(copies: int) -> str:
    """两, 三: so many copies as papers say it."""
    spelled = say("notice.counts").split()
    return spelled[copies - 1] if 0 < copies <= len(spelled) else str(copies)


# the upper part


def _draw_stub(flow: Flow, record: Notice) -> None:
    """What the office keeps: who got it, how much, when, and who wrote and who signs."""
    sheets = flow.sheets
    _draw_copy_name(flow, say("notice.stub"), record)
    majors = sum(finding.finding.severity is Severity.MAJOR for finding in record.findings)
    candidates = sum(finding.finding.severity is Severity.CANDIDATE for finding in record.findings)
    levels = {"major": majors, "candidate": candidates, "general": len(record.findings) - majors - candidates}
    told = [say(f"notice.of_{level}", count=count) for level, count in levels.items() if count]
    total = say("notice.total", count=len(record.findings), levels=say("names").join(told))
    signed = say("notice.slash").join(name for name in (record.author.name, record.signatory.strip()) if name)
    right = 152.0
    left = flow.width - 2 * _STUB_LABEL - right
    sheets.bookmark(say("notice.stub"), flow.y - 14)
    for (label, text), (other, beside) in (
        (("notice.served_to", record.school.name), ("notice.hazards", total)),
        (("notice.issued_on", wording.day(record.dated_on)), ("notice.signed", signed)),
    ):
        fields = [
            Field(say(label), words(text, left, _STUB_LOOK), left),
            Field(say(other), words(beside, right, _STUB_LOOK), right),
        ]
        form_row(flow, fields, _STUB_LOOK, label=_STUB_LABEL)


def _draw_copy_name(flow: Flow, name: str, record: Notice) -> None:
    """Which copy it is at the left, the number at the right."""
    named = set_line(name, 11.5, FontRole.HEI)
    size = 10.5
    while (number := set_line(number_of(record), size)).right > flow.width - named.right - 20 and size > 6:
        size -= 0.5
    flow.sheets.line(flow.left, flow.y + baseline(16.0, 11.5), named)
    flow.sheets.line(flow.right - number.right, flow.y + baseline(16.0, size), number)
    flow.y += 19.0


def _draw_tear(flow: Flow, number: str) -> None:
    """骑缝: dashes, and the number upon them, so that tearing leaves half of it on either part."""
    sheets = flow.sheets
    flow.y += 19.0
    shown = set_line(elided(number, lambda text: set_line(text, _TEAR).right < flow.width * 0.6), _TEAR, FontRole.HEI)
    first, last = (set_line(say(f"notice.seam_{end}"), 10.0) for end in ("first", "last"))
    middle = flow.left + flow.width / 2
    at = flow.left
    half = shown.right / 2
    for word, x in (
        (first, (flow.left + middle - half - first.right) / 2),
        (shown, middle - half),
        (last, (flow.right + middle + half - last.right) / 2),
    ):
        sheets.dashes(at, x - 7, flow.y)
        # capitals and characters of the number reach as far above the line as below
        sheets.line(x, flow.y + word.size * 0.37, word)
        at = x + word.right + 7
    sheets.dashes(at, flow.right, flow.y)
    flow.y += 19.0


def _draw_copy_head(flow: Flow, record: Notice, record_hash: str) -> None:
    """Name of the copy and number, the title with the code at its right, and whom it is for."""
    sheets = flow.sheets
    sheets.bookmark(record.title, flow.y)
    _draw_copy_name(flow, say("notice.copy"), record)
    side = draw_code(flow, record, record_hash)
    size, room = _TITLE, flow.width - 2 * side - 24
    title = " ".join(record.title.split()) or say("notice.title")
    while (shown := set_line(title, size, FontRole.TITLE)).right > room and size > _SMALLEST_TITLE:
        size -= 1
    if shown.right <= room:
        sheets.line(flow.left + (flow.width - shown.right) / 2, flow.y + baseline(side, size), shown)
        flow.y += side + 8
    else:
        flow.y += side + 6
        flow.lines(balanced(title, flow.width, _SMALLEST_TITLE, FontRole.TITLE), 23.0)
        flow.y += 4
    addressed = [Run(record.school.name.strip() + say("colon"), FontRole.HEI)]
    flow.lines(break_lines(addressed, flow.width, TEXT, align=Align.LEFT), LEADING)


def _draw_opening(flow: Flow, record: Notice) -> None:
    if record.opening.strip():
        flow.lines(_paragraph(record.opening, flow.width), LEADING)
    flow.y += 5


def _paragraph(text: str, width: float, strong: str = "") -> list[Line]:
    """A paragraph; the words `strong` stand out."""
    runs: list[Run] = []
    for place, part in enumerate(text.strip().split(strong) if strong else [text.strip()]):
        if place:
            runs.append(Run(strong, FontRole.HEI))
        runs.append(Run(part))
    return break_lines(runs, width, TEXT, indent=2 * TEXT)


# the table


def _draw_findings(flow: Flow, record: Notice, numbers: dict[str, int]) -> None:
    look = _FINDINGS_LOOK
    last = text_width(str(max((f.finding.number for f in record.findings), default=1)), look.size)
    signed = any(f.finding.severity is Severity.CANDIDATE for f in record.findings)
    other_year = any(f.finding.deadline.year != record.dated_on.year for f in record.findings)
    bases = [basis for finding in record.findings for basis in _bases(finding)]
    widths = (
        max(22.0, last + 2 * look.pad_x + 1),
        _wide([finding.finding.place for finding in record.findings], 58.0, 74.0),
        0.0,
        _wide(bases, 54.0, 76.0),
        44.0 if signed else 30.0,
        _wide([finding.action for finding in record.findings], 76.0, 86.0),
        62.0 if other_year else 56.0,
    )
    aligns = (Align.CENTER, Align.LEFT, Align.JUSTIFY, Align.LEFT, Align.CENTER, Align.JUSTIFY, Align.CENTER)
    keys = ("number", "place", "text", "basis", "severity", "action", "deadline")
    columns = [
        Column(say(f"notice.column.{key}"), width or flow.width - sum(widths), align)
        for key, width, align in zip(keys, widths, aligns, strict=True)
    ]
    rows = [_row(finding, record, numbers, columns) for finding in record.findings]
    marks = {
        place: f"{f.finding.number}　{' '.join((f.finding.place.strip() or f.finding.text).split())[:40]}"
        for place, f in enumerate(record.findings)
    }
    flow.table(columns, rows, look, marks)


def _wide(texts: Sequence[str], least: float, most: float) -> float:
    """The width of a column: what its longest text takes in two lines, within bounds."""
    look = _FINDINGS_LOOK
    longest = max((text_width(" ".join(text.split()), look.size) for text in texts), default=0.0)
    return max(least, min(longest / 2 + look.size + 2 * look.pad_x, most))


def _bases(finding: NoticedFinding) -> list[str]:
    """依据, and the clause that makes it 重大 where that is another."""
    return list(dict.fromkeys(text.strip() for text in (*finding.basis, finding.criterion) if text.strip()))


def _row(
    finding: NoticedFinding, record: Notice, numbers: dict[str, int], columns: Sequence[Column]
) -> list[list[Line]]:
    ref, look, named = finding.finding, _FINDINGS_LOOK, Named(record.photos)
    photos = list(dict.fromkeys(numbers[named.key(ref.finding, photo)] for photo in finding.photos))
    seen = say("notice.see_photos", photos=wording.photo_names(photos)) if photos else ""
    level = FontRole.SONG if ref.severity is Severity.GENERAL else FontRole.HEI
    texts = (
        (str(ref.number), FontRole.SONG),
        (ref.place.strip() or say("empty"), FontRole.SONG),
        (ref.text.strip() + seen, FontRole.SONG),
        ("\n".join(_bases(finding)), FontRole.SONG),
        (say(f"severity.{ref.severity.value}"), level),
        (finding.action.strip(), FontRole.SONG),
        (wording.short_day(ref.deadline, record.dated_on), FontRole.SONG),
    )
    return [set_cell(text, column, look, role) for (text, role), column in zip(texts, columns, strict=True)]


def _draw_facts(flow: Flow, record: Notice) -> None:
    """What the findings rest on: the inspection and its record."""
    reports = say("names").join(report.number for report in record.reports)
    facts = [
        ("notice.reports", reports),
        ("notice.inspected", f"{wording.day(record.inspected_on)} {say(f'type.{record.inspection_type.value}')}"),
        ("notice.inspectors", say("names").join(record.inspectors)),
        ("notice.supersedes", record.supersedes or ""),
        ("notice.files", say("names").join(file.name for file in record.files)),
    ]
    text = "　".join(say(key) + say("colon") + said for key, said in facts if said.strip())
    flow.y += 4
    flow.lines(break_lines([Run(text)], flow.width, _FACTS, align=Align.LEFT), 12.4)
    flow.y += 5


# what is asked, and the places to sign


def _draw_demands(flow: Flow, record: Notice, material: Material) -> None:
    """The office's sentences, whom to ask, the seal and where the school signs. The last lines of the text stay with
    the seal."""
    before, kept = _parted(_demands(record, flow.width))
    room = flow.width - _STUB_LABEL
    signed = [[Field(say("notice.signature"), ink, room)] for ink in handwriting(record.inks, material.inks, room)]
    rows = _served_rows()
    end = seal_height(record.issuer, flow.width, TEXT) + 14 + sum(height for _, height in rows)
    end += sum(4 + row_height(fields, label=_STUB_LABEL) for fields in signed)
    flow.lines(before, LEADING)
    flow.need(len(kept) * LEADING + end)
    flow.lines(kept, LEADING)
    for fields in signed:
        flow.y += 4
        form_row(flow, fields, label=_STUB_LABEL)
    flow.y += 6
    draw_seal(flow, record.issuer, record.dated_on, TEXT)
    flow.y += 8
    _draw_served(flow, rows)


def _demands(record: Notice, width: float) -> list[list[Line]]:
    """Paragraphs: what to do, when to reply, whom to ask."""
    reply_by = wording.day(record.reply_by)
    said = [*_joined(record.demand, record.interim), *_joined(record.reply, record.consequence)]
    if not any(reply_by in text for text in said):
        said.append(say("notice.reply_by") + say("colon") + reply_by)
    asked = [
        say(key) + say("colon") + text.strip()
        for key, text in (("notice.contact", record.contact), ("notice.phone", record.phone))
        if text.strip()
    ]
    if asked:
        said.append("　".join(asked))
    if record.copies_to:
        said.append(say("notice.copies_to") + say("colon") + say("comma").join(record.copies_to))
    return [_paragraph(text, width, reply_by) for text in said]


def _joined(first: str, second: str) -> list[str]:
    """Two texts as one paragraph where the first is whole sentences on one line."""
    first, second = first.strip(), second.strip()
    if second and first.endswith(_ENDS) and "\n" not in first + second:
        return [first + second]
    return [text for text in (first, second) if text]


def _parted(paragraphs: Sequence[list[Line]]) -> tuple[list[Line], list[Line]]:
    """The lines that may stand anywhere, and the last ones, which stay with the seal."""
    kept: list[Line] = []
    for paragraph in reversed(paragraphs):
        if len(kept) >= _KEPT:
            break
        kept = [*paragraph, *kept]
    kept = kept[-_MOST_KEPT:]
    lines = [line for paragraph in paragraphs for line in paragraph]
    return lines[: len(lines) - len(kept)], kept


def _served_rows() -> list[tuple[tuple[str, str], float]]:
    return [
        ((say("notice.receiver"), say("notice.post")), _SERVED_ROW),
        ((say("notice.received"), say("notice.refused")), _SERVED_ROW),
    ]


def _draw_served(flow: Flow, rows: Sequence[tuple[tuple[str, str], float]]) -> None:
    """送达: who received it, when, or why not and who saw that; filled in by hand."""
    sheets, look = flow.sheets, _SERVED_LOOK
    height = sum(tall for _, tall in rows)
    side, middle = 26.0, flow.left + 26.0 + (flow.width - 26.0) * 0.5
    sheets.bookmark(say("notice.service"), flow.y - 4)
    sheets.box(flow.left, flow.y, flow.width, height)
    sheets.rule(flow.left + side, flow.y, flow.left + side, flow.y + height)
    sheets.rule(middle, flow.y, middle, flow.y + height)
    name = [set_line(character, 11.5, FontRole.HEI) for character in say("notice.service")]
    y = flow.y + (height - len(name) * 20.0) / 2
    for line in name:
        sheets.line(flow.left + (side - line.right) / 2, y + baseline(20.0, 11.5), line)
        y += 20.0
    for place, (labels, tall) in enumerate(rows):
        if place:
            sheets.rule(flow.left + side, flow.y, flow.right, flow.y)
        for label, x in zip(labels, (flow.left + side, middle), strict=True):
            sheets.line(x + look.pad_x, flow.y + baseline(tall, look.size), set_line(label, look.size))
        flow.y += tall
