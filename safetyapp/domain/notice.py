"""What the office asks for: the rectification notice 整改通知书, its extension 延期批复, and supervision 督办通知.

Sources: 《安全生产法》 (2021) art. 41, 65, 68, and GB/T 9704-2012 for the official layout.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from safetyapp.domain.document import DocumentKind
from safetyapp.domain.inspection import InspectionType
from safetyapp.domain.paper import DocumentRef, FindingRef, Issued


class NoticeLayout(StrEnum):
    """样式: a form with stub and delivery copy 表格式, or an official paper 公文式."""

    FORM = "form"
    OFFICIAL = "official"


@dataclass(frozen=True, slots=True)
class Duties:
    """五落实: who answers for it 责任, measures 措施, money 资金, time 时限, and the plan meanwhile 预案."""

    responsible: str = ""
    measures: str = ""
    money: str = ""
    time: str = ""
    plan: str = ""


@dataclass(frozen=True, slots=True)
class NoticedFinding:
    """One line of a notice. `photos` are originals by their hash."""

    finding: FindingRef
    action: str
    basis: tuple[str, ...] = ()
    criterion: str = ""
    photos: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice(Issued):
    """整改通知书. The sentences `opening` 缘起, `demand` 整改要求, `reply` 回复要求 and `consequence` 逾期后果 are the
    office's, and may be empty; `interim` 防范要求 is what is to be done until a finding is fixed."""

    reports: tuple[DocumentRef, ...]
    inspected_on: date
    inspection_type: InspectionType
    inspectors: tuple[str, ...]
    findings: tuple[NoticedFinding, ...]
    reply_by: date
    layout: NoticeLayout = NoticeLayout.FORM
    copies: int = 2
    opening: str = ""
    demand: str = ""
    interim: str = ""
    reply: str = ""
    consequence: str = ""
    kind: DocumentKind = DocumentKind.RECTIFICATION_NOTICE


@dataclass(frozen=True, slots=True)
class ExtendedFinding:
    """A finding with the day that was asked for and the day that was granted; None where it was not."""

    finding: FindingRef
    asked: date | None
    granted: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Extension(Issued):
    """延期批复. The former deadline stays in each finding, so that no date changes silently."""

    notice: DocumentRef
    response: DocumentRef | None
    findings: tuple[ExtendedFinding, ...]
    reason: str
    interim: str
    decision: str = ""
    kind: DocumentKind = DocumentKind.EXTENSION


class SupervisedFor(StrEnum):
    """Why a finding is supervised."""

    OVERDUE = "overdue"
    MAJOR = "major"


@dataclass(frozen=True, slots=True)
class SupervisedFinding:
    """A finding under supervision; `notice` is its notice's number, `overdue_days` are counted to the paper's day."""

    finding: FindingRef
    why: SupervisedFor
    notice: str = ""
    overdue_days: int = 0
    duties: Duties = Duties()


@dataclass(frozen=True, slots=True, kw_only=True)
class Supervision(Issued):
    """督办通知. `leader` 督办责任人 answers for it in the office."""

    notices: tuple[DocumentRef, ...]
    findings: tuple[SupervisedFinding, ...]
    reply_by: date
    leader: str = ""
    opening: str = ""
    demand: str = ""
    consequence: str = ""
    kind: DocumentKind = DocumentKind.SUPERVISION
