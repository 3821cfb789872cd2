"""What somebody added behind a document that was whole: how many revisions, and what of the document they touch.

Only called when the part that was signed is genuine by itself. What was added is a stranger's: it is searched as text
and never parsed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from io import BytesIO
from itertools import islice
from typing import Any

_OBJECT = re.compile(rb"(?<!\d)(\d{1,10})\s{1,3}\d{1,5}\s{1,3}obj\b")
_SIGNATURE = re.compile(rb"/ByteRange\b|/Type\s?/(?:Sig|DocTimeStamp)\b|/FT\s?/Sig\b")
_FILE = re.compile(rb"/EmbeddedFile(?!s)")
_END = re.compile(rb"%%EOF")
_MOST = 20_000


@dataclass(frozen=True, slots=True)
class Addition:
    """`why` is a verdict's code: appended-record, appended-pages, appended-signature, or appended where none of them is
    known to be touched."""

    why: str
    revisions: int


def look_at_addition(data: bytes, covered: int) -> Addition:
    """What follows behind the first `covered` bytes, which were found genuine."""
    tail = data[covered:]
    revisions = max(1, sum(1 for _ in islice(_END.finditer(tail), _MOST)))
    touched = {int(m.group(1)) for m in islice(_OBJECT.finditer(tail), _MOST)}
    if not touched or b"%PDF-" in tail:  # nothing that is known, or a whole other file
        return Addition("appended", revisions)
    record, pages = _roles(data[:covered])
    if touched & record or _FILE.search(tail):
        return Addition("appended-record", revisions)
    if touched & pages:
        return Addition("appended-pages", revisions)
    if _SIGNATURE.search(tail):
        return Addition("appended-signature", revisions)
    return Addition("appended", revisions)


def _roles(document: bytes) -> tuple[set[int], set[int]]:
    """The numbers of the objects that carry the record and the attached files, and of those that make up the pages."""
    import pikepdf

    record: set[int] = set()
    pages: set[int] = set()
    with pikepdf.open(BytesIO(document), attempt_recovery=False, suppress_warnings=True) as pdf:
        for spec in pdf.Root.AF:
            record |= {spec.objgen[0], spec.EF.F.objgen[0]}
        pages.add(pdf.Root.Pages.objgen[0])
        for page in pdf.pages:
            pages.add(page.obj.objgen[0])
            _gather(page.obj.get("/Contents"), pages, 2)
            _gather(page.obj.get("/Resources"), pages, 4)
    return record - {0}, pages - {0}


def _gather(value: Any, into: set[int], depth: int) -> None:
    """Numbers of the objects that a value is made of, a few steps deep: fonts and pictures are, what they name is."""
    import pikepdf

    if isinstance(value, pikepdf.Object) and value.is_indirect:
        if value.objgen[0] in into:
            return
        into.add(value.objgen[0])
    if depth == 0:
        return
    if isinstance(value, pikepdf.Array):
        for one in value:
            _gather(one, into, depth - 1)
    elif isinstance(value, pikepdf.Dictionary):
        for key in value.keys():  # noqa: SIM118 - pikepdf iterates over no keys
            _gather(value[key], into, depth - 1)
