"""Reads a signed file whose signature was found good: record and time, and if its structure is the one we write."""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from io import BytesIO
from typing import Any

from safetyapp.documents.archive import LARGEST_RECORD, NoRecord, NotNamed, check_files, find_record
from safetyapp.documents.revision import NotGenuine, Range
from safetyapp.domain.any_record import FORMATS, RECORDS, AnyRecord
from safetyapp.domain.canonical import canonical_json
from safetyapp.domain.document import DocumentKind
from safetyapp.domain.record import Record
from safetyapp.domain.response import Response
from safetyapp.domain.verdict import VerdictKind

_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Inside:
    """What the signed file says, read after the signature was found good."""

    record_json: bytes
    record: AnyRecord
    signed_at: datetime


_TIME = re.compile(rb"D:(\d{14})(Z|[+-]\d\d'\d\d'?)")


def _instant(digits: bytes, offset: bytes) -> datetime:
    zone = b"+0000" if offset == b"Z" else offset.replace(b"'", b"")
    return datetime.strptime((digits + zone).decode("ascii"), "%Y%m%d%H%M%S%z")


def read_inside(data: bytes, signed: Range) -> Inside:
    """The record and the time from the signed file, whose structure must be the one we write; beside the record stands
    what it names and nothing else."""
    import pikepdf

    with pikepdf.open(BytesIO(data), attempt_recovery=False, suppress_warnings=True) as pdf:
        signature = _signature_of(pdf)
        numbers = [int(n) for n in signature.ByteRange]
        if numbers != [0, signed.start, signed.end, len(data) - signed.end]:
            raise NotGenuine(VerdictKind.ALTERED, "signature-broken")
        if bytes(signature.Contents) != signed.container:
            raise NotGenuine(VerdictKind.ALTERED, "signature-broken")
        found = _TIME.fullmatch(bytes(signature.M))
        if found is None:
            raise NotGenuine(VerdictKind.ALTERED, "signature-broken")
        try:
            stream = find_record(pdf)
        except NoRecord as missing:
            kind = VerdictKind.ALTERED if missing.why == "record-twice" else VerdictKind.UNREADABLE
            raise NotGenuine(kind, missing.why) from None
        record_json = _bounded(stream)
        record = decode_record(record_json)
        try:
            check_files(pdf, _named_files(record))
        except NotNamed as other:
            raise NotGenuine(VerdictKind.ALTERED, other.why, name=other.name) from None
        return Inside(record_json, record, _instant(found.group(1), found.group(2)))


def _named_files(record: AnyRecord) -> dict[str, str]:
    """Name by SHA-256 of what must be attached. Raises NotGenuine where the record is at odds with itself: a report's
    files are those that its answers name."""
    given = {answer.value for answer in record.answers} if isinstance(record, Record) else None
    named = {str(file.sha256): file.name for file in record.files}
    for file in record.files:
        unnamed = given is not None and f"{file.sha256}/{file.name}" not in given
        if not _SHA256.fullmatch(file.sha256) or unnamed:
            raise NotGenuine(VerdictKind.UNREADABLE, "record-broken")
    if len(named) != len(record.files):
        raise NotGenuine(VerdictKind.UNREADABLE, "record-broken")
    return named


def _signature_of(pdf: Any) -> Any:
    """The only signature's dictionary: certifying, with no change allowed. Raises NotGenuine."""
    fields = list(pdf.Root.AcroForm.Fields)
    if len(fields) != 1 or str(fields[0].get("/FT", "")) != "/Sig":
        raise NotGenuine(VerdictKind.ALTERED, "several-signatures")
    signature = fields[0].V
    certified = pdf.Root.Perms.get("/DocMDP") if "/Perms" in pdf.Root else None
    if certified is None or signature.objgen == (0, 0) or certified.objgen != signature.objgen:
        raise NotGenuine(VerdictKind.ALTERED, "not-certified")
    references = list(signature.get("/Reference", []))
    if (
        len(references) != 1
        or str(references[0].TransformMethod) != "/DocMDP"
        or int(references[0].TransformParams.P) != 1
    ):
        raise NotGenuine(VerdictKind.ALTERED, "not-certified")
    return signature


def _bounded(stream: Any) -> bytes:
    """A stream's bytes, at most LARGEST_RECORD of them. Raises NotGenuine for a longer or oddly packed one."""
    raw = bytes(stream.read_raw_bytes())
    packing = stream.get("/Filter")
    names = [str(n) for n in packing] if packing is not None and not _is_name(packing) else [str(packing)]
    if packing is None:
        content = raw
    elif names == ["/FlateDecode"] and "/DecodeParms" not in stream:
        unpacking = zlib.decompressobj()
        content = unpacking.decompress(raw, LARGEST_RECORD + 1)
    else:
        raise NotGenuine(VerdictKind.UNREADABLE, "record-broken")
    if len(content) > LARGEST_RECORD:
        raise NotGenuine(VerdictKind.UNREADABLE, "record-broken")
    return content


def _is_name(value: Any) -> bool:
    import pikepdf

    return isinstance(value, pikepdf.Name)


def decode_record(data: bytes) -> AnyRecord:
    """The record of canonical bytes. Raises NotGenuine for a newer format or kind, or what is no record."""
    import msgspec

    try:
        plain = msgspec.json.decode(data)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        raise NotGenuine(VerdictKind.UNREADABLE, "record-broken") from None
    number = plain.get("format") if isinstance(plain, dict) else None
    if type(number) is not int or number < 1:
        raise NotGenuine(VerdictKind.UNREADABLE, "record-broken")
    try:
        kind = DocumentKind(plain.get("kind"))
    except ValueError:  # a kind that only a later program knows
        raise NotGenuine(VerdictKind.UNREADABLE, "record-newer", format=str(number)) from None
    if number > FORMATS[kind]:
        raise NotGenuine(VerdictKind.UNREADABLE, "record-newer", format=str(number))
    try:
        record = _READERS[kind, number](plain)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        raise NotGenuine(VerdictKind.UNREADABLE, "record-broken") from None
    if not all(_is_plain(n) for n in _numbers(record)):
        raise NotGenuine(VerdictKind.UNREADABLE, "record-broken")
    if canonical_json(record) != data:
        raise NotGenuine(VerdictKind.UNREADABLE, "record-broken")
    return record


def _as_today(kind: DocumentKind) -> Callable[[Mapping[str, Any]], AnyRecord]:
    """The reader of the format that is written today: the kind's own class."""

    def read(plain: Mapping[str, Any]) -> AnyRecord:
        import msgspec

        return msgspec.convert(plain, RECORDS[kind], strict=True)

    return read


_READERS: dict[tuple[DocumentKind, int], Callable[[Mapping[str, Any]], AnyRecord]] = {
    (kind, 1): _as_today(kind) for kind in RECORDS
}
"""A reader for every format number there ever was of every kind. A new number gets a new reader; the older one then
makes today's record out of what its own format says, and `canonical_json` is compared with what that format would
write."""


def _numbers(record: AnyRecord) -> list[Decimal]:
    """The decimals that a record holds."""
    if isinstance(record, Record):
        return [record.score.points, record.score.possible] if record.score is not None else []
    return [f.cost for f in record.findings if f.cost is not None] if isinstance(record, Response) else []


def _is_plain(number: Decimal) -> bool:
    """Whether a number may be written out: 1E+999999999 would take as many zeros."""
    return number.is_finite() and abs(number.adjusted()) < 30 and len(number.as_tuple().digits) < 60
