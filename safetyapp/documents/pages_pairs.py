"""附：整改前后照片 of answer and re-inspection: every finding, its photos before and after side by side."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from safetyapp.documents import wording
from safetyapp.documents.flow import LINE, TOP, Flow, baseline
from safetyapp.documents.fonts import FontRole
from safetyapp.documents.pages_box import LEADING, NUMBER, PAD, TEXT, TOGETHER, Box, badge_cell, draw_badge
from safetyapp.documents.pages_parts import Answered
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
from safetyapp.documents.typeset import Align, Line, Run, break_lines, set_line
from safetyapp.documents.wording import say
from safetyapp.domain.inspection import PhotoLink, Sha256
from safetyapp.domain.paper import FindingRef, Paper
from safetyapp.domain.problem import Problem


@dataclass(frozen=True, slots=True)
class Told:
    """What stands in a finding's box above its photos: labels of three characters and their texts."""

    answered: Answered
    texts: Sequence[tuple[str, Run]]


def item_names(numbers: Iterable[int]) -> str:
    return say("names").join(say("pairs.item", number=number) for number in numbers)


def number_photos(paper: Paper, findings: Sequence[Answered]) -> dict[str, int]:
    """照片1, 照片2 … by `print_key`: before and after of each finding in turn, then the others."""
    numbers: dict[str, int] = {}
    named = Named(paper.photos)
    for one in findings:
        for key in _keys(named, one):
            numbers.setdefault(key, len(numbers) + 1)
    for link in paper.photos:
        numbers.setdefault(print_key(link), len(numbers) + 1)
    return numbers


def _keys(named: Named, one: Answered) -> list[str]:
    item = one.finding.finding
    return [
        *(named.key(item, original, False) for original in one.photos),
        *(named.key(item, original, True) for original in one.after_photos),
    ]


def draw_pairs(flow: Flow, paper: Paper, told: Sequence[Told], photos: Mapping[Sha256, Path]) -> None:
    """附：整改前后照片 on pages of their own; nothing for a paper without photos. A photo that several findings share
    is printed at the first. Raises Problem photo-missing."""
    if not paper.photos:
        return
    answered = [one.answered for one in told]
    numbers = number_photos(paper, answered)
    printer = PhotoPrinter(flow, numbers, paper.dated_on, photos)
    flow.turn()
    flow.heading(say("pairs.details"), keep=120, size=12.5)
    flow.y += 2
    named = Named(paper.photos)
    printed: set[str] = set()
    bare: list[int] = []
    for one in told:
        finding = one.answered
        if finding.photos or finding.after_photos:
            _PairsBox(flow, printer, numbers).draw(one, paper, printed)
            printed.update(_keys(named, finding))
        else:
            bare.append(finding.finding.number)
    if bare:
        said = say("pairs.no_photos", numbers=item_names(bare))
        flow.lines(break_lines([Run(said)], flow.width, 9.5, align=Align.LEFT), 14.0)
    _draw_others(flow, printer, [link for link in paper.photos if print_key(link) not in printed])


def _draw_others(flow: Flow, printer: PhotoPrinter, links: Sequence[PhotoLink]) -> None:
    if not links:
        return
    rows = printer.rows(links, flow.width, usual_height(len(links)))
    flow.heading(say("part.other_photos"), keep=row_height(rows[0]), size=12.5)
    for row in rows:
        flow.need(row_height(row))
        printer.place(row, flow.left, flow.y)
        flow.y += row_height(row)


def _links(named: Named, one: Answered, originals: Sequence[str], after: bool) -> dict[str, PhotoLink]:
    """The photos of one stage, each once, by `print_key`. Raises Problem photo-missing."""
    found: dict[str, PhotoLink] = {}
    for original in originals:
        link = named.find(one.finding.finding, original, after)
        if link is None:
            raise Problem("photo-missing", item=one.finding.finding)
        found.setdefault(print_key(link), link)
    return found


def _one_line(text: str) -> str:
    return " ".join(text.split())


