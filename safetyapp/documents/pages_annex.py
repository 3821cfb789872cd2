"""What supports an inspection report: every finding with its photos, and the other photos with their questions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from safetyapp.documents import answers, wording
from safetyapp.documents.entries import Filled
from safetyapp.documents.flow import LINE, Flow, baseline
from safetyapp.documents.fonts import FontRole
from safetyapp.documents.pages_box import LEADING, NUMBER, PAD, TEXT, TOGETHER, Box, badge_cell, draw_badge
from safetyapp.documents.pages_photos import (
    GAP,
    PAIR_HEAD,
    Named,
    PhotoPrinter,
    PhotoRow,
    print_key,
    row_height,
    usual_height,
)
from safetyapp.documents.typeset import Align, Line, Run, break_lines, elided, set_line
from safetyapp.documents.wording import say
from safetyapp.domain.address import rows_of
from safetyapp.domain.form import Severity
from safetyapp.domain.inspection import PhotoLink, Sha256
from safetyapp.domain.record import RecordedFinding

_SIDE_WIDTH = 192.0
_SIDE_HEIGHTS = (132.0, 112.0, 96.0, 82.0)
"""How tall photos beside the text are, the tallest at which all of them find room."""

_SIDE_ROOM = 236.0
_LONGEST = 560.0
"""A finding's text taller than this, in points, is continued on the next page."""


@dataclass(frozen=True, slots=True)
class _Said:
    """A line of a finding's text, with the label that stands before its first."""

    line: Line
    label: Line | None = None


def draw_details(flow: Flow, filled: Filled, photos: Mapping[Sha256, Path], *, fresh: bool = True) -> None:
    """附：隐患明细与照片, on a `fresh` page. A photo that several findings share is printed at the first."""
    record = filled.record
    if fresh:
        flow.turn()
    flow.heading(say("part.details"), keep=120, size=12.5)
    flow.y += 2
    links = {(link.item, link.photo.original, link.after): link for link in record.photos}
    printed: set[str] = set()
    for finding in record.findings:
        before = [links[finding.item, Sha256(p), False] for p in finding.photos]
        after = [links[finding.item, Sha256(p), True] for p in finding.after_photos]
        keys = [print_key(link) for link in (*before, *after)]
        before, after = ([link for link in some if print_key(link) not in printed] for some in (before, after))
        shared = [key for key in keys if key in printed]
        printed.update(keys)
        _Detail(flow, filled, photos).draw(finding, before, after, shared)


def draw_other_photos(flow: Flow, filled: Filled, photos: Mapping[Sha256, Path]) -> None:
    """附：其他照片: those without a finding, under the question that they belong to."""
    record = filled.record
    named = Named(record.photos)
    printed = {
        named.key(finding.item, original, after)
        for finding in record.findings
        for originals, after in ((finding.photos, False), (finding.after_photos, True))
        for original in originals
    }
    others: dict[str, list[PhotoLink]] = {}
    for link in record.photos:
        if print_key(link) not in printed:
            others.setdefault(link.item, []).append(link)
    if not others:
        return
    if not record.findings or flow.room < 250:
        flow.turn()
    flow.heading(say("part.other_photos"), keep=170, size=12.5)
    printer = PhotoPrinter(flow, filled.numbers, filled.record.inspected_on, photos)
    for address, links in others.items():
        rows = printer.rows(links, flow.width, usual_height(len(links)))
        _draw_question(flow, filled, address, row_height(rows[0]))
        for row in rows:
            tall = row_height(row)
            flow.need(tall)
            printer.place(row, flow.left, flow.y)
            flow.y += tall


def _draw_question(flow: Flow, filled: Filled, address: str, keep: float) -> None:
    """The item that photos belong to: id, question, and its row in a table."""
    item = filled.item(address)
    asked = answers.question(filled, item, rows_of(address)) if item else ""
    parts = [f"{answers.item_id(address)}　{asked}", answers.row_words(filled, address)]
    lines = break_lines([Run(say("list").join(p for p in parts if p))], flow.width, 9.0, align=Align.LEFT)
    flow.need(min(len(lines), 8) * 12.5 + keep)
    flow.sheets.bookmark(f"{answers.item_id(address)}　{asked}", flow.y - 4, 1)
    flow.lines(lines, 12.5)
    flow.y += 2


