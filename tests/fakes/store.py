"""A store in memory. Photos and documents are files all the same, in a folder that the test gives, since the port hands
out paths; photos are read and made smaller by the real code, so what is no photo here is none there."""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

from safetyapp.domain.document import DayDone, DocumentQuery, DocumentRow, DocumentState
from safetyapp.domain.draft import DraftRow
from safetyapp.domain.form import Form, ItemId, Severity
from safetyapp.domain.inspection import (
    Answer,
    Finding,
    FormRef,
    Inspection,
    InspectionId,
    Photo,
    PhotoLink,
    Sha256,
)
from safetyapp.domain.ledger import FindingState, LedgerRow, Version, counting
from safetyapp.domain.photo_marks import PhotoMarks
from safetyapp.domain.print_job import PrintLogEntry
from safetyapp.domain.problem import Problem
from safetyapp.domain.school import Person, School, SchoolId
from safetyapp.domain.standing import Hazards
from safetyapp.store import marked, photos
from safetyapp.store.answer_files import read_file
from safetyapp.store.files import address_of
from safetyapp.store.photo_files import PhotoFiles
from safetyapp.store.search import contains


@dataclass
class _Draft:
    inspection: Inspection
    title: str
    marks: str
    changed_at: datetime
    deleted_at: datetime | None = None
    closed_by: str | None = None


