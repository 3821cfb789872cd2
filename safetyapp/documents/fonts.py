"""The fonts of paper: which face a role takes, what stands in for a missing character, and how a face gets into a PDF.

A face is written as one composite font (two-byte codes, glyph map, ToUnicode in UTF-16BE): reportlab's own subsets of
256 lose every character outside the basic plane when text is copied out, and rare characters of names live there.
"""

from __future__ import annotations

import hashlib
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

from safetyapp.documents.truetype import TrueType
from safetyapp.texts import resources

_SYMBOLIC = 4

GETA = "〓"
"""Drawn for a character that no face has."""


class FontRole(StrEnum):
    """What a run of text is, not how it looks. 仿宋 has no free simplified face: 宋 stands for it."""

    SONG = "song"
    HEI = "hei"
    SANS = "sans"
    FANG = "fang"
    KAI = "kai"
    TITLE = "title"


_SERIF, _WENKAI = "NotoSerifSC-Regular", "LXGWWenKai-Regular"
_SANS, _SEMIBOLD, _TITLE = "NotoSansSC-Regular", "NotoSansSC-SemiBold", "NotoSerifSC-Bold-GB2312"

_CHAINS: dict[FontRole, tuple[str, ...]] = {
    FontRole.SONG: (_SERIF, _SANS, _WENKAI),
    FontRole.FANG: (_SERIF, _SANS, _WENKAI),
    FontRole.KAI: (_WENKAI, _SERIF, _SANS),
    FontRole.HEI: (_SEMIBOLD, _SERIF, _SANS, _WENKAI),
    FontRole.SANS: (_SANS, _SERIF, _WENKAI),
    FontRole.TITLE: (_TITLE, _SERIF, _SANS, _WENKAI),
}

BASE_FONT = "safetyapp-none"
"""What a canvas begins with: a font that is never written, so that no unembedded Helvetica is dragged in."""


@dataclass(frozen=True, slots=True)
class Glyph:
    """How a character is drawn: the face, the width in ems, and the character itself or the mark that stands for it."""

    face: str
    width: float
    character: str


@cache
def _face(name: str) -> TrueType:
    return TrueType(font_path(name))


def font_path(name: str) -> Path:
    """Where a face lies."""
    return resources() / "fonts" / f"{name}.ttf"


class _Glyphs(dict[str, Glyph]):
    """The glyphs of one role, found when first asked for. Two threads that look up the same character both get it."""

    def __init__(self, role: FontRole) -> None:
        super().__init__()
        self._chain = _CHAINS[role]

    def __missing__(self, character: str) -> Glyph:
        glyph = self._find(character) or self._find(GETA)
        if glyph is None:
            raise LookupError("no face has the geta mark")
        self[character] = glyph
        return glyph

    def _find(self, character: str) -> Glyph | None:
        code = ord(character)
        for name in self._chain:
            face = _face(name)
            if glyph := face.glyph(code):
                return Glyph(name, face.advance(glyph) / face.units, character)
        return None


@cache
def glyphs(role: FontRole) -> dict[str, Glyph]:
    """The glyph of every character in this role: role face, Noto Serif, Noto Sans, WenKai, else 〓."""
    return _Glyphs(role)


def missing(text: str) -> set[str]:
    """The characters that no face has."""
    known = glyphs(FontRole.SONG)
    return {c for c in text if c != GETA and known[c].character != c}


def printable(text: str) -> str:
    """The text without what paper has no sign for: controls, joiners, variation selectors; a tab is a space.

    Line ends stay. Composed where Unicode has the composed character, since faces are not shaped.
    """
    if text.isprintable() and text.isascii():
        return text
    composed = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    spaced = composed.translate({0x09: " ", 0x0B: "\n", 0x0C: "\n", 0x85: "\n", 0x2028: "\n", 0x2029: "\n"})
    return "".join(c for c in spaced if c == "\n" or not _is_invisible(c))


def _is_invisible(character: str) -> bool:
    if unicodedata.category(character) in ("Cc", "Cf", "Cs"):
        return True
    return "\ufe00" <= character <= "\ufe0f" or "\U000e0100" <= character <= "\U000e01ef"