class _Detail(Box):
    """The box of one finding: a head, text with photos beside it or in rows below; it may cross pages."""

    def __init__(self, flow: Flow, filled: Filled, photos: Mapping[Sha256, Path]) -> None:
        super().__init__(flow)
        self.filled = filled
        self.record = filled.record
        self.numbers = filled.numbers
        self.printer = PhotoPrinter(flow, filled.numbers, filled.record.inspected_on, photos)

    def draw(
        self, finding: RecordedFinding, before: Sequence[PhotoLink], after: Sequence[PhotoLink], shared: Sequence[str]
    ) -> None:
        flow = self.flow
        self.number = finding.number
        inner = flow.width - 2 * PAD
        lines, side = self._beside(finding, [] if after else before, shared, inner)
        below = self._below([] if side else before, after, inner)
        place = break_lines(
            [Run(finding.place.strip() or say("detail.no_place"), FontRole.HEI)],
            flow.width - NUMBER - 56 - badge_cell(finding.severity) - 16,
            11.0,
            align=Align.LEFT,
        )
        head_height = max(23.0, 15.0 * len(place) + 8)
        band = max(len(lines) * LEADING, sum(map(row_height, side)) - GAP) + 2 * PAD
        rows = [row_height(row) for row in below]
        pair_head = PAIR_HEAD if after else 0.0
        whole = head_height + band + pair_head + sum(rows)
        if band > _LONGEST + 40:
            flow.need(head_height + 5 * LEADING)
        else:
            flow.need(whole if whole <= TOGETHER else head_height + band + pair_head + (rows[0] if rows else 0.0))
        self.top = flow.y
        self._bookmark(finding, before, after)
        self._head(finding, place, head_height)
        if band <= _LONGEST + 40:
            self._band(lines, side, band)
        else:
            self._long_text(lines)
        if after:
            self.continue_if(pair_head + rows[0] + 2)
            self.printer.head_pairs(flow.left + PAD, flow.y, inner, without_before=not before)
            flow.y += pair_head
        for row, tall in zip(below, rows, strict=True):
            self.continue_if(tall + 2)
            self.printer.place(row, flow.left + PAD, flow.y)
            flow.y += tall
        self.close()
        flow.y += 12

    def _bookmark(self, finding: RecordedFinding, before: Sequence[PhotoLink], after: Sequence[PhotoLink]) -> None:
        place = " ".join((finding.place.strip() or finding.text).split())[:40]
        self.sheets.bookmark(f"{finding.number}　{place}", self.top - 4, 1)
        numbers = [self.numbers[print_key(link)] for link in (*before, *after)]
        if numbers:
            self.sheets.bookmark(wording.photo_names(numbers), self.top - 4, 2)

    def _beside(
        self, finding: RecordedFinding, links: Sequence[PhotoLink], shared: Sequence[str], inner: float
    ) -> tuple[list[_Said], list[PhotoRow]]:
        """The text with all photos beside it, or, where they have no room there, the text alone."""
        if links:
            lines = self._text(finding, inner - _SIDE_WIDTH - 4, shared)
            tall = len(lines) * LEADING
            if tall <= _LONGEST:
                for height in _SIDE_HEIGHTS:
                    rows = self.printer.rows(links, _SIDE_WIDTH - PAD, height)
                    if sum(map(row_height, rows)) <= max(tall + 24, _SIDE_ROOM):
                        return lines, rows
        return self._text(finding, inner, shared), []

    def _below(self, links: Sequence[PhotoLink], after: Sequence[PhotoLink], width: float) -> list[PhotoRow]:
        """Rows below the text: before and after side by side, else as many as fill the width."""
        if after:
            return self.printer.pairs(links, after, width)
        return self.printer.rows(links, width, usual_height(len(links)))

    def _head(self, finding: RecordedFinding, place: Sequence[Line], height: float) -> None:
        flow, sheets, y = self.flow, self.sheets, self.flow.y
        middle = y + baseline(height, 11.0)
        number = set_line(str(finding.number), 11.5, FontRole.HEI)
        sheets.line(flow.left + (NUMBER - number.right) / 2, middle, number)
        name = answers.item_id(finding.item)
        item = set_line(name, 10.0)
        size = 10.0 if item.right <= 48 else max(4.4, 10.0 * 48 / item.right)
        item = set_line(elided(name, lambda text: set_line(text, size).right <= 52), size)
        sheets.line(flow.left + NUMBER + (56 - item.right) / 2, middle, item)
        text_y = y + (height - 15.0 * len(place)) / 2
        for line in place:
            sheets.line(flow.left + NUMBER + 56 + 8, text_y + baseline(15.0, 11.0), line)
            text_y += 15.0
        badge = badge_cell(finding.severity)
        for x in (flow.left + NUMBER, flow.left + 90, flow.right - badge):
            sheets.rule(x, y, x, y + height, LINE)
        sheets.rule(flow.left, y, flow.right, y, LINE)
        sheets.rule(flow.left, y + height, flow.right, y + height, LINE)
        draw_badge(sheets, finding.severity, flow.right - badge, y, height)
        flow.y += height

    def _text(self, finding: RecordedFinding, width: float, shared: Sequence[str]) -> list[_Said]:
        joint = say("list")
        parts = [
            ("detail.question", answers.question_of(self.filled, finding)),
            ("detail.row", answers.row_words(self.filled, finding.item)),
            ("detail.text", finding.text),
            ("detail.basis", joint.join(finding.basis)),
            ("detail.criterion", finding.criterion if finding.severity is Severity.MAJOR else ""),
            ("detail.severity_reason", finding.severity_reason),
            ("detail.repeats", wording.repeats(finding)),
            ("detail.action", finding.action),
            ("detail.deadline", wording.long_deadline(finding, self.record)),
        ]
        lines: list[_Said] = []
        for key, text in parts:
            if text.strip():
                first, *others = break_lines([Run(text.strip())], width - 4 * TEXT, TEXT)
                lines += [_Said(first, set_line(say(key), TEXT, FontRole.HEI)), *map(_Said, others)]
        note = ""
        if shared:
            note = say("detail.see_photos", photos=wording.photo_names([self.numbers[p] for p in shared]))
        elif not finding.photos and not finding.after_photos:
            note = say("detail.no_photo")
        if note:
            lines += map(_Said, break_lines([Run(note)], width - 4 * TEXT, 9.0))
        return lines

    def _say(self, said: _Said, y: float) -> None:
        x = self.flow.left + PAD
        if said.label is not None:
            self.sheets.line(x, y + baseline(LEADING, TEXT), said.label)
        self.sheets.line(x + 4 * TEXT, y + baseline(LEADING, said.line.size), said.line)

    def _band(self, lines: list[_Said], side: Sequence[PhotoRow], height: float) -> None:
        flow = self.flow
        y = flow.y + PAD
        for line in lines:
            self._say(line, y)
            y += LEADING
        if side:
            edge = flow.right - _SIDE_WIDTH - PAD + 4
            self.sheets.rule(edge, flow.y, edge, flow.y + height, LINE)
            y = flow.y + PAD
            for row in side:
                self.printer.place(row, edge + PAD - 2, y)
                y += row_height(row)
        flow.y += height

    def _long_text(self, lines: list[_Said]) -> None:
        flow = self.flow
        flow.y += PAD
        for line in lines:
            self.continue_if(LEADING + PAD)
            self._say(line, flow.y)
            flow.y += LEADING
        flow.y += PAD


def draw_missing(flow: Flow) -> None:
    """What 〓 stands for on these pages; nothing when every character has a shape."""
    replaced = flow.sheets.replaced
    if replaced:
        flow.y += GAP
        note = say("missing", n=len(replaced), codes=wording.code_points(replaced))
        flow.lines(break_lines([Run(note)], flow.width, 8.6, align=Align.LEFT), 12.2)
