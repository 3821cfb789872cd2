"""The signed revision of a file: which bytes a signature covers, found before anything in the file is parsed."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from itertools import islice

from safetyapp.documents.cms import digest_name
from safetyapp.domain.verdict import VerdictKind

_BYTE_RANGE = re.compile(rb"/ByteRange\s*\[\s*(\d{1,10})\s+(\d{1,10})\s+(\d{1,10})\s+(\d{1,10})\s*\]")
_LARGEST_CONTAINER = 1 << 17
_HEX = re.compile(rb"[0-9A-F]*")
"""Capitals only: a flipped bit turns A into a, which reads the same and is another file."""


class NotGenuine(Exception):
    """The verdict that ends the examination."""

    def __init__(self, kind: VerdictKind, why: str, **facts: str) -> None:
        super().__init__(why)
        self.kind = kind
        self.why = why
        self.facts = tuple(sorted(facts.items()))


@dataclass(frozen=True, slots=True)
class Range:
    """The signed part of a file: everything before `start`, and from `end` to `covered`; between them stands the
    container. Behind `covered` follows what was added later."""

    start: int
    end: int
    covered: int
    container: bytes


def find_signature(data: bytes) -> Range:
    """The one signature of the file. Raises NotGenuine; where something follows behind a first signature, that is
    returned, however many come after it."""
    if not data:
        raise NotGenuine(VerdictKind.UNREADABLE, "empty-file")
    if not data.startswith(b"%PDF-"):
        raise NotGenuine(VerdictKind.UNREADABLE, "not-a-pdf")
    ranges = [tuple(int(n) for n in m.groups()) for m in islice(_BYTE_RANGE.finditer(data), 2)]
    if not ranges:
        if b"%%EOF" not in data[-1024:]:
            raise NotGenuine(VerdictKind.UNREADABLE, "truncated")
        raise NotGenuine(VerdictKind.UNSIGNED, "unsigned")
    first, length, second, rest = ranges[0]
    covered = second + rest
    if covered > len(data):
        raise NotGenuine(VerdictKind.UNREADABLE, "truncated")
    if len(ranges) > 1 and covered == len(data):
        raise NotGenuine(VerdictKind.ALTERED, "several-signatures")
    gap = data[length:second]
    if first != 0 or not 2 < len(gap) <= _LARGEST_CONTAINER or gap[:1] != b"<" or gap[-1:] != b">":
        raise NotGenuine(VerdictKind.ALTERED, "signature-broken")
    digits = gap[1:-1]
    if len(digits) % 2 or not _HEX.fullmatch(digits):
        raise NotGenuine(VerdictKind.ALTERED, "signature-broken")
    return Range(length, second, covered, bytes.fromhex(digits.decode("ascii")))


def digest_of_range(data: bytes, signed: Range) -> bytes:
    """The digest that the container must sign."""
    digest = hashlib.new(digest_name(signed.container))
    view = memoryview(data)
    digest.update(view[: signed.start])
    digest.update(view[signed.end : signed.covered])
    return digest.digest()
