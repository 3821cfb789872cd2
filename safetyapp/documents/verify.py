"""Says whether a file is a genuine document. Never raises, asks no network, fails closed: what cannot be shown to be
whole and signed by someone the district names is not valid.

The order matters. Every byte of the file but the signature itself must be under the signature, and the signature must
hold and be made by a known person, before anything in the file is parsed. A stranger's file reaches no PDF reader here.
"""

from __future__ import annotations

import hashlib
import re
import zlib
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from io import BytesIO
from itertools import islice
from typing import Any

from cryptography import x509

from safetyapp.documents.archive import LARGEST_RECORD, NoRecord, NotNamed, check_files, find_record
from safetyapp.documents.authority import common_name, fingerprint, names_holder
from safetyapp.documents.cms import NotIntact, check_container, digest_name, find_authority, was_valid
from safetyapp.domain.canonical import canonical_json
from safetyapp.domain.document import DocumentKind
from safetyapp.domain.record import RECORD_FORMAT, Record
from safetyapp.domain.school import Role
from safetyapp.domain.verdict import Verdict, VerdictKind

_BYTE_RANGE = re.compile(rb"/ByteRange\s*\[\s*(\d{1,10})\s+(\d{1,10})\s+(\d{1,10})\s+(\d{1,10})\s*\]")
_LARGEST_CONTAINER = 1 << 17
_HEX = re.compile(rb"[0-9A-F]*")
"""Capitals only: a flipped bit turns A into a, which reads the same and is another file."""


_SHA256 = re.compile(r"[0-9a-f]{64}")

_MAY_SIGN = {DocumentKind.INSPECTION_REPORT: frozenset({Role.INSPECTOR, Role.OFFICE})}
"""Whose signature makes a document of a kind."""


class _NotGenuine(Exception):
    """The verdict that ends the examination."""

    def __init__(self, kind: VerdictKind, why: str, **facts: str) -> None:
        super().__init__(why)
        self.kind = kind
        self.why = why
        self.facts = tuple(sorted(facts.items()))


@dataclass(frozen=True, slots=True)
class _Range:
    """The signed part of a file: everything before `start` and from `end` on; between them stands the container."""

    start: int
    end: int
    container: bytes


@dataclass(frozen=True, slots=True)
class _Inside:
    """What the signed file says, read after the signature was found good."""

    record_json: bytes
    record: Record
    signed_at: datetime


def verify(data: bytes, trust: tuple[x509.Certificate, ...], revoked: Collection[str] = ()) -> Verdict:
    """One verdict on the file. `trust` are the district's authorities, `revoked` fingerprints of certificates."""
    verdict = Verdict(VerdictKind.UNREADABLE, "damaged", hashlib.sha256(data).hexdigest())
    try:
        return _examine(data, trust, revoked, verdict)
    except _NotGenuine as found:
        return replace(verdict, kind=found.kind, why=found.why, facts=found.facts)
    except NotIntact as found:
        return replace(verdict, kind=VerdictKind.ALTERED, why=found.why)
    except Exception:
        # whatever a hostile file makes a decoder do: not valid
        return replace(verdict, kind=VerdictKind.ALTERED if b"/ByteRange" in data else VerdictKind.UNREADABLE)


def _examine(data: bytes, trust: tuple[x509.Certificate, ...], revoked: Collection[str], verdict: Verdict) -> Verdict:
    signed_range = _find_signature(data)
    signed = check_container(signed_range.container, _digest(data, signed_range))
    signer = common_name(signed.certificate)
    mark = fingerprint(signed.certificate)
    known = replace(verdict, signer=signer, certificate=mark)

    authority = find_authority(signed.certificate, trust)
    if authority is None:
        return replace(known, kind=VerdictKind.UNKNOWN_SIGNER, why="unknown-signer", facts=(("signer", signer),))
    if signed.others != (authority,):
        raise _NotGenuine(VerdictKind.ALTERED, "signature-broken")  # what travels along is not under the signature
    if mark in revoked or fingerprint(authority) in revoked:
        return replace(known, kind=VerdictKind.REVOKED, why="revoked", facts=(("signer", signer),))

    inside = _read_inside(data, signed_range)
    if not was_valid(signed.certificate, inside.signed_at) or not was_valid(authority, inside.signed_at):
        return replace(known, kind=VerdictKind.UNKNOWN_SIGNER, why="expired-at-signing", facts=(("signer", signer),))
    record = inside.record
    if record.author.certificate != mark or not names_holder(record.author, signed.certificate):
        raise _NotGenuine(VerdictKind.ALTERED, "other-author", author=record.author.name, signer=signer)
    if record.author.role not in _MAY_SIGN[record.kind]:
        raise _NotGenuine(VerdictKind.ALTERED, "role-may-not-sign", signer=signer)
    if record.made_at.replace(microsecond=0) != inside.signed_at:
        raise _NotGenuine(VerdictKind.ALTERED, "other-time")
    return replace(
        known,
        kind=VerdictKind.VALID,
        why="valid",
        facts=(("signer", signer),),
        record=record,
        record_json=inside.record_json,
        signed_at=record.made_at,
    )


