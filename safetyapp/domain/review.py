"""What the office says of a document: the review 审核意见 of a report, and that a document is void 作废."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from safetyapp.domain.document import DocumentKind
from safetyapp.domain.form import ItemId
from safetyapp.domain.paper import DocumentRef, Paper


class Decision(StrEnum):
    """审核结论: accepted 通过, or returned 退回."""

    ACCEPTED = "accepted"
    RETURNED = "returned"


@dataclass(frozen=True, slots=True)
class Remark:
    """A remark pinned to an item (by its address), whose question stands beside it; of the whole without."""

    item: ItemId | None
    question: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Review(Paper):
    """审核意见 on a report."""

    issuer: str
    report: DocumentRef
    report_title: str
    decision: Decision
    reason: str = ""
    remarks: tuple[Remark, ...] = ()
    kind: DocumentKind = DocumentKind.REVIEW


@dataclass(frozen=True, slots=True, kw_only=True)
class Void(Paper):
    """作废: the document stays, its number stays in the register and is never given again. `replaced_by` is the number
    of what takes its place."""

    issuer: str
    voided: DocumentRef
    voided_title: str
    reason: str
    replaced_by: str = ""
    kind: DocumentKind = DocumentKind.VOID
