"""Finalising 定稿: a complete draft becomes a signed document in the outbox, or nothing happens at all."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from safetyapp.domain.any_record import AnyRecord, number_of, severities_of
from safetyapp.domain.document import DocumentId, DocumentRow, DocumentState
from safetyapp.domain.form import Severity
from safetyapp.domain.gaps import gaps
from safetyapp.domain.inspection import Ink, Sha256
from safetyapp.domain.ledger import rows_of
from safetyapp.domain.links import links_of
from safetyapp.domain.problem import Problem
from safetyapp.domain.progress import Progress, Step, no_progress
from safetyapp.domain.record import Record, make_record
from safetyapp.domain.verdict import Verdict
from safetyapp.workflow.opened import Open
from safetyapp.workflow.ports import Clock, Signer, Store


@dataclass(frozen=True, slots=True)
class Finalised:
    """The document that came of it; `replaced` are characters that no font has, printed as 〓."""

    row: DocumentRow
    verdict: Verdict
    replaced: tuple[str, ...] = ()


def finalise(
    store: Store,
    signer: Signer,
    clock: Clock,
    draft: Open,
    inks: tuple[Ink, ...],
    passphrase: str,
    app_version: str,
    progress: Progress = no_progress,
) -> Finalised:
    """Signs, verifies what was signed, and keeps it. Raises Problem incomplete, wrong-passphrase, not-verified or what
    Store and Signer raise, and Cancelled; in every such case the draft is as it was."""
    inspection, form = draft.inspection, draft.form
    if inspection.given is not None:
        raise Problem("draft-given", draft=inspection.id, to=inspection.given.taker)
    missing = [gap for gap in gaps(form, inspection, draft.reckoned) if gap.kind.blocks]
    if missing:
        raise Problem("incomplete", count=len(missing), first=missing[0].item)
    draft = as_printed(store, draft)
    record = _record(signer, clock, draft, inks, app_version)
    replaced = signer.unprintable(record, form)
    photos = {link.photo.printed: store.printed_path(link.photo) for link in record.photos}
    images: Mapping[Sha256, bytes] = {ink.image: store.ink(ink.image) for ink in inks if ink.image}
    files = {file.sha256: store.file_path(file.sha256) for file in record.files}
    data = signer.seal(record, form, photos, images, files, passphrase, progress)
    progress(Step.CHECK, 0, 1)
    verdict = signer.verify(data)
    if not verdict.is_valid:
        raise Problem("not-verified", why=verdict.why)
    row = describe_document(record, data, DocumentState.WAITING)
    store.keep_document(row, data, rows_of(record), closes=inspection.id, links=links_of(record))
    progress(Step.CHECK, 1, 1)
    return Finalised(row, verdict, replaced)


def unprintable(signer: Signer, clock: Clock, draft: Open, app_version: str) -> tuple[str, ...]:
    """What finalising would print as 〓 of the draft as it stands; to be said before anybody signs. Raises Problem
    no-key, other-person."""
    return signer.unprintable(_record(signer, clock, draft, (), app_version), draft.form)


def as_printed(store: Store, draft: Open) -> Open:
    """The draft with every photo as it is printed: where there are marks, their copy stands for the photo, so that
    nothing below could print what was hidden. Raises what Store.print_of raises."""
    photos = tuple(replace(link, photo=store.print_of(link)) for link in draft.inspection.photos)
    return replace(draft, inspection=replace(draft.inspection, photos=photos))


def code_points(characters: Iterable[str]) -> tuple[str, ...]:
    """U+E000, U+1F525: characters that have no shape here, by their numbers."""
    return tuple(f"U+{ord(character):04X}" for character in characters)


def _record(signer: Signer, clock: Clock, draft: Open, inks: tuple[Ink, ...], app_version: str) -> Record:
    author = signer.author(draft.inspection.inspector)
    return make_record(draft.inspection, draft.form, draft.reckoned, author, inks, clock.now(), app_version)


def describe_document(record: AnyRecord, data: bytes, state: DocumentState) -> DocumentRow:
    """What a list shows of a record's document."""
    if isinstance(record, Record):
        title, day, form = record.form_title, record.inspected_on, str(record.form.id)
    else:
        title, day, form = record.title, record.dated_on, ""
    severities = severities_of(record)
    return DocumentRow(
        id=DocumentId(record.id),
        sha256=hashlib.sha256(data).hexdigest(),
        kind=record.kind,
        number=number_of(record),
        school_id=record.school.id,
        school=record.school.name,
        title=title,
        made_at=record.made_at,
        inspected_on=day,
        author=record.author.name,
        state=state,
        size=len(data),
        findings=len(severities),
        majors=severities.count(Severity.MAJOR),
        supersedes=record.supersedes,
        author_id=record.author.person,
        form=form,
        author_role=record.author.role.value,
        hand_overs=len(record.handed_over) if isinstance(record, Record) else 0,
    )
