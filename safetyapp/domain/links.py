"""How one document names another: as what, by which id, and which file of it was looked at."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from safetyapp.domain.notice import Extension, Notice, Supervision
from safetyapp.domain.record import Record
from safetyapp.domain.reinspection import Reinspection
from safetyapp.domain.response import Response
from safetyapp.domain.review import Review, Void
from safetyapp.domain.service import ServiceReceipt

if TYPE_CHECKING:
    from safetyapp.domain.any_record import AnyRecord
    from safetyapp.domain.paper import DocumentRef


class LinkRole(StrEnum):
    """As what a document is named."""

    REVIEWED = "reviewed"
    NOTICED = "noticed"
    SERVED = "served"
    ANSWERED = "answered"
    EXTENDED = "extended"
    ASKED = "asked"
    RECHECKED = "rechecked"
    SUPERVISED = "supervised"
    VOIDED = "voided"
    FOUND_IN = "found-in"


@dataclass(frozen=True, slots=True)
class Link:
    """`target` is a document's id, `target_sha256` the file that was looked at (empty where the record names none),
    `said` what was decided on it."""

    role: LinkRole
    target: str
    target_sha256: str = ""
    said: str = ""


def links_of(record: AnyRecord) -> tuple[Link, ...]:
    """All that a record names, each once. What it corrects is not among them: that stands in the document's row."""
    return tuple(dict.fromkeys(_links(record)))


def _links(record: AnyRecord) -> Iterator[Link]:
    match record:
        case Record():
            return
        case Review():
            yield _to(LinkRole.REVIEWED, record.report, record.decision.value)
        case Notice():
            yield from (_to(LinkRole.NOTICED, one) for one in record.reports)
        case ServiceReceipt():
            yield _to(LinkRole.SERVED, record.served)
        case Response():
            yield _to(LinkRole.ANSWERED, record.notice)
        case Extension():
            yield _to(LinkRole.EXTENDED, record.notice)
            if record.response is not None:
                yield _to(LinkRole.ASKED, record.response)
        case Reinspection():
            yield _to(LinkRole.RECHECKED, record.notice)
            yield from (_to(LinkRole.ANSWERED, one) for one in record.responses)
        case Supervision():
            yield from (_to(LinkRole.SUPERVISED, one) for one in record.notices)
        case Void():
            yield _to(LinkRole.VOIDED, record.voided)
    if isinstance(record, Notice | Response | Extension | Reinspection | Supervision):
        for line in record.findings:
            report, slash, _ = line.finding.finding.rpartition("/")
            if slash:
                yield Link(LinkRole.FOUND_IN, report)


def _to(role: LinkRole, ref: DocumentRef, said: str = "") -> Link:
    return Link(role, ref.document, ref.sha256, said)
