"""The school's answer 整改回复 to a notice, finding by finding, and what it asks more time for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from safetyapp.domain.document import DocumentKind
from safetyapp.domain.paper import DocumentRef, FindingRef, Paper


@dataclass(frozen=True, slots=True)
class FindingResponse:
    """What was done about one finding. `completed_on` is empty while it is not finished: then `unfinished` says why,
    `interim` what guards it, `planned_on` until when. `cost` is in yuan. Photos are originals by their hash."""

    finding: FindingRef
    measure: str
    responsible: str = ""
    completed_on: date | None = None
    cost: Decimal | None = None
    cost_source: str = ""
    unfinished: str = ""
    interim: str = ""
    planned_on: date | None = None
    photos: tuple[str, ...] = ()
    after_photos: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ExtensionRequest:
    """延期申请: for which findings (by their ids), until when, why, and what guards them meanwhile."""

    findings: tuple[str, ...]
    until: date
    reason: str
    interim: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Response(Paper):
    """整改回复, answered for by the head of the school `principal`."""

    notice: DocumentRef
    addressed_to: str
    findings: tuple[FindingResponse, ...]
    principal: str
    request: ExtensionRequest | None = None
    note: str = ""
    kind: DocumentKind = DocumentKind.RESPONSE
