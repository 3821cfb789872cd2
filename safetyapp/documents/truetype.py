"""Reads just enough of a TrueType file to measure characters and to cut a subset of its glyphs.

The file stays on the disk and is mapped, not read: a Chinese face has 30,000 glyphs and a document uses a few hundred.
reportlab reads each of our faces whole, which takes 0.1 s and 27 MB apiece.
"""

from __future__ import annotations

import mmap
import struct
from bisect import bisect_right
from collections.abc import Sequence
from pathlib import Path

_COPIED = ("cvt ", "fpgm", "prep")
_ARGS_ARE_WORDS, _HAS_SCALE, _MORE, _HAS_XY_SCALE, _HAS_MATRIX = 0x0001, 0x0008, 0x0020, 0x0040, 0x0080


class TrueType:
    """A mapped font file, or one face of a collection. Raises ValueError for a file it cannot use: broken, PostScript
    outlines, variable. Safe to read from several threads."""

    def __init__(self, path: Path, index: int = 0) -> None:
        with path.open("rb") as file:
            self._data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        try:
            self._read(index)
        except (struct.error, IndexError, OverflowError) as error:
            raise ValueError("broken") from error

    def _read(self, index: int) -> None:
        start = face_starts(self._data)[index]
        self._tables = read_directory(self._data, start)
        if self._data[start : start + 4] == b"OTTO" or "glyf" not in self._tables:
            raise ValueError("not TrueType outlines")
        if "fvar" in self._tables:
            raise ValueError("variable")
        head, hhea = self._table("head"), self._table("hhea")
        self.units: int = struct.unpack_from(">H", head, 18)[0]
        self.box: tuple[int, int, int, int] = struct.unpack_from(">4h", head, 36)
        self._long_offsets = struct.unpack_from(">h", head, 50)[0] == 1
        # the typographic ones: the other pair of Chinese faces leaves room for stacked accents
        self.ascent, self.descent = struct.unpack_from(">2h", self._table("OS/2"), 68)
        self._metrics: int = struct.unpack_from(">H", hhea, 34)[0]
        self._glyph_count: int = struct.unpack_from(">H", self._table("maxp"), 4)[0]
        self.cap_height = self._cap_height()
        self.weight: int = struct.unpack_from(">H", self._table("OS/2"), 4)[0]
        self._starts, self._ends, self._first_glyphs = self._characters()

    @property
    def postscript_name(self) -> str:
        """The name by which documents call the face; empty when it has none in ASCII."""
        if "name" not in self._tables:
            return ""
        at = self._tables["name"][0]
        _, count, texts = struct.unpack_from(">3H", self._data, at)
        for place in range(count):
            platform, _, _, kind, length, offset = struct.unpack_from(">6H", self._data, at + 6 + 12 * place)
            if kind == 6 and platform in (1, 3):
                name = self._data[at + texts + offset : at + texts + offset + length].replace(b"\0", b"")
                return "".join(chr(c) for c in name if chr(c).isascii() and (chr(c).isalnum() or c == 0x2D))
        return ""

    def glyph(self, code: int) -> int:
        """The glyph of a character, 0 when there is none."""
        place = bisect_right(self._starts, code) - 1
        if place < 0 or code > self._ends[place]:
            return 0
        return self._first_glyphs[place] + code - self._starts[place]

    def advance(self, glyph: int) -> int:
        """The width of a glyph in font units."""
        start, _ = self._tables["hmtx"]
        width: int = struct.unpack_from(">H", self._data, start + 4 * min(glyph, self._metrics - 1))[0]
        return width

    def height(self, glyph: int) -> tuple[int, int]:
        """Where a glyph's ink begins and ends above the baseline, in font units; nothing for a blank."""
        outline = self._find_outline(glyph)
        if not outline:
            return 0, 0
        low, _, high = struct.unpack_from(">3h", outline, 4)
        return low, high

    def subset(self, glyphs: Sequence[int]) -> bytes:
        """A font file of .notdef and these glyphs in this order, with what composite glyphs are made of behind them."""
        order = [0, *glyphs]
        places: dict[int, int] = {}
        for place, glyph in enumerate(order):
            places.setdefault(glyph, place)
        outlines: list[bytes] = []
        at = 0
        while at < len(order):  # grows while composites are met
            outlines.append(self._outline(order[at], order, places))
            at += 1
        return _assemble(self._subset_tables(order, outlines))

    def _subset_tables(self, order: Sequence[int], outlines: Sequence[bytes]) -> dict[str, bytes]:
        offsets, at = [0], 0
        for outline in outlines:
            at += len(outline)
            offsets.append(at)
        count = len(order)
        head = bytearray(self._table("head"))
        struct.pack_into(">I", head, 8, 0)
        struct.pack_into(">h", head, 50, 1)
        hhea = bytearray(self._table("hhea"))
        struct.pack_into(">H", hhea, 34, count)
        maxp = bytearray(self._table("maxp"))
        struct.pack_into(">H", maxp, 4, count)
        tables = {
            "head": bytes(head),
            "hhea": bytes(hhea),
            "maxp": bytes(maxp),
            "hmtx": b"".join(self._metric(glyph) for glyph in order),
            "loca": struct.pack(f">{count + 1}I", *offsets),
            "glyf": b"".join(outlines),
        }
        tables.update({tag: bytes(self._table(tag)) for tag in _COPIED if tag in self._tables})
        return tables

    def _metric(self, glyph: int) -> bytes:
        start, _ = self._tables["hmtx"]
        if glyph < self._metrics:
            return self._data[start + 4 * glyph : start + 4 * glyph + 4]
        bearing = start + 4 * self._metrics + 2 * (glyph - self._metrics)
        return struct.pack(">H", self.advance(glyph)) + self._data[bearing : bearing + 2]

    def _outline(self, glyph: int, order: list[int], places: dict[int, int]) -> bytes:
        """A glyph's outline, padded to four bytes; the parts of a composite are renumbered and added to the order."""
        outline = bytearray(self._find_outline(glyph))
        if not outline:
            return b""
        if struct.unpack_from(">h", outline, 0)[0] < 0:
            at, flags = 10, _MORE
            while flags & _MORE:
                flags, part = struct.unpack_from(">2H", outline, at)
                if part not in places:
                    places[part] = len(order)
                    order.append(part)
                struct.pack_into(">H", outline, at + 2, places[part])
                at += 8 if flags & _ARGS_ARE_WORDS else 6
                at += 2 if flags & _HAS_SCALE else 4 if flags & _HAS_XY_SCALE else 8 if flags & _HAS_MATRIX else 0
        return bytes(outline).ljust(-(-len(outline) // 4) * 4, b"\0")

    def _find_outline(self, glyph: int) -> bytes:
        loca, glyf = self._tables["loca"][0], self._tables["glyf"][0]
        if self._long_offsets:
            begin, end = struct.unpack_from(">2I", self._data, loca + 4 * glyph)
        else:
            begin, end = (2 * offset for offset in struct.unpack_from(">2H", self._data, loca + 2 * glyph))
        return bytes(self._data[glyf + begin : glyf + end])

    def _table(self, tag: str) -> bytes:
        if tag not in self._tables:
            raise ValueError(f"no table {tag}")
        offset, length = self._tables[tag]
        return self._data[offset : offset + length]

    def _cap_height(self) -> int:
        table = self._table("OS/2")
        height: int = struct.unpack_from(">h", table, 88)[0] if len(table) >= 90 else self.ascent
        return height

    def _characters(self) -> tuple[list[int], list[int], list[int]]:
        """The character map as runs: first character, last character, glyph of the first. A map of all characters is
        preferred to one of the basic plane, which is what older Chinese faces have."""
        start, _ = self._tables["cmap"]
        count = struct.unpack_from(">H", self._data, start + 2)[0]
        found: dict[int, int] = {}
        for place in range(count):
            platform, encoding, offset = struct.unpack_from(">HHI", self._data, start + 4 + 8 * place)
            if (platform, encoding) in ((3, 10), (0, 4), (0, 6), (3, 1), (0, 3), (0, 2), (0, 1), (0, 0)):
                found.setdefault(struct.unpack_from(">H", self._data, start + offset)[0], start + offset)
        if 12 in found:
            groups = struct.unpack_from(">I", self._data, found[12] + 12)[0]
            numbers = struct.unpack_from(f">{3 * groups}I", self._data, found[12] + 16)
            return list(numbers[::3]), list(numbers[1::3]), list(numbers[2::3])
        if 4 in found:
            return self._basic_plane(found[4])
        raise ValueError("no Unicode character map")

    def _basic_plane(self, at: int) -> tuple[list[int], list[int], list[int]]:
        """A map of format 4 as runs."""
        count = struct.unpack_from(">H", self._data, at + 6)[0] // 2
        ends, starts, deltas, ranges = (
            struct.unpack_from(f">{count}H", self._data, at + 14 + 2 * count * part + (2 if part else 0))
            for part in range(4)
        )
        pairs: list[tuple[int, int]] = []
        for place, (first, last, delta, skip) in enumerate(zip(starts, ends, deltas, ranges, strict=True)):
            glyphs_at = at + 16 + 6 * count + 2 * place + skip
            for code in range(first, min(last, 0xFFFE) + 1):
                glyph = code
                if skip:
                    glyph = struct.unpack_from(">H", self._data, glyphs_at + 2 * (code - first))[0]
                    if not glyph:
                        continue
                pairs.append((code, (glyph + delta) & 0xFFFF))
        return _runs([pair for pair in pairs if pair[1]])


def _runs(pairs: Sequence[tuple[int, int]]) -> tuple[list[int], list[int], list[int]]:
    """Characters and their glyphs as runs in which both rise by one."""
    starts: list[int] = []
    ends: list[int] = []
    glyphs: list[int] = []
    for code, glyph in pairs:
        if starts and code == ends[-1] + 1 and glyph == glyphs[-1] + code - starts[-1]:
            ends[-1] = code
        else:
            starts.append(code)
            ends.append(code)
            glyphs.append(glyph)
    return starts, ends, glyphs


def face_starts(data: mmap.mmap | bytes) -> list[int]:
    """Where the faces of a file begin: one, or those of a collection."""
    if data[:4] != b"ttcf":
        return [0]
    count = struct.unpack_from(">I", data, 8)[0]
    return list(struct.unpack_from(f">{min(count, 64)}I", data, 12))


def read_directory(data: mmap.mmap | bytes, start: int) -> dict[str, tuple[int, int]]:
    """Offset and length of every table of a face. Raises ValueError for what is no OpenType font."""
    version, count = struct.unpack_from(">IH", data, start)
    if version not in (0x00010000, 0x74727565, 0x4F54544F):
        raise ValueError("no font")
    tables: dict[str, tuple[int, int]] = {}
    for place in range(count):
        tag, _, offset, length = struct.unpack_from(">4sIII", data, start + 12 + 16 * place)
        tables[tag.decode("latin-1")] = (offset, length)
    return tables


def _assemble(tables: dict[str, bytes]) -> bytes:
    """Tables as a font file, with their checksums."""
    count = len(tables)
    power = 1 << (count.bit_length() - 1)
    head = struct.pack(">IHHHH", 0x00010000, count, power * 16, power.bit_length() - 1, (count - power) * 16)
    entries, bodies = [], []
    at = 12 + 16 * count
    for tag in sorted(tables):
        body = tables[tag]
        padded = body.ljust(-(-len(body) // 4) * 4, b"\0")
        entries.append(struct.pack(">4sIII", tag.encode("latin-1"), _checksum(padded), at, len(body)))
        bodies.append(padded)
        at += len(padded)
    font = bytearray(b"".join([head, *entries, *bodies]))
    place = font.index(tables["head"], 12 + 16 * count)
    struct.pack_into(">I", font, place + 8, (0xB1B0AFBA - _checksum(bytes(font))) & 0xFFFFFFFF)
    return bytes(font)


def _checksum(padded: bytes) -> int:
    words: tuple[int, ...] = struct.unpack(f">{len(padded) // 4}I", padded)
    return sum(words) & 0xFFFFFFFF
