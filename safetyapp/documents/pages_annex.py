"""What supports an inspection report: every finding with its photos, and the other photos with their questions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from safetyapp.documents import answers, wording
from safetyapp.documents.entries import Filled
from safetyapp.documents.flow import LINE, Flow, baseline
from safetyapp.documents.fonts import FontRole
from safetyapp.documents.signs import draw_sign, sign_of
from safetyapp.documents.typeset import Align, Line, Run, break_lines, elided, set_line
from safetyapp.documents.wording import say
from safetyapp.domain.address import rows_of
from safetyapp.domain.form import Severity
from safetyapp.domain.inspection import PhotoLink, Sha256
from safetyapp.domain.problem import Problem
from safetyapp.domain.record import Record, RecordedFinding

_TEXT, _LEADING = 10.5, 16.5
_CAPTION, _CAPTION_LEADING = 7.6, 10.0
_CAPTION_LINES, _SMALLEST_CAPTION = 2, 4.4
_NARROWEST = 88.0
"""The least width of a caption, in points; two fit beside a finding's text."""

_PAD, _GAP = 8.0, 7.0
_SIDE_WIDTH = 192.0
_SIDE_HEIGHT, _ROW_HEIGHT, _PAIR_HEIGHT = 132.0, 122.0, 168.0
_LONGEST = 560.0
"""A finding's text taller than this, in points, is continued on the next page."""


@dataclass(frozen=True, slots=True)
class _Print:
    """A photo as it is placed."""

    link: PhotoLink
    width: float
    height: float
    caption: list[Line]
    cell: float
    """The width it takes in its row: its own, or what its caption needs."""

    @property
    def tall(self) -> float:
        return self.height + 3 + _CAPTION_LEADING * len(self.caption)


@dataclass(frozen=True, slots=True)
class _Said:
    """A line of a finding's text, with the label that stands before its first."""

    line: Line
    label: Line | None = None


def number_photos(record: Record) -> dict[str, int]:
    """照片1, 照片2 … by the original's hash: those of findings in their order, then the others."""
    numbers: dict[str, int] = {}
    for finding in record.findings:
        for original in (*finding.photos, *finding.after_photos):
            numbers.setdefault(original, len(numbers) + 1)
    for link in record.photos:
        numbers.setdefault(link.photo.original, len(numbers) + 1)
    return numbers


def draw_details(flow: Flow, filled: Filled, photos: Mapping[Sha256, Path], *, fresh: bool = True) -> None:
    """附：隐患明细与照片, on a `fresh` page. A photo that several findings share is printed at the first."""
    record = filled.record
    if fresh:
        flow.turn()
    flow.heading(say("part.details"), keep=120, size=12.5)
    links = {(link.item, link.photo.original, link.after): link for link in record.photos}
    printed: set[str] = set()
    for finding in record.findings:
        before = [links[finding.item, Sha256(p), False] for p in finding.photos if p not in printed]
        after = [links[finding.item, Sha256(p), True] for p in finding.after_photos if p not in printed]
        shared = [p for p in (*finding.photos, *finding.after_photos) if p in printed]
        printed.update(finding.photos, finding.after_photos)
        _Detail(flow, filled, photos).draw(finding, before, after, shared)


def draw_other_photos(flow: Flow, filled: Filled, photos: Mapping[Sha256, Path]) -> None:
    """附：其他照片: those without a finding, under the question that they belong to."""
    record = filled.record
    printed = {p for finding in record.findings for p in (*finding.photos, *finding.after_photos)}
    others: dict[str, list[PhotoLink]] = {}
    for link in record.photos:
        if link.photo.original not in printed:
            others.setdefault(link.item, []).append(link)
    if not others:
        return
    if not record.findings or flow.room < 250:
        flow.turn()
    flow.heading(say("part.other_photos"), keep=170, size=12.5)
    printer = _Detail(flow, filled, photos)
    for address, links in others.items():
        rows = [[printer.print(link, w, h) for link, w, h in row] for row in _rows(links, flow.width, _ROW_HEIGHT)]
        _draw_question(flow, filled, address, max(p.tall for p in rows[0]))
        for row in rows:
            tall = max(p.tall for p in row) + _GAP
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
    flow.lines(lines, 12.5)
    flow.y += 2


