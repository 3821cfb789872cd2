"""The tools a workflow function is handed: Store, Signer, Clock. (The fourth, Hub, is in sync.port.)

Each has a fake in tests/fakes that keeps the same suite.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Protocol

from safetyapp.domain.any_record import AnyRecord
from safetyapp.domain.chain import Related
from safetyapp.domain.delivery import Delivery, HubLine, KeptReceipt, NotTaken
from safetyapp.domain.document import DayDone, DocumentQuery, DocumentRow
from safetyapp.domain.draft import DraftRow
from safetyapp.domain.duty import Postponed
from safetyapp.domain.form import Form, ItemId
from safetyapp.domain.handed import Handed
from safetyapp.domain.handover import HandOver
from safetyapp.domain.inspection import (
    Answer,
    Finding,
    Inspection,
    InspectionId,
    Photo,
    PhotoLink,
    Sha256,
)
from safetyapp.domain.ledger import FindingQuery, LedgerRow
from safetyapp.domain.links import Link
from safetyapp.domain.photo_tray import TrayPhoto
from safetyapp.domain.phrases import Wording
from safetyapp.domain.print_job import PrintLogEntry
from safetyapp.domain.progress import Progress
from safetyapp.domain.put_out import PutOut
from safetyapp.domain.record import Author
from safetyapp.domain.said import Recheck, Rechecks, Returned, Said
from safetyapp.domain.school import Person, PersonId, School, SchoolId
from safetyapp.domain.standing import Hazards
from safetyapp.domain.tries import Tries
from safetyapp.domain.verdict import Verdict


class Clock(Protocol):
    """Tells the time, with its offset."""

    def now(self) -> datetime: ...


class Store(Protocol):
    """What is kept. A call that returns has committed; one that raises has changed nothing.

    Raises domain.problem.Problem with code disk-full, read-only, database-locked, database-newer, database-broken,
    disk-failing, photo-broken, photo-too-large, photo-bomb, not-a-photo, unreadable-file, unknown-draft, draft-final,
    draft-given. Every method may be called from any thread.
    """

    def schools(self) -> tuple[School, ...]: ...
    def school(self, school_id: SchoolId) -> School | None: ...
    def save_schools(self, schools: Sequence[School]) -> None:
        """Adds or replaces by id."""

    def me(self) -> Person | None: ...
    def save_me(self, person: Person) -> None: ...
    def become(self, person: Person) -> None:
        """The same human under another identity: open drafts, those in the bin too, go with it."""

    def tries(self) -> Tries:
        """Wrong passphrases so far."""

    def save_tries(self, tries: Tries) -> None: ...

    def form(self, sha256: str) -> Form | None:
        """The form kept with a draft, for ever."""

    def start_draft(self, inspection: Inspection, form: Form, marks: str) -> None:
        """With the answers that it begins with."""

    def draft(self, draft: InspectionId) -> Inspection | None: ...
    def drafts(self) -> tuple[DraftRow, ...]:
        """Newest change first."""

    def save_answer(
        self,
        draft: InspectionId,
        item: ItemId,
        answer: Answer | None,
        findings: tuple[Finding, ...],
        marks: str,
        at: datetime,
    ) -> None:
        """The item's answer (None clears it) and all its findings, in one transaction; the former values are kept in
        the draft's history."""

    def save_head(self, inspection: Inspection, at: datetime) -> None:
        """What belongs to the whole draft: site, type, companions, escort, opinions."""

    def save_photos(self, draft: InspectionId, item: ItemId, links: tuple[PhotoLink, ...], at: datetime) -> None:
        """The item's photos in their order, replacing what was linked before; files are never deleted by this."""

    def save_draft(self, inspection: Inspection, form: Form, marks: str, at: datetime) -> None:
        """The draft now follows this version of the form and holds exactly these answers, findings and photos; what was
        changed or taken away is in its history. Only differences are written, in one transaction."""

    def delete_draft(self, draft: InspectionId, at: datetime) -> None:
        """Out of the list; recoverable for 30 days."""

    def deleted_drafts(self, since: datetime) -> tuple[DraftRow, ...]:
        """Those that were deleted since then and not brought back, the last one first."""

    def restore_draft(self, draft: InspectionId) -> None: ...
    def former_answers(self, draft: InspectionId) -> tuple[tuple[Answer, datetime], ...]:
        """The answers of a draft that were replaced or taken away, each with when; oldest first."""

    def hand_over_draft(self, draft: InspectionId, hand_overs: tuple[HandOver, ...], at: datetime) -> None:
        """How often and to whom the draft was handed; while the last of it is open the draft takes no change (Problem
        draft-given) and no document closes it."""

    def take_draft(self, inspection: Inspection, form: Form, marks: str, at: datetime) -> None:
        """Keeps a draft that a colleague handed over, with its inspector and its hand-overs. One with its id that is
        here already gives way where it was handed over less often (or lies in the bin); what it held is in the history
        then. Raises Problem handed-older where not."""

    def write_handed(self, handed: Handed, target: Path, progress: Progress) -> None:
        """Writes the file that carries a draft, with original photos and answer files, each checked against its hash.
        Raises Problem handed-lacks for one that is gone or damaged here, and what `progress` raises."""

    def read_handed(self, source: Path, progress: Progress) -> Handed:
        """What such a file holds, every byte of it checked; nothing is kept. Raises Problem handed-broken,
        handed-newer, handed-form, unreadable-file, not-a-file."""

    def keep_handed(self, source: Path, now: datetime, progress: Progress) -> Handed:
        """As `read_handed`; then its photos and answer files are kept, the photos with print copies made here."""

    def take_in(self, source: Path | bytes, now: datetime) -> Photo:
        """Keeps the original byte for byte, makes the upright copy for print; the same photo twice is one."""

    def tray(self, draft: InspectionId) -> tuple[TrayPhoto, ...]:
        """The photos that came in for a draft without an item, as they came; those that have an item by now are among
        them (domain.photo_tray.unplaced)."""

    def put_in_tray(self, draft: InspectionId, came: Sequence[TrayPhoto]) -> None:
        """Each photo once; one that was taken out is in again. Raises Problem draft-final, unknown-draft."""

    def take_out_of_tray(self, draft: InspectionId, originals: Sequence[Sha256]) -> None:
        """No file is deleted by this. Raises Problem draft-final, unknown-draft."""

    def drafts_with(self, original: Sha256) -> tuple[InspectionId, ...]:
        """The drafts, signed ones too but not those in the bin, that hold a picture or have had it in their tray."""

    def free_space(self) -> int:
        """Bytes that are free where everything is kept."""

    def original_path(self, photo: Photo) -> Path: ...
    def printed_path(self, photo: Photo) -> Path: ...
    def thumb_path(self, photo: Photo) -> Path:
        """A small picture (240 px, about 7 kB) for lists."""

    def print_of(self, link: PhotoLink) -> Photo:
        """The photo as it is printed at this place: its marks are burnt into a copy of its own, which is made from the
        original where there is none yet. Slow then: not for a window's own thread."""

    def thumb_of(self, link: PhotoLink) -> Path:
        """The small picture of `print_of`, as slow."""

    def keep_ink(self, image: bytes) -> Sha256:
        """A signature's PNG, named by its hash."""

    def ink(self, image: Sha256) -> bytes: ...

    def keep_file(self, source: Path | bytes) -> Sha256:
        """Keeps a file that answers an item byte for byte, named by its hash; the same file twice is one. Raises
        Problem file-too-large (over domain.inspection.LARGEST_ANSWER_FILE bytes), unreadable-file."""

    def file_path(self, sha256: Sha256) -> Path: ...

    def keep_document(
        self,
        row: DocumentRow,
        data: bytes,
        ledger: tuple[LedgerRow, ...],
        closes: InspectionId | None = None,
        links: tuple[Link, ...] | None = None,
    ) -> bool:
        """File first, then one transaction: document, outbox row when it is to be sent, ledger rows, what it says of
        other documents (domain.links.links_of; None: its record is still to be read), and the draft it closes. False
        when it was here already; its file is put back then if it is gone or damaged."""

    def restore_document(self, data: bytes) -> bool:
        """Puts the file of a kept document back where it is gone or damaged. True when it had to be."""

    def documents(self, query: DocumentQuery) -> tuple[DocumentRow, ...]: ...
    def count_documents(self, query: DocumentQuery) -> int: ...
    def place_of(self, query: DocumentQuery, sha256: str) -> int | None:
        """How many stand before this document in what the query finds, whatever its page; None where it does not."""

    def document_authors(self) -> tuple[str, ...]:
        """The names of all who signed a kept document, in order."""

    def last_documents(self) -> tuple[DocumentRow, ...]:
        """Of each school and title the one of the latest inspection, of equals the latest made."""

    def days_done(self, since: date, school: SchoolId | None = None) -> tuple[DayDone, ...]:
        """The days of the inspections that count (domain.ledger.counting): each since a day, and of each school, form
        and role the last before it. In no order."""

    def document(self, sha256: str) -> DocumentRow | None: ...
    def versions(self, document: str) -> tuple[DocumentRow, ...]:
        """All that is kept under one document id, whoever signed it; newest first."""

    def rivals(self) -> tuple[tuple[DocumentRow, ...], ...]:
        """Reports that two people signed under one id, each person's last; the one that counts (domain.ledger.counting)
        comes first. Latest first."""

    def document_path(self, sha256: str) -> Path: ...
    def waiting(self) -> int:
        """How many documents wait in the outbox 待发箱."""

    def deliveries(self) -> tuple[Delivery, ...]:
        """What was made here and is not delivered, in the order it was made."""

    def carried(self) -> tuple[Delivery, ...]:
        """What was made elsewhere and has no receipt, in the order it came: an office may bring it to the hub."""

    def delivered(self) -> tuple[str, ...]:
        """The hashes of all that a receipt is kept for and that counts as delivered."""

    def delivery(self, sha256: str) -> Delivery | None:
        """Of one document; None where it was neither made here nor has a receipt."""

    def save_deliveries(self, changed: Sequence[Delivery]) -> None:
        """How these stand now; one that was delivered no longer is (its receipts stay). Raises ValueError for one that
        says it is delivered: only keep_receipt does."""

    def keep_receipt(self, receipt: KeptReceipt) -> None:
        """The receipt, and that its document is delivered, in one transaction; the caller has found it good. Receipts
        only grow; the same one twice is one."""

    def receipts(self, sha256: str) -> tuple[KeptReceipt, ...]:
        """Of one document, the last that came first."""

    def hub_line(self, hub: str) -> HubLine: ...
    def save_hub_line(self, line: HubLine) -> None: ...
    def not_taken(self) -> tuple[NotTaken, ...]:
        """What the hub offers and is still not here, by address."""

    def save_not_taken(self, entries: Sequence[NotTaken]) -> None:
        """Adds, or replaces by address."""

    def related(self, document: str) -> tuple[Related, ...]:
        """The documents of this id, and those that name or correct it, each with all that it names. In no order."""

    def unread_links(self, limit: int = 200) -> tuple[str, ...]:
        """The hashes of documents that came without being read for what they say of others."""

    def keep_links(self, links: Mapping[str, Sequence[Link]]) -> None:
        """What was read in them, by hash."""

    def log_put_out(self, entries: Sequence[PutOut]) -> None:
        """Adds to the list of copies that were put somewhere, which only grows."""

    def put_out(self, sha256: str | None = None, limit: int = 200) -> tuple[PutOut, ...]:
        """Where copies of one document, or of all, were put; newest first."""

    def log_print(self, entries: Sequence[PrintLogEntry]) -> None:
        """Adds to the print log, which only grows."""

    def print_log(self, sha256: str | None = None, limit: int = 200) -> tuple[PrintLogEntry, ...]:
        """What was printed of one document, or of all; newest first."""

    def ledger(self, school: SchoolId | None = None) -> tuple[LedgerRow, ...]: ...
    def find_findings(self, query: FindingQuery) -> tuple[LedgerRow, ...]:
        """The findings that count and contain every word of the query, the last that came in first; none without a
        word."""

    def wordings(self, form: str, item: str) -> tuple[Wording, ...]:
        """How findings of an item, and lately of its form, were worded in the ledger and in drafts; see
        domain.phrases. In no order; the same words may come more than once."""

    def open_hazards(self, on: date) -> dict[str, Hazards]:
        """What the ledger holds open on a day, counted by school id."""

    def postponed(self) -> tuple[Postponed, ...]:
        """What was put off 改期, by school, form and day."""

    def postpone(self, put_off: Postponed) -> None:
        """Keeps it; one of the same school, form and day before it is replaced."""

    def take_back(self, put_off: Postponed) -> None:
        """As if the duty had never been put off."""

    def unread_papers(self, limit: int) -> tuple[str, ...]:
        """Reviews and responses of which `keep_said` has not been told, newest first, by address."""

    def keep_said(self, sha256: str, said: Said | None) -> None:
        """What a kept document says of earlier ones; None where it says nothing that can be read. Once is enough."""

    def returned(self, author: PersonId, report: str | None = None) -> tuple[Returned, ...]:
        """The reports of a person that count and whose last review, by an office, sends them back; newest review first.
        With a report's id the review of that one, whether it still counts or not."""

    def rechecks(self, on: date, limit: int) -> tuple[Recheck, ...]:
        """Open findings whose deadline has come, or that their school says are done: major first, then by deadline."""

    def count_rechecks(self, on: date, until: date) -> dict[str, Rechecks]:
        """The same counted by school id, and those whose deadline comes until a later day."""

    def close(self) -> None: ...


class Signer(Protocol):
    """Makes signed files out of records and says whether one is genuine. Raises Problem with code no-key,
    wrong-passphrase, certificate-expired; with a token also no-token, wrong-pin, pin-locked, token-failed."""

    def author(self, person: Person) -> Author:
        """The person with the fingerprint of the certificate that will sign."""

    def asks_pin(self) -> bool:
        """Whether a token UKey signs, which wants its PIN where others want a passphrase."""

    def unprintable(self, record: AnyRecord, form: Form | None) -> tuple[str, ...]:
        """The characters that no font has: the pages will show 〓 for them, by code point."""

    def seal(
        self,
        record: AnyRecord,
        form: Form | None,
        photos: Mapping[Sha256, Path],
        inks: Mapping[Sha256, bytes],
        files: Mapping[Sha256, Path],
        passphrase: str,
        progress: Progress,
    ) -> bytes:
        """Pages, attached record and files, signature: the bytes of the document. `form` is the one that a report
        follows; other kinds have none. `photos` gives the copies for print by
        their own hash (the same photo with other marks is another copy), `files` the kept files that answers name."""

    def verify(self, data: bytes) -> Verdict:
        """One verdict; never raises."""
