"""The fonts of paper: which face a role takes, what stands in for a missing character, and how a face gets into a PDF.

A face is written as one composite font (two-byte codes, glyph map, ToUnicode in UTF-16BE): reportlab's own subsets of
256 lose every character outside the basic plane when text is copied out, and rare characters of names live there.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

from safetyapp.documents.fonts_installed import Installed, Refusal, find_installed, font_folders, opens
from safetyapp.documents.truetype import TrueType
from safetyapp.texts import resources

_SYMBOLIC = 4

GETA = "〓"
"""Drawn for a character that no face has."""


class FontRole(StrEnum):
    """What a run of text is, not how it looks: 宋, 黑, the light 黑 of table heads, 仿宋, 楷, 小标宋.

    仿宋 and 小标宋 have no free simplified face: 宋 and a bold 宋 stand for them, unless the person allows faces of
    this computer and it has one.
    """

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

_INSTALLED: dict[FontRole, tuple[str, ...]] = {
    FontRole.FANG: (
        "仿宋_GB2312", "FangSong_GB2312", "仿宋", "FangSong", "方正仿宋*", "FZFangSong*", "FZFSK*", "FZFSJW*",
        "华文仿宋", "STFangsong", "朱雀仿宋*", "Zhuque Fangsong*",
    ),
    FontRole.TITLE: ("方正小标宋*", "FZXiaoBiaoSong*", "FZXBSJW*", "FZXBSK*"),
    FontRole.KAI: ("楷体_GB2312", "KaiTi_GB2312", "楷体", "KaiTi", "方正楷体*", "FZKai*", "华文楷体", "STKaiti"),
}  # fmt: skip
"""Licensed faces by the names they call themselves, the best for official paper first. 宋 and 黑 need none: the bundled
ones have every character."""

_STOOD_FOR = frozenset({FontRole.FANG, FontRole.TITLE})

BASE_FONT = "safetyapp-none"
"""What a canvas begins with: a font that is never written, so that no unembedded Helvetica is dragged in."""


@dataclass(frozen=True, slots=True)
class Glyph:
    """How a character is drawn: the face, the width in ems, and the character itself or the mark that stands for it."""

    face: str
    width: float
    character: str


class Source(StrEnum):
    """Where a role's face comes from, and why."""

    INSTALLED = "installed"
    """A licensed face of this computer, which the person allows."""

    BUNDLED = "bundled"
    """The free face that comes with the program and is made for the role."""

    STANDS_IN = "stands-in"
    """A free face of another kind: there is none of this kind."""


@dataclass(frozen=True, slots=True)
class RoleFont:
    """The face that a role gets; `refused` are installed ones of its kind that cannot be used, with their reasons.
    `path` is where an installed face lies."""

    role: FontRole
    name: str
    source: Source
    refused: tuple[Installed, ...] = ()
    path: Path | None = None


@cache
def _face(name: str) -> TrueType:
    path, _, index = name.rpartition("#")
    return TrueType(Path(path), int(index)) if path else TrueType(font_path(name))


def font_path(name: str) -> Path:
    """Where a bundled face lies."""
    return resources() / "fonts" / f"{name}.ttf"


class _Glyphs(dict[str, Glyph]):
    """The glyphs of one role, found when first asked for. Two threads that look up the same character both get it."""

    def __init__(self, chain: tuple[str, ...]) -> None:
        super().__init__()
        self._chain = chain

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


class FontSet:
    """The faces of a document: those chosen for roles first, then the bundled ones; every face helps every role out."""

    def __init__(self, chosen: Mapping[FontRole, Installed]) -> None:
        first = {role: f"{face.path}#{face.index}" for role, face in chosen.items()}
        self.glyphs: dict[FontRole, dict[str, Glyph]] = {
            role: _Glyphs(tuple(dict.fromkeys((*([first[role]] if role in first else []), *chain, *first.values()))))
            for role, chain in _CHAINS.items()
        }


@cache
def _font_set(allow_system_fonts: bool, folders: tuple[Path, ...]) -> FontSet:
    return FontSet(_choose(folders)[0] if allow_system_fonts else {})


