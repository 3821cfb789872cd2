"""A store in memory. Photos and documents are files all the same, in a folder that the test gives, since the port hands
out paths; photos are read and made smaller by the real code, so what is no photo here is none there."""

from __future__ import annotations

import shutil
import threading
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path

from safetyapp.domain.address import item_of
from safetyapp.domain.chain import Related
from safetyapp.domain.delivery import Delivery, DeliveryState, HubLine, KeptReceipt, NotTaken
from safetyapp.domain.document import DayDone, DocumentKind, DocumentQuery, DocumentRow, DocumentState
from safetyapp.domain.draft import DraftRow
from safetyapp.domain.duty import Postponed
from safetyapp.domain.form import Form, ItemId, Severity
from safetyapp.domain.handed import Handed
from safetyapp.domain.handover import HandOver
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
from safetyapp.domain.ledger import FindingQuery, FindingState, LedgerRow, Version, counting
from safetyapp.domain.links import Link, LinkRole
from safetyapp.domain.photo_marks import PhotoMarks
from safetyapp.domain.photo_tray import TrayPhoto
from safetyapp.domain.phrases import Field, Wording
from safetyapp.domain.print_job import PrintLogEntry
from safetyapp.domain.problem import Problem
from safetyapp.domain.progress import Progress
from safetyapp.domain.put_out import PutOut
from safetyapp.domain.review import Decision
from safetyapp.domain.said import (
    FindingAnswered,
    Recheck,
    Rechecks,
    ResponseSaid,
    Returned,
    ReviewSaid,
    Said,
)
from safetyapp.domain.school import Person, PersonId, Role, School, SchoolId
from safetyapp.domain.standing import Hazards
from safetyapp.domain.tries import Tries
from safetyapp.store import handed_file, marked, photos
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
    former: list[tuple[Answer, datetime]] = field(default_factory=list)


