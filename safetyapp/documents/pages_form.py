"""Rows of a form: labelled cells of any width with words, handwriting or boxes to tick; a tall row crosses pages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from safetyapp.documents import wording
from safetyapp.documents.flow import LINE, TOP, Cell, Flow, Inlay, TableLook, inlay
from safetyapp.documents.fonts import FontRole, glyphs
from safetyapp.documents.sheet import picture_size
from safetyapp.documents.typeset import Align, Line, Piece, Run, break_lines, set_line, text_width
from safetyapp.documents.wording import say
from safetyapp.domain.inspection import Ink, Sha256

FORM_LOOK = TableLook(size=10.5, leading=15.5, pad_x=7.0, pad_y=5.5, head=FontRole.HEI)
LABEL = 84.0
"""The width of a label, in points."""

_INK_LINES, _INK_WIDTH = 2, 150.0
_TOLD = 9.0
"""The size of name and time below a signature."""


@dataclass(frozen=True, slots=True)
class Field:
    """A labelled cell; `width` is that of the cell without its label, in points."""

    label: str
    cell: Cell
    width: float


def words(text: str, width: float, look: TableLook = FORM_LOOK, role: FontRole = FontRole.SONG) -> list[Line]:
    """What stands in a cell of this width; an empty text leaves it blank, to be filled in by hand."""
    return break_lines([Run(text.strip(), role)], width - 2 * look.pad_x, look.size, align=Align.LEFT)


def row_height(
    fields: Sequence[Field], look: TableLook = FORM_LOOK, *, label: float = LABEL, least: float = 0.0
) -> float:
    """What a row takes of a page that holds it whole."""
    lines = (part for field in fields for part in (field.cell, _label(field.label, label, look)))
    return max(least, max(1, *map(len, lines)) * look.leading + 2 * look.pad_y)


def form_row(
    flow: Flow, fields: Sequence[Field], look: TableLook = FORM_LOOK, *, label: float = LABEL, least: float = 0.0
) -> None:
    """A row with its frame, at least `least` points high. What no page could hold goes on in another row."""
    labels = [_label(field.label, label, look) for field in fields]
    waiting = [list(field.cell) for field in fields]
    page = int((flow.bottom - TOP - 2 * look.pad_y) // look.leading)
    while True:
        count = max(1, *(len(cell) for cell in waiting), *(len(name) for name in labels))
        fitting = int((flow.room - 2 * look.pad_y) // look.leading)
        height = max(least, min(count, page) * look.leading + 2 * look.pad_y)
        if height > flow.room and (count <= page or fitting < 4):
            flow.turn()
            continue
        now = [cell[:fitting] for cell in waiting]
        waiting = [cell[fitting:] for cell in waiting]
        tall = max(1, *map(len, now), *map(len, labels)) * look.leading + 2 * look.pad_y
        _draw_row(flow, fields, labels, now, max(least, tall), look, label)
        if not any(waiting):
            return


def _label(text: str, width: float, look: TableLook) -> list[Line]:
    lines = break_lines([Run(text, look.head)], width - look.pad_x, look.size, align=Align.LEFT)
    if len(lines) == 1:
        return lines
    return break_lines([Run(text, look.head)], width - 2 * look.pad_x, look.size, align=Align.LEFT)


def _draw_row(
    flow: Flow,
    fields: Sequence[Field],
    labels: Sequence[Sequence[Line]],
    cells: Sequence[Cell],
    height: float,
    look: TableLook,
    label: float,
) -> None:
    x = flow.left
    for field, name, cell in zip(fields, labels, cells, strict=True):
        if x > flow.left:
            flow.sheets.rule(x, flow.y, x, flow.y + height, LINE)
        flow.cell(name, x + look.pad_x, flow.y, height, look)
        flow.sheets.rule(x + label, flow.y, x + label, flow.y + height, LINE)
        flow.cell(cell, x + label + look.pad_x, flow.y, height, look)
        x += label + field.width
    flow.sheets.box(flow.left, flow.y, flow.width, height, LINE)
    flow.y += height


def handwriting(
    inks: Iterable[Ink], pictures: Mapping[Sha256, bytes], width: float, look: TableLook = FORM_LOOK
) -> list[Cell]:
    """For each signature the image, who refused and why, and name and time below. Raises Problem ink-broken."""
    cells: list[Cell] = []
    for ink in inks:
        cell: list[Line | Inlay | None] = []
        picture = pictures.get(ink.image) if ink.image else None
        if picture is not None:
            cell += inlay(picture, picture_size(picture), min(width - 2 * look.pad_x, _INK_WIDTH), _INK_LINES, look)
        parts = [say("sign.refused", reason=ink.refused)] if ink.refused.strip() else []
        parts += [say("sign.witness", name=ink.witness)] if ink.witness.strip() else []
        when = say("sign.time", date=wording.day(ink.signed_at.date()), time=wording.clock_time(ink.signed_at))
        who = say("sign.who", name=ink.name, time=when)
        if text_width(who, _TOLD) > width - 2 * look.pad_x:
            who = f"{ink.name}\n{when}"  # the time whole, on a line of its own
        for text in (say("list").join(parts), who):
            if text:
                cell += break_lines([Run(text)], width - 2 * look.pad_x, _TOLD, align=Align.LEFT)
        cells.append(cell)
    return cells


def tick_boxes(choices: Sequence[tuple[str, bool]], width: float, look: TableLook = FORM_LOOK) -> list[Line]:
    """Boxes with their words, in as many lines as they need; those that are true are ticked."""
    room, gap = width - 2 * look.pad_x, 1.4 * look.size
    lines: list[list[Line]] = [[]]
    at = 0.0
    for name, chosen in choices:
        one = _tick_box(name, chosen, look.size)
        if lines[-1] and at + one.right > room:
            lines.append([])
            at = 0.0
        lines[-1].append(_moved(one, at))
        at += one.right + gap
    return [_joined(line) for line in lines]


def _tick_box(name: str, chosen: bool, size: float) -> Line:
    """No face has ☑: it is drawn as ✓ on □, and says of itself what it is, as every line that steps back does."""
    box, tick = glyphs(FontRole.SONG)["□"], glyphs(FontRole.HEI)["✓"]
    word = set_line(name, size, FontRole.HEI if chosen else FontRole.SONG)
    pieces = [Piece(box.face, 0.0, "□", 0.0, ((0, -(box.width + tick.width) / 2 * size),) if chosen else ())]
    if chosen:
        pieces.append(Piece(tick.face, (box.width - tick.width) / 2 * size, "✓", 0.0, ()))
    start = (box.width + 0.15) * size
    pieces += [_piece(piece, start) for piece in word.pieces]
    return Line(("☑" if chosen else "□") + name, size, 0.0, start + word.right, tuple(pieces))


def _piece(piece: Piece, by: float) -> Piece:
    return Piece(piece.face, piece.x + by, piece.text, piece.spacing, piece.kerns)


def _moved(line: Line, by: float) -> Line:
    return Line(line.text, line.size, line.left + by, line.right + by, tuple(_piece(p, by) for p in line.pieces))


def _joined(lines: Sequence[Line]) -> Line:
    pieces = tuple(piece for line in lines for piece in line.pieces)
    return Line("　".join(line.text for line in lines), lines[0].size, 0.0, lines[-1].right, pieces)
