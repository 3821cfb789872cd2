"""来龙去脉: all that belongs to one document, from the inspection that found to the paper that closes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from safetyapp.domain.document import DocumentKind, DocumentRow, DocumentState
from safetyapp.domain.links import Link, LinkRole

LONGEST = 200
"""Documents of a chain; what would make it longer is left out and said."""

_ORDER = {kind: place for place, kind in enumerate(DocumentKind)}


@dataclass(frozen=True, slots=True)
class Related:
    """A document and what it names."""

    row: DocumentRow
    links: tuple[Link, ...] = ()

    def above(self) -> frozenset[str]:
        """The ids that it rests on: what it names, and what it corrects."""
        named = {link.target for link in self.links}
        return frozenset(named if self.row.supersedes is None else {*named, self.row.supersedes})


@dataclass(frozen=True, slots=True)
class ChainLine:
    """A line of the chain. `is_current`: the document it was asked of. `conflicts`: another line says otherwise of the
    same thing; both are shown, and a person decides. `said`: what a review decided."""

    row: DocumentRow
    is_current: bool
    conflicts: bool
    said: str = ""


@dataclass(frozen=True, slots=True)
class Chain:
    """In the order in which it came about. `next_kinds`: what has not come yet; `is_cut`: there was more."""

    lines: tuple[ChainLine, ...]
    next_kinds: tuple[DocumentKind, ...] = ()
    is_cut: bool = False


def gather(start: Related, ask: Callable[[str], Iterable[Related]]) -> tuple[tuple[Related, ...], bool]:
    """All that belongs to a document, and whether that was cut off. `ask` gives the documents of an id and those that
    name it.

    First up: all that it rests on, to the inspection. Then down from there: all that rests on these. What another paper
    below rests on besides (the other notices of a supervision) is no part of it.
    """
    known: dict[str, Related] = {start.row.sha256: start}
    answers: dict[str, tuple[Related, ...]] = {}

    def of(document_id: str) -> tuple[Related, ...]:
        if document_id not in answers:
            answers[document_id] = tuple(ask(document_id))
        return answers[document_id]

    ids: set[str] = {start.row.id}
    to_climb = [start, *(one for one in of(start.row.id) if one.row.id == start.row.id)]
    while to_climb and len(ids) < LONGEST:
        one = to_climb.pop()
        known[one.row.sha256] = one
        for above in sorted(one.above() - ids):
            ids.add(above)
            to_climb += [other for other in of(above) if other.row.id == above]
    to_descend = sorted(ids)
    while to_descend and len(known) < LONGEST:
        for one in of(to_descend.pop()):
            known[one.row.sha256] = one
            if one.row.id not in ids:
                ids.add(one.row.id)
                to_descend.append(one.row.id)
    return tuple(known.values()), len(known) >= LONGEST


def chain(start: str, documents: Sequence[Related], is_cut: bool = False) -> Chain:
    """The chain of the document with this hash, of all that was gathered for it."""
    disputed = _conflicts(documents)
    in_order = sorted(
        documents,
        key=lambda one: (one.row.inspected_on, one.row.made_at, _ORDER[one.row.kind], one.row.sha256),
    )
    lines = tuple(
        ChainLine(one.row, one.row.sha256 == start, one.row.sha256 in disputed, _decision(one)) for one in in_order
    )
    return Chain(lines, _next_kinds(documents), is_cut)


def _decision(one: Related) -> str:
    return next((link.said for link in one.links if link.role is LinkRole.REVIEWED), "")


def _conflicts(documents: Sequence[Related]) -> frozenset[str]:
    """Papers that say otherwise of the same: decisions on one file that differ, two files under one id by two people,
    and two that correct the same document."""
    found: set[str] = set()
    said: dict[tuple[str, str], dict[str, set[str]]] = {}
    ids: dict[str, dict[str, set[str]]] = {}
    corrected: dict[tuple[str, str], dict[str, set[str]]] = {}
    for one in documents:
        row = one.row
        ids.setdefault(row.id, {}).setdefault(row.author_id, set()).add(row.sha256)
        if row.state is DocumentState.REPLACED:
            continue
        if row.supersedes is not None:
            corrected.setdefault((row.supersedes, ""), {}).setdefault(row.id, set()).add(row.sha256)
        for link in one.links:
            if link.role is LinkRole.REVIEWED:
                by = said.setdefault((link.target, link.target_sha256), {})
                by.setdefault(link.said, set()).add(row.sha256)
    for group in (*said.values(), *ids.values(), *corrected.values()):
        if len(group) > 1:
            found.update(*group.values())
    return frozenset(found)


def _next_kinds(documents: Sequence[Related]) -> tuple[DocumentKind, ...]:
    """What is still to come, in its order: a report without findings wants a review, one with findings a notice,
    an answer and a re-inspection as well. Nothing is awaited of what is void or replaced."""
    live = [one.row for one in documents if one.row.state not in (DocumentState.VOID, DocumentState.REPLACED)]
    kinds = {row.kind for row in live}
    wanted: list[DocumentKind] = []
    reports = [row for row in live if row.kind is DocumentKind.INSPECTION_REPORT]
    if reports:
        wanted.append(DocumentKind.REVIEW)
    if any(row.findings for row in reports) or DocumentKind.RECTIFICATION_NOTICE in kinds:
        wanted += [
            DocumentKind.RECTIFICATION_NOTICE, DocumentKind.SERVICE_RECEIPT, DocumentKind.RESPONSE,
            DocumentKind.REINSPECTION,
        ]  # fmt: skip
    here = max((place for place, kind in enumerate(wanted) if kind in kinds), default=-1)
    return tuple(kind for place, kind in enumerate(wanted) if place > here and kind not in kinds)
