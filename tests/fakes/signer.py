"""A signer without cryptography: the record behind its own hash. What is changed is noticed, who signed is not."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path

import msgspec

from safetyapp.domain.any_record import RECORDS, AnyRecord
from safetyapp.domain.canonical import canonical_json
from safetyapp.domain.document import DocumentKind
from safetyapp.domain.form import Form
from safetyapp.domain.inspection import Sha256
from safetyapp.domain.problem import Problem
from safetyapp.domain.progress import Progress, Step
from safetyapp.domain.record import Author
from safetyapp.domain.school import Person
from safetyapp.domain.verdict import Verdict, VerdictKind

_HEAD = b"%FAKE-DOCUMENT\n"
FINGERPRINT = "f" * 64


def read_record(data: bytes) -> AnyRecord:
    """The record in a fake document."""
    plain = json.loads(data[len(_HEAD) + 65 :])
    return msgspec.convert(plain, RECORDS[DocumentKind(plain["kind"])])


class FakeSigner:
    def __init__(self, passphrase: str = "口令") -> None:
        self.passphrase = passphrase
        self.photos: dict[Sha256, bytes] = {}
        self.files: dict[Sha256, bytes] = {}
        """What the last seal was given."""

    def author(self, person: Person) -> Author:
        return Author(person.id, person.name, person.role, FINGERPRINT)

    def asks_pin(self) -> bool:
        return False

    def unprintable(self, record: AnyRecord, form: Form | None) -> tuple[str, ...]:
        """As if no font had pictures such as U+1F525."""
        text = canonical_json(record).decode()
        return tuple(sorted({c for c in text if "\U0001f300" <= c <= "\U0001faff"}))

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
        progress(Step.PAGES, 0, 1)
        self.photos = {copy: path.read_bytes() for copy, path in photos.items()}
        self.files = {address: path.read_bytes() for address, path in files.items()}
        progress(Step.DATA, 0, 1)
        body = canonical_json(record)
        progress(Step.SIGN, 0, 1)
        if passphrase != self.passphrase:
            raise Problem("wrong-passphrase")
        return _HEAD + hashlib.sha256(body).hexdigest().encode() + b"\n" + body

    def verify(self, data: bytes) -> Verdict:
        sha256 = hashlib.sha256(data).hexdigest()
        if not data.startswith(_HEAD):
            return Verdict(VerdictKind.UNREADABLE, "unreadable", sha256)
        body = data[len(_HEAD) + 65 :]
        if data[len(_HEAD) : len(_HEAD) + 64] != hashlib.sha256(body).hexdigest().encode():
            return Verdict(VerdictKind.ALTERED, "altered", sha256)
        record = read_record(data)
        return Verdict(
            VerdictKind.VALID,
            "valid",
            sha256,
            record=record,
            record_json=body,
            signer=record.author.name,
            certificate=FINGERPRINT,
            signed_at=record.made_at,
        )
