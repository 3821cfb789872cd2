"""Which pages a record has: its kind decides."""

from __future__ import annotations

from safetyapp.documents.fonts import fonts_of
from safetyapp.documents.material import Material
from safetyapp.documents.pages_inspection import document_title, lay_out_inspection
from safetyapp.documents.pages_notice import lay_out_notice
from safetyapp.documents.pages_official import lay_out_official
from safetyapp.documents.pages_reinspection import lay_out_reinspection
from safetyapp.documents.pages_response import lay_out_response
from safetyapp.documents.pages_review import lay_out_review, lay_out_void
from safetyapp.documents.pages_service import lay_out_service
from safetyapp.documents.sheet import Sheets
from safetyapp.documents.watermark import draw_watermark
from safetyapp.domain.any_record import number_of
from safetyapp.domain.notice import Extension, Notice, NoticeLayout, Supervision
from safetyapp.domain.record import Record
from safetyapp.domain.reinspection import Reinspection
from safetyapp.domain.response import Response
from safetyapp.domain.review import Review, Void
from safetyapp.domain.service import ServiceReceipt


def lay_out(material: Material) -> Sheets:
    """All pages of a document, laid out and ready to be written. Raises Problem photo-missing, ink-broken."""
    with fonts_of(material.allow_system_fonts):
        sheets = _lay_out(material)
        if material.watermark:
            draw_watermark(sheets, material.watermark)
        return sheets


def _lay_out(material: Material) -> Sheets:
    match material.record:
        case Record() as record:
            assert material.form is not None
            return lay_out_inspection(record, material.form, material)
        case Notice() as record if record.layout is NoticeLayout.FORM:
            return lay_out_notice(record, material)
        case ServiceReceipt() as record:
            return lay_out_service(record, material)
        case Review() as record:
            return lay_out_review(record, material)
        case Void() as record:
            return lay_out_void(record, material)
        case Notice() | Supervision() | Extension() as record:
            return lay_out_official(record, material)
        case Response() as record:
            return lay_out_response(record, material)
        case Reinspection() as record:
            return lay_out_reinspection(record, material)


def file_title(material: Material) -> str:
    """What the file says its title is: the name that is printed, and the number."""
    record = material.record
    if isinstance(record, Record):
        assert material.form is not None
        title = document_title(record, material.form)
    else:
        title = record.title
    return f"{title} {number_of(record)}"
