"""Drafts, documents and photos to say what a store promises with."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path

from PIL import Image

from safetyapp.domain.document import DocumentRow, DocumentState
from safetyapp.domain.form import Form, ItemId, Severity
from safetyapp.domain.handover import HandOver
from safetyapp.domain.inspection import Answer, Finding, Inspection, InspectionId
from safetyapp.domain.ledger import LedgerRow, rows_of
from safetyapp.domain.progress import no_progress
from safetyapp.domain.record import Record, make_record
from safetyapp.domain.school import PersonId, School, SchoolId
from safetyapp.texts import resources
from safetyapp.workflow.finalise import describe_document
from tests.domain.examples import NOON, draft, reckoned, school, small_form
from tests.fakes import FakeSigner

HANDED_ONCE = HandOver(PersonId("p1"), "张示例", "李样本", NOON)
PHOTOS = resources() / "demo" / "photos"


def wording(form: Form, item: object, answer: Answer, inspection: Inspection, *_: object) -> str:
    return f"{answer.item}不符合要求"


def small_photo(number: int = 0, size: tuple[int, int] = (64, 48)) -> bytes:
    """A JPEG of some colour; each number another file."""
    out = BytesIO()
    Image.new("RGB", size, (number % 256, number // 256 % 256, 90)).save(out, "JPEG", comment=str(number))
    return out.getvalue()


def document(
    number: int = 0,
    *,
    text: str = "疏散通道被货架占用",
    at: School | None = None,
    made_at: datetime | None = None,
    state: DocumentState = DocumentState.IMPORTED,
    supersedes: str | None = None,
    document_id: str | None = None,
    by: str = "p1",
    findings: bool = True,
    repeats: str = "",
    hand_overs: int = 0,
) -> tuple[DocumentRow, bytes, tuple[LedgerRow, ...], Record]:
    """A document with one finding (or none) signed by a person, as `keep_document` wants it, and its record."""
    form = small_form()
    inspection = draft(form, id=InspectionId(document_id or f"doc-{number:06d}"), school=at or school())
    inspection = inspection.with_answer(Answer(ItemId("A-1"), "fail", NOON)).with_finding(
        Finding(
            ItemId("A-1"), 1, text, Severity.GENERAL, "立即清走", inspection.inspected_on, "教学楼二层", repeats=repeats
        )
    )
    inspection = replace(inspection, hand_overs=(HANDED_ONCE,) * hand_overs)
    if supersedes is not None:
        inspection = replace(inspection, supersedes=InspectionId(supersedes))
    signer = FakeSigner()
    author = replace(signer.author(inspection.inspector), person=PersonId(by))
    record = make_record(
        inspection, form, reckoned(form, inspection), author, (), made_at or NOON + timedelta(minutes=number), "0.1"
    )
    if not findings:
        record = replace(record, findings=())
    data = signer.seal(record, form, {}, {}, {}, signer.passphrase, no_progress)
    return describe_document(record, data, state), data, rows_of(record), record


def other_school() -> School:
    return school(id=SchoolId("1102"), name="乙丑中学（南校区）")


def sample(name: str) -> Path:
    return PHOTOS / name


def detailed_photo(size: tuple[int, int] = (2400, 1600), orientation: int | None = None) -> bytes:
    """A camera's JPEG full of fine detail, with place, maker, a thumbnail of the whole and a profile."""
    tile = Image.new("RGB", (16, 16), "white")
    tile.paste((180, 20, 20), (0, 0, 8, 8))
    tile.paste((20, 20, 180), (8, 8, 16, 16))
    image = Image.new("RGB", size)
    for x in range(0, size[0], 16):
        image.paste(tile, (x, 0))
    row = image.crop((0, 0, size[0], 16))
    for y in range(0, size[1], 16):
        image.paste(row, (0, y))
    exif = Image.Exif()
    exif[0x010F] = "Secret Maker"
    if orientation:
        exif[0x0112] = orientation
    gps = exif.get_ifd(0x8825)
    gps[1], gps[2], gps[3], gps[4] = "N", (39.0, 54.0, 26.0), "E", (116.0, 23.0, 29.0)
    out = BytesIO()
    image.save(out, "JPEG", quality=95, exif=exif, comment=b"secret comment")
    return out.getvalue()