def _draft_row(kept: _Draft) -> DraftRow:
    inspection = kept.inspection
    return DraftRow(
        id=inspection.id,
        school_id=inspection.school.id,
        school=inspection.school.name,
        form_id=inspection.form.id,
        title=kept.title,
        started_at=inspection.started_at,
        changed_at=kept.changed_at,
        marks=kept.marks,
        deleted_at=kept.deleted_at,
        given_to=inspection.given.taker if inspection.given else "",
        given_at=inspection.given.at if inspection.given else None,
    )


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
        self._trays: dict[InspectionId, dict[Sha256, tuple[TrayPhoto, bool]]] = defaultdict(dict)
        self._marked: dict[tuple[Sha256, PhotoMarks], Photo] = {}
        self._inks: dict[Sha256, bytes] = {}
        self._documents: dict[str, tuple[DocumentRow, tuple[LedgerRow, ...]]] = {}
        self._links: dict[str, tuple[Link, ...] | None] = {}
        self._deliveries: dict[str, Delivery] = {}
        self._receipts: list[KeptReceipt] = []
        self._lines: dict[str, HubLine] = {}
        self._not_taken: dict[str, NotTaken] = {}
        self._put_out: list[PutOut] = []
        self._prints: list[PrintLogEntry] = []
        self._tries = Tries()
        self._postponed: dict[tuple[str, str, date], Postponed] = {}
        self._said: dict[str, Said | None] = {}

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

    def tries(self) -> Tries:
        return self._tries

    def save_tries(self, tries: Tries) -> None:
        self._tries = tries

    def become(self, person: Person) -> None:
        with self._guard:
            for kept in self._drafts.values():
                if kept.closed_by is None and self._me and kept.inspection.inspector.id == self._me.id:
                    kept.inspection = replace(kept.inspection, inspector=person)
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
        return tuple(_draft_row(d) for d in live)

    def deleted_drafts(self, since: datetime) -> tuple[DraftRow, ...]:
        gone = [(d.deleted_at, d) for d in self._drafts.values() if d.deleted_at is not None and d.deleted_at >= since]
        return tuple(_draft_row(d) for _, d in sorted(gone, key=lambda pair: pair[0], reverse=True))

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
            self._remember(kept, changed, at)
            changed = replace(changed, findings=tuple(f for f in changed.findings if f.item != item))
            for finding in findings:
                changed = changed.with_finding(finding)
            kept.inspection, kept.marks, kept.changed_at = changed, marks, at

    def save_draft(self, inspection: Inspection, form: Form, marks: str, at: datetime) -> None:
        with self._guard:
            kept = self._open(inspection.id)
            self._forms.setdefault(form.sha256, form)
            self._remember(kept, inspection, at)
            kept.inspection = replace(
                kept.inspection,
                form=FormRef(form.id, form.version, form.sha256),
                answers=dict(inspection.answers),
                findings=tuple(sorted(inspection.findings, key=lambda f: (f.item, f.ordinal))),
                photos=tuple(sorted(inspection.photos, key=lambda link: (link.item, link.position))),
            )
            kept.title, kept.marks, kept.changed_at = form.title.zh, marks, at

    def _remember(self, kept: _Draft, now: Inspection, at: datetime) -> None:
        was = kept.inspection.answers
        kept.former += [(was[item], at) for item in sorted(was) if now.answers.get(item) != was[item]]

    def former_answers(self, draft: InspectionId) -> tuple[tuple[Answer, datetime], ...]:
        return tuple(self._drafts[draft].former) if draft in self._drafts else ()

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

    def hand_over_draft(self, draft: InspectionId, hand_overs: tuple[HandOver, ...], at: datetime) -> None:
        with self._guard:
            kept = self._here(draft)
            kept.inspection, kept.changed_at = replace(kept.inspection, hand_overs=hand_overs), at

    def take_draft(self, inspection: Inspection, form: Form, marks: str, at: datetime) -> None:
        with self._guard:
            kept = self._drafts.get(inspection.id)
            if kept is not None and kept.closed_by is not None:
                raise Problem("draft-final", draft=inspection.id)
            count = len(kept.inspection.hand_overs) if kept is not None and kept.deleted_at is None else -1
            if count >= len(inspection.hand_overs):
                raise Problem("handed-older", here=count, number=len(inspection.hand_overs))
            self._forms.setdefault(form.sha256, form)
            begun = kept.inspection if kept is not None else inspection
            taken = replace(inspection, school=begun.school, started_at=begun.started_at, supersedes=begun.supersedes)
            self._drafts[inspection.id] = _Draft(taken, form.title.zh, marks, at)

    def write_handed(self, handed: Handed, target: Path, progress: Progress) -> None:
        photos_ = {photo.original: self.original_path(photo) for photo in handed.photos()}
        handed_file.write(handed, photos_, {a: self.file_path(a) for a in handed.answer_files()}, target, progress)

    def read_handed(self, source: Path, progress: Progress) -> Handed:
        return handed_file.read(source, progress)

    def keep_handed(self, source: Path, now: datetime, progress: Progress) -> Handed:
        def keep_photo(photo: Photo, data: bytes) -> Photo:
            found = photos.Source(data, photo.original, photo.original[:8])
            prepared = photos.prepare(found, now)
            described = photos.described_as(photo, found, prepared)
            self.photo_files.keep(described, data, prepared)
            return self._photos.setdefault(photo.original, described)

        return handed_file.keep(source, keep_photo, self.keep_file, progress)

    def take_in(self, source: Path | bytes, now: datetime) -> Photo:
        found = photos.read_source(source, now)
        kept = self._photos.get(Sha256(address_of(found.data)))
        if kept is not None and self.photo_files.holds(kept, found.data):
            return kept
        prepared = photos.prepare(found, now)
        photo = photos.describe(found, prepared, now)
        self.photo_files.keep(photo, found.data, prepared)
        return self._photos.setdefault(photo.original, photo)

    def tray(self, draft: InspectionId) -> tuple[TrayPhoto, ...]:
        inside = [one for one, is_in in self._trays[draft].values() if is_in]
        return tuple(sorted(inside, key=lambda one: (one.came_at, one.photo.original)))

    def put_in_tray(self, draft: InspectionId, came: Sequence[TrayPhoto]) -> None:
        with self._guard:
            self._open(draft)
            for one in came:
                known = self._trays[draft].get(one.photo.original)
                self._trays[draft][one.photo.original] = (known[0] if known else one, True)

    def take_out_of_tray(self, draft: InspectionId, originals: Sequence[Sha256]) -> None:
        with self._guard:
            self._open(draft)
            for original in originals:
                if original in self._trays[draft]:
                    self._trays[draft][original] = (self._trays[draft][original][0], False)

    def drafts_with(self, original: Sha256) -> tuple[InspectionId, ...]:
        live = [d.inspection for d in self._drafts.values() if d.deleted_at is None]
        held = [i for i in live if original in self._trays[i.id] or any(p.photo.original == original for p in i.photos)]
        return tuple(sorted(i.id for i in held))

    def free_space(self) -> int:
        return shutil.disk_usage(self.folder.anchor).free

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
        self,
        row: DocumentRow,
        data: bytes,
        ledger: tuple[LedgerRow, ...],
        closes: InspectionId | None = None,
        links: tuple[Link, ...] | None = None,
    ) -> bool:
        if address_of(data) != row.sha256:
            raise ValueError("the row names other bytes")
        with self._guard:
            if closes is not None:
                draft = self._known(closes)
                if draft.closed_by not in (None, row.sha256):
                    raise Problem("draft-final", draft=closes)
                if draft.inspection.given is not None:
                    raise Problem("draft-given", draft=closes, to=draft.inspection.given.taker)
                draft.closed_by = row.sha256
            path = self.document_path(row.sha256)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
            if row.sha256 in self._documents:
                return False
            self._documents[row.sha256] = (row, ledger)
            self._links[row.sha256] = () if row.kind is DocumentKind.INSPECTION_REPORT else links
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

    def rivals(self) -> tuple[tuple[DocumentRow, ...], ...]:
        found: dict[str, list[DocumentRow]] = defaultdict(list)
        for row in self.documents(DocumentQuery(DocumentKind.INSPECTION_REPORT, limit=1_000_000)):
            found[row.id].append(row)
        rivals = []
        for rows in found.values():
            last = {row.author_id: row for row in reversed(rows)}
            holder = min(rows, key=lambda row: (-row.hand_overs, row.made_at, row.author_id)).author_id
            if len(last) > 1:
                rivals.append((last.pop(holder), *(last[author] for author in sorted(last))))
        return tuple(sorted(rivals, key=lambda rows: (rows[0].made_at, rows[0].id), reverse=True))

    def documents(self, query: DocumentQuery) -> tuple[DocumentRow, ...]:
        found = sorted(self._found(query), key=lambda row: (row.made_at, row.sha256), reverse=True)
        return tuple(found[query.offset : query.offset + query.limit])

    def count_documents(self, query: DocumentQuery) -> int:
        return len(self._found(query))

    def place_of(self, query: DocumentQuery, sha256: str) -> int | None:
        found = self.documents(replace(query, offset=0, limit=1_000_000))
        return next((n for n, row in enumerate(found) if row.sha256 == sha256), None)

    def document_authors(self) -> tuple[str, ...]:
        return tuple(sorted({row.author for row, _ in self._documents.values()}))

    def deliveries(self) -> tuple[Delivery, ...]:
        made_here = [row.sha256 for row, _ in self._documents.values() if row.state is DocumentState.WAITING]
        found = [one for sha256 in made_here if (one := self.delivery(sha256)) is not None]
        return tuple(one for one in found if one.state is not DeliveryState.DELIVERED)

    def carried(self) -> tuple[Delivery, ...]:
        came = [row for row, _ in self._documents.values() if row.state is not DocumentState.WAITING]
        found = [self._deliveries.get(row.sha256) or Delivery(row.sha256, row.size, row.made_at) for row in came]
        return tuple(one for one in found if one.state is not DeliveryState.DELIVERED)

    def delivered(self) -> tuple[str, ...]:
        return tuple(sorted(s for s, one in self._deliveries.items() if one.state is DeliveryState.DELIVERED))

    def delivery(self, sha256: str) -> Delivery | None:
        kept = self._documents.get(sha256)
        if kept is None or (sha256 not in self._deliveries and kept[0].state is not DocumentState.WAITING):
            return None
        return self._deliveries.get(sha256) or Delivery(sha256, kept[0].size, kept[0].made_at)

    def save_deliveries(self, changed: Sequence[Delivery]) -> None:
        if any(one.state is DeliveryState.DELIVERED for one in changed):
            raise ValueError("only a receipt says delivered")
        with self._guard:
            self._deliveries.update({one.sha256: one for one in changed})

    def keep_receipt(self, receipt: KeptReceipt) -> None:
        with self._guard:
            row, _ = self._documents[receipt.sha256]
            known = self._deliveries.get(receipt.sha256) or Delivery(receipt.sha256, row.size, row.made_at)
            if not any((r.sha256, r.statement) == (receipt.sha256, receipt.statement) for r in self._receipts):
                self._receipts.append(receipt)
            self._deliveries[receipt.sha256] = Delivery(
                receipt.sha256, row.size, row.made_at, DeliveryState.DELIVERED, row.size,
                tried_at=known.tried_at or receipt.kept_at,
            )  # fmt: skip

    def receipts(self, sha256: str) -> tuple[KeptReceipt, ...]:
        return tuple(receipt for receipt in reversed(self._receipts) if receipt.sha256 == sha256)

    def hub_line(self, hub: str) -> HubLine:
        return self._lines.get(hub, HubLine(hub))

    def save_hub_line(self, line: HubLine) -> None:
        self._lines[line.hub] = line

    def not_taken(self) -> tuple[NotTaken, ...]:
        return tuple(one for sha256, one in sorted(self._not_taken.items()) if sha256 not in self._documents)

    def save_not_taken(self, entries: Sequence[NotTaken]) -> None:
        self._not_taken.update({one.sha256: one for one in entries})

    def related(self, document: str) -> tuple[Related, ...]:
        found = (Related(self._stands(row), self._links[row.sha256] or ()) for row, _ in self._documents.values())
        return tuple(one for one in found if one.row.id == document or document in one.above())

    def unread_links(self, limit: int = 200) -> tuple[str, ...]:
        return tuple(sorted(sha256 for sha256, links in self._links.items() if links is None))[:limit]

    def keep_links(self, links: Mapping[str, Sequence[Link]]) -> None:
        self._links.update({sha256: tuple(said) for sha256, said in links.items()})

    def log_put_out(self, entries: Sequence[PutOut]) -> None:
        with self._guard:
            self._put_out.extend(entries)

    def put_out(self, sha256: str | None = None, limit: int = 200) -> tuple[PutOut, ...]:
        return tuple([one for one in reversed(self._put_out) if sha256 in (None, one.sha256)][:limit])

    def last_documents(self) -> tuple[DocumentRow, ...]:
        last: dict[tuple[str, str], DocumentRow] = {}
        for row in self.documents(DocumentQuery(limit=1_000_000)):
            other = last.get((row.school_id, row.title))
            if other is None or other.inspected_on < row.inspected_on:
                last[row.school_id, row.title] = row
        return tuple(row for row in self.documents(DocumentQuery(limit=1_000_000)) if row in last.values())

    def days_done(self, since: date, school: SchoolId | None = None) -> tuple[DayDone, ...]:
        versions = ((_version(row), row) for row, _ in self._documents.values())
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
        return self._stands(kept[0]) if kept else None

    def document_path(self, sha256: str) -> Path:
        return self.folder / "documents" / f"{sha256}.pdf"

    def waiting(self) -> int:
        return self.count_documents(DocumentQuery(state=DocumentState.WAITING))

    def log_print(self, entries: Sequence[PrintLogEntry]) -> None:
        with self._guard:
            self._prints.extend(entries)

    def print_log(self, sha256: str | None = None, limit: int = 200) -> tuple[PrintLogEntry, ...]:
        found = [entry for entry in reversed(self._prints) if sha256 in (None, entry.sha256)]
        return tuple(found[:limit])

    def ledger(self, school: SchoolId | None = None) -> tuple[LedgerRow, ...]:
        live = self._live()
        live.sort(key=lambda kept: (kept[0].inspected_on, kept[0].id, kept[0].author_id))
        return tuple(f for _, findings in live for f in findings if school in (None, f.school_id))

    def _live(self) -> list[tuple[DocumentRow, tuple[LedgerRow, ...]]]:
        """The documents that count."""
        return [kept for _, kept in counting((_version(kept[0]), kept) for kept in self._documents.values())]

    def find_findings(self, query: FindingQuery) -> tuple[LedgerRow, ...]:
        if contains((), query.text):
            return ()
        live = {row.sha256 for row, _ in self._live()}
        found = [
            finding
            for row, findings in reversed(self._documents.values())
            for finding in findings
            if row.sha256 in live
            and query.school in (None, finding.school_id)
            and contains((finding.school, finding.place, finding.text), query.text)
        ]
        return tuple(found[query.offset : query.offset + query.limit])

    def wordings(self, form: str, item: str) -> tuple[Wording, ...]:
        found: list[Wording] = []
        for row in (row for _, findings in self._documents.values() for row in findings):
            if row.form == form:
                found.append(Wording(row.text, Field.TEXT, row.item == item, 1, row.found_on))
        for draft in self._drafts.values():
            inspection = draft.inspection
            if draft.deleted_at or inspection.form.id != form:
                continue
            for finding in inspection.findings:
                if item_of(finding.item) == item:
                    on = inspection.inspected_on
                    found.append(Wording(finding.action, Field.ACTION, True, 1, on))
                    if draft.closed_by is None:
                        found.append(Wording(finding.text, Field.TEXT, True, 1, on))
        return tuple(w for w in found if w.text.strip())

    def open_hazards(self, on: date) -> dict[str, Hazards]:
        counts: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
        for row in self.ledger():
            if row.state is not FindingState.CLOSED:
                counts[row.school_id][0 if row.severity is Severity.MAJOR else 1] += 1
                counts[row.school_id][2] += row.overdue_days(on) > 0
        return {school: Hazards(*count) for school, count in counts.items()}

    def postponed(self) -> tuple[Postponed, ...]:
        return tuple(self._postponed[key] for key in sorted(self._postponed))

    def postpone(self, put_off: Postponed) -> None:
        self._postponed[put_off.school, put_off.form, put_off.due_on] = put_off

    def take_back(self, put_off: Postponed) -> None:
        self._postponed.pop((put_off.school, put_off.form, put_off.due_on), None)

    def unread_papers(self, limit: int) -> tuple[str, ...]:
        kinds = (DocumentKind.REVIEW, DocumentKind.RESPONSE)
        newest = self.documents(DocumentQuery(limit=1_000_000))
        return tuple(r.sha256 for r in newest if r.kind in kinds and r.sha256 not in self._said)[:limit]

    def keep_said(self, sha256: str, said: Said | None) -> None:
        self._said.setdefault(sha256, said)

    def returned(self, author: PersonId, report: str | None = None) -> tuple[Returned, ...]:
        counting = {row.sha256 for row in self._counting()}
        found: dict[str, Returned | None] = {}
        for review in self.documents(DocumentQuery(kind=DocumentKind.REVIEW, limit=1_000_000)):
            said = self._said.get(review.sha256)
            if not isinstance(said, ReviewSaid) or review.author_role != Role.OFFICE.value or said.report in found:
                continue
            found[said.report] = None
            row = self.document(said.report_sha256)
            if row is None or row.id != said.report or row.author_id != author:
                continue
            wanted = row.sha256 in counting if report is None else row.id == report
            if wanted and said.decision is Decision.RETURNED and row.kind is DocumentKind.INSPECTION_REPORT:
                found[said.report] = Returned(row, said, review.author, review.inspected_on)
        return tuple(one for one in found.values() if one is not None)

    def rechecks(self, on: date, limit: int) -> tuple[Recheck, ...]:
        found = [r for r in self._to_check() if _is_now(r, on)]
        found.sort(key=lambda r: (r.finding.severity is not Severity.MAJOR, r.finding.deadline, r.finding.id))
        return tuple(found[:limit])

    def count_rechecks(self, on: date, until: date) -> dict[str, Rechecks]:
        counted: dict[str, Rechecks] = {}
        for one in self._to_check():
            row, is_now = one.finding, _is_now(one, on)
            if not is_now and row.deadline > until:
                continue
            old, major = counted.get(row.school_id, Rechecks()), row.severity is Severity.MAJOR
            if is_now:
                first = min(old.deadline or row.deadline, row.deadline)
                counted[row.school_id] = replace(
                    old,
                    now=old.now + 1,
                    majors=old.majors + major,
                    deadline=first,
                    document=max(old.document, one.document),
                )
            else:
                counted[row.school_id] = replace(old, later=old.later + 1, later_majors=old.later_majors + major)
        return counted

    def _to_check(self) -> list[Recheck]:
        answers: dict[tuple[str, str], FindingAnswered] = {}
        for row in sorted(self._counting(), key=lambda r: (r.made_at, r.sha256)):
            said = self._said.get(row.sha256)
            if isinstance(said, ResponseSaid):
                answers.update({(one.finding, row.school_id): one for one in said.findings})
        return [
            Recheck(finding, row.sha256, answers.get((finding.id, finding.school_id)))
            for row in self._counting()
            for finding in self._documents[row.sha256][1]
            if finding.state is not FindingState.CLOSED
        ]

    def _counting(self) -> list[DocumentRow]:
        return [
            row
            for _, row in counting(
                (Version(row.id, row.author_id, row.supersedes, (row.made_at, row.sha256.encode())), row)
                for row, _ in self._documents.values()
            )
        ]

    def close(self) -> None:
        """Nothing is open."""

    def _known(self, draft: InspectionId) -> _Draft:
        if draft not in self._drafts:
            raise Problem("unknown-draft", draft=draft)
        return self._drafts[draft]

    def _open(self, draft: InspectionId) -> _Draft:
        kept = self._here(draft)
        if kept.inspection.given is not None:
            raise Problem("draft-given", draft=draft, to=kept.inspection.given.taker)
        return kept

    def _here(self, draft: InspectionId) -> _Draft:
        kept = self._known(draft)
        if kept.closed_by is not None:
            raise Problem("draft-final", draft=draft)
        if kept.deleted_at is not None:
            raise Problem("unknown-draft", draft=draft)
        return kept

    def _found(self, query: DocumentQuery) -> list[DocumentRow]:
        return [
            self._stands(row)
            for row, findings in self._documents.values()
            if query.kind in (None, row.kind)
            and query.school in (None, row.school_id)
            and query.author in ("", row.author)
            and (query.since is None or row.made_at >= query.since)
            and (query.until is None or row.made_at < query.until)
            and contains(searched(row, findings), query.text)
            and (query.state is None or self._stands(row).state is query.state)
        ]

    def _stands(self, row: DocumentRow) -> DocumentRow:
        """The row as it stands today."""
        every = [one for one, _ in self._documents.values()]
        versions = (
            (Version(one.id, one.author_id, one.supersedes, (one.made_at, one.sha256.encode())), one.sha256)
            for one in every
        )
        counts = {sha256 for _, sha256 in counting(versions)}
        on_it = [
            (one, link)
            for one in every
            for link in self._links[one.sha256] or ()
            if (link.target, link.target_sha256) == (row.id, row.sha256)
        ]
        if any(link.role is LinkRole.VOIDED for _, link in on_it):
            return replace(row, state=DocumentState.VOID)
        last: dict[str, tuple[tuple[datetime, str], str]] = {}
        for one, link in on_it:
            if link.role is LinkRole.REVIEWED:
                last[one.author_id] = max(
                    last.get(one.author_id, ((one.made_at, ""), "")), ((one.made_at, one.sha256), link.said)
                )
        said = {word for (_, sha256), word in last.values() if sha256 in counts}
        delivery = self._deliveries.get(row.sha256)
        if row.state is DocumentState.WAITING and delivery and delivery.state is DeliveryState.DELIVERED:
            row = replace(row, state=DocumentState.DELIVERED)
        if row.sha256 not in counts and (row.state is not DocumentState.WAITING or said):
            return replace(row, state=DocumentState.REPLACED)
        if len(said) > 1:
            return replace(row, state=DocumentState.NEEDS_ACTION)
        return replace(row, state=DocumentState(said.pop())) if said else row


def _is_now(one: Recheck, on: date) -> bool:
    return one.finding.deadline <= on or (one.answered is not None and one.answered.is_done)


def searched(row: DocumentRow, findings: tuple[LedgerRow, ...]) -> tuple[str, ...]:
    return (row.school, row.title, row.author, row.number, *(part for f in findings for part in (f.text, f.place)))


def _version(row: DocumentRow) -> Version:
    return Version(row.id, row.author_id, row.supersedes, (row.made_at, row.sha256.encode()), row.hand_overs)
