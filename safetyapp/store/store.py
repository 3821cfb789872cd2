"""The Store that the workflow is handed: each promise of the port, passed to the module that keeps it."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Literal, cast

from safetyapp.domain.problem import Problem
from safetyapp.store import documents, draft_list, schools, standing
from safetyapp.store.database import BUSY_SECONDS, DATABASE_FILE, VERSION, Database, found_version
from safetyapp.store.edge import plainly
from safetyapp.store.files import Shelf, address_of, make_folder
from safetyapp.store.lock import WorkspaceLock
from safetyapp.store.photo_files import PhotoFiles

if TYPE_CHECKING:  # Today opens with this module: what only types need is not loaded with it
    import sqlite3
    from datetime import date, datetime
    from pathlib import Path
    from types import TracebackType

    from safetyapp.domain.chain import Related
    from safetyapp.domain.delivery import Delivery, HubLine, KeptReceipt, NotTaken
    from safetyapp.domain.document import DayDone, DocumentQuery, DocumentRow
    from safetyapp.domain.draft import DraftRow
    from safetyapp.domain.duty import Postponed
    from safetyapp.domain.form import Form, ItemId
    from safetyapp.domain.handed import Handed
    from safetyapp.domain.handover import HandOver
    from safetyapp.domain.inspection import Answer, Finding, Inspection, InspectionId, Photo, PhotoLink, Sha256
    from safetyapp.domain.ledger import FindingQuery, LedgerRow
    from safetyapp.domain.links import Link
    from safetyapp.domain.photo_tray import TrayPhoto
    from safetyapp.domain.phrases import Wording
    from safetyapp.domain.print_job import PrintLogEntry
    from safetyapp.domain.progress import Progress
    from safetyapp.domain.put_out import PutOut
    from safetyapp.domain.said import Recheck, Rechecks, Returned, Said
    from safetyapp.domain.school import Person, PersonId, School, SchoolId
    from safetyapp.domain.standing import Hazards
    from safetyapp.domain.tries import Tries
    from safetyapp.store.drafts import Former

Mode = Literal["write", "read"]


_FORMS_AT_HAND = 8


class SqliteStore:
    """A workspace folder that is open."""

    def __init__(self, folder: Path, database: Database, lock: WorkspaceLock | None) -> None:
        """For `open`. Without a lock nothing can be written."""
        self.folder = folder
        self.database = database
        self._lock = lock
        self.photo_files = PhotoFiles(folder)
        self.document_files = Shelf(folder / "documents", ".pdf")
        self.ink_files = Shelf(folder / "inks", ".png")
        self.answer_files = Shelf(folder / "files")
        self._forms: dict[str, Form] = {}
        """Forms that were asked for last: what is kept under an address never changes."""
        # held from a file to its row, so that `repair` never takes a file for a leftover whose row is on its way
        self._filing = threading.Lock()
        self._burning = threading.Lock()

    @classmethod
    def open(cls, folder: Path, mode: Mode = "write", wait: float = 0.0, busy: float = BUSY_SECONDS) -> SqliteStore:
        """Opens a workspace; "write" makes it when it is not there and waits up to `wait` seconds for another process
        that has it open, "read" goes beside one that writes.

        Raises Problem workspace-open, no-workspace, database-newer, database-broken, database-locked, disk-full,
        read-only.
        """
        folder = folder.absolute()
        if mode == "read":
            _bring_up_to_date(folder, wait)
            return cls(folder, Database.open_read_only(folder), None)
        with plainly(folder):
            make_folder(folder)
        lock = WorkspaceLock(folder, wait)
        try:
            return cls(folder, Database.open(folder, busy), lock)
        except BaseException:
            lock.release()
            raise

    def close(self) -> None:
        """What is being written is finished first. Harmless when repeated."""
        self.database.close()
        if self._lock is not None:
            self._lock.release()

    def __enter__(self) -> SqliteStore:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # schools and people

    def schools(self) -> tuple[School, ...]:
        return self.database.read(schools.schools)

    def school(self, school_id: SchoolId) -> School | None:
        return self.database.read(lambda c: schools.school(c, school_id))

    def save_schools(self, schools_: Sequence[School]) -> None:
        self.database.write(lambda c: schools.save_schools(c, schools_))

    def me(self) -> Person | None:
        return self.database.read(schools.me)

    def save_me(self, person: Person) -> None:
        self.database.write(lambda c: schools.save_me(c, person))

    def tries(self) -> Tries:
        from safetyapp.store import tries

        return self.database.read(tries.tries)

    def save_tries(self, tries_: Tries) -> None:
        from safetyapp.store import tries

        self.database.write(lambda c: tries.save(c, tries_))

    # drafts

    def form(self, sha256: str) -> Form | None:
        from safetyapp.store import drafts

        kept = self._forms.get(sha256)
        if kept is None:
            kept = self.database.read(lambda c: drafts.form(c, sha256))
            if kept is not None:
                self._forms = {sha256: kept, **dict(list(self._forms.items())[: _FORMS_AT_HAND - 1])}
        return kept

    def start_draft(self, inspection: Inspection, form: Form, marks: str) -> None:
        from safetyapp.store import drafts

        self.database.write(lambda c: drafts.start(c, inspection, form, marks))

    def draft(self, draft: InspectionId) -> Inspection | None:
        from safetyapp.store import drafts

        return self.database.read(lambda c: drafts.draft(c, draft))

    def drafts(self) -> tuple[DraftRow, ...]:
        return self.database.read(draft_list.drafts)

    def save_answer(
        self,
        draft: InspectionId,
        item: ItemId,
        answer: Answer | None,
        findings: tuple[Finding, ...],
        marks: str,
        at: datetime,
    ) -> None:
        from safetyapp.store import drafts

        self.database.write(lambda c: drafts.save_answer(c, draft, item, answer, findings, marks, at))

    def save_draft(self, inspection: Inspection, form: Form, marks: str, at: datetime) -> None:
        from safetyapp.store import drafts

        self.database.write(lambda c: drafts.save_draft(c, inspection, form, marks, at))

    def save_head(self, inspection: Inspection, at: datetime) -> None:
        from safetyapp.store import drafts

        self.database.write(lambda c: drafts.save_head(c, inspection, at))

    def save_photos(self, draft: InspectionId, item: ItemId, links: tuple[PhotoLink, ...], at: datetime) -> None:
        from safetyapp.store import drafts

        self.database.write(lambda c: drafts.save_photos(c, draft, item, links, at))

    def delete_draft(self, draft: InspectionId, at: datetime) -> None:
        from safetyapp.store import drafts

        self.database.write(lambda c: drafts.delete(c, draft, at))

    def deleted_drafts(self, since: datetime) -> tuple[DraftRow, ...]:
        return self.database.read(lambda c: draft_list.deleted(c, since))

    def restore_draft(self, draft: InspectionId) -> None:
        from safetyapp.store import drafts

        self.database.write(lambda c: drafts.restore(c, draft))

    def become(self, person: Person) -> None:
        from safetyapp.store import drafts

        def work(connection: sqlite3.Connection) -> None:
            former = schools.me(connection)
            if former is not None:
                drafts.adopt(connection, former.id, person)
            schools.save_me(connection, person)

        self.database.write(work)

    def former_answers(self, draft: InspectionId) -> tuple[tuple[Answer, datetime], ...]:
        from safetyapp.store import drafts

        return self.database.read(lambda c: drafts.former_answers(c, draft))

    def hand_over_draft(self, draft: InspectionId, hand_overs: tuple[HandOver, ...], at: datetime) -> None:
        from safetyapp.store import drafts

        self.database.write(lambda c: drafts.hand_over(c, draft, hand_overs, at))

    def take_draft(self, inspection: Inspection, form: Form, marks: str, at: datetime) -> None:
        from safetyapp.store import drafts

        self.database.write(lambda c: drafts.take(c, inspection, form, marks, at))

    def write_handed(self, handed: Handed, target: Path, progress: Progress) -> None:
        from safetyapp.store import handed_file

        photos = {photo.original: self.original_path(photo) for photo in handed.photos()}
        handed_file.write(handed, photos, {a: self.file_path(a) for a in handed.answer_files()}, target, progress)

    def read_handed(self, source: Path, progress: Progress) -> Handed:
        from safetyapp.store import handed_file

        return handed_file.read(source, progress)

    def keep_handed(self, source: Path, now: datetime, progress: Progress) -> Handed:
        from safetyapp.store import handed_file

        self._must_write()
        return handed_file.keep(
            source, lambda photo, data: self._keep_photo(photo, data, now), self.keep_file, progress
        )

    def _keep_photo(self, photo: Photo, data: bytes, now: datetime) -> Photo:
        """As it was described where it was taken; the copy for print is made here."""
        from safetyapp.store import photos

        source = photos.Source(data, photo.original, photo.original[:8])
        prepared = photos.prepare(source, now)
        described = photos.described_as(photo, source, prepared)
        with self._filing:
            self.photo_files.keep(described, data, prepared)
            return self.database.write(lambda c: photos.add(c, described))

    def history(self, draft: InspectionId) -> tuple[Former, ...]:
        """All that was replaced in the draft, oldest first."""
        from safetyapp.store import drafts

        return self.database.read(lambda c: drafts.history(c, draft))

    # photos and ink

    def take_in(self, source: Path | bytes, now: datetime) -> Photo:
        from safetyapp.store import photos

        self._must_write()
        found = photos.read_source(source, now)
        kept = self.database.read(lambda c: photos.find(c, found.address))
        if kept is not None and self.photo_files.holds(kept, found.data):
            return kept
        prepared = photos.prepare(found, now)
        photo = photos.describe(found, prepared, now)
        with self._filing:
            self.photo_files.keep(photo, found.data, prepared)
            return self.database.write(lambda c: photos.add(c, photo))

    def tray(self, draft: InspectionId) -> tuple[TrayPhoto, ...]:
        from safetyapp.store import photo_tray

        return self.database.read(lambda c: photo_tray.tray(c, draft))

    def put_in_tray(self, draft: InspectionId, came: Sequence[TrayPhoto]) -> None:
        from safetyapp.store import photo_tray

        self.database.write(lambda c: photo_tray.put_in(c, draft, came))

    def take_out_of_tray(self, draft: InspectionId, originals: Sequence[Sha256]) -> None:
        from safetyapp.store import photo_tray

        self.database.write(lambda c: photo_tray.take_out(c, draft, originals))

    def drafts_with(self, original: Sha256) -> tuple[InspectionId, ...]:
        from safetyapp.store import photo_tray

        return self.database.read(lambda c: photo_tray.drafts_with(c, original))

    def free_space(self) -> int:
        import shutil

        with plainly(self.folder):
            return shutil.disk_usage(self.folder).free

    def original_path(self, photo: Photo) -> Path:
        return self.photo_files.originals.path(photo.original)

    def printed_path(self, photo: Photo) -> Path:
        return self.photo_files.prints.path(photo.printed)

    def thumb_path(self, photo: Photo) -> Path:
        return self.photo_files.thumbs.path(photo.original)

    def print_of(self, link: PhotoLink) -> Photo:
        from safetyapp.store import marked

        photo, marks = link.photo, link.marks
        if marks is None:
            return photo
        kept = self.database.read(lambda c: marked.find(c, photo, marks))
        if kept is not None and self.photo_files.holds_marked(kept):
            return kept
        self._must_write()
        with self._burning:  # who waited for another that burns the same finds it done
            kept = self.database.read(lambda c: marked.find(c, photo, marks))
            if kept is not None and self.photo_files.holds_marked(kept):
                return kept
            copy, burnt = marked.burn(self.photo_files, photo, marks)
            with self._filing:
                self.photo_files.keep_marked(copy, burnt)
                self.database.write(lambda c: marked.add(c, copy, marks))
        return copy

    def thumb_of(self, link: PhotoLink) -> Path:
        copy = self.print_of(link)
        return self.thumb_path(copy) if link.marks is None else self.photo_files.thumbs.path(copy.printed)

    def keep_ink(self, image: bytes) -> Sha256:
        self._must_write()
        address = address_of(image)
        self.ink_files.keep(address, image)
        return cast("Sha256", address)

    def ink(self, image: Sha256) -> bytes:
        path = self.ink_files.path(image)
        try:
            return path.read_bytes()
        except OSError as error:
            raise Problem("unreadable-file", path=str(path), reason=error.strerror or type(error).__name__) from error

    def keep_file(self, source: Path | bytes) -> Sha256:
        from safetyapp.store.answer_files import read_file

        self._must_write()
        data = read_file(source)
        address = address_of(data)
        with self._filing:
            self.answer_files.keep(address, data)
        return cast("Sha256", address)

    def file_path(self, sha256: Sha256) -> Path:
        return self.answer_files.path(sha256)

    # documents

    def keep_document(
        self,
        row: DocumentRow,
        data: bytes,
        ledger: tuple[LedgerRow, ...],
        closes: InspectionId | None = None,
        links: tuple[Link, ...] | None = None,
    ) -> bool:
        from safetyapp.store import drafts

        self._must_write()
        if address_of(data) != row.sha256:
            raise ValueError("the row names other bytes")
        if closes is not None:  # before the file, so that a refusal leaves none behind; asked again in the transaction
            self.database.read(lambda c: drafts.may_close(c, closes, row.sha256))
        with self._filing:
            self.document_files.keep(row.sha256, data)
            return self.database.write(lambda c: documents.keep(c, row, ledger, closes, links))

    def restore_document(self, data: bytes) -> bool:
        address = address_of(data)
        if self.document_files.holds(address, data):
            return False
        if self.document(address) is None:
            raise ValueError("no such document is kept")
        self._must_write()
        with self._filing:
            self.document_files.keep(address, data)
        return True

    def documents(self, query: DocumentQuery) -> tuple[DocumentRow, ...]:
        return self.database.read(lambda c: documents.documents(c, query))

    def count_documents(self, query: DocumentQuery) -> int:
        return self.database.read(lambda c: documents.count(c, query))

    def place_of(self, query: DocumentQuery, sha256: str) -> int | None:
        return self.database.read(lambda c: documents.place_of(c, query, sha256))

    def document_authors(self) -> tuple[str, ...]:
        return self.database.read(documents.authors)

    def last_documents(self) -> tuple[DocumentRow, ...]:
        return self.database.read(documents.last)

    def days_done(self, since: date, school: SchoolId | None = None) -> tuple[DayDone, ...]:
        return self.database.read(lambda c: documents.days_done(c, since, school))

    def document(self, sha256: str) -> DocumentRow | None:
        return self.database.read(lambda c: documents.document(c, sha256))

    def versions(self, document: str) -> tuple[DocumentRow, ...]:
        return self.database.read(lambda c: documents.versions(c, document))

    def rivals(self) -> tuple[tuple[DocumentRow, ...], ...]:
        return self.database.read(documents.rivals)

    def document_path(self, sha256: str) -> Path:
        return self.document_files.path(sha256)

    def waiting(self) -> int:
        return self.database.read(documents.waiting)

    # on the way to the hub and from there

    def deliveries(self) -> tuple[Delivery, ...]:
        from safetyapp.store import deliveries

        return self.database.read(deliveries.outbox)

    def carried(self) -> tuple[Delivery, ...]:
        from safetyapp.store import deliveries

        return self.database.read(deliveries.carried)

    def delivered(self) -> tuple[str, ...]:
        from safetyapp.store import deliveries

        return self.database.read(deliveries.delivered)

    def delivery(self, sha256: str) -> Delivery | None:
        from safetyapp.store import deliveries

        return self.database.read(lambda c: deliveries.delivery(c, sha256))

    def save_deliveries(self, changed: Sequence[Delivery]) -> None:
        from safetyapp.store import deliveries

        self.database.write(lambda c: deliveries.save(c, changed))

    def keep_receipt(self, receipt: KeptReceipt) -> None:
        from safetyapp.store import deliveries

        self.database.write(lambda c: deliveries.keep_receipt(c, receipt))

    def receipts(self, sha256: str) -> tuple[KeptReceipt, ...]:
        from safetyapp.store import deliveries

        return self.database.read(lambda c: deliveries.receipts(c, sha256))

    def hub_line(self, hub: str) -> HubLine:
        from safetyapp.store import deliveries

        return self.database.read(lambda c: deliveries.line(c, hub))

    def save_hub_line(self, line: HubLine) -> None:
        from safetyapp.store import deliveries

        self.database.write(lambda c: deliveries.save_line(c, line))

    def not_taken(self) -> tuple[NotTaken, ...]:
        from safetyapp.store import deliveries

        return self.database.read(deliveries.not_taken)

    def save_not_taken(self, entries: Sequence[NotTaken]) -> None:
        from safetyapp.store import deliveries

        self.database.write(lambda c: deliveries.save_not_taken(c, entries))

    # what documents say of each other

    def related(self, document: str) -> tuple[Related, ...]:
        from safetyapp.store import document_relations

        return self.database.read(lambda c: document_relations.related(c, document))

    def unread_links(self, limit: int = 200) -> tuple[str, ...]:
        from safetyapp.store import document_standing

        return self.database.read(lambda c: document_standing.unread(c, limit))

    def keep_links(self, links: Mapping[str, Sequence[Link]]) -> None:
        from safetyapp.store import document_standing

        self.database.write(lambda c: document_standing.read_links(c, links))

    def log_put_out(self, entries: Sequence[PutOut]) -> None:
        from safetyapp.store import put_out

        self.database.write(lambda c: put_out.add(c, entries))

    def put_out(self, sha256: str | None = None, limit: int = 200) -> tuple[PutOut, ...]:
        from safetyapp.store import put_out

        return self.database.read(lambda c: put_out.entries(c, sha256, limit))

    def log_print(self, entries: Sequence[PrintLogEntry]) -> None:
        from safetyapp.store import print_log

        self.database.write(lambda c: print_log.add(c, entries))

    def print_log(self, sha256: str | None = None, limit: int = 200) -> tuple[PrintLogEntry, ...]:
        from safetyapp.store import print_log

        return self.database.read(lambda c: print_log.entries(c, sha256, limit))

    def ledger(self, school: SchoolId | None = None) -> tuple[LedgerRow, ...]:
        from safetyapp.store import ledger

        return self.database.read(lambda c: ledger.ledger(c, school))

    def find_findings(self, query: FindingQuery) -> tuple[LedgerRow, ...]:
        from safetyapp.store import finding_search

        return self.database.read(lambda c: finding_search.find(c, query))

    def wordings(self, form: str, item: str) -> tuple[Wording, ...]:
        from safetyapp.store import finding_search

        return self.database.read(lambda c: finding_search.wordings(c, form, item))

    def open_hazards(self, on: date) -> dict[str, Hazards]:
        return self.database.read(lambda c: standing.open_hazards(c, on))

    # what is due, returned, to be checked again

    def postponed(self) -> tuple[Postponed, ...]:
        from safetyapp.store import postponed

        return self.database.read(postponed.postponed)

    def postpone(self, put_off: Postponed) -> None:
        from safetyapp.store import postponed

        self.database.write(lambda c: postponed.postpone(c, put_off))

    def take_back(self, put_off: Postponed) -> None:
        from safetyapp.store import postponed

        self.database.write(lambda c: postponed.take_back(c, put_off))

    def unread_papers(self, limit: int) -> tuple[str, ...]:
        from safetyapp.store import said

        return self.database.read(lambda c: said.unread(c, limit))

    def keep_said(self, sha256: str, said_: Said | None) -> None:
        from safetyapp.store import said

        self.database.write(lambda c: said.keep(c, sha256, said_))

    def returned(self, author: PersonId, report: str | None = None) -> tuple[Returned, ...]:
        from safetyapp.store import said

        return self.database.read(lambda c: said.returned(c, author, report))

    def rechecks(self, on: date, limit: int) -> tuple[Recheck, ...]:
        from safetyapp.store import said

        return self.database.read(lambda c: said.rechecks(c, on, limit))

    def count_rechecks(self, on: date, until: date) -> dict[str, Rechecks]:
        from safetyapp.store import said

        return self.database.read(lambda c: said.count_rechecks(c, on, until))

    @contextmanager
    def mending(self) -> Iterator[None]:
        """No file comes in while the block runs. Raises Problem read-only where this process may not write."""
        self._must_write()
        with self._filing:
            yield

    def _must_write(self) -> None:
        if self._lock is None:
            raise Problem("read-only", path=str(self.folder))


def _bring_up_to_date(folder: Path, wait: float) -> None:
    """What only reads cannot migrate: an old database is opened for writing once. Changes nothing otherwise."""
    if not (folder / DATABASE_FILE).exists():
        raise Problem("no-workspace", path=str(folder))
    if found_version(folder) < VERSION:
        SqliteStore.open(folder, "write", wait).close()
