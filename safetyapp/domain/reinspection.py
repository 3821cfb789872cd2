"""Re-inspection 复查: what was found where a notice had asked for something."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from safetyapp.domain.document import DocumentKind
from safetyapp.domain.paper import DocumentRef, FindingRef, Paper


class Conclusion(StrEnum):
    """复查结论."""

    FIXED = "fixed"
    PARTLY = "partly"
    NOT_FIXED = "not-fixed"
    NO_LONGER_APPLIES = "no-longer-applies"


@dataclass(frozen=True, slots=True)
class CheckedFinding:
    """One finding looked at again. `fact` is what was seen; `new_deadline` where it is not fixed. Photos are originals
    by their hash, from the same place before and after."""

    finding: FindingRef
    conclusion: Conclusion
    fact: str = ""
    new_deadline: date | None = None
    photos: tuple[str, ...] = ()
    after_photos: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reinspection(Paper):
    """复查意见书; `dated_on` is the day of the visit. Two people look (`inspectors` names those beside the author)."""

    issuer: str
    notice: DocumentRef
    responses: tuple[DocumentRef, ...]
    findings: tuple[CheckedFinding, ...]
    inspectors: tuple[str, ...] = ()
    escort: str = ""
    opinion: str = ""
    school_opinion: str = ""
    kind: DocumentKind = DocumentKind.REINSPECTION