def record_of_anybody(data: bytes) -> bytes | None:
    """The record of an intact file whoever signed it, for people to look at, never to import; None when it is not
    intact. The signature is checked against the certificate that travels with it, not against any authority."""
    try:
        signed_range = _find_signature(data)
        check_container(signed_range.container, _digest(data, signed_range))
        inside = _read_inside(data, signed_range)
    except Exception:
        return None
    return inside.record_json


def _digest(data: bytes, signed_range: _Range) -> bytes:
    digest = hashlib.new(digest_name(signed_range.container))
    view = memoryview(data)
    digest.update(view[: signed_range.start])
    digest.update(view[signed_range.end :])
    return digest.digest()


def _find_signature(data: bytes) -> _Range:
    """The one signature that covers the whole file. Raises _NotGenuine."""
    if not data:
        raise _NotGenuine(VerdictKind.UNREADABLE, "empty-file")
    if not data.startswith(b"%PDF-"):
        raise _NotGenuine(VerdictKind.UNREADABLE, "not-a-pdf")
    ranges = [tuple(int(n) for n in m.groups()) for m in islice(_BYTE_RANGE.finditer(data), 2)]
    if not ranges:
        if b"%%EOF" not in data[-1024:]:
            raise _NotGenuine(VerdictKind.UNREADABLE, "truncated")
        raise _NotGenuine(VerdictKind.UNSIGNED, "unsigned")
    if len(ranges) > 1:
        raise _NotGenuine(VerdictKind.ALTERED, "several-signatures")
    first, length, second, rest = ranges[0]
    covered = second + rest
    if covered > len(data):
        raise _NotGenuine(VerdictKind.UNREADABLE, "truncated")
    if covered < len(data):
        raise _NotGenuine(VerdictKind.ALTERED, "appended", bytes=str(len(data) - covered))
    gap = data[length:second]
    if first != 0 or not 2 < len(gap) <= _LARGEST_CONTAINER or gap[:1] != b"<" or gap[-1:] != b">":
        raise _NotGenuine(VerdictKind.ALTERED, "signature-broken")
    digits = gap[1:-1]
    if len(digits) % 2 or not _HEX.fullmatch(digits):
        raise _NotGenuine(VerdictKind.ALTERED, "signature-broken")
    return _Range(length, second, bytes.fromhex(digits.decode("ascii")))


_TIME = re.compile(rb"D:(\d{14})(Z|[+-]\d\d'\d\d'?)")


def _instant(digits: bytes, offset: bytes) -> datetime:
    zone = b"+0000" if offset == b"Z" else offset.replace(b"'", b"")
    return datetime.strptime((digits + zone).decode("ascii"), "%Y%m%d%H%M%S%z")


def _read_inside(data: bytes, signed: _Range) -> _Inside:
    """The record and the time from the signed file, whose structure must be the one we write; beside the record stands
    what it names and nothing else."""
    import pikepdf

    with pikepdf.open(BytesIO(data), attempt_recovery=False, suppress_warnings=True) as pdf:
        signature = _signature_of(pdf)
        numbers = [int(n) for n in signature.ByteRange]
        if numbers != [0, signed.start, signed.end, len(data) - signed.end]:
            raise _NotGenuine(VerdictKind.ALTERED, "signature-broken")
        if bytes(signature.Contents) != signed.container:
            raise _NotGenuine(VerdictKind.ALTERED, "signature-broken")
        found = _TIME.fullmatch(bytes(signature.M))
        if found is None:
            raise _NotGenuine(VerdictKind.ALTERED, "signature-broken")
        try:
            stream = find_record(pdf)
        except NoRecord as missing:
            kind = VerdictKind.ALTERED if missing.why == "record-twice" else VerdictKind.UNREADABLE
            raise _NotGenuine(kind, missing.why) from None
        record_json = _bounded(stream)
        record = decode_record(record_json)
        try:
            check_files(pdf, _named_files(record))
        except NotNamed as other:
            raise _NotGenuine(VerdictKind.ALTERED, other.why, name=other.name) from None
        return _Inside(record_json, record, _instant(found.group(1), found.group(2)))


