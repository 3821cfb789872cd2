"""The same exchange over a folder: a stick, a share, a folder that a cloud keeps in step.

    safetyapp-exchange/documents/ab/<sha256>.pdf     documents, by the hash of their bytes
    safetyapp-exchange/receipts/<sha256>.json        receipts of the hub that somebody brings back

Whatever is there whole is there for good; what is not (a copy that was cut off, one that a cloud is still bringing) is
passed over, and comes the next time. A folder gives no receipt: what was put into it is on the stick, not delivered.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from safetyapp.domain.delivery import KeptReceipt
from safetyapp.domain.document import DocumentQuery, DocumentRow
from safetyapp.domain.problem import Cancelled, Problem
from safetyapp.domain.progress import Progress, no_progress
from safetyapp.domain.put_out import PutOut
from safetyapp.domain.school import Role
from safetyapp.protocol import SignedReceipt, is_address, read, write
from safetyapp.sync.port import Believe
from safetyapp.sync.rounds import Named, Way
from safetyapp.workflow.exchange import import_documents, kept_document
from safetyapp.workflow.ports import Clock, Signer, Store
from safetyapp.workflow.put_out import place_whole

log = logging.getLogger(__name__)

EXCHANGE, DOCUMENTS, RECEIPTS = "safetyapp-exchange", "documents", "receipts"
_LARGEST_RECEIPT = 64 * 1024
_TOGETHER = 8
"""Documents that are taken in at once."""


@dataclass(frozen=True, slots=True)
class FolderDone:
    """What came of it. `put` was written and read back now, `there` lay there already; `delivered` have a receipt that
    was brought; `unfinished` are copies that are not whole (yet); `problem` ended it: the stick is full, or gone."""

    put: tuple[PutOut, ...] = ()
    there: int = 0
    received: tuple[DocumentRow, ...] = ()
    delivered: tuple[str, ...] = ()
    receipts_put: int = 0
    refused: tuple[Named, ...] = ()
    unfinished: int = 0
    problem: Problem | None = None
    is_stopped: bool = False


@dataclass
class FolderRound:
    """The tools, and what has come of it so far. `place` is what people call the folder or drive; `believe` is asked
    of a receipt, whichever hub of the district gave it."""

    folder: Path
    place: str
    store: Store
    signer: Signer
    clock: Clock
    believe: Believe | None = None
    progress: Progress = no_progress
    put: list[PutOut] = field(default_factory=list)
    there: int = 0
    received: list[DocumentRow] = field(default_factory=list)
    delivered: list[str] = field(default_factory=list)
    receipts_put: int = 0
    refused: list[Named] = field(default_factory=list)
    unfinished: int = 0


def run_folder(this: FolderRound) -> FolderDone:
    """Both ways, once. The folder itself must be there: where it is not, nothing is made in its place."""
    problem: Problem | None = None
    is_stopped = False
    try:
        if not this.folder.is_dir():
            raise Problem("no-folder", path=str(this.folder))
        _put_out(this)
        _take_in(this)
        _take_receipts(this)
        _put_receipts(this)
    except Cancelled:
        is_stopped = True
    except Problem as met:
        problem = met
    return FolderDone(
        tuple(this.put), this.there, tuple(this.received), tuple(this.delivered), this.receipts_put,
        tuple(this.refused), this.unfinished, problem, is_stopped,
    )  # fmt: skip


def _put_out(this: FolderRound) -> None:
    """What is not delivered; of an office all that it has, for an office is who knows."""
    wanted = _to_put(this.store)
    me = this.store.me()
    for number, row in enumerate(wanted):
        this.progress("put", number, len(wanted))
        target = _document(this.folder, row.sha256)
        if _is_whole(target, row.sha256, row.size):
            this.there += 1
            continue
        try:
            data = kept_document(this.store, row)
        except Problem as problem:  # here, not there: the doctor's business
            this.refused.append(Named(row.sha256, Way.OUT, problem.code, "sender", "look-at-file"))
            continue
        place_whole(target, data, row.sha256)
        entry = PutOut(row.sha256, this.place, str(target), me.name if me else "", this.clock.now())
        this.store.log_put_out([entry])  # at once: a stick is pulled out whenever somebody likes
        this.put.append(entry)


def _to_put(store: Store) -> Sequence[DocumentRow]:
    me = store.me()
    if me is not None and me.role is Role.OFFICE:
        return store.documents(DocumentQuery(limit=1_000_000))
    rows = (store.document(one.sha256) for one in store.deliveries())
    return [row for row in rows if row is not None]


def _take_in(this: FolderRound) -> None:
    """Through the judge that every import passes."""
    wanted = [path for path in _listed(this.folder / EXCHANGE / DOCUMENTS, ".pdf") if _is_new(this.store, path)]
    whole: list[Path] = []
    for number, path in enumerate(wanted):
        this.progress("take", number, len(wanted))
        with _told(path):
            is_whole = _address(path) == path.stem
        if is_whole:
            whole.append(path)
        else:
            this.unfinished += 1
        if len(whole) == _TOGETHER or (whole and number == len(wanted) - 1):
            _judge(this, whole)
            whole = []
    if whole:
        _judge(this, whole)


def _is_new(store: Store, path: Path) -> bool:
    return store.document(path.stem) is None


def _judge(this: FolderRound, paths: Sequence[Path]) -> None:
    done = import_documents(this.store, this.signer, paths)
    this.received += done.new
    for refused in done.refused:
        if refused.why == "unreadable-file":  # it was whole a moment ago: the stick is gone
            raise Problem(refused.why, path=str(refused.path), reason=refused.reason)
        this.refused.append(Named(refused.path.stem, Way.IN, refused.why, "office", "look-at-file"))


def _take_receipts(this: FolderRound) -> None:
    """Only for what was made here and has none."""
    if this.believe is None:
        return
    for path in _listed(this.folder / EXCHANGE / RECEIPTS, ".json"):
        mine = this.store.delivery(path.stem)
        if mine is None or this.store.receipts(path.stem):
            continue
        with _told(path), path.open("rb") as file:
            data = file.read(_LARGEST_RECEIPT + 1)
        try:
            signed = read(SignedReceipt, data)
            receipt = this.believe(signed)
            if (receipt.sha256, receipt.size) != (mine.sha256, mine.size):
                raise ValueError("of another document")
        except ValueError as why:
            log.warning("no receipt for %s: %s", path.stem, why)
            this.refused.append(Named(path.stem, Way.IN, "receipt-not-believed", "operator", "mend"))
            continue
        this.store.keep_receipt(
            KeptReceipt(
                receipt.sha256, receipt.hub, receipt.received_at, receipt.cursor, signed.statement, signed.signature,
                signed.certificate, this.clock.now(),
            )
        )  # fmt: skip
        this.delivered.append(receipt.sha256)


def _put_receipts(this: FolderRound) -> None:
    """For what lies there, so that whoever put it there learns that it has arrived."""
    for path in _listed(this.folder / EXCHANGE / DOCUMENTS, ".pdf"):
        target = this.folder / EXCHANGE / RECEIPTS / f"{path.stem}.json"
        kept = this.store.receipts(path.stem)
        if not kept or target.exists():
            continue
        last = kept[0]
        data = write(SignedReceipt(statement=last.statement, signature=last.signature, certificate=last.certificate))
        place_whole(target, data, hashlib.sha256(data).hexdigest())
        this.receipts_put += 1


def _document(folder: Path, sha256: str) -> Path:
    return folder / EXCHANGE / DOCUMENTS / sha256[:2] / f"{sha256}.pdf"


def _listed(folder: Path, suffix: str) -> list[Path]:
    """The files that are named by a hash; what else people and clouds put between them is none of ours."""
    with _told(folder):
        return [
            path
            for path in sorted(folder.rglob(f"*{suffix}"))
            if path.suffix == suffix and is_address(path.stem) and path.is_file()
        ]


def _is_whole(path: Path, sha256: str, size: int) -> bool:
    """Whether it lies there already: looked at whole, sticks forget."""
    try:
        return path.stat().st_size == size and _address(path) == sha256
    except OSError:
        return False


def _address(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextmanager
def _told(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise Problem("unreadable-file", path=str(path), reason=error.strerror or type(error).__name__) from error
