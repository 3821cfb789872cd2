"""Finalising 定稿: a complete draft becomes a signed document in the outbox, or nothing happens at all."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from safetyapp.domain.document import DocumentId, DocumentRow, DocumentState
from safetyapp.domain.form import Form, Severity
from safetyapp.domain.inspection import Ink, Inspection, Sha256, gaps
from safetyapp.domain.ledger import rows_of
from safetyapp.domain.numbering import temporary_number
from safetyapp.domain.problem import Problem
from safetyapp.domain.progress import Progress, Step, no_progress
from safetyapp.domain.record import Record, make_record
from safetyapp.domain.verdict import Verdict
from safetyapp.workflow.ports import Clock, Signer, Store


@dataclass(frozen=True, slots=True)
class Finalised:
    """The document that came of it."""

    row: DocumentRow
    verdict: Verdict


def finalise(
    store: Store,
    signer: Signer,
    clock: Clock,
    inspection: Inspection,
    form: Form,
    inks: tuple[Ink, ...],
    passphrase: str,
    app_version: str,
    progress: Progress = no_progress,
) -> Finalised:
    """Signs, verifies what was signed, and keeps it. Raises Problem incomplete, wrong-passphrase, not-verified or what
    Store and Signer raise, and Cancelled; in every such case the draft is as it was."""
    missing = [gap for gap in gaps(form, inspection) if gap.kind.blocks]
    if missing:
        raise Problem("incomplete", count=len(missing), first=missing[0].item)
    made_at = clock.now()
    record = make_record(inspection, form, signer.author(inspection.inspector), inks, made_at, app_version)
    photos = {link.photo.original: store.printed_path(link.photo) for link in inspection.photos}
    images: Mapping[Sha256, bytes] = {ink.image: store.ink(ink.image) for ink in inks if ink.image}
    data = signer.seal(record, form, photos, images, passphrase, progress)
    progress(Step.CHECK, 0, 1)
    verdict = signer.verify(data)
    if not verdict.is_valid:
        raise Problem("not-verified", why=verdict.why)
    row = describe_document(record, data, DocumentState.WAITING)
    store.keep_document(row, data, rows_of(record), closes=inspection.id)
    progress(Step.CHECK, 1, 1)
    return Finalised(row, verdict)


def describe_document(record: Record, data: bytes, state: DocumentState) -> DocumentRow:
    """What a list shows of a record's document."""
    return DocumentRow(
        id=DocumentId(record.id),
        sha256=hashlib.sha256(data).hexdigest(),
        kind=record.kind,
        number=temporary_number(record.id, record.inspected_on),
        school_id=record.school.id,
        school=record.school.name,
        title=record.form_title,
        made_at=record.made_at,
        inspected_on=record.inspected_on,
        author=record.author.name,
        state=state,
        size=len(data),
        findings=len(record.findings),
        majors=record.count_findings(Severity.MAJOR),
        supersedes=record.supersedes,
        author_id=record.author.person,
    )
