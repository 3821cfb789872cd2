"""The page of a service receipt 送达回证: a form that says which paper reached whom, how, when, or why not."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

from safetyapp.documents import wording
from safetyapp.documents.flow import TOP, Cell, Inlay
from safetyapp.documents.material import Material
from safetyapp.documents.pages_annex import draw_missing
from safetyapp.documents.pages_form import LABEL, Field, form_row, handwriting, row_height, tick_boxes, words
from safetyapp.documents.pages_frame import begin, draw_feet
from safetyapp.documents.pages_seal import draw_seal, seal_height
from safetyapp.documents.sheet import Sheets
from safetyapp.documents.typeset import Line
from safetyapp.documents.wording import say
from safetyapp.domain.inspection import Ink
from safetyapp.domain.service import ServiceMethod, ServiceReceipt

_HEIGHTS = ((36.0, 52.0), (30.0, 44.0), (26.5, 36.0), (26.5, 26.5))
"""The least heights, in points, of a row and of one that is signed by hand; the first with which all is on one page."""

_TEXT, _GAP = 12.0, 8.0

_SERVERS, _RECEIVERS = frozenset({"server", "office"}), frozenset({"receiver", "school"})
_WITNESSES = frozenset({"witness"})


def lay_out_service(record: ServiceReceipt, material: Material) -> Sheets:
    """The form; what was not filled in stays blank, to be written by hand. Raises Problem ink-broken."""
    flow = begin(record, material.record_hash, record.title)
    flow.y += 4
    rows = _Form(flow.width, record, material).rows()
    end = _GAP + seal_height(record.issuer, flow.width, _TEXT)
    heights = next((h for h in _HEIGHTS if _height(rows, h) + end <= flow.room), _HEIGHTS[-1])
    for place, (fields, signed) in enumerate(rows):
        last = end if place == len(rows) - 1 else 0.0  # the seal never stands alone
        flow.need(min(row_height(fields, least=heights[signed]) + last, flow.bottom - TOP))
        form_row(flow, fields, least=heights[signed])
    flow.y += _GAP
    draw_seal(flow, record.issuer, record.dated_on, _TEXT)
    draw_missing(flow)
    draw_feet(flow.sheets, material.record_hash)
    return flow.sheets


_Row: TypeAlias = tuple[list[Field], bool]
"""The cells of a row, and whether it is one that is signed by hand."""


def _height(rows: Sequence[_Row], heights: tuple[float, float]) -> float:
    return sum(row_height(fields, least=heights[signed]) for fields, signed in rows)


class _Form:
    """The table's rows."""

    def __init__(self, width: float, record: ServiceReceipt, material: Material) -> None:
        self._record = record
        self._material = material
        self._wide = width - LABEL
        self._half = width / 2 - LABEL

    def rows(self) -> list[_Row]:
        record, wide, half = self._record, self._wide, self._half
        served = say("service.named", title=record.served_title, number=record.served.number)
        files = say("list").join(file.name for file in record.files)
        methods = [(say(f"service.methods.{method.value}"), method is record.method) for method in ServiceMethod]
        receiver = Field(say("service.receiver"), self._signed(record.receiver, _RECEIVERS, half), half)
        post = Field(say("service.post"), words(record.receiver_post, half), half)
        others = [ink for ink in record.inks if ink.role not in _SERVERS | _RECEIVERS | _WITNESSES]
        return [
            self._row("served_to", words(record.school.name, wide)),
            self._row("served", words(served, wide)),
            self._row("place", words(record.place, wide)),
            self._row("method", tick_boxes(methods, wide)),
            self._row("servers", self._signed(say("names").join(record.servers), _SERVERS, wide), signed=True),
            ([receiver, post], True),
            self._row("received", words(self._received(), wide)),
            self._row("refused", words(record.refused, wide), signed=True),
            self._row("witness", self._signed(record.witness, _WITNESSES, wide), signed=True),
            *[self._row("signature", cell) for cell in handwriting(others, self._material.inks, wide)],
            self._row("note", words(record.note, wide)),
            *([self._row("supersedes", words(record.supersedes, wide))] if record.supersedes else []),
            self._row("files", words(files or say("none"), wide)),
        ]

    def _row(self, key: str, cell: Cell, *, signed: bool = False) -> _Row:
        return [Field(say(f"service.{key}"), cell, self._wide)], signed

    def _signed(self, name: str, roles: frozenset[str], width: float) -> Cell:
        """The name, and below it the handwriting of those who are in one of the roles."""
        inks: list[Ink] = [ink for ink in self._record.inks if ink.role in roles]
        cell: list[Line | Inlay | None] = []
        if name.strip() and not (len(inks) == 1 and inks[0].name == name.strip()):
            cell += words(name, width)
        for signed in handwriting(inks, self._material.inks, width):
            cell += signed
        return cell

    def _received(self) -> str:
        at = self._record.received_at
        if at is None:
            return say("service.blank_time") if not self._record.refused.strip() else say("service.dash")
        return say("sign.time", date=wording.day(at.date()), time=wording.clock_time(at))