def _named_files(record: Record) -> dict[str, str]:
    """Name by SHA-256 of what must be attached. Raises _NotGenuine where the record is at odds with itself."""
    given = {answer.value for answer in record.answers}
    named = {str(file.sha256): file.name for file in record.files}
    for file in record.files:
        if not _SHA256.fullmatch(file.sha256) or f"{file.sha256}/{file.name}" not in given:
            raise _NotGenuine(VerdictKind.UNREADABLE, "record-broken")
    if len(named) != len(record.files):
        raise _NotGenuine(VerdictKind.UNREADABLE, "record-broken")
    return named


def _signature_of(pdf: Any) -> Any:
    """The only signature's dictionary: certifying, with no change allowed. Raises _NotGenuine."""
    fields = list(pdf.Root.AcroForm.Fields)
    if len(fields) != 1 or str(fields[0].get("/FT", "")) != "/Sig":
        raise _NotGenuine(VerdictKind.ALTERED, "several-signatures")
    signature = fields[0].V
    certified = pdf.Root.Perms.DocMDP
    if signature.objgen == (0, 0) or certified.objgen != signature.objgen:
        raise _NotGenuine(VerdictKind.ALTERED, "not-certified")
    references = list(signature.Reference)
    if (
        len(references) != 1
        or str(references[0].TransformMethod) != "/DocMDP"
        or int(references[0].TransformParams.P) != 1
    ):
        raise _NotGenuine(VerdictKind.ALTERED, "not-certified")
    return signature


def _bounded(stream: Any) -> bytes:
    """A stream's bytes, at most LARGEST_RECORD of them. Raises _NotGenuine for a longer or oddly packed one."""
    raw = bytes(stream.read_raw_bytes())
    packing = stream.get("/Filter")
    names = [str(n) for n in packing] if packing is not None and not _is_name(packing) else [str(packing)]
    if packing is None:
        content = raw
    elif names == ["/FlateDecode"] and "/DecodeParms" not in stream:
        unpacking = zlib.decompressobj()
        content = unpacking.decompress(raw, LARGEST_RECORD + 1)
    else:
        raise _NotGenuine(VerdictKind.UNREADABLE, "record-broken")
    if len(content) > LARGEST_RECORD:
        raise _NotGenuine(VerdictKind.UNREADABLE, "record-broken")
    return content


def _is_name(value: Any) -> bool:
    import pikepdf

    return isinstance(value, pikepdf.Name)


def decode_record(data: bytes) -> Record:
    """The record of canonical bytes. Raises _NotGenuine for a newer format, or what is no record."""
    import msgspec

    try:
        plain = msgspec.json.decode(data)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        raise _NotGenuine(VerdictKind.UNREADABLE, "record-broken") from None
    number = plain.get("format") if isinstance(plain, dict) else None
    if isinstance(number, int) and number > RECORD_FORMAT:
        raise _NotGenuine(VerdictKind.UNREADABLE, "record-newer", format=str(number))
    try:
        record = msgspec.convert(plain, Record, strict=True)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        raise _NotGenuine(VerdictKind.UNREADABLE, "record-broken") from None
    if record.score is not None and not all(_is_plain(n) for n in (record.score.points, record.score.possible)):
        raise _NotGenuine(VerdictKind.UNREADABLE, "record-broken")
    if canonical_json(record) != data:
        raise _NotGenuine(VerdictKind.UNREADABLE, "record-broken")
    return record


def _is_plain(number: Decimal) -> bool:
    """Whether a number may be written out: 1E+999999999 would take as many zeros."""
    return number.is_finite() and abs(number.adjusted()) < 30 and len(number.as_tuple().digits) < 60
