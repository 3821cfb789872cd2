"""The Signer of the workflow: pages, attached record and signature out of one record; and a verdict on any file."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

from cryptography import x509

from safetyapp.documents import authority, fonts, wording
from safetyapp.documents.archive import LARGEST_FILES, MOST_FILES, Attachment, Describing, make_archive
from safetyapp.documents.cms import find_authority
from safetyapp.documents.pages_inspection import Material, document_title, lay_out
from safetyapp.documents.sign import prepare
from safetyapp.documents.verify import verify
from safetyapp.domain.canonical import canonical_json
from safetyapp.domain.form import Form
from safetyapp.domain.inspection import Sha256
from safetyapp.domain.problem import Problem
from safetyapp.domain.progress import Progress, Step
from safetyapp.domain.record import Author, Record
from safetyapp.domain.school import Person
from safetyapp.domain.verdict import Verdict

log = logging.getLogger(__name__)


class DocumentSigner:
    """Signs with the person's key in `keys`, believes the authorities in `trust`, refuses what `revoked()` names."""

    def __init__(self, keys: Path, trust: Path, revoked: Callable[[], frozenset[str]] = frozenset) -> None:
        self._keys = keys
        self._trust = trust
        self._revoked = revoked

    def author(self, person: Person) -> Author:
        """The person with the fingerprint of the certificate that will sign. Raises Problem no-key, other-person."""
        certificate = authority.own_certificate(self._keys / authority.PERSON_CERTIFICATE)
        author = Author(person.id, person.name, person.role, authority.fingerprint(certificate))
        if not authority.names_holder(author, certificate):
            raise Problem("other-person", holder=authority.common_name(certificate), person=person.name)
        return author

    def seal(
        self,
        record: Record,
        form: Form,
        photos: Mapping[Sha256, Path],
        inks: Mapping[Sha256, bytes],
        files: Mapping[Sha256, Path],
        passphrase: str,
        progress: Progress,
    ) -> bytes:
        """The signed file. Raises Problem no-key, wrong-passphrase, certificate-expired, photo-missing, photo-changed,
        ink-broken, missing-file, damaged-file, answer-files (too much of them), and what `progress` raises; then
        nothing was made."""
        certificate = authority.own_certificate(self._keys / authority.PERSON_CERTIFICATE)
        if authority.fingerprint(certificate) != record.author.certificate:
            raise Problem("no-key", path=authority.PERSON_CERTIFICATE)
        if not certificate.not_valid_before_utc <= record.made_at <= certificate.not_valid_after_utc:
            raise Problem("certificate-expired", name=record.author.name, on=certificate.not_valid_after_utc.date())
        with ThreadPoolExecutor(1, "open-key") as beside:
            # opening the key is slow on purpose (scrypt); the pages are set meanwhile on the other core
            key = beside.submit(authority.open_key, self._keys / authority.PERSON_KEY, passphrase)
            archive = _make_archive(Material(record, form, photos, inks, "", files), key, progress)
            progress(Step.SIGN, 0, 1)
            prepared = prepare(archive, certificate, self._issuers(certificate), record.made_at)
            signed = prepared.sign(key.result())
        progress(Step.SIGN, 1, 1)
        return signed

    def verify(self, data: bytes) -> Verdict:
        """One verdict; never raises."""
        return verify(data, authority.read_trust(self._trust), self._revoked())

    def _issuers(self, certificate: x509.Certificate) -> tuple[x509.Certificate, ...]:
        issuer = find_authority(certificate, authority.read_trust(self._trust))
        return (issuer,) if issuer else ()


def _make_archive(material: Material, key: Future[Any], progress: Progress) -> bytes:
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
        title=f"{document_title(record, material.form)} {wording.number(record)}",
        author=record.author.name,
        subject=record.school.name,
        made_at=record.made_at,
    )
    archive = make_archive(pages, record_json, about, files)
    progress(Step.DATA, 1, 1)
    return archive


def _check_photos(record: Record, photos: Mapping[Sha256, Path]) -> None:
    """The copies for print are the ones the record names, byte for byte."""
    for link in record.photos:
        path = photos.get(link.photo.original)
        try:
            data = path.read_bytes() if path else None
        except OSError:
            data = None
        if data is None:
            raise Problem("photo-missing", item=link.item)
        if hashlib.sha256(data).hexdigest() != link.photo.printed:
            raise Problem("photo-changed", item=link.item)


def _read_files(record: Record, paths: Mapping[Sha256, Path]) -> tuple[Attachment, ...]:
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
