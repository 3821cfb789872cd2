"""A workspace in which things are due: forms with rules for the district, documents from before, a report that was sent
back. Documents are rows with other bytes behind them: nothing here reads a PDF."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from safetyapp.app import SystemClock
from safetyapp.domain.document import DocumentId, DocumentKind, DocumentRow, DocumentState
from safetyapp.domain.form import Form, ItemId, Severity
from safetyapp.domain.inspection import InspectionId
from safetyapp.domain.ledger import FindingState, LedgerRow
from safetyapp.domain.review import Decision, Remark
from safetyapp.domain.said import FindingAnswered, ResponseSaid, ReviewSaid
from safetyapp.domain.schedule import Doer, DueRule, Every, Period
from safetyapp.domain.school import Applies, School, SchoolKind
from safetyapp.domain.words import Words
from safetyapp.ui.tools import Tools
from safetyapp.workflow.opened import Open

MONTHLY = DueRule("monthly", Doer.DISTRICT, Every(Period.MONTH), Words("每月", "monthly"))
EVERY_30 = DueRule("days", Doer.DISTRICT, Every(days=30), Words("每30天", "every 30 days"))
NOT_FOR_PRIMARY = replace(MONTHLY, every=Every(Period.YEAR), applies=(Applies((SchoolKind.KINDERGARTEN,)),))


class Tuesday(SystemClock):
    """The same school day whenever this runs; every look at it is a second later."""

    def __init__(self) -> None:
        self._steps = 0

    def now(self) -> datetime:
        self._steps += 1
        return datetime(2026, 11, 24, 9).astimezone() + timedelta(seconds=self._steps)


def with_rules(tools: Tools, **rules: Sequence[DueRule]) -> Tools:
    """The same tools, whose forms have these rules (others none); `_` stands for `-` in a form's id."""
    wanted = {name.replace("_", "-"): tuple(given) for name, given in rules.items()}

    def form(form_id: str) -> Form:
        return replace(tools.form(form_id), due=wanted.get(form_id, ()))

    return replace(tools, form=form)


def done(tools: Tools, school: School, form: str, day: date, title: str = "消防安全检查表") -> DocumentRow:
    """An inspector's report of a day."""
    data = f"{school.id} {form} {day}".encode()
    row = _row(data, school, DocumentKind.INSPECTION_REPORT, day, title=title, form=form, document_id=str(data))
    tools.store.keep_document(row, data, ())
    return row


def hazard(
    tools: Tools, school: School, number: int, deadline: date, severity: Severity = Severity.GENERAL, text: str = ""
) -> LedgerRow:
    """An open finding in a report of its own."""
    found_on = deadline - timedelta(days=9)
    data = f"hazard {number}".encode()
    row = _row(data, school, DocumentKind.INSPECTION_REPORT, found_on, document_id=f"h{number}", form="other")
    finding = LedgerRow(
        f"h{number}/1", f"h{number}", school.id, school.name, "other", "F-01", "教学楼", text or f"隐患{number}",
        severity, FindingState.OPEN, found_on, deadline, None,
    )  # fmt: skip
    tools.store.keep_document(row, data, (finding,))
    return finding


def answered(tools: Tools, school: School, finding: LedgerRow, day: date, photos: int) -> None:
    data = f"response {finding.id}".encode()
    row = _row(data, school, DocumentKind.RESPONSE, day, document_id=f"r{finding.id}", role="school")
    tools.store.keep_document(row, data, ())
    tools.store.keep_said(row.sha256, ResponseSaid((FindingAnswered(finding.id, True, photos),)))


def returned(tools: Tools, draft: Open, remarks: Sequence[tuple[str, str]]) -> DocumentRow:
    """The draft signed, and sent back by the office with remarks at items."""
    inspection, me = draft.inspection, tools.store.me()
    assert me is not None
    data = f"report {inspection.id}".encode()
    row = _row(
        data, inspection.school, DocumentKind.INSPECTION_REPORT, inspection.inspected_on,
        title=draft.form.title.zh, form=draft.form.id, document_id=inspection.id, author_id=me.id,
    )  # fmt: skip
    tools.store.keep_document(row, data, (), closes=InspectionId(inspection.id))
    said = tuple(Remark(ItemId(item) if item else None, "", text) for item, text in remarks)
    paper = f"review {inspection.id}".encode()
    review = _row(paper, inspection.school, DocumentKind.REVIEW, inspection.inspected_on, role="office")
    tools.store.keep_document(review, paper, ())
    about = ReviewSaid(inspection.id, row.sha256, Decision.RETURNED, "区教委安全办", "证据不足", said)
    tools.store.keep_said(review.sha256, about)
    return row


def _row(
    data: bytes, school: School, kind: DocumentKind, day: date, *, title: str = "检查表", form: str = "",
    document_id: str = "", author_id: str = "p9", role: str = "inspector",
) -> DocumentRow:  # fmt: skip
    sha256 = hashlib.sha256(data).hexdigest()
    made_at = datetime(day.year, day.month, day.day, 15).astimezone()
    return DocumentRow(
        DocumentId(document_id or sha256), sha256, kind, f"临-{sha256[:6]}", school.id, school.name, title, made_at,
        day, "王演示", DocumentState.IMPORTED, len(data), 0, 0, author_id=author_id, form=form, author_role=role,
    )  # fmt: skip
