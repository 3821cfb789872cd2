"""The Signer of the workflow: pages, attached record and signature out of one record; and a verdict on any file."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Collection, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from cryptography import x509

from safetyapp.documents import authority, fonts, wording
from safetyapp.documents.archive import LARGEST_FILES, MOST_FILES, Attachment, Describing, make_archive
from safetyapp.documents.keysource import KeySource, OpenKey, SourceKind, check_certificate, find_key_source
from safetyapp.documents.material import Material
from safetyapp.documents.pages import file_title, lay_out
from safetyapp.documents.sign import prepare
from safetyapp.documents.timestamp import Ask, stamp_signature
from safetyapp.documents.unprintable import unprintable
from safetyapp.documents.verify import verify
from safetyapp.domain.any_record import AnyRecord
from safetyapp.domain.canonical import canonical_json
from safetyapp.domain.form import Form
from safetyapp.domain.inspection import Sha256
from safetyapp.domain.problem import Problem
from safetyapp.domain.progress import Progress, Step
from safetyapp.domain.record import Author
from safetyapp.domain.revocation import Revocation
from safetyapp.domain.school import Person
from safetyapp.domain.verdict import Verdict, VerdictKind

log = logging.getLogger(__name__)

STAMPERS = "tsa"
"""The folder in `trust` with the certificates of authorities for time."""


class DocumentSigner:
    """Signs with the person's key in `keys` (or the source that is handed in), believes the authorities in `trust` and
    the authorities for time in `trust/tsa`, and knows the certificates that `revoked()` says were taken back.

    `ask` brings a time stamp from an authority for time: nobody is asked without it, and where it fails the document
    is signed without. `now` is the clock by which a time is in the future. `allow_system_fonts`: licensed faces of this
    computer may be embedded. `watermark` goes across every page: the papers of a demonstration are nobody's.
    """

    def __init__(
        self,
        keys: Path,
        trust: Path,
        revoked: Callable[[], Collection[Revocation]] = tuple,
        *,
        source: KeySource | None = None,
        ask: Ask | None = None,
        now: Callable[[], datetime] | None = None,
        allow_system_fonts: bool = False,
        watermark: str = "",
    ) -> None:
        self._keys = keys
        self._trust = trust
        self._revoked = revoked
        self._given = source
        self._ask = ask
        self._now = now
        self._allow_system_fonts = allow_system_fonts
        self._watermark = watermark

    def author(self, person: Person) -> Author:
        """The person with the fingerprint of the certificate that will sign. Raises Problem no-key, other-person."""
        certificate = self._source().certificate
        author = Author(person.id, person.name, person.role, authority.fingerprint(certificate))
        if not authority.names_holder(author, certificate):
            raise Problem("other-person", holder=authority.common_name(certificate), person=person.name)
        return author

    def asks_pin(self) -> bool:
        """Whether a token signs: it wants its PIN, not a passphrase. Raises Problem no-key."""
        return self._source().kind is SourceKind.TOKEN

    def unprintable(self, record: AnyRecord, form: Form | None) -> tuple[str, ...]:
        """The characters that no font has: the pages show 〓 for them. Nothing is signed."""
        return unprintable(record, form, self._allow_system_fonts)

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
        """The signed file. Raises Problem no-key, certificate-expired, other-authority, what KeySource.open raises,
        photo-missing, photo-changed, ink-broken, revocations-broken, missing-file, damaged-file, answer-files (too much
        of them), and what `progress` raises; then nothing was made."""
        self._revoked()  # nothing is signed that could not be verified afterwards
        source = self._source()
        if authority.fingerprint(source.certificate) != record.author.certificate:
            raise Problem("no-key", path=authority.PERSON_CERTIFICATE)
        issuer = check_certificate(source.certificate, authority.read_trust(self._trust), record.made_at)
        with ThreadPoolExecutor(1, "open-key") as beside:
            # opening the key is slow on purpose (scrypt); the pages are set meanwhile on the other core
            opening = beside.submit(source.open, passphrase)
            try:
                material = Material(
                    record,
                    form,
                    photos,
                    inks,
                    "",
                    files,
                    allow_system_fonts=self._allow_system_fonts,
                    watermark=self._watermark,
                )
                archive = _make_archive(material, opening, progress)
                progress(Step.SIGN, 0, 1)
                stamped = self._ask is not None
                prepared = prepare(archive, source.certificate, (issuer,), record.made_at, stamped=stamped)
                signed = prepared.sign(opening.result().sign, self._stamp if stamped else None)
            finally:
                opening.add_done_callback(_close)
        progress(Step.SIGN, 1, 1)
        return signed

    def verify(self, data: bytes) -> Verdict:
        """One verdict; never raises."""
        now = self._now() if self._now else None
        return judge(data, authority.read_trust(self._trust), self._revoked, self._stampers(), now)

    def _source(self) -> KeySource:
        return self._given or find_key_source(self._keys)

    def _stampers(self) -> tuple[x509.Certificate, ...]:
        return authority.read_trust(self._trust / STAMPERS)

    def _stamp(self, signature: bytes) -> bytes | None:
        """A time stamp if there is one to be had; a document is never kept back for it."""
        assert self._ask is not None
        try:
            return stamp_signature(signature, self._ask, self._stampers())
        except Problem as problem:
            log.info("no time stamp: %s", problem)
            return None


def judge(
    data: bytes,
    trust: tuple[x509.Certificate, ...],
    revoked: Callable[[], Collection[Revocation]],
    stampers: tuple[x509.Certificate, ...] = (),
    now: datetime | None = None,
) -> Verdict:
    """One verdict on the file; never raises. Where `revoked` raises a Problem nobody can say whether the certificate
    still held, so nothing is valid; a verdict and not an error, because every way in refuses a file by its verdict and
    leaves it where it is. What was altered is altered all the same."""
    try:
        return verify(data, trust, revoked(), stampers, now)
    except Problem as problem:
        found = verify(data, trust, (), stampers, now)
        if not found.is_valid:
            return found
        facts = tuple(sorted((name, str(fact)) for name, fact in problem.facts.items()))
        return replace(
            found, kind=VerdictKind.UNKNOWN_SIGNER, why="revocations-broken", facts=facts, record=None, record_json=None
        )


def _close(opening: Future[OpenKey]) -> None:
    if not opening.cancelled() and opening.exception() is None:
        opening.result().close()


def _make_archive(material: Material, key: Future[OpenKey], progress: Progress) -> bytes:
    """The unsigned file. A wrong passphrase, once it is known, ends the work at the next page."""

    def before_page(done: int, total: int) -> None:
        if key.done():
            key.result()
        progress(Step.PAGES, done, total)

    record = material.record
    progress(Step.PAGES, 0, 1)
    _check_photos(record, material.photos)
    files = _read_files(record, material.files)
    sizes = {file.sha256: len(file.content) for file in files}
    record_json = canonical_json(record)
    sheets = lay_out(replace(material, record_hash=hashlib.sha256(record_json).hexdigest(), sizes=sizes))
    pages = sheets.write(before_page)
    if sheets.replaced:
        log.info("document %s: no font has %s", record.id, wording.code_points(sheets.replaced))
    progress(Step.DATA, 0, 1)
    about = Describing(
        title=file_title(material),
        author=record.author.name,
        subject=record.school.name,
        made_at=record.made_at,
    )
    archive = make_archive(pages, record_json, about, files)
    progress(Step.DATA, 1, 1)
    return archive


def _check_photos(record: AnyRecord, photos: Mapping[Sha256, Path]) -> None:
    """The copies for print are the ones the record names, byte for byte."""
    for link in record.photos:
        path = photos.get(link.photo.printed)
        try:
            data = path.read_bytes() if path else None
        except OSError:
            data = None
        if data is None:
            raise Problem("photo-missing", item=link.item)
        if hashlib.sha256(data).hexdigest() != link.photo.printed:
            raise Problem("photo-changed", item=link.item)


def _read_files(record: AnyRecord, paths: Mapping[Sha256, Path]) -> tuple[Attachment, ...]:
    """The kept files that answers name, byte for byte those that the record names."""
    found: list[Attachment] = []
    room = LARGEST_FILES
    for file in record.files:
        path = paths.get(file.sha256)
        try:
            data = path.read_bytes() if path else None
        except OSError:
            data = None
        if data is None:
            raise Problem("missing-file", path=file.name)
        if hashlib.sha256(data).hexdigest() != file.sha256:
            raise Problem("damaged-file", path=file.name)
        room -= len(data)
        if room < 0 or len(found) >= MOST_FILES:
            raise Problem("answer-files", megabytes=LARGEST_FILES // 1_000_000, count=MOST_FILES)
        found.append(Attachment(file.sha256, file.name, data))
    return tuple(found)


def warm_up() -> None:
    """Loads the slow libraries; for a background thread after the start, so that finalising is quick."""
    fonts.prepare_reportlab()
    import pikepdf
    import pyhanko.sign.signers.pdf_signer
    import reportlab.pdfgen.canvas
    import segno

    del pikepdf, pyhanko, reportlab, segno