def _choose(folders: tuple[Path, ...]) -> tuple[dict[FontRole, Installed], dict[FontRole, tuple[Installed, ...]]]:
    """The installed face of every role that has one, and those that were refused before it was found."""
    chosen: dict[FontRole, Installed] = {}
    refused: dict[FontRole, tuple[Installed, ...]] = {}
    for role, names in _INSTALLED.items():
        passed: list[Installed] = []
        for face in find_installed(names, folders):
            if face.refusal is None and opens(face):
                chosen[role] = face
                break
            passed.append(replace(face, refusal=face.refusal or Refusal.BROKEN))
        refused[role] = tuple(passed)
    return chosen, refused


def font_report(allow_system_fonts: bool = False, folders: Sequence[Path] | None = None) -> tuple[RoleFont, ...]:
    """Which face every role gets and why, for the settings; `folders` are the system's unless others are given."""
    chosen: dict[FontRole, Installed] = {}
    refused: dict[FontRole, tuple[Installed, ...]] = {}
    if allow_system_fonts:
        chosen, refused = _choose(font_folders() if folders is None else tuple(folders))
    report = []
    for role, chain in _CHAINS.items():
        if role in chosen:
            name, source, path = chosen[role].name, Source.INSTALLED, chosen[role].path
        else:
            name, source, path = chain[0], Source.STANDS_IN if role in _STOOD_FOR else Source.BUNDLED, None
        report.append(RoleFont(role, name, source, refused.get(role, ()), path))
    return tuple(report)


_current: ContextVar[FontSet] = ContextVar("fonts of the document that is being set")


@contextmanager
def fonts_of(allow_system_fonts: bool = False, folders: Sequence[Path] | None = None) -> Iterator[FontSet]:
    """Text that is set inside takes these faces; outside, the bundled ones."""
    used = (font_folders() if folders is None else tuple(folders)) if allow_system_fonts else ()
    chosen = _font_set(allow_system_fonts, used)
    token = _current.set(chosen)
    try:
        yield chosen
    finally:
        _current.reset(token)


def current_fonts() -> FontSet:
    """The faces that text is set with here."""
    return _current.get(None) or _font_set(False, ())


def glyphs(role: FontRole) -> dict[str, Glyph]:
    """The glyph of every character in this role: the role's face, then the others, else 〓."""
    return current_fonts().glyphs[role]


def ink_height(text: str, role: FontRole) -> tuple[float, float]:
    """Where the ink of a line begins below (negative) and ends above its baseline, in ems."""
    known = glyphs(role)
    ends: list[tuple[float, float]] = []
    for glyph in (known[c] for c in printable(text) if not c.isspace()):
        face = _face(glyph.face)
        low, high = face.height(face.glyph(ord(glyph.character)))
        ends.append((low / face.units, high / face.units))
    return min((low for low, _ in ends), default=0.0), max((high for _, high in ends), default=0.0)


def missing(text: str) -> set[str]:
    """The characters that no face has."""
    known = glyphs(FontRole.SONG)
    return {c for c in text if c != GETA and known[c].character != c}


def printable(text: str) -> str:
    """The text without what paper has no sign for: controls, joiners, variation selectors; a tab is a space.

    Line ends stay. Composed where Unicode has the composed character, since faces are not shaped.
    """
    if text.isprintable() and (text.isascii() or _is_plain(text)):
        return text
    composed = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    spaced = composed.translate({0x09: " ", 0x0B: "\n", 0x0C: "\n", 0x85: "\n", 0x2028: "\n", 0x2029: "\n"})
    return "".join(c for c in spaced if c == "\n" or not _is_invisible(c))


_SELECTORS = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]")


def _is_plain(text: str) -> bool:
    """Whether a text without controls is printed as it stands."""
    return unicodedata.is_normalized("NFC", text) and not _SELECTORS.search(text)


def _is_invisible(character: str) -> bool:
    if unicodedata.category(character) in ("Cc", "Cf", "Cs"):
        return True
    return _SELECTORS.match(character) is not None


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
        own = self.name if "#" not in self.name else face.postscript_name or "Installed"
        base = f"{_tag(self._codes)}+{own}"

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
