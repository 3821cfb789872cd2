"""The end of the first part of a document: who signed by hand, who refused, and lines for those who sign on paper."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from safetyapp.documents import wording
from safetyapp.documents.flow import Flow
from safetyapp.documents.sheet import picture_size
from safetyapp.documents.typeset import Align, Line, Run, break_lines, one_line, set_line
from safetyapp.documents.wording import say
from safetyapp.domain.inspection import Ink, Sha256

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
    width, height = flow.width / across, 56.0
    flow.y += 6
    for first in range(0, len(cells), across):
        row = cells[first : first + across]
        refusals = [_refusal(ink, width - 12) if ink else [] for _, ink in row]
        tall = max(height, *(40 + 13 * len(lines) for lines in refusals))
        flow.need(tall)
        for place, ((label, ink), refusal) in enumerate(zip(row, refusals, strict=True)):
            _draw_signature(flow, flow.left + place * width, width - 12, label, ink, refusal, pictures)
        flow.y += tall


def _role(role: str) -> str:
    try:
        return say(f"role.{role}")
    except KeyError:
        return role


def _refusal(ink: Ink, width: float) -> list[Line]:
    if not ink.refused.strip() and not ink.witness.strip():
        return []
    refused = ink.refused.strip()
    parts = [say("sign.refused", reason=refused) if refused else say("sign.refused_bare")]
    if ink.witness.strip():
        parts.append(say("sign.witness", name=ink.witness.strip()))
    return break_lines([Run(say("list").join(parts))], width, 9.5, align=Align.LEFT)


def _draw_signature(
    flow: Flow,
    x: float,
    width: float,
    label: str,
    ink: Ink | None,
    refusal: list[Line],
    pictures: Mapping[Sha256, bytes],
) -> None:
    sheets = flow.sheets
    name = set_line(label + say("colon"), 10.5)
    sheets.line(x, flow.y + 30, name)
    start, room = x + name.right + 4, width - name.right - 4
    if refusal:
        for count, line in enumerate(refusal):
            sheets.line(x, flow.y + 44 + 13 * count, line)
    picture = pictures.get(ink.image) if ink and ink.image else None
    if picture is not None:
        box_width, box_height = _fit(picture, min(room, 170.0), 36.0)
        sheets.picture(picture, start, flow.y + 34 - box_height, box_width, box_height)
    elif not refusal:
        sheets.rule(start, flow.y + 33, start + min(room, 140.0), flow.y + 33, 0.5)
    if ink is not None and not refusal:
        when = f"{wording.day(ink.signed_at.date())} {wording.clock_time(ink.signed_at)}"
        signed = one_line([Run(f"{ink.name}　{when}")], 9.0)
        sheets.line(x, flow.y + 48, signed if signed.right <= width else _smaller(ink.name, when, width), 0.2)
    elif ink is None:
        blank = set_line(say("sign.date_blank"), 9.5)
        sheets.line(start + max(0.0, min(room, 140.0) - blank.right), flow.y + 48, blank)


def _smaller(name: str, when: str, width: float) -> Line:
    """A name too long for its line is set smaller rather than cut."""
    size = 9.0 * width / one_line([Run(f"{name}　{when}")], 9.0).right
    return one_line([Run(f"{name}　{when}")], max(size, 4.0))


def _fit(picture: bytes, width: float, height: float) -> tuple[float, float]:
    """The size of a signature's image inside a box."""
    pixels_x, pixels_y = picture_size(picture)
    scale = min(width / pixels_x, height / pixels_y)
    return pixels_x * scale, pixels_y * scale
