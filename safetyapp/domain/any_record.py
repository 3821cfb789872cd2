"""All that a signed document may say: the record of each kind, and the format number it is written in today."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

from safetyapp.domain.document import DocumentKind
from safetyapp.domain.form import Severity
from safetyapp.domain.notice import Extension, Notice, Supervision
from safetyapp.domain.numbering import temporary_number
from safetyapp.domain.record import RECORD_FORMAT, Record
from safetyapp.domain.reinspection import Reinspection
from safetyapp.domain.response import Response
from safetyapp.domain.review import Review, Void
from safetyapp.domain.service import ServiceReceipt

AnyPaper: TypeAlias = Notice | ServiceReceipt | Response | Extension | Reinspection | Supervision | Review | Void
AnyRecord: TypeAlias = Record | AnyPaper

RECORDS: Mapping[DocumentKind, type[AnyRecord]] = {
    DocumentKind.INSPECTION_REPORT: Record,
    DocumentKind.REVIEW: Review,
    DocumentKind.RECTIFICATION_NOTICE: Notice,
    DocumentKind.SERVICE_RECEIPT: ServiceReceipt,
    DocumentKind.RESPONSE: Response,
    DocumentKind.EXTENSION: Extension,
    DocumentKind.REINSPECTION: Reinspection,
    DocumentKind.SUPERVISION: Supervision,
    DocumentKind.VOID: Void,
}

FORMATS: Mapping[DocumentKind, int] = dict.fromkeys(RECORDS, RECORD_FORMAT)
"""The format number of each kind's record; it counts by itself from the day one of them changes."""


def number_of(record: AnyRecord) -> str:
    """文书编号: what the office gave it, else the temporary one."""
    if isinstance(record, Record):
        return temporary_number(record.id, record.inspected_on)
    return record.number or temporary_number(record.id, record.dated_on)


def severities_of(record: AnyRecord) -> tuple[Severity, ...]:
    """The levels of the findings that the document is about."""
    match record:
        case Record():
            return tuple(f.severity for f in record.findings)
        case Notice() | Response() | Extension() | Reinspection() | Supervision():
            return tuple(f.finding.severity for f in record.findings)
        case ServiceReceipt() | Review() | Void():
            return ()
