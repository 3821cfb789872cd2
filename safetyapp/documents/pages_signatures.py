"""The end of the first part of a document: who signed by hand, who refused, lines for those who sign on paper, and the
place for a seal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from safetyapp.documents import wording
from safetyapp.documents.flow import LINE, Flow, baseline
from safetyapp.documents.fonts import FontRole
from safetyapp.documents.pages_seal import SEAL
from safetyapp.documents.sheet import picture_size
from safetyapp.documents.typeset import Align, Line, Run, break_lines, set_line
from safetyapp.documents.wording import say
from safetyapp.domain.inspection import Ink, Sha256

_LEADING, _LEAST = 13.0, 56.0
"""Of the lines below a signature, and the least height of a signature, in points."""

_INSPECTORS = frozenset({"inspector", "companion", "office"})

_TOP, _SEAL_PAD, _SEAL_HEAD = 3.0, 9.0, 22.0
_TALLEST_FRAME, _GAP, _CLOSING = 560.0, 10.0, 17.0


def draw_signatures(flow: Flow, signed: Sequence[Ink], pictures: Mapping[Sha256, bytes]) -> None:
    """Handwriting in two or three columns; a side that has not signed gets an empty line to sign on paper."""
    inspectors = [ink for ink in signed if ink.role in _INSPECTORS]
    others = [ink for ink in signed if ink.role not in _INSPECTORS]
    cells: list[tuple[str, Ink | None]] = [*((say("sign.inspectors"), ink) for ink in inspectors)] or [
        (say("sign.inspectors"), None)
    ]
    cells += [*((_role(ink.role), ink) for ink in others)] or [(say("sign.escort"), None)]
    across = 2 if len(cells) <= 2 else 3
    width = flow.width / across
    flow.y += 6
    told = [_told(ink, width - 12) if ink else [] for _, ink in cells]
    for first in range(0, len(cells), across):
        row, lines = cells[first : first + across], told[first : first + across]
        tall = max(_LEAST, *(38 + _LEADING * len(one) + 6 for one in lines))
        flow.need(tall)
        if not first:
            flow.sheets.bookmark(say("sign.title"), flow.y - 4, 1)
        for place, ((label, ink), below) in enumerate(zip(row, lines, strict=True)):
            _draw_signature(flow, flow.left + place * width, width - 12, label, ink, below, pictures)
        flow.y += tall


class Sealed:
    """A frame for handwriting and for `closing`, the lines of who answers for the paper and its day; at the right,
    under the words `seal`, a place that nothing is printed in. `height` is what it takes of a page."""

    def __init__(
        self,
        flow: Flow,
        cells: Sequence[tuple[str, Ink | None]],
        pictures: Mapping[Sha256, bytes],
        seal: str,
        closing: Sequence[str],
    ) -> None:
        self._flow = flow
        self._cells = cells
        self._pictures = pictures
        self._seal = seal
        self._edge = flow.right - SEAL - 2 * _SEAL_PAD
        self._across = 1 if len(cells) == 1 else 2
        self._width = (self._edge - flow.left) / self._across
        self._told = [_told(ink, self._width - 20) if ink else [] for _, ink in cells]
        self._talls = [
            max(_LEAST, *(40 + _LEADING * len(lines) + 8 for lines in self._told[first : first + self._across]))
            for first in range(0, len(cells), self._across)
        ]
        beside = self._across == 2 and len(cells) % 2 == 1  # half a row is free
        room = (self._width if beside else self._edge - flow.left) - 24
        self._closing = break_lines([Run("\n".join(closing))], room, 10.5, align=Align.RIGHT)
        self._closing_x = self._edge - 12 - room
        tall = _CLOSING * len(self._closing) + 14
        self._overlap = min(self._talls[-1], tall) if beside else 0.0
        self._closing_tall = tall
        self._above = 0
        """Rows that stand above the frame, which would be taller than a page."""
        while self._above < len(self._talls) - 1 and self._inside() > _TALLEST_FRAME:
            self._above += 1
        self.tall = _TOP + max(self._inside(), _SEAL_HEAD + SEAL + _SEAL_PAD)

    @property
    def height(self) -> float:
        """With the gap above it."""
        return _GAP + sum(self._talls[: self._above]) + self.tall

    def _inside(self) -> float:
        return sum(self._talls[self._above :]) + self._closing_tall - self._overlap

    def draw(self) -> None:
        flow, sheets, across = self._flow, self._flow.sheets, self._across
        flow.y += _GAP
        for row, height in enumerate(self._talls):
            if row <= self._above:
                flow.need(height if row < self._above else self.tall)
                top = flow.y
            if row == 0:
                sheets.bookmark(say("sign.title"), flow.y - 4, 1)
            if row < self._above:
                sheets.box(flow.left, flow.y, flow.width, height, LINE)
            elif row == self._above:
                flow.y += _TOP
            for place in range(row * across, min(len(self._cells), (row + 1) * across)):
                label, ink = self._cells[place]
                x = flow.left + place % across * self._width + 10
                _draw_signature(flow, x, self._width - 20, label, ink, self._told[place], self._pictures)
            flow.y += height
        sheets.box(flow.left, top, flow.width, self.tall, LINE)
        sheets.rule(self._edge, top, self._edge, top + self.tall, LINE)
        words = set_line(self._seal, 9.5, FontRole.HEI)
        sheets.line(self._edge + (flow.right - self._edge - words.right) / 2, top + 16, words)
        y = top + self.tall - self._closing_tall + 4
        for line in self._closing:
            sheets.line(self._closing_x, y + baseline(_CLOSING, line.size), line)
            y += _CLOSING
        flow.y = top + self.tall


def _role(role: str) -> str:
    try:
        return say(f"role.{role}")
    except KeyError:
        return role


def _told(ink: Ink, width: float) -> list[Line]:
    """What stands below a signature: who refused and why, who saw it, name and time. A long name takes more lines."""
    lines: list[Line] = []
    refused, witness = ink.refused.strip(), ink.witness.strip()
    if refused or witness:
        parts = [say("sign.refused", reason=refused) if refused else say("sign.refused_bare")]
        if witness:
            parts.append(say("sign.witness", name=witness))
        lines += break_lines([Run(say("list").join(parts))], width, 9.5, align=Align.LEFT)
    when = say("sign.time", date=wording.day(ink.signed_at.date()), time=wording.clock_time(ink.signed_at))
    who = say("sign.who", name=ink.name, time=when)
    found = break_lines([Run(who)], width, 9.0, align=Align.LEFT)
    if len(found) > 1:  # the time whole, on a line of its own
        found = break_lines([Run(f"{ink.name}\n{when}")], width, 9.0, align=Align.LEFT)
    return lines + found


def _draw_signature(
    flow: Flow,
    x: float,
    width: float,
    label: str,
    ink: Ink | None,
    told: list[Line],
    pictures: Mapping[Sha256, bytes],
) -> None:
    sheets = flow.sheets
    name = set_line(label + say("colon"), 10.5)
    sheets.line(x, flow.y + 30, name)
    start, room = x + name.right + 4, width - name.right - 4
    picture = pictures.get(ink.image) if ink and ink.image else None
    if picture is not None:
        box_width, box_height = _fit(picture, min(room, 170.0), 36.0)
        sheets.picture(picture, start, flow.y + 34 - box_height, box_width, box_height)
    elif ink is None or not ink.refused.strip():
        sheets.rule(start, flow.y + 33, start + min(room, 140.0), flow.y + 33, 0.5)
    y = flow.y + 38
    for line in told:
        sheets.line(x, y + baseline(_LEADING, line.size), line, 0.2 if line.size < 9.5 else 0.0)
        y += _LEADING
    if ink is None:
        blank = set_line(say("sign.date_blank"), 9.5)
        sheets.line(start + max(0.0, min(room, 140.0) - blank.right), flow.y + 48, blank)


def _fit(picture: bytes, width: float, height: float) -> tuple[float, float]:
    """The size of a signature's image inside a box."""
    pixels_x, pixels_y = picture_size(picture)
    scale = min(width / pixels_x, height / pixels_y)
    return pixels_x * scale, pixels_y * scale
