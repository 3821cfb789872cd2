"""Service 送达: how a paper reached the school. The deadline counts from here.

Source: 《民事诉讼法》 art. 87 (the signed date counts), art. 89 (left behind with a witness), art. 91 (post), and
《行政处罚法》 art. 61 (electronic only after signed consent); used for a school's papers by analogy.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from safetyapp.domain.document import DocumentKind
from safetyapp.domain.paper import DocumentRef, Paper


class ServiceMethod(StrEnum):
    """送达方式."""

    DIRECT = "direct"
    LEFT = "left"
    POST = "post"
    PASSED_ON = "passed-on"
    ELECTRONIC = "electronic"


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceReceipt(Paper):
    """送达回证. Either somebody received it, or `refused` says why not and `witness` who saw that. A scan of the signed
    paper is one of `files`."""

    issuer: str
    served: DocumentRef
    served_title: str
    place: str
    method: ServiceMethod
    servers: tuple[str, ...]
    receiver: str = ""
    receiver_post: str = ""
    received_at: datetime | None = None
    refused: str = ""
    witness: str = ""
    note: str = ""
    kind: DocumentKind = DocumentKind.SERVICE_RECEIPT