class FakeStore:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.photo_files = PhotoFiles(folder)
        self._guard = threading.RLock()
        self._schools: dict[SchoolId, School] = {}
        self._me: Person | None = None
        self._forms: dict[str, Form] = {}
        self._drafts: dict[InspectionId, _Draft] = {}
        self._photos: dict[Sha256, Photo] = {}
        self._marked: dict[tuple[Sha256, PhotoMarks], Photo] = {}
        self._inks: dict[Sha256, bytes] = {}
        self._documents: dict[str, tuple[DocumentRow, tuple[LedgerRow, ...]]] = {}
        self._prints: list[PrintLogEntry] = []

    def schools(self) -> tuple[School, ...]:
        return tuple(self._schools.values())

    def school(self, school_id: SchoolId) -> School | None:
        return self._schools.get(school_id)

    def save_schools(self, schools: Sequence[School]) -> None:
        self._schools.update({school.id: school for school in schools})

    def me(self) -> Person | None:
        return self._me

    def save_me(self, person: Person) -> None:
        self._me = person

    def form(self, sha256: str) -> Form | None:
        return self._forms.get(sha256)

    def start_draft(self, inspection: Inspection, form: Form, marks: str) -> None:
        with self._guard:
            if inspection.id in self._drafts:
                raise ValueError(f"draft {inspection.id} is here already")
            self._forms.setdefault(form.sha256, form)
            self._drafts[inspection.id] = _Draft(inspection, form.title.zh, marks, inspection.started_at)

    def draft(self, draft: InspectionId) -> Inspection | None:
        found = self._drafts.get(draft)
        return found.inspection if found and found.deleted_at is None else None

    def drafts(self) -> tuple[DraftRow, ...]:
        live = [d for d in self._drafts.values() if d.deleted_at is None and d.closed_by is None]
        live.sort(key=lambda d: d.inspection.id)
        live.sort(key=lambda d: d.changed_at, reverse=True)
        return tuple(
            DraftRow(
                id=d.inspection.id,
                school_id=d.inspection.school.id,
                school=d.inspection.school.name,
                form_id=d.inspection.form.id,
                title=d.title,
                started_at=d.inspection.started_at,
                changed_at=d.changed_at,
                marks=d.marks,
            )
            for d in live
        )

    def save_answer(
        self,
        draft: InspectionId,
        item: ItemId,
        answer: Answer | None,
        findings: tuple[Finding, ...],
        marks: str,
        at: datetime,
    ) -> None:
        with self._guard:
            kept = self._open(draft)
            changed = kept.inspection.without_answer(item)
            if answer is not None:
                changed = changed.with_answer(answer)
            changed = replace(changed, findings=tuple(f for f in changed.findings if f.item != item))
            for finding in findings:
                changed = changed.with_finding(finding)
            kept.inspection, kept.marks, kept.changed_at = changed, marks, at

    def save_draft(self, inspection: Inspection, form: Form, marks: str, at: datetime) -> None:
        with self._guard:
            kept = self._open(inspection.id)
            self._forms.setdefault(form.sha256, form)
            kept.inspection = replace(
                kept.inspection,
                form=FormRef(form.id, form.version, form.sha256),
                answers=dict(inspection.answers),
                findings=tuple(sorted(inspection.findings, key=lambda f: (f.item, f.ordinal))),
                photos=tuple(sorted(inspection.photos, key=lambda link: (link.item, link.position))),
            )
            kept.title, kept.marks, kept.changed_at = form.title.zh, marks, at

    def save_head(self, inspection: Inspection, at: datetime) -> None:
        with self._guard:
            kept = self._open(inspection.id)
            kept.inspection = replace(
                kept.inspection,
                inspected_on=inspection.inspected_on,
                type=inspection.type,
                companions=inspection.companions,
                escort=inspection.escort,
                site=inspection.site,
                opinion=inspection.opinion,
                school_opinion=inspection.school_opinion,
            )
            kept.changed_at = at

    def save_photos(self, draft: InspectionId, item: ItemId, links: tuple[PhotoLink, ...], at: datetime) -> None:
        with self._guard:
            kept = self._open(draft)
            others = tuple(link for link in kept.inspection.photos if link.item != item)
            ordered = tuple(sorted(others + links, key=lambda link: (link.item, link.position)))
            kept.inspection, kept.changed_at = replace(kept.inspection, photos=ordered), at

    def delete_draft(self, draft: InspectionId, at: datetime) -> None:
        with self._guard:
            kept = self._known(draft)
            if kept.closed_by is not None:
                raise Problem("draft-final", draft=draft)
            kept.deleted_at = kept.deleted_at or at

    def restore_draft(self, draft: InspectionId) -> None:
        self._known(draft).deleted_at = None

    def take_in(self, source: Path | bytes, now: datetime) -> Photo:
        found = photos.read_source(source, now)
        kept = self._photos.get(Sha256(address_of(found.data)))
        if kept is not None and self.photo_files.holds(kept, found.data):
            return kept
        prepared = photos.prepare(found, now)
        photo = photos.describe(found, prepared, now)
        self.photo_files.keep(photo, found.data, prepared)
        return self._photos.setdefault(photo.original, photo)

    def original_path(self, photo: Photo) -> Path:
        return self.photo_files.originals.path(photo.original)

    def printed_path(self, photo: Photo) -> Path:
        return self.photo_files.prints.path(photo.printed)

    def thumb_path(self, photo: Photo) -> Path:
        return self.photo_files.thumbs.path(photo.original)

    def print_of(self, link: PhotoLink) -> Photo:
        photo, marks = link.photo, link.marks
        if marks is None:
            return photo
        kept = self._marked.get((photo.original, marks))
        if kept is None or not self.photo_files.holds_marked(kept):
            kept, burnt = marked.burn(self.photo_files, photo, marks)
            self.photo_files.keep_marked(kept, burnt)
            self._marked[photo.original, marks] = kept
        return kept

    def thumb_of(self, link: PhotoLink) -> Path:
        copy = self.print_of(link)
        return self.photo_files.thumbs.path(copy.original if link.marks is None else copy.printed)

    def keep_ink(self, image: bytes) -> Sha256:
        address = Sha256(address_of(image))
        self._inks[address] = image
        return address

    def ink(self, image: Sha256) -> bytes:
        if image not in self._inks:
            raise Problem("unreadable-file", path=image, reason="no such ink")
        return self._inks[image]

    def keep_file(self, source: Path | bytes) -> Sha256:
        data = read_file(source)
        address = Sha256(address_of(data))
        path = self.file_path(address)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        return address

    def file_path(self, sha256: Sha256) -> Path:
        return self.folder / "files" / sha256

    def keep_document(
        self, row: DocumentRow, data: bytes, ledger: tuple[LedgerRow, ...], closes: InspectionId | None = None
    ) -> bool:
        if address_of(data) != row.sha256:
            raise ValueError("the row names other bytes")
        with self._guard:
            if closes is not None:
                draft = self._known(closes)
                if draft.closed_by not in (None, row.sha256):
                    raise Problem("draft-final", draft=closes)
                draft.closed_by = row.sha256
            path = self.document_path(row.sha256)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
            if row.sha256 in self._documents:
                return False
            self._documents[row.sha256] = (row, ledger)
            return True

    def restore_document(self, data: bytes) -> bool:
        address = address_of(data)
        if address not in self._documents:
            raise ValueError("no such document is kept")
        path = self.document_path(address)
        if path.exists() and path.read_bytes() == data:
            return False
        path.write_bytes(data)
        return True

    def versions(self, document: str) -> tuple[DocumentRow, ...]:
        return tuple(row for row in self.documents(DocumentQuery(limit=1_000_000)) if row.id == document)

    def documents(self, query: DocumentQuery) -> tuple[DocumentRow, ...]:
        found = sorted(self._found(query), key=lambda row: (row.made_at, row.sha256), reverse=True)
        return tuple(found[query.offset : query.offset + query.limit])

    def count_documents(self, query: DocumentQuery) -> int:
        return len(self._found(query))

    def last_documents(self) -> tuple[DocumentRow, ...]:
        last: dict[tuple[str, str], DocumentRow] = {}
        for row in self.documents(DocumentQuery(limit=1_000_000)):
            other = last.get((row.school_id, row.title))
            if other is None or other.inspected_on < row.inspected_on:
                last[row.school_id, row.title] = row
        return tuple(row for row in self.documents(DocumentQuery(limit=1_000_000)) if row in last.values())

    def days_done(self, since: date, school: SchoolId | None = None) -> tuple[DayDone, ...]:
        versions = (
            (Version(row.id, row.author_id, row.supersedes, (row.made_at, row.sha256.encode())), row)
            for row, _ in self._documents.values()
        )
        done = [
            DayDone(row.school_id, row.form, row.author_role, row.inspected_on)
            for _, row in counting(versions)
            if school in (None, row.school_id)
        ]
        last: dict[tuple[str, str, str], DayDone] = {}
        for one in sorted((d for d in done if d.day < since), key=lambda d: d.day):
            last[one.school_id, one.form, one.author_role] = one
        return (*(d for d in done if d.day >= since), *last.values())

    def document(self, sha256: str) -> DocumentRow | None:
        kept = self._documents.get(sha256)
        return kept[0] if kept else None

    def document_path(self, sha256: str) -> Path:
        return self.folder / "documents" / f"{sha256}.pdf"

    def waiting(self) -> int:
        return sum(1 for row, _ in self._documents.values() if row.state is DocumentState.WAITING)

    def log_print(self, entries: Sequence[PrintLogEntry]) -> None:
        with self._guard:
            self._prints.extend(entries)

    def print_log(self, sha256: str | None = None, limit: int = 200) -> tuple[PrintLogEntry, ...]:
        found = [entry for entry in reversed(self._prints) if sha256 in (None, entry.sha256)]
        return tuple(found[:limit])

    def ledger(self, school: SchoolId | None = None) -> tuple[LedgerRow, ...]:
        live = [
            kept
            for _, kept in counting(
                (Version(row.id, row.author_id, row.supersedes, (row.made_at, row.sha256.encode())), (row, findings))
                for row, findings in self._documents.values()
            )
        ]
        live.sort(key=lambda kept: (kept[0].inspected_on, kept[0].id, kept[0].author_id))
        return tuple(f for _, findings in live for f in findings if school in (None, f.school_id))

    def open_hazards(self, on: date) -> dict[str, Hazards]:
        counts: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
        for row in self.ledger():
            if row.state is not FindingState.CLOSED:
                counts[row.school_id][0 if row.severity is Severity.MAJOR else 1] += 1
                counts[row.school_id][2] += row.overdue_days(on) > 0
        return {school: Hazards(*count) for school, count in counts.items()}

    def close(self) -> None:
        """Nothing is open."""

    def _known(self, draft: InspectionId) -> _Draft:
        if draft not in self._drafts:
            raise Problem("unknown-draft", draft=draft)
        return self._drafts[draft]

    def _open(self, draft: InspectionId) -> _Draft:
        kept = self._known(draft)
        if kept.closed_by is not None:
            raise Problem("draft-final", draft=draft)
        if kept.deleted_at is not None:
            raise Problem("unknown-draft", draft=draft)
        return kept

    def _found(self, query: DocumentQuery) -> list[DocumentRow]:
        return [
            row
            for row, findings in self._documents.values()
            if query.kind in (None, row.kind)
            and query.school in (None, row.school_id)
            and (query.since is None or row.made_at >= query.since)
            and contains(searched(row, findings), query.text)
        ]


def searched(row: DocumentRow, findings: tuple[LedgerRow, ...]) -> tuple[str, ...]:
    return (row.school, row.title, row.author, row.number, *(part for f in findings for part in (f.text, f.place)))