class _Detail:
    """The box of one finding: a head, text with photos beside it, then rows of photos; it may cross pages."""

    def __init__(self, flow: Flow, filled: Filled, photos: Mapping[Sha256, Path]) -> None:
        self.flow = flow
        self.sheets = flow.sheets
        self.filled = filled
        self.record = filled.record
        self.photos = photos
        self.numbers = filled.numbers
        self.top = 0.0
        self._number = 0

    def draw(
        self, finding: RecordedFinding, before: Sequence[PhotoLink], after: Sequence[PhotoLink], shared: Sequence[str]
    ) -> None:
        flow = self.flow
        self._number = finding.number
        inner = flow.width - 2 * _PAD
        paired = bool(after)
        beside = [] if paired else list(before)
        text_width = inner - (_SIDE_WIDTH + 4 if beside else 0.0)
        lines = self._text(finding, text_width, shared)
        if len(lines) * _LEADING > _LONGEST and beside:
            beside, lines = [], self._text(finding, inner, shared)
        side, rest = self._side(beside, len(lines) * _LEADING)
        if not beside and not paired:
            rest = list(before)
        place = break_lines(
            [Run(finding.place.strip() or say("detail.no_place"), FontRole.HEI)],
            flow.width - 34 - 56 - _badge_cell(finding) - 16,
            11.0,
            align=Align.LEFT,
        )
        head_height = max(23.0, 15.0 * len(place) + 8)
        band = max(len(lines) * _LEADING, sum(max(p.tall for p in row) + _GAP for row in side) - _GAP) + 2 * _PAD
        flow.need(head_height + (band if band <= _LONGEST + 40 else 5 * _LEADING) + 2)
        self.top = flow.y
        self._head(finding, place, head_height)
        if band <= _LONGEST + 40:
            self._band(lines, side, band)
        else:
            self._long_text(lines)
        for row in self._gallery(rest, before if paired else [], after):
            tall = max(p.tall for p in row) + _GAP
            self._continue_if(tall + 2)
            self.place(row, flow.left + _PAD, flow.y)
            flow.y += tall
        self._close()
        flow.y += 12

    def _head(self, finding: RecordedFinding, place: Sequence[Line], height: float) -> None:
        flow, sheets, y = self.flow, self.sheets, self.flow.y
        middle = y + baseline(height, 11.0)
        number = set_line(str(finding.number), 11.5, FontRole.HEI)
        sheets.line(flow.left + (34 - number.right) / 2, middle, number)
        name = answers.item_id(finding.item)
        item = set_line(name, 10.0)
        size = 10.0 if item.right <= 48 else max(4.4, 10.0 * 48 / item.right)
        item = set_line(elided(name, lambda text: set_line(text, size).right <= 52), size)
        sheets.line(flow.left + 34 + (56 - item.right) / 2, middle, item)
        text_y = y + (height - 15.0 * len(place)) / 2
        for line in place:
            sheets.line(flow.left + 34 + 56 + 8, text_y + baseline(15.0, 11.0), line)
            text_y += 15.0
        badge = _badge_cell(finding)
        for x in (flow.left + 34, flow.left + 90, flow.right - badge):
            sheets.rule(x, y, x, y + height, LINE)
        sheets.rule(flow.left, y, flow.right, y, LINE)
        sheets.rule(flow.left, y + height, flow.right, y + height, LINE)
        self._badge(finding, flow.right - badge, y, height)
        flow.y += height

    def _badge(self, finding: RecordedFinding, x: float, y: float, height: float) -> None:
        """The level by shape and weight: ◆ 重大 white on black, ◇ 重大候选 in a heavy frame, ▲ 一般 in a fine one."""
        sheets = self.sheets
        major = finding.severity is Severity.MAJOR
        left, top, width, tall = x + 9, y + height / 2 - 8, _badge_cell(finding) - 18.0, 16.0
        if major:
            sheets.filled(left, top, width, tall)
        else:
            sheets.box(left, top, width, tall, 1.4 if finding.severity is Severity.CANDIDATE else 0.5)
        paper = 1.0 if major else 0.0
        draw_sign(sheets, sign_of(finding.severity), left + 6, top + 3.6, 8.6, paper)
        word = set_line(say(f"severity.{finding.severity.value}"), 10.5, FontRole.HEI)
        sheets.line(left + 19, top + baseline(tall, 10.5), word, paper)

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
                first, *others = break_lines([Run(text.strip())], width - 4 * _TEXT, _TEXT)
                lines += [_Said(first, set_line(say(key), _TEXT, FontRole.HEI)), *map(_Said, others)]
        note = ""
        if shared:
            names = say("names").join(say("photo.number", number=self.numbers[p]) for p in shared)
            note = say("detail.see_photos", photos=names)
        elif not finding.photos and not finding.after_photos:
            note = say("detail.no_photo")
        if note:
            lines += map(_Said, break_lines([Run(note)], width - 4 * _TEXT, 9.0))
        return lines

    def _side(self, links: list[PhotoLink], text_height: float) -> tuple[list[list[_Print]], list[PhotoLink]]:
        """The photos that stand beside the text, in rows, and those that find no room there."""
        rows: list[list[_Print]] = []
        used, tall = 0, 0.0
        for row in _rows(links, _SIDE_WIDTH - _PAD, _SIDE_HEIGHT):
            prints = [self.print(link, w, h) for link, w, h in row]
            height = max(p.tall for p in prints) + _GAP
            if rows and tall + height > max(text_height + 24, 170.0):
                break
            rows.append(prints)
            used += len(row)
            tall += height
        return rows, links[used:]

    def _say(self, said: _Said, y: float) -> None:
        x = self.flow.left + _PAD
        if said.label is not None:
            self.sheets.line(x, y + baseline(_LEADING, _TEXT), said.label)
        self.sheets.line(x + 4 * _TEXT, y + baseline(_LEADING, said.line.size), said.line)

    def _band(self, lines: list[_Said], side: list[list[_Print]], height: float) -> None:
        flow = self.flow
        y = flow.y + _PAD
        for line in lines:
            self._say(line, y)
            y += _LEADING
        if side:
            edge = flow.right - _SIDE_WIDTH - _PAD + 4
            self.sheets.rule(edge, flow.y, edge, flow.y + height, LINE)
            y = flow.y + _PAD
            for row in side:
                self.place(row, edge + _PAD - 2, y)
                y += max(p.tall for p in row) + _GAP
        flow.y += height

    def _long_text(self, lines: list[_Said]) -> None:
        flow = self.flow
        flow.y += _PAD
        for line in lines:
            self._continue_if(_LEADING + _PAD)
            self._say(line, flow.y)
            flow.y += _LEADING
        flow.y += _PAD

    def _gallery(
        self, rest: list[PhotoLink], before: Sequence[PhotoLink], after: Sequence[PhotoLink]
    ) -> list[list[_Print]]:
        """Rows below the text: before and after side by side, else as many as fill the width."""
        width = self.flow.width - 2 * _PAD
        if after:
            cell = (width - _GAP) / 2
            rows = []
            for place in range(max(len(before), len(after))):
                pair = [
                    self._fitted(links[place], cell, say(f"photo.{stage}"))
                    for links, stage in ((before, "before"), (after, "after"))
                    if place < len(links)
                ]
                rows.append(pair)
            return rows
        return [[self.print(link, w, h) for link, w, h in row] for row in _rows(rest, width, _ROW_HEIGHT)]

    def _fitted(self, link: PhotoLink, cell: float, stage: str) -> _Print:
        photo = link.photo
        scale = min(cell / photo.width, _PAIR_HEIGHT / photo.height)
        caption = self._caption(link, cell, stage)
        return _Print(link, photo.width * scale, photo.height * scale, caption, cell)

    def print(self, link: PhotoLink, width: float, height: float, stage: str = "") -> _Print:
        cell = max(width, _NARROWEST)
        return _Print(link, width, height, self._caption(link, cell, stage), cell)

    def _caption(self, link: PhotoLink, width: float, stage: str) -> list[Line]:
        """At most two lines: a caption that is longer gives up its middle; then, if need be, it is set smaller."""
        number, words = self.numbers[link.photo.original], " ".join(link.caption.split())

        def lines(said: str, size: float = _CAPTION) -> list[Line]:
            text = wording.caption(replace(link, caption=said), number, self.record, stage)
            return break_lines([Run(text)], width, size, align=Align.LEFT)

        set_ = lines(elided(words, lambda said: len(lines(said)) <= _CAPTION_LINES))
        size = _CAPTION
        while len(set_) > _CAPTION_LINES and size > _SMALLEST_CAPTION:
            size -= 0.4
            set_ = lines("", size)
        return set_

    def place(self, row: Sequence[_Print], x: float, y: float) -> None:
        """A row of photos with their captions; pairs stand in halves of the box."""
        paired = len(row) == 2 and row[1].link.after and not row[0].link.after
        cell = (self.flow.width - 2 * _PAD - _GAP) / 2
        for print_ in row:
            path = self.photos.get(print_.link.photo.original)
            if path is None:
                raise Problem("photo-missing", item=print_.link.item)
            self.sheets.picture(path, x, y, print_.width, print_.height)
            at = y + print_.height + 3
            for line in print_.caption:
                self.sheets.line(x, at + baseline(_CAPTION_LEADING, line.size), line)
                at += _CAPTION_LEADING
            x += (cell if paired else print_.cell) + _GAP

    def _continue_if(self, height: float) -> None:
        """Closes the box and goes on with it on the next page when `height` has no room here."""
        if height > self.flow.room:
            self._close()
            self.flow.turn()
            self.top = self.flow.y
            self.sheets.rule(self.flow.left, self.top, self.flow.right, self.top, LINE)
            again = set_line(say("detail.continued", number=self._number), 9.0, FontRole.HEI)
            self.sheets.line(self.flow.left + _PAD, self.top + baseline(20.0, 9.0), again)
            self.flow.y += 20.0

    def _close(self) -> None:
        flow = self.flow
        for x in (flow.left, flow.right):
            self.sheets.rule(x, self.top, x, flow.y, LINE)
        self.sheets.rule(flow.left, flow.y, flow.right, flow.y, LINE)