class _PairsBox(Box):
    """The box of one finding: a head, what is said of it, photos before at the left and after at the right, and below
    them those that have no fellow, in rows. It may cross pages."""

    def __init__(self, flow: Flow, printer: PhotoPrinter, numbers: Mapping[str, int]) -> None:
        super().__init__(flow)
        self.printer = printer
        self.numbers = numbers

    def draw(self, told: Told, paper: Paper, printed: set[str]) -> None:
        flow, one, ref = self.flow, told.answered, told.answered.finding
        self.number = ref.number
        named = Named(paper.photos)
        earlier, later = _links(named, one, one.photos, after=False), _links(named, one, one.after_photos, after=True)
        before = [link for key, link in earlier.items() if key not in printed]
        after = [link for key, link in later.items() if key not in printed and key not in earlier]
        shared = [key for key in {**earlier, **later} if key in printed]
        inner = flow.width - 2 * PAD
        place = break_lines(
            [Run(_one_line(ref.place) or say("detail.no_place"), FontRole.HEI)],
            flow.width - NUMBER - badge_cell(ref.severity) - 16,
            11.0,
            align=Align.LEFT,
        )
        head = max(23.0, 15.0 * len(place) + 8)
        lines = self._text(told, inner, shared)
        groups = self._groups(before, after, inner)
        first = groups[0][1][0] if groups else None
        text = len(lines) * LEADING + 2 * PAD
        least = head + text + (PAIR_HEAD + row_height(first) if first else 0.0)
        whole = head + text + sum(PAIR_HEAD + sum(map(row_height, rows)) for _, rows in groups)
        flow.need(whole if whole <= TOGETHER else least if least <= flow.bottom - TOP else head + 5 * LEADING)
        self.top = flow.y
        self._bookmark(ref, [*before, *after])
        self._head(ref, place, head)
        self._lines(lines)
        for heads, rows in groups:
            self.continue_if(PAIR_HEAD + row_height(rows[0]) + 2)
            self._heads(heads, inner)
            if heads[1] and not (before and after):
                self._lacking(inner, after=bool(before))
            for row in rows:
                if self.continue_if(row_height(row) + 2):
                    self._heads(heads, inner)
                self.printer.place(row, flow.left + PAD, flow.y)
                flow.y += row_height(row)
        self.close()
        flow.y += 12

    def _groups(
        self, before: Sequence[PhotoLink], after: Sequence[PhotoLink], width: float
    ) -> list[tuple[tuple[str, str], list[PhotoRow]]]:
        """Rows of photos below the words for their left and right side; the right is empty where a row is as wide as
        the box."""
        pairs = min(len(before), len(after))
        if len(before) + len(after) == 1:
            pairs = 1
        groups: list[tuple[tuple[str, str], list[PhotoRow]]] = []
        if pairs:
            rows = self.printer.pairs(before[:pairs], after[:pairs], width)
            groups.append(((say("pairs.before"), say("pairs.after")), rows))
        for stage, links in (("before", before[pairs:]), ("after", after[pairs:])):
            if links:
                rows = self.printer.rows(links, width, usual_height(len(links)), say(f"photo.{stage}"))
                groups.append(((say(f"pairs.more_{stage}" if pairs else f"pairs.{stage}"), ""), rows))
        if not pairs and (before or after):
            (left, _), rows = groups[0]
            lacking = say("pairs.no_after" if before else "pairs.no_before")
            groups[0] = ((left + say("comma") + lacking, ""), rows)
        return groups

    def _bookmark(self, ref: FindingRef, links: Sequence[PhotoLink]) -> None:
        place = _one_line(ref.place or ref.text)[:40]
        self.sheets.bookmark(f"{ref.number}　{place}", self.top - 4, 1)
        numbers = [self.numbers[print_key(link)] for link in links]
        if numbers:
            self.sheets.bookmark(wording.photo_names(numbers), self.top - 4, 2)

    def _head(self, ref: FindingRef, place: Sequence[Line], height: float) -> None:
        flow, sheets, y = self.flow, self.sheets, self.flow.y
        number = set_line(str(ref.number), 11.5, FontRole.HEI)
        sheets.line(flow.left + (NUMBER - number.right) / 2, y + baseline(height, 11.0), number)
        text_y = y + (height - 15.0 * len(place)) / 2
        for line in place:
            sheets.line(flow.left + NUMBER + 8, text_y + baseline(15.0, 11.0), line)
            text_y += 15.0
        badge = flow.right - badge_cell(ref.severity)
        for x in (flow.left + NUMBER, badge):
            sheets.rule(x, y, x, y + height, LINE)
        for level in (y, y + height):
            sheets.rule(flow.left, level, flow.right, level, LINE)
        draw_badge(sheets, ref.severity, badge, y, height)
        flow.y += height

    def _text(self, told: Told, width: float, shared: Sequence[str]) -> list[tuple[str, Line]]:
        """The lines, the first of each text with its label."""
        found: list[tuple[str, Line]] = []
        for label, run in told.texts:
            if run.text.strip():
                first, *others = break_lines([replace(run, text=run.text.strip())], width - 4 * TEXT, TEXT)
                found += [(label, first), *(("", line) for line in others)]
        if shared:
            note = say("detail.see_photos", photos=wording.photo_names(self.numbers[p] for p in shared))
            found += [("", line) for line in break_lines([Run(note)], width - 4 * TEXT, 9.0)]
        return found

    def _lines(self, lines: Sequence[tuple[str, Line]]) -> None:
        flow = self.flow
        flow.y += PAD
        x = flow.left + PAD
        for label, line in lines:
            self.continue_if(LEADING + PAD)
            if label:
                self.sheets.line(x, flow.y + baseline(LEADING, TEXT), set_line(label, TEXT, FontRole.HEI))
            self.sheets.line(x + 4 * TEXT, flow.y + baseline(LEADING, line.size), line)
            flow.y += LEADING
        flow.y += PAD - 2

    def _heads(self, heads: tuple[str, str], width: float) -> None:
        half = (width + GAP) / 2
        for place, word in enumerate(heads):
            if word:
                x = self.flow.left + PAD + place * half
                self.sheets.line(x, self.flow.y + baseline(PAIR_HEAD - 3, 9.5), set_line(word, 9.5, FontRole.HEI))
        self.flow.y += PAIR_HEAD

    def _lacking(self, width: float, *, after: bool) -> None:
        """In the empty half beside a lonely photo, that the other is not there."""
        x = self.flow.left + PAD + ((width + GAP) / 2 if after else 0.0)
        word = set_line(say("pairs.no_after" if after else "pairs.no_before"), 9.5)
        self.sheets.line(x, self.flow.y + 14, word, 0.3)
