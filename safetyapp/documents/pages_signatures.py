"""The end of the first part of a document: who signed by hand, who refused, and lines for those who sign on paper."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from safetyapp.documents import wording
from safetyapp.documents.flow import Flow, baseline
from safetyapp.documents.sheet import picture_size
from safetyapp.documents.typeset import Align, Line, Run, break_lines, set_line
from safetyapp.documents.wording import say
from safetyapp.domain.inspection import Ink, Sha256

_LEADING, _LEAST = 13.0, 56.0
"""Of the lines below a signature, and the least height of a signature, in points."""

_INSPECTORS = frozenset({"inspector", "companion", "office"})


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