def _badge_cell(finding: RecordedFinding) -> float:
    """The width of the cell with the level; 重大候选 has four characters."""
    return 90.0 if finding.severity is Severity.CANDIDATE else 66.0


def _rows(links: Sequence[PhotoLink], width: float, height: float) -> list[list[tuple[PhotoLink, float, float]]]:
    """Photos in rows that fill `width`, all of one height in a row, near `height`; the last may stay short. A narrow
    photo takes as much of its row as its caption needs."""
    rows: list[list[tuple[PhotoLink, float, float]]] = []
    row: list[PhotoLink] = []
    for link in links:
        if row and _cells([*row, link], height / 2) > width:
            rows.append(_row(row, height, width))
            row = []
        row.append(link)
        if _cells(row, height) >= width * 0.93:
            rows.append(_row(row, height * 1.08, width))
            row = []
    if row:
        rows.append(_row(row, height * 1.08, width))
    return rows


def _cells(links: Sequence[PhotoLink], height: float) -> float:
    """The width that photos of this height take in a row."""
    ratios = (link.photo.width / link.photo.height for link in links)
    return sum(max(height * ratio, _NARROWEST) for ratio in ratios) + _GAP * (len(links) - 1)


def _row(links: Sequence[PhotoLink], tallest: float, width: float) -> list[tuple[PhotoLink, float, float]]:
    """The photos as tall as `width` allows, at most `tallest`."""
    low, high = 0.0, tallest
    if _cells(links, high) > width:
        for _ in range(40):
            middle = (low + high) / 2
            low, high = (middle, high) if _cells(links, middle) <= width else (low, middle)
        high = low or tallest
    return [(link, high * link.photo.width / link.photo.height, high) for link in links]


def draw_missing(flow: Flow) -> None:
    """What 〓 stands for on these pages; nothing when every character has a shape."""
    replaced = flow.sheets.replaced
    if replaced:
        flow.y += _GAP
        note = say("missing", n=len(replaced), codes=wording.code_points(replaced))
        flow.lines(break_lines([Run(note)], flow.width, 8.6, align=Align.LEFT), 12.2)