class Embedding:
    """One face inside one document: gives characters their codes while text is drawn, writes the font at the end."""

    def __init__(self, name: str, internal_name: str) -> None:
        self.name = name
        self.internal_name = internal_name
        self._codes: dict[str, int] = {}

    def encode(self, text: str) -> str:
        """The text as the hexadecimal string of a content stream."""
        codes = self._codes
        return "".join(["%04X" % (codes.get(c) or codes.setdefault(c, len(codes) + 1)) for c in text])

    def addObjects(self, doc: Any) -> None:
        """Writes font, widths, glyph map and character map into a reportlab document."""
        from reportlab.pdfbase.pdfdoc import PDFArray, PDFDictionary, PDFName, PDFStream, PDFString, PDFZCompress

        face = _face(self.name)
        characters = [ord(c) for c in self._codes]
        used = [face.glyph(code) for code in characters]
        base = f"{_tag(self._codes)}+{self.name}"

        def thousandths(number: int) -> int:
            return round(number * 1000 / face.units)

        def stream(content: bytes, **entries: int) -> Any:
            return doc.Reference(PDFStream(dictionary=PDFDictionary(entries), content=content, filters=[PDFZCompress]))

        program = face.subset(used)
        descriptor = PDFDictionary(
            {
                "Type": PDFName("FontDescriptor"),
                "FontName": PDFName(base),
                "Flags": _SYMBOLIC,
                "FontBBox": PDFArray([thousandths(number) for number in face.box]),
                "ItalicAngle": 0,
                "Ascent": thousandths(face.ascent),
                "Descent": thousandths(face.descent),
                "CapHeight": thousandths(face.cap_height),
                "StemV": 50 + int((face.weight / 65) ** 2),
                "FontFile2": stream(program, Length1=len(program)),
            }
        )
        descendant = PDFDictionary(
            {
                "Type": PDFName("Font"),
                "Subtype": PDFName("CIDFontType2"),
                "BaseFont": PDFName(base),
                "CIDSystemInfo": PDFDictionary(
                    {"Registry": PDFString("Adobe"), "Ordering": PDFString("Identity"), "Supplement": 0}
                ),
                "FontDescriptor": doc.Reference(descriptor),
                "DW": 1000,
                "W": PDFArray([1, PDFArray([thousandths(face.advance(glyph)) for glyph in used])]),
                "CIDToGIDMap": PDFName("Identity"),
            }
        )
        font = PDFDictionary(
            {
                "Type": PDFName("Font"),
                "Subtype": PDFName("Type0"),
                "BaseFont": PDFName(base),
                "Encoding": PDFName("Identity-H"),
                "DescendantFonts": PDFArray([doc.Reference(descendant)]),
                "ToUnicode": stream(_to_unicode(characters)),
            }
        )
        doc.idToObject["BasicFonts"].dict[self.internal_name] = doc.Reference(font)


def _tag(characters: dict[str, int]) -> str:
    """Six letters that say which subset this is."""
    number = int.from_bytes(hashlib.sha256("".join(characters).encode("utf-8", "surrogatepass")).digest()[:4])
    return "".join(chr(65 + number // 26**place % 26) for place in range(6))


def _to_unicode(characters: list[int]) -> bytes:
    """What each code means when text is copied or searched. Blocks hold at most 100 entries."""
    entries = [f"<{code:04X}> <{chr(c).encode('utf-16-be').hex().upper()}>" for code, c in enumerate(characters, 1)]
    blocks = [entries[at : at + 100] for at in range(0, len(entries), 100)]
    lines = [
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap",
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def",
        "/CMapName /Adobe-Identity-UCS def /CMapType 2 def",
        "1 begincodespacerange <0000> <FFFF> endcodespacerange",
    ]
    for block in blocks:
        lines += [f"{len(block)} beginbfchar", *block, "endbfchar"]
    lines.append("endcmap CMapName currentdict /CMap defineresource pop end end")
    return "\n".join(lines).encode()


class _NoFace:
    name = BASE_FONT


class _NoFont:
    """What reportlab wants to know of a font before anything is drawn with it."""

    fontName = BASE_FONT
    face = _NoFace
    _dynamicFont = 1
    _multiByte = 0


@cache
def prepare_reportlab() -> None:
    """Registers the font a canvas begins with, and turns off a packing that takes 90 times as long."""
    from reportlab import rl_config
    from reportlab.pdfbase import pdfmetrics

    rl_config.useA85 = 0
    pdfmetrics.registerFont(_NoFont)
